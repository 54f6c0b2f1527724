/* From bytes to requests, and which bytes are refused with which status. */
#include "api/http_parse.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HOST "Host: unix.socket\r\n"

struct run {
    struct http_limits limits;
    struct http_parser parser;
    struct http_request request;
    size_t used;
};

static int set_up(void **state)
{
    struct run *run = calloc(1, sizeof *run);

    if (run == NULL) {
        return -1;
    }
    run->limits = (struct http_limits)HTTP_LIMITS_DEFAULT;
    http_parser_init(&run->parser, &run->limits);
    *state = run;
    return 0;
}

static int tear_down(void **state)
{
    struct run *run = *state;

    arena_close(&run->request.arena);
    http_parser_close(&run->parser);
    free(run);
    return 0;
}

/* Feeds pieces of STEP bytes and returns 0 if the request is complete, the
 * status of its refusal, or 1 if more is wanted. */
static unsigned parse(struct run *run, const char *data, size_t size, size_t step)
{
    arena_close(&run->request.arena);
    http_parser_reset(&run->parser);
    run->used = 0;
    while (run->used < size) {
        /* A piece of its own, so that the sanitizer sees a read past its end. */
        size_t left = size - run->used;
        size_t n = 0;
        size_t piece_size = left < step ? left : step;
        char *piece = malloc(piece_size);
        enum http_parse_result result;

        assert_non_null(piece);
        memcpy(piece, data + run->used, piece_size);
        result = http_parser_execute(&run->parser, &run->request, piece, piece_size, &n);
        free(piece);
        assert_in_range(n, 0, piece_size);
        run->used += n;
        if (result == HTTP_PARSE_DONE) {
            return 0;
        }
        if (result == HTTP_PARSE_FAILED) {
            assert_non_null(run->parser.message);
            return run->parser.status;
        }
        assert_true(result == HTTP_PARSE_HEADER || n == piece_size);
    }
    return 1;
}

static unsigned parse_text(struct run *run, const char *text)
{
    return parse(run, text, strlen(text), strlen(text));
}

static void a_request_is_taken_apart(void **state)
{
    static const char text[] = "PUT /1.0/networks/ovn0/load-balancers/2001:db8::1?project=p&x=1 "
                               "HTTP/1.1\r\n"
                               "Host: unix.socket\r\n"
                               "User-Agent:Incus 7.0.2 (Linux; x86_64)\r\n"
                               "X-Blank: \t a\tb \t \r\n"
                               "X-Empty:\r\n"
                               "X-Latin: \xe4\xf6\r\n"
                               "content-length: 5\r\n"
                               "\r\n"
                               "helloGET /";
    struct run *run = *state;

    for (size_t step = 1; step < sizeof text; step++) {
        const struct http_request *request = &run->request;

        assert_int_equal(parse(run, text, sizeof text - 1, step), 0);
        assert_int_equal(run->used, sizeof text - 1 - strlen("GET /"));
        assert_string_equal(request->method, "PUT");
        assert_string_equal(request->target,
                            "/1.0/networks/ovn0/load-balancers/2001:db8::1?project=p&x=1");
        assert_string_equal(request->path, "/1.0/networks/ovn0/load-balancers/2001:db8::1");
        assert_string_equal(request->query, "project=p&x=1");
        assert_int_equal(request->n_headers, 6);
        assert_string_equal(request->headers[1].name, "User-Agent");
        assert_string_equal(request->headers[1].value, "Incus 7.0.2 (Linux; x86_64)");
        assert_string_equal(http_header_get(request, "x-blank"), "a\tb");
        assert_string_equal(http_header_get(request, "X-Empty"), "");
        assert_string_equal(http_header_get(request, "X-Latin"), "\xe4\xf6");
        assert_null(http_header_get(request, "X-Lat"));
        assert_int_equal(request->body_size, 5);
        assert_string_equal(request->body, "hello");
        assert_true(run->parser.keep_alive);
    }
}

static void a_chunked_body_is_put_together(void **state)
{
    static const char text[] = "POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n"
                               "3;name=\"quoted\"\r\nabc\r\n"
                               "A\r\n0123456789\r\n"
                               "0\r\nX-Trailer: dropped\r\nConnection: close\r\n\r\nrest";
    struct run *run = *state;

    for (size_t step = 1; step < sizeof text; step++) {
        assert_int_equal(parse(run, text, sizeof text - 1, step), 0);
        assert_int_equal(run->used, sizeof text - 1 - strlen("rest"));
        assert_int_equal(run->request.body_size, 13);
        assert_string_equal(run->request.body, "abc0123456789");
        assert_int_equal(run->request.n_headers, 2);
        assert_null(http_header_get(&run->request, "X-Trailer"));
        assert_true(run->parser.keep_alive);
    }
}

