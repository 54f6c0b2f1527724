#include "client/envelope.h"

#include <jansson.h>
#include <string.h>

/* Where the scan stands; next == end when all was read. */
struct scan {
    char *next;
    char *end;
};

struct slice {
    char *data; /* NULL: absent. */
    size_t size;
};

static void skip_blanks(struct scan *scan)
{
    while (scan->next < scan->end && memchr(" \t\r\n", *scan->next, 4) != NULL) {
        scan->next++;
    }
}

static bool skip_char(struct scan *scan, char c)
{
    skip_blanks(scan);
    if (scan->next == scan->end || *scan->next != c) {
        return false;
    }
    scan->next++;
    return true;
}

/* The scan stands on the opening quote. */
static bool skip_string(struct scan *scan)
{
    for (char *p = scan->next + 1; p < scan->end; p++) {
        if (*p == '\\') {
            p++;
        } else if (*p == '"') {
            scan->next = p + 1;
            return true;
        }
    }
    return false;
}

/* The scan stands on { or [. That each bracket is closed by its like is left to
 * whoever decodes the value. */
static bool skip_brackets(struct scan *scan)
{
    size_t depth = 0;

    while (scan->next < scan->end) {
        switch (*scan->next) {
        case '"':
            if (!skip_string(scan)) {
                return false;
            }
            continue;
        case '{':
        case '[':
            depth++;
            break;
        case '}':
        case ']':
            depth--;
            break;
        default:
            break;
        }
        scan->next++;
        if (depth == 0) {
            return true;
        }
    }
    return false;
}

static bool skip_word(struct scan *scan)
{
    char *start = scan->next;

    while (scan->next < scan->end && memchr(",}] \t\r\n", *scan->next, 7) == NULL) {
        scan->next++;
    }
    return scan->next > start;
}

static bool scan_value(struct scan *scan, struct slice *ret_slice)
{
    char *start;
    bool ok;

    skip_blanks(scan);
    if (scan->next == scan->end) {
        return false;
    }
    start = scan->next;
    if (*start == '"') {
        ok = skip_string(scan);
    } else if (*start == '{' || *start == '[') {
        ok = skip_brackets(scan);
    } else {
        ok = skip_word(scan);
    }
    if (!ok) {
        return false;
    }
    *ret_slice = (struct slice){start, (size_t)(scan->next - start)};
    return true;
}

static bool slice_is(const struct slice *slice, const char *text)
{
    return slice->data != NULL && slice->size == strlen(text) &&
           memcmp(slice->data, text, slice->size) == 0;
}

/* Decodes a JSON string into OUT; "" if it is another thing. */
static void copy_string(const struct slice *slice, char *out, size_t out_size)
{
    json_t *value = NULL;
    size_t size = 0;

    if (slice->data != NULL) {
        value = json_loadb(slice->data, slice->size, JSON_DECODE_ANY | JSON_ALLOW_NUL, NULL);
    }
    if (json_is_string(value)) {
        const char *text = json_string_value(value);

        size = strlen(text);
        if (size >= out_size) {
            size = out_size - 1;
            while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80) {
                size--;
            }
        }
        memcpy(out, text, size);
    }
    out[size] = '\0';
    json_decref(value);
}

bool envelope_parse(char *text, size_t size, struct envelope *ret_envelope)
{
    struct scan scan = {text, text + size};
    struct slice type = {NULL, 0};
    struct slice error = {NULL, 0};
    struct slice metadata = {NULL, 0};
    struct slice key;
    struct slice value;

    if (!skip_char(&scan, '{')) {
        return false;
    }
    do {
        if (!scan_value(&scan, &key) || key.data[0] != '"' || !skip_char(&scan, ':') ||
            !scan_value(&scan, &value)) {
            return false;
        }
        if (slice_is(&key, "\"type\"")) {
            type = value;
        } else if (slice_is(&key, "\"error\"")) {
            error = value;
        } else if (slice_is(&key, "\"metadata\"")) {
            metadata = value;
        }
    } while (skip_char(&scan, ','));
    if (!skip_char(&scan, '}')) {
        return false;
    }
    skip_blanks(&scan);
    if (scan.next != scan.end || type.data == NULL || type.data[0] != '"') {
        return false;
    }
    ret_envelope->is_error = slice_is(&type, "\"error\"");
    copy_string(&error, ret_envelope->error, sizeof ret_envelope->error);
    ret_envelope->metadata = metadata.data;
    ret_envelope->metadata_size = metadata.size;
    if (metadata.data != NULL) {
        metadata.data[metadata.size] = '\0';
    }
    return true;
}
