/* join.h - how a node with a token becomes a member.
 *
 * Join tokens are Incus': base64 of a JSON object with server_name, fingerprint, addresses,
 * secret, expires_at. What happens, in this order, so that it can be cut off anywhere and done
 * again with the same token:
 *
 *   1. The node makes its own key, if it has none yet, and keeps it.
 *   2. It asks a member to take it in, showing the key that the secret makes, and telling its own
 *      key, name, address and Raft address. The leader adds a record for it, or finds that it did.
 *   3. The answer has a proof that the cluster made the token, the node's id, and the directory,
 *      which the node keeps, then its id. From here on it is a member: it needs no token to be
 *      started again.
 *   4. Its engine starts under that id, and the leader, whose heartbeats it answers now, adds it
 *      to Raft. */
#ifndef LBSTATE_CLUSTER_JOIN_H
#define LBSTATE_CLUSTER_JOIN_H

#include "base/buffer.h"
#include "base/error.h"
#include "node/certificate.h"
#include "node/directory.h"
#include "node/tunnel.h"

#include <stdint.h>

#define JOIN_TOKEN_SIZE_MAX      16384 /* Bytes of a token as text. */
#define JOIN_TOKEN_ADDRESSES_MAX MEMBERS_MAX

struct join_token {
    char name[MEMBER_NAME_MAX + 1];
    char fingerprint[PIN_TEXT_SIZE];
    uint8_t secret[JOIN_SECRET_SIZE];
    char addresses[JOIN_TOKEN_ADDRESSES_MAX][MEMBER_ADDRESS_MAX + 1];
    size_t n_addresses;
    char expires_at[40]; /* RFC 3339, as it was written. */
};

/* ERROR_INVALID: it is no token (the message says what is wrong with it). */
int join_token_decode(const char *text, struct join_token *ret_token, struct error *error);
/* A lack of memory is OUT's: see buffer_string(). */
void join_token_encode(const struct join_token *token, struct buffer *out);

struct join_options {
    struct tunnel *tunnel;
    const struct certificate *certificate; /* Own. */
    const char *address;      /* Own, with its port; NULL: the one that the cluster is reached
                               * from, and the default port. */
    const char *raft_address; /* Own. */
    unsigned timeout_ms;      /* For all of it. */
};

struct join_result {
    uint64_t id;
    struct directory *directory; /* directory_free() it. */
};

/* Steps 2 and 3, without keeping anything. Blocks. Tries each address of the token, again and again
 * until the time is up.
 * ERROR_FORBIDDEN: the cluster doesn't take the token (used, expired, revoked, of another cluster,
 * for another name): the message says which, as far as the cluster tells; or nobody could prove
 * that the cluster made it. ERROR_CONFLICT: name or address is taken. ERROR_INVALID: versions don't
 * fit. ERROR_UNAVAILABLE: no address answers; the message has what each said. */
int join(const struct join_token *token, const struct join_options *options,
         struct join_result *ret_result, struct error *error);

/* The bodies of the request and its answer; for both sides. */
struct join_request {
    char name[MEMBER_NAME_MAX + 1];
    char fingerprint[PIN_TEXT_SIZE];
    char address[MEMBER_ADDRESS_MAX + 1]; /* "": ask from where it comes. */
    char raft_address[IDENTITY_ADDRESS_SIZE];
    char key_pin[PIN_TEXT_SIZE];
    int64_t schema_version;
};
int join_request_decode(const char *body, size_t size, struct join_request *ret_request,
                        struct error *error);

/* The answer of a member that takes the node in. PROOF is over the pin that this member showed. */
void join_answer_encode(uint64_t id, const struct directory *directory,
                        const uint8_t proof[JOIN_PROOF_SIZE], struct buffer *out);

#endif
