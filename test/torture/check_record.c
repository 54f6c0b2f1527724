#include "test/torture/check_record.h"

#include "test/torture/check.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#define SLOTS       64    /* Bits of a mask: known operations pending at once. */
#define STATES_MAX  20000 /* They are compared one by one. */
#define NEVER       INT64_MAX
#define NOBODY_SAW  (UINT64_MAX - 1) /* The record has a value that nobody saw. */
#define UNSEEN_TEXT "a value that nobody saw"

/* The form of an operation that the search works on. */
struct step {
    const struct operation *operation;
    int64_t returned_us; /* By then it has taken effect. */
    unsigned slot;       /* While it is pending. */
};

struct event {
    int64_t time_us;
    bool is_return;                   /* Else its invocation. */
    struct step *step;                /* NULL: it is of an unknown one that nobody saw. */
    const struct operation *optional; /* If STEP is NULL. Its return is the end of its time. */
};

/* One way things may stand. */
struct state {
    uint64_t value;
    int64_t revision;  /* The highest of what has taken effect. */
    uint64_t mask;     /* Of the pending operations: those that have taken effect. */
    unsigned n_create; /* Unknown ones that nobody saw and that were used. */
    unsigned n_update;
    unsigned n_delete;
};

struct states {
    struct state *items;
    size_t n_items;
    size_t capacity;
};

struct search {
    struct step *steps;
    size_t n_steps;
    struct event *events;
    size_t n_events;
    struct step *pending[SLOTS];
    /* Unknown ones that nobody saw, and that may take effect now. A swap needs no counting:
     * the value that it replaces is written once only. */
    unsigned n_create;
    unsigned n_update;
    unsigned n_delete;
    const struct operation **swaps;
    size_t n_swaps;
    struct states now;
    struct states next;
    struct states seen; /* In the search for one return; doubles as its queue. */
};

static void *must(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "check: out of memory\n");
        abort();
    }
    return memory;
}

/* -- States ----------------------------------------------------------------- */

/* True if whatever can follow B can follow A. */
static bool covers(const struct state *a, const struct state *b)
{
    return a->value == b->value && a->mask == b->mask && a->revision <= b->revision &&
           a->n_create <= b->n_create && a->n_update <= b->n_update && a->n_delete <= b->n_delete;
}

/* False if there is no room. */
static bool states_add(struct states *states, const struct state *state)
{
    for (size_t i = 0; i < states->n_items; i++) {
        if (covers(&states->items[i], state)) {
            return true;
        }
    }
    if (states->n_items == STATES_MAX) {
        return false;
    }
    if (states->n_items == states->capacity) {
        states->capacity = states->capacity == 0 ? 64 : 2 * states->capacity;
        states->items = must(reallocarray(states->items, states->capacity, sizeof *states->items));
    }
    states->items[states->n_items++] = *state;
    return true;
}

/* -- What the search works on ----------------------------------------------- */

/* The value that OPERATION shows to have been there; HISTORY_ABSENT: none. */
static uint64_t shown_value(const struct operation *o)
{
    if (o->outcome != HISTORY_OK) {
        return HISTORY_ABSENT;
    }
    if (o->kind == HISTORY_SWAP) {
        return o->expected;
    }
    return history_is_write(o->kind) ? HISTORY_ABSENT : o->value;
}

/* When the first one that saw VALUE had its answer, or NEVER. */
static int64_t first_seen(const struct history *history, unsigned key, uint64_t value)
{
    int64_t first_us = NEVER;

    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];

        if (o->key == key && shown_value(o) == value && o->returned_us < first_us) {
            first_us = o->returned_us;
        }
    }
    return first_us;
}

static void add_step(struct search *search, const struct operation *o, int64_t returned_us)
{
    struct step *step = &search->steps[search->n_steps++];

    *step = (struct step){.operation = o, .returned_us = returned_us};
    search->events[search->n_events++] =
        (struct event){.time_us = o->invoked_us, .is_return = false, .step = step};
    search->events[search->n_events++] =
        (struct event){.time_us = returned_us, .is_return = true, .step = step};
}

static void add_unknown(struct search *search, const struct history *history,
                        const struct operation *o)
{
    int64_t seen_us = history_has_value(o->kind) ? first_seen(history, o->key, o->value) : NEVER;
    int64_t end_us = o->returned_us + CHECK_UNKNOWN_US;

    if (seen_us != NEVER) {
        int64_t by_us = seen_us < end_us ? seen_us : end_us;

        /* Seen before it was invoked, which can't be: whoever saw it will fail. */
        add_step(search, o, by_us < o->invoked_us ? o->invoked_us : by_us);
        return;
    }
    search->events[search->n_events++] =
        (struct event){.time_us = o->invoked_us, .is_return = false, .optional = o};
    search->events[search->n_events++] =
        (struct event){.time_us = end_us, .is_return = true, .optional = o};
}

