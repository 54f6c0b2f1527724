#!/bin/bash
# The systemd unit as systemd reads it: no warnings, little exposure, and every
# option of its command line is one of the daemon's.
set -eu

command -v systemd-analyze >/dev/null || exit 77

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
LBSTATED=${LBSTATED:-./lbstated}
sbindir=$folder/sbin
mkdir "$sbindir"
printf '#!/bin/sh\n' >"$sbindir/lbstated"
chmod +x "$sbindir/lbstated"
sed -e "s|@sbindir@|$sbindir|" -e "s|@sysconfdir@|/etc|" \
    "${srcdir:-.}/contrib/systemd/lbstated.service.in" >"$folder/lbstated.service"

said=$(systemd-analyze verify --man=no "$folder/lbstated.service" 2>&1 | grep -F lbstated || true)
if [ -n "$said" ]; then
    echo "systemd-analyze verify: $said"
    exit 1
fi
grep -q '^Type=notify$' "$folder/lbstated.service"
systemd-analyze security --offline=yes --threshold=20 --no-pager "$folder/lbstated.service" |
    tail -n 1

for option in $(sed -n 's/^ExecStart=//p' "$folder/lbstated.service" | grep -oE -e '--[a-z-]+'); do
    "$LBSTATED" --help | grep -q -e "$option=" || { echo "lbstated has no $option"; exit 1; }
done

# The example is what the daemon takes, also when its lines are put in force.
sed 's/^#\([a-z]\)/\1/' "${srcdir:-.}/contrib/lbstated.conf" >"$folder/lbstated.conf"
"$LBSTATED" --config="$folder/lbstated.conf" --version
