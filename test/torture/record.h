/* record.h - load balancers that stand for a key with a value.
 *
 * The value stands in several places of a record, in several tables of the database: one
 * that is applied in part shows as foreign. */
#ifndef LBSTATE_TEST_TORTURE_RECORD_H
#define LBSTATE_TEST_TORTURE_RECORD_H

#include <stddef.h>
#include <stdint.h>

#define RECORD_LIST      "/1.0/networks/torture/load-balancers"
#define RECORD_PATH_SIZE 128
#define RECORD_BODY_SIZE 512

/* Networks that the records need, in the order of their creation; NULL ends it. */
extern const char *const record_networks[];

void record_path(unsigned key, char path[RECORD_PATH_SIZE]);

/* A whole record, for POST and PUT, and for PATCH, too. */
void record_body(unsigned key, uint64_t value, char body[RECORD_BODY_SIZE]);

/* The value in the answer to a GET of one record: HISTORY_FOREIGN if it isn't ours. */
uint64_t record_value(const char *answer);

/* The values in the answer to a GET of the list with recursion=1; HISTORY_ABSENT for keys
 * that aren't in it. -1: it is no such list. */
int record_values(const char *answer, uint64_t *values, unsigned n_keys);

#endif
