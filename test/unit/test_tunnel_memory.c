/* The tunnel without memory: the n-th allocation fails, for every n until all goes through. A
 * call says so, a link that can't be made ends, and the next one works.
 *
 * malloc() and its like of our own code are wrapped by the linker; OpenSSL is told to use them. */
#include "test/lib/cmocka_all.h"
#include "test/unit/tunnel_fixture.h"

#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#define NEVER           (-1)
#define ALLOCATIONS_MAX 5000

/* How many allocations, of any thread, succeed before one fails. */
static atomic_int n_left = NEVER;
static atomic_bool failed;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);

static bool fails_now(void)
{
    if (atomic_load(&n_left) == NEVER || atomic_fetch_sub(&n_left, 1) != 0) {
        return false;
    }
    atomic_store(&failed, true);
    return true;
}

static void fail_after(int n)
{
    atomic_store(&failed, false);
    atomic_store(&n_left, n);
}

/* True if an allocation failed since fail_after(). */
static bool end_failing(void)
{
    atomic_store(&n_left, NEVER);
    return atomic_load(&failed);
}

void *__wrap_malloc(size_t size)
{
    return fails_now() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t size)
{
    return fails_now() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
    return fails_now() ? NULL : __real_strdup(text);
}

static void *openssl_malloc(size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return __wrap_malloc(size);
}

static void *openssl_realloc(void *old, size_t size, const char *file, int line)
{
    (void)file;
    (void)line;
    return __wrap_realloc(old, size);
}

static void openssl_free(void *data, const char *file, int line)
{
    (void)file;
    (void)line;
    free(data);
}

static int set_up(void **state)
{
    *state = fixture_new(NULL);
    return 0;
}

static int tear_down(void **state)
{
    fixture_free(*state);
    return 0;
}

static void test_start(void **state)
{
    struct fixture *f = *state;
    const struct tunnel_options options = {.directory = f->nodes[0].holder,
                                           .certificate = f->nodes[0].certificate,
                                           .engine_address = "@none"};
    struct tunnel *tunnel = NULL;
    struct error error;
    bool lacked = true;
    int code;
    int n;

    for (n = 0; n < ALLOCATIONS_MAX && lacked; n++) {
        fail_after(n);
        code = tunnel_start(&options, &tunnel, &error);
        lacked = end_failing();
        /* OpenSSL gets over some of it. */
        assert_true(code == ERROR_NONE || (lacked && code == ERROR_NO_MEMORY));
        if (code == ERROR_NONE) {
            tunnel_stop(tunnel);
        }
    }
    assert_false(lacked);
    assert_true(n > 3);
}

/* With a key of its own, because such a link waits for no back-off and says how it ended. */
static int try_link(struct fixture *f)
{
    const struct timeval soon = {.tv_usec = 200000};
    struct error error;
    uint8_t pin[PIN_SIZE];
    char byte;
    int fd;
    int in;
    int code = tunnel_connect_unknown(f->nodes[0].tunnel, f->nodes[1].address,
                                      f->nodes[0].certificate, 10000, pin, &fd, &error);

    if (code == ERROR_NONE) {
        assert_int_equal(setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof soon), 0);
        in = fixture_accepted(&f->nodes[1], NULL);
        assert_memory_equal(pin, f->members[1].pin, PIN_SIZE);
        /* It may break at once, for bytes need memory as well; or this is the other end of the try
         * before, whose client failed when it was let in already. */
        (void)!send(in, "x", 1, MSG_NOSIGNAL);
        (void)!recv(fd, &byte, 1, 0);
        close(in);
        close(fd);
    }
    return code;
}

static void test_link(void **state)
{
    struct fixture *f = *state;
    unsigned n_failures = 0;
    bool lacked = true;
    int code = ERROR_NONE;

    /* What is allocated once only. */
    assert_int_equal(try_link(f), ERROR_NONE);
    for (int n = 0; n < ALLOCATIONS_MAX && lacked; n++) {
        fail_after(n);
        code = try_link(f);
        lacked = end_failing();
        n_failures += code != ERROR_NONE;
        fixture_close_accepted(&f->nodes[1]);
    }
    assert_false(lacked);
    assert_int_equal(code, ERROR_NONE);
    assert_true(n_failures > 10);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_start),
        TEST(test_link),
    };

    if (CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) != 1) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
