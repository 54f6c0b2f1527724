/* verbs.h - the one table of what lbctl can do: dispatch, checks of the command
 * line and --help all read it. */
#ifndef LBSTATE_CTL_VERBS_H
#define LBSTATE_CTL_VERBS_H

#include "ctl/ctl.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
    OPTION_HELP,
    OPTION_SOCKET,
    OPTION_PROJECT,
    OPTION_TIMEOUT,
    OPTION_FORMAT,
    OPTION_DESCRIPTION,
    OPTION_TYPE,
    OPTION_PROPERTY,
    OPTION_FORCE,
    OPTION_UPDATE,
    OPTION_CONNECTIONS,
    OPTION_ALL_PROJECTS,
    OPTION_INCUS_DUMP,
    OPTION_QUIET,
    OPTION_COLUMNS,
    OPTION_CONFIG,
    OPTION_REQUEST,
    OPTION_DATA,
    OPTION_DATA_FILE,
    OPTION_TARGET,
    OPTION_RAW,
    OPTION_WAIT,
    OPTION_VERSION,
    OPTION_MAX
};

struct option_info {
    const char *name;
    char letter;       /* '\0': none. */
    const char *value; /* What --help calls its value; NULL for flags. */
    const char *help;
};

/* In the order of enum option_id. */
extern const struct option_info option_table[OPTION_MAX];

/* Options that every verb takes. */
#define OPTIONS_EVERYWHERE                                                                         \
    (1U << OPTION_HELP | 1U << OPTION_SOCKET | 1U << OPTION_PROJECT | 1U << OPTION_TIMEOUT |       \
     1U << OPTION_FORMAT | 1U << OPTION_QUIET)

struct verb {
    const char *name;  /* NULL ends a list. */
    const char *alias; /* More than one are separated by commas. */
    const char *summary;
    const struct verb *verbs; /* Those below; NULL: this one runs. */
    bool no_project;          /* It and those below it work in no project. */

    /* Of verbs that run. */
    int (*run)(struct ctl *ctl, struct lbstate_error *error);
    const char *words; /* As --help shows them. */
    size_t n_words_min;
    size_t n_words_max; /* SIZE_MAX: any number. */
    size_t first_pair;  /* Index of the first word that is key=value; 0: none is. */
    bool two_words;     /* A single pair may also be "key" and "value". */
    unsigned options;   /* Bits 1 << enum option_id, besides those that are everywhere. */
    const char *notes;  /* Whole lines for --help, or NULL. */
};

extern const struct verb verb_root;

/* The verbs of each kind: verbs_load_balancer.c and so on. */
extern const struct verb verbs_cluster[];
extern const struct verb verbs_load_balancer[];
extern const struct verb verbs_network[];
extern const struct verb verbs_project[];

/* NULL if PARENT has none of that name or alias. */
const struct verb *verb_find(const struct verb *parent, const char *name);

/* The path of verbs, "lbctl load-balancer list", into OUT. */
void verb_path(const struct verb *const *verbs, size_t n_verbs, char *out, size_t out_size);

/* What --help prints for the last of VERBS. */
void verb_help(FILE *out, const struct verb *const *verbs, size_t n_verbs);

/* cluster.c */
int cluster_show(struct ctl *ctl, struct lbstate_error *error);
int cluster_info(struct ctl *ctl, struct lbstate_error *error);
int cluster_get(struct ctl *ctl, struct lbstate_error *error);
int cluster_set(struct ctl *ctl, struct lbstate_error *error);
int cluster_unset(struct ctl *ctl, struct lbstate_error *error);
int cluster_edit(struct ctl *ctl, struct lbstate_error *error);
int cluster_rename(struct ctl *ctl, struct lbstate_error *error);
int cluster_remove(struct ctl *ctl, struct lbstate_error *error);
int cluster_evacuate(struct ctl *ctl, struct lbstate_error *error);
int cluster_restore(struct ctl *ctl, struct lbstate_error *error);
int cluster_role_add(struct ctl *ctl, struct lbstate_error *error);
int cluster_role_remove(struct ctl *ctl, struct lbstate_error *error);
int cluster_enable(struct ctl *ctl, struct lbstate_error *error);
int cluster_transfer(struct ctl *ctl, struct lbstate_error *error);
int cluster_rotate_key(struct ctl *ctl, struct lbstate_error *error);
int cluster_move(struct ctl *ctl, struct lbstate_error *error);

