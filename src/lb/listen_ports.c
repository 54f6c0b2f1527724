#include "lb/listen_ports.h"

#include "lb/port.h"
#include "lb/text.h"

#include <string.h>

int listen_ports_check_protocol(const char *protocol, size_t index, struct error *error)
{
    if (strcmp(protocol, "tcp") != 0 && strcmp(protocol, "udp") != 0) {
        return error_set(error, ERROR_INVALID,
                         "Invalid port protocol in port specification %zu, protocol must be "
                         "one of: tcp, udp",
                         index);
    }
    return ERROR_NONE;
}

/* Adds the range to the set; false, and the first port of it that was there. */
static bool add_range(uint8_t *bits, const struct port_range *range, unsigned *ret_duplicate)
{
    for (unsigned port = range->first; port <= range->last; port++) {
        uint8_t bit = (uint8_t)(1U << (port % 8));

        if ((bits[port / 8] & bit) != 0) {
            *ret_duplicate = port;
            return false;
        }
        bits[port / 8] |= bit;
    }
    return true;
}

int listen_ports_add(struct listen_ports *taken, const char *protocol, const char *listen_port,
                     size_t index, size_t *ret_n, struct error *error)
{
    uint8_t *bits = strcmp(protocol, "tcp") == 0 ? taken->tcp : taken->udp;
    struct text_list list;
    const char *item;
    size_t n = 0;
    int rv = ERROR_NONE;

    if (*listen_port == '\0') {
        return error_set(error, ERROR_INVALID, "Missing listen port in port specification %zu",
                         index);
    }
    if (!text_list_init(&list, listen_port)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        struct port_range range;
        unsigned duplicate;

        rv = port_range_parse(item, &range, error);
        if (rv != ERROR_NONE) {
            error_prefix(error, "Invalid listen port in port specification %zu: ", index);
        } else if (!add_range(bits, &range, &duplicate)) {
            rv = error_set(error, ERROR_INVALID,
                           "Duplicate listen port %u for protocol %s in port specification %zu",
                           duplicate, TEXT_QUOTED(protocol), index);
        } else {
            n += port_range_size(&range);
        }
    }
    text_list_close(&list);
    *ret_n = n;
    return rv;
}
