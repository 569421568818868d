#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9126-vex.t - what one store decided of vulnerabilities goes to another as OpenVEX.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use JSON::PP;
use Test::More;

my $room = $ENV{TMPDIR};
my $json = JSON::PP->new->utf8->canonical;
my $api = 'registry.example/payments/api:1.4';
my $web = 'registry.example/shop/web:2';
my $pkgs = sub {
	my ($name, $digit) = @_;
	my $what = trivy($name, $digit,
		map { vulnerability("CVE-2026-100$_", "lib$_", '1:1.0+dfsg-2', 'high') } 1 .. 7);
	$what->{Metadata}{OS} = { Family => 'debian', Name => '12.1' };
	push @{ $what->{Results} }, { Target => 'jars', Class => 'lang-pkgs', Type => 'jar',
		Vulnerabilities =>
			[vulnerability('CVE-2026-2001', 'org.example:core', '2.0', 'high')] },
		{ Target => 'npm', Class => 'lang-pkgs', Type => 'node-pkg',
		Vulnerabilities => [vulnerability('CVE-2026-2002', '@scope/left', '3.0', 'low')] };
	return $what;
};
my @scans = (report('api.json', $pkgs->($api, 'a')), report('web.json', $pkgs->($web, 'b')));
my $unnamed = $pkgs->('registry.example:5000/tools/cli:7', 'c');
delete $unnamed->{Metadata}{ImageID};
push @scans, report('cli.json', $unnamed);

sub imported {
	store();
	run_ok('import', '-q', @scans);
}


# State by image and vulnerability, of those in these states.
sub decided {
	my ($want) = @_;
	my %n;
	for my $state (split / /, $want) {
		$n{"$_->{asset}{name} $_->{advisory}"} = $_->{state}
			for objects(run_ok('list', 'findings', "is:$state", '--json'));
	}
	return \%n;
}

my $until = '2026-12-10';
my @by = ('--reason', 'looked at it', '--approver', 'chief');
imported();
run_fails(2, qr/nothing was decided/, 'report', 'vex');
run_ok('except', '--filter', "cve:CVE-2026-1001 image:*$api", '--kind', 'not-affected', @by,
	'--justification', 'vulnerable_code_not_present');
run_ok('except', '--filter', "cve:CVE-2026-1002 image:*$api", '--kind', 'false-positive', @by);
run_ok('except', '--filter', 'cve:CVE-2026-1003', '--kind', 'not-affected', @by, '--reach',
	'everywhere', '--justification', 'it is a test');
run_ok('except', '--filter', 'cve:CVE-2026-2001', '--kind', 'not-affected', @by);
run_ok('except', '--filter', 'cve:CVE-2026-2002', '--kind', 'not-affected', @by);
run_ok('except', '--filter', "cve:CVE-2026-1004 image:*$api", '--kind', 'accepted', @by,
	'--until', $until);
run_ok('except', '--filter', "cve:CVE-2026-1005 image:*$api", '--kind', 'operational', @by,
	'--until', $until);
run_ok('except', '--filter', "cve:CVE-2026-1006 image:*$api", '--kind', 'vendor', @by,
	'--until', $until, '--check-in', '2026-12-01');

