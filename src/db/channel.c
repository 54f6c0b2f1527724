#include "db/channel.h"

#include "db/conn.h"

#include <assert.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#define RECEIVE_SIZE (64 * 1024)

/* Buffers that one large message blew up are given back above this. */
#define KEEP_SIZE (1024 * 1024)

int channel_init(struct channel *channel, struct error *error)
{
    buffer_init(&channel->out);
    buffer_init(&channel->in);
    channel->in_start = 0;
    channel->message_size = 0;
    return db_socket_init(&channel->socket, error);
}

void channel_close(struct channel *channel)
{
    db_socket_close(&channel->socket);
    buffer_close(&channel->in);
    buffer_close(&channel->out);
}

static void empty_buffer(struct buffer *buffer)
{
    if (buffer->size > KEEP_SIZE) {
        buffer_close(buffer);
    } else {
        buffer_reset(buffer);
    }
}

/* Takes what is there, without waiting; 0 bytes: nothing. *ret_closed is set at the peer's end. */
static int receive_some(struct channel *channel, char *data, size_t size, size_t *ret_received,
                        bool *ret_closed, struct error *error)
{
    ssize_t n;

    do {
        n = recv(channel->socket.fd, data, size, 0);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        return error_errno(error, ERROR_IO, errno, "Failed receiving from the engine");
    }
    *ret_received = n > 0 ? (size_t)n : 0;
    *ret_closed = n == 0;
    return ERROR_NONE;
}

/* The same, into the channel's buffer. */
static int read_some(struct channel *channel, bool *ret_closed, struct error *error)
{
    size_t received;
    char *end;
    int rv;

    if (channel->in_start > 0) {
        buffer_consume(&channel->in, channel->in_start);
        channel->in_start = 0;
    }
    end = buffer_reserve(&channel->in, RECEIVE_SIZE);
    if (end == NULL) {
        return error_no_memory(error);
    }
    rv = receive_some(channel, end, RECEIVE_SIZE, &received, ret_closed, error);
    if (rv == ERROR_NONE) {
        channel->in.size += received;
    }
    return rv;
}

