#include "test/golden/behaviour.h"
#include "test/golden/right/join_chain/expect.mapper.h"

static void add(const char *code, int64_t street_id, int64_t sender_id)
{
    struct parcel parcel = {.code = code, .street_id = street_id};
    int64_t id;

    if (sender_id != 0) {
        parcel.sender_id = (struct opt_i64)SOME(sender_id);
    }
    golden_succeed(parcel_create(&golden.tx, &parcel, &id, &golden.error));
}

static struct parcel get(const char *code)
{
    struct parcel parcel;

    golden_succeed(parcel_get_one(&golden.tx, code, &golden.arena, &parcel, &golden.error));
    return parcel;
}

/* A row that is missing in the middle of a chain takes what is behind it along. */
static void check_people(void)
{
    struct parcel parcel = get("d");

    assert_string_equal(parcel.sender.value, "Dot");
    assert_string_equal(parcel.mother.value, "Cyd");
    assert_string_equal(parcel.grandmother, "Bea");
    parcel = get("b");
    assert_string_equal(parcel.sender.value, "Bea");
    assert_string_equal(parcel.mother.value, "Ada");
    assert_string_equal(parcel.grandmother, "unknown");
    parcel = get("a");
    assert_true(parcel.sender.set);
    assert_false(parcel.mother.set);
    assert_string_equal(parcel.grandmother, "unknown");
    parcel = get("n");
    assert_false(parcel.sender.set);
    assert_false(parcel.mother.set);
    assert_string_equal(parcel.grandmother, "unknown");
}

void golden_join_chain(void **state)
{
    struct parcel_selector selectors[2];
    struct parcel_list list;
    const char **names;
    size_t n_names;
    uint64_t n_deleted;

    (void)state;
    add("d", 11, 4);
    add("b", 12, 2);
    add("a", 13, 1);
    add("n", 11, 0);
    check_people();
    assert_string_equal(get("b").street, "Main");
    assert_string_equal(get("b").town, "Vigo");
    assert_string_equal(get("b").country, "Spain");
    assert_string_equal(get("a").town, "Lille");

    /* By what is three tables away, alone and with others. */
    selectors[0] = parcel_by_country("France");
    golden_succeed(parcel_get_many(&golden.tx, selectors, 1, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 3);
    assert_string_equal(list.objects[0].code, "a");
    assert_string_equal(list.objects[1].code, "d");
    assert_string_equal(list.objects[2].code, "n");
    selectors[1] = parcel_by_country("Spain");
    golden_succeed(parcel_get_many(&golden.tx, selectors, 2, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 4);
    assert_string_equal(list.objects[1].code, "b");
    assert_string_equal(list.objects[1].country, "Spain");
    golden_succeed(parcel_get_names_by_town(&golden.tx, "Lyon", &golden.arena, &names, &n_names,
                                            &golden.error));
    assert_int_equal(n_names, 2);
    assert_string_equal(names[0], "d");
    assert_string_equal(names[1], "n");

    golden_succeed(parcel_delete_many_by_country(&golden.tx, "France", &n_deleted, &golden.error));
    assert_int_equal(n_deleted, 3);
    golden_succeed(parcel_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 1);
    assert_string_equal(list.objects[0].code, "b");
}
