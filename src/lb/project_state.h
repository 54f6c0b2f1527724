/* project_state.h - what a project may use and what it uses. */
#ifndef LBSTATE_LB_PROJECT_STATE_H
#define LBSTATE_LB_PROJECT_STATE_H

#include "base/json_writer.h"
#include "entity/project.h"

#include <stddef.h>

/* Writes {"resources": ...} as Incus has it: -1 is no limit. Only networks can be
 * used here; of the other limits there is nothing that counts against them. */
void project_state_to_json(struct json_writer *w, const struct project *project, size_t n_networks);

#endif
