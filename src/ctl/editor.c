#include "ctl/editor.h"

#include "base/buffer.h"
#include "ctl/yaml_read.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static const char *variable(const char *name)
{
    const char *value = getenv(name);

    return value != NULL && value[0] != '\0' ? value : NULL;
}

int editor_file(const char *text, size_t size, char path[EDITOR_PATH_SIZE],
                struct lbstate_error *error)
{
    const char *folder = variable("TMPDIR");
    int n =
        snprintf(path, EDITOR_PATH_SIZE, "%s/lbctl-XXXXXX.yaml", folder != NULL ? folder : "/tmp");
    FILE *file;
    int fd;

    if (n < 0 || n >= EDITOR_PATH_SIZE) {
        return ctl_fail(error, LBSTATE_INVALID, "The path in $TMPDIR is too long");
    }
    fd = mkostemps(path, (int)strlen(".yaml"), O_CLOEXEC);
    if (fd < 0) {
        return ctl_fail(error, LBSTATE_INVALID, "Can't make %s: %s", path, strerror(errno));
    }
    file = fdopen(fd, "w");
    if (file == NULL) {
        close(fd);
        unlink(path);
        return ctl_no_memory(error);
    }
    if (fwrite(text, 1, size, file) != size || fflush(file) != 0) {
        ctl_fail(error, LBSTATE_INVALID, "Can't write %s: %s", path, strerror(errno));
        fclose(file);
        unlink(path);
        return (int)error->code;
    }
    fclose(file);
    return LBSTATE_OK;
}

/* Waits as system(3) does: keys that stop programs are the editor's. */
static int wait_for(pid_t pid, int *ret_status)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction interrupt;
    struct sigaction quit;
    pid_t ended;

    sigaction(SIGINT, &ignore, &interrupt);
    sigaction(SIGQUIT, &ignore, &quit);
    do {
        ended = waitpid(pid, ret_status, 0);
    } while (ended < 0 && errno == EINTR);
    sigaction(SIGINT, &interrupt, NULL);
    sigaction(SIGQUIT, &quit, NULL);
    return ended == pid ? 0 : -1;
}

/* The editor may be a command with options and quotes: the shell splits it. */
static int run(const char *editor, const char *path, struct lbstate_error *error)
{
    struct buffer script = {0};
    int status = 0;
    int rc = ENOMEM;
    pid_t pid;

    buffer_printf(&script, "%s \"$@\"", editor);
    if (buffer_string(&script) != NULL) {
        const char *const argv[] = {"sh", "-c", script.data, "sh", path, NULL};

        rc = posix_spawn(&pid, "/bin/sh", NULL, NULL, (char *const *)(size_t)argv, environ);
    }
    buffer_close(&script);
    if (rc != 0) {
        return ctl_fail(error, LBSTATE_INVALID, "Can't start the editor: %s", strerror(rc));
    }
    if (wait_for(pid, &status) != 0 || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return ctl_fail(
            error, LBSTATE_INVALID,
            "The editor (%s) failed, nothing was changed. $VISUAL or $EDITOR says which "
            "one is taken",
            editor);
    }
    return LBSTATE_OK;
}

static int read_file(const char *path, char **ret_text, size_t *ret_size,
                     struct lbstate_error *error)
{
    FILE *file = fopen(path, "re");
    struct ctl ctl = {.in = file};
    int rv;

    if (file == NULL) {
        return ctl_fail(error, LBSTATE_INVALID, "Can't read %s: %s", path, strerror(errno));
    }
    rv = ctl_read_input(&ctl, YAML_SIZE_MAX, ret_text, ret_size, error);
    fclose(file);
    return rv;
}

int editor_run(const char *path, char **ret_text, size_t *ret_size, struct lbstate_error *error)
{
    const char *editor = variable("VISUAL");
    int rv;

    if (editor == NULL) {
        editor = variable("EDITOR");
    }
    rv = run(editor != NULL ? editor : "editor", path, error);
    return rv == LBSTATE_OK ? read_file(path, ret_text, ret_size, error) : rv;
}
