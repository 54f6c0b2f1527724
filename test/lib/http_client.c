#include "test/lib/http_client.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define CALL_TIMEOUT_MS 60000

/* All that was received, grown as needed and always NUL-terminated. */
struct bytes {
    char *data;
    size_t size;
};

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void *must(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "http_client: out of memory\n");
        abort();
    }
    return memory;
}

static void bytes_append(struct bytes *bytes, const char *data, size_t size)
{
    bytes->data = must(realloc(bytes->data, bytes->size + size + 1));
    memcpy(bytes->data + bytes->size, data, size);
    bytes->size += size;
    bytes->data[bytes->size] = '\0';
}

static void bytes_append_text(struct bytes *bytes, const char *text)
{
    bytes_append(bytes, text, strlen(text));
}

/* True once FD is ready for EVENTS. */
static bool wait_for(int fd, short events, int64_t deadline_ms)
{
    for (;;) {
        struct pollfd poller = {.fd = fd, .events = events};
        int64_t left = deadline_ms - now_ms();
        int rc = left <= 0 ? 0 : poll(&poller, 1, (int)left);

        if (rc > 0) {
            return true;
        }
        if (rc == 0 || errno != EINTR) {
            return false;
        }
    }
}

static int connect_to(const char *path, int64_t deadline_ms)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof address.sun_path) {
        return -1;
    }
    memcpy(address.sun_path, path, strlen(path) + 1);
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (fd < 0) {
        return -1;
    }
    /* EAGAIN: the backlog of a Unix socket is full, and poll() can't wait for it. */
    while (connect(fd, (struct sockaddr *)&address, sizeof address) != 0) {
        const struct timespec pause = {.tv_nsec = 1000000};

        if ((errno != EAGAIN && errno != EINTR) || now_ms() >= deadline_ms) {
            close(fd);
            return -1;
        }
        nanosleep(&pause, NULL);
    }
    return fd;
}

static bool send_all(int fd, const char *data, size_t size, int64_t deadline_ms)
{
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);

        if (n >= 0) {
            data += n;
            size -= (size_t)n;
        } else if (errno == EAGAIN) {
            if (!wait_for(fd, POLLOUT, deadline_ms)) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
    return true;
}

/* Reads until the server closes, which it does after its answer because the
 * request says `Connection: close`. False on an error or when time is up. */
static bool receive_all(int fd, struct bytes *received, int64_t deadline_ms)
{
    char buffer[16384];

    for (;;) {
        ssize_t n = recv(fd, buffer, sizeof buffer, 0);

        if (n > 0) {
            bytes_append(received, buffer, (size_t)n);
        } else if (n == 0) {
            return true;
        } else if (errno == EAGAIN) {
            if (!wait_for(fd, POLLIN, deadline_ms)) {
                return false;
            }
        } else if (errno != EINTR) {
            return false;
        }
    }
}

static struct bytes serialise(const struct http_request *request)
{
    struct bytes text = {NULL, 0};
    char line[64];

    bytes_append_text(&text, request->method);
    bytes_append_text(&text, " ");
    bytes_append_text(&text, request->path);
    bytes_append_text(&text, " HTTP/1.1\r\nHost: unix.socket\r\nConnection: close\r\n");
    for (size_t i = 0; request->headers != NULL && request->headers[i] != NULL; i++) {
        bytes_append_text(&text, request->headers[i]);
        bytes_append_text(&text, "\r\n");
    }
    if (request->body != NULL) {
        snprintf(line, sizeof line, "Content-Length: %zu\r\n", request->body_size);
        bytes_append_text(&text, line);
    }
    bytes_append_text(&text, "\r\n");
    if (request->body != NULL) {
        bytes_append(&text, request->body, request->body_size);
    }
    return text;
}

/* Undoes `Transfer-Encoding: chunked` in BODY. False if it is cut or wrong. */
static bool unchunk(const char *body, size_t size, struct bytes *ret_body)
{
    const char *end = body + size;

    for (;;) {
        char *after = NULL;
        unsigned long chunk;

        errno = 0;
        chunk = strtoul(body, &after, 16);
        if (errno != 0 || after == body || after[0] != '\r' || after[1] != '\n') {
            return false;
        }
        body = after + 2;
        if (chunk == 0) {
            return true; /* The trailer holds nothing that a test looks at. */
        }
        if (chunk > (size_t)(end - body) || (size_t)(end - body) - chunk < 2 ||
            memcmp(body + chunk, "\r\n", 2) != 0) {
            return false;
        }
        bytes_append(ret_body, body, chunk);
        body += chunk + 2;
    }
}

