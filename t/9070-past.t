#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9070-past.t - the demo estate on past days: asked by command, the same each time, and nothing can
# be done to it; what changed between two days.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $demo = demo() or plan skip_all => 'run by make test';
my $room = $ENV{TMPDIR};

# What it says on standard output, when all goes well.
sub said {
	my ($code, $out, $err) = run_program(@_);
	is($code, 0, "@_") or diag $err;
	return $out;
}

# ---- the day before yesterday's words ----
my $now = said('status', '--json');
my $then = said('status', '--json', '--as-of', '2026-11-09');
isnt((objects($then))[0]{findings}{open}{critical}, (objects($now))[0]{findings}{open}{critical},
	'two weeks ago stood otherwise');
is((objects($then))[0]{as_of}, '2026-11-09T23:59:59Z', 'a day is as of its end');
my $known = (objects($then))[0]{known_to};
like(said('status', '--as-of', '2026-11-09'), qr/\AAs of 2026-11-09T23:59:59Z\. .*known to #$known/,
	'which day, and what is known of it, is said');
like(said('list', 'images', '--as-of', '2026-11-09'), qr/\AAs of .* known to #$known\n/,
	'before a list too');
is(said('status', '--as-of', '2026-11-23') =~ s/\AAs of \S+ //r, said('status'),
	'as of today is now');

# ---- the same bytes, whatever comes after ----
my @asked = some(4, ['status'], ['status', '--json'],
	['list', 'findings', 'sev:critical', '--json'], ['list', 'checks', '--csv'],
	['list', 'controls', '--json'], ['list', 'problems', '--json'],
	['report', 'audit', '--format', 'md'], ['changes', '2026-10-01', '--json']);
my @past = ('--as-of', '2026-11-09', '--known', $known);
my @before = map { said(@$_, @past) } @asked;
my $report = spew("$room/new.json", report(trivy('registry.example/payments/api:2.14.1', 7,
	vulnerability('CVE-2026-99999', 'zlib', '1.0', 'critical'))));
run_program('import', '--at', '2026-11-05T00:00:00Z', $report);
run_ok('note', 'item', 'CN-DATA-07', 'after all that');
is(said(@{ $asked[$_] }, @past), $before[$_], "@{ $asked[$_] }: the same, byte for byte")
	for 0 .. $#asked;

# ---- nor does asking change the store: an acceptance that held until today is not undone ----
ok(scalar(objects(said('list', 'exceptions', 'age<7d', '--json'))),
	'something was decided since');
my $whole = slurp($ENV{SEAWORTHY_STORE});
said('status', '--as-of', '2026-11-16');
is(slurp($ENV{SEAWORTHY_STORE}) eq $whole ? 'the same' : 'another', 'the same',
	'asking of a past day leaves the store as it is, byte for byte');

# ---- nothing can be done to it ----
run_fails(2, qr/a past day is shown/, 'note', 'item', 'CN-DATA-07', 'x', '--as-of', '2026-11-09');
run_fails(2, qr/a past day is shown/, 'import', $report, '--as-of', '2026-11-09');
run_fails(2, qr/is not past yet/, 'status', '--as-of', '2027-01-01');
run_fails(2, qr/wants a day/, 'status', '--as-of', 'yesterday');
run_fails(2, qr/the store knows up to #/, 'status', '--known', 1_000_000);

# ---- what changed ----
my @changes = objects(said('changes', '2026-11-01', '2026-11-23', '--json'));
ok(scalar(grep { $_->{change} eq 'new' } @changes), 'some are new');
ok(scalar(grep { $_->{change} eq 'fixed' } @changes), 'some are fixed');
is_deeply([map { $_->{at} } @changes], [sort map { $_->{at} } @changes], 'in order of time');
my @fixed = objects(said('changes', '2026-11-01', '2026-11-23', '--what', 'fixed', '--json'));
is(scalar @fixed, scalar(grep { $_->{change} eq 'fixed' } @changes), '--what picks');
is(scalar(split /\r\n/, said('changes', '2026-11-01', '2026-11-23', '--csv')), 1 + @changes,
	'as many in CSV, and a head');
like(said('changes', '2026-09-01', '--summary'), qr/^severity [^\n]* in time\n.*^repository /ms,
	'how long it took, by severity, owner and repository');
run_fails(2, qr/--what gone/, 'changes', '2026-11-01', '--what', 'gone');
run_fails(2, qr/wants a day/, 'changes', 'monday');

# ---- what changed of what a filter holds ----
my @bad = objects(said('changes', '2026-11-01', '2026-11-23', 'sev>=high', 'kev',
	'--json'));
my %is_bad = map { $_->{id} => 1 } objects(said('list', 'findings', '--retired', '--json',
	'sev>=high kev (is:open or !is:open)'));
is_deeply([map { $_->{id} } @bad], [map { $_->{id} } grep { $is_bad{ $_->{id} } } @changes],
	'a filter keeps the changes of what the list holds');
cmp_ok(scalar @bad, '>', 0, 'some are kept');
cmp_ok(scalar @bad, '<', scalar @changes, 'not all');
is(said('changes', '2026-11-01', 'sev>=high kev', '--json'),
	said('changes', '2026-11-01', '2026-11-24', 'sev>=high kev', '--json'),
	'without UNTIL, too');
is(scalar(split /\n/, said('changes', '2026-11-01', '2026-11-23', 'sev>=high kev')), @bad,
	'as many as text');
my $closed = sub { my $n = 0;
	$n += $_->{closed} for grep { ($_->{by} // '') eq 'repository' }
		objects(said('changes', '2026-09-01', @_, '--summary', '--json'));
	return $n };
cmp_ok($closed->('sev>=high'), '<', $closed->(), '--summary: not all of what ended');
is($closed->('kev') + $closed->('!kev'), $closed->(), 'one of the two, each that ended');
run_fails(2, qr/colour/, 'changes', '2026-11-01', 'colour:red');
run_fails(2, qr/./, 'changes', '2026-11-01', '2026-11-23', '(sev>=high');
run_fails(2, qr/wants a day/, 'changes', '2026-11-01', '2026-13-01', 'kev');

done_testing();
