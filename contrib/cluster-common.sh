# shellcheck shell=sh disable=SC2034,SC2154
#
# What contrib/cluster and contrib/kill share: a test cluster's directory, its nodes,
# and how to ask them. The including script sets $me (its name) and $top.
#
# DIR/lbstate-cluster   marks the directory as ours and holds the settings, NAME=VALUE
# DIR/lock              held by whoever starts or stops nodes
# DIR/faults            what contrib/kill has done, JSON lines
# DIR/nodeK/unix.socket, state/, log, pid, supervisor (its pid), restarts (a number),
#           down (while the supervisor must not start it again), impair-link (the pid of
#           what carries its frames) and impair-link.log

marker=lbstate-cluster
# A Unix socket's path has less than 108 bytes, /node1/unix.socket takes 18.
max_path=88

fail() {
    echo "$me: $*" >&2
    exit 1
}

# Sets $dir to the absolute path of directory $1.
set_dir() {
    case $1 in
    /*) dir=$1 ;;
    *) dir=$PWD/$1 ;;
    esac
    dir=${dir%/}
    [ "${#dir}" -le "$max_path" ] ||
        fail "the path $dir is too long for a socket below it: at most $max_path characters"
    case $dir in
    *[!A-Za-z0-9._/+-]*) fail "the path $dir has characters other than A-Z a-z 0-9 . _ / + -" ;;
    esac
}

# The setting $1 of the cluster in $dir; nothing if there is none.
setting() {
    sed -n "s/^$1=//p" "$dir/$marker"
}

# Sets $dir, $id, $n, $net (namespaces or loopback), $prefix (of the addresses), $port,
# $voters and $log_level from what was started in $1.
open_cluster() {
    set_dir "$1"
    [ -f "$dir/$marker" ] || fail "$dir holds no test cluster: contrib/cluster start makes one"
    id=$(setting id)
    n=$(setting n)
    net=$(setting net)
    prefix=$(setting prefix)
    port=$(setting port)
    voters=$(setting voters)
    log_level=$(setting log_level)
}

# Sets $build to the absolute path of a build folder that has all programs that are named.
find_build() {
    for build in "${LBSTATE_BUILD:-}" "$top/build" "$top/build-demo"; do
        [ -n "$build" ] || continue
        for program in "$@"; do
            [ -x "$build/$program" ] || continue 2
        done
        build=$(cd "$build" && pwd)
        return
    done
    return 1
}

# Sets $lbstated and $lbctl.
find_programs() {
    if find_build lbstated lbctl; then
        lbstated=$build/lbstated
        lbctl=$build/lbctl
        return
    fi
    [ -z "${LBSTATE_BUILD:-}" ] || fail "LBSTATE_BUILD=$LBSTATE_BUILD has no lbstated and lbctl"
    lbstated=$(PATH=$PATH:/usr/local/sbin:/usr/sbin command -v lbstated) ||
        fail "there is no lbstated: build it in $top/build, or set LBSTATE_BUILD"
    lbctl=$(command -v lbctl) || fail "there is no lbctl"
}

all_nodes() {
    node_i=1
    while [ "$node_i" -le "$n" ]; do
        echo "$node_i"
        node_i=$((node_i + 1))
    done
}

is_node() {
    case $1 in
    [1-9]) [ "$1" -le "$n" ] ;;
    *) false ;;
    esac
}

address_of() {
    echo "$prefix.$1"
}

namespace_of() {
    echo "lbstate-$id-$1"
}

# Where the bridge is: in a namespace, too, so that nothing touches the machine's own.
hub() {
    namespace_of hub
}

# True if impair-link carries what node $1 sends and gets: from the node's cable to a second
# one, inlet to outlet, which is in the bridge.
has_impaired_cable() {
    ip -n "$(hub)" link show "outlet$1" >/dev/null 2>&1
}

# Takes what contrib/kill put between node $1's cable and the bridge away again, if anything.
mend_cable() {
    impair_link_pid=$(cat "$dir/node$1/impair-link" 2>/dev/null) || return 0
    if is_process "$impair_link_pid" impair-link "node$1"; then
        kill -TERM "$impair_link_pid" 2>/dev/null || true
    fi
    ip -n "$(hub)" link delete "outlet$1" 2>/dev/null || true
    rm -f "$dir/node$1/impair-link"
}

# True if process $1 runs $2 with the argument $3: a pid alone may be somebody else's by
# now. A process that has ended but is not yet waited for has no arguments.
is_process() {
    [ -n "$1" ] || return 1
    # It may end in this moment.
    process_arguments=$({ tr '\0' '\n' <"/proc/$1/cmdline"; } 2>/dev/null) || return 1
    printf '%s\n' "$process_arguments" | grep -qxF -- "$3" || return 1
    printf '%s\n' "$process_arguments" | grep -q -- "$2"
}

# The pid of node $1's daemon, or nothing if it doesn't run.
daemon_pid() {
    pid=$(cat "$dir/node$1/pid" 2>/dev/null) || return 0
    if is_process "$pid" . "$dir/node$1/state"; then
        echo "$pid"
    fi
}

# The pid of node $1's supervisor, or nothing.
supervisor_pid() {
    pid=$(cat "$dir/node$1/supervisor" 2>/dev/null) || return 0
    if is_process "$pid" supervise "$dir"; then
        echo "$pid"
    fi
}

# R, S, T (stopped), ...: the state of process $1.
process_state() {
    sed 's/.*) \(.\).*/\1/' "/proc/$1/stat" 2>/dev/null
}