static void connections_are_kept_or_not(void **state)
{
    static const struct {
        const char *text;
        bool keep_alive;
    } cases[] = {
        {"GET / HTTP/1.1\r\n" HOST "\r\n", true},
        {"GET / HTTP/1.1\r\n" HOST "Connection: close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\n" HOST "Connection: foo, Close\r\n\r\n", false},
        {"GET / HTTP/1.1\r\n" HOST "Connection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.0\r\n\r\n", false},
        {"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n", true},
        {"GET / HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n", true},
    };
    struct run *run = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(parse_text(run, cases[i].text), 0);
        assert_int_equal(run->used, strlen(cases[i].text));
        assert_int_equal(run->parser.keep_alive, cases[i].keep_alive);
    }
}

static void unusual_requests_are_accepted(void **state)
{
    static const struct {
        const char *text;
        const char *method;
        const char *target;
        const char *body;
    } cases[] = {
        {"GET / HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n\"\"\n", "GET", "/", "\"\"\n"},
        {"DELETE /a HTTP/1.1\r\n" HOST "Content-Length: 3\r\n\r\n\"\"\n", "DELETE", "/a", "\"\"\n"},
        {"HEAD / HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\nab", "HEAD", "/", "ab"},
        {"OPTIONS * HTTP/1.1\r\n" HOST "\r\n", "OPTIONS", "*", ""},
        {"FOO /bar HTTP/1.1\r\n" HOST "\r\n", "FOO", "/bar", ""},
        {"PRI / HTTP/1.1\r\n" HOST "\r\n", "PRI", "/", ""},
        {"CONNECT / HTTP/1.1\r\n" HOST "Content-Length: 1\r\n\r\nx", "CONNECT", "/", "x"},
        {"GET //a/%3A%00/../[::1]?a?b&c HTTP/1.1\r\n" HOST "\r\n", "GET",
         "//a/%3A%00/../[::1]?a?b&c", ""},
        {"\r\nGET / HTTP/1.1\r\n" HOST "\r\n", "GET", "/", ""},
        {"GET / HTTP/1.1\r\nHost:\r\n\r\n", "GET", "/", ""},
        {"GET / HTTP/1.1\r\nHost: [fd00::1]:8443\r\n\r\n", "GET", "/", ""},
        {"GET /1.0/events HTTP/1.1\r\n" HOST "Connection: Upgrade\r\nUpgrade: websocket\r\n"
         "Sec-WebSocket-Version: 13\r\n\r\n",
         "GET", "/1.0/events", ""},
        {"POST / HTTP/1.1\r\n" HOST "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\n"
         "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA\r\nContent-Length: 2\r\n\r\nok",
         "POST", "/", "ok"},
        {"POST / HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "POST", "/", ""},
        {"POST / HTTP/1.1\r\n" HOST "Expect: 100-Continue\r\nContent-Length: 1\r\n\r\nx", "POST",
         "/", "x"},
    };
    struct run *run = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        for (size_t step = 1; step <= strlen(cases[i].text); step++) {
            assert_int_equal(parse(run, cases[i].text, strlen(cases[i].text), step), 0);
            assert_int_equal(run->used, strlen(cases[i].text));
            assert_string_equal(run->request.method, cases[i].method);
            assert_string_equal(run->request.target, cases[i].target);
            assert_string_equal(run->request.body, cases[i].body);
        }
    }
}

#define HEAD "GET / HTTP/1.1\r\n" HOST
#define POST "POST / HTTP/1.1\r\n" HOST

