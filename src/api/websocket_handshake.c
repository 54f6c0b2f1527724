#include "api/websocket_handshake.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#define KEY_SIZE  24 /* 16 bytes in base64. */
#define SHA1_SIZE 20

/* A list of words with commas, in any case, possibly in several headers. */
static bool header_has_token(const struct http_request *request, const char *name,
                             const char *token)
{
    for (size_t i = 0; i < request->n_headers; i++) {
        const char *at = request->headers[i].value;

        if (strcasecmp(request->headers[i].name, name) != 0) {
            continue;
        }
        while (*at != '\0') {
            size_t size;

            at += strspn(at, ", \t");
            size = strcspn(at, ", \t");
            if (size == strlen(token) && strncasecmp(at, token, size) == 0) {
                return true;
            }
            at += size;
        }
    }
    return false;
}

/* Sixteen bytes of the client's choice. The last of 22 digits has four bits over,
 * which nobody looks at. */
static bool is_key(const char *key)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    return strlen(key) == KEY_SIZE && strspn(key, digits) == KEY_SIZE - 2 &&
           strcmp(key + KEY_SIZE - 2, "==") == 0;
}

bool websocket_is_asked(const struct http_request *request)
{
    const char *version = http_header_get(request, "Sec-WebSocket-Version");
    const char *key = http_header_get(request, "Sec-WebSocket-Key");

    return strcmp(request->method, "GET") == 0 &&
           header_has_token(request, "Connection", "upgrade") &&
           header_has_token(request, "Upgrade", "websocket") && version != NULL &&
           strcmp(version, "13") == 0 && key != NULL && is_key(key);
}

bool websocket_accept(const char *key, char out[WEBSOCKET_ACCEPT_SIZE])
{
    static const char suffix[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    char text[KEY_SIZE + sizeof suffix];
    unsigned char hash[SHA1_SIZE];

    memcpy(text, key, KEY_SIZE);
    memcpy(text + KEY_SIZE, suffix, sizeof suffix - 1);
    if (EVP_Digest(text, sizeof text - 1, hash, NULL, EVP_sha1(), NULL) != 1) {
        return false;
    }
    EVP_EncodeBlock((unsigned char *)out, hash, sizeof hash);
    return true;
}
