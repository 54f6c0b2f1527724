/* http_connection_state.h - a connection from inside: what reading (http_connection.c) and
 * answering (http_answer.c) share. All of it is the loop's thread's. */
#ifndef LBSTATE_API_HTTP_CONNECTION_STATE_H
#define LBSTATE_API_HTTP_CONNECTION_STATE_H

#include "api/http_hangup.h"
#include "api/http_parse.h"
#include "api/http_server.h"

enum phase {
    PHASE_READING,   /* A request, or waiting for one. Nothing waits in input. */
    PHASE_WORKING,   /* The handler has the request. */
    PHASE_ANSWERING, /* The answer is being written. */
    PHASE_LINGERING, /* Our side is shut down; what still comes is thrown away. */
    PHASE_CLOSED     /* The pipe is closed; only what must end by itself is left. */
};

struct http_connection {
    struct queue link;
    struct http_server *server;
    bool refused;
    enum phase phase;
    bool working;       /* The handler has the request: in PHASE_WORKING or _CLOSED. */
    bool begun;         /* The first byte of a request came. */
    bool keep_alive;    /* Read on after this answer. */
    bool old;           /* HTTP/1.0: wants to hear that the connection is kept. */
    bool discarding;    /* The framing is lost: what comes is thrown away. */
    bool reading;       /* Reads are started. */
    bool read_end;      /* The client sends no more. */
    unsigned n_handles; /* Open ones of the three below. */
    uv_pipe_t pipe;
    uv_timer_t timer;
    struct http_hangup hangup; /* Watched while the handler works. */
    uv_write_t write;
    uv_write_t write_continue;
    uv_shutdown_t shutdown;
    struct http_parser parser;
    struct http_request request;
    struct buffer input; /* Bytes that came before their turn, at most HTTP_READ_SIZE. */
    size_t input_used;   /* Of them. */
    struct buffer answer_head;
    struct buffer answer_body;
    size_t unsent;    /* Bytes of the answer when the timer ran last. */
    size_t discarded; /* Bytes thrown away. */
};

static inline const struct http_limits *
http_connection_limits(const struct http_connection *connection)
{
    return &connection->server->options.limits;
}

static inline size_t http_connection_input_size(const struct http_connection *connection)
{
    return connection->input.size - connection->input_used;
}

/* Ends it at once; it is freed when libuv has let go of all of it. May be called again. */
void http_connection_close(struct http_connection *connection);

/* The handler has answered, or given the request up. */
void http_connection_request_done(struct http_connection *connection);

/* What happens after TIMEOUT_MS depends on the phase. */
void http_connection_start_timer(struct http_connection *connection, unsigned timeout_ms);

/* Closes the connection if it fails. */
void http_connection_start_reading(struct http_connection *connection);

/* The next one, first from what came already. */
void http_connection_read_request(struct http_connection *connection);

/* Answers in the handler's place; the connection ends with it. MESSAGE is copied. */
void http_answer_fail(struct http_connection *connection, unsigned status, const char *message);

#endif
