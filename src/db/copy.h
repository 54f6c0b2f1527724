/* copy.h - a copy of the database in this process, to be read through struct db_conn.
 *
 * A transaction, db_query() and db_conn_query_sql() work on it as on the engine; what would
 * write gets ERROR_FORBIDDEN. Deadline and cancellation are looked at while a statement runs,
 * so that db_conn_wake() has nothing to do.
 *
 * How: the pages of the log are put into the bytes of the file (wal.h), and SQLite reads these
 * bytes in place, as a read-only database (sqlite3_deserialize). The other ways were two files
 * in memory, which SQLite would have to find by name, and to index the log of, or a VFS of our
 * own: both are more code, and more memory, to the same end. SQLite's page cache holds 2 MB
 * beside the copy; nothing is written to disk. */
#ifndef LBSTATE_DB_COPY_H
#define LBSTATE_DB_COPY_H

#include "db/conn.h"
#include "db/dump.h"

/* Takes the memory of DUMP, whatever it returns. OBSERVER may be NULL; it outlives the
 * connection. ERROR_CORRUPT: these aren't a database and its log. ERROR_NO_MEMORY. Damage
 * within shows as ERROR_CORRUPT of the query that meets it. */
int db_copy_open(struct db_dump *dump, struct db_observer *observer, struct db_conn **ret_conn,
                 struct error *error);

#endif
