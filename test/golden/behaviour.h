/* behaviour.h - the expected mappers of right/, compiled and run on a real engine.
 *
 * Each case has a behaviour.c with one test; its schema is there when the test
 * begins, in a write transaction that is undone behind it. */
#ifndef LBSTATE_TEST_GOLDEN_BEHAVIOUR_H
#define LBSTATE_TEST_GOLDEN_BEHAVIOUR_H

#include "base/arena.h"
#include "base/error.h"
#include "db/tx.h"
#include "test/lib/cmocka_all.h"

struct golden {
    struct db_tx tx;
    struct arena arena;
    struct error error;
};

extern struct golden golden;

/* Each is a cmocka assertion. */
void golden_succeed(int rv);
void golden_fails(int rv, enum error_code code, const char *message);

/* The integer that a query gives, behind all deferred writes. */
int64_t golden_integer(const char *sql);

#define GOLDEN_CASES(DO)                                                                           \
    DO(association)                                                                                \
    DO(coalesce)                                                                                   \
    DO(column)                                                                                     \
    DO(cost)                                                                                       \
    DO(create_or_replace)                                                                          \
    DO(custom)                                                                                     \
    DO(delete)                                                                                     \
    DO(embed)                                                                                      \
    DO(ignore)                                                                                     \
    DO(join)                                                                                       \
    DO(join_chain)                                                                                 \
    DO(joined_key)                                                                                 \
    DO(joined_keys)                                                                                \
    DO(json)                                                                                       \
    DO(key)                                                                                        \
    DO(label)                                                                                      \
    DO(left_join)                                                                                  \
    DO(marshal)                                                                                    \
    DO(minimal)                                                                                    \
    DO(names)                                                                                      \
    DO(omit)                                                                                       \
    DO(order)                                                                                      \
    DO(references)                                                                                 \
    DO(rows)                                                                                       \
    DO(selectors)                                                                                  \
    DO(several)                                                                                    \
    DO(timestamps)                                                                                 \
    DO(types)                                                                                      \
    DO(versions)

#define GOLDEN_DECLARE(CASE) void golden_##CASE(void **state);
GOLDEN_CASES(GOLDEN_DECLARE)
#undef GOLDEN_DECLARE

#endif
