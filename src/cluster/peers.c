/* The pool: which request goes over which connection, and when it ends. */
#include "cluster/peers.h"

#include "base/clock.h"
#include "cluster/peers_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static void dispatch(struct peer_member *member);
static void on_timer(uv_timer_t *timer);

/* Makes the timer fire at DUE_US at the latest. As with the store's, no end of a request unsets
 * it: it fires in vain now and then, and finds the next time by looking at all. */
static void set_timer(struct peers *peers, uint64_t due_us)
{
    if (due_us < peers->timer_us && !peers->closing) {
        peers->timer_us = due_us;
        uv_update_time(peers->options.loop);
        uv_timer_start(&peers->timer, on_timer, (uint64_t)clock_poll_timeout_ms(due_us), 0);
    }
}

/* REQUEST stands in no queue and has no connection; error NULL: it has its answer. */
static void end(struct peers *peers, struct peer_request *request, const struct error *error)
{
    assert(!request->ended && request->connection == NULL);
    if (error != NULL) {
        request->error = *error;
    }
    request->ended = true;
    queue_push(&peers->ended, &request->queue);
    if (!peers->closing) {
        uv_async_send(&peers->async);
    }
}

/* The same for one that waits, or that a connection has, which is closed then. */
static void withdraw(struct peer_member *member, struct peer_request *request, enum error_code code,
                     const char *message)
{
    struct error error;

    error_set(&error, code, "%s", message);
    if (request->connection != NULL) {
        peer_connection_close(request->connection);
    } else {
        queue_remove(&request->queue);
        member->n_waiting--;
    }
    end(member->peers, request, &error);
}

static void close_all(struct queue *connections)
{
    while (!queue_empty(connections)) {
        peer_connection_close(queue_object(connections->next, struct peer_connection, link));
    }
}

/* The connection for the next request, or NULL: all are busy. */
static int take_connection(struct peer_member *member, struct peer_connection **ret_connection,
                           struct error *error)
{
    if (!queue_empty(&member->idle)) {
        *ret_connection = queue_object(member->idle.previous, struct peer_connection, link);
        return ERROR_NONE;
    }
    if (member->n_connections >= PEER_CONNECTIONS_MAX) {
        *ret_connection = NULL;
        return ERROR_NONE;
    }
    return peer_connection_open(member, ret_connection, error);
}

/* Gives connections to those who wait. What breaks at once comes back here by way of
 * peers_broken(), and is left to the loop that runs already. */
static void dispatch(struct peer_member *member)
{
    struct peer_connection *connection;
    struct error error;

    if (member->dispatching) {
        return;
    }
    member->dispatching = true;
    while (!queue_empty(&member->waiting)) {
        struct peer_request *request =
            queue_object(member->waiting.next, struct peer_request, queue);
        int code = take_connection(member, &connection, &error);

        if (code == ERROR_NONE && connection == NULL) {
            break;
        }
        queue_remove(&request->queue);
        member->n_waiting--;
        if (code != ERROR_NONE) {
            error.code = code == ERROR_NO_MEMORY ? ERROR_NO_MEMORY : ERROR_UNAVAILABLE;
            end(member->peers, request, &error);
            continue;
        }
        queue_remove(&connection->link);
        queue_push(&member->busy, &connection->link);
        peer_connection_send(connection, request);
    }
    member->dispatching = false;
}

void peers_answered(struct peer_connection *connection, bool reusable)
{
    struct peer_member *member = connection->member;
    struct peer_request *request = connection->request;

    if (reusable) {
        connection->request = NULL;
        request->connection = NULL;
        peer_response_close(&connection->response);
        connection->kept = true;
        connection->idle_until_us = clock_monotonic_us() + PEER_IDLE_MS * UINT64_C(1000);
        queue_remove(&connection->link);
        queue_push(&member->idle, &connection->link);
        set_timer(member->peers, connection->idle_until_us);
    } else {
        peer_connection_close(connection);
    }
    end(member->peers, request, NULL);
    dispatch(member);
}

