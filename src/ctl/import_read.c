/* What the files of an import hold. Everything is checked here that can be
 * checked without the daemon's rules: the shapes, names and kinds. */
#include "base/buffer.h"
#include "ctl/format.h"
#include "ctl/import.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Which file is being read; passed down for messages. */
struct reader {
    struct import_data *data;
    const char *file;
    struct lbstate_error *error;
};

static int wrong(struct reader *reader, const char *path, const char *what)
{
    return ctl_fail(reader->error, LBSTATE_REFUSED, "%s: %s: %s. Nothing was sent", reader->file,
                    path, what);
}

static int read_text(struct reader *reader, FILE *in, struct buffer *text)
{
    const size_t max =
        reader->data->file_size_max != 0 ? reader->data->file_size_max : IMPORT_FILE_SIZE_MAX;

    for (;;) {
        char *room = buffer_reserve(text, 64 * 1024);
        size_t n;

        if (room == NULL) {
            return ctl_no_memory(reader->error);
        }
        n = fread(room, 1, 64 * 1024, in);
        text->size += n;
        if (text->size > max) {
            return ctl_fail(reader->error, LBSTATE_TOO_LARGE,
                            "%s is larger than %zu bytes. Nothing was sent; import it in parts",
                            reader->file, max);
        }
        if (n == 0) {
            break;
        }
    }
    if (ferror(in)) {
        return ctl_fail(reader->error, LBSTATE_REFUSED, "%s: %s", reader->file, strerror(errno));
    }
    return LBSTATE_OK;
}

int import_read_text(struct import_data *data, const char *file, FILE *in, struct buffer *text,
                     struct lbstate_error *error)
{
    bool from_stdin = strcmp(file, "-") == 0;
    struct reader reader = {data, import_file_name(file), error};
    FILE *stream = from_stdin ? in : fopen(file, "re");
    int rv;

    if (stream == NULL) {
        return ctl_fail(error, LBSTATE_REFUSED, "%s: %s. Nothing was sent", file, strerror(errno));
    }
    rv = read_text(&reader, stream, text);
    if (!from_stdin) {
        fclose(stream);
    }
    return rv;
}

const char *import_file_name(const char *file)
{
    return strcmp(file, "-") == 0 ? "standard input" : file;
}

static int parse_document(struct reader *reader, const struct buffer *text, json_t **ret_document)
{
    json_error_t json_error;
    json_t *document = json_loadb(text->size > 0 ? text->data : "", text->size,
                                  JSON_ALLOW_NUL | JSON_REJECT_DUPLICATES, &json_error);

    if (document == NULL) {
        return ctl_fail(reader->error, LBSTATE_REFUSED,
                        "%s is malformed at line %d, column %d: %s. Nothing was sent", reader->file,
                        json_error.line, json_error.column, json_error.text);
    }
    *ret_document = document;
    return LBSTATE_OK;
}

static int add(struct reader *reader, const struct import_record *record, const char *path)
{
    struct import_data *data = reader->data;
    struct import_record *added;

    if (data->n_records >= (data->records_max != 0 ? data->records_max : IMPORT_RECORDS_MAX)) {
        return ctl_fail(reader->error, LBSTATE_TOO_LARGE,
                        "More than %zu records. Nothing was sent; import them in parts",
                        data->n_records);
    }
    if (data->n_records == data->capacity) {
        size_t capacity = data->capacity == 0 ? 256 : 2 * data->capacity;
        struct import_record *records = reallocarray(data->records, capacity, sizeof *records);

        if (records == NULL) {
            return ctl_no_memory(reader->error);
        }
        data->records = records;
        data->capacity = capacity;
    }
    added = &data->records[data->n_records];
    *added = *record;
    added->place = arena_printf(&data->arena, "%s: %s", reader->file, path);
    if (added->place == NULL) {
        return ctl_no_memory(reader->error);
    }
    data->n_records++;
    return LBSTATE_OK;
}

