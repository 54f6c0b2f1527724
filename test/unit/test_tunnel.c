/* Tunnels of members that trust each other: bytes, ends, limits. */
#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/unit/tunnel_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define BIG_SIZE (64 * 1024 * 1024)

static int set_up(void **state)
{
    *state = fixture_new(NULL);
    return 0;
}

static int tear_down(void **state)
{
    fixture_free(*state);
    return 0;
}

static void test_request_and_answer(void **state)
{
    struct fixture *f = *state;
    struct tunnel_peer peer;
    int out = fixture_connect(f, 0, 1);
    int in;

    fixture_write(out, "GET /");
    in = fixture_accepted(&f->nodes[1], &peer);
    assert_int_equal(peer.member_id, 1);
    assert_string_equal(peer.name, "member1");
    assert_memory_equal(peer.pin, f->members[0].pin, PIN_SIZE);
    assert_memory_equal(peer.address, "127.0.0.1:", 10);
    assert_int_equal(fcntl(in, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    assert_int_equal(fcntl(out, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
    fixture_expect(in, "GET /");

    /* One direction ends; the other one goes on. */
    assert_int_equal(shutdown(out, SHUT_WR), 0);
    fixture_expect_eof(in);
    fixture_write(in, "200 OK");
    fixture_expect(out, "200 OK");
    close(in);
    fixture_expect_eof(out);
    close(out);
    assert_true(fixture_engine_untouched(&f->nodes[1]));
}

static void test_all_is_delivered_before_the_end(void **state)
{
    struct fixture *f = *state;
    int out = fixture_connect(f, 0, 1);
    int in = fixture_accepted(&f->nodes[1], NULL);

    /* It closes with bytes unread, and its own still have to arrive. */
    fixture_write(out, "unread");
    fixture_write(in, "farewell");
    close(in);
    fixture_expect(out, "farewell");
    fixture_expect_eof(out);
    close(out);
}

static void test_closing_ends_the_link_for_the_other(void **state)
{
    struct fixture *f = *state;
    int out;
    int in;

    fixture_open_http(f, 0, 1, &out, &in);
    close(out);
    fixture_expect_eof(in);
    close(in);
}

static void test_raft_reaches_the_engine(void **state)
{
    struct fixture *f = *state;
    int out = fixture_connect_raft(f, 0, 1);
    int in;

    fixture_write(out, "append entries");
    in = fixture_engine_accept(&f->nodes[1]);
    fixture_expect(in, "append entries");
    fixture_write(in, "ok");
    fixture_expect(out, "ok");
    assert_int_equal(fixture_n_accepted(&f->nodes[1]), 0);
    close(in);
    fixture_expect_eof(out);
    close(out);

    out = fixture_connect_raft(f, 1, 0);
    fixture_write(out, "vote");
    in = fixture_engine_accept(&f->nodes[0]);
    fixture_expect(in, "vote");
    close(out);
    fixture_expect_eof(in);
    close(in);
}

/* The engine of a member was stopped: a sender that only writes has to notice it. */
static void test_raft_writer_notices_the_end(void **state)
{
    struct fixture *f = *state;
    int out = fixture_connect_raft(f, 0, 1);
    int in;
    ssize_t n;

    fixture_write(out, "x");
    in = fixture_engine_accept(&f->nodes[1]);
    close(in);
    fixture_expect_eof(out);
    n = send(out, "y", 1, MSG_NOSIGNAL);
    assert_true(n < 0 && errno == EPIPE);
    close(out);
}

static void test_raft_needs_an_engine(void **state)
{
    struct fixture *f = *state;
    int out;

    close(f->nodes[1].engine_fd);
    f->nodes[1].engine_fd = -1;
    out = fixture_connect_raft(f, 0, 1);
    fixture_expect_eof(out);
    close(out);
}

static void test_unknown_members(void **state)
{
    struct fixture *f = *state;
    struct error error;
    int fd = -1;

    assert_int_equal(tunnel_connect(f->nodes[0].tunnel, 99, &fd, &error), ERROR_NOT_FOUND);
    assert_int_equal(tunnel_raft_connect(f->nodes[0].tunnel, "@nobody", &fd), EHOSTUNREACH);
    assert_int_equal(fd, -1);
}

/* --- Much at once --- */

struct half {
    int fd;
    uint64_t seed;
    bool right;
};

/* What stands at each place of a stream can be told from its seed (SplitMix64). */
static uint64_t word_at(uint64_t seed, uint64_t place)
{
    uint64_t x = seed + place * UINT64_C(0x9e3779b97f4a7c15);

    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    return x ^ (x >> 27);
}

#define CHUNK_WORDS 4096

static void *send_big(void *arg)
{
    struct half *half = arg;
    uint64_t words[CHUNK_WORDS];

    half->right = true;
    for (uint64_t place = 0; place < BIG_SIZE / 8 && half->right; place += CHUNK_WORDS) {
        for (size_t i = 0; i < CHUNK_WORDS; i++) {
            words[i] = word_at(half->seed, place + i);
        }
        half->right = send(half->fd, words, sizeof words, MSG_NOSIGNAL) == (ssize_t)sizeof words;
    }
    shutdown(half->fd, SHUT_WR);
    return NULL;
}

static void *receive_big(void *arg)
{
    struct half *half = arg;
    uint64_t words[CHUNK_WORDS];

    half->right = true;
    for (uint64_t place = 0; place < BIG_SIZE / 8 && half->right; place += CHUNK_WORDS) {
        half->right = recv(half->fd, words, sizeof words, MSG_WAITALL) == (ssize_t)sizeof words;
        for (size_t i = 0; i < CHUNK_WORDS && half->right; i++) {
            half->right = words[i] == word_at(half->seed, place + i);
        }
    }
    half->right = half->right && recv(half->fd, words, 1, 0) == 0;
    return NULL;
}

static void test_big_transfer_both_ways(void **state)
{
    struct fixture *f = *state;
    struct tunnel_metrics metrics;
    pthread_t threads[4];
    int out;
    int in;

    fixture_open_http(f, 0, 1, &out, &in);
    struct half halves[4] = {{.fd = out, .seed = 1},
                             {.fd = in, .seed = 1},
                             {.fd = in, .seed = 2},
                             {.fd = out, .seed = 2}};
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            pthread_create(&threads[i], NULL, i % 2 == 0 ? send_big : receive_big, &halves[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_true(halves[i].right);
    }
    tunnel_get_metrics(f->nodes[0].tunnel, &metrics);
    assert_int_equal(metrics.bytes_out, BIG_SIZE + 1);
    assert_int_equal(metrics.bytes_in, BIG_SIZE + 1);
    close(out);
    close(in);
}

/* One that doesn't read holds its sender up, not our memory. */
static void test_back_pressure(void **state)
{
    const struct timeval stuck = {.tv_usec = 300000};
    static char data[64 * 1024];
    struct fixture *f = *state;
    uint64_t sent = 0;
    uint64_t received = 0;
    int out;
    int in;
    int other_out;
    int other_in;
    ssize_t n;

    fixture_open_http(f, 0, 1, &out, &in);
    assert_int_equal(setsockopt(out, SOL_SOCKET, SO_SNDTIMEO, &stuck, sizeof stuck), 0);
    while ((n = send(out, data, sizeof data, MSG_NOSIGNAL)) > 0) {
        sent += (uint64_t)n;
        /* The kernel's buffers take some megabytes. */
        assert_true(sent < 64 * 1024 * 1024);
    }
    assert_int_equal(errno, EAGAIN);

    /* Nor does it hold up others. */
    fixture_open_http(f, 0, 1, &other_out, &other_in);
    close(other_out);
    close(other_in);

    shutdown(out, SHUT_WR);
    while ((n = recv(in, data, sizeof data, 0)) > 0) {
        received += (uint64_t)n;
    }
    assert_int_equal(n, 0);
    assert_int_equal(received, sent);
    close(out);
    close(in);
}

/* --- Limits, state --- */

static int set_up_few_links(void **state)
{
    const struct tunnel_options options = {.links_max = 3};

    *state = fixture_new(&options);
    return 0;
}

static void test_links_over_the_limit(void **state)
{
    struct fixture *f = *state;
    struct tunnel_metrics metrics;
    struct error error;
    int out[3];
    int in[3];
    int fd = -1;

    for (size_t i = 0; i < 3; i++) {
        fixture_open_http(f, 0, 1, &out[i], &in[i]);
    }
    assert_int_equal(tunnel_connect(f->nodes[0].tunnel, 2, &fd, &error), ERROR_UNAVAILABLE);
    assert_int_equal(tunnel_raft_connect(f->nodes[0].tunnel, f->nodes[1].raft_address, &fd),
                     ENOBUFS);
    assert_int_equal(fd, -1);

    /* Nor does the other side take more, from another member. */
    fd = fixture_connect(f, 2, 1);
    fixture_expect_eof(fd);
    close(fd);
    tunnel_get_metrics(f->nodes[1].tunnel, &metrics);
    assert_int_equal(metrics.accepted, 3);
    assert_int_equal(metrics.refused, 1);
    assert_int_equal(metrics.links, 3);
    fixture_write(out[0], "first");
    fixture_expect(in[0], "first");
    for (size_t i = 0; i < 3; i++) {
        close(out[i]);
        close(in[i]);
    }
}

static void test_status_and_metrics(void **state)
{
    struct fixture *f = *state;
    struct tunnel_status status;
    struct tunnel_metrics metrics;
    uint64_t before_us = clock_monotonic_us();
    int out;
    int in;

    tunnel_get_status(f->nodes[0].tunnel, 2, &status);
    assert_int_equal(status.n_links, 0);
    fixture_open_http(f, 0, 1, &out, &in);
    tunnel_get_status(f->nodes[0].tunnel, 2, &status);
    assert_int_equal(status.n_links, 1);
    assert_true(status.rtt_us > 0);
    assert_true(status.last_heard_us >= before_us);
    assert_true(status.last_heard_us <= clock_monotonic_us());
    assert_string_equal(status.failure, "");
    tunnel_get_status(f->nodes[1].tunnel, 1, &status);
    assert_int_equal(status.n_links, 1);
    tunnel_get_status(f->nodes[0].tunnel, 77, &status);
    assert_int_equal(status.n_links, 0);
    tunnel_get_metrics(f->nodes[0].tunnel, &metrics);
    assert_int_equal(metrics.connects, 1);
    assert_int_equal(metrics.accepted, 0);
    assert_int_equal(metrics.links, 1);
    tunnel_get_metrics(f->nodes[1].tunnel, &metrics);
    assert_int_equal(metrics.accepted, 1);
    assert_int_equal(metrics.bytes_in, 1);
    assert_int_equal(metrics.bytes_out, 1);
    close(out);
    close(in);
}

static int option_of(int fd, int level, int option)
{
    int value = -1;
    socklen_t size = sizeof value;

    return getsockopt(fd, level, option, &value, &size) == 0 ? value : -1;
}

/* All TCP connections of this process are links. */
static void test_socket_options(void **state)
{
    struct fixture *f = *state;
    unsigned n = 0;
    int out;
    int in;

    fixture_open_http(f, 0, 1, &out, &in);
    for (int fd = 3; fd < 256; fd++) {
        if (option_of(fd, SOL_SOCKET, SO_PROTOCOL) != IPPROTO_TCP) {
            continue;
        }
        assert_int_equal(fcntl(fd, F_GETFD) & FD_CLOEXEC, FD_CLOEXEC);
        if (option_of(fd, SOL_SOCKET, SO_ACCEPTCONN) == 1) {
            assert_int_equal(option_of(fd, SOL_SOCKET, SO_REUSEADDR), 1);
            assert_int_equal(option_of(fd, SOL_SOCKET, SO_REUSEPORT), 0);
            continue;
        }
        n++;
        assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_NODELAY), 1);
        assert_int_equal(option_of(fd, SOL_SOCKET, SO_KEEPALIVE), 1);
        assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_KEEPIDLE), 5);
        assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_KEEPINTVL), 1);
        assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_KEEPCNT), 3);
        assert_int_equal(option_of(fd, IPPROTO_TCP, TCP_USER_TIMEOUT), TUNNEL_USER_TIMEOUT_MS);
    }
    assert_int_equal(n, 2);
    close(out);
    close(in);
}

