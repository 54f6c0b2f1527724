/* certificate_tls.h - what only the TLS of the tunnel needs of certificates. */
#ifndef LBSTATE_NODE_CERTIFICATE_TLS_H
#define LBSTATE_NODE_CERTIFICATE_TLS_H

#include "node/certificate.h"

#include <openssl/ssl.h>
#include <stdbool.h>

/* SSL shows CERTIFICATE; it holds what it needs of it. False: out of memory. */
bool certificate_use(const struct certificate *certificate, SSL *ssl);

bool certificate_x509_pin(X509 *x509, uint8_t ret_pin[PIN_SIZE]);

#endif
