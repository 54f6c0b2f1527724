#include "test/lib/fake_incus.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define COLLECTION_BALANCERS "/load-balancers"

struct target {
    char path[4096];
    char project[256];
    bool recursion;
};

static void split_target(const char *text, struct target *target)
{
    size_t size = strcspn(text, "?");
    const char *project = strstr(text, "project=");

    snprintf(target->path, sizeof target->path, "%.*s", (int)size, text);
    snprintf(target->project, sizeof target->project, "default");
    if (project != NULL) {
        snprintf(target->project, sizeof target->project, "%.*s",
                 (int)strcspn(project + strlen("project="), "&"), project + strlen("project="));
    }
    target->recursion = strstr(text, "recursion=1") != NULL;
}

static void make_key(const struct target *target, const char *name, char *out, size_t out_size)
{
    bool is_project = strncmp(target->path, "/1.0/projects", strlen("/1.0/projects")) == 0;

    snprintf(out, out_size, "%s %s%s%s", is_project ? "-" : target->project, target->path,
             name != NULL ? "/" : "", name != NULL ? name : "");
}

static bool ends_with(const char *text, const char *end)
{
    return strlen(text) >= strlen(end) && strcmp(text + strlen(text) - strlen(end), end) == 0;
}

static void store(struct fake_incus *incus, const char *key, json_t *record)
{
    json_int_t version = json_integer_value(json_object_get(incus->versions, key));

    json_object_set_new(incus->versions, key, json_integer(version + 1));
    json_object_set_new(incus->records, key, record);
}

static void post(struct fake_incus *incus, const struct target *target, const char *body,
                 struct fake_answer *answer)
{
    json_t *record = json_loads(body, 0, NULL);
    const char *name = json_string_value(json_object_get(record, "listen_address"));
    char parent[5000];
    char key[5000];

    if (name == NULL) {
        name = json_string_value(json_object_get(record, "name"));
    }
    if (name == NULL) {
        fake_error(answer, 400, "No name provided");
        json_decref(record);
        return;
    }
    make_key(target, NULL, parent, sizeof parent);
    make_key(target, name, key, sizeof key);
    if (ends_with(parent, COLLECTION_BALANCERS)) {
        parent[strlen(parent) - strlen(COLLECTION_BALANCERS)] = '\0';
        answer->hold = incus->hold;
    } else {
        parent[0] = '\0';
    }
    if (incus->refused_name != NULL && strcmp(incus->refused_name, name) == 0) {
        fake_error(answer, 400, "Refused by the test");
    } else if (parent[0] != '\0' && json_object_get(incus->records, parent) == NULL) {
        fake_error(answer, 404, "Failed loading network: Network not found");
    } else if (json_object_get(incus->records, key) != NULL) {
        fake_error(answer, 409, "It already exists");
    } else {
        store(incus, key, json_incref(record));
        answer->status = 201;
        answer->body = fake_sync("null");
    }
    json_decref(record);
}

static void put(struct fake_incus *incus, const char *key, const struct fake_request *request,
                struct fake_answer *answer)
{
    json_t *record = json_object_get(incus->records, key);
    json_int_t version = json_integer_value(json_object_get(incus->versions, key));
    json_t *changes;
    char if_match[64];

    if (incus->n_interferences > 0) {
        incus->n_interferences--;
        version++;
        json_object_set_new(incus->versions, key, json_integer(version));
        json_object_set_new(record, "description", json_string("somebody else's"));
    }
    snprintf(if_match, sizeof if_match, "If-Match: \"v%lld\"", (long long)version);
    if (strstr(request->header, "If-Match:") != NULL && strstr(request->header, if_match) == NULL) {
        fake_error(answer, 412, "ETag doesn't match");
        return;
    }
    changes = json_loads(request->body, 0, NULL);
    json_object_update(record, changes);
    json_object_set_new(incus->versions, key, json_integer(version + 1));
    json_decref(changes);
    answer->body = fake_sync("{}");
}

