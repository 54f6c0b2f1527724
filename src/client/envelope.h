/* envelope.h - the frame that /1.0 puts around each answer:
 * {"type":"sync","status":...,"error_code":0,"error":"","metadata":ANY}.
 *
 * The metadata may be many megabytes, so it is found by a scan that keeps track
 * of strings and brackets only, and is handed on as it is. */
#ifndef LBSTATE_CLIENT_ENVELOPE_H
#define LBSTATE_CLIENT_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

struct envelope {
    bool is_error;        /* "type" is "error". */
    char *metadata;       /* Inside of the text; NULL if there is none. */
    size_t metadata_size; /* Bytes. */
    char error[900];      /* The "error" as UTF-8, cut where it is longer; "" if there is none. */
};

/* Returns false if TEXT, which ends with a NUL that SIZE doesn't count, isn't one
 * JSON object with a "type". The byte after the metadata becomes a NUL. */
bool envelope_parse(char *text, size_t size, struct envelope *ret_envelope);

#endif
