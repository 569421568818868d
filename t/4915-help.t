#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4915-help.t - `?` lists in each view exactly the keys that do something there, and runs the one
# that is chosen as its key would.
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

# How each view is reached, from the overview on.
my %way = (
	overview => '', images => '2', clusters => '3', controls => '4', findings => '5',
	alerts => '6', checklist => '7', reports => '8', image => '2<Enter>',
	fix => '2<Enter><Enter>', each => ':each<Enter>', problem => '5<Enter>',
	finding => '5<Enter><Enter>', cluster => '3j<Enter>', node => ':nodes<Enter><Enter>',
	namespace => '3j<Enter><Enter>', workload => '3j<Enter>jjjj<Enter><Enter>',
	checks => ':checks<Enter>', control => '4<Enter>', crosswalk => '4x',
	alert => '6<Enter>', item => '7<Enter>', exceptions => ':exceptions<Enter>',
	fixes => ':fixes<Enter>', change => ':fixes<Enter><Enter>', drift => ':drift<Enter>',
	owners => ':owners<Enter>', sources => ':sources<Enter>', skips => ':skips<Enter>',
	scans => ':sources<Enter><Enter>', nodes => ':nodes<Enter>',
	namespaces => ':namespaces<Enter>', workloads => ':workloads<Enter>',
	containers => ':containers<Enter>', packages => ':packages<Enter>',
	events => ':events<Enter>', timeline => '2L', audit => ':audit<Enter>',
	messages => ':messages<Enter>',
);
my @views = slurp('tui/views.def') =~ /^VIEW\((\w+)/mg;
is_deeply([sort keys %way], [sort @views], 'every view is reached');

# The actions by their first key; leaving and suspending end the script or the screen.
my %leaves = map { $_ => 1 } qw(Q Ctrl-C Ctrl-Z);
my @keys = grep { !$leaves{$_} } map { s/\\\\/\\/r }
	slurp('tui/actions.def') =~ /^ACTION\(\w+,\s*\w+,\s*"([^" ]+)/mg;
my %walk = map { $_ => 1 } qw(P F M A S);

# The screens that a script draws, without the time that a message stands.
sub screens {
	my (@line) = @_;
	system("cp '$demo' '$room/help.db'") == 0 or die "cp failed\n";
	unlink "$room/help.db-wal", "$room/help.db-shm";
	system('rm', '-rf', "$room/config");
	local $ENV{XDG_CONFIG_HOME} = "$room/config";
	my $script = spew("$room/help.script", join "\n", 'size 96x72', @line, '');
	my $out = `'$person' mlee --store '$room/help.db' --now $now --script '$script' 2>&1`;
	is $?, 0, 'the script runs' or BAIL_OUT($out =~ /(.*)\Z/);
	my (undef, @screen) = split /^== \d+ ==\n/m, $out;
	return @screen;
}

sub typed {
	my ($key) = @_;
	return length $key > 1 || $key eq '<' ? '<' . ($key eq '<' ? 'lt' : $key) . '>' : $key;
}

# Each key by itself; from the list one is chosen, another in each view.
# Under the sanitizers some views only: random keys go through all of them.
my $turn = 0;
for my $view (@views) {
	next if $turn++ % 8 && $ENV{SEAWORTHY_SAN};
	my $way = $way{$view} =~ /^\d/ ? $way{$view} : "1$way{$view}";
	my ($name, $help) = screens("keys $way", 'view', 'screen', 'keys ?', 'screen');
	my @listed = map { /^[> ] (\S+)(?: \S+)*\s{2,}\w+\s/ ? $1 : () }
		split /\n/, $help =~ s/\A.*?Keys that work here[^\n]*\n//sr;
	cmp_ok scalar @listed, '>', 15, "$view: `?` lists keys";
	my %listed = map { $_ => 1 } @listed;
	my $back = 'keys <Esc><Esc><Esc>';
	my (@direct, @asked);
	for my $i (0 .. $#listed) {
		next if $leaves{$listed[$i]} || $listed[$i] eq '?';
		push @asked, $listed[$i];
		push @direct, "keys $way" . typed($listed[$i]), 'screen', $back;
	}
	my @other = grep { !$listed{$_} && ($view eq 'item' || !$walk{$_} || $_ eq 'F') } @keys;
	push @direct, map { ("keys $way" . typed($_), 'screen', $back) } @other;
	my @by_key = screens(@direct);
	my @refused = map { scalar((split /\n/)[70] =~ /not here:|no row here/) } @by_key;
	my @silent = grep { $refused[$_] } 0 .. $#asked;
	is "@asked[@silent]", '', "$view: each key that is listed does something";
	my $i = $turn * 5 % @asked;
	my ($row) = grep { $listed[$_] eq $asked[$i] } 0 .. $#listed;
	my ($key) = screens("keys $way" . typed($asked[$i]), 'screen');
	my ($chosen) = screens("keys $way?" . 'j' x $row . '<Enter>', 'screen');
	is $chosen, $key, "$view: $asked[$i] chosen does what the key does";
	my @hidden = grep { !$refused[@asked + $_] } 0 .. $#other;
	is "@other[@hidden]", '', "$view: no other key does anything";
}

done_testing;
