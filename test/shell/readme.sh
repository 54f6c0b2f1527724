#!/bin/bash
# The tour of README.md, word by word, in a directory of its own in the place of /tmp/lb.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d /tmp/lbstate-readme-XXXXXX)
clean_up() {
    local i pid
    if [[ -s $work/pid ]]; then
        pid=$(cat "$work/pid")
        kill "$pid" 2>/dev/null
        for ((i = 0; i < 300; i++)); do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
    fi
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

fail() {
    echo "FAIL: $*"
    exit 1
}

# What is written as code between two headings.
tour=$(sed -n '/^## A short tour/,/^## Three nodes/s/^    //p' "$top/README.md" |
    sed "s|/tmp/lb/|$work/lb/|g")
[[ $(grep -c -e '^lbstated' -e '^lbctl' -e '^incus' -e '^curl' <<<"$tour") -ge 11 ]] ||
    fail "the tour isn't found: $tour"
if ! command -v incus >/dev/null; then
    echo "without the incus client, which isn't installed"
    tour=$(grep -v '^incus' <<<"$tour")
fi

# The daemon is given the time that it takes people to read on.
tour=$(sed -e "/^export LBSTATE_SOCKET/i echo \$! >$work/pid" \
    -e '/^lbctl network create UPLINK/i for i in $(seq 600); do lbctl query /internal/ready && break; sleep 0.1; done' \
    <<<"$tour")
export PATH=$PWD:$PATH INCUS_CONF=$work/incus
bash -e -c "$tour" >"$work/out" 2>"$work/err" </dev/null ||
    fail "the tour ends with an error: $(cat "$work/out" "$work/err")"
grep -q '^Network load balancer 198.51.100.10 created$' "$work/out" || fail "$(cat "$work/out")"
grep -q '"metadata":\[{.*"listen_address":"198.51.100.10"' "$work/out" ||
    fail "the last answer isn't the list: $(cat "$work/out")"
echo "the tour holds what it promises"
