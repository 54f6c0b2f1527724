/* kill -9 under load: what was acknowledged is there, what was refused is not.
 *
 * Eight clients create, change and delete records while the daemon is killed
 * and started again. Each keeps, for each of its records, the set of states that
 * the answers it got leave possible: one, but for the request that the kill cut
 * off. After each start every record must be in one of its possible states. */
#include "test/integration/world.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/daemon.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIST          "/1.0/networks/ovn0/load-balancers"
#define N_WRITERS     8
#define N_KILLS       5
#define ACKS_A_ROUND  80
#define N_RECORDS_MAX 1000 /* A writer's; enough for all rounds. */

/* States of a record, as bits of a set. */
enum {
    ABSENT = 1,
    CREATED = 2, /* Its description is "created". */
    CHANGED = 4, /* It is "changed". */
};

struct writer {
    unsigned number;
    unsigned n_records;
    unsigned possible[N_RECORDS_MAX];
    unsigned cut_off;  /* Requests without an answer. */
    unsigned refused;  /* Requests that are wrong, answered so. */
    char problem[256]; /* An answer that no request may get; "": none. */
};

static struct writer writers[N_WRITERS];

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static unsigned round_number;   /* Writers work once it is above their own. */
static unsigned n_working;      /* Writers that have not noticed the kill. */
static unsigned n_acknowledged; /* In this round. */
static bool finished;

static void address_of(const struct writer *writer, unsigned record, char address[32])
{
    snprintf(address, 32, "198.18.%u.%u", writer->number * 8 + record / 250, record % 250);
}

/* True if the request was answered; then POSSIBLE is NEXT, or as it was after a
 * refusal that was due. Without an answer both are possible. */
static bool send_change(struct writer *writer, const char *method, const char *path,
                        const char *body, int expected_status, unsigned next, unsigned *possible)
{
    int status = world_status(world_daemon.socket, method, path, body);

    if (status == 0) {
        *possible |= next;
        writer->cut_off++;
        return false;
    }
    if (status != expected_status) {
        snprintf(writer->problem, sizeof writer->problem, "%s %s: status %d", method, path, status);
        return false;
    }
    if (status < 300) {
        *possible = next;
        pthread_mutex_lock(&lock);
        n_acknowledged++;
        pthread_cond_broadcast(&changed);
        pthread_mutex_unlock(&lock);
    } else {
        writer->refused++;
    }
    return true;
}

/* Creates one record and, by turns, leaves it, changes it, deletes it, or tries
 * what must be refused. False once the daemon is gone, or a problem was seen. */
static bool work_on_one(struct writer *writer)
{
    unsigned record = writer->n_records++;
    unsigned *possible = &writer->possible[record];
    char address[32];
    char path[128];
    char body[256];

    *possible = ABSENT;
    address_of(writer, record, address);
    snprintf(path, sizeof path, LIST "/%s", address);
    if (record % 4 == 3) {
        snprintf(body, sizeof body,
                 "{\"listen_address\": \"%s\", \"config\": {\"no.such.key\": \"x\"}}", address);
        return send_change(writer, "POST", LIST, body, 400, ABSENT, possible);
    }
    snprintf(body, sizeof body, "{\"listen_address\": \"%s\", \"description\": \"created\"}",
             address);
    if (!send_change(writer, "POST", LIST, body, 201, CREATED, possible)) {
        return false;
    }
    if (record % 4 == 1) {
        return send_change(writer, "PUT", path, "{\"description\": \"changed\"}", 200, CHANGED,
                           possible);
    }
    if (record % 4 == 2) {
        return send_change(writer, "DELETE", path, NULL, 200, ABSENT, possible);
    }
    return true;
}

static void *write_on(void *data)
{
    struct writer *writer = data;
    unsigned my_round = 0;

    pthread_mutex_lock(&lock);
    while (!finished) {
        if (round_number == my_round) {
            pthread_cond_wait(&changed, &lock);
            continue;
        }
        my_round = round_number;
        pthread_mutex_unlock(&lock);
        while (writer->n_records < N_RECORDS_MAX && work_on_one(writer)) {
        }
        pthread_mutex_lock(&lock);
        n_working--;
        pthread_cond_broadcast(&changed);
    }
    pthread_mutex_unlock(&lock);
    return NULL;
}

/* The state of each record that there is, by address. */
static json_t *present_records(void)
{
    json_t *list = world_get(world_daemon.socket, LIST "?recursion=1");
    json_t *by_address = json_object();
    json_t *record;
    size_t i;

    json_array_foreach(list, i, record)
    {
        const char *address = json_string_value(json_object_get(record, "listen_address"));

        assert_null(json_object_get(by_address, address));
        json_object_set(by_address, address, json_object_get(record, "description"));
    }
    json_decref(list);
    return by_address;
}

/* Every record in a possible state; from here on that is its only one. */
static void check_all(void)
{
    json_t *present = present_records();
    size_t n_present = 0;

    for (unsigned i = 0; i < N_WRITERS; i++) {
        assert_string_equal(writers[i].problem, "");
        for (unsigned record = 0; record < writers[i].n_records; record++) {
            char address[32];
            const char *description;
            unsigned state = ABSENT;

            address_of(&writers[i], record, address);
            description = json_string_value(json_object_get(present, address));
            if (description != NULL) {
                n_present++;
                state = strcmp(description, "created") == 0   ? CREATED
                        : strcmp(description, "changed") == 0 ? CHANGED
                                                              : 0;
            }
            if ((writers[i].possible[record] & state) == 0) {
                print_error("%s is %s, possible is the set %u\n", address,
                            description == NULL ? "absent" : description,
                            writers[i].possible[record]);
            }
            assert_int_not_equal(writers[i].possible[record] & state, 0);
            writers[i].possible[record] = state;
        }
    }
    assert_int_equal(json_object_size(present), n_present);
    json_decref(present);
}

static void start_round(void)
{
    pthread_mutex_lock(&lock);
    n_acknowledged = 0;
    n_working = N_WRITERS;
    round_number++;
    pthread_cond_broadcast(&changed);
    while (n_acknowledged < ACKS_A_ROUND && n_working > 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static void wait_for_writers(void)
{
    pthread_mutex_lock(&lock);
    while (n_working > 0) {
        pthread_cond_wait(&changed, &lock);
    }
    pthread_mutex_unlock(&lock);
}

static void acknowledged_writes_survive_kills(void **state)
{
    pthread_t threads[N_WRITERS];
    unsigned cut_off = 0;
    unsigned refused = 0;

    (void)state;
    world_make(world_daemon.socket);
    for (unsigned i = 0; i < N_WRITERS; i++) {
        writers[i].number = i;
        assert_int_equal(pthread_create(&threads[i], NULL, write_on, &writers[i]), 0);
    }
    for (unsigned kill = 0; kill < N_KILLS; kill++) {
        start_round();
        assert_int_equal(daemon_kill(&world_daemon), 0);
        wait_for_writers();
        assert_true(n_acknowledged >= ACKS_A_ROUND);
        assert_int_equal(daemon_start(&world_daemon), 0);
        check_all();
    }
    pthread_mutex_lock(&lock);
    finished = true;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&lock);
    for (unsigned i = 0; i < N_WRITERS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        cut_off += writers[i].cut_off;
        refused += writers[i].refused;
    }
    /* Or the kills hit nothing, and the test has shown nothing. */
    assert_in_range(cut_off, 1, N_KILLS * N_WRITERS);
    assert_true(refused > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(acknowledged_writes_survive_kills, world_set_up,
                                        world_tear_down),
    };

    return cmocka_run_group_tests_name("crash", tests, NULL, NULL);
}