static int set_up_impatient(void **state)
{
    const struct tunnel_options options = {.handshake_timeout_ms = 150};

    *state = fixture_new(&options);
    return 0;
}

/* Writes until the link is gone, which has to happen although FD is never closed. */
static void expect_pipe_to_break(int fd)
{
    static const char data[4096];
    ssize_t n;

    do {
        n = send(fd, data, sizeof data, MSG_NOSIGNAL);
    } while (n > 0);
    assert_true(errno == EPIPE || errno == ECONNRESET);
}

/* Nobody reads what a member goes on to send: that is borne for a while only. */
static void test_reader_is_gone(void **state)
{
    struct fixture *f = *state;
    int out;
    int in;

    fixture_open_http(f, 0, 1, &out, &in);
    close(out);
    fixture_expect_eof(in);
    expect_pipe_to_break(in);
    close(in);

    /* The same in two steps, of which the second one shows only to who looks. */
    fixture_open_http(f, 0, 1, &out, &in);
    assert_int_equal(shutdown(out, SHUT_WR), 0);
    fixture_expect_eof(in);
    close(out);
    expect_pipe_to_break(in);
    close(in);
}

static void test_stop_ends_all_links(void **state)
{
    struct fixture *f = *state;
    int out;
    int in;
    int waiting;

    close(fixture_listen(f->members[2].address));
    fixture_publish(f);
    fixture_open_http(f, 0, 1, &out, &in);
    waiting = fixture_connect(f, 0, 2);
    tunnel_stop(f->nodes[0].tunnel);
    f->nodes[0].tunnel = NULL;
    fixture_expect_eof(out);
    fixture_expect_eof(in);
    fixture_expect_eof(waiting);
    close(out);
    close(in);
    close(waiting);
}

