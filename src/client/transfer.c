#include "client/transfer.h"

#include "base/clock.h"
#include "client/envelope.h"
#include "client/fail.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* The host is never looked up; Incus' client sends the same one. */
#define URL "http://unix.socket"

#define ETAG_SIZE_MAX 256

/* Bytes that may stand in a header field or a request target. */
static bool printable(const char *text, bool allow_blank)
{
    for (const char *p = text; *p != '\0'; p++) {
        unsigned char c = (unsigned char)*p;

        if (c < 0x20 || c >= 0x7f || (c == ' ' && !allow_blank)) {
            return false;
        }
    }
    return true;
}

static int check_request(const struct lbstate_request *request, struct lbstate_error *error)
{
    static const char *const methods[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    bool known = false;

    for (size_t i = 0; request->method != NULL && i < sizeof methods / sizeof methods[0]; i++) {
        known = known || strcmp(methods[i], request->method) == 0;
    }
    if (!known) {
        return client_fail(error, LBSTATE_INVALID,
                           "The method is none of GET, POST, PUT, PATCH "
                           "and DELETE");
    }
    if (request->path == NULL || request->path[0] != '/' || !printable(request->path, false) ||
        strchr(request->path, '#') != NULL) {
        return client_fail(error, LBSTATE_INVALID,
                           "The path must start with / and be percent-encoded");
    }
    if (strlen(request->path) > LBSTATE_PATH_SIZE_MAX) {
        return client_fail(error, LBSTATE_INVALID, "The path is longer than %d bytes",
                           LBSTATE_PATH_SIZE_MAX);
    }
    if (request->project != NULL &&
        (request->project[0] == '\0' || strlen(request->project) > TRANSFER_NAME_SIZE_MAX)) {
        return client_fail(error, LBSTATE_INVALID,
                           "The name of the project must have 1 to %d bytes",
                           TRANSFER_NAME_SIZE_MAX);
    }
    if (request->if_match != NULL &&
        (!printable(request->if_match, true) || strlen(request->if_match) > ETAG_SIZE_MAX)) {
        return client_fail(error, LBSTATE_INVALID, "The etag is none that the daemon gave");
    }
    if (request->timeout_ms > LBSTATE_TIMEOUT_MAX_MS) {
        return client_fail(error, LBSTATE_INVALID, "The timeout is longer than a day");
    }
    if (request->body != NULL && strlen(request->body) > LBSTATE_BODY_SIZE_MAX) {
        return client_fail(error, LBSTATE_TOO_LARGE,
                           "The request is larger than the %d bytes that the daemon takes",
                           LBSTATE_BODY_SIZE_MAX);
    }
    return LBSTATE_OK;
}

static size_t take_answer(char *data, size_t size, size_t count, void *user_data)
{
    struct transfer *transfer = user_data;

    (void)size; /* Always 1. */
    if (count > transfer->settings->answer_size - transfer->answer.size) {
        transfer->answer_too_large = true;
        return 0;
    }
    buffer_append(&transfer->answer, data, count);
    return buffer_failed(&transfer->answer) ? 0 : count;
}

static bool add_header(struct transfer *transfer, const char *name, const char *value)
{
    struct buffer line = {0};
    struct curl_slist *list = NULL;
    const char *text;

    buffer_printf(&line, value[0] != '\0' ? "%s: %s" : "%s:%s", name, value);
    text = buffer_string(&line);
    if (text != NULL) {
        list = curl_slist_append(transfer->headers, text);
    }
    buffer_close(&line);
    if (list == NULL) {
        return false;
    }
    transfer->headers = list;
    return true;
}

static bool set_headers(struct transfer *transfer, const struct lbstate_request *request)
{
    if (transfer->body != NULL && !add_header(transfer, "Content-Type", "application/json")) {
        return false;
    }
    if (request->if_match != NULL && !add_header(transfer, "If-Match", request->if_match)) {
        return false;
    }
    /* curl would otherwise ask for leave before it sends a large body. */
    return add_header(transfer, "Expect", "");
}

/* Adds NAME=VALUE to the query of TARGET; returns false if memory is lacking. */
static bool add_query(struct transfer *transfer, struct buffer *target, const char *name,
                      const char *value)
{
    char *escaped = curl_easy_escape(transfer->easy, value, 0);
    const char *so_far = buffer_string(target);

    if (escaped != NULL && so_far != NULL) {
        buffer_printf(target, "%c%s=%s", strchr(so_far, '?') == NULL ? '?' : '&', name, escaped);
    }
    curl_free(escaped);
    return escaped != NULL && so_far != NULL;
}

/* The path and its query go out as they are: curl parses them in no case, and so
 * can't lose the query where memory is lacking, as curl 7.88 does. */
static bool set_target(struct transfer *transfer, const struct lbstate_request *request)
{
    const struct transfer_settings *settings = transfer->settings;
    const char *project = request->project != NULL ? request->project : settings->project;
    struct buffer target = {0};
    const char *text;
    bool ok;

    buffer_append_string(&target, request->path);
    ok = (project == NULL || add_query(transfer, &target, "project", project)) &&
         (settings->target == NULL || add_query(transfer, &target, "target", settings->target));
    text = buffer_string(&target);
    ok = ok && text != NULL &&
         curl_easy_setopt(transfer->easy, CURLOPT_REQUEST_TARGET, text) == CURLE_OK &&
         curl_easy_setopt(transfer->easy, CURLOPT_URL, URL) == CURLE_OK;
    buffer_close(&target);
    return ok;
}

/* What has to be said against curl's ways: it listens to the environment's
 * proxies and installs signal handlers. */
static bool set_options(struct transfer *transfer, const struct lbstate_request *request)
{
    CURL *easy = transfer->easy;
    const struct transfer_settings *settings = transfer->settings;
    bool ok = true;

    ok = ok && curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, settings->socket) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_PROXY, "") == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http") == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_USERAGENT, settings->user_agent) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request->method) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->headers) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_WRITEDATA, transfer) == CURLE_OK;
    ok = ok && curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer) == CURLE_OK;
    if (transfer->body != NULL) {
        ok = ok && curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                                    (curl_off_t)strlen(transfer->body)) == CURLE_OK;
        ok = ok && curl_easy_setopt(easy, CURLOPT_POSTFIELDS, transfer->body) == CURLE_OK;
    }
    if (transfer->writes) {
        /* When a kept connection turns out to be dead, curl sends the request
         * again by itself, though it may have been carried out already. On a
         * fresh connection it never does. */
        ok = ok && curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L) == CURLE_OK;
        ok = ok && curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L) == CURLE_OK;
    }
    return ok;
}

