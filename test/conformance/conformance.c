/* conformance - replays the transcripts of a real Incus server against lbstated.
 *
 * Every case is sent as it was recorded, in order, each on a connection of its
 * own, and the answer is compared with what rules.h makes of the recorded one:
 * status, the headers that mean something, and the bytes of the body but for
 * what the server draws. Prints a line a case. Fails if a case fails that isn't
 * listed in expected-failures, if one that is listed passes, or if less than
 * LIMIT_PERCENT of all cases pass. */
#include "test/conformance/go_json.h"
#include "test/conformance/rules.h"
#include "test/conformance/transcript.h"
#include "test/lib/daemon.h"
#include "test/lib/http_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LIMIT_PERCENT   80
#define TIMEOUT_MS      60000
#define MAX_HEADERS     8
#define MAX_HEADER_SIZE 512

struct run {
    struct transcript transcript;
    struct etags etags;
    json_t *deviations;        /* Case name -> entry. */
    json_t *expected_failures; /* Case name -> reason. */
    struct daemon daemon;
    size_t passed;
    size_t known;      /* Failed as expected-failures says. */
    size_t unexpected; /* Failed, or passed against expected-failures. */
};

/* ---- What is known before ---- */

static void load_deviations(const struct transcript *transcript, json_t **ret_map)
{
    static const char path[] = TEST_DIR "/conformance/deviations.json";
    json_error_t error;
    json_t *list;
    json_t *entry;
    size_t i;

    list = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    if (list == NULL) {
        fprintf(stderr, "conformance: %s: line %d: %s\n", path, error.line, error.text);
        exit(1);
    }
    *ret_map = json_object();
    json_array_foreach(list, i, entry)
    {
        const char *name;

        rules_check_deviation(entry);
        name = json_string_value(json_object_get(entry, "case"));
        transcript_find(transcript, name);
        if (json_object_get(*ret_map, name) != NULL) {
            fprintf(stderr, "conformance: %s: %s stands there twice\n", path, name);
            exit(1);
        }
        json_object_set(*ret_map, name, entry);
    }
    json_decref(list);
}

/* Lines `CASE: REASON`; empty ones and those that begin with # say nothing. */
static void load_expected_failures(const struct transcript *transcript, json_t **ret_map)
{
    static const char path[] = TEST_DIR "/conformance/expected-failures";
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    FILE *file;

    file = fopen(path, "re");
    if (file == NULL) {
        fprintf(stderr, "conformance: %s can't be opened\n", path);
        exit(1);
    }
    *ret_map = json_object();
    while ((size = getline(&line, &capacity, file)) > 0) {
        char *colon = strstr(line, ": ");

        line[strcspn(line, "\n")] = '\0';
        if (line[0] == '#' || line[0] == '\0') {
            continue;
        }
        if (colon == NULL || colon[2] == '\0') {
            fprintf(stderr, "conformance: %s: no reason in \"%s\"\n", path, line);
            exit(1);
        }
        *colon = '\0';
        transcript_find(transcript, line);
        json_object_set_new(*ret_map, line, json_string(colon + 2));
    }
    free(line);
    fclose(file);
}

/* ---- Requests ---- */

static void take_answer(struct http_answer *from, struct answer *ret_answer)
{
    ret_answer->status = from->status;
    for (size_t i = 0; i < N_HEADERS; i++) {
        ret_answer->headers[i] = http_answer_header(from, header_names[i]);
    }
    ret_answer->text = from->body;
    from->body = NULL;
    ret_answer->json = answer_parse(ret_answer->text);
    http_answer_close(from);
}

static void send_recorded(const struct run *run, const struct recorded *recorded,
                          struct answer *ret_answer)
{
    char headers[MAX_HEADERS][MAX_HEADER_SIZE];
    const char *lines[MAX_HEADERS + 1] = {NULL};
    struct http_request request = {.method = recorded->method,
                                   .path = recorded->path,
                                   .headers = lines,
                                   .body = recorded->body,
                                   .body_size = recorded->body_size};
    struct http_answer answer = {0};
    size_t n = 0;
    const char *name;
    json_t *value;

    memset(ret_answer, 0, sizeof *ret_answer);
    json_object_foreach(recorded->headers, name, value)
    {
        const char *text = json_string_value(value);

        if (n == MAX_HEADERS) {
            break;
        }
        if (strcmp(name, "If-Match") == 0 && recorded->if_match_from != NULL) {
            const char *etag =
                json_string_value(json_object_get(run->etags.received, recorded->if_match_from));

            snprintf(headers[n], MAX_HEADER_SIZE, "If-Match: \"%s\"", etag == NULL ? "" : etag);
        } else {
            snprintf(headers[n], MAX_HEADER_SIZE, "%s: %s", name, text);
        }
        lines[n] = headers[n];
        n++;
    }
    if (http_send(run->daemon.socket, &request, TIMEOUT_MS, &answer) == HTTP_ANSWERED) {
        take_answer(&answer, ret_answer);
    }
}

