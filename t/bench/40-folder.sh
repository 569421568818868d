#!/bin/sh
# SPDX-License-Identifier: MIT
# 40-folder.sh - a folder of small reports, each kept or undone by itself, beside cat.
set -eu
bin=$(dirname "$SEAWORTHY")/bench
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
case $SIZE in
small) files=1000 ;;
*) files=10000 ;;
esac

mkdir "$dir/reports"
perl t/bench/generate.pl folder $files "$dir/reports"
SEAWORTHY_STORE="$dir/new.db" "$SEAWORTHY" status >/dev/null
import_anew() {
	rm -f "$dir"/a.db*
	cp "$dir/new.db" "$dir/a.db"
	"$bin/measure" "$SEAWORTHY" --store "$dir/a.db" import --quiet "$dir/reports"
}
import_again() {
	"$bin/measure" "$SEAWORTHY" --store "$dir/a.db" import --quiet "$dir/reports"
}
# The machine may be busy: processor time, user and system, and the best of two on both sides.
best() { for again in 1 2; do "$@"; done | sort -n -k 4 | head -n 1; }
ours=$(best import_anew)
again=$(best import_again)
cat=$(best "$bin/measure" sh -c 'find "$1" -type f -exec cat {} +' cat "$dir/reports")
awk -v a="$ours" -v b="$again" -v c="$cat" -v n=$files 'BEGIN {
	split(a, x, " "); split(b, y, " "); split(c, z, " ")
	printf "%-4s %-44s %12s %-34s %8s  target %s\n", 16, "import " n " small reports",
		x[4] " s", "cat of the same files " z[4] " s",
		sprintf("%.0f/s", n / x[4]), ">= 1500/s"
	printf "%-4s %-44s %12s %-34s %8s\n", 16, "the same again, unchanged", y[4] " s",
		"the first import " x[4] " s", sprintf("%.3f x", y[4] / x[4])
}'
