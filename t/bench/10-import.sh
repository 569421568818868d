#!/bin/sh
# SPDX-License-Identifier: MIT
# 10-import.sh - one large report: beside jq, the sqlite3 shell and the floor; memory; once more.
set -eu
bin=$(dirname "$SEAWORTHY")/bench
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
case $SIZE in
small) findings=6000 advisories=800 times=2 ;;
*) findings=60000 advisories=8000 times=10 ;;
esac

measure() { "$bin/measure" "$@"; }
# The machine may be busy: the best of several on both sides.
best() { for again in 1 2 3 4 5; do "$@"; done | sort -n | head -n 1; }
import_anew() { # FILE: into a store that holds the catalogues only, a.db
	rm -f "$dir"/a.db*
	cp "$dir/new.db" "$dir/a.db"
	measure "$SEAWORTHY" --store "$dir/a.db" --now $now import "$1"
}
floor_anew() {
	rm -f "$dir"/floor.db*
	measure "$bin/floor" "$dir/report.json" $findings "$dir/floor.db"
}
# row N WHAT OURS BESIDE NAME TARGET [FIELD UNIT]: two measurements and their ratio; without FIELD
# seconds on the clock, and those of the processor, user and system, in a line of their own
row() {
	one_row "$@"
	test $# -gt 6 || one_row "$1" '  of the processor' "$3" "$4" "$5" - 4 s
}
one_row() {
	awk -v n="$1" -v what="$2" -v a="$3" -v b="$4" -v name="$5" -v target="$6" \
		-v field="${7:-1}" -v unit="${8:-s}" 'BEGIN {
		split(a, x, " "); split(b, y, " ")
		printf "%-4s %-44s %12s %-34s %8s  target %s\n", n, what, x[field] " " unit,
			name " " y[field] " " unit, sprintf("%.3f x", x[field] / y[field]), target
	}'
}

echo "rows 1 to 8: the best of several runs"
perl t/bench/generate.pl trivy $findings $advisories 2000 >"$dir/report.json"
perl t/bench/generate.pl trivy $findings $advisories 2000 2026-11-21T04:00:00Z \
	>"$dir/later.json"
# The catalogues are loaded before the clock starts.
SEAWORTHY_STORE="$dir/new.db" "$SEAWORTHY" status >/dev/null
now=2026-11-22T00:00:00Z

first=$(best import_anew "$dir/report.json")
jq=$(best measure jq length "$dir/report.json")
row 1 "import $findings findings" "$first" "$jq" 'jq length' '<= 0.35 x'

if command -v sqlite3 >/dev/null; then
	shell=$(measure sqlite3 "$dir/shell.db" "CREATE TABLE f (a, b, c, d, e, f, g);
		INSERT INTO f SELECT json_extract(value, '\$.VulnerabilityID'),
		json_extract(value, '\$.PkgName'), json_extract(value, '\$.InstalledVersion'),
		json_extract(value, '\$.FixedVersion'), json_extract(value, '\$.Severity'),
		json_extract(value, '\$.Title'), json_extract(value, '\$.Status')
		FROM json_each(readfile('$dir/report.json'), '\$.Results[0].Vulnerabilities');")
	row 2 'the same' "$first" "$shell" 'sqlite3 json_each' '<= 0.03 x'
else
	echo '2    the same: the sqlite3 shell is not installed'
fi

floor=$(best floor_anew)
row 3 'the same' "$first" "$floor" 'the floor' '<= 3 x'

perl t/bench/generate.pl trivy $((findings * times)) $advisories 2000 >"$dir/huge.json"
cp "$dir/new.db" "$dir/c.db"
huge=$(measure "$SEAWORTHY" --store "$dir/c.db" --now $now import "$dir/huge.json")
row 4 "$times times that report: peak memory" "$huge" "$first" 'that report' \
	'<= 49152 KiB, the same' 2 KiB
rm -f "$dir/huge.json" "$dir"/c.db*

again=$(best measure "$SEAWORTHY" --store "$dir/a.db" --now $now import "$dir/report.json")
row 5 'the same bytes again' "$again" "$first" 'the first import' '<= 0.1 x'
import_later() { # over a copy of the store that holds the first report
	rm -f "$dir"/b.db*
	cp "$dir/a.db" "$dir/b.db"
	measure "$SEAWORTHY" --store "$dir/b.db" --now $now import "$dir/later.json"
}
later=$(best import_later)
row 5 'the same findings, a newer scan' "$later" "$first" 'the first import' '<= 0.8 x'
