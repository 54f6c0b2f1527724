/* Whether a record that exists is the one that a file holds. Both are brought to
 * the form that the daemon would store, then compared as JSON. */
#include "ctl/format.h"
#include "ctl/import.h"
#include "ctl/json_text.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Keys of networks and projects that the daemon fills in when they are absent. */
static bool is_filled_in(const char *key)
{
    static const char *const keys[] = {"bridge.mtu",   "ipv4.address", "ipv4.nat",
                                       "ipv6.address", "ipv6.nat",     "ipv4.dhcp"};

    if (strncmp(key, "volatile.", strlen("volatile.")) == 0 ||
        strncmp(key, "features.", strlen("features.")) == 0) {
        return true;
    }
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        if (strcmp(key, keys[i]) == 0) {
            return true;
        }
    }
    return false;
}

static json_t *trimmed(const json_t *value)
{
    const char *text = json_string_value(value);
    size_t size = json_string_length(value);

    if (text == NULL) {
        return json_string("");
    }
    while (size > 0 && isspace((unsigned char)text[0])) {
        text++;
        size--;
    }
    while (size > 0 && isspace((unsigned char)text[size - 1])) {
        size--;
    }
    return json_stringn(text, size);
}

/* An IPv4-mapped IPv6 address is the IPv4 address. */
static json_t *canonical_address(const json_t *value)
{
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    json_t *text = trimmed(value);
    unsigned char bytes[16];
    char out[INET6_ADDRSTRLEN];
    const char *canonical = NULL;

    if (text == NULL) {
        return NULL;
    }
    if (inet_pton(AF_INET, json_string_value(text), bytes) == 1) {
        canonical = inet_ntop(AF_INET, bytes, out, sizeof out);
    } else if (inet_pton(AF_INET6, json_string_value(text), bytes) == 1) {
        canonical = memcmp(bytes, mapped, sizeof mapped) == 0
                        ? inet_ntop(AF_INET, bytes + sizeof mapped, out, sizeof out)
                        : inet_ntop(AF_INET6, bytes, out, sizeof out);
    }
    if (canonical == NULL) {
        return text; /* It is no address: for the daemon to refuse. */
    }
    json_decref(text);
    return json_string(canonical);
}

/* A list of ports without its blanks. */
static json_t *canonical_ports(const json_t *value)
{
    const char *text = json_string_value(value);
    struct buffer out = {0};
    json_t *ports = NULL;

    for (; text != NULL && *text != '\0'; text++) {
        if (!isspace((unsigned char)*text)) {
            buffer_append_char(&out, *text);
        }
    }
    if (!buffer_failed(&out)) {
        ports = json_stringn(out.size > 0 ? out.data : "", out.size);
    }
    buffer_close(&out);
    return ports;
}

/* Strings only, without those that are empty: as it is stored. */
static json_t *canonical_config(const json_t *config)
{
    json_t *canonical = json_object();
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)config, key, value)
    {
        char *text = NULL;
        int failed = 0;

        if (json_is_null(value) || (json_is_string(value) && json_string_length(value) == 0)) {
            continue;
        }
        if (json_is_string(value)) {
            failed = json_object_set(canonical, key, value);
        } else {
            text = json_text(value, JSON_ENCODE_ANY);
            failed = text == NULL || json_object_set_new(canonical, key, json_string(text)) != 0;
        }
        free(text);
        if (failed != 0) {
            json_decref(canonical);
            return NULL;
        }
    }
    return canonical;
}

/* Appends NEW, which it takes, to ARRAY; drops ARRAY if either failed. */
static json_t *append(json_t *array, json_t *new)
{
    if (json_array_append_new(array, new) != 0) {
        json_decref(array);
        return NULL;
    }
    return array;
}

static json_t *canonical_backends(const json_t *backends)
{
    json_t *canonical = json_array();

    for (size_t i = 0; canonical != NULL && i < json_array_size(backends); i++) {
        const json_t *backend = json_array_get(backends, i);

        canonical = append(
            canonical,
            json_pack("{s:s, s:o, s:o, s:o}", "name", member_text(backend, "name"), "description",
                      trimmed(json_object_get(backend, "description")), "target_port",
                      canonical_ports(json_object_get(backend, "target_port")), "target_address",
                      canonical_address(json_object_get(backend, "target_address"))));
    }
    return canonical;
}

