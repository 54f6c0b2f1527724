/* etag.h - ETags as Incus computes them: the SHA-256 of a JSON array of the
 * fields that a client may change, as Go encodes it (HTML escapes, sorted config,
 * a line feed at the end). */
#ifndef LBSTATE_LB_ETAG_H
#define LBSTATE_LB_ETAG_H

#include "base/buffer.h"
#include "base/error.h"
#include "entity/network.h"
#include "entity/network_forward.h"
#include "entity/network_load_balancer.h"
#include "entity/project.h"

#include <stdbool.h>

#define ETAG_SIZE 65 /* 64 hexadecimal digits and a NUL; without quotes. */

/* [listen_address, description, config, backends, ports], empty lists as []. */
int etag_load_balancer(const struct network_load_balancer *lb, char out[ETAG_SIZE],
                       struct error *error);
/* [listen_address, description, config, ports], likewise. */
int etag_forward(const struct network_forward *forward, char out[ETAG_SIZE], struct error *error);
/* [name, managed (true), type, description, config]. */
int etag_network(const struct network *network, char out[ETAG_SIZE], struct error *error);
/* [description, config]; checked against the transcripts. */
int etag_project(const struct project *project, char out[ETAG_SIZE], struct error *error);
/* The config of the server, which isn't in an array. */
int etag_config(const struct string_map *config, char out[ETAG_SIZE], struct error *error);

/* Of any value: JSON is in BUFFER, written with escape_html; a line feed is added. */
int etag_text(struct buffer *buffer, char out[ETAG_SIZE], struct error *error);

/* IF_MATCH is the header's value or NULL (no check); quotes are stripped.
 * ERROR_PRECONDITION: `ETag doesn't match: <ours> vs <theirs>`. */
int etag_check(const char *etag, const char *if_match, struct error *error);

#endif
