/* listener.h - the answer that the creation of a load balancer or a forward gets. */
#ifndef LBSTATE_API_LISTENER_H
#define LBSTATE_API_LISTENER_H

#include "api/api.h"
#include "base/buffer.h"

/* url_append_load_balancer() or url_append_forward(). */
typedef void (*listener_url_append)(struct buffer *url, const char *project, const char *network,
                                    const char *listen_address);

/* Answers that it is there, under the canonical form of the LISTEN_ADDRESS that was
 * asked for. The result of DONE is the project whose network it is on. */
void listener_created(struct api_call *call, listener_url_append append, const char *network,
                      const char *listen_address, const struct store_request *done);

#endif
