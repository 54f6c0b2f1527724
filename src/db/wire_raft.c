#include "db/wire_raft.h"

#include "db/wire_internal.h"

#include <assert.h>
#include <endian.h>
#include <string.h>

enum request_type {
    REQUEST_ADD = 12,
    REQUEST_ASSIGN = 13,
    REQUEST_REMOVE = 14,
    REQUEST_CLUSTER = 16,
    REQUEST_TRANSFER = 17,
};

/* The format of SERVERS that has the roles. */
#define FORMAT_WITH_ROLES 1

#define ROLE_MAX 2

/* An id, an address of at least one word, a role. */
#define SERVER_SIZE_MIN (3 * WIRE_WORD_SIZE)

static void put_word(struct buffer *out, uint64_t word)
{
    word = htole64(word);
    buffer_append(out, &word, sizeof word);
}

static void put_header(struct buffer *out, enum request_type type, size_t n_words)
{
    const uint32_t size = htole32((uint32_t)n_words);
    const uint8_t rest[WIRE_HEADER_SIZE - sizeof size] = {(uint8_t)type};

    buffer_append(out, &size, sizeof size);
    buffer_append(out, rest, sizeof rest);
}

static void put_words(struct buffer *out, enum request_type type, const uint64_t *words,
                      size_t n_words)
{
    put_header(out, type, n_words);
    for (size_t i = 0; i < n_words; i++) {
        put_word(out, words[i]);
    }
}

void wire_encode_add(struct buffer *out, uint64_t id, const char *address)
{
    static const char zeros[WIRE_WORD_SIZE];
    size_t size = strlen(address);
    size_t n_words = size / WIRE_WORD_SIZE + 1; /* Its NUL always finds room. */

    assert(id != 0);
    put_header(out, REQUEST_ADD, 1 + n_words);
    put_word(out, id);
    buffer_append(out, address, size);
    buffer_append(out, zeros, n_words * WIRE_WORD_SIZE - size);
}

void wire_encode_assign(struct buffer *out, uint64_t id, uint64_t role)
{
    assert(id != 0 && role <= ROLE_MAX);
    put_words(out, REQUEST_ASSIGN, (const uint64_t[]){id, role}, 2);
}

void wire_encode_remove(struct buffer *out, uint64_t id)
{
    assert(id != 0);
    put_words(out, REQUEST_REMOVE, &id, 1);
}

void wire_encode_transfer(struct buffer *out, uint64_t id)
{
    assert(id != 0); /* To the engine it means: to whomever. */
    put_words(out, REQUEST_TRANSFER, &id, 1);
}

void wire_encode_cluster(struct buffer *out)
{
    put_words(out, REQUEST_CLUSTER, (const uint64_t[]){FORMAT_WITH_ROLES}, 1);
}

static int malformed(struct error *error, const char *what)
{
    return error_set(error, ERROR_PROTOCOL, "The engine sent a malformed message: %s", what);
}

static bool get_word(struct wire_servers *servers, uint64_t *ret_word)
{
    uint64_t word;

    if (servers->size < sizeof word) {
        return false;
    }
    memcpy(&word, servers->next, sizeof word);
    servers->next += sizeof word;
    servers->size -= sizeof word;
    *ret_word = le64toh(word);
    return true;
}

static bool get_text(struct wire_servers *servers, const char **ret_text)
{
    size_t size = strnlen((const char *)servers->next, servers->size);
    size_t padded = (size / WIRE_WORD_SIZE + 1) * WIRE_WORD_SIZE;

    if (padded > servers->size) {
        return false;
    }
    *ret_text = (const char *)servers->next;
    servers->next += padded;
    servers->size -= padded;
    return true;
}

int wire_servers_begin(const struct wire_message *message, struct wire_servers *ret_servers,
                       struct error *error)
{
    struct wire_servers servers = {.next = message->body, .size = message->body_size};
    uint64_t n;

    if (message->type != WIRE_SERVERS) {
        return error_set(error, ERROR_PROTOCOL, "The engine sent a message of type %u, not %u",
                         message->type, WIRE_SERVERS);
    }
    if (!get_word(&servers, &n) || n > servers.size / SERVER_SIZE_MIN ||
        (n == 0 && servers.size != 0)) {
        return malformed(error, "its servers are cut");
    }
    servers.n_servers = (size_t)n;
    *ret_servers = servers;
    return ERROR_NONE;
}

int wire_servers_next(struct wire_servers *servers, struct wire_cluster_server *ret_server,
                      struct error *error)
{
    struct wire_cluster_server server;

    assert(servers->n_servers > 0);
    if (!get_word(servers, &server.id) || !get_text(servers, &server.address) ||
        !get_word(servers, &server.role)) {
        return malformed(error, "a server is cut");
    }
    if (server.role > ROLE_MAX) {
        return malformed(error, "a server has an unknown role");
    }
    if (--servers->n_servers == 0 && servers->size != 0) {
        return malformed(error, "something follows the last server");
    }
    *ret_server = server;
    return ERROR_NONE;
}
