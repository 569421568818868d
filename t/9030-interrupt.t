#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9030-interrupt.t - imports that are stopped half-way, and several at once.
use strict;
use warnings;
use lib 't/lib';
use POSIX qw(:sys_wait_h);
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};

# A report of so many findings.
sub large {
	my ($file, $name, $digit, $n) = @_;
	my @v = map { vulnerability("CVE-2022-$_", "p$_", '1.0', 'HIGH', Title => 'x' x 400) }
		1 .. $n;
	return report($file, trivy($name, $digit, @v));
}
my $small = report('small.json', trivy('registry.example/a:1', 'a',
	vulnerability('CVE-2021-1', 'zlib1g', '1.2.13', 'HIGH')));
my $large = large('large.json', 'registry.example/b:1', 'b', 8000);
my $other = large('other.json', 'registry.example/c:1', 'c', 2000);

sub start {
	my (@words) = @_;
	defined(my $pid = fork) or die "fork: $!";
	return $pid if $pid;
	open STDOUT, '>', "$room/child.out" or die;
	open STDERR, '>', "$room/child.err" or die;
	exec $ENV{SEAWORTHY}, '--now', '2026-11-23T20:40:00Z', @words;
	die "exec: $!";
}

my $before;
sub small_store {
	store();
	run_ok('import', $small);
	$before = contents();
}

sub as_before {
	my ($how) = @_;
	ok(contents() eq $before, "$how: the store is as it was");
	like(run_ok('verify'), qr/^intact/, "$how: the trail is intact");
}

# ---- stopped at some moment: all of it or none, whenever that was ----
for my $signal (qw(INT TERM KILL)) {
	small_store();
	for my $delay (0.02, 0.1, 0.2, 0.4) {
		my $pid = start('import', $large);
		select undef, undef, undef, $delay;
		kill $signal, $pid;
		waitpid $pid, 0;
		my ($killed, $code) = ($? & 127, $? >> 8);
		if (!$killed && $code == 0) {
			is(rows('findings'), 8001, "SIG$signal too late: all is in");
			last;
		}
		my $how = "SIG$signal after $delay s";
		if (!$killed) {
			is($code, 4, "$how: exits with 4");
			like(slurp("$room/child.err"), qr/\Aseaworthy: [^\n]+\n\z/,
				"$how: says so, once");
		}
		as_before($how);
	}
}

# ---- the disk is full ----
small_store();
my ($code, $out, $err) = run_program({ child => sub {
	require POSIX;
	$SIG{XFSZ} = 'IGNORE';
	exec 'sh', '-c', 'ulimit -f 3000; exec "$@"', 'sh', $ENV{SEAWORTHY}, 'import', $large;
} });
is($code, 4, 'a full disk: exits with 4');
like($err, qr/\Aseaworthy: [^\n]*(?:full|large|space|disk)[^\n]*\n\z/,
	'a full disk: one line says so');
as_before('a full disk');

# ---- two at once, and a reader that does not wait ----
my @pids = (start('import', $large), start('import', $other));
my ($reads, $running) = (0, 2);
while ($running) {
	my ($status) = run_program('list', 'images', '--json');
	$reads++ if $status == 0;
	is($status, 0, 'reading goes on') if $status;
	for (@pids) {
		next unless $_ && waitpid($_, WNOHANG) == $_;
		is($?, 0, 'an importer beside another finishes');
		$_ = 0;
		$running--;
	}
}
cmp_ok($reads, '>', 0, 'readers read meanwhile');
is(rows('images'), 3, 'both are in');
is(rows('findings'), 1 + 8000 + 2000, 'with all their findings');
like(run_ok('verify'), qr/^intact/, 'the trail is intact');

done_testing();
