#include "lb/project_state.h"

#include "lb/config_key.h"

#include <string.h>

/* -1 without a limit. A stored limit was checked, so it parses. */
static int64_t limit_of(const struct project *project, const char *key)
{
    const char *value = string_map_get_or_empty(&project->config, key);
    uint64_t limit;

    return config_parse_size(value, &limit) ? (int64_t)limit : -1;
}

void project_state_to_json(struct json_writer *w, const struct project *project, size_t n_networks)
{
    /* In the order of a map in Go's JSON. */
    static const char *const keys[] = {
        "limits.containers", "limits.cpu",      "limits.disk",      "limits.instances",
        "limits.memory",     "limits.networks", "limits.processes", "limits.virtual-machines",
    };

    json_write_object_begin(w);
    json_write_key(w, "resources");
    json_write_object_begin(w);
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        const char *resource = keys[i] + strlen("limits.");
        bool counts = strcmp(resource, "networks") == 0;

        json_write_key(w, resource);
        json_write_object_begin(w);
        json_write_key(w, "Limit");
        json_write_integer(w, limit_of(project, keys[i]));
        json_write_key(w, "Usage");
        json_write_integer(w, counts ? (int64_t)n_networks : 0);
        json_write_object_end(w);
    }
    json_write_object_end(w);
    json_write_object_end(w);
}
