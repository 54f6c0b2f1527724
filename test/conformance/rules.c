#include "test/conformance/rules.h"

#include "test/conformance/go_json.h"

#include <arpa/inet.h>
#include <openssl/sha.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OVERLAP "overlaps with another network or NIC"

/* What Go's standard library says, from its first word on. */
static const char *const go_words[] = {"strconv.ParseInt: ", "strconv.ParseUint: ", "json: "};

/* Interfaces of the host on which the transcripts were recorded: Incus lists
 * every interface as an unmanaged network, lbstate has only managed ones. */
static const char *const host_interfaces[] = {"lo", "ovs-netdev", "br-int", "br-ext"};

static void *must(void *memory)
{
    if (memory == NULL) {
        fprintf(stderr, "conformance: out of memory\n");
        abort();
    }
    return memory;
}

static bool starts_with(const char *text, const char *start)
{
    return strncmp(text, start, strlen(start)) == 0;
}

static const char *string_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text == NULL ? "" : text;
}

static bool is_load_balancer(const json_t *value)
{
    return json_object_get(value, "listen_address") != NULL &&
           json_object_get(value, "backends") != NULL;
}

static bool is_network(const json_t *value)
{
    return json_object_get(value, "managed") != NULL && json_object_get(value, "used_by") != NULL;
}

/* ---- Deviation 1: a mistake of the client is 400, or 409 for an overlap. ---- */

static void refuse_as_client_mistake(struct answer *answer)
{
    if (answer->status == 500) {
        answer->status = strstr(string_at(answer->json, "error"), OVERLAP) != NULL ? 409 : 400;
        json_object_set_new(answer->json, "error_code", json_integer(answer->status));
    }
}

/* ---- Deviation 2: empty lists are [], never null. ---- */

static void lists_are_never_null(json_t *lb)
{
    static const char *const keys[] = {"backends", "ports"};

    for (size_t i = 0; i < 2; i++) {
        if (json_is_null(json_object_get(lb, keys[i]))) {
            json_object_set_new(lb, keys[i], json_array());
        }
    }
}

/* ---- Deviation 5: canonical addresses. ---- */

/* TEXT's address as 16 bytes that order IPv4 first; false if it isn't one. */
static bool address_bytes(const char *text, unsigned char bytes[17])
{
    memset(bytes, 0, 17);
    if (inet_pton(AF_INET, text, bytes + 1) == 1) {
        return true;
    }
    bytes[0] = 1;
    return inet_pton(AF_INET6, text, bytes + 1) == 1;
}

/* The listen address of a record, or of a link to one. */
static const char *listen_address_of(const json_t *entry)
{
    const char *link = json_string_value(entry);
    const char *slash = link == NULL ? NULL : strrchr(link, '/');

    return slash == NULL ? string_at(entry, "listen_address") : slash + 1;
}

/* ---- Deviation 7: lists are ordered by listen address, IPv4 first. ---- */

static int compare_entries(const void *a, const void *b)
{
    unsigned char left[17];
    unsigned char right[17];

    address_bytes(listen_address_of(*(json_t *const *)a), left);
    address_bytes(listen_address_of(*(json_t *const *)b), right);
    return memcmp(left, right, sizeof left);
}

static int compare_texts(const void *a, const void *b)
{
    return strcmp(json_string_value(*(json_t *const *)a), json_string_value(*(json_t *const *)b));
}

static void sort_array(json_t *array, int (*compare)(const void *, const void *))
{
    size_t n = json_array_size(array);
    json_t **entries = must(calloc(n + 1, sizeof *entries));

    for (size_t i = 0; i < n; i++) {
        entries[i] = json_incref(json_array_get(array, i));
    }
    qsort(entries, n, sizeof *entries, compare);
    for (size_t i = 0; i < n; i++) {
        json_array_set_new(array, i, entries[i]);
    }
    free(entries);
}

static void order_load_balancers(json_t *list)
{
    size_t i;
    json_t *entry;
    unsigned char bytes[17];

    json_array_foreach(list, i, entry)
    {
        const char *link = json_string_value(entry);

        if ((link == NULL || strstr(link, "/load-balancers/") == NULL) &&
            !is_load_balancer(entry)) {
            return;
        }
        if (!address_bytes(listen_address_of(entry), bytes)) {
            return;
        }
    }
    sort_array(list, compare_entries);
}

/* ---- Deviation 16: our own words where Incus passes on those of Go. ---- */

/* Cuts Go's words off the expected error. The number or word that Go quotes
 * must be in ours, unless Incus itself has named it before. */
