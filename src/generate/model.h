/* model.h - what the generator knows: sources, what was read of them (structs,
 * enums, directives), and the entities that are made of that. Everything lives
 * in the generator's arena until the program ends. */
#ifndef LBSTATE_GENERATE_MODEL_H
#define LBSTATE_GENERATE_MODEL_H

#include "base/arena.h"
#include "generate/diagnostic.h"

#include <stdbool.h>
#include <stddef.h>

/* How many fields a natural key, or a way to select, may have; db/mapper.h has
 * the same number. */
#define KEY_FIELDS_MAX 4

/* The closed list of types that a field may have. */
enum type_kind {
    TYPE_INTEGER, /* int64_t */
    TYPE_BOOL,
    TYPE_DOUBLE,
    TYPE_TEXT,    /* const char * */
    TYPE_BYTES,   /* struct bytes */
    TYPE_ENUM,    /* enum TAG */
    TYPE_OBJECTS, /* struct TAG *xs; size_t n_xs; */
    TYPE_STRINGS, /* const char **xs; size_t n_xs; */
    TYPE_MAP,     /* struct string_map */
    TYPE_CUSTOM,  /* struct TAG, which the caller turns into text. */
};

/* A word of a directive or a tag. */
struct word {
    struct location at;
    const char *text;
};

/* A column of another table. */
struct column_name {
    struct location at;
    const char *table; /* NULL: not given. */
    const char *column;
};

struct member {
    struct location at; /* Of its name. */
    const char *name;
    const char *prefix; /* "common.", where it is in a struct that is embedded; else "". */
    enum type_kind kind;
    bool optional;   /* struct opt_x. */
    const char *tag; /* TYPE_ENUM, TYPE_OBJECTS, TYPE_CUSTOM. */
    bool is_primary; /* From here on: what its //db: tag says. */
    bool is_ignored;
    bool is_embedded;          /* Its own fields are meant. */
    bool is_marshalled;        /* As JSON. */
    bool is_custom;            /* By the caller's functions. */
    bool is_order;             /* Rows come in its order. */
    bool is_left_join;         /* The other table's row may be missing. */
    bool is_create_time;       /* When the row was made. */
    bool is_update_time;       /* When it was changed last. */
    unsigned omit;             /* Bits of enum omission. */
    struct location omit_at;   /* If there are any. */
    struct column_name sql;    /* Its column, where that isn't called as the field is. */
    struct column_name join;   /* Where its value is. */
    struct column_name joinon; /* The column that says which row of that table. */
    struct word jointo;        /* The column there that has the same value: "id" if not given. */
    struct word joinas;        /* What the joined table is called: by its name if not given. */
    struct word coalesce;      /* A literal of SQL, for NULL. */
    struct word references;    /* text is NULL if it has none, as of the three above. */
    struct word since;         /* The first version of the API that has it. */
    struct word until;         /* The first one that hasn't it any more. */
    struct word max;           /* How many bytes, items or pairs JSON may have, in digits. */
};

/* Statements that may leave a field out. */
enum omission {
    OMIT_OBJECTS = 1,
    OMIT_CREATE = 2, /* Also create-or-replace. */
    OMIT_UPDATE = 4,
};

struct record {
    struct location at;
    const char *name;
    struct member *members;
    size_t n_members;
    bool is_broken; /* Not all members could be read; that was reported. */
};

struct enumeration {
    struct location at;
    const char *name;
    const char **values;
    size_t n_values;
};

enum command { COMMAND_TARGET, COMMAND_STMT, COMMAND_METHOD, COMMAND_JSON };

struct parameter {
    struct location at;
    const char *name;
    const char *value;
};

struct directive {
    struct location at;
    enum command command;
    struct word entity; /* Of stmt, method, json. */
    struct word *words; /* Behind it: a target's name, a kind, or members. */
    size_t n_words;
    struct parameter *parameters;
    size_t n_parameters;
};

enum statement_kind {
    STATEMENT_OBJECTS, /* Also by fields. */
    STATEMENT_NAMES,   /* Also by fields. */
    STATEMENT_ID,
    STATEMENT_CREATE,
    STATEMENT_CREATE_OR_REPLACE,
    STATEMENT_UPDATE,
    STATEMENT_RENAME,
    STATEMENT_DELETE, /* By fields. */
};

/* An exception from the judgement, which must be needed. */
struct exception {
    struct location at;
    bool is_allowed;
    bool was_needed;
};

struct statement {
    struct location at;
    const char *spelling; /* "objects-by-NetworkID". */
    const char *name;     /* "objects_by_network_id". */
    enum statement_kind kind;
    struct member **fields; /* Of -by-. */
    size_t n_fields;
    struct member *output; /* STATEMENT_NAMES: the field that it selects. */
    struct exception scan;
    struct exception sort;
    bool is_used; /* By a method. */
};

enum method_kind {
    METHOD_GET_MANY,
    METHOD_GET_ONE,
    METHOD_GET_NAMES,
    METHOD_ID,
    METHOD_EXISTS,
    METHOD_CREATE,
    METHOD_CREATE_OR_REPLACE,
    METHOD_UPDATE,
    METHOD_RENAME,
    METHOD_DELETE_ONE,
    METHOD_DELETE_MANY,
    METHOD_CREATE_MANY, /* Create and Update-by of an association. */
    METHOD_UPDATE_MANY,
};

struct method {
    struct location at;
    const char *spelling; /* "DeleteOne-by-ID". */
    const char *name;     /* "delete_by_id", without the entity's. */
    enum method_kind kind;
    struct member **fields; /* Of -by-. */
    size_t n_fields;
    struct statement *statement; /* That it runs; NULL for METHOD_GET_MANY. */
};

