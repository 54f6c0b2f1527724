/* The directory: looking up, its JSON, its file, and a lack of memory.
 *
 * malloc() and calloc() of our own code are wrapped by the linker. */
#include "base/buffer.h"
#include "node/directory.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/temp_dir.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define NEVER (-1)

static _Thread_local int n_left = NEVER;

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);

static bool fails_now(void)
{
    return n_left != NEVER && n_left-- == 0;
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

struct fixture {
    char *path;
    struct state_dir dir;
    struct directory_holder *holder;
};

static int set_up(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct error error;

    assert_non_null(f);
    f->path = temp_dir_new();
    assert_int_equal(state_dir_open(f->path, &f->dir, &error), ERROR_NONE);
    assert_int_equal(directory_holder_open(&f->dir, &f->holder, &error), ERROR_NONE);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;

    directory_holder_close(f->holder);
    state_dir_close(&f->dir);
    temp_dir_remove(f->path);
    free(f);
    return 0;
}

/* Members 1, 3, 5, ...; pins are made of one byte. */
static struct directory *make(int64_t revision, size_t n_members, size_t n_tokens)
{
    struct directory *directory;
    struct error error;

    assert_int_equal(directory_new(n_members, n_tokens, &directory, &error), ERROR_NONE);
    directory->revision = revision;
    for (size_t i = 0; i < n_members; i++) {
        struct directory_member *member = &directory->members[i];

        member->id = 2 * i + 1;
        snprintf(member->name, sizeof member->name, "node-%zu", i);
        snprintf(member->address, sizeof member->address, "[fd00::%zx]:8443", i);
        snprintf(member->raft_address, sizeof member->raft_address, "@lbstate-%zu", i);
        memset(member->pin, (int)i + 1, PIN_SIZE);
    }
    for (size_t i = 0; i < n_tokens; i++) {
        snprintf(directory->tokens[i].name, sizeof directory->tokens[i].name, "new-%zu", i);
        memset(directory->tokens[i].pin, (int)i + 101, PIN_SIZE);
        directory->tokens[i].expires_at = 1700000000;
    }
    return directory;
}

static void test_look_up(void **state)
{
    struct directory *directory = make(1, 3, 2);
    const struct directory_member *member;
    const struct directory_token *token;
    uint8_t pin[PIN_SIZE];

    (void)state;
    assert_ptr_equal(directory_by_id(directory, 3), &directory->members[1]);
    assert_null(directory_by_id(directory, 2));
    assert_ptr_equal(directory_by_name(directory, "node-2"), &directory->members[2]);
    assert_null(directory_by_name(directory, "node"));
    assert_ptr_equal(directory_by_raft_address(directory, "@lbstate-0"), &directory->members[0]);
    assert_null(directory_by_raft_address(directory, ""));

    memset(pin, 2, sizeof pin);
    assert_true(directory_by_pin(directory, pin, &member, &token));
    assert_ptr_equal(member, &directory->members[1]);
    assert_null(token);
    memset(pin, 102, sizeof pin);
    assert_true(directory_by_pin(directory, pin, &member, &token));
    assert_null(member);
    assert_ptr_equal(token, &directory->tokens[1]);
    memset(pin, 0, sizeof pin);
    /* All zeros is what an unset next_pin has: it isn't anybody's. */
    assert_false(directory_by_pin(directory, pin, &member, &token));
    memset(pin, 99, sizeof pin);
    assert_false(directory_by_pin(directory, pin, &member, &token));
    memcpy(directory->members[2].next_pin, pin, sizeof pin);
    directory->members[2].has_next_pin = true;
    assert_true(directory_by_pin(directory, pin, &member, &token));
    assert_ptr_equal(member, &directory->members[2]);
    directory_free(directory);
    directory_free(NULL);
}

static void test_limits(void **state)
{
    struct directory *directory;
    struct error error;

    (void)state;
    assert_int_equal(directory_new(MEMBERS_MAX + 1, 0, &directory, &error), ERROR_TOO_LARGE);
    assert_int_equal(directory_new(0, JOIN_TOKENS_MAX + 1, &directory, &error), ERROR_TOO_LARGE);
    assert_int_equal(directory_new(MEMBERS_MAX, JOIN_TOKENS_MAX, &directory, &error), ERROR_NONE);
    directory_free(directory);
}

static void test_json_round_trip(void **state)
{
    struct directory *directory = make(42, MEMBERS_MAX, JOIN_TOKENS_MAX - 3);
    struct directory *decoded;
    struct buffer json = {0};
    struct buffer again = {0};
    struct error error;

    (void)state;
    memset(directory->members[7].next_pin, 250, PIN_SIZE);
    directory->members[7].has_next_pin = true;
    memset(directory->fingerprint, 'a', PIN_TEXT_SIZE - 1);
    directory_encode(directory, &json);
    assert_int_equal(directory_decode(json.data, json.size, &decoded, &error), ERROR_NONE);
    assert_int_equal(decoded->revision, 42);
    assert_string_equal(decoded->fingerprint, directory->fingerprint);
    assert_int_equal(decoded->n_members, MEMBERS_MAX);
    assert_memory_equal(decoded->members, directory->members,
                        MEMBERS_MAX * sizeof directory->members[0]);
    assert_int_equal(decoded->n_tokens, JOIN_TOKENS_MAX - 3);
    assert_memory_equal(decoded->tokens, directory->tokens,
                        (JOIN_TOKENS_MAX - 3) * sizeof directory->tokens[0]);
    directory_encode(decoded, &again);
    assert_int_equal(again.size, json.size);
    assert_memory_equal(again.data, json.data, json.size);
    buffer_close(&json);
    buffer_close(&again);
    directory_free(directory);
    directory_free(decoded);
}

#define PIN_A "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define PIN_B "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"
#define HEAD  "{\"revision\":1,\"fingerprint\":\"\","
#define MEMBER(ID, NAME, ADDRESS, RAFT, PIN)                                                       \
    "{\"id\":" ID ",\"name\":\"" NAME "\",\"address\":\"" ADDRESS "\",\"raft_address\":\"" RAFT    \
    "\",\"pin\":\"" PIN "\"}"
#define TOKEN(PIN)          "{\"pin\":\"" PIN "\",\"name\":\"x\",\"expires_at\":5}"
#define ONE(MEMBER_TEXT)    HEAD "\"members\":[" MEMBER_TEXT "],\"tokens\":[]}"
#define GOOD(ID, RAFT, PIN) MEMBER(ID, "n" ID, "h:1", RAFT, PIN)

/* Each is one step away from what decodes. */
static const struct {
    const char *json;
    const char *message;
} wrong[] = {
    {"", "Not JSON"},
    {"[]", "members: not a list"},
    {"{\"members\":[],\"tokens\":[]}", "revision: "},
    {"{\"revision\":-1,\"fingerprint\":\"\",\"members\":[],\"tokens\":[]}", "revision: "},
    {"{\"revision\":1,\"members\":[],\"tokens\":[]}", "fingerprint: not a string"},
    {"{\"revision\":1,\"fingerprint\":\"ab\",\"members\":[],\"tokens\":[]}", "fingerprint: not 64"},
    {HEAD "\"members\":[]}", "tokens: not a list"},
    {HEAD "\"members\":[],\"tokens\":[],\"tokens\":[]}", "duplicate"},
    {ONE("7"), "members[0].id"},
    {ONE(MEMBER("0", "n", "h:1", "@r", PIN_A)), "members[0].id: not a positive"},
    {ONE(MEMBER("1", "", "h:1", "@r", PIN_A)), "members[0].name: empty"},
    {ONE(MEMBER("1", "-n", "h:1", "@r", PIN_A)), "members[0].name: not a host"},
    {ONE(MEMBER("1", "n.m", "h:1", "@r", PIN_A)), "members[0].name: not a host"},
    {ONE(MEMBER("1", PIN_A, "h:1", "@r", PIN_A)), "members[0].name: too long"},
    {ONE(MEMBER("1", "n\\u0000", "h:1", "@r", PIN_A)), "members[0].name: has a NUL"},
    {ONE(MEMBER("1", "n", "h", "@r", PIN_A)), "members[0].address: not host:port"},
    {ONE(MEMBER("1", "n", "h:65536", "@r", PIN_A)), "members[0].address: not host:port"},
    {ONE(MEMBER("1", "n", "fd00::1:80", "@r", PIN_A)), "members[0].address: not host:port"},
    {ONE(MEMBER("1", "n", "[]:80", "@r", PIN_A)), "members[0].address: not host:port"},
    {ONE(MEMBER("1", "n", "h:1", "", PIN_A)), "members[0].raft_address: empty"},
    {ONE(MEMBER("1", "n", "h:1", PIN_A, PIN_A)), "members[0].raft_address: too long"},
    {ONE(MEMBER("1", "n", "h:1", "@r", "aa")), "members[0].pin: not 64"},
    {ONE(GOOD("2", "@1", PIN_A) "," GOOD("1", "@2", PIN_B)), "members[1].id: not above"},
    {ONE(GOOD("2", "@1", PIN_A) "," GOOD("2", "@2", PIN_B)), "members[1].id: not above"},
    {ONE(GOOD("1", "@1", PIN_A) "," GOOD("2", "@1", PIN_B)), "members[1].raft_address: stands"},
    {ONE(GOOD("1", "@1", PIN_A) "," GOOD("2", "@2", PIN_A)), "members[1].pin: stands twice"},
    {ONE(GOOD("1", "@1", PIN_A) "," MEMBER("2", "n1", "h:1", "@2", PIN_B)),
     "members[1].name: stands"},
    {HEAD "\"members\":[" GOOD("1", "@1", PIN_A) "],\"tokens\":[" TOKEN(PIN_A) "]}",
     "tokens[0].pin: stands twice"},
    {HEAD "\"members\":[],\"tokens\":[" TOKEN(PIN_A) "," TOKEN(PIN_A) "]}",
     "tokens[1].pin: stands twice"},
    {HEAD "\"members\":[],\"tokens\":[{\"pin\":\"" PIN_A "\",\"name\":\"x\"}]}",
     "tokens[0].expires_at"},
};

static void test_wrong_json(void **state)
{
    struct directory *directory = NULL;
    struct error error;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int code = directory_decode(wrong[i].json, strlen(wrong[i].json), &directory, &error);

        if (code != ERROR_INVALID || strstr(error.message, wrong[i].message) == NULL) {
            fail_msg("%s: %s", wrong[i].json, code == ERROR_NONE ? "taken" : error.message);
        }
    }
    assert_null(directory);
}

