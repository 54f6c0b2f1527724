#include "generate/model.h"

#include <string.h>

struct entity *source_find_entity(struct source *source, const char *name)
{
    for (size_t i = 0; i < source->n_entities; i++) {
        if (strcmp(source->entities[i].name, name) == 0) {
            return &source->entities[i];
        }
    }
    return NULL;
}

struct record *source_find_record(struct source *source, const char *name)
{
    for (size_t i = 0; i < source->n_records; i++) {
        if (strcmp(source->records[i].name, name) == 0) {
            return &source->records[i];
        }
    }
    return NULL;
}

struct enumeration *source_find_enumeration(struct source *source, const char *name)
{
    for (size_t i = 0; i < source->n_enumerations; i++) {
        if (strcmp(source->enumerations[i].name, name) == 0) {
            return &source->enumerations[i];
        }
    }
    return NULL;
}

struct member *record_find_member(struct record *record, const char *name)
{
    for (size_t i = 0; i < record->n_members; i++) {
        if (strcmp(record->members[i].name, name) == 0) {
            return &record->members[i];
        }
    }
    return NULL;
}

struct statement *entity_find_statement(struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->n_statements; i++) {
        if (strcmp(entity->statements[i].name, name) == 0) {
            return &entity->statements[i];
        }
    }
    return NULL;
}

struct method *entity_find_method(struct entity *entity, enum method_kind kind)
{
    for (size_t i = 0; i < entity->n_methods; i++) {
        if (entity->methods[i].kind == kind) {
            return &entity->methods[i];
        }
    }
    return NULL;
}

bool entity_is_column(const struct entity *entity, const struct member *member)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        if (entity->columns[i] == member) {
            return true;
        }
    }
    return false;
}

struct member *entity_create_time(const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        if (entity->columns[i]->is_create_time) {
            return entity->columns[i];
        }
    }
    return NULL;
}

struct member *entity_update_time(const struct entity *entity)
{
    for (size_t i = 0; i < entity->n_columns; i++) {
        if (entity->columns[i]->is_update_time) {
            return entity->columns[i];
        }
    }
    return NULL;
}

const char *member_column(const struct member *member)
{
    if (member->join.table != NULL) {
        return member->join.column;
    }
    return member->sql.table == NULL ? member->name : member->sql.column;
}

const char *member_join_column(const struct member *member)
{
    return member->jointo.text == NULL ? "id" : member->jointo.text;
}

const char *member_join_name(const struct member *member)
{
    return member->joinas.text == NULL ? member->join.table : member->joinas.text;
}

bool entity_is_association(const struct entity *entity)
{
    return entity->first_stored == 0;
}

size_t entity_first_joined(const struct entity *entity)
{
    return entity->first_stored + entity->n_stored;
}

size_t entity_count_selected(const struct entity *entity)
{
    size_t n = 0;

    for (size_t i = 0; i < entity->n_columns; i++) {
        n += (entity->columns[i]->omit & OMIT_OBJECTS) == 0;
    }
    return n;
}

size_t entity_count_written(const struct entity *entity, enum omission omit)
{
    size_t n = 0;

    for (size_t i = entity->first_stored; i < entity_first_joined(entity); i++) {
        n += (entity->columns[i]->omit & omit) == 0;
    }
    return n;
}

size_t entity_find_version(const struct entity *entity, const char *version)
{
    size_t i = 0;

    while (i < entity->n_versions && strcmp(entity->versions[i], version) != 0) {
        i++;
    }
    return i;
}

bool entity_has_member_in(const struct entity *entity, const struct member *member, size_t version)
{
    return (member->since.text == NULL ||
            entity_find_version(entity, member->since.text) <= version) &&
           (member->until.text == NULL ||
            version < entity_find_version(entity, member->until.text));
}

const struct join *entity_find_join(const struct entity *entity, const char *name)
{
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (strcmp(entity->joins[i]->name, name) == 0) {
            return entity->joins[i];
        }
    }
    return NULL;
}

const struct join *entity_join_of(const struct entity *entity, const struct member *member)
{
    return member->join.table == NULL ? NULL : entity_find_join(entity, member_join_name(member));
}

bool join_is_parent(const struct join *join)
{
    return join->is_key && join->on == NULL;
}

bool entity_looks_up(const struct entity *entity, const char *column)
{
    for (size_t i = 0; i < entity->n_joins; i++) {
        if (join_is_parent(entity->joins[i]) &&
            strcmp(entity->joins[i]->member->joinon.column, column) == 0) {
            return true;
        }
    }
    return false;
}
