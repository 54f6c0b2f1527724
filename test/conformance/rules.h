/* rules.h - turns a recorded answer into the one that lbstate owes.
 *
 * lbstate deviates from Incus on purpose (doc/incus-compatibility.md). What
 * follows from the recorded answer alone is done here for all cases; what
 * concerns single cases stands in deviations.json, one entry a case, with the
 * number of the deviation and the reason. Nothing else is changed, and what was
 * changed is compared as strictly as what wasn't. */
#ifndef LBSTATE_TEST_CONFORMANCE_RULES_H
#define LBSTATE_TEST_CONFORMANCE_RULES_H

#include "test/conformance/transcript.h"

#include <stdbool.h>

/* ETags as they were recorded and as they were received instead. */
struct etags {
    json_t *received; /* Recorded or case name -> received, without quotes. */
};

/* What is expected for a case: a status, headers and a body as in an answer, and
 * these for what can't be said exactly. */
struct expected {
    struct answer answer; /* text is set only if the body isn't JSON. */
    bool computes_etag;   /* The ETag follows from the body, see rules_etag(). */
    bool own_words;       /* Our words follow on `error` of the envelope, ... */
    char *own_words_hold; /* ... and hold this text; NULL: any words. */
};

/* DEVIATION: the entry of deviations.json, or NULL. */
void rules_expect(const struct recorded *recorded, const struct transcript *transcript,
                  const json_t *deviation, const struct etags *etags,
                  struct expected *ret_expected);
void expected_close(struct expected *expected);

/* The ETag with quotes for METADATA (a load balancer, a network), as a new
 * string, or NULL for what has another one. */
char *rules_etag(const json_t *metadata);

/* Replaces what a server draws by itself, and what depends on the host, by a
 * mark, in a body that was expected or received. */
void rules_mask(json_t *body);

/* Ends the program if an entry has a member that isn't known. */
void rules_check_deviation(const json_t *deviation);

#endif
