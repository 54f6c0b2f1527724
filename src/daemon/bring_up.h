/* bring_up.h - what there is before the loop turns: the state directory, the own key, the directory
 * of members, the tunnel, and the engine, which needs all of them. */
#ifndef LBSTATE_DAEMON_BRING_UP_H
#define LBSTATE_DAEMON_BRING_UP_H

#include "base/error.h"
#include "daemon/endpoint.h"
#include "daemon/settings.h"
#include "node/certificate.h"
#include "node/directory.h"
#include "node/node.h"
#include "node/tunnel.h"

#define JOIN_TIMEOUT_MS (60 * 1000)

struct bring_up {
    struct node *node;
    bool node_runs;
    struct certificate *certificate;
    struct directory_holder *directory;
    struct tunnel *tunnel;
    unsigned latency_ms; /* What the engine was told (node/latency.h). */
};

/* Joins the cluster first, if the settings have a token and the node is new. Blocks. What is there
 * after an error is for bring_down(), too. Errors: those of node_start(), directory_holder_open(),
 * certificate_load() and join(); ERROR_CONFLICT: a token for a node that is something already;
 * ERROR_FORBIDDEN: the node was removed from its cluster, or is said to be a member and has no
 * state. */
int bring_up(struct bring_up *parts, const struct daemon_settings *settings,
             struct endpoint *endpoint, struct error *error);

/* Takes parts that aren't there, too. */
void bring_down(struct bring_up *parts, unsigned node_stop_ms);

/* From the next start on this state directory is refused. */
void bring_up_mark_removed(struct bring_up *parts);

#endif
