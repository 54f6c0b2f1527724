#include "ctl/record.h"

#include "ctl/json_text.h"
#include "ctl/yaml_read.h"

#include <stdlib.h>
#include <string.h>

int record_decode(const struct lbstate_response *response, json_type type, json_t **ret_value,
                  struct lbstate_error *error)
{
    json_error_t json_error;
    json_t *value = json_loadb(response->metadata, response->metadata_size,
                               JSON_DECODE_ANY | JSON_ALLOW_NUL, &json_error);

    if (value == NULL) {
        return ctl_fail(error, LBSTATE_PROTOCOL, "The answer isn't JSON: %s", json_error.text);
    }
    if (type == JSON_ARRAY && json_is_null(value)) {
        value = json_array();
        if (value == NULL) {
            return ctl_no_memory(error);
        }
    }
    if (json_typeof(value) != type) {
        json_decref(value);
        return ctl_fail(error, LBSTATE_PROTOCOL, "The answer isn't the %s that was expected",
                        type == JSON_ARRAY ? "list" : "record");
    }
    *ret_value = value;
    return LBSTATE_OK;
}

int record_list(struct ctl *ctl, const char *path, json_t **ret_records,
                struct lbstate_error *error)
{
    struct lbstate_request request = {.method = "GET", .path = path};
    struct lbstate_response response;
    json_t *records;
    int rv = lbstate_call(ctl->client, &request, &response, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_decode(&response, JSON_ARRAY, &records, error);
    lbstate_response_close(&response);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    for (size_t i = 0; i < json_array_size(records); i++) {
        if (!json_is_object(json_array_get(records, i))) {
            json_decref(records);
            return ctl_fail(error, LBSTATE_PROTOCOL, "The answer isn't a list of records");
        }
    }
    *ret_records = records;
    return LBSTATE_OK;
}

int record_get(struct ctl *ctl, const char *path, json_t **ret_record, char **ret_etag,
               struct lbstate_error *error)
{
    struct lbstate_request request = {.method = "GET", .path = path};
    struct lbstate_response response;
    int rv = lbstate_call(ctl->client, &request, &response, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_decode(&response, JSON_OBJECT, ret_record, error);
    if (rv == LBSTATE_OK) {
        *ret_etag = response.etag;
        response.etag = NULL;
    }
    lbstate_response_close(&response);
    return rv;
}

int record_show(struct ctl *ctl, record_path make_path, struct lbstate_error *error)
{
    json_t *record;
    char *path;
    char *etag;
    int rv = format_record_check(ctl->arguments, error);

    if (rv == LBSTATE_OK) {
        rv = make_path(ctl, &path, error);
    }
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_get(ctl, path, &record, &etag, error);
    free(path);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = format_record(ctl, record, error);
    json_decref(record);
    free(etag);
    return rv;
}

int record_info(struct ctl *ctl, record_path make_path, record_print print,
                struct lbstate_error *error)
{
    enum format format = ctl->arguments->format;
    json_t *record;
    char *path;
    char *etag;
    int rv = make_path(ctl, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_get(ctl, path, &record, &etag, error);
    free(path);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = format == FORMAT_JSON || format == FORMAT_YAML ? format_record(ctl, record, error)
                                                        : print(ctl, record, error);
    json_decref(record);
    free(etag);
    return rv;
}

char *record_text(const json_t *record)
{
    return json_text(record, JSON_COMPACT);
}

int record_send(struct ctl *ctl, const char *method, const char *path, const json_t *record,
                const char *if_match, struct lbstate_error *error)
{
    struct lbstate_request request = {.method = method, .path = path, .if_match = if_match};
    struct lbstate_response response;
    char *body = NULL;
    int rv;

    if (record != NULL) {
        body = record_text(record);
        if (body == NULL) {
            return ctl_no_memory(error);
        }
    }
    request.body = body;
    rv = lbstate_call(ctl->client, &request, &response, error);
    if (rv == LBSTATE_OK) {
        lbstate_response_close(&response);
    }
    free(body);
    return rv;
}

int record_create(struct ctl *ctl, const char *path, json_t *record, struct lbstate_error *error)
{
    int rv =
        record != NULL ? record_send(ctl, "POST", path, record, NULL, error) : ctl_no_memory(error);

    json_decref(record);
    return rv;
}

static int delete_one(struct ctl *ctl, record_path_of make_path, const char *kind, const char *name,
                      struct lbstate_error *error)
{
    char *path;
    int rv = make_path(ctl, name, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_send(ctl, "DELETE", path, NULL, NULL, error);
    free(path);
    return rv == LBSTATE_OK ? format_done(ctl, kind, name, " deleted", error) : rv;
}

/* What fails this way would fail for all that come after it, too. */
static bool is_hopeless(int code)
{
    return code == LBSTATE_UNREACHABLE || code == LBSTATE_TIMEOUT || code == LBSTATE_NO_MEMORY;
}

int record_delete_each(struct ctl *ctl, size_t first, record_path_of make_path, const char *kind,
                       struct lbstate_error *error)
{
    const struct arguments *arguments = ctl->arguments;
    int worst = LBSTATE_OK;
    int rv = LBSTATE_OK;

