#include "daemon/settings.h"

#include "api/api.h"
#include "cluster/names.h"
#include "node/node.h"

#include <errno.h>
#include <getopt.h>
#include <ini.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char daemon_help[] =
    "Usage: lbstated [OPTION]...\n"
    "Keeps the load balancers of this node and serves them on a Unix socket.\n"
    "\n"
    "      --state-dir=DIR        where the Raft log and snapshots lie\n"
    "                             (default: " DAEMON_STATE_DIR_DEFAULT ")\n"
    "      --socket=PATH          where clients connect\n"
    "                             (default: " DAEMON_SOCKET_DEFAULT ")\n"
    "      --group=GROUP          the group that may connect\n"
    "      --log-level=LEVEL      error, warning, info (default) or debug\n"
    "      --log-target=TARGET    stderr (default) or journal\n"
    "      --request-timeout=MS   how long a request may take (default: 30000)\n"
    "      --cluster-address=HOST[:PORT]\n"
    "                             of the cluster endpoint of a node that joins\n"
    "                             (default: the address from which the cluster is\n"
    "                             reached, and port 8443)\n"
    "      --join=TOKEN           joins the cluster that made TOKEN (lbctl cluster\n"
    "                             add) with an empty state directory; @FILE reads it\n"
    "                             from FILE. Does nothing once the node has joined\n"
    "      --latency=MS           latency that the engine expects of its network\n"
    "                             (default: as measured); elections take 15 to 30\n"
    "                             times that\n"
    "      --config=FILE          reads the same names without dashes from FILE:\n"
    "                             state-dir = DIR, and so on; options win\n"
    "      --help                 shows this text\n"
    "      --version              shows the version\n"
    "\n"
    "It runs in the foreground. GET /internal/ready answers 200 once it serves.\n"
    "SIGTERM and SIGINT stop it when running requests are done.\n";

static int set_text(char *to, size_t size, const char *name, const char *value, struct error *error)
{
    if (value[0] == '\0') {
        return error_set(error, ERROR_INVALID, "%s is empty", name);
    }
    if (strlen(value) >= size) {
        return error_set(error, ERROR_INVALID, "%s has more than %zu bytes", name, size - 1);
    }
    memcpy(to, value, strlen(value) + 1);
    return ERROR_NONE;
}

static int set_number(unsigned *to, const char *name, const char *value, unsigned low,
                      unsigned high, struct error *error)
{
    unsigned long number;
    char *end;

    errno = 0;
    number = strtoul(value, &end, 10);
    if (value[0] < '0' || value[0] > '9' || *end != '\0' || errno != 0 || number < low ||
        number > high) {
        return error_set(error, ERROR_INVALID, "%s is \"%s\": it takes a number from %u to %u",
                         name, value, low, high);
    }
    *to = (unsigned)number;
    return ERROR_NONE;
}

static int set_log_target(enum log_target *to, const char *value, struct error *error)
{
    if (strcmp(value, "stderr") == 0) {
        *to = LOG_TARGET_STDERR;
    } else if (strcmp(value, "journal") == 0) {
        *to = LOG_TARGET_JOURNAL;
    } else {
        return error_set(error, ERROR_INVALID, "log-target is \"%s\": it takes stderr or journal",
                         value);
    }
    return ERROR_NONE;
}

/* The token itself, or where it stands: an argument can be seen by everybody on the machine. */
static int set_join(struct daemon_settings *settings, const char *value, struct error *error)
{
    char text[JOIN_TOKEN_SIZE_MAX + 2];
    FILE *file;
    size_t size;

    if (value[0] != '@') {
        settings->join = true;
        return join_token_decode(value, &settings->join_token, error);
    }
    file = fopen(value + 1, "re");
    if (file == NULL) {
        return error_errno(error, ERROR_INVALID, errno, "Can't read %s", value + 1);
    }
    size = fread(text, 1, sizeof text - 1, file);
    fclose(file);
    text[size] = '\0';
    settings->join = true;
    if (join_token_decode(text, &settings->join_token, error) != ERROR_NONE) {
        return error_prefix(error, "%s: ", value + 1);
    }
    return ERROR_NONE;
}

