#include "api/websocket.h"

#include "base/log.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wslay/wslay.h>

/* Bytes that are handed to the kernel at once, and taken from it. */
#define OUTPUT_SIZE (16 * 1024)
#define INPUT_SIZE  4096

/* Pings of a client that may wait for their answer, because it doesn't read. */
#define PONGS_WAITING_MAX 64

enum phase {
    PHASE_OPEN,
    PHASE_CLOSING, /* A close frame was queued, by us or in answer to the client's. */
    PHASE_ENDED,   /* All is sent, and our side shut down; what still comes is thrown away. */
    PHASE_CLOSED
};

struct websocket {
    struct websocket_options options;
    enum phase phase;
    wslay_event_context_ptr frames;
    uv_pipe_t pipe;
    uv_timer_t timer; /* Pings, until it closes; then how long that may take. */
    uv_write_t write;
    uv_shutdown_t shutdown;
    unsigned n_handles;   /* Not closed yet, of pipe and timer. */
    bool failed_open;     /* The caller doesn't know it: tell nobody. */
    bool writing;         /* The kernel has OUTPUT. */
    bool blocked;         /* OUTPUT was full: it may end within a frame. */
    unsigned n_pings;     /* Sent since the last pong. */
    unsigned n_pongs;     /* Queued since a write ended. */
    struct buffer output; /* Frames, and before them the head of the handshake. */
    const char *input;    /* What is being read, while it is. */
    size_t input_size;
    char read_buffer[INPUT_SIZE];
};

/* Ending. */

static void on_closed(uv_handle_t *handle)
{
    struct websocket *websocket = handle->data;

    websocket->n_handles--;
    if (websocket->n_handles > 0) {
        return;
    }
    if (websocket->frames != NULL) {
        wslay_event_context_free(websocket->frames);
    }
    buffer_close(&websocket->output);
    if (!websocket->failed_open) {
        websocket->options.closed(websocket->options.data);
    }
    free(websocket);
}

void websocket_cut(struct websocket *websocket)
{
    if (websocket->phase == PHASE_CLOSED) {
        return;
    }
    websocket->phase = PHASE_CLOSED;
    uv_close((uv_handle_t *)&websocket->pipe, on_closed);
    uv_close((uv_handle_t *)&websocket->timer, on_closed);
}

static void on_close_timeout(uv_timer_t *timer)
{
    websocket_cut(timer->data);
}

static void start_close_timer(struct websocket *websocket)
{
    uv_timer_start(&websocket->timer, on_close_timeout, websocket->options.close_timeout_ms, 0);
}

static void on_shut_down(uv_shutdown_t *shutdown, int status)
{
    struct websocket *websocket = shutdown->data;

    if (status != 0) {
        websocket_cut(websocket);
    }
}

/* Closing a Unix socket with unread bytes in it would take the last frames from the
 * client. So we say that we are done, and wait for it to close. */
static void end(struct websocket *websocket)
{
    websocket->phase = PHASE_ENDED;
    websocket->shutdown.data = websocket;
    if (uv_shutdown(&websocket->shutdown, (uv_stream_t *)&websocket->pipe, on_shut_down) != 0) {
        websocket_cut(websocket);
    }
}

/* The queue is the frame's way, too, but control frames come before texts. */
static void begin_to_close(struct websocket *websocket, enum websocket_code code,
                           const char *reason)
{
    if (websocket->phase != PHASE_OPEN) {
        return;
    }
    websocket->phase = PHASE_CLOSING;
    start_close_timer(websocket);
    log_event(LOG_LEVEL_DEBUG, "api", "Closing a WebSocket", LOG_INTEGER("code", (int)code),
              LOG_TEXT("reason", reason));
    if (wslay_event_queue_close(websocket->frames, (uint16_t)code, (const uint8_t *)reason,
                                strlen(reason)) != 0) {
        websocket_cut(websocket);
    }
}

/* Writing. */

static ssize_t on_send(wslay_event_context_ptr frames, const uint8_t *data, size_t size, int flags,
                       void *user_data)
{
    struct websocket *websocket = user_data;
    size_t room = OUTPUT_SIZE > websocket->output.size ? OUTPUT_SIZE - websocket->output.size : 0;

    (void)flags;
    if (room < size) {
        websocket->blocked = true;
    }
    if (room == 0) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    if (size > room) {
        size = room;
    }
    buffer_append(&websocket->output, data, size);
    if (buffer_failed(&websocket->output)) {
        wslay_event_set_error(frames, WSLAY_ERR_CALLBACK_FAILURE);
        return -1;
    }
    return (ssize_t)size;
}

