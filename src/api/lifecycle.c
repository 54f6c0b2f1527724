#include "api/lifecycle.h"

#include "api/user.h"

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

/* "@" is how Go names the other end of a Unix socket. */
static void write_requestor(struct json_writer *w, uid_t uid)
{
    char name[USER_NAME_SIZE];

    user_name(uid, name);
    json_write_key(w, "requestor");
    json_write_object_begin(w);
    write_member(w, "username", name);
    write_member(w, "protocol", "unix");
    write_member(w, "address", "@");
    json_write_object_end(w);
}

static void write_metadata(struct buffer *out, const struct api_call *call, const char *action,
                           struct buffer *source, const char *old_name)
{
    struct json_writer w;

    json_writer_init(&w, out, true);
    json_write_object_begin(&w);
    write_member(&w, "action", action);
    json_write_key(&w, "source");
    json_write_string_n(&w, source->data, source->size);
    if (old_name != NULL) {
        json_write_key(&w, "context");
        json_write_object_begin(&w);
        write_member(&w, "old_name", old_name);
        json_write_object_end(&w);
    }
    write_requestor(&w, call->http->peer.uid);
    json_write_object_end(&w);
}

void lifecycle_publish(struct api_call *call, const struct store_request *done, const char *action,
                       const char *project, struct buffer *source, const char *old_name)
{
    struct event event = {.type = EVENT_LIFECYCLE, .project = project};
    struct events *events = &call->api->events;
    struct buffer metadata = {0};

    /* What was replayed was a change, too, whose answer got lost on its way to us. */
    if (done->changed || done->replayed) {
        /* The user's name isn't looked up for nobody. */
        if (events_are_wanted(events, event.type, project) && !buffer_failed(source)) {
            write_metadata(&metadata, call, action, source, old_name);
        }
        event.metadata = buffer_failed(&metadata) ? NULL : metadata.data;
        event.metadata_size = metadata.size;
        events_publish(events, &event);
    }
    buffer_close(&metadata);
    buffer_close(source);
}
