#!/bin/bash
# Completion for bash and zsh: every command and option of every verb's --help is
# offered, and names of records where they can stand. Lists are made up here; all
# else is asked of the lbctl of this build.
set -u

source_dir=${srcdir:-.}
export LBCTL=${LBCTL:-./lbctl}
n_failed=0
n_verbs=0

# Both shells take this for lbctl.
lbctl_of_test='lbctl() {
    local IFS=" "
    case " $* " in
    *" --help "*) "$LBCTL" "$@" ;;
    *" project list "*) printf "%s\n" default web ;;
    *" network list "*) printf "%s\n" ovn0 UPLINK ;;
    *" network forward list ovn0 "* | *" net fwd list ovn0 "*) printf "%s\n" 198.18.0.7 ;;
    *" load-balancer list ovn0 "* | *" lb list ovn0 "*) printf "%s\n" 192.0.2.1 2001:db8::1 ;;
    *) "$LBCTL" "$@" ;;
    esac
}'
eval "$lbctl_of_test"
. "$source_dir/contrib/completion/lbctl.bash"
unset -f _get_comp_words_by_ref __ltrim_colon_completions 2>/dev/null

# What bash offers for the last of the words.
bash_offers() {
    COMP_WORDS=("$@")
    COMP_CWORD=$(($# - 1))
    COMPREPLY=()
    _lbctl
    printf '%s\n' "${COMPREPLY[@]}"
}

zsh_offers() {
    zsh -f -c "$lbctl_of_test"'
        compadd() {
            local list=no
            while [[ $1 == -* ]]; do
                [[ $1 == -a ]] && list=yes
                shift
                [[ $1 == --* ]] && break
            done
            if [[ $list == yes ]]; then print -rl -- ${(P)1}; else print -rl -- "$@"; fi
        }
        _describe() { print -rl -- ${${(P)2}%%:*} }
        _files() { print FILES }
        file=$1
        shift
        words=("$@")
        CURRENT=$#
        . "$file"' zsh "$source_dir/contrib/completion/_lbctl" "$@"
}

# expect SHELL "OFFERED..." WORD... : exactly these, in any order, start with the
# last word.
expect() {
    local shell=$1 wanted=$2 offered
    shift 2
    wanted=$(tr ' ' '\n' <<<"$wanted" | sort)
    offered=$("${shell}_offers" "$@" | grep -e "^${*: -1}" | sort)
    if [[ $offered != "$wanted" ]]; then
        echo "$shell: $*: offered" $offered", wanted" $wanted
        n_failed=$((n_failed + 1))
    fi
}

# All of the verb WORD... and of those below it, as --help tells them.
check_verb() {
    local shell=$1 help commands options command
    shift
    help=$("$LBCTL" "${@:2}" --help)
    commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\).*/\1/p' <<<"$help")
    options=$(grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' <<<"$help" | grep -oE -e '--[a-z-]+')
    n_verbs=$((n_verbs + 1))
    expect "$shell" "$(echo $options)" "$@" --
    if [[ -n $commands ]]; then
        expect "$shell" "$(echo $commands)" "$@" ""
    fi
    for command in $commands; do
        check_verb "$shell" "$@" "$command"
    done
}

shells=bash
if command -v zsh >/dev/null; then
    shells="bash zsh"
fi
for shell in $shells; do
    check_verb $shell lbctl
    expect $shell "network" lbctl n
    expect $shell "ovn0 UPLINK" lbctl network show ""
    expect $shell "ovn0" lbctl lb show o
    expect $shell "192.0.2.1 2001:db8::1" lbctl lb show ovn0 ""
    expect $shell "2001:db8::1" lbctl --timeout 3 load-balancer backend add ovn0 200
    expect $shell "192.0.2.1" lbctl lb port remove ovn0 19
    expect $shell "198.18.0.7" lbctl network forward show ovn0 ""
    expect $shell "198.18.0.7" lbctl net fwd port add ovn0 ""
    expect $shell "192.0.2.1 2001:db8::1" lbctl network load-balancer port add ovn0 ""
    expect $shell "192.0.2.1 2001:db8::1" lbctl lb delete ovn0 192.0.2.9 ""
    expect $shell "ovn0 UPLINK" lbctl network delete ovn1 ""
    expect $shell "default web" lbctl project switch ""
    expect $shell "default web" lbctl project edit ""
    expect $shell "default web" lbctl --project ""
    expect $shell "table compact csv markdown json yaml" lbctl network list -f ""
    expect $shell "ovn0 UPLINK" lbctl --socket /x --project=web network get ""
    expect $shell "" lbctl network create ""
    expect $shell "PUT POST PATCH" lbctl query -X P
done
if ((n_verbs < 50 * $(wc -w <<<"$shells"))); then
    echo "only $n_verbs verbs were found"
    n_failed=$((n_failed + 1))
fi
echo "$n_verbs verbs, $n_failed failed"
exit $((n_failed > 0))
