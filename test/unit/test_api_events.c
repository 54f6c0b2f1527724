/* The hub: who gets which event, and what it looks like. */
#include "api/events.h"

#include "base/clock.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <string.h>

struct ear {
    struct events_listener listener;
    unsigned n_heard;
    unsigned n_lost;
    char last[512];
    bool leaves;
};

static void on_event(struct events_listener *listener, const struct event *event, const char *text,
                     size_t size)
{
    struct ear *ear = (struct ear *)(void *)listener;

    assert_non_null(event->location);
    if (text == NULL) {
        ear->n_lost++;
    } else {
        ear->n_heard++;
        snprintf(ear->last, sizeof ear->last, "%.*s", (int)size, text);
    }
    if (ear->leaves) {
        events_remove(listener);
    }
}

static void listen(struct events *events, struct ear *ear, unsigned types, const char *project)
{
    *ear = (struct ear){
        .listener = {.types = types, .project = project, .deliver = on_event},
    };
    events_add(events, &ear->listener);
}

static void publish(struct events *events, enum event_type type, const char *project)
{
    const struct event event = {.type = type,
                                .timestamp = "2026-11-22T18:54:29.734850Z",
                                .project = project,
                                .metadata = "{\"a\":1}",
                                .metadata_size = 7};

    events_publish(events, &event);
}

static void event_is_as_incus_sends_it(void **state)
{
    struct event elsewhere = {.type = EVENT_OPERATION,
                              .timestamp = "2026-11-22T18:54:29.734850Z",
                              .location = "n2",
                              .metadata = "{}",
                              .metadata_size = 2};
    struct event now = {.type = EVENT_LIFECYCLE, .metadata = "{}", .metadata_size = 2};
    char before[CLOCK_TEXT_SIZE];
    char after[CLOCK_TEXT_SIZE];
    struct events events;
    struct ear ear;
    char stamp[CLOCK_TEXT_SIZE] = "";

    (void)state;
    events_init(&events, "none");
    listen(&events, &ear, EVENT_TYPES_ALL, NULL);
    publish(&events, EVENT_LIFECYCLE, "p1");
    assert_string_equal(ear.last,
                        "{\"type\":\"lifecycle\",\"timestamp\":\"2026-11-22T18:54:29.734850Z\","
                        "\"metadata\":{\"a\":1},\"location\":\"none\",\"project\":\"p1\"}\n");
    events_publish(&events, &elsewhere);
    assert_string_equal(ear.last,
                        "{\"type\":\"operation\",\"timestamp\":\"2026-11-22T18:54:29.734850Z\","
                        "\"metadata\":{},\"location\":\"n2\"}\n");
    clock_wall_text(before);
    events_publish(&events, &now);
    clock_wall_text(after);
    memcpy(stamp, ear.last + strlen("{\"type\":\"lifecycle\",\"timestamp\":\""),
           CLOCK_TEXT_SIZE - 1);
    assert_true(strcmp(before, stamp) <= 0);
    assert_true(strcmp(stamp, after) <= 0);
}

static void types_and_projects_are_kept_apart(void **state)
{
    struct events events;
    struct ear all;
    struct ear p1;
    struct ear logging;

    (void)state;
    events_init(&events, "none");
    assert_false(events_are_wanted(&events, EVENT_LIFECYCLE, "p1"));
    listen(&events, &logging, EVENT_TYPE_BIT(EVENT_LOGGING), NULL);
    assert_false(events_are_wanted(&events, EVENT_LIFECYCLE, "p1"));
    listen(&events, &p1, EVENT_TYPES_ALL, "p1");
    assert_true(events_are_wanted(&events, EVENT_LIFECYCLE, "p1"));
    assert_false(events_are_wanted(&events, EVENT_LIFECYCLE, "p2"));
    assert_true(events_are_wanted(&events, EVENT_LIFECYCLE, NULL));
    listen(&events, &all, EVENT_TYPE_BIT(EVENT_LIFECYCLE) | EVENT_TYPE_BIT(EVENT_OPERATION), NULL);

    publish(&events, EVENT_LIFECYCLE, "p1");
    publish(&events, EVENT_LIFECYCLE, "p2");
    publish(&events, EVENT_OPERATION, NULL); /* Of no project: for all. */
    publish(&events, EVENT_LOGGING, NULL);
    assert_int_equal(all.n_heard, 3);
    assert_int_equal(p1.n_heard, 3);
    assert_int_equal(logging.n_heard, 1);

    events_remove(&p1.listener);
    publish(&events, EVENT_LIFECYCLE, "p1");
    assert_int_equal(p1.n_heard, 3);
    assert_int_equal(all.n_heard, 4);
    assert_int_equal(events.published[EVENT_LIFECYCLE], 3);
}

static void listener_may_leave_while_it_hears(void **state)
{
    struct events events;
    struct ear first;
    struct ear second;

    (void)state;
    events_init(&events, "none");
    listen(&events, &first, EVENT_TYPES_ALL, NULL);
    listen(&events, &second, EVENT_TYPES_ALL, NULL);
    first.leaves = true;
    publish(&events, EVENT_LIFECYCLE, NULL);
    publish(&events, EVENT_LIFECYCLE, NULL);
    assert_int_equal(first.n_heard, 1);
    assert_int_equal(second.n_heard, 2);
}

/* A listener must know that it missed something. */
static void lost_event_is_told(void **state)
{
    const struct event event = {.type = EVENT_LIFECYCLE, .project = "p1"};
    struct events events;
    struct ear p1;
    struct ear p2;

    (void)state;
    events_init(&events, "none");
    listen(&events, &p1, EVENT_TYPES_ALL, "p1");
    listen(&events, &p2, EVENT_TYPES_ALL, "p2");
    events_publish(&events, &event);
    assert_int_equal(p1.n_lost, 1);
    assert_int_equal(p1.n_heard, 0);
    assert_int_equal(p2.n_lost, 0);
}

static void types_have_names(void **state)
{
    static const char *const names[] = {"logging", "operation", "lifecycle", "network-acl"};
    enum event_type type;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(event_type_parse(names[i], strlen(names[i]), &type));
        assert_string_equal(event_type_name(type), names[i]);
        assert_false(event_type_parse(names[i], strlen(names[i]) - 1, &type));
    }
    assert_false(event_type_parse("", 0, &type));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(event_is_as_incus_sends_it),
        cmocka_unit_test(types_and_projects_are_kept_apart),
        cmocka_unit_test(listener_may_leave_while_it_hears),
        cmocka_unit_test(lost_event_is_told),
        cmocka_unit_test(types_have_names),
    };

    return cmocka_run_group_tests_name("api_events", tests, NULL, NULL);
}
