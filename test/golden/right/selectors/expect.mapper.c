/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/selectors/expect.mapper.h"

static const int task_state_values[] = {
    TASK_NEW,
    TASK_RUNNING,
    TASK_FAILED,
};
static const struct field_enum task_state_enum = {
    .name = "task_state",
    .values = task_state_values,
    .n_values = 3,
};
_Static_assert(sizeof(enum task_state) == sizeof(int), "the runtime reads an int");

static const struct db_stmt stmt_task_objects = {
    .name = "task.objects",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM tasks "
           "ORDER BY tasks.title",
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_id = {
    .name = "task.objects_by_id",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM tasks "
           "WHERE tasks.id = ? "
           "ORDER BY tasks.title",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_id_any = {
    .name = "task.objects_by_id_any",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM json_each(?) AS selector "
           "CROSS JOIN tasks "
           "WHERE tasks.id = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_state = {
    .name = "task.objects_by_state",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM tasks "
           "WHERE tasks.state = ? "
           "ORDER BY tasks.title",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_state_any = {
    .name = "task.objects_by_state_any",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM json_each(?) AS selector "
           "CROSS JOIN tasks "
           "WHERE tasks.state = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_done_and_owner_id = {
    .name = "task.objects_by_done_and_owner_id",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM tasks "
           "WHERE tasks.done = ? AND tasks.owner_id = ? "
           "ORDER BY tasks.title",
    .n_params = 2,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_done_and_owner_id_any = {
    .name = "task.objects_by_done_and_owner_id_any",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM json_each(?) AS selector "
           "CROSS JOIN tasks "
           "WHERE tasks.done = selector.value ->> 0 "
           "AND tasks.owner_id = selector.value ->> 1",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_title = {
    .name = "task.objects_by_title",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM tasks "
           "WHERE tasks.title = ? "
           "ORDER BY tasks.title",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_objects_by_title_any = {
    .name = "task.objects_by_title_any",
    .sql = "SELECT tasks.id, tasks.title, tasks.state, tasks.done, tasks.owner_id "
           "FROM json_each(?) AS selector "
           "CROSS JOIN tasks "
           "WHERE tasks.title = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 5,
};

static const struct db_stmt stmt_task_create = {
    .name = "task.create",
    .sql = "INSERT INTO tasks (title, state, done, owner_id) "
           "VALUES (?, ?, ?, ?)",
    .n_params = 4,
};

static const struct field task_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct task, id),
    },
    {
        .name = "title",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct task, title),
    },
    {
        .name = "state",
        .kind = FIELD_ENUM,
        .offset = offsetof(struct task, state),
        .enumeration = &task_state_enum,
    },
    {
        .name = "done",
        .kind = FIELD_BOOL,
        .offset = offsetof(struct task, done),
    },
    {
        .name = "owner_id",
        .kind = FIELD_INTEGER,
        .optional = true,
        .offset = offsetof(struct task, owner_id),
    },
};

static const unsigned task_keys[] = {1};

static const struct mapper task_mapper = {
    .table = "tasks",
    .title = "Task",
    .object_size = sizeof(struct task),
    .columns = task_columns,
    .n_columns = 5,
    .n_stored = 4,
    .keys = task_keys,
    .n_keys = 1,
    .objects = &stmt_task_objects,
    .create = &stmt_task_create,
};

static const struct mapper_selection task_selection_by_id = {
    .one = &stmt_task_objects_by_id,
    .any = &stmt_task_objects_by_id_any,
};

struct task_selector task_by_id(int64_t id)
{
    return (struct task_selector){
        .base.selection = &task_selection_by_id,
        .base.values[0] = db_integer(id),
    };
}

static const struct mapper_selection task_selection_by_state = {
    .one = &stmt_task_objects_by_state,
    .any = &stmt_task_objects_by_state_any,
};

struct task_selector task_by_state(enum task_state state)
{
    return (struct task_selector){
        .base.selection = &task_selection_by_state,
        .base.values[0] = db_integer(state),
    };
}

static const struct mapper_selection task_selection_by_done_and_owner_id = {
    .one = &stmt_task_objects_by_done_and_owner_id,
    .any = &stmt_task_objects_by_done_and_owner_id_any,
};

struct task_selector task_by_done_and_owner_id(bool done, int64_t owner_id)
{
    return (struct task_selector){
        .base.selection = &task_selection_by_done_and_owner_id,
        .base.values[0] = db_integer(done),
        .base.values[1] = db_integer(owner_id),
    };
}

static const struct mapper_selection task_selection_by_title = {
    .one = &stmt_task_objects_by_title,
    .any = &stmt_task_objects_by_title_any,
};

struct task_selector task_by_title(const char *title)
{
    return (struct task_selector){
        .base.selection = &task_selection_by_title,
        .base.values[0] = db_text(title),
    };
}

int task_get_many(struct db_tx *tx, const struct task_selector *selectors, size_t n_selectors,
                  struct arena *arena, struct task_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &task_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int task_create(struct db_tx *tx, const struct task *object, int64_t *ret_id, struct error *error)
{
    return mapper_create(tx, &task_mapper, object, ret_id, error);
}
