/* cluster_member_state.c - /1.0/cluster/members/N/state: what a member's kernel tells. The leader
 * answers, and asks the member. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/response.h"

#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>

/* Between members: the same, without an envelope. */
#define TARGET "/internal/cluster/state"

static void write_integer(struct json_writer *w, const char *key, uint64_t value)
{
    json_write_key(w, key);
    json_write_integer(w, (int64_t)value);
}

static int write_state(struct json_writer *w, struct error *error)
{
    double loads[3];
    struct sysinfo info;

    if (sysinfo(&info) != 0 || getloadavg(loads, 3) != 3) {
        return error_set(error, ERROR_IO, "The kernel doesn't tell how this member is");
    }
    json_write_object_begin(w);
    json_write_key(w, "sysinfo");
    json_write_object_begin(w);
    write_integer(w, "uptime", (uint64_t)info.uptime);
    json_write_key(w, "load_averages");
    json_write_array_begin(w);
    for (size_t i = 0; i < 3; i++) {
        json_write_double(w, loads[i]);
    }
    json_write_array_end(w);
    write_integer(w, "total_ram", (uint64_t)info.totalram * info.mem_unit);
    write_integer(w, "free_ram", (uint64_t)info.freeram * info.mem_unit);
    write_integer(w, "shared_ram", (uint64_t)info.sharedram * info.mem_unit);
    write_integer(w, "buffered_ram", (uint64_t)info.bufferram * info.mem_unit);
    write_integer(w, "total_swap", (uint64_t)info.totalswap * info.mem_unit);
    write_integer(w, "free_swap", (uint64_t)info.freeswap * info.mem_unit);
    write_integer(w, "processes", info.procs);
    json_write_object_end(w);
    json_write_key(w, "storage_pools");
    json_write_object_begin(w);
    json_write_object_end(w);
    json_write_object_end(w);
    return ERROR_NONE;
}

static void answer_own(struct api_call *call)
{
    struct response response;
    struct error error;

    response_begin(&response);
    if (write_state(&response.json, &error) == ERROR_NONE) {
        response_send(&response, call, NULL, 0);
    } else {
        response_discard(&response);
        response_error(call, &error);
    }
}

static void on_answer(struct peer_request *request)
{
    struct api_call *call = request->data;
    struct error error = request->error;
    struct response response;

    call->http->on_gone = NULL;
    /* The answer's memory lives as long as the call. */
    arena_take(&call->http->arena, &request->arena);
    if (error.code == ERROR_NONE && request->status != 200) {
        error_set(&error, ERROR_PROTOCOL, "it answers with status %u", request->status);
    }
    if (error.code != ERROR_NONE) {
        error_prefix(&error, "Member \"%s\" doesn't tell how it is: ", call->params[0]);
        error.code = ERROR_UNAVAILABLE;
        response_error(call, &error);
        return;
    }
    response_begin(&response);
    json_write_raw(&response.json, request->response_body, request->response_size);
    response_send(&response, call, NULL, 0);
}

static void ask(struct api_call *call, uint64_t member_id)
{
    struct peer_request *request = api_alloc(call, sizeof *request);

    if (request == NULL) {
        return;
    }
    peer_request_init(request);
    request->data = call;
    request->member_id = member_id;
    request->method = "GET";
    request->target = TARGET;
    request->deadline_us = cluster_call_deadline_us(call);
    request->done = on_answer;
    peers_submit(cluster_peers(call->api->cluster), request);
}

void handle_cluster_member_state_get(struct api_call *call)
{
    const struct directory *directory;
    const struct directory_member *member;
    struct error error;
    uint64_t id;

    if (!cluster_call_check(call, "Server is not clustered")) {
        return;
    }
    directory = cluster_directory(call->api->cluster);
    member = directory_by_name(directory, call->params[0]);
    id = member == NULL ? 0 : member->id;
    directory_free(directory);
    if (id == 0) {
        error_set(&error, ERROR_NOT_FOUND, "Cluster member not found");
        response_error(call, &error);
    } else if (id == cluster_own_id(call->api->cluster)) {
        answer_own(call);
    } else {
        ask(call, id);
    }
}

void handle_internal_cluster_state_get(struct api_call *call)
{
    static const struct http_header headers[] = {{"Content-Type", "application/json"}};
    struct buffer body = {0};
    struct json_writer w;
    struct error error;

    if (!cluster_call_check_peer(call, HTTP_PEER_MEMBER)) {
        return;
    }
    json_writer_init(&w, &body, false);
    if (write_state(&w, &error) == ERROR_NONE) {
        http_respond_take(call->http, 200, headers, 1, &body);
    } else {
        buffer_close(&body);
        response_error(call, &error);
    }
}
