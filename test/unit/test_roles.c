/* Which member has which role: tables of clusters, and thousands of random ones. */
#include "base/error.h"
#include "node/roles.h"
#include "test/lib/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CLUSTER_MAX 12

static const struct roles_config three = {.max_voters = 3, .max_standbys = 2};

/* A cluster is written as words, one a member: its role (V, B for stand-by, S), then marks: '-'
 * offline, 'e' evacuated, 'c' client only, and its failure domain after a slash. The members have
 * the ids 1, 2, ... and the names n1, n2, ...; n1 leads. */
struct cluster {
    struct roles_member members[CLUSTER_MAX];
    char domains[CLUSTER_MAX][8];
    char names[CLUSTER_MAX][8];
    size_t n_members;
    uint64_t leader_id;
};

static void add_member(struct cluster *cluster, const char *word)
{
    size_t i = cluster->n_members++;
    const char *slash = strchr(word, '/');

    assert_true(i < CLUSTER_MAX);
    snprintf(cluster->domains[i], sizeof cluster->domains[i], "%s",
             slash == NULL ? "default" : slash + 1);
    snprintf(cluster->names[i], sizeof cluster->names[i], "n%zu", i + 1);
    cluster->members[i] = (struct roles_member){.id = i + 1,
                                                .name = cluster->names[i],
                                                .role = word[0] == 'V'   ? RAFT_VOTER
                                                        : word[0] == 'B' ? RAFT_STANDBY
                                                                         : RAFT_SPARE,
                                                .online = strchr(word, '-') == NULL,
                                                .failure_domain = cluster->domains[i]};
    for (const char *mark = word + 1; *mark != '\0' && *mark != '/'; mark++) {
        cluster->members[i].evacuated |= *mark == 'e';
        cluster->members[i].client_only |= *mark == 'c';
    }
}

static void parse(struct cluster *cluster, const char *text)
{
    char copy[128];
    char *rest;

    memset(cluster, 0, sizeof *cluster);
    cluster->leader_id = 1;
    snprintf(copy, sizeof copy, "%s", text);
    for (char *word = strtok_r(copy, " ", &rest); word != NULL; word = strtok_r(NULL, " ", &rest)) {
        add_member(cluster, word);
    }
}

static void format_roles(const struct cluster *cluster, char *out, size_t size)
{
    size_t used = 0;

    assert_true(cluster->n_members < size);
    for (size_t i = 0; i < cluster->n_members; i++) {
        out[used++] = "VBS"[cluster->members[i].role];
    }
    out[used] = '\0';
}

static void format_change(const struct roles_change *change, char *out, size_t size)
{
    if (change->action == ROLES_NOTHING) {
        snprintf(out, size, "-");
    } else if (change->action == ROLES_TRANSFER) {
        snprintf(out, size, "n%llu leads", (unsigned long long)change->id);
    } else {
        snprintf(out, size, "n%llu=%c", (unsigned long long)change->id, "VBS"[change->role]);
    }
}

static struct roles_change choose(const struct cluster *cluster, const struct roles_config *config)
{
    return roles_choose(cluster->members, cluster->n_members, cluster->leader_id, config);
}

static void apply(struct cluster *cluster, const struct roles_change *change)
{
    if (change->action == ROLES_TRANSFER) {
        cluster->leader_id = change->id;
    } else {
        cluster->members[change->id - 1].role = change->role;
    }
}

/* All changes until there is none, "n3=V n2=S"; "" if there is none. */
static void settle(struct cluster *cluster, const struct roles_config *config, char *out,
                   size_t size)
{
    struct roles_change change;
    size_t used = 0;
    char text[32];

    out[0] = '\0';
    for (size_t n = 0;; n++) {
        change = choose(cluster, config);
        if (change.action == ROLES_NOTHING) {
            return;
        }
        assert_non_null(change.reason);
        assert_true(n < 4 * cluster->n_members);
        format_change(&change, text, sizeof text);
        used += (size_t)snprintf(out + used, size - used, "%s%s", used == 0 ? "" : " ", text);
        assert_true(used < size);
        apply(cluster, &change);
    }
}

struct example {
    const char *cluster;
    const char *changes;
    const char *roles; /* In the end. */
};

