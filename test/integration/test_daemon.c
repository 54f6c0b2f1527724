/* One daemon a state directory, one a socket; a stop that is asked for is clean. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#define LIST             "/1.0/networks/ovn0/load-balancers"
#define N_WRITERS        4
#define ACKS_BEFORE_STOP 40
#define ACKS_MAX         2000 /* A writer's last, should the stop never come. */

static struct daemon first;
static struct daemon second;

static int set_up(void **state)
{
    (void)state;
    if (daemon_init(&first) != 0 || daemon_init(&second) != 0 || daemon_start(&first) != 0) {
        daemon_close(&first, true);
        daemon_close(&second, false);
        return -1;
    }
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    daemon_close(&first, false);
    daemon_close(&second, false);
    return 0;
}

/* The second ends with an error that names WHAT, and the first serves on. */
static void assert_second_is_refused(const char *what)
{
    int status = 0;
    char *log;

    assert_int_equal(daemon_spawn(&second), 0);
    assert_int_equal(daemon_wait(&second, &status), 0);
    assert_true(WIFEXITED(status));
    assert_int_not_equal(WEXITSTATUS(status), 0);
    log = daemon_log(&second);
    if (strstr(log, what) == NULL) {
        print_error("the second daemon said: %s\n", log);
    }
    assert_non_null(strstr(log, what));
    free(log);

    assert_int_equal(world_status(first.socket, "GET", "/internal/ready", NULL), 200);
    assert_int_equal(world_status(first.socket, "POST", "/1.0/projects", "{\"name\": \"p1\"}"),
                     201);
}

static void second_daemon_on_a_state_directory_is_refused(void **state)
{
    (void)state;
    memcpy(second.state_dir, first.state_dir, sizeof second.state_dir);
    assert_second_is_refused(first.state_dir);
}

static void second_daemon_on_a_socket_is_refused(void **state)
{
    (void)state;
    memcpy(second.socket, first.socket, sizeof second.socket);
    assert_second_is_refused(first.socket);
}

static void socket_of_a_killed_daemon_is_taken_over(void **state)
{
    (void)state;
    memcpy(second.socket, first.socket, sizeof second.socket);
    assert_int_equal(daemon_kill(&first), 0);
    assert_int_equal(daemon_start(&second), 0);
}

static void idle_daemon_stops_with_success(void **state)
{
    int status = -1;

    (void)state;
    assert_int_equal(daemon_stop(&first, &status), 0);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_int_equal(daemon_start(&first), 0);
}

/* ---- A stop while requests run ---- */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned n_acknowledged;
static unsigned n_writing;

struct writer {
    unsigned number;
    unsigned acknowledged; /* Addresses 198.18.NUMBER.1 and on. */
    unsigned wrong;        /* Answers that no create may get. */
};

/* Creates until the daemon goes away. */
static void *write_on(void *data)
{
    struct writer *writer = data;

    while (writer->acknowledged < ACKS_MAX) {
        unsigned next = writer->acknowledged + 1;
        char body[128];
        int status;

        snprintf(body, sizeof body, "{\"listen_address\": \"198.18.%u.%u\"}",
                 writer->number * 8 + next / 250, next % 250);
        status = world_status(first.socket, "POST", LIST, body);
        if (status != 201) {
            /* 0: it is gone; 503: it is about to go. */
            writer->wrong += status != 0 && status != 503;
            break;
        }
        pthread_mutex_lock(&lock);
        writer->acknowledged = next;
        n_acknowledged++;
        pthread_cond_signal(&changed);
        pthread_mutex_unlock(&lock);
    }
    pthread_mutex_lock(&lock);
    n_writing--;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return NULL;
}

static void stop_while_requests_run_loses_nothing(void **state)
{
    struct writer writers[N_WRITERS] = {0};
    pthread_t threads[N_WRITERS];
    unsigned total = 0;
    int status = -1;
    json_t *links;

    (void)state;
    world_make(first.socket);
    n_acknowledged = 0;
    n_writing = N_WRITERS;
    for (unsigned i = 0; i < N_WRITERS; i++) {
        writers[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, write_on, &writers[i]), 0);
    }
    pthread_mutex_lock(&lock);
    while (n_acknowledged < ACKS_BEFORE_STOP && n_writing > 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
    assert_int_equal(daemon_stop(&first, &status), 0);
    for (unsigned i = 0; i < N_WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(writers[i].wrong, 0);
        total += writers[i].acknowledged;
    }
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    assert_true(total >= ACKS_BEFORE_STOP);

    assert_int_equal(daemon_start(&first), 0);
    for (unsigned i = 0; i < N_WRITERS; i++) {
        for (unsigned n = 1; n <= writers[i].acknowledged; n++) {
            char path[128];

            snprintf(path, sizeof path, LIST "/198.18.%u.%u", writers[i].number * 8 + n / 250,
                     n % 250);
            assert_int_equal(world_status(first.socket, "GET", path, NULL), 200);
        }
    }
    /* One request of each writer may have been applied without its answer. */
    links = world_get(first.socket, LIST);
    assert_in_range(json_array_size(links), total, total + N_WRITERS);
    json_decref(links);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(second_daemon_on_a_state_directory_is_refused, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(second_daemon_on_a_socket_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(socket_of_a_killed_daemon_is_taken_over, set_up, tear_down),
        cmocka_unit_test_setup_teardown(idle_daemon_stops_with_success, set_up, tear_down),
        cmocka_unit_test_setup_teardown(stop_while_requests_run_loses_nothing, set_up, tear_down),
    };

    return cmocka_run_group_tests_name("daemon", tests, NULL, NULL);
}