static int write_some(struct channel *channel, size_t *sent, struct error *error)
{
    ssize_t n;

    do {
        n = send(channel->socket.fd, channel->out.data + *sent, channel->out.size - *sent,
                 MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
        return error_errno(error, ERROR_IO, errno, "Failed sending to the engine");
    }
    if (n > 0) {
        *sent += (size_t)n;
    }
    return ERROR_NONE;
}

/* Forgets the message that was handed out last. */
static void drop_message(struct channel *channel)
{
    channel->in_start += channel->message_size;
    channel->message_size = 0;
    if (channel->in_start == channel->in.size) {
        empty_buffer(&channel->in);
        channel->in_start = 0;
    }
}

int channel_send(struct channel *channel, const struct db_context *context, struct error *error)
{
    const struct db_context deadline = {.deadline_us = context->deadline_us, .canceled = NULL};
    size_t sent = 0;
    bool closed;
    short events;
    int rv;

    if (buffer_failed(&channel->out)) {
        return error_no_memory(error);
    }
    drop_message(channel);
    rv = write_some(channel, &sent, error);
    while (rv == ERROR_NONE && sent < channel->out.size) {
        /* Enough came for any peer that behaves: let it wait. */
        bool full = channel->in.size >= DB_MESSAGE_SIZE_MAX;
        events = 0;
        rv = db_socket_wait(&channel->socket, full ? POLLOUT : POLLIN | POLLOUT, &deadline, &events,
                            error);
        if (rv == ERROR_NONE && (events & POLLIN) != 0) {
            rv = read_some(channel, &closed, error);
            if (rv == ERROR_NONE && closed) {
                rv = error_set(error, ERROR_IO, "The engine closed the connection");
            }
        }
        if (rv == ERROR_NONE && (events & POLLOUT) != 0) {
            rv = write_some(channel, &sent, error);
        }
        if (rv == ERROR_NONE && sent < channel->out.size) {
            rv = db_context_check(&deadline, error);
        }
    }
    empty_buffer(&channel->out);
    return rv;
}

/* Returns false if the next message isn't whole yet. */
static int take_message(struct channel *channel, struct wire_message *ret_message, bool *ret_taken,
                        struct error *error)
{
    size_t size = channel->in.size - channel->in_start;
    const uint8_t *start;
    struct wire_header header;
    int rv;

    *ret_taken = false;
    if (size < WIRE_HEADER_SIZE) {
        return ERROR_NONE;
    }
    start = (const uint8_t *)channel->in.data + channel->in_start;
    rv = wire_decode_header(start, DB_MESSAGE_SIZE_MAX, &header, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (size - WIRE_HEADER_SIZE < header.body_size) {
        return ERROR_NONE;
    }
    ret_message->type = header.type;
    ret_message->body = start + WIRE_HEADER_SIZE;
    ret_message->body_size = header.body_size;
    channel->message_size = WIRE_HEADER_SIZE + header.body_size;
    *ret_taken = true;
    return ERROR_NONE;
}

int channel_receive(struct channel *channel, const struct db_context *context,
                    struct wire_message *ret_message, struct error *error)
{
    bool taken;
    bool closed;
    short events;
    int rv;

    drop_message(channel);
    rv = take_message(channel, ret_message, &taken, error);
    if (rv != ERROR_NONE || taken) {
        return rv;
    }
    for (;;) {
        rv = db_socket_wait(&channel->socket, POLLIN, context, &events, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        rv = read_some(channel, &closed, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
        if (closed) {
            return error_set(error, ERROR_IO, "The engine closed the connection");
        }
        /* A peer that sends a byte now and then must not hold us for ever; but
         * what came whole in time's last moment is taken. */
        rv = take_message(channel, ret_message, &taken, error);
        if (rv != ERROR_NONE || taken) {
            return rv;
        }
        rv = db_context_check(context, error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
}

int channel_peek_header(struct channel *channel, const struct db_context *context,
                        size_t body_size_max, struct wire_header *ret_header, struct error *error)
{
    bool closed;
    short events;
    int rv;

    drop_message(channel);
    while (channel->in.size - channel->in_start < WIRE_HEADER_SIZE) {
        rv = db_socket_wait(&channel->socket, POLLIN, context, &events, error);
        if (rv == ERROR_NONE) {
            rv = read_some(channel, &closed, error);
        }
        if (rv == ERROR_NONE && closed) {
            rv = error_set(error, ERROR_IO, "The engine closed the connection");
        }
        if (rv == ERROR_NONE) {
            rv = db_context_check(context, error);
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    return wire_decode_header((const uint8_t *)channel->in.data + channel->in_start, body_size_max,
                              ret_header, error);
}

/* What the channel's buffer has of the next SIZE bytes. */
static size_t take_bytes(struct channel *channel, char *data, size_t size)
{
    size_t there = channel->in.size - channel->in_start;
    size_t taken = there < size ? there : size;

    if (taken > 0) {
        memcpy(data, channel->in.data + channel->in_start, taken);
        channel->in_start += taken;
    }
    return taken;
}

int channel_receive_bytes(struct channel *channel, const struct db_context *context, void *data,
                          size_t size, struct error *error)
{
    char *next = data;
    size_t taken;
    size_t received;
    bool closed = false;
    short events;
    int rv;

    drop_message(channel);
    taken = take_bytes(channel, next, size);
    while (taken < size) {
        rv = db_context_check(context, error);
        if (rv == ERROR_NONE) {
            rv = db_socket_wait(&channel->socket, POLLIN, context, &events, error);
        }
        if (rv == ERROR_NONE) {
            rv = receive_some(channel, next + taken, size - taken, &received, &closed, error);
        }
        if (rv == ERROR_NONE && closed) {
            rv = error_set(error, ERROR_IO, "The engine closed the connection");
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
        taken += received;
    }
    return ERROR_NONE;
}
