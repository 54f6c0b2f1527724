/* report.h - what was found out about each statement, for people to read. */
#ifndef LBSTATE_GENERATE_REPORT_H
#define LBSTATE_GENERATE_REPORT_H

#include "base/buffer.h"
#include "generate/model.h"

/* A table of all statements with what they cost, and then the SQL and the plan
 * of each. Behind the judgement. */
void report_queries(const struct generator *generator, struct buffer *out);

#endif
