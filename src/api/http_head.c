#include "api/http_head.h"

#include <string.h>

/* No method that is in use comes near. */
#define METHOD_SIZE_MAX 32

#define VERSION_SIZE 8 /* "HTTP/1.1" */

void http_head_init(struct http_head *head)
{
    *head = (struct http_head){.state = HTTP_HEAD_START};
}

bool http_head_is_token(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("!#$%&'*+-.^_`|~", c) != NULL);
}

/* Field values may hold blanks, tabs and any byte from 0x80 on. */
static bool is_text(char c)
{
    unsigned char byte = (unsigned char)c;

    return (byte >= 0x20 && byte != 0x7f) || byte == '\t';
}

static bool is_visible(char c)
{
    return c > 0x20 && c < 0x7f;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static enum http_head_result fail(struct http_head *head, unsigned status, const char *message)
{
    head->status = status;
    head->message = message;
    return HTTP_HEAD_FAILED;
}

static enum http_head_result scan_method(struct http_head *head, char c)
{
    if (c == ' ') {
        head->target = head->size + 1;
        head->state = HTTP_HEAD_TARGET;
        return HTTP_HEAD_MORE;
    }
    if (!http_head_is_token(c) || head->size - head->method >= METHOD_SIZE_MAX) {
        return fail(head, 400, "Malformed request method");
    }
    return HTTP_HEAD_MORE;
}

static enum http_head_result scan_target(struct http_head *head, const struct http_limits *limits,
                                         char c)
{
    size_t size = head->size - head->target;

    if (c == ' ' && size > 0) {
        head->version = head->size + 1;
        head->state = HTTP_HEAD_VERSION;
        return HTTP_HEAD_MORE;
    }
    if (!is_visible(c)) {
        return fail(head, 400, "Malformed request target");
    }
    if (size >= limits->target_size) {
        return fail(head, 414, "Request target too long");
    }
    return HTTP_HEAD_MORE;
}

/* "HTTP/1.1" and CR, character by character. A version that is well written but
 * not ours is told from a malformed line, as RFC 9110, 15.6.6 wants it. */
static enum http_head_result scan_version(struct http_head *head, char c)
{
    static const char pattern[] = "HTTP/d.d\r";
    size_t i = head->size - head->version;

    if (pattern[i] == 'd' ? !is_digit(c) : pattern[i] != c) {
        return fail(head, 400, "Malformed HTTP version");
    }
    if (i == VERSION_SIZE - 3 && c != '1') {
        return fail(head, 505, "HTTP version not supported");
    }
    if (i == VERSION_SIZE - 1) {
        head->minor = (unsigned)(c - '0');
        if (head->minor > 1) {
            return fail(head, 505, "HTTP version not supported");
        }
    }
    if (i == VERSION_SIZE) {
        head->state = HTTP_HEAD_VERSION_LF;
    }
    return HTTP_HEAD_MORE;
}

static enum http_head_result scan_field_start(struct http_head *head,
                                              const struct http_limits *limits, char c)
{
    if (c == '\r') {
        head->state = HTTP_HEAD_END_LF;
        return HTTP_HEAD_MORE;
    }
    if (c == ' ' || c == '\t') {
        return fail(head, 400, "Folded header fields are not allowed");
    }
    if (head->n_fields >= limits->header_count) {
        return fail(head, 431, "Too many header fields");
    }
    head->n_fields++;
    head->state = HTTP_HEAD_FIELD;
    return HTTP_HEAD_MORE;
}

/* The bytes of all fields, with the ends of their lines, are limited. */
static enum http_head_result scan_field(struct http_head *head, const struct http_limits *limits,
                                        char c)
{
    if (head->size - head->fields >= limits->header_size) {
        return fail(head, 431, "Header fields too large");
    }
    if (head->state == HTTP_HEAD_FIELD_LF) {
        if (c != '\n') {
            return fail(head, 400, "CR inside a header field");
        }
        head->state = HTTP_HEAD_FIELD_START;
    } else if (c == '\r') {
        head->state = HTTP_HEAD_FIELD_LF;
    } else if (!is_text(c)) {
        return fail(head, 400, "Control character in a header field");
    }
    return HTTP_HEAD_MORE;
}

static enum http_head_result scan_character(struct http_head *head,
                                            const struct http_limits *limits, char c)
{
    switch (head->state) {
    case HTTP_HEAD_START:
        /* Some clients end the body before with an empty line that no length
         * counts: one is skipped (RFC 9112, 2.2). */
        if (c == '\r' && head->size == 0) {
            head->state = HTTP_HEAD_START_LF;
            return HTTP_HEAD_MORE;
        }
        head->method = head->size;
        head->state = HTTP_HEAD_METHOD;
        return c == ' ' ? fail(head, 400, "Malformed request method") : scan_method(head, c);
    case HTTP_HEAD_METHOD:
        return scan_method(head, c);
    case HTTP_HEAD_TARGET:
        return scan_target(head, limits, c);
    case HTTP_HEAD_VERSION:
        return scan_version(head, c);
    case HTTP_HEAD_FIELD_START:
        if (scan_field_start(head, limits, c) == HTTP_HEAD_FAILED) {
            return HTTP_HEAD_FAILED;
        }
        return head->state == HTTP_HEAD_FIELD ? scan_field(head, limits, c) : HTTP_HEAD_MORE;
    case HTTP_HEAD_FIELD:
    case HTTP_HEAD_FIELD_LF:
        return scan_field(head, limits, c);
    case HTTP_HEAD_START_LF:
    case HTTP_HEAD_VERSION_LF:
    case HTTP_HEAD_END_LF:
        break;
    }
    if (c != '\n') {
        return fail(head, 400, "CR without LF");
    }
    if (head->state == HTTP_HEAD_END_LF) {
        return HTTP_HEAD_DONE;
    }
    if (head->state == HTTP_HEAD_VERSION_LF) {
        head->fields = head->size + 1;
        head->state = HTTP_HEAD_FIELD_START;
    } else {
        head->state = HTTP_HEAD_START;
    }
    return HTTP_HEAD_MORE;
}

enum http_head_result http_head_scan(struct http_head *head, const struct http_limits *limits,
                                     const char *data, size_t size, size_t *ret_used)
{
    enum http_head_result result = HTTP_HEAD_MORE;
    size_t used = 0;

    while (used < size && result == HTTP_HEAD_MORE) {
        result = scan_character(head, limits, data[used]);
        used++;
        head->size++;
    }
    *ret_used = used;
    return result;
}
