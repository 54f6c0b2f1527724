/* lbctl project info: what a project uses of what it is limited to. */
#include "ctl/record.h"

#include <ctype.h>
#include <string.h>

static int state_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "projects", ctl->arguments->words[0], "state",
                        NULL);
}

/* "disk.pool" is shown as "DISK (POOL)". */
static void append_resource(struct buffer *out, const char *resource)
{
    const char *dot = strchr(resource, '.');

    for (const char *p = resource; *p != '\0'; p++) {
        if (p == dot) {
            buffer_append_string(out, " (");
        } else {
            buffer_append_char(out, (char)toupper((unsigned char)*p));
        }
    }
    if (dot != NULL) {
        buffer_append_char(out, ')');
    }
}

static void append_bytes(struct buffer *out, json_int_t bytes)
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
    double value = (double)bytes / 1024;
    size_t unit = 0;

    if (bytes < 1024) {
        buffer_printf(out, "%" JSON_INTEGER_FORMAT "B", bytes);
        return;
    }
    while (value >= 1024 && unit + 1 < sizeof units / sizeof units[0]) {
        value /= 1024;
        unit++;
    }
    buffer_printf(out, "%.2f%s", value, units[unit]);
}

static void append_amount(struct buffer *out, const char *resource, const json_t *amount)
{
    size_t size = strcspn(resource, ".");
    bool is_bytes = (size == strlen("disk") && memcmp(resource, "disk", size) == 0) ||
                    (size == strlen("memory") && memcmp(resource, "memory", size) == 0);

    if (is_bytes) {
        append_bytes(out, json_integer_value(amount));
    } else {
        buffer_printf(out, "%" JSON_INTEGER_FORMAT, json_integer_value(amount));
    }
}

static bool add_resource(struct table *table, const char *resource, const json_t *usage)
{
    const json_t *limit = json_object_get(usage, "Limit");
    struct buffer cells[3] = {{0}};
    const char *texts[3];
    bool ok = true;

    append_resource(&cells[0], resource);
    if (json_integer_value(limit) < 0) {
        buffer_append_string(&cells[1], "UNLIMITED");
    } else {
        append_amount(&cells[1], resource, limit);
    }
    append_amount(&cells[2], resource, json_object_get(usage, "Usage"));
    for (size_t i = 0; i < 3; i++) {
        texts[i] = buffer_string(&cells[i]);
        ok = ok && texts[i] != NULL;
    }
    ok = ok && table_add(table, texts);
    for (size_t i = 0; i < 3; i++) {
        buffer_close(&cells[i]);
    }
    return ok;
}

static int print_resources(struct ctl *ctl, const json_t *state, struct lbstate_error *error)
{
    static const char *const headers[] = {"RESOURCE", "LIMIT", "USAGE"};
    json_t *resources = json_object_get(state, "resources");
    struct table table;
    const char *resource;
    json_t *usage;

    format_table_init(ctl, &table, headers, sizeof headers / sizeof headers[0]);
    json_object_foreach(resources, resource, usage)
    {
        if (!add_resource(&table, resource, usage)) {
            table_close(&table);
            return ctl_no_memory(error);
        }
    }
    return format_table(ctl, &table, error);
}

int project_info(struct ctl *ctl, struct lbstate_error *error)
{
    return record_info(ctl, state_path, print_resources, error);
}
