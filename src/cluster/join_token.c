/* A join token as text: base64 of JSON, as Incus writes it. */
#include "base/json_writer.h"
#include "cluster/join.h"
#include "cluster/names.h"

#include <jansson.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int invalid(struct error *error, const char *why)
{
    return error_set(error, ERROR_INVALID, "This is no join token: %s", why);
}

static int decode_addresses(const json_t *list, struct join_token *token, struct error *error)
{
    size_t n = json_array_size(list);

    if (n == 0 || n > JOIN_TOKEN_ADDRESSES_MAX) {
        return invalid(error, "it has no addresses, or too many");
    }
    for (size_t i = 0; i < n; i++) {
        const char *text = json_string_value(json_array_get(list, i));
        struct error reason;

        if (text == NULL || member_address_complete(text, token->addresses[i], &reason) != 0) {
            return invalid(error, text == NULL ? "an address isn't text" : reason.message);
        }
    }
    token->n_addresses = n;
    return ERROR_NONE;
}

static int decode_object(const json_t *root, struct join_token *token, struct error *error)
{
    uint8_t pin[PIN_SIZE];
    json_error_t reason;
    const json_t *addresses;
    const char *name;
    const char *fingerprint;
    const char *secret;
    const char *expires_at;
    struct error why;

    if (json_unpack_ex((json_t *)root, &reason, 0, "{s:s, s:s, s:o, s:s, s:s}", "server_name",
                       &name, "fingerprint", &fingerprint, "addresses", &addresses, "secret",
                       &secret, "expires_at", &expires_at) != 0) {
        return invalid(error, reason.text);
    }
    if (member_name_check(name, &why) != ERROR_NONE) {
        return invalid(error, why.message);
    }
    if (!pin_parse(fingerprint, pin)) {
        return invalid(error, "its fingerprint has not 64 hexadecimal digits");
    }
    if (!pin_parse(secret, token->secret)) {
        return invalid(error, "its secret has not 64 hexadecimal digits");
    }
    if (strlen(expires_at) >= sizeof token->expires_at) {
        return invalid(error, "its time of expiry is too long");
    }
    snprintf(token->name, sizeof token->name, "%s", name);
    pin_format(pin, token->fingerprint);
    snprintf(token->expires_at, sizeof token->expires_at, "%s", expires_at);
    return decode_addresses(addresses, token, error);
}

int join_token_decode(const char *text, struct join_token *ret_token, struct error *error)
{
    size_t size = strlen(text);
    struct join_token token = {0};
    json_t *root = NULL;
    unsigned char *bytes;
    int n_bytes;
    int code;

    while (size > 0 && strchr(" \t\r\n", text[size - 1]) != NULL) {
        size--;
    }
    if (size == 0 || size > JOIN_TOKEN_SIZE_MAX || size % 4 != 0) {
        return invalid(error, "it isn't base64, or cut off");
    }
    bytes = malloc(size);
    if (bytes == NULL) {
        return error_no_memory(error);
    }
    n_bytes = EVP_DecodeBlock(bytes, (const unsigned char *)text, (int)size);
    if (n_bytes > 0) {
        /* The padding is decoded as NULs, which end the text. */
        root = json_loadb((const char *)bytes, strnlen((const char *)bytes, (size_t)n_bytes),
                          JSON_REJECT_DUPLICATES, NULL);
    }
    code = root == NULL ? invalid(error, "it isn't base64 of a JSON object, or cut off")
                        : decode_object(root, &token, error);
    json_decref(root);
    OPENSSL_cleanse(bytes, size);
    free(bytes);
    if (code == ERROR_NONE) {
        *ret_token = token;
    }
    return code;
}

static void write_text(struct json_writer *w, const char *key, const char *value)
{
    json_write_key(w, key);
    json_write_string(w, value);
}

void join_token_encode(const struct join_token *token, struct buffer *out)
{
    char secret[PIN_TEXT_SIZE];
    struct buffer json = {0};
    struct json_writer w;
    unsigned char *text;

    pin_format(token->secret, secret);
    json_writer_init(&w, &json, false);
    json_write_object_begin(&w);
    write_text(&w, "server_name", token->name);
    write_text(&w, "fingerprint", token->fingerprint);
    json_write_key(&w, "addresses");
    json_write_array_begin(&w);
    for (size_t i = 0; i < token->n_addresses; i++) {
        json_write_string(&w, token->addresses[i]);
    }
    json_write_array_end(&w);
    write_text(&w, "secret", secret);
    write_text(&w, "expires_at", token->expires_at);
    json_write_object_end(&w);
    text = buffer_string(&json) == NULL
               ? NULL
               : (unsigned char *)buffer_reserve(out, (json.size + 2) / 3 * 4 + 1);
    if (text != NULL) {
        out->size +=
            (size_t)EVP_EncodeBlock(text, (const unsigned char *)json.data, (int)json.size);
    }
    buffer_close(&json);
}
