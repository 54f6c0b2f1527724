#include "api/forward.h"

#include "api/response.h"
#include "base/clock.h"
#include "base/log.h"
#include "cluster/leadership.h"

#include <assert.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

/* What the leader is given less than there is, so that its answer, which knows more than our
 * silence, comes before our own time is up: a tenth, and this at most. */
#define MARGIN_US_MAX UINT64_C(500000)

#define HEADERS_MAX 6

/* Who has the call now. */
enum forward_step {
    STEP_NONE,
    STEP_STORE,     /* This node's store. */
    STEP_CONFIRM,   /* The voters are asked who leads. */
    STEP_AWAIT,     /* For a leader. */
    STEP_FORWARDED, /* The leader. */
};

/* A call on its way; lives in the arena of the HTTP request. */
struct forward {
    struct api_call *call;
    struct store_request *request;
    enum store_kind kind;
    const char *name;
    store_run run;
    struct forward_terms terms;
    enum forward_step step;
    bool gone;           /* So is the client: nobody waits for the answer. */
    bool may_be_applied; /* By a try whose answer got lost. */
    bool is_repeated;    /* A try of what isn't looked up by its id (cluster_call.h) was sent. */
    bool was_in_vain;    /* Whoever was thought to lead did not take it, once at least. */
    bool watching;       /* While the leader has it: whether another member leads. */
    bool deposed;        /* So it is, and the answer isn't waited for. */
    struct leadership_view view;
    struct leadership_waiter waiter;
    struct leadership_waiter watch;
    struct peer_request peer;
    struct peer_header headers[HEADERS_MAX];
    char timeout_text[24];
    char requestor[32];
};

static void route(struct forward *f);

static uint64_t time_left_us(const struct forward *f)
{
    uint64_t now_us = clock_monotonic_us();

    return f->terms.deadline_us > now_us ? f->terms.deadline_us - now_us : 0;
}

/* Ends. Each answers the call, with which F is gone. */

/* Errors that speak of us rather than of the request are worth a line. */
static void log_failure(const char *name, const struct error *error)
{
    switch (error->code) {
    case ERROR_UNKNOWN_OUTCOME:
    case ERROR_NO_SPACE:
    case ERROR_IO:
    case ERROR_PROTOCOL:
    case ERROR_CORRUPT:
    case ERROR_NO_MEMORY:
    case ERROR_INTERNAL:
        log_event(LOG_LEVEL_ERROR, "api", "A request failed", LOG_TEXT("request", name),
                  LOG_TEXT("error", error_name(error->code)), LOG_TEXT("detail", error->message));
        break;
    default:
        log_event(LOG_LEVEL_DEBUG, "api", "A request was refused", LOG_TEXT("request", name),
                  LOG_TEXT("error", error_name(error->code)), LOG_TEXT("detail", error->message));
        break;
    }
}

static void let_go(struct forward *f)
{
    f->step = STEP_NONE;
    f->call->forward = NULL;
    f->call->http->on_gone = NULL;
}

/* Whether an error, or a status, was found by the transaction, and so after the id was looked
 * up: then no earlier try was applied. */
static bool is_verdict(unsigned status)
{
    return (status < 499 && status != 421) || status == error_http_status(ERROR_NO_SPACE);
}

static void end_with_error(struct forward *f, const struct error *error)
{
    struct error known = *error;

    if (f->may_be_applied && !is_verdict(error_http_status(error->code)) &&
        error->code != ERROR_UNKNOWN_OUTCOME) {
        error_set(&known, ERROR_UNKNOWN_OUTCOME,
                  "Whether the request was applied couldn't be found out in time: %s",
                  error->message);
    }
    if (!f->gone) {
        log_failure(f->name, &known);
    }
    let_go(f);
    response_error(f->call, &known);
}

static void end_as_canceled(struct forward *f)
{
    struct error error;

    error_set(&error, ERROR_CANCELED, "The client is gone");
    end_with_error(f, &error);
}

