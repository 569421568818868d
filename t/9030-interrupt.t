#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9030-interrupt.t - imports that are stopped half-way, and several at once.
use strict;
use warnings;
use lib 't/lib';
use POSIX qw(:signal_h :sys_wait_h);
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

# What the store holds before the large report, and after all of it.
store();
run_ok('import', $small);
my $made = $ENV{SEAWORTHY_STORE};
sub small_store { spew(store(), slurp($made)) }
small_store();
my $before = contents();
run_ok('import', $large);
my $whole = contents();

sub as_before {
	my ($how, $found) = @_;
	ok(($found // contents()) eq $before, "$how: the store is as it was");
	like(run_ok('verify'), qr/^intact/, "$how: the trail is intact");
}

# Bytes of a file that a process has read so far, as Linux tells it; elsewhere -1.
sub bytes_read {
	my ($pid, $file) = @_;
	for my $fd (glob "/proc/$pid/fd/*") {
		next unless (readlink $fd // '') eq $file;
		return $1 if slurp($fd =~ s{/fd/}{/fdinfo/}r) =~ /^pos:\s+(\d+)/m;
	}
	return -1;
}

# Bytes written to the store and its log.
sub bytes_written {
	my $sum = 0;
	$sum += -s "$ENV{SEAWORTHY_STORE}$_" // 0 for '', '-wal';
	return $sum;
}

# Points of an import that a test can wait for. Each is passed in every import, or passed over.
my $grown;
my @points = (
	['as it starts', sub { 1 }],
	['as it opens the report', sub { bytes_read($_[0], $large) >= 0 }],
	['half-way through the report', sub { bytes_read($_[0], $large) >= (-s $large) / 2 }],
	['as it reads the last of it', sub { bytes_read($_[0], $large) >= -s $large }],
	['as it begins to write', sub { bytes_written() > $grown }],
	['when it has written 1 MiB', sub { bytes_written() > $grown + (1 << 20) }],
);

# ---- stopped at some moment: all of it or none, whenever that was ----
my %number = (INT => SIGINT, TERM => SIGTERM, KILL => SIGKILL);
# Sanitizers see nothing of what is killed.
for my $signal (some(3, qw(INT TERM KILL))) {
	small_store();
	for (@points) {
		my ($where, $there) = @$_;
		$grown = bytes_written();
		my $pid = start('import', $large);
		my $ended = 0;
		until ($there->($pid)) {
			last if $ended = waitpid($pid, WNOHANG) == $pid;
			select undef, undef, undef, 0.001;
		}
		if (!$ended) {
			kill $signal, $pid;
			waitpid $pid, 0;
		}
		my ($killed, $code) = ($? & 127, $? >> 8);
		my $how = "SIG$signal $where";
		my $found = contents();
		# Killed as it ended, it may have kept its work and had no time to say so.
		if ($killed ? $found ne $before : $code == 0) {
			ok($found eq $whole, "$how: too late, and all is in");
			small_store();
			next;
		}
		if (!$killed) {
			is($code, 4, "$how: exits with 4");
			like(slurp("$room/child.err"), qr/\Aseaworthy: [^\n]+\n\z/,
				"$how: says so, once");
		} else {
			is($killed, $number{$signal}, "$how: ends it");
		}
		as_before($how, $found);
	}
}

# ---- a new store has all catalogues, whenever its maker was stopped ----
sub catalogues {
	return join "\n", map { scalar(() = snapshot($_)) } qw(controls items);
}
store();
run_ok('import', $small);
my $complete = catalogues();
for my $kib (some(6, 100, 800, 1200, 1600, 2000, 3000)) {
	store("$room/new.$kib.db");
	my $pid = start('import', $small);
	until (bytes_written() > $kib << 10) {
		last if waitpid($pid, WNOHANG) == $pid;
		select undef, undef, undef, 0.0005;
	}
	kill 'KILL', $pid;
	waitpid $pid, 0;
	run_ok('import', $small);
	is(catalogues(), $complete, "killed when $kib KiB of a new store were written");
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
