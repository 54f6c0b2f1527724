#include "node/address.h"

#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static bool is_port(const char *text)
{
    size_t size = strspn(text, "0123456789");
    unsigned port = 0;

    if (size == 0 || size >= ADDRESS_PORT_SIZE || text[size] != '\0') {
        return false;
    }
    for (; *text != '\0'; text++) {
        port = port * 10 + (unsigned)(*text - '0');
    }
    return port <= UINT16_MAX;
}

bool address_split(const char *address, char ret_host[ADDRESS_HOST_SIZE],
                   char ret_port[ADDRESS_PORT_SIZE])
{
    const char *colon = strrchr(address, ':');
    size_t size;

    if (colon == NULL || !is_port(colon + 1)) {
        return false;
    }
    size = (size_t)(colon - address);
    if (size >= 2 && address[0] == '[' && colon[-1] == ']') {
        address++;
        size -= 2;
    } else if (memchr(address, ':', size) != NULL) {
        return false;
    }
    if (size == 0 || size >= ADDRESS_HOST_SIZE) {
        return false;
    }
    memcpy(ret_host, address, size);
    ret_host[size] = '\0';
    memcpy(ret_port, colon + 1, strlen(colon + 1) + 1);
    return true;
}

void address_format(const struct sockaddr *address, socklen_t size, char *out, size_t out_size)
{
    char host[NI_MAXHOST];
    char port[ADDRESS_PORT_SIZE];
    bool bracket = address->sa_family == AF_INET6;

    if (getnameinfo(address, size, host, sizeof host, port, sizeof port,
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0) {
        out[0] = '\0';
        return;
    }
    snprintf(out, out_size, "%s%s%s:%s", bracket ? "[" : "", host, bracket ? "]" : "", port);
}
