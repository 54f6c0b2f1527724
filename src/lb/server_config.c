#include "lb/server_config.h"

#include "lb/config_key.h"
#include "lb/ip.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define HOST_NAME_MAX_BYTES 253
#define SPAN_NUMBER_MAX     100000 /* Of any unit: far from all overflows. */

static int check_offline_threshold(const struct config_rule *rule, const char *value,
                                   struct error *error)
{
    int64_t number;

    if (!config_parse_int(value, &number)) {
        return error_set(error, ERROR_INVALID, "invalid integer");
    }
    if (number < rule->low) {
        return error_set(error, ERROR_INVALID, "Value must be greater than '%lld'",
                         (long long)rule->low - 1);
    }
    if (number > rule->high) {
        return error_set(error, ERROR_INVALID, "Value must not be greater than '%lld'",
                         (long long)rule->high);
    }
    return ERROR_NONE;
}

static int check_max_voters(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t number;

    if (!config_parse_int(value, &number)) {
        return error_set(error, ERROR_INVALID, "invalid integer");
    }
    if (number < rule->low || number > rule->high || number % 2 == 0) {
        return error_set(error, ERROR_INVALID, "Value must be an odd number between %lld and %lld",
                         (long long)rule->low, (long long)rule->high);
    }
    return ERROR_NONE;
}

static int check_max_standby(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t number;

    if (!config_parse_int(value, &number)) {
        return error_set(error, ERROR_INVALID, "invalid integer");
    }
    if (number < rule->low || number > rule->high) {
        return error_set(error, ERROR_INVALID, "Value must be between %lld and %lld",
                         (long long)rule->low, (long long)rule->high);
    }
    return ERROR_NONE;
}

static int check_expiry(const struct config_rule *rule, const char *value, struct error *error)
{
    int64_t expires_s;

    (void)rule;
    return server_config_expiry(value, 0, &expires_s, error);
}

static bool is_host_name(const char *host, size_t size)
{
    if (size == 0 || size > HOST_NAME_MAX_BYTES || host[0] == '-' || host[0] == '.') {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        if (!isalnum((unsigned char)host[i]) && host[i] != '-' && host[i] != '.') {
            return false;
        }
    }
    return true;
}

static bool is_port(const char *text)
{
    uint64_t port;

    return config_parse_uint(text, 65535, &port) && port > 0;
}

/* "host", "host:port", "ip", "[ip6]:port", "[ip6]", "ip6". Names aren't resolved: that would
 * depend on the network at the moment. */
static int check_address(const struct config_rule *rule, const char *value, struct error *error)
{
    const char *colon = strrchr(value, ':');
    const char *host = value;
    size_t size = strlen(value);
    const char *port = NULL;
    char text[HOST_NAME_MAX_BYTES + 1];
    struct ip ip;

    (void)rule;
    if (value[0] == '[') {
        const char *bracket = strchr(value, ']');

        host = value + 1;
        size = bracket == NULL ? 0 : (size_t)(bracket - host);
        port = bracket != NULL && bracket[1] == ':' ? bracket + 2 : NULL;
        if (bracket == NULL || (bracket[1] != '\0' && port == NULL)) {
            return error_set(error, ERROR_INVALID, "Invalid address \"%s\"", value);
        }
    } else if (colon != NULL && strchr(value, ':') == colon) {
        size = (size_t)(colon - value);
        port = colon + 1;
    }
    if ((port != NULL && !is_port(port)) || size > HOST_NAME_MAX_BYTES) {
        return error_set(error, ERROR_INVALID, "Invalid address \"%s\"", value);
    }
    memcpy(text, host, size);
    text[size] = '\0';
    if (text[0] == '\0' || strcmp(text, "::") == 0 || strcmp(text, "0.0.0.0") == 0) {
        return error_set(error, ERROR_INVALID, "Wildcard addresses aren't allowed");
    }
    if (!ip_parse(text, &ip) && (value[0] == '[' || !is_host_name(text, size))) {
        return error_set(error, ERROR_INVALID, "Invalid address \"%s\"", value);
    }
    return ERROR_NONE;
}

static const struct config_rule rules[] = {
    {.key = "cluster.offline_threshold", .check = check_offline_threshold, .low = 2, .high = 3600},
    {.key = "cluster.max_voters", .check = check_max_voters, .low = 1, .high = 9},
    {.key = "cluster.max_standby", .check = check_max_standby, .low = 0, .high = 5},
    {.key = SERVER_CONFIG_JOIN_TOKEN_EXPIRY, .check = check_expiry},
    {.key = SERVER_CONFIG_CLUSTER_ADDRESS, .check = check_address},
    {.key = SERVER_CONFIG_CORE_ADDRESS, .check = check_address},
    {0},
};

int server_config_check(const char *key, const char *value, struct error *error)
{
    const struct config_rule *rule = config_rule_find(rules, key);
    int rv;

    if (config_is_user_key(key) && key[strlen("user.")] != '\0') {
        return ERROR_NONE;
    }
    if (rule == NULL) {
        return error_set(error, ERROR_INVALID, "cannot set '%s' to '': unknown key", key);
    }
    rv = config_rule_check(rule, value, error);
    if (rv == ERROR_INVALID) {
        error_prefix(error, "cannot set '%s' to '%s': ", key, value);
    }
    return rv;
}

/* -- Spans ------------------------------------------------------------------- */

#define UNITS "SMHdwmy"

static int invalid_span(struct error *error)
{
    return error_set(error, ERROR_INVALID, "Invalid expiry expression");
}

/* "12H" at *TEXT; false: it is none. *TEXT is moved behind it. */
static bool read_part(const char **text, int numbers[])
{
    char *end;
    long number;
    const char *unit;

    if (!isdigit((unsigned char)**text)) {
        return false;
    }
    number = strtol(*text, &end, 10);
    unit = *end == '\0' ? NULL : strchr(UNITS, *end);
    if (unit == NULL || number > SPAN_NUMBER_MAX || numbers[unit - UNITS] > 0) {
        return false;
    }
    numbers[unit - UNITS] = (int)number;
    *text = end + 1;
    return true;
}

int server_config_expiry(const char *span, int64_t now_s, int64_t *ret_expires_s,
                         struct error *error)
{
    int numbers[sizeof UNITS - 1] = {0};
    time_t now = (time_t)now_s;
    struct tm date;
    time_t expires;

    if (!read_part(&span, numbers)) {
        return invalid_span(error);
    }
    while (*span != '\0') {
        if (*span != ' ') {
            return invalid_span(error);
        }
        span++;
        if (!read_part(&span, numbers)) {
            return invalid_span(error);
        }
    }
    /* Months and years are those of the calendar. */
    if (gmtime_r(&now, &date) == NULL) {
        return invalid_span(error);
    }
    date.tm_sec += numbers[0];
    date.tm_min += numbers[1];
    date.tm_hour += numbers[2];
    date.tm_mday += numbers[3] + 7 * numbers[4];
    date.tm_mon += numbers[5];
    date.tm_year += numbers[6];
    expires = timegm(&date);
    if (expires < now) {
        return invalid_span(error);
    }
    *ret_expires_s = (int64_t)expires;
    return ERROR_NONE;
}
