#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9110-judgement.t - policies, tags, the gate and drift over the demo estate, as scripts see them.
use strict;
use warnings;
use lib 't/lib';
use JSON::PP;
use Seaworthy;
use Test::More;

my $demo = demo() or plan skip_all => 'run by make test';
my $json = JSON::PP->new->utf8->canonical;
my $search = 'registry.example/search/index:8.15';

# ---- a policy of one's own ----
my $policies = own_policies();
my $strict = "$policies/strict.json";

sub policy {
	my (%more) = @_;
	return spew($strict, $json->encode({
		extends => 'baseline',
		title => 'Strict',
		scope => { tags => ['strict'] },
		gate => { critical => 0, high => 0, signature => JSON::PP::true,
			lint => { critical => 0, high => 0, medium => 0 } },
		approved => { registries => ['registry.example/payments', 'registry.example/clean'],
			base_images => ['registry.example/base/*'] },
		signers => [{ identity => 'https://ci.example/*',
			issuer => 'https://token.ci.example' }],
		attestations => ['https://slsa.dev/provenance/v1'],
		%more,
	}));
}
policy();
like(run_ok('policy', 'check', $strict), qr/strict\.json: a policy, nothing wrong/,
	'it is checked');
like(run_ok('policy', 'list'), qr/^strict .*Strict .*tags strict$/m, 'and listed');
my ($listed) = grep { $_->{name} eq 'baseline' } objects(run_ok('policy', 'list', '--json'));
is($listed->{use}, 'estate', 'the baseline is the policy of the estate');
my $wrong = spew("$ENV{TMPDIR}/wrong.json", '{"gate":{"hihg":0}}');
run_fails(4, qr/wrong\.json: gate\.hihg: no such key here; did you mean high\?/,
	'policy', 'check', $wrong);
run_fails(4, qr/no such file/i, 'policy', 'check', "$ENV{TMPDIR}/none.json");
run_fails(2, qr/did you mean hipaa\?/, 'policy', 'use', 'hippa');
run_fails(2, qr/usage: seaworthy policy/, 'policy', 'use');
run_fails(2, qr/policy dance: there are show/, 'policy', 'dance');

