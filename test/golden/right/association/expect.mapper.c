/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/association/expect.mapper.h"

static const struct db_stmt stmt_group_member_objects = {
    .name = "group_member.objects",
    .sql = "SELECT group_members.group_id, group_members.person_id, group_members.rank, "
           "group_members.note, persons.name "
           "FROM group_members "
           "JOIN persons ON persons.id = group_members.person_id "
           "ORDER BY group_members.group_id, group_members.person_id",
    .n_columns = 5,
};

static const struct db_stmt stmt_group_member_objects_by_group_id = {
    .name = "group_member.objects_by_group_id",
    .sql = "SELECT group_members.group_id, group_members.person_id, group_members.rank, "
           "group_members.note, persons.name "
           "FROM group_members "
           "JOIN persons ON persons.id = group_members.person_id "
           "WHERE group_members.group_id = ? "
           "ORDER BY group_members.group_id, group_members.person_id",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_group_member_objects_by_group_id_any = {
    .name = "group_member.objects_by_group_id_any",
    .sql = "SELECT group_members.group_id, group_members.person_id, group_members.rank, "
           "group_members.note, persons.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN group_members "
           "JOIN persons ON persons.id = group_members.person_id "
           "WHERE group_members.group_id = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_group_member_objects_by_person_id = {
    .name = "group_member.objects_by_person_id",
    .sql = "SELECT group_members.group_id, group_members.person_id, group_members.rank, "
           "group_members.note, persons.name "
           "FROM group_members "
           "JOIN persons ON persons.id = group_members.person_id "
           "WHERE group_members.person_id = ? "
           "ORDER BY group_members.group_id, group_members.person_id",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_group_member_objects_by_person_id_any = {
    .name = "group_member.objects_by_person_id_any",
    .sql = "SELECT group_members.group_id, group_members.person_id, group_members.rank, "
           "group_members.note, persons.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN group_members "
           "JOIN persons ON persons.id = group_members.person_id "
           "WHERE group_members.person_id = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_group_member_create = {
    .name = "group_member.create",
    .sql = "INSERT INTO group_members (group_id, person_id, rank, note) "
           "SELECT value ->> 0, value ->> 1, value ->> 2, value ->> 3 "
           "FROM json_each(?)",
    .n_params = 1,
};

static const struct db_stmt stmt_group_member_delete_by_group_id = {
    .name = "group_member.delete_by_group_id",
    .sql = "DELETE FROM group_members "
           "WHERE group_members.group_id = ?",
    .n_params = 1,
};

static const struct db_stmt stmt_group_member_delete_by_person_id = {
    .name = "group_member.delete_by_person_id",
    .sql = "DELETE FROM group_members "
           "WHERE group_members.person_id = ?",
    .n_params = 1,
};

static const struct field group_member_columns[] = {
    {
        .name = "group_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct group_member, group_id),
    },
    {
        .name = "person_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct group_member, person_id),
    },
    {
        .name = "rank",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct group_member, rank),
    },
    {
        .name = "note",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct group_member, note),
    },
    {
        .name = "person_name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct group_member, person_name),
    },
};

static const unsigned group_member_keys[] = {0, 1};

static const struct mapper group_member_mapper = {
    .table = "group_members",
    .title = "Group member",
    .object_size = sizeof(struct group_member),
    .columns = group_member_columns,
    .n_columns = 5,
    .n_stored = 4,
    .keys = group_member_keys,
    .n_keys = 2,
    .has_no_id = true,
    .objects = &stmt_group_member_objects,
    .create = &stmt_group_member_create,
};

static const struct mapper_selection group_member_selection_by_group_id = {
    .one = &stmt_group_member_objects_by_group_id,
    .any = &stmt_group_member_objects_by_group_id_any,
};

struct group_member_selector group_member_by_group_id(int64_t group_id)
{
    return (struct group_member_selector){
        .base.selection = &group_member_selection_by_group_id,
        .base.values[0] = db_integer(group_id),
    };
}

static const struct mapper_selection group_member_selection_by_person_id = {
    .one = &stmt_group_member_objects_by_person_id,
    .any = &stmt_group_member_objects_by_person_id_any,
};

struct group_member_selector group_member_by_person_id(int64_t person_id)
{
    return (struct group_member_selector){
        .base.selection = &group_member_selection_by_person_id,
        .base.values[0] = db_integer(person_id),
    };
}

int group_member_get_many(struct db_tx *tx, const struct group_member_selector *selectors,
                          size_t n_selectors, struct arena *arena,
                          struct group_member_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &group_member_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int group_member_create(struct db_tx *tx, const struct group_member *objects, size_t n_objects,
                        struct error *error)
{
    return mapper_create_many(tx, &group_member_mapper, objects, n_objects, error);
}

int group_member_update_by_group_id(struct db_tx *tx, int64_t group_id,
                                    const struct group_member *objects, size_t n_objects,
                                    struct error *error)
{
    const struct db_value params[] = {db_integer(group_id)};

    return mapper_update_many(tx, &group_member_mapper, &stmt_group_member_delete_by_group_id,
                              &group_member_columns[0], params, objects, n_objects, error);
}

int group_member_delete_many_by_person_id(struct db_tx *tx, int64_t person_id,
                                          uint64_t *ret_deleted, struct error *error)
{
    const struct db_value params[] = {db_integer(person_id)};

    return mapper_delete_many(tx, &stmt_group_member_delete_by_person_id, params, ret_deleted,
                              error);
}
