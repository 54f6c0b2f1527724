#include "api/used_by.h"

#include "api/url.h"

void used_by_to_json(struct json_writer *w, const struct store_user *users, size_t n_users)
{
    struct buffer url = {0};

    json_write_array_begin(w);
    for (size_t i = 0; i < n_users; i++) {
        buffer_reset(&url);
        if (users[i].listen_address == NULL) {
            url_append_network(&url, users[i].project, users[i].network);
        } else if (users[i].kind == STORE_LISTENER_FORWARD) {
            url_append_forward(&url, users[i].project, users[i].network, users[i].listen_address);
        } else {
            url_append_load_balancer(&url, users[i].project, users[i].network,
                                     users[i].listen_address);
        }
        json_write_string_n(w, url.data, url.size);
    }
    json_write_array_end(w);
    buffer_close(&url);
}