static enum http_outcome parse(const struct http_request *request, const struct bytes *received,
                               struct http_answer *ret_answer)
{
    struct http_answer answer = {0};
    struct bytes body = {NULL, 0};
    enum http_outcome outcome = HTTP_MALFORMED;
    const char *head;
    const char *head_end;
    const char *rest;
    size_t rest_size;
    char *length = NULL;
    char *coding = NULL;

    if (received->size == 0) {
        return HTTP_NO_ANSWER;
    }
    head_end = strstr(received->data, "\r\n\r\n");
    if (head_end == NULL) {
        return HTTP_NO_ANSWER;
    }
    if (sscanf(received->data, "HTTP/1.1 %3d", &answer.status) != 1) {
        return HTTP_MALFORMED;
    }
    head = strstr(received->data, "\r\n") + 2;
    answer.head =
        head > head_end ? must(strdup("")) : must(strndup(head, (size_t)(head_end + 2 - head)));
    rest = head_end + 4;
    rest_size = received->size - (size_t)(rest - received->data);

    bytes_append_text(&body, "");
    length = http_answer_header(&answer, "Content-Length");
    coding = http_answer_header(&answer, "Transfer-Encoding");
    if (length != NULL && coding != NULL) {
        goto out;
    }
    if (coding != NULL) {
        if (strcasecmp(coding, "chunked") != 0) {
            goto out;
        }
        outcome = unchunk(rest, rest_size, &body) ? HTTP_ANSWERED : HTTP_NO_ANSWER;
    } else if (length != NULL && strcmp(request->method, "HEAD") != 0) {
        char *end = NULL;
        unsigned long long expected = strtoull(length, &end, 10);

        if (end == length || *end != '\0' || rest_size > expected) {
            goto out;
        }
        bytes_append(&body, rest, rest_size);
        outcome = rest_size == expected ? HTTP_ANSWERED : HTTP_NO_ANSWER;
    } else {
        bytes_append(&body, rest, rest_size);
        outcome = HTTP_ANSWERED;
    }

out:
    free(length);
    free(coding);
    if (outcome == HTTP_ANSWERED) {
        answer.body = body.data;
        answer.body_size = body.size;
        *ret_answer = answer;
    } else {
        free(answer.head);
        free(body.data);
    }
    return outcome;
}

enum http_outcome http_send(const char *socket_path, const struct http_request *request,
                            int timeout_ms, struct http_answer *ret_answer)
{
    int64_t deadline_ms = now_ms() + timeout_ms;
    struct bytes received = {NULL, 0};
    struct bytes text;
    enum http_outcome outcome;
    bool sent;
    bool complete;
    int fd = connect_to(socket_path, deadline_ms);

    if (fd < 0) {
        return HTTP_NOT_SENT;
    }
    text = serialise(request);
    /* A server may refuse a request before it has read all of it, and then
     * close: what it answered counts, not that sending failed. */
    sent = send_all(fd, text.data, text.size, deadline_ms);
    complete = receive_all(fd, &received, deadline_ms);
    outcome = (sent && complete) || received.size > 0 ? parse(request, &received, ret_answer)
                                                      : HTTP_NO_ANSWER;
    free(text.data);
    free(received.data);
    close(fd);
    return outcome;
}

enum http_outcome http_call(const char *socket_path, const char *method, const char *path,
                            const char *body, struct http_answer *ret_answer)
{
    static const char *const json[] = {"Content-Type: application/json", NULL};
    const struct http_request request = {
        .method = method,
        .path = path,
        .headers = body == NULL ? NULL : json,
        .body = body,
        .body_size = body == NULL ? 0 : strlen(body),
    };

    return http_send(socket_path, &request, CALL_TIMEOUT_MS, ret_answer);
}

char *http_answer_header(const struct http_answer *answer, const char *name)
{
    const char *line = answer->head;
    size_t size = strlen(name);

    while (*line != '\0') {
        const char *end = strstr(line, "\r\n");

        if (strncasecmp(line, name, size) == 0 && line[size] == ':') {
            line += size + 1;
            line += strspn(line, " \t");
            return must(strndup(line, (size_t)(end - line)));
        }
        line = end + 2;
    }
    return NULL;
}

void http_answer_close(struct http_answer *answer)
{
    free(answer->head);
    free(answer->body);
    memset(answer, 0, sizeof *answer);
}
