/* torture-check HISTORY...: judges histories that runs of torture left behind. */
#include "test/torture/check.h"

#include <stdlib.h>
#include <string.h>

int main(int argc, char **argv)
{
    struct check_report *report = calloc(1, sizeof *report);
    int status = EXIT_SUCCESS;

    if (argc < 2 || strcmp(argv[1], "--help") == 0 || report == NULL) {
        fprintf(stderr, "usage: torture-check HISTORY.jsonl...\n");
        free(report);
        return 2;
    }
    for (int i = 1; i < argc; i++) {
        struct history history;

        history_init(&history);
        if (history_read(&history, argv[i]) != 0) {
            status = EXIT_FAILURE;
        } else if (check_history(&history, report)) {
            printf("%s: %zu operations: all rules hold\n", argv[i], history.n_operations);
        } else {
            printf("%s: %zu operations: wrong\n", argv[i], history.n_operations);
            check_print(stdout, report);
            status = EXIT_FAILURE;
        }
        history_close(&history);
    }
    free(report);
    return status;
}
