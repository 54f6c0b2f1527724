/* parse_json.h - jansson's parser for tests that also write JSON: jansson.h and
 * base/json_writer.h can't be included by one file, they share names. */
#ifndef LBSTATE_TEST_UNIT_PARSE_JSON_H
#define LBSTATE_TEST_UNIT_PARSE_JSON_H

struct json_t;

/* TEXT must be JSON (a cmocka assertion); U+0000 is allowed. */
struct json_t *parse_json(const char *text);
void release_json(struct json_t *json);

#endif
