/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/label/expect.mapper.h"

static const struct db_stmt stmt_dns_zone_id = {
    .name = "dns_zone.id",
    .sql = "SELECT zones.id "
           "FROM zones "
           "WHERE zones.name = ?",
    .n_params = 1,
    .n_columns = 1,
};

static const struct db_stmt stmt_dns_zone_create = {
    .name = "dns_zone.create",
    .sql = "INSERT INTO zones (name) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct field dns_zone_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct dns_zone, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct dns_zone, name),
    },
};

static const unsigned dns_zone_keys[] = {1};

static const struct mapper dns_zone_mapper = {
    .table = "zones",
    .title = "DNS zone",
    .object_size = sizeof(struct dns_zone),
    .columns = dns_zone_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = dns_zone_keys,
    .n_keys = 1,
    .id = &stmt_dns_zone_id,
    .create = &stmt_dns_zone_create,
};

int dns_zone_id(struct db_tx *tx, const char *name, int64_t *ret_id, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_id(tx, &dns_zone_mapper, params, ret_id, error);
}

int dns_zone_create(struct db_tx *tx, const struct dns_zone *object, int64_t *ret_id,
                    struct error *error)
{
    return mapper_create(tx, &dns_zone_mapper, object, ret_id, error);
}
