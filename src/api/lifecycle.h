/* lifecycle.h - events that tell of changes of records, as Incus has them. */
#ifndef LBSTATE_API_LIFECYCLE_H
#define LBSTATE_API_LIFECYCLE_H

#include "api/api.h"

/* Publishes ACTION ("network-created") for DONE, which ended without an error;
 * nothing if it changed nothing. SOURCE is the record's URL, and closed; OLD_NAME
 * is NULL unless it was renamed. To be called before the call is answered. */
void lifecycle_publish(struct api_call *call, const struct store_request *done, const char *action,
                       const char *project, struct buffer *source, const char *old_name);

#endif
