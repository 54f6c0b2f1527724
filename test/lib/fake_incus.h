/* fake_incus.h - a fake_daemon that keeps records as /1.0 does: projects,
 * networks and load balancers, in memory, with etags and Incus' errors, without
 * any rules for their content. */
#ifndef LBSTATE_TEST_LIB_FAKE_INCUS_H
#define LBSTATE_TEST_LIB_FAKE_INCUS_H

#include "test/lib/fake_daemon.h"

#include <jansson.h>
#include <pthread.h>

struct fake_incus {
    struct fake_daemon *daemon;
    pthread_mutex_t mutex; /* Guards what follows. */
    json_t *records;       /* "PROJECT PATH" -> record. */
    json_t *versions;      /* "PROJECT PATH" -> integer. */

    /* What goes wrong; set before the first request. */
    unsigned n_interferences; /* So many PUTs find that somebody else was faster. */
    const char *refused_name; /* A name or listen address whose POST is a 400. */
    size_t vanish_after;      /* Not 0: the socket is unlinked at that request. */
    unsigned hold;            /* POSTs of load balancers are held until there are so many. */
};

/* All other members of INCUS are zero or set by the test. */
void fake_incus_start(struct fake_incus *incus);
void fake_incus_stop(struct fake_incus *incus);

/* The record as JSON text with sorted keys, for free(); NULL if there is none. */
char *fake_incus_record(struct fake_incus *incus, const char *project, const char *path);
size_t fake_incus_n_records(struct fake_incus *incus);

/* Puts a record there. */
void fake_incus_add(struct fake_incus *incus, const char *project, const char *path,
                    const char *json);

#endif
