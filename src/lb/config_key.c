#include "lb/config_key.h"

#include "lb/text.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

const struct config_rule *config_rule_find(const struct config_rule *rules, const char *key)
{
    for (; rules->key != NULL; rules++) {
        if (strcmp(rules->key, key) == 0) {
            return rules;
        }
    }
    return NULL;
}

static int check_one(const struct config_rule *rule, const char *value, struct error *error)
{
    if (rule->words != NULL && text_in_words(value, rule->words)) {
        return ERROR_NONE;
    }
    if (rule->check != NULL) {
        return rule->check(rule, value, error);
    }
    if (rule->words != NULL) {
        return error_set(error, ERROR_INVALID, "Invalid value %s (not one of [%s])",
                         TEXT_QUOTED(value), rule->words);
    }
    return ERROR_NONE;
}

int config_rule_check(const struct config_rule *rule, const char *value, struct error *error)
{
    struct text_list list;
    const char *item;
    int rv = ERROR_NONE;

    if (*value == '\0' && !rule->required) {
        return ERROR_NONE;
    }
    if (!rule->list) {
        return check_one(rule, value, error);
    }
    if (!text_list_init(&list, value)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        rv = check_one(rule, item, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Item %s: ", TEXT_QUOTED(item));
        }
    }
    text_list_close(&list);
    return rv;
}

bool config_is_user_key(const char *key)
{
    return strncmp(key, "user.", 5) == 0;
}

static bool is_one_of(const char *value, const char *const words[4])
{
    if (value == NULL) {
        return false;
    }
    for (int i = 0; i < 4; i++) {
        if (strcasecmp(value, words[i]) == 0) {
            return true;
        }
    }
    return false;
}

bool config_is_true(const char *value)
{
    return is_one_of(value, (const char *const[]){"true", "yes", "1", "on"});
}

bool config_is_false(const char *value)
{
    return is_one_of(value, (const char *const[]){"false", "no", "0", "off"});
}

int config_merge(const struct string_map *current, const struct string_map *body, bool patch,
                 struct arena *arena, struct string_map *ret_config, struct error *error)
{
    struct string_map config = {0};

    if (patch && !string_map_copy(&config, arena, current)) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < body->n_pairs; i++) {
        if (!string_map_set(&config, arena, body->pairs[i].key, body->pairs[i].value)) {
            return error_no_memory(error);
        }
    }
    *ret_config = config;
    return ERROR_NONE;
}

void config_drop_empty(struct string_map *config)
{
    size_t n = 0;

    for (size_t i = 0; i < config->n_pairs; i++) {
        if (config->pairs[i].value[0] != '\0') {
            config->pairs[n++] = config->pairs[i];
        }
    }
    config->n_pairs = n;
}

/* Appends a digit to the number; false if C is none or the number passes MAX. */
static bool append_digit(uint64_t *number, char c, uint64_t max)
{
    unsigned digit = (unsigned)(c - '0');

    if (c < '0' || c > '9' || digit > max || *number > (max - digit) / 10) {
        return false;
    }
    *number = *number * 10 + digit;
    return true;
}

bool config_parse_uint(const char *value, uint64_t max, uint64_t *ret_number)
{
    uint64_t number = 0;

    if (*value == '\0') {
        return false;
    }
    for (; *value != '\0'; value++) {
        if (!append_digit(&number, *value, max)) {
            return false;
        }
    }
    *ret_number = number;
    return true;
}