/* At one time, invocations come first: then the two are concurrent. */
static int compare_events(const void *a, const void *b)
{
    const struct event *x = a;
    const struct event *y = b;

    if (x->time_us != y->time_us) {
        return x->time_us < y->time_us ? -1 : 1;
    }
    return (int)x->is_return - (int)y->is_return;
}

static void search_init(struct search *search, const struct history *history, unsigned key)
{
    size_t n = 0;

    memset(search, 0, sizeof *search);
    for (size_t i = 0; i < history->n_operations; i++) {
        n += history->operations[i].key == key;
    }
    search->steps = must(calloc(n + 1, sizeof *search->steps));
    search->events = must(calloc(2 * n + 1, sizeof *search->events));
    search->swaps = must(calloc(n + 1, sizeof *search->swaps));
    for (size_t i = 0; i < history->n_operations; i++) {
        const struct operation *o = &history->operations[i];

        if (o->key != key || o->kind == HISTORY_LOCAL || o->outcome == HISTORY_FAILED) {
            continue;
        }
        if (o->outcome == HISTORY_UNKNOWN) {
            if (history_is_write(o->kind)) {
                add_unknown(search, history, o);
            }
        } else {
            add_step(search, o, o->returned_us);
        }
    }
    qsort(search->events, search->n_events, sizeof *search->events, compare_events);
    states_add(&search->now, &(struct state){.value = HISTORY_ABSENT});
}

static void search_close(struct search *search)
{
    free(search->steps);
    free(search->events);
    free(search->swaps);
    free(search->now.items);
    free(search->next.items);
    free(search->seen.items);
}

/* -- The record ------------------------------------------------------------- */

/* Makes OPERATION take effect in STATE. False: it can't have been answered so there. */
static bool apply(const struct operation *o, struct state *state)
{
    bool present = state->value != HISTORY_ABSENT;
    bool done = o->outcome != HISTORY_REFUSED; /* An unknown one that was seen was done. */

    switch (o->kind) {
    case HISTORY_CREATE:
        if (done == present) {
            return false;
        }
        break;
    case HISTORY_UPDATE:
    case HISTORY_DELETE:
        if (done != present) {
            return false;
        }
        break;
    case HISTORY_SWAP:
        if (done != (state->value == o->expected)) {
            return false;
        }
        break;
    default:
        if (state->value != o->value) {
            return false;
        }
        break;
    }
    if (o->revision != 0) {
        bool advances = history_is_write(o->kind) && done;

        if (o->revision < state->revision || (advances && o->revision == state->revision)) {
            return false;
        }
        state->revision = o->revision;
    }
    if (done && history_has_value(o->kind)) {
        state->value = o->value;
    } else if (done && o->kind == HISTORY_DELETE) {
        state->value = HISTORY_ABSENT;
    }
    return true;
}

/* -- The search ------------------------------------------------------------- */

static bool add_pending(struct search *search, const struct state *state)
{
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        struct state after = *state;
        uint64_t bit = UINT64_C(1) << slot;

        if (search->pending[slot] != NULL && (state->mask & bit) == 0 &&
            apply(search->pending[slot]->operation, &after)) {
            after.mask |= bit;
            if (!states_add(&search->seen, &after)) {
                return false;
            }
        }
    }
    return true;
}

/* True if an unknown swap that nobody saw may replace VALUE. */
static bool may_swap(const struct search *search, uint64_t value)
{
    for (size_t i = 0; i < search->n_swaps; i++) {
        if (search->swaps[i]->expected == value) {
            return true;
        }
    }
    return false;
}

/* Unknown ones that nobody saw. */
static bool add_unseen(struct search *search, const struct state *state)
{
    struct state after = *state;

    if (state->value == HISTORY_ABSENT) {
        after.value = NOBODY_SAW;
        after.n_create++;
        return state->n_create == search->n_create || states_add(&search->seen, &after);
    }
    if (state->n_delete < search->n_delete) {
        after.value = HISTORY_ABSENT;
        after.n_delete++;
        if (!states_add(&search->seen, &after)) {
            return false;
        }
        after = *state;
    }
    after.value = NOBODY_SAW;
    if (may_swap(search, state->value)) {
        return states_add(&search->seen, &after);
    }
    after.n_update++;
    return state->n_update == search->n_update || states_add(&search->seen, &after);
}

/* Leaves in search->seen the states, and all that can follow them before anything returns. Those
 * that have BIT in their mask are not gone on from. */
static bool explore(struct search *search, uint64_t bit)
{
    bool fits = true;

    search->seen.n_items = 0;
    for (size_t i = 0; i < search->now.n_items && fits; i++) {
        fits = states_add(&search->seen, &search->now.items[i]);
    }
    for (size_t i = 0; i < search->seen.n_items && fits; i++) {
        struct state state = search->seen.items[i];

        if ((state.mask & bit) == 0) {
            fits = add_pending(search, &state) && add_unseen(search, &state);
        }
    }
    return fits;
}

