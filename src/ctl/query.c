/* lbctl query: one request as the user words it. */
#include "ctl/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_method(const char *method)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};

    for (size_t i = 0; i < sizeof methods / sizeof methods[0]; i++) {
        if (strcmp(method, methods[i]) == 0) {
            return true;
        }
    }
    return false;
}

static int check(const struct arguments *arguments, const char *method, struct lbstate_error *error)
{
    if (!is_method(method)) {
        return ctl_fail(error, LBSTATE_INVALID,
                        "--request must be GET, POST, PUT, PATCH or DELETE, not \"%s\"", method);
    }
    if (arguments->words[0][0] != '/') {
        return ctl_fail(error, LBSTATE_INVALID, "The path must start with /");
    }
    if (arguments->values[OPTION_PROJECT] != NULL) {
        return ctl_fail(error, LBSTATE_INVALID,
                        "Write the project into the path: ?project=NAME, not --project");
    }
    if (arguments->values[OPTION_DATA] != NULL && arguments->values[OPTION_DATA_FILE] != NULL) {
        return ctl_fail(error, LBSTATE_INVALID, "Give either --data or --data-file");
    }
    return LBSTATE_OK;
}

/* RET_DATA is for free(); NULL if there is none. */
static int read_data(struct ctl *ctl, char **ret_data, struct lbstate_error *error)
{
    const char *data = ctl->arguments->values[OPTION_DATA];
    const char *path = ctl->arguments->values[OPTION_DATA_FILE];
    struct ctl file = {.in = ctl->in};
    size_t size;
    int rv;

    if (path == NULL) {
        *ret_data = data != NULL ? strdup(data) : NULL;
        return data != NULL && *ret_data == NULL ? ctl_no_memory(error) : LBSTATE_OK;
    }
    if (strcmp(path, "-") != 0) {
        file.in = fopen(path, "re");
        if (file.in == NULL) {
            return ctl_fail(error, LBSTATE_INVALID, "Can't read %s: %s", path, strerror(errno));
        }
    }
    rv = ctl_read_input(&file, LBSTATE_BODY_SIZE_MAX, ret_data, &size, error);
    if (file.in != ctl->in) {
        fclose(file.in);
    }
    return rv;
}

static int check_data(const char *data, struct lbstate_error *error)
{
    json_error_t json_error;
    json_t *value = json_loads(data, JSON_DECODE_ANY, &json_error);

    if (value == NULL) {
        return ctl_fail(error, LBSTATE_INVALID, "The data isn't JSON: line %d: %s", json_error.line,
                        json_error.text);
    }
    json_decref(value);
    return LBSTATE_OK;
}

/* Nothing is printed for an answer that says no more than that it was done. */
static int print_answer(struct ctl *ctl, const struct lbstate_response *response,
                        struct lbstate_error *error)
{
    json_error_t json_error;
    json_t *value = json_loadb(response->metadata, response->metadata_size,
                               JSON_DECODE_ANY | JSON_ALLOW_NUL, &json_error);
    int rv = LBSTATE_OK;

    if (value == NULL) {
        return ctl_fail(error, LBSTATE_PROTOCOL, "The answer isn't JSON: %s", json_error.text);
    }
    if (ctl->arguments->format == FORMAT_JSON) {
        rv = format_json(ctl->out, value, error);
    } else if (ctl->arguments->format == FORMAT_YAML) {
        rv = format_yaml(ctl->out, value, error);
    } else if (!json_is_null(value) && !(json_is_object(value) && json_object_size(value) == 0)) {
        rv = format_json_lines(ctl->out, value, error);
    }
    json_decref(value);
    return rv;
}

int query_send(struct ctl *ctl, struct lbstate_error *error)
{
    const char *method = ctl->arguments->values[OPTION_REQUEST];
    struct lbstate_request request = {.method = method != NULL ? method : "GET",
                                      .path = ctl->arguments->words[0]};
    struct lbstate_response response;
    char *data = NULL;
    int rv = check(ctl->arguments, request.method, error);

    if (rv == LBSTATE_OK) {
        rv = format_record_check(ctl->arguments, error);
    }
    if (rv == LBSTATE_OK) {
        rv = read_data(ctl, &data, error);
    }
    if (rv == LBSTATE_OK && data != NULL) {
        rv = check_data(data, error);
    }
    request.body = data;
    request.raw = ctl->arguments->values[OPTION_RAW] != NULL;
    if (rv == LBSTATE_OK) {
        rv = lbstate_call(ctl->client, &request, &response, error);
    }
    free(data);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = print_answer(ctl, &response, error);
    lbstate_response_close(&response);
    return rv;
}
