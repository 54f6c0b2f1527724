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
