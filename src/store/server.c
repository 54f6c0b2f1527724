#include "store/server.h"

#include "entity/server_config.mapper.h"
#include "lb/etag.h"
#include "lb/server_config.h"

#include <string.h>

static struct store_server_request *from_base(struct store_request *base)
{
    return (struct store_server_request *)base;
}

int store_server_load(struct store_tx *tx, struct string_map *ret_config, struct error *error)
{
    struct server_config_list list;
    struct string_map config = {0};
    int rv;

    rv = server_config_get_many(tx->db, NULL, 0, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < list.n_objects; i++) {
        if (!string_map_set(&config, tx->arena, list.objects[i].key, list.objects[i].value)) {
            return error_no_memory(error);
        }
    }
    *ret_config = config;
    return ERROR_NONE;
}

int store_server_get(struct store_request *request, struct store_tx *tx, struct error *error)
{
    return store_server_load(tx, &from_base(request)->config, error);
}

static int set_key(struct store_tx *tx, const struct string_map *current, const char *key,
                   const char *value, struct error *error)
{
    const char *before = string_map_get_or_empty(current, key);
    struct server_config row = {.key = key, .value = value};
    int64_t revision;
    int64_t id;
    int rv;

    if (strcmp(before, value) == 0) {
        return ERROR_NONE;
    }
    rv = store_tx_revision(tx, &revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (value[0] == '\0') {
        return server_config_delete_by_key(tx->db, key, error);
    }
    if (before[0] == '\0') {
        return server_config_create(tx->db, &row, &id, error);
    }
    return server_config_update(tx->db, key, &row, error);
}

int store_server_update(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_server_request *r = from_base(request);
    struct string_map current;
    char etag[ETAG_SIZE];
    int rv;

    rv = store_server_load(tx, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_config(&current, etag, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_check(etag, r->if_match, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    for (size_t i = 0; i < r->changes->n_pairs; i++) {
        rv = server_config_check(r->changes->pairs[i].key, r->changes->pairs[i].value, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        rv = set_key(tx, &current, r->changes->pairs[i].key, r->changes->pairs[i].value, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    for (size_t i = 0; !r->patch && i < current.n_pairs; i++) {
        if (string_map_get(r->changes, current.pairs[i].key) == NULL) {
            rv = set_key(tx, &current, current.pairs[i].key, "", error);
            if (rv != ERROR_NONE) {
                return rv;
            }
        }
    }
    return ERROR_NONE;
}
