#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4913-counts.t - every count that the cursor comes to opens exactly the rows that it counts.
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

# The screens that a script draws, each as its lines and its selected columns by line.
sub screens {
	my (@line) = @_;
	system("cp '$demo' '$room/counts.db'") == 0 or die "cp failed\n";
	unlink "$room/counts.db-wal", "$room/counts.db-shm";
	local $ENV{XDG_CONFIG_HOME} = "$room/config";
	my $script = spew("$room/counts.script", join "\n", 'size 200x60', @line, '');
	my $out = `'$person' mlee --store '$room/counts.db' --now $now --script '$script' 2>&1`;
	is $?, 0, 'the script runs' or BAIL_OUT($out);
	my @screen;
	for my $text (split /^== \d+ ==\n/m, $out) {
		next if $text eq '';
		my @row = split /\n/, $text;
		my ($y) = grep { $row[$_] =~ /^(\d+): cursor (\d+)-(\d+)/ } 60 .. $#row;
		my @at = defined $y ? $row[$y] =~ /^(\d+): cursor (\d+)-(\d+)/ : ();
		push @screen, { line => [@row[0 .. 59]], row => @at ? $row[$at[0] - 1] : '',
			cell => @at ? substr($row[$at[0] - 1] . ' ' x 200, $at[1],
				$at[2] - $at[1] + 1) : '' };
	}
	return @screen;
}

