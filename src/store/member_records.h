/* member_records.h - what the transactions of members (members.h) read. All of them
 * are few, so they are read as a whole and looked through. */
#ifndef LBSTATE_STORE_MEMBER_RECORDS_H
#define LBSTATE_STORE_MEMBER_RECORDS_H

#include "store/members.h"

/* By id. Memory is the transaction's arena's, as in the next two. */
int member_records_load(struct store_tx *tx, struct cluster_member **ret_members,
                        size_t *ret_n_members, struct error *error);

/* By time of creation. */
int member_records_load_tokens(struct store_tx *tx, struct cluster_token **ret_tokens,
                               size_t *ret_n_tokens, struct error *error);

/* "" while there is no cluster. */
int member_records_load_fingerprint(struct store_tx *tx, const char **ret_fingerprint,
                                    struct error *error);

/* ERROR_CONFLICT if another of them than EXCEPT (an id; 0: none) has the name, an address or the
 * key of MEMBER. */
int member_records_check_unique(const struct cluster_member *members, size_t n_members,
                                const struct cluster_member *member, int64_t except,
                                struct error *error);

/* Gives a new member what a record must have, and writes it; *MEMBER becomes what was written,
 * with its id. */
int member_records_create(struct store_tx *tx, struct cluster_member *member, struct error *error);

#endif
