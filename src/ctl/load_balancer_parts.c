/* The verbs for backends and ports. The daemon knows whole load balancers only:
 * each verb gets one, changes its list, and puts it back. */
#include "ctl/load_balancer.h"

#include "ctl/record_parts.h"

#include <string.h>

static int add_backend(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    char **words = ctl->arguments->words;
    const char *target_port = arguments_word(ctl->arguments, 4);
    json_t *backends = record_part_list(lb, "backends");

    if (backends == NULL ||
        json_array_append_new(backends,
                              json_pack("{s:s, s:s, s:s, s:s}", "name", words[2], "description",
                                        record_part_description(ctl), "target_port",
                                        target_port != NULL ? target_port : "", "target_address",
                                        words[3])) != 0) {
        return ctl_no_memory(error);
    }
    return LBSTATE_OK;
}

int backend_add(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, add_backend, error);
}

static int remove_backend(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[2];
    json_t *backends = record_part_list(lb, "backends");

    for (size_t i = 0; i < json_array_size(backends); i++) {
        if (strcmp(member_text(json_array_get(backends, i), "name"), name) == 0) {
            json_array_remove(backends, i);
            return LBSTATE_OK;
        }
    }
    return ctl_fail(error, LBSTATE_REFUSED, "No matching backend found");
}

int backend_remove(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, remove_backend, error);
}

/* "a, b" as a list of names; NULL if memory is lacking. "" gives an empty one. */
static json_t *split_names(const char *text)
{
    json_t *names = json_array();

    while (names != NULL && *text != '\0') {
        const char *start = text + strspn(text, " ");
        size_t size = strcspn(start, ",");

        text = start + size;
        while (size > 0 && start[size - 1] == ' ') {
            size--;
        }
        if (json_array_append_new(names, json_stringn(start, size)) != 0) {
            json_decref(names);
            return NULL;
        }
        text += *text == ',';
    }
    return names;
}

static int add_port(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    char **words = ctl->arguments->words;
    json_t *ports = record_part_list(lb, "ports");

    /* json_pack() takes the list of names, also when it fails. */
    if (ports == NULL ||
        json_array_append_new(ports, json_pack("{s:s, s:s, s:s, s:o}", "description",
                                               record_part_description(ctl), "protocol", words[2],
                                               "listen_port", words[3], "target_backend",
                                               split_names(words[4]))) != 0) {
        return ctl_no_memory(error);
    }
    return LBSTATE_OK;
}

int port_add(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, add_port, error);
}

int port_remove(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, record_ports_remove, error);
}
