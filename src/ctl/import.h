/* import.h - lbctl import: from files to records to requests to a report. */
#ifndef LBSTATE_CTL_IMPORT_H
#define LBSTATE_CTL_IMPORT_H

#include "base/arena.h"
#include "base/buffer.h"
#include "ctl/ctl.h"

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of each file; a file is read as a whole. */
#define IMPORT_FILE_SIZE_MAX ((size_t)256 * 1024 * 1024)

/* Of all files together. */
#define IMPORT_RECORDS_MAX ((size_t)1000 * 1000)

/* In the order in which they are sent: each needs those before it. */
enum import_kind {
    IMPORT_PROJECT,
    IMPORT_UPLINK, /* A network of any type but ovn. */
    IMPORT_NETWORK,
    IMPORT_LOAD_BALANCER,
    IMPORT_FORWARD,
    IMPORT_KIND_MAX
};

struct import_record {
    enum import_kind kind;
    const json_t *record; /* An object, as it was read; borrowed from its document. */
    const char *project;  /* NULL: --project, or the daemon's default. */
    const char *network;  /* Of a load balancer or a forward. */
    const char *name;     /* Or listen address. */
    const char *place;    /* "FILE: JSON path", for messages. */
};

/* All that was read. A zeroed one is a valid empty one. */
struct import_data {
    struct arena arena; /* Of names and places. */
    json_t *documents;  /* One of each file. */
    struct import_record *records;
    size_t n_records;
    size_t capacity;      /* Private. */
    size_t n_skipped;     /* Unmanaged networks. */
    json_t *inexact;      /* Of dumps: what may not be as it was; {"place", "name", "problem"}. */
    size_t file_size_max; /* 0: IMPORT_FILE_SIZE_MAX. */
    size_t records_max;   /* 0: IMPORT_RECORDS_MAX. */
};

/* Reads FILE, "-" being IN, and adds its records. A JSON error is told with its
 * line and column, a wrong shape with its JSON path. */
int import_read(struct import_data *data, const char *file, FILE *in, struct lbstate_error *error);
void import_data_close(struct import_data *data);

/* The same for a dump of Incus' database (import_dump.h). A record that may come
 * back other than it was is noted in data->inexact, and read as SQLite reads it. */
int import_read_dump(struct import_data *data, const char *file, FILE *in,
                     struct lbstate_error *error);

/* What both have in common: the text of a file, its name for messages, a record
 * more (PATH is where it stands in the file), and a document, which is taken and
 * lives as long as DATA. */
int import_read_text(struct import_data *data, const char *file, FILE *in, struct buffer *text,
                     struct lbstate_error *error);
const char *import_file_name(const char *file);
int import_add(struct import_data *data, const char *file, const struct import_record *record,
               const char *path, struct lbstate_error *error);
int import_keep(struct import_data *data, json_t *document, struct lbstate_error *error);

/* The body of the POST that creates the record, for json_decref(); NULL if
 * memory is lacking. Members that the daemon makes up (used_by, status, ...) are
 * left out. */
json_t *import_body(const struct import_record *record);

/* Sets RET_SAME to whether EXISTING, as the daemon gives it, is what creating
 * OURS would have made: spellings of addresses, blanks that the daemon trims and
 * config keys that it fills in by itself make no difference. Returns false if
 * memory is lacking. */
bool import_same(enum import_kind kind, const json_t *ours, const json_t *existing, bool *ret_same);

struct import_counts {
    size_t n_created;
    size_t n_unchanged;
    size_t n_updated;
    size_t n_failed;
    size_t n_unsent; /* Given up because the daemon is gone. */
};

struct import_report {
    struct import_counts counts[IMPORT_KIND_MAX];
    json_t *failures; /* With --format json: an array; otherwise NULL. */
    json_t *inexact;  /* Borrowed from struct import_data; NULL: nothing. */
    FILE *err;

    /* Of the line that says how far it is. */
    bool show_progress;
    size_t n_records;          /* In all. */
    uint64_t progress_next_us; /* Not drawn again before; 0: nothing is drawn. */
};

/* Says on a terminal how far it is, a few times a second. */
void import_report_progress(struct import_report *report);

/* Notes that RECORD failed: at once on err, or for the JSON report. Returns
 * false if memory is lacking. */
bool import_report_failure(struct import_report *report, const struct import_record *record,
                           const char *message);

/* Tells what in INEXACT is: at once on err, or in the JSON report. Returns false
 * if memory is lacking. */
bool import_report_inexact(struct import_report *report, json_t *inexact);

/* Prints the counts: as text to err, or all as JSON to OUT. */
int import_report_print(struct import_report *report, size_t n_skipped, FILE *out,
                        struct lbstate_error *error);

#endif
