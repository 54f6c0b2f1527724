/* list.h - answers GET of a collection: with links, or with recursion= the records
 * themselves; with filter= only of those that it lets through. */
#ifndef LBSTATE_API_LIST_H
#define LBSTATE_API_LIST_H

#include "api/api.h"
#include "lb/filter.h"

struct list {
    const struct filter_field *fields; /* What write_record() writes. */
    void (*write_record)(struct json_writer *w, const struct store_request *done, size_t i);
    void (*append_url)(struct buffer *url, const struct store_request *done, size_t i);
};

/* N_RECORDS is how many DONE has. */
void list_send(struct api_call *call, const struct list *list, const struct store_request *done,
               size_t n_records);

#endif
