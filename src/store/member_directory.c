/* From the records of members to the directory that every node keeps. */
#include "store/members.h"

#include <stdio.h>
#include <string.h>

static int corrupt(const struct cluster_member *member, const char *what, struct error *error)
{
    return error_set(error, ERROR_CORRUPT, "The record of member %lld has %s that doesn't fit",
                     (long long)member->id, what);
}

static bool copy_text(char *out, size_t size, const char *text)
{
    return snprintf(out, size, "%s", text) < (int)size;
}

static int fill_member(const struct cluster_member *from, struct directory_member *to,
                       struct error *error)
{
    to->id = (uint64_t)from->id;
    if (!copy_text(to->name, sizeof to->name, from->name)) {
        return corrupt(from, "a name", error);
    }
    if (!copy_text(to->address, sizeof to->address, from->address) ||
        !copy_text(to->raft_address, sizeof to->raft_address, from->raft_address)) {
        return corrupt(from, "an address", error);
    }
    to->has_next_pin = from->next_key_pin[0] != '\0';
    if (!pin_parse(from->key_pin, to->pin) ||
        (to->has_next_pin && !pin_parse(from->next_key_pin, to->next_pin))) {
        return corrupt(from, "a key", error);
    }
    return ERROR_NONE;
}

static int fill_token(const struct cluster_token *from, struct directory_token *to,
                      struct error *error)
{
    to->expires_at = from->expires_at;
    if (!copy_text(to->name, sizeof to->name, from->name) || !pin_parse(from->key_pin, to->pin)) {
        return error_set(error, ERROR_CORRUPT, "The record of a join token doesn't fit");
    }
    return ERROR_NONE;
}

int store_member_directory(const struct store_member_request *r, struct directory **ret_directory,
                           struct error *error)
{
    struct directory *directory;
    int rv = directory_new(r->n_members, r->n_tokens, &directory, error);

    if (rv != ERROR_NONE) {
        return rv;
    }
    directory->revision = r->base.revision;
    if (!copy_text(directory->fingerprint, sizeof directory->fingerprint, r->cluster_fingerprint)) {
        rv = error_set(error, ERROR_CORRUPT, "The cluster's fingerprint doesn't fit");
    }
    for (size_t i = 0; rv == ERROR_NONE && i < r->n_members; i++) {
        rv = fill_member(&r->members[i], &directory->members[i], error);
    }
    for (size_t i = 0; rv == ERROR_NONE && i < r->n_tokens; i++) {
        rv = fill_token(&r->tokens[i], &directory->tokens[i], error);
    }
    if (rv != ERROR_NONE) {
        directory_free(directory);
        return rv;
    }
    *ret_directory = directory;
    return ERROR_NONE;
}