# http NODE SECONDS METHOD PATH [BODY]: prints the answer's body; fails if there is none
# in time, or if it is an error.
http() {
    http_node=$1
    http_seconds=$2
    http_method=$3
    http_path=$4
    if [ $# -gt 4 ]; then
        set -- --header 'Content-Type: application/json' --data-binary "$5"
    else
        set --
    fi
    curl --silent --fail --max-time "$http_seconds" \
        --unix-socket "$dir/node$http_node/unix.socket" --request "$http_method" "$@" \
        "http://lbstate$http_path"
}

is_ready() {
    http "$1" 2 GET /internal/ready >/dev/null 2>&1
}

# Puts each object of the array in an answer's metadata on a line of its own.
split_objects() {
    awk '{
        for (i = 1; i <= length($0); i++) {
            c = substr($0, i, 1)
            if (depth >= 2) object = object c
            if (quoted) {
                if (c == "\\") {
                    i++
                    if (depth >= 2) object = object substr($0, i, 1)
                } else if (c == "\"") {
                    quoted = 0
                }
            } else if (c == "\"") {
                quoted = 1
            } else if (c == "{") {
                if (++depth == 2) object = c
            } else if (c == "}") {
                if (--depth == 1) print object
            }
        }
    }'
}

# The members as node $1 tells them, one a line; fails if it doesn't.
members() {
    members_answer=$(http "$1" 2 GET '/1.0/cluster/members?recursion=1' 2>/dev/null) || return 1
    printf '%s\n' "$members_answer" | split_objects
}

# The number of the node that leads, as the first of the nodes $@ that can tell it says.
leader_of() {
    if [ "$n" -eq 1 ]; then
        echo 1
        return
    fi
    for leader_asked in "$@"; do
        leader_name=$(members "$leader_asked" | grep '"database-leader"' |
            sed -n 's/.*"server_name": *"node\([1-9]\)".*/\1/p') || true
        if [ -n "$leader_name" ]; then
            echo "$leader_name"
            return
        fi
    done
    return 1
}

now_us() {
    echo $(($(date +%s%N) / 1000))
}

# wait_for SECONDS COMMAND...: until it succeeds.
wait_for() {
    wait_end=$(($(now_us) + $1 * 1000000))
    shift
    until "$@"; do
        [ "$(now_us)" -lt "$wait_end" ] || return 1
        sleep 0.05
    done
}
