/* clock.h - time. Durations and deadlines are CLOCK_MONOTONIC microseconds;
 * wall-clock time is for people and for the age of stored request ids only. */
#ifndef LBSTATE_BASE_CLOCK_H
#define LBSTATE_BASE_CLOCK_H

#include <stddef.h>
#include <stdint.h>

#define CLOCK_NEVER_US UINT64_MAX

uint64_t clock_monotonic_us(void);

/* Seconds since 1970, UTC. */
int64_t clock_wall_s(void);

/* "2026-11-22T18:54:29.734850Z" (27 bytes and a NUL), the current time. */
#define CLOCK_TEXT_SIZE 28
void clock_wall_text(char out[CLOCK_TEXT_SIZE]);

/* How long until DEADLINE_US, in whole milliseconds rounded up, for poll(2):
 * 0 if it passed, -1 for CLOCK_NEVER_US, at most one hour. */
int clock_poll_timeout_ms(uint64_t deadline_us);

#endif
