/* identity.h - node.json: who this node is in its cluster.
 *
 * Raft counts votes by id. A node that lost its log and votes again under its
 * old id can make a majority forget what it acknowledged, so id, address and
 * log must always be those that belong together. */
#ifndef LBSTATE_NODE_IDENTITY_H
#define LBSTATE_NODE_IDENTITY_H

#include "base/error.h"
#include "node/state_dir.h"

#include <stdbool.h>
#include <stdint.h>

#define IDENTITY_ADDRESS_SIZE 64

struct identity {
    uint64_t id;
    char address[IDENTITY_ADDRESS_SIZE]; /* As Raft's configuration has it: stays for life. */
    bool bootstrapped;                   /* The engine was started with it at least once. */
};

/* An address for life, which nobody else has: "@lbstate-" and 32 random digits. As an
 * abstract name it is one that nobody can guess, and so nobody can take before us. ERROR_IO. */
int identity_make_address(char out[IDENTITY_ADDRESS_SIZE], struct error *error);

/* ERROR_NOT_FOUND: there is no node.json; ERROR_CORRUPT: it doesn't decode;
 * ERROR_IO. */
int identity_load(const struct state_dir *dir, struct identity *ret_identity, struct error *error);

/* Replaces node.json as a whole; it is on disk when this returns.
 * ERROR_IO, ERROR_NO_SPACE, ERROR_NO_MEMORY. */
int identity_save(const struct state_dir *dir, const struct identity *identity,
                  struct error *error);

#endif
