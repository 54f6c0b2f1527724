#include "node/watchdog.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <time.h>

struct watchdog {
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t stop_requested;
    bool stopping; /* Under mutex. */
    struct timespec deadline;
    void (*expired)(void *data);
    void *data;
};

static void *watch(void *arg)
{
    struct watchdog *watchdog = arg;
    bool expired = false;

    pthread_mutex_lock(&watchdog->mutex);
    while (!watchdog->stopping && !expired) {
        expired = pthread_cond_timedwait(&watchdog->stop_requested, &watchdog->mutex,
                                         &watchdog->deadline) != 0;
    }
    expired = expired && !watchdog->stopping;
    pthread_mutex_unlock(&watchdog->mutex);
    if (expired) {
        watchdog->expired(watchdog->data);
    }
    return NULL;
}

static struct timespec after_ms(unsigned ms)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    t.tv_sec += ms / 1000;
    t.tv_nsec += (long)(ms % 1000) * 1000000;
    if (t.tv_nsec >= 1000000000) {
        t.tv_sec++;
        t.tv_nsec -= 1000000000;
    }
    return t;
}

int watchdog_start(unsigned timeout_ms, void (*expired)(void *data), void *data,
                   struct watchdog **ret_watchdog, struct error *error)
{
    pthread_condattr_t attributes;
    int reason;
    struct watchdog *watchdog = calloc(1, sizeof *watchdog);

    if (watchdog == NULL) {
        return error_no_memory(error);
    }
    watchdog->expired = expired;
    watchdog->data = data;
    watchdog->deadline = after_ms(timeout_ms);
    /* On Linux none of these fails: they allocate nothing. */
    pthread_mutex_init(&watchdog->mutex, NULL);
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&watchdog->stop_requested, &attributes);
    pthread_condattr_destroy(&attributes);
    reason = pthread_create(&watchdog->thread, NULL, watch, watchdog);
    if (reason != 0) {
        pthread_cond_destroy(&watchdog->stop_requested);
        pthread_mutex_destroy(&watchdog->mutex);
        free(watchdog);
        return error_errno(error, ERROR_IO, reason, "Failed starting the watchdog");
    }
    *ret_watchdog = watchdog;
    return ERROR_NONE;
}

void watchdog_stop(struct watchdog *watchdog)
{
    if (watchdog == NULL) {
        return;
    }
    pthread_mutex_lock(&watchdog->mutex);
    watchdog->stopping = true;
    pthread_cond_signal(&watchdog->stop_requested);
    pthread_mutex_unlock(&watchdog->mutex);
    pthread_join(watchdog->thread, NULL);
    pthread_cond_destroy(&watchdog->stop_requested);
    pthread_mutex_destroy(&watchdog->mutex);
    free(watchdog);
}
