/* The transactions of members and join tokens, on the real engine. */
#include "store/members.h"

#include "base/clock.h"
#include "lb/cluster_member.h"
#include "store/server.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/store_fixture.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define NOW_S 1000000

struct call {
    struct store_member_request request;
    bool done;
};

/* 64 digits that are D. */
static const char *pin(char d)
{
    static char pins[128][PIN_TEXT_SIZE];
    char *text = pins[(unsigned char)d];

    memset(text, d, PIN_TEXT_SIZE - 1);
    return text;
}

#define FINGERPRINT pin('f')

static void on_done(struct store_request *request)
{
    struct call *call = request->data;

    call->done = true;
}

static enum error_code perform(struct store_fixture *f, struct call *call, store_run run)
{
    struct store_request *base = &call->request.base;

    call->done = false;
    store_request_init(base);
    base->data = call;
    base->kind = run == store_member_get_all ? STORE_READ : STORE_WRITE;
    base->name = "member";
    base->run = run;
    base->done = on_done;
    base->deadline_us = clock_monotonic_us() + 30 * UINT64_C(1000000);
    store_submit(f->store, base);
    store_fixture_run_until(f, &call->done);
    return base->error.code;
}

static void close_call(struct call *call)
{
    arena_close(&call->request.base.arena);
}

static void assert_message(const struct call *call, const char *words)
{
    if (strstr(call->request.base.error.message, words) == NULL) {
        fail_msg("\"%s\" has no \"%s\"", call->request.base.error.message, words);
    }
}

/* Performs what must fail. */
static void assert_refused(struct store_fixture *f, struct call *call, store_run run,
                           enum error_code code, const char *words)
{
    int64_t before = store_fixture_integer(f, "SELECT revision FROM store_revision");

    assert_int_equal(perform(f, call, run), code);
    assert_message(call, words);
    close_call(call);
    assert_int_equal(store_fixture_integer(f, "SELECT revision FROM store_revision"), before);
}

static void assert_done(struct store_fixture *f, struct call *call, store_run run)
{
    if (perform(f, call, run) != ERROR_NONE) {
        fail_msg("%s", call->request.base.error.message);
    }
}

static struct cluster_member make_member(const char *name, const char *address, char key)
{
    static char raft_addresses[128][16];

    snprintf(raft_addresses[(unsigned char)key], 16, "@lbstate-%c", key);
    return (struct cluster_member){
        .name = name,
        .address = address,
        .raft_address = raft_addresses[(unsigned char)key],
        .key_pin = pin(key),
    };
}

static void enable(struct store_fixture *f)
{
    const struct cluster_member member = make_member("n1", "127.0.0.1:8443", '1');
    struct call call = {.request = {.member = &member, .fingerprint = FINGERPRINT}};

    assert_done(f, &call, store_member_enable);
    close_call(&call);
}

static struct call token_call(struct cluster_token *token, const char *name, char key)
{
    *token = (struct cluster_token){
        .name = name,
        .key_pin = pin(key),
        .proof_key = pin('e'),
        .operation_id = name,
        .created_at = NOW_S,
        .expires_at = NOW_S + 100,
        .used_by = "",
    };
    return (struct call){.request = {.token = token, .now_s = NOW_S}};
}

static void create_token(struct store_fixture *f, const char *name, char key)
{
    struct cluster_token token;
    struct call call = token_call(&token, name, key);

    assert_done(f, &call, store_member_token_create);
    close_call(&call);
}

static struct call join_call(struct cluster_token *token, const struct cluster_member *member,
                             char key)
{
    struct call call = token_call(token, "", key);

    call.request.member = member;
    call.request.fingerprint = FINGERPRINT;
    return call;
}

/* Makes a token, and has a node join with it. */
static void add_member(struct store_fixture *f, const char *name, const char *address, char key)
{
    const struct cluster_member member = make_member(name, address, key);
    char token_key = (char)(key + 'a' - '1');
    struct cluster_token token;
    struct call call = join_call(&token, &member, token_key);

    create_token(f, name, token_key);
    assert_done(f, &call, store_member_join);
    close_call(&call);
}

