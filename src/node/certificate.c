#include "node/certificate.h"

#include "base/buffer.h"
#include "node/certificate_tls.h"
#include "node/state_file.h"

#include <ctype.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/params.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A key and a certificate are some 600 bytes. */
#define FILE_SIZE_MAX (64 * 1024)

/* ub-common-name of RFC 5280. */
#define NAME_SIZE_MAX 64

/* What the keys that are made of one secret differ by. */
#define KEY_PURPOSE   "lbstate join key/1"
#define PROOF_PURPOSE "lbstate join proof/1"

/* Dates are never judged; these say so to whoever looks (RFC 5280, 4.1.2.5). */
#define NOT_BEFORE "19700101000000Z"
#define NOT_AFTER  "99991231235959Z"

struct certificate {
    EVP_PKEY *key;
    X509 *x509;
    uint8_t pin[PIN_SIZE];
    atomic_uint refs;
};

/* OpenSSL says why in a queue of the thread, which is empty afterwards. */
static int crypto_failed(struct error *error, const char *what)
{
    unsigned long reason = ERR_peek_last_error();
    char text[256];
    int code;

    if (reason == 0 || ERR_GET_REASON(reason) == ERR_R_MALLOC_FAILURE) {
        code = error_no_memory(error);
    } else {
        ERR_error_string_n(reason, text, sizeof text);
        code = error_set(error, ERROR_INTERNAL, "%s: %s", what, text);
    }
    ERR_clear_error();
    return code;
}

bool certificate_x509_pin(X509 *x509, uint8_t ret_pin[PIN_SIZE])
{
    unsigned char *der = NULL;
    int size = i2d_X509_PUBKEY(X509_get_X509_PUBKEY(x509), &der);
    bool done = size > 0 && EVP_Digest(der, (size_t)size, ret_pin, NULL, EVP_sha256(), NULL) == 1;

    OPENSSL_free(der);
    return done;
}

/* Takes both over, also when it fails. */
static int wrap(EVP_PKEY *key, X509 *x509, struct certificate **ret_certificate,
                struct error *error)
{
    struct certificate *certificate = calloc(1, sizeof *certificate);

    if (certificate == NULL) {
        EVP_PKEY_free(key);
        X509_free(x509);
        return error_no_memory(error);
    }
    certificate->key = key;
    certificate->x509 = x509;
    atomic_init(&certificate->refs, 1);
    if (!certificate_x509_pin(x509, certificate->pin)) {
        certificate_free(certificate);
        return crypto_failed(error, "Failed encoding a public key");
    }
    *ret_certificate = certificate;
    return ERROR_NONE;
}

static bool set_serial(X509 *x509)
{
    int64_t serial;

    if (RAND_bytes((unsigned char *)&serial, sizeof serial) != 1) {
        return false;
    }
    /* Positive and not zero (RFC 5280, 4.1.2.2). */
    serial = (serial & INT64_MAX) | 1;
    return ASN1_INTEGER_set_int64(X509_get_serialNumber(x509), serial) == 1;
}

/* The certificate of KEY, signed by itself. Takes KEY over, also when it fails. */
static int sign(EVP_PKEY *key, const EVP_MD *digest, const char *name,
                struct certificate **ret_certificate, struct error *error)
{
    X509 *x509 = X509_new();
    X509_NAME *subject;

    if (x509 == NULL) {
        goto err_after_key;
    }
    subject = X509_get_subject_name(x509);
    if (X509_set_version(x509, X509_VERSION_3) != 1 || !set_serial(x509) ||
        ASN1_TIME_set_string_X509(X509_getm_notBefore(x509), NOT_BEFORE) != 1 ||
        ASN1_TIME_set_string_X509(X509_getm_notAfter(x509), NOT_AFTER) != 1 ||
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const unsigned char *)name, -1,
                                   -1, 0) != 1 ||
        X509_set_issuer_name(x509, subject) != 1 || X509_set_pubkey(x509, key) != 1 ||
        X509_sign(x509, key, digest) == 0) {
        goto err_after_key;
    }
    return wrap(key, x509, ret_certificate, error);

err_after_key:
    X509_free(x509);
    EVP_PKEY_free(key);
    return crypto_failed(error, "Failed making a certificate");
}

