#include "store/groups.h"

#include "base/json_writer.h"
#include "entity/cluster_group.mapper.h"
#include "entity/cluster_member.mapper.h"
#include "lb/cluster_member.h"
#include "lb/config_key.h"
#include "lb/text.h"
#include "store/member_records.h"

#include <string.h>

static struct store_group_request *from_base(struct store_request *base)
{
    return (struct store_group_request *)base;
}

/* All members, which the functions below look through. */
struct all_members {
    struct cluster_member *members;
    size_t n_members;
};

static bool is_in(const struct cluster_member *member, const char *group)
{
    return cluster_names_have(member->groups, member->n_groups, group);
}

static int find_members(struct store_tx *tx, const struct all_members *all,
                        struct store_group *group, struct error *error)
{
    group->members = arena_calloc(tx->arena, all->n_members, sizeof *group->members);
    group->n_members = 0;
    if (group->members == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < all->n_members; i++) {
        if (is_in(&all->members[i], group->group.name)) {
            group->members[group->n_members++] = all->members[i].name;
        }
    }
    return ERROR_NONE;
}

static int load_members(struct store_tx *tx, struct all_members *all, struct error *error)
{
    return member_records_load(tx, &all->members, &all->n_members, error);
}

int store_group_list(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_group_request *r = from_base(request);
    struct cluster_group_list list;
    struct all_members all;
    struct store_group *groups;
    int rv = cluster_group_get_many(tx->db, NULL, 0, tx->arena, &list, error);

    if (rv == ERROR_NONE) {
        rv = load_members(tx, &all, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    groups = arena_calloc(tx->arena, list.n_objects, sizeof *groups);
    if (groups == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; rv == ERROR_NONE && i < list.n_objects; i++) {
        groups[i].group = list.objects[i];
        rv = find_members(tx, &all, &groups[i], error);
    }
    r->groups = groups;
    r->n_groups = list.n_objects;
    return rv;
}

static int load(const struct store_group_request *r, struct store_tx *tx, struct all_members *all,
                struct store_group *ret_group, struct error *error)
{
    int rv = cluster_group_get_one(tx->db, r->name, tx->arena, &ret_group->group, error);

    if (rv == ERROR_NOT_FOUND) {
        return error_set(error, ERROR_NOT_FOUND, "Cluster group not found");
    }
    if (rv == ERROR_NONE) {
        rv = load_members(tx, all, error);
    }
    return rv == ERROR_NONE ? find_members(tx, all, ret_group, error) : rv;
}

int store_group_get(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_group_request *r = from_base(request);
    struct store_group *group = arena_calloc(tx->arena, 1, sizeof *group);
    struct all_members all;
    int rv;

    if (group == NULL) {
        return error_no_memory(error);
    }
    rv = load(r, tx, &all, group, error);
    if (rv == ERROR_NONE) {
        r->groups = group;
        r->n_groups = 1;
    }
    return rv;
}

static int validate_config(const struct string_map *config, struct error *error)
{
    for (size_t i = 0; i < config->n_pairs; i++) {
        if (!config_is_user_key(config->pairs[i].key)) {
            return error_set(error, ERROR_INVALID, "Invalid cluster group configuration key %s",
                             TEXT_QUOTED(config->pairs[i].key));
        }
    }
    return ERROR_NONE;
}

static int merge_config(struct store_tx *tx, const struct string_map *from, struct string_map *to,
                        struct error *error)
{
    for (size_t i = 0; i < from->n_pairs; i++) {
        if (!string_map_set(to, tx->arena, from->pairs[i].key, from->pairs[i].value)) {
            return error_no_memory(error);
        }
    }
    config_drop_empty(to);
    return validate_config(to, error);
}

/* Puts the member into the group NAME or takes it out, in its record; NEW_NAME (or NULL) stands
 * in its place then. */
static int set_membership(struct store_tx *tx, struct cluster_member *member, const char *name,
                          const char *new_name, int64_t revision, struct error *error)
{
    const char **groups = arena_calloc(tx->arena, member->n_groups + 1, sizeof *groups);
    size_t n_groups = 0;

    if (groups == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < member->n_groups; i++) {
        if (strcmp(member->groups[i], name) != 0) {
            groups[n_groups++] = member->groups[i];
        }
    }
    if (new_name != NULL) {
        groups[n_groups++] = new_name;
    }
    if (n_groups == 0) {
        return error_set(error, ERROR_INVALID,
                         "Cannot remove %s from group as member needs to belong to at least one "
                         "group",
                         member->name);
    }
    member->groups = groups;
    member->n_groups = n_groups;
    member->revision = revision;
    if (n_groups > CLUSTER_MEMBER_GROUPS_MAX) {
        return cluster_member_validate(member, error);
    }
    return cluster_member_update(tx->db, member->name, member, error);
}

/* From here on those that NAMES says are in the group, and nobody else. */
static int set_members(struct store_tx *tx, struct all_members *all, const char *group,
                       const char *const *names, size_t n_names, int64_t revision,
                       struct error *error)
{
    size_t n_found = 0;
    int rv = ERROR_NONE;

    for (size_t i = 0; rv == ERROR_NONE && i < all->n_members; i++) {
        struct cluster_member *member = &all->members[i];
        bool wanted = cluster_names_have(names, n_names, member->name);

        n_found += wanted;
        if (wanted != is_in(member, group)) {
            rv = set_membership(tx, member, group, wanted ? group : NULL, revision, error);
        }
    }
    if (rv == ERROR_NONE && n_found != n_names) {
        rv = error_set(error, ERROR_INVALID, "A member of the group isn't there, or named twice");
    }
    return rv;
}

static int name_is_taken(const char *name, struct error *error)
{
    return error_set(error, ERROR_CONFLICT, "Name %s already in use", TEXT_QUOTED(name));
}

int store_group_create(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_group_request *r = from_base(request);
    struct cluster_group group = {.name = r->body->name, .description = r->body->description};
    struct all_members all;
    int64_t id;
    int rv = merge_config(tx, &r->body->config, &group.config, error);

    if (rv == ERROR_NONE) {
        rv = load_members(tx, &all, error);
    }
    if (rv == ERROR_NONE) {
        rv = store_tx_revision(tx, &group.revision, error);
    }
    if (rv == ERROR_NONE) {
        rv = cluster_group_create(tx->db, &group, &id, error);
    }
    if (rv == ERROR_CONFLICT) {
        return name_is_taken(group.name, error);
    }
    return rv == ERROR_NONE ? set_members(tx, &all, group.name, r->body->members,
                                          r->body->n_members, group.revision, error)
                            : rv;
}

int store_group_update(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_group_request *r = from_base(request);
    const struct cluster_object_body *body = r->body;
    struct store_group current;
    struct cluster_group changed;
    struct all_members all;
    char etag[ETAG_SIZE];
    int rv = load(r, tx, &all, &current, error);

    if (rv == ERROR_NONE) {
        rv = store_group_etag(&current, etag, error);
    }
    if (rv == ERROR_NONE) {
        rv = etag_check(etag, r->if_match, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    changed = current.group;
    changed.config = (struct string_map){0};
    if (body->has_description || !r->patch) {
        changed.description = body->description;
    }
    if (r->patch && !string_map_copy(&changed.config, tx->arena, &current.group.config)) {
        return error_no_memory(error);
    }
    rv = merge_config(tx, &body->config, &changed.config, error);
    if (rv == ERROR_NONE) {
        rv = store_tx_revision(tx, &changed.revision, error);
    }
    if (rv == ERROR_NONE && (body->has_members || !r->patch)) {
        rv = set_members(tx, &all, changed.name, body->members, body->n_members, changed.revision,
                         error);
    }
    return rv == ERROR_NONE ? cluster_group_update(tx->db, changed.name, &changed, error) : rv;
}

int store_group_rename(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_group_request *r = from_base(request);
    struct store_group current;
    struct cluster_group renamed;
    struct all_members all;
    int rv;

    if (strcmp(r->name, CLUSTER_GROUP_DEFAULT) == 0) {
        return error_set(error, ERROR_FORBIDDEN, "The \"default\" group cannot be renamed");
    }
    rv = load(r, tx, &all, &current, error);
    if (rv != ERROR_NONE || strcmp(r->name, r->body->name) == 0) {
        return rv;
    }
    renamed = current.group;
    renamed.name = r->body->name;
    rv = store_tx_revision(tx, &renamed.revision, error);
    if (rv == ERROR_NONE) {
        rv = cluster_group_update(tx->db, r->name, &renamed, error);
    }
    if (rv == ERROR_CONFLICT) {
        return name_is_taken(renamed.name, error);
    }
    for (size_t i = 0; rv == ERROR_NONE && i < all.n_members; i++) {
        if (is_in(&all.members[i], r->name)) {
            rv =
                set_membership(tx, &all.members[i], r->name, renamed.name, renamed.revision, error);
        }
    }
    return rv;
}

int store_group_delete(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_group_request *r = from_base(request);
    struct store_group current;
    struct all_members all;
    int64_t revision;
    int rv;

    if (strcmp(r->name, CLUSTER_GROUP_DEFAULT) == 0) {
        return error_set(error, ERROR_FORBIDDEN, "The 'default' cluster group cannot be deleted");
    }
    rv = load(r, tx, &all, &current, error);
    if (rv == ERROR_NONE && current.n_members > 0) {
        rv = error_set(error, ERROR_INVALID, "Only empty cluster groups can be removed");
    }
    if (rv == ERROR_NONE) {
        rv = store_tx_revision(tx, &revision, error);
    }
    return rv == ERROR_NONE ? cluster_group_delete_by_name(tx->db, r->name, error) : rv;
}

int store_group_etag(const struct store_group *group, char out[ETAG_SIZE], struct error *error)
{
    struct buffer text = {0};
    struct json_writer w;
    int rv;

    json_writer_init(&w, &text, true);
    json_write_object_begin(&w);
    json_write_key(&w, "description");
    json_write_string(&w, group->group.description);
    json_write_key(&w, "members");
    json_write_array_begin(&w);
    for (size_t i = 0; i < group->n_members; i++) {
        json_write_string(&w, group->members[i]);
    }
    json_write_array_end(&w);
    json_write_key(&w, "config");
    json_write_object_begin(&w);
    for (size_t i = 0; i < group->group.config.n_pairs; i++) {
        json_write_key(&w, group->group.config.pairs[i].key);
        json_write_string(&w, group->group.config.pairs[i].value);
    }
    json_write_object_end(&w);
    json_write_object_end(&w);
    rv = etag_text(&text, out, error);
    buffer_close(&text);
    return rv;
}
