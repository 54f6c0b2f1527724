#include "test/lib/schema_text.h"

#include "test/lib/cmocka_all.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

const char *const schema_text_queries[] = {
    "SELECT type || ' ' || name || ' ' || tbl_name || ': ' || ifnull(sql, '') FROM sqlite_master "
    "ORDER BY type, name",
    "SELECT 'column ' || m.name || ' ' || x.cid || ' ' || x.name || ' ' || x.type || ' ' || "
    "x.\"notnull\" || ' ' || quote(x.dflt_value) || ' ' || x.pk || ' ' || x.hidden "
    "FROM sqlite_master AS m, pragma_table_xinfo(m.name) AS x WHERE m.type = 'table' "
    "ORDER BY m.name, x.cid",
    "SELECT 'index ' || m.name || ' ' || x.name || ' ' || x.\"unique\" || ' ' || x.origin || ' ' "
    "|| "
    "x.partial FROM sqlite_master AS m, pragma_index_list(m.name) AS x WHERE m.type = 'table' "
    "ORDER BY m.name, x.name",
    "SELECT 'part ' || m.name || ' ' || x.seqno || ' ' || quote(x.name) || ' ' || x.desc || ' ' || "
    "quote(x.coll) || ' ' || x.key FROM sqlite_master AS m, pragma_index_xinfo(m.name) AS x "
    "WHERE m.type = 'index' ORDER BY m.name, x.seqno",
    "SELECT 'reference ' || m.name || ' ' || x.id || ' ' || x.seq || ' ' || x.\"table\" || ' ' || "
    "x.\"from\" || ' ' || quote(x.\"to\") || ' ' || x.on_update || ' ' || x.on_delete "
    "FROM sqlite_master AS m, pragma_foreign_key_list(m.name) AS x WHERE m.type = 'table' "
    "ORDER BY m.name, x.id, x.seq",
    NULL,
};

static bool is_punctuation(char c)
{
    return c == '(' || c == ')' || c == ',' || c == '\0' || c == '\n';
}

void schema_text_append(struct buffer *out, const char *text)
{
    char last = '\0';
    bool space = false;

    for (const char *p = text; *p != '\0'; p++) {
        size_t size = 1;

        if (p[0] == '-' && p[1] == '-') {
            p += strcspn(p, "\n");
            p -= *p == '\0';
            space = true;
            continue;
        }
        if (isspace((unsigned char)*p)) {
            space = true;
            continue;
        }
        if (*p == '"') {
            continue;
        }
        if (space && !is_punctuation(last) && !is_punctuation(*p)) {
            buffer_append_char(out, ' ');
        }
        space = false;
        if (*p == '\'') {
            const char *end = strchr(p + 1, '\'');

            assert_non_null(end);
            size = (size_t)(end + 1 - p);
        }
        buffer_append(out, p, size);
        p += size - 1;
        last = *p;
    }
    buffer_append_char(out, '\n');
}

char *schema_text_released(const char *folder, int64_t version)
{
    struct buffer path = {0};
    struct buffer text = {0};
    char *room;
    size_t size;
    FILE *file;

    buffer_printf(&path, "%s/released/schema-%" PRId64 ".sql", folder, version);
    assert_non_null(buffer_string(&path));
    file = fopen(path.data, "re");
    buffer_close(&path);
    if (file == NULL) {
        assert_int_equal(errno, ENOENT);
        return NULL;
    }
    do {
        room = buffer_reserve(&text, 4096);
        assert_non_null(room);
        size = fread(room, 1, 4096, file);
        text.size += size;
    } while (size > 0);
    assert_false(ferror(file));
    fclose(file);
    assert_non_null(buffer_string(&text));
    return buffer_detach(&text, &size);
}