static void *stop_tunnel(void *tunnel)
{
    tunnel_stop(tunnel);
    return NULL;
}

/* Who connects while the tunnel stops doesn't keep it from it. The tunnel's thread is held in
 * on_accept() so that it finds both at once when it goes on: the stop, then the connection. On a
 * slow machine the stop may come after that, which is no less right. */
static void test_stop_ends_who_just_connected(void **state)
{
    const struct timespec short_while = {.tv_nsec = 100000000};
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    struct timespec end;
    pthread_t stopper;
    int first;
    int second;

    first = fixture_hold(f, 0, 1);
    tunnel_directory_changed(node->tunnel); /* It looks at this first. */
    second = fixture_connect(f, 0, 1);
    nanosleep(&short_while, NULL);
    assert_int_equal(pthread_create(&stopper, NULL, stop_tunnel, node->tunnel), 0);
    nanosleep(&short_while, NULL);
    fixture_release(node);
    clock_gettime(CLOCK_REALTIME, &end);
    end.tv_sec += FIXTURE_TIMEOUT_S;
    assert_int_equal(pthread_timedjoin_np(stopper, NULL, &end), 0);
    node->tunnel = NULL;
    close(first);
    close(second);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_request_and_answer),
        TEST(test_all_is_delivered_before_the_end),
        TEST(test_closing_ends_the_link_for_the_other),
        TEST(test_raft_reaches_the_engine),
        TEST(test_raft_writer_notices_the_end),
        TEST(test_raft_needs_an_engine),
        TEST(test_unknown_members),
        TEST(test_big_transfer_both_ways),
        TEST(test_back_pressure),
        cmocka_unit_test_setup_teardown(test_links_over_the_limit, set_up_few_links, tear_down),
        TEST(test_status_and_metrics),
        TEST(test_socket_options),
        cmocka_unit_test_setup_teardown(test_reader_is_gone, set_up_impatient, tear_down),
        TEST(test_stop_ends_all_links),
        TEST(test_stop_ends_who_just_connected),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
