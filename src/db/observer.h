/* observer.h - the one place that every statement reports to.
 *
 * Per statement: how often it ran, how it ended, how many rows it gave or
 * changed, and how long it took, as a histogram with buckets of powers of two.
 * Statements are told apart by name; memory is allocated once per name.
 *
 * Thread-safe: connections of several threads report to one observer. */
#ifndef LBSTATE_DB_OBSERVER_H
#define LBSTATE_DB_OBSERVER_H

#include "base/error.h"

#include <stdint.h>

#define DB_OBSERVER_BUCKETS 24 /* Bucket i counts times below 2^i us; the last, all above. */

struct db_observer;

struct db_statement_metrics {
    const char *name;                /* As in struct db_stmt; lives as long as the program. */
    uint64_t errors[ERROR_CODE_MAX]; /* How often it ended with each code; [0] is success. */
    uint64_t rows;                   /* Returned or changed. */
    uint64_t total_us;
    uint64_t buckets[DB_OBSERVER_BUCKETS];
};

/* NULL if memory is lacking. */
struct db_observer *db_observer_new(void);
void db_observer_free(struct db_observer *observer);

/* OBSERVER may be NULL. A name that finds no memory is counted under "". */
void db_observer_report(struct db_observer *observer, const char *name, enum error_code code,
                        uint64_t rows, uint64_t elapsed_us);

/* Calls EACH for a consistent copy of each statement's figures, by name. */
void db_observer_each(struct db_observer *observer,
                      void (*each)(const struct db_statement_metrics *metrics, void *data),
                      void *data);

#endif
