/* events.h - the hub that events go through: who publishes on one side, who
 * listens on the other.
 *
 * It knows nothing of how listeners are reached, nor where an event comes from:
 * an event of another member is published like one of our own, with its location.
 *
 * All functions are called on the loop's thread. */
#ifndef LBSTATE_API_EVENTS_H
#define LBSTATE_API_EVENTS_H

#include "base/queue.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum event_type {
    EVENT_LOGGING,
    EVENT_OPERATION,
    EVENT_LIFECYCLE,
    EVENT_NETWORK_ACL,
    EVENT_N_TYPES
};

/* For sets of types. */
#define EVENT_TYPE_BIT(TYPE) (1U << (TYPE))
#define EVENT_TYPES_ALL      (EVENT_TYPE_BIT(EVENT_N_TYPES) - 1)

/* "lifecycle". */
const char *event_type_name(enum event_type type);
/* False: there is no such type. NAME need not end in a NUL. */
bool event_type_parse(const char *name, size_t size, enum event_type *ret_type);

struct event {
    enum event_type type;
    const char *timestamp; /* As clock_wall_text() has it; NULL: now. */
    const char *location;  /* Of the member; NULL: ours. */
    const char *project;   /* NULL: of none, so for the listeners of all. */
    const char *metadata;  /* One JSON value; NULL: memory was lacking to make it. */
    size_t metadata_size;
};

/* Embedded by whoever listens. */
struct events_listener {
    unsigned types;      /* A set. */
    const char *project; /* Of this one and of none; NULL: of all. The listener's. */
    /* Gets an event as Incus sends it: an object in one line, and the line's end.
     * It may look at the parts in EVENT, too. TEXT is NULL if memory was lacking:
     * the event is lost, and the listener better told. It may remove itself, but
     * no other listener, and publish nothing. */
    void (*deliver)(struct events_listener *listener, const struct event *event, const char *text,
                    size_t size);
    struct queue link; /* Private. */
};

struct events {
    struct queue listeners;
    const char *location;
    uint64_t published[EVENT_N_TYPES]; /* For metrics: also what nobody listened to. */
};

/* LOCATION is the own member's name, "none" where there is no cluster; borrowed. */
void events_init(struct events *events, const char *location);

void events_add(struct events *events, struct events_listener *listener);
void events_remove(struct events_listener *listener);

/* True if anybody would get an event of TYPE and PROJECT, so that it is worth
 * making its metadata. */
bool events_are_wanted(const struct events *events, enum event_type type, const char *project);

/* Delivers to all whom it is for, in the order in which they were added. */
void events_publish(struct events *events, const struct event *event);

#endif
