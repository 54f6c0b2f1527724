#include "test/torture/history.h"

#include <errno.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static const char *const kind_names[HISTORY_KINDS] = {
    [HISTORY_CREATE] = "create", [HISTORY_UPDATE] = "update", [HISTORY_SWAP] = "swap",
    [HISTORY_DELETE] = "delete", [HISTORY_GET] = "get",       [HISTORY_LIST] = "list",
    [HISTORY_LOCAL] = "local",   [HISTORY_FINAL] = "final",
};

static const char *const outcome_names[HISTORY_OUTCOMES] = {
    [HISTORY_OK] = "ok",
    [HISTORY_REFUSED] = "refused",
    [HISTORY_FAILED] = "failed",
    [HISTORY_UNKNOWN] = "unknown",
};

void history_init(struct history *history)
{
    memset(history, 0, sizeof *history);
}

void history_close(struct history *history)
{
    free(history->operations);
    memset(history, 0, sizeof *history);
}

void history_add(struct history *history, const struct operation *operation)
{
    if (history->n_operations == history->capacity) {
        size_t capacity = history->capacity == 0 ? 1024 : 2 * history->capacity;
        struct operation *grown =
            reallocarray(history->operations, capacity, sizeof *history->operations);

        if (grown == NULL) {
            fprintf(stderr, "history: out of memory\n");
            abort();
        }
        history->operations = grown;
        history->capacity = capacity;
    }
    history->operations[history->n_operations++] = *operation;
}

const char *history_kind_name(enum history_kind kind)
{
    return kind_names[kind];
}

const char *history_outcome_name(enum history_outcome outcome)
{
    return outcome_names[outcome];
}

bool history_has_value(enum history_kind kind)
{
    return kind == HISTORY_CREATE || kind == HISTORY_UPDATE || kind == HISTORY_SWAP;
}

bool history_is_write(enum history_kind kind)
{
    return history_has_value(kind) || kind == HISTORY_DELETE;
}

void history_describe(const struct operation *o, char *text, size_t size)
{
    char value[32] = "";
    char expected[48] = "";
    char revision[48] = "";

    if (history_has_value(o->kind) || (!history_is_write(o->kind) && o->outcome == HISTORY_OK)) {
        if (o->value == HISTORY_ABSENT) {
            snprintf(value, sizeof value, " absent");
        } else if (o->value == HISTORY_FOREIGN) {
            snprintf(value, sizeof value, " a foreign value");
        } else {
            snprintf(value, sizeof value, " %" PRIu64, o->value);
        }
    }
    if (o->kind == HISTORY_SWAP) {
        snprintf(expected, sizeof expected, " in place of %" PRIu64, o->expected);
    }
    if (o->revision != 0) {
        snprintf(revision, sizeof revision, ", revision %" PRId64, o->revision);
    }
    snprintf(text, size, "%" PRId64 "..%" PRId64 " us: key %u, client %u, node %u: %s%s%s: %s%s",
             o->invoked_us, o->returned_us, o->key, o->client, o->node, kind_names[o->kind], value,
             expected, outcome_names[o->outcome], revision);
}

/* Numbers stay exact: a 64-bit value is a signed one of the same bits in JSON. */
int history_write_line(FILE *file, const struct operation *o)
{
    json_t *line = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "kind", kind_names[o->kind],
        "outcome", outcome_names[o->outcome], "client", (json_int_t)o->client, "node",
        (json_int_t)o->node, "key", (json_int_t)o->key, "tries", (json_int_t)o->tries, "status",
        (json_int_t)o->status, "value", (json_int_t)o->value, "expected", (json_int_t)o->expected,
        "revision", (json_int_t)o->revision, "invoked_us", (json_int_t)o->invoked_us, "returned_us",
        (json_int_t)o->returned_us);
    json_t *error = o->error[0] == '\0' ? NULL : json_string(o->error);
    int rv = -1;

    if (line != NULL && (error == NULL || json_object_set(line, "error", error) == 0) &&
        json_dumpf(line, file, JSON_COMPACT) == 0 && fputc('\n', file) != EOF) {
        rv = 0;
    } else {
        fprintf(stderr, "history: can't write an operation: %s\n", strerror(errno));
    }
    json_decref(error);
    json_decref(line);
    return rv;
}

/* The index of NAME in NAMES, or -1. */
static int find_name(const char *const names[], int n_names, const char *name)
{
    for (int i = 0; i < n_names; i++) {
        if (strcmp(names[i], name) == 0) {
            return i;
        }
    }
    return -1;
}

static int decode(json_t *line, struct operation *ret_operation)
{
    const char *kind;
    const char *outcome;
    const char *error = "";
    json_int_t client;
    json_int_t node;
    json_int_t key;
    json_int_t tries;
    json_int_t status;
    json_int_t value;
    json_int_t expected;
    json_int_t revision;
    json_int_t invoked_us;
    json_int_t returned_us;
    int kind_number;
    int outcome_number;

    if (json_unpack(line, "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s?s}",
                    "kind", &kind, "outcome", &outcome, "client", &client, "node", &node, "key",
                    &key, "tries", &tries, "status", &status, "value", &value, "expected",
                    &expected, "revision", &revision, "invoked_us", &invoked_us, "returned_us",
                    &returned_us, "error", &error) != 0) {
        return -1;
    }
    kind_number = find_name(kind_names, HISTORY_KINDS, kind);
    outcome_number = find_name(outcome_names, HISTORY_OUTCOMES, outcome);
    if (kind_number < 0 || outcome_number < 0 || invoked_us > returned_us) {
        return -1;
    }
    *ret_operation = (struct operation){
        .kind = (enum history_kind)kind_number,
        .outcome = (enum history_outcome)outcome_number,
        .client = (unsigned)client,
        .node = (unsigned)node,
        .key = (unsigned)key,
        .tries = (unsigned)tries,
        .status = (int)status,
        .value = (uint64_t)value,
        .expected = (uint64_t)expected,
        .revision = revision,
        .invoked_us = invoked_us,
        .returned_us = returned_us,
    };
    snprintf(ret_operation->error, sizeof ret_operation->error, "%s", error);
    return 0;
}

int history_read(struct history *history, const char *path)
{
    FILE *file = fopen(path, "re");
    char *text = NULL;
    size_t capacity = 0;
    size_t number = 0;
    int rv = -1;

    if (file == NULL) {
        fprintf(stderr, "history: can't open %s: %s\n", path, strerror(errno));
        return -1;
    }
    while (getline(&text, &capacity, file) >= 0) {
        struct operation operation;
        json_t *line = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
        int decoded = line == NULL ? -1 : decode(line, &operation);

        json_decref(line);
        number++;
        if (decoded != 0) {
            fprintf(stderr, "history: %s:%zu is no operation\n", path, number);
            goto out;
        }
        history_add(history, &operation);
    }
    if (ferror(file)) {
        fprintf(stderr, "history: can't read %s: %s\n", path, strerror(errno));
        goto out;
    }
    rv = 0;

out:
    free(text);
    fclose(file);
    return rv;
}
