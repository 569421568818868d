#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9045-confined.t - the dashboard as all that an SSH key may run: no file outside the export folder,
# no other store, no shell; and with --read-only, or by role, no more than that.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};
my ($exports, $outside) = ("$room/exports", "$room/outside");
mkdir $_ for $exports, "$exports/below", $outside;
symlink $outside, "$exports/way-out" or die "symlink: $!";
store();
run_ok('import', report('one.json', trivy('registry.example/a:1', 'a',
	vulnerability('CVE-2021-1', 'zlib1g', '1.2.13', 'HIGH'))));
my $inside = report('two.json', trivy('registry.example/b:1', 'b',
	vulnerability('CVE-2021-2', 'zlib1g', '1.2.13', 'HIGH')));
my $trivy = slurp($inside);
spew("$exports/two.json", $trivy);
spew("$outside/three.json", $trivy);
symlink "$outside/three.json", "$exports/linked.json" or die "symlink: $!";

# Press keys in a confined dashboard; what the last screen says.
sub pressed {
	my ($keys, @options) = @_;
	spew("$room/keys", "size 100x24\nkeys $keys\nscreen\n");
	return run_ok('--export', $exports, @options, '--script', "$room/keys");
}
# The name a report is written to stands in the prompt already.
my $write = '8<Enter>' . '<Backspace>' x length 'audit.html';

# ---- writing ----
pressed($write . 'mine.html<Enter>');
ok(-s "$exports/mine.html", 'a report goes into the export folder');
pressed($write . 'below/mine.html<Enter>');
ok(-s "$exports/below/mine.html", 'or below it');
for my $path ('../leak.html', "$outside/leak.html", 'below/../../leak.html', 'way-out/leak.html',
	'~/leak.html') {
	like(pressed("$write$path<Enter>"), qr/only files in \S+ may be named, not/,
		"no report at $path");
}
symlink "$outside/new.html", "$exports/dangling.html" or die "symlink: $!";
pressed($write . 'dangling.html<Enter>');
my @leaks = grep { -e } "$outside/new.html", "$room/leak.html", "$outside/leak.html",
	"$ENV{HOME}/leak.html";
is_deeply(\@leaks, [], 'nothing was written elsewhere');

# ---- reading ----
for my $path ("$inside", '../outside/three.json', 'way-out/three.json', 'linked.json',
	'http://127.0.0.1:9/x', '-') {
	like(pressed(":import $path<Enter>"), qr/only files in \S+ may be named, not/,
		"nothing is imported from $path");
}
is(rows('images'), 1, 'the store is as it was');
unlike(pressed(':import /etc/<Tab>'), qr/passwd/, 'completion shows no other folder');
like(pressed(':import tw<Tab>'), qr/two\.json/, 'it shows the export folder');
pressed(':import two.json<Enter>');
is(rows('images'), 2, 'a report in the folder is imported');
spew("$outside/four.json", trivy('registry.example/d:1', 'd',
	vulnerability('CVE-2021-4', 'zlib1g', '1.2.13', 'HIGH')));
symlink "$outside/four.json", "$exports/below/four.json" or die "symlink: $!";
pressed(':import .<Enter>');
pressed(':import below<Enter>');
is(rows('images'), 2, 'a folder is read without what it links to elsewhere');

# ---- no other store, no shell, no more than the role ----
for my $command ('store /x', 'open /x', '!id', 'shell', 'sh', 'edit x') {
	my $shown = pressed(":$command<Enter>");
	unlike($shown, qr/uid=/, ":$command runs nothing");
	like($shown, qr/\[1 Over/, ":$command leaves the dashboard where it is");
}
my $before = contents();
pressed('5<Enter>thello<Enter>', '--read-only');
pressed(':import two.json<Enter>', '--role', 'auditor');
pressed('5<Enter>thello<Enter>', '--role', 'viewer');
ok(contents() eq $before, '--read-only and a viewer change nothing, an auditor imports nothing');

done_testing();