void peers_broken(struct peer_connection *connection, const struct error *error)
{
    struct peer_member *member = connection->member;
    struct peer_request *request = connection->request;
    bool stale = connection->kept && !connection->response.begun && error->code == ERROR_IO;

    peer_connection_close(connection);
    if (request == NULL) {
        return;
    }
    if (stale && !request->retried && !request->send_once) {
        /* The other ones that were kept are as old, and the next one is to be new. */
        close_all(&member->idle);
        request->retried = true;
        queue_push(member->waiting.next, &request->queue);
        member->n_waiting++;
    } else {
        end(member->peers, request, error);
    }
    dispatch(member);
}

/* What is late. */

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Each returns when the next one is due. */

static uint64_t end_late_waiting(struct peer_member *member, uint64_t now_us)
{
    uint64_t next_us = CLOCK_NEVER_US;
    struct queue *link = member->waiting.next;

    while (link != &member->waiting) {
        struct peer_request *request = queue_object(link, struct peer_request, queue);

        link = link->next;
        if (request->deadline_us <= now_us) {
            withdraw(member, request, ERROR_TIMEOUT,
                     "No connection to the member was free in time");
        } else {
            next_us = earlier(next_us, request->deadline_us);
        }
    }
    return next_us;
}

static uint64_t end_late_busy(struct peer_member *member, uint64_t now_us)
{
    uint64_t next_us = CLOCK_NEVER_US;
    struct queue *link = member->busy.next;

    while (link != &member->busy) {
        struct peer_request *request = queue_object(link, struct peer_connection, link)->request;

        link = link->next;
        if (request->deadline_us <= now_us) {
            withdraw(member, request, ERROR_TIMEOUT, "The member didn't answer in time");
        } else {
            next_us = earlier(next_us, request->deadline_us);
        }
    }
    return next_us;
}

static uint64_t close_late_idle(struct peer_member *member, uint64_t now_us)
{
    uint64_t next_us = CLOCK_NEVER_US;
    struct queue *link = member->idle.next;

    while (link != &member->idle) {
        struct peer_connection *connection = queue_object(link, struct peer_connection, link);

        link = link->next;
        if (connection->idle_until_us <= now_us) {
            peer_connection_close(connection);
        } else {
            next_us = earlier(next_us, connection->idle_until_us);
        }
    }
    return next_us;
}

static void on_timer(uv_timer_t *timer)
{
    struct peers *peers = timer->data;
    uint64_t now_us = clock_monotonic_us();
    uint64_t next_us = CLOCK_NEVER_US;

    peers->timer_us = CLOCK_NEVER_US;
    for (struct queue *link = peers->members.next; link != &peers->members; link = link->next) {
        struct peer_member *member = queue_object(link, struct peer_member, link);

        next_us = earlier(next_us, end_late_waiting(member, now_us));
        next_us = earlier(next_us, end_late_busy(member, now_us));
        next_us = earlier(next_us, close_late_idle(member, now_us));
        dispatch(member);
    }
    set_timer(peers, next_us);
}

/* Beginning and end. */

static void report_ended(struct peers *peers)
{
    struct queue ended;
    struct queue *link;

    queue_init(&ended);
    queue_move(&ended, &peers->ended);
    while ((link = queue_pop(&ended)) != NULL) {
        struct peer_request *request = queue_object(link, struct peer_request, queue);

        request->done(request);
    }
}

static void on_async(uv_async_t *async)
{
    report_ended(async->data);
}

static void free_peers(struct peers *peers)
{
    struct queue *link;

    while ((link = queue_pop(&peers->members)) != NULL) {
        free(queue_object(link, struct peer_member, link));
    }
    free(peers);
}

void peers_handle_closed(struct peers *peers)
{
    if (--peers->n_handles > 0) {
        return;
    }
    /* The last ones, and what their DONE submitted in vain. */
    while (!queue_empty(&peers->ended)) {
        report_ended(peers);
    }
    peers->closed(peers->closed_data);
    free_peers(peers);
}

static void on_handle_closed(uv_handle_t *handle)
{
    peers_handle_closed(handle->data);
}

