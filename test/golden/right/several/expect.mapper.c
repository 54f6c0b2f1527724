/* Written by generate-database from input.h: don't edit. */
#include "test/golden/right/several/expect.mapper.h"

static const struct db_stmt stmt_ssh_key_objects = {
    .name = "ssh_key.objects",
    .sql = "SELECT sshes_keys.id, sshes_keys.finger "
           "FROM sshes_keys "
           "ORDER BY sshes_keys.finger",
    .n_columns = 2,
};

static const struct db_stmt stmt_ssh_key_create = {
    .name = "ssh_key.create",
    .sql = "INSERT INTO sshes_keys (finger) "
           "VALUES (?)",
    .n_params = 1,
};

static const struct field ssh_key_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct ssh_key, id),
    },
    {
        .name = "finger",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct ssh_key, finger),
    },
};

static const unsigned ssh_key_keys[] = {1};

static const struct mapper ssh_key_mapper = {
    .table = "sshes_keys",
    .title = "Ssh key",
    .object_size = sizeof(struct ssh_key),
    .columns = ssh_key_columns,
    .n_columns = 2,
    .n_stored = 1,
    .keys = ssh_key_keys,
    .n_keys = 1,
    .objects = &stmt_ssh_key_objects,
    .create = &stmt_ssh_key_create,
};

int ssh_key_get_many(struct db_tx *tx, const struct ssh_key_selector *selectors, size_t n_selectors,
                     struct arena *arena, struct ssh_key_list *ret_list, struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &ssh_key_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int ssh_key_create(struct db_tx *tx, const struct ssh_key *object, int64_t *ret_id,
                   struct error *error)
{
    return mapper_create(tx, &ssh_key_mapper, object, ret_id, error);
}

static const struct db_stmt stmt_ssh_policy_objects_by_name = {
    .name = "ssh_policy.objects_by_name",
    .sql = "SELECT sshes_policies.id, sshes_policies.name, sshes_policies.rank "
           "FROM sshes_policies "
           "WHERE sshes_policies.name = ? "
           "ORDER BY sshes_policies.name",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_ssh_policy_objects_by_name_any = {
    .name = "ssh_policy.objects_by_name_any",
    .sql = "SELECT sshes_policies.id, sshes_policies.name, sshes_policies.rank "
           "FROM json_each(?) AS selector "
           "CROSS JOIN sshes_policies "
           "WHERE sshes_policies.name = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_ssh_policy_objects_by_rank = {
    .name = "ssh_policy.objects_by_rank",
    .sql = "SELECT sshes_policies.id, sshes_policies.name, sshes_policies.rank "
           "FROM sshes_policies "
           "WHERE sshes_policies.rank = ? "
           "ORDER BY sshes_policies.name",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_ssh_policy_objects_by_rank_any = {
    .name = "ssh_policy.objects_by_rank_any",
    .sql = "SELECT sshes_policies.id, sshes_policies.name, sshes_policies.rank "
           "FROM json_each(?) AS selector "
           "CROSS JOIN sshes_policies "
           "WHERE sshes_policies.rank = selector.value ->> 0",
    .n_params = 1,
    .n_columns = 3,
};

static const struct db_stmt stmt_ssh_policy_create = {
    .name = "ssh_policy.create",
    .sql = "INSERT INTO sshes_policies (name, rank) "
           "VALUES (?, ?)",
    .n_params = 2,
};

static const struct field ssh_policy_columns[] = {
    {
        .name = "id",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct ssh_policy, id),
    },
    {
        .name = "name",
        .kind = FIELD_TEXT,
        .offset = offsetof(struct ssh_policy, name),
    },
    {
        .name = "rank",
        .kind = FIELD_INTEGER,
        .offset = offsetof(struct ssh_policy, rank),
    },
};

static const unsigned ssh_policy_keys[] = {1};

static const struct mapper ssh_policy_mapper = {
    .table = "sshes_policies",
    .title = "Ssh policy",
    .object_size = sizeof(struct ssh_policy),
    .columns = ssh_policy_columns,
    .n_columns = 3,
    .n_stored = 2,
    .keys = ssh_policy_keys,
    .n_keys = 1,
    .create = &stmt_ssh_policy_create,
};

static const struct mapper_selection ssh_policy_selection_by_name = {
    .one = &stmt_ssh_policy_objects_by_name,
    .any = &stmt_ssh_policy_objects_by_name_any,
};

struct ssh_policy_selector ssh_policy_by_name(const char *name)
{
    return (struct ssh_policy_selector){
        .base.selection = &ssh_policy_selection_by_name,
        .base.values[0] = db_text(name),
    };
}

static const struct mapper_selection ssh_policy_selection_by_rank = {
    .one = &stmt_ssh_policy_objects_by_rank,
    .any = &stmt_ssh_policy_objects_by_rank_any,
};

struct ssh_policy_selector ssh_policy_by_rank(int64_t rank)
{
    return (struct ssh_policy_selector){
        .base.selection = &ssh_policy_selection_by_rank,
        .base.values[0] = db_integer(rank),
    };
}

int ssh_policy_get_many(struct db_tx *tx, const struct ssh_policy_selector *selectors,
                        size_t n_selectors, struct arena *arena, struct ssh_policy_list *ret_list,
                        struct error *error)
{
    const struct mapper_selector *bases = (const struct mapper_selector *)selectors;
    void *objects;
    size_t n_objects;
    int rv;

    rv = mapper_get_many(tx, &ssh_policy_mapper, bases, n_selectors, arena, &objects,
                         &n_objects, error);
    if (rv == ERROR_NONE) {
        ret_list->objects = objects;
        ret_list->n_objects = n_objects;
    }
    return rv;
}

int ssh_policy_create(struct db_tx *tx, const struct ssh_policy *object, int64_t *ret_id,
                      struct error *error)
{
    return mapper_create(tx, &ssh_policy_mapper, object, ret_id, error);
}
