#include "base/log.h"

#include "base/buffer.h"
#include "base/clock.h"
#include "base/json_writer.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#define SD_JOURNAL_SUPPRESS_LOCATION
#include <systemd/sd-journal.h>

/* The journal takes this many fields of ours besides its own. */
#define JOURNAL_FIELDS_MAX 16

static const char *const level_names[] = {
    [LOG_LEVEL_ERROR] = "error",
    [LOG_LEVEL_WARNING] = "warning",
    [LOG_LEVEL_INFO] = "info",
    [LOG_LEVEL_DEBUG] = "debug",
};

static enum log_level log_level_now = LOG_LEVEL_INFO;
static enum log_target log_target_now = LOG_TARGET_STDERR;

void log_configure(enum log_level level, enum log_target target)
{
    log_level_now = level;
    log_target_now = target;
}

bool log_level_parse(const char *word, enum log_level *ret_level)
{
    for (size_t i = 0; i < sizeof level_names / sizeof level_names[0]; i++) {
        if (strcmp(word, level_names[i]) == 0) {
            *ret_level = (enum log_level)i;
            return true;
        }
    }
    return false;
}

bool log_enabled(enum log_level level)
{
    return level <= log_level_now;
}

/* One write(2) a line, so that lines of several threads don't mix. */
static void write_stderr(enum log_level level, const char *component, const char *message,
                         const struct log_field *fields)
{
    struct buffer line = {0};
    struct json_writer w;
    char time[CLOCK_TEXT_SIZE];

    clock_wall_text(time);
    json_writer_init(&w, &line, false);
    json_write_object_begin(&w);
    json_write_key(&w, "time");
    json_write_string(&w, time);
    json_write_key(&w, "level");
    json_write_string(&w, level_names[level]);
    json_write_key(&w, "component");
    json_write_string(&w, component);
    json_write_key(&w, "message");
    json_write_string(&w, message);
    for (; fields->key != NULL; fields++) {
        json_write_key(&w, fields->key);
        if (fields->text != NULL) {
            json_write_string(&w, fields->text);
        } else {
            json_write_integer(&w, fields->integer);
        }
    }
    json_write_object_end(&w);
    buffer_append_char(&line, '\n');
    if (!buffer_failed(&line)) {
        /* There is nowhere to report that the log itself can't be written. */
        ssize_t ignored = write(STDERR_FILENO, line.data, line.size);
        (void)ignored;
    }
    buffer_close(&line);
}

static void append_journal_field(struct buffer *text, const struct log_field *field)
{
    buffer_append_string(text, "LBSTATE_");
    for (const char *p = field->key; *p != '\0'; p++) {
        buffer_append_char(text,
                           isalnum((unsigned char)*p) ? (char)toupper((unsigned char)*p) : '_');
    }
    if (field->text != NULL) {
        buffer_printf(text, "=%s", field->text);
    } else {
        buffer_printf(text, "=%" PRId64, field->integer);
    }
}

static void write_journal(enum log_level level, const char *component, const char *message,
                          const struct log_field *fields)
{
    static const int priorities[] = {3, 4, 6, 7}; /* As syslog(3) numbers them. */
    struct buffer texts[JOURNAL_FIELDS_MAX + 3] = {{0}};
    struct iovec parts[JOURNAL_FIELDS_MAX + 3];
    int n = 0;
    bool failed = false;

    /* Most readers of a journal show MESSAGE only, so it names the fields too. */
    buffer_printf(&texts[0], "MESSAGE=%s: %s", component, message);
    for (const struct log_field *f = fields; f->key != NULL; f++) {
        if (f->text != NULL) {
            buffer_printf(&texts[0], " %s=\"%s\"", f->key, f->text);
        } else {
            buffer_printf(&texts[0], " %s=%" PRId64, f->key, f->integer);
        }
    }
    buffer_printf(&texts[1], "PRIORITY=%d", priorities[level]);
    buffer_printf(&texts[2], "LBSTATE_COMPONENT=%s", component);
    n = 3;
    for (; fields->key != NULL && n < JOURNAL_FIELDS_MAX + 3; fields++) {
        append_journal_field(&texts[n++], fields);
    }
    for (int i = 0; i < n; i++) {
        failed = failed || buffer_failed(&texts[i]);
        parts[i] = (struct iovec){.iov_base = texts[i].data, .iov_len = texts[i].size};
    }
    if (!failed) {
        sd_journal_sendv(parts, n);
    }
    for (int i = 0; i < n; i++) {
        buffer_close(&texts[i]);
    }
}

void log_write(enum log_level level, const char *component, const char *message,
               const struct log_field *fields)
{
    if (log_target_now == LOG_TARGET_JOURNAL) {
        write_journal(level, component, message, fields);
    } else {
        write_stderr(level, component, message, fields);
    }
}