static void flush(struct websocket *websocket);

static void on_written(uv_write_t *write, int status)
{
    struct websocket *websocket = write->data;

    websocket->writing = false;
    websocket->n_pongs = 0;
    buffer_reset(&websocket->output);
    if (status != 0) {
        websocket_cut(websocket);
    } else {
        flush(websocket);
    }
}

/* Gives the kernel what there is for it, unless it is still busy. */
static void flush(struct websocket *websocket)
{
    uv_buf_t part;

    if (websocket->writing || websocket->phase >= PHASE_ENDED) {
        return;
    }
    websocket->blocked = false;
    if (wslay_event_send(websocket->frames) != 0) {
        websocket_cut(websocket);
        return;
    }
    if (websocket->output.size > 0) {
        part.base = websocket->output.data;
        part.len = websocket->output.size;
        websocket->write.data = websocket;
        if (uv_write(&websocket->write, (uv_stream_t *)&websocket->pipe, &part, 1, on_written) !=
            0) {
            websocket_cut(websocket);
            return;
        }
        websocket->writing = true;
    } else if (!wslay_event_want_read(websocket->frames) &&
               !wslay_event_want_write(websocket->frames)) {
        end(websocket);
    }
}

void websocket_send(struct websocket *websocket, const char *text, size_t size)
{
    const struct wslay_event_msg message = {
        .opcode = WSLAY_TEXT_FRAME, .msg = (const uint8_t *)text, .msg_length = size};

    if (websocket->phase != PHASE_OPEN) {
        return;
    }
    if (wslay_event_get_queued_msg_length(websocket->frames) + websocket->output.size + size >
        websocket->options.queue_size) {
        begin_to_close(websocket, WEBSOCKET_POLICY, "Too slow: more waited than is kept");
    } else if (wslay_event_queue_msg(websocket->frames, &message) != 0) {
        begin_to_close(websocket, WEBSOCKET_INTERNAL, "Out of memory");
    }
    flush(websocket);
}

void websocket_close(struct websocket *websocket, enum websocket_code code, const char *reason)
{
    begin_to_close(websocket, code, reason);
    flush(websocket);
}

static void send_ping(struct websocket *websocket)
{
    static const uint8_t payload[] = "keepalive";
    const struct wslay_event_msg ping = {
        .opcode = WSLAY_PING, .msg = payload, .msg_length = sizeof payload - 1};

    websocket->n_pings++;
    if (wslay_event_queue_msg(websocket->frames, &ping) != 0) {
        begin_to_close(websocket, WEBSOCKET_INTERNAL, "Out of memory");
    }
}

static void on_ping_time(uv_timer_t *timer)
{
    struct websocket *websocket = timer->data;

    if (websocket->n_pings >= WEBSOCKET_PINGS_MAX) {
        begin_to_close(websocket, WEBSOCKET_POLICY, "No answer to pings");
    } else {
        send_ping(websocket);
    }
    flush(websocket);
}

/* Reading. */

static ssize_t on_receive(wslay_event_context_ptr frames, uint8_t *data, size_t size, int flags,
                          void *user_data)
{
    struct websocket *websocket = user_data;

    (void)flags;
    if (websocket->input_size == 0) {
        wslay_event_set_error(frames, WSLAY_ERR_WOULDBLOCK);
        return -1;
    }
    if (size > websocket->input_size) {
        size = websocket->input_size;
    }
    memcpy(data, websocket->input, size);
    websocket->input += size;
    websocket->input_size -= size;
    return (ssize_t)size;
}

/* Pings and close frames are answered by the library. */
static void on_message(wslay_event_context_ptr frames,
                       const struct wslay_event_on_msg_recv_arg *message, void *user_data)
{
    struct websocket *websocket = user_data;

    (void)frames;
    switch (message->opcode) {
    case WSLAY_PING:
        if (++websocket->n_pongs > PONGS_WAITING_MAX) {
            begin_to_close(websocket, WEBSOCKET_POLICY, "Too many pings");
        }
        break;
    case WSLAY_PONG:
        websocket->n_pings = 0;
        break;
    case WSLAY_CONNECTION_CLOSE:
        break;
    default:
        begin_to_close(websocket, WEBSOCKET_UNSUPPORTED, "No messages are taken");
        break;
    }
}

