#include "api/list.h"

#include "api/response.h"

/* What a filter sees is what the client would get. */
static int passes(const struct list *list, const struct store_request *done, size_t i,
                  const struct filter *filter, bool *ret_passes, struct error *error)
{
    struct buffer record = {0};
    struct json_writer w;
    int rv;

    json_writer_init(&w, &record, false);
    list->write_record(&w, done, i);
    if (buffer_failed(&record)) {
        rv = error_no_memory(error);
    } else {
        rv = filter_match(filter, record.data, record.size, ret_passes, error);
    }
    buffer_close(&record);
    return rv;
}

void list_send(struct api_call *call, const struct list *list, const struct store_request *done,
               size_t n_records)
{
    bool recursive = api_is_recursive(call);
    struct filter *filter = NULL;
    struct response response;
    struct buffer url = {0};
    struct error error;
    int rv;

    response_begin(&response);
    rv = filter_parse(http_query_get(call->http, "filter"), list->fields, &filter, &error);
    json_write_array_begin(&response.json);
    for (size_t i = 0; rv == ERROR_NONE && i < n_records; i++) {
        bool wanted = true;

        if (filter != NULL) {
            rv = passes(list, done, i, filter, &wanted, &error);
        }
        if (rv != ERROR_NONE || !wanted) {
            continue;
        }
        if (recursive) {
            list->write_record(&response.json, done, i);
        } else {
            buffer_reset(&url);
            list->append_url(&url, done, i);
            json_write_string_n(&response.json, url.data, url.size);
        }
    }
    json_write_array_end(&response.json);
    if (buffer_failed(&url)) {
        rv = error_no_memory(&error);
    }
    buffer_close(&url);
    filter_close(filter);
    if (rv == ERROR_NONE) {
        response_send(&response, call, NULL, done->revision);
    } else {
        response_discard(&response);
        response_error(call, &error);
    }
}
