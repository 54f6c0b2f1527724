#include "test/torture/check.h"

#include "test/torture/check_record.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define DESCRIPTION_SIZE 256
#define STATES_SIZE      512

static const char *const rule_names[CHECK_RULES] = {
    [CHECK_RECORD] = "record", [CHECK_ORIGIN] = "origin",     [CHECK_REVISION] = "revision",
    [CHECK_ORDER] = "order",   [CHECK_SNAPSHOT] = "snapshot", [CHECK_CONVERGED] = "converged",
    [CHECK_ANSWER] = "answer", [CHECK_COMPLETE] = "complete",
};

/* Pointers into a history, in an order of their own. */
struct view {
    const struct operation **operations;
    size_t n_operations;
};

struct checker {
    const struct history *history;
    struct view values;    /* Writes that have a value, by value. */
    struct view revisions; /* Applied writes, by key and revision. */
    struct view unknown_deletes;
    unsigned n_keys;
    struct check_report *report;
};

const char *check_rule_name(enum check_rule rule)
{
    return rule_names[rule];
}

static void violation(struct checker *c, enum check_rule rule, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static void violation(struct checker *c, enum check_rule rule, const char *format, ...)
{
    struct check_violation *v = &c->report->violations[c->report->n_kept];
    va_list args;

    if (c->report->n_violations[rule]++ >= CHECK_VIOLATIONS_MAX) {
        return;
    }
    c->report->n_kept++;
    v->rule = rule;
    va_start(args, format);
    vsnprintf(v->text, sizeof v->text, format, args);
    va_end(args);
}

static struct view view_make(const struct history *history,
                             bool (*belongs)(const struct operation *operation),
                             int (*compare)(const void *a, const void *b))
{
    struct view view = {.operations = calloc(history->n_operations + 1, sizeof *view.operations)};

    if (view.operations == NULL) {
        fprintf(stderr, "check: out of memory\n");
        abort();
    }
    for (size_t i = 0; i < history->n_operations; i++) {
        if (belongs(&history->operations[i])) {
            view.operations[view.n_operations++] = &history->operations[i];
        }
    }
    qsort(view.operations, view.n_operations, sizeof *view.operations, compare);
    return view;
}

static bool is_applied_write(const struct operation *o)
{
    return history_is_write(o->kind) && o->outcome == HISTORY_OK;
}

static bool is_read(const struct operation *o)
{
    return !history_is_write(o->kind) && o->outcome == HISTORY_OK;
}

static bool writes_value(const struct operation *o)
{
    return history_has_value(o->kind);
}

static int compare_values(const void *a, const void *b)
{
    const struct operation *x = *(const struct operation *const *)a;
    const struct operation *y = *(const struct operation *const *)b;

    return (x->value > y->value) - (x->value < y->value);
}

static int compare_revisions(const void *a, const void *b)
{
    const struct operation *x = *(const struct operation *const *)a;
    const struct operation *y = *(const struct operation *const *)b;

    return (x->revision > y->revision) - (x->revision < y->revision);
}

static int compare_keys_and_revisions(const void *a, const void *b)
{
    const struct operation *x = *(const struct operation *const *)a;
    const struct operation *y = *(const struct operation *const *)b;

    return x->key != y->key ? (x->key > y->key) - (x->key < y->key) : compare_revisions(a, b);
}

static int compare_invoked(const void *a, const void *b)
{
    const struct operation *x = *(const struct operation *const *)a;
    const struct operation *y = *(const struct operation *const *)b;

    return (x->invoked_us > y->invoked_us) - (x->invoked_us < y->invoked_us);
}

static int compare_returned(const void *a, const void *b)
{
    const struct operation *x = *(const struct operation *const *)a;
    const struct operation *y = *(const struct operation *const *)b;

    return (x->returned_us > y->returned_us) - (x->returned_us < y->returned_us);
}

/* The write of VALUE, or NULL. */
static const struct operation *writer_of(const struct checker *c, uint64_t value)
{
    const struct operation wanted = {.value = value};
    const struct operation *key = &wanted;
    const struct operation **found =
        bsearch(&key, c->values.operations, c->values.n_operations, sizeof key, compare_values);

    return found == NULL ? NULL : *found;
}

/* -- Rules ------------------------------------------------------------------ */

static void check_values_once(struct checker *c)
{
    for (size_t i = 0; i < c->values.n_operations; i++) {
        const struct operation *o = c->values.operations[i];

        if (o->value == HISTORY_ABSENT || o->value == HISTORY_FOREIGN) {
            violation(c, CHECK_COMPLETE, "a write has a value that stands for something else");
        } else if (i > 0 && c->values.operations[i - 1]->value == o->value) {
            violation(c, CHECK_COMPLETE, "two writes have the value %" PRIu64, o->value);
        }
    }
}

static void check_origin(struct checker *c)
{
    for (size_t i = 0; i < c->history->n_operations; i++) {
        const struct operation *o = &c->history->operations[i];
        const struct operation *writer;
        const char *wrong = NULL;
        char text[DESCRIPTION_SIZE];

        if (!is_read(o) || o->value == HISTORY_ABSENT) {
            continue;
        }
        writer = writer_of(c, o->value);
        if (writer == NULL) {
            wrong = "nobody wrote that";
        } else if (writer->key != o->key) {
            wrong = "it was written to another record";
        } else if (writer->outcome == HISTORY_REFUSED || writer->outcome == HISTORY_FAILED) {
            wrong = "its writer was told that it is not applied";
        } else if (writer->invoked_us > o->returned_us) {
            wrong = "it was written later";
        }
        if (wrong != NULL) {
            history_describe(o, text, sizeof text);
            violation(c, CHECK_ORIGIN, "%s: %s", text, wrong);
        }
    }
}

static void check_revisions(struct checker *c)
{
    struct view all = view_make(c->history, is_applied_write, compare_revisions);
    char text[DESCRIPTION_SIZE];
    char other[DESCRIPTION_SIZE];

    for (size_t i = 0; i < all.n_operations; i++) {
        const struct operation *o = all.operations[i];

        if (o->revision <= 0) {
            history_describe(o, text, sizeof text);
            violation(c, CHECK_REVISION, "%s: it was told no revision", text);
        } else if (i > 0 && all.operations[i - 1]->revision == o->revision) {
            history_describe(o, text, sizeof text);
            history_describe(all.operations[i - 1], other, sizeof other);
            violation(c, CHECK_REVISION, "%s, and %s: one revision for two changes", text, other);
        }
    }
    free(all.operations);
}

static bool has_revision(const struct operation *o)
{
    return (is_applied_write(o) || is_read(o)) && o->revision > 0;
}

/* Goes through invocations and keeps, of all that had returned before, the one with the
 * highest revision. */
static void check_order(struct checker *c)
{
    struct view invoked = view_make(c->history, has_revision, compare_invoked);
    struct view returned = view_make(c->history, has_revision, compare_returned);
    const struct operation *highest = NULL;
    size_t n_returned = 0;

    for (size_t i = 0; i < invoked.n_operations; i++) {
        const struct operation *o = invoked.operations[i];
        char text[DESCRIPTION_SIZE];
        char other[DESCRIPTION_SIZE];

        while (n_returned < returned.n_operations &&
               returned.operations[n_returned]->returned_us < o->invoked_us) {
            const struct operation *r = returned.operations[n_returned++];

            if (highest == NULL || r->revision > highest->revision) {
                highest = r;
            }
        }
        if (highest == NULL || o->kind == HISTORY_LOCAL || o->revision > highest->revision ||
            (o->revision == highest->revision && !history_is_write(o->kind))) {
            continue;
        }
        history_describe(o, text, sizeof text);
        history_describe(highest, other, sizeof other);
        violation(c, CHECK_ORDER, "%s: but before it was invoked, this had its answer: %s", text,
                  other);
    }
    free(invoked.operations);
    free(returned.operations);
}

/* The last applied write of READ's record up to READ's revision, or NULL. */
static const struct operation *last_write_before(const struct checker *c,
                                                 const struct operation *read)
{
    size_t low = 0;
    size_t high = c->revisions.n_operations;

    while (low < high) {
        size_t middle = (low + high) / 2;
        const struct operation *o = c->revisions.operations[middle];

        if (o->key < read->key || (o->key == read->key && o->revision <= read->revision)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low > 0 && c->revisions.operations[low - 1]->key == read->key
               ? c->revisions.operations[low - 1]
               : NULL;
}

/* Whether a write that nobody knows the outcome of may have taken effect behind LAST, which is
 * NULL if there was nothing. */
static bool may_follow(const struct operation *unknown, const struct operation *last)
{
    return last == NULL || unknown->returned_us + CHECK_UNKNOWN_US >= last->invoked_us;
}

static bool is_unknown_delete(const struct operation *o)
{
    return o->kind == HISTORY_DELETE && o->outcome == HISTORY_UNKNOWN;
}

/* True if an unknown delete may have taken effect between LAST and READ. Nobody was told its
 * revision, so all that were invoked before READ's end count. */
static bool unknown_delete_before(const struct checker *c, const struct operation *read,
                                  const struct operation *last)
{
    for (size_t i = 0; i < c->unknown_deletes.n_operations; i++) {
        const struct operation *o = c->unknown_deletes.operations[i];

        if (o->key == read->key && o->invoked_us <= read->returned_us && may_follow(o, last)) {
            return true;
        }
    }
    return false;
}

static void check_snapshot(struct checker *c, const struct operation *read)
{
    const struct operation *last = last_write_before(c, read);
    uint64_t due = last == NULL || last->kind == HISTORY_DELETE ? HISTORY_ABSENT : last->value;
    const struct operation *writer;
    char text[DESCRIPTION_SIZE];
    char other[DESCRIPTION_SIZE];

    if (read->value == due) {
        return;
    }
    if (read->value == HISTORY_ABSENT) {
        if (unknown_delete_before(c, read, last)) {
            return;
        }
    } else {
        writer = writer_of(c, read->value);
        if (writer == NULL || (writer->outcome == HISTORY_UNKNOWN && may_follow(writer, last))) {
            return; /* An unknown origin is another rule's. */
        }
    }
    history_describe(read, text, sizeof text);
    if (last != NULL) {
        history_describe(last, other, sizeof other);
    } else {
        snprintf(other, sizeof other, "none, so it is absent");
    }
    violation(c, CHECK_SNAPSHOT, "%s: the last change up to that revision is %s", text, other);
}

static void check_snapshots(struct checker *c)
{
    for (size_t i = 0; i < c->history->n_operations; i++) {
        const struct operation *o = &c->history->operations[i];

        if (is_read(o) && o->revision > 0) {
            check_snapshot(c, o);
        }
    }
}

static void check_converged(struct checker *c)
{
    const struct operation **first = calloc(c->n_keys + 1, sizeof *first);

    if (first == NULL) {
        fprintf(stderr, "check: out of memory\n");
        abort();
    }
    for (size_t i = 0; i < c->history->n_operations; i++) {
        const struct operation *o = &c->history->operations[i];
        char text[DESCRIPTION_SIZE];
        char other[DESCRIPTION_SIZE];

        if (o->kind != HISTORY_FINAL) {
            continue;
        }
        if (o->outcome != HISTORY_OK) {
            history_describe(o, text, sizeof text);
            violation(c, CHECK_CONVERGED, "%s: the node doesn't answer", text);
        } else if (first[o->key] == NULL) {
            first[o->key] = o;
        } else if (first[o->key]->value != o->value) {
            history_describe(o, text, sizeof text);
            history_describe(first[o->key], other, sizeof other);
            violation(c, CHECK_CONVERGED, "%s, but %s", text, other);
        }
    }
    free(first);
}

static void check_answers(struct checker *c)
{
    for (size_t i = 0; i < c->history->n_operations; i++) {
        const struct operation *o = &c->history->operations[i];
        char text[DESCRIPTION_SIZE];

        if (o->error[0] != '\0') {
            history_describe(o, text, sizeof text);
            violation(c, CHECK_ANSWER, "%s: %s", text, o->error);
        }
    }
}

static void check_records(struct checker *c)
{
    for (unsigned key = 0; key < c->n_keys; key++) {
        const struct operation *at = NULL;
        char states[STATES_SIZE] = "";
        char text[DESCRIPTION_SIZE];
        enum check_verdict verdict = check_record(c->history, key, &at, states, sizeof states);

        if (verdict == CHECK_HOLDS) {
            continue;
        }
        history_describe(at, text, sizeof text);
        if (verdict == CHECK_BROKEN) {
            violation(c, CHECK_RECORD,
                      "%s: there is no order of the operations that explains it; until then "
                      "the record could be %s",
                      text, states);
        } else {
            violation(c, CHECK_COMPLETE, "%s: too many possibilities to decide", text);
        }
    }
}

bool check_history(const struct history *history, struct check_report *ret_report)
{
    struct checker c = {.history = history, .report = ret_report};
    bool holds = true;

    memset(ret_report, 0, sizeof *ret_report);
    for (size_t i = 0; i < history->n_operations; i++) {
        if (history->operations[i].key >= c.n_keys) {
            c.n_keys = history->operations[i].key + 1;
        }
    }
    c.values = view_make(history, writes_value, compare_values);
    c.revisions = view_make(history, is_applied_write, compare_keys_and_revisions);
    c.unknown_deletes = view_make(history, is_unknown_delete, compare_invoked);
    check_values_once(&c);
    check_origin(&c);
    check_revisions(&c);
    check_order(&c);
    check_snapshots(&c);
    check_converged(&c);
    check_answers(&c);
    check_records(&c);
    free(c.values.operations);
    free(c.revisions.operations);
    free(c.unknown_deletes.operations);
    for (int rule = 0; rule < CHECK_RULES; rule++) {
        holds = holds && ret_report->n_violations[rule] == 0;
    }
    return holds;
}

void check_print(FILE *file, const struct check_report *report)
{
    for (int rule = 0; rule < CHECK_RULES; rule++) {
        if (report->n_violations[rule] == 0) {
            continue;
        }
        fprintf(file, "rule \"%s\" is broken %zu times\n", rule_names[rule],
                report->n_violations[rule]);
        for (size_t i = 0; i < report->n_kept; i++) {
            if (report->violations[i].rule == (enum check_rule)rule) {
                fprintf(file, "  %s\n", report->violations[i].text);
            }
        }
    }
}
