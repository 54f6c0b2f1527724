#include "db/sql_error.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

/* Named as SQLite and the engine name them; the runtime never includes their headers. */
enum {
    SQL_EMPTY_STATEMENT = 0, /* What the engine answers to a PREPARE of blanks or a comment. */
    SQL_ERROR = 1,
    SQL_BUSY = 5,
    SQL_LOCKED = 6,
    SQL_READONLY = 8,
    SQL_IOERR = 10,
    SQL_CORRUPT = 11,
    SQL_NOTFOUND = 12,
    SQL_FULL = 13,
    SQL_TOOBIG = 18,
    SQL_CONSTRAINT = 19,
    SQL_MISMATCH = 20,
    SQL_AUTH = 23,
    SQL_RANGE = 25,
    SQL_NOTADB = 26,
    SQL_ROW = 100,
    SQL_IOERR_WRITE = SQL_IOERR | 3 << 8,
    SQL_CONSTRAINT_PRIMARYKEY = SQL_CONSTRAINT | 6 << 8,
    SQL_CONSTRAINT_UNIQUE = SQL_CONSTRAINT | 8 << 8,
    SQL_CONSTRAINT_ROWID = SQL_CONSTRAINT | 10 << 8,
    ENGINE_NOT_LEADER = SQL_IOERR | 40 << 8,
    ENGINE_LEADERSHIP_LOST = SQL_IOERR | 41 << 8,
    ENGINE_PROTOCOL = 1001,
    ENGINE_PARSE = 1005,
};

static enum error_code classify_primary(uint64_t code)
{
    switch (code & 0xff) {
    case SQL_EMPTY_STATEMENT:
    case SQL_ERROR:
    case SQL_READONLY:
    case SQL_TOOBIG:
    case SQL_CONSTRAINT:
    case SQL_MISMATCH:
    case SQL_RANGE:
    case SQL_ROW:
        return ERROR_INVALID;
    case SQL_BUSY:
    case SQL_LOCKED:
        return ERROR_BUSY;
    case SQL_CORRUPT:
    case SQL_NOTADB:
        return ERROR_CORRUPT;
    case SQL_FULL:
        return ERROR_NO_SPACE;
    case SQL_AUTH:
        return ERROR_FORBIDDEN;
    default:
        return ERROR_IO;
    }
}

static enum error_code classify(uint64_t code, const char *message)
{
    switch (code) {
    case SQL_ERROR:
        /* Raft's own failures come as plain SQLITE_ERROR: with these words while
         * the engine waits for the log, or with SQLite's words for "none". */
        if (strcmp(message, "barrier error") == 0 || strcmp(message, "not an error") == 0) {
            return ERROR_IO;
        }
        return ERROR_INVALID;
    case SQL_NOTFOUND:
        /* "no database opened", "no statement with the given id": leadership was
         * lost since, and with it all that this connection had open. */
    case ENGINE_NOT_LEADER:
    case ENGINE_LEADERSHIP_LOST:
        return ERROR_NOT_LEADER;
    case SQL_CONSTRAINT_PRIMARYKEY:
    case SQL_CONSTRAINT_UNIQUE:
    case SQL_CONSTRAINT_ROWID:
        return ERROR_CONFLICT;
    case SQL_IOERR_WRITE:
        return ERROR_NO_SPACE;
    case ENGINE_PROTOCOL:
    case ENGINE_PARSE:
        return ERROR_PROTOCOL;
    default:
        /* Nothing that SQLite defines lies above 16 bits. */
        return code > UINT16_MAX ? ERROR_PROTOCOL : classify_primary(code);
    }
}

int sql_error_set(struct error *error, uint64_t code, const char *what, const char *message)
{
    return error_set(error, classify(code, message), "%s: %s (code %" PRIu64 ")", what, message,
                     code);
}

bool sql_error_not_applied(uint64_t code)
{
    switch (code) {
    case ENGINE_NOT_LEADER: /* The engine looks before it executes. */
    case SQL_NOTFOUND:      /* The same. */
    case SQL_FULL:          /* The database would be too large; found before Raft is asked. */
        return true;
    default:
        if (code > UINT16_MAX) {
            return false;
        }
        return (code & 0xff) == SQL_BUSY || (code & 0xff) == SQL_CONSTRAINT;
    }
}
