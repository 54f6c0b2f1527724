/* cluster.c - /1.0/cluster of a server that stands alone. */
#include "api/handlers.h"

#include "api/response.h"
#include "lb/etag.h"
#include "lb/network_state.h"
#include "lb/project.h"
#include "store/networks.h"

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

/* What a server that joins would have to set for itself. */
static int write_member_config(struct json_writer *w, const struct network *network,
                               struct error *error)
{
    for (size_t i = 0; network_member_keys[i] != NULL; i++) {
        const char *key = network_member_keys[i];
        struct buffer description = {0};
        const char *text;

        if (string_map_get(&network->config, key) == NULL) {
            continue;
        }
        buffer_printf(&description, "\"%s\" property for network \"%s\"", key, network->name);
        text = buffer_string(&description);
        if (text == NULL) {
            buffer_close(&description);
            return error_no_memory(error);
        }
        json_write_object_begin(w);
        write_member(w, "entity", "network");
        write_member(w, "name", network->name);
        write_member(w, "key", key);
        write_member(w, "value", "");
        write_member(w, "description", text);
        json_write_object_end(w);
        buffer_close(&description);
    }
    return ERROR_NONE;
}

static int write_cluster(struct json_writer *w, const struct store_network_request *r,
                         struct error *error)
{
    json_write_object_begin(w);
    write_member(w, "server_name", "");
    json_write_key(w, "enabled");
    json_write_bool(w, false);
    json_write_key(w, "member_config");
    json_write_array_begin(w);
    for (size_t i = 0; i < r->n_networks; i++) {
        int rv = write_member_config(w, &r->networks[i].network, error);

        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    json_write_array_end(w);
    json_write_object_end(w);
    return ERROR_NONE;
}

/* The ETag is that of all that is told. */
static int compute_etag(const struct store_network_request *r, char out[ETAG_SIZE],
                        struct error *error)
{
    struct buffer text = {0};
    struct json_writer w;
    int rv;

    json_writer_init(&w, &text, true);
    rv = write_cluster(&w, r, error);
    if (rv == ERROR_NONE) {
        rv = etag_text(&text, out, error);
    }
    buffer_close(&text);
    return rv;
}

static void finish_get(struct api_call *call, struct store_request *done)
{
    const struct store_network_request *r = (const struct store_network_request *)done;
    struct response response;
    char etag[ETAG_SIZE];
    struct error error;
    int rv;

    response_begin(&response);
    rv = compute_etag(r, etag, &error);
    if (rv == ERROR_NONE) {
        rv = write_cluster(&response.json, r, &error);
    }
    if (rv == ERROR_NONE) {
        response_send(&response, call, etag, done->revision);
    } else {
        response_discard(&response);
        response_error(call, &error);
    }
}

/* Keys that are a member's own are those of networks on its interfaces, which only the
 * default project has. */
void handle_cluster_get(struct api_call *call)
{
    struct store_network_request *r = api_alloc(call, sizeof *r);

    if (r != NULL) {
        r->project = PROJECT_DEFAULT;
        api_submit(call, &r->base, STORE_READ, "cluster_get", store_network_list, finish_get);
    }
}

void handle_cluster_members_post(struct api_call *call)
{
    struct error error;

    error_set(&error, ERROR_INVALID, "This server is not clustered");
    response_error(call, &error);
}

/* Whatever is asked about members: there are none. */
void handle_cluster_member(struct api_call *call)
{
    struct error error;

    error_set(&error, ERROR_INVALID, "Server is not clustered");
    response_error(call, &error);
}
