/* report.h - what a run of torture tells in the end, besides what is wrong. */
#ifndef LBSTATE_TEST_TORTURE_REPORT_H
#define LBSTATE_TEST_TORTURE_REPORT_H

#include "test/torture/history.h"

/* Operations by kind and outcome, errors, and what became of unknown writes. */
void report_operations(FILE *file, const struct history *history, int64_t duration_us);

/* How long no write was acknowledged after each loss of the leader that FAULTS_PATH (written
 * by contrib/kill) tells of since START_US: from the kill to the first answer to a write
 * that was asked for after it. -1: the file can't be read. */
int report_pauses(FILE *file, const struct history *history, const char *faults_path,
                  int64_t start_us);

#endif
