#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4900-screens.t - the dashboard's screens over the demo estate, as text. A case is a script of keys
# (t/screen/x.script) and what it shows (x.screen); SEAWORTHY_GOLDEN=1 writes the latter afresh.
use strict;
use warnings;
use File::Basename qw(basename);
use lib 't/lib';
use Seaworthy;
use Test::More;

my $person = $ENV{SEAWORTHY_PERSON} // '';
plan skip_all => 'the estate is not built' unless -x $person;
my $demo = demo() or plan skip_all => 'the estate is not built';
my $room = $ENV{TMPDIR};
my $now  = '2026-11-23T20:40:00Z';

sub run_script {
	my ($script) = @_;
	system("cp '$demo' '$room/case.db'") == 0 or die "cp failed\n";
	unlink "$room/case.db-wal", "$room/case.db-shm";
	system('rm', '-rf', "$room/config");
	local $ENV{XDG_CONFIG_HOME} = "$room/config"; # what a screen remembers is its own
	return `'$person' mlee --store '$room/case.db' --now $now --script '$script' 2>&1`;
}

for my $script (some(4, sort glob 't/screen/*.script')) {
	(my $golden = $script) =~ s/\.script$/.screen/;
	my $got = run_script($script);
	is $?, 0, basename($script) . ' runs';
	unlike $got, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'no control byte is on any screen';
	spew($golden, $got) if $ENV{SEAWORTHY_GOLDEN};
	next unless -e $golden; # a new script: SEAWORTHY_GOLDEN=1 writes what it shows
	is_deeply [split /^/, $got], [split /^/, slurp($golden)],
		basename($script) . ' shows the expected';
}

# A terminal that is not UTF-8 has the same screens: what they are built of is ASCII. Sanitizers
# have seen them already.
for my $script ($ENV{SEAWORTHY_SAN} ? () : glob 't/screen/every-*.script') {
	local $ENV{LC_ALL} = 'C';
	my $got = run_script($script);
	unlike $got, qr/[^\x00-\x7f]/, basename($script) . ' is ASCII in a C locale';
	is_deeply [split /^/, $got], [split /^/, slurp($script =~ s/script\z/screen/r)],
		'... and shows the same';
}

# The walks above leave no view out.
sub views_left {
	my ($at) = grep { /120x40/ } glob 't/screen/every-*.script';
	my $walk = slurp($at) =~ s/^screen.*/view/gmr;
	my $seen = run_script(spew("$room/walk.script", $walk));
	my %seen = map { $_ => 1 } $seen =~ /^view (\w+)$/gm;
	return grep { !$seen{$_} } slurp('tui/views.def') =~ /^VIEW\((\w+)/gm;
}
is join(' ', views_left()), '', 'each view is walked' unless $ENV{SEAWORTHY_SAN};

done_testing;
