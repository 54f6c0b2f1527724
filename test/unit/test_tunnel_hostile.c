/* Peers that must not get in: `openssl s_client` with the wrong key, version or protocol, bytes
 * that aren't TLS, and connections that never say who they are. Whatever they do, nothing of
 * theirs reaches on_accept() or the engine. And nodes with a token, who get in a little. */
#include "base/clock.h"
#include "test/lib/cmocka_all.h"
#include "test/unit/tunnel_fixture.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const uint8_t secret[JOIN_SECRET_SIZE] = "thirty-two bytes of a join token";
static const uint8_t other_secret[JOIN_SECRET_SIZE] = "thirty-two bytes of another one.";

static int set_up(void **state)
{
    struct fixture *f = fixture_new(NULL);
    struct error error;

    f->n_tokens = 1;
    snprintf(f->tokens[0].name, sizeof f->tokens[0].name, "joiner");
    assert_int_equal(join_secret_pin(secret, f->tokens[0].pin, &error), ERROR_NONE);
    fixture_publish(f);
    *state = f;
    return 0;
}

static int set_up_impatient(void **state)
{
    const struct tunnel_options options = {.handshake_timeout_ms = 150};

    *state = fixture_new(&options);
    return 0;
}

static int tear_down(void **state)
{
    fixture_free(*state);
    return 0;
}

static void expect_nothing_reached(struct fixture_node *node)
{
    assert_int_equal(fixture_n_accepted(node), 0);
    assert_true(fixture_engine_untouched(node));
}

static uint64_t n_refused(struct fixture_node *node)
{
    struct tunnel_metrics metrics;

    tunnel_get_metrics(node->tunnel, &metrics);
    return metrics.refused;
}

/* --- openssl s_client --- */

#define ARGUMENTS_MAX 16

struct client {
    pid_t pid;
    int in;
    int out; /* Standard output and error. */
};

static void start_client(struct client *client, const char *address, const char *const arguments[])
{
    const char *argv[ARGUMENTS_MAX + 8] = {"openssl", "s_client", "-connect", address, "-quiet"};
    posix_spawn_file_actions_t actions;
    int in[2];
    int out[2];
    size_t n = 5;

    for (size_t i = 0; arguments[i] != NULL; i++) {
        assert_true(n < ARGUMENTS_MAX);
        argv[n++] = arguments[i];
    }
    assert_int_equal(pipe2(in, O_CLOEXEC), 0);
    assert_int_equal(pipe2(out, O_CLOEXEC), 0);
    assert_int_equal(posix_spawn_file_actions_init(&actions), 0);
    posix_spawn_file_actions_adddup2(&actions, in[0], STDIN_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, out[1], STDERR_FILENO);
    assert_int_equal(
        posix_spawnp(&client->pid, "openssl", &actions, NULL, (char **)(uintptr_t)argv, environ),
        0);
    posix_spawn_file_actions_destroy(&actions);
    close(in[0]);
    close(out[1]);
    client->in = in[1];
    client->out = out[0];
}

/* All that it says until it ends by itself. */
static void end_client(struct client *client, char *out, size_t out_size)
{
    size_t size = 0;
    ssize_t n;
    int status;

    while ((n = read(client->out, out + size, out_size - 1 - size)) > 0) {
        size += (size_t)n;
    }
    out[size] = '\0';
    close(client->in);
    close(client->out);
    assert_int_equal(waitpid(client->pid, &status, 0), client->pid);
}

/* Where s_client finds CERTIFICATE; of a node's directory. */
static void save(struct fixture_node *node, const struct certificate *certificate, char *path,
                 size_t path_size)
{
    struct error error;

    assert_int_equal(certificate_save(&node->dir, "client.pem", certificate, &error), ERROR_NONE);
    snprintf(path, path_size, "%s/client.pem", node->path);
}

static void save_member(struct fixture *f, char *path, size_t path_size)
{
    save(&f->nodes[0], f->nodes[0].certificate, path, path_size);
}

/* S_client with ARGUMENTS is turned away, saying ALERT. */
static void expect_refusal(struct fixture *f, const char *const arguments[], const char *alert)
{
    struct fixture_node *node = &f->nodes[1];
    uint64_t before = n_refused(node);
    struct client client;
    char text[8192];

    start_client(&client, node->address, arguments);
    end_client(&client, text, sizeof text);
    if (strstr(text, alert) == NULL) {
        fail_msg("\"%s\" isn't in: %s", alert, text);
    }
    assert_int_equal(n_refused(node), before + 1);
    expect_nothing_reached(node);
}