static json_t *canonical_port_list(const json_t *ports)
{
    json_t *canonical = json_array();

    for (size_t i = 0; canonical != NULL && i < json_array_size(ports); i++) {
        const json_t *port = json_array_get(ports, i);
        const json_t *names = json_object_get(port, "target_backend");

        canonical = append(
            canonical,
            json_pack("{s:o, s:o, s:o, s:o}", "description",
                      trimmed(json_object_get(port, "description")), "protocol",
                      trimmed(json_object_get(port, "protocol")), "listen_port",
                      canonical_ports(json_object_get(port, "listen_port")), "target_backend",
                      json_is_array(names) ? json_copy((json_t *)names) : json_array()));
    }
    return canonical;
}

static json_t *canonical_forward_ports(const json_t *ports)
{
    json_t *canonical = json_array();

    for (size_t i = 0; canonical != NULL && i < json_array_size(ports); i++) {
        const json_t *port = json_array_get(ports, i);

        canonical = append(
            canonical,
            json_pack("{s:o, s:o, s:o, s:o, s:o, s:b}", "description",
                      trimmed(json_object_get(port, "description")), "protocol",
                      trimmed(json_object_get(port, "protocol")), "listen_port",
                      canonical_ports(json_object_get(port, "listen_port")), "target_port",
                      canonical_ports(json_object_get(port, "target_port")), "target_address",
                      canonical_address(json_object_get(port, "target_address")), "snat",
                      json_is_true(json_object_get(port, "snat"))));
    }
    return canonical;
}

/* The target address of a forward is in its config. */
static json_t *canonical_forward(const json_t *record, json_t *config)
{
    const json_t *target = json_object_get(config, "target_address");

    if (target != NULL &&
        json_object_set_new(config, "target_address", canonical_address(target)) != 0) {
        json_decref(config);
        return NULL;
    }
    return json_pack("{s:o, s:o, s:o, s:o}", "listen_address",
                     canonical_address(json_object_get(record, "listen_address")), "description",
                     trimmed(json_object_get(record, "description")), "config", config, "ports",
                     canonical_forward_ports(json_object_get(record, "ports")));
}

static json_t *canonical_record(enum import_kind kind, const json_t *record)
{
    json_t *config = canonical_config(json_object_get(record, "config"));

    if (kind == IMPORT_FORWARD) {
        return canonical_forward(record, config);
    }
    if (kind != IMPORT_LOAD_BALANCER) {
        return json_pack("{s:s, s:s, s:o}", "description", member_text(record, "description"),
                         "type", member_text(record, "type"), "config", config);
    }
    return json_pack("{s:o, s:o, s:o, s:o, s:o}", "listen_address",
                     canonical_address(json_object_get(record, "listen_address")), "description",
                     trimmed(json_object_get(record, "description")), "config", config, "backends",
                     canonical_backends(json_object_get(record, "backends")), "ports",
                     canonical_port_list(json_object_get(record, "ports")));
}

/* Removes from EXISTING what the daemon filled in because OURS hadn't got it. */
static void drop_filled_in(const json_t *ours, json_t *existing)
{
    void *next;
    const char *key;
    json_t *value;

    json_object_foreach_safe(existing, next, key, value)
    {
        if (is_filled_in(key) && json_object_get(ours, key) == NULL) {
            json_object_del(existing, key);
        }
    }
}

bool import_same(enum import_kind kind, const json_t *ours, const json_t *existing, bool *ret_same)
{
    json_t *a = canonical_record(kind, ours);
    json_t *b = canonical_record(kind, existing);
    bool ok = a != NULL && b != NULL;

    if (ok) {
        if (kind < IMPORT_LOAD_BALANCER) {
            drop_filled_in(json_object_get(a, "config"), json_object_get(b, "config"));
        }
        *ret_same = json_equal(a, b) != 0;
    }
    json_decref(a);
    json_decref(b);
    return ok;
}

json_t *import_body(const struct import_record *record)
{
    static const char *const members[] = {"description", "config", "backends", "ports"};
    json_t *body = json_object();
    int failed = body == NULL;

    for (size_t i = 0; !failed && i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(record->record, members[i]);

        if (value != NULL && !json_is_null(value)) {
            failed = json_object_set(body, members[i], value);
        }
    }
    if (!failed && (record->kind == IMPORT_UPLINK || record->kind == IMPORT_NETWORK)) {
        failed =
            json_object_set_new(body, "type", json_string(member_text(record->record, "type")));
    }
    if (!failed) {
        failed = json_object_set_new(
            body, record->kind >= IMPORT_LOAD_BALANCER ? "listen_address" : "name",
            json_string(record->name));
    }
    if (failed) {
        json_decref(body);
        return NULL;
    }
    return body;
}