/* cluster_list.c */
int cluster_list(struct ctl *ctl, struct lbstate_error *error);

/* cluster_token.c */
int cluster_add(struct ctl *ctl, struct lbstate_error *error);
int cluster_token_list(struct ctl *ctl, struct lbstate_error *error);
int cluster_token_revoke(struct ctl *ctl, struct lbstate_error *error);

/* cluster_group.c */
int cluster_group_list(struct ctl *ctl, struct lbstate_error *error);
int cluster_group_show(struct ctl *ctl, struct lbstate_error *error);
int cluster_group_create(struct ctl *ctl, struct lbstate_error *error);
int cluster_group_edit(struct ctl *ctl, struct lbstate_error *error);
int cluster_group_rename(struct ctl *ctl, struct lbstate_error *error);
int cluster_group_delete(struct ctl *ctl, struct lbstate_error *error);

/* network.c */
int network_list(struct ctl *ctl, struct lbstate_error *error);
int network_show(struct ctl *ctl, struct lbstate_error *error);
int network_create(struct ctl *ctl, struct lbstate_error *error);
int network_get(struct ctl *ctl, struct lbstate_error *error);
int network_set(struct ctl *ctl, struct lbstate_error *error);
int network_unset(struct ctl *ctl, struct lbstate_error *error);
int network_edit(struct ctl *ctl, struct lbstate_error *error);
int network_rename(struct ctl *ctl, struct lbstate_error *error);
int network_delete(struct ctl *ctl, struct lbstate_error *error);

/* network_info.c */
int network_info(struct ctl *ctl, struct lbstate_error *error);
int network_list_leases(struct ctl *ctl, struct lbstate_error *error);

/* forward.c */
int forward_list(struct ctl *ctl, struct lbstate_error *error);
int forward_show(struct ctl *ctl, struct lbstate_error *error);
int forward_get(struct ctl *ctl, struct lbstate_error *error);
int forward_unset(struct ctl *ctl, struct lbstate_error *error);
int forward_edit(struct ctl *ctl, struct lbstate_error *error);
int forward_create(struct ctl *ctl, struct lbstate_error *error);
int forward_set(struct ctl *ctl, struct lbstate_error *error);
int forward_delete(struct ctl *ctl, struct lbstate_error *error);
int forward_port_add(struct ctl *ctl, struct lbstate_error *error);
int forward_port_remove(struct ctl *ctl, struct lbstate_error *error);

/* load_balancer.c */
int load_balancer_list(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_show(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_create(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_get(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_set(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_unset(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_edit(struct ctl *ctl, struct lbstate_error *error);
int load_balancer_delete(struct ctl *ctl, struct lbstate_error *error);

/* load_balancer_info.c */
int load_balancer_info(struct ctl *ctl, struct lbstate_error *error);

/* load_balancer_parts.c */
int backend_add(struct ctl *ctl, struct lbstate_error *error);
int backend_remove(struct ctl *ctl, struct lbstate_error *error);
int port_add(struct ctl *ctl, struct lbstate_error *error);
int port_remove(struct ctl *ctl, struct lbstate_error *error);

/* project.c */
int project_list(struct ctl *ctl, struct lbstate_error *error);
int project_show(struct ctl *ctl, struct lbstate_error *error);
int project_create(struct ctl *ctl, struct lbstate_error *error);
int project_get(struct ctl *ctl, struct lbstate_error *error);
int project_set(struct ctl *ctl, struct lbstate_error *error);
int project_unset(struct ctl *ctl, struct lbstate_error *error);
int project_rename(struct ctl *ctl, struct lbstate_error *error);
int project_edit(struct ctl *ctl, struct lbstate_error *error);
int project_delete(struct ctl *ctl, struct lbstate_error *error);

/* project_info.c */
int project_info(struct ctl *ctl, struct lbstate_error *error);

/* project_current.c */
int project_get_current(struct ctl *ctl, struct lbstate_error *error);
int project_switch(struct ctl *ctl, struct lbstate_error *error);

/* import.c */
int import_files(struct ctl *ctl, struct lbstate_error *error);

/* sql.c */
int sql_run(struct ctl *ctl, struct lbstate_error *error);

/* query.c */
int query_send(struct ctl *ctl, struct lbstate_error *error);

/* version.c */
int version_show(struct ctl *ctl, struct lbstate_error *error);

#endif
