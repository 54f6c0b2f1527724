#include "api/http_parse.h"

#include <assert.h>
#include <string.h>
#include <strings.h>

/* What an idle connection may keep of the head before. */
#define TEXT_KEPT 4096

static enum http_parse_result fail(struct http_parser *parser, unsigned status, const char *message)
{
    parser->status = status;
    parser->message = message;
    return HTTP_PARSE_FAILED;
}

/* Callbacks of llhttp. Field by field callbacks aren't used: the lines are known
 * to be sound when llhttp sees them. */

static int on_headers_complete(llhttp_t *llhttp)
{
    struct http_parser *parser = llhttp->data;

    parser->in_body = true;
    /* Asked now: later a trailer could have its say. */
    parser->keep_alive = llhttp_should_keep_alive(llhttp) != 0;
    /* The handler decides about an upgrade; until it did, the connection speaks
     * HTTP, and llhttp must not stop for another protocol. */
    llhttp->upgrade = 0;
    return 0;
}

static int on_body(llhttp_t *llhttp, const char *data, size_t size)
{
    struct http_parser *parser = llhttp->data;

    if (size > parser->limits->body_size - parser->body.size) {
        fail(parser, 413, "Request body too large");
        return -1;
    }
    buffer_append(&parser->body, data, size);
    if (buffer_failed(&parser->body)) {
        fail(parser, 503, "Out of memory");
        return -1;
    }
    return 0;
}

static int on_message_complete(llhttp_t *llhttp)
{
    struct http_parser *parser = llhttp->data;

    parser->complete = true;
    return HPE_PAUSED;
}

static const llhttp_settings_t settings = {
    .on_headers_complete = on_headers_complete,
    .on_body = on_body,
    .on_message_complete = on_message_complete,
};

void http_parser_init(struct http_parser *parser, const struct http_limits *limits)
{
    *parser = (struct http_parser){.limits = limits};
    http_parser_reset(parser);
}

void http_parser_close(struct http_parser *parser)
{
    buffer_close(&parser->text);
    buffer_close(&parser->body);
}

void http_parser_reset(struct http_parser *parser)
{
    http_head_init(&parser->head);
    if (parser->text.capacity > TEXT_KEPT) {
        buffer_close(&parser->text);
    }
    buffer_reset(&parser->text);
    buffer_close(&parser->body);
    parser->in_body = false;
    parser->complete = false;
    parser->size = 0;
    parser->keep_alive = false;
    parser->expects_continue = false;
    parser->status = 0;
    parser->message = NULL;
    llhttp_init(&parser->llhttp, HTTP_REQUEST, &settings);
    parser->llhttp.data = parser;
}

/* Feeds llhttp and returns how many bytes it took, up to the end of the message. */
static size_t run_llhttp(struct http_parser *parser, const char *data, size_t size)
{
    llhttp_errno_t code = llhttp_execute(&parser->llhttp, data, size);

    if (code == HPE_OK) {
        return size;
    }
    if (code == HPE_PAUSED && parser->complete) {
        return (size_t)(llhttp_get_error_pos(&parser->llhttp) - data);
    }
    if (parser->status == 0) {
        fail(parser, 400, parser->in_body ? "Malformed request body" : "Malformed header field");
    }
    return 0;
}

static char *trim(char *start, char *end)
{
    while (start < end && (*start == ' ' || *start == '\t')) {
        start++;
    }
    while (end > start && (end[-1] == ' ' || end[-1] == '\t')) {
        end--;
    }
    *end = '\0';
    return start;
}

/* Splits one line that ends at END into HEADER; false if it isn't a field. */
static bool split_field(char *line, char *end, struct http_header *header)
{
    char *p = line;

    while (p < end && http_head_is_token(*p)) {
        p++;
    }
    if (p == line || p == end || *p != ':') {
        return false;
    }
    *p = '\0';
    header->name = line;
    header->value = trim(p + 1, end);
    return true;
}

/* FIELDS are lines that end in CRLF, as http_head.c made sure. */
static bool split_fields(char *fields, struct http_header *headers, size_t n_headers)
{
    for (size_t i = 0; i < n_headers; i++) {
        char *end = strchr(fields, '\r');

        assert(end != NULL);
        if (!split_field(fields, end, &headers[i])) {
            return false;
        }
        fields = end + strlen("\r\n");
    }
    return true;
}

/* "/path?query", or "*" for OPTIONS: a server that is no proxy needs no more
 * forms, and a fragment never is sent. */
static bool target_is_sound(const struct http_request *request)
{
    if (strcmp(request->target, "*") == 0) {
        return strcmp(request->method, "OPTIONS") == 0;
    }
    return request->target[0] == '/' && strchr(request->target, '#') == NULL;
}

static bool host_is_sound(const char *host)
{
    return host[strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                             "-._~%!$&'()*+,;=:[]")] == '\0';
}

/* Whatever two servers could read in two ways is refused: that is how requests
 * are smuggled. */
