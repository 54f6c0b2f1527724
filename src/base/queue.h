/* queue.h - an intrusive doubly linked list, first in, first out.
 *
 * A `struct queue` is both the head and the link: an object has one as a member
 * for each queue it can stand in. queue_object() gets from the link back to the
 * object. No memory is allocated. */
#ifndef LBSTATE_BASE_QUEUE_H
#define LBSTATE_BASE_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

struct queue {
    struct queue *next;
    struct queue *previous;
};

#define queue_object(link, type, member) ((type *)(void *)((char *)(link)-offsetof(type, member)))

static inline void queue_init(struct queue *queue)
{
    queue->next = queue;
    queue->previous = queue;
}

static inline bool queue_empty(const struct queue *queue)
{
    return queue->next == queue;
}

static inline void queue_push(struct queue *queue, struct queue *link)
{
    link->previous = queue->previous;
    link->next = queue;
    queue->previous->next = link;
    queue->previous = link;
}

/* The link stands in no queue afterwards and may be removed again. */
static inline void queue_remove(struct queue *link)
{
    link->previous->next = link->next;
    link->next->previous = link->previous;
    queue_init(link);
}

/* NULL if it is empty. */
static inline struct queue *queue_pop(struct queue *queue)
{
    struct queue *link = queue->next;

    if (link == queue) {
        return NULL;
    }
    queue_remove(link);
    return link;
}

/* Moves all links of FROM to the end of TO. */
static inline void queue_move(struct queue *to, struct queue *from)
{
    if (queue_empty(from)) {
        return;
    }
    from->next->previous = to->previous;
    to->previous->next = from->next;
    from->previous->next = to;
    to->previous = from->previous;
    queue_init(from);
}

#endif
