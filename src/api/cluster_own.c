/* cluster_own.c - /internal/cluster/member: a member changes its own record, by way of the
 * leader. Its key says which one it is. */
#include "api/handlers.h"

#include "api/cluster_call.h"
#include "api/forward.h"
#include "api/response.h"
#include "api/url.h"
#include "cluster/names.h"
#include "lb/cluster_body.h"
#include "store/members.h"

struct own_call {
    struct store_member_request request;
    struct store_member_change change;
    struct cluster_call_task spread;
    char address[MEMBER_ADDRESS_MAX + 1];
};

static int check_pin(const char *pin, bool may_be_empty, struct error *error)
{
    uint8_t parsed[PIN_SIZE];

    if (pin == NULL || (may_be_empty && pin[0] == '\0') || pin_parse(pin, parsed)) {
        return ERROR_NONE;
    }
    return error_set(error, ERROR_INVALID, "A pin has 64 hexadecimal digits");
}

static int decode(const struct api_call *call, struct own_call *own, struct error *error)
{
    struct cluster_own_body body;
    int rv =
        body_cluster_own(call->http->body, call->http->body_size, &call->http->arena, &body, error);

    if (rv == ERROR_NONE) {
        rv = check_pin(body.key_pin, false, error);
    }
    if (rv == ERROR_NONE) {
        rv = check_pin(body.next_key_pin, true, error);
    }
    if (rv == ERROR_NONE && body.address != NULL) {
        rv = member_address_complete(body.address, own->address, error);
        own->change.address = own->address;
    }
    own->change.key_pin = body.key_pin;
    own->change.next_key_pin = body.next_key_pin;
    return rv;
}

/* A key that some member doesn't know would cut the two off from each other. */
static int check_all_online(struct cluster *cluster, struct error *error)
{
    const struct directory *directory = cluster_directory(cluster);
    struct buffer names = {0};
    const char *text;
    int rv = ERROR_NONE;

    for (size_t i = 0; i < directory->n_members; i++) {
        struct cluster_status status;

        cluster_get_status(cluster, directory->members[i].id, &status);
        if (!status.online) {
            buffer_printf(&names, "%s%s", names.size == 0 ? "" : ", ", directory->members[i].name);
        }
    }
    directory_free(directory);
    if (names.size > 0) {
        text = buffer_string(&names);
        rv = error_set(error, ERROR_UNAVAILABLE,
                       "A key is replaced while all members are online, and these aren't: %s",
                       text == NULL ? "some" : text);
    }
    buffer_close(&names);
    return rv;
}

static void finish_spread(struct api_call *call)
{
    response_empty(call, 0);
}

static void finish_change(struct api_call *call, struct store_request *done)
{
    struct own_call *own = (struct own_call *)done;

    struct buffer url = {0};

    url_append_cluster_member(&url, call->http->peer.name);
    cluster_call_changed(call, done, "cluster-member-updated", &url, NULL);
    if (own->change.next_key_pin == NULL || own->change.next_key_pin[0] == '\0') {
        response_empty(call, done->revision);
    } else {
        cluster_call_run(call, &own->spread, cluster_spread, finish_spread);
    }
}

void handle_internal_cluster_member_patch(struct api_call *call)
{
    struct leadership_view view;
    struct own_call *own;
    struct error error;

    if (!cluster_call_check_peer(call, HTTP_PEER_MEMBER) ||
        (own = api_alloc(call, sizeof *own)) == NULL) {
        return;
    }
    leadership_get(cluster_leadership(call->api->cluster), &view);
    if (view.place != LEADERSHIP_HERE || forward_is_bound(call->http)) {
        /* What was forwarded comes with the key of somebody else than whose record is meant. */
        response_not_leader(call, false);
        return;
    }
    if (decode(call, own, &error) != ERROR_NONE ||
        (own->change.next_key_pin != NULL && own->change.next_key_pin[0] != '\0' &&
         check_all_online(call->api->cluster, &error) != ERROR_NONE)) {
        response_error(call, &error);
        return;
    }
    own->request.id = (int64_t)call->http->peer.member_id;
    own->request.change = &own->change;
    api_submit(call, &own->request.base, STORE_WRITE, "cluster_member_own", store_member_update,
               finish_change);
}
