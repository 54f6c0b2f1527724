/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/json/expect.mapper.h"

static const int shape_colour_values[] = {
    SHAPE_RED,
    SHAPE_BLUE,
};
static const struct field_enum shape_colour_enum = {
    .name = "shape_colour",
    .values = shape_colour_values,
    .n_values = 2,
};
_Static_assert(sizeof(enum shape_colour) == sizeof(int), "the runtime reads an int");

static const struct field point_members[] = {
    {
        .name = "y",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct point, y),
    },
    {
        .name = "x",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct point, x),
    },
};

static const struct json_type point_json = {
    .name = "point",
    .size = sizeof(struct point),
    .fields = point_members,
    .n_fields = 2,
};

static const struct field shape_members[] = {
    {
        .name = "title",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct shape, title),
    },
    {
        .name = "points",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct shape, points),
        .count_offset = offsetof(struct shape, n_points),
        .items = &point_json,
    },
    {
        .name = "colour",
        .kind = FIELD_ENUM,
        .offset = offsetof(struct shape, colour),
        .enumeration = &shape_colour_enum,
    },
    {
        .name = "tags",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct shape, tags),
        .count_offset = offsetof(struct shape, n_tags),
    },
    {
        .name = "visible",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct shape, visible),
    },
    {
        .name = "scale",
        .kind = FIELD_DOUBLE,
        .offset = offsetof(struct shape, scale),
    },
    {
        .name = "attributes",
        .kind = FIELD_MAP,
        .offset = offsetof(struct shape, attributes),
    },
    {
        .name = "note",
        .kind = FIELD_TEXT,
        .optional = true,
        .offset = offsetof(struct shape, note),
    },
};

static const struct json_type shape_json = {
    .name = "shape",
    .size = sizeof(struct shape),
    .fields = shape_members,
    .n_fields = 8,
};

void point_to_json(struct json_writer *w, const struct point *object)
{
    json_type_write(w, &point_json, object);
}

int point_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct point *ret_object, struct error *error)
{
    return json_type_read(&point_json, json, path, arena, ret_object, error);
}

void shape_to_json(struct json_writer *w, const struct shape *object)
{
    json_type_write(w, &shape_json, object);
}

int shape_from_json(struct json_t *json, const char *path, struct arena *arena,
                    struct shape *ret_object, struct error *error)
{
    return json_type_read(&shape_json, json, path, arena, ret_object, error);
}
