/* The contracts of src/base. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"
#include "base/json_writer.h"
#include "base/log.h"
#include "base/queue.h"
#include "base/string_map.h"
#include "base/utf8.h"
#include "test/lib/cmocka_all.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void error_is_set_and_prefixed(void **state)
{
    struct error error = ERROR_INIT;

    (void)state;
    assert_int_equal(error_set(&error, ERROR_NOT_FOUND, "Network %s not found", "x"),
                     ERROR_NOT_FOUND);
    assert_int_equal(error_prefix(&error, "Failed loading %s: ", "network"), ERROR_NOT_FOUND);
    assert_string_equal(error.message, "Failed loading network: Network x not found");
    assert_int_equal(error_errno(&error, ERROR_IO, ENOENT, "open %s", "f"), ERROR_IO);
    assert_string_equal(error.message, "open f: No such file or directory");
    assert_int_equal(error_errno(&error, ERROR_IO, ENOSPC, "write"), ERROR_NO_SPACE);
    error_clear(&error);
    assert_int_equal(error.code, ERROR_NONE);
    assert_string_equal(error.message, "");
}

static void error_is_cut_at_a_character(void **state)
{
    struct error error = ERROR_INIT;
    char text[2000];

    (void)state;
    for (size_t i = 0; i + 2 < sizeof text; i += 2) {
        memcpy(text + i, "\xc3\xa4", 2);
    }
    text[sizeof text - 2] = '\0';
    for (int shift = 0; shift < 2; shift++) {
        error_set(&error, ERROR_INVALID, "%s%s", shift == 0 ? "" : "x", text);
        assert_true(strlen(error.message) < ERROR_MESSAGE_SIZE);
        assert_true(utf8_valid(error.message, strlen(error.message)));
        assert_string_equal(error.message + strlen(error.message) - 3, "...");
    }
    error_set(&error, ERROR_INVALID, "short");
    error_prefix(&error, "%s", text);
    assert_true(utf8_valid(error.message, strlen(error.message)));
    assert_string_equal(error.message + strlen(error.message) - 3, "...");
}

static void error_table_is_complete(void **state)
{
    (void)state;
    for (int code = 0; code < ERROR_CODE_MAX; code++) {
        assert_non_null(error_name((enum error_code)code));
        assert_in_range(error_http_status((enum error_code)code), 200, 599);
    }
    assert_int_equal(error_http_status(ERROR_CONFLICT), 409);
    assert_true(error_may_retry(ERROR_NOT_LEADER));
    assert_false(error_may_retry(ERROR_UNKNOWN_OUTCOME));
}

static void arena_gives_aligned_memory_of_any_size(void **state)
{
    struct arena arena = {0};
    struct arena other = {0};
    char *first;

    (void)state;
    first = arena_strdup(&arena, "first");
    for (size_t size = 0; size < 5000; size += 37) {
        unsigned char *p = arena_alloc(&arena, size);
        assert_non_null(p);
        assert_int_equal((uintptr_t)p % sizeof(void *), 0);
        memset(p, 0xab, size);
    }
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_calloc(&arena, SIZE_MAX / 2, 3));
    assert_string_equal(arena_printf(&arena, "%d-%s", 7, "x"), "7-x");
    arena_take(&other, &arena);
    assert_int_equal(arena.size, 0);
    arena_close(&arena);
    assert_string_equal(first, "first");
    arena_close(&other);
}

static void buffer_grows_and_consumes(void **state)
{
    struct buffer buffer = {0};
    size_t size;
    char *data;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        buffer_printf(&buffer, "%04d", i);
    }
    assert_int_equal(buffer.size, 4000);
    buffer_consume(&buffer, 3996);
    assert_string_equal(buffer_string(&buffer), "0999");
    assert_null(buffer_reserve(&buffer, SIZE_MAX / 2 + 2));
    assert_true(buffer_failed(&buffer));
    buffer_append_string(&buffer, "dropped");
    assert_null(buffer_string(&buffer));
    buffer_reset(&buffer);
    buffer_append_char(&buffer, 'x');
    data = buffer_detach(&buffer, &size);
    assert_int_equal(size, 1);
    free(data);
    buffer_close(&buffer);
}

static const char *written(struct buffer *buffer, bool html, const char *text, size_t size)
{
    struct json_writer w;

    buffer_reset(buffer);
    json_writer_init(&w, buffer, html);
    json_write_string_n(&w, text, size);
    return buffer_string(buffer);
}

static void json_strings_are_written_as_go_does(void **state)
{
    struct buffer b = {0};

    (void)state;
    assert_string_equal(written(&b, false, "a\"\\/\n\r\t\b\f\x01\x1f", 11),
                        "\"a\\\"\\\\/\\n\\r\\t\\b\\f\\u0001\\u001f\"");
    assert_string_equal(written(&b, false, "<a>&", 4), "\"<a>&\"");
    assert_string_equal(written(&b, true, "<a>&", 4), "\"\\u003ca\\u003e\\u0026\"");
    assert_string_equal(written(&b, false, "\xe2\x80\xa8\xe2\x80\xa9\xe2\x80\xaa", 9),
                        "\"\\u2028\\u2029\xe2\x80\xaa\"");
    assert_string_equal(written(&b, false, "\xff\xc3\xa9\xc0\x80", 5),
                        "\"\\ufffd\xc3\xa9\\ufffd\\ufffd\"");
    assert_string_equal(written(&b, false, "\xf0\x9f\x98\x80", 4), "\"\xf0\x9f\x98\x80\"");
    assert_string_equal(written(&b, false, "\0x", 2), "\"\\u0000x\"");
    buffer_close(&b);
}

static void json_values_nest(void **state)
{
    struct buffer b = {0};
    struct json_writer w;

    (void)state;
    json_writer_init(&w, &b, false);
    json_write_object_begin(&w);
    json_write_key(&w, "a");
    json_write_array_begin(&w);
    json_write_integer(&w, INT64_MIN);
    json_write_double(&w, 1.5);
    json_write_double(&w, NAN);
    json_write_bool(&w, true);
    json_write_null(&w);
    json_write_object_begin(&w);
    json_write_object_end(&w);
    json_write_array_end(&w);
    json_write_key(&w, "b");
    json_write_raw(&w, "[1]", 3);
    json_write_key(&w, "c");
    json_write_string(&w, NULL);
    json_write_object_end(&w);
    assert_string_equal(buffer_string(&b), "{\"a\":[-9223372036854775808,1.5,null,true,null,{}],"
                                           "\"b\":[1],\"c\":\"\"}");
    buffer_close(&b);
}

static void string_map_stays_sorted(void **state)
{
    struct arena arena = {0};
    struct string_map map = {0};
    struct string_map copy = {0};
    char key[16];

    (void)state;
    for (int i = 0; i < 50; i++) {
        snprintf(key, sizeof key, "k%02d", (i * 37) % 50);
        assert_true(string_map_set(&map, &arena, arena_strdup(&arena, key), "v"));
    }
    assert_int_equal(map.n_pairs, 50);
    for (size_t i = 1; i < map.n_pairs; i++) {
        assert_true(strcmp(map.pairs[i - 1].key, map.pairs[i].key) < 0);
    }
    assert_true(string_map_copy(&copy, &arena, &map));
    assert_true(string_map_equal(&map, &copy));
    assert_true(string_map_set(&map, &arena, "k07", "other"));
    assert_int_equal(map.n_pairs, 50);
    assert_string_equal(string_map_get(&map, "k07"), "other");
    assert_false(string_map_equal(&map, &copy));
    assert_true(string_map_remove(&map, "k07"));
    assert_false(string_map_remove(&map, "k07"));
    assert_null(string_map_get(&map, "k07"));
    assert_string_equal(string_map_get_or_empty(&map, "k07"), "");
    arena_close(&arena);
}

struct item {
    int value;
    struct queue queue;
};

static void queue_is_first_in_first_out(void **state)
{
    struct queue queue;
    struct queue other;
    struct item items[3] = {{.value = 0}, {.value = 1}, {.value = 2}};

    (void)state;
    queue_init(&queue);
    queue_init(&other);
    assert_null(queue_pop(&queue));
    for (int i = 0; i < 3; i++) {
        queue_push(i < 2 ? &queue : &other, &items[i].queue);
    }
    queue_move(&other, &queue);
    assert_true(queue_empty(&queue));
    queue_remove(&items[0].queue);
    queue_remove(&items[0].queue);
    assert_int_equal(queue_object(queue_pop(&other), struct item, queue)->value, 2);
    assert_int_equal(queue_object(queue_pop(&other), struct item, queue)->value, 1);
    assert_true(queue_empty(&other));
}

static void utf8_is_strict(void **state)
{
    static const char *const bad[] = {
        "\x80",         "\xc0\xaf",         "\xc1\xbf",         "\xe0\x9f\xbf",
        "\xed\xa0\x80", "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80",
        "\xe2\x82"};
    uint32_t c;
    char out[4];

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(utf8_valid(bad[i], strlen(bad[i])));
    }
    for (uint32_t i = 0; i <= 0x10ffff; i++) {
        if (i < 0xd800 || i > 0xdfff) {
            size_t size = utf8_encode(i, out);
            assert_int_equal(utf8_decode(out, size, &c), size);
            assert_int_equal(c, i);
        }
    }
}

static void deadlines_become_poll_timeouts(void **state)
{
    (void)state;
    assert_int_equal(clock_poll_timeout_ms(CLOCK_NEVER_US), -1);
    assert_int_equal(clock_poll_timeout_ms(0), 0);
    assert_int_equal(
        clock_poll_timeout_ms(clock_monotonic_us() + UINT64_C(1) * 24 * 3600 * 1000000),
        3600 * 1000);
    assert_in_range(clock_poll_timeout_ms(clock_monotonic_us() + 3600 * UINT64_C(1000000)), 1,
                    3600 * 1000);
}

/* Runs log_event() with standard error in a pipe and returns what it wrote. */
static void log_line_is_json(void **state)
{
    char line[1024];
    int saved = dup(STDERR_FILENO);
    int pipes[2];
    ssize_t size;

    (void)state;
    assert_int_equal(pipe(pipes), 0);
    dup2(pipes[1], STDERR_FILENO);
    log_event(LOG_LEVEL_DEBUG, "test", "Too fine");
    log_event(LOG_LEVEL_WARNING, "test", "It happened", LOG_TEXT("name", "a\"b"),
              LOG_INTEGER("count", -3));
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(pipes[1]);
    size = read(pipes[0], line, sizeof line - 1);
    close(pipes[0]);
    assert_true(size > 0);
    line[size] = '\0';
    assert_memory_equal(line, "{\"time\":\"20", 11);
    assert_non_null(strstr(line, "Z\",\"level\":\"warning\",\"component\":\"test\",\"message\":"
                                 "\"It happened\",\"name\":\"a\\\"b\",\"count\":-3}\n"));
    assert_null(strstr(line, "Too fine"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(error_is_set_and_prefixed),
        cmocka_unit_test(error_is_cut_at_a_character),
        cmocka_unit_test(error_table_is_complete),
        cmocka_unit_test(arena_gives_aligned_memory_of_any_size),
        cmocka_unit_test(buffer_grows_and_consumes),
        cmocka_unit_test(json_strings_are_written_as_go_does),
        cmocka_unit_test(json_values_nest),
        cmocka_unit_test(string_map_stays_sorted),
        cmocka_unit_test(queue_is_first_in_first_out),
        cmocka_unit_test(utf8_is_strict),
        cmocka_unit_test(deadlines_become_poll_timeouts),
        cmocka_unit_test(log_line_is_json),
    };

    return cmocka_run_group_tests_name("base", tests, NULL, NULL);
}
