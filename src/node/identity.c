#include "node/identity.h"

#include "node/state_file.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#define IDENTITY_FILE    "node.json"
#define IDENTITY_VERSION 1

int identity_make_address(char out[IDENTITY_ADDRESS_SIZE], struct error *error)
{
    uint64_t random[2];

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random) {
        return error_errno(error, ERROR_IO, errno, "Failed getting random numbers");
    }
    snprintf(out, IDENTITY_ADDRESS_SIZE, "@lbstate-%016llx%016llx", (unsigned long long)random[0],
             (unsigned long long)random[1]);
    return ERROR_NONE;
}

static int decode(const struct state_dir *dir, json_t *root, struct identity *ret_identity,
                  struct error *error)
{
    struct identity identity = {0};
    json_error_t reason;
    json_int_t version;
    json_int_t id;
    const char *address;
    int bootstrapped;

    if (json_unpack_ex(root, &reason, JSON_STRICT, "{s:I, s:I, s:s, s:b}", "version", &version,
                       "id", &id, "address", &address, "bootstrapped", &bootstrapped) != 0) {
        return error_set(error, ERROR_CORRUPT, "%s/" IDENTITY_FILE " doesn't fit: %s", dir->path,
                         reason.text);
    }
    if (version != IDENTITY_VERSION) {
        return error_set(error, ERROR_CORRUPT,
                         "%s/" IDENTITY_FILE " has version %lld, and this program reads %d only",
                         dir->path, (long long)version, IDENTITY_VERSION);
    }
    if (id <= 0) {
        return error_set(error, ERROR_CORRUPT, "%s/" IDENTITY_FILE " has the impossible id %lld",
                         dir->path, (long long)id);
    }
    if (address[0] == '\0' || strlen(address) >= sizeof identity.address) {
        return error_set(error, ERROR_CORRUPT, "%s/" IDENTITY_FILE " has an impossible address",
                         dir->path);
    }
    identity.id = (uint64_t)id;
    snprintf(identity.address, sizeof identity.address, "%s", address);
    identity.bootstrapped = bootstrapped != 0;
    *ret_identity = identity;
    return ERROR_NONE;
}

int identity_load(const struct state_dir *dir, struct identity *ret_identity, struct error *error)
{
    json_error_t reason;
    json_t *root;
    int code;
    int fd = openat(dir->fd, IDENTITY_FILE, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);

    if (fd < 0) {
        return error_errno(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO, errno,
                           "Failed opening %s/" IDENTITY_FILE, dir->path);
    }
    root = json_loadfd(fd, JSON_REJECT_DUPLICATES, &reason);
    close(fd);
    if (root == NULL) {
        return error_set(error, ERROR_CORRUPT, "%s/" IDENTITY_FILE " is not JSON (line %d): %s",
                         dir->path, reason.line, reason.text);
    }
    code = decode(dir, root, ret_identity, error);
    json_decref(root);
    return code;
}

static char *encode(const struct identity *identity)
{
    json_t *root = json_pack("{s:i, s:I, s:s, s:b}", "version", IDENTITY_VERSION, "id",
                             (json_int_t)identity->id, "address", identity->address, "bootstrapped",
                             (int)identity->bootstrapped);
    char *text = root == NULL ? NULL : json_dumps(root, JSON_INDENT(2));

    json_decref(root);
    return text;
}

int identity_save(const struct state_dir *dir, const struct identity *identity, struct error *error)
{
    int code;
    char *text = encode(identity);

    if (text == NULL) {
        return error_no_memory(error);
    }
    code = state_file_replace(dir, IDENTITY_FILE, text, strlen(text), error);
    free(text);
    return code;
}
