#include "test/golden/behaviour.h"
#include "test/golden/right/references/expect.mapper.h"

static void set(struct string_map *map, const char *key, const char *value)
{
    assert_true(string_map_set(map, &golden.arena, key, value));
}

void golden_references(void **state)
{
    struct host host = {.name = "h"};
    const struct host bare = {.name = "bare"};
    struct host_list list;
    struct host got;
    int64_t id;

    (void)state;
    set(&host.config, "a", "1");
    set(&host.config, "b", "2");
    set(&host.labels, "rack", "7");
    golden_succeed(host_create(&golden.tx, &host, &id, &golden.error));
    golden_succeed(host_create(&golden.tx, &bare, &id, &golden.error));
    golden_succeed(host_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 2);
    assert_int_equal(list.objects[0].config.n_pairs, 0);
    assert_true(string_map_equal(&list.objects[1].config, &host.config));
    assert_true(string_map_equal(&list.objects[1].labels, &host.labels));

    /* Update writes config only: labels are not named in its directive. */
    set(&host.config, "a", "10");
    assert_true(string_map_remove(&host.config, "b"));
    set(&host.labels, "rack", "8");
    golden_succeed(host_update(&golden.tx, "h", &host, &golden.error));
    golden_succeed(host_get_one(&golden.tx, "h", &golden.arena, &got, &golden.error));
    assert_true(string_map_equal(&got.config, &host.config));
    assert_string_equal(string_map_get(&got.labels, "rack"), "7");

    golden_succeed(host_delete_by_name(&golden.tx, "h", &golden.error));
    assert_int_equal(golden_integer("SELECT (SELECT count(*) FROM hosts_config) + (SELECT "
                                    "count(*) FROM hosts_labels)"),
                     0);
}
