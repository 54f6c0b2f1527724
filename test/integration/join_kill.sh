#!/bin/bash
# A node that joins is killed just before each step that it takes, in turn, until none is left. Each
# time the same command goes on from there and the node becomes a member. At every third step another
# node is killed there, too, and what it left is undone: nothing of it remains.
set -u
top=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=test/integration/cluster_common.bash
. "$top/test/integration/cluster_common.bash"
KILL_AT_LIBRARY=${KILL_AT_LIBRARY:-$PWD/test/lib/.libs/kill_at.so}

if grep -q -e '-fsanitize=' "$PWD/Makefile"; then
    echo "the sanitizers' libraries must be loaded before any other"
    exit 77
fi

is_ready() {
    curl -s --fail --max-time 5 --unix-socket "$work/$1.sock" http://x/internal/ready >/dev/null
}

# start NAME TOKEN [VARIABLE=VALUE...]: a node that joins, in the background.
start() {
    local name=$1 token=$2
    shift 2
    env "$@" "$LBSTATED" --state-dir "$work/$name" --socket "$work/$name.sock" --join "$token" \
        --cluster-address "$address" >>"$work/$name.log" 2>&1 &
    extra=$!
}

# Waits until $extra is ready or has ended; true if it is ready.
started() {
    local i
    for ((i = 0; i < 1200; i++)); do
        is_ready "$1" && return
        kill -0 "$extra" 2>/dev/null || return 1
        sleep 0.05
    done
    die "$1 is neither ready nor gone within a minute"
}

end() {
    kill -KILL "$extra" 2>/dev/null
    wait "$extra" 2>/dev/null
    extra=
}

# interrupt NAME STEP: a node that is killed before that step; false if it takes no such step.
interrupt() {
    rm -f "$work/note"
    token=$(lb 1 cluster add "$1" | tail -n 1)
    start "$1" "$token" LD_PRELOAD="$KILL_AT_LIBRARY" KILL_AT="$2" KILL_NOTE="$work/note"
    if started "$1"; then
        return 1
    fi
    end
    [[ -s $work/note ]] || die "$1 ended by itself, not by its step $2"
}

is_listed() {
    lb 1 cluster list --format csv | grep -q "^$1,"
}

# undo STEP CALL: a node that is killed before that step, and what undoes it.
undo() {
    if ! interrupt undone "$1"; then
        # The last steps come from several threads: it was ready before it took as many, and may
        # have been killed by now.
        lb 1 cluster remove undone >/dev/null || lb 1 cluster remove --force undone >/dev/null ||
            fail "a member that was ready before its step $1 ($2) can't be removed"
        end
        rm -rf "$work/undone" "$work/undone.sock" "$work/undone.log"
        return
    fi
    if is_listed undone; then
        lb 1 cluster remove --force undone >/dev/null || fail "step $1 ($2) can't be undone"
    else
        lb 1 cluster revoke-token undone >/dev/null || fail "the token isn't there after step $1 ($2)"
    fi
    ! is_listed undone || fail "it is still a member after step $1 ($2) was undone"
    start undone "$token"
    if started undone; then
        # It knew already that it is a member, and wasn't there to be told that it is one no more.
        await 'No other member knows the key' cat "$work/undone.log"
        end
    else
        wait "$extra"
        [[ $? -eq 1 ]] || fail "it ends with another code after step $1 ($2) was undone"
        extra=
    fi
    ! is_listed undone || fail "it is a member again after step $1 ($2) was undone"
    rm -rf "$work/undone" "$work/undone.sock" "$work/undone.log"
}

"$top/contrib/cluster" start -n 3 --loopback "$dir" >"$work/out" 2>&1 || die "$(cat "$work/out")"
port=$(lb 1 cluster list --format csv | sed -n 's/^node1,https:\/\/[^,]*:\([0-9]*\),.*/\1/p')
address=127.0.0.1:$((port + 7))

declare -A seen=()
for ((step = 1; step <= 200; step++)); do
    # Killed and repeated.
    if ! interrupt again "$step"; then
        break
    fi
    call=$(cat "$work/note")
    seen[$call]=$((${seen[$call]:-0} + 1))
    start again "$token"
    started again || die "after step $step ($call) joining can't be repeated"
    await '^again.*ONLINE' lb 1 cluster list --format csv
    [[ $(lb 1 cluster list --format csv | grep -c ,) -eq 4 ]] ||
        fail "after step $step ($call) the members are: $(lb 1 cluster list --format csv)"
    lb 1 cluster remove again >/dev/null || lb 1 cluster remove --force again >/dev/null ||
        fail "the member can't be removed after step $step ($call)"
    end
    rm -rf "$work/again" "$work/again.sock"
    echo "step $step: $call"

    if ((step % 3 == 0)); then
        undo "$step" "$call"
    fi
done
end
lb 1 cluster remove --force again >/dev/null
[[ $(lb 1 cluster list --format csv | grep -c ,) -eq 3 ]] || fail "not three members are left"

# It was killed where it should have been.
# (The tunnel's thread has steps of its own, so that the numbers shift, and one call may be missed.)
for call in mkdir openat renameat fsync SSL_do_handshake; do
    [[ ${seen[$call]:-0} -gt 0 ]] || fail "it was never killed before $call"
done
[[ $n_failed -eq 0 ]] || exit 1
echo "a node that was killed at any of its $((step - 1)) steps joins, or leaves nothing"
