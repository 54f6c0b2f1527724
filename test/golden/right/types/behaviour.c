#include "test/golden/behaviour.h"
#include "test/golden/right/types/expect.mapper.h"

#include <string.h>

static void assert_corrupt(const char *sql, const char *message)
{
    struct sample_list list;

    golden_succeed(db_conn_exec_sql(golden.tx.conn, golden.tx.context, sql, NULL, &golden.error));
    golden_fails(sample_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error),
                 ERROR_CORRUPT, message);
}

void golden_types(void **state)
{
    struct sample full = {
        .name = "full",
        .number = INT64_MIN,
        .flag = true,
        .real = -0.25,
        .blob = {.data = "a\0b", .size = 3},
        .kind = SAMPLE_OTHER,
        .opt_number = SOME(0),
        .opt_flag = SOME(false),
        .opt_real = SOME(1e300),
        .opt_text = SOME(""),
    };
    const struct sample empty = {.kind = SAMPLE_SMALL};
    struct sample got;
    int64_t id;

    (void)state;
    golden_succeed(sample_create(&golden.tx, &full, &id, &golden.error));
    golden_succeed(sample_get_one(&golden.tx, "full", &golden.arena, &got, &golden.error));
    assert_int_equal(got.id, id);
    assert_true(got.number == INT64_MIN);
    assert_true(got.flag);
    assert_true(got.real > -0.26 && got.real < -0.24);
    assert_int_equal(got.blob.size, 3);
    assert_memory_equal(got.blob.data, "a\0b", 3);
    assert_int_equal(got.kind, SAMPLE_OTHER);
    assert_true(got.opt_number.set && got.opt_number.value == 0);
    assert_true(got.opt_flag.set && !got.opt_flag.value);
    assert_true(got.opt_real.set && got.opt_real.value > 9e299);
    assert_true(got.opt_text.set && strcmp(got.opt_text.value, "") == 0);

    golden_succeed(sample_update(&golden.tx, "full", &empty, &golden.error));
    golden_succeed(sample_get_one(&golden.tx, "", &golden.arena, &got, &golden.error));
    assert_int_equal(got.id, id);
    assert_string_equal(got.name, "");
    assert_int_equal(got.kind, SAMPLE_SMALL);
    assert_int_equal(got.blob.size, 0);
    assert_false(got.opt_number.set || got.opt_flag.set || got.opt_real.set || got.opt_text.set);
    golden_fails(sample_update(&golden.tx, "full", &full, &golden.error), ERROR_NOT_FOUND,
                 "Sample not found");

    assert_corrupt("UPDATE samples SET flag = 2", "samples row 1: flag: expected 0 or 1, found 2");
    assert_corrupt("UPDATE samples SET flag = 0, kind = 0",
                   "samples row 1: kind: 0 is not a value of sample_kind");
    assert_corrupt("UPDATE samples SET kind = 16, real = 'x'",
                   "samples row 1: real: expected a float, found text");
    assert_corrupt("UPDATE samples SET real = 1, blob = 'x'",
                   "samples row 1: blob: expected a blob, found text");
    assert_corrupt("UPDATE samples SET blob = x'', opt_number = 'x'",
                   "samples row 1: opt_number: expected an integer or NULL, found text");
    assert_corrupt("UPDATE samples SET opt_number = NULL, opt_flag = 3",
                   "samples row 1: opt_flag: expected 0 or 1, found 3");
    assert_corrupt("UPDATE samples SET opt_flag = NULL, opt_text = x'00'",
                   "samples row 1: opt_text: expected text, found a blob");
}