static bool init_frames(struct websocket *websocket)
{
    static const struct wslay_event_callbacks callbacks = {
        .recv_callback = on_receive,
        .send_callback = on_send,
        .on_msg_recv_callback = on_message,
    };

    if (wslay_event_context_server_init(&websocket->frames, &callbacks, websocket) != 0) {
        websocket->frames = NULL;
        return false;
    }
    wslay_event_config_set_max_recv_msg_length(websocket->frames, WEBSOCKET_MESSAGE_MAX);
    return true;
}

/* The library closes without a code where the head of a frame is malformed. So it
 * starts anew, with nothing to send but the code. Where a frame is half sent, or a
 * close frame was, nothing more can be said. */
static void refuse_frame(struct websocket *websocket)
{
    wslay_event_context_free(websocket->frames);
    websocket->frames = NULL;
    if (websocket->phase != PHASE_OPEN || websocket->blocked || !init_frames(websocket)) {
        websocket_cut(websocket);
        return;
    }
    wslay_event_shutdown_read(websocket->frames);
    begin_to_close(websocket, WEBSOCKET_PROTOCOL, "Malformed frame");
    flush(websocket);
}

/* May close it. */
static void take_input(struct websocket *websocket, const char *data, size_t size)
{
    if (websocket->phase >= PHASE_ENDED) {
        return;
    }
    websocket->input = data;
    websocket->input_size = size;
    switch (wslay_event_recv(websocket->frames)) {
    case 0:
        break;
    case WSLAY_ERR_NOMEM:
        websocket_cut(websocket);
        return;
    default:
        refuse_frame(websocket);
        return;
    }
    if (websocket->phase == PHASE_OPEN && !wslay_event_want_read(websocket->frames)) {
        /* The client closes, or broke the rules: the library has queued its answer. */
        websocket->phase = PHASE_CLOSING;
        start_close_timer(websocket);
    }
    flush(websocket);
}

static void on_alloc(uv_handle_t *handle, size_t suggested, uv_buf_t *ret_buf)
{
    struct websocket *websocket = handle->data;

    (void)suggested;
    ret_buf->base = websocket->read_buffer;
    ret_buf->len = sizeof websocket->read_buffer;
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
    struct websocket *websocket = stream->data;

    if (n > 0) {
        take_input(websocket, buf->base, (size_t)n);
    } else if (n < 0) {
        websocket_cut(websocket);
    }
}

/* Beginning. */

static void init_handles(struct websocket *websocket)
{
    uv_pipe_init(websocket->options.loop, &websocket->pipe, 0);
    uv_timer_init(websocket->options.loop, &websocket->timer);
    websocket->pipe.data = websocket;
    websocket->timer.data = websocket;
    websocket->n_handles = 2;
}

int websocket_open(const struct websocket_options *options, int fd, const char *accept,
                   const struct buffer *input, struct websocket **ret_websocket,
                   struct error *error)
{
    struct websocket *websocket = calloc(1, sizeof *websocket);
    int code;

    if (websocket == NULL) {
        close(fd);
        return error_no_memory(error);
    }
    websocket->options = *options;
    init_handles(websocket);
    code = uv_pipe_open(&websocket->pipe, fd);
    if (code != 0) {
        close(fd);
        code = error_errno(error, ERROR_IO, -code, "Failed watching a WebSocket");
        goto err_after_init;
    }
    code = uv_read_start((uv_stream_t *)&websocket->pipe, on_alloc, on_read);
    if (code != 0) {
        code = error_errno(error, ERROR_IO, -code, "Failed reading from a WebSocket");
        goto err_after_init;
    }
    buffer_printf(&websocket->output,
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                  "Connection: Upgrade\r\nSec-WebSocket-Accept: %s\r\n\r\n",
                  accept);
    if (buffer_failed(&websocket->output) || !init_frames(websocket)) {
        code = error_no_memory(error);
        goto err_after_init;
    }
    uv_timer_start(&websocket->timer, on_ping_time, options->ping_interval_ms,
                   options->ping_interval_ms);
    send_ping(websocket);
    take_input(websocket, input->data, input->size);
    *ret_websocket = websocket;
    return ERROR_NONE;

err_after_init:
    websocket->failed_open = true;
    websocket_cut(websocket);
    return code;
}