static void the_first_member_makes_the_cluster(void **state)
{
    struct store_fixture *f = *state;
    const struct cluster_member member = make_member("n1", "127.0.0.1:8443", '1');
    struct call call = {.request = {.member = &member, .fingerprint = FINGERPRINT}};
    struct call all = {0};

    store_fixture_open(f);
    assert_done(f, &all, store_member_get_all);
    assert_int_equal(all.request.n_members, 0);
    assert_string_equal(all.request.cluster_fingerprint, "");
    close_call(&all);

    enable(f);
    assert_refused(f, &call, store_member_enable, ERROR_CONFLICT, "clustered already");

    assert_done(f, &all, store_member_get_all);
    assert_int_equal(all.request.n_members, 1);
    assert_int_equal(all.request.members[0].id, 1);
    assert_string_equal(all.request.members[0].name, "n1");
    assert_string_equal(all.request.members[0].failure_domain, "default");
    assert_int_equal(all.request.members[0].n_groups, 1);
    assert_string_equal(all.request.members[0].groups[0], "default");
    assert_int_equal(all.request.members[0].n_roles, 0);
    assert_string_equal(all.request.cluster_fingerprint, FINGERPRINT);
    close_call(&all);
    store_fixture_close(f, 1000);
}

static void a_token_lets_one_node_in(void **state)
{
    struct store_fixture *f = *state;
    const struct cluster_member n2 = make_member("n2", "127.0.0.2:8443", '2');
    const struct cluster_member n3 = make_member("n2", "127.0.0.3:8443", '3');
    struct cluster_token token;
    struct call call = join_call(&token, &n2, 'a');
    struct call other = join_call(&token, &n3, 'a');
    struct directory *directory;
    struct call all = {0};
    struct error error;
    int64_t revision;

    store_fixture_open(f);
    enable(f);
    create_token(f, "n2", 'a');
    assert_done(f, &call, store_member_join);
    assert_int_equal(call.request.n_members, 1);
    assert_int_equal(call.request.members[0].id, 2);
    assert_string_equal(call.request.tokens[0].proof_key, pin('e'));
    assert_string_equal(call.request.cluster_fingerprint, FINGERPRINT);
    revision = call.request.base.revision;
    close_call(&call);

    /* The same node again, even when the token has run out. */
    call.request.now_s = NOW_S + 1000;
    assert_done(f, &call, store_member_join);
    assert_int_equal(call.request.members[0].id, 2);
    assert_int_equal(call.request.base.revision, revision);
    close_call(&call);
    assert_refused(f, &other, store_member_join, ERROR_FORBIDDEN, "used by another server");

    assert_done(f, &all, store_member_get_all);
    assert_int_equal(all.request.n_members, 2);
    assert_int_equal(all.request.n_tokens, 1);
    assert_string_equal(all.request.tokens[0].used_by, pin('2'));
    assert_false(store_token_is_live(&all.request.tokens[0], NOW_S));
    assert_int_equal(store_member_directory(&all.request, &directory, &error), ERROR_NONE);
    assert_int_equal(directory->revision, revision);
    assert_string_equal(directory->fingerprint, FINGERPRINT);
    assert_int_equal(directory->n_members, 2);
    assert_int_equal(directory->members[1].id, 2);
    assert_string_equal(directory->members[1].name, "n2");
    assert_string_equal(directory->members[1].raft_address, "@lbstate-2");
    assert_int_equal(directory->members[1].pin[0], 0x22);
    assert_false(directory->members[1].has_next_pin);
    assert_int_equal(directory->n_tokens, 1);
    directory_free(directory);
    close_call(&all);
    store_fixture_close(f, 1000);
}

