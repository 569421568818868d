#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4911-import-inside.t - `:import` in the dashboard: what it brought is told and shown at once, a
# fault is told and leaves the store as it was, and a role without the right is told so.
use strict;
use warnings;
use Test::More;

my $program = $ENV{SEAWORTHY};
plan skip_all => 'the program is not built' unless $program && -x $program;

my $room = $ENV{TMPDIR};
my $now  = '2026-11-23T20:40:00Z';

sub spew {
	my ($path, $text) = @_;
	open my $f, '>', $path or die "$path: $!\n";
	print $f $text;
	close $f or die "$path: $!\n";
}

# The screens a script shows over a store of its own.
sub screens {
	my ($db, $script, @options) = @_;
	spew("$room/case.script", $script);
	local $ENV{XDG_CONFIG_HOME} = "$room/config";
	my $options = join ' ', @options;
	return `'$program' --store '$db' --now $now $options --script '$room/case.script' 2>&1`;
}

# A report of one image, whose digest is one digit 64 times.
sub report {
	my ($name, $digit) = @_;
	my $text = <<'JSON';
{ "SchemaVersion": 2, "CreatedAt": "2026-11-23T10:00:00Z",
  "ArtifactName": "shop/web:1.0", "ArtifactType": "container_image",
  "Metadata": { "ImageID": "DIGEST1",
                "RepoTags": ["shop/web:1.0"] },
  "Results": [ { "Target": "shop/web:1.0 (debian 12.1)", "Class": "os-pkgs", "Type": "debian",
    "Vulnerabilities": [
      { "VulnerabilityID": "CVE-2026-0001", "PkgName": "libone", "InstalledVersion": "1.0",
        "FixedVersion": "1.1", "Severity": "CRITICAL" },
      { "VulnerabilityID": "CVE-2026-0002", "PkgName": "libtwo", "InstalledVersion": "2.0",
        "Severity": "LOW" } ] } ] }
JSON
	$text =~ s/DIGEST1/'sha256:' . $digit x 64/e;
	$text =~ s/shop\/web/shop\/$name/g;
	return $text;
}

spew("$room/report.json", report('web', 1));
spew("$room/broken.json", '{ "SchemaVersion": 2, "Results": [ ');

my $db  = "$room/inside.db";
my $out = screens($db,
	"screen\nkeys :import $room/report.json<Enter>\nscreen\nkeys 5\nscreen\n");
is $?, 0, 'the script runs';
like $out, qr/Nothing imported yet.*:import FILE.*trivy/s, 'an empty store says what to do';
like $out, qr/1 file: \d+ new, 0 same, 0 closed/, 'the import says what it brought';
like $out, qr/CVE-2026-0001\s+libone.*CVE-2026-0002\s+libtwo/s, 'the list has it at once';

$out = screens($db, "keys :import $room/report.json<Enter>\nscreen\n");
like $out, qr/0 files: .*1 were here already/, 'the same bytes again are told as such';

$out = screens($db, "keys :import $room/broken.json<Enter>\nscreen\nkeys 5\nscreen\n");
like $out, qr/broken\.json|not complete|ends/, 'a broken file is told';
like $out, qr/1\/2\b/, '... and the store is as it was';

$out = screens($db, "keys :import $room/nothing-there<Enter>\nscreen\n");
like $out, qr/nothing-there/, 'what is not there is named';

$out = screens($db, "keys :import $room/report.json<Enter>\nscreen\n", '--role auditor');
like $out, qr/the role auditor may not import/, 'an auditor imports nothing';
$out = screens($db, "keys :import $room/report.json<Enter>\nscreen\n", '--read-only');
like $out, qr/read-only: nothing can be written/, 'a read-only session imports nothing';

mkdir "$room/many";
spew("$room/many/$_.json", report("w$_", $_ + 1)) for 1 .. 3;
$out = screens($db, "keys :import $room/many<Enter>\nscreen\nkeys 2\nscreen\n");
like $out, qr/3 files: \d+ new/, 'a folder is imported file by file';
like $out, qr/1\/4\b/, '... and the list has them';

# What was not understood is listed with its place and the reason.
(my $odd = report('odd', 9)) =~ s/"VulnerabilityID": "CVE-2026-0002", //;
spew("$room/odd.json", $odd);
$out = screens($db, "keys :import $room/odd.json<Enter>\nscreen\nkeys :skips<Enter>\nscreen\n");
like $out, qr/1 records? skipped \(:skips\)/, 'a record that is none is counted';
like $out, qr/PLACE.*> Results\[0\]\.Vulnera/s, '... and listed with its place';
like screens($db, "keys :scans<Enter><Enter>\nscreen\n"), qr/Scans > .*1\/1/,
	'Enter on its scan opens it';

done_testing;
