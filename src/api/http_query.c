/* Looking things up in a request. */
#include "api/http.h"

#include <string.h>
#include <strings.h>

const char *http_header_get(const struct http_request *request, const char *name)
{
    for (size_t i = 0; i < request->n_headers; i++) {
        if (strcasecmp(request->headers[i].name, name) == 0) {
            return request->headers[i].value;
        }
    }
    return NULL;
}

/* -1 if it is no digit. */
static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    if (c >= 'a' && c <= 'f') {
        return c - 'a' + 10;
    }
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char *http_percent_decode(struct arena *arena, const char *text, size_t size, bool plus_is_blank)
{
    char *decoded = size == SIZE_MAX ? NULL : arena_alloc(arena, size + 1);
    char *out = decoded;

    if (decoded == NULL) {
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        char c = text[i];

        if (c == '%') {
            int high = i + 1 < size ? hex_digit(text[i + 1]) : -1;
            int low = i + 2 < size ? hex_digit(text[i + 2]) : -1;

            if (high < 0 || low < 0) {
                return NULL;
            }
            c = (char)(high * 16 + low);
            i += 2;
        } else if (c == '+' && plus_is_blank) {
            c = ' ';
        }
        if (c == '\0') {
            return NULL;
        }
        *out++ = c;
    }
    *out = '\0';
    return decoded;
}

/* True if SIZE bytes of KEY, decoded, are NAME. */
static bool key_is(struct arena *arena, const char *key, size_t size, const char *name)
{
    const char *decoded;

    if (memchr(key, '%', size) == NULL && memchr(key, '+', size) == NULL) {
        return strlen(name) == size && memcmp(key, name, size) == 0;
    }
    decoded = http_percent_decode(arena, key, size, true);
    return decoded != NULL && strcmp(decoded, name) == 0;
}

const char *http_query_get(struct http_request *request, const char *name)
{
    const char *pair = request->query;

    for (;;) {
        size_t size = strcspn(pair, "&");
        const char *equals = memchr(pair, '=', size);
        size_t key_size = equals == NULL ? size : (size_t)(equals - pair);

        if (size > 0 && key_is(&request->arena, pair, key_size, name)) {
            const char *value = equals == NULL ? pair + size : equals + 1;
            size_t value_size = size - (size_t)(value - pair);
            const char *decoded = http_percent_decode(&request->arena, value, value_size, true);

            /* A parameter that can't be decoded counts as absent. */
            if (decoded != NULL) {
                return decoded;
            }
        }
        if (pair[size] == '\0') {
            return NULL;
        }
        pair += size + 1;
    }
}
