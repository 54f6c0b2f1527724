#include "test/lib/daemon.h"

#include "test/lib/http_client.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define READY_TIMEOUT_MS   60000
#define EXIT_TIMEOUT_MS    60000
#define PROGRAM_TIMEOUT_MS 120000
#define POLL_INTERVAL_MS   10
#define LOG_TAIL_SIZE      8192

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(long ms)
{
    const struct timespec pause = {.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000};

    nanosleep(&pause, NULL);
}

static int failed(const char *what, const char *of)
{
    fprintf(stderr, "daemon: %s %s: %s\n", what, of, strerror(errno));
    return -1;
}

static const char *env_or(const char *name, const char *otherwise)
{
    const char *value = getenv(name);

    return value == NULL || value[0] == '\0' ? otherwise : value;
}

const char *daemon_lbstated(void)
{
    return env_or("LBSTATED", "./lbstated");
}

const char *daemon_lbctl(void)
{
    return env_or("LBCTL", "./lbctl");
}

/* Starts ARGV with OUTPUT as its standard output and error. The child asks for
 * its death with ours, which posix_spawn() has no means for; between fork() and
 * exec() it calls only what is safe there. Returns the pid, or -1. */
static pid_t spawn(const char *const argv[], int output)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_RDONLY);

        if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0 || getppid() != parent || null < 0 ||
            dup2(null, STDIN_FILENO) < 0 || dup2(output, STDOUT_FILENO) < 0 ||
            dup2(output, STDERR_FILENO) < 0) {
            _exit(126);
        }
        execvp(argv[0], (char *const *)argv);
        _exit(127);
    }
    return pid;
}

int daemon_init(struct daemon *daemon)
{
    const char *tmp = env_or("TMPDIR", "/tmp");

    memset(daemon, 0, sizeof *daemon);
    /* A long TMPDIR would make a path that no Unix socket can have. */
    if (strlen(tmp) > DAEMON_PATH_SIZE / 2) {
        tmp = "/tmp";
    }
    snprintf(daemon->directory, sizeof daemon->directory, "%s/lbstate-test-XXXXXX", tmp);
    if (mkdtemp(daemon->directory) == NULL) {
        daemon->directory[0] = '\0';
        return failed("make a directory in", tmp);
    }
    snprintf(daemon->state_dir, sizeof daemon->state_dir, "%.*s/state", DAEMON_PATH_SIZE - 8,
             daemon->directory);
    snprintf(daemon->socket, sizeof daemon->socket, "%.*s/socket", DAEMON_PATH_SIZE - 8,
             daemon->directory);
    snprintf(daemon->log, sizeof daemon->log, "%.*s/log", DAEMON_PATH_SIZE - 8, daemon->directory);
    return 0;
}

int daemon_spawn(struct daemon *daemon)
{
    const char *const argv[] = {daemon_lbstated(), "--state-dir",  daemon->state_dir,
                                "--socket",        daemon->socket, NULL};
    int output = open(daemon->log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);

    if (output < 0) {
        return failed("open", daemon->log);
    }
    daemon->pid = spawn(argv, output);
    close(output);
    if (daemon->pid < 0) {
        daemon->pid = 0;
        return failed("start", argv[0]);
    }
    return 0;
}

/* 1: it has ended and RET_STATUS is set; 0: it still runs at the deadline. */
static int wait_until(struct daemon *daemon, int64_t deadline_ms, int *ret_status)
{
    for (;;) {
        pid_t pid = waitpid(daemon->pid, ret_status, WNOHANG);

        if (pid == daemon->pid) {
            daemon->pid = 0;
            return 1;
        }
        if (pid < 0 && errno != EINTR) {
            return failed("wait for", "the daemon");
        }
        if (now_ms() >= deadline_ms) {
            return 0;
        }
        pause_ms(POLL_INTERVAL_MS);
    }
}

int daemon_wait_ready(struct daemon *daemon)
{
    int64_t deadline_ms = now_ms() + READY_TIMEOUT_MS;

    while (now_ms() < deadline_ms) {
        struct http_answer answer = {0};
        int wait_status;
        int status = 0;

        if (http_call(daemon->socket, "GET", "/internal/ready", NULL, &answer) == HTTP_ANSWERED) {
            status = answer.status;
            http_answer_close(&answer);
        }
        if (status == 200) {
            return 0;
        }
        if (wait_until(daemon, 0, &wait_status) != 0) {
            fprintf(stderr, "daemon: it ended before it was ready, wait status %#x\n", wait_status);
            return -1;
        }
        pause_ms(POLL_INTERVAL_MS);
    }
    fprintf(stderr, "daemon: it wasn't ready after %d ms\n", READY_TIMEOUT_MS);
    return -1;
}

