/* socket.h - a non-blocking stream socket to an address, with a wake-up.
 *
 * Waiting heeds a context: its deadline, and its cancellation once
 * db_socket_wake() was called. One thread uses a socket; only db_socket_wake()
 * may be called from another. */
#ifndef LBSTATE_DB_SOCKET_H
#define LBSTATE_DB_SOCKET_H

#include "base/error.h"
#include "db/context.h"

#include <stdbool.h>

struct db_socket {
    int fd;      /* -1 when it isn't connected. */
    int wake_fd; /* An eventfd; -1 only before the init and after the close. */
};

int db_socket_init(struct db_socket *socket, struct error *error);
void db_socket_close(struct db_socket *socket);

/* Closes the connection only: the peer sees its end at once, and a wake-up from
 * another thread still finds its descriptor. */
void db_socket_disconnect(struct db_socket *socket);

/* ADDRESS as in struct db_conn_options; names of hosts aren't resolved.
 * ERROR_INVALID: it doesn't parse. ERROR_IO: nobody takes the connection. */
int db_socket_connect(struct db_socket *socket, const char *address,
                      const struct db_context *context, struct error *error);

/* Waits until one of EVENTS (POLLIN, POLLOUT) can be done and says which ones;
 * an error of the socket shows as all of them. */
int db_socket_wait(struct db_socket *socket, short events, const struct db_context *context,
                   short *ret_events, struct error *error);

void db_socket_wake(struct db_socket *socket);

#endif
