#!/bin/bash
# The pages of the manual: no warnings of their formatter, and every command and
# option that --help tells is there.
set -u

pages=${srcdir:-.}/doc/man
LBCTL=${LBCTL:-./lbctl}
LBSTATED=${LBSTATED:-./lbstated}
GENERATE=${GENERATE:-./src/generate/generate-database}
n_failed=0

fail() {
    echo "$*"
    n_failed=$((n_failed + 1))
}

long_options() {
    grep -oE '^ +(-[a-zA-Z], )?--[a-z-]+' | grep -oE -e '--[a-z-]+' | sort -u
}

# check_options PAGE: those on standard input.
check_options() {
    while read -r option; do
        [[ $'\n'${told[$1]}$'\n' == *$'\n'"Fl -${option#--}"$'\n'* ]] ||
            fail "$1: $option isn't there"
    done
}

# check_verb WORD...: it, if it runs, and those below it.
check_verb() {
    local help commands command path
    help=$("$LBCTL" "$@" --help)
    commands=$(sed -n '/^Commands:/,/^$/s/^  \([a-z-]*\).*/\1/p' <<<"$help")
    check_options lbctl.1 < <(long_options <<<"$help")
    if [[ -z $commands ]]; then
        n_verbs=$((n_verbs + 1))
        # It is written once for both ways to say it.
        path=$*
        path=${path/#network load-balancer/load-balancer}
        [[ $'\n'$verbs$'\n' == *$'\n'"$path"$'\n'* ]] || fail "lbctl.1: $* isn't there"
    fi
    for command in $commands; do
        check_verb "$@" "$command"
    done
}

# What the pages tell, taken out once.
declare -A told
verbs=$(sed -nE 's/^\.It Ic //; T; s/( Op)?( Ar.*)?$//p' "$pages/lbctl.1")
for page in lbctl.1 lbstated.8 generate-database.1; do
    told[$page]=$(grep -oE 'Fl -[a-z-]+( |$)' "$pages/$page" | sed 's/ $//')
    if command -v mandoc >/dev/null; then
        said=$(mandoc -T lint -W warning "$pages/$page" 2>&1) || fail "$page: $said"
    fi
    if command -v man >/dev/null; then
        said=$(LC_ALL=C.UTF-8 MANROFFSEQ='' MANWIDTH=80 man --warnings -E UTF-8 -l -Tutf8 -Z \
            "$pages/$page" 2>&1 >/dev/null)
        [[ -z $said ]] || fail "$page: $said"
    fi
done

n_verbs=0
check_verb
((n_verbs >= 33)) || fail "only $n_verbs verbs were found"
check_options lbstated.8 < <("$LBSTATED" --help | long_options)
check_options generate-database.1 < <("$GENERATE" --help | long_options)
echo "$n_verbs verbs, $n_failed failed"
exit $((n_failed > 0))
