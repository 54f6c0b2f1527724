/* Tunnels while the members change: removed ones, new keys, new addresses, members that are down. */
#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/unit/tunnel_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

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

/* --- Who is known changes --- */

static void test_removed_member_is_cut_off(void **state)
{
    struct fixture *f = *state;
    int out;
    int in;
    int kept_out;
    int kept_in;
    int raft_out;
    int raft_in;

    fixture_open_http(f, 0, 2, &out, &in);
    fixture_open_http(f, 0, 1, &kept_out, &kept_in);
    raft_out = fixture_connect_raft(f, 2, 1);
    raft_in = fixture_engine_accept(&f->nodes[1]);
    f->n_members = 2;
    fixture_publish(f);
    fixture_expect_eof(out);
    fixture_expect_eof(in);
    fixture_expect_eof(raft_out);
    fixture_expect_eof(raft_in);
    fixture_write(kept_out, "still");
    fixture_expect(kept_in, "still");
    close(out);
    close(in);
    close(raft_out);
    close(raft_in);
    close(kept_out);
    close(kept_in);
}

static void test_key_is_replaced(void **state)
{
    struct fixture *f = *state;
    struct certificate *next;
    struct tunnel_peer peer;
    struct error error;
    int old_out;
    int old_in;
    int out;
    int in;

    fixture_open_http(f, 0, 1, &old_out, &old_in);
    assert_int_equal(certificate_new("member1", &next, &error), ERROR_NONE);
    certificate_pin(next, f->members[0].next_pin);
    f->members[0].has_next_pin = true;
    fixture_publish(f);
    tunnel_set_certificate(f->nodes[0].tunnel, next);
    certificate_free(next);

    /* Both keys are known; what is open stays. */
    out = fixture_connect(f, 0, 1);
    in = fixture_accepted(&f->nodes[1], &peer);
    assert_memory_equal(peer.pin, f->members[0].next_pin, PIN_SIZE);
    assert_int_equal(peer.member_id, 1);
    fixture_write(old_out, "old");
    fixture_expect(old_in, "old");

    /* And it answers with the new one, too. */
    close(fixture_connect(f, 2, 0));
    close(fixture_accepted(&f->nodes[0], NULL));

    memcpy(f->members[0].pin, f->members[0].next_pin, PIN_SIZE);
    f->members[0].has_next_pin = false;
    fixture_publish(f);
    fixture_expect_eof(old_in);
    fixture_expect_eof(old_out);
    fixture_write(out, "new");
    fixture_expect(in, "new");
    close(old_out);
    close(old_in);
    close(out);
    close(in);
}

/* A known key isn't enough: it must be that of the member that was asked for. */
static void test_another_member_answers(void **state)
{
    struct fixture *f = *state;
    struct tunnel_status status;
    int out;

    memcpy(f->members[1].address, f->members[2].address, sizeof f->members[1].address);
    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    fixture_expect_eof(out);
    close(out);
    tunnel_get_status(f->nodes[0].tunnel, 2, &status);
    assert_non_null(strstr(status.failure, "not that of the member"));
    assert_int_equal(fixture_n_accepted(&f->nodes[2]), 0);
}

/* --- Where members are --- */

static void test_dead_port(void **state)
{
    struct fixture *f = *state;
    struct tunnel_status status;
    struct tunnel_metrics metrics;
    int out;

    close(fixture_listen(f->members[1].address));
    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    fixture_expect_eof(out);
    close(out);
    tunnel_get_status(f->nodes[0].tunnel, 2, &status);
    assert_non_null(strstr(status.failure, "refused"));
    assert_int_equal(status.n_links, 0);
    assert_int_equal(status.last_heard_us, 0);
    tunnel_get_metrics(f->nodes[0].tunnel, &metrics);
    assert_int_equal(metrics.failures, 1);
    assert_int_equal(metrics.connects, 0);
}

