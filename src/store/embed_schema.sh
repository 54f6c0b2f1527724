#!/bin/sh
# Writes a C file with the SQL of a schema folder: embed_schema.sh FOLDER > FILE.c
# Fails unless a database that has FOLDER's version has its schema.sql, however old it
# is: what was released is as it was, schema.sql differs from it only under a higher
# version, and there is one update for each version from 2 on. FOLDER's README tells more.
set -eu
folder=$1
version=$(cat "$folder/version")

fail() {
    printf '%s\n' "$@" >&2
    exit 1
}

# Of the files that go out with version $1.
of_release() {
    echo "released/schema-$1.sql"
    [ "$1" -eq 1 ] || echo "update-$1.sql"
}

(cd "$folder" && sha256sum --quiet --strict -c checksums >&2) ||
    fail "$folder: what was released must stay as it was: databases are made of it." \
        "Put it back, and write what changes to schema.sql and to an update of its own."
released=0
while [ -e "$folder/released/schema-$((released + 1)).sql" ]; do
    released=$((released + 1))
    for file in $(of_release "$released"); do
        grep -q "  $file\$" "$folder/checksums" ||
            fail "$folder/checksums lacks a line for $file:" \
                "$(cd "$folder" && sha256sum "$file")"
    done
done
[ "$version" -ge "$released" ] ||
    fail "$folder/version says $version, but version $released was released."
next=$((released + 1))
[ "$version" -gt "$released" ] ||
    cmp -s "$folder/schema.sql" "$folder/released/schema-$released.sql" ||
    fail "$folder/schema.sql changed, but version $released was released with another." \
        "Write what takes a database from version $released to $next to update-$next.sql beside it," \
        "name that in schema_files of local.mk there, and write $next to $folder/version."

# A C string literal for each line.
literals() {
    sed -e 's/[\\"]/\\&/g' -e 's/^/    "/' -e 's/$/\\n"/' "$1"
}

echo '/* Made by embed_schema.sh from src/schema: do not edit. */'
echo '#include "store/schema.h"'
echo
echo '#include <stddef.h>'
echo
echo 'static const struct schema_update updates[] = {'
n=2
while [ "$n" -le "$version" ]; do
    [ -e "$folder/update-$n.sql" ] ||
        fail "$folder/version says $version, and update-$n.sql is missing: it takes a database" \
            "from version $((n - 1)) to $n."
    echo "    {$n,"
    literals "$folder/update-$n.sql"
    echo '    },'
    n=$((n + 1))
done
[ ! -e "$folder/update-$n.sql" ] ||
    fail "$folder/update-$n.sql is beyond version $version: write $n to $folder/version."
echo '    {0, NULL},'
echo '};'
echo
echo 'const struct schema schema_of_program = {'
echo "    .version = $version,"
echo '    .updates = updates,'
echo '    .sql ='
literals "$folder/schema.sql"
echo '};'
