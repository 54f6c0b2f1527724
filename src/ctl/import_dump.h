/* import_dump.h - a dump of Incus' database (`incus admin sql global .dump`), or of
 * lbstate's own (`lbctl sql .dump`).
 *
 * SQLite itself reads it, in memory, and lets it do what a dump needs and no
 * more: make tables, insert values, replace() and char(). A dump from who knows
 * where can't read a file, call anything else, or run for long.
 *
 * Incus writes a text with line feeds as replace('a\nb','\n',char(10)), also if
 * `\n` stands in the text already: both come back as line feeds. With one `\n`
 * there is no doubt, because there was a line feed; with more, each but one may
 * have been the two characters. */
#ifndef LBSTATE_CTL_IMPORT_DUMP_H
#define LBSTATE_CTL_IMPORT_DUMP_H

#include "base/buffer.h"
#include "ctl/import.h"

#include <sqlite3.h>

struct import_dump {
    sqlite3 *db;       /* May be queried; the dump is in it as a whole. */
    json_t *ambiguous; /* Its keys: the texts that replace() made and that may be wrong. */
};

/* Loads TEXT, the content of FILE. LBSTATE_REFUSED, with
 * the line: it is no dump, is cut off, or does more than a dump does. */
int import_dump_open(const char *file, struct buffer *text, struct import_dump *ret_dump,
                     struct lbstate_error *error);
void import_dump_close(struct import_dump *dump);

bool import_dump_is_ambiguous(const struct import_dump *dump, const char *text, size_t size);

#endif
