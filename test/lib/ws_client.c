#include "test/lib/ws_client.h"

#include "test/lib/cmocka_all.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define PATIENCE_MS 60000

/* The example of RFC 6455, section 1.3. */
#define KEY    "dGhlIHNhbXBsZSBub25jZQ=="
#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

/* Up to SIZE bytes; 0: the server closed. */
static size_t receive(int fd, void *data, size_t size)
{
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    ssize_t n;

    assert_int_equal(poll(&poller, 1, PATIENCE_MS), 1);
    n = recv(fd, data, size, 0);
    return n > 0 ? (size_t)n : 0;
}

/* False: the server closed before the first of SIZE bytes. */
static bool receive_all(int fd, void *data, size_t size)
{
    size_t done = 0;

    while (done < size) {
        size_t n = receive(fd, (char *)data + done, size - done);

        if (n == 0) {
            assert_int_equal(done, 0);
            return false;
        }
        done += n;
    }
    return true;
}

/* The head alone is read, not a byte of what follows. */
static char *read_head(int fd)
{
    size_t capacity = 4096;
    char *head = calloc(1, capacity);
    size_t size = 0;

    assert_non_null(head);
    while (strstr(head, "\r\n\r\n") == NULL && size < capacity - 1 &&
           receive(fd, head + size, 1) == 1) {
        size++;
    }
    return head;
}

static char *read_rest(int fd, char *answer)
{
    size_t size = strlen(answer);
    size_t n;

    do {
        answer = realloc(answer, size + 1025);
        assert_non_null(answer);
        n = receive(fd, answer + size, 1024);
        size += n;
        answer[size] = '\0';
    } while (n > 0);
    return answer;
}

int ws_connect(const char *socket_path, const char *path, char **ret_answer)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    char request[1024];
    char *answer;
    bool agreed;
    int size;

    assert_true(fd >= 0);
    assert_true(strlen(socket_path) < sizeof address.sun_path);
    strcpy(address.sun_path, socket_path);
    assert_int_equal(connect(fd, (struct sockaddr *)&address, sizeof address), 0);
    size = snprintf(request, sizeof request,
                    "GET %s HTTP/1.1\r\nHost: unix.socket\r\nConnection: Upgrade\r\n"
                    "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
                    "Sec-WebSocket-Key: " KEY "\r\n\r\n",
                    path);
    assert_true(size > 0 && (size_t)size < sizeof request);
    ws_send_raw(fd, request, (size_t)size);
    answer = read_head(fd);
    agreed = strncmp(answer, "HTTP/1.1 101 ", 13) == 0;
    if (agreed) {
        assert_non_null(strstr(answer, "\r\nUpgrade: websocket\r\n"));
        assert_non_null(strstr(answer, "\r\nConnection: Upgrade\r\n"));
        assert_non_null(strstr(answer, "\r\nSec-WebSocket-Accept: " ACCEPT "\r\n"));
        free(answer);
        return fd;
    }
    assert_int_equal(shutdown(fd, SHUT_WR), 0);
    answer = read_rest(fd, answer);
    close(fd);
    if (ret_answer != NULL) {
        *ret_answer = answer;
    } else {
        free(answer);
    }
    return -1;
}

void ws_read(int fd, struct ws_frame *ret_frame)
{
    unsigned char head[2];
    unsigned char extended[8] = {0};
    uint64_t size;

    *ret_frame = (struct ws_frame){.opcode = WS_CLOSE};
    if (!receive_all(fd, head, sizeof head)) {
        return;
    }
    assert_int_equal(head[0] & 0xf0, 0x80); /* Whole, and no extension. */
    assert_int_equal(head[1] & 0x80, 0);    /* Servers don't mask. */
    size = head[1];
    if (size >= 126) {
        size_t n = size == 126 ? 2 : 8;

        assert_true(receive_all(fd, extended, n));
        size = 0;
        for (size_t i = 0; i < n; i++) {
            size = size << 8 | extended[i];
        }
    }
    assert_true(size < 16 * 1024 * 1024);
    ret_frame->opcode = head[0] & 0x0f;
    ret_frame->size = (size_t)size;
    ret_frame->data = calloc(1, (size_t)size + 1);
    assert_non_null(ret_frame->data);
    assert_true(receive_all(fd, ret_frame->data, (size_t)size) || size == 0);
}

char *ws_read_text(int fd)
{
    struct ws_frame frame;

    for (;;) {
        ws_read(fd, &frame);
        if (frame.opcode != WS_PING) {
            break;
        }
        ws_send(fd, WS_PONG, frame.data, frame.size);
        free(frame.data);
    }
    assert_int_equal(frame.opcode, WS_TEXT);
    return frame.data;
}

void ws_expect_close(int fd, unsigned code, const char *reason)
{
    struct ws_frame frame;

    for (;;) {
        ws_read(fd, &frame);
        if (frame.opcode == WS_CLOSE) {
            break;
        }
        free(frame.data);
    }
    assert_non_null(frame.data); /* Else the server closed without a word. */
    assert_true(frame.size >= 2);
    assert_int_equal((unsigned char)frame.data[0] << 8 | (unsigned char)frame.data[1], code);
    if (reason != NULL) {
        assert_string_equal(frame.data + 2, reason);
    }
    free(frame.data);
}

void ws_send(int fd, enum ws_opcode opcode, const void *data, size_t size)
{
    static const unsigned char mask[4] = {0x37, 0xfa, 0x21, 0x3d};
    unsigned char *bytes = malloc(size + 8);
    size_t n = 2;

    assert_non_null(bytes);
    assert_true(size < 65536);
    bytes[0] = (unsigned char)(0x80 | opcode);
    if (size < 126) {
        bytes[1] = (unsigned char)(0x80 | size);
    } else {
        bytes[1] = 0x80 | 126;
        bytes[n++] = (unsigned char)(size >> 8);
        bytes[n++] = (unsigned char)size;
    }
    memcpy(bytes + n, mask, sizeof mask);
    n += sizeof mask;
    for (size_t i = 0; i < size; i++) {
        bytes[n++] = ((const unsigned char *)data)[i] ^ mask[i % 4];
    }
    ws_send_raw(fd, bytes, n);
    free(bytes);
}

void ws_send_raw(int fd, const void *bytes, size_t size)
{
    const char *at = bytes;

    while (size > 0) {
        ssize_t n = send(fd, at, size, MSG_NOSIGNAL);

        assert_true(n > 0);
        at += n;
        size -= (size_t)n;
    }
}
