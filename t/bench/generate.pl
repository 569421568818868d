#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# generate.pl - large reports in the tools' own formats, the same bytes every time.
#   generate.pl trivy FINDINGS ADVISORIES BYTES_A_FINDING [CREATED_AT]     one image report
#   generate.pl falco EVENTS                                               alerts, a line each
#   generate.pl folder FILES DIR                  small reports of as many images, a file each
use strict;
use warnings;

my ($what, @size) = @ARGV;
my $state = 2463534242;

sub pick { # xorshift: no two runs differ
	my ($n) = @_;
	$state ^= ($state << 13) & 0xffffffff;
	$state ^= $state >> 17;
	$state ^= ($state << 5) & 0xffffffff;
	return $state % $n;
}

sub line { # a template without its line breaks and indentation
	my ($text) = @_;
	$text =~ s/\n\s*//g;
	return $text;
}

my $image = 'sha256:' . ('ab12cd34' x 8);
my $head = line(<<'END');
	{"SchemaVersion":2,"CreatedAt":"%s","ArtifactName":"registry.example/big/app:1.0",
	"ArtifactType":"container_image","Metadata":{"OS":{"Family":"debian","Name":"12.5"},
	"ImageID":"%s","RepoTags":["registry.example/big/app:1.0"]},
	"Results":[{"Target":"app (debian 12.5)","Class":"os-pkgs","Type":"debian",
	"Vulnerabilities":[
END
my $finding = line(<<'END');
	{"VulnerabilityID":"CVE-2024-%05d","PkgID":"lib%d@1.%d-1","PkgName":"lib%d",
	"InstalledVersion":"1.%d-1","FixedVersion":"1.%d-2","Status":"fixed",
	"Layer":{"DiffID":"%s"},"SeveritySource":"debian",
	"PrimaryURL":"https://avd.example/nvd/cve-2024-%05d",
	"PkgIdentifier":{"PURL":"pkg:deb/debian/lib%d@1.%d-1?distro=debian-12.5"},
	"Title":"lib%d: memory can be read","Severity":"%s","CweIDs":["CWE-125"],
	"CVSS":{"nvd":{"V3Vector":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N","V3Score":7.5}},
	"References":["https://example.org/a","https://example.org/b"],
	"PublishedDate":"2024-03-01T10:00:00Z","Description":"
END
my $event = line(<<'END');
	{"hostname":"node-%d","output":"%s (user=root container=%012x command=/bin/sh -c run %d)",
	"output_fields":{"container.id":"%012x","container.name":"app-%d",
	"container.image.repository":"registry.example/team/app-%d","container.image.tag":"1.%d",
	"evt.time":%d,"fd.name":"/etc/shadow","k8s.ns.name":"ns-%d",
	"k8s.pod.name":"app-%d-7c9f8d6b5-x%05d","proc.aname[2]":"containerd-shim",
	"proc.cmdline":"sh -c run %d","proc.exepath":"/bin/dash","proc.name":"sh",
	"proc.pname":"runc","user.loginuid":-1,"user.name":"root","user.uid":0},
	"priority":"%s","rule":"%s","source":"syscall",
	"tags":["container","mitre_execution","T1059"],
	"time":"2026-11-%02dT%02d:%02d:%02d.%09dZ"}
END

sub trivy {
	my ($findings, $advisories, $bytes, $at) = @_;
	my @severity = qw(CRITICAL HIGH HIGH MEDIUM MEDIUM MEDIUM LOW LOW);
	my $text = 'A flaw in the handling of requests lets a caller read memory. ' x 40;

	printf $head, $at // '2026-11-20T04:00:00Z', $image;
	for my $i (0 .. $findings - 1) {
		my $a = $i % $advisories;
		my $p = int($i / $advisories) * 331 + $a % 331;
		my $v = $a % 9;
		my $row = sprintf $finding, $a, $p, $v, $p, $v, $v, $image, $a, $p, $v, $p,
			$severity[$a % @severity];
		my $rest = $bytes - length($row) - 3;
		print $i ? ',' : '', $row, substr($text, 0, $rest > 0 ? $rest : 0), '"}';
	}
	print "]}]}\n";
}

sub falco {
	my ($events) = @_;
	my @rule = (
		['Terminal shell in container', 'Notice'],
		['Read sensitive file untrusted', 'Warning'],
		['Write below etc', 'Error'],
		['Contact K8S API Server From Container', 'Notice'],
		['Launch Package Management Process in Container', 'Error'],
	);

	for my $i (0 .. $events - 1) {
		my ($rule, $priority) = @{ $rule[pick(scalar @rule)] };
		my $c = pick(400);
		printf "$event\n", $c % 6, $rule, $c * 7919, $i, $c * 7919, $c, $c % 40,
			$c % 9,
			1795500000000000000 + $i * 1000003, $c % 12, $c % 40, $c, $i, $priority,
			$rule,
			1 + $i / 50000 % 20, $i / 3600 % 24, $i / 60 % 60, $i % 60,
			$i * 997 % 1000000000;
	}
}

# Three findings an image out of 2,000 advisories, as a registry's nightly scan leaves them.
sub folder {
	my ($files, $dir) = @_;
	my @severity = qw(HIGH MEDIUM MEDIUM LOW);

	for my $i (0 .. $files - 1) {
		my $id = sprintf 'sha256:%064x', 1000003 * ($i + 1);
		my $name = sprintf 'registry.example/team-%d/app-%d:1.%d', $i % 40, $i / 4,
			$i % 4;
		my $text = sprintf $head, '2026-11-20T04:00:00Z', $id;

		$text =~ s{registry\.example/big/app:1\.0}{$name}g;
		for my $k (0 .. 2) {
			my $a = ($i * 7 + $k * 611) % 2000;
			$text .= ($k ? "," : "") . sprintf "$finding%s", $a, $a, 3, $a, 3, 3, $id,
				$a, $a, 3, $a, $severity[$a % @severity], "Memory can be read.\"}";
		}
		open my $out, '>', sprintf '%s/%05d.json', $dir, $i or die "$dir: $!";
		print {$out} "$text]}]}\n";
		close $out or die "$dir: $!";
	}
}

my %maker = (trivy => \&trivy, falco => \&falco, folder => \&folder);
$maker{$what}->(@size);
