#include "ctl/verbs.h"

#include "ctl/args.h"

#include <stdbool.h>
#include <string.h>

#define TEXT_OF(NUMBER)  TEXT_OF_(NUMBER)
#define TEXT_OF_(NUMBER) #NUMBER

const struct option_info option_table[OPTION_MAX] = {
    [OPTION_HELP] = {"help", 'h', NULL, "Say what this command does"},
    [OPTION_SOCKET] = {"socket", '\0', "PATH",
                       "Where lbstated listens (default: $LBSTATE_SOCKET,\n"
                       "else " LBSTATE_SOCKET_DEFAULT ")"},
    [OPTION_PROJECT] = {"project", '\0', "PROJECT",
                        "The project to work in (default: $LBSTATE_PROJECT, else that of\n"
                        "`lbctl project switch`, else default)"},
    [OPTION_TIMEOUT] = {"timeout", '\0', "SECONDS",
                        "How long to wait for each answer, 1 to " TEXT_OF(
                            ARGS_TIMEOUT_S_MAX) "\n"
                                                "(default: 60)"},
    [OPTION_FORMAT] = {"format", 'f', "FORMAT",
                       "table, compact, csv, markdown, json or yaml; behind it\n"
                       "\",header\" or \",noheader\""},
    [OPTION_DESCRIPTION] = {"description", '\0', "TEXT", "What it is for"},
    [OPTION_TYPE] = {"type", 't', "TYPE", "ovn, physical or bridge (default: the daemon's)"},
    [OPTION_PROPERTY] = {"property", 'p', NULL, "A property (as description), not a config key"},
    [OPTION_FORCE] = {"force", 'f', NULL, "Remove all ports that match, or a member that is gone"},
    [OPTION_UPDATE] = {"update", '\0', NULL, "Replace records that exist and differ"},
    [OPTION_CONNECTIONS] = {"connections", '\0', "NUMBER",
                            "Requests in flight at once, 1 to 256 (default: 24)"},
    [OPTION_ALL_PROJECTS] = {"all-projects", '\0', NULL, "Those of all projects"},
    [OPTION_INCUS_DUMP] = {"incus-dump", '\0', NULL, "The files are dumps of Incus' database"},
    [OPTION_QUIET] = {"quiet", 'q', NULL, "Don't say what was done, nor how far it is"},
    [OPTION_COLUMNS] = {"columns", 'c', "LETTERS", "The columns of the table, in this order"},
    [OPTION_CONFIG] = {"config", 'c', "KEY=VALUE", "A config key; may be given several times"},
    [OPTION_REQUEST] = {"request", 'X', "METHOD", "GET (the default), POST, PUT, PATCH or DELETE"},
    [OPTION_DATA] = {"data", 'd', "JSON", "The body"},
    [OPTION_TARGET] = {"target", '\0', "MEMBER", "The member of the cluster that is meant"},
    [OPTION_RAW] = {"raw", '\0', NULL, "Print the whole answer, that of a refusal too"},
    [OPTION_WAIT] = {"wait", '\0', NULL, "Nothing more: what is asked is done when it is answered"},
    [OPTION_VERSION] = {"version", '\0', NULL, "Print the version of lbctl"},
    [OPTION_DATA_FILE] = {"data-file", '\0', "FILE", "Where the body is (-: standard input)"},
};

