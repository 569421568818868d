# SPDX-License-Identifier: MIT
# 9021-maps.t - a scanner is taught by a mapping file: named, or from the user's folder.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};
my $mapping = '{"name": "acme", "tool": "acme-scan", "records": "holes[]",'
	. ' "recognise": {"is": {"by": "acme"}}, "asset": {"name": "/image"},'
	. ' "fields": {"id": "cve", "package": "lib", "version": "v", "severity": "risk"},'
	. ' "severities": {"P1": "critical"}}';
my $report = spew("$room/acme.json", '{"by": "acme", "image": "shop/web:1.4", "holes": ['
	. '{"cve": "CVE-2031-1", "lib": "zlib", "v": "1.2", "risk": "P1"}, {"lib": "bash"}]}');
my $map = spew("$room/map.json", $mapping);

# ---- by --map ----
store();
my ($said) = objects(run_ok('import', '--json', '--map', $map, $report));
is($said->{importer}, 'acme', 'the mapping is the format');
is($said->{tool}, 'acme-scan', 'the tool is told');
is($said->{read}{findings}, 1, 'the record is read');
is($said->{skipped}[0]{place}, 'holes[1]', 'what lacks an id is counted with its place');
my ($finding) = snapshot('findings');
is($finding->{severity}, 'critical', "the tool's word is understood");

spew($map, $mapping =~ s/"critical"/"low"/r);
($said) = objects(run_ok('import', '--json', '--map', $map, $report));
ok(!$said->{duplicate}, 'by a mapping that was changed the same file is read anew');
is((snapshot('findings'))[0]{severity}, 'low', 'and says another thing');

# ---- from the user's folder ----
my $folder = "$room/config/seaworthy/maps";
system('mkdir', '-p', $folder) == 0 or die $folder;
$ENV{XDG_CONFIG_HOME} = "$room/config";
spew("$folder/acme.json", $mapping);
store();
($said) = objects(run_ok('import', '--json', $report));
is($said->{importer}, 'acme', 'the report is recognised by it');
($said) = objects(run_ok('import', '--json', '--format', 'acme', '--image', 'x:1', $report));
is($said->{importer}, 'acme', 'and its name is a format');

my $second = spew("$room/second.json", slurp($report) =~ s/1\.4/1.5/r);
store();
like(run_ok('import', $report, $second),
	qr/^  acme +2 files: 2 findings \(2 new\)/m, 'two files of it are told as of one format');

# ---- what a built-in mapping's tool finds counts for controls ----
my $line = '{"AuditResultName":"%s","ResourceKind":"Deployment","ResourceName":"%s",'
	. '"ResourceNamespace":"shop","level":"%s","msg":"m","time":"2026-02-03T10:00:00Z"}';
my $results = spew("$room/kubeaudit.json", join("\n",
	sprintf($line, 'PrivilegedTrue', 'web', 'error'),
	sprintf($line, 'NamespaceHostPIDTrueAllowed', 'web', 'info'),
	sprintf($line, 'ImageCorrect', 'db', 'info')) . "\n");
store();
($said) = objects(run_ok('import', '--json', '--cluster', 'prod', $results));
is($said->{importer}, 'kubeaudit', 'results of kubeaudit');
my %of = map { $_->{advisory} => $_ } snapshot('findings');
is_deeply($of{PrivilegedTrue}{classes}, ['privileged-container'], 'a result has its class');
ok(scalar(grep { $_ eq 'CIS-K8S 5.2.2' } @{ $of{PrivilegedTrue}{controls} }),
	'and counts for controls');
is_deeply($of{NamespaceHostPIDTrueAllowed}{classes}, ['host-pid'],
	'a label in the manifest that allows it takes no control from it');
ok(!exists $of{ImageCorrect}, 'what kubeaudit finds correct is no finding');

# ---- what is wrong with it ----
spew("$folder/acme.json",
	'{"name": "acme", "tool": "t", "records": "a[]", "fields": {"idd": "x"}}');
run_fails(4, qr{acme\.json: fields\.idd: there is no such field}, 'import', $report);
my ($status, $out, $err) = run_program('import', $report, $second);
is(() = $err =~ /no such field/g, 1, 'which is said once, however many files there are');
done_testing();