sub number {
	my ($text) = @_;
	return $text =~ /([+-]?[\d,]*\d)/ ? abs($1 =~ tr/,//dr) : undef;
}

# Rows that are walked: sanitizers find their faults in the first ones.
sub most {
	my ($n) = @_;
	return $ENV{SEAWORTHY_SAN} ? int(($n + 3) / 4) : $n;
}

# What line 2 says of the list: "3/38 of 40" and "38" are 38 rows.
sub rows_shown {
	my ($screen) = @_;
	return $screen->{line}[1] =~ m{\s{2}(?:[\d,]+/)?([\d,]+)(?: of [\d,]+)?(?=\s{2}|\s*\z)} ?
		number($1) : undef;
}

# ---- the overview: each block, each row, each cell ----
my @block = (
	# name, rows, cells beside the row itself, what the row itself counts
	['now', 12, 0, sub { $_[0]{row} =~ / (\d+) assets, / ? $1 : undef }],
	['posture', 10, 5, sub { $_[0]{cell} =~ /, (\d+) of \d+/ ? $1 : undef }],
	['due', 6, 4, sub {
		my ($late, $day, $week) = $_[0]{row} =~ /\|\s.*?([\d,]+)\s+([\d,]+)\s+([\d,]+)/;
		return number($late) + number($day) + number($week);
	}],
	# what came and went is kept as sums: a menu offers the rows by reason
	['findings', 5, 3, sub { number($_[0]{cell}) }],
	['estate', 6, sub { $_[0] == 3 || $_[0] == 5 ? 0 : 1 }, sub { number($_[0]{cell}) }],
	['sources', 14, 0, sub { undef }],
	['owners', 7, 3, sub { undef }],
);
my (@walk, @what);
for my $b (@block) {
	my ($name, $rows, $most, $own) = @$b;
	for my $row (1 .. most($rows)) {
		my $cells = ref $most ? $most->($row) : $most;
		for my $cell (0 .. $cells) {
			my $sum = $name eq 'findings' && ($cell == 1 || $cell == 2);
			push @walk, 'screen roles', $sum ? 'keys <Enter><Enter>' : 'keys <Enter>',
				'screen', 'keys q';
			push @walk, 'keys <Right>' if $cell < $cells;
			push @what, { name => "$name $row, $cell",
				count => $sum ? sub { undef } :
					$cell ? sub { number($_[0]{cell}) } : $own };
		}
		push @walk, 'keys ' . '<Left>' x $cells if $cells;
		push @walk, 'keys <Down>' if $row < most($rows);
	}
	push @walk, 'keys <Tab>';
}

# ---- problems: assets that have them open; rules by cluster, tools' scans ----
push @walk, 'keys 5';
for my $row (1 .. most(30)) {
	push @walk, 'screen roles', 'keys <Enter>', 'screen', 'keys q<Down>';
	push @what, { name => "problem $row",
		count => sub { $_[0]{row} =~ /\s(\d+)\s+\d+\s+(?:KEV\s+)?\d+%\s/ ? $1 : undef } };
}
# ---- the counts between a list and its preview ----
for my $strip (['5', 15, sub { number($_[0]{cell}) }],
	['4', 40, sub { $_[0]{cell} =~ /\A\s*[\d,]+\s*\z/ ? number($_[0]{cell}) : undef }]) {
	my ($view, $cells, $count) = @$strip;
	push @walk, "keys $view<Home>";
	for my $cell (1 .. most($cells)) {
		push @walk, 'keys <Tab>' . '<Right>' x ($cell - 1), 'screen roles', 'keys <Enter>',
			'screen', 'keys <Esc>';
		push @what, { name => "count $cell of view $view", count => $count };
	}
}

push @walk, 'keys 3<Tab>';
for my $row (1 .. most(40)) {
	push @walk, 'screen roles', 'keys <Enter>', 'screen', 'keys q<Down>';
	push @what, { name => "rule $row", count => sub {
		$_[0]{row} =~ /\s([\d,]+)(?:\s+[-FPmw])+\s*\z/ ? number($1) : undef;
	} };
}
push @walk, 'keys :sources<Enter>';
for my $row (1 .. 14) {
	push @walk, 'screen roles', 'keys <Enter>', 'screen', 'keys q<Down>';
	push @what, { name => "source $row",
		count => sub { $_[0]{row} =~ /(?:\d+[mhd]|none)\s+(\d+)\s+\d+\s/ ? $1 : undef } };
}

# ---- the counts in the rows of lists: a key offers them, each under one that opens it ----
my @list = (
	# name, the keys to it, rows that are looked at
	['images', '2', 3], ['fixes of an image', '2<Enter>', 2], ['problems', '5', 4],
	['clusters', '3', 3], ['controls', '4/failing>0 or excepted>0<Enter>', 5],
	['alerts', '6', 4],
	map { [$_, ":$_<Enter>", 3] } qw(fixes drift nodes namespaces workloads containers
		exceptions owners sources packages),
);
push @list, ['scans', ':sources<Enter><Enter>', 2];

sub rows_of {
	my ($keys, $rows, $each) = @_;
	my @walk = map { ($each->($_), 'keys <Down><Down>') } 0 .. $rows - 1;
	return "keys $keys", @walk, 'keys qqq1';
}

# What the menu offers: [key, count, head].
sub menu {
	my ($screen) = @_;
	my ($from) = grep { $screen->{line}[$_] =~ /a key opens what it counts/i } 0 .. 59;
	return () unless defined $from;
	return map { /^[> ] ([1-9a-f])\s+([\d,]+|-)  (\S.*?\S)\s*$/ ? [$1, $2, $3] : () }
		@{ $screen->{line} }[$from + 1 .. 58];
}

my @menu = screens(map { rows_of(@$_[1, 2], sub { 'keys c', 'screen', 'keys <Esc>' }) } @list);
my (@inside, @opened);
for my $l (@list) {
	my @drawn = splice @menu, 0, $l->[2];
	my @row = map { [menu($_)] } @drawn;
	ok scalar @{ $row[0] }, "c offers the counts of $l->[0]"
		or diag join "\n", @{ $drawn[0]{line} };
	push @inside, rows_of(@$l[1, 2], sub {
		my ($n) = @_;
		push @opened, map { ["$l->[0] $n: $_->[2]", $_->[1]] } @{ $row[$n] };
		return map { ("keys c$_->[0]", 'screen', 'keys q') } @{ $row[$n] };
	});
}
my $some = 0;
for my $screen (screens(@inside)) {
	my ($name, $count) = @{ shift @opened };
	next if $count eq '-';
	$some++ if $count ne '0';
	is rows_shown($screen), number($count), "$name opens as many rows as it counts"
		or diag join "\n", @{ $screen->{line} }[1 .. 3];
}
cmp_ok $some, '>', 100, 'so many that are not 0';

my $counts = 0;
my @screen = screens(@walk);
for my $w (@what) {
	my ($before, $after) = splice @screen, 0, 2;
	isnt $after->{line}[1], $before->{line}[1], "$w->{name} opens";
	my $count = $w->{count}->($before);
	next unless defined $count;
	$counts++;
	is rows_shown($after), $count, "... as many rows as $w->{name} says"
		or diag "$before->{row}\n$after->{line}[1]";
}
cmp_ok $counts, '>', most(150), 'so many counts';

done_testing;
