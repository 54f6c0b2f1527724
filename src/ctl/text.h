/* text.h - text of records on a terminal, where it must not act as commands. */
#ifndef LBSTATE_CTL_TEXT_H
#define LBSTATE_CTL_TEXT_H

#include "base/buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True for what moves the cursor, changes colours or direction, or breaks the
 * line: control characters (C0, DEL, C1), U+2028, U+2029, bidirectional
 * controls, the byte order mark and non-characters. */
bool text_acts(uint32_t character);

/* Appends TEXT with such characters as \n, \t, \x1b or \u202e, and bytes that
 * are no UTF-8 as \xff. Returns how many columns it takes. */
size_t text_escape(struct buffer *out, const char *text, size_t size);

#endif
