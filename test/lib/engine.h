/* engine.h - a real engine of one node for a test, in a fresh directory.
 *
 * Failures end the test (they are cmocka assertions). One at a time. */
#ifndef LBSTATE_TEST_LIB_ENGINE_H
#define LBSTATE_TEST_LIB_ENGINE_H

#include "db/conn.h"
#include "db/observer.h"

/* Returns once the node leads. */
void engine_start(void);

/* Stops it and removes its directory. Does nothing if it isn't started. */
void engine_stop(void);

const char *engine_address(void);

/* A connection to it; OBSERVER may be NULL. Close it before engine_stop(). */
struct db_conn *engine_connect(struct db_observer *observer);

/* A context that ends this many milliseconds from now. */
struct db_context engine_deadline(unsigned ms);

/* Runs statements that must succeed, each its own transaction; the last is NULL. */
void engine_exec(struct db_conn *conn, const char *sql, ...) __attribute__((sentinel));

/* The integer that a query of one row and one column gives. */
int64_t engine_integer(struct db_conn *conn, const char *sql);

#endif
