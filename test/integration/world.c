#include "test/integration/world.h"

#include "test/lib/cmocka_all.h"
#include "test/lib/http_client.h"

#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

static const char *const networks[] = {
    "{\"name\": \"UPLINK\", \"type\": \"physical\", \"config\": {"
    "\"parent\": \"br-ext\", \"ipv4.ovn.ranges\": \"192.0.2.100-192.0.2.254\","
    "\"ipv4.gateway\": \"192.0.2.1/24\", \"ipv4.routes\": \"198.18.0.0/15\","
    "\"ipv6.gateway\": \"2001:db8:1:2::1/64\", \"ipv6.routes\": \"2001:db8:5::/48\"}}",

    "{\"name\": \"ovn0\", \"type\": \"ovn\", \"config\": {\"network\": \"UPLINK\","
    "\"ipv4.address\": \"10.10.10.1/24\", \"ipv4.nat\": \"true\","
    "\"ipv6.address\": \"fd42:1:2:3::1/64\", \"ipv6.nat\": \"true\"}}",

    "{\"name\": \"ovn1\", \"type\": \"ovn\", \"config\": {\"network\": \"UPLINK\","
    "\"ipv4.address\": \"10.20.0.1/24\", \"ipv4.nat\": \"true\","
    "\"ipv6.address\": \"fd42:9:9:9::1/64\", \"ipv6.nat\": \"true\"}}",
};

struct daemon world_daemon;

int world_set_up(void **state)
{
    (void)state;
    /* What the one who runs the tests chose with `lbctl project switch` isn't ours. */
    if (unsetenv("LBSTATE_PROJECT") != 0 || setenv("XDG_CONFIG_HOME", "/nonexistent", 1) != 0) {
        return -1;
    }
    if (daemon_init(&world_daemon) != 0 || daemon_start(&world_daemon) != 0) {
        daemon_close(&world_daemon, true);
        return -1;
    }
    return 0;
}

int world_tear_down(void **state)
{
    (void)state;
    daemon_close(&world_daemon, false);
    return 0;
}

void world_make(const char *socket)
{
    for (size_t i = 0; i < sizeof networks / sizeof *networks; i++) {
        assert_int_equal(world_status(socket, "POST", "/1.0/networks", networks[i]), 201);
    }
}

int world_status(const char *socket, const char *method, const char *path, const char *body)
{
    struct http_answer answer = {0};
    int status = 0;

    if (http_call(socket, method, path, body, &answer) == HTTP_ANSWERED) {
        status = answer.status;
        http_answer_close(&answer);
    }
    return status;
}

/* Member KEY of the body of an answer of STATUS. */
static json_t *member(const char *socket, const char *method, const char *path, const char *body,
                      int status, const char *key)
{
    struct http_answer answer = {0};
    json_error_t error;
    json_t *envelope;
    json_t *value;

    assert_int_equal(http_call(socket, method, path, body, &answer), HTTP_ANSWERED);
    if (answer.status != status) {
        print_error("%s %s: %s\n", method, path, answer.body);
    }
    assert_int_equal(answer.status, status);
    envelope = json_loads(answer.body, JSON_REJECT_DUPLICATES, &error);
    assert_non_null(envelope);
    value = json_incref(json_object_get(envelope, key));
    assert_non_null(value);
    json_decref(envelope);
    http_answer_close(&answer);
    return value;
}

json_t *world_get(const char *socket, const char *path)
{
    return member(socket, "GET", path, NULL, 200, "metadata");
}

char *world_error(const char *socket, const char *method, const char *path, const char *body,
                  int status)
{
    json_t *value = member(socket, method, path, body, status, "error");
    char *text;

    assert_true(json_is_string(value));
    text = strdup(json_string_value(value));
    assert_non_null(text);
    json_decref(value);
    return text;
}

void world_skip_without_incus(void)
{
    static const char *const argv[] = {"incus", "--version", NULL};
    char *output = NULL;
    int status = daemon_run_program(argv, &output);

    free(output);
    if (status < 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        print_message("There is no `incus` here: install the Debian package incus-client.\n");
        skip();
    }
}
