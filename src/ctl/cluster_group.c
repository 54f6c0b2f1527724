/* lbctl cluster group: groups of members. */
#include "ctl/edit.h"
#include "ctl/list.h"
#include "ctl/record.h"

static const struct field group_fields[] = {
    {"description", FIELD_TEXT, NULL}, {"members", FIELD_TEXT_LIST, NULL},
    {"config", FIELD_TEXT_MAP, NULL},  {"name", FIELD_IGNORED, NULL},
    {"used_by", FIELD_IGNORED, NULL},  {NULL, FIELD_IGNORED, NULL},
};

static const char edit_notes[] =
    "### This is the group as YAML. Lines that start with # are ignored.\n"
    "###\n"
    "### A member belongs to one group at least. For example:\n"
    "### description: the machines of rack 1\n"
    "### members:\n"
    "### - n1\n"
    "### - n2\n";

static int path_of(struct ctl *ctl, const char *name, char **ret_path, struct lbstate_error *error)
{
    (void)ctl;
    return lbstate_path(ret_path, error, "1.0", "cluster", "groups", name, NULL);
}

static int group_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return path_of(ctl, ctl->arguments->words[0], ret_path, error);
}

static void write_members(struct buffer *out, const json_t *group)
{
    list_write_count(out, group, "members");
}

static const struct list_column columns[] = {{'n', "NAME", list_write_name},
                                             {'d', "DESCRIPTION", list_write_description},
                                             {'m', "MEMBERS", write_members},
                                             {'\0', NULL, NULL}};

int cluster_group_list(struct ctl *ctl, struct lbstate_error *error)
{
    return list_show(ctl, "/1.0/cluster/groups?recursion=1", columns, "ndm", error);
}

int cluster_group_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, group_path, error);
}

int cluster_group_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    json_t *group;
    int rv = record_new(ctl, group_fields, 1, &group, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (json_object_set_new(group, "name", json_string(name)) != 0) {
        json_decref(group);
        return ctl_no_memory(error);
    }
    rv = record_create(ctl, "/1.0/cluster/groups", group, error);
    return rv == LBSTATE_OK ? format_done(ctl, "Cluster group ", name, " created", error) : rv;
}

int cluster_group_edit(struct ctl *ctl, struct lbstate_error *error)
{
    return edit_record(ctl, group_path, group_fields, edit_notes, error);
}

int cluster_group_rename(struct ctl *ctl, struct lbstate_error *error)
{
    return record_rename(ctl, group_path, "Cluster group ", error);
}

int cluster_group_delete(struct ctl *ctl, struct lbstate_error *error)
{
    return record_delete_each(ctl, 0, path_of, "Cluster group ", error);
}
