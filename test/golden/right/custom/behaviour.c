#include "test/golden/behaviour.h"
#include "test/golden/right/custom/expect.mapper.h"

#include <stdio.h>

int version_marshal(const struct version *value, struct arena *arena, const char **ret_text,
                    struct error *error)
{
    char text[32];

    if (value->major < 0) {
        return error_set(error, ERROR_INVALID, "a version can't be negative");
    }
    snprintf(text, sizeof text, "%d.%d", value->major, value->minor);
    *ret_text = arena_strdup(arena, text);
    return *ret_text == NULL ? error_no_memory(error) : ERROR_NONE;
}

int version_unmarshal(const char *text, struct arena *arena, struct version *ret_value,
                      struct error *error)
{
    (void)arena;
    if (sscanf(text, "%d.%d", &ret_value->major, &ret_value->minor) != 2) {
        return error_set(error, ERROR_INVALID, "not a version");
    }
    return ERROR_NONE;
}

void golden_custom(void **state)
{
    struct machine host = {.name = "h", .installed = {1, 2}, .wanted = {3, 4}};
    struct machine got;
    int64_t id;

    (void)state;
    golden_succeed(machine_create(&golden.tx, &host, &id, &golden.error));
    golden_succeed(machine_get_one(&golden.tx, "h", &golden.arena, &got, &golden.error));
    assert_int_equal(got.installed.major, 1);
    assert_int_equal(got.installed.minor, 2);
    assert_int_equal(got.wanted.major, 3);
    assert_int_equal(got.wanted.minor, 4);
    assert_int_equal(golden_integer("SELECT wanted = '3.4' FROM machines WHERE name = 'h'"), 1);
    host.wanted.major = -1;
    golden_fails(machine_create(&golden.tx, &host, &id, &golden.error), ERROR_INVALID,
                 "wanted: a version can't be negative");
    golden_fails(machine_get_one(&golden.tx, "bad", &golden.arena, &got, &golden.error),
                 ERROR_CORRUPT, "machines row 5: wanted: not a version");
}