    for (size_t i = first; i < arguments->n_words; i++) {
        if (arguments->words[i][0] == '\0') {
            return ctl_fail(error, LBSTATE_INVALID, "A name is empty");
        }
    }
    if (arguments->n_words == first + 1) {
        return delete_one(ctl, make_path, kind, arguments->words[first], error);
    }
    for (size_t i = first; i < arguments->n_words; i++) {
        const char *name = arguments->words[i];

        rv = is_hopeless(rv) ? ctl_fail(error, (enum lbstate_code)rv, "Not tried")
                             : delete_one(ctl, make_path, kind, name, error);
        if (rv != LBSTATE_OK) {
            fflush(ctl->out);
            ctl_print_error(ctl, name, error);
            ctl->failure_told = true;
        }
        if (ctl_exit_of((enum lbstate_code)rv) > ctl_exit_of((enum lbstate_code)worst)) {
            worst = rv;
        }
    }
    return worst;
}

int record_rename(struct ctl *ctl, record_path make_path, const char *kind,
                  struct lbstate_error *error)
{
    struct buffer message = {0};
    json_t *body;
    char *path;
    int rv = make_path(ctl, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    body = json_pack("{s:s}", "name", ctl->arguments->words[1]);
    rv = record_create(ctl, path, body, error);
    free(path);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    buffer_printf(&message, "%s%s renamed to ", kind, ctl->arguments->words[0]);
    rv = buffer_string(&message) != NULL
             ? format_done(ctl, message.data, ctl->arguments->words[1], "", error)
             : ctl_no_memory(error);
    buffer_close(&message);
    return rv;
}

static const char *const writable_members[] = {"roles",  "failure_domain", "description", "config",
                                               "groups", "members",        "backends",    "ports"};
#define N_WRITABLE_MEMBERS (sizeof writable_members / sizeof writable_members[0])

json_t *record_writable(const json_t *record)
{
    json_t *writable = json_object();

    for (size_t i = 0; writable != NULL && i < N_WRITABLE_MEMBERS; i++) {
        json_t *value = json_object_get(record, writable_members[i]);

        if (value != NULL && json_object_set(writable, writable_members[i], value) != 0) {
            json_decref(writable);
            writable = NULL;
        }
    }
    return writable;
}

static int modify_once(struct ctl *ctl, const char *path, record_change change,
                       struct lbstate_error *error)
{
    json_t *record;
    json_t *writable;
    char *etag;
    int rv = record_get(ctl, path, &record, &etag, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = change(ctl, record, error);
    if (rv == LBSTATE_OK) {
        writable = record_writable(record);
        rv = writable != NULL ? record_send(ctl, "PUT", path, writable, etag, error)
                              : ctl_no_memory(error);
        json_decref(writable);
    }
    json_decref(record);
    free(etag);
    return rv;
}

int record_modify(struct ctl *ctl, record_path make_path, record_change change,
                  struct lbstate_error *error)
{
    char *path;
    int rv = make_path(ctl, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = modify_once(ctl, path, change, error);
    if (rv == LBSTATE_REFUSED && error->http_status == 412) {
        rv = modify_once(ctl, path, change, error);
    }
    free(path);
    if (rv == LBSTATE_REFUSED && error->http_status == 412) {
        return ctl_fail(error, LBSTATE_REFUSED,
                        "Others keep changing this record, nothing was changed here. Try again");
    }
    return rv;
}

/* Gives RECORD's property, of which NAME has SIZE bytes, a value. It must be a text that a PUT
 * carries: all others name the record or have verbs. */
static int set_property(json_t *record, const char *name, size_t size, const char *value,
                        struct lbstate_error *error)
{
    char names[128] = "";

    for (size_t i = 0; i < N_WRITABLE_MEMBERS; i++) {
        const char *member = writable_members[i];
        size_t used = strlen(names);

        if (!json_is_string(json_object_get(record, member))) {
            continue;
        }
        if (strlen(member) == size && memcmp(member, name, size) == 0) {
            return json_object_set_new(record, member, json_string(value)) == 0
                       ? LBSTATE_OK
                       : ctl_no_memory(error);
        }
        snprintf(names + used, sizeof names - used, "%s%s", used == 0 ? "" : ", ", member);
    }
    return ctl_fail(error, LBSTATE_INVALID, "The property \"%.*s\" can't be changed, only %s",
                    (int)size, name, names);
}

/* Properties that aren't config. */
static int set_properties(struct ctl *ctl, json_t *record, size_t first,
                          struct lbstate_error *error)
{
    const struct arguments *a = ctl->arguments;
    int rv = LBSTATE_OK;

