/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/names/expect.mapper.h"

static const struct db_stmt stmt_pet_names_by_owner_id = {
    .name = "pet.names_by_owner_id",
    .sql = "SELECT pets.name "
           "FROM pets "
           "WHERE pets.owner_id = ? "
           "ORDER BY pets.name",
    .n_params = 1,
    .n_columns = 1,
};

static const struct db_stmt stmt_pet_create = {
    .name = "pet.create",
    .sql = "INSERT INTO pets (owner_id, name) "
           "VALUES (?, ?)",
    .n_params = 2,
};

static const struct field pet_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct pet, id),
    },
    {
        .name = "owner_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct pet, owner_id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct pet, name),
    },
};

static const unsigned pet_keys[] = {1, 2};

static const struct mapper pet_mapper = {
    .table = "pets",
    .title = "Pet",
    .object_size = sizeof(struct pet),
    .columns = pet_columns,
    .n_columns = 3,
    .n_stored = 2,
    .keys = pet_keys,
    .n_keys = 2,
    .create = &stmt_pet_create,
};

int pet_get_names_by_owner_id(struct db_tx *tx, int64_t owner_id, struct arena *arena,
                              const char ***ret_names, size_t *ret_n_names, struct error *error)
{
    const struct db_value params[] = {db_integer(owner_id)};

    return mapper_get_names(tx, &pet_mapper, &stmt_pet_names_by_owner_id, params, arena, ret_names,
                            ret_n_names, error);
}

int pet_create(struct db_tx *tx, const struct pet *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &pet_mapper, object, ret_id, error);
}

static const struct db_stmt stmt_kind_names = {
    .name = "kind.names",
    .sql = "SELECT kinds.latin "
           "FROM kinds "
           "ORDER BY kinds.latin",
    .n_columns = 1,
};

static const struct db_stmt stmt_kind_create = {
    .name = "kind.create",
    .sql = "INSERT INTO kinds (latin) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct field kind_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct kind, id),
    },
    {
        .name = "latin",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct kind, latin),
    },
};

static const unsigned kind_keys[] = {1};

static const struct mapper kind_mapper = {
    .table = "kinds",
    .title = "Kind",
    .object_size = sizeof(struct kind),
    .columns = kind_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = kind_keys,
    .n_keys = 1,
    .create = &stmt_kind_create,
};

int kind_get_names(struct db_tx *tx, struct arena *arena, const char ***ret_names,
                   size_t *ret_n_names, struct error *error)
{
    return mapper_get_names(tx, &kind_mapper, &stmt_kind_names, NULL, arena, ret_names, ret_n_names,
                            error);
}

int kind_create(struct db_tx *tx, const struct kind *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &kind_mapper, object, ret_id, error);
}
