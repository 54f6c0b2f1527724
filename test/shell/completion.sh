#!/bin/bash
# Completion for bash and zsh: every command and option of every verb's --help is
# offered, and names of records where they can stand. Lists are made up here; all
# else is asked of the lbctl of this build.
#
# The questions to the completion are collected in a file of lines `ask WORD...`,
# which each shell reads in one process with a function ask() of its own, and the
# answers are compared at the end. The helps are asked of lbctl once and kept. All
# this is because starting a process for each would take minutes.
set -u

source_dir=${srcdir:-.}
export LBCTL=${LBCTL:-./lbctl}
folder=$(mktemp -d) || exit 1
trap 'rm -rf "$folder"' EXIT
export HELP_DIR=$folder/help
mkdir "$HELP_DIR"
n_verbs=0
n_questions=0
n_failed=0

shells=bash
if command -v zsh >/dev/null; then
    shells="bash zsh"
fi

# Both shells take this for lbctl.
lbctl_of_test='lbctl() {
    local IFS=" " file
    case " $* " in
    *" --help "*)
        file=$HELP_DIR/${*// /_}
        [[ -e $file ]] || "$LBCTL" "$@" >"$file"
        printf "%s\n" "$(<"$file")"
        ;;
    *" project list "*) printf "%s\n" "default (current)" web ;;
    *" network list "*) printf "%s\n" ovn0 UPLINK ;;
    *" network forward list ovn0 "* | *" net fwd list ovn0 "*) printf "%s\n" 198.18.0.7 ;;
    *" load-balancer list ovn0 "* | *" lb list ovn0 "*) printf "%s\n" 192.0.2.1 2001:db8::1 ;;
    *) "$LBCTL" "$@" ;;
    esac
}'
eval "$lbctl_of_test"
. "$source_dir/contrib/completion/lbctl.bash"
unset -f _get_comp_words_by_ref __ltrim_colon_completions 2>/dev/null

# Both print a line "SHELL: WORD...: OFFERED" for each that starts with the last word.
bash_answers() {
    local COMP_WORDS COMP_CWORD COMPREPLY offered
    ask() {
        COMP_WORDS=("$@")
        COMP_CWORD=$(($# - 1))
        COMPREPLY=()
        _lbctl
        for offered in "${COMPREPLY[@]}"; do
            [[ -z $offered || $offered != "${*: -1}"* ]] || printf '%s\n' "bash: $*: $offered"
        done
    }
    . "$1"
}

zsh_answers() {
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
        ask() {
            local -a words
            local CURRENT=$# offered
            words=("$@")
            for offered in ${(f)"$(. "$completion")"}; do
                [[ $offered != ${(b)@[-1]}* ]] || print -r -- "zsh: $*: $offered"
            done
        }
        completion=$1
        . "$2"' zsh "$source_dir/contrib/completion/_lbctl" "$1"
}

# expect "OFFERED..." WORD... : exactly these, in any order, start with the last word.
expect() {
    local shell offered wanted=$1
    shift
    n_questions=$((n_questions + 1))
    { printf ask && printf ' %q' "$@" && echo; } >>"$folder/questions"
    for shell in $shells; do
        for offered in $wanted; do
            printf '%s\n' "$shell: $*: $offered" >>"$folder/wanted"
        done
    done
}

# All of the verb WORD... and of those below it, as --help tells them.
check_verb() {
    local help commands options command
    help=$("$@" --help)
    commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\).*/\1/p' <<<"$help")
    options=$(grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' <<<"$help" | grep -oE -e '--[a-z-]+')
    n_verbs=$((n_verbs + 1))
    expect "$options" "$@" --
    if [[ -n $commands ]]; then
        expect "$commands" "$@" ""
    fi
    for command in $commands; do
        check_verb "$@" "$command"
    done
}

check_verb lbctl
expect "network" lbctl n
expect "ovn0 UPLINK" lbctl network show ""
expect "ovn0" lbctl lb show o
expect "192.0.2.1 2001:db8::1" lbctl lb show ovn0 ""
expect "2001:db8::1" lbctl --timeout 3 load-balancer backend add ovn0 200
expect "192.0.2.1" lbctl lb port remove ovn0 19
expect "198.18.0.7" lbctl network forward show ovn0 ""
expect "198.18.0.7" lbctl net fwd port add ovn0 ""
expect "192.0.2.1 2001:db8::1" lbctl network load-balancer port add ovn0 ""
expect "192.0.2.1 2001:db8::1" lbctl lb delete ovn0 192.0.2.9 ""
expect "ovn0 UPLINK" lbctl network delete ovn1 ""
expect "default web" lbctl project switch ""
expect "default web" lbctl project edit ""
expect "default web" lbctl --project ""
expect "table compact csv markdown json yaml" lbctl network list -f ""
expect "ovn0 UPLINK" lbctl --socket /x --project=web network get ""
expect "" lbctl network create ""
expect "PUT POST PATCH" lbctl query -X P

for shell in $shells; do
    "${shell}_answers" "$folder/questions" >>"$folder/offered"
done
# "-": wanted and not offered; "+": offered and not wanted.
n_failed=$(diff -U 0 <(sort "$folder/wanted") <(sort "$folder/offered") | grep '^[-+][^-+]' |
    tee /dev/stderr | wc -l)
if ((n_verbs < 50)); then
    echo "only $n_verbs verbs were found"
    n_failed=$((n_failed + 1))
fi
echo "$n_verbs verbs, $n_questions questions to each of: $shells; $n_failed failed"
exit $((n_failed > 0))
