/* dump.h - this node's own copy of the database, as bytes.
 *
 * Every node of the engine answers DUMP from its own memory: a follower, and a node that
 * knows no leader, too. It does so between two Raft entries, and so never in the middle of a
 * transaction or of a snapshot that is being installed. The answer is the database file, and
 * its write-ahead log. */
#ifndef LBSTATE_DB_DUMP_H
#define LBSTATE_DB_DUMP_H

#include "db/conn.h"
#include "db/wal.h"

/* Beyond 2 GiB the engine (cowsql 1.15, dqlite 1.11) would never finish its answer. */
#define DB_DUMP_SIZE_MAX ((size_t)1024 * 1024 * 1024)

struct db_dump {
    struct db_image image; /* The database file. */
    char *log;             /* Its write-ahead log; malloc()'s. */
    size_t log_size;
};

/* Takes a zeroed one. */
void db_dump_close(struct db_dump *dump);

/* Asks the node at the other end of CONN, which should have no database open: opening it on a
 * node that hasn't got it would make an empty one there. NAME as in struct db_conn_options. The
 * engine keeps the memory of its answer as long as the connection: close it soon.
 *
 * ERROR_UNAVAILABLE: the node has no copy: nothing was replicated to it yet, or it is a spare.
 * ERROR_TOO_LARGE: more than SIZE_MAX bytes (0: no limit of its own), or than DB_DUMP_SIZE_MAX.
 * ERROR_CORRUPT: the engine says that its copy is damaged. The rest as in conn.h; after
 * ERROR_TOO_LARGE, ERROR_NO_MEMORY, ERROR_TIMEOUT and ERROR_CANCELED the connection is broken. */
int db_conn_dump(struct db_conn *conn, const struct db_context *context, const char *name,
                 size_t size_max, struct db_dump *ret_dump, struct error *error);

#endif
