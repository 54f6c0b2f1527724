/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/ignore/expect.mapper.h"

static const struct db_stmt stmt_page_objects_by_name = {
    .name = "page.objects_by_name",
    .sql = "SELECT pages.id, pages.name, pages.lines "
           "FROM pages "
           "WHERE pages.name = ? "
           "ORDER BY pages.name",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_page_objects_by_name_any = {
    .name = "page.objects_by_name_any",
    .sql = "SELECT pages.id, pages.name, pages.lines "
           "FROM json_each(?) AS selector "
           "CROSS JOIN pages "
           "WHERE pages.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_page_create = {
    .name = "page.create",
    .sql = "INSERT INTO pages (name, lines) "
           "VALUES (?, ?)",
    .n_params = 2,
};

static const struct field page_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct page, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct page, name),
    },
    {
        .name = "lines",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct page, lines),
    },
};

static const unsigned page_keys[] = {1};

static const struct mapper page_mapper = {
    .table = "pages",
    .title = "Page",
    .object_size = sizeof(struct page),
    .columns = page_columns,
    .n_columns = 3,
    .n_stored = 2,
    .keys = page_keys,
    .n_keys = 1,
    .create = &stmt_page_create,
};

static const struct mapper_selection page_selection_by_name = {
    .one = &stmt_page_objects_by_name,
    .any = &stmt_page_objects_by_name_any,
};

struct page_selector page_by_name(const char *name)
{
    return (struct page_selector){
        .base.selection = &page_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int page_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct page *ret_object,
                 struct error *error)
{
    struct page_selector selector = page_by_name(name);

    return mapper_get_one(tx, &page_mapper, &selector.base, arena, ret_object, error);
}

int page_create(struct db_tx *tx, const struct page *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &page_mapper, object, ret_id, error);
}