static void test_too_many_in_json(void **state)
{
    struct directory *directory;
    struct buffer json = {0};
    struct error error;

    (void)state;
    buffer_append_string(&json, HEAD "\"tokens\":[],\"members\":[0");
    for (size_t i = 0; i < MEMBERS_MAX; i++) {
        buffer_append_string(&json, ",0");
    }
    buffer_append_string(&json, "]}");
    assert_int_equal(directory_decode(json.data, json.size, &directory, &error), ERROR_TOO_LARGE);
    buffer_close(&json);
}

/* Members of objects that a newer version adds. */
static void test_unknown_json_is_ignored(void **state)
{
    static const char json[] = "{\"news\":[{}],\"revision\":1,\"fingerprint\":\"\",\"members\":["
                               "{\"zone\":1,\"id\":1,\"name\":\"n\",\"address\":\"h:1\","
                               "\"raft_address\":\"@r\",\"pin\":\"" PIN_A "\"}],\"tokens\":[]}";
    struct directory *directory;
    struct error error;

    (void)state;
    assert_int_equal(directory_decode(json, sizeof json - 1, &directory, &error), ERROR_NONE);
    assert_int_equal(directory->n_members, 1);
    directory_free(directory);
}

/* --- The holder --- */

static void test_only_newer_is_taken(void **state)
{
    struct fixture *f = *state;
    const struct directory *first;
    const struct directory *second;
    struct error error;
    bool changed = false;

    first = directory_get(f->holder);
    assert_int_equal(first->revision, 0);
    assert_int_equal(first->n_members, 0);
    assert_string_equal(first->fingerprint, "");
    assert_int_equal(directory_holder_set(f->holder, make(5, 2, 1), &changed, &error), ERROR_NONE);
    assert_true(changed);
    assert_int_equal(directory_holder_set(f->holder, make(5, 1, 0), &changed, &error), ERROR_NONE);
    assert_false(changed);
    assert_int_equal(directory_holder_set(f->holder, make(4, 1, 0), NULL, &error), ERROR_NONE);
    second = directory_get(f->holder);
    assert_int_equal(second->revision, 5);
    assert_int_equal(second->n_members, 2);
    /* Who holds the old one still has it. */
    assert_int_equal(first->revision, 0);
    directory_free(first);
    directory_free(second);
}

