#include "lb/restricted_subnet.h"

#include "lb/config_address.h"
#include "lb/text.h"

#include <string.h>

int restricted_subnet_parse(const char *element, struct restricted_subnet *ret_subnet,
                            struct error *error)
{
    const char *colon = strchr(element, ':');
    struct restricted_subnet subnet = {.uplink = element};
    struct ip first;
    int rv;

    if (colon == NULL) {
        return error_set(
            error, ERROR_INVALID,
            "Subnet %s invalid, must be in the format of \"<uplink network>:<subnet>\"",
            TEXT_QUOTED(element));
    }
    subnet.uplink_size = (size_t)(colon - element);
    subnet.text = colon + 1;
    rv = config_parse_subnet(subnet.text, &subnet.subnet, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    first = ip_subnet_first(&subnet.subnet);
    subnet.has_host_bits = ip_compare(&first, &subnet.subnet.address) != 0;
    *ret_subnet = subnet;
    return ERROR_NONE;
}
