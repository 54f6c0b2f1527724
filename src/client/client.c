#include "config.h"

#include "base/clock.h"
#include "client/fail.h"
#include "client/transfer.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/un.h>

/* How long one look at the sockets lasts; curl's own timers end it earlier. */
#define POLL_MS 1000

/* How long to leave a daemon alone that has too many new connections. */
#define BUSY_US (10 * 1000)

struct lbstate_client {
    struct transfer_settings settings;
    unsigned connections;

    CURLM *multi;
    struct queue waiting; /* Of transfers, in the order they were started. */
    struct queue running; /* Of transfers whose curl handle is in the multi handle. */
    unsigned n_running;
    uint64_t busy_until_us; /* No transfer is begun before. */
    bool calling_back;
};

static pthread_once_t curl_once = PTHREAD_ONCE_INIT;
static CURLcode curl_ready;

static void init_curl(void)
{
    curl_ready = curl_global_init(CURL_GLOBAL_DEFAULT);
}

const char *lbstate_version(void)
{
    return PACKAGE_VERSION;
}

static int check_options(const struct lbstate_options *options, struct lbstate_error *error)
{
    if (options->timeout_ms > LBSTATE_TIMEOUT_MAX_MS) {
        return client_fail(error, LBSTATE_INVALID, "The timeout is longer than a day");
    }
    if (options->connections > LBSTATE_CONNECTIONS_MAX) {
        return client_fail(error, LBSTATE_INVALID, "More than %d connections",
                           LBSTATE_CONNECTIONS_MAX);
    }
    if (options->project != NULL && options->project[0] == '\0') {
        return client_fail(error, LBSTATE_INVALID, "The name of the project is empty");
    }
    if (options->target != NULL &&
        (options->target[0] == '\0' || strlen(options->target) > TRANSFER_NAME_SIZE_MAX)) {
        return client_fail(error, LBSTATE_INVALID, "The name of the member must have 1 to %d bytes",
                           TRANSFER_NAME_SIZE_MAX);
    }
    return LBSTATE_OK;
}

static bool copy_options(struct lbstate_client *client, const char *socket_path,
                         const struct lbstate_options *options)
{
    struct transfer_settings *settings = &client->settings;

    settings->timeout_ms =
        options->timeout_ms != 0 ? options->timeout_ms : LBSTATE_TIMEOUT_DEFAULT_MS;
    settings->answer_size =
        options->answer_size != 0 ? options->answer_size : LBSTATE_ANSWER_SIZE_DEFAULT;
    client->connections =
        options->connections != 0 ? options->connections : LBSTATE_CONNECTIONS_DEFAULT;
    settings->socket = strdup(socket_path);
    settings->user_agent =
        strdup(options->user_agent != NULL ? options->user_agent : "liblbstate/" PACKAGE_VERSION);
    if (settings->socket == NULL || settings->user_agent == NULL) {
        return false;
    }
    if (options->project != NULL) {
        settings->project = strdup(options->project);
    }
    if (options->target != NULL) {
        settings->target = strdup(options->target);
    }
    return (options->project == NULL || settings->project != NULL) &&
           (options->target == NULL || settings->target != NULL);
}

int lbstate_open(const char *socket_path, const struct lbstate_options *options,
                 struct lbstate_client **ret_client, struct lbstate_error *error)
{
    static const struct lbstate_options defaults = {0};
    struct lbstate_client *client;
    int rv;

    if (options == NULL) {
        options = &defaults;
    }
    if (socket_path == NULL) {
        socket_path = getenv("LBSTATE_SOCKET");
        if (socket_path == NULL || socket_path[0] == '\0') {
            socket_path = LBSTATE_SOCKET_DEFAULT;
        }
    }
    if (socket_path[0] == '\0' ||
        strlen(socket_path) >= sizeof((struct sockaddr_un *)NULL)->sun_path) {
        return client_fail(error, LBSTATE_INVALID,
                           "The path of the socket must have 1 to %zu bytes",
                           sizeof((struct sockaddr_un *)NULL)->sun_path - 1);
    }
    rv = check_options(options, error);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    pthread_once(&curl_once, init_curl);
    client = calloc(1, sizeof *client);
    if (curl_ready != CURLE_OK || client == NULL) {
        free(client);
        return client_no_memory(error);
    }
    queue_init(&client->waiting);
    queue_init(&client->running);
    client->multi = curl_multi_init();
    if (client->multi == NULL || !copy_options(client, socket_path, options)) {
        lbstate_close(client);
        return client_no_memory(error);
    }
    *ret_client = client;
    return LBSTATE_OK;
}

const char *lbstate_socket(const struct lbstate_client *client)
{
    return client->settings.socket;
}

static struct transfer *transfer_of(struct queue *link)
{
    return queue_object(link, struct transfer, link);
}

/* Takes a transfer out of wherever it is. */
static void withdraw(struct lbstate_client *client, struct transfer *transfer)
{
    queue_remove(&transfer->link);
    if (transfer->running) {
        transfer->running = false;
        curl_multi_remove_handle(client->multi, transfer->easy);
        client->n_running--;
    }
}

