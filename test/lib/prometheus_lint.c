#include "test/lib/prometheus_lint.h"

#include <ctype.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LABELS_MAX 16
#define TEXT_MAX   1024
#define SERIES_MAX 20000

struct lint {
    unsigned line;
    char problem[256]; /* "" as long as all is right. */
    char family[TEXT_MAX];
    char type[16]; /* "": HELP came, TYPE didn't. */

    char *families[SERIES_MAX];
    size_t n_families;
    char *series[SERIES_MAX];
    size_t n_series;

    /* Of the histogram that is open: its labels without le. */
    char group[TEXT_MAX];
    bool group_open;
    bool has_infinity;
    bool has_sum;
    double last_bound;
    double last_count;
};

static bool fail(struct lint *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The first problem is the one that is told. */
static bool fail(struct lint *l, const char *format, ...)
{
    va_list args;
    int n;

    if (l->problem[0] == '\0') {
        n = snprintf(l->problem, sizeof l->problem, "line %u: ", l->line);
        va_start(args, format);
        vsnprintf(l->problem + n, sizeof l->problem - (size_t)n, format, args);
        va_end(args);
    }
    return false;
}

static bool ends_in(const char *text, const char *suffix)
{
    size_t size = strlen(text);

    return size >= strlen(suffix) && strcmp(text + size - strlen(suffix), suffix) == 0;
}

/* Copies a name and returns what follows it; NULL if there is none. */
static const char *read_name(struct lint *l, const char *p, bool colons, char out[TEXT_MAX])
{
    size_t n = 0;

    while (isalnum((unsigned char)p[n]) || p[n] == '_' || (colons && p[n] == ':')) {
        n++;
    }
    if (n == 0 || n >= TEXT_MAX || isdigit((unsigned char)p[0])) {
        fail(l, "no name: %.20s", p);
        return NULL;
    }
    memcpy(out, p, n);
    out[n] = '\0';
    return p + n;
}

/* P is behind the opening quote; returns what follows the closing one. */
static const char *read_label_value(struct lint *l, const char *p, char out[TEXT_MAX])
{
    size_t n = 0;

    for (; *p != '"'; p++) {
        if (*p == '\0' || n + 1 >= TEXT_MAX) {
            fail(l, "a label's value doesn't end");
            return NULL;
        }
        if (*p == '\\') {
            p++;
            if (*p != '\\' && *p != '"' && *p != 'n') {
                fail(l, "unknown escape");
                return NULL;
            }
            out[n++] = *p == 'n' ? '\n' : *p;
        } else {
            out[n++] = *p;
        }
    }
    out[n] = '\0';
    return p + 1;
}

struct sample {
    char name[TEXT_MAX];
    char labels[LABELS_MAX][2][TEXT_MAX];
    size_t n_labels;
    double value;
};

static const char *read_labels(struct lint *l, const char *p, struct sample *s)
{
    for (;;) {
        if (s->n_labels == LABELS_MAX) {
            fail(l, "too many labels");
            return NULL;
        }
        p = read_name(l, p, false, s->labels[s->n_labels][0]);
        if (p == NULL || p[0] != '=' || p[1] != '"') {
            fail(l, "a label has no value");
            return NULL;
        }
        p = read_label_value(l, p + 2, s->labels[s->n_labels][1]);
        if (p == NULL) {
            return NULL;
        }
        for (size_t i = 0; i < s->n_labels; i++) {
            if (strcmp(s->labels[i][0], s->labels[s->n_labels][0]) == 0) {
                fail(l, "label %s comes twice", s->labels[i][0]);
                return NULL;
            }
        }
        s->n_labels++;
        if (*p == '}') {
            return p + 1;
        }
        if (*p++ != ',') {
            fail(l, "expected a comma between labels");
            return NULL;
        }
    }
}

static bool read_sample(struct lint *l, const char *line, struct sample *s)
{
    const char *p = read_name(l, line, true, s->name);
    char *end;

    s->n_labels = 0;
    if (p != NULL && *p == '{') {
        p = read_labels(l, p + 1, s);
    }
    if (p == NULL) {
        return false;
    }
    if (p[0] != ' ' || isspace((unsigned char)p[1])) {
        return fail(l, "expected one blank before the value");
    }
    s->value = strtod(p + 1, &end);
    if (end == p + 1 || *end != '\0') {
        return fail(l, "no value, or more than one: %s", p + 1);
    }
    return true;
}

/* Notes TEXT in a list; false if it stands there. */
static bool note(char **list, size_t *n, const char *text)
{
    for (size_t i = 0; i < *n; i++) {
        if (strcmp(list[i], text) == 0) {
            return false;
        }
    }
    if (*n == SERIES_MAX) {
        return false;
    }
    list[(*n)++] = strdup(text);
    return true;
}

static bool end_histogram(struct lint *l)
{
    if (l->group_open) {
        return fail(l, "a histogram before this has no _count");
    }
    return true;
}

static bool end_family(struct lint *l)
{
    if (l->family[0] != '\0' && l->type[0] == '\0') {
        return fail(l, "%s has no TYPE", l->family);
    }
    return end_histogram(l);
}

/* Words that no name may have between its underscores: units other than base units,
 * or short for any, and the types. */
static const char *find_bad_word(const char *name)
{
    static const char *const words[] = {
        "s",         "ms",        "us",        "ns",           "sec",          "m",       "h",
        "d",         "b",         "kb",        "mb",           "gb",           "tb",      "pb",
        "minutes",   "hours",     "days",      "milliseconds", "microseconds", "weeks",   "bits",
        "kilobytes", "megabytes", "gigabytes", "nanoseconds",  "percent",      "counter", "gauge",
        "histogram", "summary"};

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t size = strlen(words[i]);

        for (const char *at = strstr(name, words[i]); at != NULL; at = strstr(at + 1, words[i])) {
            if ((at == name || at[-1] == '_') && (at[size] == '_' || at[size] == '\0')) {
                return words[i];
            }
        }
    }
    return NULL;
}

