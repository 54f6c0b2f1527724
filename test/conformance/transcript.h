/* transcript.h - the recorded cases and the world they were recorded in
 * (test/data/golden). */
#ifndef LBSTATE_TEST_CONFORMANCE_TRANSCRIPT_H
#define LBSTATE_TEST_CONFORMANCE_TRANSCRIPT_H

#include <jansson.h>
#include <stddef.h>

/* The headers that mean something; an answer has them or hasn't. */
enum { HEADER_CONTENT_TYPE, HEADER_ETAG, HEADER_LOCATION, HEADER_NO_SNIFF, N_HEADERS };
extern const char *const header_names[N_HEADERS];

struct answer {
    int status;               /* 0: the server closed without an answer. */
    char *headers[N_HEADERS]; /* NULL: absent. */
    char *text;               /* The body as it came. */
    json_t *json;             /* The body parsed, or NULL if it isn't JSON. */
};

struct recorded {
    const char *name; /* Borrowed from SOURCE, as the next ones. */
    const char *method;
    const char *path;
    json_t *headers;
    const char *body; /* NULL: none. */
    size_t body_size;
    const char *if_match_from; /* NULL: If-Match is sent as recorded, if it was. */
    json_t *cleanup;
    struct answer answer;
    json_t *source; /* Owned. */
};

struct transcript {
    json_t *world; /* Requests that come before the first case. */
    struct recorded *cases;
    size_t n_cases;
};

/* All end the program with a message if the files can't be read: without them
 * there is nothing to test. */
void transcript_load(const char *folder, struct transcript *ret_transcript);
const struct recorded *transcript_find(const struct transcript *transcript, const char *name);
void transcript_close(struct transcript *transcript);

/* Parses a body; NULL if it isn't JSON. */
json_t *answer_parse(const char *text);
void answer_close(struct answer *answer);

#endif