int transfer_new(const struct transfer_settings *settings, const struct lbstate_request *request,
                 struct transfer **ret_transfer, struct lbstate_error *error)
{
    struct transfer *transfer;
    int rv = check_request(request, error);

    if (rv != LBSTATE_OK) {
        return rv;
    }
    transfer = calloc(1, sizeof *transfer);
    if (transfer == NULL) {
        return client_no_memory(error);
    }
    queue_init(&transfer->link);
    transfer->settings = settings;
    transfer->timeout_ms = request->timeout_ms != 0 ? request->timeout_ms : settings->timeout_ms;
    transfer->writes = strcmp(request->method, "GET") != 0;
    transfer->raw = request->raw != 0;
    transfer->easy = curl_easy_init();
    if (transfer->easy == NULL) {
        goto err_after_alloc;
    }
    if (request->body != NULL) {
        transfer->body = strdup(request->body);
        if (transfer->body == NULL) {
            goto err_after_alloc;
        }
    }
    if (!set_headers(transfer, request) || !set_target(transfer, request) ||
        !set_options(transfer, request)) {
        goto err_after_alloc;
    }
    *ret_transfer = transfer;
    return LBSTATE_OK;

err_after_alloc:
    transfer_free(transfer);
    return client_no_memory(error);
}

void transfer_begin(struct transfer *transfer)
{
    uint64_t now_us = clock_monotonic_us();
    uint64_t left_ms;

    if (transfer->deadline_us == 0) {
        transfer->deadline_us = now_us + (uint64_t)transfer->timeout_ms * 1000;
    }
    left_ms = transfer->deadline_us > now_us ? (transfer->deadline_us - now_us) / 1000 : 0;
    transfer->refused_for_now = false;
    transfer->connect_errno = 0;
    /* Can't fail for a number; to curl 0 means without end. */
    curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, left_ms > 0 ? (long)left_ms : 1L);
}

/* What connect(2) says of the socket now; 0 if it works. */
static int probe(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int rv = 0;

    if (fd < 0) {
        return errno;
    }
    assert(strlen(path) < sizeof address.sun_path); /* lbstate_open() saw to that. */
    memcpy(address.sun_path, path, strlen(path));
    if (connect(fd, (const struct sockaddr *)&address, sizeof address) != 0) {
        rv = errno;
    }
    close(fd);
    return rv;
}

bool transfer_may_retry(struct transfer *transfer, CURLcode result)
{
    if (result != CURLE_COULDNT_CONNECT) {
        return false;
    }
    transfer->connect_errno = probe(transfer->settings->socket);
    transfer->refused_for_now = transfer->connect_errno == EAGAIN || transfer->connect_errno == 0;
    return transfer->refused_for_now && clock_monotonic_us() < transfer->deadline_us;
}

void transfer_free(struct transfer *transfer)
{
    if (transfer == NULL) {
        return;
    }
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    buffer_close(&transfer->answer);
    free(transfer->body);
    free(transfer);
}

static int unknown(struct lbstate_error *error, const char *reason)
{
    return client_fail(error, LBSTATE_UNKNOWN_OUTCOME, "Whether the change was made is unknown: %s",
                       reason);
}

/* An answer came that can't be kept: a write was made, or not. */
static int no_memory_for_answer(const struct transfer *transfer, struct lbstate_error *error)
{
    return transfer->writes ? unknown(error, "out of memory") : client_no_memory(error);
}

