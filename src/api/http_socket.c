#include "api/http_socket.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define SOCKET_MODE 0660

static int fill_address(const char *path, struct sockaddr_un *address, struct error *error)
{
    size_t size = strlen(path);

    if (size == 0) {
        return error_set(error, ERROR_INVALID, "The path of the API's socket is empty");
    }
    if (size >= sizeof address->sun_path) {
        return error_set(error, ERROR_INVALID,
                         "The path of the API's socket has %zu bytes, but %zu is the most: %s",
                         size, sizeof address->sun_path - 1, path);
    }
    *address = (struct sockaddr_un){.sun_family = AF_UNIX};
    memcpy(address->sun_path, path, size);
    return ERROR_NONE;
}

static int find_group(const char *name, gid_t *ret_gid, struct error *error)
{
    size_t size = 1024;
    struct group *found = NULL;
    struct group entry;
    char *memory = NULL;
    int code;

    do {
        char *larger = realloc(memory, size *= 2);

        if (larger == NULL) {
            free(memory);
            return error_no_memory(error);
        }
        memory = larger;
        code = getgrnam_r(name, &entry, memory, size, &found);
    } while (code == ERANGE);
    if (found != NULL) {
        *ret_gid = entry.gr_gid;
    }
    free(memory);
    if (code != 0) {
        return error_errno(error, ERROR_IO, code, "Failed looking up the group %s", name);
    }
    if (found == NULL) {
        return error_set(error, ERROR_INVALID, "There is no group %s", name);
    }
    return ERROR_NONE;
}

/* Two processes that start at once must not both find a stale socket and the
 * slower one remove the socket that the faster one made. A lock on the folder
 * needs no file that would have to be cleaned up; it goes with the descriptor. */
static int lock_folder(const char *path, int *ret_fd, struct error *error)
{
    const char *slash = strrchr(path, '/');
    char folder[sizeof(((struct sockaddr_un *)NULL)->sun_path)] = ".";
    int code;
    int fd;

    if (slash != NULL) {
        size_t size = slash == path ? 1 : (size_t)(slash - path);

        memcpy(folder, path, size);
        folder[size] = '\0';
    }
    fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed opening %s", folder);
    }
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        code =
            errno == EWOULDBLOCK
                ? error_set(error, ERROR_CONFLICT, "Another process starts to listen in %s", folder)
                : error_errno(error, ERROR_IO, errno, "Failed locking %s", folder);
        close(fd);
        return code;
    }
    *ret_fd = fd;
    return ERROR_NONE;
}

/* Only a refused connection proves that nobody listens. */
static int check_nobody_listens(const struct sockaddr_un *address, struct error *error)
{
    int code = ERROR_NONE;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    if (fd < 0) {
        return error_errno(error, ERROR_IO, errno, "Failed making a socket");
    }
    if (connect(fd, (const struct sockaddr *)address, sizeof *address) == 0 || errno == EAGAIN ||
        errno == EPROTOTYPE) {
        code = error_set(error, ERROR_CONFLICT, "Another process listens on %s", address->sun_path);
    } else if (errno != ECONNREFUSED && errno != ENOENT) {
        code = error_errno(error, ERROR_IO, errno, "Failed finding out who listens on %s",
                           address->sun_path);
    }
    close(fd);
    return code;
}

static int remove_stale(const struct sockaddr_un *address, struct error *error)
{
    const char *path = address->sun_path;
    struct stat status;
    int code;

    if (lstat(path, &status) != 0) {
        return errno == ENOENT ? ERROR_NONE
                               : error_errno(error, ERROR_IO, errno, "Failed looking at %s", path);
    }
    if (!S_ISSOCK(status.st_mode)) {
        return error_set(error, ERROR_INVALID, "%s exists and is not a socket", path);
    }
    code = check_nobody_listens(address, error);
    if (code != ERROR_NONE) {
        return code;
    }
    if (unlink(path) != 0 && errno != ENOENT) {
        return error_errno(error, ERROR_IO, errno, "Failed removing the stale socket %s", path);
    }
    log_event(LOG_LEVEL_INFO, "api", "Removed the socket of a dead process",
              LOG_TEXT("path", path));
    return ERROR_NONE;
}

