#include "db/observer.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* Kept sorted by name; there are some hundred statements at most, and one that
 * was seen before is found without a copy. */
struct db_observer {
    pthread_mutex_t mutex;
    struct db_statement_metrics **statements;
    size_t n_statements;
    size_t capacity;
    struct db_statement_metrics rest; /* Of those that found no memory; its name is "". */
};

struct db_observer *db_observer_new(void)
{
    struct db_observer *observer = calloc(1, sizeof *observer);

    if (observer == NULL) {
        return NULL;
    }
    if (pthread_mutex_init(&observer->mutex, NULL) != 0) {
        free(observer);
        return NULL;
    }
    observer->rest.name = "";
    return observer;
}

void db_observer_free(struct db_observer *observer)
{
    if (observer == NULL) {
        return;
    }
    for (size_t i = 0; i < observer->n_statements; i++) {
        free(observer->statements[i]);
    }
    free(observer->statements);
    pthread_mutex_destroy(&observer->mutex);
    free(observer);
}

/* Where NAME stands, or would stand. */
static size_t place_of(const struct db_observer *observer, const char *name)
{
    size_t low = 0;
    size_t high = observer->n_statements;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (strcmp(observer->statements[middle]->name, name) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Makes room for one more; returns false if there is no memory. */
static bool grow(struct db_observer *observer)
{
    size_t capacity = observer->capacity == 0 ? 64 : observer->capacity * 2;
    struct db_statement_metrics **statements;

    if (observer->n_statements < observer->capacity) {
        return true;
    }
    statements = realloc(observer->statements, capacity * sizeof *statements);
    if (statements == NULL) {
        return false;
    }
    observer->statements = statements;
    observer->capacity = capacity;
    return true;
}

static struct db_statement_metrics *metrics_of(struct db_observer *observer, const char *name)
{
    size_t place = place_of(observer, name);
    struct db_statement_metrics *metrics;

    if (name[0] == '\0') {
        return &observer->rest;
    }
    if (place < observer->n_statements && strcmp(observer->statements[place]->name, name) == 0) {
        return observer->statements[place];
    }
    if (!grow(observer)) {
        return &observer->rest;
    }
    metrics = calloc(1, sizeof *metrics);
    if (metrics == NULL) {
        return &observer->rest;
    }
    metrics->name = name;
    memmove(&observer->statements[place + 1], &observer->statements[place],
            (observer->n_statements - place) * sizeof *observer->statements);
    observer->statements[place] = metrics;
    observer->n_statements++;
    return metrics;
}

/* The first bucket whose bound lies above; the last one has none. */
static unsigned bucket_of(uint64_t elapsed_us)
{
    unsigned bucket = 0;

    while (bucket < DB_OBSERVER_BUCKETS - 1 && elapsed_us >= UINT64_C(1) << bucket) {
        bucket++;
    }
    return bucket;
}

void db_observer_report(struct db_observer *observer, const char *name, enum error_code code,
                        uint64_t rows, uint64_t elapsed_us)
{
    struct db_statement_metrics *metrics;

    if (observer == NULL) {
        return;
    }
    pthread_mutex_lock(&observer->mutex);
    metrics = metrics_of(observer, name);
    metrics->errors[code]++;
    metrics->rows += rows;
    metrics->total_us += elapsed_us;
    metrics->buckets[bucket_of(elapsed_us)]++;
    pthread_mutex_unlock(&observer->mutex);
}

/* Copies the figures of the first statement whose name lies behind NAME. */
static bool copy_next(struct db_observer *observer, const char *name,
                      struct db_statement_metrics *ret_metrics)
{
    bool found;
    size_t place;

    pthread_mutex_lock(&observer->mutex);
    place = place_of(observer, name);
    if (place < observer->n_statements && strcmp(observer->statements[place]->name, name) == 0) {
        place++;
    }
    found = place < observer->n_statements;
    if (found) {
        *ret_metrics = *observer->statements[place];
    }
    pthread_mutex_unlock(&observer->mutex);
    return found;
}

void db_observer_each(struct db_observer *observer,
                      void (*each)(const struct db_statement_metrics *metrics, void *data),
                      void *data)
{
    struct db_statement_metrics metrics;
    bool rest_used = false;

    pthread_mutex_lock(&observer->mutex);
    metrics = observer->rest;
    pthread_mutex_unlock(&observer->mutex);
    for (size_t i = 0; i < ERROR_CODE_MAX; i++) {
        rest_used = rest_used || metrics.errors[i] > 0;
    }
    if (rest_used) {
        each(&metrics, data);
    }
    /* EACH runs without the lock, so that it may take its time. */
    while (copy_next(observer, metrics.name, &metrics)) {
        each(&metrics, data);
    }
}
