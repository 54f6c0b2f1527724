/* Fields that are no columns, and C around the structs that the generator skips. */
#ifndef TEST_GOLDEN_IGNORE_H
#define TEST_GOLDEN_IGNORE_H

#include "db/entity.h"

#include <stddef.h>
#include <stdint.h>

//generate-database:mapper target expect.mapper
//generate-database:mapper stmt -e page objects-by-Name
//generate-database:mapper stmt -e page create
//generate-database:mapper method -e page GetOne
//generate-database:mapper method -e page Create

#define PAGE_SIZE(lines)                                                                           \
    ((lines) * 80) /* } struct page { */

/* struct page { int this_is_a_comment; }; */
typedef int page_callback(const char *text);

struct other {
    int whatever[10];
    struct {
        unsigned flag : 1;
    } inner;
};

static inline const char *page_brace(void)
{
    return "struct page {";
}

struct page {
    int64_t id;       // An ordinary comment.
    const char *name; /* Of a block. */ //db: primary=yes
    struct other *others; //db: ignore
    size_t n_others;
    const char *rendered; //db: ignore
    // A comment between fields.
    int64_t lines;
};

struct page_filter {
    struct opt_str name;
};

#endif
