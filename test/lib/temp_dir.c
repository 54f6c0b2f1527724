#include "test/lib/temp_dir.h"

#include "test/lib/cmocka_all.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>

char *temp_dir_new(void)
{
    const char *parent = getenv("TMPDIR");
    char *path = NULL;

    if (asprintf(&path, "%s/lbstate-XXXXXX", parent == NULL ? "/tmp" : parent) < 0 ||
        mkdtemp(path) == NULL) {
        fail_msg("no temporary directory: %s", path == NULL ? "out of memory" : path);
    }
    return path;
}

static int remove_entry(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st;
    (void)type;
    (void)ftw;
    return remove(path);
}

void temp_dir_remove(char *path)
{
    if (path == NULL) {
        return;
    }
    nftw(path, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
    free(path);
}
