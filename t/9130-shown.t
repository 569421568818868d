#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9130-shown.t - what the demo estate shows of the judgement, by itself: the gate, time that passes,
# lists that arrive, decisions that last, history, and tampering.
use strict;
use warnings;
use lib 't/lib';
use JSON::PP;
use Seaworthy;
use Test::More;

my $demo = demo() or plan skip_all => 'run by make test';
my $json = JSON::PP->new->utf8->canonical;
my ($kept, $other) = map { "registry.example/$_" } 'payments/api:2.15.0-rc1', 'search/index:8.15';

# ---- the gate: five kinds of reason, and an image that is well kept ----
my $policies = own_policies();
spew("$policies/production.json", $json->encode({
	extends => 'baseline',
	gate => { signature => JSON::PP::true },
	approved => { registries => ['registry.example/payments'],
		base_images => ['registry.example/base/distroless'] },
	signers => [{ identity => 'https://ci.example/*', issuer => 'https://token.ci.example' }],
}));
my ($code, $out) = run_program('gate', $other, '--policy', 'production', '--json');
is($code, 1, 'the image of the search team is refused');
my %rule = map { $_->{rule} => 1 } grep { !$_->{evidence} } @{ (objects($out))[0]{reasons} };
is_deeply([sort keys %rule], [qw(base registry signature.signer vulnerability.critical
	vulnerability.high)], 'for five kinds of reason');
like(run_ok('gate', $kept), qr/\APASS: \Q$kept\E /, 'what is well kept passes');
like(run_ok('gate', $kept, '--policy', 'production'), qr/\APASS: .*policy production/,
	'also where signer, registry and base image must be approved');

# ---- a control that passed turns stale when its window has passed ----
sub controls {
	my ($now) = @_;
	my (undef, $rows) = run_program({ now => $now }, 'list', 'controls', '--scope',
		'cluster/prod-eu', '--json');
	return map { ("$_->{framework} $_->{id}" => $_) } objects($rows);
}
# A table of all rows says first of what they are.
my ($of_all, $of_one) = map { /\A(.*)/ } run_ok('list', 'findings'),
	run_ok('list', 'findings', '--image', 'payments/api:2.14.0');
like($of_all, qr/^WHERE +S +FINDING /, 'findings of all name their asset');
like($of_one, qr/^S +FINDING /, 'those of one image need not');
like(run_ok('list', $_->[0]), qr/\A$_->[1]/, "$_->[0] name where they are")
	for ['namespaces', qr/CLUSTER +NAMESPACE /],
	['workloads', qr/CLUSTER +NAMESPACE +WORKLOAD /],
	['containers', qr/CLUSTER +NAMESPACE +CONTAINER /];
like(run_ok('list', 'controls', '1.1.1'), qr/^CIS-DOCKER +1\.1\.1 .*^CIS-K8S +1\.1\.1 /ms,
	'a control is listed with its framework: numbers are alike');
my (%today, %later);
%today = controls('2026-11-23T20:40:00Z');
%later = controls('2027-01-10T20:40:00Z');
my @passed = grep { $today{$_}{status} eq 'pass' && $today{$_}{evidence}{kind} eq 'data' }
	sort keys %today;
cmp_ok(scalar @passed, '>', 20, 'imported data passes controls of a cluster');
is($today{'CIS-K8S 1.1.1'}{status}, 'pass', 'one of them');
is($later{'CIS-K8S 1.1.1'}{status}, 'stale', 'is stale when its window has passed');
is(scalar(grep { $later{$_}{status} eq 'pass' && $later{$_}{evidence}{kind} eq 'data' } @passed),
	0, 'and so is, or fails, each of them');

is(join(' ', grep { $today{$_}{status} eq 'pass' && $today{$_}{evidence}{kind} eq 'none' }
	sort keys %today), '', 'none passes without a time and a kind of evidence');
is(join(' ', grep { $today{$_}{evidence}{count} > 0 && !$today{$_}{evidence}{at} }
	sort keys %today), '', 'and what has pieces of evidence says how old they are');

# ---- a KEV listing moves due dates ----
my ($open) = grep { !$_->{kev} && $_->{advisory} =~ /^CVE/ && $_->{due} gt '2026-12-01' }
	snapshot('findings', 'sev:medium', 'image:registry.example/search/index');
ok($open, 'something is due later') or BAIL_OUT('the estate has nothing to show');
run_ok('import', report('listed.json', {
	title => 'CISA Catalog of Known Exploited Vulnerabilities', catalogVersion => '2026.11.23',
	dateReleased => '2026-11-23T12:00:00Z', count => 1,
	vulnerabilities => [{ cveID => $open->{advisory}, dateAdded => '2026-11-23',
		dueDate => '2026-11-26', vendorProject => 'x', product => 'x',
		vulnerabilityName => 'x', shortDescription => 'x', requiredAction => 'x' }] }));
my ($moved) = grep { $_->{id} eq $open->{id} } snapshot('findings', "cve:$open->{advisory}");
cmp_ok($moved->{due}, 'lt', $open->{due}, "the listing of $open->{advisory} moves its date");
cmp_ok($moved->{due}, 'le', '2026-11-27', 'to that of the list at the latest');

# ---- an exception at repository reach holds on the next tag ----
my ($risk) = grep { $_->{advisory} =~ /^CVE/ } snapshot('findings', 'sev:high', '!kev',
	'image:registry.example/payments/api:2.14.1');
