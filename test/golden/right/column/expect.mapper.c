/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/column/expect.mapper.h"

static const struct db_stmt stmt_ticket_objects = {
    .name = "ticket.objects",
    .sql = "SELECT tickets.id, tickets.code, tickets.cents, tickets.changed, tickets.note "
           "FROM tickets "
           "ORDER BY tickets.code",
    .n_columns = 5,
};

static const struct db_stmt stmt_ticket_objects_by_name = {
    .name = "ticket.objects_by_name",
    .sql = "SELECT tickets.id, tickets.code, tickets.cents, tickets.changed, tickets.note "
           "FROM tickets "
           "WHERE tickets.code = ? "
           "ORDER BY tickets.code",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_ticket_objects_by_name_any = {
    .name = "ticket.objects_by_name_any",
    .sql = "SELECT tickets.id, tickets.code, tickets.cents, tickets.changed, tickets.note "
           "FROM json_each(?) AS selector "
           "CROSS JOIN tickets "
           "WHERE tickets.code = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_ticket_create = {
    .name = "ticket.create",
    .sql = "INSERT INTO tickets (code, cents, changed, note) "
           "VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

static const struct db_stmt stmt_ticket_create_or_replace = {
    .name = "ticket.create_or_replace",
    .sql = "INSERT INTO tickets (code, cents, changed, note) "
           "VALUES (?, ?, ?, ?) "
           "ON CONFLICT (code) DO UPDATE "
           "SET cents = excluded.cents, changed = excluded.changed, note = excluded.note",
    .n_params = 4,
};

static const struct db_stmt stmt_ticket_update = {
    .name = "ticket.update",
    .sql = "UPDATE tickets "
           "SET code = ?, cents = ?, changed = ?, note = ? "
           "WHERE tickets.code = ?",
    .n_params = 5,
};

static const struct db_stmt stmt_ticket_rename = {
    .name = "ticket.rename",
    .sql = "UPDATE tickets "
           "SET code = ?, changed = ? "
           "WHERE tickets.code = ?",
    .n_params = 3,
};

static const struct field ticket_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct ticket, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct ticket, name),
    },
    {
        .name = "price",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct ticket, price),
    },
    {
        .name = "changed_at",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct ticket, changed_at),
    },
    {
        .name = "remark",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct ticket, remark),
    },
};

static const unsigned ticket_keys[] = {1};

static const struct mapper ticket_mapper = {
    .table = "tickets",
    .title = "Ticket",
    .object_size = sizeof(struct ticket),
    .columns = ticket_columns,
    .n_columns = 5,
    .n_stored = 4,
    .keys = ticket_keys,
    .n_keys = 1,
    .objects = &stmt_ticket_objects,
    .create = &stmt_ticket_create,
    .create_or_replace = &stmt_ticket_create_or_replace,
    .update = &stmt_ticket_update,
    .rename = &stmt_ticket_rename,
};

static const struct mapper_selection ticket_selection_by_name = {
    .one = &stmt_ticket_objects_by_name,
    .any = &stmt_ticket_objects_by_name_any,
};

struct ticket_selector ticket_by_name(const char *name)
{
    return (struct ticket_selector){
        .base.selection = &ticket_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int ticket_get_many(struct db_tx *tx, const struct ticket_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct ticket_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &ticket_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int ticket_get_one(struct db_tx *tx, const char *name, struct arena *arena,
                   struct ticket *ret_object, struct error *error)
{
    struct ticket_selector selector = ticket_by_name(name);

    return mapper_get_one(tx, &ticket_mapper, &selector.base, arena, ret_object, error);
}

int ticket_create(struct db_tx *tx, const struct ticket *object, int64_t now, int64_t *ret_id,
                  struct error *error)
{
    struct ticket stamped = *object;

    stamped.changed_at = now;
    return mapper_create(tx, &ticket_mapper, &stamped, ret_id, error);
}

int ticket_create_or_replace(struct db_tx *tx, const struct ticket *object, int64_t now,
                             struct error *error)
{
    struct ticket stamped = *object;

    stamped.changed_at = now;
    return mapper_create_or_replace(tx, &ticket_mapper, &stamped, error);
}

int ticket_update(struct db_tx *tx, const char *name, const struct ticket *object, int64_t now,
                  struct error *error)
{
    struct ticket stamped = *object;
    const struct db_value params[] = {db_text(name)};

    stamped.changed_at = now;
    return mapper_update(tx, &ticket_mapper, params, &stamped, error);
}

int ticket_rename(struct db_tx *tx, const char *name, const char *new_name, int64_t now,
                  struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_rename_at(tx, &ticket_mapper, params, new_name, now, error);
}