/* No whole answer came. What that means depends on whether the daemon may have
 * got the request, and whether the request changes anything. */
static int broken(struct transfer *transfer, CURLcode result, struct lbstate_error *error)
{
    bool no_memory = result == CURLE_OUT_OF_MEMORY || buffer_failed(&transfer->answer);
    long sent = 0;
    const char *reason;

    curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent);
    reason = transfer->connect_errno != 0 ? strerror(transfer->connect_errno)
                                          : curl_easy_strerror(result);
    if (sent > 0 && transfer->writes) {
        if (result == CURLE_OPERATION_TIMEDOUT) {
            reason = "no answer in time";
        } else if (transfer->answer_too_large) {
            reason = "the answer is too large";
        } else if (no_memory) {
            reason = "out of memory";
        }
        return unknown(error, reason);
    }
    if (transfer->answer_too_large) {
        return client_fail(error, LBSTATE_TOO_LARGE, "The answer is larger than %zu bytes",
                           transfer->settings->answer_size);
    }
    if (no_memory) {
        return client_no_memory(error);
    }
    if (result == CURLE_OPERATION_TIMEDOUT || transfer->refused_for_now) {
        return client_fail(error, LBSTATE_TIMEOUT, "lbstated on %s didn't answer in time",
                           transfer->settings->socket);
    }
    if (result == CURLE_UNSUPPORTED_PROTOCOL || result == CURLE_WEIRD_SERVER_REPLY) {
        return client_fail(error, LBSTATE_PROTOCOL, "What listens on %s doesn't speak HTTP/1.1",
                           transfer->settings->socket);
    }
    return client_fail(error, LBSTATE_UNREACHABLE, "Can't reach lbstated on %s: %s",
                       transfer->settings->socket, reason);
}

/* RET_VALUE stays NULL if there is no such header. */
static bool copy_header(struct transfer *transfer, const char *name, char **ret_value)
{
    struct curl_header *header;

    if (curl_easy_header(transfer->easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) {
        return true;
    }
    *ret_value = strdup(header->value);
    return *ret_value != NULL;
}

/* The envelope has no word for a daemon that lost the answer of its engine. */
static bool outcome_is_unknown(struct transfer *transfer)
{
    struct curl_header *header;

    return curl_easy_header(transfer->easy, "Lbstate-Outcome", 0, CURLH_HEADER, -1, &header) ==
               CURLHE_OK &&
           strcmp(header->value, "unknown") == 0;
}

static int not_understood(struct transfer *transfer, long status, struct lbstate_error *error)
{
    if (transfer->writes && status >= 200 && status < 300) {
        return client_fail(error, LBSTATE_UNKNOWN_OUTCOME,
                           "Whether the change was made is unknown: the answer on %s isn't one of "
                           "lbstated",
                           transfer->settings->socket);
    }
    return client_fail(error, LBSTATE_PROTOCOL,
                       "What listens on %s isn't lbstated: HTTP status "
                       "%ld without Incus' envelope",
                       transfer->settings->socket, status);
}

int transfer_outcome(struct transfer *transfer, CURLcode result,
                     struct lbstate_response *ret_response, struct lbstate_error *error)
{
    struct lbstate_response response = {0};
    struct envelope envelope;
    size_t size;
    long status = 0;

    if (result != CURLE_OK) {
        return broken(transfer, result, error);
    }
    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    if (buffer_string(&transfer->answer) == NULL) {
        return no_memory_for_answer(transfer, error);
    }
    response.private_body = buffer_detach(&transfer->answer, &size);
    if (transfer->raw) {
        response.http_status = (int)status;
        response.metadata = response.private_body;
        response.metadata_size = size;
        *ret_response = response;
        return LBSTATE_OK;
    }
    if (!envelope_parse(response.private_body, size, &envelope)) {
        lbstate_response_close(&response);
        return not_understood(transfer, status, error);
    }
    if (envelope.is_error || status >= 400) {
        enum lbstate_code code =
            outcome_is_unknown(transfer) ? LBSTATE_UNKNOWN_OUTCOME : LBSTATE_REFUSED;

        lbstate_response_close(&response);
        client_fail(error, code, "%s",
                    envelope.error[0] != '\0' ? envelope.error : "The daemon gave no reason");
        error->http_status = (int)status;
        return (int)code;
    }
    if (status < 200 || status > 299) {
        lbstate_response_close(&response);
        return not_understood(transfer, status, error);
    }
    response.http_status = (int)status;
    response.metadata = envelope.metadata;
    response.metadata_size = envelope.metadata_size;
    if (response.metadata == NULL) {
        /* The body is at least as long as what is put in its place. */
        response.metadata = strcpy(response.private_body, "null");
        response.metadata_size = strlen("null");
    }
    if (!copy_header(transfer, "etag", &response.etag) ||
        !copy_header(transfer, "location", &response.location)) {
        lbstate_response_close(&response);
        return no_memory_for_answer(transfer, error);
    }
    *ret_response = response;
    return LBSTATE_OK;
}