static void test_it_is_kept(void **state)
{
    struct fixture *f = *state;
    struct directory *wanted = make(9, 3, 2);
    const struct directory *got;
    struct error error;

    assert_int_equal(directory_holder_set(f->holder, make(9, 3, 2), NULL, &error), ERROR_NONE);
    directory_holder_close(f->holder);
    assert_int_equal(directory_holder_open(&f->dir, &f->holder, &error), ERROR_NONE);
    got = directory_get(f->holder);
    assert_int_equal(got->revision, 9);
    assert_int_equal(got->n_members, 3);
    assert_memory_equal(got->members, wanted->members, 3 * sizeof wanted->members[0]);
    assert_memory_equal(got->tokens, wanted->tokens, 2 * sizeof wanted->tokens[0]);
    directory_free(got);
    directory_free(wanted);
}

static void test_damaged_file(void **state)
{
    static const char text[] = "{\"revision\":1}";
    struct fixture *f = *state;
    struct directory_holder *holder;
    struct error error;
    int fd = openat(f->dir.fd, "cluster.json", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    assert_int_equal(write(fd, text, sizeof text - 1), sizeof text - 1);
    close(fd);
    assert_int_equal(directory_holder_open(&f->dir, &holder, &error), ERROR_CORRUPT);
    assert_non_null(strstr(error.message, "cluster.json"));
    assert_non_null(strstr(error.message, "members"));
}

/* What can't be kept isn't taken. */
static void test_failing_disk(void **state)
{
    struct fixture *f = *state;
    const struct directory *got;
    struct error error;
    bool changed = false;

    assert_int_equal(mkdirat(f->dir.fd, "cluster.json.new", 0700), 0);
    assert_int_equal(directory_holder_set(f->holder, make(5, 2, 0), &changed, &error), ERROR_IO);
    assert_false(changed);
    got = directory_get(f->holder);
    assert_int_equal(got->revision, 0);
    directory_free(got);
    assert_int_equal(unlinkat(f->dir.fd, "cluster.json.new", AT_REMOVEDIR), 0);
    assert_int_equal(directory_holder_set(f->holder, make(5, 2, 0), &changed, &error), ERROR_NONE);
    assert_true(changed);
}

static void *read_often(void *arg)
{
    struct directory_holder *holder = arg;
    int64_t last = 0;

    while (last < 20) {
        const struct directory *directory = directory_get(holder);

        if (directory->revision < last || directory->n_members != (size_t)directory->revision) {
            directory_free(directory);
            return "torn, or older than before";
        }
        last = directory->revision;
        directory_free(directory);
    }
    return NULL;
}

static void test_readers_and_a_writer(void **state)
{
    struct fixture *f = *state;
    pthread_t readers[2];
    struct error error;
    void *failure;

    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(pthread_create(&readers[i], NULL, read_often, f->holder), 0);
    }
    for (int64_t revision = 1; revision <= 20; revision++) {
        assert_int_equal(
            directory_holder_set(f->holder, make(revision, (size_t)revision, 0), NULL, &error),
            ERROR_NONE);
    }
    for (size_t i = 0; i < 2; i++) {
        pthread_join(readers[i], &failure);
        assert_null(failure);
    }
}

