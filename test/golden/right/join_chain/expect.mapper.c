/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/join_chain/expect.mapper.h"

static const struct db_stmt stmt_parcel_objects = {
    .name = "parcel.objects",
    .sql = "SELECT parcels.id, parcels.code, parcels.street_id, parcels.sender_id, "
           "countries.name, towns.name, streets.name, senders.name, mothers.name, "
           "coalesce(people.name, 'unknown') "
           "FROM parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "LEFT JOIN people AS senders ON senders.id = parcels.sender_id "
           "LEFT JOIN people AS mothers ON mothers.id = senders.mother_id "
           "LEFT JOIN people ON people.id = mothers.mother_id "
           "JOIN towns ON towns.id = streets.town_id "
           "JOIN countries ON countries.iso = towns.country "
           "ORDER BY parcels.code",
    .n_columns = 10,
};

static const struct db_stmt stmt_parcel_objects_by_code = {
    .name = "parcel.objects_by_code",
    .sql = "SELECT parcels.id, parcels.code, parcels.street_id, parcels.sender_id, "
           "countries.name, towns.name, streets.name, senders.name, mothers.name, "
           "coalesce(people.name, 'unknown') "
           "FROM parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "LEFT JOIN people AS senders ON senders.id = parcels.sender_id "
           "LEFT JOIN people AS mothers ON mothers.id = senders.mother_id "
           "LEFT JOIN people ON people.id = mothers.mother_id "
           "JOIN towns ON towns.id = streets.town_id "
           "JOIN countries ON countries.iso = towns.country "
           "WHERE parcels.code = ? "
           "ORDER BY parcels.code",
    .n_params = 1,
    .n_columns = 10,
};

static const struct db_stmt stmt_parcel_objects_by_code_any = {
    .name = "parcel.objects_by_code_any",
    .sql = "SELECT parcels.id, parcels.code, parcels.street_id, parcels.sender_id, "
           "countries.name, towns.name, streets.name, senders.name, mothers.name, "
           "coalesce(people.name, 'unknown') "
           "FROM json_each(?) AS selector "
           "CROSS JOIN parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "LEFT JOIN people AS senders ON senders.id = parcels.sender_id "
           "LEFT JOIN people AS mothers ON mothers.id = senders.mother_id "
           "LEFT JOIN people ON people.id = mothers.mother_id "
           "JOIN towns ON towns.id = streets.town_id "
           "JOIN countries ON countries.iso = towns.country "
           "WHERE parcels.code = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 10,
};

static const struct db_stmt stmt_parcel_objects_by_country = {
    .name = "parcel.objects_by_country",
    .sql = "SELECT parcels.id, parcels.code, parcels.street_id, parcels.sender_id, "
           "countries.name, towns.name, streets.name, senders.name, mothers.name, "
           "coalesce(people.name, 'unknown') "
           "FROM parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "LEFT JOIN people AS senders ON senders.id = parcels.sender_id "
           "LEFT JOIN people AS mothers ON mothers.id = senders.mother_id "
           "LEFT JOIN people ON people.id = mothers.mother_id "
           "JOIN towns ON towns.id = streets.town_id "
           "JOIN countries ON countries.iso = towns.country "
           "WHERE countries.name = ? "
           "ORDER BY parcels.code",
    .n_params = 1,
    .n_columns = 10,
};

static const struct db_stmt stmt_parcel_objects_by_country_any = {
    .name = "parcel.objects_by_country_any",
    .sql = "SELECT parcels.id, parcels.code, parcels.street_id, parcels.sender_id, "
           "countries.name, towns.name, streets.name, senders.name, mothers.name, "
           "coalesce(people.name, 'unknown') "
           "FROM json_each(?) AS selector "
           "CROSS JOIN parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "LEFT JOIN people AS senders ON senders.id = parcels.sender_id "
           "LEFT JOIN people AS mothers ON mothers.id = senders.mother_id "
           "LEFT JOIN people ON people.id = mothers.mother_id "
           "JOIN towns ON towns.id = streets.town_id "
           "JOIN countries ON countries.iso = towns.country "
           "WHERE countries.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 10,
};

