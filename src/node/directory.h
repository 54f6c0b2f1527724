/* directory.h - who is in the cluster, as this node knows it.
 *
 * The truth is in the database; this is the copy that a node needs to reach the
 * others before it can read anything: names, addresses, pins. It is kept in
 * STATE_DIR/cluster.json, and replaced as a whole when the leader sends a newer one.
 *
 * Raft knows a member by an address that never changes and that nobody can
 * connect to ("@lbstate-..."); the directory says at which host and port the
 * member with that Raft address is now. So a member may move, and Raft's own
 * configuration stays as it is.
 *
 * A snapshot is immutable and counted. The holder is thread-safe. */
#ifndef LBSTATE_NODE_DIRECTORY_H
#define LBSTATE_NODE_DIRECTORY_H

#include "base/error.h"
#include "node/certificate.h"
#include "node/identity.h"
#include "node/state_dir.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMBERS_MAX          64
#define JOIN_TOKENS_MAX      64
#define MEMBER_NAME_MAX      63  /* Bytes: a host name's label (RFC 1123). */
#define MEMBER_ADDRESS_MAX   261 /* Bytes of "host:port" or "[ip]:port". */
#define CLUSTER_PORT_DEFAULT 8443

struct directory_member {
    uint64_t id; /* As in Raft; never used twice. */
    char name[MEMBER_NAME_MAX + 1];
    char address[MEMBER_ADDRESS_MAX + 1]; /* Of the cluster endpoint, with its port. */
    char raft_address[IDENTITY_ADDRESS_SIZE];
    uint8_t pin[PIN_SIZE];
    uint8_t next_pin[PIN_SIZE]; /* While its key is being replaced: known as well. */
    bool has_next_pin;
};

/* A token that a node may join with: its key reaches the join and nothing else. */
struct directory_token {
    uint8_t pin[PIN_SIZE];
    char name[MEMBER_NAME_MAX + 1]; /* Of the member that is to join. */
    int64_t expires_at;             /* Wall clock, seconds. Not judged here: the leader does. */
};

struct directory {
    int64_t revision;                 /* Of the store when it was read. A newer one has a higher. */
    char fingerprint[PIN_TEXT_SIZE];  /* Of the cluster; "" while this node stands alone. */
    struct directory_member *members; /* By id. */
    size_t n_members;
    struct directory_token *tokens;
    size_t n_tokens;
    atomic_uint refs; /* Private. */
};

/* A draft, to be filled; with room for the numbers given (over the limits above:
 * ERROR_TOO_LARGE). directory_free() it, or give it to directory_holder_set(). */
int directory_new(size_t n_members, size_t n_tokens, struct directory **ret_directory,
                  struct error *error);
void directory_free(const struct directory *directory); /* One reference less. Takes NULL. */

/* NULL if there is none. */
const struct directory_member *directory_by_id(const struct directory *directory, uint64_t id);
const struct directory_member *directory_by_name(const struct directory *directory,
                                                 const char *name);
const struct directory_member *directory_by_raft_address(const struct directory *directory,
                                                         const char *raft_address);
/* Either output is set, the other NULL; false if nobody has the key. */
bool directory_by_pin(const struct directory *directory, const uint8_t pin[PIN_SIZE],
                      const struct directory_member **ret_member,
                      const struct directory_token **ret_token);

/* JSON, as in cluster.json and between members. Decode checks all (also that members stand by
 * id, and that no id, name, Raft address or pin stands twice) and ignores members of objects
 * that it doesn't know: ERROR_INVALID with the place, ERROR_TOO_LARGE. */
struct buffer;
void directory_encode(const struct directory *directory, struct buffer *out);
int directory_decode(const char *json, size_t size, struct directory **ret_directory,
                     struct error *error);

struct directory_holder;

/* Reads cluster.json; without one the directory is empty (revision 0). DIR outlives it.
 * ERROR_CORRUPT: it doesn't decode. */
int directory_holder_open(const struct state_dir *dir, struct directory_holder **ret_holder,
                          struct error *error);
void directory_holder_close(struct directory_holder *holder);

/* A reference: directory_free() it. */
const struct directory *directory_get(struct directory_holder *holder);

/* Takes DIRECTORY over, also when it fails. If it is newer than what is there it takes its
 * place, and is on disk when this returns; else nothing happens, which is no error. After a
 * failure what was there still is. RET_CHANGED may be NULL. */
int directory_holder_set(struct directory_holder *holder, struct directory *directory,
                         bool *ret_changed, struct error *error);

#endif
