/* ws_client.h - the WebSocket client of the tests: RFC 6455 as a client sees it,
 * byte by byte, so that a test can also break its rules. It shares no code with the
 * product. Each wait ends the test after a minute. */
#ifndef LBSTATE_TEST_LIB_WS_CLIENT_H
#define LBSTATE_TEST_LIB_WS_CLIENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ws_opcode {
    WS_CONTINUATION = 0x0,
    WS_TEXT = 0x1,
    WS_BINARY = 0x2,
    WS_CLOSE = 0x8,
    WS_PING = 0x9,
    WS_PONG = 0xa
};

struct ws_frame {
    enum ws_opcode opcode;
    char *data; /* With a NUL beyond its size. */
    size_t size;
};

/* Connects and asks to upgrade PATH. Returns the socket if the server agreed, and
 * proved that it read the key; -1 with the answer's head and body in RET_ANSWER (a new
 * string, unless that is NULL) if not. */
int ws_connect(const char *socket_path, const char *path, char **ret_answer);

/* The next frame; its data is the caller's. Opcode WS_CLOSE with data NULL: the server
 * closed the socket. */
void ws_read(int fd, struct ws_frame *ret_frame);

/* The next text, answering pings on the way, as a new string. Fails the test if
 * anything else comes. */
char *ws_read_text(int fd);

/* Reads until a close frame of CODE and REASON (NULL: any) comes, past all else. */
void ws_expect_close(int fd, unsigned code, const char *reason);

/* One frame, masked as clients must. */
void ws_send(int fd, enum ws_opcode opcode, const void *data, size_t size);
void ws_send_raw(int fd, const void *bytes, size_t size);

#endif
