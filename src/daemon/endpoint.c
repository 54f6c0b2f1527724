#include "daemon/endpoint.h"

#include "base/log.h"
#include "base/queue.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct arrival {
    struct queue queue;
    int fd;
    struct http_peer peer;
};

struct endpoint {
    uv_async_t async;
    struct http_server *server; /* The loop's. */
    pthread_mutex_t mutex;
    struct queue arrivals; /* Under the mutex, as is their number. */
    size_t n_arrivals;
};

static void describe(const struct tunnel_peer *from, struct http_peer *peer)
{
    memset(peer, 0, sizeof *peer);
    peer->kind = from->member_id != 0 ? HTTP_PEER_MEMBER : HTTP_PEER_TOKEN;
    peer->member_id = from->member_id;
    snprintf(peer->name, sizeof peer->name, "%s", from->name);
    snprintf(peer->address, sizeof peer->address, "%.63s", from->address);
    memcpy(peer->pin, from->pin, sizeof peer->pin);
}

void endpoint_accept(int fd, const struct tunnel_peer *peer, void *data)
{
    struct endpoint *endpoint = data;
    struct arrival *arrival = malloc(sizeof *arrival);
    bool full;

    if (arrival == NULL) {
        close(fd);
        return;
    }
    arrival->fd = fd;
    describe(peer, &arrival->peer);
    pthread_mutex_lock(&endpoint->mutex);
    full = endpoint->n_arrivals >= ENDPOINT_WAITING_MAX;
    if (!full) {
        queue_push(&endpoint->arrivals, &arrival->queue);
        endpoint->n_arrivals++;
        uv_async_send(&endpoint->async);
    }
    pthread_mutex_unlock(&endpoint->mutex);
    if (full) {
        close(fd);
        free(arrival);
    }
}

static struct arrival *take(struct endpoint *endpoint)
{
    struct queue *link;

    pthread_mutex_lock(&endpoint->mutex);
    link = queue_pop(&endpoint->arrivals);
    if (link != NULL) {
        endpoint->n_arrivals--;
    }
    pthread_mutex_unlock(&endpoint->mutex);
    return link == NULL ? NULL : queue_object(link, struct arrival, queue);
}

static void on_async(uv_async_t *async)
{
    struct endpoint *endpoint = async->data;
    struct arrival *arrival;
    struct error error;

    while ((arrival = take(endpoint)) != NULL) {
        if (endpoint->server == NULL) {
            close(arrival->fd);
        } else if (http_server_adopt(endpoint->server, arrival->fd, &arrival->peer, &error) !=
                   ERROR_NONE) {
            log_event(LOG_LEVEL_WARNING, "daemon", "A member's connection can't be served",
                      LOG_TEXT("member", arrival->peer.name), LOG_TEXT("reason", error.message));
        }
        free(arrival);
    }
}

int endpoint_open(uv_loop_t *loop, struct endpoint **ret_endpoint, struct error *error)
{
    struct endpoint *endpoint = calloc(1, sizeof *endpoint);
    int rv;

    if (endpoint == NULL) {
        return error_no_memory(error);
    }
    rv = uv_async_init(loop, &endpoint->async, on_async);
    if (rv != 0) {
        free(endpoint);
        return error_set(error, ERROR_IO, "Failed watching the endpoint: %s", uv_strerror(rv));
    }
    endpoint->async.data = endpoint;
    /* It outlives what the loop turns for: the tunnel, which calls it, is stopped after that. */
    uv_unref((uv_handle_t *)&endpoint->async);
    pthread_mutex_init(&endpoint->mutex, NULL);
    queue_init(&endpoint->arrivals);
    *ret_endpoint = endpoint;
    return ERROR_NONE;
}

void endpoint_set_server(struct endpoint *endpoint, struct http_server *server)
{
    endpoint->server = server;
    uv_async_send(&endpoint->async);
}

static void on_closed(uv_handle_t *handle)
{
    struct endpoint *endpoint = handle->data;

    pthread_mutex_destroy(&endpoint->mutex);
    free(endpoint);
}

void endpoint_close(struct endpoint *endpoint)
{
    endpoint->server = NULL;
    on_async(&endpoint->async);
    uv_close((uv_handle_t *)&endpoint->async, on_closed);
}
