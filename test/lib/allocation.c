#include "test/lib/allocation.h"

#include <curl/curl.h>
#include <jansson.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *old, size_t size);
void *__real_reallocarray(void *old, size_t count, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);
void __real_free(void *memory);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *old, size_t size);
void *__wrap_reallocarray(void *old, size_t count, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);
void __wrap_free(void *memory);
json_t *__real_json_loadb(const char *text, size_t size, size_t flags, json_error_t *error);
json_t *__real_json_loads(const char *text, size_t flags, json_error_t *error);
json_t *__wrap_json_loadb(const char *text, size_t size, size_t flags, json_error_t *error);
json_t *__wrap_json_loads(const char *text, size_t flags, json_error_t *error);

static _Thread_local bool armed;
static _Thread_local unsigned n_left;
static _Thread_local enum allocation_failure failure;
static _Thread_local long n_live;

static sqlite3_mem_methods sqlite_methods; /* Those that it had. */

static bool fails_now(enum allocation_failure whose)
{
    if (!armed) {
        return false;
    }
    if (n_left > 0) {
        n_left--;
        return false;
    }
    armed = false;
    failure = whose;
    return true;
}

/* Counts MEMORY, new or in the place of OLD. */
static void *counted(void *memory, const void *old)
{
    n_live += memory != NULL && old == NULL;
    return memory;
}

void *__wrap_malloc(size_t size)
{
    return fails_now(ALLOCATION_OURS) ? NULL : counted(__real_malloc(size), NULL);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails_now(ALLOCATION_OURS) ? NULL : counted(__real_calloc(count, size), NULL);
}

void *__wrap_realloc(void *old, size_t size)
{
    bool is_new = old == NULL;
    void *memory = fails_now(ALLOCATION_OURS) ? NULL : __real_realloc(old, size);

    n_live += is_new && memory != NULL;
    return memory;
}

void *__wrap_reallocarray(void *old, size_t count, size_t size)
{
    bool is_new = old == NULL;
    void *memory = fails_now(ALLOCATION_OURS) ? NULL : __real_reallocarray(old, count, size);

    n_live += is_new && memory != NULL;
    return memory;
}

char *__wrap_strdup(const char *text)
{
    return fails_now(ALLOCATION_OURS) ? NULL : counted(__real_strdup(text), NULL);
}

char *__wrap_strndup(const char *text, size_t size)
{
    return fails_now(ALLOCATION_OURS) ? NULL : counted(__real_strndup(text, size), NULL);
}

void __wrap_free(void *memory)
{
    n_live -= memory != NULL;
    __real_free(memory);
}

static void *library_malloc(size_t size)
{
    return fails_now(ALLOCATION_LIBRARY) ? NULL : counted(__real_malloc(size), NULL);
}

static void *library_calloc(size_t count, size_t size)
{
    return fails_now(ALLOCATION_LIBRARY) ? NULL : counted(__real_calloc(count, size), NULL);
}

static void *library_realloc(void *old, size_t size)
{
    bool is_new = old == NULL;
    void *memory = fails_now(ALLOCATION_LIBRARY) ? NULL : __real_realloc(old, size);

    n_live += is_new && memory != NULL;
    return memory;
}

static char *library_strdup(const char *text)
{
    return fails_now(ALLOCATION_LIBRARY) ? NULL : counted(__real_strdup(text), NULL);
}

/* jansson's parser doesn't survive a lack of memory (2.14 reads past the end of a
 * token), which is for it to mend: a text is parsed wholly or not at all here. */
static bool begin_parse(json_error_t *error, bool *ret_armed)
{
    if (fails_now(ALLOCATION_LIBRARY)) {
        if (error != NULL) {
            *error = (json_error_t){.line = -1, .text = "no memory in jansson"};
        }
        return false;
    }
    *ret_armed = armed;
    armed = false;
    return true;
}

json_t *__wrap_json_loadb(const char *text, size_t size, size_t flags, json_error_t *error)
{
    bool was_armed;
    json_t *value = NULL;

    if (begin_parse(error, &was_armed)) {
        value = __real_json_loadb(text, size, flags, error);
        armed = was_armed;
    }
    return value;
}

json_t *__wrap_json_loads(const char *text, size_t flags, json_error_t *error)
{
    bool was_armed;
    json_t *value = NULL;

    if (begin_parse(error, &was_armed)) {
        value = __real_json_loads(text, flags, error);
        armed = was_armed;
    }
    return value;
}

/* SQLite counts by itself. */
static void *sqlite_malloc(int size)
{
    return fails_now(ALLOCATION_LIBRARY) ? NULL : sqlite_methods.xMalloc(size);
}

static void *sqlite_realloc(void *old, int size)
{
    return fails_now(ALLOCATION_LIBRARY) ? NULL : sqlite_methods.xRealloc(old, size);
}

void allocation_init(void)
{
    sqlite3_mem_methods methods;

    json_set_alloc_funcs(library_malloc, __wrap_free);
    if (curl_global_init_mem(CURL_GLOBAL_DEFAULT, library_malloc, __wrap_free, library_realloc,
                             library_strdup, library_calloc) != CURLE_OK ||
        sqlite3_config(SQLITE_CONFIG_GETMALLOC, &sqlite_methods) != SQLITE_OK) {
        abort();
    }
    methods = sqlite_methods;
    methods.xMalloc = sqlite_malloc;
    methods.xRealloc = sqlite_realloc;
    if (sqlite3_config(SQLITE_CONFIG_MALLOC, &methods) != SQLITE_OK) {
        abort();
    }
}

void allocation_fail_after(unsigned n)
{
    n_left = n;
    failure = ALLOCATION_NONE;
    armed = true;
}

enum allocation_failure allocation_end(void)
{
    armed = false;
    return failure;
}

long allocation_n_live(void)
{
    return n_live + (sqlite3_memory_used() > 0 ? (long)sqlite3_memory_used() : 0);
}
