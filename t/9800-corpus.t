# SPDX-License-Identifier: MIT
# 9800-corpus.t - reports of real tools, where $SEAWORTHY_CORPUS holds a collection of them with a
# MANIFEST.tsv: each is imported twice into a store of its own, and everything the import says is
# compared with what t/corpus/FORMAT.jq counts in the file. A format is tested once it has such a
# file.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $corpus = $ENV{SEAWORTHY_CORPUS};
plan skip_all => 'SEAWORTHY_CORPUS names no collection of reports' unless defined $corpus;
plan skip_all => 'jq is not installed' if system('jq --version >/dev/null 2>&1') != 0;
my $program = $ENV{SEAWORTHY};

# How the manifest calls a format, or the tool where it has no name for the format, and how the
# importer is called, where the two differ.
my %importer = ('trivy-v1' => 'trivy', 'clair-scanner' => 'clair', klar => 'clair',
	'anchore-engine' => 'anchore', anchorectl => 'anchore', wizcli => 'wiz',
	'aws inspector2' => 'aws-inspector', 'aws security hub' => 'asff', 'trivy asff' => 'asff');
# What the user has to say about a file that does not say it.
my %options = (
	'trivy-v1/legacy-no-vuln-null.json' => ['--format', 'trivy', '--image', 'shop/web:1.4'],
	'hadolint/empty.json' => ['--format', 'hadolint'],
	'dockle/many-findings.json' => ['--image', 'shop/web:1.4'],
	'dockle/no-findings.json' => ['--image', 'shop/web:1.4'],
	'sarif/dockle-0.3.15.sarif.json' => ['--image', 'shop/web:1.4'],
	'sarif/dockle-CIS-DI-0010.sarif.json' => ['--image', 'shop/web:1.4'],
	map({ ("others/$_.json" => ['--image', 'shop/web:1.4']) } qw(clair-klar-mixed harbor-trivy
		harbor-5-vuln anchorectl-many neuvector-many)),
);
# Severities that the collection counts as unknown, and we do not: "danger", "Defcon1".
my %unknown_word = map { $_ => 1 } qw(trivy-operator/starboard-configauditreport-list.json
	others/clair-klar-mixed.json);
# Who scanned is not in every file.
my %without_tool = ('sarif/no-runs.sarif.json' => 1);
# Refused, and why: it tells of no objects.
my %refused = ('kubescape/summary-details-only.json' => qr/only a summary/);
my @severity = qw(critical high medium low negligible unknown);
my %rank = map { $severity[$_] => $_ } 0 .. $#severity;

