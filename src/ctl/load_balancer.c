#include "ctl/load_balancer.h"

#include "ctl/edit.h"
#include "ctl/list.h"

#include <stdlib.h>
#include <string.h>

static const struct field backend_fields[] = {
    {"name", FIELD_TEXT, NULL},        {"description", FIELD_TEXT, NULL},
    {"target_port", FIELD_TEXT, NULL}, {"target_address", FIELD_TEXT, NULL},
    {NULL, FIELD_IGNORED, NULL},
};

static const struct field port_fields[] = {
    {"description", FIELD_TEXT, NULL}, {"protocol", FIELD_TEXT, NULL},
    {"listen_port", FIELD_TEXT, NULL}, {"target_backend", FIELD_TEXT_LIST, NULL},
    {NULL, FIELD_IGNORED, NULL},
};

static const struct field load_balancer_fields[] = {
    {"description", FIELD_TEXT, NULL},
    {"config", FIELD_TEXT_MAP, NULL},
    {"backends", FIELD_RECORD_LIST, backend_fields},
    {"ports", FIELD_RECORD_LIST, port_fields},
    {"listen_address", FIELD_IGNORED, NULL},
    {"location", FIELD_IGNORED, NULL},
    {NULL, FIELD_IGNORED, NULL},
};

static const char edit_notes[] =
    "### This is the load balancer as YAML. Lines that start with # are ignored.\n"
    "###\n"
    "### It hands the ports it listens on to backends, for example:\n"
    "### description: web\n"
    "### config:\n"
    "###   healthcheck: \"true\"\n"
    "### backends:\n"
    "### - name: web1\n"
    "###   target_address: 10.10.10.11\n"
    "###   target_port: 8080\n"
    "### ports:\n"
    "### - protocol: tcp\n"
    "###   listen_port: 80,443,8000-8010\n"
    "###   target_backend:\n"
    "###   - web1\n"
    "###\n"
    "### listen_address and location can't be changed.\n";

int load_balancer_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0],
                        "load-balancers", ctl->arguments->words[1], NULL);
}

static void write_address(struct buffer *out, const json_t *lb)
{
    buffer_append_string(out, member_text(lb, "listen_address"));
}

static void write_ports(struct buffer *out, const json_t *lb)
{
    list_write_count(out, lb, "ports");
}

static void write_location(struct buffer *out, const json_t *lb)
{
    buffer_append_string(out, member_text(lb, "location"));
}

static const struct list_column columns[] = {
    {'l', "LISTEN ADDRESS", write_address},
    {'d', "DESCRIPTION", list_write_description},
    {'p', "PORTS", write_ports},
    {'L', "LOCATION", write_location},
    {'\0', NULL, NULL},
};

int load_balancer_list(struct ctl *ctl, struct lbstate_error *error)
{
    struct buffer path = {0};
    char *base;
    int rv = lbstate_path(&base, error, "1.0", "networks", ctl->arguments->words[0],
                          "load-balancers", NULL);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    buffer_printf(&path, "%s?recursion=1", base);
    free(base);
    rv = buffer_string(&path) != NULL ? list_show(ctl, path.data, columns, "ldp", error)
                                      : ctl_no_memory(error);
    buffer_close(&path);
    return rv;
}

int load_balancer_show(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show(ctl, load_balancer_path, error);
}

int load_balancer_get(struct ctl *ctl, struct lbstate_error *error)
{
    return record_show_key(ctl, load_balancer_path, 2, error);
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
    rv = record_new(ctl, load_balancer_fields, 2, &lb, error);
    if (rv == LBSTATE_OK) {
        if (json_object_set_new(lb, "listen_address", json_string(address)) != 0) {
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

static int set_load_balancer(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    return record_set(ctl, lb, 2, error);
}

int load_balancer_set(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, set_load_balancer, error);
}

static int unset_load_balancer(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    return record_unset(ctl, lb, 2, error);
}

int load_balancer_unset(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, unset_load_balancer, error);
}

int load_balancer_edit(struct ctl *ctl, struct lbstate_error *error)
{
    return edit_record(ctl, load_balancer_path, load_balancer_fields, edit_notes, error);
}

static int path_of(struct ctl *ctl, const char *address, char **ret_path,
                   struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0],
                        "load-balancers", address, NULL);
}

int load_balancer_delete(struct ctl *ctl, struct lbstate_error *error)
{
    return record_delete_each(ctl, 1, path_of, "Network load balancer ", error);
}
