#!/bin/bash
# What contrib/kill does to the network of three nodes is done for real, noticed by the nodes, and
# undone: delay, loss, isolate, partition. Then a short run of torture with these faults.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/integration/cluster_common.bash
. "$top/test/integration/cluster_common.bash"

# fault CODE ARGUMENT...: contrib/kill on the cluster, output to $work/out.
fault() {
    local expected=$1 code=0
    shift
    timeout 100 "$top/contrib/kill" "$@" "$dir" >"$work/out" 2>&1 || code=$?
    [[ $code -eq $expected ]] || die "contrib/kill $* has code $code, not $expected: $(cat "$work/out")"
}

says() {
    grep -q -- "$1" "$work/out" || fail "it doesn't say: $1: $(cat "$work/out")"
}

# inside WHOSE COMMAND...: in the network of a node, by its number, or of the hub.
inside() {
    local space
    space=lbstate-$(sed -n 's/^id=//p' "$dir/lbstate-cluster")-$1
    shift
    nsenter --net="/run/netns/$space" "$@"
}

# The longest of the ways from node K to the others and back, in us.
rtt_us() {
    curl -s --max-time 10 --unix-socket "$dir/node$1/unix.socket" http://x/internal/cluster/status |
        grep -o '"rtt_us":[0-9]*' | cut -d : -f 2 | sort -n | tail -n 1
}

rtt_is_at_least() { # US K
    if [[ $(rtt_us "$2") -ge $1 ]]; then
        echo yes
    else
        rtt_us "$2"
    fi
}

# How many TCP segments node K has sent again so far.
resent() {
    inside "$1" awk '/^Tcp: [0-9]/ { print $13 }' /proc/net/snmp
}

state_of() { # K NODE: as node K lists it.
    lb "$1" cluster list --format csv --columns ns | sed -n "s/^node$2,//p"
}

nothing_is_left() {
    ! inside hub ip link show "outlet$1" >/dev/null 2>&1 || fail "node$1's cable isn't mended"
    [[ ! -e $dir/node$1/impair-link ]] || fail "impair-link is left for node$1"
}

if ! ip netns add "lbstate-try-$$" 2>/dev/null || ! ip netns delete "lbstate-try-$$"; then
    echo "SKIP: network namespaces need root, iproute2, and a system that lets them be made"
    exit 77
fi
"$top/contrib/cluster" start -n 3 "$dir" >"$work/out" 2>&1 || die "$(cat "$work/out")"
grep -qx net=namespaces "$dir/lbstate-cluster" || die "there are no network namespaces: $(cat "$work/out")"
make_networks 1

# What can't be meant changes nothing.
fault 1 --ms 10001 delay 1
fault 1 --percent 101 loss 1
fault 2 --ms 1e3 delay 1
fault 2 --percent 99999999999999999999 loss 1
nothing_is_left 1

# A follower whose answers take long; the others go on without it. The leader tells of the timing
# that doesn't fit the network any more.
first=$(leader 1)
late=$((first % 3 + 1))
third=$((late % 3 + 1))
fault 0 --ms 120 delay "$late"
says "what node$late sends takes 120 ms longer"
says "acknowledged a write"
await '^yes$' rtt_is_at_least 100000 "$late"
await "too long for the timing of elections" cat "$dir/node1/log" "$dir/node2/log" "$dir/node3/log"
grep -h "too long for the timing of elections" "$dir"/node*/log >"$work/out"
[[ $(grep -o '"rtt_us":[0-9]*' "$work/out" | head -n 1 | cut -d : -f 2) -ge 20000 ]] ||
    fail "the warning doesn't tell how long the way is: $(cat "$work/out")"
# Cut off, it is so with the slow cable, too.
fault 0 isolate "$late"
await OFFLINE state_of "$third" "$late"
# Another cable doesn't connect it again.
fault 0 --no-probe --ms 1 delay "$late"
[[ -z $(inside hub ip -oneline link show "outlet$late" | grep -o 'master.*') ]] || fail "a delay mends the network"
lb "$third" lb create ovn0 192.0.2.110 >/dev/null || fail "a write fails with one of three cut off"
fault 0 heal "$late"
nothing_is_left "$late"
await ONLINE state_of "$third" "$late"
await '192.0.2.110' curl -s --unix-socket "$dir/node$late/unix.socket" \
    'http://x/1.0/networks/ovn0/load-balancers?consistency=local'

# A leader that loses a third of what it sends: all writes come through, with what TCP sends again.
lossy=$(leader 1)
before=$(resent "$lossy")
fault 0 --percent 33 loss "$lossy"
for ((i = 20; i < 30; i++)); do
    lb $((i % 3 + 1)) lb create ovn0 "192.0.2.1$i" >/dev/null || fail "a write fails where frames are lost"
done
[[ $(resent "$lossy") -gt $before ]] || fail "node$lossy has sent nothing again, so nothing was lost"
# The later one of two faults is what holds.
fault 0 --ms 1 delay "$lossy"
[[ $(inside hub ip -brief link | grep -c "^outlet") -eq 1 ]] || fail "there is more than one other cable"
fault 0 heal
nothing_is_left "$lossy"

# Two against one. The two go on, the one reads on.
alone=$(leader 1)
other=$((alone % 3 + 1))
fault 0 partition "$alone"
says "acknowledged a write"
lb "$other" lb create ovn0 192.0.2.130 >/dev/null || fail "two of three take no write"
code=$(curl -s -o "$work/answer" -w '%{http_code}' -H 'Lbstate-Timeout-Ms: 3000' \
    --unix-socket "$dir/node$alone/unix.socket" -X POST -d '{"listen_address":"192.0.2.131"}' \
    http://x/1.0/networks/ovn0/load-balancers)
[[ $code -eq 503 || $code -eq 500 ]] || fail "the one alone answers $code to a write: $(cat "$work/answer")"
[[ $(curl -s --unix-socket "$dir/node$alone/unix.socket" \
    'http://x/1.0/networks/ovn0/load-balancers?consistency=local' | grep -o 'load-balancers/192' | wc -l) -ge 11 ]] ||
    fail "the one alone doesn't read its own copy"
fault 0 heal
await '"status_code":200' curl -s --unix-socket "$dir/node$alone/unix.socket" http://x/internal/ready
await '192.0.2.130' curl -s --unix-socket "$dir/node$alone/unix.socket" \
    'http://x/1.0/networks/ovn0/load-balancers?consistency=local'

# Clients notice nothing but pauses.
timeout 300 test/torture/torture --dir "$dir" --seed 4 --time 10 --faults isolate,partition,delay,loss \
    --min-ops 100 >"$work/out" 2>&1 || die "torture: $(cat "$work/out")"
says 'all rules hold'
! grep -q 'going on without' "$work/out" || fail "torture goes on without a fault: $(cat "$work/out")"

# A stop leaves nothing, whatever the network was like.
fault 0 --no-probe delay 1
pid=$(cat "$dir/node1/impair-link")
"$top/contrib/cluster" stop "$dir" >"$work/out" 2>&1 || die "the cluster doesn't stop: $(cat "$work/out")"
! ip netns list | grep -q "$(sed -n 's/^id=/lbstate-/p' "$dir/lbstate-cluster")" || fail "namespaces are left"
[[ $(sed 's/.*) \(.\).*/\1/' "/proc/$pid/stat" 2>/dev/null) != [SR] ]] || fail "impair-link is left"

[[ $n_failed -eq 0 ]] || exit 1
echo "the network's faults are done, noticed and undone"
