# What the tests of whole clusters share. The including script sets $top.
#
# $dir is that of the cluster, below $work, and both are gone at the end; $extra is the process of a
# node that contrib/cluster knows nothing of, or empty.
# shellcheck shell=bash disable=SC2034,SC2154
work=$(mktemp -d /tmp/lbstate-cluster-XXXXXX)
dir=$work/cluster
export LBSTATE_BUILD="$PWD"
LBCTL=$PWD/lbctl
LBSTATED=$PWD/lbstated
extra=
n_failed=0

clean_up() {
    # A second signal, of make or of an impatient hand, would leave the rest undone.
    trap '' HUP INT TERM
    [[ -z $extra ]] || kill -KILL "$extra" 2>/dev/null
    "$top/contrib/cluster" stop "$dir" >/dev/null 2>&1
    rm -rf "$work"
}
trap clean_up EXIT
trap 'exit 143' HUP INT TERM

fail() {
    echo "FAIL: $*"
    n_failed=$((n_failed + 1))
}

# Why comes last: the end of a log is what is shown of it.
die() {
    for log in "$dir"/node*/log "$work"/*.log; do
        [[ -e $log ]] && echo "-- $log" && tail -n 15 "$log"
    done
    fail "$*"
    exit 1
}

# lb K ARGUMENT...: lbctl on node K.
lb() {
    local node=$1
    shift
    timeout 60 "$LBCTL" --socket "$dir/node$node/unix.socket" "$@"
}

# The number of the node that leads, as node K lists it.
leader() {
    lb "$1" cluster list --format csv --columns nr | sed -n 's/^node\([0-9]\),.*database-leader.*/\1/p'
}

# An uplink, up, and a network on it, ovn0; by node K.
make_networks() {
    lb "$1" network create up --type=physical parent=eth0 ipv4.gateway=192.0.2.1/24 \
        ipv4.ovn.ranges=192.0.2.100-192.0.2.200 >/dev/null &&
        lb "$1" network create ovn0 --type=ovn network=up ipv4.address=10.0.0.1/24 ipv4.nat=true >/dev/null ||
        die "the networks can't be made"
}

# await WORDS COMMAND...: until it says that; a minute at most.
await() {
    local words=$1 i
    shift
    for ((i = 0; i < 1200; i++)); do
        "$@" 2>&1 | grep -q -- "$words" && return
        sleep 0.05
    done
    die "$* doesn't say \"$words\" within a minute, but: $("$@" 2>&1 | tail -n 20)"
}
