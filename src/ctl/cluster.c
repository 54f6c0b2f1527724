/* lbctl cluster: its members. */
#include "ctl/edit.h"
#include "ctl/record.h"

#include <stdlib.h>
#include <string.h>

static const struct field member_fields[] = {
    {"roles", FIELD_TEXT_LIST, NULL},      {"failure_domain", FIELD_TEXT, NULL},
    {"description", FIELD_TEXT, NULL},     {"config", FIELD_TEXT_MAP, NULL},
    {"groups", FIELD_TEXT_LIST, NULL},     {"server_name", FIELD_IGNORED, NULL},
    {"url", FIELD_IGNORED, NULL},          {"database", FIELD_IGNORED, NULL},
    {"status", FIELD_IGNORED, NULL},       {"message", FIELD_IGNORED, NULL},
    {"architecture", FIELD_IGNORED, NULL}, {NULL, FIELD_IGNORED, NULL},
};

static const char edit_notes[] =
    "### This is the member as YAML. Lines that start with # are ignored.\n"
    "###\n"
    "### Its roles in the database (database, database-leader, database-standby) are the\n"
    "### cluster's to give: leave them as they are. For example:\n"
    "### roles:\n"
    "### - database\n"
    "### - ovn-chassis\n"
    "### failure_domain: rack1\n"
    "### groups:\n"
    "### - default\n";

static int member_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "cluster", "members", ctl->arguments->words[0],
                        NULL);
}

static int state_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "cluster", "members", ctl->arguments->words[0],
                        "state", NULL);
}

int cluster_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, member_path, error);
}

int cluster_info(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, state_path, error);
}

int cluster_get(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show_key(ctl, member_path, 1, error);
}

static int set_member(struct ctl *ctl, json_t *member, struct lbstate_error *error)
{
    return record_set(ctl, member, 1, error);
}

int cluster_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, member_path, set_member, error);
}

static int unset_member(struct ctl *ctl, json_t *member, struct lbstate_error *error)
{
    return record_unset(ctl, member, 1, error);
}

int cluster_unset(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, member_path, unset_member, error);
}

int cluster_edit(struct ctl *ctl, struct lbstate_error *error)
{
    return edit_record(ctl, member_path, member_fields, edit_notes, error);
}

/* POSTs or PUTs {KEY: VALUE}. */
static int send_pair(struct ctl *ctl, const char *method, record_path make_path, const char *key,
                     const char *value, struct lbstate_error *error)
{
    json_t *body = json_pack("{s:s}", key, value);
    char *path;
    int rv;

    if (body == NULL) {
        return ctl_no_memory(error);
    }
    rv = make_path(ctl, &path, error);
    if (rv == LBSTATE_OK) {
        rv = record_send(ctl, method, path, body, NULL, error);
        free(path);
    }
    json_decref(body);
    return rv;
}

int cluster_rename(struct ctl *ctl, struct lbstate_error *error)
{
    const char *new_name = ctl->arguments->words[1];
    int rv = send_pair(ctl, "POST", member_path, "server_name", new_name, error);

    return rv == LBSTATE_OK ? format_done(ctl, "Member renamed to ", new_name, "", error) : rv;
}

