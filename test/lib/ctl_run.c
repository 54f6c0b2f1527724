#include "test/lib/ctl_run.h"

#include "ctl/ctl.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct ctl_printed ctl_printed;
const char *ctl_run_config_home;

void ctl_run_end(void)
{
    free(ctl_printed.out);
    free(ctl_printed.err);
    ctl_printed = (struct ctl_printed){NULL, NULL};
}

int ctl_run(const char *input, const char *const *argv)
{
    size_t out_size;
    size_t err_size;
    char *args[2000];
    int argc = 0;
    FILE *in;
    FILE *out;
    FILE *err;
    int rv;

    ctl_run_end();
    unsetenv("LBSTATE_PROJECT");
    setenv("XDG_CONFIG_HOME", ctl_run_config_home != NULL ? ctl_run_config_home : "/nonexistent",
           1);
    while (argv[argc] != NULL) {
        args[argc] = (char *)(size_t)argv[argc];
        argc++;
    }
    args[argc] = NULL;
    in = input != NULL && input[0] != '\0' ? fmemopen((void *)(size_t)input, strlen(input), "r")
                                           : fopen("/dev/null", "r");
    out = open_memstream(&ctl_printed.out, &out_size);
    err = open_memstream(&ctl_printed.err, &err_size);
    if (in == NULL || out == NULL || err == NULL) {
        abort();
    }
    rv = (int)ctl_main(argc, args, in, out, err);
    fclose(in);
    fclose(out);
    fclose(err);
    return rv;
}
