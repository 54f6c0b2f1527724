#include "test/lib/proxy.h"

#include "db/wire.h"
#include "node/connect.h"
#include "test/lib/cmocka_all.h"

#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define LINKS_MAX      16
#define STATEMENTS_MAX 1024

/* The client's first 8 bytes name the protocol; they have no header. */
#define HANDSHAKE_SIZE 8

/* Types of requests, as the engine numbers them. */
enum { REQUEST_PREPARE = 4, REQUEST_EXEC = 5, REQUEST_QUERY = 6 };

/* No statement has this number: the engine answers with a failure. */
#define STATEMENT_NONE UINT32_MAX

/* The last word of rows after which more of them come. */
#define ROWS_PART UINT64_C(0xeeeeeeeeeeeeeeee)

/* One connection of the client, and the one to the engine that belongs to it. */
struct link {
    int client;
    int engine;
    struct buffer from_client;
    struct buffer from_engine;
    bool greeted;
    bool cut_at_answer;
    bool held;
    uint64_t n_requests;
    uint64_t n_answers;    /* Whole ones: rows may come in parts. */
    uint64_t fails_at;     /* The number of the request whose answer is replaced; 0: none. */
    uint64_t failure_code; /* By this failure. */
    char *preparing;       /* The text whose STMT is awaited. */
    char *statements[STATEMENTS_MAX];
};

struct proxy {
    char address[64];
    int listener;
    int event; /* Wakes the thread. */
    pthread_t thread;
    struct link *links[LINKS_MAX]; /* The thread's. */

    pthread_mutex_t mutex;
    char engine_address[128];
    bool stopping;
    bool cutting;
    bool refusing;
    unsigned n_armed; /* How often the fault is still to happen. */
    enum proxy_fault fault;
    const char *sql;
    unsigned skip;
    uint64_t failure_code;
};

/* assert_ macros jump out of the test, which only its own thread may do. */
static void require(bool condition, const char *what)
{
    if (!condition) {
        perror(what);
        abort();
    }
}

static void wake(struct proxy *proxy)
{
    const uint64_t one = 1;

    require(write(proxy->event, &one, sizeof one) == sizeof one, "proxy: write to eventfd");
}

static uint32_t get_u32(const char *data)
{
    uint32_t value;

    memcpy(&value, data, sizeof value);
    return value;
}

static void cut(struct link **slot)
{
    struct link *link = *slot;

    close(link->client);
    close(link->engine);
    buffer_close(&link->from_client);
    buffer_close(&link->from_engine);
    for (size_t i = 0; i < STATEMENTS_MAX; i++) {
        free(link->statements[i]);
    }
    free(link->preparing);
    free(link);
    *slot = NULL;
}

static void accept_link(struct proxy *proxy, bool refuse)
{
    int client = accept4(proxy->listener, NULL, NULL, SOCK_CLOEXEC);
    char engine_address[sizeof proxy->engine_address];
    struct link *link;

    require(client >= 0, "proxy: accept");
    if (refuse) {
        close(client);
        return;
    }
    link = calloc(1, sizeof *link);
    require(link != NULL, "proxy: calloc");
    link->client = client;
    pthread_mutex_lock(&proxy->mutex);
    memcpy(engine_address, proxy->engine_address, sizeof engine_address);
    pthread_mutex_unlock(&proxy->mutex);
    if (connect_to_node(NULL, engine_address, &link->engine) != 0) {
        close(client);
        free(link);
        return;
    }
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (proxy->links[i] == NULL) {
            proxy->links[i] = link;
            return;
        }
    }
    require(false, "proxy: too many connections");
}

static bool send_all(int fd, const char *data, size_t size)
{
    while (size > 0) {
        ssize_t n = send(fd, data, size, MSG_NOSIGNAL);

        if (n <= 0) {
            return false;
        }
        data += n;
        size -= (size_t)n;
    }
    return true;
}

/* False at the end of the stream. */
static bool receive(int fd, struct buffer *buffer)
{
    char *room = buffer_reserve(buffer, 65536);
    ssize_t n;

    require(room != NULL, "proxy: out of memory");
    n = recv(fd, room, 65536, 0);
    if (n <= 0) {
        return false;
    }
    buffer->size += (size_t)n;
    return true;
}

/* The size of the message at the start of BUFFER; 0 if it isn't there as a whole. */
static size_t message_size(const struct buffer *buffer)
{
    size_t size;

    if (buffer->size < WIRE_HEADER_SIZE) {
        return 0;
    }
    size = WIRE_HEADER_SIZE + (size_t)get_u32(buffer->data) * 8;
    return buffer->size < size ? 0 : size;
}

/* Whether the fault happens at this statement; counts those to skip. */
static bool takes_fault(struct proxy *proxy, const char *sql, enum proxy_fault *ret_fault,
                        uint64_t *ret_failure_code)
{
    bool taken = false;

    pthread_mutex_lock(&proxy->mutex);
    if (proxy->n_armed > 0 && sql != NULL && (proxy->sql == NULL || strcmp(proxy->sql, sql) == 0)) {
        if (proxy->skip > 0) {
            proxy->skip--;
        } else {
            proxy->n_armed--;
            *ret_fault = proxy->fault;
            *ret_failure_code = proxy->failure_code;
            taken = true;
        }
    }
    pthread_mutex_unlock(&proxy->mutex);
    return taken;
}

