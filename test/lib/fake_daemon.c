#include "test/lib/fake_daemon.h"

#include "base/buffer.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define CONNECTIONS_MAX 300
#define REQUESTS_MAX    5000

struct connection {
    int fd; /* -1: free. */
    struct buffer in;
    bool held;
    struct fake_answer answer; /* While it is held. */
};

struct fake_daemon {
    fake_handler handler;
    void *data;
    char folder[64];
    char socket[96];
    int listen_fd;
    int stop_pipe[2];
    pthread_t thread;
    struct connection connections[CONNECTIONS_MAX];
    unsigned n_held;

    pthread_mutex_t mutex; /* Guards what follows. */
    char *requests[REQUESTS_MAX];
    size_t n_requests;
    size_t n_accepted;
    unsigned max_held;
};

static void must(bool condition, const char *what)
{
    if (!condition) {
        perror(what);
        abort();
    }
}

static void close_connection(struct fake_daemon *daemon, struct connection *connection)
{
    if (connection->held) {
        connection->held = false;
        daemon->n_held--;
        free(connection->answer.body);
    }
    close(connection->fd);
    connection->fd = -1;
    buffer_close(&connection->in);
}

static void send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);

        if (n < 0) {
            return;
        }
        data += n;
        size -= (size_t)n;
    }
}

static void send_answer(struct fake_daemon *daemon, struct connection *connection,
                        struct fake_answer *answer)
{
    const char *body = answer->body != NULL ? answer->body : "";
    struct buffer out = {0};
    bool last = answer->raw || answer->drop;

    if (!last) {
        buffer_printf(&out, "HTTP/1.1 %d X\r\nContent-Type: application/json\r\n", answer->status);
        if (answer->etag[0] != '\0') {
            buffer_printf(&out, "Etag: %s\r\n", answer->etag);
        }
        if (answer->location[0] != '\0') {
            buffer_printf(&out, "Location: %s\r\n", answer->location);
        }
        buffer_printf(&out, "Content-Length: %zu\r\n\r\n", strlen(body));
    }
    if (!answer->drop) {
        buffer_append_string(&out, body);
    }
    send_all(connection->fd, out.data, out.size);
    buffer_close(&out);
    free(answer->body);
    answer->body = NULL;
    if (last) {
        close_connection(daemon, connection);
    }
}

static void release_held(struct fake_daemon *daemon)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct connection *connection = &daemon->connections[i];

        if (connection->fd >= 0 && connection->held) {
            connection->held = false;
            daemon->n_held--;
            send_answer(daemon, connection, &connection->answer);
        }
    }
}

static void handle(struct fake_daemon *daemon, struct connection *connection,
                   const struct fake_request *request)
{
    struct fake_answer answer = {.status = 200};
    char *line = NULL;

    must(asprintf(&line, "%s %s %s", request->method, request->target, request->body) >= 0,
         "asprintf");
    pthread_mutex_lock(&daemon->mutex);
    must(daemon->n_requests < REQUESTS_MAX, "too many requests");
    daemon->requests[daemon->n_requests++] = line;
    pthread_mutex_unlock(&daemon->mutex);
    daemon->handler(daemon->data, request, &answer);
    if (answer.hold == 0) {
        send_answer(daemon, connection, &answer);
        return;
    }
    connection->held = true;
    connection->answer = answer;
    daemon->n_held++;
    pthread_mutex_lock(&daemon->mutex);
    if (daemon->n_held > daemon->max_held) {
        daemon->max_held = daemon->n_held;
    }
    pthread_mutex_unlock(&daemon->mutex);
    if (daemon->n_held >= answer.hold) {
        release_held(daemon);
    }
}

/* Returns whether a whole request was there and was handled. */
static bool take_request(struct fake_daemon *daemon, struct connection *connection)
{
    struct fake_request request;
    size_t body_size = 0;
    char *copy;
    char *end;
    char *length;
    char *save;

    if (connection->held || connection->in.size == 0) {
        return false;
    }
    copy = strndup(connection->in.data, connection->in.size);
    must(copy != NULL, "strndup");
    end = strstr(copy, "\r\n\r\n");
    if (end == NULL) {
        free(copy);
        return false;
    }
    *end = '\0';
    length = strcasestr(copy, "\r\nContent-Length:");
    if (length != NULL) {
        body_size = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
    }
    if (connection->in.size < (size_t)(end + 4 - copy) + body_size) {
        free(copy);
        return false;
    }
    end[4 + body_size] = '\0';
    request.body = end + 4;
    request.header = strstr(copy, "\r\n") != NULL ? strstr(copy, "\r\n") + 2 : "";
    buffer_consume(&connection->in, (size_t)(end + 4 - copy) + body_size);
    request.method = strtok_r(copy, " ", &save);
    request.target = strtok_r(NULL, " ", &save);
    handle(daemon, connection, &request);
    free(copy);
    return connection->fd >= 0;
}

static void read_connection(struct fake_daemon *daemon, struct connection *connection)
{
    char *room = buffer_reserve(&connection->in, 65536);
    ssize_t n;

    must(room != NULL, "buffer_reserve");
    n = recv(connection->fd, room, 65536, 0);
    if (n <= 0) {
        close_connection(daemon, connection);
        return;
    }
    connection->in.size += (size_t)n;
    while (take_request(daemon, connection)) {
    }
}