/* That the others are refused for what is said, not because nothing works. */
static void test_member_gets_in(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    struct client client;
    struct tunnel_peer peer;
    char path[512];
    char text[8192];
    char greeting;
    int in;

    save_member(f, path, sizeof path);
    const char *const http[] = {"-cert", path, "-key", path, "-alpn", "lbstate-http/1", NULL};
    start_client(&client, node->address, http);
    in = fixture_accepted(node, &peer);
    assert_int_equal(peer.member_id, 1);
    assert_int_equal(write(client.in, "hello", 5), 5);
    fixture_expect(in, "hello");
    close(in);
    end_client(&client, text, sizeof text);
    assert_non_null(strchr(text, 0x06));

    const char *const raft[] = {"-cert", path, "-key", path, "-alpn", "lbstate-raft/1", NULL};
    start_client(&client, node->address, raft);
    in = fixture_engine_accept(node);
    assert_int_equal(write(client.in, "bytes", 5), 5);
    fixture_expect(in, "bytes");
    close(in);
    assert_int_equal(read(client.out, &greeting, 1), 1);
    end_client(&client, text, sizeof text);
}

static void test_unknown_key(void **state)
{
    struct fixture *f = *state;
    struct certificate *stranger;
    struct error error;
    char path[512];

    /* The name is that of a member. */
    assert_int_equal(certificate_new("member1", &stranger, &error), ERROR_NONE);
    save(&f->nodes[0], stranger, path, sizeof path);
    certificate_free(stranger);
    const char *const http[] = {"-cert", path, "-key", path, "-alpn", "lbstate-http/1", NULL};
    const char *const raft[] = {"-cert", path, "-key", path, "-alpn", "lbstate-raft/1", NULL};
    expect_refusal(f, http, "alert bad certificate");
    expect_refusal(f, raft, "alert bad certificate");
}

static void test_no_certificate(void **state)
{
    const char *const raft[] = {"-alpn", "lbstate-raft/1", NULL};

    expect_refusal(*state, raft, "alert certificate required");
}

static void test_old_version(void **state)
{
    struct fixture *f = *state;
    char path[512];

    save_member(f, path, sizeof path);
    const char *const old[] = {"-cert",          path,      "-key", path, "-alpn",
                               "lbstate-http/1", "-tls1_2", NULL};
    expect_refusal(f, old, "alert protocol version");
}

static void test_no_protocol(void **state)
{
    struct fixture *f = *state;
    char path[512];

    save_member(f, path, sizeof path);
    const char *const none[] = {"-cert", path, "-key", path, NULL};
    const char *const unknown[] = {"-cert", path, "-key", path, "-alpn", "h2,lbstate-http/2", NULL};
    expect_refusal(f, none, "alert bad certificate");
    expect_refusal(f, unknown, "alert no application protocol");
}

static void test_token_does_not_reach_the_engine(void **state)
{
    struct fixture *f = *state;
    struct certificate *token;
    struct error error;
    char path[512];

    assert_int_equal(certificate_from_secret(secret, &token, &error), ERROR_NONE);
    save(&f->nodes[0], token, path, sizeof path);
    certificate_free(token);
    const char *const raft[] = {"-cert", path, "-key", path, "-alpn", "lbstate-raft/1", NULL};
    expect_refusal(f, raft, "alert bad certificate");
}

/* --- Not TLS at all --- */

static void test_plain_text(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    int fd = fixture_tcp(node->address);
    char ignored[256];

    fixture_write(fd, "POST /internal/cluster/join HTTP/1.1\r\nHost: x\r\n\r\n");
    while (recv(fd, ignored, sizeof ignored, 0) > 0) {
        /* An alert may come before the end. */
    }
    close(fd);
    assert_int_equal(n_refused(node), 1);
    expect_nothing_reached(node);
}

static void test_silent_peer_is_dropped(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    uint64_t before_us = clock_monotonic_us();
    int fd = fixture_tcp(node->address);
    int talker = fixture_tcp(node->address);

    /* The start of a record that never ends. */
    assert_int_equal(send(talker, "\x16\x03\x01\x02\x00\x01", 6, MSG_NOSIGNAL), 6);
    fixture_expect_eof(fd);
    fixture_expect_eof(talker);
    assert_true(clock_monotonic_us() - before_us >= 140 * UINT64_C(1000));
    assert_int_equal(n_refused(node), 2);
    expect_nothing_reached(node);
    close(fd);
    close(talker);
}