/* Passes on one request; false: the link is to be cut. */
static bool pass_request(struct proxy *proxy, struct link *link, size_t size)
{
    char *message = link->from_client.data;
    unsigned char type = (unsigned char)message[4];
    char *body = message + WIRE_HEADER_SIZE;
    enum proxy_fault fault = PROXY_HOLD;
    uint64_t failure_code = 0;
    bool faulty = false;

    link->n_requests++;
    if (type == REQUEST_PREPARE) {
        free(link->preparing);
        link->preparing = strdup(body + 8);
        require(link->preparing != NULL, "proxy: strdup");
    } else if (type == REQUEST_EXEC || type == REQUEST_QUERY) {
        faulty = takes_fault(proxy, link->statements[get_u32(body + 4) % STATEMENTS_MAX], &fault,
                             &failure_code);
    }
    if (faulty && fault == PROXY_CUT_BEFORE) {
        return false;
    }
    if (faulty && fault == PROXY_FAIL_BEFORE) {
        const uint32_t none = STATEMENT_NONE;

        /* The engine's own failure keeps the order of the answers. */
        memcpy(body + 4, &none, sizeof none);
    }
    if (faulty && (fault == PROXY_FAIL_BEFORE || fault == PROXY_FAIL_ANSWERED)) {
        link->fails_at = link->n_requests;
        link->failure_code = failure_code;
    }
    if (!send_all(link->engine, message, size)) {
        return false;
    }
    link->cut_at_answer = link->cut_at_answer || (faulty && fault == PROXY_CUT_ANSWERED);
    link->held = link->held || (faulty && fault == PROXY_HOLD);
    return !(faulty && fault == PROXY_CUT_UNANSWERED);
}

static bool pass_requests(struct proxy *proxy, struct link *link)
{
    size_t size;

    if (!receive(link->client, &link->from_client)) {
        return false;
    }
    if (!link->greeted) {
        if (link->from_client.size < HANDSHAKE_SIZE) {
            return true;
        }
        if (!send_all(link->engine, link->from_client.data, HANDSHAKE_SIZE)) {
            return false;
        }
        buffer_consume(&link->from_client, HANDSHAKE_SIZE);
        link->greeted = true;
    }
    while ((size = message_size(&link->from_client)) > 0) {
        if (!pass_request(proxy, link, size)) {
            return false;
        }
        buffer_consume(&link->from_client, size);
    }
    return true;
}

/* Whether more of the same answer follows MESSAGE. */
static bool is_part(const char *message, size_t size)
{
    uint64_t last;

    memcpy(&last, message + size - sizeof last, sizeof last);
    return message[4] == WIRE_ROWS && last == ROWS_PART;
}

static bool send_failure(const struct link *link)
{
    static const char text[16] = "set by the test";
    char message[WIRE_HEADER_SIZE + sizeof link->failure_code + sizeof text] = {0};
    const uint32_t n_words = (sizeof message - WIRE_HEADER_SIZE) / 8;

    memcpy(message, &n_words, sizeof n_words);
    message[4] = WIRE_FAILURE;
    memcpy(message + WIRE_HEADER_SIZE, &link->failure_code, sizeof link->failure_code);
    memcpy(message + WIRE_HEADER_SIZE + sizeof link->failure_code, text, sizeof text);
    return send_all(link->client, message, sizeof message);
}

static bool pass_answers(struct link *link)
{
    size_t size;

    if (!receive(link->engine, &link->from_engine)) {
        return false;
    }
    while (!link->held && (size = message_size(&link->from_engine)) > 0) {
        const char *message = link->from_engine.data;

        if (link->cut_at_answer) {
            return false;
        }
        if (message[4] == WIRE_STMT && link->preparing != NULL) {
            char **statement =
                &link->statements[get_u32(message + WIRE_HEADER_SIZE + 4) % STATEMENTS_MAX];

            free(*statement);
            *statement = link->preparing;
            link->preparing = NULL;
        }
        if (is_part(message, size)) {
            require(link->fails_at != link->n_answers + 1, "proxy: an answer in parts");
        } else {
            link->n_answers++;
        }
        if (!(link->fails_at > 0 && link->n_answers == link->fails_at
                  ? send_failure(link)
                  : send_all(link->client, message, size))) {
            return false;
        }
        buffer_consume(&link->from_engine, size);
    }
    return true;
}