static void hostile_requests_are_refused(void **state)
{
    static const struct {
        const char *text;
        unsigned status;
        size_t size; /* If a NUL is in it. */
    } cases[] = {
        /* One framing. */
        {POST "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello", 400, 0},
        {POST "Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello", 400, 0},
        {POST "Content-Length: 5, 5\r\n\r\nhello", 400, 0},
        {POST "Content-Length: +5\r\n\r\nhello", 400, 0},
        {POST "Content-Length: -5\r\n\r\nhello", 400, 0},
        {POST "Content-Length: 0x5\r\n\r\nhello", 400, 0},
        {POST "Content-Length: 5 5\r\n\r\nhello", 400, 0},
        {POST "Content-Length:\r\n\r\n", 400, 0},
        {POST "Content-Length: 18446744073709551617\r\n\r\nx", 400, 0},
        {POST "Transfer-Encoding: gzip\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding:\r\n\r\n", 400, 0},
        {"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\nx\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\n-1\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\n3\nabc\r\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\n0\r\n\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n", 400, 0},
        {POST "Transfer-Encoding: chunked\r\n\r\n0\r\nBad Trailer: x\r\n\r\n", 400, 0},
        /* Sound lines. */
        {HEAD "A: b\rc\r\n\r\n", 400, 0},
        {HEAD "A: b\r\rc\r\n\r\n", 400, 0},
        {HEAD "A : b\r\n\r\n", 400, 0},
        {HEAD "A\t: b\r\n\r\n", 400, 0},
        {HEAD "A b: c\r\n\r\n", 400, 0},
        {HEAD ": b\r\n\r\n", 400, 0},
        {HEAD "A\r\n\r\n", 400, 0},
        {HEAD "A(b): c\r\n\r\n", 400, 0},
        {HEAD "A\xe4: c\r\n\r\n", 400, 0},
        {HEAD "A: b\0c\r\n\r\n", 400, sizeof(HEAD "A: b\0c\r\n\r\n") - 1},
        {HEAD "A\0: c\r\n\r\n", 400, sizeof(HEAD "A\0: c\r\n\r\n") - 1},
        {HEAD "A: b\x01\r\n\r\n", 400, 0},
        {HEAD "A: b\x7f\r\n\r\n", 400, 0},
        {HEAD "A: b\n\r\n", 400, 0},
        {HEAD "\rA: b\r\n\r\n", 400, 0},
        {"\rGET / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET / HTTP/1.1\r" HOST "\r\n", 400, 0},
        {HEAD "A: b\r\n\n", 400, 0},
        {HEAD "A: b\n\n", 400, 0},
        {"GET / HTTP/1.1\nHost: a\n\n", 400, 0},
        {HEAD "A: b\r\n c\r\n\r\n", 400, 0},
        {HEAD "A: b\r\n\tc\r\n\r\n", 400, 0},
        {"GET / HTTP/1.1\r\n Host: a\r\n\r\n", 400, 0},
        /* One Host. */
        {"GET / HTTP/1.1\r\n\r\n", 400, 0},
        {HEAD HOST "\r\n", 400, 0},
        {"GET / HTTP/1.0\r\n" HOST HOST "\r\n", 400, 0},
        {"GET / HTTP/1.1\r\nHost: a b\r\n\r\n", 400, 0},
        {"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", 400, 0},
        {"GET / HTTP/1.1\r\nHost: a@b\r\n\r\n", 400, 0},
        /* The request line. */
        {"GET http://unix.socket/ HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"CONNECT unix.socket:443 HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET * HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"OPTIONS ** HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET 1.0 HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET /a#b HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET /\xc3\xa4 HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET /\x7f HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET /\t HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET  / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET /  HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET / HTTP/1.1 \r\n" HOST "\r\n", 400, 0},
        {"GET / \r\n" HOST "\r\n", 400, 0},
        {"GET /\r\n\r\n", 400, 0},
        {"GET\r\n\r\n", 400, 0},
        {" GET / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"\nGET / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"G@T / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"ABCDEFGHIJKLMNOPQRSTUVWXYZABCDEFGH / HTTP/1.1\r\n" HOST "\r\n", 400, 0},
        {"\x16\x03\x01\x02", 400, 0},
        {"GET / http/1.1\r\n" HOST "\r\n", 400, 0},
        {"GET / RTSP/1.0\r\n" HOST "\r\n", 400, 0},
        {"SOURCE / ICE/1.0\r\n" HOST "\r\n", 400, 0},
        {"GET / HTTP/1.x\r\n" HOST "\r\n", 400, 0},
        {"GET / HTTP/11.1\r\n" HOST "\r\n", 400, 0},
        {"GET / HTTP/1.10\r\n" HOST "\r\n", 400, 0},
        {"GET / HTTP/0.9\r\n" HOST "\r\n", 505, 0},
        {"GET / HTTP/1.2\r\n" HOST "\r\n", 505, 0},
        {"GET / HTTP/3.0\r\n" HOST "\r\n", 505, 0},
        {"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505, 0},
        {POST "Expect: 200-ok\r\nContent-Length: 1\r\n\r\nx", 417, 0},
        {POST "Expect:\r\n\r\n", 417, 0},
    };
    struct run *run = *state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t size = cases[i].size == 0 ? strlen(cases[i].text) : cases[i].size;

        for (size_t step = 1; step <= size; step += step == 1 ? size - 1 : 1) {
            unsigned status = parse(run, cases[i].text, size, step);

            if (status != cases[i].status) {
                print_error("Case %zu in steps of %zu: %u\n%s\n", i, step, status, cases[i].text);
            }
            assert_int_equal(status, cases[i].status);
        }
    }
}

/* Builds PREFIX, N times FILL, SUFFIX. */
static char *padded(const char *prefix, size_t n, char fill, const char *suffix)
{
    struct buffer text = {0};
    char *end;
    size_t size;

    buffer_append_string(&text, prefix);
    end = buffer_reserve(&text, n);
    assert_non_null(end);
    memset(end, fill, n);
    text.size += n;
    buffer_append_string(&text, suffix);
    assert_non_null(buffer_string(&text));
    return buffer_detach(&text, &size);
}

static unsigned parse_padded(struct run *run, const char *prefix, size_t n, const char *suffix)
{
    char *text = padded(prefix, n, 'a', suffix);
    unsigned status = parse_text(run, text);

    free(text);
    return status;
}

static void each_limit_holds(void **state)
{
    struct run *run = *state;

    run->limits.target_size = 100;
    assert_int_equal(parse_padded(run, "GET /", 99, " HTTP/1.1\r\n" HOST "\r\n"), 0);
    assert_int_equal(parse_padded(run, "GET /", 100, " HTTP/1.1\r\n" HOST "\r\n"), 414);
    assert_int_equal(parse_padded(run, "GET /", 100, ""), 414);

    /* Of 200 bytes, "Host: unix.socket" takes 19 and "A: " with its end 5. */
    run->limits.header_size = 200;
    assert_int_equal(parse_padded(run, HEAD "A: ", 176, "\r\n\r\n"), 0);
    assert_int_equal(parse_padded(run, HEAD "A: ", 177, "\r\n\r\n"), 431);
    assert_int_equal(parse_padded(run, HEAD, 182, ""), 431);

    run->limits.header_count = 3;
    assert_int_equal(parse_text(run, HEAD "A: b\r\nA: b\r\n\r\n"), 0);
    assert_int_equal(parse_text(run, HEAD "A: b\r\nA: b\r\nA: b\r\n\r\n"), 431);

    run->limits.body_size = 10;
    assert_int_equal(parse_text(run, POST "Content-Length: 10\r\n\r\n0123456789"), 0);
    assert_int_equal(parse_text(run, POST "Content-Length: 11\r\n\r\n"), 413);
    assert_int_equal(parse_text(run, POST "Content-Length: 18446744073709551615\r\n\r\n"), 413);
    assert_int_equal(parse_text(run, POST "Transfer-Encoding: chunked\r\n\r\n"
                                          "5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n"),
                     0);
    assert_int_equal(parse_text(run, POST "Transfer-Encoding: chunked\r\n\r\n"
                                          "5\r\n01234\r\n6\r\n56789a\r\n0\r\n\r\n"),
                     413);
}

static void the_raw_size_of_a_message_is_limited(void **state)
{
    static const char prefix[] = POST "Transfer-Encoding: chunked\r\n\r\n1;";
    static const char suffix[] = "\r\nx\r\n0\r\n\r\n";
    static const char trailer[] = POST "Transfer-Encoding: chunked\r\n\r\n0\r\nA: ";
    static const char end[] = "\r\n\r\n";
    struct run *run = *state;

    run->limits.message_size = 1000;
    assert_int_equal(parse_padded(run, prefix, 1000 - sizeof prefix - sizeof suffix + 2, suffix),
                     0);
    assert_int_equal(parse_padded(run, prefix, 1001 - sizeof prefix - sizeof suffix + 2, suffix),
                     413);
    assert_int_equal(parse_padded(run, prefix, 1000, ""), 413);
    assert_int_equal(parse_padded(run, trailer, 1000 - sizeof trailer - sizeof end + 2, end), 0);
    assert_int_equal(parse_padded(run, trailer, 1001 - sizeof trailer - sizeof end + 2, end), 413);
}

int main(void)
{
#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_request_is_taken_apart),
        TEST(a_chunked_body_is_put_together),
        TEST(connections_are_kept_or_not),
        TEST(unusual_requests_are_accepted),
        TEST(hostile_requests_are_refused),
        TEST(each_limit_holds),
        TEST(the_raw_size_of_a_message_is_limited),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
