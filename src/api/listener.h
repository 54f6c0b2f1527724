/* listener.h - what changes of load balancers and of forwards have in common: the
 * answer to a creation, and the events. */
#ifndef LBSTATE_API_LISTENER_H
#define LBSTATE_API_LISTENER_H

#include "api/api.h"
#include "base/buffer.h"

/* url_append_load_balancer() or url_append_forward(). */
typedef void (*listener_url_append)(struct buffer *url, const char *project, const char *network,
                                    const char *listen_address);

/* Publishes ACTION for what listens at LISTEN_ADDRESS, in any spelling. The result of
 * DONE is the project whose network it is on. */
void listener_publish(struct api_call *call, const struct store_request *done, const char *action,
                      listener_url_append append, const char *network, const char *listen_address);

/* Answers that it is there, under the canonical form of the LISTEN_ADDRESS that was
 * asked for. The result of DONE is as above. */
void listener_created(struct api_call *call, listener_url_append append, const char *network,
                      const char *listen_address, const struct store_request *done);

#endif