/* --- Without memory --- */

static int try_all(struct fixture *f, int64_t revision, struct error *error)
{
    struct directory *directory;
    struct directory_holder *holder;
    int code = directory_new(3, 2, &directory, error);

    if (code != ERROR_NONE) {
        return code;
    }
    directory->revision = revision;
    for (size_t i = 0; i < 3; i++) {
        directory->members[i] = (struct directory_member){.id = i + 1,
                                                          .name = {'a', (char)('a' + i)},
                                                          .address = "h:1",
                                                          .raft_address = {'@', (char)('a' + i)},
                                                          .pin = {(uint8_t)i}};
    }
    directory->tokens[0] = (struct directory_token){.name = "x", .pin = {100}};
    directory->tokens[1] = (struct directory_token){.name = "y", .pin = {101}};
    code = directory_holder_set(f->holder, directory, NULL, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = directory_holder_open(&f->dir, &holder, error);
    if (code == ERROR_NONE) {
        directory_holder_close(holder);
    }
    return code;
}

static void test_no_memory(void **state)
{
    struct fixture *f = *state;
    struct error error;
    int code = ERROR_NO_MEMORY;
    int n;

    for (n = 0; n < 1000 && code == ERROR_NO_MEMORY; n++) {
        n_left = n;
        code = try_all(f, n + 1, &error);
        n_left = NEVER;
    }
    assert_int_equal(code, ERROR_NONE);
    assert_true(n > 6);
}

#define TEST(NAME) cmocka_unit_test_setup_teardown(NAME, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_look_up),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_json_round_trip),
        cmocka_unit_test(test_wrong_json),
        cmocka_unit_test(test_too_many_in_json),
        cmocka_unit_test(test_unknown_json_is_ignored),
        TEST(test_only_newer_is_taken),
        TEST(test_it_is_kept),
        TEST(test_damaged_file),
        TEST(test_failing_disk),
        TEST(test_readers_and_a_writer),
        TEST(test_no_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