run_ok('except', $risk->{id}, '--kind', 'accepted', '--reach', 'repository', '--reason',
	'behind the proxy', '--approver', 'chief', '--until', '2026-12-20');
run_ok('import', report('next.json', trivy('registry.example/payments/api:2.16.0', 'e',
	vulnerability($risk->{advisory}, $risk->{package}{name}, $risk->{package}{version},
		'HIGH'))));
is_deeply([map { $_->{state} } snapshot('findings', "cve:$risk->{advisory}", 'is:accepted',
	'image:registry.example/payments/api:2.16.0')], ['accepted'], 'the next tag has it too');

# ---- two weeks ago ----
my ($now) = objects(run_ok('status', '--json'));
my ($then) = objects((run_program('status', '--json', '--as-of', '2026-11-09'))[1]);
my @changes = objects((run_program('changes', '2026-11-09', '2026-11-23', '--json'))[1]);
isnt($json->encode($then->{findings}{open}), $json->encode($now->{findings}{open}),
	'two weeks ago other findings were open');
cmp_ok(scalar(grep { $_->{change} =~ /^(new|fixed)$/ } @changes), '>', 0,
	'the history says which came and went');

# ---- the fix plan of all is that of each, added up ----
sub removed {
	my %n;
	$n{$_->{kind}} += $_->{removes} for grep { $_->{kind} ne 'rebase' } @_;
	return \%n;
}
my @plan = snapshot('fixes');
my @each = map { objects((run_program('list', 'fixes', '--image', $_->{id}, '--json'))[1]) }
	snapshot('images');
is_deeply(removed(@plan), removed(@each), 'what the plan of the estate removes');
my ($libc) = grep { $_->{what} =~ /^libc6 .*\(debian 12\)$/ } @plan;
my @with = grep { $_->{what} =~ /^libc6 .*deb12/ } @each;
is_deeply([@$libc{qw(removes also_in)}], [eval { my $n = 0; $n += $_->{removes} for @with; $n },
	scalar @with], 'a package of one distribution, in how many images');
ok(!(grep { $_->{what} =~ /deb11.*deb12/ } @plan), 'none goes to what another distribution has');
my ($tag) = grep { $_->{what} =~ /payments\/api:2\.14\.1 -> 2\.15\.0-rc1 \(pre-release\)$/ } @plan;
is($tag->{also_in}, 1, 'what runs may go to a better tag');
my @ours = objects((run_program('list', 'fixes', '--scope', 'repo/registry.example/payments/api',
	'--json'))[1]);
my @theirs = map { objects((run_program('list', 'fixes', '--image', $_->{id}, '--json'))[1]) }
	snapshot('images', 'repo:registry.example/payments/api');
is_deeply(removed(@ours), removed(@theirs), 'the plan of a repository likewise');

# ---- what linters find wrong in how an image is built ----
my @images = snapshot('images');
for my $i (@images) {
	my %of = (lint => 'hadolint', dockle => 'dockle');
	for my $column (grep { defined $i->{$_} } sort keys %of) {
		my @found = objects((run_program('list', 'findings', "by:$of{$column}", '--image',
			$i->{id}, '--json'))[1]);
		is($i->{$column}, scalar @found, "$of{$column} of $i->{name}, $i->{digest}");
	}
}
my @linted = map { $_->{name} } snapshot('images', '!lint:none');
is_deeply([sort @linted], [sort map { $_->{name} } grep { defined $_->{lint} } @images],
	'a filter finds those that were linted');
ok(!(grep { /redis/ } @linted), 'what came from others was not');
is(scalar(snapshot('images', 'lint<1')), scalar(grep { ($_->{lint} // 1) < 1 } @images),
	'which is no clean result');

# ---- who has how much ----
my $owned = 0;
for my $o (snapshot('owners')) {
	my @of = snapshot('findings', "owner:$o->{owner}");
	is(scalar @of, $o->{open}, "$o->{owner} has so much open");
	my $critical = grep { $_->{severity} eq 'critical' } @of;
	is($critical, $o->{critical}, '... so much critical');
	my $late = grep { ($_->{due} // '9') lt '2026-11-23' } @of;
	is($late, $o->{late}, '... so much late');
	$owned += $o->{open};
}
is($owned, scalar(snapshot('findings')), 'and all of it is somebody\'s or nobody\'s');

# ---- the trail ----
my @trail = map { $json->decode($_) } split /^/, run_ok('audit', 'export');
my @back = grep { $_ && $trail[$_]{at} < $trail[$_ - 1]{at} } 0 .. $#trail;
is("@{[map { $trail[$_]{seq} } @back]}", '', 'nobody acted before what is already written');

# ---- a flipped byte ----
like(run_ok('verify'), qr/^intact/, 'nobody tampered with the trail');
my ($record) = grep { /Restore of 3 November/ } split /^/, run_ok('audit', 'export');
my $seq = $json->decode($record)->{seq};
my $bytes = slurp($demo);
is($bytes =~ s/(note\tRestore of )3( November)/${1}2$2/, 1, 'what somebody did stands in the file');
store(spew("$ENV{TMPDIR}/flipped.db", $bytes));
($code, $out) = run_program('verify');
is($code, 1, 'a flipped byte is found');
like($out, qr/record #$seq\b/, 'and where');

done_testing;
