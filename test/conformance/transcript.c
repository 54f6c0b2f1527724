#include "test/conformance/transcript.h"

#include "test/conformance/go_json.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const header_names[N_HEADERS] = {"Content-Type", "Etag", "Location",
                                             "X-Content-Type-Options"};

static void die(const char *what, const char *of)
{
    fprintf(stderr, "conformance: %s: %s\n", of, what);
    exit(1);
}

json_t *answer_parse(const char *text)
{
    return json_loads(text, JSON_REJECT_DUPLICATES, NULL);
}

void answer_close(struct answer *answer)
{
    for (size_t i = 0; i < N_HEADERS; i++) {
        free(answer->headers[i]);
    }
    free(answer->text);
    json_decref(answer->json);
    memset(answer, 0, sizeof *answer);
}

static char *copy(const char *text)
{
    char *new_text = text == NULL ? NULL : strdup(text);

    if (text != NULL && new_text == NULL) {
        abort();
    }
    return new_text;
}

/* What Go wrote must come out of our encoder as it was, or nothing that is
 * compared below would mean anything. */
static void check_encoding(const struct recorded *recorded)
{
    const char *type = recorded->answer.headers[HEADER_CONTENT_TYPE];
    char *again;
    size_t size;

    if (type == NULL || strcmp(type, "application/json") != 0 || recorded->answer.text[0] == '\0') {
        return;
    }
    if (recorded->answer.json == NULL) {
        die("the recorded answer isn't JSON", recorded->name);
    }
    again = go_json_encode(recorded->answer.json, false);
    size = strlen(again);
    if (strncmp(again, recorded->answer.text, size) != 0 ||
        strcmp(recorded->answer.text + size, "\n") != 0) {
        die("the recorded answer can't be encoded as it was", recorded->name);
    }
    free(again);
}

static void load_case(const char *line, struct recorded *recorded)
{
    json_error_t error;
    const json_t *headers;
    const char *text;

    recorded->source = json_loads(line, 0, &error);
    if (recorded->source == NULL) {
        die(error.text, line);
    }
    recorded->name = json_string_value(json_object_get(recorded->source, "name"));
    recorded->method = json_string_value(json_object_get(recorded->source, "method"));
    recorded->path = json_string_value(json_object_get(recorded->source, "path"));
    recorded->headers = json_object_get(recorded->source, "headers");
    recorded->cleanup = json_object_get(recorded->source, "cleanup");
    recorded->if_match_from = json_string_value(json_object_get(recorded->source, "if_match_from"));
    text = json_string_value(json_object_get(recorded->source, "body"));
    if (recorded->name == NULL || recorded->method == NULL || recorded->path == NULL) {
        die("no name, method or path", line);
    }
    if (text != NULL) {
        recorded->body = text;
        recorded->body_size = strlen(text);
    }

    recorded->answer.status = (int)json_integer_value(json_object_get(recorded->source, "status"));
    headers = json_object_get(recorded->source, "response_headers");
    for (size_t i = 0; i < N_HEADERS; i++) {
        recorded->answer.headers[i] =
            copy(json_string_value(json_object_get(headers, header_names[i])));
    }
    text = json_string_value(json_object_get(recorded->source, "response_body"));
    recorded->answer.text = copy(text == NULL ? "" : text);
    recorded->answer.json = answer_parse(recorded->answer.text);
    check_encoding(recorded);
}

void transcript_load(const char *folder, struct transcript *ret_transcript)
{
    struct transcript transcript = {NULL, NULL, 0};
    json_error_t error;
    char path[4096];
    char *line = NULL;
    size_t capacity = 0;
    json_t *world;
    FILE *file;

    snprintf(path, sizeof path, "%s/world.json", folder);
    world = json_load_file(path, 0, &error);
    if (world == NULL) {
        die(error.text, path);
    }
    transcript.world = json_incref(json_object_get(world, "requests"));
    json_decref(world);

    snprintf(path, sizeof path, "%s/cases.jsonl", folder);
    file = fopen(path, "re");
    if (file == NULL) {
        die("can't be opened", path);
    }
    while (getline(&line, &capacity, file) > 0) {
        size_t n = transcript.n_cases + 1;

        transcript.cases = realloc(transcript.cases, n * sizeof *transcript.cases);
        if (transcript.cases == NULL) {
            abort();
        }
        memset(&transcript.cases[n - 1], 0, sizeof *transcript.cases);
        load_case(line, &transcript.cases[n - 1]);
        transcript.n_cases = n;
    }
    free(line);
    fclose(file);
    *ret_transcript = transcript;
}

const struct recorded *transcript_find(const struct transcript *transcript, const char *name)
{
    for (size_t i = 0; i < transcript->n_cases; i++) {
        if (strcmp(transcript->cases[i].name, name) == 0) {
            return &transcript->cases[i];
        }
    }
    die("no case has this name", name);
    return NULL;
}

void transcript_close(struct transcript *transcript)
{
    for (size_t i = 0; i < transcript->n_cases; i++) {
        answer_close(&transcript->cases[i].answer);
        json_decref(transcript->cases[i].source);
    }
    free(transcript->cases);
    json_decref(transcript->world);
}
