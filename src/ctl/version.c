#include "ctl/record.h"

#include <stdlib.h>

/* A daemon that is down is no failure here: it is what is asked for. */
int version_show(struct ctl *ctl, struct lbstate_error *error)
{
    json_t *server = NULL;
    json_t *versions;
    char *etag = NULL;
    int rv = record_get(ctl, "/1.0", &server, &etag, error);

    if (rv != LBSTATE_OK && rv != LBSTATE_UNREACHABLE) {
        return rv;
    }
    versions = json_pack("{s:s, s:s}", "Client version", lbstate_version(), "Server version",
                         rv == LBSTATE_OK
                             ? member_text(json_object_get(server, "environment"), "server_version")
                             : "unreachable");
    json_decref(server);
    free(etag);
    if (versions == NULL) {
        return ctl_no_memory(error);
    }
    rv = format_record(ctl, versions, error);
    json_decref(versions);
    return rv;
}
