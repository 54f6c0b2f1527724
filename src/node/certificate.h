/* certificate.h - a member's key and certificate, and how keys are recognised.
 *
 * Nobody signs anything: a certificate is only the form in which TLS carries a
 * public key, and a peer is known by the SHA-256 of that key (its pin, as in RFC
 * 7469), which the cluster keeps with each member. Names and dates within a
 * certificate are of no meaning, so that a clock that is wrong cuts nobody off.
 *
 * A join token's secret is turned into a key as well (HKDF, RFC 5869): who has the
 * secret can show a certificate that the cluster knows by its pin, while the
 * cluster never needs to keep the secret. */
#ifndef LBSTATE_NODE_CERTIFICATE_H
#define LBSTATE_NODE_CERTIFICATE_H

#include "base/error.h"
#include "node/state_dir.h"

#include <stdbool.h>
#include <stdint.h>

#define PIN_SIZE         32 /* SHA-256 of the DER of the SubjectPublicKeyInfo. */
#define PIN_TEXT_SIZE    65 /* Lower-case hexadecimal digits and a NUL. */
#define JOIN_SECRET_SIZE 32 /* Random bytes. */
#define JOIN_PROOF_SIZE  32

struct certificate; /* A private key and the certificate of its public key; immutable. */

/* A fresh ECDSA key (P-256) and a certificate that names NAME. ERROR_INVALID: that has more than
 * 64 bytes. */
int certificate_new(const char *name, struct certificate **ret_certificate, struct error *error);

/* Always the same key for the same secret (Ed25519). */
int certificate_from_secret(const uint8_t secret[JOIN_SECRET_SIZE],
                            struct certificate **ret_certificate, struct error *error);

/* PEM in the file NAME of DIR, mode 0600, on disk as a whole when this returns.
 * Load: ERROR_NOT_FOUND, ERROR_CORRUPT (it names the file), ERROR_IO. */
int certificate_load(const struct state_dir *dir, const char *name,
                     struct certificate **ret_certificate, struct error *error);
int certificate_save(const struct state_dir *dir, const char *name,
                     const struct certificate *certificate, struct error *error);

/* Counted, because both the loop and the tunnel's thread hold it; any thread. Free takes NULL. */
struct certificate *certificate_ref(struct certificate *certificate);
void certificate_free(struct certificate *certificate);

void certificate_pin(const struct certificate *certificate, uint8_t ret_pin[PIN_SIZE]);

/* The pin of the key that certificate_from_secret() makes of SECRET. */
int join_secret_pin(const uint8_t secret[JOIN_SECRET_SIZE], uint8_t ret_pin[PIN_SIZE],
                    struct error *error);

/* How a cluster shows a joining node that it made the token: keyed by what
 * join_proof_key() makes of the secret (which is all that the cluster keeps of it),
 * over the cluster's fingerprint and the pin of the server that answers, so that
 * nobody in between can pass it on as his own. */
int join_proof_key(const uint8_t secret[JOIN_SECRET_SIZE], uint8_t ret_key[JOIN_PROOF_SIZE],
                   struct error *error);
int join_proof(const uint8_t key[JOIN_PROOF_SIZE], const char *fingerprint,
               const uint8_t server_pin[PIN_SIZE], uint8_t ret_proof[JOIN_PROOF_SIZE],
               struct error *error);

void pin_format(const uint8_t pin[PIN_SIZE], char out[PIN_TEXT_SIZE]);
/* False if TEXT isn't 64 hexadecimal digits. */
bool pin_parse(const char *text, uint8_t ret_pin[PIN_SIZE]);

#endif
