#include "ctl/record_parts.h"

#include <string.h>

json_t *record_part_list(json_t *record, const char *member)
{
    json_t *list = json_object_get(record, member);

    if (!json_is_array(list)) {
        list = json_array();
        if (json_object_set_new(record, member, list) != 0) {
            return NULL;
        }
    }
    return list;
}

const char *record_part_description(const struct ctl *ctl)
{
    const char *description = ctl->arguments->values[OPTION_DESCRIPTION];

    return description != NULL ? description : "";
}

/* Words that weren't given match all. */
static bool port_matches(const struct ctl *ctl, const json_t *port)
{
    const char *protocol = arguments_word(ctl->arguments, 2);
    const char *listen_port = arguments_word(ctl->arguments, 3);

    return (protocol == NULL || strcmp(member_text(port, "protocol"), protocol) == 0) &&
           (listen_port == NULL || strcmp(member_text(port, "listen_port"), listen_port) == 0);
}

int record_ports_remove(struct ctl *ctl, json_t *record, struct lbstate_error *error)
{
    json_t *ports = record_part_list(record, "ports");
    size_t n_removed = 0;

    for (size_t i = json_array_size(ports); i-- > 0;) {
        if (port_matches(ctl, json_array_get(ports, i))) {
            json_array_remove(ports, i);
            n_removed++;
        }
    }
    if (n_removed == 0) {
        return ctl_fail(error, LBSTATE_REFUSED, "No matching port(s) found");
    }
    if (n_removed > 1 && ctl->arguments->values[OPTION_FORCE] == NULL) {
        return ctl_fail(error, LBSTATE_REFUSED,
                        "Multiple ports match. Use --force to remove them all");
    }
    return LBSTATE_OK;
}
