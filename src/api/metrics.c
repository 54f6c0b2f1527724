/* metrics.c - GET /1.0/metrics: how this member does, for Prometheus.
 *
 * What the kernel is asked for may block, so a thread of the loop's pool asks;
 * the rest is gathered on the loop when that is done. Whoever comes while it asks
 * gets its last answer. */
#include "api/handlers.h"

#include "api/prometheus.h"
#include "api/response.h"
#include "base/clock.h"

#include <string.h>
#include <uv.h>

#include "config.h"

struct metrics_call {
    uv_work_t work;
    struct api_call *call;
    struct host_figures host;
};

/* A copy of all that an observer has seen, so that the families that are made of
 * it agree with each other. */
struct observed {
    struct buffer copies; /* Of struct db_statement_metrics. */
    const struct db_statement_metrics *all;
    size_t n;
};

static void copy_one(const struct db_statement_metrics *metrics, void *data)
{
    buffer_append(data, metrics, sizeof *metrics);
}

/* False if memory is lacking. */
static bool observed_init(struct observed *observed, struct db_observer *observer)
{
    buffer_init(&observed->copies);
    db_observer_each(observer, copy_one, &observed->copies);
    observed->all = (const void *)observed->copies.data;
    observed->n = observed->copies.size / sizeof *observed->all;
    return !buffer_failed(&observed->copies);
}

static void observed_close(struct observed *observed)
{
    buffer_close(&observed->copies);
}

/* The observer counts what found no memory under "", which Prometheus takes for a
 * label that isn't there. */
static const char *label_of(const struct db_statement_metrics *metrics)
{
    return metrics->name[0] != '\0' ? metrics->name : "other";
}

static void write_outcomes(struct buffer *out, const char *family, const char *help,
                           const char *label, const struct observed *observed)
{
    prometheus_family(out, family, PROMETHEUS_COUNTER, help);
    for (size_t i = 0; i < observed->n; i++) {
        for (size_t code = 0; code < ERROR_CODE_MAX; code++) {
            const struct prometheus_label labels[] = {
                {label, label_of(&observed->all[i])},
                {"outcome", error_name((enum error_code)code)},
            };

            /* Success is told even if there was none, so that it has a rate from the start. */
            if (code == ERROR_NONE || observed->all[i].errors[code] > 0) {
                prometheus_sample(out, family, labels, 2, observed->all[i].errors[code]);
            }
        }
    }
}

static void write_durations(struct buffer *out, const char *family, const char *help,
                            const char *label, const struct observed *observed)
{
    prometheus_family(out, family, PROMETHEUS_HISTOGRAM, help);
    for (size_t i = 0; i < observed->n; i++) {
        const struct db_statement_metrics *m = &observed->all[i];
        const struct prometheus_label labels[] = {{label, label_of(m)}};

        prometheus_histogram(out, family, labels, 1, m->buckets, DB_OBSERVER_BUCKETS, m->total_us);
    }
}

/* False if memory is lacking. */
static bool write_requests(struct buffer *out, struct api *api)
{
    struct observed observed;
    bool ok = observed_init(&observed, api->requests);

    write_outcomes(out, "lbstate_requests_total",
                   "Requests that the store was asked for, by how they ended.", "request",
                   &observed);
    write_durations(out, "lbstate_request_duration_seconds",
                    "From the arrival of such a request to its answer.", "request", &observed);
    observed_close(&observed);
    return ok;
}

/* False if memory is lacking. */
static bool write_statements(struct buffer *out, struct api *api)
{
    static const char rows[] = "lbstate_statement_rows_total";
    struct observed observed;
    bool ok = observed_init(&observed, api->observer);

    write_outcomes(out, "lbstate_statements_total",
                   "SQL statements that the engine was given, by how they ended.", "statement",
                   &observed);
    prometheus_family(out, rows, PROMETHEUS_COUNTER, "Rows that they returned or changed.");
    for (size_t i = 0; i < observed.n; i++) {
        const struct prometheus_label labels[] = {{"statement", label_of(&observed.all[i])}};

        prometheus_sample(out, rows, labels, 1, observed.all[i].rows);
    }
    write_durations(out, "lbstate_statement_duration_seconds",
                    "From sending a statement to reading the answer.", "statement", &observed);
    observed_close(&observed);
    return ok;
}

static void write_http(struct buffer *out, const struct api *api)
{
    static const char responses[] = "lbstate_http_responses_total";
    static const char *const classes[] = {"", "1xx", "2xx", "3xx", "4xx", "5xx"};
    struct http_metrics http;

    http_server_metrics(api->http, &http);
    prometheus_single(out, "lbstate_http_connections", PROMETHEUS_GAUGE,
                      "Clients that are connected now.", http.connections);
    prometheus_single(out, "lbstate_http_requests_total", PROMETHEUS_COUNTER,
                      "Requests that were answered, by a handler or by the server itself.",
                      http.requests);
    prometheus_family(out, responses, PROMETHEUS_COUNTER, "Answers by the class of their status.");
    for (size_t i = 1; i < sizeof classes / sizeof classes[0]; i++) {
        const struct prometheus_label labels[] = {{"code", classes[i]}};

        prometheus_sample(out, responses, labels, 1, http.responses[i]);
    }
}

static void write_events(struct buffer *out, const struct api *api)
{
    static const char family[] = "lbstate_events_published_total";

    prometheus_single(out, "lbstate_event_listeners", PROMETHEUS_GAUGE,
                      "Clients that listen to events now.", api->event_sockets.n_sockets);
    prometheus_family(out, family, PROMETHEUS_COUNTER, "Events, whether anybody listened or not.");
    for (size_t i = 0; i < EVENT_N_TYPES; i++) {
        const struct prometheus_label labels[] = {{"type", event_type_name((enum event_type)i)}};

        prometheus_sample(out, family, labels, 1, api->events.published[i]);
    }
}

