#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4914-words.t - `i` explains each head of a column that a screen shows, and each short word in it.
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

# The walk over every view: at each screen what is shown, then what its words mean.
my @line = ('size 200x240');
for (split /^/, slurp('t/screen/every-120x40.script')) {
	next if /^(?:#|size|keys i$|keys <Esc>\?$)/;
	chomp;
	push @line, /^screen/ ? ('view', 'screen roles', 'keys i', 'screen', 'keys <Esc>') : $_;
}
my $script = spew("$room/words.script", join "\n", @line, '');
local $ENV{XDG_CONFIG_HOME} = "$room/config";
my $out = `'$person' mlee --store '$demo' --now $now --read-only --script '$script' 2>&1`;
is $?, 0, 'the walk runs' or BAIL_OUT($out);

my %short = map { $_ => 1 } qw(PASS FAIL STAL NONE MANL EXC acc fp na oper adj vend key? denied
	emer aler crit err warn note ack contain close manual partial KEV exposed? n/a);
my (%view, %seen);
while ($out =~ /^view (\w+)\n== \d+ ==\n(.*?)^== \d+ ==\n(.*?)(?=^view|\z)/gms) {
	my ($view, $shown, $meant) = ($1, $2, $3);
	my @row = split /\n/, $shown, -1;
	$view{$view}++;
	my @meant = map { /^>?\s*(\S+(?: \S+)*?)(?:\s{2,}|$)/ ? $1 : () } split /\n/, $meant;
	my %said = map { $_ => 1 } @meant, map { split / / } @meant;
	for my $word (map { split / +/ } grep { /^(?:  |> |\* )/ } @row[2 .. 239]) {
		ok $said{$word}, "$view: $word is explained"
			if $short{$word} && $view ne "audit" && !$seen{"$view: $word"}++;
	}
	for my $roles (grep { /^\d+: / } @row[240 .. $#row]) {
		my ($y) = $roles =~ /^(\d+): /;
		my $line = ($row[$y - 1] // '') . ' ' x 200;
		next if $y < 3;
		for my $run ($roles =~ /(\d+-\d+) head/g) {
			my ($from, $to) = split /-/, $run;
			my $head = substr($line, $from, $to - $from + 1) =~ s/^\s+|\s+$//gr;
			# a sheet names its thing, numbers sections; a legend explains itself
			next if $head =~ /\ACN-\w+-\d+  /;
			next if $from == 1 || $head =~ /\A(?:[\d ]*|F fail .*)\z/;
			next if $seen{"$view $head"}++;
			my @left = grep { !$said{$_} } split /\s{2,}/, $head;
			@left = grep { !$said{$_} } map { split / / } @left;
			is "@left", '', "$view: $head is explained";
		}
	}
}
cmp_ok scalar(keys %view), '>', 25, 'so many views';

done_testing;
