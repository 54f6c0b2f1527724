/* channel.h - messages of the wire protocol over a socket: what is encoded into
 * the channel's buffer is sent, and one message at a time is received.
 *
 * Sending reads what comes meanwhile, so that two full socket buffers never
 * wait for each other. After any failure but that of channel_receive() with
 * ERROR_CANCELED or ERROR_TIMEOUT the channel is of no more use. */
#ifndef LBSTATE_DB_CHANNEL_H
#define LBSTATE_DB_CHANNEL_H

#include "base/buffer.h"
#include "base/error.h"
#include "db/context.h"
#include "db/socket.h"
#include "db/wire.h"

#include <stdbool.h>
#include <stddef.h>

struct channel {
    struct db_socket socket;
    struct buffer out;   /* Requests are appended here, then channel_send() is called. */
    struct buffer in;    /* Private. */
    size_t in_start;     /* Private: where the first byte stands that wasn't handed out. */
    size_t message_size; /* Private: of the message that was received last. */
};

int channel_init(struct channel *channel, struct error *error);
void channel_close(struct channel *channel);

/* Sends all of channel->out and empties it. Only the deadline of CONTEXT is
 * heeded: half a request can't be taken back. A failure means that at least
 * the last message did not leave whole, so the peer won't execute it. */
int channel_send(struct channel *channel, const struct db_context *context, struct error *error);

/* The next message; it is valid until the next call for this channel. After
 * ERROR_CANCELED or ERROR_TIMEOUT the call can be made again. */
int channel_receive(struct channel *channel, const struct db_context *context,
                    struct wire_message *ret_message, struct error *error);

/* For a message that is too long to be gathered in the channel: first its header, which stays
 * where it is, so that channel_receive() may follow; or channel_receive_bytes(), which takes
 * the next SIZE bytes as they come (the header, too), straight to where they are to be. After
 * any failure of the second the channel is of no more use. */
int channel_peek_header(struct channel *channel, const struct db_context *context,
                        size_t body_size_max, struct wire_header *ret_header, struct error *error);
int channel_receive_bytes(struct channel *channel, const struct db_context *context, void *data,
                          size_t size, struct error *error);

#endif
