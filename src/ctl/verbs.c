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
    [OPTION_PROJECT] = {"project", '\0', "PROJECT", "The project to work in (default: default)"},
    [OPTION_TIMEOUT] = {"timeout", '\0', "SECONDS",
                        "How long to wait for each answer, 1 to " TEXT_OF(
                            ARGS_TIMEOUT_S_MAX) "\n"
                                                "(default: 60)"},
    [OPTION_FORMAT] = {"format", 'f', "FORMAT",
                       "table, compact, csv, markdown, json or yaml; behind it\n"
                       "\",header\" or \",noheader\""},
    [OPTION_DESCRIPTION] = {"description", '\0', "TEXT", "What it is for"},
    [OPTION_TYPE] = {"type", 't', "TYPE", "ovn, physical or bridge (default: the daemon's)"},
    [OPTION_PROPERTY] = {"property", 'p', NULL, "A property (description), not a config key"},
    [OPTION_FORCE] = {"force", 'f', NULL, "Remove all ports that match"},
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
    [OPTION_DATA_FILE] = {"data-file", '\0', "FILE", "Where the body is (-: standard input)"},
};

static const char notes_of_edit[] =
    "On a terminal the record is shown in $VISUAL, $EDITOR or editor(1), and put back when\n"
    "that ends, unless somebody else changed it meanwhile. Otherwise YAML is read from\n"
    "standard input and replaces the record: what is left out becomes empty.";

#define NOTES_OF_SET                                                                               \
    "`key=` removes the key. A single key may also be given as two words: key value."

#define NOTES_OF_LIST                                                                              \
    "FILTER is the beginning of a name, or key=value with a member of the record or a key of\n"    \
    "its config, whose value is a regular expression. All of them must fit."

#define NOTES_OF_DELETE "They go one after the other; the first that can't be deleted ends it."

#define NOTES_OF_CREATE                                                                            \
    "Unless standard input is a terminal, YAML is read from it first, as `show` prints it;\n"      \
    "what the command line says is added, or replaces it."

static const struct verb forward_port_verbs[] = {
    {.name = "add",
     .summary = "Add a port to a forward",
     .run = forward_port_add,
     .words = "NETWORK LISTEN_ADDRESS PROTOCOL LISTEN_PORT TARGET_ADDRESS [TARGET_PORT]",
     .n_words_min = 5,
     .n_words_max = 6,
     .options = 1U << OPTION_DESCRIPTION,
     .notes = "PROTOCOL is tcp or udp. Both ports are lists of ports and ranges, such as\n"
              "80,443,8000-8010. Without TARGET_PORT the listen ports are used."},
    {.name = "remove",
     .alias = "rm",
     .summary = "Remove ports from a forward",
     .run = forward_port_remove,
     .words = "NETWORK LISTEN_ADDRESS [PROTOCOL [LISTEN_PORT]]",
     .n_words_min = 2,
     .n_words_max = 4,
     .options = 1U << OPTION_FORCE},
    {.name = NULL},
};

static const struct verb forward_verbs[] = {
    {.name = "create",
     .alias = "add",
     .summary = "Create a forward",
     .run = forward_create,
     .words = "NETWORK LISTEN_ADDRESS [key=value...]",
     .n_words_min = 2,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_DESCRIPTION,
     .notes = "target_address=ADDRESS is where all goes that no port of it says otherwise "
              "of.\n" NOTES_OF_CREATE},
    {.name = "delete",
     .alias = "rm,remove",
     .summary = "Delete a forward",
     .run = forward_delete,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "edit",
     .summary = "Change a forward as YAML",
     .run = forward_edit,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2,
     .notes = notes_of_edit},
    {.name = "get",
     .summary = "Print the value of a config key of a forward",
     .run = forward_get,
     .words = "NETWORK LISTEN_ADDRESS KEY",
     .n_words_min = 3,
     .n_words_max = 3,
     .options = 1U << OPTION_PROPERTY},
    {.name = "list",
     .alias = "ls",
     .summary = "List the forwards of a network",
     .run = forward_list,
     .words = "NETWORK",
     .n_words_min = 1,
     .n_words_max = 1,
     .options = 1U << OPTION_COLUMNS,
     .notes = "Columns: l listen address, d description, t default target address, p number of\n"
              "ports, L location. The default is ldtp."},
    {.name = "port", .summary = "Manage the ports of a forward", .verbs = forward_port_verbs},
    {.name = "set",
     .summary = "Set or remove config keys of a forward",
     .run = forward_set,
     .words = "NETWORK LISTEN_ADDRESS key=value...",
     .n_words_min = 3,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY,
     .notes = NOTES_OF_SET},
    {.name = "show",
     .summary = "Show a forward",
     .run = forward_show,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "unset",
     .summary = "Remove config keys of a forward",
     .run = forward_unset,
     .words = "NETWORK LISTEN_ADDRESS KEY...",
     .n_words_min = 3,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY},
    {.name = NULL},
};

