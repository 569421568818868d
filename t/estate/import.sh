#!/bin/sh
# SPDX-License-Identifier: MIT
# import.sh ESTATE PERSON DIR - write the demo estate below DIR/reports, live through its weeks in
# order, and leave DIR/demo.db. The estate's own people act: ops imports, jpark is on duty, sato
# assesses, mlee leads.
set -eu
estate=$1 person=$2 dir=$3
db=$dir/demo.db failed=0
now=

say() {
	printf '%s\n' "$*"
}

# One person's command on the store, at the time it is about. What goes wrong is told, and the rest
# goes on.
sw() { # name, words
	"$person" "$@" --store "$db.new" --now "$now" >"$dir/last" || failed=1
}

bring() { # folder or file, options
	what=$1
	shift
	test ! -e "$what" || sw ops import "$@" "$what"
}

# The folders say which image a file builds.
lint() { # folder
	for file in "$1"/*/*/*/file.json; do
		of=${file#"$1"/}
		of=${of%/file.json}
		bring "$file" --image "registry.example/${of%/*}:${of##*/}" \
			--at "${day}T16:30:00Z" --format hadolint
	done
}

# The engineer on duty takes an alert one step further.
duty() { # alert, words
	alert=$1
	shift
	sw jpark ack --role engineer "$@" "$alert"
}

# Numbers of the alerts that nobody has taken up yet.
open_alerts() {
	"$person" jpark list alerts open --json --store "$db.new" --now "$now" |
		sed -n 's/.*"id": *"\{0,1\}\([0-9][0-9]*\).*/\1/p'
}

cluster() { # day, name
	at=$1T16:30:00Z here=$dir/reports/$1/$2
	bring "$here/inventory.json" --cluster "$2" --at "$at"
	bring "$here/policyreports.json" --cluster "$2"
	bring "$here/constraints.json" --cluster "$2"
	bring "$here/kube-bench" --cluster "$2" --node '{stem}' --at "$at"
	bring "$here/gatekeeper-webhook.log" --cluster "$2"
	bring "$here/audit.log" --cluster "$2"
	bring "$here/falco.json" --cluster "$2"
}

# People deal with what the week's alerts were about; the last day's are still open.
respond() { # day
	now=$1T20:40:00Z
	alerts=$(open_alerts)
	for alert in $alerts; do
		duty "$alert" --note "looked at by the engineer on duty"
	done
	now=$1T21:05:00Z
	for alert in $alerts; do
		duty "$alert" --contain --note "container replaced by a fresh one"
	done
	now=$1T23:30:00Z
	for alert in $alerts; do
		duty "$alert" --close --report --note "cause found, office told, change filed"
	done
	say "$1  answered the alerts of the week"
}

# Half of the checklist: item, answer, day, note.
walk() {
	while IFS='|' read -r item answer day note; do
		now=${day}T10:00:00Z
		sw sato assess --role auditor "$item" "$answer" --note "$note" --at "$now"
	done <<-END
	CN-DATA-01|pass|2026-11-17|List of images and volumes agrees with five workloads.
	CN-DATA-02|pass|2026-11-17|Diagram 14 traced from ingress to the ledger; policies match.
	CN-DATA-03|partial|2026-11-17|Reports and search share nodes until January.
	CN-DATA-04|pass|2026-11-17|Mesh requires mutual TLS in all eight namespaces.
	CN-DATA-05|pass|2026-11-17|Secrets encrypted with the key service, rotation seen.
	CN-DATA-06|fail|2026-11-17|The job image of tools holds a password file.
	CN-DATA-08|pass|2026-11-17|Retention table read; the deletions of October are logged.
	CN-DATA-09|pass|2026-11-17|Test data comes from the masking job; sample looked through.
	CN-DATA-10|pass|2026-11-17|Restore of 3 November read back and compared.
	CN-ACC-01|pass|2026-11-18|Accounts of all three systems named, with a second factor.
	CN-ACC-02|pass|2026-11-18|Four bindings to cluster-admin, each with a ticket.
	CN-ACC-03|pass|2026-11-18|Review of 2 October covers all roles; service accounts too.
	CN-ACC-04|partial|2026-11-18|Of six leavers, one kept a registry account for four days.
	CN-ACC-05|fail|2026-11-18|Two workloads of the ledger mount tokens that they do not use.
	CN-ACC-06|fail|2026-11-18|Sync, pdf and agent run as root.
	CN-ACC-09|partial|2026-11-18|Unknown registries are refused; signatures only audited.
	CN-ACC-12|partial|2026-11-18|Break-glass account tested in July; its last use has no review.
	CN-AUD-01|pass|2026-11-19|Audit policy read, samples of all four systems seen.
	CN-AUD-02|pass|2026-11-19|Entries name person, object and result.
	CN-AUD-03|pass|2026-11-19|Logs of all nodes but those of edge-1 arrive within a minute.
	CN-AUD-06|partial|2026-11-19|Daily review signed on 24 of 30 days.
	CN-AUD-08|pass|2026-11-19|Walked back from one running digest to its commit.
	CN-AUD-11|pass|2026-11-19|Largest offset seen was 0.2 s.
	CN-VEND-01|pass|2026-11-20|List of suppliers of base images agrees with the registry.
	CN-VEND-03|pass|2026-11-20|Terms of both cloud contracts read.
	CN-VEND-11|n/a|2026-11-20|No vendor has access; support works on screen shares.
	END
	say "2026-11-20  walked half of the checklist"
}

# What the lead decided, in two lines each: time, kind, reach, last day, options; filter, reason.
decide() {
	while IFS='|' read -r time kind reach until more && IFS='|' read -r filter reason; do
		now=$time
		# shellcheck disable=SC2086 # the further options are words
		sw mlee except --kind "$kind" --reach "$reach" --until "$until" \
			--reason "$reason" --filter "$filter" $more
	done
	say "$day  decided on findings"
}

# Who looks after what.
own() {
	now=2026-11-23T20:40:00Z
	while read -r image owner; do
		sw mlee own image "registry.example/$image" "$owner"
	done <<-END
	payments/api:2.14.1 ruiz
	payments/worker:2.14.1 ruiz
	ledger/api:1.9.2 mlee
	ledger/sync:1.9.0 mlee
	report/pdf:3.1 docs
	batch/etl:0.44 data
	tools/psql-job:15 data
	web/edge-proxy:7.2 web
	auth/idp:24.0.5 ident
	END
	say "2026-11-23  said who owns what"
}

mkdir -p "$dir"
rm -rf "$dir/reports" "$db.new" "$db.new-wal" "$db.new-shm"
"$estate" "$dir/reports"
say "wrote the estate's reports"
for folder in "$dir"/reports/*; do
	day=${folder##*/} now=${folder##*/}T20:40:00Z
	bring "$folder/intel"
	for scanner in trivy grype; do
		bring "$folder/$scanner"
	done
	lint "$folder/hadolint"
	bring "$folder/dockle" --at "${day}T16:40:00Z"
	bring "$folder/cosign" --at "${day}T15:00:00Z"
	for name in prod-eu prod-us edge-1; do
		cluster "$day" "$name"
	done
	say "$day  imported $(find "$folder" -type f | wc -l | tr -d ' ') reports"
	test "$day" = 2026-11-23 || respond "$day"
	test "$day" != 2026-10-12 || decide <<-END
	2026-10-27T09:30:00Z|accepted|repository|2026-11-15|--approver kim
	cve:CVE-2023-52355 image:report/*|Pages are drawn from our own files only.
	END
	test "$day" != 2026-11-16 || decide <<-END
	2026-11-17T08:12:00Z|accepted|everywhere|2026-11-23|--approver kim
	cve:CVE-2023-45853 image:ledger/*|MiniZip is not built in.
	2026-11-17T08:20:00Z|not-affected|repository|180d|--justification component_not_present
	cve:CVE-2023-44487 pkg:libnghttp2-14 image:report/*|No server of it speaks HTTP/2.
	2026-11-17T08:31:00Z|operational|digest|2027-01-31|--approver kim --control policy
	cve:host-network image:*/agent|The agent watches the network of its node.
	2026-11-17T08:42:00Z|false-positive|digest|2027-01-31|--approver kim
	cve:postgresql-password-file|It is the example of the image.
	2026-11-17T08:50:00Z|vendor|repository|2027-01-31|--check-in 2026-11-27
	cve:CVE-2024-10963 image:report/*|The vendor builds a new base.
	END
	test "$day" != 2026-11-16 || walk
done
own
rm -f "$dir/last"
mv "$db.new" "$db"
for tail in -wal -shm; do
	test ! -e "$db.new$tail" || mv "$db.new$tail" "$db$tail"
done
exit "$failed"
