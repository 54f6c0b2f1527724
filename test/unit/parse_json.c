#include "test/unit/parse_json.h"

#include "test/lib/cmocka_all.h"

#include <jansson.h>

struct json_t *parse_json(const char *text)
{
    json_error_t reason;
    json_t *json = json_loads(text, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &reason);

    if (json == NULL) {
        fail_msg("%s: %s", text, reason.text);
    }
    return json;
}

void release_json(struct json_t *json)
{
    json_decref(json);
}
