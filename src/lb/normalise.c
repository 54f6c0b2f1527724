#include "lb/normalise.h"

#include "lb/ip.h"
#include "lb/text.h"

#include <string.h>

bool normalise_text(const char **text, struct arena *arena)
{
    const char *start;
    size_t size;

    if (*text == NULL) {
        *text = "";
        return true;
    }
    start = text_trim(*text, &size);
    if (size != strlen(*text)) {
        *text = arena_memdup(arena, start, size);
    }
    return *text != NULL;
}

bool normalise_address(const char **text, struct arena *arena)
{
    char canonical[IP_TEXT_SIZE];
    struct ip ip;

    if (!normalise_text(text, arena)) {
        return false;
    }
    if (ip_parse(*text, &ip)) {
        ip_format(&ip, canonical);
        if (strcmp(canonical, *text) != 0) {
            *text = arena_strdup(arena, canonical);
        }
    }
    return *text != NULL;
}

bool normalise_list(const char **text, struct arena *arena)
{
    struct text_list list;
    const char *element;
    char *joined;
    size_t used = 0;
    bool first = true;

    if (*text == NULL) {
        *text = "";
        return true;
    }
    if (!text_has_space(*text)) {
        return true;
    }
    if (!text_list_init(&list, *text)) {
        return false;
    }
    joined = arena_alloc(arena, strlen(*text) + 1);
    if (joined != NULL) {
        while ((element = text_list_next(&list)) != NULL) {
            size_t size = strlen(element);

            if (!first) {
                joined[used++] = ',';
            }
            first = false;
            memcpy(joined + used, element, size);
            used += size;
        }
        joined[used] = '\0';
    }
    text_list_close(&list);
    *text = joined;
    return joined != NULL;
}

void normalise_or_empty(const char **text)
{
    if (*text == NULL) {
        *text = "";
    }
}
