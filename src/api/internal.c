/* internal.c - /internal: readiness, SQL of an administrator, dumps. */
#include "api/handlers.h"

#include "api/response.h"
#include "base/log.h"
#include "lb/body.h"
#include "lb/sql_guard.h"
#include "store/dump.h"
#include "store/sql.h"

#include <stdlib.h>
#include <string.h>

void handle_ready_get(struct api_call *call)
{
    struct error error;

    if (call->api->ready && !call->api->stopping) {
        response_empty(call, 0);
    } else {
        error_set(&error, ERROR_UNAVAILABLE, "Daemon not ready yet");
        response_error(call, &error);
    }
}

static void finish_sql(struct api_call *call, struct store_request *done)
{
    struct response response;

    response_begin(&response);
    json_write_raw(&response.json, done->result, strlen(done->result));
    response_send(&response, call, NULL, done->revision);
}

/* False: the call has been answered, and its memory is gone. */
static bool read_script(struct api_call *call, const struct sql_script **ret_script)
{
    struct sql_script *script = api_alloc(call, sizeof *script);
    struct sql_body body;
    struct error error;

    if (script == NULL) {
        return false;
    }
    if (body_sql(call->http->body, call->http->body_size, &call->http->arena, &body, &error) !=
        ERROR_NONE) {
        goto refuse;
    }
    if (strcmp(body.database, "global") != 0) {
        error_set(&error, ERROR_INVALID, "Invalid database");
        goto refuse;
    }
    if (body.query[0] == '\0') {
        error_set(&error, ERROR_INVALID, "No query provided");
        goto refuse;
    }
    if (sql_guard(body.query, &call->http->arena, script, &error) != ERROR_NONE) {
        goto refuse;
    }
    *ret_script = script;
    return true;

refuse:
    response_error(call, &error);
    return false;
}

void handle_sql_post(struct api_call *call)
{
    struct store_sql_request *r = api_alloc(call, sizeof *r);
    enum store_kind kind;

    if (r == NULL || !read_script(call, &r->script)) {
        return;
    }
    kind = store_sql_is_read(r->script) ? STORE_READ : STORE_WRITE;
    if (kind == STORE_WRITE) {
        /* It goes past every rule, so whoever looks for a cause finds it here. */
        log_event(LOG_LEVEL_WARNING, "api", "An administrator writes with SQL",
                  LOG_INTEGER("uid", call->http->peer.uid),
                  LOG_INTEGER("pid", call->http->peer.pid),
                  LOG_INTEGER("statements", r->script->n_statements));
    }
    api_submit(call, &r->base, kind, "sql", store_sql, finish_sql);
}

/* dump=0, 1 or 2 as Incus 7 has it, or schema=1 as Incus 6 does. What is no
 * number counts as 0. Returns false if there is no such dump. */
static bool read_dump_kind(struct api_call *call, enum store_dump_kind *ret_kind)
{
    const char *text = http_query_get(call->http, "dump");
    const char *schema = http_query_get(call->http, "schema");
    char *end = NULL;
    long value = text == NULL ? 0 : strtol(text, &end, 10);

    if (text == NULL || *end != '\0') {
        value = schema != NULL && strcmp(schema, "1") == 0 ? STORE_DUMP_SCHEMA : STORE_DUMP_ALL;
    }
    if (value < STORE_DUMP_ALL || value > STORE_DUMP_NAMES) {
        return false;
    }
    *ret_kind = (enum store_dump_kind)value;
    return true;
}

void handle_sql_get(struct api_call *call)
{
    struct store_dump_request *r = api_alloc(call, sizeof *r);
    const char *database = http_query_get(call->http, "database");
    struct error error;

    if (r == NULL) {
        return;
    }
    if (database == NULL || strcmp(database, "global") != 0) {
        error_set(&error, ERROR_INVALID, "Invalid database");
        response_error(call, &error);
    } else if (!read_dump_kind(call, &r->kind)) {
        error_set(&error, ERROR_INVALID, "dump must be 0 (all), 1 (the schema) or 2 (the names)");
        response_error(call, &error);
    } else {
        api_submit(call, &r->base, STORE_READ, "sql_dump", store_dump, finish_sql);
    }
}
