/* What Incus answered about a cluster of three. */
#include "test/unit/api_cluster_world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The transcript NAME of a cluster of three, replayed. STATUS and INSTEAD: a wanted deviation from
 * the status (0: none), and of a part of the body ("": none). */
static void replay(struct world *w, const char *name, int status, const char *part,
                   const char *instead)
{
    const char *top = getenv("srcdir");
    char path[512];
    json_error_t reason;
    json_t *transcript;
    const char *if_match = NULL;
    char if_match_line[128];
    const char *headers[] = {NULL, NULL};
    struct loop_answer answer;
    char *expected;
    char *found;
    const json_t *request;
    const json_t *response;
    const char *etag = NULL;
    json_t *list;
    const json_t *pair;
    size_t i;

    snprintf(path, sizeof path, "%s/test/data/golden/cluster/%s.json", top == NULL ? "." : top,
             name);
    transcript = json_load_file(path, 0, &reason);
    if (transcript == NULL) {
        fail_msg("%s: %s", path, reason.text);
    }
    request = json_object_get(transcript, "request");
    response = json_object_get(transcript, "response");
    if_match = json_string_value(json_object_get(json_object_get(request, "headers"), "If-Match"));
    list = json_object_get(response, "headers");
    json_array_foreach(list, i, pair)
    {
        if (strcmp(json_string_value(json_array_get(pair, 0)), "Etag") == 0) {
            etag = json_string_value(json_array_get(pair, 1));
        }
    }
    if (if_match != NULL) {
        snprintf(if_match_line, sizeof if_match_line, "If-Match: %s", if_match);
        headers[0] = if_match_line;
    }
    expected = strdup(json_text_at(response, "body"));
    assert_non_null(expected);
    found = *part == '\0' ? NULL : strstr(expected, part);
    if (*part != '\0') {
        assert_non_null(found);
        assert_int_equal(strlen(part), strlen(instead));
        memcpy(found, instead, strlen(instead));
    }
    answer = world_perform(w, json_text_at(request, "method"), json_text_at(request, "path"),
                           json_string_value(json_object_get(request, "body")), headers);
    assert_int_equal(answer.status, status == 0
                                        ? json_integer_value(json_object_get(response, "status"))
                                        : status);
    assert_string_equal(answer.body, expected);
    if (etag == NULL) {
        assert_null(answer.etag);
    } else {
        assert_non_null(answer.etag);
        assert_string_equal(answer.etag, etag);
    }
    free(expected);
    loop_answer_close(&answer);
    json_decref(transcript);
}

static void the_recorded_answers_are_given(void **state)
{
    struct world w;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    replay(&w, "cluster-members", 0, "", "");
    replay(&w, "cluster-members-recursion1", 0, "", "");
    replay(&w, "cluster-members-filter", 0, "", "");
    replay(&w, "cluster-member-n1", 0, "", "");
    replay(&w, "cluster-member-missing", 0, "", "");
    replay(&w, "cluster-groups", 0, "", "");
    replay(&w, "lb-get-target-bad", 0, "", "");
    replay(&w, "member-put-roles", 0, "", "");
    replay(&w, "member-put-remove-db-role", 0, "", "");
    replay(&w, "member-put-stale", 0, "", "");
    /* What the client did wrong isn't the server's failure. */
    replay(&w, "member-put-badrole", 400, "\"error_code\":500", "\"error_code\":400");
    world_expect(&w, "POST", "/1.0/networks",
                 "{\"name\":\"UPLINK\",\"type\":\"physical\",\"config\":{\"parent\":\"eth1\"}}",
                 201, NULL);
    replay(&w, "cluster", 0, "", "");
    world_close(&w);
}

/* The operation of a token, but for what is drawn: its id and secret, and times. */
static void a_token_looks_as_recorded(void **state)
{
    const char *top = getenv("srcdir");
    static const char *const drawn[] = {"id", "created_at", "updated_at"};
    static const char *const drawn_metadata[] = {"expiresAt", "fingerprint", "secret"};
    char path[512];
    struct world w;
    json_t *transcript;
    json_t *wanted;
    json_t *found;

    world_open(&w, *state, 3);
    world_add_records(&w, 3);
    snprintf(path, sizeof path, "%s/test/data/golden/cluster/join-token.json",
             top == NULL ? "." : top);
    transcript = json_load_file(path, 0, NULL);
    assert_non_null(transcript);
    wanted = json_loads(json_text_at(json_object_get(transcript, "response"), "body"), 0, NULL);
    assert_non_null(wanted);
    found = world_fetch(&w, "POST", "/1.0/cluster/members", "{\"server_name\": \"n4\"}", 202);
    for (size_t i = 0; i < 3; i++) {
        json_t *operation = json_object_get(wanted, "metadata");

        assert_int_equal(json_object_set(operation, drawn[i], json_object_get(found, drawn[i])), 0);
        assert_int_equal(
            json_object_set(json_object_get(operation, "metadata"), drawn_metadata[i],
                            json_object_get(json_object_get(found, "metadata"), drawn_metadata[i])),
            0);
    }
    assert_true(json_equal(json_object_get(wanted, "metadata"), found));
    json_decref(found);
    json_decref(wanted);
    json_decref(transcript);
    world_close(&w);
}

#define TEST(NAME)                                                                                 \
    cmocka_unit_test_setup_teardown(NAME, store_fixture_set_up, store_fixture_tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_recorded_answers_are_given),
        TEST(a_token_looks_as_recorded),
    };

    return cmocka_run_group_tests_name("api cluster recorded", tests, NULL, NULL);
}