my ($record) = objects(run_ok('list', 'audit', 'act:except', '--json'));
my $actor = $record->{actor};
my $text = run_ok('report', 'vex');
is(run_ok('report', 'vex'), $text, 'the same decisions, the same bytes');
my $doc = decode_json($text);
is($doc->{'@context'}, 'https://openvex.dev/ns/v0.2.0', 'an OpenVEX document');
like($doc->{'@id'}, qr{^https://openvex\.dev/docs/public/vex-[0-9a-f]{64}$},
	'named by its content');
is_deeply([@$doc{qw(author timestamp version)}], [$actor, '2026-11-23T20:40:00Z', 1],
	'by whom, when');
isnt(decode_json(run_ok('report', 'vex', '--image', $api))->{'@id'}, $doc->{'@id'},
	'another content, another name');

my %said;
for my $s (@{ $doc->{statements} }) {
	my ($product) = @{ $s->{products} };
	push @{ $said{$s->{vulnerability}{name}} }, $s if $product->{'@id'} =~ /api/;
}
my ($one) = @{ $said{'CVE-2026-1001'} };
is_deeply($one->{products}, [{
	'@id' => 'pkg:oci/api@sha256%3A' . 'a' x 64
		. '?repository_url=registry.example/payments/api&tag=1.4',
	identifiers => { purl => 'pkg:oci/api@sha256%3A' . 'a' x 64
		. '?repository_url=registry.example/payments/api&tag=1.4' },
	hashes => { 'sha-256' => 'a' x 64 },
	subcomponents => [{ '@id' => 'pkg:deb/debian/lib1@1%3A1.0%2Bdfsg-2',
		identifiers => { purl => 'pkg:deb/debian/lib1@1%3A1.0%2Bdfsg-2' } }] }],
	'the image by its digest, the package in it');
is_deeply([@$one{qw(status justification impact_statement)}],
	['not_affected', 'vulnerable_code_not_present', 'not-affected: looked at it'], 'and why');
like($one->{status_notes}, qr/^decided by .+, approved by chief$/, 'and who');
for my $cve ('CVE-2026-1002', 'CVE-2026-1003') {
	my ($s) = @{ $said{$cve} };
	is($s->{status}, 'not_affected', "$cve does not matter");
	ok(!exists $s->{justification}, 'a word that is no justification is none');
	like($s->{impact_statement}, qr/looked at it/, 'its reason says why');
}
for my $cve (map { "CVE-2026-100$_" } 4 .. 6) {
	my ($s) = @{ $said{$cve} };
	is($s->{status}, 'affected', "$cve matters");
	like($s->{action_statement}, qr/looked at it/, 'and what is done of it is said');
	like($s->{status_notes}, qr/until 2026-12-11T00:00:00Z/, 'until when');
}
ok(!$said{'CVE-2026-1007'}, 'of what nobody decided there is no word');

# ---- for scanners of the image: what takes a finding out, and no more ----
my ($trivy, $grype) = map { decode_json(run_ok('report', $_, '--image', $api)) }
	qw(trivyignore grypeignore);
my %rule = map { ($_->{id} => $_) } @{ $trivy->{vulnerabilities} };
is(join(' ', sort keys %rule), join(' ', (map { "CVE-2026-100$_" } 1 .. 5), 'CVE-2026-2001',
	'CVE-2026-2002'), 'vendor and open findings are not set aside');
is_deeply($rule{'CVE-2026-1004'}, { id => 'CVE-2026-1004',
	purls => ['pkg:deb/debian/lib4@1%3A1.0%2Bdfsg-2'], expired_at => '2026-12-11T00:00:00Z',
	statement => "accepted: looked at it; decided by $actor, approved by chief, until "
	. '2026-12-11T00:00:00Z' }, 'a rule of Trivy names the package, its version and its end');
is($rule{'CVE-2026-2002'}{purls}[0], 'pkg:npm/%40scope/left@3.0', 'others have no distribution');
my %ignore = map { ($_->{vulnerability} => $_) } @{ $grype->{ignore} };
is(join(' ', sort keys %ignore), join(' ', sort keys %rule), 'Grype is told of the same');
is_deeply($ignore{'CVE-2026-2001'}{package},
	{ name => 'core', version => '2.0', type => 'java-archive' }, 'in its own words');
like($ignore{'CVE-2026-1005'}{reason}, qr/until 2026-12-11/, 'an end stands in the reason');
run_fails(2, qr/wants --image/, 'report', 'trivyignore');
run_fails(2, qr/grypeignore is written as json only/, 'report', 'grypeignore', '--image', $api,
	'-f', 'md');
is_deeply(decode_json(run_ok('report', 'trivyignore', '--image', $web))->{vulnerabilities}[0]{id},
	'CVE-2026-1003', 'another image has what was decided of it');
my @files = (spew("$room/.trivyignore.yaml", $json->encode($trivy)),
	spew("$room/.grype.yaml", $json->encode($grype)));

my $mine = decided('not-affected false-positive');
is(scalar keys %$mine, 11, 'the decisions hold');
$mine->{$_} = 'not-affected' for keys %$mine;
my $file = spew("$room/decisions.vex", $text);
imported();
run_ok('import', '-q', $file);
is_deeply(decided('not-affected false-positive'), $mine, 'another store says the same');
is_deeply(decided('accepted operational vendor'), {}, 'and decides by itself what to accept');
for my $file (@files) {
	imported();
	run_ok('import', '-q', '--at', '2026-11-23T20:00:00Z', '--image', $api, $file);
	# a rule of Grype's names a Maven artifact without its group
	my @same = grep { $_ ne 'CVE-2026-2001' || $file !~ /grype/ } sort keys %rule;
	is(join(' ', sort keys %{ decided('accepted') }), join(' ', map { "$api $_" } @same),
		"$file sets the same aside, in that image");
}

store();
run_ok('import', '-q', $file);
run_ok('import', '-q', @scans);
is_deeply(decided('not-affected false-positive'), $mine, 'also of images that come afterwards');
is_deeply([map { $_->{status} } @{ decode_json(run_ok('report', 'vex'))->{statements} }],
	[('not_affected') x 11], 'which hands it on');

run_fails(2, qr/nothing was decided/, 'report', 'vex', '--as-of', '2026-11-21');
run_ok('report', 'vex', '-o', "$room/out.json");
run_fails(2, qr/vex is written as json only/, 'report', 'vex', '-o', "$room/out.html");
run_fails(2, qr/vex is written as json only/, 'report', 'vex', '-f', 'csv');

done_testing();
