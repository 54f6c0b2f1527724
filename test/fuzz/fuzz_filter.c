/* Reads the input as a filter and lets it judge a record, whatever it says. */
#include "lb/filter.h"

#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(CONDITION)                                                                           \
    do {                                                                                           \
        if (!(CONDITION)) {                                                                        \
            fprintf(stderr, "%s:%d: %s does not hold\n", __FILE__, __LINE__, #CONDITION);          \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct filter_field part_fields[] = {
    {.name = "name", .type = FILTER_STRING},
    {.name = "words", .type = FILTER_STRINGS},
    {0},
};

static const struct filter_field fields[] = {
    {.name = "name", .type = FILTER_STRING},
    {.name = "description", .type = FILTER_STRING},
    {.name = "managed", .type = FILTER_BOOL},
    {.name = "size", .type = FILTER_INTEGER},
    {.name = "words", .type = FILTER_STRINGS},
    {.name = "config", .type = FILTER_MAP},
    {.name = "parts", .type = FILTER_OBJECTS, .fields = part_fields},
    {0},
};

static const char record[] =
    "{\"name\":\"a\",\"description\":\"two words\",\"managed\":true,\"size\":12,"
    "\"words\":[\"a\",\"b\"],\"config\":{\"user.foo\":\"bar\",\"user.baz\":"
    "\"aaaaaaaaaaaaaaaaaaaa\"},"
    "\"parts\":[{\"name\":\"p1\",\"words\":[]},{\"name\":\"p2\",\"words\":[\"x\"]}]}";

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct error error = ERROR_INIT;
    char *text = malloc(size + 1);
    struct filter *filter;
    bool again;
    bool matches;

    CHECK(text != NULL);
    memcpy(text, data, size);
    text[size] = '\0';
    if (filter_parse(text, fields, &filter, &error) != ERROR_NONE) {
        CHECK(error.code == ERROR_INVALID && error.message[0] != '\0');
        CHECK(utf8_valid(error.message, strlen(error.message)));
    } else if (filter != NULL) {
        CHECK(filter_match(filter, record, sizeof record - 1, &matches, &error) == ERROR_NONE);
        CHECK(filter_match(filter, record, sizeof record - 1, &again, &error) == ERROR_NONE);
        CHECK(matches == again);
        filter_close(filter);
    } else {
        CHECK(text[strspn(text, " \t\n\v\f\r")] == '\0' || (unsigned char)text[0] >= 0x80 ||
              strchr(" \t\n\v\f\r", text[0]) != NULL);
    }
    free(text);
    return 0;
}
