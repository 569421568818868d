#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4912-plain.t - the dashboard line by line: what is typed are its keys, what is answered is text
# that nothing is drawn over, and no place on a line says anything.
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

# What is said to these lines, by someone of that role; the answers, one for each line.
sub plain {
	my ($role, @line) = @_;
	system("cp '$demo' '$room/plain.db'") == 0 or die "cp failed\n";
	unlink "$room/plain.db-wal", "$room/plain.db-shm";
	system('rm', '-rf', "$room/config");
	local $ENV{XDG_CONFIG_HOME} = "$room/config";
	open my $f, '>', "$room/typed" or die "typed: $!\n";
	print $f map { "$_\n" } @line;
	close $f or die "typed: $!\n";
	my $as = "--role $role --now $now --plain --store '$room/plain.db'";
	return `'$person' mlee $as < '$room/typed' 2>&1`;
}

my $all = plain('lead', '2', '/run>5', 'j', 'w', 'ruiz', 'u', '?', 'esc', '', 'q', ':findings',
	'<lt>', 'Q', 'never read');
is $?, 0, 'Q leaves';
unlike $all, qr/[\x00-\x09\x0b-\x1f\x7f]/, 'no control byte: nothing is drawn over';
unlike $all, qr/^[-=|+ ]+$/m, 'no rule and no box';
unlike $all, qr/reading\.\.\./, 'an answer comes whole';
my $line = plain('lead', '6', 'L', 'Q');
like $line, qr/^selected row 1: at 2026-11-22T20:27:58Z, kind audit,/m,
	'a time line tells times, not ages';
like $all, qr/^selected in Now, least time first, row 1: alert: Terminal shell in container, in /m,
	'the overview tells first what is selected';
like $all, qr/^PCI DSS 4.0.1: \d+ pass, \d+ fail, \d+ manual, \d+ none, \d+ stale$/m,
	'... and each figure behind its word';
like $all, qr/^selected row 1: name \S+, .*running \d+, findings critical \d+,.* due -?\d+/m,
	'a row is its values, each with its name';
like $all, qr/: Images, run>5, by due, 1\/5 of 38$/m, 'a filter is typed in one line';
like $all, qr/^selected row 2: .*\nrow 1: /m, 'the selected row first, then the others';
like $all, qr/owner of payments\/api:2.14.1: owner is now ruiz$/m,
	'a prompt asks, a line answers';
like $all, qr/taken back; both stay/, 'u takes it back';
like $all, qr/^1\. Enter: go, open the row \(chosen by Enter\)$/m, 'help is a numbered list';
like $all, qr/^fix plan, the keys act here$/m, 'panes say which one keys act on';

like plain('auditor', '2', 'w', 'Q'), qr/the role auditor may not set owners/,
	'what is refused says why';
like plain('lead', '5', 'Space', 'j', 'Space', 'wruiz<Enter>', 'y', 'Q'),
	qr/ruiz - on these 2:\nCVE.*\nCVE.*\ny does it, n does not: owner is now ruiz, on 2/,
	'what is marked is named before it is done';
like plain('lead', '6', 's', '1', 'looking', 'Q'),
	qr/^1 or a\. acknowledged: .*alert acknowledged/ms,
	'a choice is made by its number';
like plain('lead', '5', '/sev>>3', 'esc', 'Q'), qr/is no severity.*\/ \(empty keeps sev>>3\)/s,
	'a filter with a fault says so and can be typed anew';
my $clusters = plain('lead', '3', 'Tab', 'j', 'Right', 'Q');
like $clusters, qr/^rules that fail, by cluster, \d+ rules, Tab goes there$/m,
	'the rules by cluster are told below the clusters';
like $clusters, qr/^rule \S+, .+, fails \d+:(?: \S+ (?:fail|pass|manual|warn|no data),?)+$/m,
	'... each cluster with its word';
like $clusters, qr/^selected in cluster \S+, rule \S+/m, '... and the cell that Enter opens';
my $walk = plain('auditor', '7', 'Enter', 'Q');
like $walk, qr/^The data, \w+, .*^Verify, .*^Evidence, .*^Why, .*^Maps to, /ms,
	'the walk is told to its end';
unlike $walk, qr/\.\.\. \d+ more|~$/m, '... and nothing is cut';
my $reports = plain('lead', '8', 'j', 'Q');
like $reports, qr/^selected report audit: .*, as html, /m, 'the report that Enter would write';
like $reports, qr/^formats, Right for the next: html, \w+/m, '... and its formats';

# Every view speaks: none is told by its place on a screen.
open my $def, '<', 'tui/views.def' or die "views.def: $!\n";
my %deep = (image => ['2', 'Enter'], fix => ['2', 'Enter', 'Enter'],
	change => [':fixes', 'Enter'], problem => ['5', 'Enter'],
	finding => ['5', 'Enter', 'Enter'], cluster => ['3', 'j', 'Enter'],
	control => ['4', 'Enter'], crosswalk => ['4', 'jjj', 'x'],
	node => [':nodes', 'Enter'], namespace => ['3', 'j', 'Enter', 'Enter'],
	workload => ['3', 'j', 'Enter', 'Enter', 'Enter'], alert => ['6', 'Enter'],
	item => ['7', 'Enter'], timeline => ['6', 'L']);
my (@typed, @told);
for my $name (map { /^VIEW\((\w+)/ ? $1 : () } <$def>) {
	push @typed, @{ $deep{$name} // [":$name"] };
	push @told, [$name, scalar @typed];
}
my @answer = split /key \(\? lists them\): /, plain('lead', @typed);
for (@told) {
	my ($name, $at) = @$_;
	like $answer[$at], qr/\w{3}.*\n/, "$name speaks";
	unlike $answer[$at], qr/\S {3,}\S|^[-=|+ ]{3,}$|reading\.\.\./m, '... in sentences';
}

is((plain('lead', '5') =~ /\n\z/) ? 1 : 0, 1, 'the end of what is typed ends it');
is $?, 0, '... well';

done_testing;
