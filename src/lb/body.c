#include "lb/body.h"

#include "lb/json_decoder.h"

static void read_description(struct json_decoder *d, const char **ret_description, bool *ret_has)
{
    *ret_description = "";
    *ret_has = json_member(d->root, "description") != NULL;
    json_read_member(d, d->root, NULL, "description", ret_description);
}

static void read_config(struct json_decoder *d, struct string_map *ret_config, bool *ret_has)
{
    const struct json_place place = {.key = "config"};
    bool failed = d->rv != ERROR_NONE;
    json_t *config = json_read_object(d, d->root, &place);

    if (!failed && d->rv == ERROR_INVALID) {
        error_prefix(d->error, "JSON data not valid for ConfigMap: ");
    }
    *ret_config = (struct string_map){0};
    *ret_has = config != NULL;
    if (config != NULL) {
        /* The map is kept sorted by inserting, which is quadratic: hence the limit. */
        json_read_map(d, config, &place, BODY_CONFIG_KEYS_MAX, ret_config);
    }
}

static void read_backends(struct json_decoder *d, struct load_balancer_body *body)
{
    const struct json_place place = {.key = "backends"};
    json_t *array = json_read_array(d, d->root, &place);
    size_t n = json_array_size(array);
    struct network_load_balancer_backend *backends = json_read_calloc(d, n, sizeof *backends);

    for (size_t i = 0; d->rv == ERROR_NONE && i < n; i++) {
        const struct json_place at = {.parent = &place, .index = i};
        json_t *element = json_read_element(d, array, &at);

        backends[i] = (struct network_load_balancer_backend){"", "", "", ""};
        json_read_member(d, element, &at, "name", &backends[i].name);
        json_read_member(d, element, &at, "description", &backends[i].description);
        json_read_member(d, element, &at, "target_port", &backends[i].target_port);
        json_read_member(d, element, &at, "target_address", &backends[i].target_address);
    }
    body->has_backends = array != NULL;
    body->lb.backends = backends;
    body->lb.n_backends = n;
}

static void read_target_backends(struct json_decoder *d, json_t *object,
                                 const struct json_place *parent,
                                 struct network_load_balancer_port *port)
{
    const struct json_place place = {.parent = parent, .key = "target_backend"};
    json_t *array = json_read_array(d, object, &place);
    size_t n = json_array_size(array);
    const char **names = json_read_calloc(d, n, sizeof *names);

    for (size_t i = 0; d->rv == ERROR_NONE && i < n; i++) {
        const struct json_place at = {.parent = &place, .index = i};

        names[i] = "";
        json_read_string(d, json_array_get(array, i), &at, &names[i]);
    }
    port->target_backend = names;
    port->n_target_backend = n;
}

static void read_ports(struct json_decoder *d, struct load_balancer_body *body)
{
    const struct json_place place = {.key = "ports"};
    json_t *array = json_read_array(d, d->root, &place);
    size_t n = json_array_size(array);
    struct network_load_balancer_port *ports = json_read_calloc(d, n, sizeof *ports);

    for (size_t i = 0; d->rv == ERROR_NONE && i < n; i++) {
        const struct json_place at = {.parent = &place, .index = i};
        json_t *element = json_read_element(d, array, &at);

        ports[i] = (struct network_load_balancer_port){"", "", "", NULL, 0};
        json_read_member(d, element, &at, "description", &ports[i].description);
        json_read_member(d, element, &at, "protocol", &ports[i].protocol);
        json_read_member(d, element, &at, "listen_port", &ports[i].listen_port);
        read_target_backends(d, element, &at, &ports[i]);
    }
    body->has_ports = array != NULL;
    body->lb.ports = ports;
    body->lb.n_ports = n;
}

int body_load_balancer(const char *text, size_t size, struct arena *arena,
                       struct load_balancer_body *ret_body, struct error *error)
{
    struct load_balancer_body body = {.lb = {.listen_address = "", .location = ""}};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    read_description(&d, &body.lb.description, &body.has_description);
    read_config(&d, &body.lb.config, &body.has_config);
    read_backends(&d, &body);
    read_ports(&d, &body);
    json_read_member(&d, d.root, NULL, "listen_address", &body.lb.listen_address);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

static void read_forward_ports(struct json_decoder *d, struct forward_body *body)
{
    const struct json_place place = {.key = "ports"};
    json_t *array = json_read_array(d, d->root, &place);
    size_t n = json_array_size(array);
    struct network_forward_port *ports = json_read_calloc(d, n, sizeof *ports);

    for (size_t i = 0; d->rv == ERROR_NONE && i < n; i++) {
        const struct json_place at = {.parent = &place, .index = i};
        json_t *element = json_read_element(d, array, &at);

        ports[i] = (struct network_forward_port){"", "", "", "", "", false};
        json_read_member(d, element, &at, "description", &ports[i].description);
        json_read_member(d, element, &at, "protocol", &ports[i].protocol);
        json_read_member(d, element, &at, "listen_port", &ports[i].listen_port);
        json_read_member(d, element, &at, "target_port", &ports[i].target_port);
        json_read_member(d, element, &at, "target_address", &ports[i].target_address);
        json_read_bool_member(d, element, &at, "snat", &ports[i].snat);
    }
    body->has_ports = array != NULL;
    body->forward.ports = ports;
    body->forward.n_ports = n;
}

int body_forward(const char *text, size_t size, struct arena *arena, struct forward_body *ret_body,
                 struct error *error)
{
    struct forward_body body = {.forward = {.listen_address = "", .location = ""}};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    read_description(&d, &body.forward.description, &body.has_description);
    read_config(&d, &body.forward.config, &body.has_config);
    read_forward_ports(&d, &body);
    json_read_member(&d, d.root, NULL, "listen_address", &body.forward.listen_address);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

int body_network(const char *text, size_t size, struct arena *arena, struct network_body *ret_body,
                 struct error *error)
{
    struct network_body body = {0};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    json_read_member(&d, d.root, NULL, "name", &body.name);
    json_read_member(&d, d.root, NULL, "type", &body.type);
    read_description(&d, &body.description, &body.has_description);
    read_config(&d, &body.config, &body.has_config);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

int body_project(const char *text, size_t size, struct arena *arena, struct project_body *ret_body,
                 struct error *error)
{
    struct project_body body = {0};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    json_read_member(&d, d.root, NULL, "name", &body.name);
    read_description(&d, &body.description, &body.has_description);
    read_config(&d, &body.config, &body.has_config);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

int body_config(const char *text, size_t size, struct arena *arena, struct string_map *ret_config,
                bool *ret_has_config, struct error *error)
{
    struct string_map config;
    struct json_decoder d;
    bool has_config;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    read_config(&d, &config, &has_config);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_config = config;
        *ret_has_config = has_config;
    }
    return rv;
}

int body_sql(const char *text, size_t size, struct arena *arena, struct sql_body *ret_body,
             struct error *error)
{
    struct sql_body body = {.database = "", .query = ""};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    json_read_member(&d, d.root, NULL, "database", &body.database);
    json_read_member(&d, d.root, NULL, "query", &body.query);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}
