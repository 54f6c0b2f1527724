/* The tunnel without memory: the n-th allocation fails, for every n until all goes through. A
 * call says so; a link that can't be made reads EOF, and the next one works.
 *
 * malloc() and its like of our own code are wrapped by the linker; OpenSSL is told to use them. */
#include "test/lib/cmocka_all.h"
#include "test/unit/tunnel_fixture.h"

#include <openssl/crypto.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
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

/* True if a link could be made and carried a byte there and back. */
static bool try_link(struct fixture *f)
{
    struct error error;
    char byte = 0;
    int fd = -1;
    int in;
    int code = tunnel_connect(f->nodes[0].tunnel, f->nodes[1].id, &fd, &error);

    if (code != ERROR_NONE) {
        assert_int_equal(code, ERROR_NO_MEMORY);
        return false;
    }
    fixture_set_timeouts(fd);
    /* The other end closes what it gets, so that this ends either way. */
    while (fixture_n_accepted(&f->nodes[1]) == f->nodes[1].n_taken &&
           recv(fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0) {
        sched_yield();
    }
    if (fixture_n_accepted(&f->nodes[1]) == f->nodes[1].n_taken) {
        fixture_expect_eof(fd);
        close(fd);
        return false;
    }
    in = fixture_accepted(&f->nodes[1], NULL);
    if (send(in, "x", 1, MSG_NOSIGNAL) != 1) {
        byte = 0;
    }
    close(in);
    if (recv(fd, &byte, 1, 0) != 1) {
        byte = 0;
    }
    close(fd);
    return byte == 'x';
}

static void test_link(void **state)
{
    struct fixture *f = *state;
    bool lacked = true;
    bool done = false;
    int n;

    /* A few allocations are made once only; and each failure is followed by a back-off, which
     * the members' new addresses, that are no others, don't end. */
    assert_true(try_link(f));
    for (n = 0; n < ALLOCATIONS_MAX && lacked; n++) {
        fail_after(n);
        done = try_link(f);
        lacked = end_failing();
        if (f->nodes[1].n_taken == FIXTURE_ACCEPTED_MAX) {
            f->nodes[1].n_taken = 0;
            f->nodes[1].n_accepted = 0;
        }
    }
    assert_false(lacked);
    assert_true(done);
    assert_true(n > 10);
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
