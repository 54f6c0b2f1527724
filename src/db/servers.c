#include "db/servers.h"

#include "base/arena.h"
#include "base/buffer.h"

/* The context for one server when N more are to be tried after it. */
static struct db_context share_of(const struct db_context *context, size_t n_after)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t share_us = DB_SERVER_PATIENCE_US;

    if (context->deadline_us != CLOCK_NEVER_US) {
        uint64_t left_us = context->deadline_us > now_us ? context->deadline_us - now_us : 0;
        uint64_t fair_us = left_us / (n_after + 1);
        share_us = fair_us < share_us ? fair_us : share_us;
    }
    return (struct db_context){.deadline_us = now_us + share_us, .canceled = context->canceled};
}

/* Only the leader runs a query, so that a query tells more than what the server
 * says about who leads; that makes for the better message, though. */
static int check_leads(struct db_conn *conn, const struct db_context *context, struct error *error)
{
    struct arena arena = {0};
    struct db_rows rows;
    uint64_t id;
    const char *address;
    int rv;

    rv = db_conn_leader(conn, context, &arena, &id, &address, error);
    if (rv == ERROR_NONE) {
        rv = db_conn_query_sql(conn, context, "SELECT 1", 1, &arena, &rows, error);
    }
    if (rv == ERROR_NOT_LEADER) {
        rv = error_set(error, ERROR_NOT_LEADER, "It doesn't lead; it says that %s (%llu) does",
                       address, (unsigned long long)id);
    }
    arena_close(&arena);
    return rv;
}

static int try_server(const char *address, const struct db_conn_options *options,
                      const struct db_context *context, struct db_conn **ret_conn,
                      struct error *error)
{
    struct db_conn_options own = *options;
    struct db_conn *conn;
    int rv;

    own.address = address;
    rv = db_conn_open(&own, context, &conn, error);
    if (rv != ERROR_NONE) {
        return rv;
    }
    rv = check_leads(conn, context, error);
    if (rv != ERROR_NONE) {
        db_conn_close(conn);
        return rv;
    }
    *ret_conn = conn;
    return ERROR_NONE;
}

int db_servers_connect(const char *const *addresses, size_t n_addresses,
                       const struct db_conn_options *options, const struct db_context *context,
                       struct db_conn **ret_conn, struct error *error)
{
    struct buffer notes = {0};
    const char *text;
    int rv = ERROR_NONE;

    for (size_t i = 0; i < n_addresses; i++) {
        struct db_context share = share_of(context, n_addresses - 1 - i);
        rv = db_context_check(context, error);
        if (rv != ERROR_NONE) {
            break;
        }
        rv = try_server(addresses[i], options, &share, ret_conn, error);
        if (rv == ERROR_NONE || rv == ERROR_INVALID || rv == ERROR_NO_MEMORY) {
            buffer_close(&notes);
            return rv;
        }
        buffer_printf(&notes, "%s%s: %s", notes.size == 0 ? "" : "; ", addresses[i],
                      error->message);
    }
    if (rv != ERROR_CANCELED && rv != ERROR_TIMEOUT) {
        rv = ERROR_UNAVAILABLE;
    } else if (db_context_check(context, error) == ERROR_NONE) {
        rv = ERROR_UNAVAILABLE; /* Only the last server's share was used up. */
    }
    text = buffer_string(&notes);
    if (text == NULL) {
        rv = error_no_memory(error);
    } else {
        error_set(error, (enum error_code)rv, "No server leads: %s",
                  text[0] == '\0' ? "none was tried" : text);
    }
    buffer_close(&notes);
    return rv;
}
