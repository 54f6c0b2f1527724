/* config_key.h - what a key of a config may hold.
 *
 * A table of rules describes the keys that an object knows. A check says whether
 * one value is right; its messages are Incus', and what Go's library would say
 * after them is said in words of our own. Checks set ERROR_INVALID, or
 * ERROR_NO_MEMORY. config_address.h has the checks of addresses. */
#ifndef LBSTATE_LB_CONFIG_KEY_H
#define LBSTATE_LB_CONFIG_KEY_H

#include "base/arena.h"
#include "base/error.h"
#include "base/string_map.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct config_rule;

typedef int (*config_check)(const struct config_rule *rule, const char *value, struct error *error);

struct config_rule {
    const char *key;    /* NULL ends a table. */
    config_check check; /* NULL: any value, or one of the words if there are some. */
    const char *words;  /* Values, separated by blanks, that are right without the check. */
    bool required;      /* The empty value is checked too. */
    bool list;          /* Each element of a list that is separated by commas is checked. */
    int64_t low;        /* For config_check_range(). */
    int64_t high;
};

/* NULL if KEY isn't in the table. */
const struct config_rule *config_rule_find(const struct config_rule *rules, const char *key);

/* `Item "x": ` stands before the message about an element of a list. */
int config_rule_check(const struct config_rule *rule, const char *value, struct error *error);

/* Keys that belong to the user ("user.*"): anything goes. */
bool config_is_user_key(const char *key);

/* As Incus reads booleans; NULL, and an empty or wrong value, is neither. */
bool config_is_true(const char *value);
bool config_is_false(const char *value);

/* What the config becomes when BODY is put (or, if PATCH, patched) onto CURRENT; in
 * ARENA. Empty values stay until config_drop_empty(). */
int config_merge(const struct string_map *current, const struct string_map *body, bool patch,
                 struct arena *arena, struct string_map *ret_config, struct error *error);

/* Takes the keys with an empty value out: that is how a client unsets a key. */
void config_drop_empty(struct string_map *config);

/* Whole numbers as Go's ParseUint and ParseInt read them (base 10). */
bool config_parse_uint(const char *value, uint64_t max, uint64_t *ret_number);
bool config_parse_int(const char *value, int64_t *ret_number);

/* "512MiB", "1GB", "12": in bytes, at most INT64_MAX. */
bool config_parse_size(const char *value, uint64_t *ret_size);

int config_check_bool(const struct config_rule *rule, const char *value, struct error *error);
int config_check_int64(const struct config_rule *rule, const char *value, struct error *error);
int config_check_uint8(const struct config_rule *rule, const char *value, struct error *error);
int config_check_uint32(const struct config_rule *rule, const char *value, struct error *error);
int config_check_uint32_range(const struct config_rule *rule, const char *value,
                              struct error *error);
int config_check_range(const struct config_rule *rule, const char *value, struct error *error);
int config_check_size(const struct config_rule *rule, const char *value, struct error *error);
/* "1h30m", as Go reads durations. */
int config_check_duration(const struct config_rule *rule, const char *value, struct error *error);
int config_check_absolute_path(const struct config_rule *rule, const char *value,
                               struct error *error);
/* "zstd -3", "none", ... */
int config_check_compression(const struct config_rule *rule, const char *value,
                             struct error *error);

#endif
