/* Sends the records of an import, kind by kind, several at once within a kind:
 *
 *     POST -- created
 *       | 409
 *     GET --- the same: unchanged
 *       | different
 *     PUT --- updated (with --update; else it fails)
 *
 * Each request is started by the callback of the one before it, so that a lane
 * works on one record at a time and there are as many lanes as connections. */
#include "ctl/import.h"

#include "ctl/format.h"
#include "ctl/record.h"

#include <stdlib.h>
#include <string.h>

struct import {
    struct ctl *ctl;
    struct import_data data;
    struct import_report report;
    enum import_kind kind;      /* That is being sent. */
    size_t next;                /* The first record that no lane has looked at. */
    bool stopped;               /* No more records are sent: fatal says why. */
    struct lbstate_error fatal; /* The daemon is gone, or memory is. */
};

struct lane {
    struct import *import;
    const struct import_record *record;        /* NULL: idle. */
    char *path;                                /* Of the record, for GET and PUT. */
    char conflict[LBSTATE_ERROR_MESSAGE_SIZE]; /* The daemon's words when the record exists. */
};

static struct import_counts *counts_of(const struct lane *lane)
{
    return &lane->import->report.counts[lane->record->kind];
}

static void stop(struct import *import, const struct lbstate_error *error)
{
    if (!import->stopped) {
        import->stopped = true;
        import->fatal = *error;
    }
}

/* The record of LANE failed. Without a daemon that answers, or memory, all others
 * would too. */
static void fail(struct lane *lane, const struct lbstate_error *error)
{
    struct lbstate_error no_memory;

    counts_of(lane)->n_failed++;
    if (!import_report_failure(&lane->import->report, lane->record, error->message)) {
        ctl_no_memory(&no_memory);
        stop(lane->import, &no_memory);
    }
    if (error->code == LBSTATE_UNREACHABLE || error->code == LBSTATE_TIMEOUT ||
        error->code == LBSTATE_NO_MEMORY) {
        stop(lane->import, error);
    }
}

/* Starts a request for the lane's record. Returns false if that failed, and
 * with it the record. */
static bool start(struct lane *lane, const char *method, const char *path, const json_t *body,
                  const char *if_match, lbstate_done done)
{
    struct lbstate_request request = {.method = method, .path = path, .if_match = if_match};
    struct lbstate_error error;
    char *text = NULL;
    int rv;

    request.project = lane->record->project;
    if (body != NULL) {
        text = record_text(body);
    }
    request.body = text;
    rv = body != NULL && text == NULL
             ? ctl_no_memory(&error)
             : lbstate_start(lane->import->ctl->client, &request, done, lane, &error);
    free(text);
    if (rv != LBSTATE_OK) {
        fail(lane, &error);
    }
    return rv == LBSTATE_OK;
}

static void take_next(struct lane *lane);

static void updated(void *data, const struct lbstate_response *response,
                    const struct lbstate_error *error)
{
    struct lane *lane = data;

    if (response != NULL) {
        counts_of(lane)->n_updated++;
    } else {
        fail(lane, error);
    }
    take_next(lane);
}

/* Returns whether a request was started. */
static bool replace(struct lane *lane, const char *etag)
{
    struct lbstate_error error;
    json_t *body = import_body(lane->record);
    bool started = false;

    if (body == NULL) {
        ctl_no_memory(&error);
        fail(lane, &error);
    } else {
        started = start(lane, "PUT", lane->path, body, etag, updated);
    }
    json_decref(body);
    return started;
}

/* The record exists: EXISTING is its form in the daemon. Returns whether a
 * request was started. */
static bool compare(struct lane *lane, const json_t *existing, const char *etag)
{
    struct lbstate_error error;
    bool same;

    if (!import_same(lane->record->kind, lane->record->record, existing, &same)) {
        ctl_no_memory(&error);
        fail(lane, &error);
    } else if (same) {
        counts_of(lane)->n_unchanged++;
    } else if (lane->import->ctl->arguments->values[OPTION_UPDATE] != NULL) {
        return replace(lane, etag);
    } else {
        ctl_fail(&error, LBSTATE_REFUSED,
                 "It exists and is different. It was left as it is; --update replaces it");
        fail(lane, &error);
    }
    return false;
}

static void got(void *data, const struct lbstate_response *response,
                const struct lbstate_error *error)
{
    struct lane *lane = data;
    struct lbstate_error own_error;
    json_t *existing;
    bool started = false;

    if (response == NULL) {
        if (error->code == LBSTATE_REFUSED && error->http_status == 404) {
            /* Another record is in the way: what the POST was told says more. */
            ctl_fail(&own_error, LBSTATE_REFUSED, "%s", lane->conflict);
            error = &own_error;
        }
        fail(lane, error);
    } else if (record_decode(response, JSON_OBJECT, &existing, &own_error) != LBSTATE_OK) {
        fail(lane, &own_error);
    } else {
        started = compare(lane, existing, response->etag);
        json_decref(existing);
    }
    if (!started) {
        take_next(lane);
    }
}

static void created(void *data, const struct lbstate_response *response,
                    const struct lbstate_error *error)
{
    struct lane *lane = data;
    bool started = false;

    if (response != NULL) {
        counts_of(lane)->n_created++;
    } else if (error->code == LBSTATE_REFUSED && error->http_status == 409) {
        memcpy(lane->conflict, error->message, sizeof lane->conflict);
        started = start(lane, "GET", lane->path, NULL, NULL, got);
    } else {
        fail(lane, error);
    }
    if (!started) {
        take_next(lane);
    }
}

