#include "base/clock.h"
#include "base/log.h"
#include "node/raft_internal.h"

#include <signal.h>
#include <time.h>

#define PAUSE_MIN_US UINT64_C(2000)
#define PAUSE_MAX_US UINT64_C(100000)

void raft_worker_init(struct raft_worker *worker, struct raft *raft, const char *name)
{
    pthread_condattr_t attributes;

    worker->raft = raft;
    worker->name = name;
    queue_init(&worker->waiting);
    queue_init(&worker->running);
    /* On Linux none of these fails: they allocate nothing. */
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&worker->wake_up, &attributes);
    pthread_condattr_destroy(&attributes);
}

void raft_worker_close(struct raft_worker *worker)
{
    pthread_cond_destroy(&worker->wake_up);
}

int raft_worker_start(struct raft_worker *worker, void *(*main)(void *worker), struct error *error)
{
    sigset_t all;
    sigset_t before;
    int reason;

    /* Signals are the loop's. */
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    reason = pthread_create(&worker->thread, NULL, main, worker);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (reason != 0) {
        return error_errno(error, ERROR_IO, reason, "Failed starting the %s", worker->name);
    }
    worker->started = true;
    pthread_setname_np(worker->thread, worker->name);
    return ERROR_NONE;
}

/* raft_close() may be about to wake the old one. */
static void replace_conn(struct raft_worker *worker, struct raft_conn *conn)
{
    struct raft_conn *old = worker->conn;

    pthread_mutex_lock(&worker->raft->mutex);
    worker->conn = conn;
    pthread_mutex_unlock(&worker->raft->mutex);
    raft_conn_close(old);
}

int raft_worker_connect(struct raft_worker *worker, const struct db_context *context,
                        struct error *error)
{
    struct raft_conn *conn;
    int code;

    if (worker->conn != NULL && !raft_conn_broken(worker->conn)) {
        return ERROR_NONE;
    }
    replace_conn(worker, NULL);
    code = raft_conn_open(worker->raft->engine_address, context, &conn, error);
    if (code == ERROR_NONE) {
        replace_conn(worker, conn);
    }
    return code;
}

void raft_worker_wait_locked(struct raft_worker *worker, uint64_t until_us)
{
    const struct timespec until = {.tv_sec = (time_t)(until_us / 1000000),
                                   .tv_nsec = (long)(until_us % 1000000) * 1000};

    if (until_us == CLOCK_NEVER_US) {
        pthread_cond_wait(&worker->wake_up, &worker->raft->mutex);
    } else {
        pthread_cond_timedwait(&worker->wake_up, &worker->raft->mutex, &until);
    }
}

uint64_t raft_worker_failed(struct raft_worker *worker, const struct error *error)
{
    uint64_t pause_us = PAUSE_MIN_US << (worker->n_failures < 6 ? worker->n_failures : 6);

    if (worker->n_failures == 0 && !atomic_load(&worker->raft->stopping)) {
        log_event(LOG_LEVEL_WARNING, "raft", "The engine can't be asked: trying again",
                  LOG_TEXT("thread", worker->name), LOG_TEXT("code", error_name(error->code)),
                  LOG_TEXT("reason", error->message));
    }
    worker->n_failures++;
    return clock_monotonic_us() + (pause_us < PAUSE_MAX_US ? pause_us : PAUSE_MAX_US);
}

void raft_worker_recovered(struct raft_worker *worker)
{
    if (worker->n_failures > 0) {
        log_event(LOG_LEVEL_INFO, "raft", "The engine answers again",
                  LOG_TEXT("thread", worker->name), LOG_INTEGER("failures", worker->n_failures));
    }
    worker->n_failures = 0;
}

void raft_worker_end(struct raft_worker *worker)
{
    struct raft *raft = worker->raft;

    replace_conn(worker, NULL);
    pthread_mutex_lock(&raft->mutex);
    worker->ended = true;
    /* Under the mutex: the loop frees the raft once it saw both threads ended. */
    uv_async_send(&raft->async);
    pthread_mutex_unlock(&raft->mutex);
}
