#include "base/clock.h"
#include "ctl/format.h"
#include "ctl/import.h"
#include "ctl/text.h"

#include <string.h>

/* For programs, and for people. */
static const char *const kind_names[IMPORT_KIND_MAX] = {
    [IMPORT_PROJECT] = "projects", [IMPORT_UPLINK] = "uplinks",
    [IMPORT_NETWORK] = "networks", [IMPORT_LOAD_BALANCER] = "load_balancers",
    [IMPORT_FORWARD] = "forwards",
};

static const char *const kind_titles[IMPORT_KIND_MAX] = {
    [IMPORT_PROJECT] = "projects:", [IMPORT_UPLINK] = "uplinks:",
    [IMPORT_NETWORK] = "networks:", [IMPORT_LOAD_BALANCER] = "load balancers:",
    [IMPORT_FORWARD] = "forwards:",
};

/* How often the line of the progress is drawn. */
#define PROGRESS_US (200 * 1000)

#define CLEAR_LINE "\r\033[K"

void import_report_progress(struct import_report *report)
{
    uint64_t now_us = clock_monotonic_us();
    size_t n_done = 0;

    if (!report->show_progress || now_us < report->progress_next_us) {
        return;
    }
    report->progress_next_us = now_us + PROGRESS_US;
    for (size_t i = 0; i < IMPORT_KIND_MAX; i++) {
        const struct import_counts *counts = &report->counts[i];

        n_done += counts->n_created + counts->n_unchanged + counts->n_updated + counts->n_failed;
    }
    fprintf(report->err, CLEAR_LINE "%zu of %zu records", n_done, report->n_records);
    fflush(report->err);
}

/* What follows is printed where the line was. */
static void clear_progress(struct import_report *report)
{
    if (report->progress_next_us != 0) {
        fputs(CLEAR_LINE, report->err);
        report->progress_next_us = 0;
    }
}

/* A line about a record: "WORD: PLACE (NAME): MESSAGE". */
static bool print_line(struct import_report *report, const char *word, const char *place,
                       const char *name, const char *message)
{
    struct buffer line = {0};
    bool ok;

    text_escape(&line, place, strlen(place));
    buffer_append_string(&line, " (");
    text_escape(&line, name, strlen(name));
    buffer_append_string(&line, "): ");
    text_escape(&line, message, strlen(message));
    ok = buffer_string(&line) != NULL;
    if (ok) {
        clear_progress(report);
        fprintf(report->err, "%s: %s\n", word, line.data);
    }
    buffer_close(&line);
    return ok;
}

bool import_report_failure(struct import_report *report, const struct import_record *record,
                           const char *message)
{
    if (report->failures != NULL) {
        return json_array_append_new(report->failures,
                                     json_pack("{s:s, s:s, s:s}", "place", record->place, "name",
                                               record->name, "error", message)) == 0;
    }
    return print_line(report, "Error", record->place, record->name, message);
}

bool import_report_inexact(struct import_report *report, json_t *inexact)
{
    bool ok = true;

    report->inexact = inexact;
    for (size_t i = 0; ok && report->failures == NULL && i < json_array_size(inexact); i++) {
        const json_t *note = json_array_get(inexact, i);

        ok = print_line(report, "Warning", member_text(note, "place"), member_text(note, "name"),
                        member_text(note, "problem"));
    }
    return ok;
}

static int print_json(const struct import_report *report, size_t n_skipped, FILE *out,
                      struct lbstate_error *error)
{
    json_t *root = json_object();
    int failed = root == NULL;
    int rv;

    for (size_t i = 0; !failed && i < IMPORT_KIND_MAX; i++) {
        const struct import_counts *counts = &report->counts[i];

        failed = json_object_set_new(
            root, kind_names[i],
            json_pack("{s:I, s:I, s:I, s:I, s:I}", "created", (json_int_t)counts->n_created,
                      "unchanged", (json_int_t)counts->n_unchanged, "updated",
                      (json_int_t)counts->n_updated, "failed", (json_int_t)counts->n_failed,
                      "unsent", (json_int_t)counts->n_unsent));
    }
    failed = failed || json_object_set_new(root, "skipped", json_integer((json_int_t)n_skipped)) ||
             json_object_set(root, "failures", report->failures) ||
             (report->inexact != NULL && json_object_set(root, "inexact", report->inexact));
    rv = failed ? ctl_no_memory(error) : format_json(out, root, error);
    json_decref(root);
    return rv;
}

int import_report_print(struct import_report *report, size_t n_skipped, FILE *out,
                        struct lbstate_error *error)
{
    clear_progress(report);
    if (report->failures != NULL) {
        return print_json(report, n_skipped, out, error);
    }
    for (size_t i = 0; i < IMPORT_KIND_MAX; i++) {
        const struct import_counts *counts = &report->counts[i];

        fprintf(report->err, "%-15s %zu created, %zu unchanged, %zu updated, %zu failed",
                kind_titles[i], counts->n_created, counts->n_unchanged, counts->n_updated,
                counts->n_failed);
        if (counts->n_unsent > 0) {
            fprintf(report->err, ", %zu not sent", counts->n_unsent);
        }
        fputc('\n', report->err);
    }
    if (n_skipped > 0) {
        fprintf(report->err, "unmanaged networks skipped: %zu\n", n_skipped);
    }
    return LBSTATE_OK;
}