static void write_store(struct buffer *out, struct api *api)
{
    static const char waiting[] = "lbstate_store_waiting_requests";
    static const struct prometheus_label reads = {"kind", "read"};
    static const struct prometheus_label writes = {"kind", "write"};
    struct store_metrics store;

    store_metrics(api->store, &store);
    prometheus_single(out, "lbstate_store_batches_total", PROMETHEUS_COUNTER,
                      "Transactions that were committed, each for many writes.", store.batches);
    prometheus_single(out, "lbstate_store_batch_requests_total", PROMETHEUS_COUNTER,
                      "Writes in those transactions.", store.batch_requests);
    prometheus_single(out, "lbstate_store_batch_requests_largest", PROMETHEUS_GAUGE,
                      "Writes in the largest of those transactions.", store.batch_largest);
    prometheus_single(out, "lbstate_store_reconnects_total", PROMETHEUS_COUNTER,
                      "Connections to the engine that had to be made anew.", store.reconnects);
    prometheus_single(out, "lbstate_store_replays_total", PROMETHEUS_COUNTER,
                      "Requests that were answered from their stored id.", store.replays);
    prometheus_single(out, "lbstate_store_unknown_outcomes_total", PROMETHEUS_COUNTER,
                      "Commits whose answer was lost.", store.unknown_outcomes);
    prometheus_family(out, waiting, PROMETHEUS_GAUGE, "Requests that wait for the store now.");
    prometheus_sample(out, waiting, &reads, 1, store.waiting_reads);
    prometheus_sample(out, waiting, &writes, 1, store.waiting_writes);
}

/* "cowsql 1.15.8" as two labels. */
static void write_engine(struct buffer *out, const char *engine)
{
    static const char family[] = "lbstate_engine_info";
    const char *blank = strchr(engine, ' ');
    struct prometheus_label labels[] = {{"name", engine}, {"version", ""}};
    char name[64];

    if (blank != NULL && (size_t)(blank - engine) < sizeof name) {
        memcpy(name, engine, (size_t)(blank - engine));
        name[blank - engine] = '\0';
        labels[0].value = name;
        labels[1].value = blank + 1;
    }
    prometheus_family(out, family, PROMETHEUS_GAUGE, "The engine that replicates the database.");
    prometheus_sample(out, family, labels, 2, 1);
}

static void write_known(struct buffer *out, const char *family, const char *help, uint64_t value)
{
    if (value != HOST_UNKNOWN) {
        prometheus_single(out, family, PROMETHEUS_GAUGE, help, value);
    }
}

static void write_host(struct buffer *out, const struct host_figures *host)
{
    write_known(out, "lbstate_state_directory_size_bytes",
                "What the files of the state directory take on the disk.", host->state_dir_size);
    write_known(out, "lbstate_state_directory_free_bytes",
                "What is free on the disk of the state directory.", host->disk_free);
    write_known(out, "lbstate_process_resident_memory_bytes", "Memory that the process has in RAM.",
                host->resident_memory);
    write_known(out, "lbstate_process_open_fds", "File descriptors that the process has open.",
                host->open_files);
}

static void write_server(struct buffer *out, const struct api *api)
{
    static const struct prometheus_label version = {"version", PACKAGE_VERSION};
    static const char build[] = "lbstate_build_info";
    static const char uptime[] = "lbstate_uptime_seconds";

    prometheus_family(out, build, PROMETHEUS_GAUGE, "The version of lbstate.");
    prometheus_sample(out, build, &version, 1, 1);
    write_engine(out, api->engine);
    prometheus_single(out, "lbstate_ready", PROMETHEUS_GAUGE,
                      "1 if the database is open and requests are served, else 0.",
                      api->ready && !api->stopping ? 1 : 0);
    prometheus_family(out, uptime, PROMETHEUS_GAUGE, "Time since the daemon was started.");
    prometheus_sample_us(out, uptime, NULL, 0, clock_monotonic_us() - api->started_us);
}

static void respond(struct api_call *call)
{
    static const struct http_header headers[] = {{"Content-Type", "text/plain"}};
    struct api *api = call->api;
    struct buffer out = {0};
    struct error error;
    bool complete;

    write_server(&out, api);
    if (api->measured) {
        write_host(&out, &api->host);
    }
    write_http(&out, api);
    write_events(&out, api);
    write_store(&out, api);
    complete = write_requests(&out, api) && write_statements(&out, api);
    if (!complete || buffer_failed(&out)) {
        buffer_close(&out);
        error_no_memory(&error);
        response_error(call, &error);
        return;
    }
    http_respond_take(call->http, 200, headers, 1, &out);
}

static void on_measured(uv_work_t *work, int status)
{
    struct metrics_call *m = work->data;
    struct api *api = m->call->api;

    api->measuring = false;
    if (status == 0) {
        api->host = m->host;
        api->measured = true;
    }
    respond(m->call);
}

static void measure(uv_work_t *work)
{
    struct metrics_call *m = work->data;

    host_measure(m->call->api->state_dir, &m->host);
}

void handle_metrics_get(struct api_call *call)
{
    struct api *api = call->api;
    struct metrics_call *m;
    struct error error;
    int rv;

    if (api->measuring) {
        respond(call);
        return;
    }
    m = api_alloc(call, sizeof *m);
    if (m == NULL) {
        return;
    }
    m->call = call;
    m->work.data = m;
    rv = uv_queue_work(api->loop, &m->work, measure, on_measured);
    if (rv != 0) {
        error_set(&error, ERROR_INTERNAL, "Can't gather metrics: %s", uv_strerror(rv));
        response_error(call, &error);
        return;
    }
    api->measuring = true;
}
