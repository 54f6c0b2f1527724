/* store_fixture.h - a store on a real engine, and requests to try it with.
 *
 * The tasks work on the table `config`: one writes a key, one reads it. */
#ifndef LBSTATE_TEST_LIB_STORE_FIXTURE_H
#define LBSTATE_TEST_LIB_STORE_FIXTURE_H

#include "node/node.h"
#include "store/store.h"
#include "test/lib/proxy.h"

#include <semaphore.h>
#include <stdbool.h>
#include <uv.h>

struct store_fixture {
    char *dir;
    struct node *node;
    struct proxy *proxy;
    struct store *store; /* NULL: none is open. */
    uv_loop_t loop;
    bool ready;
    struct error ready_error;
    bool closed;
};

/* For cmocka: the first starts engine and proxy, the second stops all. */
int store_fixture_set_up(void **state);
int store_fixture_tear_down(void **state);

/* Opens the store on the engine, by way of the proxy; the second form also waits
 * until it is ready. */
void store_fixture_begin_open(struct store_fixture *f);
void store_fixture_open(struct store_fixture *f);

/* Closes it and waits for that. */
void store_fixture_close(struct store_fixture *f, unsigned drain_ms);

/* Runs the loop until *FLAG; fails the test after half a minute. */
void store_fixture_run_until(struct store_fixture *f, const bool *flag);

struct task {
    struct store_request request;
    struct store_fixture *f;
    const char *key;
    const char *value;  /* Written, or NULL for a reader: what was read (in the arena). */
    atomic_uint n_runs; /* How often RUN was called. */
    bool done;          /* DONE was called. */
    uint64_t done_us;   /* When. */
    sem_t entered;      /* task_gate: posted when RUN begins, */
    sem_t leave;        /* and waited for before it ends. */
};

void task_init(struct task *task, struct store_fixture *f, enum store_kind kind, store_run run);

/* Frees the outputs. */
void task_close(struct task *task);

void task_submit(struct task *task, unsigned timeout_ms);

/* Runs the loop until DONE. */
void task_await(struct task *task);

/* Submits and awaits it; fails the test unless it ends with CODE. */
void task_perform(struct task *task, enum error_code code);

/* RUNs. All but the gate change the revision before they write. */
int task_insert(struct store_request *request, struct store_tx *tx, struct error *error);
int task_read(struct store_request *request, struct store_tx *tx, struct error *error);

/* Holds its thread until LEAVE is posted; changes nothing. */
int task_gate(struct store_request *request, struct store_tx *tx, struct error *error);

/* The statement of task_insert and task_read, for faults. */
extern const struct db_stmt task_insert_stmt;
extern const struct db_stmt task_read_stmt;

/* What a query of one integer gives now. */
int64_t store_fixture_integer(struct store_fixture *f, const char *sql);

struct store_metrics store_fixture_metrics(struct store_fixture *f);

#endif
