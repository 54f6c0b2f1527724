/* ctl_run.h - lbctl in the process of the test. */
#ifndef LBSTATE_TEST_LIB_CTL_RUN_H
#define LBSTATE_TEST_LIB_CTL_RUN_H

/* What the last ctl_run() printed; valid until the next one. */
struct ctl_printed {
    char *out;
    char *err;
};

extern struct ctl_printed ctl_printed;

/* Where lbctl finds settings of the user; NULL: there are none. */
extern const char *ctl_run_config_home;

/* Runs lbctl with the NULL-terminated ARGV (whose first is its name) and INPUT
 * (may be NULL) on standard input; returns its exit code. */
int ctl_run(const char *input, const char *const *argv);

/* lbctl(SOCKET, "network", "list"): the same with --socket, without input. */
#define lbctl(SOCKET, ...) lbctl_with(NULL, (SOCKET), __VA_ARGS__)
#define lbctl_with(INPUT, SOCKET, ...)                                                             \
    ctl_run((INPUT), (const char *const[]){"lbctl", "--socket", (SOCKET), __VA_ARGS__, NULL})

/* Frees what was printed last. */
void ctl_run_end(void);

#endif