static bool check_spelling(struct lint *l, const char *name)
{
    for (const char *p = name; *p != '\0'; p++) {
        if (isupper((unsigned char)*p) || *p == ':') {
            return fail(l, "%s isn't in snake_case", name);
        }
    }
    return true;
}

static bool check_family_name(struct lint *l)
{
    static const char *const reserved[] = {"_bucket", "_count", "_sum"};
    const char *bad_word = find_bad_word(l->family);
    bool is_counter = strcmp(l->type, "counter") == 0;

    if (is_counter != ends_in(l->family, "_total")) {
        return fail(l, "%s: counters end in _total, and nothing else does", l->family);
    }
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (ends_in(l->family, reserved[i])) {
            return fail(l, "%s ends as the parts of histograms do", l->family);
        }
    }
    if (bad_word != NULL) {
        return fail(l, "%s has \"%s\" in it, which is no base unit, or a type", l->family,
                    bad_word);
    }
    return check_spelling(l, l->family);
}

static bool read_help(struct lint *l, const char *p)
{
    if (!end_family(l)) {
        return false;
    }
    p = read_name(l, p, true, l->family);
    if (p == NULL || p[0] != ' ' || p[1] == '\0') {
        return fail(l, "HELP says nothing");
    }
    for (const char *q = p; *q != '\0'; q++) {
        if (*q == '\\' && *++q != '\\' && *q != 'n') {
            return fail(l, "unknown escape");
        }
    }
    l->type[0] = '\0';
    if (!note(l->families, &l->n_families, l->family)) {
        return fail(l, "%s comes twice", l->family);
    }
    return true;
}

static bool read_type(struct lint *l, const char *p)
{
    char name[TEXT_MAX];

    p = read_name(l, p, true, name);
    if (p == NULL || strcmp(name, l->family) != 0 || l->type[0] != '\0') {
        return fail(l, "TYPE must follow its HELP");
    }
    if (strcmp(p, " counter") != 0 && strcmp(p, " gauge") != 0 && strcmp(p, " histogram") != 0) {
        return fail(l, "unknown TYPE%s", p);
    }
    snprintf(l->type, sizeof l->type, "%s", p + 1);
    return check_family_name(l);
}

/* The labels without le, as text: what tells histograms of a family apart. */
static void group_of(const struct sample *s, char out[TEXT_MAX])
{
    size_t n = 0;

    out[0] = '\0';
    for (size_t i = 0; i < s->n_labels; i++) {
        if (strcmp(s->labels[i][0], "le") != 0) {
            n += (size_t)snprintf(out + n, n < TEXT_MAX ? TEXT_MAX - n : 0, "%s=%s;",
                                  s->labels[i][0], s->labels[i][1]);
        }
    }
}

static bool read_bucket(struct lint *l, const struct sample *s)
{
    const char *le = NULL;
    double bound;
    char *end;

    for (size_t i = 0; i < s->n_labels; i++) {
        le = strcmp(s->labels[i][0], "le") == 0 ? s->labels[i][1] : le;
    }
    if (le == NULL) {
        return fail(l, "a bucket without le");
    }
    bound = strtod(le, &end);
    if (*le == '\0' || *end != '\0' || !(bound > l->last_bound) || l->has_infinity) {
        return fail(l, "le=\"%s\" doesn't rise", le);
    }
    if (!(s->value >= l->last_count)) {
        return fail(l, "the buckets aren't cumulative");
    }
    l->last_bound = bound;
    l->last_count = s->value;
    l->has_infinity = isinf(bound);
    return true;
}

