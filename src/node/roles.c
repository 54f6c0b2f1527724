#include "node/roles.h"

#include <string.h>

/* What there is, and what is wanted. */
struct census {
    const struct roles_member *members;
    size_t n_members;
    uint64_t leader_id;

    unsigned n_voters;   /* All of them: online, */
    unsigned n_online;   /* able to agree to a change; */
    unsigned n_staying;  /* online and eligible, */
    unsigned n_offline;  /* offline and eligible. */
    unsigned n_free;     /* Online, eligible, without a vote. */
    unsigned n_eligible; /* All of them, with a vote or without. */

    unsigned n_standbys;      /* All of them, */
    unsigned n_good_standbys; /* online and eligible. */

    unsigned want_online;  /* Voters that are to be, of those online, */
    unsigned want_offline; /* and of those that keep theirs for want of a replacement. */
};

static bool is_eligible(const struct roles_member *member)
{
    return !member->evacuated && !member->client_only;
}

static bool is_online(const struct census *census, const struct roles_member *member)
{
    return member->online || member->id == census->leader_id;
}

static bool is_staying_voter(const struct census *census, const struct roles_member *member)
{
    return member->role == RAFT_VOTER && is_eligible(member) && is_online(census, member);
}

static unsigned majority_of(unsigned n_voters)
{
    return n_voters / 2 + 1;
}

static unsigned smaller(unsigned a, unsigned b)
{
    return a < b ? a : b;
}

/* How many members of FAILURE_DOMAIN that are online have ROLE or a better one. */
static unsigned count_in_domain(const struct census *census, const char *failure_domain,
                                enum raft_role role)
{
    unsigned n = 0;

    for (size_t i = 0; i < census->n_members; i++) {
        const struct roles_member *member = &census->members[i];

        n += member->role <= role && is_eligible(member) && is_online(census, member) &&
             strcmp(member->failure_domain, failure_domain) == 0;
    }
    return n;
}

static void count(struct census *census)
{
    for (size_t i = 0; i < census->n_members; i++) {
        const struct roles_member *member = &census->members[i];
        bool online = is_online(census, member);
        bool eligible = is_eligible(member);
        bool votes = member->role == RAFT_VOTER;

        census->n_voters += votes;
        census->n_online += votes && online;
        census->n_staying += votes && online && eligible;
        census->n_offline += votes && !online && eligible;
        census->n_free += !votes && online && eligible;
        census->n_eligible += eligible;
        census->n_standbys += member->role == RAFT_STANDBY;
        census->n_good_standbys += member->role == RAFT_STANDBY && online && eligible;
    }
}

static unsigned odd_or_two(unsigned n)
{
    return n == 2 || n % 2 == 1 || n == 0 ? n : n - 1;
}

/* How many voters there are to be in the end. */
static void set_wanted(struct census *census, const struct roles_config *config)
{
    unsigned max = config->max_voters == 0 ? 1 : (config->max_voters - 1) / 2 * 2 + 1;
    unsigned wanted = odd_or_two(smaller(max, census->n_eligible));
    unsigned online = smaller(wanted, census->n_staying + census->n_free);
    unsigned kept = smaller(census->n_offline, wanted - online);

    /* Those that are gone for want of a replacement still vote, unless they make the number
     * even, or would be too many when others that are evacuated lose their votes. */
    if (kept > 0 && odd_or_two(online + kept) != online + kept) {
        kept--;
    }
    while (kept > 0 && online < majority_of(online + kept)) {
        kept--;
    }
    if (kept == 0) {
        online = odd_or_two(online);
    }
    census->want_online = online;
    census->want_offline = kept;
}

/* Whether A should get ROLE rather than B: in a domain that has fewer with it; who has the log
 * already; who came first. */
static bool is_better_candidate(const struct census *census, enum raft_role role,
                                const struct roles_member *a, const struct roles_member *b)
{
    unsigned n_a = count_in_domain(census, a->failure_domain, role);
    unsigned n_b = count_in_domain(census, b->failure_domain, role);

    if (n_a != n_b) {
        return n_a < n_b;
    }
    if (a->role != b->role) {
        return a->role < b->role;
    }
    return a->id < b->id;
}

/* Who is to get ROLE, of those that have a lesser one; NULL: nobody can. */
static const struct roles_member *find_candidate(const struct census *census, enum raft_role role)
{
    const struct roles_member *best = NULL;

    for (size_t i = 0; i < census->n_members; i++) {
        const struct roles_member *member = &census->members[i];

        if (member->role > role && is_eligible(member) && is_online(census, member) &&
            (best == NULL || is_better_candidate(census, role, member, best))) {
            best = member;
        }
    }
    return best;
}

/* Who is to lose ROLE rather than B: who is offline, who isn't to have it, who shares
 * his domain with the most others, who came last. */
static bool is_better_loser(const struct census *census, enum raft_role role,
                            const struct roles_member *a, const struct roles_member *b)
{
    unsigned n_a = count_in_domain(census, a->failure_domain, role);
    unsigned n_b = count_in_domain(census, b->failure_domain, role);

    if (is_online(census, a) != is_online(census, b)) {
        return !is_online(census, a);
    }
    if (is_eligible(a) != is_eligible(b)) {
        return !is_eligible(a);
    }
    if (n_a != n_b) {
        return n_a > n_b;
    }
    return a->id > b->id;
}

/* Who is to lose ROLE if anybody is; never the leader, and one that is offline and would have it
 * if it weren't only if DROP_OFFLINE says so. NULL: nobody can. */
