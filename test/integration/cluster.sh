#!/bin/bash
# A cluster of three real daemons on the loopback network, by what people type: it is formed,
# loses its leader, its majority and its members, changes keys and addresses, and turns strangers
# away.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/integration/cluster_common.bash
. "$top/test/integration/cluster_common.bash"

# refused CODE WORDS COMMAND...: it must fail with that exit code, and say that.
refused() {
    local code=$1 words=$2 said rc
    shift 2
    said=$("$@" 2>&1)
    rc=$?
    [[ $rc -eq $code ]] || fail "$* has exit code $rc, not $code: $said"
    grep -q -- "$words" <<<"$said" || fail "$* doesn't say \"$words\" but: $said"
}

same_everywhere() {
    lb 1 lb list ovn0 --format json >"$work/list1"
    for k in 2 3; do
        lb $k lb list ovn0 --format json | cmp -s - "$work/list1" || fail "node$k lists other records"
    done
}

# -- Forming ----------------------------------------------------------------------

"$top/contrib/cluster" start -n 3 --loopback "$dir" >"$work/out" 2>&1 || die "$(cat "$work/out")"
await 'Survives 1 more failure' lb 3 cluster list
[[ $(lb 2 cluster list --format csv | grep -c ONLINE) -eq 3 ]] || fail "three members aren't online"
make_networks 2
for k in 1 2 3; do
    lb $k lb create ovn0 192.0.2.15$k --description "by node$k" >/dev/null || fail "node$k takes no write"
done
same_everywhere
refused 1 'already exists' lb 2 lb create ovn0 192.0.2.151
[[ $(curl -s --unix-socket "$dir/node2/unix.socket" 'http://x/1.0/networks/ovn0/load-balancers?consistency=local' |
    grep -o 'load-balancers/192' | wc -l) -eq 3 ]] || fail "node2's own copy isn't as the leader's records"

# The members are asked for it, so it is known at once.
[[ $(lb 2 cluster list --format csv --columns nl | grep -c '^node[123],[0-9]') -eq 3 ]] ||
    fail "the lag isn't told of all members: $(lb 2 cluster list --format csv --columns nl)"

# -- Failures -----------------------------------------------------------------------

first=$(leader 1)
other=$((first % 3 + 1))
third=$((other % 3 + 1))
"$top/contrib/kill" --quiet kill9 "$first" "$dir" || die "node$first isn't killed"
lb $other lb create ovn0 192.0.2.160 >/dev/null || fail "a write fails after the leader was killed"
lb $third lb show ovn0 192.0.2.160 >/dev/null || fail "node$third doesn't know what was acknowledged"
await "^node$first,.*OFFLINE" lb $other cluster list --format csv
lb $other cluster list | grep -q 'Survives no' || fail "a dead voter is counted: $(lb $other cluster list)"

