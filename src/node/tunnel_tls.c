#include "node/tunnel_internal.h"

#include <errno.h>
#include <openssl/err.h>
#include <stdio.h>
#include <string.h>

/* ALPN: each name after its length (RFC 7301, 3.1). */
static const unsigned char alpn_raft[] = "\x0e"
                                         "lbstate-raft/1";
static const unsigned char alpn_http[] = "\x0e"
                                         "lbstate-http/1";

/* One certificate without a chain is what a peer has to show. */
#define CERTIFICATES_SIZE_MAX (16 * 1024)

static enum tunnel_protocol protocol_of(const unsigned char *name, size_t size)
{
    if (size == alpn_raft[0] && memcmp(name, alpn_raft + 1, size) == 0) {
        return TUNNEL_RAFT;
    }
    if (size == alpn_http[0] && memcmp(name, alpn_http + 1, size) == 0) {
        return TUNNEL_HTTP;
    }
    return TUNNEL_NO_PROTOCOL;
}

/* The first protocol of the client that we have. */
static int on_alpn(SSL *ssl, const unsigned char **ret_name, unsigned char *ret_size,
                   const unsigned char *offered, unsigned offered_size, void *arg)
{
    struct link *link = SSL_get_app_data(ssl);

    (void)arg;
    for (unsigned i = 0; i < offered_size; i += 1u + offered[i]) {
        if (i + 1u + offered[i] > offered_size) {
            break;
        }
        link->protocol = protocol_of(offered + i + 1, offered[i]);
        if (link->protocol != TUNNEL_NO_PROTOCOL) {
            *ret_name = offered + i + 1;
            *ret_size = offered[i];
            return SSL_TLSEXT_ERR_OK;
        }
    }
    link->refusal = "it speaks no protocol of ours";
    return SSL_TLSEXT_ERR_ALERT_FATAL;
}

/* Who may come in, and who may answer. NULL: this one; else why not. */
static const char *judge(struct link *link, const struct directory *directory)
{
    const struct directory_member *member;
    const struct directory_token *token;

    if (link->outgoing && link->member_id == 0) {
        return NULL;
    }
    if (link->protocol == TUNNEL_NO_PROTOCOL) {
        return "it named no protocol";
    }
    if (!directory_by_pin(directory, link->peer.pin, &member, &token)) {
        return "its key is not known";
    }
    if (link->outgoing && (member == NULL || member->id != link->member_id)) {
        return "its key is not that of the member";
    }
    if (member == NULL && link->protocol != TUNNEL_HTTP) {
        return "the key of a join token may use http only";
    }
    link->peer.member_id = member == NULL ? 0 : member->id;
    snprintf(link->peer.name, sizeof link->peer.name, "%s",
             member == NULL ? token->name : member->name);
    link->peer_known = true;
    return NULL;
}

/* In the place of all of OpenSSL's own rules: chains, dates and names are of no meaning. That the
 * peer holds the private key is checked by the handshake. */
static int on_verify(X509_STORE_CTX *store, void *arg)
{
    SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
    struct link *link = SSL_get_app_data(ssl);
    struct tunnel *tunnel = arg;
    const struct directory *directory;

    if (!certificate_x509_pin(X509_STORE_CTX_get0_cert(store), link->peer.pin)) {
        link->refusal = "its key doesn't encode";
    } else {
        directory = directory_get(tunnel->directory);
        link->refusal = judge(link, directory);
        directory_free(directory);
    }
    X509_STORE_CTX_set_error(store, link->refusal == NULL ? X509_V_OK : X509_V_ERR_CERT_REJECTED);
    return link->refusal == NULL;
}

