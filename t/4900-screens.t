#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4900-screens.t - the dashboard's screens over the demo estate, as text. A case is a script of keys
# (t/screen/x.script) and what it shows (x.screen); SEAWORTHY_GOLDEN=1 writes the latter afresh.
use strict;
use warnings;
use Cwd qw(getcwd);
use File::Basename qw(basename);
use Test::More;

my ($estate, $person) = @ENV{qw(SEAWORTHY_ESTATE SEAWORTHY_PERSON)};
plan skip_all => 'the estate is not built'
	unless $person && -x $person && $estate && -x $estate;

my $room = $ENV{TMPDIR};
my $now  = '2026-11-23T20:40:00Z';

sub slurp {
	my ($path) = @_;
	open my $f, '<:raw', $path or return undef;
	local $/;
	return <$f>;
}

sub spew {
	my ($path, $text) = @_;
	open my $f, '>:raw', $path or die "$path: $!\n";
	print $f $text;
	close $f or die "$path: $!\n";
}

sub run_script {
	my ($script) = @_;
	system("cp '$room/world/demo.db' '$room/case.db'") == 0 or die "cp failed\n";
	unlink "$room/case.db-wal", "$room/case.db-shm";
	system('rm', '-rf', "$room/config");
	local $ENV{XDG_CONFIG_HOME} = "$room/config"; # what a screen remembers is its own
	return `'$person' mlee --store '$room/case.db' --now $now --script '$script' 2>&1`;
}

is system('sh', 't/estate/import.sh', $estate, $person, "$room/world"), 0,
	'the demo estate is imported'
	or BAIL_OUT('no estate');

for my $script (sort glob 't/screen/*.script') {
	(my $golden = $script) =~ s/\.script$/.screen/;
	my $got = run_script($script);
	is $?, 0, basename($script) . ' runs';
	unlike $got, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'no control byte is on any screen';
	spew($golden, $got) if $ENV{SEAWORTHY_GOLDEN};
	my $want = slurp($golden);
	next unless defined $want; # a new script: SEAWORTHY_GOLDEN=1 writes what it shows
	is_deeply [split /^/, $got], [split /^/, $want], basename($script) . ' shows the expected';
}

done_testing;
