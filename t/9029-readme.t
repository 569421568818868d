#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9029-readme.t - what importers/README.md shows is true: the importer in C is one file and one
# line, the mapping reads the same report alike, and the framework is one.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $page = slurp('importers/README.md');
my ($example) = $page =~ /^### A worked example$(.*)/ms;
my @c = $example =~ /^```c\n(.*?)^```/msg;
my ($report) = $example =~ /^```json\n(.*?)^```/ms;
my ($map) = $page =~ /^```json\n(\{\n  "name".*?)^```/ms;
my ($framework) = $page =~ /^Ten lines make.*?\n\n((?:    [^\n]*\n)+)/ms;
cmp_ok(scalar @c, '>', 2, 'the page has an importer');

# ---- one file and one line ----
my $room = "$ENV{TMPDIR}/tree";
mkdir for $room, "$room/importers";
spew("$room/importers/leakcheck.c", join "\n", @c);
spew("$room/importers/importers.def",
	slurp('importers/importers.def') . "IMPORTER(leakcheck)\n");
my $digest = 'sha256:' . 'a' x 64;
my $file = spew("$ENV{TMPDIR}/report.json", $report =~ s/sha256:\.\.\./$digest/r);

# The program with them in it.
sub built {
	my ($build, $cc) = ($ENV{SEAWORTHY_BUILD}, $ENV{CC} || 'cc');
	my $libs = qx(pkg-config --libs ncursesw sqlite3 jansson yajl yaml-0.1 libcrypto libzstd);
	my $std = '-std=c17 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -pthread';
	my $warn = '-Wall -Wextra -Wno-missing-field-initializers -Werror';
	return system("$cc $std $warn -I'$room' -I. -o '$room/seaworthy'"
		. " '$room/importers/leakcheck.c' importers/importer.c '$build/tui/main.o'"
		. " '$build/libseaworthy.a' " . $libs =~ s/\n//r . ' -lm -ldl') == 0;
}

sub findings {
	my ($program, @options) = @_;
	local $ENV{SEAWORTHY} = $program;
	store();
	my ($said) = objects(run_ok('import', '--json', @options, $file));
	my @found = objects(run_ok('list', 'findings', '--json'));
	return ($said->{importer}, [map { [@$_{qw(advisory title severity location)},
		$_->{asset}{name}, $_->{sources}] } @found]);
}

SKIP: {
	skip 'another build than the ordinary one', 1 if $ENV{SEAWORTHY_SAN};
	ok(built(), 'the importer builds without a warning') or skip 'it does not build', 1;
	my ($by, $found) = findings("$room/seaworthy");
	is($by, 'leakcheck', 'its report is recognised');
	is(scalar @$found, 1, 'and read');
	my ($mapped, $alike) = findings($ENV{SEAWORTHY}, '--map', spew("$room/map.json", $map));
	is($mapped, 'leakcheck', 'so it is by the mapping');
	is_deeply($alike, $found, 'which finds the same');
}

# ---- ten lines make a framework ----
$framework =~ s/^    //mg;
store();
my ($said) = objects(run_ok('import', '--json', spew("$ENV{TMPDIR}/acme.tsv", $framework)));
is_deeply($said->{skipped}, [], 'no line of the framework is left out');
my %controls = map { $_->{framework} => $_->{controls} }
	objects(run_ok('list', 'frameworks', '--json'));
is($controls{ACME}, 2, 'it stands beside the others');
done_testing();
