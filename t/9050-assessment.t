#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9050-assessment.t - the checklist walked by an auditor: answers, evidence, samples, steps, and a
# copy in another store.
use strict;
use warnings;
use lib 't/lib';
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use Seaworthy;
use Test::More;

my $demo = demo() or plan skip_all => 'run by make test';
my $room = $ENV{TMPDIR};
my @auditor = ('--role', 'auditor');

sub item { return (objects(run_ok('show', 'item', $_[0], '--json')))[0] }

# ---- an answer, for a period, resting on a file ----
my $proof = spew("$room/=proof.txt", "=2+2\x01 signed off\n");
run_ok('assess', 'CN-DATA-07', 'partial', '--note', "half of it\nis there", '--from',
	'2026-07-01', '--to', '2026-09-30', '--attach', $proof, '--made',
	'2026-10-02T09:00:00Z', @auditor);
my $item = item('CN-DATA-07');
is($item->{answers}[0]{answer}, 'partial', 'an auditor answers');
is($item->{answers}[0]{period_to}, '2026-09-30T23:59:59Z',
	'for the period that was looked at, to the end of its last day');
my $piece = $item->{attached}[0];
is($piece->{sha256}, sha256_hex(slurp($proof)), 'the file is kept with its hash');
is($piece->{made}, '2026-10-02T09:00:00Z', 'and its own date');
is($piece->{at}, '2026-11-23T20:40:00Z', 'beside the date it was attached');
is(run_ok('evidence', 'save', $piece->{id}), slurp($proof), 'it comes out as it went in');
run_ok('evidence', 'attach', 'CN-DATA-07', '--link', 'ticket SEC-12', '--note', 'the change');
like(run_ok('evidence', 'list', 'CN-DATA-07'), qr/ticket SEC-12.*\n.*=proof\.txt/,
	'files and links are listed, newest first');
run_fails(2, qr/is a link/, 'evidence', 'save', $piece->{id} + 1);
run_fails(2, qr/no evidence 99/, 'evidence', 'save', 99);
run_fails(2, qr/file or a link, not both/, 'evidence', 'attach', 'CN-DATA-07', $proof, '--link',
	'x');
run_fails(2, qr/ends before it begins/, 'assess', 'CN-DATA-07', 'pass', '--note', 'x', '--from',
	'2026-09-30T00:00:00Z', '--to', '2026-07-01T00:00:00Z');
run_fails(2, qr/has not begun yet/, 'assess', 'CN-DATA-07', 'pass', '--note', 'x', '--from',
	'2027-01-01', '--to', '2027-01-31');
run_fails(2, qr/nothing is judged before its time/, 'assess', 'CN-DATA-07', 'pass', '--note', 'x',
	'--at', '2026-11-24');
open my $large, '>:raw', "$room/large" or die;
truncate $large, 16 * 1024 * 1024 + 1;
close $large;
run_fails(2, qr/up to 16 MB: give a link/, 'evidence', 'attach', 'CN-DATA-07', "$room/large");

# ---- a sample that another can draw again ----
my $drawn = run_ok('checklist', 'sample', 'CN-DATA-07', 'images', 'running', '--seed', 7,
	'--size', 3, @auditor);
my $sample = item('CN-DATA-07')->{samples}[0];
is(scalar @{ $sample->{rows} }, 3, 'three are drawn');
is($sample->{filter}, 'running', 'from what the filter leaves');
my @again = run_ok('checklist', 'sample', 'CN-DATA-07', 'images', 'running', '--seed', 7,
	'--size', 3) =~ /^ +\d+  (\S+)/mg;
is_deeply(\@again, [map { $_->{key} } @{ $sample->{rows} }], 'the same seed draws the same');
my @keys = map { $_->{id} } objects(run_ok('list', 'images', 'running', '--json'));
my @mine = (sort { sha256_hex("7 $a") cmp sha256_hex("7 $b") } @keys)[0 .. 2];
is_deeply(\@mine, \@again, 'whoever has the list draws the same by hand');
run_fails(2, qr/no row to draw/, 'checklist', 'sample', 'CN-DATA-07', 'images', 'name:nothing');
run_fails(2, qr/no list cats/, 'checklist', 'sample', 'CN-DATA-07', 'cats');

# ---- assigned, submitted, sent back, closed ----
run_fails(2, qr/auditor may not assign/, 'checklist', 'assign', 'CN-DATA-07', 'ada', @auditor);
run_ok('checklist', 'assign', 'CN-DATA-07', 'ada');
run_fails(2, qr/it is assigned, not submitted/, 'checklist', 'close', 'CN-DATA-07');
run_ok('checklist', 'submit', 'CN-DATA-07', @auditor);
run_fails(2, qr/A note is needed/, 'checklist', 'return', 'CN-DATA-07');
run_ok('checklist', 'return', 'CN-DATA-07', '--note', 'which quarter?');
is(item('CN-DATA-07')->{assessment}{note}, 'which quarter?', 'sent back with a note');
run_ok('checklist', 'submit', 'CN-DATA-07', @auditor);
run_ok('checklist', 'close', 'CN-DATA-07');
is(item('CN-DATA-07')->{assessment}{step}, 'closed', 'closed');
is(item('CN-DATA-07')->{assessment}{assigned_to}, 'ada', 'and still known whose it was');
run_ok({ now => '2026-11-23T20:41:00Z' }, 'assess', 'CN-DATA-07', 'pass', '--note', 'all of it');
is(item('CN-DATA-07')->{assessment}{step}, 'assigned', 'a new answer opens it again');
my ($code) = run_program('checklist', 'submit', 'CN-DATA-99');
is($code, 2, 'an item that is not there');

# ---- carried to another store and back, in both formats ----
my $home = $ENV{SEAWORTHY_STORE};
for my $csv ([], ['--csv']) {
	my $file = "$room/checklist" . @$csv;
	run_ok('checklist', 'export', '-o', $file, @$csv);
	store();
	run_ok('status');
	like(run_ok('checklist', 'import', $file, @auditor), qr/\A(\d+) of \d+ records are new/,
		'another store takes it over');
	is(run_ok('checklist', 'export', @$csv), slurp($file), 'nothing is lost on the way');
	like(run_ok('checklist', 'import', $file), qr/\A0 of/, 'a second time brings nothing');
	like(run_ok('verify'), qr/\Aintact/, 'and its trail holds');
	run_fails(2, qr/engineer may not/, 'checklist', 'import', $file, '--role', 'engineer');
	my $bad = spew("$room/bad", slurp($file) =~ s/partial/perhaps/r);
	run_fails(2, qr/perhaps is no answer/, 'checklist', 'import', $bad);
	$ENV{SEAWORTHY_STORE} = $home;
}
run_fails(4, qr/neither a checklist in JSON nor one in CSV/, 'checklist', 'import',
	spew("$room/text", "hello\n"));
run_fails(4, qr/line 1/, 'checklist', 'import', spew("$room/broken", '{"format":'));

# ---- the day before ----
my (undef, $then, $note) = run_program('show', 'item', 'CN-DATA-07', '--json', '--as-of',
	'2026-11-22');
is_deeply((objects($then))[0]{attached}, [], 'the day before nothing was attached');
like($note, qr/\AAs of 2026-11-22T23:59:59Z, known to #\d+\n\z/, 'which day that was is said');

done_testing();
