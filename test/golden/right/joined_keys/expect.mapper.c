/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/joined_keys/expect.mapper.h"

static const int season_values[] = {
    SUMMER,
    WINTER,
};
static const struct field_enum season_enum = {
    .name = "season",
    .values = season_values,
    .n_values = 2,
};
_Static_assert(sizeof(enum season) == sizeof(int), "the runtime reads an int");

static const struct db_stmt stmt_price_objects = {
    .name = "price.objects",
    .sql = "SELECT prices.id, prices.shop_id, prices.note, shops.name, seasons.number, "
           "towns.name "
           "FROM prices "
           "JOIN shops ON shops.id = prices.shop_id "
           "JOIN seasons ON seasons.word = prices.season_word "
           "JOIN towns ON towns.id = shops.town_id "
           "ORDER BY shops.name, seasons.number, towns.name",
    .n_columns = 6,
};

static const struct db_stmt stmt_price_objects_by_shop_and_season_and_town = {
    .name = "price.objects_by_shop_and_season_and_town",
    .sql = "SELECT prices.id, prices.shop_id, prices.note, shops.name, seasons.number, "
           "towns.name "
           "FROM prices "
           "JOIN shops ON shops.id = prices.shop_id "
           "JOIN seasons ON seasons.word = prices.season_word "
           "JOIN towns ON towns.id = shops.town_id "
           "WHERE shops.name = ? AND seasons.number = ? AND towns.name = ? "
           "ORDER BY shops.name, seasons.number, towns.name",
    .n_params = 3,
    .n_columns = 6,
};

static const struct db_stmt stmt_price_objects_by_shop_and_season_and_town_any = {
    .name = "price.objects_by_shop_and_season_and_town_any",
    .sql = "SELECT prices.id, prices.shop_id, prices.note, shops.name, seasons.number, "
           "towns.name "
           "FROM json_each(?) AS selector "
           "CROSS JOIN prices "
           "JOIN shops ON shops.id = prices.shop_id "
           "JOIN seasons ON seasons.word = prices.season_word "
           "JOIN towns ON towns.id = shops.town_id "
           "WHERE shops.name = selector.value ->> 0 "
           "AND seasons.number = selector.value ->> 1 AND towns.name = selector.value ->> 2",
    .n_params = 1,
    .n_columns = 6,
};

static const struct db_stmt stmt_price_create = {
    .name = "price.create",
    .sql = "INSERT INTO prices (note, cents, shop_id, season_word) "
           "VALUES (?, ?, (SELECT shops.id "
           "FROM shops "
           "JOIN towns ON towns.id = shops.town_id "
           "WHERE shops.name = ?3 AND towns.name = ?5), (SELECT seasons.word "
           "FROM seasons "
           "WHERE seasons.number = ?4))",
    .n_params = 5,
};

static const struct db_stmt stmt_price_create_or_replace = {
    .name = "price.create_or_replace",
    .sql = "INSERT INTO prices (note, cents, shop_id, season_word) "
           "VALUES (?, ?, (SELECT shops.id "
           "FROM shops "
           "JOIN towns ON towns.id = shops.town_id "
           "WHERE shops.name = ?3 AND towns.name = ?5), (SELECT seasons.word "
           "FROM seasons "
           "WHERE seasons.number = ?4)) "
           "ON CONFLICT (shop_id, season_word) DO UPDATE "
           "SET note = excluded.note, cents = excluded.cents",
    .n_params = 5,
};

static const struct db_stmt stmt_price_update = {
    .name = "price.update",
    .sql = "UPDATE prices "
           "SET note = ?, cents = ?, shop_id = (SELECT shops.id "
           "FROM shops "
           "JOIN towns ON towns.id = shops.town_id "
           "WHERE shops.name = ?3 AND towns.name = ?5), season_word = (SELECT seasons.word "
           "FROM seasons "
           "WHERE seasons.number = ?4) "
           "WHERE prices.id IN (SELECT prices.id "
           "FROM prices "
           "JOIN shops ON shops.id = prices.shop_id "
           "JOIN seasons ON seasons.word = prices.season_word "
           "JOIN towns ON towns.id = shops.town_id "
           "WHERE shops.name = ? AND seasons.number = ? AND towns.name = ?)",
    .n_params = 8,
};

static const struct db_stmt stmt_price_delete_by_shop_id = {
    .name = "price.delete_by_shop_id",
    .sql = "DELETE FROM prices "
           "WHERE prices.shop_id = ?",
    .n_params = 1,
};

static const struct field price_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct price, id),
    },
    {
        .name = "shop_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct price, shop_id),
        .omit = FIELD_OMIT_CREATE | FIELD_OMIT_UPDATE,
    },
    {
        .name = "note",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct price, note),
    },
    {
        .name = "cents",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct price, cents),
        .omit = FIELD_OMIT_OBJECTS,
    },
    {
        .name = "shop",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct price, shop),
    },
    {
        .name = "season",
        .kind = FIELD_ENUM,
        .offset = offsetof(struct price, season),
        .enumeration = &season_enum,
    },
    {
        .name = "town",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct price, town),
    },
};

static const unsigned price_keys[] = {4, 5, 6};

static const unsigned price_order[] = {3, 4, 5};

