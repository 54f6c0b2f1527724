#!/bin/sh
# Each error that the generator can tell is told in a golden case: takes the
# messages out of its source and looks for each in what is expected.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$here/../../src/generate
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The literals in the third argument of each call of report(); those that follow
# each other directly are one.
cat "$source"/*.c | awk '
BEGIN { RS = "[^_a-z]report\\(" }
NR > 1 {
    literal = ""; inside = 0; depth = 1; joined = 0; commas = 0
    for (i = 1; i <= length($0) && depth > 0; i++) {
        c = substr($0, i, 1)
        if (inside && c == "\\") { literal = literal substr($0, ++i, 1) }
        else if (c == "\"") { inside = !inside; if (!inside) { joined = 1 } }
        else if (inside) { literal = literal c }
        else if (c ~ /[ \t\n]/) { }
        else {
            if (joined && commas == 2) { print literal }
            literal = ""; joined = 0
            commas += depth == 1 && c == ","
            depth += (c == "(") - (c == ")")
        }
    }
}' | sort -u >"$work/messages"

cat "$here"/wrong/*/expect.stderr "$here/golden.sh" >"$work/expected"
# shellcheck disable=SC2016
while IFS= read -r message; do
    case $message in
    # Assertions about what the generator wrote itself: no header can bring them about.
    '`%s` has %d parameters instead of %u' | '`%s` has %u columns instead of %zu' | \
        '`%s` is not a column of a table in `%s`' | 'the sample of rows can'"'"'t be made: %s')
        continue
        ;;
    # Words for what the engine says.
    '%s' | '`%s`: %s' | '`%s` %s') continue ;;
    esac
    pattern=$(printf '%s\n' "$message" |
        sed -e 's/[].*^$[\\]/\\&/g' -e 's/%\(\\\.\\\*\)\{0,1\}z\{0,1\}[sduc]/.*/g')
    if ! grep -q "error: $pattern\$" "$work/expected"; then
        echo "FAIL: no case tells: $message" >&2
        failed=1
    fi
done <"$work/messages"
test "$(wc -l <"$work/messages")" -gt 100 || {
    echo "FAIL: only $(wc -l <"$work/messages") messages were found in the source" >&2
    failed=1
}
exit $failed