static void check_examples(const struct example *examples, size_t n_examples,
                           const struct roles_config *config)
{
    for (size_t i = 0; i < n_examples; i++) {
        struct cluster cluster;
        char changes[256];
        char roles[CLUSTER_MAX + 1];

        parse(&cluster, examples[i].cluster);
        settle(&cluster, config, changes, sizeof changes);
        format_roles(&cluster, roles, sizeof roles);
        if (strcmp(changes, examples[i].changes) != 0 || strcmp(roles, examples[i].roles) != 0) {
            fail_msg("\"%s\": \"%s\" gives %s, not \"%s\" that gives %s", examples[i].cluster,
                     changes, roles, examples[i].changes, examples[i].roles);
        }
    }
}

#define CHECK(EXAMPLES, CONFIG)                                                                    \
    check_examples(EXAMPLES, sizeof(EXAMPLES) / sizeof((EXAMPLES)[0]), CONFIG)

static void members_that_join_one_by_one_get_roles(void **state)
{
    static const struct {
        unsigned max_voters;
        const char *roles[9]; /* With one member, with two, ... */
    } tables[] = {
        {1, {"V", "VB", "VBB", "VBBS", "VBBSS", "VBBSSS", "VBBSSSS", "VBBSSSSS", "VBBSSSSSS"}},
        {3, {"V", "VV", "VVV", "VVVB", "VVVBB", "VVVBBS", "VVVBBSS", "VVVBBSSS", "VVVBBSSSS"}},
        {5, {"V", "VV", "VVV", "VVVB", "VVVVV", "VVVVVB", "VVVVVBB", "VVVVVBBS", "VVVVVBBSS"}},
        {7, {"V", "VV", "VVV", "VVVB", "VVVVV", "VVVVVB", "VVVVVVV", "VVVVVVVB", "VVVVVVVBB"}},
        {9, {"V", "VV", "VVV", "VVVB", "VVVVV", "VVVVVB", "VVVVVVV", "VVVVVVVB", "VVVVVVVVV"}},
    };

    (void)state;
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        const struct roles_config config = {.max_voters = tables[t].max_voters, .max_standbys = 2};
        struct cluster cluster;

        parse(&cluster, "V");
        for (size_t n = 1; n <= 9; n++) {
            char changes[256];
            char roles[CLUSTER_MAX + 1];

            settle(&cluster, &config, changes, sizeof changes);
            format_roles(&cluster, roles, sizeof roles);
            assert_string_equal(roles, tables[t].roles[n - 1]);
            add_member(&cluster, "S");
        }
    }
}

static void voters_that_die_are_replaced(void **state)
{
    static const struct example examples[] = {
        /* Nobody to take over: they keep their votes. */
        {"V V-", "", "VV"},
        {"V V V-", "", "VVV"},
        {"V V V- S-", "", "VVVS"},
        /* The stand-by gets it first, then the dead one loses it. */
        {"V V V- B", "n4=V n3=S", "VVSV"},
        {"V V V- S", "n4=V n3=S", "VVSV"},
        {"V V V- S B", "n5=V n3=S n4=B", "VVSBV"},
        {"V V V- B B S", "n4=V n3=S n6=B", "VVSVBB"},
        /* It comes back, and stands by. */
        {"V V S V", "n3=B", "VVBV"},
        /* No majority: nothing could be committed. */
        {"V V- V- B", "", "VVVB"},
    };

    (void)state;
    CHECK(examples, &three);
}

static void two_voters_of_five_die(void **state)
{
    static const struct example examples[] = {
        {"V V V V- V-", "", "VVVVV"},
        {"V V V V- V- B", "n6=V n5=S", "VVVVSV"},
        {"V V V V- V- B B", "n6=V n5=S n7=V n4=S", "VVVSSVV"},
        {"V V V- V- V- B B", "", "VVVVVBB"},
    };
    const struct roles_config five = {.max_voters = 5, .max_standbys = 2};

    (void)state;
    CHECK(examples, &five);
}

