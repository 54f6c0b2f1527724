#include "api/http_response.h"

#include "api/http_head.h"
#include "base/clock.h"

#include <stdio.h>
#include <time.h>

static const struct {
    unsigned status;
    const char *text;
} status_texts[] = {
    {100, "Continue"},
    {101, "Switching Protocols"},
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {206, "Partial Content"},
    {301, "Moved Permanently"},
    {302, "Found"},
    {303, "See Other"},
    {304, "Not Modified"},
    {307, "Temporary Redirect"},
    {308, "Permanent Redirect"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {406, "Not Acceptable"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {410, "Gone"},
    {411, "Length Required"},
    {412, "Precondition Failed"},
    {413, "Request Entity Too Large"},
    {414, "Request URI Too Long"},
    {415, "Unsupported Media Type"},
    {417, "Expectation Failed"},
    {421, "Misdirected Request"},
    {421, "Misdirected Request"},
    {422, "Unprocessable Entity"},
    {426, "Upgrade Required"},
    {428, "Precondition Required"},
    {429, "Too Many Requests"},
    {431, "Request Header Fields Too Large"},
    {499, "Client Closed Request"},
    {500, "Internal Server Error"},
    {501, "Not Implemented"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
    {505, "HTTP Version Not Supported"},
    {507, "Insufficient Storage"},
};

const char *http_status_text(unsigned status)
{
    for (size_t i = 0; i < sizeof status_texts / sizeof status_texts[0]; i++) {
        if (status_texts[i].status == status) {
            return status_texts[i].text;
        }
    }
    return "Unknown";
}

bool http_response_is_bodiless(unsigned status)
{
    return status < 200 || status == 204 || status == 304;
}

/* Not strftime(), whose names follow the locale. */
void http_date_text(int64_t wall_s, char out[HTTP_DATE_SIZE])
{
    static const char days[][4] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    time_t time = (time_t)wall_s;
    char text[100]; /* The largest that the compiler can think of. */
    struct tm tm = {.tm_mday = 1};

    gmtime_r(&time, &tm);
    snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[tm.tm_wday], tm.tm_mday,
             months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
    snprintf(out, HTTP_DATE_SIZE, "%.*s", HTTP_DATE_SIZE - 1, text);
}

static bool header_is_sound(const struct http_header *header)
{
    for (const char *p = header->name; *p != '\0'; p++) {
        if (!http_head_is_token(*p)) {
            return false;
        }
    }
    for (const char *p = header->value; *p != '\0'; p++) {
        if (((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f) {
            return false;
        }
    }
    return header->name[0] != '\0';
}

bool http_response_head(struct buffer *out, unsigned status, const struct http_header *headers,
                        size_t n_headers, size_t body_size, enum http_persistence persistence)
{
    char date[HTTP_DATE_SIZE];

    for (size_t i = 0; i < n_headers; i++) {
        if (!header_is_sound(&headers[i])) {
            return false;
        }
    }
    buffer_printf(out, "HTTP/1.1 %u %s\r\n", status, http_status_text(status));
    for (size_t i = 0; i < n_headers; i++) {
        buffer_append_string(out, headers[i].name);
        buffer_append(out, ": ", 2);
        buffer_append_string(out, headers[i].value);
        buffer_append(out, "\r\n", 2);
    }
    http_date_text(clock_wall_s(), date);
    buffer_printf(out, "Date: %s\r\n", date);
    if (!http_response_is_bodiless(status)) {
        buffer_printf(out, "Content-Length: %zu\r\n", body_size);
    }
    if (persistence == HTTP_CLOSE) {
        buffer_append_string(out, "Connection: close\r\n");
    } else if (persistence == HTTP_KEEP_ALIVE) {
        buffer_append_string(out, "Connection: keep-alive\r\n");
    }
    buffer_append(out, "\r\n", 2);
    return true;
}
