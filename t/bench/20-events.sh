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
# The machine may be busy: the best of two on both sides.
best() { for again in 1 2; do "$@"; done | sort -n | head -n 1; }
ours=$(best import_anew)
jq=$(best "$bin/measure" jq -c .rule "$dir/falco.log")
row() { # WHAT FIELD TARGET
	awk -v what="$1" -v field="$2" -v target="$3" -v a="$ours" -v b="$jq" 'BEGIN {
		split(a, x, " "); split(b, y, " ")
		printf "%-4s %-44s %12s %-34s %8s  target %s\n", 6, what, x[field] " s",
			"jq -c .rule " y[field] " s", sprintf("%.3f x", x[field] / y[field]), target
	}'
}
row "import $events events" 1 '<= 0.35 x'
row '  of the processor' 4 -
