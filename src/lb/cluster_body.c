#include "lb/cluster_body.h"

#include "lb/body.h"
#include "lb/json_decoder.h"

static void read_text(struct json_decoder *d, const char *key, const char **ret_text, bool *ret_has)
{
    *ret_text = "";
    if (ret_has != NULL) {
        *ret_has = json_member(d->root, key) != NULL;
    }
    json_read_member(d, d->root, NULL, key, ret_text);
}

static void read_names(struct json_decoder *d, const char *key, const char ***ret_names,
                       size_t *ret_n_names, bool *ret_has)
{
    const struct json_place place = {.key = key};
    json_t *array = json_read_array(d, d->root, &place);
    size_t n = json_array_size(array);
    const char **names = json_read_calloc(d, n, sizeof *names);

    if (n > CLUSTER_BODY_NAMES_MAX && d->rv == ERROR_NONE) {
        d->rv = error_set(d->error, ERROR_INVALID, "%s: more than %d names", key,
                          CLUSTER_BODY_NAMES_MAX);
    }
    for (size_t i = 0; d->rv == ERROR_NONE && i < n; i++) {
        const struct json_place at = {.parent = &place, .index = i};

        names[i] = "";
        json_read_string(d, json_array_get(array, i), &at, &names[i]);
    }
    *ret_names = names;
    *ret_n_names = n;
    *ret_has = array != NULL;
}

int body_cluster(const char *text, size_t size, struct arena *arena, struct cluster_body *ret_body,
                 struct error *error)
{
    struct cluster_body body = {0};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    read_text(&d, "server_name", &body.server_name, NULL);
    read_text(&d, "server_address", &body.server_address, NULL);
    read_text(&d, "cluster_address", &body.cluster_address, NULL);
    read_text(&d, "cluster_token", &body.cluster_token, NULL);
    json_read_bool_member(&d, d.root, NULL, "enabled", &body.enabled);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

int body_cluster_object(const char *text, size_t size, struct arena *arena,
                        struct cluster_object_body *ret_body, struct error *error)
{
    const struct json_place place = {.key = "config"};
    struct cluster_object_body body = {0};
    struct json_decoder d;
    json_t *config;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    read_text(&d, "server_name", &body.server_name, NULL);
    read_text(&d, "name", &body.name, NULL);
    read_text(&d, "description", &body.description, &body.has_description);
    read_text(&d, "failure_domain", &body.failure_domain, &body.has_failure_domain);
    read_names(&d, "roles", &body.roles, &body.n_roles, &body.has_roles);
    read_names(&d, "groups", &body.groups, &body.n_groups, &body.has_groups);
    read_names(&d, "members", &body.members, &body.n_members, &body.has_members);
    config = json_read_object(&d, d.root, &place);
    body.has_config = config != NULL;
    if (config != NULL) {
        json_read_map(&d, config, &place, BODY_CONFIG_KEYS_MAX, &body.config);
    }
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

int body_cluster_action(const char *text, size_t size, struct arena *arena,
                        struct cluster_action_body *ret_body, struct error *error)
{
    struct cluster_action_body body = {0};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    read_text(&d, "action", &body.action, NULL);
    read_text(&d, "mode", &body.mode, NULL);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}

int body_cluster_own(const char *text, size_t size, struct arena *arena,
                     struct cluster_own_body *ret_body, struct error *error)
{
    struct cluster_own_body body = {0};
    struct json_decoder d;
    int rv;

    json_decoder_init(&d, text, size, BODY_DEPTH_MAX, arena, error);
    json_read_member(&d, d.root, NULL, "address", &body.address);
    json_read_member(&d, d.root, NULL, "key_pin", &body.key_pin);
    json_read_member(&d, d.root, NULL, "next_key_pin", &body.next_key_pin);
    rv = json_decoder_close(&d);
    if (rv == ERROR_NONE) {
        *ret_body = body;
    }
    return rv;
}