static bool read_histogram(struct lint *l, const struct sample *s)
{
    const char *part = s->name + strlen(l->family);
    char group[TEXT_MAX];

    group_of(s, group);
    if (!l->group_open) {
        memcpy(l->group, group, sizeof group);
        l->group_open = true;
        l->has_infinity = false;
        l->has_sum = false;
        l->last_bound = -INFINITY;
        l->last_count = 0;
    } else if (strcmp(group, l->group) != 0) {
        return end_histogram(l);
    }
    if (strcmp(part, "_bucket") == 0) {
        return read_bucket(l, s);
    }
    if (!l->has_infinity) {
        return fail(l, "no bucket +Inf");
    }
    if (strcmp(part, "_sum") == 0) {
        l->has_sum = true;
        return true;
    }
    if (strcmp(part, "_count") != 0 || !l->has_sum || s->value != l->last_count) {
        return fail(l, "_count must follow _sum and be what +Inf is");
    }
    l->group_open = false;
    return true;
}

/* Labels that have a meaning of their own elsewhere. */
static bool check_labels(struct lint *l, const struct sample *s)
{
    bool is_bucket = strcmp(l->type, "histogram") == 0 && ends_in(s->name, "_bucket");

    for (size_t i = 0; i < s->n_labels; i++) {
        const char *name = s->labels[i][0];

        if (strcmp(name, "quantile") == 0 || (strcmp(name, "le") == 0 && !is_bucket)) {
            return fail(l, "label %s is reserved", name);
        }
        if (!check_spelling(l, name)) {
            return false;
        }
    }
    return true;
}

static bool read_value_line(struct lint *l, const char *line)
{
    struct sample *s = malloc(sizeof *s);
    const char *blank = strrchr(line, ' ');
    char series[TEXT_MAX];
    bool ok = s != NULL && read_sample(l, line, s);

    if (ok && l->type[0] == '\0') {
        ok = fail(l, "%s comes before its TYPE", s->name);
    } else if (ok && strcmp(l->type, "histogram") == 0) {
        ok = strncmp(s->name, l->family, strlen(l->family)) == 0
                 ? read_histogram(l, s)
                 : fail(l, "%s isn't of the family %s", s->name, l->family);
    } else if (ok && strcmp(s->name, l->family) != 0) {
        ok = fail(l, "%s isn't of the family %s", s->name, l->family);
    } else if (ok && strcmp(l->type, "counter") == 0 && !(s->value >= 0)) {
        ok = fail(l, "a counter is below 0");
    }
    ok = ok && check_labels(l, s);
    if (ok) {
        snprintf(series, sizeof series, "%.*s", (int)(blank - line), line);
        ok = note(l->series, &l->n_series, series) || fail(l, "%s comes twice", series);
    }
    free(s);
    return ok;
}

static bool read_line(struct lint *l, const char *line)
{
    if (strncmp(line, "# HELP ", 7) == 0) {
        return read_help(l, line + 7);
    }
    if (strncmp(line, "# TYPE ", 7) == 0) {
        return read_type(l, line + 7);
    }
    if (line[0] == '#' || line[0] == '\0') {
        return fail(l, "neither HELP, TYPE nor a sample");
    }
    return read_value_line(l, line);
}

bool prometheus_lint(const char *text, char *problem, unsigned long problem_size)
{
    struct lint *l = calloc(1, sizeof *l);
    bool ok = l != NULL;

    while (ok && *text != '\0') {
        const char *end = strchr(text, '\n');
        char *line;

        l->line++;
        if (end == NULL) {
            ok = fail(l, "the last line doesn't end");
            break;
        }
        line = strndup(text, (size_t)(end - text));
        ok = line != NULL && read_line(l, line);
        free(line);
        text = end + 1;
    }
    ok = ok && end_family(l);
    snprintf(problem, problem_size, "%s", l != NULL ? l->problem : "out of memory");
    for (size_t i = 0; l != NULL && i < l->n_families; i++) {
        free(l->families[i]);
    }
    for (size_t i = 0; l != NULL && i < l->n_series; i++) {
        free(l->series[i]);
    }
    free(l);
    return ok;
}

double prometheus_value(const char *text, const char *series)
{
    size_t size = strlen(series);

    while (text != NULL && *text != '\0') {
        if (strncmp(text, series, size) == 0 && text[size] == ' ') {
            return strtod(text + size + 1, NULL);
        }
        text = strchr(text, '\n');
        text = text == NULL ? NULL : text + 1;
    }
    return NAN;
}
