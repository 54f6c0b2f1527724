#include "ctl/record.h"

#include <ctype.h>
#include <string.h>

static int network_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0], NULL);
}

/* The cells of a row: PROJECT first, for lists of all projects. */
static bool add_cells(struct table *table, const json_t *network, bool with_project)
{
    const json_t *config = json_object_get(network, "config");
    const char *status = member_text(network, "status");
    char used_by[24];
    char state[32];
    size_t size = strnlen(status, sizeof state - 1);
    const char *const cells[] = {
        member_text(network, "project"),
        member_text(network, "name"),
        member_text(network, "type"),
        json_is_true(json_object_get(network, "managed")) ? "YES" : "NO",
        member_text(config, "ipv4.address"),
        member_text(config, "ipv6.address"),
        member_text(network, "description"),
        used_by,
        state,
    };

    snprintf(used_by, sizeof used_by, "%zu", json_array_size(json_object_get(network, "used_by")));
    for (size_t i = 0; i < size; i++) {
        state[i] = (char)toupper((unsigned char)status[i]);
    }
    state[size] = '\0';
    return table_add(table, with_project ? cells : cells + 1);
}

static bool add_row(struct table *table, const json_t *network)
{
    return add_cells(table, network, false);
}

static bool add_row_with_project(struct table *table, const json_t *network)
{
    return add_cells(table, network, true);
}

int network_list(struct ctl *ctl, struct lbstate_error *error)
{
    static const char *const headers[] = {"PROJECT", "NAME",        "TYPE",    "MANAGED", "IPV4",
                                          "IPV6",    "DESCRIPTION", "USED BY", "STATE"};
    const size_t n_headers = sizeof headers / sizeof headers[0];
    bool all = ctl->arguments->values[OPTION_ALL_PROJECTS] != NULL;
    json_t *networks;
    int rv;

    if (all && ctl->arguments->values[OPTION_PROJECT] != NULL) {
        return ctl_fail(error, LBSTATE_INVALID, "Give either --project or --all-projects");
    }
    rv = record_list(
        ctl, all ? "/1.0/networks?recursion=1&all-projects=true" : "/1.0/networks?recursion=1",
        &networks, error);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = all ? format_list(ctl, networks, headers, n_headers, add_row_with_project, error)
             : format_list(ctl, networks, headers + 1, n_headers - 1, add_row, error);
    json_decref(networks);
    return rv;
}

int network_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, network_path, error);
}

int network_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    const char *type = ctl->arguments->values[OPTION_TYPE];
    json_t *network;
    int rv = record_new(ctl, 1, &network, error);

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

static int change_network(struct ctl *ctl, json_t *network, struct lbstate_error *error)
{
    if (json_is_false(json_object_get(network, "managed"))) {
        return ctl_fail(error, LBSTATE_REFUSED, "Only managed networks can be modified");
    }
    return record_set(ctl, network, 1, error);
}

int network_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, network_path, change_network, error);
}

int network_delete(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = record_delete(ctl, network_path, error);

    return rv == LBSTATE_OK
               ? format_done(ctl, "Network ", ctl->arguments->words[0], " deleted", error)
               : rv;
}
