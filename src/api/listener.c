#include "api/listener.h"

#include "api/response.h"
#include "lb/ip.h"

void listener_created(struct api_call *call, listener_url_append append, const char *network,
                      const char *listen_address, const struct store_request *done)
{
    char address[IP_TEXT_SIZE];
    struct buffer url = {0};
    struct error error;
    struct ip ip;

    /* It was accepted, so it parses. */
    if (!ip_parse(listen_address, &ip)) {
        error_set(&error, ERROR_INTERNAL, "The listen address doesn't parse any more");
        response_error(call, &error);
        return;
    }
    ip_format(&ip, address);
    append(&url, done->result, network, address);
    response_created(call, &url, done->revision);
}
