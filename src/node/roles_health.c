/* How safe a cluster is, in numbers and in words. */
#include "node/roles.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define NAMES_MAX 3 /* In a list; the others are counted. */

void roles_judge(const struct roles_member *members, size_t n_members,
                 struct roles_health *ret_health)
{
    struct roles_health health = {.n_voters = 0};

    for (size_t i = 0; i < n_members; i++) {
        health.n_voters += members[i].role == RAFT_VOTER;
        health.n_voters_online += members[i].role == RAFT_VOTER && members[i].online;
    }
    health.majority = health.n_voters / 2 + 1;
    health.has_majority = health.n_voters_online >= health.majority;
    health.survives = health.has_majority ? health.n_voters_online - health.majority : 0;
    *ret_health = health;
}

struct text {
    char *out;
    size_t size;
};

static void append(struct text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void append(struct text *text, const char *format, ...)
{
    size_t used = strlen(text->out);
    va_list list;

    va_start(list, format);
    vsnprintf(text->out + used, text->size - used, format, list);
    va_end(list);
}

static void append_name(struct text *text, const struct roles_member *member)
{
    if (member->name != NULL && member->name[0] != '\0') {
        append(text, "%s", member->name);
    } else {
        append(text, "member %llu", (unsigned long long)member->id);
    }
}

typedef bool (*member_test)(const struct roles_member *member);

static bool is_lost_voter(const struct roles_member *member)
{
    return member->role == RAFT_VOTER && !member->online;
}

static bool can_vote(const struct roles_member *member)
{
    return !member->evacuated && !member->client_only;
}

static bool can_take_over(const struct roles_member *member)
{
    return member->role != RAFT_VOTER && member->online && can_vote(member);
}

static bool is_online_and_can_vote(const struct roles_member *member)
{
    return member->online && can_vote(member);
}

static bool is_offline_and_can_vote(const struct roles_member *member)
{
    return !member->online && can_vote(member);
}

static bool is_evacuated(const struct roles_member *member)
{
    return member->evacuated && !member->client_only;
}

static unsigned count(const struct roles_member *members, size_t n_members, member_test matches)
{
    unsigned n = 0;

    for (size_t i = 0; i < n_members; i++) {
        n += matches(&members[i]);
    }
    return n;
}

/* "n1", "n1 or n2", "n1, n2 or n3", "n1, n2, n3 or 2 others". */
static void append_list(struct text *text, const struct roles_member *members, size_t n_members,
                        member_test matches, const char *conjunction)
{
    unsigned n = count(members, n_members, matches);
    unsigned i = 0;

    for (size_t k = 0; k < n_members && i < NAMES_MAX; k++) {
        if (matches(&members[k])) {
            append(text, "%s", i == 0 ? "" : i + 1 == n ? conjunction : ", ");
            append_name(text, &members[k]);
            i++;
        }
    }
    if (n > NAMES_MAX) {
        append(text, "%s%u %s", conjunction, n - NAMES_MAX,
               n - NAMES_MAX == 1 ? "other" : "others");
    }
}

/* Which of those that are offline to start so that N more vote. */
static void append_start(struct text *text, const struct roles_member *members, size_t n_members,
                         unsigned n)
{
    unsigned n_lost = count(members, n_members, is_lost_voter);

    append(text, "start ");
    if (n > 1 && n < n_lost) {
        append(text, "%u of ", n);
    }
    append_list(text, members, n_members, is_lost_voter, n == 1 ? " or " : " and ");
}

static void append_takeover(struct text *text, const struct roles_member *members, size_t n_members)
{
    append_list(text, members, n_members, can_take_over, " or ");
    append(text, " is to get the vote of ");
    append_list(text, members, n_members, is_lost_voter, " or ");
}

/* No voter is lost, and still no failure is survived: there are too few voters. */
static void append_growth(struct text *text, const struct roles_member *members, size_t n_members,
                          const struct roles_config *config)
{
    unsigned n_online = count(members, n_members, is_online_and_can_vote);
    unsigned n_offline = count(members, n_members, is_offline_and_can_vote);
    unsigned n_evacuated = count(members, n_members, is_evacuated);

    if (config->max_voters < 3) {
        append(text, "cluster.max_voters is %u", config->max_voters);
    } else if (n_online >= 3) {
        append(text, "more members are to get a vote");
    } else if (n_offline > 0 && n_online + n_offline >= 3) {
        append(text, "start ");
        append_list(text, members, n_members, is_offline_and_can_vote,
                    n_online == 2 ? " or " : " and ");
    } else if (n_evacuated > 0 && n_online + n_evacuated >= 3) {
        append(text, "restore ");
        append_list(text, members, n_members, is_evacuated, n_online == 2 ? " or " : " and ");
    } else if (n_members <= 2) {
        append(text, n_members == 2 ? "add a third member" : "add two more members");
    } else {
        append(text, "add more members that may vote");
    }
}

void roles_explain(const struct roles_member *members, size_t n_members,
                   const struct roles_config *config, char *out, size_t size)
{
    struct text text = {.out = out, .size = size};
    unsigned n_lost = count(members, n_members, is_lost_voter);
    bool replaceable = count(members, n_members, can_take_over) > 0;
    struct roles_health health;

    roles_judge(members, n_members, &health);
    out[0] = '\0';
    if (health.n_voters == 0) {
        append(&text, "No member votes.");
    } else if (!health.has_majority) {
        append(&text,
               "No majority: %u of %u voters %s online and %u are needed: ", health.n_voters_online,
               health.n_voters, health.n_voters_online == 1 ? "is" : "are", health.majority);
        append_start(&text, members, n_members, health.majority - health.n_voters_online);
        append(&text, ".");
    } else if (health.survives == 0) {
        append(&text, "Survives no failure: ");
        if (n_lost == 0) {
            append_growth(&text, members, n_members, config);
        } else if (replaceable) {
            append_takeover(&text, members, n_members);
        } else {
            append_start(&text, members, n_members, 1);
        }
        append(&text, ".");
    } else {
        append(&text, "Survives %u more failure%s", health.survives,
               health.survives == 1 ? "" : "s");
        if (n_lost > 0 && replaceable) {
            append(&text, "; ");
            append_takeover(&text, members, n_members);
        } else if (n_lost > 0) {
            append(&text, "; ");
            append_start(&text, members, n_members, n_lost);
            append(&text, " to survive %u", health.n_voters - health.majority);
        }
        append(&text, ".");
    }
}