static void who_may_not_join_learns_why(void **state)
{
    struct store_fixture *f = *state;
    const struct cluster_member n2 = make_member("n2", "127.0.0.2:8443", '2');
    const struct cluster_member n5 = make_member("n5", "127.0.0.2:8443", '2');
    const struct cluster_member same_address = make_member("n2", "127.0.0.1:8443", '2');
    const struct cluster_member same_key = make_member("n2", "127.0.0.2:8443", '1');
    struct cluster_token token;
    struct call call = join_call(&token, &n2, 'a');

    store_fixture_open(f);
    enable(f);
    create_token(f, "n2", 'a');

    call.request.fingerprint = pin('0');
    assert_refused(f, &call, store_member_join, ERROR_FORBIDDEN, "of another cluster");
    call.request.fingerprint = FINGERPRINT;

    call.request.now_s = NOW_S + 100;
    assert_refused(f, &call, store_member_join, ERROR_FORBIDDEN, "has expired");
    call.request.now_s = NOW_S + 99;

    call.request.member = &n5;
    assert_refused(f, &call, store_member_join, ERROR_FORBIDDEN, "not for \"n5\"");
    call.request.member = &same_address;
    assert_refused(f, &call, store_member_join, ERROR_CONFLICT, "address: 127.0.0.1:8443");
    call.request.member = &same_key;
    assert_refused(f, &call, store_member_join, ERROR_CONFLICT, "same key");
    call.request.member = &n2;
    token.key_pin = pin('9');
    assert_refused(f, &call, store_member_join, ERROR_FORBIDDEN, "doesn't know this join token");
    token.key_pin = pin('a');
    assert_done(f, &call, store_member_join);
    close_call(&call);
    store_fixture_close(f, 1000);
}

static void a_removed_member_cannot_come_back_with_its_token(void **state)
{
    struct store_fixture *f = *state;
    const struct cluster_member n2 = make_member("n2", "127.0.0.2:8443", '2');
    struct cluster_token token;
    struct call join = join_call(&token, &n2, 'b');
    struct call call = {.request = {.name = "n2"}};

    store_fixture_open(f);
    enable(f);
    add_member(f, "n2", "127.0.0.2:8443", '2');
    assert_done(f, &call, store_member_delete);
    close_call(&call);
    assert_int_equal(
        store_fixture_integer(f, "SELECT count(*) FROM store_tombstones WHERE name = 'n2'"), 1);
    assert_refused(f, &join, store_member_join, ERROR_FORBIDDEN, "there no more");

    /* Its id isn't used again. */
    add_member(f, "n2", "127.0.0.2:8443", '3');
    assert_int_equal(store_fixture_integer(f, "SELECT id FROM cluster_members WHERE name = 'n2'"),
                     3);

    assert_done(f, &call, store_member_delete);
    close_call(&call);
    assert_refused(f, &call, store_member_delete, ERROR_NOT_FOUND, "Cluster member not found");
    call.request.name = "n1";
    assert_refused(f, &call, store_member_delete, ERROR_FORBIDDEN, "the last one");
    store_fixture_close(f, 1000);
}

static void tokens_are_replaced_revoked_and_forgotten(void **state)
{
    struct store_fixture *f = *state;
    struct cluster_token token;
    struct call call = token_call(&token, "n2", 'a');
    struct call del = {.request = {.name = "n2", .now_s = NOW_S}};

    store_fixture_open(f);
    assert_refused(f, &call, store_member_token_create, ERROR_INVALID, "not clustered");
    enable(f);
    assert_refused(f, &del, store_member_token_delete, ERROR_NOT_FOUND,
                   "There is no join token for \"n2\"");
    create_token(f, "n2", 'a');
    create_token(f, "n2", 'b');
    assert_int_equal(store_fixture_integer(f, "SELECT count(*) FROM cluster_tokens"), 1);
    token.name = "n1";
    assert_refused(f, &call, store_member_token_create, ERROR_CONFLICT, "with name: n1");
    assert_done(f, &del, store_member_token_delete);
    close_call(&del);
    assert_refused(f, &del, store_member_token_delete, ERROR_NOT_FOUND,
                   "There is no join token for \"n2\"");

    /* By its operation. */
    create_token(f, "n3", 'c');
    token.operation_id = "n3";
    del.request.name = NULL;
    del.request.token = &token;
    assert_done(f, &del, store_member_token_delete);
    close_call(&del);

    /* One that ended stays for a day. */
    create_token(f, "n4", 'd');
    token.name = "n5";
    token.key_pin = pin('5');
    call.request.now_s = NOW_S + 100 + STORE_TOKEN_KEPT_S;
    token.expires_at = call.request.now_s + 10;
    assert_done(f, &call, store_member_token_create);
    close_call(&call);
    assert_int_equal(store_fixture_integer(f, "SELECT count(*) FROM cluster_tokens"), 2);
    token.name = "n6";
    token.key_pin = pin('6');
    call.request.now_s++;
    assert_done(f, &call, store_member_token_create);
    close_call(&call);
    assert_int_equal(
        store_fixture_integer(f, "SELECT count(*) FROM cluster_tokens WHERE name = 'n4'"), 0);
    assert_int_equal(store_fixture_integer(f, "SELECT count(*) FROM cluster_tokens"), 2);
    store_fixture_close(f, 1000);
}

