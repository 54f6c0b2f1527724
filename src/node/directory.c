#include "node/directory.h"

#include "base/buffer.h"
#include "node/state_file.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define DIRECTORY_FILE "cluster.json"

/* Full, it has some 60 KiB. */
#define FILE_SIZE_MAX (1024 * 1024)

struct directory_holder {
    const struct state_dir *dir;
    pthread_mutex_t set_lock; /* One set at a time; held while the file is written. */
    pthread_mutex_t lock;     /* Of CURRENT; never held for long. Taken after set_lock. */
    const struct directory *current;
};

int directory_new(size_t n_members, size_t n_tokens, struct directory **ret_directory,
                  struct error *error)
{
    struct directory *directory;

    if (n_members > MEMBERS_MAX) {
        return error_set(error, ERROR_TOO_LARGE, "A cluster has at most %d members, not %zu",
                         MEMBERS_MAX, n_members);
    }
    if (n_tokens > JOIN_TOKENS_MAX) {
        return error_set(error, ERROR_TOO_LARGE, "A cluster has at most %d join tokens, not %zu",
                         JOIN_TOKENS_MAX, n_tokens);
    }
    directory = calloc(1, sizeof *directory);
    if (directory == NULL) {
        return error_no_memory(error);
    }
    atomic_init(&directory->refs, 1);
    directory->n_members = n_members;
    directory->n_tokens = n_tokens;
    /* One more, because calloc() may return NULL for none. */
    directory->members = calloc(n_members + 1, sizeof *directory->members);
    directory->tokens = calloc(n_tokens + 1, sizeof *directory->tokens);
    if (directory->members == NULL || directory->tokens == NULL) {
        directory_free(directory);
        return error_no_memory(error);
    }
    *ret_directory = directory;
    return ERROR_NONE;
}

/* The count is the one thing of a snapshot that changes. */
static atomic_uint *references(const struct directory *directory)
{
    return &((struct directory *)directory)->refs;
}

void directory_free(const struct directory *directory)
{
    if (directory == NULL ||
        atomic_fetch_sub_explicit(references(directory), 1, memory_order_acq_rel) > 1) {
        return;
    }
    free(directory->members);
    free(directory->tokens);
    free((struct directory *)directory);
}

const struct directory_member *directory_by_id(const struct directory *directory, uint64_t id)
{
    for (size_t i = 0; i < directory->n_members; i++) {
        if (directory->members[i].id == id) {
            return &directory->members[i];
        }
    }
    return NULL;
}

const struct directory_member *directory_by_name(const struct directory *directory,
                                                 const char *name)
{
    for (size_t i = 0; i < directory->n_members; i++) {
        if (strcmp(directory->members[i].name, name) == 0) {
            return &directory->members[i];
        }
    }
    return NULL;
}

const struct directory_member *directory_by_raft_address(const struct directory *directory,
                                                         const char *raft_address)
{
    for (size_t i = 0; i < directory->n_members; i++) {
        if (strcmp(directory->members[i].raft_address, raft_address) == 0) {
            return &directory->members[i];
        }
    }
    return NULL;
}

static bool member_has_pin(const struct directory_member *member, const uint8_t pin[PIN_SIZE])
{
    return memcmp(member->pin, pin, PIN_SIZE) == 0 ||
           (member->has_next_pin && memcmp(member->next_pin, pin, PIN_SIZE) == 0);
}

bool directory_by_pin(const struct directory *directory, const uint8_t pin[PIN_SIZE],
                      const struct directory_member **ret_member,
                      const struct directory_token **ret_token)
{
    for (size_t i = 0; i < directory->n_members; i++) {
        if (member_has_pin(&directory->members[i], pin)) {
            *ret_member = &directory->members[i];
            *ret_token = NULL;
            return true;
        }
    }
    for (size_t i = 0; i < directory->n_tokens; i++) {
        if (memcmp(directory->tokens[i].pin, pin, PIN_SIZE) == 0) {
            *ret_member = NULL;
            *ret_token = &directory->tokens[i];
            return true;
        }
    }
    return false;
}

static int read_file(const struct state_dir *dir, struct directory **ret_directory,
                     struct error *error)
{
    struct buffer json = {0};
    int code = state_file_read(dir, DIRECTORY_FILE, FILE_SIZE_MAX, &json, error);

    if (code == ERROR_NOT_FOUND) {
        error_clear(error);
        code = directory_new(0, 0, ret_directory, error);
    } else if (code == ERROR_NONE) {
        code = directory_decode(json.data, json.size, ret_directory, error);
        if (code == ERROR_INVALID || code == ERROR_TOO_LARGE) {
            error->code = ERROR_CORRUPT;
            code = error_prefix(error, "%s/" DIRECTORY_FILE " doesn't fit: ", dir->path);
        }
    }
    buffer_close(&json);
    return code;
}

int directory_holder_open(const struct state_dir *dir, struct directory_holder **ret_holder,
                          struct error *error)
{
    struct directory *directory;
    struct directory_holder *holder;
    int code = read_file(dir, &directory, error);

    if (code != ERROR_NONE) {
        return code;
    }
    holder = calloc(1, sizeof *holder);
    if (holder == NULL) {
        directory_free(directory);
        return error_no_memory(error);
    }
    holder->dir = dir;
    holder->current = directory;
    pthread_mutex_init(&holder->set_lock, NULL);
    pthread_mutex_init(&holder->lock, NULL);
    *ret_holder = holder;
    return ERROR_NONE;
}

void directory_holder_close(struct directory_holder *holder)
{
    if (holder == NULL) {
        return;
    }
    directory_free(holder->current);
    pthread_mutex_destroy(&holder->lock);
    pthread_mutex_destroy(&holder->set_lock);
    free(holder);
}

const struct directory *directory_get(struct directory_holder *holder)
{
    const struct directory *directory;

    pthread_mutex_lock(&holder->lock);
    directory = holder->current;
    atomic_fetch_add_explicit(references(directory), 1, memory_order_relaxed);
    pthread_mutex_unlock(&holder->lock);
    return directory;
}

static int write_file(const struct state_dir *dir, const struct directory *directory,
                      struct error *error)
{
    struct buffer json = {0};
    int code;

    directory_encode(directory, &json);
    buffer_append_char(&json, '\n');
    code = buffer_failed(&json)
               ? error_no_memory(error)
               : state_file_replace(dir, DIRECTORY_FILE, json.data, json.size, error);
    buffer_close(&json);
    return code;
}

int directory_holder_set(struct directory_holder *holder, struct directory *directory,
                         bool *ret_changed, struct error *error)
{
    const struct directory *unused = directory;
    bool newer;
    int code = ERROR_NONE;

    pthread_mutex_lock(&holder->set_lock);
    newer = directory->revision > holder->current->revision;
    if (newer) {
        code = write_file(holder->dir, directory, error);
    }
    if (newer && code == ERROR_NONE) {
        pthread_mutex_lock(&holder->lock);
        unused = holder->current;
        holder->current = directory;
        pthread_mutex_unlock(&holder->lock);
    }
    pthread_mutex_unlock(&holder->set_lock);
    directory_free(unused);
    if (code == ERROR_NONE && ret_changed != NULL) {
        *ret_changed = newer;
    }
    return code;
}