static const struct verb root_verbs[] = {
    {.name = "cluster",
     .summary = "Manage the members of the cluster",
     .verbs = verbs_cluster,
     .no_project = true},
    {.name = "import",
     .summary = "Create the records that files hold",
     .run = import_files,
     .words = "FILE...|-",
     .n_words_min = 1,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_UPDATE | 1U << OPTION_CONNECTIONS | 1U << OPTION_INCUS_DUMP,
     .notes =
         "A FILE (-: standard input) is JSON as Incus' API gives it: an array of projects,\n"
         "an array of networks (unmanaged ones are skipped), an object whose keys are\n"
         "PROJECT/NETWORK and whose values are arrays of load balancers, or one object\n"
         "with any of these as \"projects\", \"networks\" and \"load_balancers\", and forwards\n"
         "in the form of load balancers as \"forwards\".\n"
         "\n"
         "With --incus-dump a FILE is what `incus admin sql global .dump` gives, or `lbctl\n"
         "sql .dump`, which is always exact. In one of Incus a text\n"
         "with several line ends may not be exact in it: each such record is named, and\n"
         "taken over as the dump reads. The JSON of the API has no such doubt.\n"
         "\n"
         "Nothing is sent unless all files are well-formed. Each record is created by\n"
         "itself: projects first, then uplinks, networks, load balancers, forwards. A record that\n"
         "fails doesn't stop the others. A record that exists is left as it is: that is\n"
         "a failure if it differs, unless --update is given. An import can be repeated."},
    {.name = "load-balancer",
     .alias = "lb",
     .summary = "Manage load balancers",
     .verbs = verbs_load_balancer},
    {.name = "network", .alias = "net", .summary = "Manage networks", .verbs = verbs_network},
    {.name = "project", .summary = "Manage projects", .verbs = verbs_project, .no_project = true},
    {.name = "query",
     .summary = "Send a request to the daemon and print the answer as JSON",
     .run = query_send,
     .no_project = true,
     .words = "PATH",
     .n_words_min = 1,
     .n_words_max = 1,
     .options = 1U << OPTION_REQUEST | 1U << OPTION_DATA | 1U << OPTION_DATA_FILE |
                1U << OPTION_RAW | 1U << OPTION_WAIT,
     .notes = "PATH is such as /1.0/networks?recursion=1&project=web. With --raw a refusal is an\n"
              "answer like any other: the exit code is 0."},
    {.name = "sql",
     .summary = "Run SQL in the daemon's database",
     .run = sql_run,
     .no_project = true,
     .words = "QUERY|-|.dump|.schema|.tables",
     .n_words_min = 1,
     .n_words_max = 1,
     .notes = ".dump prints the whole database as SQL, .schema what makes it empty, .tables the\n"
              "names of its tables.\n"
              "\n"
              "QUERY (-: standard input) is one statement or more: all are run, or none. What is\n"
              "written goes past all checks of records; the daemon logs who did it. Take it for\n"
              "looking, and for repairs with expert advice."},
    {.name = "version",
     .summary = "Show the versions of lbctl and of the daemon",
     .run = version_show,
     .no_project = true,
     .words = ""},
    {.name = NULL},
};

const struct verb verb_root = {
    .name = "lbctl",
    .summary = "Manages the load balancers of lbstated",
    .verbs = root_verbs,
    .options = 1U << OPTION_VERSION,
    .notes = "Exit codes:\n"
             "  0  it was done\n"
             "  1  the daemon refused, or a file or a record of an import is wrong\n"
             "  2  wrong usage; nothing was sent\n"
             "  3  the daemon can't be reached; nothing, or no more of several things, was\n"
             "     done\n"
             "  4  no answer in time, or whether it was done is unknown: look before you repeat it",
};

static bool is_alias(const char *aliases, const char *name)
{
    size_t size = strlen(name);

    for (const char *p = aliases; p != NULL; p = strchr(p, ',')) {
        p += *p == ',';
        if (strncmp(p, name, size) == 0 && (p[size] == ',' || p[size] == '\0')) {
            return true;
        }
    }
    return false;
}

const struct verb *verb_find(const struct verb *parent, const char *name)
{
    for (const struct verb *verb = parent->verbs; verb->name != NULL; verb++) {
        if (strcmp(verb->name, name) == 0 || is_alias(verb->alias, name)) {
            return verb;
        }
    }
    return NULL;
}

void verb_path(const struct verb *const *verbs, size_t n_verbs, char *out, size_t out_size)
{
    size_t size = 0;

    out[0] = '\0';
    for (size_t i = 0; i < n_verbs && size < out_size; i++) {
        int n = snprintf(out + size, out_size - size, "%s%s", i == 0 ? "" : " ", verbs[i]->name);

        size += n > 0 ? (size_t)n : 0;
    }
}