static void end_out_of_time(struct forward *f)
{
    struct error error;

    if (f->view.place == LEADERSHIP_NOWHERE) {
        leadership_explain(f->call->api->leadership, &error);
    } else {
        error_set(&error, ERROR_TIMEOUT,
                  "The time of the request was up before it was carried out");
    }
    end_with_error(f, &error);
}

/* For the member that forwarded it: it is to look for the leader again. */
static void end_as_refused(struct forward *f)
{
    let_go(f);
    response_not_leader(f->call, f->may_be_applied);
}

/* Waiting for who leads. */

static void on_awaited(struct leadership_waiter *waiter)
{
    struct forward *f = waiter->data;

    f->step = STEP_NONE;
    if (waiter->error.code == ERROR_NONE) {
        route(f);
    } else {
        end_with_error(f, &waiter->error);
    }
}

/* TRIED: the epoch whose leader was tried in vain; 0: there is none. */
static void await_leader(struct forward *f, uint64_t tried)
{
    f->step = STEP_AWAIT;
    f->waiter = (struct leadership_waiter){
        .data = f, .deadline_us = f->terms.deadline_us, .epoch = tried, .done = on_awaited};
    leadership_await(f->call->api->leadership, &f->waiter);
}

/* Who was tried doesn't lead, or can't be reached. */
static void look_elsewhere(struct forward *f)
{
    if (f->terms.is_bound) {
        end_as_refused(f);
    } else {
        leadership_suspect(f->call->api->leadership);
        await_leader(f, f->view.epoch);
    }
}

/* Here. */

static bool is_clustered(const struct forward *f)
{
    return f->call->api->leadership != NULL && f->kind != STORE_READ_LOCAL;
}

static void on_stored(struct store_request *request)
{
    struct forward *f = request->data;
    struct api_call *call = f->call;
    enum error_code code = request->error.code;

    f->step = STEP_NONE;
    db_observer_report(call->api->requests, f->name, code, 0,
                       clock_monotonic_us() - call->http->received_us);
    if (code == ERROR_UNKNOWN_OUTCOME) {
        f->may_be_applied = true;
    }
    if (is_clustered(f) && !f->gone && time_left_us(f) > 0 &&
        (code == ERROR_NOT_LEADER || code == ERROR_UNKNOWN_OUTCOME)) {
        arena_close(&request->arena);
        look_elsewhere(f);
        return;
    }
    /* What the transaction returned lives as long as the call. */
    arena_take(&call->http->arena, &request->arena);
    if (code != ERROR_NONE) {
        end_with_error(f, &request->error);
    } else {
        let_go(f);
        call->finish(call, request);
    }
}

static void run_here(struct forward *f)
{
    struct store_request *request = f->request;

    f->step = STEP_STORE;
    store_request_init(request);
    request->data = f;
    request->kind = f->kind;
    request->name = f->name;
    request->run = f->run;
    request->done = on_stored;
    request->deadline_us = f->terms.deadline_us;
    if (f->kind == STORE_WRITE) {
        snprintf(request->id, sizeof request->id, "%s", f->terms.id);
        request->id_is_fresh = f->terms.id_is_fresh && !f->may_be_applied;
    }
    store_submit(f->call->api->store, request);
}

static void on_confirmed(struct leadership_waiter *waiter)
{
    struct forward *f = waiter->data;

    f->step = STEP_NONE;
    if (waiter->error.code == ERROR_NONE) {
        run_here(f);
    } else if (waiter->error.code == ERROR_NO_MEMORY) {
        end_with_error(f, &waiter->error);
    } else {
        look_elsewhere(f);
    }
}

static void confirm(struct forward *f)
{
    f->step = STEP_CONFIRM;
    f->waiter = (struct leadership_waiter){
        .data = f, .deadline_us = f->terms.deadline_us, .done = on_confirmed};
    leadership_confirm(f->call->api->leadership, &f->waiter);
}

/* At the leader. */

static void watch_leader(struct forward *f);

/* A member that is cut off keeps its connections, and answers when it is back: nobody has to
 * wait for that once another one leads, which finds out what became of the request. */
