#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4910-paths.t - the shortest way of each person to what they sat down for, in keys that are
# counted: who finds a shorter one lowers the number, nobody raises it.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $person = $ENV{SEAWORTHY_PERSON} // '';
plan skip_all => 'the estate is not built' unless -x $person;
my $demo = demo() or plan skip_all => 'the estate is not built';
my $room = $ENV{TMPDIR};
my $now  = '2026-11-23T20:40:00Z';

# Keys as a person counts them: a <Name> is one.
sub keys_in {
	my ($keys) = @_;
	my @key = $keys =~ /<[^>]+>|./g;
	return scalar @key;
}

# The screen after the keys, by someone of that role.
sub screen_after {
	my ($keys, $role) = @_;
	my $script = "$room/path.script";
	system("cp '$demo' '$room/path.db'") == 0 or die "cp failed\n";
	unlink "$room/path.db-wal", "$room/path.db-shm";
	system('rm', '-rf', "$room/config");
	local $ENV{XDG_CONFIG_HOME} = "$room/config";
	open my $f, '>', $script or die "$script: $!\n";
	print $f ($keys ne '' ? "keys $keys\n" : ''), "screen\n";
	close $f or die "$script: $!\n";
	my $as = "--role $role --now $now --script '$script'";
	return `'$person' mlee --store '$room/path.db' $as 2>&1`;
}

my $paths = 0;
sub path {
	my ($who, $job, $role, $keys, $most, @shown) = @_;
	return if $ENV{SEAWORTHY_SAN} && $paths++ % 3; # t/4920 goes everywhere under sanitizers
	my $screen = screen_after($keys, $role);
	is $?, 0, "$who: $job";
	like $screen, $_, "... shows $_" for @shown;
	cmp_ok keys_in($keys), '<=', $most, "... in $most keys";
}

path 'lead', 'what needs me now, and are we better than last week', 'lead', '', 0,
	qr/NOW\s+what/, qr/>alert\s+Terminal shell/, qr/7d ago change/;
path 'lead', '... and what was open seven days ago, as of then', 'lead',
	'<Tab><Tab><Tab><Right><Right><Right><Enter>', 7,
	qr/Overview > Critical/, qr/as of 2026-11-16/, qr{1/289 of};
path 'lead', '... and from there back to now', 'lead',
	'<Tab><Tab><Tab><Right><Right><Right><Enter>q', 8,
	qr/back in the present/, qr/2026-11-23|lead 20:40Z/;
path 'lead', 'hand the auditor a report', 'lead', 'W', 1, qr/REPORT.*> audit/s;
path 'lead', 'a runtime alert is late', 'lead', '6a', 2, qr/note on acknowledging Terminal shell/,
	qr/> -00:12 ack/;
path 'lead', '... and its time line', 'lead', '6L', 2, qr/time line/, qr/11-22 20:28:00Z/;
path 'engineer', 'what must I change in my image', 'engineer', '2/api<Enter><Enter>', 7,
	qr/Images > ledger\/api/, qr/FIX PLAN.*> (?:bump|rebase)/s;
path 'engineer', '... and take the change along', 'engineer', '2/api<Enter><Enter>y', 8,
	qr/Copy which part/, qr{> what +registry\.example/ledger/api:1\.8\.7 ->};
path 'engineer', 'take all that is nobody\'s and due this week', 'engineer',
	'5F<Down><Down><Down><Enter>Vw', 8, qr/owner of \d+ marked/;
path 'engineer', '... of the images of one team', 'engineer',
	'5/owner:none image:payments/* due<lt>7d<Enter>Vw', 39, qr/due<7d  by due +1\/59 of 468/,
	qr/owner of 59 marked/;
path 'engineer', 'this one is not reachable', 'engineer', '5<Enter><Enter>sn', 5,
	qr/Why does it do no harm/, qr/not in the execute path/;
path 'engineer', '... and who says so', 'engineer', '5<Enter><Enter>snx', 6,
	qr/not-affected: why\?/;
path 'auditor', 'walk the checklist', 'auditor', '7<Enter>', 2, qr/CN-DATA-01/, qr/P pass/;
path 'auditor', '... each answer leads to the next question', 'auditor', '7<Enter>P', 3,
	qr/CN-DATA-02/;
path 'auditor', 'the evidence for PCI 6.3.3', 'auditor', ':pci 6.3.3<Enter>', 11,
	qr/> pci 6\.3\.3/, qr/EVIDENCE/, qr/S +FAILING/;
path 'auditor', '... and the record behind it', 'auditor', ':pci 6.3.3<Enter><Enter>', 12,
	qr/6\.3\.3 >/;
path 'auditor', 'the same control elsewhere', 'auditor', ':pci 6.3.3<Enter>x', 12, qr/crosswalk/;
path 'auditor', 'take the workpaper', 'auditor', '7W', 2, qr/REPORT/;

like screen_after('2w', 'auditor'), qr/the role auditor may not set owners/,
	'what a role may not do is refused before anything is typed';
like screen_after('6a', 'viewer'), qr/the role viewer may not move alerts/, '... and says why';

done_testing;
