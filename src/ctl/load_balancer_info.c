/* lbctl load-balancer info: what is known of the health of the backends. */
#include "ctl/load_balancer.h"
#include "ctl/text.h"

#include <string.h>

static int state_path(struct ctl *ctl, char **ret_path, struct lbstate_error *error)
{
    return lbstate_path(ret_path, error, "1.0", "networks", ctl->arguments->words[0],
                        "load-balancers", ctl->arguments->words[1], "state", NULL);
}

static void append_text(struct buffer *out, const char *text)
{
    text_escape(out, text, strlen(text));
}

/* Backends that no port leads to have no health. */
static void append_backend(struct buffer *out, const char *name, const json_t *backend)
{
    const json_t *ports = json_object_get(backend, "ports");

    if (json_array_size(ports) == 0) {
        return;
    }
    buffer_append_string(out, "  ");
    append_text(out, name);
    buffer_append_string(out, " (");
    append_text(out, member_text(backend, "address"));
    buffer_append_string(out, "):\n");
    for (size_t i = 0; i < json_array_size(ports); i++) {
        const json_t *port = json_array_get(ports, i);

        buffer_append_string(out, "    - ");
        append_text(out, member_text(port, "protocol"));
        buffer_printf(out, "/%" JSON_INTEGER_FORMAT ": ",
                      json_integer_value(json_object_get(port, "port")));
        append_text(out, member_text(port, "status"));
        buffer_append_char(out, '\n');
    }
    buffer_append_char(out, '\n');
}

static int print_health(struct ctl *ctl, const json_t *state, struct lbstate_error *error)
{
    json_t *health = json_object_get(state, "backend_health");
    struct buffer text = {0};
    const char *name;
    json_t *backend;
    int rv = LBSTATE_OK;

    if (!json_is_object(health)) {
        return ctl_fail(error, LBSTATE_REFUSED,
                        "No load-balancer health information available. `lbctl load-balancer set "
                        "... healthcheck=true` asks for it");
    }
    buffer_append_string(&text, "Backend health:\n");
    json_object_foreach(health, name, backend)
    {
        append_backend(&text, name, backend);
    }
    if (buffer_string(&text) != NULL) {
        fputs(text.data, ctl->out);
    } else {
        rv = ctl_no_memory(error);
    }
    buffer_close(&text);
    return rv;
}

int load_balancer_info(struct ctl *ctl, struct lbstate_error *error)
{
    int rv = format_record_check(ctl->arguments, error);

    return rv == LBSTATE_OK ? record_info(ctl, state_path, print_health, error) : rv;
}