/* Sends {method, path, body} and returns the status, 0 for no answer. */
static int send_plain(const struct run *run, const json_t *request)
{
    const json_t *body = json_object_get(request, "body");
    char *text = body == NULL ? NULL : json_dumps(body, 0);
    struct http_answer answer = {0};
    int status = 0;

    if (http_call(run->daemon.socket, json_string_value(json_object_get(request, "method")),
                  json_string_value(json_object_get(request, "path")), text,
                  &answer) == HTTP_ANSWERED) {
        status = answer.status;
        http_answer_close(&answer);
    }
    free(text);
    return status;
}

/* ---- Comparison ---- */

/* Puts TEXT before what is known of a difference and returns false. */
static bool differs(FILE *report, const char *what, const char *expected, const char *received)
{
    fprintf(report, "    %s\n      expected: %s\n      received: %s\n", what,
            expected == NULL ? "(none)" : expected, received == NULL ? "(none)" : received);
    return false;
}

static bool same_text(const char *a, const char *b)
{
    return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool compare_status(FILE *report, const struct answer *expected,
                           const struct answer *received)
{
    char left[16];
    char right[16];

    if (expected->status == received->status) {
        return true;
    }
    snprintf(left, sizeof left, "%d", expected->status);
    snprintf(right, sizeof right, "%d", received->status);
    return differs(report, "status (0: no answer)", left, right);
}

static bool compare_headers(FILE *report, const struct expected *expected,
                            const struct answer *received)
{
    bool same = true;

    for (size_t i = 0; i < N_HEADERS; i++) {
        const char *value = expected->answer.headers[i];
        char *etag = NULL;

        if (i == HEADER_ETAG && expected->computes_etag) {
            /* Over what was received, because that holds what the server drew;
             * that the rest of it is as expected, compare_body() sees to. */
            etag = rules_etag(json_object_get(received->json, "metadata"));
            value = etag;
        }
        if (!same_text(value, received->headers[i])) {
            same = differs(report, header_names[i], value, received->headers[i]);
        }
        free(etag);
    }
    return same;
}

/* If our own words follow on what is expected, and hold what they must, they
 * become part of it. */
static void adopt_own_words(const struct expected *expected, const struct answer *received,
                            json_t *body)
{
    const char *start = json_string_value(json_object_get(body, "error"));
    const char *error = json_string_value(json_object_get(received->json, "error"));
    const char *words;

    if (!expected->own_words || error == NULL || strncmp(error, start, strlen(start)) != 0) {
        return;
    }
    words = error + strlen(start);
    if (words[0] != '\0' && strstr(words, "strconv.") == NULL && strstr(words, "json: ") == NULL &&
        (expected->own_words_hold == NULL || strstr(words, expected->own_words_hold) != NULL)) {
        json_object_set_new(body, "error", json_string(error));
    }
}

static bool compare_body(FILE *report, const struct expected *expected,
                         const struct answer *received)
{
    json_t *left;
    json_t *right;
    char *left_text;
    char *right_text;
    char *again;
    bool same = true;

    if (expected->answer.json == NULL) {
        return same_text(expected->answer.text, received->text) ||
               differs(report, "body", expected->answer.text, received->text);
    }
    if (received->json == NULL) {
        return differs(report, "body", "JSON", received->text);
    }
    again = go_json_encode(received->json, false);
    if (strncmp(again, received->text, strlen(again)) != 0 ||
        strcmp(received->text + strlen(again), "\n") != 0) {
        same = differs(report, "body: encoding", again, received->text);
    }
    free(again);

    left = json_deep_copy(expected->answer.json);
    right = json_deep_copy(received->json);
    adopt_own_words(expected, received, left);
    rules_mask(left);
    rules_mask(right);
    left_text = go_json_encode(left, false);
    right_text = go_json_encode(right, false);
    if (strcmp(left_text, right_text) != 0) {
        same = differs(report, "body", left_text, right_text);
    }
    free(left_text);
    free(right_text);
    json_decref(left);
    json_decref(right);
    return same;
}

/* ---- One case ---- */

static void remember_etag(struct run *run, const struct recorded *recorded,
                          const struct answer *received)
{
    const char *before = recorded->answer.headers[HEADER_ETAG];
    const char *now = received->headers[HEADER_ETAG];
    char by_case[128];
    json_t *etag;

    if (before == NULL || now == NULL || strlen(before) != 66 || strlen(now) != 66) {
        return;
    }
    etag = json_stringn(now + 1, 64);
    snprintf(by_case, sizeof by_case, "{etag:%s}", recorded->name);
    json_object_set(run->etags.received, by_case, etag);
    json_object_set(run->etags.received, recorded->name, etag);
    /* The recorded hash as a key: it stands in the texts of later answers. */
    {
        char hash[65];

        snprintf(hash, sizeof hash, "%.64s", before + 1);
        json_object_set(run->etags.received, hash, etag);
    }
    json_decref(etag);
}

/* Requests that bring the world back to the recorded one. REPORT may be NULL. */
static bool send_all(const struct run *run, const json_t *requests, FILE *report)
{
    bool ok = true;
    json_t *request;
    size_t i;

    json_array_foreach(requests, i, request)
    {
        int status = send_plain(run, request);

        if (report != NULL && (status < 200 || status > 299)) {
            fprintf(report, "    afterwards, %s %s: status %d\n",
                    json_string_value(json_object_get(request, "method")),
                    json_string_value(json_object_get(request, "path")), status);
            ok = false;
        }
    }
    return ok;
}

/* A create that should have been refused must not change the cases to come. */
static void undo_wrong_create(const struct run *run, const struct recorded *recorded,
                              const struct expected *expected, const struct answer *received)
{
    if (strcmp(recorded->method, "POST") == 0 && expected->answer.status >= 400 &&
        received->status == 201 && received->headers[HEADER_LOCATION] != NULL) {
        json_t *request =
            json_pack("{s:s, s:s}", "method", "DELETE", "path", received->headers[HEADER_LOCATION]);

        send_plain(run, request);
        json_decref(request);
    }
}

static bool run_case(struct run *run, const struct recorded *recorded, FILE *report)
{
    const json_t *deviation = json_object_get(run->deviations, recorded->name);
    struct expected expected;
    struct answer received;
    bool passed;

    rules_expect(recorded, &run->transcript, deviation, &run->etags, &expected);
    send_recorded(run, recorded, &received);
    remember_etag(run, recorded, &received);

    passed = compare_status(report, &expected.answer, &received);
    if (received.status != 0) {
        passed = compare_headers(report, &expected, &received) && passed;
        passed = compare_body(report, &expected, &received) && passed;
    }
    undo_wrong_create(run, recorded, &expected, &received);
    /* What lbstate owes a refusal leaves nothing to clean up. */
    if (!send_all(run, recorded->cleanup, expected.answer.status < 300 ? report : NULL)) {
        passed = false;
    }
    if (!send_all(run, json_object_get(deviation, "then"), report)) {
        passed = false;
    }
    answer_close(&received);
    expected_close(&expected);
    return passed;
}

static void count_case(struct run *run, const struct recorded *recorded)
{
    const char *reason = json_string_value(json_object_get(run->expected_failures, recorded->name));
    char *text = NULL;
    size_t size = 0;
    FILE *report = open_memstream(&text, &size);
    bool passed;

    if (report == NULL) {
        abort();
    }
    passed = run_case(run, recorded, report);
    fclose(report);
    if (passed) {
        run->passed++;
    }
    if (passed && reason == NULL) {
        printf("[       OK ] %s\n", recorded->name);
    } else if (!passed && reason != NULL) {
        run->known++;
        printf("[    KNOWN ] %s: %s\n", recorded->name, reason);
    } else if (passed) {
        run->unexpected++;
        printf("[  FAILED  ] %s: it passes, so take it out of expected-failures\n", recorded->name);
    } else {
        run->unexpected++;
        printf("[  FAILED  ] %s: %s %s\n%s", recorded->name, recorded->method, recorded->path,
               text);
    }
    fflush(stdout);
    free(text);
}

/* ---- All of them ---- */

static int make_world(const struct run *run)
{
    json_t *request;
    size_t i;

    json_array_foreach(run->transcript.world, i, request)
    {
        int status = send_plain(run, request);

        if (status != 201) {
            printf("[  FAILED  ] the world: POST %s: status %d\n",
                   json_string_value(json_object_get(request, "path")), status);
            return -1;
        }
    }
    return 0;
}

int main(void)
{
    struct run run = {0};
    size_t n;
    bool ok = false;

    transcript_load(TEST_DIR "/data/golden", &run.transcript);
    n = run.transcript.n_cases;
    run.etags.received = json_object();
    load_deviations(&run.transcript, &run.deviations);
    load_expected_failures(&run.transcript, &run.expected_failures);

    if (daemon_init(&run.daemon) == 0 && daemon_start(&run.daemon) == 0 && make_world(&run) == 0) {
        for (size_t i = 0; i < n; i++) {
            count_case(&run, &run.transcript.cases[i]);
        }
        ok = run.unexpected == 0 && run.passed * 100 >= n * LIMIT_PERCENT;
        printf("conformance: %zu of %zu cases match, %zu are known to differ, %zu are wrong; "
               "at least %d %% must match\n",
               run.passed, n, run.known, run.unexpected, LIMIT_PERCENT);
    }
    daemon_close(&run.daemon, !ok);

    json_decref(run.deviations);
    json_decref(run.expected_failures);
    json_decref(run.etags.received);
    transcript_close(&run.transcript);
    return ok ? 0 : 1;
}