/* Leaves in search->next the states in which STEP has taken effect. */
static bool finish(struct search *search, const struct step *step)
{
    uint64_t bit = UINT64_C(1) << step->slot;

    search->next.n_items = 0;
    if (!explore(search, bit)) {
        return false;
    }
    for (size_t i = 0; i < search->seen.n_items; i++) {
        struct state state = search->seen.items[i];

        if ((state.mask & bit) != 0) {
            state.mask &= ~bit;
            states_add(&search->next, &state); /* No more of them than there were. */
        }
    }
    return true;
}

static bool begin(struct search *search, struct step *step)
{
    for (unsigned slot = 0; slot < SLOTS; slot++) {
        if (search->pending[slot] == NULL) {
            search->pending[slot] = step;
            step->slot = slot;
            return true;
        }
    }
    return false;
}

/* How many of the kind of UNKNOWN, which is no swap, may take effect. */
static unsigned *available(struct search *search, const struct operation *unknown)
{
    switch (unknown->kind) {
    case HISTORY_CREATE:
        return &search->n_create;
    case HISTORY_UPDATE:
        return &search->n_update;
    default:
        assert(unknown->kind == HISTORY_DELETE);
        return &search->n_delete;
    }
}

static void make_available(struct search *search, const struct operation *unknown)
{
    if (unknown->kind == HISTORY_SWAP) {
        search->swaps[search->n_swaps++] = unknown;
    } else {
        ++*available(search, unknown);
    }
}

static void forget_one(unsigned *n)
{
    *n -= *n > 0;
}

/* Leaves in search->next how things may stand when UNKNOWN can't take effect any more. Where one of
 * its kind was used, it counts as that one: the others have more time. */
static bool expire(struct search *search, const struct operation *unknown)
{
    search->next.n_items = 0;
    if (!explore(search, 0)) {
        return false;
    }
    for (size_t i = 0; i < search->seen.n_items; i++) {
        struct state state = search->seen.items[i];

        if (unknown->kind == HISTORY_CREATE) {
            forget_one(&state.n_create);
        } else if (unknown->kind == HISTORY_UPDATE) {
            forget_one(&state.n_update);
        } else if (unknown->kind == HISTORY_DELETE) {
            forget_one(&state.n_delete);
        }
        states_add(&search->next, &state); /* No more of them than there were. */
    }
    if (unknown->kind != HISTORY_SWAP) {
        --*available(search, unknown);
        return true;
    }
    for (size_t i = 0; i < search->n_swaps; i++) {
        if (search->swaps[i] == unknown) {
            search->swaps[i] = search->swaps[--search->n_swaps];
            break;
        }
    }
    return true;
}

static enum check_verdict take(struct search *search, const struct event *event)
{
    struct states before = search->now;
    bool fits;

    if (!event->is_return) {
        if (event->step != NULL) {
            return begin(search, event->step) ? CHECK_HOLDS : CHECK_UNDECIDED;
        }
        make_available(search, event->optional);
        return CHECK_HOLDS;
    }
    fits = event->step == NULL ? expire(search, event->optional) : finish(search, event->step);
    if (!fits) {
        return CHECK_UNDECIDED;
    }
    if (search->next.n_items == 0) {
        return CHECK_BROKEN;
    }
    search->now = search->next;
    search->next = before;
    if (event->step != NULL) {
        search->pending[event->step->slot] = NULL;
    }
    return CHECK_HOLDS;
}

static void describe_states(const struct states *states, char *text, size_t size)
{
    size_t used = 0;

    text[0] = '\0';
    for (size_t i = 0; i < states->n_items && used < size; i++) {
        const struct state *state = &states->items[i];
        char value[32];
        int n;

        if (state->value == HISTORY_ABSENT) {
            snprintf(value, sizeof value, "absent");
        } else if (state->value == NOBODY_SAW) {
            snprintf(value, sizeof value, UNSEEN_TEXT);
        } else {
            snprintf(value, sizeof value, "%" PRIu64, state->value);
        }
        n = snprintf(text + used, size - used, "%s%s (revision %" PRId64 ")", i == 0 ? "" : ", ",
                     value, state->revision);
        used += n < 0 ? size : (size_t)n;
    }
}

enum check_verdict check_record(const struct history *history, unsigned key,
                                const struct operation **ret_at, char *ret_states,
                                size_t states_size)
{
    enum check_verdict verdict = CHECK_HOLDS;
    struct search search;

    search_init(&search, history, key);
    for (size_t i = 0; i < search.n_events && verdict == CHECK_HOLDS; i++) {
        const struct event *event = &search.events[i];

        verdict = take(&search, event);
        if (verdict != CHECK_HOLDS) {
            *ret_at = event->step == NULL ? event->optional : event->step->operation;
            describe_states(&search.now, ret_states, states_size);
        }
    }
    search_close(&search);
    return verdict;
}
