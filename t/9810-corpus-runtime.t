# SPDX-License-Identifier: MIT
# 9810-corpus-runtime.t - runtime, admission and inventory records of real tools, where
# $SEAWORTHY_CORPUS holds a collection of them: each file is imported into a store of its own, and
# what the import says it read is compared with the collection's own counts.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $corpus = $ENV{SEAWORTHY_CORPUS};
plan skip_all => 'SEAWORTHY_CORPUS names no collection of reports' unless defined $corpus;
my $program = $ENV{SEAWORTHY};

# What the collection calls a format, and the importers that read its files.
my %importer = (
	'falco'         => qr/^falco$/,
	'falcosidekick' => qr/^(falco|kyverno)$/,
	'kyverno'       => qr/^kyverno$/,
	'gatekeeper'    => qr/^gatekeeper$/,
	'k8s-audit'     => qr/^k8s-audit$/,
	'tetragon'      => qr/^tetragon$/,
	'tracee'        => qr/^tracee$/,
	'opa'           => qr/^opa$/,
	'container-events' => qr/^(lifecycle|crictl)$/,
	'k8s-events'    => qr/^k8s-events$/,
	'k8s-resources' => qr/^workloads$/,
	'docker-inspect' => qr/^docker-inspect$/,
);
# Files that the collection counts by lines only, and what is in them; an excerpt without a time is
# no event, and a table of pods has none.
my %events = (
	'container-events/crictl-pods-and-runp.txt'          => 0,
	'falcosidekick/falcosidekick-cloudevent-knative.txt' => 1,
	'k8s-audit/stratus-dump-secrets.json'                => 0,
	'k8s-audit/gke-logentry-privileged-pod.txt'          => 1,
);
# Files that are refused: text for people, dumps of another program's memory, fragments.
my %refused = map { $_ => 1 } qw(
	kyverno/kyverno-admission-denials.txt gatekeeper/pubsub-go-struct-dump.log
	k8s-audit/vap-audit-annotations-fragment.txt opa/opa-0.14-console-mixed.log);

# Rows of a table with a header, as hashes; none when there is no such table.
sub table {
	my ($path) = @_;
	open my $in, '<:encoding(UTF-8)', $path or return;
	chomp(my $head = <$in>);
	my @name = split /\t/, $head, -1;
	my @row;
	while (my $line = <$in>) {
		chomp $line;
		my %row;
		@row{@name} = split /\t/, $line, -1;
		push @row, \%row;
	}
	return @row;
}

sub import_file {
	my ($file) = @_;
	my $store = tempdir(CLEANUP => 1) . '/store.db';
	my @command = ($program, 'import', '--json', '--store', $store, '--cluster', 'c',
		'--node', 'n', "$corpus/$file");
	open my $in, '-|', @command or die "$program: $!";
	local $/;
	my $text = <$in> // '';
	close $in;
	return (eval { decode_json($text) } // {}, $?);
}

# Records that stand for what the collection counts. A failed check is a finding as well; only
# vulnerabilities are findings without a check.
sub rows {
	my ($said) = @_;
	my $read = $said->{read} // {};
	my $checks = $read->{checks} // 0;
	return $checks + ($read->{events} // 0) + ($checks ? 0 : $read->{findings} // 0);
}

sub test_runtime {
	my ($row) = @_;
	my ($said, $status) = import_file($row->{file});
	if ($refused{ $row->{file} }) {
		isnt($status, 0, 'it is refused');
		return;
	}
	is($status, 0, 'it is imported');
	like($said->{importer} // '', $importer{ $row->{format} }, 'it is recognised');
	is(rows($said), $events{ $row->{file} } // $row->{events}, 'every record is read');
}

sub test_inventory {
	my ($row) = @_;
	my ($said, $status) = import_file($row->{file});
	is($status, 0, 'it is imported');
	like($said->{importer} // '', $importer{ $row->{format} }, 'it is recognised');
	my ($containers) = $row->{notes} =~ /containers=(\d+)/;
	$containers = $row->{file} =~ m{/container-} ? 1 : 0 unless defined $containers;
	is($said->{read}{containers} // 0, $containers, 'every container is read');
}

sub test_signals {
	my ($row) = @_;
	my ($said, $status) = import_file($row->{file});
	is($status, 0, 'it is imported');
	is($said->{read}{signals} // 0, $row->{total_findings}, 'every line is read');
}

# Attestations of packages are in the collection too; they sign no image.
my %no_image = map { $_ => 1 } qw(cosign/bundle-dsse-2sigs.json cosign/bundle-provenance.json);

sub test_signatures {
	my ($row) = @_;
	my ($said, $status) = import_file($row->{file});
	if ($row->{file} eq 'cosign/vuln-predicate.json') {
		isnt($status, 0, 'a predicate without a subject is refused');
		return;
	}
	is($status, 0, 'it is imported');
	is($said->{importer} // '', 'cosign', 'it is recognised');
	my $want = $no_image{ $row->{file} } ? 0 : $row->{signatures};
	is($said->{read}{signatures} // 0, $want, 'every signature is read') if $want ne '-';
}

my $tested = 0;
for my $row (table("$corpus/MANIFEST-runtime.tsv")) {
	next unless $importer{ $row->{format} };
	$tested++;
	subtest $row->{file} => sub { test_runtime($row) };
}
for my $row (table("$corpus/MANIFEST.tsv")) {
	if ($row->{file} =~ m{^intel/}) {
		subtest $row->{file} => sub { test_signals($row) };
	}
	if ($row->{format} eq 'cosign') {
		subtest $row->{file} => sub { test_signatures($row) };
	}
	next unless $importer{ $row->{format} };
	$tested++;
	subtest $row->{file} => sub { test_inventory($row) };
}
ok($tested > 0, 'some file of the collection is tested');
done_testing();