static void accept_connection(struct fake_daemon *daemon)
{
    int fd = accept4(daemon->listen_fd, NULL, NULL, SOCK_CLOEXEC);

    must(fd >= 0, "accept");
    pthread_mutex_lock(&daemon->mutex);
    daemon->n_accepted++;
    pthread_mutex_unlock(&daemon->mutex);
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (daemon->connections[i].fd < 0) {
            daemon->connections[i] = (struct connection){.fd = fd};
            return;
        }
    }
    must(false, "too many connections");
}

static void *run(void *data)
{
    struct fake_daemon *daemon = data;
    struct pollfd fds[CONNECTIONS_MAX + 2];

    for (;;) {
        fds[0] = (struct pollfd){.fd = daemon->stop_pipe[0], .events = POLLIN};
        fds[1] = (struct pollfd){.fd = daemon->listen_fd, .events = POLLIN};
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            fds[2 + i] = (struct pollfd){.fd = daemon->connections[i].fd, .events = POLLIN};
        }
        must(poll(fds, CONNECTIONS_MAX + 2, -1) > 0 || errno == EINTR, "poll");
        if (fds[0].revents != 0) {
            return NULL;
        }
        for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
            if (fds[2 + i].revents != 0 && daemon->connections[i].fd == fds[2 + i].fd) {
                read_connection(daemon, &daemon->connections[i]);
            }
        }
        if (fds[1].revents != 0) {
            accept_connection(daemon);
        }
    }
}

struct fake_daemon *fake_daemon_start(fake_handler handler, void *data)
{
    struct fake_daemon *daemon = calloc(1, sizeof *daemon);
    struct sockaddr_un address = {.sun_family = AF_UNIX};

    must(daemon != NULL, "calloc");
    daemon->handler = handler;
    daemon->data = data;
    strcpy(daemon->folder, "/tmp/lbstate-test-XXXXXX");
    must(mkdtemp(daemon->folder) != NULL, "mkdtemp");
    snprintf(daemon->socket, sizeof daemon->socket, "%s/unix.socket", daemon->folder);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", daemon->socket);
    daemon->listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(daemon->listen_fd >= 0, "socket");
    must(bind(daemon->listen_fd, (struct sockaddr *)&address, sizeof address) == 0, "bind");
    must(listen(daemon->listen_fd, CONNECTIONS_MAX) == 0, "listen");
    must(pipe(daemon->stop_pipe) == 0, "pipe");
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        daemon->connections[i].fd = -1;
    }
    must(pthread_mutex_init(&daemon->mutex, NULL) == 0, "pthread_mutex_init");
    must(pthread_create(&daemon->thread, NULL, run, daemon) == 0, "pthread_create");
    return daemon;
}

void fake_daemon_stop(struct fake_daemon *daemon)
{
    must(write(daemon->stop_pipe[1], "x", 1) == 1, "write");
    must(pthread_join(daemon->thread, NULL) == 0, "pthread_join");
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        if (daemon->connections[i].fd >= 0) {
            close_connection(daemon, &daemon->connections[i]);
        }
    }
    for (size_t i = 0; i < daemon->n_requests; i++) {
        free(daemon->requests[i]);
    }
    close(daemon->listen_fd);
    close(daemon->stop_pipe[0]);
    close(daemon->stop_pipe[1]);
    unlink(daemon->socket);
    rmdir(daemon->folder);
    pthread_mutex_destroy(&daemon->mutex);
    free(daemon);
}

const char *fake_daemon_socket(const struct fake_daemon *daemon)
{
    return daemon->socket;
}

const char *fake_daemon_request(struct fake_daemon *daemon, size_t i)
{
    const char *request;

    pthread_mutex_lock(&daemon->mutex);
    request = i < daemon->n_requests ? daemon->requests[i] : "";
    pthread_mutex_unlock(&daemon->mutex);
    return request;
}

size_t fake_daemon_n_requests(struct fake_daemon *daemon)
{
    size_t n;

    pthread_mutex_lock(&daemon->mutex);
    n = daemon->n_requests;
    pthread_mutex_unlock(&daemon->mutex);
    return n;
}

size_t fake_daemon_n_connections(struct fake_daemon *daemon)
{
    size_t n;

    pthread_mutex_lock(&daemon->mutex);
    n = daemon->n_accepted;
    pthread_mutex_unlock(&daemon->mutex);
    return n;
}

unsigned fake_daemon_max_held(struct fake_daemon *daemon)
{
    unsigned n;

    pthread_mutex_lock(&daemon->mutex);
    n = daemon->max_held;
    pthread_mutex_unlock(&daemon->mutex);
    return n;
}

char *fake_sync(const char *metadata)
{
    char *text = NULL;

    must(asprintf(&text,
                  "{\"type\":\"sync\",\"status\":\"Success\",\"status_code\":200,\"operation\":"
                  "\"\",\"error_code\":0,\"error\":\"\",\"metadata\":%s}\n",
                  metadata) >= 0,
         "asprintf");
    return text;
}

void fake_error(struct fake_answer *answer, int status, const char *text)
{
    answer->status = status;
    free(answer->body);
    answer->body = NULL;
    must(asprintf(&answer->body,
                  "{\"type\":\"error\",\"status\":\"\",\"status_code\":0,\"operation\":\"\","
                  "\"error_code\":%d,\"error\":\"%s\",\"metadata\":null}\n",
                  status, text) >= 0,
         "asprintf");
}
