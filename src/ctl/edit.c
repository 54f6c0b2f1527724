#include "ctl/edit.h"

#include "ctl/editor.h"
#include "ctl/text.h"
#include "ctl/yaml.h"
#include "ctl/yaml_read.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Whether there are only blank lines and comments in it. */
static bool is_blank(const char *text)
{
    while (*text != '\0') {
        text += strspn(text, " \t\r\n");
        if (*text == '#') {
            text += strcspn(text, "\n");
        } else if (*text != '\0') {
            return false;
        }
    }
    return true;
}

/* Sends the record that TEXT describes. One that says nothing is more likely an input that was
 * forgotten than the wish to empty the record, which is what Incus would do. */
static int put(struct ctl *ctl, const char *path, const struct field *fields, const char *text,
               size_t size, const char *etag, struct lbstate_error *error)
{
    json_t *record;
    int rv;

    if (is_blank(text)) {
        return ctl_fail(error, LBSTATE_INVALID,
                        "The new record is empty, and nothing was changed. Write {} if it is to "
                        "have no description, config or anything else");
    }
    rv = fields_read(text, size, fields, &record, error);
    if (rv == LBSTATE_OK) {
        rv = record_send(ctl, "PUT", path, record, etag, error);
        json_decref(record);
    }
    return rv;
}

static int edit_input(struct ctl *ctl, const char *path, const struct field *fields,
                      struct lbstate_error *error)
{
    char *text;
    size_t size;
    int rv = ctl_read_input(ctl, YAML_SIZE_MAX, &text, &size, error);

    if (rv == LBSTATE_OK) {
        rv = put(ctl, path, fields, text, size, NULL, error);
        free(text);
    }
    return rv;
}

/* True for what another round in the editor may cure. */
static bool is_curable(const struct lbstate_error *error)
{
    return error->code == LBSTATE_INVALID || error->code == LBSTATE_TOO_LARGE ||
           (error->code == LBSTATE_REFUSED && error->http_status == 400) ||
           (error->code == LBSTATE_REFUSED && error->http_status == 409);
}

/* Tells what is wrong. Returns false if the user doesn't want to go on. */
static bool ask(struct ctl *ctl, const struct lbstate_error *error)
{
    struct buffer line = {0};
    int c;

    text_escape(&line, error->message, strlen(error->message));
    fprintf(ctl->err,
            "Config parsing error: %s\n"
            "Press enter to open the editor again or ctrl+c to abort change\n",
            buffer_string(&line) != NULL ? line.data : "Out of memory");
    buffer_close(&line);
    fflush(ctl->err);
    do {
        c = getc(ctl->in);
    } while (c != '\n' && c != EOF);
    return c == '\n';
}

/* Rounds of the editor on the file FILE, until the record is put, or left. */
static int edit_file(struct ctl *ctl, const char *path, const struct field *fields,
                     const char *file, const char *shown, const char *etag,
                     struct lbstate_error *error)
{
    for (;;) {
        char *text;
        size_t size;
        int rv = editor_run(file, &text, &size, error);

        if (rv != LBSTATE_OK) {
            return rv;
        }
        if (strcmp(text, shown) == 0) {
            free(text);
            fputs("Nothing was changed\n", ctl->err);
            return LBSTATE_OK;
        }
        rv = put(ctl, path, fields, text, size, etag, error);
        free(text);
        if (rv == LBSTATE_OK || !is_curable(error) || !ask(ctl, error)) {
            return rv;
        }
    }
}

/* Text that a user wrote isn't thrown away with the change that failed. */
static int end_file(const char *file, int rv, struct lbstate_error *error)
{
    struct lbstate_error why = *error;

    if (rv == LBSTATE_OK) {
        unlink(file);
        return rv;
    }
    if (why.code == LBSTATE_REFUSED && why.http_status == 412) {
        snprintf(why.message, sizeof why.message,
                 "Somebody else changed the record meanwhile: edit it once more");
        error->http_status = 0; /* All that can be done about it is said. */
    }
    snprintf(error->message, sizeof error->message, "%.800s. What you wrote is in %.200s",
             why.message, file);
    return rv;
}

static int edit_on_terminal(struct ctl *ctl, const char *path, const struct field *fields,
                            const char *notes, struct lbstate_error *error)
{
    char file[EDITOR_PATH_SIZE];
    struct buffer text = {0};
    json_t *record;
    char *etag;
    int rv = record_get(ctl, path, &record, &etag, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    buffer_append_string(&text, notes);
    buffer_append_char(&text, '\n');
    yaml_write(&text, record);
    rv = buffer_string(&text) != NULL ? editor_file(text.data, text.size, file, error)
                                      : ctl_no_memory(error);
    if (rv == LBSTATE_OK) {
        rv = edit_file(ctl, path, fields, file, text.data, etag, error);
        rv = end_file(file, rv, error);
    }
    buffer_close(&text);
    json_decref(record);
    free(etag);
    return rv;
}

int edit_record(struct ctl *ctl, record_path make_path, const struct field *fields,
                const char *notes, struct lbstate_error *error)
{
    char *path;
    int rv = make_path(ctl, &path, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    rv = ctl_is_terminal(ctl->in) ? edit_on_terminal(ctl, path, fields, notes, error)
                                  : edit_input(ctl, path, fields, error);
    free(path);
    return rv;
}
