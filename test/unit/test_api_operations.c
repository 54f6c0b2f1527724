/* Operations that are done are kept for a while, and not more than so many. */
#include "api/operations.h"
#include "test/lib/cmocka_all.h"

#include <string.h>

static const struct operation *add(struct operations *operations, uint64_t now_us)
{
    const struct operation *operation = NULL;
    struct error error;

    assert_int_equal(operations_add(operations, "Testing", now_us, &operation, &error), ERROR_NONE);
    assert_non_null(operation);
    return operation;
}

static void operation_is_found_until_its_time_is_up(void **state)
{
    struct operations operations = {0};
    const struct operation *operation;
    const uint64_t t = 1000;

    (void)state;
    assert_null(operations_find(&operations, "", t));
    operation = add(&operations, t);
    assert_int_equal(strlen(operation->id), OPERATION_ID_SIZE - 1);
    assert_int_equal(operation->id[14], '4'); /* A random UUID. */
    assert_non_null(strchr("89ab", operation->id[19]));
    assert_ptr_equal(operations_find(&operations, operation->id, t), operation);
    assert_ptr_equal(operations_find(&operations, operation->id, t + OPERATION_KEPT_US - 1),
                     operation);
    assert_null(operations_find(&operations, operation->id, t + OPERATION_KEPT_US));
    assert_null(operations_find(&operations, "nope", t));
}

static void only_the_latest_are_kept(void **state)
{
    struct operations operations = {0};
    char first[OPERATION_ID_SIZE];
    char second[OPERATION_ID_SIZE];

    (void)state;
    memcpy(first, add(&operations, 1)->id, sizeof first);
    memcpy(second, add(&operations, 1)->id, sizeof second);
    assert_string_not_equal(first, second);
    for (size_t i = 2; i < OPERATIONS_MAX; i++) {
        add(&operations, 1);
    }
    assert_non_null(operations_find(&operations, first, 1));
    add(&operations, 1);
    assert_null(operations_find(&operations, first, 1));
    assert_non_null(operations_find(&operations, second, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operation_is_found_until_its_time_is_up),
        cmocka_unit_test(only_the_latest_are_kept),
    };

    return cmocka_run_group_tests_name("api_operations", tests, NULL, NULL);
}