int daemon_start(struct daemon *daemon)
{
    return daemon_spawn(daemon) == 0 ? daemon_wait_ready(daemon) : -1;
}

int daemon_kill(struct daemon *daemon)
{
    int status;

    if (kill(daemon->pid, SIGKILL) != 0) {
        return failed("kill", "the daemon");
    }
    while (waitpid(daemon->pid, &status, 0) < 0) {
        if (errno != EINTR) {
            return failed("wait for", "the daemon");
        }
    }
    daemon->pid = 0;
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
        fprintf(stderr, "daemon: it had ended before it was killed, wait status %#x\n", status);
        return -1;
    }
    return 0;
}

int daemon_wait(struct daemon *daemon, int *ret_status)
{
    int rc = wait_until(daemon, now_ms() + EXIT_TIMEOUT_MS, ret_status);

    if (rc == 0) {
        fprintf(stderr, "daemon: it still ran after %d ms\n", EXIT_TIMEOUT_MS);
    }
    return rc == 1 ? 0 : -1;
}

int daemon_stop(struct daemon *daemon, int *ret_status)
{
    if (kill(daemon->pid, SIGTERM) != 0) {
        return failed("stop", "the daemon");
    }
    return daemon_wait(daemon, ret_status);
}

char *daemon_log(const struct daemon *daemon)
{
    FILE *file = fopen(daemon->log, "re");
    char *text = NULL;
    size_t capacity = 0;

    if (file == NULL || getdelim(&text, &capacity, '\0', file) < 0) {
        free(text);
        text = strdup("");
    }
    if (file != NULL) {
        fclose(file);
    }
    return text;
}

static int remove_one(const char *path, const struct stat *info, int type, struct FTW *walk)
{
    (void)info;
    (void)type;
    (void)walk;
    return remove(path);
}

void daemon_close(struct daemon *daemon, bool show_log)
{
    int status;

    if (daemon->pid != 0) {
        if (waitpid(daemon->pid, &status, WNOHANG) == daemon->pid) {
            fprintf(stderr, "daemon: it has ended by itself, wait status %#x\n", status);
            show_log = true;
        } else {
            kill(daemon->pid, SIGKILL);
            waitpid(daemon->pid, NULL, 0);
        }
        daemon->pid = 0;
    }
    if (daemon->directory[0] == '\0') {
        return;
    }
    if (show_log) {
        char *text = daemon_log(daemon);
        size_t size = text == NULL ? 0 : strlen(text);

        if (size > 0) {
            fprintf(stderr, "daemon: the end of its log:\n%s\n",
                    size > LOG_TAIL_SIZE ? text + size - LOG_TAIL_SIZE : text);
        }
        free(text);
    }
    nftw(daemon->directory, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    daemon->directory[0] = '\0';
}

int daemon_run_program(const char *const argv[], char **ret_output)
{
    int64_t deadline_ms = now_ms() + PROGRAM_TIMEOUT_MS;
    char *output = NULL;
    size_t size = 0;
    int status = -1;
    int pipes[2];
    pid_t pid;

    if (pipe2(pipes, O_CLOEXEC) != 0) {
        return failed("run", argv[0]);
    }
    pid = spawn(argv, pipes[1]);
    close(pipes[1]);
    if (pid < 0) {
        close(pipes[0]);
        return failed("run", argv[0]);
    }
    for (;;) {
        struct pollfd poller = {.fd = pipes[0], .events = POLLIN};
        int64_t left = deadline_ms - now_ms();
        int rc = left <= 0 ? 0 : poll(&poller, 1, (int)left);
        char buffer[4096];
        ssize_t n;

        if (rc < 0 && errno == EINTR) {
            continue;
        }
        if (rc <= 0) {
            fprintf(stderr, "daemon: %s took too long\n", argv[0]);
            kill(pid, SIGKILL);
            break;
        }
        n = read(pipes[0], buffer, sizeof buffer);
        if (n <= 0) {
            break;
        }
        output = realloc(output, size + (size_t)n + 1);
        if (output == NULL) {
            abort();
        }
        memcpy(output + size, buffer, (size_t)n);
        size += (size_t)n;
        output[size] = '\0';
    }
    close(pipes[0]);
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    *ret_output = output == NULL ? strdup("") : output;
    return status;
}
