#include "api/response.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define HEADERS_MAX 4

void response_begin(struct response *response)
{
    static const char envelope[] = "{\"type\":\"sync\",\"status\":\"Success\",\"status_code\":200,"
                                   "\"operation\":\"\",\"error_code\":0,\"error\":\"\","
                                   "\"metadata\":";

    buffer_init(&response->body);
    buffer_append(&response->body, envelope, sizeof envelope - 1);
    json_writer_init(&response->json, &response->body, false);
}

/* Ends the envelope and hands the body over. */
static void send_body(struct buffer *body, struct api_call *call, unsigned status,
                      const struct http_header *headers, size_t n_headers)
{
    buffer_append(body, "}\n", 2);
    if (buffer_failed(body)) {
        struct error error;

        buffer_close(body);
        error_no_memory(&error);
        response_error(call, &error);
        return;
    }
    http_respond_take(call->http, status, headers, n_headers, body);
}

static void add_revision(struct http_header *headers, size_t *n_headers, int64_t revision,
                         char text[24])
{
    if (revision > 0) {
        snprintf(text, 24, "%" PRId64, revision);
        headers[(*n_headers)++] = (struct http_header){"Lbstate-Revision", text};
    }
}

void response_send(struct response *response, struct api_call *call, const char *etag,
                   int64_t revision)
{
    struct http_header headers[HEADERS_MAX] = {{"Content-Type", "application/json"}};
    size_t n_headers = 1;
    char revision_text[24];
    char quoted[80];

    if (etag != NULL) {
        snprintf(quoted, sizeof quoted, "\"%s\"", etag);
        headers[n_headers++] = (struct http_header){"Etag", quoted};
    }
    add_revision(headers, &n_headers, revision, revision_text);
    send_body(&response->body, call, 200, headers, n_headers);
}

void response_discard(struct response *response)
{
    buffer_close(&response->body);
}

void response_empty(struct api_call *call, int64_t revision)
{
    struct response response;

    response_begin(&response);
    json_write_object_begin(&response.json);
    json_write_object_end(&response.json);
    response_send(&response, call, NULL, revision);
}

void response_created(struct api_call *call, struct buffer *url, int64_t revision)
{
    const char *location = buffer_string(url);
    struct http_header headers[HEADERS_MAX] = {
        {"Content-Type", "application/json"},
        {"Location", location},
    };
    struct response response;
    char revision_text[24];
    size_t n_headers = 2;

    if (location == NULL) {
        struct error error;

        error_no_memory(&error);
        response_error(call, &error);
    } else {
        response_begin(&response);
        json_write_null(&response.json);
        add_revision(headers, &n_headers, revision, revision_text);
        send_body(&response.body, call, 201, headers, n_headers);
    }
    buffer_close(url);
}

void response_operation_begin(struct response *response, const char *id)
{
    buffer_init(&response->body);
    buffer_printf(&response->body,
                  "{\"type\":\"async\",\"status\":\"Operation created\",\"status_code\":100,"
                  "\"operation\":\"/1.0/operations/%s\",\"error_code\":0,\"error\":\"\","
                  "\"metadata\":",
                  id);
    json_writer_init(&response->json, &response->body, false);
}

void response_operation_send(struct response *response, struct api_call *call, const char *id,
                             int64_t revision)
{
    char location[sizeof "/1.0/operations/" + OPERATION_ID_SIZE];
    struct http_header headers[HEADERS_MAX] = {
        {"Content-Type", "application/json"},
        {"Location", location},
    };
    char revision_text[24];
    size_t n_headers = 2;

    snprintf(location, sizeof location, "/1.0/operations/%s", id);
    add_revision(headers, &n_headers, revision, revision_text);
    send_body(&response->body, call, 202, headers, n_headers);
}

void response_operation(struct api_call *call, const struct operation *operation, int64_t revision)
{
    struct response response;

    response_operation_begin(&response, operation->id);
    operation_to_json(&response.json, operation, api_location(call->api));
    response_operation_send(&response, call, operation->id, revision);
}

void api_error_body(unsigned status, const char *message, struct buffer *body)
{
    struct json_writer w;

    json_writer_init(&w, body, false);
    json_write_object_begin(&w);
    json_write_key(&w, "type");
    json_write_string(&w, "error");
    json_write_key(&w, "status");
    json_write_string(&w, "");
    json_write_key(&w, "status_code");
    json_write_integer(&w, 0);
    json_write_key(&w, "operation");
    json_write_string(&w, "");
    json_write_key(&w, "error_code");
    json_write_integer(&w, (int64_t)status);
    json_write_key(&w, "error");
    json_write_string(&w, message);
    json_write_key(&w, "metadata");
    json_write_null(&w);
    json_write_object_end(&w);
    buffer_append_char(body, '\n');
}

/* Adds the envelope of an error to what HEADERS has room for two more of. */
static void send_error(struct api_call *call, unsigned status, const char *message,
                       struct http_header *headers, size_t n_headers)
{
    struct buffer body = {0};

    headers[n_headers++] = (struct http_header){"Content-Type", "application/json"};
    headers[n_headers++] = (struct http_header){"X-Content-Type-Options", "nosniff"};
    api_error_body(status, message, &body);
    if (buffer_failed(&body)) {
        static const char text[] = "{\"type\":\"error\",\"error_code\":500,"
                                   "\"error\":\"Out of memory\",\"metadata\":null}\n";

        buffer_close(&body);
        http_respond(call->http, 500, headers, n_headers, text, sizeof text - 1);
        return;
    }
    http_respond_take(call->http, status, headers, n_headers, &body);
}

void response_error(struct api_call *call, const struct error *error)
{
    struct http_header headers[HEADERS_MAX];
    unsigned status = error_http_status(error->code);
    size_t n_headers = 0;

    if (status == 503) {
        headers[n_headers++] = (struct http_header){"Retry-After", "1"};
    }
    if (error->code == ERROR_UNKNOWN_OUTCOME) {
        headers[n_headers++] = (struct http_header){"Lbstate-Outcome", "unknown"};
    }
    send_error(call, status, error->message, headers, n_headers);
}

void response_not_leader(struct api_call *call, bool unknown)
{
    struct http_header headers[HEADERS_MAX] = {{"Lbstate-Not-Leader", "1"}};
    size_t n_headers = 1;

    if (unknown) {
        headers[n_headers++] = (struct http_header){"Lbstate-Outcome", "unknown"};
    }
    send_error(call, 421, "This member doesn't lead", headers, n_headers);
}