static void test_too_many_silent_peers(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    int fds[TUNNEL_HANDSHAKES_MAX];
    int one_more;
    char byte;

    for (size_t i = 0; i < TUNNEL_HANDSHAKES_MAX; i++) {
        fds[i] = fixture_tcp(node->address);
    }
    one_more = fixture_tcp(node->address);
    fixture_expect_eof(one_more);
    close(one_more);
    assert_int_equal(n_refused(node), 1);
    for (size_t i = 0; i < TUNNEL_HANDSHAKES_MAX; i++) {
        assert_int_equal(recv(fds[i], &byte, 1, MSG_DONTWAIT), -1);
    }

    /* One leaves: there is room for a member. It is seen to be gone before the member comes,
     * because the listener's events come after. */
    assert_int_equal(send(fds[0], "no TLS", 6, MSG_NOSIGNAL), 6);
    while (recv(fds[0], &byte, 1, 0) > 0) {
    }
    close(fds[0]);
    close(fixture_connect(f, 0, 1));
    close(fixture_accepted(node, NULL));
    for (size_t i = 1; i < TUNNEL_HANDSHAKES_MAX; i++) {
        close(fds[i]);
    }
}

/* A member whose own key isn't known there. */
static void test_own_key_is_unknown(void **state)
{
    struct fixture *f = *state;
    struct certificate *stranger;
    struct tunnel_status status;
    struct error error;
    int out;

    assert_int_equal(certificate_new("member1", &stranger, &error), ERROR_NONE);
    tunnel_set_certificate(f->nodes[0].tunnel, stranger);
    certificate_free(stranger);
    out = fixture_connect(f, 0, 1);
    fixture_expect_eof(out);
    close(out);
    tunnel_get_status(f->nodes[0].tunnel, 2, &status);
    assert_non_null(strstr(status.failure, "doesn't know our key"));
    expect_nothing_reached(&f->nodes[1]);
}

/* --- Tokens --- */

static int join(struct fixture *f, const uint8_t with[JOIN_SECRET_SIZE], const char *address,
                unsigned timeout_ms, uint8_t pin[PIN_SIZE], int *ret_fd)
{
    struct certificate *certificate;
    struct error error;
    int code;

    assert_int_equal(certificate_from_secret(with, &certificate, &error), ERROR_NONE);
    code = tunnel_connect_unknown(f->nodes[2].tunnel, address, certificate, timeout_ms, pin, ret_fd,
                                  &error);
    certificate_free(certificate);
    return code;
}

static void test_token_is_let_in_and_out(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    struct tunnel_peer peer;
    uint8_t pin[PIN_SIZE];
    int out = -1;
    int in;

    assert_int_equal(join(f, secret, node->address, 10000, pin, &out), ERROR_NONE);
    fixture_set_timeouts(out);
    assert_memory_equal(pin, f->members[1].pin, PIN_SIZE);
    in = fixture_accepted(node, &peer);
    assert_int_equal(peer.member_id, 0);
    assert_string_equal(peer.name, "joiner");
    assert_memory_equal(peer.pin, f->tokens[0].pin, PIN_SIZE);
    fixture_write(out, "let me in");
    fixture_expect(in, "let me in");

    /* The token was used up. */
    f->n_tokens = 0;
    fixture_publish(f);
    fixture_expect_eof(in);
    fixture_expect_eof(out);
    close(in);
    close(out);
    assert_int_equal(join(f, secret, node->address, 10000, pin, &out), ERROR_FORBIDDEN);
}

static void test_joining_fails(void **state)
{
    struct fixture *f = *state;
    struct fixture_node *node = &f->nodes[1];
    char address[MEMBER_ADDRESS_MAX + 1];
    uint8_t pin[PIN_SIZE];
    int out = -1;
    int silent = fixture_listen(address);

    assert_int_equal(join(f, other_secret, node->address, 10000, pin, &out), ERROR_FORBIDDEN);
    assert_int_equal(join(f, secret, "nonsense", 10000, pin, &out), ERROR_INVALID);

    /* It answers no handshake; then it doesn't even listen. */
    assert_int_equal(join(f, secret, address, 100, pin, &out), ERROR_UNAVAILABLE);
    close(silent);
    assert_int_equal(join(f, secret, address, 10000, pin, &out), ERROR_UNAVAILABLE);
    assert_int_equal(out, -1);
    expect_nothing_reached(node);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_member_gets_in),
        TEST(test_unknown_key),
        TEST(test_no_certificate),
        TEST(test_old_version),
        TEST(test_no_protocol),
        TEST(test_token_does_not_reach_the_engine),
        TEST(test_plain_text),
        cmocka_unit_test_setup_teardown(test_silent_peer_is_dropped, set_up_impatient, tear_down),
        TEST(test_too_many_silent_peers),
        TEST(test_own_key_is_unknown),
        TEST(test_token_is_let_in_and_out),
        TEST(test_joining_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
