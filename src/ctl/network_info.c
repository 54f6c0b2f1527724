/* lbctl network info and list-leases: what is known of a network besides its record. */
#include "ctl/list.h"
#include "ctl/record.h"
#include "ctl/text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

static int state_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0], "state",
                        NULL);
}

static void append_text(struct buffer *out, const char *text)
{
    text_escape(out, text, strlen(text));
}

static void append_line(struct buffer *out, const char *label, const char *text)
{
    buffer_append_string(out, label);
    append_text(out, text);
    buffer_append_char(out, '\n');
}

/* Addresses and what OVN knows have lines only where there is something. */
static void append_member(struct buffer *out, const char *label, const json_t *object,
                          const char *key)
{
    const char *text = member_text(object, key);

    if (text[0] != '\0') {
        append_line(out, label, text);
    }
}

static void append_addresses(struct buffer *out, const json_t *addresses)
{
    if (json_array_size(addresses) > 0) {
        buffer_append_string(out, "\nIP addresses:\n");
    }
    for (size_t i = 0; i < json_array_size(addresses); i++) {
        const json_t *address = json_array_get(addresses, i);

        buffer_append_string(out, "  ");
        append_text(out, member_text(address, "family"));
        buffer_append_char(out, '\t');
        append_text(out, member_text(address, "address"));
        buffer_append_char(out, '/');
        append_text(out, member_text(address, "netmask"));
        buffer_append_string(out, " (");
        append_text(out, member_text(address, "scope"));
        buffer_append_string(out, ")\n");
    }
}

/* Counters, bonds, bridges and VLANs are of interfaces of a host, at which lbstated
 * doesn't look. */
static int print_state(struct ctl *ctl, const json_t *state, struct lbstate_error *error)
{
    const json_t *ovn = json_object_get(state, "ovn");
    struct buffer text = {0};
    int rv = LBSTATE_OK;

    append_line(&text, "Name: ", ctl->arguments->words[0]);
    append_member(&text, "MAC address: ", state, "hwaddr");
    buffer_printf(&text, "MTU: %" JSON_INTEGER_FORMAT "\n",
                  json_integer_value(json_object_get(state, "mtu")));
    append_line(&text, "State: ", member_text(state, "state"));
    append_line(&text, "Type: ", member_text(state, "type"));
    append_addresses(&text, json_object_get(state, "addresses"));
    if (json_is_object(ovn)) {
        buffer_append_string(&text, "\nOVN:\n");
        append_member(&text, "  Chassis: ", ovn, "chassis");
        append_member(&text, "  Logical router: ", ovn, "logical_router");
        append_member(&text, "  Logical switch: ", ovn, "logical_switch");
        append_member(&text, "  IPv4 uplink address: ", ovn, "uplink_ipv4");
        append_member(&text, "  IPv6 uplink address: ", ovn, "uplink_ipv6");
    }
    if (buffer_string(&text) != NULL) {
        (void)fputs(text.data, ctl->out);
    } else {
        rv = ctl_no_memory(error);
    }
    buffer_close(&text);
    return rv;
}

int network_info(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = format_record_check(ctl->arguments, error);

    return rv == LBSTATE_OK ? record_info(ctl, state_path, print_state, error) : rv;
}

static void write_hostname(struct buffer *out, const json_t *lease)
{
    buffer_append_string(out, member_text(lease, "hostname"));
}

static void write_hwaddr(struct buffer *out, const json_t *lease)
{
    buffer_append_string(out, member_text(lease, "hwaddr"));
}

static void write_address(struct buffer *out, const json_t *lease)
{
    buffer_append_string(out, member_text(lease, "address"));
}

static void write_type(struct buffer *out, const json_t *lease)
{
    for (const char *p = member_text(lease, "type"); *p != '\0'; p++) {
        buffer_append_char(out, (char)toupper((unsigned char)*p));
    }
}

static void write_location(struct buffer *out, const json_t *lease)
{
    buffer_append_string(out, member_text(lease, "location"));
}

static const struct list_column lease_columns[] = {
    {'h', "HOSTNAME", write_hostname},  {'m', "MAC ADDRESS", write_hwaddr},
    {'i', "IP ADDRESS", write_address}, {'t', "TYPE", write_type},
    {'L', "LOCATION", write_location},  {'\0', NULL, NULL},
};

int network_list_leases(struct ctl *ctl, struct lbstate_error *error)
{
    char *path;
    int rv =
        lbstate_path(&path, error, "1.0", "networks", ctl->arguments->words[0], "leases", NULL);

    if (rv == LBSTATE_OK) {
        rv = list_show(ctl, path, lease_columns, "hmit", error);
        free(path);
    }
    return rv;
}
