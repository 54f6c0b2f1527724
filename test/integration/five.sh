#!/bin/bash
# Five real daemons on the loopback network. Three of them vote and two stand by: a voter that dies
# gives its vote away, to another failure domain if there is one; a dead member is replaced. Then
# all five vote, and any two of them may die.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/integration/cluster_common.bash
. "$top/test/integration/cluster_common.bash"

# The numbers of the nodes whose roles, as node $1 lists them, hold the word $2.
nodes_with() {
    lb "$1" cluster list --format csv --columns nr | sed -n "s/^node\([0-9]\),.*\<$2\>\([^-].*\)\?\$/\1/p"
}

# await_voters K NODES...: until exactly these vote, as node K lists them.
await_voters() {
    local node=$1 now= i
    shift
    for ((i = 0; i < 600; i++)); do
        now=$(nodes_with "$node" database | sort | xargs)
        [[ $now == "$(printf '%s\n' "$@" | sort | xargs)" ]] && return
        sleep 0.1
    done
    die "node$node lists the voters $now, not $*: $(lb "$node" cluster list)"
}

# write K N: a record by node K, for the two digits N.
write() {
    lb "$1" lb create ovn0 "192.0.2.1$2" >/dev/null || die "node$1 takes no write"
    written+=("192.0.2.1$2")
}

# Each record is there, as node $1 tells.
nothing_is_lost() {
    local address
    lb "$1" lb list ovn0 --format csv --columns l >"$work/list" || fail "node$1 doesn't list"
    for address in "${written[@]}"; do
        grep -qx "$address" "$work/list" || fail "node$1 doesn't have $address, which was acknowledged"
    done
}

# fault COMMAND NODES: contrib/kill, by numbers with commas between them.
fault() {
    "$top/contrib/kill" --quiet "$1" "$2" "$dir" || die "$1 $2 can't be done"
}

written=()
"$top/contrib/cluster" start -n 5 --voters 3 --loopback "$dir" >"$work/out" 2>&1 || die "$(cat "$work/out")"
make_networks 1
await_voters 1 1 2 3
[[ $(nodes_with 1 database-standby | xargs) == "4 5" ]] || fail "4 and 5 don't stand by: $(lb 1 cluster list)"

# -- A voter dies: another failure domain has its vote -----------------------------------------

first=$(leader 1)
dies=$((first % 3 + 1))
third=$((dies % 3 + 1))
lb 1 cluster set --property "node$first" failure_domain=west >/dev/null || fail "no failure domain can be set"
lb 1 cluster set --property "node$third" failure_domain=south >/dev/null || fail "no failure domain can be set"
lb 1 cluster set --property node4 failure_domain=west >/dev/null || fail "no failure domain can be set"
lb 1 cluster set --property node5 failure_domain=north >/dev/null || fail "no failure domain can be set"
write 4 01
fault kill9 "$dies"
await_voters "$first" "$first" "$third" 5
await 'Survives 1 more failure' lb "$first" cluster list
await "^node$dies,.*OFFLINE" lb "$first" cluster list --format csv
write 5 02
fault start "$dies"
await "^node$dies,.*ONLINE" lb "$first" cluster list --format csv
await "^node$dies,.*database-standby" lb "$first" cluster list --format csv
nothing_is_lost "$dies"

# -- A dead member is replaced -------------------------------------------------------------------

fault kill9 "$dies"
await "^node$dies,.*OFFLINE" lb "$first" cluster list --format csv
lb "$first" cluster remove --force "node$dies" >/dev/null || die "a dead member can't be removed"
token=$(lb 4 cluster add node6 | tail -n 1)
port=$(lb 4 cluster list --format csv | sed -n 's/^node4,https:\/\/[^,]*:\([0-9]*\),.*/\1/p')
"$LBSTATED" --state-dir "$work/node6" --socket "$work/node6.sock" --join "$token" \
    --cluster-address "127.0.0.1:$((port + 7))" >"$work/node6.log" 2>&1 &
extra=$!
await '^node6,.*database-standby.*ONLINE' lb 4 cluster list --format csv
[[ $(lb 4 cluster list --format csv | grep -c ONLINE) -eq 5 ]] || fail "five members aren't online"

# -- All five vote, and any two die ----------------------------------------------------------------

left=("$first" "$third" 4 5)
lb 4 query -X PATCH -d '{"config":{"cluster.max_voters":"5"}}' /1.0 >/dev/null || die "5 can't vote"
await 'Survives 2 more failures' lb 4 cluster list
await_voters 4 "${left[@]}" 6
n=10
for ((i = 0; i < 4; i++)); do
    for ((j = i + 1; j < 4; j++)); do
        pair=${left[i]},${left[j]}
        fault kill9 "$pair"
        for node in "${left[@]}"; do
            [[ ,$pair, == *,$node,* ]] && continue
            write "$node" $((n++))
            nothing_is_lost "$node"
        done
        fault start "$pair"
        await 'Survives 2 more failures' lb 4 cluster list
    done
done
for node in "${left[@]}"; do
    nothing_is_lost "$node"
done

[[ $n_failed -eq 0 ]] || exit 1
echo "five members survive any two of them, and give away the votes of the dead"
