#include "test/golden/behaviour.h"
#include "test/golden/right/marshal/expect.mapper.h"

void golden_marshal(void **state)
{
    const char *values[] = {"10.0.0.0/8", "\"\\\n"};
    struct rule_match matches[] = {{.field = "source", .values = values, .n_values = 2}, {0}};
    struct rule_step steps[] = {{.action = "drop", .matches = matches, .n_matches = 2}};
    const char *labels[] = {"a", "b"};
    struct rule rule = {.name = "r", .steps = steps, .n_steps = 1, .labels = labels, .n_labels = 2};
    struct rule got;
    int64_t id;

    (void)state;
    assert_true(string_map_set(&rule.options, &golden.arena, "k", "v"));
    golden_succeed(rule_create(&golden.tx, &rule, &id, &golden.error));
    golden_succeed(rule_get_one(&golden.tx, "r", &golden.arena, &got, &golden.error));
    assert_int_equal(got.n_steps, 1);
    assert_string_equal(got.steps[0].action, "drop");
    assert_int_equal(got.steps[0].n_matches, 2);
    assert_string_equal(got.steps[0].matches[0].field, "source");
    assert_int_equal(got.steps[0].matches[0].n_values, 2);
    assert_string_equal(got.steps[0].matches[0].values[1], "\"\\\n");
    assert_string_equal(got.steps[0].matches[1].field, "");
    assert_int_equal(got.steps[0].matches[1].n_values, 0);
    assert_int_equal(got.n_labels, 2);
    assert_string_equal(got.labels[1], "b");
    assert_true(string_map_equal(&got.options, &rule.options));
    assert_int_equal(golden_integer("SELECT json_extract(steps, '$[0].matches[0].field') = "
                                    "'source' FROM rules"),
                     1);

    rule = (struct rule){.name = "r"};
    golden_succeed(rule_update(&golden.tx, "r", &rule, &golden.error));
    golden_succeed(rule_get_one(&golden.tx, "r", &golden.arena, &got, &golden.error));
    assert_int_equal(got.n_steps + got.n_labels + got.options.n_pairs, 0);
    assert_int_equal(golden_integer("SELECT count(*) FROM rules WHERE steps = '[]' AND labels = "
                                    "'[]' AND options = '{}'"),
                     1);
}