static void tokens_and_members_are_limited(void **state)
{
    struct store_fixture *f = *state;
    struct cluster_member member = make_member("", "", '2');
    struct cluster_token token;
    struct call call = token_call(&token, "", 'a');
    char name[16];
    char key[PIN_TEXT_SIZE];
    char address[32];

    store_fixture_open(f);
    enable(f);
    token.name = name;
    token.key_pin = key;
    for (int i = 0; i < JOIN_TOKENS_MAX; i++) {
        snprintf(name, sizeof name, "t%d", i);
        snprintf(key, sizeof key, "%064d", i);
        assert_done(f, &call, store_member_token_create);
        close_call(&call);
    }
    snprintf(name, sizeof name, "more");
    snprintf(key, sizeof key, "%064d", 1000);
    assert_refused(f, &call, store_member_token_create, ERROR_TOO_LARGE, "64 join tokens");
    /* One that ended makes room. */
    call.request.now_s = NOW_S + 100;
    token.expires_at = NOW_S + 200;
    assert_done(f, &call, store_member_token_create);
    close_call(&call);
    assert_int_equal(store_fixture_integer(f, "SELECT count(*) FROM cluster_tokens"),
                     JOIN_TOKENS_MAX);

    member.name = name;
    member.address = address;
    member.raft_address = address;
    member.key_pin = key;
    call.request.member = &member;
    call.request.fingerprint = FINGERPRINT;
    for (int i = 2; i <= MEMBERS_MAX; i++) {
        snprintf(name, sizeof name, "m%d", i);
        snprintf(key, sizeof key, "%064d", 2000 + i);
        snprintf(address, sizeof address, "127.0.0.%d:8443", i);
        assert_done(f, &call, store_member_token_create);
        close_call(&call);
        if (i < MEMBERS_MAX) {
            assert_done(f, &call, store_member_join);
            close_call(&call);
        }
    }
    /* Two tokens for one place: who comes second finds the cluster full. */
    snprintf(name, sizeof name, "last");
    snprintf(key, sizeof key, "%064d", 3000);
    assert_done(f, &call, store_member_token_create);
    close_call(&call);
    snprintf(name, sizeof name, "m%d", MEMBERS_MAX);
    snprintf(key, sizeof key, "%064d", 2000 + MEMBERS_MAX);
    assert_done(f, &call, store_member_join);
    close_call(&call);
    snprintf(name, sizeof name, "last");
    snprintf(key, sizeof key, "%064d", 3000);
    snprintf(address, sizeof address, "127.0.0.200:8443");
    assert_refused(f, &call, store_member_join, ERROR_TOO_LARGE, "at most 64 members");
    snprintf(name, sizeof name, "never");
    assert_refused(f, &call, store_member_token_create, ERROR_TOO_LARGE, "at most 64 members");
    store_fixture_close(f, 1000);
}

