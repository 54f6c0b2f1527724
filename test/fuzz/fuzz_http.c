/* Parses the input as a request, whole, byte by byte, and in two pieces: all must
 * come to the same end, and a request that is accepted must keep to the limits. */
#include "api/http_parse.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Small, so that small inputs reach them. */
static const struct http_limits limits = {
    .target_size = 64,
    .header_size = 256,
    .header_count = 8,
    .body_size = 64,
    .message_size = 512,
};

struct outcome {
    enum http_parse_result result;
    size_t used;
    bool keep_alive;
    struct http_request request;
};

#define CHECK(CONDITION)                                                                           \
    do {                                                                                           \
        if (!(CONDITION)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #CONDITION);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

/* Feeds pieces that end where a byte's number is a multiple of STEP. */
static void parse(const char *data, size_t size, size_t step, struct outcome *ret_outcome)
{
    struct http_parser parser;

    *ret_outcome = (struct outcome){.result = HTTP_PARSE_MORE};
    http_parser_init(&parser, &limits);
    while (ret_outcome->used < size &&
           (ret_outcome->result == HTTP_PARSE_MORE || ret_outcome->result == HTTP_PARSE_HEADER)) {
        size_t n = step - ret_outcome->used % step;
        char *piece;

        if (n > size - ret_outcome->used) {
            n = size - ret_outcome->used;
        }
        /* A piece of its own, so that the sanitizer sees a read past its end. */
        piece = malloc(n);
        CHECK(piece != NULL);
        memcpy(piece, data + ret_outcome->used, n);
        ret_outcome->result = http_parser_execute(&parser, &ret_outcome->request, piece, n, &n);
        free(piece);
        ret_outcome->used += n;
    }
    ret_outcome->keep_alive = parser.keep_alive;
    if (ret_outcome->result == HTTP_PARSE_FAILED) {
        CHECK(parser.status >= 400 && parser.status < 600 && parser.message != NULL);
    }
    http_parser_close(&parser);
}

static void check_request(struct http_request *request)
{
    size_t target_size = strlen(request->target);

    CHECK(strlen(request->method) > 0);
    CHECK(request->target[0] == '/' || strcmp(request->target, "*") == 0);
    CHECK(target_size <= limits.target_size);
    CHECK(strlen(request->path) + strlen(request->query) <= target_size);
    CHECK(request->n_headers <= limits.header_count);
    CHECK(request->body_size <= limits.body_size);
    CHECK(request->body[request->body_size] == '\0');
    for (size_t i = 0; i < request->n_headers; i++) {
        CHECK(strlen(request->headers[i].name) > 0);
        CHECK(strpbrk(request->headers[i].value, "\r\n") == NULL);
        CHECK(http_header_get(request, request->headers[i].name) != NULL);
    }
    http_query_get(request, "a");
    http_percent_decode(&request->arena, request->path, strlen(request->path), false);
}

static void check_equal(const struct outcome *a, const struct outcome *b)
{
    CHECK((a->result == HTTP_PARSE_DONE) == (b->result == HTTP_PARSE_DONE));
    CHECK((a->result == HTTP_PARSE_FAILED) == (b->result == HTTP_PARSE_FAILED));
    if (a->result != HTTP_PARSE_DONE) {
        return;
    }
    CHECK(a->used == b->used);
    CHECK(a->keep_alive == b->keep_alive);
    CHECK(strcmp(a->request.method, b->request.method) == 0);
    CHECK(strcmp(a->request.target, b->request.target) == 0);
    CHECK(a->request.n_headers == b->request.n_headers);
    for (size_t i = 0; i < a->request.n_headers; i++) {
        CHECK(strcmp(a->request.headers[i].name, b->request.headers[i].name) == 0);
        CHECK(strcmp(a->request.headers[i].value, b->request.headers[i].value) == 0);
    }
    CHECK(a->request.body_size == b->request.body_size);
    CHECK(memcmp(a->request.body, b->request.body, a->request.body_size) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const size_t steps[] = {1, size / 2 + 1, 7};
    const char *text = (const char *)data;
    struct outcome whole;

    if (size == 0) {
        return 0;
    }
    parse(text, size, size, &whole);
    if (whole.result == HTTP_PARSE_DONE) {
        check_request(&whole.request);
    }
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        struct outcome outcome;

        parse(text, size, steps[i], &outcome);
        check_equal(&whole, &outcome);
        arena_close(&outcome.request.arena);
    }
    arena_close(&whole.request.arena);
    return 0;
}
