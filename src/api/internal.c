/* internal.c - /internal: readiness, and SQL of an administrator. */
#include "api/handlers.h"

#include "api/response.h"
#include "base/log.h"
#include "lb/body.h"
#include "lb/sql_guard.h"
#include "store/sql.h"

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

/* On failure the call has been answered. */
static struct sql_script *read_script(struct api_call *call)
{
    struct sql_script *script = api_alloc(call, sizeof *script);
    struct sql_body body;
    struct error error;

    if (script == NULL) {
        return NULL;
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
    return script;

refuse:
    response_error(call, &error);
    return NULL;
}

void handle_sql_post(struct api_call *call)
{
    struct store_sql_request *r = api_alloc(call, sizeof *r);
    struct sql_script *script;
    enum store_kind kind;

    /* Once the call has been answered, R is gone. */
    if (r == NULL || (script = read_script(call)) == NULL) {
        return;
    }
    r->script = script;
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