static void cut_go_words(struct expected *expected)
{
    static const char quote[] = "parsing \"";
    const char *error = string_at(expected->answer.json, "error");

    for (size_t i = 0; i < sizeof go_words / sizeof *go_words; i++) {
        const char *start = strstr(error, go_words[i]);
        const char *operand;
        char *kept;

        if (start == NULL) {
            continue;
        }
        kept = must(strndup(error, (size_t)(start - error)));
        expected->own_words = true;
        operand = strstr(start, quote);
        if (operand != NULL) {
            char *word;

            operand += strlen(quote);
            word = must(strndup(operand, strcspn(operand, "\"")));
            if (strstr(kept, word) == NULL) {
                expected->own_words_hold = word;
            } else {
                free(word);
            }
        }
        json_object_set_new(expected->answer.json, "error", json_string(kept));
        free(kept);
        return;
    }
}

/* ---- Out of scope: interfaces of the host, profiles. ---- */

static bool is_host_interface(const json_t *entry)
{
    const char *link = json_string_value(entry);
    const char *name = string_at(entry, "name");

    if (link != NULL && starts_with(link, "/1.0/networks/")) {
        name = link + strlen("/1.0/networks/");
    } else if (!json_is_false(json_object_get(entry, "managed"))) {
        return false;
    }
    for (size_t i = 0; i < sizeof host_interfaces / sizeof *host_interfaces; i++) {
        if (strcmp(name, host_interfaces[i]) == 0) {
            return true;
        }
    }
    return false;
}

static void drop_out_of_scope(json_t *metadata)
{
    json_t *used_by = json_object_get(metadata, "used_by");

    for (size_t i = json_array_size(metadata); i-- > 0;) {
        if (is_host_interface(json_array_get(metadata, i))) {
            json_array_remove(metadata, i);
        }
    }
    for (size_t i = json_array_size(used_by); i-- > 0;) {
        const char *user = json_string_value(json_array_get(used_by, i));

        if (user != NULL && starts_with(user, "/1.0/profiles/")) {
            json_array_remove(used_by, i);
        }
    }
}

/* ---- ETags ---- */

char *rules_etag(const json_t *metadata)
{
    unsigned char digest[SHA256_DIGEST_LENGTH];
    char *etag = must(calloc(1, 2 * sizeof digest + 3));
    json_t *fields = NULL;
    char *text;
    size_t size;

    if (is_load_balancer(metadata)) {
        fields =
            json_pack("[O, O, O, O, O]", json_object_get(metadata, "listen_address"),
                      json_object_get(metadata, "description"), json_object_get(metadata, "config"),
                      json_object_get(metadata, "backends"), json_object_get(metadata, "ports"));
    } else if (is_network(metadata)) {
        fields = json_pack("[O, O, O, O, O]", json_object_get(metadata, "name"),
                           json_object_get(metadata, "managed"), json_object_get(metadata, "type"),
                           json_object_get(metadata, "description"),
                           json_object_get(metadata, "config"));
    }
    if (fields == NULL) {
        free(etag);
        return NULL;
    }
    text = go_json_encode(fields, true);
    size = strlen(text);
    text[size++] = '\n'; /* In place of the NUL: Go's encoder ends a value so. */
    SHA256((const unsigned char *)text, size, digest);
    etag[0] = '"';
    for (size_t i = 0; i < sizeof digest; i++) {
        snprintf(etag + 1 + 2 * i, 3, "%02x", digest[i]);
    }
    strcat(etag, "\"");
    free(text);
    json_decref(fields);
    return etag;
}

/* TEXT with each {etag:CASE} and each recorded ETag as it was received. */
static char *with_received_etags(const char *text, const struct etags *etags)
{
    char *result = NULL;
    size_t size = 0;
    FILE *out = must(open_memstream(&result, &size));

    while (*text != '\0') {
        const char *key;
        json_t *value;
        bool replaced = false;

        json_object_foreach(etags->received, key, value)
        {
            if (starts_with(text, key)) {
                fputs(json_string_value(value), out);
                text += strlen(key);
                replaced = true;
                break;
            }
        }
        if (!replaced) {
            fputc(*text++, out);
        }
    }
    fclose(out);
    return must(result);
}

/* ---- Single cases ---- */

static const char *const deviation_members[] = {
    "case", "deviation", "why",     "status",      "error",    "error_start", "error_start_holds",
    "set",  "location",  "used_by", "metadata_of", "metadata", "then"};