static const struct db_stmt stmt_parcel_names_by_town = {
    .name = "parcel.names_by_town",
    .sql = "SELECT parcels.code "
           "FROM parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "JOIN towns ON towns.id = streets.town_id "
           "WHERE towns.name = ? "
           "ORDER BY parcels.code",
    .n_params = 1,
    .n_columns = 1,
};

static const struct db_stmt stmt_parcel_create = {
    .name = "parcel.create",
    .sql = "INSERT INTO parcels (code, street_id, sender_id) "
           "VALUES (?, ?, ?)",
    .n_params = 3,
};

static const struct db_stmt stmt_parcel_delete_by_country = {
    .name = "parcel.delete_by_country",
    .sql = "DELETE FROM parcels "
           "WHERE parcels.id IN (SELECT parcels.id "
           "FROM parcels "
           "JOIN streets ON streets.id = parcels.street_id "
           "JOIN towns ON towns.id = streets.town_id "
           "JOIN countries ON countries.iso = towns.country "
           "WHERE countries.name = ?)",
    .n_params = 1,
};

static const struct field parcel_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct parcel, id),
    },
    {
        .name = "code",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct parcel, code),
    },
    {
        .name = "street_id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct parcel, street_id),
    },
    {
        .name = "sender_id",
        .kind = FIELD_INTEGER,
        .optional = true,
        .offset = offsetof(struct parcel, sender_id),
    },
    {
        .name = "country",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct parcel, country),
    },
    {
        .name = "town",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct parcel, town),
    },
    {
        .name = "street",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct parcel, street),
    },
    {
        .name = "sender",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct parcel, sender),
    },
    {
        .name = "mother",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct parcel, mother),
    },
    {
        .name = "grandmother",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct parcel, grandmother),
    },
};

static const unsigned parcel_keys[] = {1};

static const struct mapper parcel_mapper = {
    .table = "parcels",
    .title = "Parcel",
    .object_size = sizeof(struct parcel),
    .columns = parcel_columns,
    .n_columns = 10,
    .n_stored = 3,
    .keys = parcel_keys,
    .n_keys = 1,
    .objects = &stmt_parcel_objects,
    .create = &stmt_parcel_create,
};

static const struct mapper_selection parcel_selection_by_code = {
    .one = &stmt_parcel_objects_by_code,
    .any = &stmt_parcel_objects_by_code_any,
};

struct parcel_selector parcel_by_code(const char *code)
{
    return (struct parcel_selector){
        .base.selection = &parcel_selection_by_code,
        .base.values[0] = db_text(code),
    };
}

static const struct mapper_selection parcel_selection_by_country = {
    .one = &stmt_parcel_objects_by_country,
    .any = &stmt_parcel_objects_by_country_any,
};

struct parcel_selector parcel_by_country(const char *country)
{
    return (struct parcel_selector){
        .base.selection = &parcel_selection_by_country,
        .base.values[0] = db_text(country),
    };
}

int parcel_get_many(struct db_tx *tx, const struct parcel_selector *selectors, size_t n_selectors,
                    struct arena *arena, struct parcel_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &parcel_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int parcel_get_one(struct db_tx *tx, const char *code, struct arena *arena,
                   struct parcel *ret_object, struct error *error)
{
    struct parcel_selector selector = parcel_by_code(code);

    return mapper_get_one(tx, &parcel_mapper, &selector.base, arena, ret_object, error);
}

int parcel_get_names_by_town(struct db_tx *tx, const char *town, struct arena *arena,
                             const char ***ret_names, size_t *ret_n_names, struct error *error)
{
    const struct db_value params[] = {db_text(town)};

    return mapper_get_names(tx, &parcel_mapper, &stmt_parcel_names_by_town, params, arena,
                            ret_names, ret_n_names, error);
}

int parcel_create(struct db_tx *tx, const struct parcel *object, int64_t *ret_id,
                  struct error *error)
{
    return mapper_create(tx, &parcel_mapper, object, ret_id, error);
}

int parcel_delete_many_by_country(struct db_tx *tx, const char *country, uint64_t *ret_deleted,
                                  struct error *error)
{
    const struct db_value params[] = {db_text(country)};

    return mapper_delete_many(tx, &stmt_parcel_delete_by_country, params, ret_deleted, error);
}
