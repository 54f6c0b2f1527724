#include "ctl/edit.h"
#include "ctl/list.h"
#include "ctl/project_current.h"
#include "ctl/record.h"

#include <stdlib.h>
#include <string.h>

static const struct field project_fields[] = {
    {"description", FIELD_TEXT, NULL}, {"config", FIELD_TEXT_MAP, NULL},
    {"name", FIELD_IGNORED, NULL},     {"used_by", FIELD_IGNORED, NULL},
    {NULL, FIELD_IGNORED, NULL},
};

static const char edit_notes[] =
    "### This is the project as YAML. Lines that start with # are ignored.\n"
    "###\n"
    "### Only the description and the config can be changed here, for example:\n"
    "### config:\n"
    "###   features.networks: \"true\"\n"
    "### description: my own project\n";

static int project_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "projects", ctl->arguments->words[0], NULL);
}

static void write_images(struct buffer *out, const json_t *project)
{
    list_write_feature(out, project, "features.images");
}

static void write_profiles(struct buffer *out, const json_t *project)
{
    list_write_feature(out, project, "features.profiles");
}

static void write_volumes(struct buffer *out, const json_t *project)
{
    list_write_feature(out, project, "features.storage.volumes");
}

static void write_buckets(struct buffer *out, const json_t *project)
{
    list_write_feature(out, project, "features.storage.buckets");
}

static void write_networks(struct buffer *out, const json_t *project)
{
    list_write_feature(out, project, "features.networks");
}

static void write_zones(struct buffer *out, const json_t *project)
{
    list_write_feature(out, project, "features.networks.zones");
}

static const struct list_column columns[] = {
    {'n', "NAME", list_write_name},          {'i', "IMAGES", write_images},
    {'p', "PROFILES", write_profiles},       {'v', "STORAGE VOLUMES", write_volumes},
    {'b', "STORAGE BUCKETS", write_buckets}, {'w', "NETWORKS", write_networks},
    {'z', "NETWORK ZONES", write_zones},     {'d', "DESCRIPTION", list_write_description},
    {'u', "USED BY", list_write_used_by},    {'\0', NULL, NULL},
};

/* Puts a mark behind the name of the project that commands work in. */
static int mark_current(json_t *projects, struct lbstate_error *error)
{
    char *current;
    size_t i;
    json_t *project;
    bool ok = true;
    int rv = project_current(&current, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    json_array_foreach(projects, i, project)
    {
        const char *name = member_text(project, "name");

        if (strcmp(name, current != NULL ? current : "default") == 0) {
            ok = json_object_set_new(project, "name", json_sprintf("%s (current)", name)) == 0;
            break;
        }
    }
    free(current);
    return ok ? LBSTATE_OK : ctl_no_memory(error);
}

/* Of the features, lbstate serves networks: the others are shown when asked for. */
int project_list(struct ctl *ctl, struct lbstate_error *error)
{
    enum format format = ctl->arguments->format;
    struct buffer path = {0};
    json_t *projects = NULL;
    int rv = list_check(ctl, columns, error);

    if (rv == LBSTATE_OK) {
        rv = list_filter(ctl, "/1.0/projects?recursion=1", project_fields, &path, error);
    }
    if (rv == LBSTATE_OK) {
        rv = record_list(ctl, path.data, &projects, error);
    }
    if (rv == LBSTATE_OK && format != FORMAT_JSON && format != FORMAT_YAML) {
        rv = mark_current(projects, error);
    }
    if (rv == LBSTATE_OK) {
        rv = list_print(ctl, projects, columns, "nwdu", error);
    }
    json_decref(projects);
    buffer_close(&path);
    return rv;
}

int project_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, project_path, error);
}

int project_get(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show_key(ctl, project_path, 1, error);
}

int project_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    json_t *project;
    int rv = record_new(ctl, project_fields, 1, &project, error);

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

static int set_project(struct ctl *ctl, json_t *project, struct lbstate_error *error)
{
    return record_set(ctl, project, 1, error);
}

int project_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, project_path, set_project, error);
}

static int unset_project(struct ctl *ctl, json_t *project, struct lbstate_error *error)
{
    return record_unset(ctl, project, 1, error);
}

int project_unset(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, project_path, unset_project, error);
}

int project_edit(struct ctl *ctl, struct lbstate_error *error)
{
    return edit_record(ctl, project_path, project_fields, edit_notes, error);
}

int project_rename(struct ctl *ctl, struct lbstate_error *error)
{
    return record_rename(ctl, project_path, "Project ", error);
}

static int path_of(struct ctl *ctl, const char *name, char **ret_path, struct lbstate_error *error)
{
    (void)ctl;
    return lbstate_path(ret_path, error, "1.0", "projects", name, NULL);
}

int project_delete(struct ctl *ctl, struct lbstate_error *error)
{
    return record_delete_each(ctl, 0, path_of, "Project ", error);
}
