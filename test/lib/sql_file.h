/* sql_file.h - runs a file of SQL on a connection. */
#ifndef LBSTATE_TEST_LIB_SQL_FILE_H
#define LBSTATE_TEST_LIB_SQL_FILE_H

#include "db/conn.h"

/* Runs each statement of the file, all of which must succeed (cmocka
 * assertions). A statement ends with a semicolon at the end of a line. */
void sql_file_run(struct db_conn *conn, const char *path);

#endif