int certificate_new(const char *name, struct certificate **ret_certificate, struct error *error)
{
    EVP_PKEY *key;

    if (strlen(name) > NAME_SIZE_MAX) {
        return error_set(error, ERROR_INVALID, "A certificate's name has at most %d bytes",
                         NAME_SIZE_MAX);
    }
    key = EVP_EC_gen("P-256");
    if (key == NULL) {
        return crypto_failed(error, "Failed making a key");
    }
    return sign(key, EVP_sha256(), name, ret_certificate, error);
}

/* HKDF-SHA256 without a salt: the secret is random and of full length already. */
static int derive(const uint8_t secret[JOIN_SECRET_SIZE], const char *purpose, uint8_t ret_key[32],
                  struct error *error)
{
    char digest[] = "SHA256";
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_KDF_PARAM_DIGEST, digest, 0),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_KEY, (void *)secret, JOIN_SECRET_SIZE),
        OSSL_PARAM_construct_octet_string(OSSL_KDF_PARAM_INFO, (void *)purpose, strlen(purpose)),
        OSSL_PARAM_construct_end(),
    };
    EVP_KDF *kdf = EVP_KDF_fetch(NULL, "HKDF", NULL);
    EVP_KDF_CTX *context = kdf == NULL ? NULL : EVP_KDF_CTX_new(kdf);
    bool done = context != NULL && EVP_KDF_derive(context, ret_key, 32, params) == 1;

    EVP_KDF_CTX_free(context);
    EVP_KDF_free(kdf);
    return done ? ERROR_NONE : crypto_failed(error, "Failed deriving a key");
}

int certificate_from_secret(const uint8_t secret[JOIN_SECRET_SIZE],
                            struct certificate **ret_certificate, struct error *error)
{
    uint8_t seed[32];
    EVP_PKEY *key;
    int code = derive(secret, KEY_PURPOSE, seed, error);

    if (code != ERROR_NONE) {
        return code;
    }
    key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, sizeof seed);
    OPENSSL_cleanse(seed, sizeof seed);
    if (key == NULL) {
        return crypto_failed(error, "Failed making a key");
    }
    /* Ed25519 brings its own digest. */
    return sign(key, NULL, "join token", ret_certificate, error);
}

/* In the place of OpenSSL's own, which asks at the terminal. */
static int no_password(char *buffer, int size, int writing, void *data)
{
    (void)buffer;
    (void)size;
    (void)writing;
    (void)data;
    return -1;
}

static int decode(const struct state_dir *dir, const char *name, const struct buffer *pem,
                  struct certificate **ret_certificate, struct error *error)
{
    BIO *bio = BIO_new_mem_buf(pem->data, (int)pem->size);
    EVP_PKEY *key;
    X509 *x509;

    if (bio == NULL) {
        return crypto_failed(error, "Failed reading a certificate");
    }
    key = PEM_read_bio_PrivateKey(bio, NULL, no_password, NULL);
    x509 = key == NULL ? NULL : PEM_read_bio_X509(bio, NULL, no_password, NULL);
    BIO_free(bio);
    if (x509 == NULL || X509_check_private_key(x509, key) != 1) {
        bool no_memory = ERR_GET_REASON(ERR_peek_last_error()) == ERR_R_MALLOC_FAILURE;

        ERR_clear_error();
        X509_free(x509);
        EVP_PKEY_free(key);
        return no_memory ? error_no_memory(error)
                         : error_set(error, ERROR_CORRUPT,
                                     "%s/%s doesn't hold a private key and its certificate",
                                     dir->path, name);
    }
    return wrap(key, x509, ret_certificate, error);
}

int certificate_load(const struct state_dir *dir, const char *name,
                     struct certificate **ret_certificate, struct error *error)
{
    struct buffer pem = {0};
    int code = state_file_read(dir, name, FILE_SIZE_MAX, &pem, error);

    if (code == ERROR_NONE) {
        code = decode(dir, name, &pem, ret_certificate, error);
    }
    if (pem.data != NULL) {
        OPENSSL_cleanse(pem.data, pem.size);
    }
    buffer_close(&pem);
    return code;
}

