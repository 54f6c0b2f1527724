#!/bin/sh
# Selectors are type-safe: each snippet must not compile as it is, and must with
# -DRIGHT, by every compiler that is there.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
failed=0
tried=0

for compiler in gcc clang; do
    command -v $compiler >/dev/null || continue
    for snippet in "$here"/types/*.c; do
        compile="$compiler -std=gnu11 -D_GNU_SOURCE -Wall -Wextra -Werror -fsyntax-only
            -I$top -I$top/src"
        tried=$((tried + 1))
        if ! $compile -DRIGHT "$snippet"; then
            echo "FAIL: $snippet with -DRIGHT is refused by $compiler" >&2
            failed=1
        fi
        if $compile "$snippet" 2>/dev/null; then
            echo "FAIL: $snippet is taken by $compiler" >&2
            failed=1
        fi
    done
done
test $tried -gt 0 || exit 77
exit $failed
