#include "test/torture/record.h"

#include "test/torture/history.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ADDRESS "198.18.0."

const char *const record_networks[] = {
    "{\"name\": \"torture-uplink\", \"type\": \"physical\", \"config\": {"
    "\"parent\": \"torture\", \"ipv4.ovn.ranges\": \"192.0.2.100-192.0.2.254\","
    "\"ipv4.gateway\": \"192.0.2.1/24\", \"ipv4.routes\": \"198.18.0.0/15\"}}",

    "{\"name\": \"torture\", \"type\": \"ovn\", \"config\": {\"network\": \"torture-uplink\","
    "\"ipv4.address\": \"10.10.10.1/24\", \"ipv4.nat\": \"true\", \"ipv6.address\": \"none\"}}",

    NULL,
};

void record_path(unsigned key, char path[RECORD_PATH_SIZE])
{
    snprintf(path, RECORD_PATH_SIZE, RECORD_LIST "/" ADDRESS "%u", key + 1);
}

void record_body(unsigned key, uint64_t value, char body[RECORD_BODY_SIZE])
{
    snprintf(body, RECORD_BODY_SIZE,
             "{\"listen_address\": \"" ADDRESS "%u\", \"description\": \"%" PRIu64 "\","
             "\"config\": {\"user.value\": \"%" PRIu64 "\"},"
             "\"backends\": [{\"name\": \"b%" PRIu64 "\", \"target_address\": \"10.10.10.2\","
             "\"target_port\": \"80\"}],"
             "\"ports\": [{\"protocol\": \"tcp\", \"listen_port\": \"80\","
             "\"target_backend\": [\"b%" PRIu64 "\"]}]}",
             key + 1, value, value, value, value);
}

static uint64_t value_of(json_t *record)
{
    const char *description;
    const char *config;
    const char *backend;
    const char *target;
    char *end = NULL;
    uint64_t value;

    if (json_unpack(record, "{s:s, s:{s:s}, s:[{s:s}], s:[{s:[s]}]}", "description", &description,
                    "config", "user.value", &config, "backends", "name", &backend, "ports",
                    "target_backend", &target) != 0) {
        return HISTORY_FOREIGN;
    }
    value = strtoull(description, &end, 10);
    if (end == description || *end != '\0' || value == HISTORY_ABSENT ||
        strcmp(config, description) != 0 || backend[0] != 'b' ||
        strcmp(backend + 1, description) != 0 || strcmp(target, backend) != 0) {
        return HISTORY_FOREIGN;
    }
    return value;
}

uint64_t record_value(const char *answer)
{
    json_t *envelope = json_loads(answer, 0, NULL);
    uint64_t value = value_of(json_object_get(envelope, "metadata"));

    json_decref(envelope);
    return value;
}

int record_values(const char *answer, uint64_t *values, unsigned n_keys)
{
    json_t *envelope = json_loads(answer, 0, NULL);
    json_t *list = json_object_get(envelope, "metadata");
    json_t *record;
    size_t i;
    int rv = json_is_array(list) ? 0 : -1;

    for (unsigned key = 0; key < n_keys; key++) {
        values[key] = HISTORY_ABSENT;
    }
    json_array_foreach(list, i, record)
    {
        const char *address = json_string_value(json_object_get(record, "listen_address"));
        unsigned number;

        if (address == NULL || sscanf(address, ADDRESS "%u", &number) != 1 || number == 0 ||
            number > n_keys || values[number - 1] != HISTORY_ABSENT) {
            rv = -1;
            break;
        }
        values[number - 1] = value_of(record);
    }
    json_decref(envelope);
    return rv;
}
