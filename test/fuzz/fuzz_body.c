/* Reads the input as each kind of request body. What is read must be text, and a
 * load balancer or a forward that is right must stay as it is when it is normalised
 * again. */
#include "base/utf8.h"
#include "lb/body.h"
#include "lb/etag.h"
#include "lb/forward.h"
#include "lb/load_balancer.h"
#include "lb/network.h"
#include "lb/project.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(CONDITION)                                                                           \
    do {                                                                                           \
        if (!(CONDITION)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #CONDITION);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct string_pair network_config[] = {{"ipv4.address", "10.10.10.1/24"},
                                              {"ipv6.address", "fd42:1:2:3::1/64"}};
static const struct network network = {
    .name = "ovn0", .type = NETWORK_OVN, .config = {.pairs = network_config, .n_pairs = 2}};

static void check_text(const char *text)
{
    CHECK(text != NULL && utf8_valid(text, strlen(text)));
}

static void check_map(const struct string_map *map)
{
    for (size_t i = 0; i < map->n_pairs; i++) {
        check_text(map->pairs[i].key);
        check_text(map->pairs[i].value);
        CHECK(i == 0 || strcmp(map->pairs[i - 1].key, map->pairs[i].key) < 0);
    }
}

/* An error has its code and a message that fits a JSON answer. */
static void check_error(int rv, const struct error *error)
{
    CHECK(rv == ERROR_INVALID && error->code == ERROR_INVALID && error->message[0] != '\0');
    check_text(error->message);
}

static void check_load_balancer(struct network_load_balancer *lb, struct arena *arena)
{
    struct network_load_balancer again = *lb;
    struct error error = ERROR_INIT;
    char etag[ETAG_SIZE];
    struct ip listen;
    int rv;

    CHECK(load_balancer_normalise(lb, arena, &error) == ERROR_NONE);
    for (size_t i = 0; i < lb->n_backends; i++) {
        check_text(lb->backends[i].name);
        check_text(lb->backends[i].description);
        check_text(lb->backends[i].target_port);
        check_text(lb->backends[i].target_address);
    }
    for (size_t i = 0; i < lb->n_ports; i++) {
        check_text(lb->ports[i].description);
        check_text(lb->ports[i].protocol);
        check_text(lb->ports[i].listen_port);
        for (size_t j = 0; j < lb->ports[i].n_target_backend; j++) {
            check_text(lb->ports[i].target_backend[j]);
        }
    }
    CHECK(etag_load_balancer(lb, etag, &error) == ERROR_NONE);
    rv = load_balancer_parse_listen_address(lb->listen_address, &listen, &error);
    if (rv == ERROR_NONE) {
        rv = load_balancer_validate(lb, &listen, &network, &error);
    }
    if (rv != ERROR_NONE) {
        check_error(rv, &error);
        return;
    }
    again = *lb;
    CHECK(load_balancer_normalise(&again, arena, &error) == ERROR_NONE);
    CHECK(load_balancer_equal(lb, &again));
    CHECK(load_balancer_validate(&again, &listen, &network, &error) == ERROR_NONE);
}

static void check_forward(struct network_forward *forward, struct arena *arena)
{
    struct network_forward again;
    struct error error = ERROR_INIT;
    char etag[ETAG_SIZE];
    struct ip listen;
    int rv;

    CHECK(forward_normalise(forward, arena, &error) == ERROR_NONE);
    for (size_t i = 0; i < forward->n_ports; i++) {
        check_text(forward->ports[i].description);
        check_text(forward->ports[i].protocol);
        check_text(forward->ports[i].listen_port);
        check_text(forward->ports[i].target_port);
        check_text(forward->ports[i].target_address);
    }
    CHECK(etag_forward(forward, etag, &error) == ERROR_NONE);
    rv = forward_parse_listen_address(forward->listen_address, &listen, &error);
    if (rv == ERROR_NONE) {
        rv = forward_validate(forward, &listen, &network, &error);
    }
    if (rv != ERROR_NONE) {
        check_error(rv, &error);
        return;
    }
    again = *forward;
    CHECK(forward_normalise(&again, arena, &error) == ERROR_NONE);
    CHECK(forward_equal(forward, &again));
    CHECK(forward_validate(&again, &listen, &network, &error) == ERROR_NONE);
}

static void check_network(const struct network_body *body)
{
    struct network record = {
        .name = body->name == NULL ? "" : body->name, .type = NETWORK_OVN, .config = body->config};

    check_map(&body->config);
    for (int i = 0; i < 3; i++) {
        static const enum network_type types[] = {NETWORK_BRIDGE, NETWORK_OVN, NETWORK_PHYSICAL};
        struct error error = ERROR_INIT;
        int rv;

        record.type = types[i];
        rv = network_validate_name(record.name, &error);
        if (rv == ERROR_NONE) {
            rv = network_validate(&record, &error);
        }
        if (rv != ERROR_NONE) {
            check_error(rv, &error);
        }
    }
}

static void check_project(const struct project_body *body)
{
    struct project record = {.name = body->name == NULL ? "" : body->name, .config = body->config};
    struct error error = ERROR_INIT;
    int rv;

    check_map(&body->config);
    rv = project_validate_name(record.name, &error);
    if (rv == ERROR_NONE) {
        rv = project_validate(&record, &error);
    }
    if (rv != ERROR_NONE) {
        check_error(rv, &error);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    struct error error = ERROR_INIT;
    struct load_balancer_body lb;
    struct forward_body forward_body;
    struct network_body network_body;
    struct project_body project_body;
    struct sql_body sql_body;
    struct arena arena = {0};
    int rv;

    rv = body_load_balancer(text, size, &arena, &lb, &error);
    if (rv == ERROR_NONE) {
        check_map(&lb.lb.config);
        check_load_balancer(&lb.lb, &arena);
    } else {
        check_error(rv, &error);
    }
    if (body_forward(text, size, &arena, &forward_body, &error) == ERROR_NONE) {
        check_map(&forward_body.forward.config);
        check_forward(&forward_body.forward, &arena);
    }
    if (body_network(text, size, &arena, &network_body, &error) == ERROR_NONE) {
        check_network(&network_body);
    }
    if (body_project(text, size, &arena, &project_body, &error) == ERROR_NONE) {
        check_project(&project_body);
    }
    if (body_sql(text, size, &arena, &sql_body, &error) == ERROR_NONE) {
        check_text(sql_body.database);
        check_text(sql_body.query);
    }
    arena_close(&arena);
    return 0;
}