    if (a->n_words == first + 2 && strchr(a->words[first], '=') == NULL) {
        return set_property(record, a->words[first], strlen(a->words[first]), a->words[first + 1],
                            error);
    }
    for (size_t i = first; i < a->n_words && rv == LBSTATE_OK; i++) {
        const char *equals = strchr(a->words[i], '=');

        rv = equals == NULL
                 ? ctl_fail(error, LBSTATE_INVALID, "\"%s\" isn't key=value", a->words[i])
                 : set_property(record, a->words[i], (size_t)(equals - a->words[i]), equals + 1,
                                error);
    }
    return rv;
}

int record_set(struct ctl *ctl, json_t *record, size_t first, struct lbstate_error *error)
{
    json_t *config = json_object_get(record, "config");

    if (ctl->arguments->values[OPTION_PROPERTY] != NULL) {
        return set_properties(ctl, record, first, error);
    }
    if (!json_is_object(config)) {
        config = json_object();
        if (json_object_set_new(record, "config", config) != 0) {
            return ctl_no_memory(error);
        }
    }
    return arguments_apply_pairs(ctl->arguments, first, true, config, error);
}

int record_unset(struct ctl *ctl, json_t *record, size_t first, struct lbstate_error *error)
{
    json_t *config = json_object_get(record, "config");
    int rv = LBSTATE_OK;

    for (size_t i = first; i < ctl->arguments->n_words && rv == LBSTATE_OK; i++) {
        const char *key = ctl->arguments->words[i];

        if (ctl->arguments->values[OPTION_PROPERTY] != NULL) {
            rv = set_property(record, key, strlen(key), "", error);
        } else {
            json_object_del(config, key); /* Fails if it isn't there, which is fine. */
        }
    }
    return rv;
}

static int show_key(struct ctl *ctl, const json_t *record, const char *key,
                    struct lbstate_error *error)
{
    bool is_property = ctl->arguments->values[OPTION_PROPERTY] != NULL;
    const json_t *value =
        json_object_get(is_property ? record : json_object_get(record, "config"), key);

    if (value == NULL && is_property) {
        return ctl_fail(error, LBSTATE_REFUSED, "The property \"%s\" does not exist", key);
    }
    if (value == NULL) {
        return LBSTATE_OK;
    }
    if (ctl->arguments->format == FORMAT_JSON) {
        return format_json(ctl->out, value, error);
    }
    return json_is_string(value) ? format_text(ctl, json_string_value(value), error)
                                 : format_yaml(ctl->out, value, error);
}

int record_show_key(struct ctl *ctl, record_path make_path, size_t key_word,
                    struct lbstate_error *error)
{
    json_t *record;
    char *path;
    char *etag;
    int rv = format_record_check(ctl->arguments, error);

    if (rv == LBSTATE_OK) {
        rv = make_path(ctl, &path, error);
    }
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_get(ctl, path, &record, &etag, error);
    free(path);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = show_key(ctl, record, ctl->arguments->words[key_word], error);
    json_decref(record);
    free(etag);
    return rv;
}

/* What standard input describes; an empty record on a terminal. */
static int read_new(struct ctl *ctl, const struct field *fields, json_t **ret_record,
                    struct lbstate_error *error)
{
    char *text = NULL;
    size_t size = 0;
    int rv = LBSTATE_OK;

    if (!ctl_is_terminal(ctl->in)) {
        rv = ctl_read_input(ctl, YAML_SIZE_MAX, &text, &size, error);
    }
    if (rv == LBSTATE_OK) {
        rv = fields_read(text != NULL ? text : "", size, fields, ret_record, error);
    }
    free(text);
    return rv;
}

int record_new(struct ctl *ctl, const struct field *fields, size_t first, json_t **ret_record,
               struct lbstate_error *error)
{
    const char *description = ctl->arguments->values[OPTION_DESCRIPTION];
    json_t *record;
    int rv = read_new(ctl, fields, &record, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    if (description != NULL &&
        json_object_set_new(record, "description", json_string(description)) != 0) {
        rv = ctl_no_memory(error);
    }
    if (rv == LBSTATE_OK) {
        rv = arguments_apply_pairs(ctl->arguments, first, false, json_object_get(record, "config"),
                                   error);
    }
    if (rv != LBSTATE_OK) {
        json_decref(record);
        return rv;
    }
    *ret_record = record;
    return LBSTATE_OK;
}
