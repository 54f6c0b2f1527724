/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/coalesce/expect.mapper.h"

static const int memo_kind_values[] = {
    MEMO_PLAIN,
    MEMO_LOUD,
};
static const struct field_enum memo_kind_enum = {
    .name = "memo_kind",
    .values = memo_kind_values,
    .n_values = 2,
};
_Static_assert(sizeof(enum memo_kind) == sizeof(int), "the runtime reads an int");

static const struct db_stmt stmt_memo_objects = {
    .name = "memo.objects",
    .sql = "SELECT memos.id, memos.name, coalesce(memos.text, 'none'), coalesce(memos.size, "
           "-1), coalesce(memos.flag, 1), coalesce(memos.weight, 2.5), coalesce(memos.kind, "
           "3) "
           "FROM memos "
           "ORDER BY memos.name",
    .n_columns = 7,
};

static const struct db_stmt stmt_memo_objects_by_name = {
    .name = "memo.objects_by_name",
    .sql = "SELECT memos.id, memos.name, coalesce(memos.text, 'none'), coalesce(memos.size, "
           "-1), coalesce(memos.flag, 1), coalesce(memos.weight, 2.5), coalesce(memos.kind, "
           "3) "
           "FROM memos "
           "WHERE memos.name = ? "
           "ORDER BY memos.name",
    .n_params = 1,
    .n_columns = 7,
};

static const struct db_stmt stmt_memo_objects_by_name_any = {
    .name = "memo.objects_by_name_any",
    .sql = "SELECT memos.id, memos.name, coalesce(memos.text, 'none'), coalesce(memos.size, "
           "-1), coalesce(memos.flag, 1), coalesce(memos.weight, 2.5), coalesce(memos.kind, "
           "3) "
           "FROM json_each(?) AS selector "
           "CROSS JOIN memos "
           "WHERE memos.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 7,
};

static const struct db_stmt stmt_memo_create = {
    .name = "memo.create",
    .sql = "INSERT INTO memos (name, text, size, flag, weight, kind) "
           "VALUES (?, ?, ?, ?, ?, ?)",
    .n_params = 6,
};

static const struct field memo_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct memo, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct memo, name),
    },
    {
        .name = "text",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct memo, text),
    },
    {
        .name = "size",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct memo, size),
    },
    {
        .name = "flag",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct memo, flag),
    },
    {
        .name = "weight",
        .kind = FIELD_DOUBLE,
        .offset = offsetof(struct memo, weight),
    },
    {
        .name = "kind",
        .kind = FIELD_ENUM,
        .offset = offsetof(struct memo, kind),
        .enumeration = &memo_kind_enum,
    },
};

static const unsigned memo_keys[] = {1};

static const struct mapper memo_mapper = {
    .table = "memos",
    .title = "Memo",
    .object_size = sizeof(struct memo),
    .columns = memo_columns,
    .n_columns = 7,
    .n_stored = 6,
    .keys = memo_keys,
    .n_keys = 1,
    .objects = &stmt_memo_objects,
    .create = &stmt_memo_create,
};

static const struct mapper_selection memo_selection_by_name = {
    .one = &stmt_memo_objects_by_name,
    .any = &stmt_memo_objects_by_name_any,
};

struct memo_selector memo_by_name(const char *name)
{
    return (struct memo_selector){
        .base.selection = &memo_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int memo_get_many(struct db_tx *tx, const struct memo_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct memo_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &memo_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int memo_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct memo *ret_object,
                 struct error *error)
{
    struct memo_selector selector = memo_by_name(name);

    return mapper_get_one(tx, &memo_mapper, &selector.base, arena, ret_object, error);
}

int memo_create(struct db_tx *tx, const struct memo *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &memo_mapper, object, ret_id, error);
}