static const struct verb network_verbs[] = {
    {.name = "create",
     .alias = "add",
     .summary = "Create a network",
     .run = network_create,
     .words = "NAME [key=value...]",
     .n_words_min = 1,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_TYPE | 1U << OPTION_DESCRIPTION,
     .notes = NOTES_OF_CREATE},
    {.name = "delete",
     .alias = "rm,remove",
     .summary = "Delete networks",
     .run = network_delete,
     .words = "NAME...",
     .n_words_min = 1,
     .n_words_max = SIZE_MAX,
     .notes = NOTES_OF_DELETE},
    {.name = "edit",
     .summary = "Change a network as YAML",
     .run = network_edit,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1,
     .notes = notes_of_edit},
    {.name = "get",
     .summary = "Print the value of a config key of a network",
     .run = network_get,
     .words = "NAME KEY",
     .n_words_min = 2,
     .n_words_max = 2,
     .options = 1U << OPTION_PROPERTY},
    {.name = "forward", .alias = "fwd", .summary = "Manage forwards", .verbs = forward_verbs},
    {.name = "info",
     .summary = "Show the addresses of a network",
     .run = network_info,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1},
    {.name = "list",
     .alias = "ls",
     .summary = "List networks",
     .run = network_list,
     .words = "[FILTER...]",
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_ALL_PROJECTS | 1U << OPTION_COLUMNS,
     .notes =
         "Columns: n name, t type, m managed, 4 IPv4 address, 6 IPv6 address,\n"
         "d description, u used by, s state, e project. The default is ntm46dus.\n" NOTES_OF_LIST},
    {.name = "list-leases",
     .summary = "List the DHCP leases of a network",
     .run = network_list_leases,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1,
     .options = 1U << OPTION_COLUMNS,
     .notes = "Columns: h host name, m MAC address, i IP address, t type, L location.\n"
              "The default is hmit."},
    {.name = "rename",
     .alias = "mv",
     .summary = "Give a network another name",
     .run = network_rename,
     .words = "NAME NEW_NAME",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "set",
     .summary = "Set or remove config keys of a network",
     .run = network_set,
     .words = "NAME key=value...",
     .n_words_min = 2,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY,
     .notes = NOTES_OF_SET},
    {.name = "show",
     .summary = "Show a network",
     .run = network_show,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1},
    {.name = "unset",
     .summary = "Remove config keys of a network",
     .run = network_unset,
     .words = "NAME KEY...",
     .n_words_min = 2,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY},
    {.name = NULL},
};

static const struct verb backend_verbs[] = {
    {.name = "add",
     .alias = "create",
     .summary = "Add a backend to a load balancer",
     .run = backend_add,
     .words = "NETWORK LISTEN_ADDRESS NAME TARGET_ADDRESS [TARGET_PORT...]",
     .n_words_min = 4,
     .n_words_max = 5,
     .options = 1U << OPTION_DESCRIPTION,
     .notes = "TARGET_PORT is a list of ports and ranges, such as 80,443,8000-8010.\n"
              "Without it the listen ports are used."},
    {.name = "remove",
     .alias = "rm,delete",
     .summary = "Remove a backend from a load balancer",
     .run = backend_remove,
     .words = "NETWORK LISTEN_ADDRESS NAME",
     .n_words_min = 3,
     .n_words_max = 3},
    {.name = NULL},
};