/* The text of a member that must be there and not be empty. */
static const char *name_of(const json_t *object, const char *member)
{
    const json_t *value = json_object_get(object, member);
    const char *name = json_string_value(value);

    return name == NULL || name[0] == '\0' || strlen(name) != json_string_length(value) ? NULL
                                                                                        : name;
}

static int add_project(struct reader *reader, const json_t *object, const char *path)
{
    struct import_record record = {.kind = IMPORT_PROJECT, .record = object};

    record.name = name_of(object, "name");
    if (record.name == NULL) {
        return wrong(reader, path, "a project must have a name");
    }
    return add(reader, &record, path);
}

static int add_network(struct reader *reader, const json_t *object, const char *path)
{
    struct import_record record = {.record = object};

    if (json_is_false(json_object_get(object, "managed"))) {
        reader->data->n_skipped++;
        return LBSTATE_OK;
    }
    record.name = name_of(object, "name");
    record.project = name_of(object, "project");
    if (record.name == NULL) {
        return wrong(reader, path, "a network must have a name");
    }
    record.kind = strcmp(member_text(object, "type"), "ovn") == 0 ? IMPORT_NETWORK : IMPORT_UPLINK;
    return add(reader, &record, path);
}

/* Adds one element of an array. */
typedef int (*add_element)(struct reader *reader, const json_t *object, const char *path);

/* For arrays that don't say what they hold: networks have a type. */
static int add_project_or_network(struct reader *reader, const json_t *object, const char *path)
{
    return json_object_get(object, "type") != NULL ? add_network(reader, object, path)
                                                   : add_project(reader, object, path);
}

static int add_elements(struct reader *reader, const json_t *array, const char *path,
                        add_element add_one)
{
    int rv = LBSTATE_OK;

    for (size_t i = 0; rv == LBSTATE_OK && i < json_array_size(array); i++) {
        const json_t *element = json_array_get(array, i);
        char element_path[64];

        snprintf(element_path, sizeof element_path, "%s[%zu]", path, i);
        if (!json_is_object(element)) {
            rv = wrong(reader, element_path, "expected an object");
        } else if (json_object_get(element, "listen_address") != NULL) {
            rv = wrong(reader, element_path,
                       "load balancers and forwards must stand in an object under their "
                       "PROJECT/NETWORK");
        } else {
            rv = add_one(reader, element, element_path);
        }
    }
    return rv;
}

/* Load balancers, or forwards. KEY is PROJECT/NETWORK. A project's name may not hold a
 * slash, nor a network's. */
static int add_listeners(struct reader *reader, enum import_kind kind, const char *key,
                         const json_t *array, const char *path)
{
    struct arena *arena = &reader->data->arena;
    struct import_record record = {.kind = kind};
    const char *slash = strchr(key, '/');
    int rv = LBSTATE_OK;

    if (slash == NULL || slash == key || slash[1] == '\0' || strchr(slash + 1, '/') != NULL) {
        return wrong(reader, path, "expected a key of the form PROJECT/NETWORK");
    }
    if (!json_is_array(array) && !json_is_null(array)) {
        return wrong(reader, path,
                     kind == IMPORT_FORWARD ? "expected an array of forwards"
                                            : "expected an array of load balancers");
    }
    record.project = arena_memdup(arena, key, (size_t)(slash - key));
    record.network = arena_strdup(arena, slash + 1);
    if (record.project == NULL || record.network == NULL) {
        return ctl_no_memory(reader->error);
    }
    for (size_t i = 0; rv == LBSTATE_OK && i < json_array_size(array); i++) {
        const char *element_path = arena_printf(arena, "%s[%zu]", path, i);

        if (element_path == NULL) {
            return ctl_no_memory(reader->error);
        }
        record.record = json_array_get(array, i);
        record.name = name_of(record.record, "listen_address");
        if (record.name == NULL) {
            rv = wrong(reader, element_path,
                       kind == IMPORT_FORWARD ? "a forward must have a listen_address"
                                              : "a load balancer must have a listen_address");
        } else {
            rv = add(reader, &record, element_path);
        }
    }
    return rv;
}