/* bind() makes the file with the mode of the socket itself, less the umask. So it
 * starts without rights for the group, gets its group, and only then its mode. */
static int bind_and_listen(int fd, const struct sockaddr_un *address, bool has_group, gid_t gid,
                           struct http_socket_file *ret_file, struct error *error)
{
    const char *path = address->sun_path;
    struct stat status;
    int code;

    if (fchmod(fd, S_IRUSR | S_IWUSR) != 0) {
        return error_errno(error, ERROR_IO, errno, "Failed setting the mode of a socket");
    }
    if (bind(fd, (const struct sockaddr *)address, sizeof *address) != 0) {
        return error_errno(error, ERROR_IO, errno, "Failed binding %s", path);
    }
    if (has_group && lchown(path, (uid_t)-1, gid) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed setting the group of %s", path);
        goto err_after_bind;
    }
    if (chmod(path, SOCKET_MODE) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed setting the mode of %s", path);
        goto err_after_bind;
    }
    if (lstat(path, &status) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed looking at %s", path);
        goto err_after_bind;
    }
    if (listen(fd, SOMAXCONN) != 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed listening on %s", path);
        goto err_after_bind;
    }
    *ret_file = (struct http_socket_file){.device = status.st_dev, .inode = status.st_ino};
    return ERROR_NONE;

err_after_bind:
    unlink(path);
    return code;
}

int http_socket_listen(const char *path, const char *group, int *ret_fd,
                       struct http_socket_file *ret_file, struct error *error)
{
    struct sockaddr_un address;
    gid_t gid = 0;
    int folder_fd = -1;
    int code;
    int fd;

    code = fill_address(path, &address, error);
    if (code != ERROR_NONE) {
        return code;
    }
    if (group != NULL) {
        code = find_group(group, &gid, error);
        if (code != ERROR_NONE) {
            return code;
        }
    }
    code = lock_folder(path, &folder_fd, error);
    if (code != ERROR_NONE) {
        return code;
    }
    code = remove_stale(&address, error);
    if (code != ERROR_NONE) {
        goto err_after_lock;
    }
    fd = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        code = error_errno(error, ERROR_IO, errno, "Failed making a socket");
        goto err_after_lock;
    }
    code = bind_and_listen(fd, &address, group != NULL, gid, ret_file, error);
    if (code != ERROR_NONE) {
        goto err_after_socket;
    }
    close(folder_fd);
    *ret_fd = fd;
    return ERROR_NONE;

err_after_socket:
    close(fd);
err_after_lock:
    close(folder_fd);
    return code;
}

void http_socket_remove(const char *path, const struct http_socket_file *file)
{
    struct stat status;

    if (lstat(path, &status) != 0 || status.st_dev != file->device ||
        status.st_ino != file->inode) {
        return;
    }
    if (unlink(path) != 0) {
        log_event(LOG_LEVEL_WARNING, "api", "Failed removing the socket", LOG_TEXT("path", path),
                  LOG_TEXT("error", strerror(errno)));
    }
}

int http_socket_peer(const uv_pipe_t *pipe, struct http_peer *ret_peer, struct error *error)
{
    struct ucred credentials;
    socklen_t size = sizeof credentials;
    uv_os_fd_t fd;
    int code = uv_fileno((const uv_handle_t *)pipe, &fd);

    if (code != 0) {
        return error_errno(error, ERROR_IO, -code, "Failed getting a client's descriptor");
    }
    if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0) {
        return error_errno(error, ERROR_IO, errno, "Failed reading a client's credentials");
    }
    *ret_peer =
        (struct http_peer){.pid = credentials.pid, .uid = credentials.uid, .gid = credentials.gid};
    return ERROR_NONE;
}
