/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/marshal/expect.mapper.h"

static const struct field rule_match_members[] = {
    {
        .name = "field",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct rule_match, field),
    },
    {
        .name = "values",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct rule_match, values),
        .count_offset = offsetof(struct rule_match, n_values),
    },
};

static const struct json_type rule_match_json = {
    .name = "rule_match",
    .size = sizeof(struct rule_match),
    .fields = rule_match_members,
    .n_fields = 2,
};

static const struct field rule_step_members[] = {
    {
        .name = "action",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct rule_step, action),
    },
    {
        .name = "matches",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct rule_step, matches),
        .count_offset = offsetof(struct rule_step, n_matches),
        .items = &rule_match_json,
    },
};

static const struct json_type rule_step_json = {
    .name = "rule_step",
    .size = sizeof(struct rule_step),
    .fields = rule_step_members,
    .n_fields = 2,
};

void rule_match_to_json(struct json_writer *w, const struct rule_match *object)
{
    json_type_write(w, &rule_match_json, object);
}

int rule_match_from_json(struct json_t *json, const char *path, struct arena *arena,
                         struct rule_match *ret_object, struct error *error)
{
    return json_type_read(&rule_match_json, json, path, arena, ret_object, error);
}

void rule_step_to_json(struct json_writer *w, const struct rule_step *object)
{
    json_type_write(w, &rule_step_json, object);
}

int rule_step_from_json(struct json_t *json, const char *path, struct arena *arena,
                        struct rule_step *ret_object, struct error *error)
{
    return json_type_read(&rule_step_json, json, path, arena, ret_object, error);
}

static const struct db_stmt stmt_rule_objects_by_name = {
    .name = "rule.objects_by_name",
    .sql = "SELECT rules.id, rules.name, rules.steps, rules.labels, rules.options "
           "FROM rules "
           "WHERE rules.name = ? "
           "ORDER BY rules.name",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_rule_objects_by_name_any = {
    .name = "rule.objects_by_name_any",
    .sql = "SELECT rules.id, rules.name, rules.steps, rules.labels, rules.options "
           "FROM json_each(?) AS selector "
           "CROSS JOIN rules "
           "WHERE rules.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_rule_create = {
    .name = "rule.create",
    .sql = "INSERT INTO rules (name, steps, labels, options) "
           "VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

static const struct db_stmt stmt_rule_update = {
    .name = "rule.update",
    .sql = "UPDATE rules "
           "SET name = ?, steps = ?, labels = ?, options = ? "
           "WHERE rules.name = ?",
    .n_params = 5,
};

static const struct field rule_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct rule, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct rule, name),
    },
    {
        .name = "steps",
        .kind = FIELD_OBJECTS,
        .offset = offsetof(struct rule, steps),
        .count_offset = offsetof(struct rule, n_steps),
        .items = &rule_step_json,
    },
    {
        .name = "labels",
        .kind = FIELD_STRINGS,
        .offset = offsetof(struct rule, labels),
        .count_offset = offsetof(struct rule, n_labels),
    },
    {
        .name = "options",
        .kind = FIELD_MAP,
        .offset = offsetof(struct rule, options),
    },
};

static const unsigned rule_keys[] = {1};

static const struct mapper rule_mapper = {
    .table = "rules",
    .title = "Rule",
    .object_size = sizeof(struct rule),
    .columns = rule_columns,
    .n_columns = 5,
    .n_stored = 4,
    .keys = rule_keys,
    .n_keys = 1,
    .create = &stmt_rule_create,
    .update = &stmt_rule_update,
};

static const struct mapper_selection rule_selection_by_name = {
    .one = &stmt_rule_objects_by_name,
    .any = &stmt_rule_objects_by_name_any,
};

struct rule_selector rule_by_name(const char *name)
{
    return (struct rule_selector){
        .base.selection = &rule_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

int rule_get_many(struct db_tx *tx, const struct rule_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct rule_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &rule_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int rule_get_one(struct db_tx *tx, const char *name, struct arena *arena, struct rule *ret_object,
                 struct error *error)
{
    struct rule_selector selector = rule_by_name(name);

    return mapper_get_one(tx, &rule_mapper, &selector.base, arena, ret_object, error);
}

int rule_create(struct db_tx *tx, const struct rule *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &rule_mapper, object, ret_id, error);
}

int rule_update(struct db_tx *tx, const char *name, const struct rule *object, struct error *error)
{
    const struct db_value params[] = {db_text(name)};

    return mapper_update(tx, &rule_mapper, params, object, error);
}