static int add_listener_map(struct reader *reader, enum import_kind kind, const json_t *object,
                            const char *path)
{
    const char *key;
    json_t *value;
    int rv = LBSTATE_OK;

    json_object_foreach((json_t *)object, key, value)
    {
        const char *key_path = arena_printf(&reader->data->arena, "%s[\"%s\"]", path, key);

        if (key_path == NULL) {
            return ctl_no_memory(reader->error);
        }
        rv = add_listeners(reader, kind, key, value, key_path);
        if (rv != LBSTATE_OK) {
            break;
        }
    }
    return rv;
}

static bool is_combined(const json_t *object)
{
    return json_object_get(object, "projects") != NULL ||
           json_object_get(object, "networks") != NULL ||
           json_object_get(object, "load_balancers") != NULL ||
           json_object_get(object, "forwards") != NULL;
}

/* A member of a document that names what its members hold. */
static int add_member(struct reader *reader, const char *key, const json_t *value)
{
    static const struct {
        const char *key;
        const char *path;
        add_element add_one; /* Of an array; NULL: it is a map of listeners. */
        enum import_kind kind;
    } members[] = {
        {"projects", "$.projects", add_project, IMPORT_PROJECT},
        {"networks", "$.networks", add_network, IMPORT_NETWORK},
        {"load_balancers", "$.load_balancers", NULL, IMPORT_LOAD_BALANCER},
        {"forwards", "$.forwards", NULL, IMPORT_FORWARD},
    };

    for (size_t i = 0; i < sizeof members / sizeof members[0]; i++) {
        const char *path = members[i].path;

        if (strcmp(key, members[i].key) != 0) {
            continue;
        }
        if (json_is_null(value)) {
            return LBSTATE_OK;
        }
        if (members[i].add_one == NULL) {
            return json_is_object(value) ? add_listener_map(reader, members[i].kind, value, path)
                                         : wrong(reader, path, "expected an object");
        }
        return json_is_array(value) ? add_elements(reader, value, path, members[i].add_one)
                                    : wrong(reader, path, "expected an array");
    }
    return wrong(reader, "$",
                 "next to projects, networks, load_balancers and forwards nothing else may stand");
}

static int add_combined(struct reader *reader, const json_t *object)
{
    const char *key;
    json_t *value;
    int rv = LBSTATE_OK;

    json_object_foreach((json_t *)object, key, value)
    {
        rv = add_member(reader, key, value);
        if (rv != LBSTATE_OK) {
            break;
        }
    }
    return rv;
}

int import_add(struct import_data *data, const char *file, const struct import_record *record,
               const char *path, struct lbstate_error *error)
{
    struct reader reader = {data, import_file_name(file), error};

    return add(&reader, record, path);
}

int import_keep(struct import_data *data, json_t *document, struct lbstate_error *error)
{
    if (data->documents == NULL) {
        data->documents = json_array();
    }
    return json_array_append_new(data->documents, document) == 0 ? LBSTATE_OK
                                                                 : ctl_no_memory(error);
}

int import_read(struct import_data *data, const char *file, FILE *in, struct lbstate_error *error)
{
    struct reader reader = {data, import_file_name(file), error};
    struct buffer text = {0};
    json_t *document = NULL;
    int rv = import_read_text(data, file, in, &text, error);

    if (rv == LBSTATE_OK) {
        rv = parse_document(&reader, &text, &document);
    }
    buffer_close(&text);
    if (rv == LBSTATE_OK) {
        rv = import_keep(data, document, error);
    }
    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (json_is_array(document)) {
        return add_elements(&reader, document, "$", add_project_or_network);
    }
    return is_combined(document) ? add_combined(&reader, document)
                                 : add_listener_map(&reader, IMPORT_LOAD_BALANCER, document, "$");
}

void import_data_close(struct import_data *data)
{
    arena_close(&data->arena);
    json_decref(data->documents);
    json_decref(data->inexact);
    free(data->records);
    memset(data, 0, sizeof *data);
}
