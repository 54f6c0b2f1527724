/* http_socket.h - the socket's file: made with the right mode from its first
 * moment, taken over from a dead process, never from a live one. */
#ifndef LBSTATE_API_HTTP_SOCKET_H
#define LBSTATE_API_HTTP_SOCKET_H

#include "api/http.h"

#include <sys/types.h>

/* Which file it was that we made. */
struct http_socket_file {
    dev_t device;
    ino_t inode;
};

/* Returns a listening, non-blocking socket, which is the caller's. GROUP may be
 * NULL. For errors see http_server_start(). */
int http_socket_listen(const char *path, const char *group, int *ret_fd,
                       struct http_socket_file *ret_file, struct error *error);

/* Removes the file if it still is the one that we made. */
void http_socket_remove(const char *path, const struct http_socket_file *file);

/* Who was at the other end when it connected. */
int http_socket_peer(const uv_pipe_t *pipe, struct http_peer *ret_peer, struct error *error);

#endif
