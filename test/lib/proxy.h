/* proxy.h - stands between a client and the engine, and breaks their connection
 * where a test wants it.
 *
 * It reads the wire protocol along, so that a fault can be tied to a statement:
 * "forward COMMIT to the engine, wait for its answer, and cut the connection
 * instead of passing it on". It has a thread of its own, and must be in the
 * engine's process, which takes no connections of others. */
#ifndef LBSTATE_TEST_LIB_PROXY_H
#define LBSTATE_TEST_LIB_PROXY_H

#include <stdbool.h>
#include <stdint.h>

struct proxy;

enum proxy_fault {
    PROXY_CUT_BEFORE,     /* The engine never gets the statement. */
    PROXY_CUT_UNANSWERED, /* It gets it, and the connection is cut at once. */
    PROXY_CUT_ANSWERED,   /* It gets it and answers; the client doesn't get the answer. */
    PROXY_HOLD,           /* It gets it; no answer is passed on until the client gives up. */
    PROXY_FAIL_BEFORE,    /* It never gets it; the client is told the failure that was set. */
    PROXY_FAIL_ANSWERED,  /* It gets it; the failure stands in place of its answer. */
};

/* Failures of the proxy itself end the test. */
struct proxy *proxy_start(const char *engine_address);
void proxy_stop(struct proxy *proxy);

/* Where the client is to connect to. */
const char *proxy_address(const struct proxy *proxy);

/* New connections go there from now on. */
void proxy_set_engine(struct proxy *proxy, const char *engine_address);

/* FAULT happens when a prepared statement with this text is executed, once, after
 * SKIP others of it. PROXY_CUT_ANSWERED takes the next answer for the right one,
 * as it is for a statement that the client waits for. Replaces what was set
 * before. SQL is borrowed; NULL stands for any. */
void proxy_set_fault(struct proxy *proxy, enum proxy_fault fault, const char *sql, unsigned skip);

/* The same, and the fault happens TIMES times in a row. */
void proxy_set_faults(struct proxy *proxy, enum proxy_fault fault, const char *sql, unsigned skip,
                      unsigned times);

/* What PROXY_FAIL_BEFORE and PROXY_FAIL_ANSWERED say: a code of the engine. The
 * connection lives on, and must not interrupt queries. */
void proxy_set_failure(struct proxy *proxy, uint64_t code);

/* Whether the fault that was set last happened, all times of it. */
bool proxy_fault_happened(struct proxy *proxy);

/* Cuts all connections. With REFUSE new ones are cut, too, until this is called
 * again without. */
void proxy_cut(struct proxy *proxy, bool refuse);

#endif
