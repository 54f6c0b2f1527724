/* lbctl project switch and get-current. */
#include "ctl/project_current.h"

#include "base/buffer.h"
#include "base/utf8.h"
#include "ctl/record.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Longer than the name of any project. */
#define NAME_SIZE_MAX 1024

/* Appends the folder of the user's settings, as XDG has it. Returns false if the
 * environment tells none. */
static bool append_config_home(struct buffer *path)
{
    const char *config = getenv("XDG_CONFIG_HOME");
    const char *home = getenv("HOME");

    if (config != NULL && config[0] == '/') {
        buffer_append_string(path, config);
        return true;
    }
    if (home == NULL || home[0] != '/') {
        return false;
    }
    buffer_append_string(path, home);
    buffer_append_string(path, "/.config");
    return true;
}

/* Reads the name of a project, and the line feed behind it, from FILE. */
static int read_name(FILE *file, const char *path, char **ret_name, struct lbstate_error *error)
{
    char text[NAME_SIZE_MAX + 2];
    size_t size = fread(text, 1, sizeof text, file);

    if (size > 0 && text[size - 1] == '\n') {
        size--;
    }
    if (ferror(file) || size == 0 || size > NAME_SIZE_MAX || memchr(text, '\0', size) != NULL ||
        memchr(text, '\n', size) != NULL || !utf8_valid(text, size)) {
        return ctl_fail(error, LBSTATE_INVALID,
                        "%s doesn't hold the name of a project. Remove it, or give --project",
                        path);
    }
    *ret_name = strndup(text, size);
    return *ret_name != NULL ? LBSTATE_OK : ctl_no_memory(error);
}

static int read_file(const char *path, char **ret_name, struct lbstate_error *error)
{
    FILE *file = fopen(path, "re");
    int rv;

    if (file == NULL && (errno == ENOENT || errno == ENOTDIR)) {
        *ret_name = NULL;
        return LBSTATE_OK;
    }
    if (file == NULL) {
        return ctl_fail(error, errno == ENOMEM ? LBSTATE_NO_MEMORY : LBSTATE_INVALID,
                        "%s: %s. Give --project", path, strerror(errno));
    }
    rv = read_name(file, path, ret_name, error);
    fclose(file);
    return rv;
}

int project_current(char **ret_name, struct lbstate_error *error)
{
    const char *name = getenv("LBSTATE_PROJECT");
    struct buffer path = {0};
    int rv = LBSTATE_OK;

    *ret_name = NULL;
    if (name != NULL && name[0] != '\0') {
        *ret_name = strdup(name);
        return *ret_name != NULL ? LBSTATE_OK : ctl_no_memory(error);
    }
    if (append_config_home(&path)) {
        buffer_append_string(&path, "/lbctl/project");
        rv = buffer_string(&path) != NULL ? read_file(path.data, ret_name, error)
                                          : ctl_no_memory(error);
    }
    buffer_close(&path);
    return rv;
}

int project_get_current(struct ctl *ctl, struct lbstate_error *error)
{
    char *name;
    int rv = project_current(&name, error);

    if (rv == LBSTATE_OK) {
        rv = format_text(ctl, name != NULL ? name : "default", error);
        free(name);
    }
    return rv;
}

/* PATH is that of a file: makes the folders above it that are missing. */
static bool make_folders(char *path)
{
    bool ok = true;

    for (char *p = strchr(path + 1, '/'); ok && p != NULL; p = strchr(p + 1, '/')) {
        *p = '\0';
        ok = mkdir(path, 0700) == 0 || errno == EEXIST;
        *p = '/';
    }
    return ok;
}

static bool put_line(const char *path, const char *line)
{
    FILE *file = fopen(path, "we");
    bool ok;

    if (file == NULL) {
        return false;
    }
    ok = fprintf(file, "%s\n", line) > 0;
    return fclose(file) == 0 && ok;
}

/* Who reads the file meanwhile finds the name before or the new one. */
static int write_file(char *path, const char *name, struct lbstate_error *error)
{
    struct buffer new_path = {0};
    int rv = LBSTATE_OK;

    buffer_printf(&new_path, "%s.%ld", path, (long)getpid());
    if (buffer_string(&new_path) == NULL) {
        rv = ctl_no_memory(error);
    } else if (!make_folders(path) || !put_line(new_path.data, name) ||
               rename(new_path.data, path) != 0) {
        rv = ctl_fail(error, LBSTATE_REFUSED, "%s: %s", path, strerror(errno));
        unlink(new_path.data);
    }
    buffer_close(&new_path);
    return rv;
}

int project_switch(struct ctl *ctl, struct lbstate_error *error)
{
    const char *name = ctl->arguments->words[0];
    struct buffer file = {0};
    json_t *record;
    char *path;
    char *etag;
    int rv = lbstate_path(&path, error, "1.0", "projects", name, NULL);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = record_get(ctl, path, &record, &etag, error);
    free(path);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    json_decref(record);
    free(etag);
    if (!append_config_home(&file)) {
        buffer_close(&file);
        return ctl_fail(error, LBSTATE_INVALID,
                        "Neither $XDG_CONFIG_HOME nor $HOME tells where to keep it: set "
                        "$LBSTATE_PROJECT instead");
    }
    buffer_append_string(&file, "/lbctl/project");
    rv = buffer_string(&file) != NULL ? write_file(file.data, name, error) : ctl_no_memory(error);
    buffer_close(&file);
    return rv;
}
