#include "store/projects.h"

#include "entity/network.mapper.h"
#include "entity/project.mapper.h"
#include "lb/config_key.h"
#include "lb/etag.h"
#include "lb/project.h"
#include "lb/restricted_subnet.h"
#include "lb/text.h"

#include <stdio.h>
#include <string.h>

/* What tombstones call it. */
#define KIND "project"

static struct store_project_request *from_base(struct store_request *base)
{
    return (struct store_project_request *)base;
}

static int find_users(struct store_tx *tx, struct store_project *project, struct error *error)
{
    struct network_selector selector = network_by_project_id(project->project.id);
    struct network_list list;
    int rv;

    rv = network_get_many(tx->db, &selector, 1, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    project->used_by = arena_calloc(tx->arena, list.n_objects, sizeof *project->used_by);
    if (project->used_by == NULL) {
        return error_no_memory(error);
    }
    project->n_used_by = list.n_objects;
    for (size_t i = 0; i < list.n_objects; i++) {
        project->used_by[i] = (struct store_user){
            .project = project->project.name,
            .network = list.objects[i].name,
        };
    }
    return ERROR_NONE;
}

int store_project_list(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_project_request *r = from_base(request);
    struct store_project *projects;
    struct project_list list;
    int rv;

    rv = project_get_many(tx->db, NULL, 0, tx->arena, &list, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    projects = arena_calloc(tx->arena, list.n_objects, sizeof *projects);
    if (projects == NULL) {
        return error_no_memory(error);
    }
    for (size_t i = 0; i < list.n_objects; i++) {
        projects[i].project = list.objects[i];
        rv = find_users(tx, &projects[i], error);
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    r->projects = projects;
    r->n_projects = list.n_objects;
    return ERROR_NONE;
}

int store_project_get(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_project_request *r = from_base(request);
    struct store_project *project = arena_calloc(tx->arena, 1, sizeof *project);
    int rv;

    if (project == NULL) {
        return error_no_memory(error);
    }
    rv = project_get_one(tx->db, r->name, tx->arena, &project->project, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_users(tx, project, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    r->projects = project;
    r->n_projects = 1;
    return ERROR_NONE;
}

/* Whether UPLINK routes SUBNET. What was stored parses. */
static bool routes_contain(const struct network *uplink, const struct ip_subnet *subnet)
{
    const char *list = string_map_get_or_empty(
        &uplink->config, subnet->address.family == 4 ? "ipv4.routes" : "ipv6.routes");

    while (*list != '\0') {
        size_t size = strcspn(list, ",");
        char text[IP_TEXT_SIZE];
        struct ip_subnet route;
        size_t length;
        const char *element;

        snprintf(text, sizeof text, "%.*s", (int)(size < sizeof text ? size : sizeof text), list);
        element = text_trim(text, &length);
        text[(size_t)(element - text) + length] = '\0';
        if (ip_subnet_parse(element, &route) && ip_subnet_contains_subnet(&route, subnet)) {
            return true;
        }
        list += size + (list[size] == ',');
    }
    return false;
}

static int check_restricted_subnet(struct store_tx *tx, int64_t default_id, const char *element,
                                   struct error *error)
{
    struct restricted_subnet restricted;
    char text[IP_TEXT_SIZE];
    struct network uplink;
    const char *name;
    int rv;

    rv = restricted_subnet_parse(element, &restricted, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    name = arena_memdup(tx->arena, restricted.uplink, restricted.uplink_size);
    if (name == NULL) {
        return error_no_memory(error);
    }
    rv = network_get_one(tx->db, default_id, name, tx->arena, &uplink, error);
    if (rv == ERROR_NOT_FOUND) {
        return error_set(error, ERROR_INVALID, "Invalid uplink network %s: Network not found",
                         TEXT_QUOTED(name));
    }
    if (rv == ERROR_NONE && !routes_contain(&uplink, &restricted.subnet)) {
        ip_subnet_format(&restricted.subnet, text);
        return error_set(error, ERROR_INVALID,
                         "Uplink network %s doesn't contain \"%s\" in its routes",
                         TEXT_QUOTED(name), text);
    }
    return rv;
}

/* restricted.networks.subnets names uplinks that are there, and what they route. */
static int check_restricted_subnets(struct store_tx *tx, const struct project *project,
                                    struct error *error)
{
    static const char key[] = "restricted.networks.subnets";
    const char *value = string_map_get_or_empty(&project->config, key);
    struct project owner;
    struct text_list list;
    const char *element;
    int rv;

    if (value[0] == '\0') {
        return ERROR_NONE;
    }
    rv = project_get_one(tx->db, PROJECT_DEFAULT, tx->arena, &owner, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (!text_list_init(&list, value)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (element = text_list_next(&list)) != NULL) {
        rv = check_restricted_subnet(tx, owner.id, element, error);
    }
    text_list_close(&list);
    if (rv == ERROR_INVALID) {
        error_prefix(error, "Invalid project configuration key \"%s\" value: ", key);
    }
    return rv;
}

int store_project_create(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_project_request *r = from_base(request);
    struct project project = {
        .name = r->body->name,
        .description = r->body->description == NULL ? "" : r->body->description,
    };
    int64_t id;
    int rv;

    rv = config_merge(&project.config, &r->body->config, false, tx->arena, &project.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&project.config);
    rv = project_fill_config(&project, tx->arena, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = project_validate(&project, error);
    if (rv == ERROR_NONE) {
        rv = check_restricted_subnets(tx, &project, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = store_tx_revision(tx, &project.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = project_create(tx->db, &project, &id, error);
    if (rv != ERROR_NONE) {
        return error_prefix(
            error, "Failed creating project \"%s\": Failed adding database record: ", project.name);
    }
    return ERROR_NONE;
}

/* Incus' word for a feature is a key that begins so. */
static bool is_feature(const char *key)
{
    return strncmp(key, "features.", strlen("features.")) == 0;
}

/* A feature can't be changed on the default project, or on one that is in use. */
static int check_features(const struct store_project *current, const struct project *changed,
                          struct error *error)
{
    const struct string_map *maps[] = {&current->project.config, &changed->config};

    for (size_t m = 0; m < 2; m++) {
        for (size_t i = 0; i < maps[m]->n_pairs; i++) {
            const char *key = maps[m]->pairs[i].key;
            const char *before = string_map_get_or_empty(&current->project.config, key);
            const char *after = string_map_get_or_empty(&changed->config, key);

            if (!is_feature(key) || strcmp(before, after) == 0) {
                continue;
            }
            if (strcmp(current->project.name, PROJECT_DEFAULT) == 0) {
                return error_set(error, ERROR_INVALID,
                                 "You can't change the features of the default project");
            }
            /* Zones are of no project in particular until they are switched on. */
            if (!config_is_true(before) &&
                (!config_is_false(before) || strcmp(key, "features.networks.zones") == 0)) {
                continue;
            }
            if (current->n_used_by > 0) {
                return error_set(error, ERROR_INVALID,
                                 "Project feature \"%s\" cannot be %s on non-empty projects", key,
                                 config_is_true(before) ? "disabled" : "enabled");
            }
        }
    }
    return ERROR_NONE;
}

/* The project's own networks hide none that it shares. */
static int check_shared_networks(const struct store_project *current, const struct project *changed,
                                 struct error *error)
{
    for (size_t i = 0; i < current->n_used_by; i++) {
        if (project_shares_network(changed, current->used_by[i].network)) {
            return error_set(error, ERROR_INVALID,
                             "Network \"%s\" in restricted.networks.access conflicts with an "
                             "existing project network",
                             current->used_by[i].network);
        }
    }
    return ERROR_NONE;
}

static int update(struct store_project_request *r, struct store_tx *tx,
                  const struct store_project *current, struct error *error)
{
    struct project changed = current->project;
    int rv;

    if (r->body->has_description) {
        changed.description = r->body->description;
    } else if (!r->patch) {
        changed.description = "";
    }
    rv = config_merge(&current->project.config, &r->body->config, r->patch, tx->arena,
                      &changed.config, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    config_drop_empty(&changed.config);
    rv = check_features(current, &changed, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = project_validate(&changed, error);
    if (rv == ERROR_NONE) {
        rv = check_restricted_subnets(tx, &changed, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_shared_networks(current, &changed, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (strcmp(current->project.description, changed.description) == 0 &&
        string_map_equal(&current->project.config, &changed.config)) {
        return ERROR_NONE;
    }
    rv = store_tx_revision(tx, &changed.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return project_update(tx->db, current->project.name, &changed, error);
}

int store_project_update(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_project_request *r = from_base(request);
    struct store_project current = {0};
    char etag[ETAG_SIZE];
    int rv;

    rv = project_get_one(tx->db, r->name, tx->arena, &current.project, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_project(&current.project, etag, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = etag_check(etag, r->if_match, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = find_users(tx, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return update(r, tx, &current, error);
}

static int name_is_taken(const char *name, struct error *error)
{
    return error_set(error, ERROR_CONFLICT, "A project named \"%s\" already exists", name);
}

int store_project_rename(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_project_request *r = from_base(request);
    struct store_project current = {0};
    struct project renamed;
    bool exists;
    int rv;

    if (strcmp(r->name, PROJECT_DEFAULT) == 0) {
        return error_set(error, ERROR_FORBIDDEN, "The 'default' project cannot be renamed");
    }
    rv = project_exists(tx->db, r->body->name, &exists, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (exists) {
        return name_is_taken(r->body->name, error);
    }
    rv = project_get_one(tx->db, r->name, tx->arena, &current.project, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Failed loading project \"%s\": ", r->name);
    }
    rv = find_users(tx, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (current.n_used_by > 0) {
        return error_set(error, ERROR_INVALID, "Only empty projects can be renamed");
    }
    renamed = current.project;
    renamed.name = r->body->name;
    rv = store_tx_revision(tx, &renamed.revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = project_update(tx->db, r->name, &renamed, error);
    if (rv == ERROR_CONFLICT) {
        return name_is_taken(r->body->name, error);
    }
    if (rv != ERROR_NONE) {
        return rv;
    }
    /* To a watcher, the record under the old name is gone. */
    return store_tx_tombstone(tx, KIND, r->name, "", r->name, error);
}

int store_project_delete(struct store_request *request, struct store_tx *tx, struct error *error)
{
    struct store_project_request *r = from_base(request);
    struct store_project current = {0};
    int64_t revision;
    int rv;

    if (strcmp(r->name, PROJECT_DEFAULT) == 0) {
        return error_set(error, ERROR_FORBIDDEN, "The 'default' project cannot be deleted");
    }
    rv = project_get_one(tx->db, r->name, tx->arena, &current.project, error);
    if (rv != ERROR_NONE) {
        return error_prefix(error, "Fetch project \"%s\": ", r->name);
    }
    rv = find_users(tx, &current, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    if (current.n_used_by > 0) {
        return error_set(error, ERROR_INVALID, "Only empty projects can be removed.");
    }
    rv = store_tx_revision(tx, &revision, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = project_delete_by_name(tx->db, r->name, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    return store_tx_tombstone(tx, KIND, r->name, "", r->name, error);
}
