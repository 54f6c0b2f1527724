/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/versions/expect.mapper.h"

static const struct field lamp_part_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp_part, name),
        .max = 3,
    },
    {
        .name = "weight",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp_part, weight),
    },
};

static const struct json_type lamp_part_json = {
    .name = "lamp_part",
    .size = sizeof(struct lamp_part),
    .fields = lamp_part_members,
    .n_fields = 2,
};

static const struct field lamp_part_v1_0_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp_part, name),
        .max = 3,
    },
};

static const struct json_type lamp_part_v1_0_json = {
    .name = "lamp_part",
    .size = sizeof(struct lamp_part),
    .fields = lamp_part_v1_0_members,
    .n_fields = 1,
};

static const struct field lamp_part_v1_1_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp_part, name),
        .max = 3,
    },
};

static const struct json_type lamp_part_v1_1_json = {
    .name = "lamp_part",
    .size = sizeof(struct lamp_part),
    .fields = lamp_part_v1_1_members,
    .n_fields = 1,
};

static const struct field lamp_part_v2_0_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp_part, name),
        .max = 3,
    },
    {
        .name = "weight",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp_part, weight),
    },
};

static const struct json_type lamp_part_v2_0_json = {
    .name = "lamp_part",
    .size = sizeof(struct lamp_part),
    .fields = lamp_part_v2_0_members,
    .n_fields = 2,
};

static const struct field lamp_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp, name),
        .max = 8,
    },
    {
        .name = "watts",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, watts),
    },
    {
        .name = "lumens",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, lumens),
    },
    {
        .name = "hue",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct lamp, hue),
    },
    {
        .name = "parts",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct lamp, parts),
        .count_offset = offsetof(struct lamp, n_parts),
        .items = &lamp_part_json,
        .max = 2,
    },
    {
        .name = "labels",
        .kind = FIELD_MAP,
        .offset = offsetof(struct lamp, labels),
        .max = 1,
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct lamp, tags),
        .count_offset = offsetof(struct lamp, n_tags),
        .max = 2,
    },
    {
        .name = "mood",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct lamp, mood),
        .max = 4,
    },
};

static const struct json_type lamp_json = {
    .name = "lamp",
    .size = sizeof(struct lamp),
    .fields = lamp_members,
    .n_fields = 8,
};

static const struct field lamp_v1_0_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp, name),
        .max = 8,
    },
    {
        .name = "watts",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, watts),
    },
    {
        .name = "parts",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct lamp, parts),
        .count_offset = offsetof(struct lamp, n_parts),
        .items = &lamp_part_v1_0_json,
        .max = 2,
    },
    {
        .name = "labels",
        .kind = FIELD_MAP,
        .offset = offsetof(struct lamp, labels),
        .max = 1,
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct lamp, tags),
        .count_offset = offsetof(struct lamp, n_tags),
        .max = 2,
    },
};

static const struct json_type lamp_v1_0_json = {
    .name = "lamp",
    .size = sizeof(struct lamp),
    .fields = lamp_v1_0_members,
    .n_fields = 5,
};

static const struct field lamp_v1_1_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp, name),
        .max = 8,
    },
    {
        .name = "watts",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, watts),
    },
    {
        .name = "hue",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct lamp, hue),
    },
    {
        .name = "parts",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct lamp, parts),
        .count_offset = offsetof(struct lamp, n_parts),
        .items = &lamp_part_v1_1_json,
        .max = 2,
    },
    {
        .name = "labels",
        .kind = FIELD_MAP,
        .offset = offsetof(struct lamp, labels),
        .max = 1,
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct lamp, tags),
        .count_offset = offsetof(struct lamp, n_tags),
        .max = 2,
    },
};

static const struct json_type lamp_v1_1_json = {
    .name = "lamp",
    .size = sizeof(struct lamp),
    .fields = lamp_v1_1_members,
    .n_fields = 6,
};

static const struct field lamp_v2_0_members[] = {
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp, name),
        .max = 8,
    },
    {
        .name = "lumens",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, lumens),
    },
    {
        .name = "parts",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct lamp, parts),
        .count_offset = offsetof(struct lamp, n_parts),
        .items = &lamp_part_v2_0_json,
        .max = 2,
    },
    {
        .name = "labels",
        .kind = FIELD_MAP,
        .offset = offsetof(struct lamp, labels),
        .max = 1,
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct lamp, tags),
        .count_offset = offsetof(struct lamp, n_tags),
        .max = 2,
    },
    {
        .name = "mood",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct lamp, mood),
        .max = 4,
    },
};

static const struct json_type lamp_v2_0_json = {
    .name = "lamp",
    .size = sizeof(struct lamp),
    .fields = lamp_v2_0_members,
    .n_fields = 6,
};

void lamp_part_to_json(struct json_writer *w, const struct lamp_part *object)
{
    json_type_write(w, &lamp_part_json, object);
}

int lamp_part_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp_part *ret_object, struct error *error)
{
    return json_type_read(&lamp_part_json, json, path, arena, ret_object, error);
}

void lamp_part_v1_0_to_json(struct json_writer *w, const struct lamp_part *object)
{
    json_type_write(w, &lamp_part_v1_0_json, object);
}