static void relay(struct proxy *proxy)
{
    struct pollfd polls[2 + 2 * LINKS_MAX];
    size_t n = 2;
    bool refuse;

    polls[0] = (struct pollfd){.fd = proxy->event, .events = POLLIN};
    polls[1] = (struct pollfd){.fd = proxy->listener, .events = POLLIN};
    for (size_t i = 0; i < LINKS_MAX; i++) {
        const struct link *link = proxy->links[i];

        polls[n++] = (struct pollfd){.fd = link == NULL ? -1 : link->client, .events = POLLIN};
        polls[n++] = (struct pollfd){.fd = link == NULL ? -1 : link->engine, .events = POLLIN};
    }
    require(poll(polls, n, -1) > 0, "proxy: poll");
    pthread_mutex_lock(&proxy->mutex);
    refuse = proxy->refusing;
    if (polls[0].revents != 0) {
        uint64_t count;

        require(read(proxy->event, &count, sizeof count) == sizeof count, "proxy: read eventfd");
    }
    for (size_t i = 0; i < LINKS_MAX && proxy->cutting; i++) {
        if (proxy->links[i] != NULL) {
            cut(&proxy->links[i]);
        }
    }
    proxy->cutting = false;
    pthread_mutex_unlock(&proxy->mutex);
    for (size_t i = 0; i < LINKS_MAX; i++) {
        struct link *link = proxy->links[i];

        if (link != NULL && ((polls[2 + 2 * i].revents != 0 && !pass_requests(proxy, link)) ||
                             (polls[3 + 2 * i].revents != 0 && !pass_answers(link)))) {
            cut(&proxy->links[i]);
        }
    }
    if (polls[1].revents != 0) {
        accept_link(proxy, refuse);
    }
}

static void *run(void *arg)
{
    struct proxy *proxy = arg;
    bool stopping;

    do {
        relay(proxy);
        pthread_mutex_lock(&proxy->mutex);
        stopping = proxy->stopping;
        pthread_mutex_unlock(&proxy->mutex);
    } while (!stopping);
    return NULL;
}

struct proxy *proxy_start(const char *engine_address)
{
    static unsigned n_proxies;
    struct sockaddr_un un = {.sun_family = AF_UNIX};
    struct proxy *proxy = calloc(1, sizeof *proxy);
    size_t size;

    assert_non_null(proxy);
    snprintf(proxy->engine_address, sizeof proxy->engine_address, "%s", engine_address);
    snprintf(proxy->address, sizeof proxy->address, "@lbstate-test-proxy-%ld-%u", (long)getpid(),
             n_proxies++);
    size = strlen(proxy->address);
    memcpy(un.sun_path, proxy->address, size);
    un.sun_path[0] = '\0';
    proxy->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(proxy->listener >= 0);
    assert_int_equal(bind(proxy->listener, (struct sockaddr *)&un,
                          (socklen_t)(offsetof(struct sockaddr_un, sun_path) + size)),
                     0);
    assert_int_equal(listen(proxy->listener, LINKS_MAX), 0);
    proxy->event = eventfd(0, EFD_CLOEXEC);
    assert_true(proxy->event >= 0);
    pthread_mutex_init(&proxy->mutex, NULL);
    assert_int_equal(pthread_create(&proxy->thread, NULL, run, proxy), 0);
    return proxy;
}

void proxy_stop(struct proxy *proxy)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->stopping = true;
    pthread_mutex_unlock(&proxy->mutex);
    wake(proxy);
    pthread_join(proxy->thread, NULL);
    for (size_t i = 0; i < LINKS_MAX; i++) {
        if (proxy->links[i] != NULL) {
            cut(&proxy->links[i]);
        }
    }
    close(proxy->listener);
    close(proxy->event);
    pthread_mutex_destroy(&proxy->mutex);
    free(proxy);
}

void proxy_set_engine(struct proxy *proxy, const char *engine_address)
{
    pthread_mutex_lock(&proxy->mutex);
    snprintf(proxy->engine_address, sizeof proxy->engine_address, "%s", engine_address);
    pthread_mutex_unlock(&proxy->mutex);
}

const char *proxy_address(const struct proxy *proxy)
{
    return proxy->address;
}

void proxy_set_fault(struct proxy *proxy, enum proxy_fault fault, const char *sql, unsigned skip)
{
    proxy_set_faults(proxy, fault, sql, skip, 1);
}

void proxy_set_faults(struct proxy *proxy, enum proxy_fault fault, const char *sql, unsigned skip,
                      unsigned times)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->n_armed = times;
    proxy->fault = fault;
    proxy->sql = sql;
    proxy->skip = skip;
    pthread_mutex_unlock(&proxy->mutex);
}

void proxy_set_failure(struct proxy *proxy, uint64_t code)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->failure_code = code;
    pthread_mutex_unlock(&proxy->mutex);
}

bool proxy_fault_happened(struct proxy *proxy)
{
    bool happened;

    pthread_mutex_lock(&proxy->mutex);
    happened = proxy->n_armed == 0;
    pthread_mutex_unlock(&proxy->mutex);
    return happened;
}

void proxy_cut(struct proxy *proxy, bool refuse)
{
    pthread_mutex_lock(&proxy->mutex);
    proxy->cutting = true;
    proxy->refusing = refuse;
    pthread_mutex_unlock(&proxy->mutex);
    wake(proxy);
}
