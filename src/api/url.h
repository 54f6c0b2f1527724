/* url.h - the URLs that the API names its objects by. */
#ifndef LBSTATE_API_URL_H
#define LBSTATE_API_URL_H

#include "base/arena.h"
#include "base/buffer.h"

/* Appends one segment of a path, percent-encoded where it must be (RFC 3986);
 * ':' stays as it is, so that IPv6 addresses look like themselves. */
void url_append_segment(struct buffer *url, const char *segment);

/* "/1.0/networks/N", "?project=P" unless P is "default". */
void url_append_network(struct buffer *url, const char *project, const char *network);

/* "/1.0/networks/N/forwards/A", "?project=P" unless P is NULL or "default". */
void url_append_forward(struct buffer *url, const char *project, const char *network,
                        const char *listen_address);

/* "/1.0/networks/N/load-balancers/A", likewise. */
void url_append_load_balancer(struct buffer *url, const char *project, const char *network,
                              const char *listen_address);

/* "/1.0/projects/P". */
void url_append_project(struct buffer *url, const char *project);

/* "/1.0/cluster/members/M", "/1.0/cluster/groups/G". */
void url_append_cluster_member(struct buffer *url, const char *member);
void url_append_cluster_group(struct buffer *url, const char *group);

/* PATH as Go's ServeMux wants it: without empty, "." and ".." segments; a slash at the
 * end stays. NULL: no memory. */
char *url_clean_path(struct arena *arena, const char *path);

#endif
