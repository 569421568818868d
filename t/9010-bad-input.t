#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9010-bad-input.t - what is no report says so in one line, and leaves no trace in the store.
use strict;
use warnings;
use lib 't/lib';
use JSON::PP;
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};
my $good = report('good.json', trivy('registry.example/shop/web:1.4', 'a',
	vulnerability('CVE-2021-1', 'zlib1g', '1.2.13', 'HIGH', Title => 'A title'),
	vulnerability('CVE-2021-2', 'libc6', '2.36-9', 'LOW')));
my $text = slurp($good);
# Recognised from its first bytes, so that its importer tells the place.
(my $early = $text) =~ s/,"SchemaVersion":2//;
$early =~ s/\{/{"SchemaVersion":2,/;

store();
run_ok('import', $good);
my $before = contents();

# A file that is refused: its name stands in the message, and nothing in the store.
sub refused {
	my ($why, $path, @words) = @_;
	my $said = run_fails(4, $why, 'import', @words, $path);
	like($said, qr/\Q$path\E: /, "the message names $path");
}

sub refuse_text {
	my ($name, $why, $bytes) = @_;
	refused($why, spew("$room/$name", $bytes));
}

# ---- nothing there ----
refused(qr/No such file/, "$room/missing.json");
mkdir "$room/empty";
refused(qr/no files/, "$room/empty");
mkdir "$room/letters";
spew("$room/letters/a.txt", "Dear auditor,\n");
run_fails(4, qr{letters/a\.txt: not a format}, 'import', "$room/letters");
refuse_text('empty.json', qr/empty/, '');
run_fails(4, qr/-: the file is empty/, 'import', '-');

# ---- not a report ----
refuse_text('random.bin', qr/not a format/, join '', map { chr($_ * 37 % 256) } 0 .. 4000);
refuse_text('latin1.txt', qr/not a format/, "\xe9\xe8\xfc caf\xe9\n");
refuse_text('utf32.json', qr/not a format|invalid character/,
	pack 'N*', map { ord } split //, $text);
refuse_text('unknown.json', qr/not a format Seaworthy knows/, '{"hello": [1, 2, 3]}');
refuse_text('app.log', qr/lines of syslog without JSON, of no tool that is read/,
	"<165>1 2026-11-20T04:00:00Z host app 12 - - it began\n");
refuse_text('bom.xml', qr/XML, which is not read: have the tool write JSON/,
	"<?xml version=\"1.0\"?>\n<bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\"/>\n");
refuse_text('poam.json', qr/a plan of action and milestones; of OSCAL, catalogues and profiles/,
	qq({"plan-of-action-and-milestones": {"uuid": "4be1", "metadata": {"title": "Till"}}}\n));
refuse_text('config.json', qr/the configuration of an image, which does not say of which/,
	qq({"architecture": "amd64", "rootfs": {"type": "layers", "diff_ids": []}}\n));
refuse_text('root.json', qr/a trusted root of sigstore, which holds no signature/,
	qq({"mediaType": "application/vnd.dev.sigstore.trustedroot+json;version=0.1",\n) .
	qq("certificateAuthorities": []}\n));
refuse_text("xray-$_->[0].json", qr/of JFrog Xray, which is not read: .*CycloneDX/, $_->[1])
	for ['rows', '{"total_rows": 1, "rows": [{"issue_id": "XRAY-1", "vulnerable_component": '
		. '"npm://a:1", "impacted_artifact": "docker://shop/web:1.4"}]}'],
	['data', '{"total_count": 1, "data": [{"source_comp_id": "npm://a:1", '
		. '"component_versions": {"id": "a"}}]}'],
	['scan', '[{"scan_id": "4be1", "vulnerabilities": [{"issue_id": "XRAY-1"}]}]'],
	['violations', '[{"scan_id": "4be1", "violations": [{"issue_id": "XRAY-1"}]}]'],
	['watch', '{"total_violations": 1, "violations": [{"issue_id": "XRAY-1", '
		. '"watch_name": "w"}]}'],
	['summary', '{"artifacts": [{"general": {"name": "a"}, "issues": []}]}'];
refuse_text("$_->[0].json", qr/\Q$_->[0]\E, which is not read: have it write SARIF/, $_->[1])
	for ['Gitleaks', '[{"RuleID": "a", "Secret": "b", "Entropy": 3.5, "File": "c"}]'],
	['Kubesec', '[{"object": "Pod/a.b", "valid": true, "score": -30, "scoring": {}}]'],
	['Dependency-Check', '{"reportSchema": "1.1", "scanInfo": {"engineVersion": "9"}, '
		. '"dependencies": []}'];
refuse_text('track.json', qr/findings of Dependency-Track, .*CycloneDX/,
	'{"meta": {"application": "a"}, "project": {"uuid": "u"}, "findings": []}');
refuse_text('issues.json', qr/issues of Snyk's interface, .*--json/,
	'{"jsonapi": {"version": "1.0"}, "data": [{"type": "issue", '
		. '"attributes": {"effective_severity_level": "low"}}]}');
refuse_text('index.json', qr/the index of a VEX repository/,
	'{"updated_at": "a", "packages": [{"id": "b", "location": "c", "format": "openvex"}]}');
refuse_text('prowler.json', qr/of Prowler, .*json-asff/,
	'[{"AssessmentStartTime": "a", "FindingUniqueId": "f", "CheckID": "c"}]');
refuse_text('ocsf.json', qr/findings in OCSF, of which Prowler's in a Kubernetes cluster are read/,
	qq([{"class_uid": 2004, "severity": "High", "finding_info": {"uid": "f-1"},\n) .
	qq("metadata": {"event_code": "x", "product": {"name": "Prowler"}}}]\n));
refuse_text('quality.json', qr/a code quality report \(Code Climate, GitLab\), which is not read/,
	qq([{"type": "issue", "check_name": "DL3006", "fingerprint": "4be1"}]\n));
refuse_text('climate.json', qr/a code quality report \(Code Climate, GitLab\), which is not read/,
	qq({"type": "issue", "check_name": "DL3006", "categories": ["Bug Risk"],\n) .
	qq("location": {"path": "Dockerfile", "lines": {"begin": 1, "end": 1}}}\0\n));
refuse_text('sonar.json', qr/generic issues of SonarQube, which are not read/,
	qq({"issues": [{"engineId": "Hadolint", "ruleId": "DL3006", "primaryLocation": {}}]}\n));
refuse_text('bom.spdx', qr/SPDX as tags and values/, "SPDXVersion: SPDX-2.3\nSPDXID: x\n");
refuse_text('spdx3.json', qr/SPDX 3, which is not read/,
	'{"@context": "https://spdx.org/rdf/3.0.1/spdx-context.jsonld", "@graph": []}');
refuse_text('ps.txt', qr/a table of containers, which is not read: list them with --format json/,
	"CONTAINER ID   IMAGE   COMMAND   CREATED   STATUS   PORTS   NAMES\n");
refuse_text('pods.txt', qr/a table of kubectl, which is not read: ask for -o json/,
	"\nNAME   READY   STATUS   RESTARTS   AGE\nweb    1/1     Running   0     3h\n");
refuse_text('tetra.txt', qr/Tetragon for people, without times/,
	"\xf0\x9f\x9a\x80 process shop/web /bin/sh\n");
refuse_text('trail.json', qr/records of CloudTrail/,
	'{"Records": [{"eventVersion": "1.0", "eventSource": "ec2", "eventName": "x"}]}');
refuse_text('rules.yaml', qr/rules of Falco, which tell nothing of what they found/, $_)
	for "- rule: a\n  condition: b\n  output: c\n  priority: WARNING\n",
	"- required_engine_version: 0.26.0\n- rule: a\n",
	'{"info": {"engine_version": 26}, "rules": [{"info": {"name": "a"}}]}';
refuse_text('loki.json', qr/on their way to Loki/,
	'{"streams": [{"stream": {"rule": "r"}, "values": [["1", "text"]]}]}');
refuse_text('pods.json', qr/pods of podman, which name no images/,
	'[{"Id": "1", "Name": "a", "InfraContainerID": "2", "Containers": []}]');
refuse_text('pod-ps.json', qr/pods of podman, which name no images/,
	'[{"Cgroup": "a.slice", "Containers": [{"Id": "1"}], "Id": "2", "InfraId": "3"}]');
refuse_text('native.json', qr/--mode dockercompat/,
	'[{"ID": "1", "Image": "a", "Spec": {"ociVersion": "1"}, "Snapshotter": "overlayfs"}]');
refuse_text('reporter.json', qr/an answer of Policy Reporter/,
	'{"items": [{"policy": "p", "status": "fail", "apiVersion": "v1"}], "count": 1}');
refuse_text('result.yaml', qr/a result without its report/,
	"policy: p\nrule: r\nresult: fail\n");
refuse_text('alerts.json', qr/alerts of Alertmanager/,
	'[{"labels": {"alertname": "a"}, "annotations": {}, "endsAt": "2025-11-20T08:00:00Z"}]');
refuse_text('opa.log', qr/OPA's own log, which begins without decisions/,
	qq({"addrs":[":8181"],"level":"info","msg":"Initializing server."}\n));
refuse_text('refusal.txt', qr/what kubectl said of a refusal/,
	qq(Error from server: admission webhook "a" denied the request: no\n));
refuse_text('binding.json', qr/a Kubernetes object that does not say its kind/,
	'{"metadata": {"name": "a", "creationTimestamp": "2025-11-20T08:00:00Z"}, "roleRef": {}}');
for my $conftest (
	qq([{"filename": "till.yaml", "namespace": "main", "successes": 1}]\n),
	qq([{"filename": "till.yaml", "warnings": [], "failures": [{"msg": "no"}]}]\n),
	qq(+--------+\n| RESULT | FILE | NAMESPACE | MESSAGE |\n+--------+\n),
	qq(\xe2\x94\x8c\xe2\x94\x80\xe2\x94\x90\n\xe2\x94\x82 RESULT | NAMESPACE | MESSAGE\n))
{
	refuse_text('conftest', qr/results of Conftest, .*: have it write SARIF/, $conftest);
}
for my $known (
	[qr/Tetragon for people/, "\xf0\x9f\x93\x9d write shop/web /bin/vi\n"],
	[qr/Tetragon for people/, "\xe2\x9d\x93 syscall /bin/x bpf\n"],
	[qr/KubeArmor for people/, "== Alert / 2026-03-04 06:22:18.000000 ==\nType: a\n"],
	[qr/events of docker without their times/, "Type=container  Status=create  ID=2ee3\n"],
	[qr/a table of kubectl/, "NAME   STATUS   AGE\nshop   Active   3h\n"],
	[qr/a table of kubectl/, "NAME   ENFORCEMENT-ACTION   TOTAL-VIOLATIONS\n"],
	[qr/a table of kubectl/, '{"kind": "Table", "columnDefinitions": [1], "rows": [1]}'],
	[qr/a table of Kyverno/, "Applying 1 rule...\n\n| ID | POLICY | RULE | RESOURCE |\n"],
	[qr/what kubectl describe shows/, "Name:   a\nNamespace:  b\nAPI Version:  c/v1\n"],
	[qr/what kubectl said of a refusal/, "Warning: would violate PodSecurity: x\n"],
	[qr/what kubectl said of a refusal/, "a line\nadmission webhook a denied the request\n"],
	[qr/tests of policies/, "=== RUN   a\n--- PASS: a\t(0.1s)\nPASS\n"],
	[qr/figures for Prometheus/, "# HELP a b\n# TYPE a counter\na 1\n"],
	[qr/a tree of cosign's/, "Supply Chain Security Related artifacts for an image: a\n"],
	[qr/the name of a signature/, "registry.example/shop/web:sha256-0123.sig\n"],
	[qr/Notation shows/, "Inspecting all signatures for signed artifact\n"],
	[qr/slsa-verifier/, "Verified build using builder \"a\" at commit b\n"],
	[qr/cosign says when it fails/, "Error: no matching signatures: a\n"],
	[qr/what in-toto or TUF signed/, '{"signed": {"_type": "link"}, "signatures": [1]}'],
	[qr/an entry of Rekor/, '{"1f": {"body": "e30=", "integratedTime": 1, "logIndex": 2}}'],
	[qr/Docker Content Trust/, '[{"Name": "a", "SignedTags": [1], "AdministrativeKeys": [1]}]'],
	[qr/a list of images/, '{"Repository": "a", "Tag": "1", "CreatedSince": "2 days"}'],
	[qr/the engine says of itself/, '{"ServerVersion": "24", "ContainersRunning": 1}'],
	[qr/on its way through admission/, '{"request": {"uid": "a", "operation": "CREATE"}}'],
	[qr/an error of the API server/, '{"kind": "Status", "status": "Failure", "reason": "a",'
		. ' "code": 403}'],
	[qr/an answer of Loki/, '{"data": {"resultType": "streams", "result": [{"stream": {}}]}}'],
	[qr/of InSpec/, '{"platform": {"name": "a"}, "profiles": [{"controls": [1]}]}'])
{
	refuse_text('known', @$known);
}
refuse_text('array.json', qr/--format/, "[]\n");
refuse_text('list.json', qr/an empty result, which names no tool/,
	'{"apiVersion": "v1", "items": [], "kind": "List", "metadata": {}}');
refuse_text('null.json', qr/--format/, "null\n");
refuse_text('object.json', qr/--format|not a format/, "{}\n");
refuse_text('number.json', qr/not a format/, "42\n");
refuse_text('string.json', qr/not a format/, "\"text\"\n");

# ---- damaged ----
for my $i (1 .. 30) {
	my $at = int(length($text) * $i / 31);
	refuse_text("cut$i.json", qr/breaks off|not a format|unexpected|ends/,
		substr $text, 0, $at);
	refuse_text("early$i.json", qr/byte \d+: the document breaks off/, substr $early, 0, $at);
}
(my $nul = $early) =~ s/A title/A\0title/;
refuse_text('nul.json', qr/byte \d+: .*invalid character/, $nul);
(my $comma = $early) =~ s/"Severity"/,"Severity"/;
refuse_text('comma.json', qr/Vulnerabilities\[0\].*line 1/, $comma);
(my $tail = $text) =~ s/\}\s*\z/}}/;
refuse_text('tail.json', qr/line 1/, $tail);

# ---- too much ----
refuse_text('deep.json', qr/deeper than 512/, '[' x 100_000);
(my $deep = $early) =~ s/"A title"/'{"a":' x 100_000/e;
refuse_text('deep-late.json', qr/line 1, byte \d+: nested deeper than 512/,
	$text =~ s/"A title"/'{"a":' x 100_000/er);
refuse_text('deep-title.json', qr/Vulnerabilities\[0\].*deeper than 512/, $deep);
(my $long = $early) =~ s/A title/'x' x 100_000_000/e;
refuse_text('long.json', qr/Vulnerabilities\[0\].*longer than 16 MiB/, $long);
$long = undef;
unlink "$room/long.json";
truncate spew("$room/sparse.json", ''), 2 << 30;
refused(qr/not a format/, "$room/sparse.json");

# ---- a wrong word ----
run_fails(2, qr/no such format/, 'import', '--format', 'nonsense', $good);
run_fails(2, qr/--at yesterday/, 'import', '--at', 'yesterday', $good);
run_fails(2, qr/--at 2026-11-25: is in the future/, 'import', '--at', '2026-11-25', $good);
run_fails(2, qr/exclude/, 'import', '--partial', '--complete', $good);
run_fails(2, qr/no kind/, 'import', '--complete=everything', $good);
refused(qr/Grype/, $good, '--format', 'grype');

is(contents(), $before, 'the store holds no trace of any of it');

# ---- odd values are no errors: every field null, a number, a list, an object in turn ----
sub paths {
	my ($v, @at) = @_;
	return ref $v eq 'HASH' ? map({ paths($v->{$_}, @at, $_) } sort keys %$v)
		: ref $v eq 'ARRAY' ? map({ paths($v->[$_], @at, $_) } 0 .. $#$v)
		: \@at;
}

sub replaced {
	my ($v, $new, $step, @rest) = @_;
	return $new unless defined $step;
	return [map { $_ == $step ? replaced($v->[$_], $new, @rest) : $v->[$_] } 0 .. $#$v]
		if ref $v eq 'ARRAY';
	return { %$v, $step => replaced($v->{$step}, $new, @rest) };
}

my $odd = 0;
for my $path (paths(decode_json($text))) {
	for my $new (undef, 7, '7', [], {}, [undef]) {
		store("$room/odd.db");
		my ($code, $out, $err) = run_program('import', '--json',
			report('odd.json', replaced(decode_json($text), $new, @$path)));
		my $said = eval { decode_json($out) };
		my $why = $err =~ /\Aseaworthy: [^\n]+\n\z/;
		next if $said && ($code == 0 && $err eq '' || $code == 4 && $why);
		diag join('.', @$path), ' = ', encode_json([$new]), ": exit $code: $out$err";
		$odd++;
	}
}
is($odd, 0, 'no value in a wrong place does harm');

done_testing();
