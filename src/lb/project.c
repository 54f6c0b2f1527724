#include "lb/project.h"

#include "lb/config_address.h"
#include "lb/config_key.h"
#include "lb/name.h"
#include "lb/restricted_subnet.h"
#include "lb/text.h"

#include <string.h>

#define ALLOW_OR_BLOCK            "block allow"
#define ALLOW_OR_BLOCK_OR_MANAGED "block allow managed"
#define ARCHITECTURES                                                                              \
    "i686 x86_64 armv6l armv7l armv8l aarch64 ppc ppc64 ppc64le s390x mips mips64 riscv32 "        \
    "riscv64 loongarch64"

static const struct config_rule rules[] = {
    {.key = "backups.compression_algorithm", .check = config_check_compression, .required = true},
    {.key = "features.profiles", .check = config_check_bool},
    {.key = "features.images", .check = config_check_bool},
    {.key = "features.storage.volumes", .check = config_check_bool},
    {.key = "features.storage.buckets", .check = config_check_bool},
    {.key = "features.networks", .check = config_check_bool},
    {.key = "features.networks.zones", .check = config_check_bool},
    {.key = "images.auto_update_cached", .check = config_check_bool},
    {.key = "images.auto_update_interval", .check = config_check_int64},
    {.key = "images.compression_algorithm", .check = config_check_compression, .required = true},
    {.key = "images.default_architecture", .words = ARCHITECTURES},
    {.key = "images.remote_cache_expiry", .check = config_check_int64},
    {.key = "limits.instances", .check = config_check_uint32},
    {.key = "limits.containers", .check = config_check_uint32},
    {.key = "limits.virtual-machines", .check = config_check_uint32},
    {.key = "limits.memory", .check = config_check_size},
    {.key = "limits.processes", .check = config_check_uint32},
    {.key = "limits.cpu", .check = config_check_uint32},
    {.key = "limits.disk", .check = config_check_size},
    {.key = "limits.networks", .check = config_check_uint32},
    {.key = "network.hwaddr_pattern", .check = config_check_mac_pattern},
    {.key = "restricted", .check = config_check_bool},
    {.key = "restricted.backups", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.cluster.groups"},
    {.key = "restricted.cluster.target", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.containers.interception", .words = "allow block full"},
    {.key = "restricted.containers.nesting", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.containers.lowlevel", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.containers.privilege", .words = "allow unprivileged isolated"},
    {.key = "restricted.virtual-machines.lowlevel", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.virtual-machines.nesting", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.unix-char", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.unix-block", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.unix-hotplug", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.infiniband", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.gpu", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.usb", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.pci", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.proxy", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.devices.nic", .words = ALLOW_OR_BLOCK_OR_MANAGED},
    {.key = "restricted.devices.disk", .words = ALLOW_OR_BLOCK_OR_MANAGED},
    {.key = "restricted.devices.disk.paths", .check = config_check_absolute_path, .list = true},
    {.key = "restricted.idmap.uid", .check = config_check_uint32_range, .list = true},
    {.key = "restricted.idmap.gid", .check = config_check_uint32_range, .list = true},
    {.key = "restricted.images.servers"},
    {.key = "restricted.networks.access"},
    {.key = "restricted.networks.integrations"},
    {.key = "restricted.networks.uplinks"},
    {.key = "restricted.networks.zones"},
    {.key = "restricted.snapshots", .words = ALLOW_OR_BLOCK},
    {.key = "restricted.storage-pools.access"},
    {0},
};

int project_validate_name(const char *name, struct error *error)
{
    int rv = name_validate(name, error);

    if (rv != ERROR_NONE) {
        error_prefix(error, "Invalid project name: ");
        return rv;
    }
    if (strchr(name, '_') != NULL) {
        return error_set(error, ERROR_INVALID, "Project names may not contain underscores");
    }
    return ERROR_NONE;
}

/* Unlike other lists, this one's message doesn't name the element. */
static int check_restricted_subnets(const char *value, struct error *error)
{
    struct text_list list;
    const char *item;
    int rv = ERROR_NONE;

    if (*value == '\0') {
        return ERROR_NONE;
    }
    if (!text_list_init(&list, value)) {
        return error_no_memory(error);
    }
    while (rv == ERROR_NONE && (item = text_list_next(&list)) != NULL) {
        struct restricted_subnet subnet;

        rv = restricted_subnet_parse(item, &subnet, error);
        if (rv == ERROR_NONE && subnet.has_host_bits) {
            rv = error_set(error, ERROR_INVALID, "Not an IP network address %s",
                           TEXT_QUOTED(subnet.text));
        }
    }
    text_list_close(&list);
    return rv;
}

int project_validate(const struct project *project, struct error *error)
{
    for (size_t i = 0; i < project->config.n_pairs; i++) {
        const struct string_pair *pair = &project->config.pairs[i];
        bool subnets = strcmp(pair->key, "restricted.networks.subnets") == 0;
        const struct config_rule *rule = config_rule_find(rules, pair->key);
        int rv;

        if (config_is_user_key(pair->key)) {
            continue;
        }
        if (rule == NULL && !subnets) {
            return error_set(error, ERROR_INVALID, "Invalid project configuration key %s",
                             TEXT_QUOTED(pair->key));
        }
        rv = subnets ? check_restricted_subnets(pair->value, error)
                     : config_rule_check(rule, pair->value, error);
        if (rv == ERROR_INVALID) {
            error_prefix(error,
                         "Invalid project configuration key %s value: ", TEXT_QUOTED(pair->key));
        }
        if (rv != ERROR_NONE) {
            return rv;
        }
    }
    if (config_is_true(string_map_get_or_empty(&project->config, "restricted")) &&
        config_is_false(string_map_get_or_empty(&project->config, "features.profiles"))) {
        return error_set(error, ERROR_INVALID,
                         "Projects without their own profiles cannot be restricted");
    }
    return ERROR_NONE;
}

int project_fill_config(struct project *project, struct arena *arena, struct error *error)
{
    static const char *const features[] = {"features.images", "features.profiles",
                                           "features.storage.buckets", "features.storage.volumes"};

    for (size_t i = 0; i < sizeof features / sizeof features[0]; i++) {
        /* An empty value was meant: it keeps the feature off. */
        if (string_map_get(&project->config, features[i]) == NULL &&
            !string_map_set(&project->config, arena, features[i], "true")) {
            return error_no_memory(error);
        }
    }
    return ERROR_NONE;
}

bool project_has_networks(const struct project *project)
{
    return config_is_true(string_map_get_or_empty(&project->config, "features.networks"));
}

static const char *config_of(const struct project *project, const char *key)
{
    return string_map_get_or_empty(&project->config, key);
}

static bool is_restricted(const struct project *project)
{
    return config_is_true(config_of(project, "restricted"));
}

bool project_allows_network(const struct project *project, const char *network)
{
    const char *access = config_of(project, "restricted.networks.access");

    if (!is_restricted(project)) {
        return true;
    }
    if (strcmp(config_of(project, "restricted.devices.nic"), "block") == 0) {
        return false;
    }
    return project_has_networks(project) || access[0] == '\0' || text_list_has(access, network);
}

bool project_shares_network(const struct project *project, const char *network)
{
    return strcmp(project->name, PROJECT_DEFAULT) != 0 && project_has_networks(project) &&
           is_restricted(project) &&
           text_list_has(config_of(project, "restricted.networks.access"), network);
}

bool project_allows_uplink(const struct project *project, const char *uplink)
{
    return !is_restricted(project) ||
           text_list_has(config_of(project, "restricted.networks.uplinks"), uplink);
}
