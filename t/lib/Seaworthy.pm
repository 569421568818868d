# SPDX-License-Identifier: MIT
# Seaworthy.pm - for tests of the whole program: run it, read what it says, write reports for it.
package Seaworthy;
use strict;
use warnings;
use Exporter qw(import);
use Fcntl qw(LOCK_EX);
use JSON::PP;
use Test::More;

our @EXPORT = qw(spew slurp run_program run_ok run_fails objects store contents snapshot rows demo
	some own_policies columns trivy vulnerability report);

plan skip_all => 'run by make test' unless $ENV{SEAWORTHY} && $ENV{TMPDIR};
my $now = '2026-11-23T20:40:00Z';
my $json = JSON::PP->new->utf8->canonical;

sub spew {
	my ($path, $text) = @_;
	open my $file, '>:raw', $path or die "$path: $!";
	print {$file} $text;
	close $file or die "$path: $!";
	return $path;
}

sub slurp {
	my ($path) = @_;
	open my $file, '<:raw', $path or die "$path: $!";
	local $/;
	return scalar <$file> // '';
}

# All of these; under sanitizers one in N, for they are ten times slower, and what they look for is
# in the code that cases have in common. What is right is tested without them.
sub some {
	my ($n, @cases) = @_;
	return @cases unless $ENV{SEAWORTHY_SAN};
	return @cases[grep { $_ % $n == 0 } 0 .. $#cases];
}

# A configuration of its own for what follows; the folder of its policies.
sub own_policies {
	$ENV{XDG_CONFIG_HOME} = "$ENV{TMPDIR}/config";
	my $folder = "$ENV{XDG_CONFIG_HOME}/seaworthy/policies";
	mkdir for $ENV{XDG_CONFIG_HOME}, "$ENV{XDG_CONFIG_HOME}/seaworthy", $folder;
	return $folder;
}

# A store of its own for what follows: that of the path, or one that holds the catalogues only.
my $stores = 0;
sub store {
	my ($path) = @_;
	return $ENV{SEAWORTHY_STORE} = $path if defined $path;
	$ENV{SEAWORTHY_STORE} = "$ENV{TMPDIR}/store" . $stores++ . '.db';
	my $new = made('new.db', sub { import_nothing(@_) }, $ENV{SEAWORTHY});
	return spew($ENV{SEAWORTHY_STORE}, slurp($new));
}

# What is made once for all tests of a build, and afresh when one of these files is newer.
sub made {
	my ($name, $make, @by) = @_;
	my $made = "$ENV{SEAWORTHY_BUILD}/t/$name";
	open my $lock, '>', "$made.lock" or die "$made.lock: $!\n";
	flock $lock, LOCK_EX or die "$made.lock: $!\n";
	my $at = (stat "$made.done")[9] // 0;
	return $made unless grep { (stat)[9] >= $at } @by;
	system('rm', '-rf', $made);
	$make->($made);
	spew("$made.done", '');
	return $made;
}

sub import_nothing {
	my ($file) = @_;
	local $ENV{SEAWORTHY_STORE} = $file;
	my ($code, undef, $err) = run_program('status');
	$code == 0 or BAIL_OUT("a new store cannot be made: $err");
}

# Looking for leaks takes as long as a command itself: under sanitizers the first run of each
# command on each thing looks for them, and one in four of the others.
my %run;
sub looks_for_leaks {
	my ($command, $of) = grep { !/^-/ } @_, '', '';
	return $run{"$command $of"}++ % 4 == 0;
}

# Run the program: exit code, standard output, standard error. A hash in front says more: `in` is
# a file for standard input, `now` another time, `child` is called in the child before the program.
sub run_program {
	my %how = ref $_[0] ? %{ +shift } : ();
	my @words = @_;
	my ($out, $err) = map { "$ENV{TMPDIR}/$_" } qw(out.txt err.txt);
	local $ENV{ASAN_OPTIONS} = ($ENV{ASAN_OPTIONS} // '') . ':detect_leaks=0'
		unless looks_for_leaks(@words);
	defined(my $pid = fork) or die "fork: $!";
	if (!$pid) {
		open STDIN, '<', $how{in} // '/dev/null' or die "stdin: $!";
		open STDOUT, '>', $how{out} // $out or die "stdout: $!";
		open STDERR, '>', $err or die "stderr: $!";
		$how{child}->() if $how{child};
		exec $ENV{SEAWORTHY}, '--now', $how{now} // $now, @words;
		die "exec: $!";
	}
	waitpid $pid, 0;
	my $code = $? & 127 ? 128 + ($? & 127) : $? >> 8;
	return ($code, $how{out} ? '' : slurp($out), slurp($err));
}

# The words of a command, as the name of a test.
sub title {
	my $words = join ' ', map { ref $_ ? () : $_ } @_;
	return substr $words =~ s/[^ -~]/?/gr, 0, 90;
}

# It ends with 0 and says nothing on standard error; its output.
sub run_ok {
	my ($code, $out, $err) = run_program(@_);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $words = title(@_);
	is($code, 0, "$words: exits with 0") or diag $err;
	is($err, '', "$words: complains of nothing");
	return $out;
}

# It ends with this code, and says why in one line, which is returned.
sub run_fails {
	my ($want, $why, @words) = @_;
	my ($code, $out, $err) = run_program(@words);
	local $Test::Builder::Level = $Test::Builder::Level + 1;
	my $words = title(@words);
	is($code, $want, "$words: exits with $want") or diag "$out$err";
	like($err, qr/\Aseaworthy: [^\n]+\n(?:  [^\n]+\n +\^\n)?\z/,
		"$words: one line says why, a caret where in a filter");
	like($err, $why, "$words: the reason");
	unlike($err, qr/[\x00-\x09\x0b-\x1f\x7f]/, "$words: nothing a terminal would obey");
	return $err;
}

# JSON, an object a line.
sub objects {
	return map { $json->decode($_) } split /\n/, $_[0];
}

# Everything the store says of itself that an import can change, as text.
sub contents {
	my $text = '';
	for my $list (qw(images findings problems packages clusters nodes namespaces workloads
		containers checks alerts events sources scans audit)) {
		my ($code, $out, $err) = run_program('list', $list, '--json', '--retired');
		$text .= "$list $code\n$out$err";
	}
	return $text;
}

# What one list holds.
sub snapshot {
	my ($list, @filter) = @_;
	return objects((run_program('list', $list, @filter, '--json'))[1]);
}

# How many rows one list has; reading thousands of objects would take long.
sub rows {
	my $text = (run_program('list', @_, '--json'))[1];
	return $text =~ tr/\n//;
}

# Columns that a line takes on a terminal.
sub columns {
	my ($line) = @_;
	$line =~ s/[\p{Mn}\p{Me}\p{Cf}]//g;
	my $wide = () = $line =~ /[\p{EastAsianWidth=Wide}\p{EastAsianWidth=Fullwidth}]/g;
	return length($line) + $wide;
}

# The demo estate, imported once for all tests of a build; each has a copy.
sub demo {
	my $mine = "$ENV{TMPDIR}/demo";
	my @by = @ENV{qw(SEAWORTHY_ESTATE SEAWORTHY_PERSON SEAWORTHY)};
	return undef unless -x ($by[0] // '');
	my $made = made('estate.demo', sub { import_demo(@_, @by) }, @by, 't/estate/import.sh');
	system('cp', '-r', $made, $mine) == 0 or die "$mine: not copied\n";
	return store("$mine/demo.db");
}

sub import_demo {
	my ($dir, $estate, $person) = @_;
	my $log = "$ENV{TMPDIR}/demo.log";
	system('rm', '-rf', $dir);
	mkdir $dir or die "$dir: $!\n";
	my $how = "sh t/estate/import.sh '$estate' '$person' '$dir'";
	system("$how >'$log' 2>&1") == 0
		or BAIL_OUT('the demo estate cannot be imported: ' . slurp($log));
}

# ---- reports ----

sub vulnerability {
	my ($id, $package, $version, $severity, %more) = @_;
	return { VulnerabilityID => $id, PkgName => $package, InstalledVersion => $version,
		Severity => uc $severity, %more };
}

# What Trivy writes of an image that holds these.
sub trivy {
	my ($name, $digit, @vulnerability) = @_;
	my %class = (Target => "$name (debian 12.1)", Class => 'os-pkgs', Type => 'debian',
		Vulnerabilities => \@vulnerability);
	return { SchemaVersion => 2, CreatedAt => '2026-11-20T10:00:00Z', ArtifactName => $name,
		ArtifactType => 'container_image', Results => [\%class],
		Metadata => { ImageID => 'sha256:' . $digit x 64, RepoTags => [$name] } };
}

sub report {
	my ($file, $what) = @_;
	return spew("$ENV{TMPDIR}/$file", $json->encode($what));
}

1;
