/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/order/expect.mapper.h"

static const struct db_stmt stmt_step_objects = {
    .name = "step.objects",
    .sql = "SELECT steps.id, steps.plan, steps.name, steps.rank "
           "FROM steps "
           "ORDER BY steps.rank, steps.plan, steps.name",
    .n_columns = 4,
};

static const struct db_stmt stmt_step_objects_by_plan = {
    .name = "step.objects_by_plan",
    .sql = "SELECT steps.id, steps.plan, steps.name, steps.rank "
           "FROM steps "
           "WHERE steps.plan = ? "
           "ORDER BY steps.rank, steps.plan, steps.name",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_step_objects_by_plan_any = {
    .name = "step.objects_by_plan_any",
    .sql = "SELECT steps.id, steps.plan, steps.name, steps.rank "
           "FROM json_each(?) AS selector "
           "CROSS JOIN steps "
           "WHERE steps.plan = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_step_objects_by_plan_and_name = {
    .name = "step.objects_by_plan_and_name",
    .sql = "SELECT steps.id, steps.plan, steps.name, steps.rank "
           "FROM steps "
           "WHERE steps.plan = ? AND steps.name = ? "
           "ORDER BY steps.rank, steps.plan, steps.name",
    .n_params = 2,
    .n_columns = 4,
};

static const struct db_stmt stmt_step_objects_by_plan_and_name_any = {
    .name = "step.objects_by_plan_and_name_any",
    .sql = "SELECT steps.id, steps.plan, steps.name, steps.rank "
           "FROM json_each(?) AS selector "
           "CROSS JOIN steps "
           "WHERE steps.plan = selector.value ->> 0 AND steps.name = selector.value ->> 1",
    .n_params = 1,
    .n_columns = 4,
};

static const struct db_stmt stmt_step_create = {
    .name = "step.create",
    .sql = "INSERT INTO steps (plan, name, rank) "
           "VALUES (?, ?, ?)",
    .n_params = 3,
};

static const struct field step_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct step, id),
    },
    {
        .name = "plan",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct step, plan),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct step, name),
    },
    {
        .name = "rank",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct step, rank),
    },
};

static const unsigned step_keys[] = {1, 2};

static const unsigned step_order[] = {3, 1, 2};

static const struct mapper step_mapper = {
    .table = "steps",
    .title = "Step",
    .object_size = sizeof(struct step),
    .columns = step_columns,
    .n_columns = 4,
    .n_stored = 3,
    .keys = step_keys,
    .n_keys = 2,
    .order = step_order,
    .n_order = 3,
    .objects = &stmt_step_objects,
    .create = &stmt_step_create,
};

static const struct mapper_selection step_selection_by_plan = {
    .one = &stmt_step_objects_by_plan,
    .any = &stmt_step_objects_by_plan_any,
};

struct step_selector step_by_plan(const char *plan)
{
    return (struct step_selector){
        .base.selection = &step_selection_by_plan,
        .base.values[0] = db_text(plan),
    };
}

static const struct mapper_selection step_selection_by_plan_and_name = {
    .one = &stmt_step_objects_by_plan_and_name,
    .any = &stmt_step_objects_by_plan_and_name_any,
};

struct step_selector step_by_plan_and_name(const char *plan, const char *name)
{
    return (struct step_selector){
        .base.selection = &step_selection_by_plan_and_name,
        .base.values[0] = db_text(plan),
        .base.values[1] = db_text(name),
    };
}

int step_get_many(struct db_tx *tx, const struct step_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct step_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &step_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int step_get_one(struct db_tx *tx, const char *plan, const char *name, struct arena *arena,
                 struct step *ret_object, struct error *error)
{
    struct step_selector selector = step_by_plan_and_name(plan, name);

    return mapper_get_one(tx, &step_mapper, &selector.base, arena, ret_object, error);
}

int step_create(struct db_tx *tx, const struct step *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &step_mapper, object, ret_id, error);
}
