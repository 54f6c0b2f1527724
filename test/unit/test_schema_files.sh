#!/bin/sh
# The files of src/schema belong together, and embed_schema.sh takes them so only.
set -eu
top=${srcdir:-.}
embed=$top/src/store/embed_schema.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "FAIL: $1" >&2
    exit 1
}

# The checksum ties schema.sql to its version: a database that has this version
# has this schema.
expected=$(cat "$top/src/schema/checksum")
actual="$(cat "$top/src/schema/version") $(sha256sum <"$top/src/schema/schema.sql" | cut -d ' ' -f 1)"
if [ "$expected" != "$actual" ]; then
    fail "schema.sql changed. If its version was released, raise src/schema/version and add
update-N.sql. Then write this line to src/schema/checksum: $actual"
fi

printf 'CREATE TABLE "a" (x TEXT DEFAULT '\''\\'\'');\n' >"$folder/schema.sql"
echo 1 >"$folder/version"
sh "$embed" "$folder" >"$folder/1.c" || fail "a schema without updates"
grep -q -F '"CREATE TABLE \"a\" (x TEXT DEFAULT '\''\\'\'');\n"' "$folder/1.c" || fail "quoting"
grep -q -F '.version = 1,' "$folder/1.c" || fail "the version"

echo 3 >"$folder/version"
echo 'SELECT 2;' >"$folder/update-2.sql"
if sh "$embed" "$folder" >"$folder/2.c" 2>"$folder/error"; then
    fail "update-3.sql is missing, and nobody says so"
fi
echo 'SELECT 3;' >"$folder/update-3.sql"
sh "$embed" "$folder" >"$folder/3.c" || fail "two updates"
tr -d '\n' <"$folder/3.c" | grep -q -F '{2,    "SELECT 2;\n"    },    {3,    "SELECT 3;\n"    },' ||
    fail "the order of updates"

echo 2 >"$folder/version"
if sh "$embed" "$folder" >"$folder/4.c" 2>"$folder/error"; then
    fail "update-3.sql is beyond the version, and nobody says so"
fi
grep -q 'update-3.sql is beyond version 2' "$folder/error" || fail "the message"
