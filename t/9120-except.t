#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9120-except.t - decisions on findings from the command line, and what every answer makes of them.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $demo = demo() or plan skip_all => 'run by make test';

sub states {
	my ($filter, @options) = @_;
	my %n;
	$n{$_->{state}}++ for objects(run_ok('list', 'findings', $filter, '--json', @options));
	return \%n;
}

my ($problem) = objects(run_ok('list', 'problems', 'sev:critical', '--json'));
my $cve = $problem->{advisory};
my $before = states("cve:$cve");
my ($any) = objects(run_ok('list', 'findings', "cve:$cve", '--json'));

my @why = ('--reason', 'behind the proxy', '--approver', 'chief', '--until', '2026-12-20');
my @now = ('--now', '2026-11-23T21:00:00Z');
my $tried = run_ok('except', $any->{id}, '--kind', 'accepted', @why, @now, '--dry-run');
like($tried, qr/\Q$cve\E.*\n.*would hold 1 finding, until 2026-12-21T00:00:00Z/s,
	'a trial names what it would hold; a day ends at midnight');
is_deeply(states("cve:$cve", @now), $before, 'and changes nothing');

my ($made) = objects(run_ok('except', '--filter', "cve:$cve", '--kind', 'accepted', @why,
	'--reach', 'repository', @now, '--json'));
is($made->{findings}, $before->{open}, 'all at once by a filter');
is_deeply(states("cve:$cve is:accepted", @now), { accepted => $before->{open} }, 'listed so');
is_deeply(states("cve:$cve", @now), {}, 'and not among what is open');
my ($listed) = objects(run_ok('list', 'exceptions', 'approver:chief', '--json', @now));
is_deeply([@$listed{qw(kind reach approver uses)}],
	['accepted', 'repository', 'chief', $before->{open}], 'the list of exceptions counts them');
my ($shown) = objects(run_ok('show', 'finding', $any->{id}, '--json', @now));
is($shown->{state}, 'accepted', 'one finding says it too');
my ($decided) = @{ $shown->{decisions} };
is_deeply([@$decided{qw(kind id state approver reason until)}, $decided->{holds} ? 1 : 0],
	['exception', $made->{id}, 'accepted', 'chief', 'behind the proxy',
	'2026-12-21T00:00:00Z', 1], 'and who decided, why, and until when');
like(run_ok('show', 'finding', $any->{id}, @now),
	qr/^decided +accepted by .*, approved by chief, until 2026-12-21T00:00:00Z: behind/m,
	'also to people');
my ($gone) = objects(run_ok('list', 'problems', "cve:$cve", '--json', @now));
is($gone, undef, 'a problem that is accepted everywhere is none');

my @after = ('--now', '2026-12-21T00:00:00Z');
is_deeply(states("cve:$cve", '--read-only', @after), $before,
	'past its end all are open again, also for who may only read');
is_deeply(states("cve:$cve", '--read-only', '--now', '2026-12-20T23:59:59Z'), {}, 'not before');
my ($lapsed) = objects(run_ok('list', 'exceptions', 'expired approver:chief', '--json',
	'--read-only', @after));
is($lapsed->{id}, $made->{id}, 'it is listed as expired');

run_ok('except', '--renew', $made->{id}, '--until', '2027-01-15', @after);
is_deeply(states("cve:$cve", @after), {}, 'renewed');
run_fails(2, qr/ended already/, 'except', '--renew', $made->{id}, '--until', '2027-01-15', @after);
run_ok('except', '--end', $made->{id} + 1, '--reason', 'the proxy is gone', @after);
is_deeply(states("cve:$cve", @after), $before, 'revoked');
my @trail = map { $_->{act} }
	objects(run_ok('list', 'audit', 'act:except* age<30d', '--json', @after));
is_deeply([sort @trail], ['except', 'except', 'except-end'], 'each act is in the trail');
like(run_ok('verify', @after), qr/intact/, 'which holds');

run_fails(2, qr/allows 30 days/, 'except', $any->{id}, '--kind', 'accepted', '--until', '31d',
	'--reason', 'x');
run_fails(2, qr/needs a reason/, 'except', $any->{id}, '--kind', 'accepted', '--until', '30d');
run_fails(2, qr/needs an end/, 'except', $any->{id}, '--kind', 'accepted', '--reason', 'x');
run_fails(2, qr/--kind/, 'except', $any->{id}, '--reason', 'x');
run_fails(2, qr/no finding to decide on/, 'except', '--filter', 'cve:CVE-0000-0', '--kind',
	'false-positive', '--reason', 'x');
run_fails(2, qr/auditor may not make exceptions/, '--role', 'auditor', 'except', $any->{id},
	'--kind', 'accepted', '--until', '30d', '--reason', 'x');

# ---- policies of tags have a say ----
my ($tagged) = objects(run_ok('list', 'findings', 'sev:high', '!kev', '--json', '--image',
	'registry.example/search/index:8.15', @after));
run_ok('tag', 'repo/registry.example/search/index', 'fedramp', @after);
my @long = ('--kind', 'accepted', '--reason', 'later', @after, '--until');
run_fails(2, qr/the policy fedramp-moderate wants an approver/, 'except', $tagged->{id}, @long,
	'2027-01-10');
run_fails(2, qr/the policy fedramp-moderate allows 30 days for findings of severity high/,
	'except', $tagged->{id}, '--approver', 'chief', @long, '2027-02-25');
my ($brief) = objects(run_ok('except', $tagged->{id}, '--approver', 'chief', '--json', @long,
	'2027-01-10'));
run_fails(2, qr/fedramp-moderate allows 30 days/, 'except', '--renew', $brief->{id}, '--until',
	'2027-02-25', @after);
my ($free) = objects(run_ok('list', 'findings', 'sev:high', '!kev', '--json', '--image',
	'registry.example/auth/idp:24.0.5', @after));
run_ok('except', $free->{id}, @long, '2027-02-25');

done_testing();
