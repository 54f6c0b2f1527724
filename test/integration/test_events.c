/* GET /1.0/events of the real daemon: each change is told once, after it was made, as
 * a real Incus server told it. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"
#include "test/lib/ws_client.h"

#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define LISTENERS_MAX 128
#define BALANCERS     "/1.0/networks/ovn0/load-balancers"
#define FORWARDS      "/1.0/networks/ovn0/forwards"

static const char *const sock = world_daemon.socket;

static int listen_to(const char *query)
{
    char path[256];
    int fd;

    snprintf(path, sizeof path, "/1.0/events%s", query);
    fd = ws_connect(sock, path, NULL);
    assert_true(fd >= 0);
    return fd;
}

static json_t *next_event(int fd)
{
    char *text = ws_read_text(fd);
    json_t *event = json_loads(text, JSON_REJECT_DUPLICATES, NULL);

    assert_non_null(event);
    assert_int_equal(text[strlen(text) - 1], '\n');
    free(text);
    return event;
}

static const char *string_at(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static void change(int status, const char *method, const char *path, const char *body)
{
    int found = world_status(sock, method, path, body);

    if (found != status) {
        fail_msg("%s %s %s: %d", method, path, body == NULL ? "" : body, found);
    }
}

/* The next event of FD is the lifecycle event "ACTION SOURCE PROJECT", and OLD_NAME if
 * that isn't NULL. */
static void expect(int fd, const char *line, const char *old_name)
{
    json_t *event = next_event(fd);
    json_t *metadata = json_object_get(event, "metadata");
    json_t *context = json_object_get(metadata, "context");
    char found[512];

    assert_string_equal(string_at(event, "type"), "lifecycle");
    snprintf(found, sizeof found, "%s %s %s", string_at(metadata, "action"),
             string_at(metadata, "source"), string_at(event, "project"));
    assert_string_equal(found, line);
    if (old_name == NULL) {
        assert_null(context);
    } else {
        assert_string_equal(string_at(context, "old_name"), old_name);
    }
    json_decref(event);
}

/* Any change, so that what comes before it in the stream is known to be all. */
static void expect_nothing_else(int fd)
{
    static unsigned n;
    char body[64];

    snprintf(body, sizeof body, "{\"config\":{\"user.mark\":\"%u\"}}", n++);
    change(200, "PATCH", "/1.0", body);
    expect(fd, "config-updated /1.0 default", NULL);
}

static void each_change_is_told_once(void **state)
{
    static const struct {
        int status;
        const char *method;
        const char *path;
        const char *body;
        const char *event; /* NULL: none. */
        const char *old_name;
    } steps[] = {
        {201, "POST", "/1.0/projects",
         "{\"name\":\"p1\",\"config\":{\"features.networks\":\"true\"}}",
         "project-created /1.0/projects/p1 p1", NULL},
        {409, "POST", "/1.0/projects", "{\"name\":\"p1\"}", NULL, NULL},
        {200, "PATCH", "/1.0/projects/p1", "{\"description\":\"d\"}",
         "project-updated /1.0/projects/p1 p1", NULL},
        {200, "PATCH", "/1.0/projects/p1", "{\"description\":\"d\"}", NULL, NULL},
        {201, "POST", "/1.0/networks?project=p1",
         "{\"name\":\"n1\",\"type\":\"ovn\",\"config\":{\"network\":\"none\"}}",
         "network-created /1.0/networks/n1?project=p1 p1", NULL},
        {201, "POST", "/1.0/networks/n1?project=p1", "{\"name\":\"n2\"}",
         "network-renamed /1.0/networks/n2?project=p1 p1", "n1"},
        {200, "PATCH", "/1.0/networks/n2?project=p1", "{\"description\":\"d\"}",
         "network-updated /1.0/networks/n2?project=p1 p1", NULL},
        {200, "PATCH", "/1.0/networks/n2?project=p1", "{\"description\":\"d\"}", NULL, NULL},
        {200, "DELETE", "/1.0/networks/n2?project=p1", NULL,
         "network-deleted /1.0/networks/n2?project=p1 p1", NULL},
        {404, "DELETE", "/1.0/networks/n2?project=p1", NULL, NULL, NULL},
        {200, "DELETE", "/1.0/projects/p1", NULL, "project-deleted /1.0/projects/p1 p1", NULL},
        {404, "DELETE", "/1.0/projects/p1", NULL, NULL, NULL},
        /* Whatever the spelling, the source is where the record is. */
        {201, "POST", BALANCERS, "{\"listen_address\":\"2001:DB8:5::0:1\"}",
         "network-load-balancer-created " BALANCERS "/2001:db8:5::1 default", NULL},
        {409, "POST", BALANCERS, "{\"listen_address\":\"2001:db8:5::1\"}", NULL, NULL},
        {200, "PUT", BALANCERS "/2001:db8:5:0::1", "{\"description\":\"d\"}",
         "network-load-balancer-updated " BALANCERS "/2001:db8:5::1 default", NULL},
        {200, "PUT", BALANCERS "/2001:db8:5::1", "{\"description\":\"d\"}", NULL, NULL},
        {400, "PUT", BALANCERS "/2001:db8:5::1", "{\"config\":{\"nope\":\"1\"}}", NULL, NULL},
        {200, "DELETE", BALANCERS "/2001:DB8:5::1", NULL,
         "network-load-balancer-deleted " BALANCERS "/2001:db8:5::1 default", NULL},
        {404, "DELETE", BALANCERS "/2001:db8:5::1", NULL, NULL, NULL},
        {201, "POST", FORWARDS, "{\"listen_address\":\"198.18.0.1\"}",
         "network-forward-created " FORWARDS "/198.18.0.1 default", NULL},
        {200, "PATCH", FORWARDS "/198.18.0.1", "{\"description\":\"d\"}",
         "network-forward-updated " FORWARDS "/198.18.0.1 default", NULL},
        {200, "PATCH", FORWARDS "/198.18.0.1", "{\"description\":\"d\"}", NULL, NULL},
        {200, "DELETE", FORWARDS "/198.18.0.1", NULL,
         "network-forward-deleted " FORWARDS "/198.18.0.1 default", NULL},
        {200, "PATCH", "/1.0", "{\"config\":{\"user.a\":\"1\"}}", "config-updated /1.0 default",
         NULL},
        {200, "PATCH", "/1.0", "{\"config\":{\"user.a\":\"1\"}}", NULL, NULL},
    };
    int fd;

    (void)state;
    world_make(sock);
    fd = listen_to("?all-projects=true");
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        change(steps[i].status, steps[i].method, steps[i].path, steps[i].body);
        if (steps[i].event != NULL) {
            expect(fd, steps[i].event, steps[i].old_name);
        }
    }
    expect_nothing_else(fd);
    close(fd);
}

