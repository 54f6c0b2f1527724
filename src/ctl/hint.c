#include "ctl/hint.h"

#include "ctl/args.h"
#include "ctl/text.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

/* By the status of the answer, and by words of its message, which are Incus'; the
 * first that fits is taken. An at sign in the hint is the command line's first
 * name, a hash sign that of what failed, a percent sign its --project, a caret the verb
 * above the one that ran. */
static const struct {
    int http_status;
    const char *words; /* NULL: any message. */
    const char *hint;
} hints[] = {
    {404, "Project not found", "`lbctl project list` shows the projects"},
    {404, "load balancer not found", "`lbctl load-balancer list @%` shows those there are"},
    {404, "forward not found", "`lbctl network forward list @%` shows those there are"},
    {404, "Network not found", "`lbctl network list --all-projects` shows the networks"},
    {409, "overlaps",
     "An address is given once on an uplink. `lbctl load-balancer list` and `lbctl network "
     "forward list` show those of a network"},
    {409, "already exists", "The commands set and edit change what exists"},
    {412, NULL, "Somebody else changed it meanwhile: look at it with show, and repeat the change"},
    {400, "Invalid option",
     "`^ set --help` names the keys; those of your own start with \"user.\""},
    {400, "Invalid project configuration key",
     "`^ set --help` names the keys; those of your own start with \"user.\""},
    {400, "in its routes",
     "ipv4.routes and ipv6.routes of the uplink say which addresses it has: `lbctl network list` "
     "and `lbctl network show` show them"},
    {400, "currently in use", "`lbctl network show #%` tells by what, under used_by"},
    {400, "Only empty projects", "`lbctl project show #` tells what is in it, under used_by"},
    {400, "Invalid target backend name",
     "`lbctl load-balancer backend add @% ...` makes a backend; `lbctl load-balancer show` shows "
     "those there are"},
    {503, NULL,
     "Nothing was changed. Try again in some seconds: the members of the cluster may be choosing "
     "a leader. If it lasts, most of them are down or can't be reached: see `journalctl -u "
     "lbstated`"},
};

/* One of the hints, with its marks filled in. */
static void append_filled(struct buffer *out, const struct arguments *arguments, const char *name,
                          const char *hint)
{
    const char *project = arguments->values[OPTION_PROJECT];
    const char *first = arguments_word(arguments, 0);

    buffer_append_string(out, ". ");
    for (const char *p = hint; *p != '\0'; p++) {
        if (*p == '@' || *p == '#') {
            const char *text = *p == '#' && name != NULL ? name : first != NULL ? first : "NAME";

            text_escape(out, text, strlen(text));
        } else if (*p == '%') {
            if (project != NULL) {
                buffer_append_string(out, " --project ");
                text_escape(out, project, strlen(project));
            }
        } else if (*p == '^') {
            char path[128];

            verb_path(arguments->verbs, arguments->n_verbs - 1, path, sizeof path);
            buffer_append_string(out, path);
        } else {
            buffer_append_char(out, *p);
        }
    }
}

static const char *hint_of_refusal(const struct lbstate_error *error)
{
    for (size_t i = 0; i < sizeof hints / sizeof hints[0]; i++) {
        if (hints[i].http_status == error->http_status &&
            (hints[i].words == NULL || strstr(error->message, hints[i].words) != NULL)) {
            return hints[i].hint;
        }
    }
    return NULL;
}

static const char *hint_of_socket(const char *socket)
{
    if (access(socket, R_OK | W_OK) != 0 && errno == EACCES) {
        return "Your user may not use that socket: run lbctl as root or as a member of the "
               "socket's group";
    }
    return "Is it running? Start it with `systemctl start lbstated`, or name its socket with "
           "--socket";
}

void hint_append(struct buffer *out, const struct ctl *ctl, const char *name,
                 const struct lbstate_error *error)
{
    const char *hint = NULL;

    if (ctl->client == NULL) {
        return;
    }
    switch (error->code) {
    case LBSTATE_UNREACHABLE:
        hint = hint_of_socket(lbstate_socket(ctl->client));
        break;
    case LBSTATE_TIMEOUT:
        hint = "Try again, or wait longer with --timeout";
        break;
    case LBSTATE_UNKNOWN_OUTCOME:
        hint = "Look at the record before you repeat the command";
        break;
    case LBSTATE_REFUSED:
        hint = hint_of_refusal(error);
        break;
    default:
        break;
    }
    if (hint != NULL) {
        append_filled(out, ctl->arguments, name, hint);
    }
}