int peers_open(const struct peers_options *options, struct peers **ret_peers, struct error *error)
{
    struct peers *peers = calloc(1, sizeof *peers);
    int code;

    if (peers == NULL) {
        return error_no_memory(error);
    }
    peers->options = *options;
    peers->timer_us = CLOCK_NEVER_US;
    queue_init(&peers->members);
    queue_init(&peers->ended);
    code = uv_async_init(options->loop, &peers->async, on_async);
    if (code != 0) {
        free(peers);
        return error_errno(error, ERROR_IO, -code, "Failed watching requests to members");
    }
    uv_timer_init(options->loop, &peers->timer);
    peers->async.data = peers;
    peers->timer.data = peers;
    peers->n_handles = 2;
    *ret_peers = peers;
    return ERROR_NONE;
}

void peers_close(struct peers *peers, void (*closed)(void *data), void *data)
{
    static const char why[] = "The daemon is stopping";

    assert(!peers->closing);
    peers->closing = true;
    peers->closed = closed;
    peers->closed_data = data;
    for (struct queue *link = peers->members.next; link != &peers->members; link = link->next) {
        struct peer_member *member = queue_object(link, struct peer_member, link);

        while (!queue_empty(&member->waiting)) {
            withdraw(member, queue_object(member->waiting.next, struct peer_request, queue),
                     ERROR_CANCELED, why);
        }
        while (!queue_empty(&member->busy)) {
            withdraw(member, queue_object(member->busy.next, struct peer_connection, link)->request,
                     ERROR_CANCELED, why);
        }
        close_all(&member->idle);
    }
    uv_close((uv_handle_t *)&peers->async, on_handle_closed);
    uv_close((uv_handle_t *)&peers->timer, on_handle_closed);
}

/* Requests. */

static struct peer_member *find_member(struct peers *peers, uint64_t id)
{
    for (struct queue *link = peers->members.next; link != &peers->members; link = link->next) {
        struct peer_member *member = queue_object(link, struct peer_member, link);

        if (member->id == id) {
            return member;
        }
    }
    return NULL;
}

/* NULL: no memory. */
static struct peer_member *add_member(struct peers *peers, uint64_t id)
{
    struct peer_member *member = calloc(1, sizeof *member);

    if (member != NULL) {
        member->peers = peers;
        member->id = id;
        queue_init(&member->idle);
        queue_init(&member->busy);
        queue_init(&member->waiting);
        queue_push(&peers->members, &member->link);
    }
    return member;
}

static int enqueue(struct peers *peers, struct peer_request *request,
                   struct peer_member **ret_member, struct error *error)
{
    struct peer_member *member;

    if (peers->closing) {
        return error_set(error, ERROR_CANCELED, "The daemon is stopping");
    }
    member = find_member(peers, request->member_id);
    if (member == NULL) {
        member = add_member(peers, request->member_id);
    }
    if (member == NULL) {
        return error_no_memory(error);
    }
    if (member->n_waiting >= PEER_WAITING_MAX) {
        return error_set(error, ERROR_UNAVAILABLE, "Too many requests wait for the member (%d)",
                         PEER_WAITING_MAX);
    }
    queue_push(&member->waiting, &request->queue);
    member->n_waiting++;
    *ret_member = member;
    return ERROR_NONE;
}

void peer_request_init(struct peer_request *request)
{
    memset(request, 0, sizeof *request);
    queue_init(&request->queue);
    request->deadline_us = CLOCK_NEVER_US;
}

void peers_submit(struct peers *peers, struct peer_request *request)
{
    struct peer_member *member = NULL;
    struct error error;

    assert(request->done != NULL && request->connection == NULL && !request->ended);
    if (enqueue(peers, request, &member, &error) != ERROR_NONE) {
        end(peers, request, &error);
        return;
    }
    set_timer(peers, request->deadline_us);
    dispatch(member);
}

void peer_cancel(struct peers *peers, struct peer_request *request)
{
    struct peer_member *member = find_member(peers, request->member_id);

    if (!request->ended) {
        assert(member != NULL);
        withdraw(member, request, ERROR_CANCELED, "The request was canceled");
        dispatch(member);
    }
}

void peers_forget(struct peers *peers, uint64_t member_id)
{
    struct peer_member *member = find_member(peers, member_id);

    if (member != NULL) {
        close_all(&member->idle);
    }
}

const char *peer_header_get(const struct peer_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_response_headers; i++) {
        if (strcasecmp(request->response_headers[i].name, name) == 0) {
            return request->response_headers[i].value;
        }
    }
    return NULL;
}
