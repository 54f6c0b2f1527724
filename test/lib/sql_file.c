#include "test/lib/sql_file.h"

#include "base/buffer.h"
#include "test/lib/cmocka_all.h"
#include "test/lib/engine.h"

#include <stdio.h>
#include <string.h>

static bool ends_statement(const struct buffer *sql)
{
    return sql->size >= 2 && memcmp(sql->data + sql->size - 2, ";\n", 2) == 0;
}

void sql_file_run(struct db_conn *conn, const char *path)
{
    struct buffer sql = {0};
    FILE *file = fopen(path, "r");
    char line[1024];

    if (file == NULL) {
        fail_msg("%s can't be read", path);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        /* What is left of a statement that is a comment only is no statement. */
        if (strncmp(line, "--", 2) == 0 || (sql.size == 0 && line[0] == '\n')) {
            continue;
        }
        buffer_append_string(&sql, line);
        if (ends_statement(&sql)) {
            engine_exec(conn, buffer_string(&sql), NULL);
            buffer_reset(&sql);
        }
    }
    assert_int_equal(sql.size, 0);
    fclose(file);
    buffer_close(&sql);
}
