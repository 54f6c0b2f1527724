/* lbctl cluster list: the members, how each of them is, and what the cluster survives. */
#include "ctl/list.h"
#include "ctl/record.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS "/1.0/cluster/members?recursion=1"
#define STATUS  "/internal/cluster/status"

/* Where a record has what STATUS tells of it. */
#define DETAILS "details"

static void write_server_name(struct buffer *out, const json_t *member)
{
    buffer_append_string(out, member_text(member, "server_name"));
}

static void write_url(struct buffer *out, const json_t *member)
{
    buffer_append_string(out, member_text(member, "url"));
}

static void write_roles(struct buffer *out, const json_t *member)
{
    const json_t *roles = json_object_get(member, "roles");

    for (size_t i = 0; i < json_array_size(roles); i++) {
        const char *role = json_string_value(json_array_get(roles, i));

        buffer_printf(out, "%s%s", i == 0 ? "" : ", ", role == NULL ? "" : role);
    }
}

static void write_architecture(struct buffer *out, const json_t *member)
{
    buffer_append_string(out, member_text(member, "architecture"));
}

static void write_failure_domain(struct buffer *out, const json_t *member)
{
    buffer_append_string(out, member_text(member, "failure_domain"));
}

static void write_state(struct buffer *out, const json_t *member)
{
    for (const char *p = member_text(member, "status"); *p != '\0'; p++) {
        buffer_append_char(out, (char)toupper((unsigned char)*p));
    }
}

static void write_message(struct buffer *out, const json_t *member)
{
    buffer_append_string(out, member_text(member, "message"));
}

static bool is_known(const json_t *details)
{
    return json_is_true(json_object_get(details, "known"));
}

static void write_last_contact(struct buffer *out, const json_t *member)
{
    const json_t *details = json_object_get(member, DETAILS);

    if (is_known(details)) {
        buffer_printf(out, "%.1fs",
                      (double)json_integer_value(json_object_get(details, "silent_ms")) / 1000);
    } else {
        buffer_append_string(out, "never");
    }
}

static void write_lag(struct buffer *out, const json_t *member)
{
    json_int_t lag = json_integer_value(json_object_get(json_object_get(member, DETAILS), "lag"));

    if (lag >= 0) {
        buffer_printf(out, "%" JSON_INTEGER_FORMAT, lag);
    }
}

static void write_clock_skew(struct buffer *out, const json_t *member)
{
    const json_t *details = json_object_get(member, DETAILS);

    if (is_known(details)) {
        buffer_printf(out, "%+" JSON_INTEGER_FORMAT "ms",
                      json_integer_value(json_object_get(details, "clock_skew_ms")));
    }
}

static const struct list_column columns[] = {
    {'n', "NAME", write_server_name},
    {'u', "URL", write_url},
    {'r', "ROLES", write_roles},
    {'a', "ARCHITECTURE", write_architecture},
    {'f', "FAILURE DOMAIN", write_failure_domain},
    {'d', "DESCRIPTION", list_write_description},
    {'s', "STATE", write_state},
    {'m', "MESSAGE", write_message},
    {'c', "LAST CONTACT", write_last_contact},
    {'l', "LAG", write_lag},
    {'k', "CLOCK SKEW", write_clock_skew},
    {'\0', NULL, NULL},
};

/* Gives each of MEMBERS what STATUS has of it. */
static int add_details(json_t *members, const json_t *status, struct lbstate_error *error)
{
    const json_t *list = json_object_get(status, "members");

    for (size_t i = 0; i < json_array_size(members); i++) {
        json_t *member = json_array_get(members, i);

        for (size_t j = 0; j < json_array_size(list); j++) {
            json_t *details = json_array_get(list, j);

            if (strcmp(member_text(member, "server_name"), member_text(details, "server_name")) ==
                    0 &&
                json_object_set(member, DETAILS, details) != 0) {
                return ctl_no_memory(error);
            }
        }
    }
    return LBSTATE_OK;
}

/* Behind a table that is for people. */
static int print_health(struct ctl *ctl, const json_t *status, struct lbstate_error *error)
{
    enum format format = ctl->arguments->format;
    const char *health = member_text(json_object_get(status, "health"), "message");

    if (format == FORMAT_JSON || format == FORMAT_YAML || format == FORMAT_CSV ||
        health[0] == '\0') {
        return LBSTATE_OK;
    }
    return format_done(ctl, "", health, "", error);
}

int cluster_list(struct ctl *ctl, struct lbstate_error *error)
{
    json_t *members = NULL;
    json_t *status = NULL;
    char *etag = NULL;
    int rv = record_list(ctl, MEMBERS, &members, error);

    if (rv == LBSTATE_OK) {
        rv = record_get(ctl, STATUS, &status, &etag, error);
    }
    if (rv == LBSTATE_OK) {
        rv = add_details(members, status, error);
    }
    if (rv == LBSTATE_OK) {
        rv = list_print(ctl, members, columns, "nurafdsmclk", error);
    }
    if (rv == LBSTATE_OK) {
        rv = print_health(ctl, status, error);
    }
    free(etag);
    json_decref(status);
    json_decref(members);
    return rv;
}
