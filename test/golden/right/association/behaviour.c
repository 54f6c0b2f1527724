#include "test/golden/behaviour.h"
#include "test/golden/right/association/expect.mapper.h"

/* Each row as a number: group, person and rank are its digits. */
static void expect(const struct group_member_selector *selectors, size_t n_selectors,
                   const int64_t *rows, size_t n_rows)
{
    struct group_member_list list;

    golden_succeed(group_member_get_many(&golden.tx, selectors, n_selectors, &golden.arena, &list,
                                         &golden.error));
    assert_int_equal(list.n_objects, n_rows);
    for (size_t i = 0; i < n_rows; i++) {
        const struct group_member *member = &list.objects[i];

        assert_int_equal(member->group_id * 100 + member->person_id * 10 + member->rank, rows[i]);
    }
}

/* Rows go as JSON: what needs care there comes back as it was, whatever its size. */
static void check_text(void)
{
    static char large[900 * 1024];
    struct group_member members[] = {
        {.group_id = 2, .person_id = 7, .note = SOME("\"quoted\", \\ and \n")},
        {.group_id = 2, .person_id = 8, .note = SOME("")},
        {.group_id = 2, .person_id = 9},
    };
    const struct group_member bad = {.group_id = 1, .person_id = 7, .note = SOME("\xff")};
    struct group_member_list list;

    golden_succeed(group_member_update_by_group_id(&golden.tx, 2, members, 3, &golden.error));
    golden_succeed(group_member_get_many(&golden.tx, NULL, 0, &golden.arena, &list, &golden.error));
    assert_int_equal(list.n_objects, 3);
    assert_string_equal(list.objects[0].note.value, members[0].note.value);
    assert_true(list.objects[1].note.set);
    assert_string_equal(list.objects[1].note.value, "");
    assert_false(list.objects[2].note.set);
    golden_fails(group_member_create(&golden.tx, &bad, 1, &golden.error), ERROR_INVALID,
                 "Group member can't be written: not UTF-8");
    assert_int_equal(golden_integer("SELECT count(*) FROM group_members"), 3);

    /* More than one statement takes: the third of the rows goes with another. */
    memset(large, 'x', sizeof large - 1);
    for (size_t i = 0; i < 3; i++) {
        members[i].note = (struct opt_str)SOME(large);
    }
    golden_succeed(group_member_update_by_group_id(&golden.tx, 2, members, 3, &golden.error));
    assert_int_equal(golden_integer("SELECT sum(length(note)) FROM group_members"),
                     3 * (int64_t)(sizeof large - 1));
    golden_succeed(group_member_update_by_group_id(&golden.tx, 2, NULL, 0, &golden.error));

    /* One that is there already keeps all of its statement out. */
    members[0].note = members[1].note = members[2].note = (struct opt_str){.set = false};
    members[2].person_id = 7;
    golden_fails(group_member_create(&golden.tx, members, 3, &golden.error), ERROR_CONFLICT,
                 "This \"Group member\" entry already exists");
    assert_int_equal(golden_integer("SELECT count(*) FROM group_members"), 0);
}

void golden_association(void **state)
{
    const struct group_member members[] = {
        {.group_id = 1, .person_id = 8, .rank = 2},
        {.group_id = 1, .person_id = 7, .rank = 1},
        {.group_id = 2, .person_id = 7, .rank = 3},
    };
    const struct group_member others[] = {
        {.group_id = 1, .person_id = 9, .rank = 5},
        {.group_id = 1, .person_id = 8, .rank = 6},
    };
    struct group_member_selector selectors[2];
    struct group_member_list list;
    uint64_t n_deleted;

    (void)state;
    golden_succeed(group_member_create(&golden.tx, members, 3, &golden.error));
    golden_fails(group_member_create(&golden.tx, members, 1, &golden.error), ERROR_CONFLICT,
                 "This \"Group member\" entry already exists");
    expect(NULL, 0, (const int64_t[]){171, 182, 273}, 3);
    selectors[0] = group_member_by_person_id(7);
    expect(selectors, 1, (const int64_t[]){171, 273}, 2);
    selectors[1] = group_member_by_group_id(1);
    expect(selectors, 2, (const int64_t[]){171, 182, 273}, 3);
    golden_succeed(
        group_member_get_many(&golden.tx, selectors, 1, &golden.arena, &list, &golden.error));
    assert_string_equal(list.objects[0].person_name, "ada");

    /* All of a group are replaced, those of others stay. */
    golden_succeed(group_member_update_by_group_id(&golden.tx, 1, others, 2, &golden.error));
    expect(NULL, 0, (const int64_t[]){186, 195, 273}, 3);
    golden_fails(group_member_update_by_group_id(&golden.tx, 2, others, 2, &golden.error),
                 ERROR_INTERNAL, "group_members: object 0 has another group_id");
    golden_succeed(group_member_update_by_group_id(&golden.tx, 1, NULL, 0, &golden.error));
    expect(NULL, 0, (const int64_t[]){273}, 1);
    golden_succeed(group_member_delete_many_by_person_id(&golden.tx, 7, &n_deleted, &golden.error));
    assert_int_equal(n_deleted, 1);
    check_text();
}
