#include "ctl/edit.h"
#include "ctl/list.h"
#include "ctl/record.h"

#include <ctype.h>
#include <string.h>

static const struct field network_fields[] = {
    {"description", FIELD_TEXT, NULL}, {"config", FIELD_TEXT_MAP, NULL},
    {"name", FIELD_IGNORED, NULL},     {"type", FIELD_IGNORED, NULL},
    {"used_by", FIELD_IGNORED, NULL},  {"managed", FIELD_IGNORED, NULL},
    {"status", FIELD_IGNORED, NULL},   {"locations", FIELD_IGNORED, NULL},
    {"project", FIELD_IGNORED, NULL},  {NULL, FIELD_IGNORED, NULL},
};

static const char edit_notes[] =
    "### This is the network as YAML. Lines that start with # are ignored.\n"
    "###\n"
    "### Only the description and the config can be changed here, for example:\n"
    "### config:\n"
    "###   ipv4.address: 10.62.42.1/24\n"
    "###   network: UPLINK\n"
    "### description: the network of the web servers\n";

static int network_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0], NULL);
}

static void write_project(struct buffer *out, const json_t *network)
{
    buffer_append_string(out, member_text(network, "project"));
}

static void write_type(struct buffer *out, const json_t *network)
{
    buffer_append_string(out, member_text(network, "type"));
}

static void write_managed(struct buffer *out, const json_t *network)
{
    buffer_append_string(out, json_is_true(json_object_get(network, "managed")) ? "YES" : "NO");
}

static void write_ipv4(struct buffer *out, const json_t *network)
{
    buffer_append_string(out, member_text(json_object_get(network, "config"), "ipv4.address"));
}

static void write_ipv6(struct buffer *out, const json_t *network)
{
    buffer_append_string(out, member_text(json_object_get(network, "config"), "ipv6.address"));
}

static void write_state(struct buffer *out, const json_t *network)
{
    for (const char *p = member_text(network, "status"); *p != '\0'; p++) {
        buffer_append_char(out, (char)toupper((unsigned char)*p));
    }
}

static const struct list_column columns[] = {
    {'e', "PROJECT", write_project},
    {'n', "NAME", list_write_name},
    {'t', "TYPE", write_type},
    {'m', "MANAGED", write_managed},
    {'4', "IPV4", write_ipv4},
    {'6', "IPV6", write_ipv6},
    {'d', "DESCRIPTION", list_write_description},
    {'u', "USED BY", list_write_used_by},
    {'s', "STATE", write_state},
    {'\0', NULL, NULL},
};

int network_list(struct ctl *ctl, struct lbstate_error *error)
{
    bool all = ctl->arguments->values[OPTION_ALL_PROJECTS] != NULL;
    struct buffer path = {0};
    int rv;

    if (all && ctl->arguments->values[OPTION_PROJECT] != NULL) {
        return ctl_fail(error, LBSTATE_INVALID, "Give either --project or --all-projects");
    }
    rv = list_filter(
        ctl, all ? "/1.0/networks?recursion=1&all-projects=true" : "/1.0/networks?recursion=1",
        network_fields, &path, error);
    if (rv == LBSTATE_OK) {
        rv = list_show(ctl, path.data, columns, all ? "entm46dus" : "ntm46dus", error);
    }
    buffer_close(&path);
    return rv;
}

int network_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, network_path, error);
}

int network_get(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show_key(ctl, network_path, 1, error);
}

int network_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    const char *type = ctl->arguments->values[OPTION_TYPE];
    json_t *network;
    int rv = record_new(ctl, network_fields, 1, &network, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (json_object_set_new(network, "name", json_string(name)) != 0 ||
        json_object_set_new(network, "type", json_string(type != NULL ? type : "")) != 0) {
        json_decref(network);
        return ctl_no_memory(error);
    }
    rv = record_create(ctl, "/1.0/networks", network, error);
    return rv == LBSTATE_OK ? format_done(ctl, "Network ", name, " created", error) : rv;
}

static int check_managed(const json_t *network, struct lbstate_error *error)
{
    if (json_is_false(json_object_get(network, "managed"))) {
        return ctl_fail(error, LBSTATE_REFUSED, "Only managed networks can be modified");
    }
    return LBSTATE_OK;
}

static int set_network(struct ctl *ctl, json_t *network, struct lbstate_error *error)
{
    int rv = check_managed(network, error);

    return rv == LBSTATE_OK ? record_set(ctl, network, 1, error) : rv;
}

int network_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, network_path, set_network, error);
}

static int unset_network(struct ctl *ctl, json_t *network, struct lbstate_error *error)
{
    int rv = check_managed(network, error);

    return rv == LBSTATE_OK ? record_unset(ctl, network, 1, error) : rv;
}

int network_unset(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, network_path, unset_network, error);
}

int network_edit(struct ctl *ctl, struct lbstate_error *error)
{
    return edit_record(ctl, network_path, network_fields, edit_notes, error);
}

int network_rename(struct ctl *ctl, struct lbstate_error *error)
{
    return record_rename(ctl, network_path, "Network ", error);
}

static int path_of(struct ctl *ctl, const char *name, char **ret_path, struct lbstate_error *error)
{
    (void)ctl;
    return lbstate_path(ret_path, error, "1.0", "networks", name, NULL);
}

int network_delete(struct ctl *ctl, struct lbstate_error *error)
{
    return record_delete_each(ctl, 0, path_of, "Network ", error);
}