int cluster_remove(struct ctl *ctl, struct lbstate_error *error)
{
    struct buffer target = {0};
    char *path;
    int rv = member_path(ctl, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    buffer_printf(&target, "%s%s", path,
                  ctl->arguments->values[OPTION_FORCE] == NULL ? "" : "?force=1");
    free(path);
    rv = buffer_string(&target) == NULL
             ? ctl_no_memory(error)
             : record_send(ctl, "DELETE", target.data, NULL, NULL, error);
    buffer_close(&target);
    return rv == LBSTATE_OK
               ? format_done(ctl, "Member ", ctl->arguments->words[0], " removed", error)
               : rv;
}

int cluster_evacuate(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = send_pair(ctl, "POST", state_path, "action", "evacuate", error);

    return rv == LBSTATE_OK
               ? format_done(ctl, "Member ", ctl->arguments->words[0], " evacuated", error)
               : rv;
}

int cluster_restore(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = send_pair(ctl, "POST", state_path, "action", "restore", error);

    return rv == LBSTATE_OK
               ? format_done(ctl, "Member ", ctl->arguments->words[0], " restored", error)
               : rv;
}

/* -- Roles ------------------------------------------------------------------------- */

static bool has_role(const json_t *roles, const char *role, size_t size, size_t *ret_index)
{
    for (size_t i = 0; i < json_array_size(roles); i++) {
        const char *text = json_string_value(json_array_get(roles, i));

        if (text != NULL && strlen(text) == size && memcmp(text, role, size) == 0) {
            *ret_index = i;
            return true;
        }
    }
    return false;
}

/* The second word names roles, with commas between them. */
static int change_roles(struct ctl *ctl, json_t *member, bool add, struct lbstate_error *error)
{
    const char *list = ctl->arguments->words[1];
    json_t *roles = json_object_get(member, "roles");

    if (!json_is_array(roles)) {
        return ctl_fail(error, LBSTATE_PROTOCOL, "The member has no list of roles");
    }
    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        size_t index;
        bool has = has_role(roles, list, size, &index);

        if (has == add) {
            return ctl_fail(error, LBSTATE_INVALID, "Member %s %s role %.*s",
                            ctl->arguments->words[0], add ? "already has the" : "doesn't have the",
                            (int)size, list);
        }
        if (add ? json_array_append_new(roles, json_stringn(list, size)) != 0
                : json_array_remove(roles, index) != 0) {
            return ctl_no_memory(error);
        }
        list += size + (list[size] == ',');
    }
    return LBSTATE_OK;
}

static int add_roles(struct ctl *ctl, json_t *member, struct lbstate_error *error)
{
    return change_roles(ctl, member, true, error);
}

static int remove_roles(struct ctl *ctl, json_t *member, struct lbstate_error *error)
{
    return change_roles(ctl, member, false, error);
}

int cluster_role_add(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, member_path, add_roles, error);
}

int cluster_role_remove(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, member_path, remove_roles, error);
}

/* -- The cluster as a whole ---------------------------------------------------------- */

int cluster_enable(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    json_t *body = json_pack("{s:s, s:b, s:s}", "server_name", name, "enabled", 1, "server_address",
                             ctl->arguments->words[1]);
    int rv;

    if (body == NULL) {
        return ctl_no_memory(error);
    }
    rv = record_send(ctl, "PUT", "/1.0/cluster", body, NULL, error);
    json_decref(body);
    return rv == LBSTATE_OK
               ? format_done(ctl, "Clustering enabled: this server is member ", name, "", error)
               : rv;
}

static int transfer_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    (void)ctl;
    return lbstate_path(ret_path, error, "internal", "cluster", "transfer", NULL);
}

int cluster_transfer(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = arguments_word(ctl->arguments, 0);
    int rv = send_pair(ctl, "POST", transfer_path, "server_name", name == NULL ? "" : name, error);

    return rv == LBSTATE_OK ? format_done(ctl, "Leadership moved", name == NULL ? "" : " to ",
                                          name == NULL ? "" : name, error)
                            : rv;
}

int cluster_rotate_key(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = record_send(ctl, "POST", "/internal/cluster/rotate-key", NULL, NULL, error);

    return rv == LBSTATE_OK ? format_done(ctl, "This member has a new key", "", "", error) : rv;
}

static int move_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    (void)ctl;
    return lbstate_path(ret_path, error, "internal", "cluster", "move", NULL);
}

int cluster_move(struct ctl *ctl, struct lbstate_error *error)
{
    const char *address = ctl->arguments->words[0];
    int rv = send_pair(ctl, "POST", move_path, "server_address", address, error);

    return rv == LBSTATE_OK ? format_done(ctl, "This member is reached at ", address, "", error)
                            : rv;
}