/* The shortest that the waits can be: half of 20, 40, 80, 160, 250, 250, 250 ms. */
static void test_back_off(void **state)
{
    struct fixture *f = *state;
    uint64_t before_us;
    uint64_t took_us;
    int out;

    close(fixture_listen(f->members[1].address));
    fixture_publish(f);
    before_us = clock_monotonic_us();
    for (unsigned i = 0; i < 8; i++) {
        out = fixture_connect(f, 0, 1);
        fixture_expect_eof(out);
        close(out);
    }
    took_us = clock_monotonic_us() - before_us;
    assert_true(took_us >= 520 * UINT64_C(1000));

    /* Members that can be reached aren't waited for. */
    before_us = clock_monotonic_us();
    close(fixture_connect(f, 0, 2));
    close(fixture_accepted(&f->nodes[2], NULL));

    /* It is back at another address: at once, as if it had never failed. */
    memcpy(f->members[1].address, f->nodes[1].address, sizeof f->members[1].address);
    out = fixture_connect(f, 0, 1);
    fixture_publish(f);
    close(fixture_accepted(&f->nodes[1], NULL));
    fixture_expect_eof(out);
    close(out);
}

/* While a member is down, one link tries and those that wait share its fate. */
static void test_one_tries_for_all(void **state)
{
    struct fixture *f = *state;
    int waiting[10];
    int listener = fixture_listen(f->members[1].address);
    int out;
    int probe;

    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    close(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
    fixture_expect_eof(out);
    close(out);
    for (size_t i = 0; i < 10; i++) {
        waiting[i] = fixture_connect(f, 0, 1);
    }
    probe = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(probe >= 0);
    close(probe);
    for (size_t i = 0; i < 10; i++) {
        fixture_expect_eof(waiting[i]);
        close(waiting[i]);
    }
    assert_int_equal(fcntl(listener, F_SETFL, O_NONBLOCK), 0);
    assert_int_equal(accept4(listener, NULL, NULL, SOCK_CLOEXEC), -1);
    assert_int_equal(errno, EAGAIN);
    close(listener);
}

/* The same, when it comes back: all of them get through. */
static void test_all_follow_the_one_that_got_through(void **state)
{
    struct fixture *f = *state;
    int listener = fixture_listen(f->members[1].address);
    int waiting[5];
    int out;

    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    close(accept4(listener, NULL, NULL, SOCK_CLOEXEC));
    fixture_expect_eof(out);
    close(out);
    for (size_t i = 0; i < 5; i++) {
        waiting[i] = fixture_connect(f, 0, 1);
    }
    memcpy(f->members[1].address, f->nodes[1].address, sizeof f->members[1].address);
    fixture_publish(f);
    for (size_t i = 0; i < 5; i++) {
        int in = fixture_accepted(&f->nodes[1], NULL);

        close(in);
    }
    for (size_t i = 0; i < 5; i++) {
        fixture_expect_eof(waiting[i]);
        close(waiting[i]);
    }
    close(listener);
}

/* The old address takes connections and says nothing: the new one is turned to at once. */
static void test_member_moves_while_it_is_connected_to(void **state)
{
    struct fixture *f = *state;
    int listener = fixture_listen(f->members[1].address);
    int out;
    int in;
    int silent;

    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    silent = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true(silent >= 0);
    memcpy(f->members[1].address, f->nodes[1].address, sizeof f->members[1].address);
    fixture_publish(f);
    in = fixture_accepted(&f->nodes[1], NULL);
    fixture_write(out, "moved");
    fixture_expect(in, "moved");
    close(silent);
    close(listener);
    close(out);
    close(in);
}

static void test_host_names_are_resolved(void **state)
{
    struct fixture *f = *state;
    const char *port = strrchr(f->nodes[1].address, ':');
    int out;
    int in;

    snprintf(f->members[1].address, sizeof f->members[1].address, "localhost%s", port);
    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    in = fixture_accepted(&f->nodes[1], NULL);
    fixture_write(out, "named");
    fixture_expect(in, "named");
    close(out);
    close(in);

    snprintf(f->members[1].address, sizeof f->members[1].address, "no.such.name.invalid%s", port);
    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    fixture_expect_eof(out);
    close(out);
}

static void listen_on(struct fixture *f, size_t i, const char *address)
{
    struct fixture_node *node = &f->nodes[i];
    struct error error;

    assert_int_equal(tunnel_listen(node->tunnel, address, node->address, &error), ERROR_NONE);
    memcpy(f->members[i].address, node->address, sizeof f->members[i].address);
}

static void test_ipv6(void **state)
{
    struct fixture *f = *state;
    struct tunnel_peer peer;
    int out;
    int in;

    listen_on(f, 1, "[::1]:0");
    assert_memory_equal(f->nodes[1].address, "[::1]:", 6);
    fixture_publish(f);
    out = fixture_connect(f, 0, 1);
    in = fixture_accepted(&f->nodes[1], &peer);
    assert_memory_equal(peer.address, "[::1]:", 6);
    fixture_write(out, "six");
    fixture_expect(in, "six");
    close(out);
    close(in);
}

/* A link to node 1, whose listener has just moved. TCP resets who connects between the last accept
 * of the old one and its close; after that there is only the new one. */
static void expect_reachable(struct fixture *f)
{
    struct fixture_node *node = &f->nodes[1];
    unsigned n_before = fixture_n_accepted(node);
    struct pollfd end = {.fd = fixture_connect(f, 0, 1), .events = POLLIN};

    while (fixture_n_accepted(node) == n_before && poll(&end, 1, 10) == 0) {
    }
    if (fixture_n_accepted(node) == n_before) {
        close(end.fd);
        end.fd = fixture_connect(f, 0, 1);
    }
    close(fixture_accepted(node, NULL));
    close(end.fd);
}

static void test_listener_moves(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    char taken[MEMBER_ADDRESS_MAX + 1];
    char address[MEMBER_ADDRESS_MAX + 1] = "untouched";
    char all[MEMBER_ADDRESS_MAX + 1];
    struct error error;
    int listener = fixture_listen(taken);
    int out;
    int in;

    fixture_open_http(f, 0, 1, &out, &in);

    /* What can't be is refused, and all stays as it was. */
    assert_int_equal(tunnel_listen(node->tunnel, taken, address, &error), ERROR_CONFLICT);
    assert_int_equal(tunnel_listen(node->tunnel, "192.0.2.1:0", address, &error), ERROR_INVALID);
    assert_int_equal(tunnel_listen(node->tunnel, "127.0.0.1", address, &error), ERROR_INVALID);
    assert_int_equal(tunnel_listen(node->tunnel, "no.such.name.invalid:1", address, &error),
                     ERROR_INVALID);
    assert_string_equal(address, "untouched");
    close(fixture_connect(f, 0, 1));
    close(fixture_accepted(node, NULL));

    /* From one address to all of them, with the same port, IPv4 as well. */
    snprintf(all, sizeof all, "[::]%s", strrchr(node->address, ':'));
    assert_int_equal(tunnel_listen(node->tunnel, all, address, &error), ERROR_NONE);
    assert_string_equal(address, all);
    expect_reachable(f);

    /* To where it is already. */
    assert_int_equal(tunnel_listen(node->tunnel, all, address, &error), ERROR_NONE);
    expect_reachable(f);

    /* Elsewhere; what is open stays. */
    listen_on(f, 1, "127.0.0.1:0");
    fixture_publish(f);
    expect_reachable(f);
    fixture_write(out, "open");
    fixture_expect(in, "open");
    close(listener);
    close(out);
    close(in);
}

/* More than are accepted at once wait where the thread doesn't listen any more. */
static void test_who_waits_is_taken_along(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    int link = fixture_hold(f, 0, 1);
    int waiting[50];
    char byte;

    for (size_t i = 0; i < 50; i++) {
        waiting[i] = fixture_tcp(node->address);
    }
    listen_on(f, 1, "127.0.0.1:0");
    fixture_release(node);
    for (size_t i = 0; i < 50; i++) {
        /* Who leaves without a word is answered by an alert; who wasn't accepted, by a reset. */
        assert_int_equal(shutdown(waiting[i], SHUT_WR), 0);
        assert_int_equal(recv(waiting[i], &byte, 1, 0), 1);
        close(waiting[i]);
    }
    close(link);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_removed_member_is_cut_off),
        TEST(test_key_is_replaced),
        TEST(test_another_member_answers),
        TEST(test_dead_port),
        TEST(test_back_off),
        TEST(test_one_tries_for_all),
        TEST(test_all_follow_the_one_that_got_through),
        TEST(test_member_moves_while_it_is_connected_to),
        TEST(test_host_names_are_resolved),
        TEST(test_ipv6),
        TEST(test_listener_moves),
        TEST(test_who_waits_is_taken_along),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
