/* go_json.h - JSON text byte for byte as Go's encoding/json writes it.
 *
 * Incus' answers and ETags are made by it, so that a comparison of bytes needs
 * the same choices: no blanks, members in the order given, what is escaped. */
#ifndef LBSTATE_TEST_CONFORMANCE_GO_JSON_H
#define LBSTATE_TEST_CONFORMANCE_GO_JSON_H

#include <jansson.h>
#include <stdbool.h>

/* A new string. ESCAPE_HTML: <, > and & become \u003c, \u003e and \u0026, as in
 * ETags but not in answers. U+2028 and U+2029 are always escaped. */
char *go_json_encode(const json_t *value, bool escape_html);

#endif
