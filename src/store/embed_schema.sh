#!/bin/sh
# Writes a C file with the SQL of a schema folder: embed_schema.sh FOLDER > FILE.c
# Fails unless there is one update for each version from 2 on, and unless FOLDER's
# checksum ties schema.sql to its version: a database that has this version has this
# schema.
set -eu
folder=$1
version=$(cat "$folder/version")
checksum="$version $(sha256sum <"$folder/schema.sql" | cut -d ' ' -f 1)"

if [ "$(cat "$folder/checksum")" != "$checksum" ]; then
    echo "$folder/schema.sql changed." >&2
    echo "If its version was released, raise $folder/version and add update-N.sql, which" >&2
    echo "takes a database from version N-1 to N. Then write this line to $folder/checksum:" >&2
    echo "$checksum" >&2
    exit 1
fi

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
    echo "    {$n,"
    literals "$folder/update-$n.sql"
    echo '    },'
    n=$((n + 1))
done
if [ -e "$folder/update-$n.sql" ]; then
    echo "$0: update-$n.sql is beyond version $version" >&2
    exit 1
fi
echo '    {0, NULL},'
echo '};'
echo
echo 'const struct schema schema_of_program = {'
echo "    .version = $version,"
echo '    .updates = updates,'
echo '    .sql ='
literals "$folder/schema.sql"
echo '};'