SSL_CTX *tls_context_new(struct tunnel *tunnel, struct error *error)
{
    SSL_CTX *tls = SSL_CTX_new(TLS_method());

    if (tls == NULL || SSL_CTX_set_min_proto_version(tls, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_max_proto_version(tls, TLS1_3_VERSION) != 1 ||
        SSL_CTX_set_num_tickets(tls, 0) != 1) {
        SSL_CTX_free(tls);
        ERR_clear_error();
        error_no_memory(error);
        return NULL;
    }
    /* Each link is a full handshake, so that each shows its key. */
    SSL_CTX_set_session_cache_mode(tls, SSL_SESS_CACHE_OFF);
    SSL_CTX_set_options(tls, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_verify(tls, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, NULL);
    SSL_CTX_set_cert_verify_callback(tls, on_verify, tunnel);
    SSL_CTX_set_alpn_select_cb(tls, on_alpn, NULL);
    SSL_CTX_set_max_cert_list(tls, CERTIFICATES_SIZE_MAX);
    SSL_CTX_set_mode(tls, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER |
                              SSL_MODE_RELEASE_BUFFERS);
    /* A record comes with one read(2) rather than two. */
    SSL_CTX_set_read_ahead(tls, 1);
    return tls;
}

static bool set_client(struct link *link)
{
    const unsigned char *alpn = link->protocol == TUNNEL_RAFT ? alpn_raft : alpn_http;

    SSL_set_connect_state(link->ssl);
    return SSL_set_alpn_protos(link->ssl, alpn, sizeof alpn_raft - 1) == 0;
}

bool tls_start(struct link *link, int fd)
{
    struct tunnel *tunnel = link->tunnel;
    struct certificate *certificate;
    bool done;

    link->ssl = SSL_new(tunnel->tls);
    if (link->ssl == NULL) {
        ERR_clear_error();
        return false;
    }
    pthread_mutex_lock(&tunnel->lock);
    certificate =
        certificate_ref(link->certificate != NULL ? link->certificate : tunnel->certificate);
    pthread_mutex_unlock(&tunnel->lock);
    done = SSL_set_app_data(link->ssl, link) == 1 && SSL_set_fd(link->ssl, fd) == 1 &&
           certificate_use(certificate, link->ssl);
    certificate_free(certificate);
    if (link->outgoing) {
        done = done && set_client(link);
    } else {
        SSL_set_accept_state(link->ssl);
    }
    ERR_clear_error();
    return done;
}

static enum tls_result result_of(const struct link *link, int returned)
{
    switch (SSL_get_error(link->ssl, returned)) {
    case SSL_ERROR_NONE:
        return TLS_DONE;
    case SSL_ERROR_WANT_READ:
        return TLS_WANT_READ;
    case SSL_ERROR_WANT_WRITE:
        return TLS_WANT_WRITE;
    case SSL_ERROR_ZERO_RETURN:
        return TLS_CLOSED;
    default:
        return TLS_FAILED;
    }
}

enum tls_result tls_handshake(struct link *link)
{
    const unsigned char *name;
    unsigned size;
    enum tls_result result;

    errno = 0;
    ERR_clear_error();
    result = result_of(link, SSL_do_handshake(link->ssl));
    if (result != TLS_DONE) {
        return result;
    }
    SSL_get0_alpn_selected(link->ssl, &name, &size);
    if (link->protocol == TUNNEL_NO_PROTOCOL || protocol_of(name, size) != link->protocol) {
        link->refusal = "it agreed on no protocol";
        return TLS_FAILED;
    }
    return TLS_DONE;
}

enum tls_result tls_read(struct link *link, char *data, size_t size, size_t *ret_size)
{
    errno = 0;
    ERR_clear_error();
    return result_of(link, SSL_read_ex(link->ssl, data, size, ret_size));
}

enum tls_result tls_write(struct link *link, const char *data, size_t size, size_t *ret_size)
{
    errno = 0;
    ERR_clear_error();
    return result_of(link, SSL_write_ex(link->ssl, data, size, ret_size));
}

enum tls_result tls_close(struct link *link)
{
    int returned;

    errno = 0;
    ERR_clear_error();
    returned = SSL_shutdown(link->ssl);
    /* 0: ours is sent, the other's hasn't come. */
    return returned >= 0 ? TLS_DONE : result_of(link, returned);
}

/* An alert about our certificate (RFC 8446, 6.2): bad_certificate to unknown_ca, access_denied,
 * certificate_required. */
static bool is_about_our_key(int alert)
{
    return (alert >= 42 && alert <= 49) || alert == 116;
}

void tls_failure(const struct link *link, char *out, size_t out_size, bool *ret_refused)
{
    unsigned long reason = ERR_peek_last_error();
    int alert = ERR_GET_REASON(reason) - SSL_AD_REASON_OFFSET;
    const char *text = ERR_reason_error_string(reason);
    char buffer[128];

    *ret_refused = ERR_GET_LIB(reason) == ERR_LIB_SSL && is_about_our_key(alert);
    if (link->refusal != NULL) {
        snprintf(out, out_size, "%s", link->refusal);
    } else if (*ret_refused) {
        snprintf(out, out_size, "it doesn't know our key");
    } else if (text != NULL) {
        snprintf(out, out_size, "%s", text);
    } else {
        snprintf(out, out_size, "%s",
                 errno == 0 ? "the connection ended" : strerror_r(errno, buffer, sizeof buffer));
    }
    ERR_clear_error();
}
