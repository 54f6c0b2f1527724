#!/bin/sh
# Runs generate-database on every case and compares what it writes.
#
#   right/CASE/input.h schema.sql -> expect.mapper.h expect.mapper.c
#   wrong/CASE/input.h schema.sql -> expect.stderr, status 1, nothing written
#
# A case without a schema.sql takes the one of this folder. With --update the
# expected files are rewritten (make update-golden): read the difference.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
generate=${GENERATE:-$PWD/src/generate/generate-database}
update=${1:-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# One that has other capitals and another order, if there is one.
language=$(locale -a 2>/dev/null | grep -i -m 1 -E '^(tr|az|lt|et|de|fr)_' || echo C.UTF-8)

fail() {
    echo "FAIL: $*" >&2
    failed=1
}

# run CASE OUT: in the case's folder, so that messages don't name ours.
run() {
    schema=schema.sql
    test -f "$1/schema.sql" || schema=../../schema.sql
    mkdir -p "$2"
    (cd "$1" && "$generate" --schema "$schema" --output-dir "$2" \
        --source-prefix "test/golden/right/$(basename "$1")/" input.h)
}

expect() {
    if test "$update" = --update; then
        cmp -s "$2" "$1" || cp "$2" "$1"
    elif ! diff -u "$1" "$2" >&2; then
        fail "$1 differs"
    fi
}

for case in "$here"/right/*/; do
    case=${case%/}
    out=$work/right/$(basename "$case")
    if ! run "$case" "$out" >&2; then
        fail "$case is refused"
        continue
    fi
    expect "$case/expect.mapper.h" "$out/expect.mapper.h"
    expect "$case/expect.mapper.c" "$out/expect.mapper.c"

    # The same bytes wherever it runs, from another folder and in another language (C's rules
    # are told where that isn't installed); a file that would not change is left alone.
    elsewhere=$work/else/where/$(basename "$case")
    there=$work/copy/of/$(basename "$case")
    mkdir -p "$there" "$elsewhere"
    cp "$case/input.h" "$there"
    schema=$case/schema.sql
    test -f "$schema" || schema=$here/schema.sql
    (cd / && LC_ALL=$language TZ=Asia/Tokyo "$generate" --schema "$schema" \
        --output-dir "$elsewhere" --source-prefix "test/golden/right/$(basename "$case")/" \
        "$there/input.h") >&2
    diff -r "$out" "$elsewhere" >&2 || fail "$case depends on where it is made"
    touch -t 200001010000 "$out"/*
    touch -t 200101010000 "$work/stamp"
    run "$case" "$out"
    test -z "$(find "$out" -type f -newer "$work/stamp")" || fail "$case is rewritten in vain"
done

for case in "$here"/wrong/*/; do
    case=${case%/}
    out=$work/wrong/$(basename "$case")
    status=0
    run "$case" "$out" 2>"$work/stderr" || status=$?
    test "$status" = 1 || fail "$case: status $status instead of 1"
    test -z "$(ls -A "$out")" || fail "$case: something was written"
    expect "$case/expect.stderr" "$work/stderr"
done

# Words of the command line.
for words in "" "--schema x" "--output-dir . input.h" "--unknown"; do
    status=0
    # shellcheck disable=SC2086
    "$generate" $words >"$work/stdout" 2>"$work/stderr" || status=$?
    test "$status" = 1 || fail "options '$words': status $status instead of 1"
    grep -q '^Usage: ' "$work/stderr" || fail "options '$words': no usage"
done
"$generate" --help | grep -q '^Usage: ' || fail "--help prints no usage"

# Several headers: what two have in common is told, as is a file that isn't there.
two=$work/two
mkdir -p "$two/out"
cp "$here/right/minimal/input.h" "$two/a.h"
cp "$here/right/minimal/input.h" "$two/b.h"
cp "$here/right/minimal/schema.sql" "$two/schema.sql"
cat >"$two/expected" <<'END'
b.h:9:35: error: duplicate target `expect.mapper`: it is a.h's too
b.h:10:36: error: duplicate entity `colour`: it is in a.h too
c.h: error: No such file or directory
d.h: error: not a text file
END
printf 'struct\0' >"$two/d.h"
(cd "$two" && "$generate" --schema schema.sql --output-dir out a.h b.h c.h d.h 2>stderr) &&
    fail "headers that clash are taken"
diff -u "$two/expected" "$two/stderr" >&2 || fail "headers that clash"
test -z "$(ls -A "$two/out")" || fail "headers that clash: something was written"

# The report says what each statement costs; the steps themselves are the engine's.
mkdir -p "$work/report"
(cd "$here/right/cost" && "$generate" --schema schema.sql --output-dir "$work/report" \
    --report "$work/report/text" input.h) || fail "no report is written"
for line in '^entry\.create  *[0-9]* *[0-9]*  grows, scan=allowed$' \
    '^entry\.objects_by_name  *\([0-9]*\) *\1  constant$' \
    '^    Plan: SEARCH entries USING .*(name=?)$'; do
    grep -q "$line" "$work/report/text" || fail "the report has no line '$line'"
done

# A header that breaks off anywhere is an error or is right, but never a crash.
size=$(wc -c <"$here/right/types/input.h")
cut=0
while test "$cut" -lt "$size"; do
    head -c "$cut" "$here/right/types/input.h" >"$two/cut.h"
    status=0
    "$generate" --schema "$here/right/types/schema.sql" --output-dir "$two/out" "$two/cut.h" \
        2>"$two/stderr" || status=$?
    test "$status" -le 1 || fail "types/input.h cut at $cut: status $status"
    cut=$((cut + 13))
done
rm -rf "$two/out"/*

# A schema that is none, and a folder that isn't there.
echo 'CREATE TABLE' >"$two/broken.sql"
for schema in broken.sql missing.sql; do
    (cd "$two" && "$generate" --schema $schema --output-dir out a.h 2>stderr) &&
        fail "the schema $schema is taken"
    grep -q "^$schema: error: " "$two/stderr" || fail "the schema $schema isn't named"
done
(cd "$two" && "$generate" --schema schema.sql --output-dir missing a.h 2>stderr) &&
    fail "a missing folder is no error"
grep -q 'missing/expect.mapper.h: No such file or directory' "$two/stderr" ||
    fail "a missing folder isn't named"

exit $failed
