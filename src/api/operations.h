/* operations.h - operations that are done.
 *
 * What Incus does in the background answers with an operation that a client then
 * waits for. Here it is done when it is answered, so the operation is finished from
 * the start, and kept only for those who ask for it afterwards: as long as Incus
 * keeps one, and of more than OPERATIONS_MAX the latest. Join tokens, which Incus has
 * as operations that run, are records (cluster_tokens.h).
 *
 * A zeroed struct operations is a valid empty one. */
#ifndef LBSTATE_API_OPERATIONS_H
#define LBSTATE_API_OPERATIONS_H

#include "api/events.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json_writer.h"

#include <stddef.h>
#include <stdint.h>

#define OPERATIONS_MAX    64
#define OPERATION_KEPT_US (5 * UINT64_C(1000000))
#define OPERATION_ID_SIZE 37 /* A UUID and a NUL. */

struct operation {
    char id[OPERATION_ID_SIZE]; /* "": there is none here. */
    const char *description;    /* A literal. */
    char done_at[CLOCK_TEXT_SIZE];
    uint64_t done_us; /* Monotonic. */
};

struct operations {
    struct operation ring[OPERATIONS_MAX];
    size_t next; /* Where the next one goes: the oldest. */
};

/* A new UUID. ERROR_INTERNAL: no random bytes. */
int operation_make_id(char out[OPERATION_ID_SIZE], struct error *error);

/* *RET_OPERATION stays until OPERATIONS_MAX others were added. ERROR_INTERNAL: no
 * random bytes. */
int operations_add(struct operations *operations, const char *description, uint64_t now_us,
                   const struct operation **ret_operation, struct error *error);

/* NULL: there is none, or none any more. */
const struct operation *operations_find(const struct operations *operations, const char *id,
                                        uint64_t now_us);

bool operation_is_kept(const struct operation *operation, uint64_t now_us);

/* As Incus renders one that succeeded. LOCATION: the member that it ran on, or "none". */
void operation_to_json(struct json_writer *w, const struct operation *operation,
                       const char *location);

/* Publishes an event that tells of it, to listeners of every project. */
void operation_publish(const struct operation *operation, const char *location,
                       struct events *events);

#endif
