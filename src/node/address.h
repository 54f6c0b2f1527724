/* address.h - "host:port" and "[ip]:port". */
#ifndef LBSTATE_NODE_ADDRESS_H
#define LBSTATE_NODE_ADDRESS_H

#include <netdb.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/socket.h>

#define ADDRESS_HOST_SIZE 256
#define ADDRESS_PORT_SIZE 6

/* Takes an address apart, brackets off. False if it is none: a host of no bytes or too many, an
 * IPv6 address without brackets, a port that isn't 0 to 65535. */
bool address_split(const char *address, char ret_host[ADDRESS_HOST_SIZE],
                   char ret_port[ADDRESS_PORT_SIZE]);

/* Of an IPv4 or IPv6 ADDRESS: numeric, with the port; cut if OUT is too small. */
void address_format(const struct sockaddr *address, socklen_t size, char *out, size_t out_size);

#endif
