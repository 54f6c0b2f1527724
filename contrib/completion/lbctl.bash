# Completion of lbctl for bash.                                -*- shell-script -*-
#
# What can stand where is read from `lbctl ... --help`, so that it is never out of
# date; names of records come from `lbctl ... list`.

# Takes the names of commands and options out of $help, into lines of $commands and
# $options; options with a value end in "=". It starts no process, because it is done for
# each word while somebody waits.
_lbctl_read() {
    local line within= mark
    local command='^  ([a-z][^ ,]*)' option='^ +((-[a-zA-Z]), )?(--[a-z][^ ]*)( +[A-Z=]+( |$))?'

    commands=
    options=
    while IFS= read -r line; do
        if [[ $line == Commands:* ]]; then
            within=yes
        elif [[ -z $line ]]; then
            within=
        elif [[ -n $within && $line =~ $command ]]; then
            commands+=${BASH_REMATCH[1]}$'\n'
        elif [[ $line =~ $option ]]; then
            mark=${BASH_REMATCH[4]:+=}
            options+=${BASH_REMATCH[3]}$mark$'\n'
            [[ -z ${BASH_REMATCH[2]} ]] || options+=${BASH_REMATCH[2]}$mark$'\n'
        fi
    done <<<"$help"
}

# Prints the placeholder of argument $1 (from 0), such as NETWORK, in the help on standard
# input.
_lbctl_placeholder() {
    awk -v wanted="$1" '/^Usage:/ {
        for (i = 2; i <= NF; i++) {
            if ($i ~ /^\[?[A-Z]/ && $i != "[OPTIONS]") {
                repeats = $i ~ /\.\.\.\]?$/
                gsub(/[^A-Z_].*$|\[/, "", $i)
                last = $i
                if (n++ == wanted) print last
            }
        }
        if (n <= wanted && repeats) print last
    }'
}

# Prints what can stand for the value of option $1.
_lbctl_values() {
    case $1 in
    --format | -f) printf '%s\n' table compact csv markdown json yaml ;;
    --type | -t) printf '%s\n' ovn physical bridge ;;
    --request | -X) printf '%s\n' GET POST PUT PATCH DELETE ;;
    --project) lbctl "${connection[@]}" project list --format csv --columns n 2>/dev/null | sed "s/ (current)$//" ;;
    esac
}

# Prints the records that can stand for placeholder $1.
_lbctl_records() {
    local kind

    case $1:${path[1]} in
    NAME:project)
        lbctl "${connection[@]}" project list --format csv --columns n 2>/dev/null | sed "s/ (current)$//"
        ;;
    NAME:cluster)
        # Of a group, or of a member.
        if [[ ${path[2]} == group ]]; then
            lbctl "${connection[@]}" cluster group list --format csv --columns n 2>/dev/null
        else
            lbctl "${connection[@]}" cluster list --format csv --columns n 2>/dev/null
        fi
        ;;
    NETWORK:* | NAME:network | NAME:net)
        lbctl "${connection[@]}" network list --format csv --columns n 2>/dev/null
        ;;
    LISTEN_ADDRESS:*)
        # The list of what has the address: load-balancer, network forward, and so on.
        kind=("${path[@]:1}")
        while ((${#kind[@]} > 0)) && [[ ${kind[-1]} != @(load-balancer|lb|forward|fwd) ]]; do
            unset 'kind[-1]'
        done
        lbctl "${connection[@]}" "${kind[@]}" list "${arguments[0]}" --format csv --columns l 2>/dev/null
        ;;
    esac
}

_lbctl() {
    local cur prev words cword i word option help options commands
    local path=(lbctl) arguments=() connection=()

    # Addresses have colons, at which bash would split them.
    if declare -F _get_comp_words_by_ref >/dev/null; then
        _get_comp_words_by_ref -n := cur prev words cword
    else
        words=("${COMP_WORDS[@]}")
        cword=$COMP_CWORD
        cur=${words[cword]}
        prev=${words[cword - 1]}
    fi
    help=$(lbctl --help 2>/dev/null)
    _lbctl_read
    option=
    for ((i = 1; i < cword; i++)); do
        word=${words[i]}
        if [[ -n $option ]]; then
            [[ $option == --socket || $option == --project ]] && connection+=("$option" "$word")
            option=
        elif [[ $word == --*=* ]]; then
            [[ $word == --socket=* || $word == --project=* ]] && connection+=("$word")
        elif [[ $word == -* ]]; then
            [[ $'\n'$options$'\n' == *$'\n'"$word="$'\n'* ]] && option=$word
        elif [[ -n $commands ]]; then
            path+=("$word")
            help=$("${path[@]}" --help 2>/dev/null)
            _lbctl_read
        else
            arguments+=("$word")
        fi
    done

    local IFS=$'\n'
    if [[ $option == --socket || $option == --data-file ]]; then
        compopt -o filenames 2>/dev/null
        COMPREPLY=($(compgen -f -- "$cur"))
    elif [[ -n $option ]]; then
        COMPREPLY=($(compgen -W "$(_lbctl_values "$option")" -- "$cur"))
    elif [[ $cur == -* ]]; then
        COMPREPLY=($(compgen -W "${options//=/}" -- "$cur"))
    elif [[ -n $commands ]]; then
        COMPREPLY=($(compgen -W "$commands" -- "$cur"))
    else
        word=$(_lbctl_placeholder "${#arguments[@]}" <<<"$help")
        if [[ ${path[1]} == import || $word == FILE ]]; then
            compopt -o filenames 2>/dev/null
            COMPREPLY=($(compgen -f -- "$cur"))
        elif [[ $help != *"Usage: lbctl "*" create "* || $word != NAME ]]; then
            COMPREPLY=($(compgen -W "$(_lbctl_records "$word")" -- "$cur"))
        fi
    fi
    if declare -F __ltrim_colon_completions >/dev/null; then
        __ltrim_colon_completions "$cur"
    fi
}

complete -F _lbctl lbctl