static enum http_parse_result check_fields(struct http_parser *parser,
                                           const struct http_request *request)
{
    size_t n_hosts = 0;
    size_t n_lengths = 0;
    size_t n_codings = 0;

    for (size_t i = 0; i < request->n_headers; i++) {
        const char *name = request->headers[i].name;
        const char *value = request->headers[i].value;

        if (strcasecmp(name, "Host") == 0) {
            n_hosts++;
            if (!host_is_sound(value)) {
                return fail(parser, 400, "Malformed Host");
            }
        } else if (strcasecmp(name, "Content-Length") == 0) {
            n_lengths++;
        } else if (strcasecmp(name, "Transfer-Encoding") == 0) {
            n_codings++;
            if (strcasecmp(value, "chunked") != 0 || parser->head.minor == 0) {
                return fail(parser, 400, "Transfer coding not supported");
            }
        } else if (strcasecmp(name, "Expect") == 0) {
            if (strcasecmp(value, "100-continue") != 0) {
                return fail(parser, 417, "Expectation not supported");
            }
            parser->expects_continue = parser->head.minor == 1;
        }
    }
    if (n_hosts > 1 || (n_hosts == 0 && parser->head.minor == 1)) {
        return fail(parser, 400, n_hosts > 1 ? "More than one Host" : "Missing Host");
    }
    if (n_lengths + n_codings > 1) {
        return fail(parser, 400, "More than one length of the body");
    }
    return HTTP_PARSE_HEADER;
}

/* Fills all of the request that stands in the head. */
static enum http_parse_result take_head(struct http_parser *parser, struct http_request *request)
{
    const struct http_head *head = &parser->head;
    struct http_header *headers;
    const char *question;
    size_t path_size;
    char *text;

    text = arena_memdup(&request->arena, parser->text.data, parser->text.size);
    headers = arena_calloc(&request->arena, head->n_fields, sizeof *headers);
    if (text == NULL || headers == NULL) {
        return fail(parser, 503, "Out of memory");
    }
    text[head->target - 1] = '\0';
    text[head->version - 1] = '\0';
    request->method = text + head->method;
    request->target = text + head->target;
    question = strchr(request->target, '?');
    path_size = question == NULL ? strlen(request->target) : (size_t)(question - request->target);
    request->query = question == NULL ? "" : question + 1;
    request->path = arena_memdup(&request->arena, request->target, path_size);
    if (request->path == NULL) {
        return fail(parser, 503, "Out of memory");
    }
    if (!target_is_sound(request)) {
        return fail(parser, 400, "Malformed request target");
    }
    if (!split_fields(text + head->fields, headers, head->n_fields)) {
        return fail(parser, 400, "Malformed header field");
    }
    request->headers = headers;
    request->n_headers = head->n_fields;
    request->body = "";
    request->body_size = 0;
    return check_fields(parser, request);
}

/* llhttp is shown a request line of ours, since the real one is checked already
 * and what it does with some methods (CONNECT, PRI, those of RTSP) is not what an
 * HTTP/1.1 server wants; and since a method that it doesn't know is not an error
 * of the syntax. */
static enum http_parse_result judge_fields(struct http_parser *parser)
{
    static const char *const lines[] = {"POST / HTTP/1.0\r\n", "POST / HTTP/1.1\r\n"};
    const char *line = lines[parser->head.minor];

    run_llhttp(parser, line, strlen(line));
    if (parser->status == 0) {
        run_llhttp(parser, parser->text.data + parser->head.fields,
                   parser->text.size - parser->head.fields);
    }
    if (parser->status == 0 && !parser->in_body) {
        fail(parser, 400, "Malformed header field");
    }
    if (parser->status != 0) {
        return HTTP_PARSE_FAILED;
    }
    if (!parser->complete && parser->llhttp.content_length > parser->limits->body_size) {
        return fail(parser, 413, "Request body too large");
    }
    return parser->complete ? HTTP_PARSE_DONE : HTTP_PARSE_HEADER;
}

static enum http_parse_result execute_head(struct http_parser *parser, struct http_request *request,
                                           const char *data, size_t size, size_t *ret_used)
{
    enum http_head_result result;

    result = http_head_scan(&parser->head, parser->limits, data, size, ret_used);
    if (result == HTTP_HEAD_FAILED) {
        return fail(parser, parser->head.status, parser->head.message);
    }
    buffer_append(&parser->text, data, *ret_used);
    if (buffer_failed(&parser->text)) {
        return fail(parser, 503, "Out of memory");
    }
    if (result == HTTP_HEAD_MORE) {
        return HTTP_PARSE_MORE;
    }
    if (take_head(parser, request) == HTTP_PARSE_FAILED) {
        return HTTP_PARSE_FAILED;
    }
    return judge_fields(parser);
}

static enum http_parse_result execute_body(struct http_parser *parser, struct http_request *request,
                                           const char *data, size_t size, size_t *ret_used)
{
    *ret_used = run_llhttp(parser, data, size);
    if (parser->status != 0) {
        return HTTP_PARSE_FAILED;
    }
    if (!parser->complete) {
        return HTTP_PARSE_MORE;
    }
    request->body_size = parser->body.size;
    request->body = arena_memdup(&request->arena, parser->body.data, parser->body.size);
    buffer_close(&parser->body);
    return request->body == NULL ? fail(parser, 503, "Out of memory") : HTTP_PARSE_DONE;
}

enum http_parse_result http_parser_execute(struct http_parser *parser, struct http_request *request,
                                           const char *data, size_t size, size_t *ret_used)
{
    enum http_parse_result result;

    assert(parser->status == 0 && !parser->complete);
    if (parser->in_body) {
        result = execute_body(parser, request, data, size, ret_used);
    } else {
        result = execute_head(parser, request, data, size, ret_used);
    }
    parser->size += *ret_used;
    if (result != HTTP_PARSE_FAILED && parser->size > parser->limits->message_size) {
        return fail(parser, 413, "Request too large");
    }
    return result;
}