/* One setting, from the file or from an option. */
static int set(struct daemon_settings *settings, const char *name, const char *value,
               struct error *error)
{
    if (strcmp(name, "state-dir") == 0) {
        return set_text(settings->state_dir, sizeof settings->state_dir, name, value, error);
    }
    if (strcmp(name, "socket") == 0) {
        return set_text(settings->socket, sizeof settings->socket, name, value, error);
    }
    if (strcmp(name, "group") == 0) {
        return set_text(settings->group, sizeof settings->group, name, value, error);
    }
    if (strcmp(name, "cluster-address") == 0) {
        return member_address_complete(value, settings->cluster_address, error);
    }
    if (strcmp(name, "join") == 0) {
        return set_join(settings, value, error);
    }
    if (strcmp(name, "log-level") == 0) {
        if (!log_level_parse(value, &settings->log_level)) {
            return error_set(error, ERROR_INVALID,
                             "log-level is \"%s\": it takes error, warning, info or debug", value);
        }
        return ERROR_NONE;
    }
    if (strcmp(name, "log-target") == 0) {
        return set_log_target(&settings->log_target, value, error);
    }
    if (strcmp(name, "request-timeout") == 0) {
        return set_number(&settings->request_timeout_ms, name, value, API_TIMEOUT_MS_MIN,
                          API_TIMEOUT_MS_MAX, error);
    }
    if (strcmp(name, "latency") == 0) {
        return set_number(&settings->latency_ms, name, value, NODE_LATENCY_MS_MIN,
                          NODE_LATENCY_MS_MAX, error);
    }
    return error_set(error, ERROR_INVALID, "%s is not a setting", name);
}

struct file_reader {
    struct daemon_settings *settings;
    struct error *error;
};

/* inih's convention: 0 stops. */
static int on_setting(void *data, const char *section, const char *name, const char *value)
{
    struct file_reader *reader = data;

    if (section[0] != '\0') {
        error_set(reader->error, ERROR_INVALID, "there are no sections, but it has [%s]", section);
        return 0;
    }
    return set(reader->settings, name, value, reader->error) == ERROR_NONE;
}

static int read_file(const char *path, struct daemon_settings *settings, struct error *error)
{
    struct file_reader reader = {settings, error};
    FILE *file = fopen(path, "re");
    int line;

    if (file == NULL) {
        return error_errno(error, ERROR_INVALID, errno, "Can't read %s", path);
    }
    error_clear(error);
    line = ini_parse_file(file, on_setting, &reader);
    fclose(file);
    if (line > 0) {
        if (error->code == ERROR_NONE) {
            error_set(error, ERROR_INVALID, "not of the form NAME = VALUE");
        }
        return error_prefix(error, "%s:%d: ", path, line);
    }
    if (line < 0) {
        return error_set(error, ERROR_IO, "Can't read %s", path);
    }
    return ERROR_NONE;
}

static const struct option options[] = {
    {"state-dir", required_argument, NULL, 's'},
    {"socket", required_argument, NULL, 's'},
    {"group", required_argument, NULL, 's'},
    {"log-level", required_argument, NULL, 's'},
    {"log-target", required_argument, NULL, 's'},
    {"request-timeout", required_argument, NULL, 's'},
    {"cluster-address", required_argument, NULL, 's'},
    {"join", required_argument, NULL, 's'},
    {"latency", required_argument, NULL, 's'},
    {"config", required_argument, NULL, 'c'},
    {"help", no_argument, NULL, 'h'},
    {"version", no_argument, NULL, 'v'},
    {NULL, 0, NULL, 0},
};

/* Goes through the options once: first for --config and what ends the program,
 * then for the settings, which win over the file's. */
static int read_options(int argc, char **argv, bool second_pass, struct daemon_settings *settings,
                        enum daemon_action *action, struct error *error)
{
    int rv = ERROR_NONE;
    int index;
    int c;

    optind = 0; /* glibc: start anew. */
    opterr = 0;
    while (rv == ERROR_NONE && (c = getopt_long(argc, argv, "", options, &index)) != -1) {
        switch (c) {
        case 's':
            if (second_pass) {
                rv = set(settings, options[index].name, optarg, error);
                if (rv != ERROR_NONE) {
                    error_prefix(error, "--");
                }
            }
            break;
        case 'c':
            if (!second_pass) {
                rv = read_file(optarg, settings, error);
            }
            break;
        case 'h':
            *action = DAEMON_SHOW_HELP;
            break;
        case 'v':
            *action = DAEMON_SHOW_VERSION;
            break;
        default:
            rv = error_set(error, ERROR_INVALID, "%s is not an option, or lacks its value",
                           argv[optind - 1]);
            break;
        }
    }
    if (rv == ERROR_NONE && optind < argc) {
        rv = error_set(error, ERROR_INVALID, "%s: lbstated takes options only", argv[optind]);
    }
    return rv;
}

int daemon_settings_read(int argc, char **argv, struct daemon_settings *ret_settings,
                         enum daemon_action *ret_action, struct error *error)
{
    enum daemon_action action = DAEMON_RUN;
    struct daemon_settings settings = {
        .state_dir = DAEMON_STATE_DIR_DEFAULT,
        .socket = DAEMON_SOCKET_DEFAULT,
        .log_level = LOG_LEVEL_INFO,
        .log_target = LOG_TARGET_STDERR,
        .request_timeout_ms = API_TIMEOUT_MS_DEFAULT,
    };
    int rv = read_options(argc, argv, false, &settings, &action, error);

    if (rv == ERROR_NONE) {
        rv = read_options(argc, argv, true, &settings, &action, error);
    }
    if (rv == ERROR_NONE) {
        *ret_settings = settings;
        *ret_action = action;
    }
    return rv;
}