static void surplus_votes_are_taken_away(void **state)
{
    static const struct example lowered[] = {
        /* The dead ones first; then who came last, to stand by; never the leader. */
        {"V V V V V", "n5=B n4=B", "VVVBB"},   {"V V- V V V", "n2=S n5=B", "VSVVB"},
        {"V V- V- V V", "n3=S n2=S", "VSSVV"}, {"V V V V", "n4=B", "VVVB"},
        {"V V V V-", "n4=S", "VVVS"},          {"V V- V V- V", "n4=S n2=S", "VSVSV"},
    };
    static const struct example to_one[] = {
        {"V V V", "n3=B n2=B", "VBB"},
        {"V V", "n2=B", "VB"},
    };
    static const struct example even[] = {
        /* Four votes survive no more than three, and the fifth member isn't there. */
        {"V V V V S-", "n4=B", "VVVBS"}, {"V V V V- S-", "n4=S", "VVVSS"},
        {"V V V S S-", "n4=B", "VVVBS"}, {"V V S-", "", "VVS"},
        {"V S S-", "n2=V", "VVS"},       {"V V V- S S-", "n4=V n3=S", "VVSVS"},
    };
    const struct roles_config one = {.max_voters = 1, .max_standbys = 2};
    const struct roles_config five = {.max_voters = 5, .max_standbys = 2};

    (void)state;
    CHECK(lowered, &three);
    CHECK(to_one, &one);
    CHECK(even, &five);
}

static void limits_that_are_even_or_zero_count_as_odd(void **state)
{
    static const unsigned pairs[][2] = {{0, 1}, {2, 1}, {4, 3}, {6, 5}};

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        const struct roles_config config = {.max_voters = pairs[i][0], .max_standbys = 0};
        struct cluster cluster;
        struct roles_health health;
        char changes[256];

        parse(&cluster, "V S S S S S S");
        settle(&cluster, &config, changes, sizeof changes);
        roles_judge(cluster.members, cluster.n_members, &health);
        assert_int_equal(health.n_voters, pairs[i][1]);
    }
}

static void votes_are_spread_over_failure_domains(void **state)
{
    static const struct example examples[] = {
        {"V/a S/a S/b S/c", "n3=V n4=V n2=B", "VBVV"},
        /* A stand-by where there is no vote is better than one where there is. */
        {"V/a V/b V-/c B/a B/b B/c", "n6=V n3=S", "VVSBBV"},
        {"V/a V/b V-/c B/b S/c", "n5=V n3=S", "VVSBV"},
        /* All is well but for the domain without a vote. */
        {"V/a V/a V/a S/b", "n4=V n3=B", "VVBV"},
        {"V/a V/a V/b S/b S/c", "n5=V n2=B n4=B", "VBVBV"},
        /* Two domains: no change makes it better. */
        {"V/a V/a V/b B/b", "", "VVVB"},
        /* The leader keeps its vote. */
        {"V/a V/b V/b B/c", "n4=V n3=B", "VVBV"},
        {"V/a V/b B/c", "n3=V", "VVV"},
        /* Not while a voter is lost that can't be replaced. */
        {"V/a V/a V-/b", "", "VVV"},
    };

    (void)state;
    CHECK(examples, &three);
}

static void evacuated_members_have_no_role(void **state)
{
    static const struct example examples[] = {
        {"V V Ve B", "n4=V n3=S", "VVSV"},
        {"V V Ve", "n3=S", "VVS"},
        {"V V Ve-", "n3=S", "VVS"},
        {"V V V Be", "n4=S", "VVVS"},
        {"V V V Se", "", "VVVS"},
        {"V V V B- Be B", "n5=S", "VVVBSB"},
        /* The dead one first: else the majority would be lost. */
        {"V V- Ve", "n2=S n3=S", "VSS"},
        /* It isn't needed for that. */
        {"V V V-  Ve", "n4=S", "VVVS"},
        {"V Ve", "n2=S", "VS"},
    };

    (void)state;
    CHECK(examples, &three);
}

static void clients_have_no_role(void **state)
{
    static const struct example examples[] = {
        {"V V Sc", "", "VVS"},
        {"V V V Bc", "n4=S", "VVVS"},
        {"V V Vc S", "n4=V n3=S", "VVSV"},
        {"V V V- Sc", "", "VVVS"},
    };

    (void)state;
    CHECK(examples, &three);
}

static void leader_that_is_evacuated_hands_over_first(void **state)
{
    static const struct example examples[] = {
        {"Ve V V B", "n2 leads n4=V n1=S", "SVVV"},
        {"Ve V- V B", "n3 leads n4=V n1=S", "SVVV"},
        {"Ve V", "n2 leads n1=S", "SV"},
        {"Vc V V", "n2 leads n1=S", "SVV"},
        /* To nobody yet. */
        {"Ve S", "n2=V n2 leads n1=S", "SV"},
        {"Ve", "", "V"},
        {"Ve Se", "", "VS"},
    };

    (void)state;
    CHECK(examples, &three);
}

