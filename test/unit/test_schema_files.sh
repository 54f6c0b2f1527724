#!/bin/sh
# The files of src/schema belong together, and embed_schema.sh, which the build runs,
# takes them so only.
set -eu
top=${srcdir:-.}
embed=$top/src/store/embed_schema.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

fail() {
    echo "FAIL: $1" >&2
    exit 1
}

# Ties the schema in $folder to its version, as whoever changes it is told to.
tie() {
    echo "$(cat "$folder/version") $(sha256sum <"$folder/schema.sql" | cut -d ' ' -f 1)" \
        >"$folder/checksum"
}

sh "$embed" "$top/src/schema" >/dev/null || fail "our own schema"

printf 'CREATE TABLE "a" (x TEXT DEFAULT '\''\\'\'');\n' >"$folder/schema.sql"
echo 1 >"$folder/version"
tie
sh "$embed" "$folder" >"$folder/1.c" || fail "a schema without updates"
grep -q -F '"CREATE TABLE \"a\" (x TEXT DEFAULT '\''\\'\'');\n"' "$folder/1.c" || fail "quoting"
grep -q -F '.version = 1,' "$folder/1.c" || fail "the version"

# A change is told with the line to write.
cp "$folder/schema.sql" "$folder/before.sql"
echo '-- changed' >>"$folder/schema.sql"
if sh "$embed" "$folder" >"$folder/2.c" 2>"$folder/error"; then
    fail "schema.sql changed, and nobody says so"
fi
grep -q 'schema.sql changed' "$folder/error" || fail "the message about a change"
tail -n 1 "$folder/error" >"$folder/checksum"
sh "$embed" "$folder" >"$folder/2.c" || fail "the line that was to be written"
mv "$folder/before.sql" "$folder/schema.sql"

echo 3 >"$folder/version"
tie
echo 'SELECT 2;' >"$folder/update-2.sql"
if sh "$embed" "$folder" >"$folder/2.c" 2>"$folder/error"; then
    fail "update-3.sql is missing, and nobody says so"
fi
echo 'SELECT 3;' >"$folder/update-3.sql"
sh "$embed" "$folder" >"$folder/3.c" || fail "two updates"
tr -d '\n' <"$folder/3.c" | grep -q -F '{2,    "SELECT 2;\n"    },    {3,    "SELECT 3;\n"    },' ||
    fail "the order of updates"

echo 2 >"$folder/version"
tie
if sh "$embed" "$folder" >"$folder/4.c" 2>"$folder/error"; then
    fail "update-3.sql is beyond the version, and nobody says so"
fi
grep -q 'update-3.sql is beyond version 2' "$folder/error" || fail "the message"
