#include "generate/diagnostic.h"

#include "generate/memory.h"

#include <stdlib.h>
#include <string.h>

void report(struct diagnostics *diagnostics, struct location at, const char *format, ...)
{
    struct diagnostic *diagnostic =
        MEMORY_APPEND(diagnostics->arena, diagnostics->items, diagnostics->n_items);
    va_list args;

    diagnostic->at = at;
    diagnostic->number = diagnostics->n_items;
    va_start(args, format);
    diagnostic->message = memory_vprintf(diagnostics->arena, format, args);
    va_end(args);
}

void report_note(struct diagnostics *diagnostics, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    diagnostics->items[diagnostics->n_items - 1].note =
        memory_vprintf(diagnostics->arena, format, args);
    va_end(args);
}

static int compare(const void *a, const void *b)
{
    const struct diagnostic *left = a;
    const struct diagnostic *right = b;

    if (left->at.file_index != right->at.file_index) {
        return left->at.file_index < right->at.file_index ? -1 : 1;
    }
    if (left->at.line != right->at.line) {
        return left->at.line < right->at.line ? -1 : 1;
    }
    if (left->at.column != right->at.column) {
        return left->at.column < right->at.column ? -1 : 1;
    }
    return (left->number > right->number) - (left->number < right->number);
}

static void print_line(FILE *file, struct location at, const char *severity, const char *message)
{
    if (at.line == 0) {
        fprintf(file, "%s: %s: %s\n", at.file, severity, message);
    } else {
        fprintf(file, "%s:%u:%u: %s: %s\n", at.file, at.line, at.column, severity, message);
    }
}

static bool is_repeated(const struct diagnostic *a, const struct diagnostic *b)
{
    return a->at.file_index == b->at.file_index && a->at.line == b->at.line &&
           a->at.column == b->at.column && strcmp(a->message, b->message) == 0;
}

void diagnostics_print(struct diagnostics *diagnostics, FILE *file)
{
    if (diagnostics->n_items > 0) {
        qsort(diagnostics->items, diagnostics->n_items, sizeof *diagnostics->items, compare);
    }
    for (size_t i = 0; i < diagnostics->n_items; i++) {
        const struct diagnostic *diagnostic = &diagnostics->items[i];

        if (i > 0 && is_repeated(diagnostic, diagnostic - 1)) {
            continue;
        }
        print_line(file, diagnostic->at, "error", diagnostic->message);
        if (diagnostic->note != NULL) {
            print_line(file, diagnostic->at, "note", diagnostic->note);
        }
    }
}