/* A project without networks of its own changes those of "default". */
static void project_of_an_event_is_that_of_the_record(void **state)
{
    int fd;

    (void)state;
    world_make(sock);
    change(201, "POST", "/1.0/projects",
           "{\"name\":\"p1\",\"config\":{\"features.networks\":\"false\"}}");
    fd = listen_to("");
    change(201, "POST", BALANCERS "?project=p1", "{\"listen_address\":\"198.18.0.1\"}");
    change(200, "PUT", BALANCERS "/198.18.0.1?project=p1", "{\"description\":\"d\"}");
    change(200, "DELETE", BALANCERS "/198.18.0.1?project=p1", NULL);
    expect(fd, "network-load-balancer-created " BALANCERS "/198.18.0.1 default", NULL);
    expect(fd, "network-load-balancer-updated " BALANCERS "/198.18.0.1 default", NULL);
    expect(fd, "network-load-balancer-deleted " BALANCERS "/198.18.0.1 default", NULL);
    close(fd);
}

/* Removes what can't be the same, after looking at its form. */
static char *without_time(json_t *event)
{
    const char *timestamp = string_at(event, "timestamp");
    int year, month, day, hour, minute, second, fraction;
    char *text;

    assert_int_equal(sscanf(timestamp, "%4d-%2d-%2dT%2d:%2d:%2d.%9dZ", &year, &month, &day, &hour,
                            &minute, &second, &fraction),
                     7);
    assert_int_equal(timestamp[strlen(timestamp) - 1], 'Z');
    json_object_set_new(event, "timestamp", json_string(""));
    text = json_dumps(event, JSON_PRESERVE_ORDER);
    assert_non_null(text);
    return text;
}

/* What a real server sent for the three changes that were recorded, but for those
 * events that only a cluster has, without a requestor. */
static void events_are_as_recorded(void **state)
{
    static const char address[] = "{\"listen_address\":\"198.51.100.30\"}";
    json_t *recorded =
        json_load_file(TEST_DATA_DIR "/golden/cluster/events-seen-on-n1.json", 0, NULL);
    const struct passwd *user = getpwuid(getuid());
    unsigned n_compared = 0;
    json_t *golden;
    size_t i;
    int fd;

    (void)state;
    assert_non_null(recorded);
    assert_non_null(user);
    world_make(sock);
    change(200, "PATCH", "/1.0/networks/UPLINK",
           "{\"config\":{\"ipv4.routes\":\"198.51.100.0/24\"}}");
    fd = listen_to("");
    change(201, "POST", BALANCERS, address);
    change(200, "PUT", BALANCERS "/198.51.100.30", "{\"description\":\"d\"}");
    change(200, "DELETE", BALANCERS "/198.51.100.30", NULL);
    json_array_foreach(recorded, i, golden)
    {
        json_t *metadata = json_object_get(golden, "metadata");
        json_t *requestor = json_object_get(metadata, "requestor");
        json_t *event;
        char *expected;
        char *found;

        if (strncmp(string_at(metadata, "action"), "network-load-balancer-", 22) != 0 ||
            strcmp(string_at(requestor, "username"), "") == 0) {
            continue;
        }
        json_object_set_new(golden, "location", json_string("none"));
        json_object_set_new(requestor, "username", json_string(user->pw_name));
        event = next_event(fd);
        expected = without_time(golden);
        found = without_time(event);
        assert_string_equal(found, expected);
        free(found);
        free(expected);
        json_decref(event);
        n_compared++;
    }
    assert_int_equal(n_compared, 3);
    json_decref(recorded);
    close(fd);
}

