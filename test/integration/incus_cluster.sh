#!/bin/bash
# The stock incus client's verbs for clusters, against four real daemons on the loopback network.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/integration/cluster_common.bash
. "$top/test/integration/cluster_common.bash"

if ! command -v incus >/dev/null; then
    echo "the incus client isn't installed"
    exit 77
fi
export INCUS_SOCKET=$dir/node2/unix.socket INCUS_CONF=$work/incus

# ok ARGUMENT...: incus cluster, which must succeed; its output.
ok() {
    timeout 60 incus cluster "$@" 2>"$work/err" || fail "incus cluster $* fails: $(cat "$work/err")"
}

# prints WORDS ARGUMENT...: a line of what it prints is just that.
prints() {
    local words=$1 said
    shift
    said=$(ok "$@")
    grep -qxF -- "$words" <<<"$said" || fail "incus cluster $* doesn't print \"$words\" but: $said"
}

# refused WORDS ARGUMENT...: it must fail and say that.
refused() {
    local words=$1
    shift
    timeout 60 incus cluster "$@" >"$work/out" 2>&1 && fail "incus cluster $* succeeds"
    grep -qF -- "$words" "$work/out" || fail "incus cluster $* doesn't say \"$words\": $(cat "$work/out")"
}

"$top/contrib/cluster" start -n 4 --loopback "$dir" >"$work/out" 2>&1 || die "$(cat "$work/out")"

[[ $(ok list -f csv | grep -c ',ONLINE,Fully operational$') -eq 4 ]] || fail "four members aren't online"
prints 'server_name: node3' show node3
refused 'Cluster member not found' show node9

printf '%s\n' 'failure_domain: rack9' 'description: hi' 'roles: [database]' 'groups: [default]' \
    'config: {user.x: "1"}' | ok edit node3
prints 'failure_domain: rack9' show node3
prints 'description: hi' show node3
prints '1' get node3 user.x
ok set node3 user.y=2
prints '2' get node3 user.y
ok unset node3 user.y
refused 'does not exist' get node3 user.y
ok set --property node3 description=other
prints 'other' get --property node3 description
ok role add node3 event-hub
prints '- event-hub' show node3
ok role remove node3 event-hub
ok info node3 | grep -q uptime || fail "the state of a member has no uptime"

ok group create g1 >/dev/null
prints 'Cluster member node3 added to cluster groups g1,default' group assign node3 g1,default
prints '- node3' group show g1
prints 'default,Default cluster group,4' group list -f csv
ok group remove node3 g1 >/dev/null
ok group delete g1 >/dev/null

prints 'Member node4 renamed to node5' rename node4 node5
ok evacuate node5 --force
ok list -f csv | grep -q '^node5,.*,EVACUATED,' || fail "node5 isn't evacuated"
ok restore node5 --force
prints 'Member node7 join token:' add node7
ok list-tokens -f csv | grep -q '^node7,' || fail "the token isn't listed"
ok revoke-token node7 >/dev/null
refused 'No cluster join token for member node7' revoke-token node7

prints 'Member node5 removed' remove node5
"$top/contrib/kill" --quiet kill9 3 "$dir" || die "node3 isn't killed"
echo yes | ok remove --force node3 >/dev/null
ok list -f csv | cut -d, -f1 | xargs | grep -qx 'node1 node2' ||
    fail "not node1 and node2 are left: $(ok list -f csv)"

[[ $n_failed -eq 0 ]] || exit 1
echo "the incus client does with a cluster what it should"
