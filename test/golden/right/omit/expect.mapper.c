/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/omit/expect.mapper.h"

static const struct db_stmt stmt_user_objects_by_name = {
    .name = "user.objects_by_name",
    .sql = "SELECT users.id, users.name, users.origin, users.logins, users.town "
           "FROM users "
           "WHERE users.name = ? "
           "ORDER BY users.name",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_user_objects_by_name_any = {
    .name = "user.objects_by_name_any",
    .sql = "SELECT users.id, users.name, users.origin, users.logins, users.town "
           "FROM json_each(?) AS selector "
           "CROSS JOIN users "
           "WHERE users.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_user_create = {
    .name = "user.create",
    .sql = "INSERT INTO users (name, origin, town, secret) "
           "VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

static const struct db_stmt stmt_user_update = {
    .name = "user.update",
    .sql = "UPDATE users "
           "SET name = ?, town = ?, secret = ? "
           "WHERE users.name = ?",
    .n_params = 4,
};

static const struct field user_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct user, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct user, name),
    },
    {
        .name = "origin",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct user, origin),
        .omit = FIELD_OMIT_UPDATE,
    },
    {
        .name = "logins",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct user, logins),
        .omit = FIELD_OMIT_CREATE | FIELD_OMIT_UPDATE,
    },
    {
        .name = "town",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct user, town),
    },
    {
        .name = "secret",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct user, secret),
        .omit = FIELD_OMIT_OBJECTS,
    },
};

static const unsigned user_keys[] = {1};

static const struct mapper user_mapper = {
    .table = "users",
    .title = "User",
    .object_size = sizeof(struct user),
    .columns = user_columns,
    .n_columns = 6,
    .n_stored = 5,
    .keys = user_keys,
    .n_keys = 1,
    .create = &stmt_user_create,
    .update = &stmt_user_update,
};

static const struct mapper_selection user_selection_by_name = {
    .one = &stmt_user_objects_by_name,
    .any = &stmt_user_objects_by_name_any,
};

struct user_selector user_by_name(const char *name)
{
    return (struct user_selector){
        .base.selection = &user_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int user_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct user *ret_object,
                 struct error *error)
{
    struct user_selector selector = user_by_name(name);

    return mapper_get_one(tx, &user_mapper, &selector.base, arena, ret_object, error);
}

int user_create(struct db_tx *tx, const struct user *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &user_mapper, object, ret_id, error);
}

int user_update(struct db_tx *tx, const char *name, const struct user *object, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_update(tx, &user_mapper, params, object, error);
}