static const struct verb port_verbs[] = {
    {.name = "add",
     .alias = "create",
     .summary = "Add a port to a load balancer",
     .run = port_add,
     .words = "NETWORK LISTEN_ADDRESS PROTOCOL LISTEN_PORT BACKEND[,BACKEND...]",
     .n_words_min = 5,
     .n_words_max = 5,
     .options = 1U << OPTION_DESCRIPTION,
     .notes = "PROTOCOL is tcp or udp. LISTEN_PORT is a list of ports and ranges."},
    {.name = "remove",
     .alias = "rm,delete",
     .summary = "Remove ports from a load balancer",
     .run = port_remove,
     .words = "NETWORK LISTEN_ADDRESS [PROTOCOL [LISTEN_PORT]]",
     .n_words_min = 2,
     .n_words_max = 4,
     .options = 1U << OPTION_FORCE},
    {.name = NULL},
};

static const struct verb load_balancer_verbs[] = {
    {.name = "backend",
     .summary = "Manage the backends of a load balancer",
     .verbs = backend_verbs},
    {.name = "create",
     .alias = "add",
     .summary = "Create a load balancer",
     .run = load_balancer_create,
     .words = "NETWORK LISTEN_ADDRESS [key=value...]",
     .n_words_min = 2,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_DESCRIPTION,
     .notes = NOTES_OF_CREATE},
    {.name = "delete",
     .alias = "rm,remove",
     .summary = "Delete a load balancer",
     .run = load_balancer_delete,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "edit",
     .summary = "Change a load balancer as YAML",
     .run = load_balancer_edit,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2,
     .notes = notes_of_edit},
    {.name = "get",
     .summary = "Print the value of a config key of a load balancer",
     .run = load_balancer_get,
     .words = "NETWORK LISTEN_ADDRESS KEY",
     .n_words_min = 3,
     .n_words_max = 3,
     .options = 1U << OPTION_PROPERTY},
    {.name = "info",
     .summary = "Show the health of the backends of a load balancer",
     .run = load_balancer_info,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "list",
     .alias = "ls",
     .summary = "List the load balancers of a network",
     .run = load_balancer_list,
     .words = "NETWORK",
     .n_words_min = 1,
     .n_words_max = 1,
     .options = 1U << OPTION_COLUMNS,
     .notes = "Columns: l listen address, d description, p number of ports, L location.\n"
              "The default is ldp."},
    {.name = "port", .summary = "Manage the ports of a load balancer", .verbs = port_verbs},
    {.name = "set",
     .summary = "Set or remove config keys of a load balancer",
     .run = load_balancer_set,
     .words = "NETWORK LISTEN_ADDRESS key=value...",
     .n_words_min = 3,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY,
     .notes = NOTES_OF_SET},
    {.name = "show",
     .summary = "Show a load balancer",
     .run = load_balancer_show,
     .words = "NETWORK LISTEN_ADDRESS",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "unset",
     .summary = "Remove config keys of a load balancer",
     .run = load_balancer_unset,
     .words = "NETWORK LISTEN_ADDRESS KEY...",
     .n_words_min = 3,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY},
    {.name = NULL},
};

