#include "node/latency.h"

#include "base/clock.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define PROBE_FILE "probe.tmp"

static int compare_times(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a;
    uint64_t right = *(const uint64_t *)b;

    return left < right ? -1 : left > right;
}

uint64_t latency_percentile_90(uint64_t *times_us, unsigned n)
{
    assert(n > 0);
    qsort(times_us, n, sizeof *times_us, compare_times);
    return times_us[(n * 9 + 9) / 10 - 1];
}

static int probe(int fd, uint64_t *ret_us)
{
    static const char page[LATENCY_PROBE_SIZE];
    uint64_t start_us = clock_monotonic_us();
    ssize_t size;

    do {
        size = write(fd, page, sizeof page);
    } while (size < 0 && errno == EINTR);
    if (size != (ssize_t)sizeof page) {
        return size < 0 ? errno : ENOSPC;
    }
    if (fdatasync(fd) != 0) {
        return errno;
    }
    *ret_us = clock_monotonic_us() - start_us;
    return 0;
}

int latency_measure_disk(const struct state_dir *dir, uint64_t *ret_us, struct error *error)
{
    uint64_t end_us = clock_monotonic_us() + LATENCY_PROBE_US;
    uint64_t times_us[LATENCY_PROBES];
    unsigned n = 0;
    int reason = 0;
    int fd =
        openat(dir->fd, PROBE_FILE, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0600);

    if (fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed opening %s/" PROBE_FILE, dir->path);
    }
    while (n < LATENCY_PROBES && reason == 0 && (n == 0 || clock_monotonic_us() < end_us)) {
        reason = probe(fd, &times_us[n]);
        n += reason == 0;
    }
    close(fd);
    unlinkat(dir->fd, PROBE_FILE, 0); /* If it stays it is overwritten next time. */
    if (reason != 0) {
        return error_errno(error, ERROR_IO, reason, "Failed writing %s/" PROBE_FILE, dir->path);
    }
    *ret_us = latency_percentile_90(times_us, n);
    return ERROR_NONE;
}

unsigned latency_choose(uint64_t disk_us, uint64_t rtt_us)
{
    const uint64_t most_us = LATENCY_MAX_MS * UINT64_C(1000) * 15; /* More changes nothing. */
    uint64_t round_us =
        2 * (disk_us < most_us ? disk_us : most_us) + (rtt_us < most_us ? rtt_us : most_us);
    uint64_t latency_ms = (10 * round_us + 14999) / 15000; /* Rounded up. */

    if (latency_ms < LATENCY_MIN_MS) {
        return LATENCY_MIN_MS;
    }
    return latency_ms < LATENCY_MAX_MS ? (unsigned)latency_ms : LATENCY_MAX_MS;
}