# ---- what admission is told ----
my $told = run_ok('--policy', 'strict', 'policy', 'export', '--engine', 'kyverno');
like($told, qr{^# Policy: "strict"$}m, 'of the policy that is asked for');
like($told, qr{registry\[\.\]example/clean/}, 'with its registries');
like($told, qr{name: seaworthy-signatures$}m, 'and its signers');
my $file = "$ENV{TMPDIR}/admission.yaml";
is(run_ok('policy', 'export', '--engine', 'gatekeeper', '-o', $file), '', 'or into a file');
like(slurp($file), qr/^kind: SeaworthyPrivileged$/m, 'for the other engine');
run_fails(2, qr/kyverno and gatekeeper/, 'policy', 'export', '--engine', 'opa', '-o', "$file.2");
ok(!-e "$file.2", 'nothing is written for an engine that is not known');
run_fails(2, qr/wants --engine/, 'policy', 'export');

# ---- a control that passed goes stale ----
spew("$policies/long.json", $json->encode({ extends => 'baseline',
	fresh => { map { ($_ => '60d') } qw(scan database benchmark admission) } }));
my ($fresh, $aged) = map {
	my %how = (now => $_);
	my @row = objects((run_program(\%how, '--policy', 'long', 'list', 'controls',
		'--json'))[1]);
	+{ map { ("$_->{framework} $_->{id}" => $_->{status}) } @row };
} '2026-11-23T20:40:00Z', '2027-02-23T20:40:00Z';
my %is = %$fresh;
my %then = %$aged;
my @stale = grep { $is{$_} eq 'pass' && $then{$_} eq 'stale' } sort keys %is;
cmp_ok(scalar @stale, '>', 0, 'controls that passed are stale when their window has passed');
is_deeply([grep { $is{$_} eq 'fail' && $then{$_} eq 'pass' } keys %is], [],
	'time alone passes nothing that failed');

# ---- the gate refuses for five kinds of reason ----
my ($code, $out) = run_program('gate', $search, '--policy', 'strict', '--json');
is($code, 1, 'the image of the search team is refused');
my ($answer) = objects($out);
my %kind;
for my $reason (@{ $answer->{reasons} }) {
	$kind{ $reason->{rule} =~ s/\..*//r } = 1 if !$reason->{evidence};
	is($reason->{policy}, 'strict', "$reason->{rule} names its policy");
	ok($reason->{text}, "$reason->{rule} says why");
	ok($reason->{fix}, "$reason->{rule} says what would help");
}
cmp_ok(scalar keys %kind, '>=', 4, join ', ', sort keys %kind);
my ($kev) = objects((run_program('gate', 'batch/etl:0.44', '--policy', 'strict', '--json'))[1]);
$kind{kev} = 1 if grep { $_->{rule} eq 'vulnerability.kev' } @{ $kev->{reasons} };
my @five = qw(attestation kev registry signature vulnerability);
is_deeply([grep { $kind{$_} } @five], \@five,
	'five kinds of reason refuse images of the estate');

# ---- and passes one that keeps to all of it ----
my $clean = trivy('registry.example/clean/app:1', 'c');
$clean->{CreatedAt} = '2026-11-23T10:00:00Z';
$clean->{Metadata}{RepoDigests} = ['registry.example/clean/app@sha256:' . 'd' x 64];
run_ok('import', report('clean.json', $clean));
is((run_program('gate', 'registry.example/clean/app:1'))[0], 0, 'the baseline lets it pass');
is((run_program('gate', 'registry.example/clean/app:1', '--policy', 'strict'))[0], 3,
	'without a signature there is no answer under the strict one');
my $relaxed = "$policies/signed.json";
spew($relaxed, $json->encode({ extends => 'strict', attestations => [],
	approved => { registries => ['registry.example/clean'], base_images => [] } }));
my $claim = [{ critical => {
		identity => { 'docker-reference' => 'registry.example/clean/app:1' },
		image => { 'docker-manifest-digest' => 'sha256:' . 'd' x 64 },
		type => 'cosign container image signature' },
	optional => { Issuer => 'https://token.ci.example',
		Subject => 'https://ci.example/clean/app/release.yaml@refs/tags/v1' } }];
run_ok('import', '--at', '2026-11-23T11:00:00Z', report('claim.json', $claim));
my ($signed, $said) = run_program('gate', 'registry.example/clean/app:1', '--policy', 'signed');
is($signed, 0, 'signed by the pipeline, scanned, of an approved registry: it passes') or diag $said;
is((run_program({ now => '2026-12-24T20:40:00Z' }, 'gate', 'registry.example/clean/app:1'))[0], 3,
	'a month later its scan is no answer');

# ---- formats, lists, pods ----
my $sarif = $json->decode((run_program('gate', $search, '--format', 'sarif'))[1]);
is($sarif->{version}, '2.1.0', 'SARIF');
my %level = map { $_->{ruleId} => $_->{level} } @{ $sarif->{runs}[0]{results} };
is($level{'vulnerability.critical'}, 'error', 'what refuses is an error');
for my $result (@{ $sarif->{runs}[0]{results} }) {
	is($sarif->{runs}[0]{tool}{driver}{rules}[$result->{ruleIndex}]{id}, $result->{ruleId},
		'results point at their rule');
}
run_fails(2, qr/--format xml/, 'gate', $search, '--format', 'xml');
my $list = spew("$ENV{TMPDIR}/list.txt",
	"# what we run\nregistry.example/clean/app:1\n\nregistry.example/clean/app:1 # again\n");
is((run_program({ in => $list }, 'gate', '-'))[0], 0, 'a list of images');
spew($list, "registry.example/clean/app:1\nregistry.example/never/seen:1\n");
($code, $out) = run_program({ in => $list }, 'gate', '-', '--json');
is($code, 3, 'one that was never seen leaves the list without an answer');
is_deeply([map { $_->{rule} } @{ (objects($out))[1]{reasons} }], ['image.unknown'],
	'which is said');
($code, $out) = run_program('gate', 'registry.example/never/seen:1', '--json');
is($code, 3, 'alone, too');
is((objects($out))[0]{reasons}[0]{rule}, 'image.unknown', 'as an object for scripts');
($code, $out) = run_program('gate', 'api', '--format', 'sarif');
is($code, 3, 'of a name that several end with there is no answer');
is($json->decode($out)->{runs}[0]{results}[0]{ruleId}, 'image.ambiguous', 'and that is said');
($code, $out) = run_program('gate', 'other.example/app@sha256:' . 'd' x 64, '--json', '--policy',
	'signed');
is($code, 1, 'from a registry where nobody saw it, and that nobody approved, it is refused');
is((objects($out))[0]{reasons}[0]{text}, 'other.example/app is no approved registry', 'by name');
spew($list, "registry.example/never/seen:1\n$search\n");
is((run_program({ in => $list }, 'gate', '-'))[0], 1, 'a refusal outranks that');
my $pods = report('pods.json', { kind => 'List', items => [
	{ kind => 'Pod', spec => { containers => [{ name => 'a', image => 'x/moved:1' }],
		initContainers => [{ name => 'i', image => $search }] },
	  status => { containerStatuses => [{ name => 'a',
		imageID => 'registry.example/clean/app@sha256:' . 'd' x 64 }] } },
	{ kind => 'CronJob', spec => { jobTemplate => { spec => { template => { spec => {
		containers => [{ name => 'c',
			image => 'registry.example/clean/app:1' }] } } } } } },
] });
($code, $out) = run_program({ in => $pods }, 'gate', '-', '--json');
is_deeply([map { $_->{name} } objects($out)], [$search, 'registry.example/clean/app:1'],
	'pods: by the digest that runs, each image once');
run_fails(4, qr/holds no image/, 'gate', '-');

# ---- controls: one that vulnerabilities fail counts them as the list does ----
my ($overdue) = objects(run_ok('list', 'controls', 'control:RV5-POAM-LATE', '--json'));
is($overdue->{failing}, scalar(objects(run_ok('list', 'findings', 'late kind:vulnerability',
	'--json'))), 'each that is late fails it once');

# ---- tags: the strictest policy in scope is named ----
run_fails(2, qr/no ns\/none was ever seen/, 'tag', 'ns/none', 'pci');
run_fails(2, qr/PCI is no tag/, 'tag', 'ns/search', 'PCI');
run_fails(2, qr/may not change/, '--role', 'engineer', 'tag', 'ns/search', 'pci');
my %before = map { $_->{id} => $_->{due} } snapshot('findings', "image:$search");
like(run_ok('tag', 'ns/search', 'pci', 'strict'), qr/3 found, 6 tags changed/, 'in three clusters');
like(run_ok('tag'), qr/^namespace +prod-eu\/search  pci  since 2026-11-23$/m, 'what bears which');
my $show = run_ok('policy', 'show', $search);
like($show, qr/pci +namespace prod-eu\/search/, 'policy show says what bears the tag');
like($show, qr/baseline +does not hold .*a fallback/, 'which policy no longer holds');
like($show, qr/high +0  \[(strict|pci-dss-4\.0\.1)\]/, 'and whose word is the strictest');
my @section = $show =~ /^(\w+)/mg;
is(scalar(@section), scalar(keys %{{ map { $_ => 1 } @section }}), 'each section is told once');
like($show, qr/^response +emergency\.acknowledge  15m/m, 'names are whole');
my %after = map { $_->{id} => $_->{due} } snapshot('findings', "image:$search");
is_deeply([sort keys %after], [sort keys %before], 'the same findings');
cmp_ok(scalar(grep { ($after{$_} // '') ne ($before{$_} // '') } keys %after), '>', 0,
	'some are due at another time');
($answer) = objects((run_program('gate', $search, '--json'))[1]);
is($answer->{policy}, 'pci-dss-4.0.1, strict', 'the gate asks both');
run_ok('tag', '--remove', 'ns/search', 'pci', 'strict');
my %again = map { $_->{id} => $_->{due} } snapshot('findings', "image:$search");
is_deeply(\%again, \%before, 'without the tags all is as before');

# ---- a policy for the estate ----
my ($late) = objects(run_ok('status', '--json'));
run_ok('policy', 'use', 'pci-dss-4.0.1');
my ($less) = objects(run_ok('status', '--json'));
isnt($json->encode($less->{due}), $json->encode($late->{due}), 'another policy, other dates');
run_ok('policy', 'use', 'baseline');
is($json->encode((objects(run_ok('status', '--json')))[0]{due}), $json->encode($late->{due}),
	'and back');
spew($strict, slurp($strict) =~ s/"title":"Strict"/"title":"Stricter"/r);
run_ok('policy', 'use', 'strict');
spew($strict, slurp($strict) =~ s/"title":"Stricter"/"title":"Strict"/r);
like(run_ok('policy', 'list'), qr/^strict +estate .*its file changed/m, 'an edited policy is told');
run_ok('policy', 'use', 'baseline');

# ---- a KEV listing moves due dates ----
my ($open) = grep { !$_->{kev} && $_->{advisory} =~ /^CVE/ && ($_->{due} // '') gt '2026-12-01' }
	snapshot('findings', 'sev:high', "image:$search");
my $catalogue = { title => 'CISA Catalog of Known Exploited Vulnerabilities',
	catalogVersion => '2026.11.23', dateReleased => '2026-11-23T12:00:00Z', count => 1,
	vulnerabilities => [{ cveID => $open->{advisory}, dateAdded => '2026-11-23',
		dueDate => '2026-11-26', vendorProject => 'x', product => 'x',
		vulnerabilityName => 'x', shortDescription => 'x', requiredAction => 'x' }] };
SKIP: {
	skip 'nothing is due so late', 2 if !$open;
	run_ok('import', report('kev.json', $catalogue));
	my ($moved) = grep { $_->{id} eq $open->{id} } snapshot('findings', "image:$search");
	cmp_ok($moved->{due}, 'lt', $open->{due}, 'a KEV listing moves the date forward');
	cmp_ok($moved->{due}, 'le', '2026-11-26T23:59:59Z',
		'to the date of the list at the latest');
}

# ---- what runs against the rules ----
my @drift = snapshot('drift');
my ($status) = objects(run_ok('status', '--json'));
is(scalar(grep { $_->{kind} eq 'gate' } @drift), $status->{estate}{running_refused},
	'the overview counts what the list shows');
is(scalar(grep { $_->{kind} eq 'admission' } @drift), $status->{estate}{running_denied},
	'and what admission denied');
cmp_ok($status->{estate}{running_refused}, '>', 0, 'images run that the gate refuses');
is_deeply([map { $_->{image} } snapshot('drift', 'admission')],
	['registry.example/obs/agent:2.8.1'], 'one runs that admission denied');
is((run_program('gate', $_->{image}))[0], 1, "$_->{image} is refused by the gate too")
	for grep { $_->{kind} eq 'gate' } @drift;

like(run_ok('verify'), qr/^intact/, 'every act is in the audit trail');

done_testing;
