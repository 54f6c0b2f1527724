/* record_parts.h - what verbs do with the parts of a record: backends and ports. */
#ifndef LBSTATE_CTL_RECORD_PARTS_H
#define LBSTATE_CTL_RECORD_PARTS_H

#include "ctl/record.h"

/* The list in RECORD, which is made if it is absent or null. NULL if memory is
 * lacking. Borrowed. */
json_t *record_part_list(json_t *record, const char *member);

/* --description, or "". */
const char *record_part_description(const struct ctl *ctl);

/* A record_change: takes the ports out that match the words [PROTOCOL [LISTEN_PORT]]
 * from the third on; several only with --force. */
int record_ports_remove(struct ctl *ctl, json_t *record, struct lbstate_error *error);

#endif
