/* json_writer.h - writes JSON into a buffer as it goes, without a tree.
 *
 * Strings are written as Go's encoding/json does, because ETags are computed
 * over that form: control characters, U+2028 and U+2029 are escaped, invalid
 * UTF-8 becomes U+FFFD, and with escape_html also <, > and &.
 *
 * All functions begin with json_write_: json_string() and others are jansson's,
 * and the linker would take ours for it without a word. */
#ifndef LBSTATE_BASE_JSON_WRITER_H
#define LBSTATE_BASE_JSON_WRITER_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stdint.h>

struct json_writer {
    struct buffer *buffer; /* Where it goes; errors are the buffer's. */
    bool escape_html;
    bool need_comma; /* Private. */
};

void json_writer_init(struct json_writer *w, struct buffer *buffer, bool escape_html);

void json_write_object_begin(struct json_writer *w);
void json_write_object_end(struct json_writer *w);
void json_write_array_begin(struct json_writer *w);
void json_write_array_end(struct json_writer *w);

/* The key of the member whose value is written next. */
void json_write_key(struct json_writer *w, const char *key);

void json_write_string(struct json_writer *w, const char *value); /* NULL is written as "". */
void json_write_string_n(struct json_writer *w, const char *value, size_t size);
void json_write_integer(struct json_writer *w, int64_t value);
void json_write_double(struct json_writer *w, double value); /* Not finite: null. */
void json_write_bool(struct json_writer *w, bool value);
void json_write_null(struct json_writer *w);

/* A value that is JSON already. */
void json_write_raw(struct json_writer *w, const char *json, size_t size);

#endif
