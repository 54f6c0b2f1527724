#include "lb/etag.h"

#include "base/json_writer.h"
#include "lb/network.h"

#include <openssl/evp.h>
#include <stdio.h>
#include <string.h>

#define SHA256_SIZE 32

_Static_assert(ETAG_SIZE == 2 * SHA256_SIZE + 1, "two digits a byte and a NUL");

static void write_config(struct json_writer *w, const struct string_map *config)
{
    json_write_object_begin(w);
    for (size_t i = 0; i < config->n_pairs; i++) {
        json_write_key(w, config->pairs[i].key);
        json_write_string(w, config->pairs[i].value);
    }
    json_write_object_end(w);
}

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_backends(struct json_writer *w, const struct network_load_balancer *lb)
{
    json_write_array_begin(w);
    for (size_t i = 0; i < lb->n_backends; i++) {
        json_write_object_begin(w);
        write_member(w, "name", lb->backends[i].name);
        write_member(w, "description", lb->backends[i].description);
        write_member(w, "target_port", lb->backends[i].target_port);
        write_member(w, "target_address", lb->backends[i].target_address);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}

static void write_ports(struct json_writer *w, const struct network_load_balancer *lb)
{
    json_write_array_begin(w);
    for (size_t i = 0; i < lb->n_ports; i++) {
        json_write_object_begin(w);
        write_member(w, "description", lb->ports[i].description);
        write_member(w, "protocol", lb->ports[i].protocol);
        write_member(w, "listen_port", lb->ports[i].listen_port);
        json_write_key(w, "target_backend");
        json_write_array_begin(w);
        for (size_t j = 0; j < lb->ports[i].n_target_backend; j++) {
            json_write_string(w, lb->ports[i].target_backend[j]);
        }
        json_write_array_end(w);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}

static void write_forward_ports(struct json_writer *w, const struct network_forward *forward)
{
    json_write_array_begin(w);
    for (size_t i = 0; i < forward->n_ports; i++) {
        const struct network_forward_port *port = &forward->ports[i];

        json_write_object_begin(w);
        write_member(w, "description", port->description);
        write_member(w, "protocol", port->protocol);
        write_member(w, "listen_port", port->listen_port);
        write_member(w, "target_port", port->target_port);
        write_member(w, "target_address", port->target_address);
        json_write_key(w, "snat");
        json_write_bool(w, port->snat);
        json_write_object_end(w);
    }
    json_write_array_end(w);
}

static void begin(struct json_writer *w, struct buffer *buffer)
{
    buffer_init(buffer);
    json_writer_init(w, buffer, true);
}

int etag_text(struct buffer *buffer, char out[ETAG_SIZE], struct error *error)
{
    unsigned char hash[EVP_MAX_MD_SIZE];

    /* As Go's encoder ends a value. */
    buffer_append_char(buffer, '\n');
    if (buffer_failed(buffer)) {
        return error_no_memory(error);
    }
    if (EVP_Digest(buffer->data, buffer->size, hash, NULL, EVP_sha256(), NULL) != 1) {
        return error_set(error, ERROR_INTERNAL, "libcrypto can't compute a SHA-256");
    }
    for (size_t i = 0; i < SHA256_SIZE; i++) {
        snprintf(out + 2 * i, 3, "%02x", hash[i]);
    }
    return ERROR_NONE;
}

/* Closes the buffer. */
static int finish(struct json_writer *w, char out[ETAG_SIZE], struct error *error)
{
    int rv = etag_text(w->buffer, out, error);

    buffer_close(w->buffer);
    return rv;
}

int etag_load_balancer(const struct network_load_balancer *lb, char out[ETAG_SIZE],
                       struct error *error)
{
    struct buffer buffer;
    struct json_writer w;

    begin(&w, &buffer);
    json_write_array_begin(&w);
    json_write_string(&w, lb->listen_address);
    json_write_string(&w, lb->description);
    write_config(&w, &lb->config);
    write_backends(&w, lb);
    write_ports(&w, lb);
    json_write_array_end(&w);
    return finish(&w, out, error);
}

int etag_forward(const struct network_forward *forward, char out[ETAG_SIZE], struct error *error)
{
    struct buffer buffer;
    struct json_writer w;

    begin(&w, &buffer);
    json_write_array_begin(&w);
    json_write_string(&w, forward->listen_address);
    json_write_string(&w, forward->description);
    write_config(&w, &forward->config);
    write_forward_ports(&w, forward);
    json_write_array_end(&w);
    return finish(&w, out, error);
}

int etag_network(const struct network *network, char out[ETAG_SIZE], struct error *error)
{
    struct buffer buffer;
    struct json_writer w;

    begin(&w, &buffer);
    json_write_array_begin(&w);
    json_write_string(&w, network->name);
    json_write_bool(&w, true); /* Managed: the only kind that is stored. */
    json_write_string(&w, network_type_name(network->type));
    json_write_string(&w, network->description);
    write_config(&w, &network->config);
    json_write_array_end(&w);
    return finish(&w, out, error);
}

int etag_project(const struct project *project, char out[ETAG_SIZE], struct error *error)
{
    struct buffer buffer;
    struct json_writer w;

    begin(&w, &buffer);
    json_write_array_begin(&w);
    json_write_string(&w, project->description);
    write_config(&w, &project->config);
    json_write_array_end(&w);
    return finish(&w, out, error);
}

int etag_config(const struct string_map *config, char out[ETAG_SIZE], struct error *error)
{
    struct buffer buffer;
    struct json_writer w;

    begin(&w, &buffer);
    write_config(&w, config);
    return finish(&w, out, error);
}

int etag_check(const char *etag, const char *if_match, struct error *error)
{
    const char *start = if_match;
    size_t size;

    if (if_match == NULL || *if_match == '\0') {
        return ERROR_NONE;
    }
    start += strspn(start, "\"");
    size = strlen(start);
    while (size > 0 && start[size - 1] == '"') {
        size--;
    }
    if (strlen(etag) == size && memcmp(etag, start, size) == 0) {
        return ERROR_NONE;
    }
    return error_set(error, ERROR_PRECONDITION, "ETag doesn't match: %s vs %.*s", etag,
                     (int)(size < ERROR_MESSAGE_SIZE ? size : ERROR_MESSAGE_SIZE), start);
}
