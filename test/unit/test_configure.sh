#!/bin/sh
# What configure says when something is missing: the Debian package to install.
set -eu

configure=$(cd "${srcdir:-.}" && pwd)/configure
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
n_failed=0

# refused NAME MESSAGE [ARGUMENT...]: configure must fail, and its last line must
# hold MESSAGE.
refused() {
    name=$1
    message=$2
    shift 2
    if "$configure" --cache-file="$scratch/cache" "$@" >log 2>&1; then
        echo "[  FAILED  ] $name: configure succeeds"
    elif tail -n 1 log | grep -qF -- "$message"; then
        echo "[       OK ] $name"
        return
    else
        echo "[  FAILED  ] $name: it says"
        tail -n 1 log
    fi
    n_failed=$((n_failed + 1))
}

# Without any package. What configure finds out before it looks for packages is kept
# from run to run.
mkdir packages
export PKG_CONFIG_LIBDIR="$scratch/packages"
refused no_engine "install the Debian packages libcowsql-dev and libraft-dev"
refused no_dqlite "install the Debian package libdqlite-dev" --with-engine=dqlite
refused unknown_engine "--with-engine=etcd is unknown: use auto, dqlite or cowsql" --with-engine=etcd
refused sanitize_without_list "--enable-sanitize wants a list" --enable-sanitize

# An engine that is there, and nothing else is.
for package in cowsql raft; do
    printf 'Name: %s\nDescription: for a test\nVersion: 99\n' $package >"packages/$package.pc"
done
refused no_libuv "install the Debian package libuv1-dev"

[ "$n_failed" -eq 0 ]
