/* The verbs for network forwards and their ports. */
#include "ctl/edit.h"
#include "ctl/list.h"
#include "ctl/record_parts.h"

#include <stdlib.h>

static const struct field port_fields[] = {
    {"description", FIELD_TEXT, NULL},    {"protocol", FIELD_TEXT, NULL},
    {"listen_port", FIELD_TEXT, NULL},    {"target_port", FIELD_TEXT, NULL},
    {"target_address", FIELD_TEXT, NULL}, {"snat", FIELD_FLAG, NULL},
    {NULL, FIELD_IGNORED, NULL},
};

static const struct field forward_fields[] = {
    {"description", FIELD_TEXT, NULL},         {"config", FIELD_TEXT_MAP, NULL},
    {"ports", FIELD_RECORD_LIST, port_fields}, {"listen_address", FIELD_IGNORED, NULL},
    {"location", FIELD_IGNORED, NULL},         {NULL, FIELD_IGNORED, NULL},
};

static const char edit_notes[] =
    "### This is the forward as YAML. Lines that start with # are ignored.\n"
    "###\n"
    "### What no port names goes to the target address of the config, for example:\n"
    "### description: mail\n"
    "### config:\n"
    "###   target_address: 10.10.10.11\n"
    "### ports:\n"
    "### - protocol: tcp\n"
    "###   listen_port: 25,465,587\n"
    "###   target_address: 10.10.10.12\n"
    "###   target_port: \"\"\n"
    "###\n"
    "### listen_address and location can't be changed.\n";

static int forward_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0], "forwards",
                        ctl->arguments->words[1], NULL);
}

static int forwards_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0], "forwards",
                        NULL);
}

static void write_address(struct buffer *out, const json_t *forward)
{
    buffer_append_string(out, member_text(forward, "listen_address"));
}

static void write_target(struct buffer *out, const json_t *forward)
{
    buffer_append_string(out, member_text(json_object_get(forward, "config"), "target_address"));
}

static void write_ports(struct buffer *out, const json_t *forward)
{
    list_write_count(out, forward, "ports");
}

static void write_location(struct buffer *out, const json_t *forward)
{
    buffer_append_string(out, member_text(forward, "location"));
}

static const struct list_column columns[] = {
    {'l', "LISTEN ADDRESS", write_address},
    {'d', "DESCRIPTION", list_write_description},
    {'D', "DEFAULT TARGET ADDRESS", write_target},
    {'p', "PORTS", write_ports},
    {'L', "LOCATION", write_location},
    {'\0', NULL, NULL},
};

int forward_list(struct ctl *ctl, struct lbstate_error *error)
{
    struct buffer path = {0};
    char *base;
    int rv = forwards_path(ctl, &base, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    buffer_printf(&path, "%s?recursion=1", base);
    free(base);
    rv = buffer_string(&path) != NULL ? list_show(ctl, path.data, columns, "ldDp", error)
                                      : ctl_no_memory(error);
    buffer_close(&path);
    return rv;
}

int forward_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, forward_path, error);
}

int forward_get(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show_key(ctl, forward_path, 2, error);
}

int forward_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *address = ctl->arguments->words[1];
    json_t *forward;
    char *path;
    int rv = forwards_path(ctl, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_new(ctl, forward_fields, 2, &forward, error);
    if (rv == LBSTATE_OK) {
        if (json_object_set_new(forward, "listen_address", json_string(address)) != 0) {
            json_decref(forward);
            rv = ctl_no_memory(error);
        } else {
            rv = record_create(ctl, path, forward, error);
        }
    }
    free(path);
    return rv == LBSTATE_OK ? format_done(ctl, "Network forward ", address, " created", error) : rv;
}

static int change_forward(struct ctl *ctl, json_t *forward, struct lbstate_error *error)
{
    return record_set(ctl, forward, 2, error);
}

int forward_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, forward_path, change_forward, error);
}

static int unset_forward(struct ctl *ctl, json_t *forward, struct lbstate_error *error)
{
    return record_unset(ctl, forward, 2, error);
}

int forward_unset(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, forward_path, unset_forward, error);
}

int forward_edit(struct ctl *ctl, struct lbstate_error *error)
{
    return edit_record(ctl, forward_path, forward_fields, edit_notes, error);
}

static int path_of(struct ctl *ctl, const char *address, char **ret_path,
                   struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0], "forwards",
                        address, NULL);
}

int forward_delete(struct ctl *ctl, struct lbstate_error *error)
{
    return record_delete_each(ctl, 1, path_of, "Network forward ", error);
}

static int add_port(struct ctl *ctl, json_t *forward, struct lbstate_error *error)
{
    char **words = ctl->arguments->words;
    const char *target_port = arguments_word(ctl->arguments, 5);
    json_t *ports = record_part_list(forward, "ports");

    if (ports == NULL ||
        json_array_append_new(ports, json_pack("{s:s, s:s, s:s, s:s, s:s}", "description",
                                               record_part_description(ctl), "protocol", words[2],
                                               "listen_port", words[3], "target_port",
                                               target_port != NULL ? target_port : "",
                                               "target_address", words[4])) != 0) {
        return ctl_no_memory(error);
    }
    return LBSTATE_OK;
}

int forward_port_add(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, forward_path, add_port, error);
}

int forward_port_remove(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, forward_path, record_ports_remove, error);
}