static void standbys_are_filled_and_replaced(void **state)
{
    static const struct example two[] = {
        {"V V V B- S", "n5=B", "VVVBB"},
        {"V V V B- B S", "n6=B n4=S", "VVVSBB"},
        {"V V V B- B", "", "VVVBB"},
        {"V V V B B B", "n6=S", "VVVBBS"},
        {"V V V B B- B", "n5=S", "VVVBSB"},
        {"V/a V/a V/a B/b S/b S/c", "n4=V n3=B n6=V n2=B", "VBBVSV"},
    };
    static const struct example none[] = {
        {"V V V B B", "n5=S n4=S", "VVVSS"},
        {"V V V S", "", "VVVS"},
    };
    const struct roles_config without = {.max_voters = 3, .max_standbys = 0};

    (void)state;
    CHECK(two, &three);
    CHECK(none, &without);
}

static void nothing_changes_when_nothing_is_wrong(void **state)
{
    static const char *const clusters[] = {
        "V",           "V V",       "V V V",       "V V V B",    "V V V B B",
        "V V V B B S", "V V- V B-", "V/a V/b V/a", "V V V B B-", "V/a V/b V/c B/a B/b S/c"};

    (void)state;
    for (size_t i = 0; i < sizeof clusters / sizeof clusters[0]; i++) {
        struct cluster cluster;
        struct roles_change change;

        parse(&cluster, clusters[i]);
        change = choose(&cluster, &three);
        assert_int_equal(change.action, ROLES_NOTHING);
    }
}

/* -- Random clusters ----------------------------------------------------------- */

static uint64_t seed = 0x2545f4914f6cdd1d;

static unsigned draw(unsigned n)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (unsigned)(seed >> 33) % n;
}

static void draw_cluster(struct cluster *cluster)
{
    size_t n = 1 + draw(10);

    memset(cluster, 0, sizeof *cluster);
    for (size_t i = 0; i < n; i++) {
        char word[16];

        snprintf(word, sizeof word, "%c%s%s%s/%c", "VVVBS"[draw(5)], draw(4) == 0 ? "-" : "",
                 draw(8) == 0 ? "e" : "", draw(10) == 0 ? "c" : "", (char)('a' + draw(4)));
        add_member(cluster, word);
    }
    cluster->leader_id = 1 + draw((unsigned)n);
    cluster->members[cluster->leader_id - 1].role = RAFT_VOTER;
    cluster->members[cluster->leader_id - 1].online = true;
}

static void print_cluster(const struct cluster *cluster)
{
    for (size_t i = 0; i < cluster->n_members; i++) {
        const struct roles_member *member = &cluster->members[i];

        print_message("%s%c%s%s%s/%s ", member->id == cluster->leader_id ? "*" : "",
                      "VBS"[member->role], member -> online ? "" : "-",
                      member->evacuated ? "e" : "", member->client_only ? "c" : "",
                      member->failure_domain);
    }
    print_message("\n");
}

static bool stays(const struct roles_member *member)
{
    return member->online && !member->evacuated && !member->client_only;
}

static unsigned count_staying_voters(const struct cluster *cluster)
{
    unsigned n = 0;

    for (size_t i = 0; i < cluster->n_members; i++) {
        n += cluster->members[i].role == RAFT_VOTER && stays(&cluster->members[i]);
    }
    return n;
}

/* What must hold of each change. */
static bool is_sound(const struct cluster *before, const struct roles_change *change,
                     const struct cluster *after, unsigned max_voters)
{
    const struct roles_member *member = &before->members[change->id - 1];
    struct roles_health old_health;
    struct roles_health new_health;

    roles_judge(before->members, before->n_members, &old_health);
    roles_judge(after->members, after->n_members, &new_health);
    if (change->action == ROLES_TRANSFER) {
        const struct roles_member *leader = &before->members[before->leader_id - 1];

        return member->role == RAFT_VOTER && stays(member) && !stays(leader);
    }
    if (change->role == member->role || !old_health.has_majority || !new_health.has_majority) {
        return false;
    }
    if (change->role < member->role) {
        return stays(member) && new_health.n_voters <= old_health.n_voters + 1;
    }
    if (member->id == before->leader_id) {
        return false;
    }
    if (member->role != RAFT_VOTER || !stays(member)) {
        return true;
    }
    /* A voter that is online and may vote: only over the limit, or as an even one, whose loss
     * costs nothing. */
    return old_health.n_voters > max_voters || new_health.survives >= old_health.survives;
}