void lbstate_close(struct lbstate_client *client)
{
    if (client == NULL) {
        return;
    }
    queue_move(&client->running, &client->waiting);
    while (!queue_empty(&client->running)) {
        struct transfer *transfer = transfer_of(client->running.next);

        withdraw(client, transfer);
        transfer_free(transfer);
    }
    curl_multi_cleanup(client->multi);
    free(client->settings.socket);
    free(client->settings.project);
    free(client->settings.target);
    free(client->settings.user_agent);
    free(client);
}

void lbstate_response_close(struct lbstate_response *response)
{
    free(response->etag);
    free(response->location);
    free(response->private_body);
    memset(response, 0, sizeof *response);
}

/* Tells whoever waits for TRANSFER, which is in no queue any more, and frees it. */
static void finish(struct lbstate_client *client, struct transfer *transfer, CURLcode result)
{
    struct lbstate_response response = {0};
    struct lbstate_error error = {0};
    int code = transfer_outcome(transfer, result, &response, &error);

    if (transfer->call != NULL) {
        transfer->call->finished = true;
        transfer->call->code = code;
        if (code == LBSTATE_OK) {
            *transfer->call->response = response;
        } else {
            *transfer->call->error = error;
        }
    } else {
        client->calling_back = true;
        transfer->done(transfer->data, code == LBSTATE_OK ? &response : NULL,
                       code == LBSTATE_OK ? NULL : &error);
        client->calling_back = false;
        lbstate_response_close(&response);
    }
    transfer_free(transfer);
}

/* Gives curl as many of the waiting transfers as may run at once. */
static void fill(struct lbstate_client *client)
{
    while (client->n_running < client->connections && !queue_empty(&client->waiting) &&
           clock_monotonic_us() >= client->busy_until_us) {
        struct transfer *transfer = transfer_of(queue_pop(&client->waiting));

        transfer_begin(transfer);
        if (curl_multi_add_handle(client->multi, transfer->easy) != CURLM_OK) {
            finish(client, transfer, CURLE_OUT_OF_MEMORY);
            continue;
        }
        queue_push(&client->running, &transfer->link);
        transfer->running = true;
        client->n_running++;
    }
}

/* Runs until all is answered, or, with CALL, until that one is. */
static int drive(struct lbstate_client *client, const struct transfer_call *call,
                 struct lbstate_error *error)
{
    CURLMcode rc;

    for (;;) {
        bool progressed = false;
        CURLMsg *message;
        int n_left;
        int n_active;

        fill(client);
        if ((call != NULL && call->finished) ||
            (client->n_running == 0 && queue_empty(&client->waiting))) {
            return LBSTATE_OK;
        }
        rc = curl_multi_perform(client->multi, &n_active);
        if (rc != CURLM_OK) {
            break;
        }
        while ((message = curl_multi_info_read(client->multi, &n_left)) != NULL) {
            struct transfer *transfer = NULL;
            CURLcode result = message->data.result;

            if (message->msg != CURLMSG_DONE ||
                curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer) != CURLE_OK) {
                continue;
            }
            withdraw(client, transfer);
            if (transfer_may_retry(transfer, result)) {
                client->busy_until_us = clock_monotonic_us() + BUSY_US;
                queue_push(&client->waiting, &transfer->link);
                continue;
            }
            finish(client, transfer, result);
            progressed = true;
        }
        if (!progressed) {
            bool busy = clock_monotonic_us() < client->busy_until_us;

            rc = curl_multi_poll(client->multi, NULL, 0, busy ? BUSY_US / 1000 : POLL_MS, NULL);
            if (rc != CURLM_OK) {
                break;
            }
        }
    }
    return client_fail(error, LBSTATE_NO_MEMORY, "curl failed: %s", curl_multi_strerror(rc));
}

static int enqueue(struct lbstate_client *client, const struct lbstate_request *request,
                   struct transfer **ret_transfer, struct lbstate_error *error)
{
    int rv = transfer_new(&client->settings, request, ret_transfer, error);

    if (rv == LBSTATE_OK) {
        queue_push(&client->waiting, &(*ret_transfer)->link);
    }
    return rv;
}

int lbstate_start(struct lbstate_client *client, const struct lbstate_request *request,
                  lbstate_done done, void *data, struct lbstate_error *error)
{
    struct transfer *transfer;
    int rv = enqueue(client, request, &transfer, error);

    if (rv == LBSTATE_OK) {
        transfer->done = done;
        transfer->data = data;
    }
    return rv;
}

int lbstate_wait(struct lbstate_client *client, struct lbstate_error *error)
{
    if (client->calling_back) {
        return client_fail(error, LBSTATE_INVALID, "A callback must not wait");
    }
    return drive(client, NULL, error);
}

int lbstate_call(struct lbstate_client *client, const struct lbstate_request *request,
                 struct lbstate_response *ret_response, struct lbstate_error *error)
{
    struct transfer_call call = {.response = ret_response, .error = error};
    struct transfer *transfer;
    int rv;

    if (client->calling_back) {
        return client_fail(error, LBSTATE_INVALID, "A callback must not wait");
    }
    rv = enqueue(client, request, &transfer, error);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    transfer->call = &call;
    rv = drive(client, &call, error);
    if (call.finished) {
        return call.code;
    }
    /* Its answer would go to this frame of the stack: take it back. */
    withdraw(client, transfer);
    transfer_free(transfer);
    return rv;
}
