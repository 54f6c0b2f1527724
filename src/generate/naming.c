#include "generate/naming.h"

#include "generate/memory.h"

#include <string.h>

static bool is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static char to_lower(char c)
{
    return is_upper(c) ? (char)(c - 'A' + 'a') : c;
}

static char to_upper(char c)
{
    return is_lower(c) ? (char)(c - 'a' + 'A') : c;
}

static bool ends_with(const char *text, size_t size, const char *suffix)
{
    size_t suffix_size = strlen(suffix);

    return size >= suffix_size && memcmp(text + size - suffix_size, suffix, suffix_size) == 0;
}

const char *naming_snake(struct arena *arena, const char *text, size_t size)
{
    struct buffer buffer = {0};

    if (size == 0 || !is_upper(text[0])) {
        return NULL;
    }
    for (size_t i = 0; i < size; i++) {
        bool next_is_lower = i + 1 < size && is_lower(text[i + 1]);

        if (!is_upper(text[i]) && !is_lower(text[i]) && !is_digit(text[i])) {
            buffer_close(&buffer);
            return NULL;
        }
        /* A run of capitals is one word, whose last letter may start the next. */
        if (i > 0 && is_upper(text[i]) && (!is_upper(text[i - 1]) || next_is_lower)) {
            buffer_append_char(&buffer, '_');
        }
        buffer_append_char(&buffer, to_lower(text[i]));
    }
    return memory_from_buffer(arena, &buffer);
}

const char *naming_pascal(struct arena *arena, const char *name)
{
    struct buffer buffer = {0};

    while (*name != '\0') {
        size_t size = strcspn(name, "_");

        if (size == 2 && memcmp(name, "id", 2) == 0) {
            buffer_append_string(&buffer, "ID");
        } else if (size > 0) {
            buffer_append_char(&buffer, to_upper(name[0]));
            buffer_append(&buffer, name + 1, size - 1);
        }
        name += size;
        name += *name == '_';
    }
    return memory_from_buffer(arena, &buffer);
}

static void append_plural(struct buffer *buffer, const char *part, size_t size)
{
    char before_last = size > 1 ? part[size - 2] : '\0';

    if (ends_with(part, size, "ty") || ends_with(part, size, "ly") ||
        ends_with(part, size, "config")) {
        buffer_append(buffer, part, size);
    } else if (ends_with(part, size, "ch") || ends_with(part, size, "sh") ||
               ends_with(part, size, "ss")) {
        buffer_append(buffer, part, size);
        buffer_append_string(buffer, "es");
    } else if (ends_with(part, size, "y") && before_last != '\0' &&
               strchr("aeiou", before_last) == NULL) {
        buffer_append(buffer, part, size - 1);
        buffer_append_string(buffer, "ies");
    } else {
        buffer_append(buffer, part, size);
        buffer_append_char(buffer, 's');
    }
}

const char *naming_plural(struct arena *arena, const char *name)
{
    struct buffer buffer = {0};

    for (;;) {
        size_t size = strcspn(name, "_");

        append_plural(&buffer, name, size);
        if (name[size] == '\0') {
            return memory_from_buffer(arena, &buffer);
        }
        buffer_append_char(&buffer, '_');
        name += size + 1;
    }
}

const char *naming_singular(struct arena *arena, const char *name)
{
    size_t size = strlen(name);

    if (ends_with(name, size, "ies")) {
        return memory_printf(arena, "%.*sy", (int)(size - strlen("ies")), name);
    }
    if (ends_with(name, size, "ches") || ends_with(name, size, "shes") ||
        ends_with(name, size, "sses")) {
        return memory_copy(arena, name, size - strlen("es"));
    }
    return memory_copy(arena, name, size - (ends_with(name, size, "s") ? 1 : 0));
}

const char *naming_title(struct arena *arena, const char *name)
{
    char *title = memory_copy(arena, name, strlen(name));

    for (char *c = title; *c != '\0'; c++) {
        if (*c == '_') {
            *c = ' ';
        }
    }
    title[0] = to_upper(title[0]);
    return title;
}

const char *naming_macro(struct arena *arena, const char *text)
{
    char *macro = memory_copy(arena, text, strlen(text));

    for (char *c = macro; *c != '\0'; c++) {
        *c = is_lower(*c) || is_upper(*c) || is_digit(*c) ? to_upper(*c) : '_';
    }
    return macro;
}

bool naming_is_snake(const char *name)
{
    if (!is_lower(name[0])) {
        return false;
    }
    for (const char *c = name; *c != '\0'; c++) {
        if (!is_lower(*c) && !is_digit(*c) && *c != '_') {
            return false;
        }
    }
    return true;
}
