#include "api/events.h"

#include "base/clock.h"
#include "base/json_writer.h"

#include <assert.h>
#include <string.h>

static const char *const names[EVENT_N_TYPES] = {
    [EVENT_LOGGING] = "logging",
    [EVENT_OPERATION] = "operation",
    [EVENT_LIFECYCLE] = "lifecycle",
    [EVENT_NETWORK_ACL] = "network-acl",
};

const char *event_type_name(enum event_type type)
{
    return names[type];
}

bool event_type_parse(const char *name, size_t size, enum event_type *ret_type)
{
    for (size_t i = 0; i < EVENT_N_TYPES; i++) {
        if (strlen(names[i]) == size && memcmp(names[i], name, size) == 0) {
            *ret_type = (enum event_type)i;
            return true;
        }
    }
    return false;
}

void events_init(struct events *events, const char *location)
{
    *events = (struct events){.location = location};
    queue_init(&events->listeners);
}

void events_add(struct events *events, struct events_listener *listener)
{
    queue_push(&events->listeners, &listener->link);
}

void events_remove(struct events_listener *listener)
{
    queue_remove(&listener->link);
}

static bool is_for(const struct events_listener *listener, enum event_type type,
                   const char *project)
{
    return (listener->types & EVENT_TYPE_BIT(type)) != 0 &&
           (listener->project == NULL || project == NULL ||
            strcmp(listener->project, project) == 0);
}

bool events_are_wanted(const struct events *events, enum event_type type, const char *project)
{
    for (struct queue *link = events->listeners.next; link != &events->listeners;
         link = link->next) {
        if (is_for(queue_object(link, struct events_listener, link), type, project)) {
            return true;
        }
    }
    return false;
}

static void write_member(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

static void write_event(struct buffer *out, const struct event *event)
{
    struct json_writer w;

    json_writer_init(&w, out, true);
    json_write_object_begin(&w);
    write_member(&w, "type", event_type_name(event->type));
    write_member(&w, "timestamp", event->timestamp);
    json_write_key(&w, "metadata");
    json_write_raw(&w, event->metadata, event->metadata_size);
    write_member(&w, "location", event->location);
    if (event->project != NULL) {
        write_member(&w, "project", event->project);
    }
    json_write_object_end(&w);
    buffer_append_char(out, '\n');
}

void events_publish(struct events *events, const struct event *event)
{
    struct event whole = *event;
    struct queue *link = events->listeners.next;
    char now[CLOCK_TEXT_SIZE];
    struct buffer text = {0};
    bool lost;

    assert(event->type < EVENT_N_TYPES);
    events->published[event->type]++;
    if (!events_are_wanted(events, event->type, event->project)) {
        return;
    }
    if (whole.location == NULL) {
        whole.location = events->location;
    }
    if (whole.timestamp == NULL) {
        clock_wall_text(now);
        whole.timestamp = now;
    }
    if (whole.metadata != NULL) {
        write_event(&text, &whole);
    }
    lost = whole.metadata == NULL || buffer_failed(&text);
    while (link != &events->listeners) {
        struct events_listener *listener = queue_object(link, struct events_listener, link);

        link = link->next;
        if (is_for(listener, whole.type, whole.project)) {
            listener->deliver(listener, &whole, lost ? NULL : text.data, lost ? 0 : text.size);
        }
    }
    buffer_close(&text);
}