# Without a majority: reads of the own copy go on, and nothing else does.
"$top/contrib/kill" --quiet kill9 "$other" "$dir" || die "node$other isn't killed"
code=$(curl -s -o "$work/answer" -D "$work/head" -w '%{http_code}' -H 'Lbstate-Timeout-Ms: 3000' \
    --unix-socket "$dir/node$third/unix.socket" -X POST -d '{"listen_address":"192.0.2.161"}' \
    http://x/1.0/networks/ovn0/load-balancers)
[[ $code -eq 503 || $code -eq 500 ]] || fail "a write without a majority gets $code"
# It may have led when the majority was lost, and that write be in doubt; the next one isn't.
code=$(curl -s -o "$work/answer" -D "$work/head" -w '%{http_code}' -H 'Lbstate-Timeout-Ms: 3000' \
    --unix-socket "$dir/node$third/unix.socket" -X POST -d '{"listen_address":"192.0.2.162"}' \
    http://x/1.0/networks/ovn0/load-balancers)
[[ $code -eq 503 ]] || fail "a second write without a majority gets $code"
grep -q "of its 3 voters 2 must be up and reach each other, and from node$third 1 can be reached. node$third sees" \
    "$work/answer" || fail "the quorum isn't explained: $(cat "$work/answer")"
for k in $first $other; do
    grep -q "node$k (127" "$work/answer" || fail "node$k isn't named: $(cat "$work/answer")"
done
grep -qi '^Retry-After:' "$work/head" || fail "there is no Retry-After"
curl -s --unix-socket "$dir/node$third/unix.socket" \
    'http://x/1.0/networks/ovn0/load-balancers/192.0.2.160?consistency=local' |
    grep -q '"listen_address":"192.0.2.160"' || fail "the own copy isn't read without a majority"
"$top/contrib/kill" --quiet heal "$dir" || die "the nodes don't start again"
for k in 1 2 3; do
    await '"status_code":200' curl -s --unix-socket "$dir/node$k/unix.socket" http://x/internal/ready
done
lb $first lb create ovn0 192.0.2.162 >/dev/null || fail "no write after all came back"
same_everywhere

# A clean stop moves leadership first.
now=$(leader 1)
"$top/contrib/kill" --quiet term "$now" "$dir" || die "node$now doesn't stop"
grep -q 'moving leadership' "$dir/node$now/log" || fail "node$now doesn't hand over before it stops"
"$top/contrib/kill" --quiet start "$now" "$dir" || die "node$now doesn't start"
await '"status_code":200' curl -s --unix-socket "$dir/node$now/unix.socket" http://x/internal/ready

# -- Joining --------------------------------------------------------------------------

port() {
    lb 1 cluster list --format csv | sed -n 's/.*https:\/\/[^,]*:\([0-9]*\),.*/\1/p' | head -n 1
}
join() { # NAME TOKEN ADDRESS: runs a fourth node in the foreground.
    timeout 90 "$LBSTATED" --state-dir "$work/$1" --socket "$work/$1.sock" --join "$2" \
        --cluster-address "$3" >>"$work/$1.log" 2>&1
}

token=$(lb 2 cluster add node4 | tail -n 1)
refused 2 'no join token' "$LBSTATED" --state-dir "$work/cut" --join "${token:0:40}"
lb 1 cluster revoke-token node4 >/dev/null || fail "a token can't be revoked"
join node4 "$token" "127.0.0.1:$(($(port) + 7))"
[[ $? -eq 1 ]] || fail "a node with a revoked token has another exit code"
grep -q "doesn't know this join token, which was revoked" "$work/node4.log" || fail "the revoked token isn't told: $(tail -n 2 "$work/node4.log")"
# The members may have addresses of both kinds, where there are both.
home=127.0.0.1
if grep -q '^0*1 ' /proc/net/if_inet6 2>/dev/null; then
    home='[::1]'
fi
token=$(lb 3 cluster add node4 | tail -n 1)
join node4 "$token" "$home:$(($(port) + 7))" &
extra=$!
await 'node4.*ONLINE' lb 1 cluster list --format csv
lb 1 cluster list --format csv | grep -qF "node4,https://$home:$(($(port) + 7))," ||
    fail "node4 isn't at $home: $(lb 1 cluster list --format csv)"
await '"status_code":200' curl -s --unix-socket "$work/node4.sock" http://x/internal/ready
timeout 20 "$LBCTL" --socket "$work/node4.sock" lb show ovn0 192.0.2.160 >/dev/null ||
    fail "node4 doesn't serve the records"
join node5 "$token" "127.0.0.1:$(($(port) + 8))"
[[ $? -eq 1 ]] || fail "a token can be used twice"
grep -q 'used' "$work/node5.log" || fail "the used token isn't told: $(tail -n 2 "$work/node5.log")"
"$LBSTATED" --state-dir "$work/wiped" --socket "$work/wiped.sock" --cluster-address 127.0.0.1:1 \
    >"$work/wiped.log" 2>&1
[[ $? -eq 1 ]] || fail "a wiped member starts a cluster of its own"
grep -q 'cluster remove --force' "$work/wiped.log" || fail "a wiped member isn't told what to do"

# -- Changes ----------------------------------------------------------------------------

lb 1 cluster rename node4 spare >/dev/null || fail "a member can't be renamed"
await 'spare' lb 2 cluster list --format csv
timeout 40 "$LBCTL" --socket "$work/node4.sock" cluster rotate-key >/dev/null || fail "node4's key can't be replaced"
timeout 40 "$LBCTL" --socket "$work/node4.sock" lb list ovn0 >/dev/null || fail "node4 is cut off by its new key"
lb "$(leader 1)" cluster rotate-key >/dev/null || fail "the leader's key can't be replaced"
same_everywhere
timeout 40 "$LBCTL" --socket "$work/node4.sock" cluster move "127.0.0.1:$(($(port) + 9))" >/dev/null ||
    fail "node4 can't move"
await "spare.*:$(($(port) + 9)).*ONLINE" lb 1 cluster list --format csv
evacuated=$(leader 1)
lb 1 cluster evacuate --force "node$evacuated" >/dev/null 2>&1 || lb 1 cluster evacuate "node$evacuated" >/dev/null ||
    fail "the leader can't be evacuated"
await 'EVACUATED' lb 1 cluster list --format csv
[[ $(leader 1) != "$evacuated" ]] || fail "an evacuated member leads"
lb 1 cluster restore "node$evacuated" >/dev/null 2>&1 || lb 1 cluster restore --force "node$evacuated" >/dev/null ||
    fail "it can't be restored"

# -- Strangers ----------------------------------------------------------------------------

openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=stranger \
    -keyout "$work/stranger.key" -out "$work/stranger.pem" 2>"$work/out" || die "$(cat "$work/out")"
endpoint=$(lb 1 cluster list --format csv | sed -n 's/^node2,https:\/\/\([^,]*\),.*/\1/p')
for certificate in "" "-cert $work/stranger.pem -key $work/stranger.key"; do
    # shellcheck disable=SC2086
    printf 'GET /1.0 HTTP/1.1\r\nHost: x\r\n\r\n' |
        timeout 10 openssl s_client -quiet -connect "$endpoint" -alpn lbstate-http/1 $certificate \
            >"$work/stranger.out" 2>/dev/null
    grep -q 'api_status' "$work/stranger.out" && fail "a stranger is answered"
done

# -- Leaving ------------------------------------------------------------------------------

lb 2 cluster remove spare >/dev/null || lb 2 cluster remove --force spare >/dev/null || fail "a member can't be removed"
wait "$extra"
extra=
grep -q 'was removed from its cluster' "$work/node4.log" || fail "a removed member isn't told"
"$LBSTATED" --state-dir "$work/node4" --socket "$work/node4.sock" >"$work/again.log" 2>&1
[[ $? -eq 1 ]] || fail "a removed member starts again"
grep -q 'was removed from its cluster' "$work/again.log" || fail "it doesn't say why"
gone=$(leader 1)
lb $((gone % 3 + 1)) cluster remove "node$gone" >/dev/null || fail "the leader can't be removed"
stays=$((gone % 3 + 1))
[[ $(lb $stays cluster list --format csv | grep -c '^node') -eq 2 ]] || fail "two members aren't left"
lb $stays lb create ovn0 192.0.2.170 >/dev/null || fail "no write after the leader was removed"

[[ $n_failed -eq 0 ]] || exit 1
echo "a cluster of three did all that it should"