static void on_other_epoch(struct leadership_waiter *watch)
{
    struct forward *f = watch->data;

    f->watching = false;
    if (watch->error.code != ERROR_NONE) {
        return; /* All is being closed, the request too. */
    }
    leadership_get(f->call->api->leadership, &f->view);
    if (f->view.member_id == f->peer.member_id) {
        watch_leader(f);
    } else {
        f->deposed = true;
        peer_cancel(f->call->api->peers, &f->peer);
    }
}

static void watch_leader(struct forward *f)
{
    f->watching = true;
    f->watch =
        (struct leadership_waiter){.data = f, .epoch = f->view.epoch, .done = on_other_epoch};
    leadership_watch(f->call->api->leadership, &f->watch);
}

static void take_answer(struct forward *f)
{
    struct api_call *call = f->call;
    struct peer_request *answer = &f->peer;
    struct error error;

    if (f->may_be_applied && !is_verdict(answer->status)) {
        error_set(&error, ERROR_UNAVAILABLE, "The member that leads answered with status %u",
                  answer->status);
        end_with_error(f, &error);
        return;
    }
    let_go(f);
    if (call->finish_forwarded != NULL && answer->status / 100 == 2) {
        call->finish_forwarded(call, answer);
    } else {
        forward_pass_on(call, answer);
    }
}

static void on_answered(struct peer_request *peer)
{
    struct forward *f = peer->data;
    struct error *error = &peer->error;
    bool refused = error->code == ERROR_NONE && forward_is_refused(peer);
    bool in_vain;

    f->step = STEP_NONE;
    if (f->watching) {
        leadership_forget(f->call->api->leadership, &f->watch);
        f->watching = false;
    }
    if (f->kind == STORE_WRITE && ((error->code != ERROR_NONE && peer->sent) ||
                                   (refused && peer_header_get(peer, "Lbstate-Outcome") != NULL))) {
        f->may_be_applied = true;
    }
    if (f->kind != STORE_WRITE && peer->sent) {
        f->is_repeated = true;
    }
    in_vain = refused || error->code == ERROR_UNAVAILABLE || error->code == ERROR_IO ||
              error->code == ERROR_PROTOCOL || (error->code == ERROR_CANCELED && f->deposed);
    if (in_vain && !f->gone) {
        /* Until somebody leads it may be asked every few milliseconds. */
        log_event(f->was_in_vain ? LOG_LEVEL_DEBUG : LOG_LEVEL_INFO, "api",
                  "The member that should lead didn't take a request",
                  LOG_INTEGER("member", (int64_t)peer->member_id), LOG_TEXT("request", f->name),
                  LOG_TEXT("reason", refused      ? "it refused"
                                     : f->deposed ? "another member leads now"
                                                  : error->message));
        f->was_in_vain = true;
        arena_close(&peer->arena);
        look_elsewhere(f);
        return;
    }
    arena_take(&f->call->http->arena, &peer->arena);
    if (f->gone) {
        end_as_canceled(f);
    } else if (error->code == ERROR_NONE) {
        take_answer(f);
    } else {
        if (error->code == ERROR_CANCELED) {
            error->code = ERROR_UNAVAILABLE; /* It is us who stop. */
        }
        end_with_error(f, error);
    }
}

static void add_header(struct forward *f, const char *name, const char *value)
{
    if (value != NULL) {
        assert(f->peer.n_headers < HEADERS_MAX);
        f->headers[f->peer.n_headers++] = (struct peer_header){.name = name, .value = value};
    }
}

