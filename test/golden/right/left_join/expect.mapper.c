/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/left_join/expect.mapper.h"

static const struct db_stmt stmt_chore_objects = {
    .name = "chore.objects",
    .sql = "SELECT chores.id, chores.name, people.name, coalesce(people.town, 'nowhere'), "
           "reviewers.name, labels.colour "
           "FROM chores "
           "LEFT JOIN people ON people.id = chores.owner_id "
           "LEFT JOIN people AS reviewers ON reviewers.id = chores.reviewer_id "
           "JOIN labels ON labels.word = chores.label "
           "ORDER BY chores.name",
    .n_columns = 6,
};

static const struct db_stmt stmt_chore_objects_by_name = {
    .name = "chore.objects_by_name",
    .sql = "SELECT chores.id, chores.name, people.name, coalesce(people.town, 'nowhere'), "
           "reviewers.name, labels.colour "
           "FROM chores "
           "LEFT JOIN people ON people.id = chores.owner_id "
           "LEFT JOIN people AS reviewers ON reviewers.id = chores.reviewer_id "
           "JOIN labels ON labels.word = chores.label "
           "WHERE chores.name = ? "
           "ORDER BY chores.name",
    .n_params = 1,
    .n_columns = 6,
};

static const struct db_stmt stmt_chore_objects_by_name_any = {
    .name = "chore.objects_by_name_any",
    .sql = "SELECT chores.id, chores.name, people.name, coalesce(people.town, 'nowhere'), "
           "reviewers.name, labels.colour "
           "FROM json_each(?) AS selector "
           "CROSS JOIN chores "
           "LEFT JOIN people ON people.id = chores.owner_id "
           "LEFT JOIN people AS reviewers ON reviewers.id = chores.reviewer_id "
           "JOIN labels ON labels.word = chores.label "
           "WHERE chores.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 6,
};

static const struct field chore_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct chore, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct chore, name),
    },
    {
        .name = "owner_name",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct chore, owner_name),
    },
    {
        .name = "owner_town",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct chore, owner_town),
    },
    {
        .name = "reviewer_name",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct chore, reviewer_name),
    },
    {
        .name = "label_colour",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct chore, label_colour),
    },
};

static const unsigned chore_keys[] = {1};

static const struct mapper chore_mapper = {
    .table = "chores",
    .title = "Chore",
    .object_size = sizeof(struct chore),
    .columns = chore_columns,
    .n_columns = 6,
    .n_stored = 1,
    .keys = chore_keys,
    .n_keys = 1,
    .objects = &stmt_chore_objects,
};

static const struct mapper_selection chore_selection_by_name = {
    .one = &stmt_chore_objects_by_name,
    .any = &stmt_chore_objects_by_name_any,
};

struct chore_selector chore_by_name(const char *name)
{
    return (struct chore_selector){
        .base.selection = &chore_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int chore_get_many(struct db_tx *tx, const struct chore_selector *selectors, size_t n_selectors,
                   struct arena *arena, struct chore_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &chore_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int chore_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct chore *ret_object,
                  struct error *error)
{
    struct chore_selector selector = chore_by_name(name);

    return mapper_get_one(tx, &chore_mapper, &selector.base, arena, ret_object, error);
}
