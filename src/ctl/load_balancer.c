#include "ctl/load_balancer.h"

#include <stdlib.h>
#include <string.h>

int load_balancer_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0],
                        "load-balancers", ctl->arguments->words[1], NULL);
}

static bool add_row(struct table *table, const json_t *lb)
{
    char ports[24];
    const char *const cells[] = {
        member_text(lb, "listen_address"),
        member_text(lb, "description"),
        ports,
    };

    snprintf(ports, sizeof ports, "%zu", json_array_size(json_object_get(lb, "ports")));
    return table_add(table, cells);
}

int load_balancer_list(struct ctl *ctl, struct lbstate_error *error)
{
    static const char *const headers[] = {"LISTEN ADDRESS", "DESCRIPTION", "PORTS"};
    char *path;
    int rv = lbstate_path(&path, error, "1.0", "networks", ctl->arguments->words[0],
                          "load-balancers", NULL);

    if (rv == LBSTATE_OK) {
        rv = record_list_show(ctl, path, headers, sizeof headers / sizeof headers[0], add_row,
                              error);
        free(path);
    }
    return rv;
}

int load_balancer_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, load_balancer_path, error);
}

int load_balancer_create(struct ctl *ctl, struct lbstate_error *error)
{
    const char *address = ctl->arguments->words[1];
    json_t *lb;
    char *path;
    int rv = lbstate_path(&path, error, "1.0", "networks", ctl->arguments->words[0],
                          "load-balancers", NULL);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_new(ctl, 2, &lb, error);
    if (rv == LBSTATE_OK) {
        if (json_object_set_new(lb, "backends", json_array()) != 0 ||
            json_object_set_new(lb, "ports", json_array()) != 0 ||
            json_object_set_new(lb, "listen_address", json_string(address)) != 0) {
            json_decref(lb);
            rv = ctl_no_memory(error);
        } else {
            rv = record_create(ctl, path, lb, error);
        }
    }
    free(path);
    return rv == LBSTATE_OK ? format_done(ctl, "Network load balancer ", address, " created", error)
                            : rv;
}

static int change_load_balancer(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    return record_set(ctl, lb, 2, error);
}

int load_balancer_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, change_load_balancer, error);
}

int load_balancer_delete(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = record_delete(ctl, load_balancer_path, error);

    return rv == LBSTATE_OK ? format_done(ctl, "Network load balancer ", ctl->arguments->words[1],
                                          " deleted", error)
                            : rv;
}