/* What must hold when there is nothing more to do. */
static bool is_settled_well(const struct cluster *cluster, unsigned max_voters)
{
    struct roles_health health;
    unsigned n_free = 0;

    roles_judge(cluster->members, cluster->n_members, &health);
    for (size_t i = 0; i < cluster->n_members; i++) {
        const struct roles_member *member = &cluster->members[i];

        n_free += stays(member) && member->role != RAFT_VOTER;
        if (member->role != RAFT_SPARE && (member->evacuated || member->client_only) &&
            member->id != cluster->leader_id) {
            return false;
        }
    }
    if (!stays(&cluster->members[cluster->leader_id - 1])) {
        /* It had nobody to hand over to. */
        return count_staying_voters(cluster) == 0 && n_free == 0;
    }
    if (health.n_voters > max_voters || !health.has_majority ||
        (health.n_voters % 2 == 0 && health.n_voters != 2)) {
        return false;
    }
    /* Nobody who is lost keeps a vote that somebody else could have. */
    return health.n_voters == health.n_voters_online || n_free == 0;
}

static void random_clusters_settle_soundly(void **state)
{
    unsigned n_changes = 0;
    unsigned n_clusters = 0;

    (void)state;
    for (unsigned round = 0; round < 30000; round++) {
        const struct roles_config config = {.max_voters = 1 + 2 * draw(5), .max_standbys = draw(4)};
        struct cluster cluster;
        struct cluster start;
        struct roles_health health;
        size_t n = 0;

        draw_cluster(&cluster);
        start = cluster;
        roles_judge(cluster.members, cluster.n_members, &health);
        n_clusters += health.has_majority;
        for (;; n++) {
            struct cluster before = cluster;
            struct roles_change change = choose(&cluster, &config);

            if (change.action == ROLES_NOTHING) {
                break;
            }
            apply(&cluster, &change);
            if (!is_sound(&before, &change, &cluster, config.max_voters) ||
                n >= 4 * cluster.n_members) {
                print_cluster(&start);
                print_cluster(&before);
                fail_msg("change %zu is unsound: member %llu gets role %d (%s), max %u", n,
                         (unsigned long long)change.id, (int)change.role, change.reason,
                         config.max_voters);
            }
        }
        n_changes += (unsigned)n;
        if (health.has_majority && !is_settled_well(&cluster, config.max_voters)) {
            print_cluster(&start);
            print_cluster(&cluster);
            fail_msg("settled badly, max %u", config.max_voters);
        }
        if (!health.has_majority) {
            assert_int_equal(n, 0);
        }
    }
    assert_true(n_clusters > 10000);
    assert_true(n_changes > 30000);
}

/* -- Health -------------------------------------------------------------------- */