static void listeners_get_what_they_asked_for(void **state)
{
    int all;
    int p1;
    int operations;
    json_t *event;

    (void)state;
    change(201, "POST", "/1.0/projects", "{\"name\":\"p1\"}");
    all = listen_to("?all-projects=1&type=lifecycle,logging");
    p1 = listen_to("?project=p1&type=lifecycle");
    operations = listen_to("?type=operation,network-acl");
    change(201, "POST", "/1.0/projects", "{\"name\":\"p2\"}");
    change(202, "POST", "/1.0/projects/p2", "{\"name\":\"p3\"}");
    change(200, "PATCH", "/1.0/projects/p1", "{\"description\":\"d\"}");
    expect(all, "project-created /1.0/projects/p2 p2", NULL);
    expect(all, "project-renamed /1.0/projects/p3 p3", "p2");
    expect(all, "project-updated /1.0/projects/p1 p1", NULL);
    expect(p1, "project-updated /1.0/projects/p1 p1", NULL);
    event = next_event(operations);
    assert_string_equal(string_at(event, "type"), "operation");
    assert_null(json_object_get(event, "project"));
    assert_string_equal(string_at(json_object_get(event, "metadata"), "description"),
                        "Renaming project");
    assert_string_equal(string_at(json_object_get(event, "metadata"), "status"), "Success");
    json_decref(event);
    close(all);
    close(p1);
    close(operations);
}

static void assert_refused(const char *query, const char *status, const char *text)
{
    char path[256];
    char *answer = NULL;

    snprintf(path, sizeof path, "/1.0/events%s", query);
    assert_int_equal(ws_connect(sock, path, &answer), -1);
    assert_int_equal(strncmp(answer + strlen("HTTP/1.1 "), status, 3), 0);
    assert_non_null(strstr(answer, text));
    free(answer);
}

static void wrong_requests_are_refused(void **state)
{
    static const char *const old[] = {"Connection: Upgrade", "Upgrade: websocket",
                                      "Sec-WebSocket-Version: 8",
                                      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", NULL};
    struct http_request request = {.method = "GET", .path = "/1.0/events", .headers = old};
    struct http_answer answer = {0};
    char *version;

    (void)state;
    assert_refused("?type=foo", "400", "\"error\":\"\\\"foo\\\" isn't a supported event type\"");
    assert_refused("?type=lifecycle,", "400", "\\\"\\\" isn't a supported event type");
    assert_refused("?project=nope", "404", "Project not found");
    assert_refused("?project=p1&all-projects=true", "400",
                   "Cannot specify a project when requesting all projects");
    assert_int_equal(http_send(sock, &request, 60000, &answer), HTTP_ANSWERED);
    assert_int_equal(answer.status, 400);
    assert_string_equal(answer.body, "Bad Request\n");
    version = http_answer_header(&answer, "Sec-WebSocket-Version");
    assert_non_null(version);
    assert_string_equal(version, "13");
    free(version);
    http_answer_close(&answer);
}

static void so_many_may_listen(void **state)
{
    int fds[LISTENERS_MAX];
    int fd;

    (void)state;
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        fds[i] = listen_to("");
    }
    assert_refused("", "503", "Too many event listeners");
    /* All the others hear on. */
    change(200, "PATCH", "/1.0", "{\"config\":{\"user.a\":\"1\"}}");
    for (size_t i = 0; i < LISTENERS_MAX; i++) {
        expect(fds[i], "config-updated /1.0 default", NULL);
    }
    close(fds[0]);
    do {
        /* Until the daemon has seen that one left. */
        fd = ws_connect(sock, "/1.0/events", NULL);
    } while (fd < 0);
    close(fd);
    for (size_t i = 1; i < LISTENERS_MAX; i++) {
        close(fds[i]);
    }
}

static void listener_is_told_of_the_end(void **state)
{
    int fd;
    int status;
    pid_t pid;

    (void)state;
    fd = listen_to("");
    pid = fork();
    if (pid == 0) {
        /* Answers the close frame, while the test waits for the daemon's end. */
        ws_expect_close(fd, 1001, "lbstate is shutting down");
        ws_send(fd, WS_CLOSE, "\x03\xe9", 2);
        _exit(0);
    }
    close(fd);
    assert_int_equal(daemon_stop(&world_daemon, &status), 0);
    assert_int_equal(status, 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_int_equal(status, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_change_is_told_once, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(project_of_an_event_is_that_of_the_record, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(events_are_as_recorded, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(listeners_get_what_they_asked_for, world_set_up,
                                        world_tear_down),
        cmocka_unit_test_setup_teardown(wrong_requests_are_refused, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(so_many_may_listen, world_set_up, world_tear_down),
        cmocka_unit_test_setup_teardown(listener_is_told_of_the_end, world_set_up, world_tear_down),
    };

    return cmocka_run_group_tests_name("events", tests, NULL, NULL);
}