/* All records of a collection, in the order they were made. */
static char *list(struct fake_incus *incus, const char *key)
{
    json_t *all = json_array();
    const char *other;
    json_t *record;
    char *json;
    char *answer;

    json_object_foreach(incus->records, other, record)
    {
        if (strncmp(other, key, strlen(key)) == 0 && other[strlen(key)] == '/' &&
            strchr(other + strlen(key) + 1, '/') == NULL) {
            json_array_append(all, record);
        }
    }
    json = json_dumps(all, JSON_COMPACT);
    answer = fake_sync(json);
    free(json);
    json_decref(all);
    return answer;
}

static void answer_request(struct fake_incus *incus, const struct fake_request *request,
                           struct fake_answer *answer)
{
    struct target target;
    char key[5000];
    json_t *record;

    split_target(request->target, &target);
    make_key(&target, NULL, key, sizeof key);
    record = json_object_get(incus->records, key);
    if (strcmp(request->method, "POST") == 0) {
        post(incus, &target, request->body, answer);
    } else if (strcmp(target.path, "/1.0") == 0) {
        answer->body = fake_sync("{\"environment\":{\"server_version\":\"9.9\"}}");
    } else if (target.recursion) {
        answer->body = list(incus, key);
    } else if (record == NULL) {
        fake_error(answer, 404, "Network load balancer not found");
    } else if (strcmp(request->method, "PUT") == 0) {
        put(incus, key, request, answer);
    } else if (strcmp(request->method, "DELETE") == 0) {
        json_object_del(incus->records, key);
        answer->body = fake_sync("{}");
    } else {
        char *json = json_dumps(record, JSON_COMPACT);

        snprintf(answer->etag, sizeof answer->etag, "\"v%lld\"",
                 (long long)json_integer_value(json_object_get(incus->versions, key)));
        answer->body = fake_sync(json);
        free(json);
    }
}

static void handle(void *data, const struct fake_request *request, struct fake_answer *answer)
{
    struct fake_incus *incus = data;

    if (incus->vanish_after != 0 && --incus->vanish_after == 0) {
        unlink(fake_daemon_socket(incus->daemon));
        answer->drop = true;
        return;
    }
    pthread_mutex_lock(&incus->mutex);
    answer_request(incus, request, answer);
    pthread_mutex_unlock(&incus->mutex);
}

void fake_incus_start(struct fake_incus *incus)
{
    incus->records = json_object();
    incus->versions = json_object();
    if (incus->records == NULL || incus->versions == NULL ||
        pthread_mutex_init(&incus->mutex, NULL) != 0) {
        abort();
    }
    incus->daemon = fake_daemon_start(handle, incus);
}

void fake_incus_stop(struct fake_incus *incus)
{
    fake_daemon_stop(incus->daemon);
    json_decref(incus->records);
    json_decref(incus->versions);
    pthread_mutex_destroy(&incus->mutex);
}

char *fake_incus_record(struct fake_incus *incus, const char *project, const char *path)
{
    char key[5000];
    char *json = NULL;
    json_t *record;

    snprintf(key, sizeof key, "%s %s", project, path);
    pthread_mutex_lock(&incus->mutex);
    record = json_object_get(incus->records, key);
    if (record != NULL) {
        json = json_dumps(record, JSON_COMPACT | JSON_SORT_KEYS);
    }
    pthread_mutex_unlock(&incus->mutex);
    return json;
}

size_t fake_incus_n_records(struct fake_incus *incus)
{
    size_t n;

    pthread_mutex_lock(&incus->mutex);
    n = json_object_size(incus->records);
    pthread_mutex_unlock(&incus->mutex);
    return n;
}

void fake_incus_add(struct fake_incus *incus, const char *project, const char *path,
                    const char *json)
{
    char key[5000];
    json_t *record = json_loads(json, 0, NULL);

    if (record == NULL) {
        abort();
    }
    snprintf(key, sizeof key, "%s %s", project, path);
    pthread_mutex_lock(&incus->mutex);
    store(incus, key, record);
    pthread_mutex_unlock(&incus->mutex);
}