/* The path of the record's collection, or with NAME (NULL: none) of one in it. */
static int make_path(const struct import_record *record, const char *name, char **ret_path,
                     struct lbstate_error *error)
{
    switch (record->kind) {
    case IMPORT_PROJECT:
        return lbstate_path(ret_path, error, "1.0", "projects", name, NULL);
    case IMPORT_LOAD_BALANCER:
        return lbstate_path(ret_path, error, "1.0", "networks", record->network, "load-balancers",
                            name, NULL);
    case IMPORT_FORWARD:
        return lbstate_path(ret_path, error, "1.0", "networks", record->network, "forwards", name,
                            NULL);
    default:
        return lbstate_path(ret_path, error, "1.0", "networks", name, NULL);
    }
}

/* Returns whether a request was started. */
static bool create(struct lane *lane)
{
    struct lbstate_error error;
    char *collection = NULL;
    json_t *body = NULL;
    bool started = false;
    int rv = make_path(lane->record, NULL, &collection, &error);

    if (rv == LBSTATE_OK) {
        rv = make_path(lane->record, lane->record->name, &lane->path, &error);
    }
    if (rv == LBSTATE_OK) {
        body = import_body(lane->record);
        rv = body == NULL ? ctl_no_memory(&error) : LBSTATE_OK;
    }
    if (rv == LBSTATE_OK) {
        started = start(lane, "POST", collection, body, NULL, created);
    } else {
        fail(lane, &error);
    }
    json_decref(body);
    free(collection);
    return started;
}

/* Gives the lane the next record of the kind, or leaves it idle. */
static void take_next(struct lane *lane)
{
    struct import *import = lane->import;
    bool started = false;

    import_report_progress(&import->report);
    while (!started) {
        free(lane->path);
        lane->path = NULL;
        lane->record = NULL;
        while (import->next < import->data.n_records &&
               import->data.records[import->next].kind != import->kind) {
            import->next++;
        }
        if (import->stopped || import->next == import->data.n_records) {
            return;
        }
        lane->record = &import->data.records[import->next++];
        started = create(lane);
    }
}

/* All records of one kind. */
static int send_kind(struct import *import, enum import_kind kind, struct lane *lanes,
                     size_t n_lanes, struct lbstate_error *error)
{
    import->kind = kind;
    import->next = 0;
    for (size_t i = 0; i < n_lanes; i++) {
        take_next(&lanes[i]);
    }
    return lbstate_wait(import->ctl->client, error);
}

static int send_all(struct import *import, struct lbstate_error *error)
{
    unsigned wanted = import->ctl->arguments->connections;
    size_t n_lanes = wanted != 0 ? wanted : CTL_CONNECTIONS_DEFAULT;
    struct lane *lanes = calloc(n_lanes, sizeof *lanes);
    int rv = LBSTATE_OK;

    if (lanes == NULL) {
        return ctl_no_memory(error);
    }
    for (size_t i = 0; i < n_lanes; i++) {
        lanes[i].import = import;
    }
    for (unsigned kind = 0; rv == LBSTATE_OK && kind < IMPORT_KIND_MAX; kind++) {
        rv = send_kind(import, (enum import_kind)kind, lanes, n_lanes, error);
    }
    if (rv != LBSTATE_OK) {
        /* Lanes may still be in flight: end them before their memory goes. */
        lbstate_close(import->ctl->client);
        import->ctl->client = NULL;
    }
    for (size_t i = 0; i < n_lanes; i++) {
        free(lanes[i].path);
    }
    free(lanes);
    return rv;
}

/* What every record came to, as the result of the verb. */
static int conclude(struct import *import, struct lbstate_error *error)
{
    size_t n_failed = 0;

    for (size_t i = 0; i < import->data.n_records; i++) {
        import->report.counts[import->data.records[i].kind].n_unsent++;
    }
    for (size_t i = 0; i < IMPORT_KIND_MAX; i++) {
        struct import_counts *counts = &import->report.counts[i];

        counts->n_unsent -=
            counts->n_created + counts->n_unchanged + counts->n_updated + counts->n_failed;
        n_failed += counts->n_failed;
    }
    if (import_report_print(&import->report, import->data.n_skipped, import->ctl->out, error) !=
        LBSTATE_OK) {
        return (int)error->code;
    }
    if (import->stopped) {
        *error = import->fatal;
        return (int)error->code;
    }
    if (n_failed > 0) {
        return ctl_fail(error, LBSTATE_REFUSED, "%zu of %zu records failed", n_failed,
                        import->data.n_records);
    }
    return LBSTATE_OK;
}

int import_files(struct ctl *ctl, struct lbstate_error *error)
{
    struct import import = {.ctl = ctl, .report.err = ctl->err};
    int (*read_file)(struct import_data *, const char *, FILE *, struct lbstate_error *) =
        ctl->arguments->values[OPTION_INCUS_DUMP] != NULL ? import_read_dump : import_read;
    int rv = LBSTATE_OK;

    if (ctl->arguments->format == FORMAT_JSON) {
        import.report.failures = json_array();
        if (import.report.failures == NULL) {
            return ctl_no_memory(error);
        }
    }
    for (size_t i = 0; rv == LBSTATE_OK && i < ctl->arguments->n_words; i++) {
        rv = read_file(&import.data, ctl->arguments->words[i], ctl->in, error);
    }
    if (rv == LBSTATE_OK && !import_report_inexact(&import.report, import.data.inexact)) {
        rv = ctl_no_memory(error);
    }
    if (rv == LBSTATE_OK) {
        import.report.n_records = import.data.n_records;
        import.report.show_progress =
            ctl_is_terminal(ctl->err) && ctl->arguments->values[OPTION_QUIET] == NULL;
        rv = send_all(&import, error);
    }
    if (rv == LBSTATE_OK) {
        rv = conclude(&import, error);
    }
    json_decref(import.report.failures);
    import_data_close(&import.data);
    return rv;
}