void rules_check_deviation(const json_t *deviation)
{
    const char *key;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)deviation, key, value)
    {
        bool known = false;

        for (size_t i = 0; i < sizeof deviation_members / sizeof *deviation_members; i++) {
            known = known || strcmp(key, deviation_members[i]) == 0;
        }
        if (!known) {
            fprintf(stderr, "conformance: deviations.json: member \"%s\" is unknown\n", key);
            exit(1);
        }
    }
    if (string_at(deviation, "case")[0] == '\0' || string_at(deviation, "why")[0] == '\0' ||
        !json_is_integer(json_object_get(deviation, "deviation"))) {
        fprintf(stderr, "conformance: deviations.json: an entry lacks case, deviation or why\n");
        exit(1);
    }
}

static void set_header(struct answer *answer, size_t header, const char *value)
{
    free(answer->headers[header]);
    answer->headers[header] = value == NULL ? NULL : must(strdup(value));
}

static void become_error(struct answer *answer, int status, const char *text)
{
    answer->status = status;
    json_decref(answer->json);
    answer->json = must(json_pack("{s:s, s:s, s:i, s:s, s:i, s:s, s:n}", "type", "error", "status",
                                  "", "status_code", 0, "operation", "", "error_code", status,
                                  "error", text, "metadata"));
    set_header(answer, HEADER_CONTENT_TYPE, "application/json");
    set_header(answer, HEADER_NO_SNIFF, "nosniff");
    set_header(answer, HEADER_LOCATION, NULL);
    set_header(answer, HEADER_ETAG, NULL);
}

static void become_success(struct answer *answer, int status, json_t *metadata)
{
    answer->status = status;
    json_decref(answer->json);
    answer->json = must(json_pack("{s:s, s:s, s:i, s:s, s:i, s:s, s:O}", "type", "sync", "status",
                                  "Success", "status_code", 200, "operation", "", "error_code", 0,
                                  "error", "", "metadata", metadata));
    set_header(answer, HEADER_CONTENT_TYPE, "application/json");
    set_header(answer, HEADER_NO_SNIFF, NULL);
}

/* used_by: {"ovn0": [...]}: for the network of that name, alone or in a list. */
static void set_used_by(json_t *metadata, const json_t *used_by)
{
    json_t *list = json_object_get(used_by, string_at(metadata, "name"));
    json_t *entry;
    size_t i;

    if (list != NULL) {
        json_object_set(metadata, "used_by", list);
    }
    json_array_foreach(metadata, i, entry)
    {
        set_used_by(entry, used_by);
    }
}

static void deviate(const json_t *deviation, const struct transcript *transcript,
                    const struct etags *etags, struct expected *expected)
{
    struct answer *answer = &expected->answer;
    json_t *status = json_object_get(deviation, "status");
    const char *error = json_string_value(json_object_get(deviation, "error"));
    const char *error_start = json_string_value(json_object_get(deviation, "error_start"));
    const char *metadata_of = json_string_value(json_object_get(deviation, "metadata_of"));
    const char *location = json_string_value(json_object_get(deviation, "location"));
    const char *holds = json_string_value(json_object_get(deviation, "error_start_holds"));
    int code = status == NULL ? answer->status : (int)json_integer_value(status);

    if (error != NULL || error_start != NULL) {
        char *text = with_received_etags(error != NULL ? error : error_start, etags);

        become_error(answer, code, text);
        expected->own_words = error_start != NULL;
        if (holds != NULL) {
            free(expected->own_words_hold);
            expected->own_words_hold = must(strdup(holds));
        }
        free(text);
    } else if (metadata_of != NULL) {
        const struct recorded *other = transcript_find(transcript, metadata_of);
        json_t *copy = must(json_deep_copy(json_object_get(other->answer.json, "metadata")));

        become_success(answer, code, copy);
        json_decref(copy);
    } else if (json_object_get(deviation, "metadata") != NULL) {
        become_success(answer, code, json_object_get(deviation, "metadata"));
    }
    if (location != NULL) {
        set_header(answer, HEADER_LOCATION, location);
    }
    json_object_update(json_object_get(answer->json, "metadata"),
                       json_object_get(deviation, "set"));
    set_used_by(json_object_get(answer->json, "metadata"), json_object_get(deviation, "used_by"));
}

/* ---- All together ---- */