int lamp_part_v1_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                             struct lamp_part *ret_object, struct error *error)
{
    return json_type_read(&lamp_part_v1_0_json, json, path, arena, ret_object, error);
}

void lamp_part_v1_1_to_json(struct json_writer *w, const struct lamp_part *object)
{
    json_type_write(w, &lamp_part_v1_1_json, object);
}

int lamp_part_v1_1_from_json(struct json_t *json, const char *path, struct arena *arena,
                             struct lamp_part *ret_object, struct error *error)
{
    return json_type_read(&lamp_part_v1_1_json, json, path, arena, ret_object, error);
}

void lamp_part_v2_0_to_json(struct json_writer *w, const struct lamp_part *object)
{
    json_type_write(w, &lamp_part_v2_0_json, object);
}

int lamp_part_v2_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                             struct lamp_part *ret_object, struct error *error)
{
    return json_type_read(&lamp_part_v2_0_json, json, path, arena, ret_object, error);
}

static const struct db_stmt stmt_lamp_objects_by_name = {
    .name = "lamp.objects_by_name",
    .sql = "SELECT lamps.id, lamps.name, lamps.watts, lamps.lumens, lamps.hue, lamps.parts, "
           "lamps.labels, lamps.tags, lamps.mood "
           "FROM lamps "
           "WHERE lamps.name = ? "
           "ORDER BY lamps.name",
    .n_params = 1,
    .n_columns = 9,
};

static const struct db_stmt stmt_lamp_objects_by_name_any = {
    .name = "lamp.objects_by_name_any",
    .sql = "SELECT lamps.id, lamps.name, lamps.watts, lamps.lumens, lamps.hue, lamps.parts, "
           "lamps.labels, lamps.tags, lamps.mood "
           "FROM json_each(?) AS selector "
           "CROSS JOIN lamps "
           "WHERE lamps.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 9,
};

static const struct db_stmt stmt_lamp_create = {
    .name = "lamp.create",
    .sql = "INSERT INTO lamps (name, watts, lumens, hue, parts, labels, tags, mood) "
           "VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
    .n_params = 8,
};

static const struct field lamp_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct lamp, name),
        .max = 8,
    },
    {
        .name = "watts",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, watts),
    },
    {
        .name = "lumens",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct lamp, lumens),
    },
    {
        .name = "hue",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct lamp, hue),
    },
    {
        .name = "parts",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct lamp, parts),
        .count_offset = offsetof(struct lamp, n_parts),
        .items = &lamp_part_json,
        .max = 2,
    },
    {
        .name = "labels",
        .kind = FIELD_MAP,
        .offset = offsetof(struct lamp, labels),
        .max = 1,
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct lamp, tags),
        .count_offset = offsetof(struct lamp, n_tags),
        .max = 2,
    },
    {
        .name = "mood",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct lamp, mood),
        .max = 4,
    },
};

static const unsigned lamp_keys[] = {1};

static const struct mapper lamp_mapper = {
    .table = "lamps",
    .title = "Lamp",
    .object_size = sizeof(struct lamp),
    .columns = lamp_columns,
    .n_columns = 9,
    .n_stored = 8,
    .keys = lamp_keys,
    .n_keys = 1,
    .create = &stmt_lamp_create,
};

static const struct mapper_selection lamp_selection_by_name = {
    .one = &stmt_lamp_objects_by_name,
    .any = &stmt_lamp_objects_by_name_any,
};

struct lamp_selector lamp_by_name(const char *name)
{
    return (struct lamp_selector){
        .base.selection = &lamp_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int lamp_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct lamp *ret_object,
                 struct error *error)
{
    struct lamp_selector selector = lamp_by_name(name);

    return mapper_get_one(tx, &lamp_mapper, &selector.base, arena, ret_object, error);
}

int lamp_create(struct db_tx *tx, const struct lamp *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &lamp_mapper, object, ret_id, error);
}

void lamp_to_json(struct json_writer *w, const struct lamp *object)
{
    json_type_write(w, &lamp_json, object);
}

int lamp_from_json(struct json_t *json, const char *path, struct arena *arena,
                   struct lamp *ret_object, struct error *error)
{
    return json_type_read(&lamp_json, json, path, arena, ret_object, error);
}

void lamp_v1_0_to_json(struct json_writer *w, const struct lamp *object)
{
    json_type_write(w, &lamp_v1_0_json, object);
}

int lamp_v1_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp *ret_object, struct error *error)
{
    return json_type_read(&lamp_v1_0_json, json, path, arena, ret_object, error);
}

void lamp_v1_1_to_json(struct json_writer *w, const struct lamp *object)
{
    json_type_write(w, &lamp_v1_1_json, object);
}

int lamp_v1_1_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp *ret_object, struct error *error)
{
    return json_type_read(&lamp_v1_1_json, json, path, arena, ret_object, error);
}

void lamp_v2_0_to_json(struct json_writer *w, const struct lamp *object)
{
    json_type_write(w, &lamp_v2_0_json, object);
}

int lamp_v2_0_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct lamp *ret_object, struct error *error)
{
    return json_type_read(&lamp_v2_0_json, json, path, arena, ret_object, error);
}