static void an_update_changes_what_is_named(void **state)
{
    static const char *const raft_roles[] = {CLUSTER_ROLE_VOTER};
    struct store_fixture *f = *state;
    const char *roles[] = {"database", "ovn-chassis", "ovn-chassis"};
    const char *groups[] = {"default"};
    struct store_member_change change = {
        .description = "d2",
        .roles = roles,
        .n_roles = 3,
        .has_roles = true,
        .groups = groups,
        .n_groups = 1,
        .has_groups = true,
        .raft_roles = raft_roles,
        .n_raft_roles = 1,
    };
    struct call call = {.request = {.name = "n2", .change = &change}};
    struct call all = {0};
    const struct cluster_member *n2;
    char etag[ETAG_SIZE];
    struct error error;
    int64_t revision;

    store_fixture_open(f);
    enable(f);
    add_member(f, "n2", "127.0.0.2:8443", '2');
    assert_done(f, &call, store_member_update);
    revision = call.request.base.revision;
    close_call(&call);
    assert_done(f, &call, store_member_update);
    assert_int_equal(call.request.base.revision, revision);
    close_call(&call);

    assert_done(f, &all, store_member_get_all);
    n2 = &all.request.members[1];
    assert_string_equal(n2->description, "d2");
    assert_int_equal(n2->n_roles, 1);
    assert_string_equal(n2->roles[0], "ovn-chassis");
    assert_int_equal(n2->revision, revision);
    /* As Incus had it for this record. */
    assert_int_equal(cluster_member_etag(n2, raft_roles, 1, etag, &error), ERROR_NONE);
    assert_string_equal(etag, "13f1bc7eb091a74f67bde105e259b4606d50201ac9cd53ec178702a2a65bdeb2");
    close_call(&all);

    call.request.if_match = "\"x\"";
    assert_refused(f, &call, store_member_update, ERROR_PRECONDITION,
                   "ETag doesn't match: "
                   "13f1bc7eb091a74f67bde105e259b4606d50201ac9cd53ec178702a2a65bdeb2 vs x");
    call.request.if_match = etag;

    roles[2] = "foo";
    assert_refused(f, &call, store_member_update, ERROR_INVALID,
                   "Update roles: Invalid cluster role \"foo\"");
    roles[2] = "event-hub";
    roles[0] = "event-hub";
    assert_refused(f, &call, store_member_update, ERROR_INVALID,
                   "The \"database\" role cannot be dropped at this time");
    change.n_raft_roles = 0;
    roles[0] = "database";
    call.request.if_match = NULL;
    assert_refused(f, &call, store_member_update, ERROR_INVALID,
                   "The \"database\" role cannot be added at this time");
    change.n_raft_roles = 1;
    groups[0] = "nope";
    assert_refused(f, &call, store_member_update, ERROR_INVALID, "group \"nope\" not found");
    change.n_groups = 0;
    assert_refused(f, &call, store_member_update, ERROR_INVALID, "at least one group");
    store_fixture_close(f, 1000);
}

static void a_member_changes_its_own_record(void **state)
{
    struct store_fixture *f = *state;
    struct store_member_change change = {.address = "127.0.0.9:8443", .next_key_pin = pin('7')};
    struct call call = {.request = {.id = 2, .change = &change}};
    struct call all = {0};
    struct directory *directory;
    struct error error;

    store_fixture_open(f);
    enable(f);
    add_member(f, "n2", "127.0.0.2:8443", '2');
    assert_done(f, &call, store_member_update);
    close_call(&call);
    assert_done(f, &all, store_member_get_all);
    assert_string_equal(all.request.members[1].address, "127.0.0.9:8443");
    assert_int_equal(store_member_directory(&all.request, &directory, &error), ERROR_NONE);
    assert_true(directory->members[1].has_next_pin);
    assert_int_equal(directory->members[1].next_pin[0], 0x77);
    directory_free(directory);
    close_call(&all);

    change = (struct store_member_change){.address = "127.0.0.1:8443"};
    assert_refused(f, &call, store_member_update, ERROR_CONFLICT, "address: 127.0.0.1:8443");
    change = (struct store_member_change){.key_pin = pin('1')};
    assert_refused(f, &call, store_member_update, ERROR_CONFLICT, "same key");
    call.request.id = 3;
    assert_refused(f, &call, store_member_update, ERROR_NOT_FOUND, "Cluster member not found");

    /* What decodes to no directory is told, not passed on. */
    call.request.id = 2;
    change = (struct store_member_change){.key_pin = "zz"};
    assert_done(f, &call, store_member_update);
    close_call(&call);
    assert_done(f, &all, store_member_get_all);
    assert_int_equal(store_member_directory(&all.request, &directory, &error), ERROR_CORRUPT);
    close_call(&all);
    store_fixture_close(f, 1000);
}

