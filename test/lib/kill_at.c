/* Loaded into a daemon by LD_PRELOAD: ends it, as kill -9 does, just before it takes its n-th step
 * of a kind that others can see or that outlives it. The steps are what makes files and folders,
 * gives them their names and brings them to the disk, and what is said over TLS.
 *
 * KILL_AT=N: the step, from 1 on; KILL_NOTE=FILE: gets the name of the call, so that the test
 * knows where it was, and that it was this. */
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <dlfcn.h>
#include <openssl/ssl.h>

static atomic_long n_steps;

static void note(const char *call)
{
    const char *path = getenv("KILL_NOTE");
    int fd = path == NULL ? -1 : (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT, 0600);

    if (fd >= 0) {
        dprintf(fd, "%s\n", call);
    }
}

static void step(const char *call)
{
    const char *text = getenv("KILL_AT");

    if (text != NULL && atomic_fetch_add(&n_steps, 1) + 1 == strtol(text, NULL, 10)) {
        note(call);
        kill(getpid(), SIGKILL);
        pause();
    }
}

static void *next(const char *name)
{
    void *function = dlsym(RTLD_NEXT, name);

    if (function == NULL) {
        abort();
    }
    return function;
}

int openat(int folder_fd, const char *path, int flags, ...)
{
    mode_t mode = 0;

    if ((flags & O_CREAT) != 0) {
        va_list arguments;

        va_start(arguments, flags);
        mode = va_arg(arguments, mode_t);
        va_end(arguments);
        step("openat");
    }
    return (int)syscall(SYS_openat, folder_fd, path, flags, mode);
}

int mkdir(const char *path, mode_t mode)
{
    step("mkdir");
    return (int)syscall(SYS_mkdirat, AT_FDCWD, path, mode);
}

int renameat(int old_fd, const char *old_path, int new_fd, const char *new_path)
{
    step("renameat");
    return (int)syscall(SYS_renameat2, old_fd, old_path, new_fd, new_path, 0);
}

int fsync(int fd)
{
    step("fsync");
    return (int)syscall(SYS_fsync, fd);
}

int SSL_do_handshake(SSL *ssl)
{
    int (*real)(SSL *);

    *(void **)&real = next("SSL_do_handshake");
    step("SSL_do_handshake");
    return real(ssl);
}

int SSL_write_ex(SSL *ssl, const void *data, size_t size, size_t *ret_size)
{
    int (*real)(SSL *, const void *, size_t, size_t *);

    *(void **)&real = next("SSL_write_ex");
    step("SSL_write_ex");
    return real(ssl, data, size, ret_size);
}
