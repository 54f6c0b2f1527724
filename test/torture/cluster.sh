#!/bin/sh
# contrib/cluster and contrib/kill with a cluster of one, which shows all but what takes
# several nodes; and a short run of torture on it.
set -eu
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/lbstate-cluster-XXXXXX)
dir=$work/cluster
export LBSTATE_BUILD="$PWD"

clean_up() {
    trap '' HUP INT TERM # A second one would leave the rest undone.
    "$top/contrib/cluster" stop "$dir" >/dev/null 2>&1 || true
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

fail() {
    echo "FAIL: $*" >&2
    cat "$work/out" >&2 || true
    exit 1
}

# expect CODE COMMAND...: runs it, output to $work/out.
expect() {
    expected=$1
    shift
    code=0
    "$@" >"$work/out" 2>&1 || code=$?
    [ "$code" -eq "$expected" ] || fail "$* has code $code, not $expected"
}

says() {
    grep -q -- "$1" "$work/out" || fail "it doesn't say: $1"
}

cluster() {
    "$top/contrib/cluster" "$@"
}

break_it() {
    "$top/contrib/kill" "$@"
}

restarts() {
    cat "$dir/node1/restarts"
}

# Wrong usage, and directories of others.
expect 2 cluster
expect 2 cluster start
expect 1 cluster start -n 10 "$dir"
expect 1 cluster start -n 0 "$dir"
expect 1 cluster start --voters 4 "$dir"
expect 1 cluster status "$work"
says 'holds no test cluster'
mkdir "$work/other"
echo precious >"$work/other/file"
expect 1 cluster start -n 1 "$work/other"
says 'neither empty nor'
[ "$(cat "$work/other/file")" = precious ] || fail "a file of somebody else is changed"
expect 1 cluster stop "$work/other"
expect 1 cluster start -n 1 "$dir/$(printf '%090d' 0)"
says 'too long'

# Start, twice; with another number of nodes.
expect 0 cluster start -n 1 "$dir"
pid=$(cat "$dir/node1/pid")
expect 0 cluster start "$dir"
[ "$(cat "$dir/node1/pid")" = "$pid" ] || fail "a second start starts a second daemon"
expect 1 cluster start -n 3 "$dir"
expect 0 cluster status "$dir"
says "^node1 .* $pid  *running  *yes  *0  *leads"
expect 1 flock "$dir/lock" "$top/contrib/cluster" start "$dir"
says 'another contrib/cluster works'

# What contrib/kill kept down stays down; what died is back by itself.
expect 0 break_it --no-probe kill9 leader "$dir"
expect 1 cluster status "$dir"
says '^node1 .* down '
expect 1 break_it --no-probe kill9 1 "$dir"
says "node1 doesn't run"
expect 0 break_it start 1 "$dir"
says 'node1 acknowledged a write'
expect 0 break_it crash 1 "$dir"
says 'kill\|crash: SIGKILL to node1'
says 'node1 acknowledged a write'
[ "$(restarts)" = 1 ] || fail "there were $(restarts) restarts, not 1"
expect 0 break_it restart 1 "$dir"
says 'node1 acknowledged a write'
expect 0 break_it --no-probe stop 1 "$dir"
expect 1 cluster status "$dir"
says '^node1 .* stopped '
expect 0 break_it heal "$dir"
says 'node1 acknowledged a write'
expect 0 break_it --quiet term 1 "$dir"
[ ! -s "$work/out" ] || fail "--quiet says something"
expect 0 break_it --quiet heal "$dir"
[ "$(restarts)" = 1 ] || fail "there were $(restarts) restarts, not 1"
expect 1 break_it --quiet kill9 2 "$dir"
expect 2 break_it --quiet sing 1 "$dir"
for fault in kill9 crash restart stop heal term; do
    grep -q "\"time_us\":[0-9]*,\"fault\":\"$fault\",\"nodes\":\[1\],\"leader\":true" "$dir/faults" ||
        grep -q "\"fault\":\"$fault\",\"nodes\":\[1\]" "$dir/faults" ||
        fail "$fault isn't in the log of faults"
done

# Clients notice nothing but pauses.
expect 0 test/torture/torture --dir "$dir" --seed 1 --time 4 --keyed 0 --faults crash,kill9,restart \
    --min-ops 100
says 'all rules hold'
expect 0 test/torture/torture-check "$dir/history.jsonl"
expect 77 test/torture/torture --dir "$dir" --seed 1 --time 1 --faults none --min-ops 100000000
says 'too few'
# One that is asked to end ends, and is judged.
test/torture/torture --dir "$dir" --seed 1 --time 3600 --faults none --min-ops 0 >"$work/out" 2>&1 &
long=$!
sleep 2
kill -TERM "$long"
wait "$long" || fail "a run that is asked to end fails: $(cat "$work/out")"
says 'all rules hold'
# A write that is taken out of the history is noticed.
grep -v '"kind":"create","outcome":"ok"' "$dir/history.jsonl" >"$work/history.jsonl"
expect 1 test/torture/torture-check "$work/history.jsonl"
says 'rule "origin" is broken'

# Stop, twice: nothing runs, and the records are kept.
expect 0 cluster stop "$dir"
expect 0 cluster stop "$dir"
expect 1 cluster status "$dir"
[ ! -e "$dir/node1/supervisor" ] || fail "the supervisor is left"
id=$(sed -n 's/^id=//p' "$dir/lbstate-cluster")
if command -v ip >/dev/null && ip netns list | grep -q "lbstate-$id"; then
    fail "namespaces are left"
fi
expect 0 cluster start "$dir"
expect 0 curl --silent --fail --unix-socket "$dir/node1/unix.socket" \
    http://lbstate/1.0/networks/lbstate-probe
expect 0 cluster stop "$dir"

# On the loopback network there is nothing to cut.
rm -rf "$dir"
expect 0 cluster start --loopback -n 1 "$dir"
expect 77 break_it --quiet isolate 1 "$dir"
says 'needs nodes in network namespaces'
expect 77 break_it --quiet delay 1 "$dir"
expect 0 cluster stop "$dir"

# A start that fails leaves nothing.
rm -rf "$dir"
mkdir "$work/build"
printf '#!/bin/sh\nexit 3\n' >"$work/build/lbstated"
cp "$work/build/lbstated" "$work/build/lbctl"
chmod +x "$work/build/lbstated" "$work/build/lbctl"
LBSTATE_BUILD=$work/build
expect 1 cluster start -n 3 "$dir"
says "node1 isn't ready"
[ ! -e "$dir" ] || fail "a failed start leaves $dir"
echo "contrib/cluster and contrib/kill do what they say"
