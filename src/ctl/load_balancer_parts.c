/* The verbs for backends and ports. The daemon knows whole load balancers only:
 * each verb gets one, changes its list, and puts it back. */
#include "ctl/load_balancer.h"

#include <string.h>

/* The list in RECORD, which is made if it is absent or null. NULL if memory is
 * lacking. Borrowed. */
static json_t *list_of(json_t *record, const char *member)
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

static const char *description_of(const struct ctl *ctl)
{
    const char *description = ctl->arguments->values[OPTION_DESCRIPTION];

    return description != NULL ? description : "";
}

static int add_backend(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    char **words = ctl->arguments->words;
    const char *target_port = arguments_word(ctl->arguments, 4);
    json_t *backends = list_of(lb, "backends");

    if (backends == NULL ||
        json_array_append_new(backends, json_pack("{s:s, s:s, s:s, s:s}", "name", words[2],
                                                  "description", description_of(ctl), "target_port",
                                                  target_port != NULL ? target_port : "",
                                                  "target_address", words[3])) != 0) {
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
    json_t *backends = list_of(lb, "backends");

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

/* "a,b" as a list of names; NULL if memory is lacking. "" gives an empty one. */
static json_t *split_names(const char *text)
{
    json_t *names = json_array();

    while (names != NULL && *text != '\0') {
        size_t size = strcspn(text, ",");

        if (json_array_append_new(names, json_stringn(text, size)) != 0) {
            json_decref(names);
            return NULL;
        }
        text += size;
        text += *text == ',';
    }
    return names;
}

static int add_port(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    char **words = ctl->arguments->words;
    json_t *ports = list_of(lb, "ports");

    /* json_pack() takes the list of names, also when it fails. */
    if (ports == NULL ||
        json_array_append_new(ports,
                              json_pack("{s:s, s:s, s:s, s:o}", "description", description_of(ctl),
                                        "protocol", words[2], "listen_port", words[3],
                                        "target_backend", split_names(words[4]))) != 0) {
        return ctl_no_memory(error);
    }
    return LBSTATE_OK;
}

int port_add(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, add_port, error);
}

/* Words that weren't given match all. */
static bool port_matches(const struct ctl *ctl, const json_t *port)
{
    const char *protocol = arguments_word(ctl->arguments, 2);
    const char *listen_port = arguments_word(ctl->arguments, 3);

    return (protocol == NULL || strcmp(member_text(port, "protocol"), protocol) == 0) &&
           (listen_port == NULL || strcmp(member_text(port, "listen_port"), listen_port) == 0);
}

static int remove_ports(struct ctl *ctl, json_t *lb, struct lbstate_error *error)
{
    json_t *ports = list_of(lb, "ports");
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

int port_remove(struct ctl *ctl, struct lbstate_error *error)
{
    return record_modify(ctl, load_balancer_path, remove_ports, error);
}
