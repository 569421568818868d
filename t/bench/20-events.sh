#!/bin/sh
# SPDX-License-Identifier: MIT
# 20-events.sh - a long log of runtime alerts, beside jq.
set -eu
bin=$(dirname "$SEAWORTHY")/bench
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
case $SIZE in
small) events=20000 ;;
*) events=1000000 ;;
esac

perl t/bench/generate.pl falco $events >"$dir/falco.log"
SEAWORTHY_STORE="$dir/new.db" "$SEAWORTHY" status >/dev/null
import_anew() {
	rm -f "$dir"/a.db*
	cp "$dir/new.db" "$dir/a.db"
	"$bin/measure" "$SEAWORTHY" --store "$dir/a.db" import --cluster bench "$dir/falco.log"
}
# The machine may be busy: processor time, user and system, and the best of two on both sides.
best() { for again in 1 2; do "$@"; done | sort -n -k 4 | head -n 1; }
ours=$(best import_anew)
jq=$(best "$bin/measure" jq -c .rule "$dir/falco.log")
awk -v a="$ours" -v b="$jq" -v n=$events 'BEGIN {
	split(a, x, " "); split(b, y, " ")
	printf "%-4s %-44s %12s %-34s %8s  target %s\n", 6, "import " n " events", x[4] " s",
		"jq -c .rule " y[4] " s", sprintf("%.3f x", x[4] / y[4]), "<= 0.35 x"
}'