static const struct verb project_verbs[] = {
    {.name = "create",
     .alias = "add",
     .summary = "Create a project",
     .run = project_create,
     .words = "NAME [key=value...]",
     .n_words_min = 1,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_DESCRIPTION | 1U << OPTION_CONFIG,
     .notes = NOTES_OF_CREATE},
    {.name = "delete",
     .alias = "rm,remove",
     .summary = "Delete projects",
     .run = project_delete,
     .words = "NAME...",
     .n_words_min = 1,
     .n_words_max = SIZE_MAX,
     .notes = NOTES_OF_DELETE},
    {.name = "edit",
     .summary = "Change a project as YAML",
     .run = project_edit,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1,
     .notes = notes_of_edit},
    {.name = "get",
     .summary = "Print the value of a config key of a project",
     .run = project_get,
     .words = "NAME KEY",
     .n_words_min = 2,
     .n_words_max = 2,
     .options = 1U << OPTION_PROPERTY},
    {.name = "info",
     .summary = "Show the limits of a project and what it uses",
     .run = project_info,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1},
    {.name = "list",
     .alias = "ls",
     .summary = "List projects",
     .run = project_list,
     .words = "[FILTER...]",
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_COLUMNS,
     .notes = "Columns: n name, w networks, d description, u used by (the default), and other\n"
              "features: i images, p profiles, v storage volumes, b storage buckets,\n"
              "z network zones.\n" NOTES_OF_LIST},
    {.name = "rename",
     .alias = "mv",
     .summary = "Give a project another name",
     .run = project_rename,
     .words = "NAME NEW_NAME",
     .n_words_min = 2,
     .n_words_max = 2},
    {.name = "set",
     .summary = "Set or remove config keys of a project",
     .run = project_set,
     .words = "NAME key=value...",
     .n_words_min = 2,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY,
     .notes = NOTES_OF_SET},
    {.name = "show",
     .summary = "Show a project",
     .run = project_show,
     .words = "NAME",
     .n_words_min = 1,
     .n_words_max = 1},
    {.name = "unset",
     .summary = "Remove config keys of a project",
     .run = project_unset,
     .words = "NAME KEY...",
     .n_words_min = 2,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_PROPERTY},
    {.name = NULL},
};

static const struct verb root_verbs[] = {
    {.name = "import",
     .summary = "Create the records that files hold",
     .run = import_files,
     .words = "FILE...|-",
     .n_words_min = 1,
     .n_words_max = SIZE_MAX,
     .options = 1U << OPTION_UPDATE | 1U << OPTION_CONNECTIONS | 1U << OPTION_INCUS_DUMP,
     .notes = "A FILE (-: standard input) is JSON as Incus' API gives it: an array of projects,\n"
              "an array of networks (unmanaged ones are skipped), an object whose keys are\n"
              "PROJECT/NETWORK and whose values are arrays of load balancers, or one object\n"
              "with any of these as \"projects\", \"networks\" and \"load_balancers\".\n"
              "\n"
              "With --incus-dump a FILE is what `incus admin sql global .dump` gives. A text\n"
              "with several line ends may not be exact in it: each such record is named, and\n"
              "taken over as the dump reads. The JSON of the API has no such doubt.\n"
              "\n"
              "Nothing is sent unless all files are well-formed. Each record is created by\n"
              "itself: projects first, then uplinks, networks, load balancers. A record that\n"
              "fails doesn't stop the others. A record that exists is left as it is: that is\n"
              "a failure if it differs, unless --update is given. An import can be repeated."},
    {.name = "load-balancer",
     .alias = "lb",
     .summary = "Manage load balancers",
     .verbs = load_balancer_verbs},
    {.name = "network", .alias = "net", .summary = "Manage networks", .verbs = network_verbs},
    {.name = "project", .summary = "Manage projects", .verbs = project_verbs},
    {.name = "query",
     .summary = "Send a request to the daemon and print the answer as JSON",
     .run = query_send,
     .words = "PATH",
     .n_words_min = 1,
     .n_words_max = 1,
     .options = 1U << OPTION_REQUEST | 1U << OPTION_DATA | 1U << OPTION_DATA_FILE,
     .notes = "PATH is such as /1.0/networks?recursion=1&project=web."},
    {.name = "sql",
     .summary = "Run SQL in the daemon's database",
     .run = sql_run,
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
     .words = ""},
    {.name = NULL},
};

const struct verb verb_root = {
    .name = "lbctl",
    .summary = "Manages the load balancers of lbstated",
    .verbs = root_verbs,
    .notes = "Exit codes:\n"
             "  0  it was done\n"
             "  1  the daemon refused, or a file or a record of an import is wrong\n"
             "  2  wrong usage; nothing was sent\n"
             "  3  the daemon can't be reached; nothing, or no more of an import, was done\n"
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
