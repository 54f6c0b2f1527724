#include "base/clock.h"

#include <stdio.h>
#include <time.h>

uint64_t clock_monotonic_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

int64_t clock_wall_s(void)
{
    return (int64_t)time(NULL);
}

void clock_wall_text(char out[CLOCK_TEXT_SIZE])
{
    struct timespec now;
    struct tm tm;
    char seconds[32];

    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &tm);
    strftime(seconds, sizeof seconds, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out, CLOCK_TEXT_SIZE, "%.19s.%06uZ", seconds,
             (unsigned)(now.tv_nsec / 1000) % 1000000U);
}

int clock_poll_timeout_ms(uint64_t deadline_us)
{
    const uint64_t longest_us = 3600 * UINT64_C(1000000);
    uint64_t now_us;
    uint64_t left_us;

    if (deadline_us == CLOCK_NEVER_US) {
        return -1;
    }
    now_us = clock_monotonic_us();
    if (deadline_us <= now_us) {
        return 0;
    }
    left_us = deadline_us - now_us;
    return (int)(((left_us < longest_us ? left_us : longest_us) + 999) / 1000);
}