static void config_is_merged_or_replaced(void **state)
{
    struct store_fixture *f = *state;
    struct string_map config = {0};
    struct store_member_change change = {.config = &config};
    struct call call = {.request = {.name = "n1", .change = &change}};
    struct call all = {0};
    struct arena arena = {0};

    store_fixture_open(f);
    enable(f);
    assert_true(string_map_set(&config, &arena, "user.a", "1"));
    assert_done(f, &call, store_member_update);
    close_call(&call);
    string_map_remove(&config, "user.a");
    assert_true(string_map_set(&config, &arena, "scheduler.instance", "manual"));
    change.merge_config = true;
    assert_done(f, &call, store_member_update);
    close_call(&call);
    assert_done(f, &all, store_member_get_all);
    assert_int_equal(all.request.members[0].config.n_pairs, 2);
    assert_string_equal(string_map_get(&all.request.members[0].config, "user.a"), "1");
    close_call(&all);
    change.merge_config = false;
    assert_done(f, &call, store_member_update);
    close_call(&call);
    assert_done(f, &all, store_member_get_all);
    assert_int_equal(all.request.members[0].config.n_pairs, 1);
    close_call(&all);

    assert_true(string_map_set(&config, &arena, "scheduler.instance", "never"));
    assert_refused(f, &call, store_member_update, ERROR_INVALID,
                   "Invalid cluster configuration key \"scheduler.instance\" value");
    string_map_remove(&config, "scheduler.instance");
    assert_true(string_map_set(&config, &arena, "foo", "1"));
    assert_refused(f, &call, store_member_update, ERROR_INVALID,
                   "Invalid cluster configuration key \"foo\"");
    arena_close(&arena);
    store_fixture_close(f, 1000);
}

static void somebody_must_be_left_to_vote(void **state)
{
    struct store_fixture *f = *state;
    const char *roles[] = {"database-client"};
    struct store_member_change change = {.roles = roles, .n_roles = 1, .has_roles = true};
    struct call call = {.request = {.name = "n2", .change = &change}};

    store_fixture_open(f);
    enable(f);
    add_member(f, "n2", "127.0.0.2:8443", '2');
    assert_done(f, &call, store_member_update);
    close_call(&call);
    call.request.name = "n1";
    assert_refused(f, &call, store_member_update, ERROR_INVALID, "to all nodes is not allowed");
    store_fixture_close(f, 1000);
}

static void a_rename_keeps_the_rest(void **state)
{
    struct store_fixture *f = *state;
    struct call call = {.request = {.name = "n2", .new_name = "n1"}};

    store_fixture_open(f);
    enable(f);
    add_member(f, "n2", "127.0.0.2:8443", '2');
    assert_refused(f, &call, store_member_rename, ERROR_CONFLICT, "with name: n1");
    call.request.new_name = "n9";
    assert_done(f, &call, store_member_rename);
    close_call(&call);
    assert_int_equal(store_fixture_integer(f, "SELECT id FROM cluster_members WHERE name = 'n9'"),
                     2);
    assert_int_equal(
        store_fixture_integer(f, "SELECT count(*) FROM store_tombstones WHERE name = 'n2'"), 1);
    assert_refused(f, &call, store_member_rename, ERROR_NOT_FOUND, "Cluster member not found");
    store_fixture_close(f, 1000);
}

#define TEST(NAME)                                                                                 \
    cmocka_unit_test_setup_teardown(NAME, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_member_makes_the_cluster),
        TEST(a_token_lets_one_node_in),
        TEST(who_may_not_join_learns_why),
        TEST(a_removed_member_cannot_come_back_with_its_token),
        TEST(tokens_are_replaced_revoked_and_forgotten),
        TEST(tokens_and_members_are_limited),
        TEST(an_update_changes_what_is_named),
        TEST(a_member_changes_its_own_record),
        TEST(config_is_merged_or_replaced),
        TEST(somebody_must_be_left_to_vote),
        TEST(a_rename_keeps_the_rest),
    };

    return cmocka_run_group_tests_name("store members", tests, NULL, NULL);
}