static void copy_answer(const struct answer *from, struct answer *to)
{
    memset(to, 0, sizeof *to);
    to->status = from->status;
    for (size_t i = 0; i < N_HEADERS; i++) {
        set_header(to, i, from->headers[i]);
    }
    to->text = must(strdup(from->text));
    to->json = from->json == NULL ? NULL : must(json_deep_copy(from->json));
}

/* The recorded ETag must be the one that our reading of Incus' rule gives, or
 * the expected one would mean nothing. */
static void check_recorded_etag(const struct recorded *recorded)
{
    char *etag = rules_etag(json_object_get(recorded->answer.json, "metadata"));
    const char *expected = recorded->answer.headers[HEADER_ETAG];

    if (etag != NULL && expected != NULL && strcmp(etag, expected) != 0) {
        fprintf(stderr, "conformance: %s: the recorded ETag is %s, computed is %s\n",
                recorded->name, expected, etag);
        exit(1);
    }
    free(etag);
}

void rules_expect(const struct recorded *recorded, const struct transcript *transcript,
                  const json_t *deviation, const struct etags *etags, struct expected *ret_expected)
{
    struct expected expected = {0};
    json_t *metadata;
    const char *error;
    json_t *entry;
    char *etag;
    size_t i;

    check_recorded_etag(recorded);
    copy_answer(&recorded->answer, &expected.answer);
    refuse_as_client_mistake(&expected.answer);
    cut_go_words(&expected);
    error = json_string_value(json_object_get(expected.answer.json, "error"));
    if (error != NULL && strncmp(error, "ETag doesn't match: ", 20) == 0) {
        char *text = with_received_etags(error, etags);

        json_object_set_new(expected.answer.json, "error", json_string(text));
        free(text);
    }
    if (deviation != NULL) {
        deviate(deviation, transcript, etags, &expected);
    }

    metadata = json_object_get(expected.answer.json, "metadata");
    drop_out_of_scope(metadata);
    if (is_load_balancer(metadata)) {
        lists_are_never_null(metadata);
    }
    json_array_foreach(metadata, i, entry)
    {
        if (is_load_balancer(entry)) {
            lists_are_never_null(entry);
        }
    }
    order_load_balancers(metadata);
    etag = rules_etag(metadata);
    expected.computes_etag = etag != NULL && expected.answer.headers[HEADER_ETAG] != NULL;
    free(etag);
    *ret_expected = expected;
}

void expected_close(struct expected *expected)
{
    answer_close(&expected->answer);
    free(expected->own_words_hold);
}

/* ---- What a server draws ---- */

static void mask_member(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    if (text != NULL && text[0] != '\0') {
        json_object_set_new(object, key, json_string("(drawn)"));
    }
}

static void mask_config(json_t *config)
{
    const char *key;
    json_t *value;
    void *next;

    json_object_foreach_safe(config, next, key, value)
    {
        if (starts_with(key, "volatile.")) {
            json_object_del(config, key);
        }
    }
}

/* Columns named "id" of the rows of /internal/sql. */
static void mask_ids(json_t *results)
{
    json_t *result;
    json_t *column;
    json_t *row;
    size_t i;
    size_t j;
    size_t k;

    json_array_foreach(results, i, result)
    {
        json_array_foreach(json_object_get(result, "columns"), j, column)
        {
            if (strcmp(json_string_value(column), "id") != 0) {
                continue;
            }
            json_array_foreach(json_object_get(result, "rows"), k, row)
            {
                if (json_is_integer(json_array_get(row, j))) {
                    json_array_set_new(row, j, json_string("(drawn)"));
                }
            }
        }
    }
}

static void mask_value(json_t *value)
{
    json_t *entry;
    json_t *ovn;
    size_t i;

    if (json_is_array(value)) {
        json_array_foreach(value, i, entry)
        {
            mask_value(entry);
        }
        return;
    }
    mask_config(json_object_get(value, "config"));
    if (json_is_array(json_object_get(value, "used_by"))) {
        sort_array(json_object_get(value, "used_by"), compare_texts);
    }
    mask_ids(json_object_get(value, "Results"));
    /* A network's state. */
    if (json_object_get(value, "hwaddr") != NULL && json_object_get(value, "mtu") != NULL) {
        mask_member(value, "hwaddr");
        ovn = json_object_get(value, "ovn");
        mask_member(ovn, "chassis");
        mask_member(ovn, "logical_router");
        mask_member(ovn, "logical_switch");
        mask_member(ovn, "uplink_ipv4");
        mask_member(ovn, "uplink_ipv6");
    }
}

void rules_mask(json_t *body)
{
    mask_value(json_object_get(body, "metadata"));
}
