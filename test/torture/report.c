#include "test/torture/report.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t count(const struct history *history, enum history_kind kind,
                    enum history_outcome outcome)
{
    size_t n = 0;

    for (size_t i = 0; i < history->n_operations; i++) {
        n += history->operations[i].kind == kind && history->operations[i].outcome == outcome;
    }
    return n;
}

static bool was_seen(const struct history *history, const struct operation *write)
{
    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];

        if (!history_is_write(o->kind) && o->outcome == HISTORY_OK && o->key == write->key &&
            o->value == write->value) {
            return true;
        }
    }
    return false;
}

void report_operations(FILE *file, const struct history *history, int64_t duration_us)
{
    size_t n_again = 0;
    size_t n_seen = 0;
    size_t n_unseen = 0;

    fprintf(file, "%zu operations in %.1f s, %.0f a second\n", history->n_operations,
            (double)duration_us / 1e6, (double)history->n_operations * 1e6 / (double)duration_us);
    fprintf(file, "  %-8s", "");
    for (int outcome = 0; outcome < HISTORY_OUTCOMES; outcome++) {
        fprintf(file, "%10s", history_outcome_name((enum history_outcome)outcome));
    }
    fputc('\n', file);
    for (int kind = 0; kind < HISTORY_KINDS; kind++) {
        fprintf(file, "  %-8s", history_kind_name((enum history_kind)kind));
        for (int outcome = 0; outcome < HISTORY_OUTCOMES; outcome++) {
            fprintf(file, "%10zu",
                    count(history, (enum history_kind)kind, (enum history_outcome)outcome));
        }
        fputc('\n', file);
    }
    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];

        n_again += o->tries > 1;
        if (o->outcome == HISTORY_UNKNOWN && history_has_value(o->kind)) {
            n_seen += was_seen(history, o);
            n_unseen += !was_seen(history, o);
        }
    }
    fprintf(file, "sent more than once: %zu; unknown writes: %zu were seen later, %zu never\n",
            n_again, n_seen, n_unseen);
}

/* What has to be added to the wall clock to have the monotonic one. */
static int64_t monotonic_offset_us(void)
{
    struct timespec wall;
    struct timespec monotonic;

    clock_gettime(CLOCK_REALTIME, &wall);
    clock_gettime(CLOCK_MONOTONIC, &monotonic);
    return ((int64_t)monotonic.tv_sec - wall.tv_sec) * 1000000 +
           (monotonic.tv_nsec - wall.tv_nsec) / 1000;
}

/* When a write was invoked, and when the first one of those that were invoked then or later
 * was acknowledged. */
struct moment {
    int64_t invoked_us;
    int64_t first_us;
};

static int compare_moments(const void *a, const void *b)
{
    const struct moment *x = a;
    const struct moment *y = b;

    return (x->invoked_us > y->invoked_us) - (x->invoked_us < y->invoked_us);
}

/* Of all acknowledged writes, by the time of their invocation; to be freed. */
static struct moment *list_moments(const struct history *history, size_t *ret_n)
{
    struct moment *moments = calloc(history->n_operations + 1, sizeof *moments);
    size_t n = 0;

    if (moments == NULL) {
        abort();
    }
    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];

        if (history_is_write(o->kind) && o->outcome == HISTORY_OK) {
            moments[n++] = (struct moment){.invoked_us = o->invoked_us, .first_us = o->returned_us};
        }
    }
    qsort(moments, n, sizeof *moments, compare_moments);
    for (size_t i = n; i-- > 1;) {
        if (moments[i].first_us < moments[i - 1].first_us) {
            moments[i - 1].first_us = moments[i].first_us;
        }
    }
    *ret_n = n;
    return moments;
}

/* -1: no write that was invoked after KILL_US was ever acknowledged. */
static int64_t pause_after(const struct moment *moments, size_t n_moments, int64_t kill_us)
{
    size_t low = 0;
    size_t high = n_moments;

    while (low < high) {
        size_t middle = (low + high) / 2;

        if (moments[middle].invoked_us <= kill_us) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low == n_moments ? -1 : moments[low].first_us - kill_us;
}

/* True for the loss of a leader; sets its time. */
static bool read_fault(const char *line, int64_t *ret_time_us)
{
    json_t *fault = json_loads(line, 0, NULL);
    json_int_t time_us;
    const char *name;
    int leader;
    bool lost = json_unpack(fault, "{s:I, s:s, s:b}", "time_us", &time_us, "fault", &name, "leader",
                            &leader) == 0 &&
                leader && (strcmp(name, "kill9") == 0 || strcmp(name, "crash") == 0);

    if (lost) {
        *ret_time_us = time_us;
    }
    json_decref(fault);
    return lost;
}

static int compare_times(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* The nearest rank: at least PERCENT of all are no longer. */
static double percentile_ms(const int64_t *sorted, size_t n, size_t percent)
{
    size_t rank = (n * percent + 99) / 100;

    return (double)sorted[rank == 0 ? 0 : rank - 1] / 1000;
}

int report_pauses(FILE *file, const struct history *history, const char *faults_path,
                  int64_t start_us)
{
    int64_t offset_us = monotonic_offset_us();
    FILE *faults = fopen(faults_path, "re");
    struct moment *moments;
    size_t n_moments;
    int64_t *pauses = NULL;
    size_t n_pauses = 0;
    size_t n_endless = 0;
    char *line = NULL;
    size_t capacity = 0;

    if (faults == NULL) {
        if (errno == ENOENT) {
            return 0; /* Nothing was broken. */
        }
        fprintf(stderr, "report: can't open %s: %s\n", faults_path, strerror(errno));
        return -1;
    }
    moments = list_moments(history, &n_moments);
    while (getline(&line, &capacity, faults) >= 0) {
        int64_t time_us;
        int64_t pause_us;

        if (!read_fault(line, &time_us) || time_us + offset_us < start_us) {
            continue;
        }
        pause_us = pause_after(moments, n_moments, time_us + offset_us);
        if (pause_us < 0) {
            n_endless++;
            continue;
        }
        pauses = reallocarray(pauses, n_pauses + 1, sizeof *pauses);
        if (pauses == NULL) {
            abort();
        }
        pauses[n_pauses++] = pause_us;
    }
    if (n_pauses > 0) {
        qsort(pauses, n_pauses, sizeof *pauses, compare_times);
        fprintf(file,
                "pauses after %zu kills of the leader, in ms: min %.0f, p50 %.0f, p90 %.0f, "
                "p99 %.0f, max %.0f\n",
                n_pauses, percentile_ms(pauses, n_pauses, 0), percentile_ms(pauses, n_pauses, 50),
                percentile_ms(pauses, n_pauses, 90), percentile_ms(pauses, n_pauses, 99),
                percentile_ms(pauses, n_pauses, 100));
    }
    if (n_endless > 0) {
        fprintf(file, "after %zu kills of the leader no write was acknowledged any more\n",
                n_endless);
    }
    free(moments);
    free(pauses);
    free(line);
    fclose(faults);
    return 0;
}
