#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9020-import.t - the same report by every road, two scanners of one image, and hostile text.
use strict;
use warnings;
use lib 't/lib';
use Encode qw(encode);
use IO::Socket::INET;
use JSON::PP;
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};
my $image = 'registry.example/shop/web:1.4';
my @found = (
	vulnerability('CVE-2021-1', 'zlib1g', '1.2.13', 'HIGH', Title => "na\x{ef}ve \x{2713}"),
	vulnerability('CVE-2021-2', 'libc6', '2.36-9', 'LOW'),
	vulnerability('CVE-2021-3', 'libc6', '2.36-9', 'CRITICAL', FixedVersion => '2.36-10'));
my $plain = report('plain.json', trivy($image, 'a', @found));
my $text = slurp($plain);

# ---- one report, every road ----
sub counts {
	my ($said) = @_;
	return { map { $_ => $said->{$_} } qw(importer tool read created resolved reopened) };
}

sub imported {
	store();
	my ($said) = objects(run_ok(@_));
	return (counts($said), [map { "$_->{advisory} $_->{severity} $_->{title}" }
		map { { %$_, title => $_->{title} // '' } } snapshot('findings')]);
}

my ($want, $rows) = imported('import', '--json', $plain);
is($want->{importer}, 'trivy', 'recognised');
is_deeply($want->{read}{findings}, 3, 'three findings');

sub same {
	my ($how, @words) = @_;
	my ($got, $have) = imported(@words);
	is_deeply($got, $want, "$how: the same counts");
	is_deeply($have, $rows, "$how: the same findings");
}

for my $tool (['gz', 'gzip'], ['zst', 'zstd', '-q'], ['xz', 'xz'], ['bz2', 'bzip2']) {
	my ($ending, @command) = @$tool;
	SKIP: {
		skip "$command[0] is not installed", 4
			if system("command -v $command[0] >/dev/null");
		system("@command -c <'$plain' >'$plain.$ending'") == 0 or die "@command";
		same($ending, 'import', '--json', "$plain.$ending");
	}
}
my $characters = JSON::PP->new->utf8->decode("[$text]");
my $wide = JSON::PP->new->canonical->encode($characters->[0]);
same('UTF-8 with a mark', 'import', '--json', spew("$room/bom.json", "\xef\xbb\xbf$text"));
same('UTF-16LE with a mark', 'import', '--json',
	spew("$room/16le.json", encode('UTF-16LE', "\x{feff}$wide")));
same('UTF-16BE with a mark', 'import', '--json',
	spew("$room/16be.json", encode('UTF-16', $wide)));
same('UTF-16LE without a mark', 'import', '--json',
	spew("$room/16.json", encode('UTF-16LE', $wide)));
same('standard input', { in => $plain }, 'import', '--json', '-');
same('keys by name', 'import', '--json',
	spew("$room/sorted.json", JSON::PP->new->utf8->canonical->encode($characters->[0])));
same('indented', 'import', '--json',
	spew("$room/pretty.json", JSON::PP->new->utf8->pretty->encode($characters->[0])));

# A server that answers so many requests.
sub serve {
	my ($requests, $answer) = @_;
	my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
		or die "listen: $!";
	defined(my $pid = fork) or die "fork: $!";
	return ($socket->sockport, $pid) if $pid;
	for (1 .. $requests) {
		my $client = $socket->accept or last;
		while (my $line = <$client>) { last if $line eq "\r\n" }
		print {$client} $answer;
		close $client;
	}
	require POSIX;
	POSIX::_exit(0);
}
my $head = "HTTP/1.0 200 OK\r\nContent-Length: " . length($text);
my ($port, $server) = serve(1, "$head\r\n\r\n$text");
same('a URL', 'import', '--json', "http://127.0.0.1:$port/report.json");
waitpid $server, 0;
($port, $server) = serve(1, "HTTP/1.0 404 Not Found\r\nContent-Length: 2\r\n\r\n{}");
run_fails(4, qr/404/, 'import', "http://127.0.0.1:$port/none.json");
waitpid $server, 0;

# ---- a folder of good and bad ----
mkdir "$room/mixed";
spew("$room/mixed/a.json", $text);
spew("$room/mixed/b.json", substr $text, 0, 100);
spew("$room/mixed/c.txt", "no report\n");
spew("$room/mixed/d.json", encode_json(trivy('registry.example/other:2', 'b', $found[1])));
store();
my ($code, $out, $err) = run_program('import', '--json', "$room/mixed");
is($code, 4, 'some failed');
is(scalar(grep { !defined $_->{error} } objects($out)), 2, 'the good ones are in');
is($err =~ tr/\n//, 2, 'a line for each bad one');
is(scalar snapshot('images'), 2, 'two images');

# ---- two scanners of one image ----
sub match {
	my ($v) = @_;
	my ($package, $version) = @$v{qw(PkgName InstalledVersion)};
	return {
		vulnerability => { id => $v->{VulnerabilityID}, fix => { versions => [] },
			namespace => 'debian:distro:debian:12',
			severity => ucfirst lc $v->{Severity} },
		relatedVulnerabilities => [],
		artifact => { name => $package, version => $version, type => 'deb',
			locations => [{ path => '/var/lib/dpkg/status' }],
			purl => "pkg:deb/debian/$package\@$version" },
	};
}

sub grype {
	my (@v) = @_;
	return {
		matches => [map { match($_) } @v],
		source => { type => 'image', target => { userInput => $image, tags => [$image],
			imageID => 'sha256:' . 'a' x 64, repoDigests => [] } },
		distro => { name => 'debian', version => '12' },
		descriptor => { name => 'grype', version => '0.87.0',
			timestamp => '2026-11-20T11:00:00Z',
			db => { built => '2026-11-20T01:00:00Z' } },
	};
}
store();
run_ok('import', $plain);
my ($grype) = objects(run_ok('import', '--json', report('grype.json', grype(@found))));
is($grype->{read}{findings}, 3, 'Grype sees the same three');
is($grype->{created}{findings}, 0, 'and none is new');
is(scalar snapshot('images'), 1, 'one image');
my @findings = snapshot('findings');
is(scalar @findings, 3, 'one finding for each advisory, package and version');
is_deeply([map { "@{ $_->{sources} }" } @findings], [('grype trivy') x 3], 'seen by both');
my $before = contents();
for my $file ($plain, "$room/grype.json") {
	my ($again) = objects(run_ok('import', '--json', $file));
	ok($again->{duplicate}, 'the same bytes are known');
}
is(contents(), $before, 'importing again changes nothing');

# ---- what a newer scan no longer shows ----
sub scan_at {
	my ($at, $options, @vulnerability) = @_;
	my $what = trivy($image, 'a', @vulnerability);
	$what->{CreatedAt} = $at;
	my ($said) = objects(run_ok('import', '--json', @$options, report('scan.json', $what)));
	return $said;
}
store();
run_ok('import', $plain);
is(scan_at('2026-11-21T10:00:00Z', ['--partial'], $found[0])->{resolved}{findings}, 0,
	'a partial scan resolves nothing');
is(scan_at('2026-11-21T11:00:00Z', [], $found[2])->{resolved}{findings}, 0,
	'neither does one that looks filtered');
is(scan_at('2026-11-21T12:00:00Z', ['--complete'], $found[2])->{resolved}{findings}, 2,
	'a complete one does');
is(scan_at('2026-11-20T12:00:00Z', [], @found)->{reopened}{findings}, 0,
	'an older one reopens nothing');
is(scan_at('2026-11-22T12:00:00Z', [], @found)->{reopened}{findings}, 2, 'a newer one does');
is(scan_at('2026-11-23T12:00:00Z', ['--dry-run'])->{resolved}{findings}, 3, 'a dry run says');
is(scalar(grep { $_->{state} eq 'open' } snapshot('findings')), 3, 'and changes nothing');

# ---- one path, as two scans write it ----
store();
my $path = sub { return vulnerability('CVE-2021-4', 'requests', '2.0', 'LOW', PkgPath => $_[0]) };
scan_at("2026-11-19T1$_->[0]:00:00Z", [], $path->($_->[1]))
	for [0, 'app/lib/requests'], [1, '/app/lib/requests'], [2, 'app/b'];
my ($one) = snapshot('findings');
is_deeply($one->{locations}, ['/app/lib/requests', 'app/b'],
	'a path with and without its first slash is one place');
($one) = objects(run_ok('show', 'finding', $one->{id}, '--json'));
is_deeply($one->{locations}, ['/app/lib/requests', 'app/b'], 'in the detail too');
is((objects(run_ok('show', 'finding', 'CVE-2021-4', '--json')))[0]{id}, $one->{id},
	'what is found once is shown by its name');
scan_at('2026-11-20T12:00:00Z', [], $path->('app/b'), vulnerability('CVE-2021-4', 'a', '1', 'LOW'));
run_fails(2, qr/CVE-2021-4 is more than one finding, .*\Q$one->{id}\E \(/, 'show', 'finding',
	'CVE-2021-4');
run_fails(2, qr/CVE-2021-5 is no id of a finding, and none open/, 'show', 'finding', 'CVE-2021-5');

# ---- text that means harm ----
my $harm = "\e[31m\a\e]0;owned\x07\x{9b}2J\x{202e}txt\x{200b}\x{2028}\r\n\t\x{7f}<script>=1+1|*_";
my $hostile = trivy("registry.example/shop/evil:1", 'e', vulnerability('CVE-2021-9', "p$harm",
	"1$harm", 'HIGH', Title => "t$harm" . 'x' x 10_000, Description => "d$harm",
	FixedVersion => "2$harm", PkgPath => "/a$harm", PrimaryURL => "http://x/$harm",
	References => ["r$harm"]));
$hostile->{Metadata}{OS} = { Family => "f$harm", Name => "n$harm" };
push @{ $hostile->{Results} }, { Target => "t$harm", Class => 'secret', Secrets => [{
	RuleID => "r$harm", Category => "c$harm", Severity => 'HIGH', Title => "s$harm",
	StartLine => 1, Match => "m$harm" }] }, { Target => "d$harm", Class => 'config',
	Type => 'dockerfile', Misconfigurations => [{ ID => "DS$harm", Title => "t$harm",
	Description => "d$harm", Message => "m$harm", Resolution => "r$harm", Severity => 'LOW',
	Status => 'FAIL' }] };
store();
my $odd = "$room/n\e[31mame.json";
spew($odd, JSON::PP->new->utf8->encode($hostile));
my @said = (run_ok('import', $odd));

# No byte, and no character, that a terminal obeys.
sub harmless {
	my ($what, $shown) = @_;
	utf8::decode($shown) or fail("$what: is UTF-8");
	$shown =~ s/\r\n/\n/g if $what =~ /csv/; # its rows end so
	my @bad = $shown =~ /([\x00-\x08\x0b-\x1f\x7f-\x9f\x{202a}-\x{202e}\x{2066}-\x{2069}])/g;
	is_deeply([map { sprintf 'U+%04X', ord } @bad], [], "$what: nothing a terminal would obey");
}
harmless('import', $said[0]);
harmless('import --json', run_ok('import', '--json', $odd));
my ($finding) = snapshot('findings', 'kind:vulnerability');
run_ok('note', 'finding', $finding->{id}, "a note $harm");
run_ok('own', 'finding', $finding->{id}, "o$harm");
for my $list (slurp('store/lists.def') =~ /^LIST\((\w+)/mg) {
	next if $list eq 'evidence';
	my @scope = $list eq 'fixes' ? ('--image', 'registry.example/shop/evil:1') : ();
	harmless("list $list @$_", run_ok('list', $list, @scope, @$_))
		for [], ['--json'], ['--csv'];
}
for my $one (['finding', $finding->{id}], ['image', 'registry.example/shop/evil:1'],
	map { ['finding', $_->{id}] } snapshot('findings', '!kind:vulnerability')) {
	harmless("show @$one", run_ok('show', @$one));
	harmless("show @$one --json", run_ok('show', @$one, '--json'));
}
harmless("report @$_", run_ok('report', @$_))
	for map { my $f = $_; map { [@$_, '-f', $f] } ['audit'],
		['image', '--image', 'registry.example/shop/evil:1'] } qw(html md csv json);
unlike(run_ok('report', 'image', '--image', 'registry.example/shop/evil:1', '-f', 'html'),
	qr/<script>=/, 'no markup gets through');
my @cells = run_ok('report', 'image', '--image', 'registry.example/shop/evil:1', '-f', 'csv')
	=~ /(?:^|,)"?([=+\@-](?![\d.]+[",\r\n]))/mg;
is_deeply(\@cells, [], 'no cell is a formula');
harmless('status', run_ok('status'));
harmless('gate', (run_program('gate', 'registry.example/shop/evil:1'))[1]);
for my $view (qw(overview images clusters controls findings alerts checklist reports sources scans
	packages audit messages)) {
	harmless("--once $view", run_ok('--once', $view));
}
run_fails(4, qr/\^\[/, 'import', "$room/no\e[31mne.json");

# ---- a folder: a line a file, then a line a format; a dry run says the same and does nothing ----
my $folder = "$room/by-format";
mkdir $folder;
spew("$folder/a.json", $text);
spew("$folder/b.json", JSON::PP->new->utf8->canonical->encode(trivy('registry.example/shop/db:1',
	'f', vulnerability('CVE-2021-3', 'libc6', '2.36-9', 'LOW'))));
spew("$folder/c.json", '[{"line":3,"code":"DL3008","message":"Pin versions","column":1,'
	. '"file":"shop/Dockerfile","level":"warning"}]');
spew("$folder/d.txt", "no report\n");
my $totals = "3 imported, 0 here already, 1 failed%s\n"
	. "  hadolint         1 file: 1 finding (1 new)\n"
	. "  trivy            2 files: 4 findings (4 new)\n";
store();
my $empty = contents();
($code, $out, $err) = run_program('import', '--dry-run', $folder);
is($code, 4, 'a folder with a file that is no report: exits with 4');
like($out, qr/\Q${\ sprintf $totals, ' [dry run]'}\E\z/, 'a dry run says what it would do');
like($err, qr{\Aseaworthy: \Q$folder\E/d\.txt: [^\n]+\n\z}, 'the file that failed is named');
is(contents(), $empty, 'a dry run leaves no trace');
($code, $out) = run_program('import', $folder);
like($out, qr/\Q${\ sprintf $totals, ''}\E\z/, 'a line a format at the end');
is(($out =~ tr/\n//), 6, 'and one a file before');

# ---- a statement that speaks of several products, one of them twice ----
my $vex = encode_json({ '@context' => 'https://openvex.dev/ns/v0.2.0', '@id' => 'x',
	author => 'a', timestamp => '2026-11-20T10:00:00Z', version => 1, statements => [
		map { { vulnerability => { name => 'CVE-2021-1' }, status => 'not_affected',
			products => [map { { '@id' => "pkg:docker/shop/$_\@1" } } @$_] } }
		['a', 'b', 'c'], ['c']] });
spew("$room/vex.json", $vex);
store();
like(run_ok('import', "$room/vex.json"), qr/openvex: 2 statements, 3 by product \(3 new\)\n/,
	'a row told twice is no old one');
like(run_ok('import', spew("$room/again.json", "$vex\n")),
	qr/openvex: 2 statements, 4 by product \(4 unchanged\)\n/, 'in another file it is');

# ---- a report that names no image says what to do, and that does it ----
my $scanned = '{"application/vnd.security.vulnerability.report; version=1.1": {"scanner":'
	. ' {"name": "Trivy", "version": "0.50"}, "vulnerabilities": [{"id": "CVE-2021-1",'
	. ' "package": "p", "version": "1", "severity": "High"}]}}';
mkdir "$room/shop";
spew("$room/shop/$_.json", $scanned . ' ' x length) for 'web', 'mail';
store();
run_fails(4, qr{import --image NAME:TAG FILE.*--image 'REGISTRY/\{stem\}:TAG'}, 'import',
	"$room/shop/web.json");
run_ok('import', '-q', '--image', 'registry.example/{dir}/{stem}:1', "$room/shop");
is_deeply([sort map { $_->{name} } snapshot('images')],
	['registry.example/shop/mail:1', 'registry.example/shop/web:1'],
	'each image by its file and folder');

# ---- an image without a tag: it is said that nothing shows it yet ----
my $bare = trivy($image, 'e', $found[0]);
$bare->{ArtifactName} = 'build/app.tar';
delete $bare->{Metadata}{$_} for qw(RepoTags RepoDigests);
my $tar = report('app.json', $bare);
store();
my ($told) = objects(run_ok('import', '--json', $tar));
like("@{$told->{warnings}}", qr/without a tag counts as retired.*--image NAME:TAG/, 'told');
is(scalar snapshot('findings'), 0, 'and it is so');
($told) = objects(run_ok('import', '--json', '--image', 'shop/app:1', $tar));
is_deeply($told->{warnings}, [], 'with a tag there is nothing to tell');
is(scalar snapshot('findings'), 1, 'and it is shown');
done_testing();