# Rows of a table with a header, as hashes.
sub table {
	my ($path) = @_;
	open my $in, '<:encoding(UTF-8)', $path or die "$path: $!";
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

# The output of a command, and how it ended.
sub output {
	my (@command) = @_;
	open my $in, '-|', @command or die "$command[0]: $!";
	local $/;
	my $text = <$in> // '';
	close $in;
	return ($text, $?);
}

sub seaworthy {
	my (@argument) = @_;
	return output($program, @argument);
}

sub import_file {
	my ($store, $file) = @_;
	my ($text, $status) = seaworthy('import', '--json', '--store', $store,
		@{ $options{$file} // [] }, "$corpus/$file");
	my $said = eval { decode_json($text) } // {};
	return ($said, $status);
}

# The file that counts for a row: by its format, or by the importer of the tool.
sub counter {
	my ($row) = @_;
	return "t/corpus/$row->{format}.jq" if $row->{format} ne 'others';
	return 't/corpus/' . ($importer{ $row->{tool} } // $row->{tool}) . '.jq';
}

# What is in the file, told by jq and not by us.
sub count {
	my ($row) = @_;
	my $file = $row->{file};
	my ($text, $status) = output('jq', '-c', '-L', 't/corpus', '-f', counter($row),
		"$corpus/$file");
	die "jq cannot count $file" if $status != 0;
	return decode_json($text);
}

# Findings by severity: each row, or each identity with its worst.
sub rows_by_severity {
	my ($finding) = @_;
	my %n;
	$n{ $_->{severity} }++ for @$finding;
	return \%n;
}

sub identities_by_severity {
	my ($finding) = @_;
	my (%worst, %n);
	for my $f (@$finding) {
		my $known = $worst{ $f->{identity} };
		$worst{ $f->{identity} } = $f->{severity}
			if !defined $known || $rank{ $f->{severity} } < $rank{$known};
	}
	$n{$_}++ for values %worst;
	return \%n;
}

# Of whatever state: what was set aside is there all the same.
sub stored_by_severity {
	my ($store) = @_;
	my ($text) = seaworthy('list', 'findings', 'is:open or !is:open', '--retired',
		'--json', '--store', $store);
	my %n;
	$n{ decode_json($_)->{severity} }++ for split /\n/, $text;
	return \%n;
}

# The manifest's own numbers, where it gives any. It counts unknown and negligible as one. Where we
# say how many rows there are, not all of them are findings, and it reads severities otherwise.
sub agrees_with_manifest {
	my ($row, $counted) = @_;
	my $checks = $row->{critical} eq '-' ? $counted->{checks} : undef;
	is($counted->{listed} // $counted->{components}, $row->{components},
		'the collection counts as many components')
		if defined $counted->{components} && $row->{components} ne '-';
	return if $row->{total_findings} eq '-';
	is($counted->{rows} // $checks // scalar @{ $counted->{findings} }, $row->{total_findings},
		'the collection counts as many rows');
	return if $row->{critical} eq '-' || defined $counted->{rows};
	return if $unknown_word{ $row->{file} };
	my $n = rows_by_severity($counted->{findings});
	my $least = ($n->{negligible} // 0) + ($n->{unknown} // 0);
	is_deeply([map({ $n->{$_} // 0 } @severity[0 .. 3]), $least],
		[map { $row->{$_} + 0 } qw(critical high medium low unknown_or_negligible)],
		'the collection counts as many of each severity');
}

sub test_refused {
	my ($file) = @_;
	my ($said, $status) = import_file(tempdir(CLEANUP => 1) . '/store.db', $file);
	isnt($status, 0, 'it is refused');
	like($said->{error} // '', $refused{$file}, 'and it is said why');
}

sub test_file {
	my ($row) = @_;
	my $file = $row->{file};
	my $format = $row->{format} eq 'others' ? $row->{tool} : $row->{format};
	my $store = tempdir(CLEANUP => 1) . '/store.db';
	my $want = count($row);
	return test_refused($file) if $refused{$file};
	my %identity = map { $_->{identity} => 1 } @{ $want->{findings} };

	agrees_with_manifest($row, $want);
	my ($said, $status) = import_file($store, $file);
	is($status, 0, 'it is imported');
	is($said->{importer}, $importer{$format} // $format, 'it is recognised');
	isnt($said->{tool} // '', '', 'its tool is told') unless $without_tool{$file};
	is($said->{read}{findings} // 0, scalar @{ $want->{findings} }, 'every finding is read');
	for my $kind (qw(checks components statements)) {
		is($said->{read}{$kind} // 0, $want->{$kind}, "its $kind are read")
			if defined $want->{$kind};
	}
	is($said->{created}{findings} // 0, scalar keys %identity, 'each finding is made once');
	is_deeply(stored_by_severity($store), identities_by_severity($want->{findings}),
		'severities add up') unless $want->{without_severities};
	my ($again, $again_status) = import_file($store, $file);
	is($again_status, 0, 'it is imported again');
	is($again->{duplicate} ? 1 : 0, 1, 'it is known');
	my @changed = map { values %{ $again->{$_} // {} } } qw(created reopened resolved);
	is_deeply([grep { $_ } @changed], [], 'nothing changes');
}

my $tested = 0;
for my $row (table("$corpus/MANIFEST.tsv")) {
	next unless -e counter($row);
	# ONLY=others: those whose name matches
	next if defined $ENV{ONLY} && $row->{file} !~ /$ENV{ONLY}/;
	$tested++;
	subtest $row->{file} => sub { test_file($row) };
}
ok($tested > 0, 'some file of the collection is tested');
done_testing();
