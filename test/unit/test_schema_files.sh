#!/bin/sh
# The files of src/schema belong together, and embed_schema.sh, which the build runs,
# takes them so only.
set -eu
top=${srcdir:-.}
embed=$top/src/store/embed_schema.sh
folder=$(mktemp -d)
trap 'rm -rf "$folder" "$folder.out" "$folder.error"' EXIT

fail() {
    echo "FAIL: $1" >&2
    cat "$folder.error" >&2
    exit 1
}

# The build takes it.
passes() {
    sh "$embed" "$folder" >"$folder.out" 2>"$folder.error" || fail "$1"
}

# The build stops, and says PIECE: stops_with CASE PIECE
stops_with() {
    if sh "$embed" "$folder" >"$folder.out" 2>"$folder.error"; then
        fail "$1, and nobody says so"
    fi
    grep -q -F -e "$2" "$folder.error" || fail "the message when $1"
}

# As the README tells whoever releases it.
release() {
    cp "$folder/schema.sql" "$folder/released/schema-$1.sql"
    (cd "$folder" && shift && sha256sum "$@" >>checksums)
}

: >"$folder.error"
sh "$embed" "$top/src/schema" >/dev/null || fail "our own schema"

mkdir "$folder/released"
printf 'CREATE TABLE "a" (x TEXT DEFAULT '\''\\'\'');\n' >"$folder/schema.sql"
echo 1 >"$folder/version"
release 1 released/schema-1.sql
passes "a schema without updates"
grep -q -F '"CREATE TABLE \"a\" (x TEXT DEFAULT '\''\\'\'');\n"' "$folder.out" || fail "quoting"
grep -q -F '.version = 1,' "$folder.out" || fail "the version"

# What was released stays, in all its parts.
echo '-- changed' >>"$folder/schema.sql"
stops_with "schema.sql changed" "schema.sql changed, but version 1 was released with another"
grep -q -F "database from version 1 to 2 to update-2.sql" "$folder.error" || fail "the advice"
cp "$folder/schema.sql" "$folder/released/schema-1.sql"
stops_with "a released schema changed" "what was released must stay as it was"
: >"$folder/checksums"
stops_with "nothing is known of what was released" "what was released must stay as it was"
sed '$d' "$folder/schema.sql" >"$folder/released/schema-1.sql"
(cd "$folder" && sha256sum released/schema-1.sql >checksums)

# A version of its own lets it change, with an update, as often as it takes.
echo 2 >"$folder/version"
stops_with "the update is missing" "version says 2, and update-2.sql is missing"
echo 'SELECT 2;' >"$folder/update-2.sql"
passes "a change with its update"
echo '-- changed again' >>"$folder/schema.sql"
passes "another change before the release"
echo 1 >"$folder/version"
sed -i 2,3d "$folder/schema.sql"
stops_with "update-2.sql is beyond the version" "update-2.sql is beyond version 1"

# Then it is released, too, and what comes next needs a third.
echo 2 >"$folder/version"
echo '-- second' >>"$folder/schema.sql"
release 2 released/schema-2.sql
stops_with "a released update isn't known" "checksums lacks a line for update-2.sql"
tail -n 1 "$folder.error" >>"$folder/checksums"
passes "the line that was to be written"
echo 'SELECT 0;' >"$folder/update-2.sql"
stops_with "a released update changed" "what was released must stay as it was"
echo 'SELECT 2;' >"$folder/update-2.sql"
echo 1 >"$folder/version"
stops_with "the version went back" "version says 1, but version 2 was released"
echo 2 >"$folder/version"
echo '-- third' >>"$folder/schema.sql"
stops_with "schema.sql changed again" "from version 2 to 3 to update-3.sql"
echo 3 >"$folder/version"
echo 'SELECT 3;' >"$folder/update-3.sql"
passes "two updates"
tr -d '\n' <"$folder.out" | grep -q -F '{2,    "SELECT 2;\n"    },    {3,    "SELECT 3;\n"    },' ||
    fail "the order of updates"
