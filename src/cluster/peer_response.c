#include "cluster/peer_response.h"

#include <assert.h>
#include <string.h>

/* What chunks cost beyond what is in them; a peer that wraps little in much is cut short. */
#define RAW_SIZE_MAX ((size_t)PEER_RESPONSE_SIZE_MAX + PEER_RESPONSE_SIZE_MAX / 4)

/* Callbacks of llhttp: -1 ends it, with response->error. */

static int check_fields(struct peer_response *response)
{
    if (response->n_fields > PEER_HEADER_COUNT_MAX) {
        error_set(&response->error, ERROR_TOO_LARGE, "The answer has too many header fields");
        return -1;
    }
    return buffer_failed(&response->fields) ? (error_no_memory(&response->error), -1) : 0;
}

static int on_text(llhttp_t *llhttp, const char *data, size_t size)
{
    struct peer_response *response = llhttp->data;

    /* What comes after the body, as a trailer, is of no interest. */
    if (!response->in_body) {
        buffer_append(&response->fields, data, size);
    }
    return check_fields(response);
}

static int on_field_complete(llhttp_t *llhttp)
{
    struct peer_response *response = llhttp->data;

    if (!response->in_body) {
        buffer_append_char(&response->fields, '\0');
        response->n_fields++;
    }
    return check_fields(response);
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t';
}

static int on_value_complete(llhttp_t *llhttp)
{
    struct peer_response *response = llhttp->data;
    struct buffer *fields = &response->fields;

    if (!response->in_body) {
        while (fields->size > 0 && is_blank(fields->data[fields->size - 1])) {
            fields->size--;
        }
        buffer_append_char(fields, '\0');
    }
    return check_fields(response);
}

/* Hands the header over. A NUL in a name or value, which llhttp refuses, could but cut it. */
static int take_fields(struct peer_response *response)
{
    struct peer_request *request = response->request;
    char *text = arena_memdup(&request->arena, response->fields.data, response->fields.size);
    struct peer_header *headers =
        arena_calloc(&request->arena, response->n_fields, sizeof *headers);

    if (text == NULL || headers == NULL) {
        return error_no_memory(&response->error);
    }
    for (size_t i = 0; i < response->n_fields; i++) {
        headers[i].name = text;
        text += strlen(text) + 1;
        headers[i].value = text;
        text += strlen(text) + 1;
    }
    request->response_headers = headers;
    request->n_response_headers = response->n_fields;
    return ERROR_NONE;
}

static int on_headers_complete(llhttp_t *llhttp)
{
    struct peer_response *response = llhttp->data;
    struct peer_request *request = response->request;
    bool bodiless = strcmp(request->method, "HEAD") == 0;

    if (llhttp->http_major != 1) {
        error_set(&response->error, ERROR_PROTOCOL, "The answer isn't of HTTP/1");
        return -1;
    }
    if (llhttp->status_code < 200 || llhttp->status_code > 599) {
        error_set(&response->error, ERROR_PROTOCOL, "The answer has the status %u",
                  (unsigned)llhttp->status_code);
        return -1;
    }
    if (!bodiless && llhttp_message_needs_eof(llhttp)) {
        error_set(&response->error, ERROR_PROTOCOL, "The answer doesn't say how long it is");
        return -1;
    }
    if (!bodiless && llhttp->content_length > PEER_RESPONSE_SIZE_MAX) {
        error_set(&response->error, ERROR_TOO_LARGE, "The answer is over %d bytes",
                  PEER_RESPONSE_SIZE_MAX);
        return -1;
    }
    if (take_fields(response) != ERROR_NONE) {
        return -1;
    }
    request->status = llhttp->status_code;
    response->keep_alive = llhttp_should_keep_alive(llhttp) != 0;
    response->in_body = true;
    return bodiless ? 1 : 0;
}

static int on_body(llhttp_t *llhttp, const char *data, size_t size)
{
    struct peer_response *response = llhttp->data;

    if (size > PEER_RESPONSE_SIZE_MAX - response->body.size) {
        error_set(&response->error, ERROR_TOO_LARGE, "The answer is over %d bytes",
                  PEER_RESPONSE_SIZE_MAX);
        return -1;
    }
    buffer_append(&response->body, data, size);
    if (buffer_failed(&response->body)) {
        error_no_memory(&response->error);
        return -1;
    }
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    struct peer_response *response = llhttp->data;
    struct peer_request *request = response->request;

    request->response_size = response->body.size;
    request->response_body =
        arena_memdup(&request->arena, response->body.data, response->body.size);
    if (request->response_body == NULL) {
        error_no_memory(&response->error);
        return -1;
    }
    response->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_header_field = on_text,
    .on_header_field_complete = on_field_complete,
    .on_header_value = on_text,
    .on_header_value_complete = on_value_complete,
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void peer_response_begin(struct peer_response *response, struct peer_request *request)
{
    peer_response_close(response);
    response->request = request;
    llhttp_init(&response->llhttp, HTTP_RESPONSE, &settings);
    response->llhttp.data = response;
}

void peer_response_close(struct peer_response *response)
{
    buffer_close(&response->fields);
    buffer_close(&response->body);
    memset(response, 0, sizeof *response);
}

int peer_response_feed(struct peer_response *response, const char *data, size_t size,
                       size_t *ret_used, struct error *error)
{
    llhttp_errno_t code;

    assert(!response->complete && response->error.code == ERROR_NONE);
    response->begun = true;
    code = llhttp_execute(&response->llhttp, data, size);
    *ret_used = size;
    if (code == HPE_PAUSED && response->complete) {
        *ret_used = (size_t)(llhttp_get_error_pos(&response->llhttp) - data);
        return ERROR_NONE;
    }
    response->size += size;
    response->head_size += response->in_body ? 0 : size;
    if (code != HPE_OK && response->error.code == ERROR_NONE) {
        error_set(&response->error, ERROR_PROTOCOL, "The answer is malformed: %s",
                  llhttp_get_error_reason(&response->llhttp));
    } else if (response->head_size > PEER_HEADER_SIZE_MAX) {
        error_set(&response->error, ERROR_TOO_LARGE, "The header of the answer is over %d bytes",
                  PEER_HEADER_SIZE_MAX);
    } else if (response->size > RAW_SIZE_MAX) {
        error_set(&response->error, ERROR_TOO_LARGE, "The answer is over %zu bytes", RAW_SIZE_MAX);
    }
    if (response->error.code != ERROR_NONE) {
        *error = response->error;
    }
    return (int)response->error.code;
}