static const struct roles_member *find_loser(const struct census *census, enum raft_role role,
                                             bool drop_offline)
{
    const struct roles_member *best = NULL;

    for (size_t i = 0; i < census->n_members; i++) {
        const struct roles_member *member = &census->members[i];

        if (member->role == role && member->id != census->leader_id &&
            (is_online(census, member) || !is_eligible(member) || drop_offline) &&
            (best == NULL || is_better_loser(census, role, member, best))) {
            best = member;
        }
    }
    return best;
}

static struct roles_change assign(const struct roles_member *member, enum raft_role role,
                                  const char *reason)
{
    return (struct roles_change){
        .action = ROLES_ASSIGN, .id = member->id, .role = role, .reason = reason};
}

/* The leader isn't to lead: to whom it can hand over. */
static const struct roles_member *find_successor(const struct census *census)
{
    const struct roles_member *best = NULL;

    for (size_t i = 0; i < census->n_members; i++) {
        const struct roles_member *member = &census->members[i];

        if (member->id != census->leader_id && is_staying_voter(census, member) &&
            (best == NULL || member->id < best->id)) {
            best = member;
        }
    }
    return best;
}

static bool leader_must_go(const struct census *census)
{
    for (size_t i = 0; i < census->n_members; i++) {
        if (census->members[i].id == census->leader_id) {
            return !is_eligible(&census->members[i]);
        }
    }
    return false;
}

static const char *reason_to_demote(const struct census *census, const struct roles_member *member)
{
    if (!is_eligible(member)) {
        return "the member is evacuated, leaving or a client only";
    }
    return is_online(census, member) ? "there are more voters than wanted"
                                     : "a voter is offline and isn't needed";
}

static const char *reason_to_promote(const struct census *census)
{
    if (census->n_offline > 0) {
        return "a voter is offline";
    }
    return census->n_voters > census->n_staying ? "a voter is to lose its vote"
                                                : "there are fewer voters than wanted";
}

/* Takes one vote away that isn't wanted, if the others have a majority without it. */
static bool choose_demotion(const struct census *census, unsigned max_standbys,
                            struct roles_change *ret_change)
{
    bool drop_offline = census->n_offline > census->want_offline;
    const struct roles_member *loser = find_loser(census, RAFT_VOTER, drop_offline);
    bool stands_by;

    if (census->n_voters <= census->want_online + census->want_offline || loser == NULL ||
        census->n_online - is_online(census, loser) < majority_of(census->n_voters - 1)) {
        return false;
    }
    stands_by =
        is_online(census, loser) && is_eligible(loser) && census->n_good_standbys < max_standbys;
    *ret_change =
        assign(loser, stands_by ? RAFT_STANDBY : RAFT_SPARE, reason_to_demote(census, loser));
    return true;
}

static bool choose_promotion(const struct census *census, struct roles_change *ret_change)
{
    const struct roles_member *candidate = find_candidate(census, RAFT_VOTER);

    if (census->n_staying >= census->want_online || candidate == NULL) {
        return false;
    }
    *ret_change = assign(candidate, RAFT_VOTER, reason_to_promote(census));
    return true;
}

/* All votes are where they can be: is there a domain without one, and another with two? Then a
 * member of the first gets one more, and next time one of the second loses its own. */
static bool choose_spread(const struct census *census, struct roles_change *ret_change)
{
    const struct roles_member *candidate = find_candidate(census, RAFT_VOTER);
    const struct roles_member *loser = find_loser(census, RAFT_VOTER, false);

    if (census->n_voters != census->n_staying || candidate == NULL || loser == NULL ||
        count_in_domain(census, candidate->failure_domain, RAFT_VOTER) > 0 ||
        count_in_domain(census, loser->failure_domain, RAFT_VOTER) < 2) {
        return false;
    }
    *ret_change = assign(candidate, RAFT_VOTER, "a failure domain has no voter");
    return true;
}

static void choose_standby(const struct census *census, unsigned max_standbys,
                           struct roles_change *ret_change)
{
    const struct roles_member *candidate = find_candidate(census, RAFT_STANDBY);
    const struct roles_member *loser = find_loser(census, RAFT_STANDBY, false);

    if (loser == NULL || is_eligible(loser)) {
        loser = census->n_standbys > max_standbys ? find_loser(census, RAFT_STANDBY, true) : NULL;
    }
    if (loser != NULL) {
        *ret_change = assign(loser, RAFT_SPARE, "a stand-by isn't wanted");
    } else if (census->n_good_standbys < max_standbys && candidate != NULL) {
        *ret_change = assign(candidate, RAFT_STANDBY, "there are fewer stand-bys than wanted");
    }
}

struct roles_change roles_choose(const struct roles_member *members, size_t n_members,
                                 uint64_t leader_id, const struct roles_config *config)
{
    struct census census = {.members = members, .n_members = n_members, .leader_id = leader_id};
    struct roles_change change = {.action = ROLES_NOTHING};
    const struct roles_member *successor;

    count(&census);
    if (census.n_online < majority_of(census.n_voters)) {
        return change;
    }
    set_wanted(&census, config);
    successor = find_successor(&census);
    if (leader_must_go(&census) && successor != NULL) {
        return (struct roles_change){.action = ROLES_TRANSFER,
                                     .id = successor->id,
                                     .role = RAFT_VOTER,
                                     .reason = "the leader is evacuated, leaving or a client only"};
    }
    if (!choose_demotion(&census, config->max_standbys, &change) &&
        !choose_promotion(&census, &change) && !choose_spread(&census, &change)) {
        choose_standby(&census, config->max_standbys, &change);
    }
    return change;
}
