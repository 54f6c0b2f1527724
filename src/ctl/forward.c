/* The verbs for network forwards and their ports. */
#include "ctl/record_parts.h"

#include <stdlib.h>

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

static bool add_row(struct table *table, const json_t *forward)
{
    char ports[24];
    const char *const cells[] = {
        member_text(forward, "listen_address"),
        member_text(forward, "description"),
        member_text(json_object_get(forward, "config"), "target_address"),
        ports,
    };

    snprintf(ports, sizeof ports, "%zu", json_array_size(json_object_get(forward, "ports")));
    return table_add(table, cells);
}

int forward_list(struct ctl *ctl, struct lbstate_error *error)
{
    static const char *const headers[] = {"LISTEN ADDRESS", "DESCRIPTION", "DEFAULT TARGET ADDRESS",
                                          "PORTS"};
    char *path;
    int rv = forwards_path(ctl, &path, error);

    if (rv == LBSTATE_OK) {
        rv = record_list_show(ctl, path, headers, sizeof headers / sizeof headers[0], add_row,
                              error);
        free(path);
    }
    return rv;
}

int forward_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, forward_path, error);
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
    rv = record_new(ctl, 2, &forward, error);
    if (rv == LBSTATE_OK) {
        if (json_object_set_new(forward, "ports", json_array()) != 0 ||
            json_object_set_new(forward, "listen_address", json_string(address)) != 0) {
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

int forward_delete(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = record_delete(ctl, forward_path, error);

    return rv == LBSTATE_OK
               ? format_done(ctl, "Network forward ", ctl->arguments->words[1], " deleted", error)
               : rv;
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
