#include "cluster/names.h"

#include "lb/ip.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

int member_name_check(const char *name, struct error *error)
{
    size_t size = strlen(name);
    bool has_letter = false;

    if (size == 0 || size > MEMBER_NAME_MAX) {
        return error_set(error, ERROR_INVALID,
                         "Invalid member name \"%.80s\": it has 1 to %d "
                         "characters",
                         name, MEMBER_NAME_MAX);
    }
    for (const char *c = name; *c != '\0'; c++) {
        has_letter = has_letter || is_letter(*c);
        if (!is_letter(*c) && !is_digit(*c) && *c != '-') {
            return error_set(error, ERROR_INVALID,
                             "Invalid member name \"%s\": letters, digits and '-' only", name);
        }
    }
    if (name[0] == '-' || name[size - 1] == '-') {
        return error_set(error, ERROR_INVALID,
                         "Invalid member name \"%s\": it can't begin or end with '-'", name);
    }
    if (!has_letter) {
        return error_set(error, ERROR_INVALID, "Invalid member name \"%s\": it needs a letter",
                         name);
    }
    return ERROR_NONE;
}

static int invalid(const char *text, const char *why, struct error *error)
{
    return error_set(error, ERROR_INVALID, "Invalid address \"%.300s\": %s", text, why);
}

/* RET_PORT is the text of the port, NULL if there is none; HOST the part before it. */
static int split(const char *text, char host[MEMBER_ADDRESS_MAX + 1], const char **ret_port,
                 struct error *error)
{
    const char *colon = strrchr(text, ':');
    const char *end = text + strlen(text);
    const char *port = NULL;

    if (text[0] == '[') {
        const char *bracket = strchr(text, ']');

        if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':')) {
            return invalid(text, "after '[' comes an IPv6 address and ']'", error);
        }
        port = bracket[1] == ':' ? bracket + 2 : NULL;
        end = bracket;
        text++;
    } else if (colon != NULL && strchr(text, ':') == colon) {
        port = colon + 1;
        end = colon;
    }
    snprintf(host, MEMBER_ADDRESS_MAX + 1, "%.*s", (int)(end - text), text);
    *ret_port = port;
    return ERROR_NONE;
}

static bool is_host_name(const char *host)
{
    size_t size = strlen(host);

    for (size_t i = 0; i < size; i++) {
        if (!is_letter(host[i]) && !is_digit(host[i]) && host[i] != '-' && host[i] != '.') {
            return false;
        }
    }
    return size > 0 && size <= 253 && host[0] != '-' && host[0] != '.';
}

int member_address_complete(const char *text, char ret_address[MEMBER_ADDRESS_MAX + 1],
                            struct error *error)
{
    static const uint8_t zeros[16];
    char host[MEMBER_ADDRESS_MAX + 1];
    char canonical[IP_TEXT_SIZE];
    long number = CLUSTER_PORT_DEFAULT;
    const char *port = NULL;
    char *end = NULL;
    struct ip ip;
    int code;

    if (strlen(text) > MEMBER_ADDRESS_MAX - 8) {
        return invalid(text, "it is too long", error);
    }
    code = split(text, host, &port, error);
    if (code != ERROR_NONE) {
        return code;
    }
    if (port != NULL) {
        number = is_digit(port[0]) ? strtol(port, &end, 10) : 0;
        if (number < 1 || number > 65535 || *end != '\0') {
            return invalid(text, "a port is a number from 1 to 65535", error);
        }
    }
    if (!ip_parse(host, &ip)) {
        if (!is_host_name(host) || text[0] == '[') {
            return invalid(text, "it is neither an IP address nor a host name", error);
        }
        snprintf(ret_address, MEMBER_ADDRESS_MAX + 1, "%.253s:%ld", host, number);
        return ERROR_NONE;
    }
    if (memcmp(ip.bytes, zeros, sizeof zeros) == 0) {
        return invalid(text,
                       "it stands for all addresses of the machine, and the other members "
                       "need one that they can reach",
                       error);
    }
    ip_format(&ip, canonical);
    snprintf(ret_address, MEMBER_ADDRESS_MAX + 1, ip.family == 6 ? "[%s]:%ld" : "%s:%ld", canonical,
             number);
    return ERROR_NONE;
}