bool config_parse_int(const char *value, int64_t *ret_number)
{
    bool negative = *value == '-';
    uint64_t number;

    if (*value == '-' || *value == '+') {
        value++;
    }
    if (!config_parse_uint(value, (uint64_t)INT64_MAX + (negative ? 1 : 0), &number)) {
        return false;
    }
    *ret_number = negative ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

int config_check_bool(const struct config_rule *rule, const char *value, struct error *error)
{
    (void)rule;
    if (!config_is_true(value) && !config_is_false(value)) {
        return error_set(error, ERROR_INVALID, "Invalid value for a boolean %s",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_int64(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t number;

    (void)rule;
    if (!config_parse_int(value, &number)) {
        return error_set(error, ERROR_INVALID, "Invalid value for an integer %s",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_uint8(const struct config_rule *rule, const char *value, struct error *error)
{
    uint64_t number;

    (void)rule;
    if (!config_parse_uint(value, UINT8_MAX, &number)) {
        return error_set(error, ERROR_INVALID,
                         "Invalid value for an integer %s. Must be between 0 and 255",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_uint32(const struct config_rule *rule, const char *value, struct error *error)
{
    uint64_t number;

    (void)rule;
    if (!config_parse_uint(value, UINT32_MAX, &number)) {
        return error_set(error, ERROR_INVALID,
                         "Invalid value for uint32 %s: not a whole number from 0 to %" PRIu32,
                         TEXT_QUOTED(value), UINT32_MAX);
    }
    return ERROR_NONE;
}

int config_check_uint32_range(const struct config_rule *rule, const char *value,
                              struct error *error)
{
    const char *dash = strchr(value, '-');
    size_t size = dash == NULL ? strlen(value) : (size_t)(dash - value);
    char first_text[32];
    uint64_t first;
    uint64_t last;

    (void)rule;
    if (size < sizeof first_text) {
        memcpy(first_text, value, size);
        first_text[size] = '\0';
    }
    if (size >= sizeof first_text || !config_parse_uint(first_text, UINT32_MAX, &first)) {
        return error_set(error, ERROR_INVALID, "Invalid number %s", TEXT_QUOTED(value));
    }
    if (dash == NULL) {
        return ERROR_NONE;
    }
    if (!config_parse_uint(dash + 1, UINT32_MAX, &last)) {
        return error_set(error, ERROR_INVALID, "Invalid end number %s", TEXT_QUOTED(value));
    }
    if (first >= last) {
        return error_set(error, ERROR_INVALID,
                         "Start number %" PRIu64 " must be lower than end number %" PRIu64, first,
                         last);
    }
    return ERROR_NONE;
}

int config_check_range(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t number;
    int rv = config_check_int64(rule, value, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!config_parse_int(value, &number) || number < rule->low || number > rule->high) {
        return error_set(error, ERROR_INVALID,
                         "Value isn't within valid range. Must be between %" PRId64 " and %" PRId64,
                         rule->low, rule->high);
    }
    return ERROR_NONE;
}

/* What one of the unit means in bytes; 0 if there is no such unit. */
static uint64_t size_of_unit(const char *unit)
{
    static const char prefixes[] = "kMGTPE";
    uint64_t size = 1;
    const char *prefix;
    bool binary;

    if (*unit == '\0' || strcmp(unit, "B") == 0 || strcmp(unit, " bytes") == 0) {
        return 1;
    }
    binary = unit[1] == 'i';
    if (strcmp(unit + 1, binary ? "iB" : "B") != 0) {
        return 0;
    }
    prefix = strchr(prefixes, binary && *unit == 'K' ? 'k' : *unit);
    if (prefix == NULL || (binary && *unit == 'k')) {
        return 0;
    }
    for (const char *p = prefixes; p <= prefix; p++) {
        size *= binary ? 1024 : 1000;
    }
    return size;
}

bool config_parse_size(const char *value, uint64_t *ret_size)
{
    size_t digits = strspn(value, "0123456789");
    uint64_t unit = size_of_unit(value + digits);
    uint64_t number = 0;

    if (digits == 0 || unit == 0) {
        return false;
    }
    for (size_t i = 0; i < digits; i++) {
        if (!append_digit(&number, value[i], (uint64_t)INT64_MAX / unit)) {
            return false;
        }
    }
    *ret_size = number * unit;
    return true;
}

int config_check_size(const struct config_rule *rule, const char *value, struct error *error)
{
    size_t digits = strspn(value, "0123456789");
    uint64_t size;

    (void)rule;
    if (config_parse_size(value, &size)) {
        return ERROR_NONE;
    }
    return error_set(error, ERROR_INVALID,
                     digits == 0 || size_of_unit(value + digits) == 0 ? "Invalid value: %s"
                                                                      : "Invalid integer: %s",
                     value);
}

/* The size of the unit's name, 0 if TEXT doesn't begin with one. */
static size_t duration_unit(const char *text)
{
    static const char *const units[] = {"ns", "us", "\xc2\xb5s", "\xce\xbcs", "ms", "s", "m", "h"};

    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        if (strncmp(text, units[i], strlen(units[i])) == 0) {
            return strlen(units[i]);
        }
    }
    return 0;
}

int config_check_duration(const struct config_rule *rule, const char *value, struct error *error)
{
    const char *p = value;
    bool valid;

    (void)rule;
    p += *p == '-' || *p == '+' ? 1 : 0;
    valid = *p != '\0';
    if (strcmp(p, "0") == 0) {
        p++;
    }
    while (valid && *p != '\0') {
        size_t whole = strspn(p, "0123456789");
        size_t fraction;
        size_t unit;

        p += whole;
        fraction = *p == '.' ? strspn(p + 1, "0123456789") : 0;
        p += *p == '.' ? fraction + 1 : 0;
        unit = duration_unit(p);
        p += unit;
        valid = unit > 0 && whole + fraction > 0;
    }
    if (!valid) {
        return error_set(error, ERROR_INVALID, "%s isn't a duration, such as 1h30m",
                         TEXT_QUOTED(value));
    }
    return ERROR_NONE;
}

int config_check_absolute_path(const struct config_rule *rule, const char *value,
                               struct error *error)
{
    (void)rule;
    if (value[0] != '/') {
        return error_set(error, ERROR_INVALID, "Must be absolute file path");
    }
    return ERROR_NONE;
}

int config_check_compression(const struct config_rule *rule, const char *value, struct error *error)
{
    static const char programs[] = "bzip2 gzip lz4 lzma pigz pzstd pxz squashfs tar2sqfs xz zstd";
    static const char arguments[] = "-1 -2 -3 -4 -5 -6 -7 -8 -9 --rsyncable";
    static const char blanks[] = " \t\n";
    const char *p = value + strspn(value, blanks);
    bool first = true;

    (void)rule;
    if (strcmp(value, "none") == 0) {
        return ERROR_NONE;
    }
    if (*p == '\0') {
        return error_set(error, ERROR_INVALID, "Invalid compressor provided");
    }
    for (; *p != '\0'; first = false) {
        size_t size = strcspn(p, blanks);
        char word[64]; /* No word that is known is as long as this. */

        snprintf(word, sizeof word, "%.*s", (int)(size < sizeof word ? size : sizeof word), p);
        if (!text_in_words(word, first ? programs : arguments)) {
            return error_set(error, ERROR_INVALID,
                             first ? "Compression algorithm %s isn't currently supported"
                                   : "Compression algorithm argument %s isn't allowed",
                             TEXT_QUOTED(word));
        }
        p += size;
        p += strspn(p, blanks);
    }
    return ERROR_NONE;
}