static void send_to_leader(struct forward *f)
{
    const struct http_request *http = f->call->http;
    struct peer_request *peer = &f->peer;
    uint64_t left_us = time_left_us(f);
    uint64_t margin_us = left_us / 10 < MARGIN_US_MAX ? left_us / 10 : MARGIN_US_MAX;

    f->step = STEP_FORWARDED;
    f->deposed = false;
    peer_request_init(peer);
    peer->data = f;
    peer->member_id = f->view.member_id;
    peer->method = http->method;
    peer->target = http->target;
    peer->body = http->body;
    peer->body_size = http->body_size;
    peer->headers = f->headers;
    peer->deadline_us = f->terms.deadline_us;
    peer->done = on_answered;
    snprintf(f->timeout_text, sizeof f->timeout_text, "%" PRIu64, (left_us - margin_us) / 1000);
    add_header(f, "Content-Type", http_header_get(http, "Content-Type"));
    add_header(f, "If-Match", http_header_get(http, "If-Match"));
    add_header(f, "Lbstate-Request-Id", f->terms.id);
    if (f->terms.id_is_fresh && !f->may_be_applied && !f->is_repeated) {
        add_header(f, "Lbstate-Request-Fresh", "1");
        peer->send_once = strcmp(http->method, "GET") != 0; /* To read again is no harm. */
    }
    add_header(f, "Lbstate-Timeout-Ms", f->timeout_text);
    if (http->peer.kind == HTTP_PEER_LOCAL) {
        snprintf(f->requestor, sizeof f->requestor, "unix %u", (unsigned)http->peer.uid);
        add_header(f, "Lbstate-Requestor", f->requestor);
    }
    peers_submit(f->call->api->peers, peer);
    watch_leader(f);
}

/* From the start, and again after each try in vain. */
static void route(struct forward *f)
{
    if (!is_clustered(f)) {
        run_here(f);
        return;
    }
    leadership_get(f->call->api->leadership, &f->view);
    if (time_left_us(f) == 0) {
        end_out_of_time(f);
    } else if (f->view.place == LEADERSHIP_HERE && f->kind == STORE_READ) {
        confirm(f);
    } else if (f->view.place == LEADERSHIP_HERE) {
        run_here(f);
    } else if (f->terms.is_bound) {
        end_as_refused(f);
    } else if (f->view.place == LEADERSHIP_MEMBER) {
        send_to_leader(f);
    } else {
        await_leader(f, 0);
    }
}

/* Nobody waits for the answer any more. */
static void on_gone(struct http_request *http)
{
    struct api_call *call = http->data;
    struct forward *f = call->forward;

    f->gone = true;
    switch (f->step) {
    case STEP_STORE:
        store_cancel(f->request);
        break;
    case STEP_FORWARDED:
        peer_cancel(call->api->peers, &f->peer);
        break;
    case STEP_CONFIRM:
    case STEP_AWAIT:
        leadership_forget(call->api->leadership, &f->waiter);
        end_as_canceled(f);
        break;
    case STEP_NONE:
        assert(false);
        break;
    }
}

/* One that no other node makes. */
static int make_id(struct api *api, struct forward_terms *terms, struct error *error)
{
    if (api->id_prefix == 0 &&
        getrandom(&api->id_prefix, sizeof api->id_prefix, 0) != (ssize_t)sizeof api->id_prefix) {
        return error_errno(error, ERROR_IO, errno, "Failed getting random numbers");
    }
    snprintf(terms->id, sizeof terms->id, "%016" PRIx64 "-%" PRIu64, api->id_prefix, ++api->n_ids);
    terms->id_is_fresh = true;
    return ERROR_NONE;
}

void forward_submit(struct api_call *call, struct store_request *request, enum store_kind kind,
                    const char *name, store_run run)
{
    struct forward *f = api_alloc(call, sizeof *f);
    struct error error;
    int code;

    if (f == NULL) {
        return;
    }
    code = forward_read_terms(call, kind, &f->terms, &error);
    if (code == ERROR_NONE && f->terms.id[0] == '\0' && call->api->leadership != NULL) {
        code = make_id(call->api, &f->terms, &error);
    }
    if (code != ERROR_NONE) {
        response_error(call, &error);
        return;
    }
    f->call = call;
    f->request = request;
    f->kind = kind == STORE_READ && f->terms.is_local ? STORE_READ_LOCAL : kind;
    f->name = name;
    f->run = run;
    call->forward = f;
    call->http->on_gone = on_gone;
    route(f);
}
