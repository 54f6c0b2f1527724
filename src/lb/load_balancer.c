#include "lb/load_balancer.h"

#include "lb/load_balancer_rules.h"
#include "lb/text.h"

#include <string.h>

static bool trim(const char **text, struct arena *arena)
{
    const char *start;
    size_t size;

    if (*text == NULL) {
        *text = "";
        return true;
    }
    start = text_trim(*text, &size);
    if (size != strlen(*text)) {
        *text = arena_memdup(arena, start, size);
    }
    return *text != NULL;
}

static bool normalise_address(const char **text, struct arena *arena)
{
    char canonical[IP_TEXT_SIZE];
    struct ip ip;

    if (!trim(text, arena)) {
        return false;
    }
    if (ip_parse(*text, &ip)) {
        ip_format(&ip, canonical);
        if (strcmp(canonical, *text) != 0) {
            *text = arena_strdup(arena, canonical);
        }
    }
    return *text != NULL;
}

/* Takes the white space around each element away. */
static bool normalise_list(const char **text, struct arena *arena)
{
    struct text_list list;
    const char *element;
    char *joined;
    size_t used = 0;
    bool first = true;

    if (*text == NULL) {
        *text = "";
        return true;
    }
    if (!text_has_space(*text)) {
        return true;
    }
    if (!text_list_init(&list, *text)) {
        return false;
    }
    joined = arena_alloc(arena, strlen(*text) + 1);
    if (joined != NULL) {
        while ((element = text_list_next(&list)) != NULL) {
            size_t size = strlen(element);

            if (!first) {
                joined[used++] = ',';
            }
            first = false;
            memcpy(joined + used, element, size);
            used += size;
        }
        joined[used] = '\0';
    }
    text_list_close(&list);
    *text = joined;
    return joined != NULL;
}

static void or_empty(const char **text)
{
    if (*text == NULL) {
        *text = "";
    }
}

static bool normalise_port(struct network_load_balancer_port *port, struct arena *arena)
{
    for (size_t i = 0; i < port->n_target_backend; i++) {
        or_empty(&port->target_backend[i]);
    }
    return trim(&port->description, arena) && trim(&port->protocol, arena) &&
           normalise_list(&port->listen_port, arena);
}

static bool normalise_backend(struct network_load_balancer_backend *backend, struct arena *arena)
{
    or_empty(&backend->name);
    return trim(&backend->description, arena) &&
           normalise_address(&backend->target_address, arena) &&
           normalise_list(&backend->target_port, arena);
}

int load_balancer_normalise(struct network_load_balancer *lb, struct arena *arena,
                            struct error *error)
{
    size_t n = 0;

    or_empty(&lb->listen_address);
    or_empty(&lb->location);
    if (!trim(&lb->description, arena)) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < lb->n_backends; i++) {
        if (!normalise_backend(&lb->backends[i], arena)) {
            return error_no_memory(error);
        }
    }
    for (size_t i = 0; i < lb->n_ports; i++) {
        if (!normalise_port(&lb->ports[i], arena)) {
            return error_no_memory(error);
        }
    }
    for (size_t i = 0; i < lb->config.n_pairs; i++) {
        const struct string_pair *pair = &lb->config.pairs[i];

        if (*pair->value != '\0' || !load_balancer_may_unset(pair->key)) {
            lb->config.pairs[n++] = *pair;
        }
    }
    lb->config.n_pairs = n;
    return ERROR_NONE;
}

int load_balancer_parse_listen_address(const char *raw, struct ip *ret_ip, struct error *error)
{
    if (!ip_parse(raw, ret_ip)) {
        return error_set(error, ERROR_INVALID, "Invalid load balancer listen address %s", raw);
    }
    return ERROR_NONE;
}

static bool same_text(const char *a, const char *b)
{
    return strcmp(a == NULL ? "" : a, b == NULL ? "" : b) == 0;
}

static bool same_backend(const struct network_load_balancer_backend *a,
                         const struct network_load_balancer_backend *b)
{
    return same_text(a->name, b->name) && same_text(a->description, b->description) &&
           same_text(a->target_port, b->target_port) &&
           same_text(a->target_address, b->target_address);
}

static bool same_port(const struct network_load_balancer_port *a,
                      const struct network_load_balancer_port *b)
{
    if (!same_text(a->description, b->description) || !same_text(a->protocol, b->protocol) ||
        !same_text(a->listen_port, b->listen_port) || a->n_target_backend != b->n_target_backend) {
        return false;
    }
    for (size_t i = 0; i < a->n_target_backend; i++) {
        if (!same_text(a->target_backend[i], b->target_backend[i])) {
            return false;
        }
    }
    return true;
}

bool load_balancer_equal(const struct network_load_balancer *a,
                         const struct network_load_balancer *b)
{
    if (!same_text(a->listen_address, b->listen_address) ||
        !same_text(a->description, b->description) || !string_map_equal(&a->config, &b->config) ||
        a->n_backends != b->n_backends || a->n_ports != b->n_ports) {
        return false;
    }
    for (size_t i = 0; i < a->n_backends; i++) {
        if (!same_backend(&a->backends[i], &b->backends[i])) {
            return false;
        }
    }
    for (size_t i = 0; i < a->n_ports; i++) {
        if (!same_port(&a->ports[i], &b->ports[i])) {
            return false;
        }
    }
    return true;
}

int load_balancer_compare(const void *a, const void *b)
{
    const struct network_load_balancer *first = a;
    const struct network_load_balancer *second = b;
    struct ip first_ip;
    struct ip second_ip;
    bool first_valid = ip_parse(first->listen_address, &first_ip);
    bool second_valid = ip_parse(second->listen_address, &second_ip);

    if (first_valid && second_valid) {
        return ip_compare(&first_ip, &second_ip);
    }
    /* Stored addresses are valid; the order is total all the same. */
    if (first_valid != second_valid) {
        return first_valid ? -1 : 1;
    }
    return strcmp(first->listen_address, second->listen_address);
}
