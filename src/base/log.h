/* log.h - one line an event, from any thread.
 *
 * An event has a level, the part of lbstate it comes from, a fixed sentence and
 * fields: log_event(LOG_INFO, "store", "Committed a batch",
 *                   LOG_INTEGER("requests", n), LOG_TEXT("outcome", "applied"));
 * The sentence never holds variable text: what varies stands in fields, so that
 * events can be counted and searched. Secrets never go into a field.
 *
 * Lines go to standard error as JSON, or to the journal with the same fields
 * (LBSTATE_ before their upper-case names). */
#ifndef LBSTATE_BASE_LOG_H
#define LBSTATE_BASE_LOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Named LOG_LEVEL_ because syslog.h and sd-journal.h own LOG_INFO and friends. */
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_WARNING, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

enum log_target { LOG_TARGET_STDERR, LOG_TARGET_JOURNAL };

struct log_field {
    const char *key;  /* NULL ends a list. */
    const char *text; /* NULL: integer is the value. */
    int64_t integer;
};

#define LOG_TEXT(KEY, VALUE)    ((struct log_field){.key = (KEY), .text = log_text_or_empty(VALUE)})
#define LOG_INTEGER(KEY, VALUE) ((struct log_field){.key = (KEY), .integer = (int64_t)(VALUE)})

static inline const char *log_text_or_empty(const char *text)
{
    return text == NULL ? "" : text;
}

/* Not thread-safe: called once, before there are threads. Default: info, stderr. */
void log_configure(enum log_level level, enum log_target target);

/* "error", "warning", "info", "debug"; returns false for another word. */
bool log_level_parse(const char *word, enum log_level *ret_level);

bool log_enabled(enum log_level level);

/* Use log_event(). */
void log_write(enum log_level level, const char *component, const char *message,
               const struct log_field *fields);

#define log_event(LEVEL, COMPONENT, MESSAGE, ...)                                                  \
    do {                                                                                           \
        if (log_enabled(LEVEL)) {                                                                  \
            log_write((LEVEL), (COMPONENT), (MESSAGE),                                             \
                      (const struct log_field[]){__VA_ARGS__ __VA_OPT__(, ){.key = NULL}});        \
        }                                                                                          \
    } while (0)

#endif
