#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4920-random-keys.t - ten thousand keys that nobody would press, at windows of every size, over the
# demo estate. Whatever comes of it, the program lives, and each screen is as large as the window.
use strict;
use warnings;
use Cwd qw(getcwd);
use lib 't/lib';
use Seaworthy;
use Test::More;

my $demo = demo() or plan skip_all => 'run by make test';
my $room = $ENV{TMPDIR};
my ($scripts, $keys) = (10, 1000);

# The same keys every time and everywhere: Perl's own generator differs between versions.
my $state;
sub dice {
	my ($n) = @_;
	$state = ($state * 1103515245 + 12345) & 0x7fffffff;
	return ($state >> 8) % $n;
}

my @moves = qw(j k <Down> <Up> <PgDn> <PgUp> <Home> <End> g G h l <Tab> <S-Tab> ] [ -);
my @goes  = (qw(<Enter> <Enter> <Esc> <Esc> q 1 2 3 4 5 6 7 8), '?');
my @acts  = split //, '/:\\FfnN<>IoC#pzvVUsawdteuxHLyYWPMASRZ';
my @typed = (split(//, 'abcdehikr0123:>=!.*()"'), '<Space>', '<Backspace>', '<Left>', '<Right>');

sub key {
	my $d = dice(100);
	my $from = $d < 40 ? \@moves : $d < 65 ? \@goes : $d < 90 ? \@acts : \@typed;
	my $key = $from->[dice(scalar @$from)];
	return $key eq '<' ? '<lt>' : $key;
}

# Views that are gone to by name; the others are come to by Enter, from these.
my %deep = map { $_ => 1 } qw(image fix change problem finding cluster node namespace workload
	control crosswalk alert item timeline);
my @all = slurp('tui/views.def') =~ /^VIEW\((\w+)/gm;
my @roots = grep { !$deep{$_} } @all;
my $begun = 0;

# To the next of them, its time line, its crosswalk and back, then as deep as Enter leads.
sub jump {
	my $root = $roots[$begun++ % @roots];
	return join '', map { "keys $_\nview\n" } "<Esc><Esc><Esc>:$root<Enter>", 'L', 'x',
		":$root<Enter><Enter>", ('<Enter>') x 3;
}

sub script {
	my ($seed) = @_;
	my ($text, @sizes) = ('');
	$state = $seed;
	for (1 .. $keys / 20) {
		my @size = dice(4) ? (60 + dice(140), 15 + dice(45))
		                   : (1 + dice(80), 1 + dice(24));
		my $pressed = join '', map { key() } 1 .. 20;
		$text .= "size $size[0]x$size[1]\n" . ($_ % 10 ? '' : jump());
		$text .= "keys $pressed\nscreen\n";
		push @sizes, \@size;
	}
	return ($text, @sizes);
}

# What is wrong with a screen of this size; undef: nothing.
sub fault {
	my ($screen, $width, $height) = @_;
	my @lines = split /\n/, $screen, -1;
	pop @lines;
	return @lines . " lines where the window has $height" if @lines > $height;
	for my $line (@lines) {
		return "'$line' is wider than $width" if columns($line) > $width;
		return "'$line' holds a control byte" if $line =~ /[\x00-\x1f\x7f]/;
	}
	return;
}

my $top = getcwd();
my %reached;
for my $seed (1 .. $scripts) {
	my ($text, @sizes) = script($seed * 7919);
	my $file = "$room/keys.$seed";
	open my $out, '>', $file or die "$file: $!";
	print $out $text;
	close $out or die "$file: $!";
	system("cp '$demo' '$room/case.db'") == 0 or die "cp failed";
	unlink "$room/case.db-wal", "$room/case.db-shm";
	# Reports that W writes belong in the room.
	chdir $room or die "$room: $!";
	my $at = '--now 2026-11-23T20:40:00Z';
	my $shown = `'$ENV{SEAWORTHY}' --store '$room/case.db' $at --script '$file' 2>&1`;
	my $status = $?;
	chdir $top or die "$top: $!";
	is($status, 0, "keys of seed $seed: the program lives") or diag substr($shown, -2000);
	utf8::decode($shown);
	$reached{$1}++ while $shown =~ s/^view (\w+)\n//m;
	my (undef, @screens) = split /^== \d+ ==\n/m, $shown;
	is(scalar @screens, scalar @sizes, "seed $seed: every screen was drawn");
	my @faults = grep { defined }
		map { fault($screens[$_], @{ $sizes[$_] }) } 0 .. $#screens;
	is(scalar @faults, 0, "seed $seed: each fits its window") or diag $faults[0];
}
my @missed = grep { !$reached{$_} } @all;
is("@missed", '', 'every view was among them');
run_ok('--store', "$room/case.db", 'verify');

done_testing();