static void health_is_arithmetic(void **state)
{
    static const struct {
        const char *cluster;
        struct roles_health health;
    } examples[] = {
        {"S", {.majority = 1}},
        {"V", {1, 1, 1, 0, true}},
        {"V V", {2, 2, 2, 0, true}},
        {"V V-", {2, 1, 2, 0, false}},
        {"V V V S S", {3, 3, 2, 1, true}},
        {"V V V-", {3, 2, 2, 0, true}},
        {"V V- V-", {3, 1, 2, 0, false}},
        {"V V V V", {4, 4, 3, 1, true}},
        {"V V V V V-", {5, 4, 3, 1, true}},
        {"V V V V V V V V V", {9, 9, 5, 4, true}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct roles_health *expected = &examples[i].health;
        struct cluster cluster;
        struct roles_health health;

        parse(&cluster, examples[i].cluster);
        roles_judge(cluster.members, cluster.n_members, &health);
        assert_int_equal(health.n_voters, expected->n_voters);
        assert_int_equal(health.n_voters_online, expected->n_voters_online);
        assert_int_equal(health.majority, expected->majority);
        assert_int_equal(health.survives, expected->survives);
        assert_int_equal(health.has_majority, expected->has_majority);
    }
}

static void health_is_told_in_words(void **state)
{
    static const struct {
        const char *cluster;
        unsigned max_voters;
        const char *words;
    } examples[] = {
        {"S", 3, "No member votes."},
        {"V", 3, "Survives no failure: add two more members."},
        {"V V", 3, "Survives no failure: add a third member."},
        {"V V V", 3, "Survives 1 more failure."},
        {"V V V V V", 5, "Survives 2 more failures."},
        {"V V V B", 3, "Survives 1 more failure."},
        {"V V V-", 3, "Survives no failure: start n3."},
        {"V V- V- V V", 5, "Survives no failure: start n2 or n3."},
        {"V V V- B", 3, "Survives no failure: n4 is to get the vote of n3."},
        {"V V V V V-", 5, "Survives 1 more failure; start n5 to survive 2."},
        {"V V V V V- B", 5, "Survives 1 more failure; n6 is to get the vote of n5."},
        {"V V V V V V- V-", 7, "Survives 1 more failure; start n6 and n7 to survive 3."},
        {"V V-", 3, "No majority: 1 of 2 voters is online and 2 are needed: start n2."},
        {"V V- V-", 3, "No majority: 1 of 3 voters is online and 2 are needed: start n2 or n3."},
        {"V V V- V- V-", 5,
         "No majority: 2 of 5 voters are online and 3 are needed: start n3, n4 or n5."},
        {"V V- V- V- V-", 5,
         "No majority: 1 of 5 voters is online and 3 are needed: start 2 of n2, n3, n4 and 1 "
         "other."},
        {"V V- V- V- V- V- V- V- V-", 9,
         "No majority: 1 of 9 voters is online and 5 are needed: start 4 of n2, n3, n4 and 5 "
         "others."},
        {"V B B", 1, "Survives no failure: cluster.max_voters is 1."},
        {"V S S", 3, "Survives no failure: more members are to get a vote."},
        {"V V S-", 3, "Survives no failure: start n3."},
        {"V V Se", 3, "Survives no failure: restore n3."},
        {"V V Sc", 3, "Survives no failure: add more members that may vote."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof examples[0]; i++) {
        const struct roles_config config = {.max_voters = examples[i].max_voters,
                                            .max_standbys = 2};
        struct cluster cluster;
        char words[256];

        parse(&cluster, examples[i].cluster);
        roles_explain(cluster.members, cluster.n_members, &config, words, sizeof words);
        assert_string_equal(words, examples[i].words);
    }
}

static void words_are_cut_where_there_is_no_room(void **state)
{
    struct cluster cluster;
    char words[24];

    (void)state;
    parse(&cluster, "V V- V-");
    cluster.members[1].name = NULL;
    roles_explain(cluster.members, cluster.n_members, &three, words, sizeof words);
    assert_string_equal(words, "No majority: 1 of 3 vot");
}

static void members_without_a_name_are_told_by_number(void **state)
{
    struct cluster cluster;
    char words[256];

    (void)state;
    parse(&cluster, "V V V-");
    cluster.members[2].name = NULL;
    roles_explain(cluster.members, cluster.n_members, &three, words, sizeof words);
    assert_string_equal(words, "Survives no failure: start member 3.");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_that_join_one_by_one_get_roles),
        cmocka_unit_test(voters_that_die_are_replaced),
        cmocka_unit_test(two_voters_of_five_die),
        cmocka_unit_test(surplus_votes_are_taken_away),
        cmocka_unit_test(limits_that_are_even_or_zero_count_as_odd),
        cmocka_unit_test(votes_are_spread_over_failure_domains),
        cmocka_unit_test(evacuated_members_have_no_role),
        cmocka_unit_test(clients_have_no_role),
        cmocka_unit_test(leader_that_is_evacuated_hands_over_first),
        cmocka_unit_test(standbys_are_filled_and_replaced),
        cmocka_unit_test(nothing_changes_when_nothing_is_wrong),
        cmocka_unit_test(random_clusters_settle_soundly),
        cmocka_unit_test(health_is_arithmetic),
        cmocka_unit_test(health_is_told_in_words),
        cmocka_unit_test(words_are_cut_where_there_is_no_room),
        cmocka_unit_test(members_without_a_name_are_told_by_number),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
