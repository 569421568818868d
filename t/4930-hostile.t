#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 4930-hostile.t - the demo estate as an enemy would write it: every name, title and message of its
# reports holds escapes, controls, long, wide, backward and invisible text. The screens and lists
# stay where they are, and nothing reaches the terminal that it would obey.
use strict;
use warnings;
use File::Basename qw(dirname);
use File::Find qw(find);
use File::Path qw(make_path);
use JSON::PP;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $estate = $ENV{SEAWORTHY_ESTATE};
plan skip_all => 'the estate is not built' unless $estate && -x $estate;
my $room = $ENV{TMPDIR};

# ---- the estate, rewritten ----

my @poison = (
	"\e[2J\e[1;1H\e]0;owned\a", "\x9b31m", "\r\nfake line", "\t\x0b\x0c", "\x00nul", "\x7f",
	"\x{202e}desrever\x{202c}", "\x{2066}isolate", "\x{200b}\x{feff}\x{200d}",
	"e\x{301}\x{301}", "\x{6f22}\x{5b57}", "\x{1f468}\x{200d}\x{1f469}",
	'<script>alert(1)</script>', '=HYPERLINK("x")',
	"'; DROP TABLE finding;--", '%s%n', 'x' x 10_000,
);
# What a tool's text stands in; words that say what a thing is, when, or which stay as they are.
my %text = map { $_ => 1 } qw(
	Title Description PkgName InstalledVersion FixedVersion PkgPath PrimaryURL
	name namespace message output rule command host hostname cmdline labels artifactLocation
	version description node_name test_desc remediation vulnerabilityName
	shortDescription requiredAction proc.cmdline proc.name proc.pname user.name fd.name
	k8s.pod.name k8s.ns.name container.name);

my $n = 0;
sub poisoned {
	my ($key, $value) = @_;
	if (ref $value eq 'HASH') {
		return { map { $_ => poisoned($_, $value->{$_}) } sort keys %$value };
	}
	return [map { poisoned($key, $_) } @$value] if ref $value eq 'ARRAY';
	return $value if !$text{$key} || ref $value || !defined $value || $value =~ /^[\d.]+$/;
	# One text in five is left whole, so that things still meet.
	return $n++ % 5 ? $poison[$n % @poison] . $value . $poison[($n * 7) % @poison] : $value;
}

my $json = JSON::PP->new->utf8->canonical->allow_nonref;
system($estate, "$room/world") == 0 or BAIL_OUT('no estate');
my (@reports, %taken);
find({ no_chdir => 1, wanted => sub {
	push @reports, $_ if -f && m{/2026-11-23/} && /\.(json|log)$/;
} }, "$room/world");
for my $file (sort @reports) {
	next if $taken{ dirname($file) }++ >= 8;
	my $bytes = slurp($file);
	my @documents = $json->incr_parse($bytes);
	$json->incr_reset;
	(my $to = $file) =~ s{/world/}{/enemy/};
	make_path(dirname($to));
	spew($to, join "\n", map { $json->encode(poisoned('', $_)) } @documents);
}

store();
my ($failed, @words) = (0);
for my $folder (glob "$room/enemy/2026-11-23/*") {
	my ($name) = $folder =~ m{/([^/]+)$};
	my @cluster = $name =~ /^(prod|edge)/ ? ('--cluster', "$name\e[7m\x{202e}") : ();
	utf8::encode($_) for @cluster;
	my ($code, $out, $err) =
		run_program('import', @cluster, '--at', '2026-11-23T16:30:00Z', $folder);
	$failed++ if $code != 0 && $code != 4;
	push @words, $out, $err;
}
is($failed, 0, 'every folder is read, or refused in words');
cmp_ok(rows('findings'), '>', 500, 'most of what it wrote is in');

# ---- what reaches the terminal ----

my $turns  = qr/[\x{202a}-\x{202e}\x{2066}-\x{2069}\x{200e}\x{200f}]/;
my $obeyed = qr/[\x00-\x09\x0b-\x1f\x7f-\x9f]|$turns/;
sub harmless {
	my ($shown, $what) = @_;
	utf8::decode($shown);
	my $at = $shown =~ $obeyed ? $-[0] : -1;
	is($at, -1, "$what: nothing that a terminal obeys")
		or diag substr($shown, $at, 40) =~ s/([^ -~])/sprintf '<%x>', ord $1/ger;
}
harmless(join('', @words), 'what imports say');
for my $list (qw(images findings problems packages clusters nodes namespaces workloads containers
	controls alerts events checks scans sources audit)) {
	harmless(run_ok('list', $list), "list $list");
}
harmless(run_ok('status'), 'status');

my %reached;
for my $size (some(3, qw(60x15 80x24 120x40))) {
	my ($width, $height) = split /x/, $size;
	my $walk = slurp('t/screen/every-120x40.script') =~ s/^size.*/size $size/mr;
	spew("$room/walk", $walk =~ s/^screen(?: roles)?$/screen\nview/gmr);
	my $shown = run_ok('--script', "$room/walk");
	$reached{$1}++ while $shown =~ s/^view (\w+)\n//m;
	harmless($shown, "the screens at $size");
	utf8::decode($shown);
	my (undef, @screens) = split /^== \d+ ==\n/m, $shown;
	my @wide = grep { columns($_) > $width } map { split /\n/ } @screens;
	is(scalar @wide, 0, "no line at $size leaves the window") or diag $wide[0];
	my @tall = grep { ($_ =~ tr/\n//) > $height } @screens;
	is(scalar @tall, 0, "no screen at $size is taller than it");
}
my @missed = grep { !$reached{$_} } slurp('tui/views.def') =~ /^VIEW\((\w+)/gm;
is("@missed", '', 'each view was among them');

done_testing();
