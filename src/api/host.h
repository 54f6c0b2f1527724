/* host.h - what the kernel knows of this process and its disk. */
#ifndef LBSTATE_API_HOST_H
#define LBSTATE_API_HOST_H

#include <stdint.h>

#define HOST_UNKNOWN UINT64_MAX

/* HOST_UNKNOWN where the kernel didn't say. */
struct host_figures {
    uint64_t state_dir_size;  /* Bytes that the files of the state directory take on the disk. */
    uint64_t disk_free;       /* Bytes that are free for it. */
    uint64_t resident_memory; /* Bytes. */
    uint64_t open_files;      /* File descriptors. */
};

/* Reads files and directories, and so may block: not for the loop's thread. */
void host_measure(const char *state_dir, struct host_figures *ret_figures);

#endif
