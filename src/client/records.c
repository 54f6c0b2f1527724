#include "client/records.h"

#include "client/fail.h"

#include <stdlib.h>
#include <string.h>

/* One request on the collection, or with ADDRESS on a record of it. */
static int call(const struct records *records, const char *method, const char *address,
                const char *query, const char *json, const char *if_match,
                struct lbstate_response *ret_response, struct lbstate_error *error)
{
    struct lbstate_request request = {
        .method = method, .project = records->project, .body = json, .if_match = if_match};
    char full[LBSTATE_PATH_SIZE_MAX + 64];
    char *path;
    int rv;

    if (address != NULL && address[0] == '\0') {
        return client_fail(error, LBSTATE_INVALID, "The listen address is empty");
    }
    rv = lbstate_path(&path, error, "1.0", "networks", records->network, records->collection,
                      address, NULL);
    if (rv != LBSTATE_OK) {
        return rv;
    }
    strcpy(full, path);
    strcat(full, query);
    request.path = full;
    rv = lbstate_call(records->client, &request, ret_response, error);
    free(path);
    return rv;
}

/* Takes the metadata out of RESPONSE, which it closes. */
static int take_json(struct lbstate_response *response, char **ret_json,
                     struct lbstate_error *error)
{
    char *json = response->private_body;

    if (json != NULL) {
        memmove(json, response->metadata, response->metadata_size + 1);
        response->private_body = NULL;
    }
    lbstate_response_close(response);
    if (json == NULL) {
        return client_no_memory(error);
    }
    *ret_json = json;
    return LBSTATE_OK;
}

int records_list(const struct records *records, char **ret_json, struct lbstate_error *error)
{
    struct lbstate_response response = {0};
    int rv = call(records, "GET", NULL, "?recursion=1", NULL, NULL, &response, error);

    return rv == LBSTATE_OK ? take_json(&response, ret_json, error) : rv;
}

int records_get(const struct records *records, const char *address, char **ret_json,
                char **ret_etag, struct lbstate_error *error)
{
    struct lbstate_response response = {0};
    char *etag;
    int rv = call(records, "GET", address, "", NULL, NULL, &response, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    etag = response.etag;
    response.etag = NULL;
    rv = take_json(&response, ret_json, error);
    if (rv == LBSTATE_OK && ret_etag != NULL) {
        *ret_etag = etag;
    } else {
        free(etag);
    }
    return rv;
}

int records_change(const struct records *records, const char *method, const char *address,
                   const char *json, const char *if_match, struct lbstate_error *error)
{
    struct lbstate_response response = {0};
    int rv = call(records, method, address, "", json, if_match, &response, error);

    if (rv == LBSTATE_OK) {
        lbstate_response_close(&response);
    }
    return rv;
}
