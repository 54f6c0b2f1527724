#include "ctl/record.h"

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

int record_list_show(struct ctl *ctl, const char *path, const char *const *headers,
                     size_t n_columns, bool (*add_row)(struct table *table, const json_t *record),
                     struct lbstate_error *error)
{
    struct buffer whole = {0};
    json_t *records = NULL;
    int rv;

    buffer_printf(&whole, "%s?recursion=1", path);
    rv = buffer_string(&whole) != NULL ? record_list(ctl, whole.data, &records, error)
                                       : ctl_no_memory(error);
    buffer_close(&whole);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = format_list(ctl, records, headers, n_columns, add_row, error);
    json_decref(records);
    return rv;
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

char *record_text(const json_t *record)
{
    return json_dumps(record, JSON_COMPACT);
}

static int send_record(struct ctl *ctl, const char *method, const char *path, const json_t *record,
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
        record != NULL ? send_record(ctl, "POST", path, record, NULL, error) : ctl_no_memory(error);

    json_decref(record);
    return rv;
}

int record_delete(struct ctl *ctl, record_path make_path, struct lbstate_error *error)
{
    char *path;
    int rv = make_path(ctl, &path, error);

    if (rv == LBSTATE_OK) {
        rv = send_record(ctl, "DELETE", path, NULL, NULL, error);
        free(path);
    }
    return rv;
}

json_t *record_writable(const json_t *record)
{
    static const char *const members[] = {"description", "config", "backends", "ports"};
    json_t *writable = json_object();

    for (size_t i = 0; writable != NULL && i < sizeof members / sizeof members[0]; i++) {
        json_t *value = json_object_get(record, members[i]);

        if (value != NULL && json_object_set(writable, members[i], value) != 0) {
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
        rv = writable != NULL ? send_record(ctl, "PUT", path, writable, etag, error)
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

/* Properties that aren't config: all others name the record or have verbs. */
static int set_properties(struct ctl *ctl, json_t *record, size_t first,
                          struct lbstate_error *error)
{
    static const char description[] = "description=";

    for (size_t i = first; i < ctl->arguments->n_words; i++) {
        const char *word = ctl->arguments->words[i];

        if (strncmp(word, description, strlen(description)) != 0) {
            return ctl_fail(error, LBSTATE_INVALID,
                            "\"%s\" isn't description=TEXT, the one property that can be set",
                            word);
        }
        if (json_object_set_new(record, "description", json_string(word + strlen(description))) !=
            0) {
            return ctl_no_memory(error);
        }
    }
    return LBSTATE_OK;
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
    return arguments_apply_pairs(ctl->arguments, first, config, error);
}

int record_new(struct ctl *ctl, size_t first, json_t **ret_record, struct lbstate_error *error)
{
    const char *description = ctl->arguments->values[OPTION_DESCRIPTION];
    json_t *record =
        json_pack("{s:s, s:{}}", "description", description != NULL ? description : "", "config");
    int rv;

    if (record == NULL) {
        return ctl_no_memory(error);
    }
    rv = arguments_apply_pairs(ctl->arguments, first, json_object_get(record, "config"), error);
    if (rv != LBSTATE_OK) {
        json_decref(record);
        return rv;
    }
    *ret_record = record;
    return LBSTATE_OK;
}
