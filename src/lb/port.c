#include "lb/port.h"

#include "lb/text.h"

#include <string.h>

#define PORT_MAX 65535

/* Reads a number as Go's ParseInt does: a plus sign and leading zeros are fine. (A
 * minus sign can't stand here: it separates the ports of a range.) */
static int parse_port(const char *text, const char *end, uint16_t *ret_port, struct error *error)
{
    const char *p = text;
    unsigned port = 0;
    bool digits = false;

    if (p < end && *p == '+') {
        p++;
    }
    for (; p < end && *p >= '0' && *p <= '9'; p++) {
        digits = true;
        if (port <= PORT_MAX) {
            port = port * 10 + (unsigned)(*p - '0');
        }
    }
    if (p != end || !digits) {
        struct text_quoted quoted;
        char word[64];
        size_t size = (size_t)(end - text) < sizeof word ? (size_t)(end - text) : sizeof word - 1;

        memcpy(word, text, size);
        word[size] = '\0';
        return error_set(error, ERROR_INVALID, "%s isn't a port number", text_quote(&quoted, word));
    }
    if (port < 1 || port > PORT_MAX) {
        return error_set(error, ERROR_INVALID, "Port %.*s isn't between 1 and %d",
                         (int)(end - text > 64 ? 64 : end - text), text, PORT_MAX);
    }
    *ret_port = (uint16_t)port;
    return ERROR_NONE;
}

int port_range_parse(const char *text, struct port_range *ret_range, struct error *error)
{
    const char *end = text + strlen(text);
    const char *dash = strchr(text, '-');
    struct port_range range;
    int rv;

    if (dash != NULL && strchr(dash + 1, '-') != NULL) {
        return error_set(error, ERROR_INVALID, "Invalid port range %s", TEXT_QUOTED(text));
    }
    rv = parse_port(text, dash == NULL ? end : dash, &range.first, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    range.last = range.first;
    if (dash != NULL) {
        rv = parse_port(dash + 1, end, &range.last, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        if (range.last <= range.first) {
            return error_set(error, ERROR_INVALID, "End port should be higher than start port");
        }
    }
    *ret_range = range;
    return ERROR_NONE;
}

size_t port_range_size(const struct port_range *range)
{
    return (size_t)(range->last - range->first) + 1;
}

int port_list_count(const char *list, size_t *ret_n, size_t *ret_element, struct error *error)
{
    struct text_list elements;
    const char *element;
    size_t n = 0;
    size_t i = 0;
    int rv = ERROR_NONE;

    if (*list == '\0') {
        *ret_n = 0;
        return ERROR_NONE;
    }
    if (!text_list_init(&elements, list)) {
        return error_no_memory(error);
    }
    while ((element = text_list_next(&elements)) != NULL) {
        struct port_range range;

        rv = port_range_parse(element, &range, error);
        if (rv != ERROR_NONE) {
            break;
        }
        n += port_range_size(&range);
        i++;
    }
    text_list_close(&elements);
    *ret_n = n;
    *ret_element = i;
    return rv;
}
