#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9025-judged.t - workloads under Seaworthy's own checks: a controller and its pods are one, what is
# gone is resolved where its kind was listed, and nowhere else.
use strict;
use warnings;
use lib 't/lib';
use JSON::PP;
use Seaworthy;
use Test::More;

my $n = 0;
my $day = 10;

# ---- what kubectl writes ----

sub meta {
	my ($name, %more) = @_;
	return { name => $name, namespace => 'shop', %more };
}

sub spec {
	my (@container) = @_;
	return { hostPID => JSON::PP::true, automountServiceAccountToken => JSON::PP::false,
		containers => [map { { name => $_, image => "registry.example/$_:1" } }
			@container] };
}

sub controller {
	my ($kind, $name, @container) = @_;
	return { apiVersion => 'apps/v1', kind => $kind, metadata => meta($name),
		spec => { replicas => 2, template => { spec => spec(@container) } } };
}

sub pod {
	my ($name, $kind, $owner, $hash, @container) = @_;
	my %made = $owner
		? (ownerReferences => [{ kind => $kind, name => $owner }],
			labels => { 'pod-template-hash' => $hash })
		: ();
	return { apiVersion => 'v1', kind => 'Pod', metadata => meta($name, %made),
		spec => spec(@container), status => { phase => 'Running' } };
}

sub list {
	my (@item) = @_;
	return { apiVersion => 'v1', kind => 'List', items => \@item };
}

# Import at a day later than the last; what was said.
sub bring {
	my ($what, @options) = @_;
	my $file = spew("$ENV{TMPDIR}/list" . $n++ . '.json',
		JSON::PP->new->canonical->encode($what));
	my $at = sprintf '2026-11-%02dT12:00:00Z', $day++;
	my ($said) = objects(run_ok('import', '--json', '--cluster', 'c1', '--at', $at, @options,
		$file));
	return $said;
}

# "shop/Deployment/web hostPID fail", of one rule.
sub verdicts {
	my ($rule) = @_;
	return [sort map { "$_->{asset} $_->{place} $_->{status}" } grep { $_->{id} eq $rule }
		snapshot('checks', 'tool:seaworthy')];
}

# Open findings by asset, of one rule.
sub open_of {
	my ($rule) = @_;
	return [sort map { $_->{asset}{name} } grep { $_->{advisory} eq $rule }
		snapshot('findings', 'open')];
}

my $web = controller('Deployment', 'web', 'web');
my $db = controller('StatefulSet', 'db', 'db');
my @made = ('ReplicaSet', 'web-7d4b9c6f58', '7d4b9c6f58');
my @pods = map { pod("web-7d4b9c6f58-x2k9$_", @made, 'web') } qw(p q);

# ---- joined, not doubled ----

store();
bring(list(@pods, $web));
is_deeply(verdicts('host-pid'), ['shop/Deployment/web hostPID fail'],
	'pods and controller are one');
is_deeply(verdicts('privileged'),
	['shop/Deployment/web containers[web].securityContext.privileged pass'],
	'each container once; passes are kept');
is_deeply(open_of('host-pid'), ['shop/Deployment/web'], 'a fail is a finding');
is_deeply(open_of('privileged'), [], 'a pass is none');
my ($check) = grep { $_->{id} eq 'host-pid' } snapshot('checks', 'tool:seaworthy');
is($check->{message}, 'spec.template.spec.hostPID is true', 'the exact path is told');
is($check->{class}, 'host-pid', 'the rule has its class');

store();
bring(list(@pods));
is_deeply(verdicts('host-pid'), ['shop/Deployment/web hostPID fail'],
	'pods alone speak for their controller');

store();
my $injected = pod('web-7d4b9c6f58-x2k9p', @made, 'web', 'proxy');
$injected->{spec}{ephemeralContainers} = [{ name => 'debug', image => 'busybox' }];
bring(list($injected, $web));
is_deeply(verdicts('privileged'), [map { "shop/Deployment/web $_.securityContext.privileged pass" }
	'containers[proxy]', 'containers[web]', 'ephemeralContainers[debug]'],
	'what was put into a pod is judged beside its template');
is_deeply(verdicts('host-pid'), ['shop/Deployment/web hostPID fail'], 'the pod itself is not');

store();
my $old = controller('ReplicaSet', 'web-5c4b9c6f58', 'old');
my $new = controller('ReplicaSet', 'web-7d4b9c6f58', 'web');
$_->{metadata}{ownerReferences} = [{ kind => 'Deployment', name => 'web' }] for $old, $new;
$_->{metadata}{labels} = { 'pod-template-hash' => substr $_->{metadata}{name}, 4 } for $old, $new;
$old->{spec}{replicas} = 0;
bring(list($old, $new));
is_deeply(verdicts('latest-tag'), ['shop/Deployment/web containers[web].image pass'],
	'a live ReplicaSet speaks for its Deployment, an older one does not');

# ---- what is gone ----

store();
bring(list($web, $db, controller('Deployment', 'api', 'api')));
my @both = ('shop/Deployment/web', 'shop/StatefulSet/db');
is_deeply(open_of('host-pid'), ['shop/Deployment/api', @both],
	'three workloads');
bring(list($web));
is_deeply(open_of('host-pid'), \@both,
	'a Deployment that is no longer listed is gone; of StatefulSets nothing was said');
bring(list($db), '--partial');
is_deeply(open_of('host-pid'), \@both, 'a part says nothing of others');
bring($db);
is_deeply(open_of('host-pid'), \@both, 'nor does one object');
my $page = list($db);
$page->{metadata} = { continue => 'token' };
bring($page);
is_deeply(open_of('host-pid'), \@both, 'nor does a page of a list');
$db->{spec}{template}{spec}{hostPID} = JSON::PP::false;
bring($db);
is_deeply(open_of('host-pid'), ['shop/Deployment/web'], 'one object speaks for itself');

# ---- nothing is lost in silence ----

store();
my $said = bring(list($web));
is($said->{read}{checks}, 33, 'checks are counted');

# A list whose pod has this value, in JSON, among its variables.
sub with_value {
	my ($value) = @_;
	return spew("$ENV{TMPDIR}/value" . $n++ . '.json', '{"apiVersion":"v1","kind":"List",'
		. '"items":[{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a"},"spec":'
		. '{"containers":[{"name":"c","image":"d","env":[{"name":"e","value":' . $value
		. '}]}]}}]}');
}

my $file = with_value('"\ud800"');
($said) = objects(run_ok('import', '--json', '--cluster', 'c1', $file));
is_deeply($said->{skipped}, [{ place => 'items[0]', reason => 'its containers cannot be read' }],
	'text that no tree can hold is told of');
$file = with_value('"x\u0000y"');
($said) = objects(run_ok('import', '--json', '--cluster', 'c1', $file));
is($said->{read}{containers}, 1, 'a NUL in a value hides no container');
done_testing();
