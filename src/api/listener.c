#include "api/listener.h"

#include "api/lifecycle.h"
#include "api/response.h"
#include "lb/ip.h"

/* The URL has the canonical form of the address, which parses: it was accepted. */
static void append_url(struct buffer *url, listener_url_append append, const char *project,
                       const char *network, const char *listen_address)
{
    char address[IP_TEXT_SIZE];
    struct ip ip;

    if (ip_parse(listen_address, &ip)) {
        ip_format(&ip, address);
        listen_address = address;
    }
    append(url, project, network, listen_address);
}

void listener_publish(struct api_call *call, const struct store_request *done, const char *action,
                      listener_url_append append, const char *network, const char *listen_address)
{
    struct buffer url = {0};

    append_url(&url, append, done->result, network, listen_address);
    lifecycle_publish(call, done, action, done->result, &url, NULL);
}

void listener_created(struct api_call *call, listener_url_append append, const char *network,
                      const char *listen_address, const struct store_request *done)
{
    struct buffer url = {0};

    append_url(&url, append, done->result, network, listen_address);
    response_created(call, &url, done->revision);
}