/* A table that rows come with columns of, or that the row they belong to is looked
 * for in. */
struct join {
    const struct member *member; /* The first field that names it. */
    const char *name;            /* In SQL: the table's, or what joinas= says. */
    const struct join *on;       /* What has the column that says which row; NULL: the entity. */
    bool is_key;                 /* Fields of the natural key are in it, or reached through it. */
};

struct entity;

/* A string map or an array of structs that is kept in a table of its own. */
struct reference {
    struct member *member;
    struct entity *items; /* The structs of the array; NULL: a map. */
    const char *name;     /* "config". */
    const char *table;    /* "networks_config". */
    const char *column;   /* Its column with the parent's id: "network_id". */
    struct location at;   /* Of the method that names it first. */
    bool is_read;         /* With GetMany and GetOne. */
    bool is_created;
    bool is_updated;
};

/* A column that must lead into an index. */
struct constraint {
    const char *table; /* As the statement calls it. */
    const char *column;
};

/* A statement as the engine gets it. */
struct query {
    struct location at;
    const char *name; /* In C: "objects_by_network_id_any". */
    const char *sql;  /* A line feed stands where it may be broken for the reader. */
    unsigned n_params;
    bool is_write;
    bool selects_columns; /* The result is the entity's columns. */
    struct constraint *constraints;
    size_t n_constraints;
    struct statement *statement; /* Whose exceptions hold; NULL: none. */
    unsigned n_columns;          /* Of the result; known once it was prepared. */
    const char *json_sample;     /* For the last parameter, if that is JSON; else NULL. */
    const char *plan;            /* From here on: what the judgement found. */
    int steps_few;
    int steps_many;
    bool grows; /* With rows that it has nothing to do with. */
};

struct entity {
    struct location at;
    const char *name;
    const char *table; /* NULL for a struct that has JSON only. */
    const char *title; /* "Network load balancer". */
    struct record *record;
    struct record *filter;   /* NULL if there is none. */
    struct member **columns; /* id, the stored ones, the joined ones. */
    size_t n_columns;
    size_t first_stored; /* 1, behind the id; 0 in an association, which has none. */
    size_t n_stored;
    struct join **joins; /* Each behind the one that it hangs on. */
    size_t n_joins;
    struct member **keys;
    size_t n_keys;
    struct member **order; /* What rows are ordered by: the whole key is part of it. */
    size_t n_order;
    struct reference *references;
    size_t n_references;
    struct statement *statements;
    size_t n_statements;
    struct method *methods;
    size_t n_methods;
    struct member **json;
    size_t n_json;
    const char **versions; /* Of the API, "1.0", in ascending order; or none. */
    size_t n_versions;
    struct query *queries;
    size_t n_queries;
};

struct token;

struct source {
    /* Nothing was wrong up to the methods: what they lack is really missing. */
    bool is_consistent;
    const char *path;
    const char *base; /* Without folders. */
    unsigned index;
    const char *text;
    size_t size;
    struct token *tokens;
    size_t n_tokens;
    struct word target; /* text is NULL if there is none. */
    struct directive *directives;
    size_t n_directives;
    struct record *records;
    size_t n_records;
    struct enumeration *enumerations;
    size_t n_enumerations;
    struct entity *entities; /* In the order of their first directives. */
    size_t n_entities;
};

struct generator {
    struct arena arena;
    struct diagnostics diagnostics;
    struct source *sources;
    size_t n_sources;
};

struct entity *source_find_entity(struct source *source, const char *name);
struct record *source_find_record(struct source *source, const char *name);
struct enumeration *source_find_enumeration(struct source *source, const char *name);
struct member *record_find_member(struct record *record, const char *name);
struct statement *entity_find_statement(struct entity *entity, const char *name);
struct method *entity_find_method(struct entity *entity, enum method_kind kind);
bool entity_is_column(const struct entity *entity, const struct member *member);

/* An association: rows that have no id, each says that two others belong together. */
bool entity_is_association(const struct entity *entity);

/* Where the joined columns begin. */
size_t entity_first_joined(const struct entity *entity);

/* Whether a member of JSON is there in a version, by its number in the list. */
bool entity_has_member_in(const struct entity *entity, const struct member *member, size_t version);

/* The number of VERSION in the list, or n_versions. */
size_t entity_find_version(const struct entity *entity, const char *version);

/* How many columns a row has: those that `objects` selects. */
size_t entity_count_selected(const struct entity *entity);

/* How many columns a statement writes that leaves out those with OMIT. */
size_t entity_count_written(const struct entity *entity, enum omission omit);

/* The field that is set when rows are made, or changed; NULL if there is none. */
struct member *entity_create_time(const struct entity *entity);
struct member *entity_update_time(const struct entity *entity);

/* The join that a joined field is in, or that is called NAME; NULL if there is none. */
const struct join *entity_find_join(const struct entity *entity, const char *name);
const struct join *entity_join_of(const struct entity *entity, const struct member *member);

/* A row belongs to another, which the fields of the natural key in JOIN, and behind
 * it, find: its column is written by looking that up. */
bool join_is_parent(const struct join *join);

/* Whether the column says what a row belongs to, and is written so. */
bool entity_looks_up(const struct entity *entity, const char *column);

/* What the field's column is called, in whichever table it is. */
const char *member_column(const struct member *member);

/* "id", or what jointo= says; the joined table, or what joinas= says. */
const char *member_join_column(const struct member *member);
const char *member_join_name(const struct member *member);

#endif
