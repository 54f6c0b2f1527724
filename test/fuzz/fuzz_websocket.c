/* Sends the input to a WebSocket, whole and in two pieces: the second as what came
 * with the handshake, or behind it. What comes back must be frames that a server may
 * send, none after a close frame, and the WebSocket must come to its end. */
#include "api/websocket.h"

#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

#define CHECK(CONDITION)                                                                           \
    do {                                                                                           \
        if (!(CONDITION)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #CONDITION);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void on_closed(void *data)
{
    ++*(unsigned *)data;
}

/* The server has closed its end, so that this ends. */
static void read_all(int fd, struct buffer *ret_output)
{
    char piece[4096];
    ssize_t n;

    *ret_output = (struct buffer){0};
    while ((n = read(fd, piece, sizeof piece)) > 0) {
        buffer_append(ret_output, piece, (size_t)n);
    }
    CHECK(!buffer_failed(ret_output));
}

static void check_frames(const uint8_t *at, size_t size)
{
    while (size > 0) {
        unsigned opcode = at[0] & 0x0f;
        size_t length;

        CHECK(size >= 2);
        CHECK((at[0] & 0xf0) == 0x80);
        CHECK(opcode == 0x8 || opcode == 0x9 || opcode == 0xa); /* No text was sent. */
        length = at[1];
        CHECK(length <= 125); /* Unmasked. */
        CHECK(size >= 2 + length);
        CHECK(opcode != 0x8 || size == 2 + length);
        CHECK(opcode != 0x8 || length != 1);
        at += 2 + length;
        size -= 2 + length;
    }
}

/* EARLY bytes of the input came with the handshake. */
static void run(const uint8_t *data, size_t size, size_t early)
{
    static const char empty_line[] = "\r\n\r\n";
    const struct buffer input = {.data = (char *)(uintptr_t)data, .size = early};
    struct websocket_options options = {
        .queue_size = 4096,
        .ping_interval_ms = 60 * 1000,
        .close_timeout_ms = 60 * 1000,
        .closed = on_closed,
    };
    struct websocket *websocket;
    struct buffer output;
    unsigned n_closed = 0;
    struct error error;
    const char *frames;
    uv_loop_t loop;
    int fds[2];

    CHECK(socketpair(AF_UNIX, SOCK_STREAM, 0, fds) == 0);
    CHECK(size == early || write(fds[0], data + early, size - early) == (ssize_t)(size - early));
    CHECK(shutdown(fds[0], SHUT_WR) == 0);
    CHECK(uv_loop_init(&loop) == 0);
    options.loop = &loop;
    options.data = &n_closed;
    CHECK(websocket_open(&options, fds[1], ACCEPT, &input, &websocket, &error) == ERROR_NONE);
    uv_run(&loop, UV_RUN_DEFAULT);
    CHECK(n_closed == 1);
    CHECK(uv_loop_close(&loop) == 0);
    read_all(fds[0], &output);
    close(fds[0]);
    if (output.size > 0) {
        frames = memmem(output.data, output.size, empty_line, 4);
        CHECK(frames != NULL);
        frames += 4;
        check_frames((const uint8_t *)frames, output.size - (size_t)(frames - output.data));
    }
    buffer_close(&output);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    signal(SIGPIPE, SIG_IGN);
    if (size > 0) {
        run(data, size, 0);
        run(data, size, size);
        run(data, size, size / 2);
    }
    return 0;
}