int certificate_save(const struct state_dir *dir, const char *name,
                     const struct certificate *certificate, struct error *error)
{
    BIO *bio = BIO_new(BIO_s_mem());
    char *pem;
    long size;
    int code;

    if (bio == NULL ||
        PEM_write_bio_PrivateKey(bio, certificate->key, NULL, NULL, 0, NULL, NULL) != 1 ||
        PEM_write_bio_X509(bio, certificate->x509) != 1) {
        code = crypto_failed(error, "Failed encoding a certificate");
    } else {
        size = BIO_get_mem_data(bio, &pem);
        code = state_file_replace(dir, name, pem, (size_t)size, error);
        OPENSSL_cleanse(pem, (size_t)size);
    }
    BIO_free(bio);
    return code;
}

struct certificate *certificate_ref(struct certificate *certificate)
{
    atomic_fetch_add_explicit(&certificate->refs, 1, memory_order_relaxed);
    return certificate;
}

void certificate_free(struct certificate *certificate)
{
    if (certificate == NULL ||
        atomic_fetch_sub_explicit(&certificate->refs, 1, memory_order_acq_rel) > 1) {
        return;
    }
    EVP_PKEY_free(certificate->key);
    X509_free(certificate->x509);
    free(certificate);
}

bool certificate_use(const struct certificate *certificate, SSL *ssl)
{
    return SSL_use_certificate(ssl, certificate->x509) == 1 &&
           SSL_use_PrivateKey(ssl, certificate->key) == 1;
}

void certificate_pin(const struct certificate *certificate, uint8_t ret_pin[PIN_SIZE])
{
    memcpy(ret_pin, certificate->pin, PIN_SIZE);
}

int join_secret_pin(const uint8_t secret[JOIN_SECRET_SIZE], uint8_t ret_pin[PIN_SIZE],
                    struct error *error)
{
    struct certificate *certificate;
    int code = certificate_from_secret(secret, &certificate, error);

    if (code == ERROR_NONE) {
        certificate_pin(certificate, ret_pin);
        certificate_free(certificate);
    }
    return code;
}

int join_proof_key(const uint8_t secret[JOIN_SECRET_SIZE], uint8_t ret_key[JOIN_PROOF_SIZE],
                   struct error *error)
{
    uint8_t key[JOIN_PROOF_SIZE];
    int code = derive(secret, PROOF_PURPOSE, key, error);

    if (code == ERROR_NONE) {
        memcpy(ret_key, key, sizeof key);
    }
    OPENSSL_cleanse(key, sizeof key);
    return code;
}

int join_proof(const uint8_t key[JOIN_PROOF_SIZE], const char *fingerprint,
               const uint8_t server_pin[PIN_SIZE], uint8_t ret_proof[JOIN_PROOF_SIZE],
               struct error *error)
{
    /* The NUL after the fingerprint tells where it ends. */
    size_t fingerprint_size = strlen(fingerprint) + 1;
    struct buffer message = {0};
    uint8_t proof[JOIN_PROOF_SIZE];
    size_t proof_size;
    int code = ERROR_NONE;

    buffer_append(&message, fingerprint, fingerprint_size);
    buffer_append(&message, server_pin, PIN_SIZE);
    if (buffer_failed(&message)) {
        code = error_no_memory(error);
    } else if (EVP_Q_mac(NULL, "HMAC", NULL, "SHA256", NULL, key, JOIN_PROOF_SIZE,
                         (const unsigned char *)message.data, message.size, proof, sizeof proof,
                         &proof_size) == NULL) {
        code = crypto_failed(error, "Failed making a proof");
    } else {
        memcpy(ret_proof, proof, sizeof proof);
    }
    buffer_close(&message);
    return code;
}

void pin_format(const uint8_t pin[PIN_SIZE], char out[PIN_TEXT_SIZE])
{
    for (size_t i = 0; i < PIN_SIZE; i++) {
        snprintf(out + 2 * i, 3, "%02x", pin[i]);
    }
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9') {
        return c - '0';
    }
    c = (char)tolower((unsigned char)c);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool pin_parse(const char *text, uint8_t ret_pin[PIN_SIZE])
{
    uint8_t pin[PIN_SIZE];

    if (strlen(text) != PIN_TEXT_SIZE - 1) {
        return false;
    }
    for (size_t i = 0; i < PIN_SIZE; i++) {
        int high = digit_value(text[2 * i]);
        int low = digit_value(text[2 * i + 1]);

        if (high < 0 || low < 0) {
            return false;
        }
        pin[i] = (uint8_t)(high << 4 | low);
    }
    memcpy(ret_pin, pin, sizeof pin);
    return true;
}
