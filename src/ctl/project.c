#include "ctl/record.h"

#include <string.h>

static int project_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "projects", ctl->arguments->words[0], NULL);
}

static bool add_row(struct table *table, const json_t *project)
{
    const json_t *config = json_object_get(project, "config");
    char used_by[24];
    const char *const cells[] = {
        member_text(project, "name"),
        strcmp(member_text(config, "features.networks"), "true") == 0 ? "YES" : "NO",
        member_text(project, "description"),
        used_by,
    };

    snprintf(used_by, sizeof used_by, "%zu", json_array_size(json_object_get(project, "used_by")));
    return table_add(table, cells);
}

int project_list(struct ctl *ctl, struct lbstate_error *error)
{
    static const char *const headers[] = {"NAME", "NETWORKS", "DESCRIPTION", "USED BY"};
    json_t *projects;
    int rv = record_list(ctl, "/1.0/projects?recursion=1", &projects, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = format_list(ctl, projects, headers, sizeof headers / sizeof headers[0], add_row, error);
    json_decref(projects);
    return rv;
}

int project_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, project_path, error);
}

int project_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    json_t *project;
    int rv = record_new(ctl, 1, &project, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (json_object_set_new(project, "name", json_string(name)) != 0) {
        json_decref(project);
        return ctl_no_memory(error);
    }
    rv = record_create(ctl, "/1.0/projects", project, error);
    return rv == LBSTATE_OK ? format_done(ctl, "Project ", name, " created", error) : rv;
}

static int change_project(struct ctl *ctl, json_t *project, struct lbstate_error *error)
{
    return record_set(ctl, project, 1, error);
}

int project_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, project_path, change_project, error);
}

int project_delete(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = record_delete(ctl, project_path, error);

    return rv == LBSTATE_OK
               ? format_done(ctl, "Project ", ctl->arguments->words[0], " deleted", error)
               : rv;
}
