#include "db/dump.h"

#include "db/conn_internal.h"
#include "db/wire_internal.h"

#include <endian.h>
#include <stdlib.h>
#include <string.h>

#define REQUEST_DUMP 15
#define WIRE_FILES   9 /* The type of its answer. */
#define N_FILES      2

/* What newer versions of dqlite answer when it doesn't have the database. */
#define DQLITE_NOTFOUND 1002

static const char DUMP_NAME[] = "dump";

void db_dump_close(struct db_dump *dump)
{
    free(dump->image.data);
    free(dump->log);
    *dump = (struct db_dump){.log = NULL};
}

static void encode(struct buffer *out, const char *name)
{
    static const char zeros[WIRE_WORD_SIZE];
    size_t size = strlen(name);
    size_t n_words = size / WIRE_WORD_SIZE + 1; /* Its NUL always finds room. */
    const uint32_t words = htole32((uint32_t)n_words);
    const uint8_t rest[WIRE_HEADER_SIZE - sizeof words] = {REQUEST_DUMP};

    buffer_append(out, &words, sizeof words);
    buffer_append(out, rest, sizeof rest);
    buffer_append(out, name, size);
    buffer_append(out, zeros, n_words * WIRE_WORD_SIZE - size);
}

/* A FILES message whose body comes in piece by piece: a uint64 with the number of files, and of
 * each its name as text and its bytes as a blob. */
struct body {
    struct channel *channel;
    const struct db_context *context;
    size_t size; /* Bytes left. */
};

static int malformed(struct error *error, const char *what)
{
    return error_set(error, ERROR_PROTOCOL, "The engine sent a malformed message: %s", what);
}

static int get_bytes(struct body *body, void *data, size_t size, struct error *error)
{
    if (size > body->size) {
        return malformed(error, "a file is cut");
    }
    body->size -= size;
    return channel_receive_bytes(body->channel, body->context, data, size, error);
}

static int get_word(struct body *body, uint64_t *ret_word, struct error *error)
{
    uint64_t word;
    int rv = get_bytes(body, &word, sizeof word, error);

    if (rv == ERROR_NONE) {
        *ret_word = le64toh(word);
    }
    return rv;
}

/* The name of a file; the order says which one it is. */
static int skip_text(struct body *body, struct error *error)
{
    char word[WIRE_WORD_SIZE];
    int rv;

    do {
        rv = get_bytes(body, word, sizeof word, error);
    } while (rv == ERROR_NONE && memchr(word, '\0', sizeof word) == NULL);
    return rv;
}

/* *RET_DATA is NULL if the file is empty. */
static int get_file(struct body *body, char **ret_data, size_t *ret_size, struct error *error)
{
    uint64_t size;
    char *data = NULL;
    int rv = skip_text(body, error);

    if (rv == ERROR_NONE) {
        rv = get_word(body, &size, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (size > body->size || size % WIRE_WORD_SIZE != 0) {
        return malformed(error, "a file is cut");
    }
    if (size > 0) {
        data = malloc((size_t)size);
        if (data == NULL) {
            return error_no_memory(error);
        }
        rv = get_bytes(body, data, (size_t)size, error);
    }
    if (rv != ERROR_NONE) {
        free(data);
        return rv;
    }
    *ret_data = data;
    *ret_size = (size_t)size;
    return ERROR_NONE;
}

/* DUMP is zeroed; after an error it may hold some. */
static int get_files(struct body *body, struct db_dump *dump, struct error *error)
{
    uint64_t words[1 + WIRE_HEADER_SIZE / WIRE_WORD_SIZE]; /* The header, and how many. */
    int rv = channel_receive_bytes(body->channel, body->context, words, sizeof words, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    body->size -= sizeof words[1];
    if (le64toh(words[1]) != N_FILES) {
        return malformed(error, "a dump has two files");
    }
    rv = get_file(body, &dump->image.data, &dump->image.size, error);
    if (rv == ERROR_NONE) {
        rv = get_file(body, &dump->log, &dump->log_size, error);
    }
    if (rv == ERROR_NONE && body->size != 0) {
        rv = malformed(error, "something follows the last file");
    }
    return rv;
}

/* The answer is something else: the failure that it stands for. */
static int take_other(struct db_conn *conn, const struct db_context *context, struct error *error)
{
    struct conn_report went = {.answered = false};
    struct wire_message message;
    int rv = conn_receive(conn, context, DUMP_NAME, &message, &went, error);

    if (rv == ERROR_NONE) {
        rv = error_set(error, ERROR_PROTOCOL, "The engine sent a message of type %u, not %u",
                       message.type, WIRE_FILES);
        conn_break(conn, error);
    } else if (went.answered && went.code == DQLITE_NOTFOUND) {
        rv = error_set(error, ERROR_UNAVAILABLE, "This node has no copy of the database");
    }
    return rv;
}

/* Everything that ends here in the middle of the answer breaks the connection. */
static int receive(struct db_conn *conn, const struct db_context *context, size_t size_max,
                   struct db_dump *dump, struct error *error)
{
    struct body body = {.channel = &conn->channel, .context = context};
    struct wire_header header;
    int rv = channel_peek_header(&conn->channel, context, SIZE_MAX, &header, error);

    if (rv == ERROR_NONE && header.type != WIRE_FILES) {
        return take_other(conn, context, error);
    }
    if (rv == ERROR_NONE && header.body_size > size_max) {
        rv = error_set(error, ERROR_TOO_LARGE, "The copy of the database exceeds %zu bytes",
                       size_max);
    }
    if (rv == ERROR_NONE) {
        body.size = header.body_size;
        rv = get_files(&body, dump, error);
    }
    if (rv != ERROR_NONE) {
        error_prefix(error, "%s: ", DUMP_NAME);
        conn_break(conn, error);
    }
    return rv;
}

int db_conn_dump(struct db_conn *conn, const struct db_context *context, const char *name,
                 size_t size_max, struct db_dump *ret_dump, struct error *error)
{
    uint64_t start_us = clock_monotonic_us();
    struct db_dump dump = {.log = NULL};
    int rv = conn_check_idle(conn, context, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    if (conn->copy != NULL) {
        return error_set(error, ERROR_INTERNAL, "A copy can't be dumped");
    }
    if (size_max == 0 || size_max > DB_DUMP_SIZE_MAX) {
        size_max = DB_DUMP_SIZE_MAX;
    }
    encode(&conn->channel.out, name);
    rv = conn_send(conn, context, error);
    if (rv == ERROR_NONE) {
        rv = receive(conn, context, size_max, &dump, error);
    }
    if (rv == ERROR_NONE && dump.image.size == 0) {
        rv = error_set(error, ERROR_UNAVAILABLE, "This node has no copy of the database");
    }
    conn_observe(conn, DUMP_NAME, rv, 0, start_us);
    if (rv != ERROR_NONE) {
        db_dump_close(&dump);
        return rv;
    }
    *ret_dump = dump;
    return ERROR_NONE;
}