static const struct mapper price_mapper = {
    .table = "prices",
    .title = "Price",
    .object_size = sizeof(struct price),
    .columns = price_columns,
    .n_columns = 7,
    .n_stored = 3,
    .keys = price_keys,
    .n_keys = 3,
    .order = price_order,
    .n_order = 3,
    .objects = &stmt_price_objects,
    .create = &stmt_price_create,
    .create_or_replace = &stmt_price_create_or_replace,
    .update = &stmt_price_update,
};

static const struct mapper_selection price_selection_by_shop_and_season_and_town = {
    .one = &stmt_price_objects_by_shop_and_season_and_town,
    .any = &stmt_price_objects_by_shop_and_season_and_town_any,
};

struct price_selector
price_by_shop_and_season_and_town(const char *shop, enum season season, const char *town)
{
    return (struct price_selector){
        .base.selection = &price_selection_by_shop_and_season_and_town,
        .base.values[0] = db_text(shop),
        .base.values[1] = db_integer(season),
        .base.values[2] = db_text(town),
    };
}

int price_get_many(struct db_tx *tx, const struct price_selector *selectors, size_t n_selectors,
                   struct arena *arena, struct price_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &price_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int price_get_one(struct db_tx *tx, const char *shop, enum season season, const char *town,
                  struct arena *arena, struct price *ret_object, struct error *error)
{
    struct price_selector selector =
        price_by_shop_and_season_and_town(shop, season, town);

    return mapper_get_one(tx, &price_mapper, &selector.base, arena, ret_object, error);
}

int price_create(struct db_tx *tx, const struct price *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &price_mapper, object, ret_id, error);
}

int price_create_or_replace(struct db_tx *tx, const struct price *object, struct error *error)
{
    return mapper_create_or_replace(tx, &price_mapper, object, error);
}

int price_update(struct db_tx *tx, const char *shop, enum season season, const char *town,
                 const struct price *object, struct error *error)
{
    const struct db_value params[] = {db_text(shop), db_integer(season), db_text(town)};

    return mapper_update(tx, &price_mapper, params, object, error);
}

int price_delete_many_by_shop_id(struct db_tx *tx, int64_t shop_id, uint64_t *ret_deleted,
                                 struct error *error)
{
    const struct db_value params[] = {db_integer(shop_id)};

    return mapper_delete_many(tx, &stmt_price_delete_by_shop_id, params, ret_deleted, error);
}

static const struct db_stmt stmt_folder_objects_by_parent_and_name = {
    .name = "folder.objects_by_parent_and_name",
    .sql = "SELECT folders.id, folders.name, folders.word, parents.word "
           "FROM folders "
           "JOIN folders AS parents ON parents.id = folders.parent_id "
           "WHERE parents.word = ? AND folders.name = ? "
           "ORDER BY parents.word, folders.name",
    .n_params = 2,
    .n_columns = 4,
};

static const struct db_stmt stmt_folder_objects_by_parent_and_name_any = {
    .name = "folder.objects_by_parent_and_name_any",
    .sql = "SELECT folders.id, folders.name, folders.word, parents.word "
           "FROM json_each(?) AS selector "
           "CROSS JOIN folders "
           "JOIN folders AS parents ON parents.id = folders.parent_id "
           "WHERE parents.word = selector.value ->> 0 "
           "AND folders.name = selector.value ->> 1",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_folder_create = {
    .name = "folder.create",
    .sql = "INSERT INTO folders (name, word, parent_id) "
           "VALUES (?, ?, (SELECT parents.id "
           "FROM folders AS parents "
           "WHERE parents.word = ?3))",
    .n_params = 3,
};

static const struct field folder_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct folder, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct folder, name),
    },
    {
        .name = "word",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct folder, word),
    },
    {
        .name = "parent",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct folder, parent),
    },
};

static const unsigned folder_keys[] = {3, 1};

static const unsigned folder_order[] = {3, 1};

static const struct mapper folder_mapper = {
    .table = "folders",
    .title = "Folder",
    .object_size = sizeof(struct folder),
    .columns = folder_columns,
    .n_columns = 4,
    .n_stored = 2,
    .keys = folder_keys,
    .n_keys = 2,
    .order = folder_order,
    .n_order = 2,
    .create = &stmt_folder_create,
};

static const struct mapper_selection folder_selection_by_parent_and_name = {
    .one = &stmt_folder_objects_by_parent_and_name,
    .any = &stmt_folder_objects_by_parent_and_name_any,
};

struct folder_selector folder_by_parent_and_name(const char *parent, const char *name)
{
    return (struct folder_selector){
        .base.selection = &folder_selection_by_parent_and_name,
        .base.values[0] = db_text(parent),
        .base.values[1] = db_text(name),
    };
}

int folder_get_one(struct db_tx *tx, const char *parent, const char *name, struct arena *arena,
                   struct folder *ret_object, struct error *error)
{
    struct folder_selector selector =
        folder_by_parent_and_name(parent, name);

    return mapper_get_one(tx, &folder_mapper, &selector.base, arena, ret_object, error);
}

int folder_get_many(struct db_tx *tx, const struct folder_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct folder_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &folder_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int folder_create(struct db_tx *tx, const struct folder *object, int64_t *ret_id,
                  struct error *error)
{
    return mapper_create(tx, &folder_mapper, object, ret_id, error);
}
