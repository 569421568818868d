#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9000-cli.t - every command over the demo estate: what it says, how it ends, who may do it.
use strict;
use warnings;
use lib 't/lib';
use JSON::PP;
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};

sub words_of {
	my ($file, $macro) = @_;
	return slurp($file) =~ /^$macro\((\w+)/mg;
}

my @commands = words_of('tui/commands.def', 'COMMAND');
my @lists = words_of('store/lists.def', 'LIST');

# ---- help and wrong usage need no store ----
my $help = run_ok('--help');
is_deeply([grep { !/^.{41} \S/ } $help =~ /^(  [a-z].*)$/mg], [],
	'what commands do stands in one column');
is_deeply([$help =~ /^  ([a-z]+) .*\S$/mg], \@commands, '--help lists every command, in order');
for my $command (@commands) {
	my $text = run_ok($command, '--help');
	like($text, qr/\Ausage: seaworthy $command /, "$command --help says how");
	is(run_ok('--help', $command), $text, 'the option may stand before the command');
}

# ---- the manual page and the completion are made of the same ----
my $page = run_ok('--manual');
my @odd = grep { !/^\.(?:TH|SH|SS|TP|B|PP|nf|fi)\b/ } $page =~ /^\..*/mg;
is_deeply(\@odd, [], 'the manual page: no line asks troff for more than it should');
is_deeply([$page =~ /^\.SS "([a-z]+) /mg], \@commands, 'the manual page has every command');
my %described = map { s/\\-/-/gr => 1 } $page =~ /^\.B .*?((?:\\-){2}[a-z\\-]+)/mg;
for my $command ('', @commands) {
	my @options = run_ok($command ? $command : (), '--help') =~ /^  (?:-\w, )?(--[a-z-]+)/mg;
	is_deeply([grep { !$described{$_} } @options], [], "the manual page has the options of "
		. ($command || 'the dashboard'));
}
sub complete {
	my (@words) = @_;
	my ($dir) = $ENV{SEAWORTHY} =~ m{^(.*)/};
	local $ENV{PATH} = "$dir:$ENV{PATH}";
	open my $bash, '-|', 'bash', '-c', '. tui/seaworthy.bash; COMP_WORDS=("$@"); '
		. 'COMP_CWORD=$(($# - 1)); _seaworthy; echo "${COMPREPLY[*]}"',
		'bash', 'seaworthy', @words or die "bash: $!";
	return join '', map { chomp; $_ } <$bash>;
}
is(complete('re'), 'report', 'a command is completed');
is(complete('list', 'prob'), 'problems', 'a list');
is(complete('report', 'au'), 'audit', 'a report');
is(complete('gate', '--max'), '--max-age', 'an option of a command');
is(complete('--re'), '--read-only', 'one of all');
is(complete('import', 'x'), '', 'files are left to bash');
like(run_ok('--version'), qr/\Aseaworthy \d+\.\d+\S*\n\z/, 'the version');
run_fails(2, qr/frobnicate is no command/, 'frobnicate');
run_fails(2, qr/there is no option --frob/, '--frob');
run_fails(2, qr/did you mean --limit/, 'list', '--limits', 'images');
run_fails(2, qr/there is no option -x/, 'status', '-x');
run_fails(2, qr/--store needs a value/, 'status', '--store');
run_fails(2, qr/--json takes no value/, 'status', '--json=yes');
run_fails(2, qr/--role boss/, 'status', '--role', 'boss');
run_fails(2, qr/--now noon/, 'status', '--now', 'noon');
run_fails(2, qr/there is no list cats/, 'list', 'cats');
run_fails(2, qr/checklist dance/, 'checklist', 'dance');
run_fails(2, qr/usage: seaworthy $_->[0] /, @$_)
	for ['import'], ['list'], ['show', 'image'], ['gate'], ['assess', 'CN-DATA-01'],
	['due', 'finding', '1-1-1'],
	['note', 'image', 'x'], ['own', 'image'], ['ack'], ['alias', 'cluster', 'a'],
	['verify', 'x', 'y'], ['status', 'now'], ['checklist'];
is(-e "$ENV{HOME}/.local" ? 1 : 0, 0, 'none of this made a store');

# ---- no store, no data ----
my $nowhere = "$ENV{TMPDIR}/nowhere.db";
run_fails(4, qr{nowhere.db: there is no such store}, '--store', $nowhere, @$_)
	for ['status'], ['list', 'images'], ['show', 'image', 'x'], ['changes', '2026-01-01'],
	['gate', 'x'], ['report', 'audit'], ['verify'];
ok(!-e $nowhere, 'what only reads makes no store');
store();
like(run_ok('status'), qr/No data yet.*seaworthy import/, 'an empty store says what to do next');
is((objects(run_ok('status', '--json')))[0]{newest_data}, undef, 'and in JSON');
is(run_ok('list', 'images', '--json'), '', 'no images');
run_fails(3, qr/no image/, 'gate', 'registry.example/none:1');

# ---- the demo estate ----
my $demo = demo() or plan skip_all => 'run by make test';

sub fields {
	my ($object, $what, @names) = @_;
	my @missing = grep {
		my $v = $object;
		my $there = 1;
		for my $step (split /\./) {
			$there &&= ref $v eq 'HASH' && exists $v->{$step};
			$v = $there ? $v->{$step} : undef;
		}
		!$there;
	} @names;
	is_deeply(\@missing, [], "$what has every field that scripts rely on");
}

# Rows of CSV, the head first.
sub csv_rows {
	my ($text) = @_;
	my (@rows, @row);
	while ($text =~ /\G(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n)/g) {
		push @row, $1 // $2;
		next if $3 eq ',';
		push @rows, [@row];
		@row = ();
	}
	return @rows;
}

my %scope = (fixes => ['--image', 'registry.example/payments/api:2.14.1'],
	evidence => ['--control', 'PCI-DSS:6.3.3']);
my %filter = (images => 'running', findings => 'sev>=high kev', problems => 'sev=critical',
	packages => 'openssl', controls => 'fail', alerts => 'prio=notice', events => 'error',
	checks => 'fail', scans => 'trivy', audit => 'import', items => 'pass');
# Somebody decided on a finding, and a scanner was told to set one aside.
my ($small) = objects(run_ok('list', 'findings', 'sev:low', '--json'));
run_ok('except', $small->{id}, '--kind', 'false-positive', '--reason', 'not in use');
run_ok('import', spew("$room/aside.sarif", <<'END'));
{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "trivy"}},
 "results": [{"ruleId": "CVE-2020-1", "message": {"text": "Package: zlib1g\nInstalled Version: 1"},
  "suppressions": [{"kind": "external", "justification": "not in use"}]}]}]}
END
# A record that is none is left out of what is taken, and listed.
run_ok('import', spew("$room/odd.json", <<'END'));
{"SchemaVersion": 2, "CreatedAt": "2026-11-23T10:00:00Z", "ArtifactName": "shop/odd:1.0",
 "ArtifactType": "container_image",
 "Results": [{"Target": "x", "Class": "os-pkgs", "Type": "debian",
 "Vulnerabilities": [{"PkgName": "libtwo", "InstalledVersion": "2.0", "Severity": "LOW"}]}]}
END
my %list;
for my $list (@lists) {
	my @scope = @{ $scope{$list} // [] };
	my @lines = split /\n/, run_ok('list', $list, '--json', @scope);
	my @rows = objects(join "\n", @lines[0 .. ($#lines < 99 ? $#lines : 99)]);
	my @csv = csv_rows(run_ok('list', $list, '--csv', @scope));
	my $table = run_ok('list', @scope, $list);
	$list{$list} = \@rows;
	cmp_ok(scalar @lines, '>', 0, "$list: there are some");
	is(scalar @csv, 1 + @lines, "$list: as many in CSV");
	is_deeply([grep { @$_ != @{ $csv[0] } } @csv], [], "$list: every row has every column");
	is($table =~ tr/\n//, 1 + @lines, "$list: as many in the table");
	if (@lines > 1) {
		my ($code, $out, $err) = run_program('list', $list, '--json', '--limit', 1, @scope);
		is($out =~ tr/\n//, 1, "$list: one row when one is asked for");
		like($err, qr/cut after 1/, "$list: it says that it cut");
	}
	next unless $filter{$list};
	my $some = rows($list, $filter{$list});
	cmp_ok($some, '>', 0, "$list $filter{$list}: there are some");
	cmp_ok($some, '<', scalar @lines, "$list $filter{$list}: not all");
}
# A table's columns are as wide as what its first rows hold.
my ($head, @body) = split /\n/, run_ok('list', 'images', '--columns', 'name,digest');
my $column = index $head, 'DIGEST';
is_deeply([grep { /sha256:/ && index($_, 'sha256:') != $column } @body], [],
	'every digest stands below its head');
run_fails(2, qr/--control/, 'list', 'evidence');
run_fails(2, qr/--limit many/, 'list', 'images', '--limit', 'many');
run_fails(2, qr/no such column/, 'list', 'images', '--sort', 'smell');
run_fails(2, qr/filter, character 1 \(.*: this bracket/, 'list', 'findings', '(sev>=high');
run_fails(2, qr/filter, at its end: a term is missing/, 'list', 'findings', 'kev or');
run_fails(2, qr/filter, character 5 \(colour:red\): no column 'colour'/, 'list', 'findings', 'kev',
	'colour:red');
run_fails(2, qr/filter, character 7 \(colour:red\)/, 'list', 'findings', "gr\xc3\xb6\xc3\x9fe",
	'colour:red');
run_fails(2, qr/\n  kev colour:red\n {6}\^\n\z/, 'list', 'findings', 'kev', 'colour:red');
run_fails(2, qr/\n  \S+ colour:red\n {8}\^\n\z/, 'list', 'findings', "gr\xc3\xb6\xc3\x9fe",
	'colour:red');
run_fails(2, qr/filter, character \d+ \(.*hihg/, 'changes', '2026-01-01', 'sev>=hihg');
my @sorted = map { $_->{name} } objects(run_ok('list', 'images', '--json', '--sort', '-name'));
is_deeply(\@sorted, [sort { $b cmp $a } @sorted], 'sorted the other way');

# What is counted is a number in JSON, and the risk of an image can be read.
is_deeply([grep { !/"packages":\d+[,}]/ } split /\n/, run_ok('list', 'images', '--json')], [],
	'packages are a number');
my @by_risk = objects(run_ok('list', 'images', '--json', '--sort', 'risk'));
is_deeply([map { $_->{risk} } @by_risk], [map { my $n = $_->{findings};
	$n->{critical} * 100_000_000 + $n->{high} * 10_000 + $n->{medium} } @by_risk],
	'the risk of an image is what its help says');
is_deeply([map { $_->{risk} } @by_risk], [sort { $b <=> $a } map { $_->{risk} } @by_risk],
	'the worst image first');
my @least_risk = objects(run_ok('list', 'images', '--json', '--sort', '-risk'));
is_deeply([map { $_->{id} } @least_risk], [reverse map { $_->{id} } @by_risk], 'and the other way');

my ($log4j) = objects(run_ok('list', 'findings', 'pkg:*log4j-core', '--json'));
my $purl = qr{\Apkg:maven/org\.apache\.logging\.log4j/log4j-core\@};
like($log4j->{package}{purl}, $purl, 'a Maven group is a part of the package URL');
like((objects(run_ok('show', 'finding', $log4j->{id}, '--json')))[0]{package}{purl}, $purl,
	'... by itself, too');
my @findings = objects(run_ok('list', 'findings', '--json', 'sev>=high', 'kev'));
is_deeply([grep { !$_->{kev} || $_->{severity} !~ /critical|high/ } @findings], [],
	'the filter keeps what it says');

# ---- objects ----
my ($finding) = grep { $_->{kind} eq 'vulnerability' && $_->{fixed_in} } @{ $list{findings} };
like($finding->{layer}, qr/^sha256:[0-9a-f]{64}$/, 'it says which layer brought it');
fields($finding, 'a finding', qw(id kind severity state advisory aliases title asset.kind
	asset.name asset.digest package.type package.name package.version package.purl fixed_in
	locations sources first_seen last_seen due overdue owner kev epss cvss classes controls));
my ($image) = grep { $_->{running} } @{ $list{images} };
fields($image, 'an image', qw(id name names digest os base created running findings.critical
	findings.high findings.medium findings.low findings.negligible findings.unknown overdue
	signed admission last_scan gate));
fields($list{controls}[0], 'a control', qw(framework id title status evidence.kind
	evidence.age_seconds evidence.count failing excepted manual));
my ($alert) = grep { $_->{state} eq 'open' } @{ $list{alerts} };
fields($alert, 'an alert', qw(id rule priority container image cluster namespace workload first
	last count state clock.ack_due clock.contain_due clock.close_due clock.late));
fields($list{checks}[0], 'a check', qw(tool benchmark id title status asset));

sub show {
	my ($kind, $id, @names) = @_;
	my ($one) = objects(run_ok('show', $kind, $id, '--json'));
	fields($one, "show $kind", @names);
	like(run_ok('show', $kind, $id), qr/\S/, "show $kind as text");
	run_fails(2, qr/./, 'show', $kind, $kind eq 'finding' ? '9-9' : 'no-such-thing');
	return $one;
}
my $shown = show('finding', $finding->{id}, qw(id kind severity state advisory aliases title
	asset.name package.purl fixed_in locations sources sightings first_seen due overdue owner
	kev epss cvss classes controls history notes));
is($shown->{severity}, $finding->{severity}, 'as severe as in the list');
$shown = show('image', $image->{name}, qw(id name names digest os base created running
	findings.critical overdue signed admission last_scan gate controls));
is_deeply($shown->{findings}, $image->{findings}, 'as many findings as in the list');
is($shown->{gate}, $image->{gate}, 'through the gate or not, as in the list');
is((objects(run_ok('show', 'image', $shown->{digest}, '--json')))[0]{id}, $shown->{id},
	'an image by its digest');
my ($control) = objects(run_ok('list', 'controls', '--json', 'fw:PCI-DSS control:6.3.3'));
$shown = show('control', 'PCI-DSS:6.3.3', qw(framework id title status evidence.kind
	evidence.age_seconds evidence.count failing excepted manual history));
is_deeply([@{ $shown->{evidence} }{qw(kind age_seconds)}],
	[@{ $control->{evidence} }{qw(kind age_seconds)}], 'evidence as old as in the list');
like(run_ok('show', 'control', 'NIST-800-190:4.1.1'), qr/^asks +Find known vulnerabilities in /m,
	'what a control asks for, where its catalogue says it');
show('alert', $alert->{id}, qw(id rule priority container image cluster namespace workload first
	last count state clock.ack_due clock.late fields raw controls));
show('item', 'CN-DATA-01', qw(id title why verify answers));
run_fails(2, qr/cannot be shown/, 'show', 'weather', 'today');

my ($status) = objects(run_ok('status', '--json'));
fields($status, 'status', qw(at newest_data known_to frameworks checklist due findings estate));
like(run_ok('status'), qr/POSTURE.*DUE.*OPEN FINDINGS.*ESTATE.*NOW/s, 'status as text');
like(run_ok('checklist', 'status'), qr/\d+ of 50 items answered/, 'how far the checklist is');

# ---- where events happened ----
my @refused = objects(run_ok('list', 'events', 'kind:admission', '--json'));
cmp_ok(scalar @refused, '>', 20, 'the webhook refused this and that');
is(scalar(grep { $_->{cluster} !~ /^prod-/ || !$_->{namespace} } @refused), 0,
	'each refused workload has its cluster and namespace');
is(rows('events', 'kind:admission', 'cluster:prod-eu'), rows('events', 'denied', 'cluster:prod-eu'),
	'which filters know');
my ($exec) = objects(run_ok('list', 'events', 'source:kubernetes-audit', 'where:sync-0', '--json'));
is($exec->{asset}, 'sync-0', 'what happened to a container is told by its pod');

# ---- reports ----
my %begins = (html => qr/\A<!DOCTYPE html>/i, md => qr/\A# /, csv => qr/\A\S+,/, json => qr/\A\{/);
for my $format (sort keys %begins) {
	for my $kind (['audit', '--framework', 'PCI-DSS'], ['image', '--image', $image->{name}]) {
		my $file = "$room/report.$format";
		my $text = run_ok('report', @$kind, '--format', $format);
		like($text, $begins{$format}, "report $kind->[0] as $format");
		run_ok('report', @$kind, '-o', $file);
		is(slurp($file), $text, "the file's ending names the format, $format");
	}
}
run_fails(2, qr/audit, image/, 'report');
run_fails(2, qr/weather/, 'report', 'weather');
run_fails(2, qr/docx/, 'report', 'audit', '--format', 'docx');
run_fails(2, qr/no framework nonsense/, 'report', 'audit', '--framework', 'nonsense');
run_fails(4, qr/cannot write/, 'report', 'audit', '-o', "$room/none/report.html");

# ---- the gate ----
my ($bad) = grep { $_->{findings}{critical} } @{ $list{images} };
my ($code, $out) = run_program('gate', $bad->{name}, '--json');
my ($gate) = objects($out);
is($code, 1, 'an image with critical findings is refused');
cmp_ok(scalar @{ $gate->{reasons} // [] }, '>', 0, 'with its reasons');
like((run_program('gate', $bad->{name}))[1], qr/\AREFUSED: .*sha256:/, 'and its digest');
my $clean = report('clean.json', trivy('registry.example/clean/app:1', 'c'));
run_ok('import', $clean, '--at', '2026-11-23T20:00:00Z');
my ($pass, $said) = run_program('gate', 'registry.example/clean/app:1');
is($pass, 0, 'an image with nothing wrong passes') or diag $said;
is((run_program('gate', '--max-age', '10m', 'registry.example/clean/app:1'))[0], 3,
	'its scan may be too old to tell');
is((run_program('gate', 'registry.example/clean/app:1', $bad->{name}))[0], 1,
	'one of several refused is refused');
run_fails(2, qr/--max-age soon/, 'gate', '--max-age', 'soon', $bad->{name});
run_fails(2, qr/policy/, 'gate', '--policy', 'none', $bad->{name});

# ---- acts, and who may do them ----
my %may = (
	lead => [1, 1, 1, 1], auditor => [1, 1, 0, 0], engineer => [0, 1, 1, 1],
	viewer => [0, 0, 0, 0]);
my @acts = (
	['assess', 'CN-DATA-02', 'pass', '--note', 'seen'],
	['note', 'image', $image->{name}, 'looked at'],
	['own', 'image', $image->{name}, 'team-a'],
	['ack', $alert->{id}]);
for my $role (qw(viewer auditor engineer lead)) {
	for my $i (0 .. $#acts) {
		next if $acts[$i][0] eq 'ack' && $role eq 'lead';
		my @words = (@{ $acts[$i] }, '--role', $role);
		my $before = rows('audit');
		if ($may{$role}[$i]) {
			run_ok(@words);
		} else {
			run_fails(2, qr/$role/, @words);
		}
		is(rows('audit') - $before, $may{$role}[$i],
			"the trail has what $role did, and nothing else");
	}
}
run_fails(2, qr/auditor/, 'import', $clean, '--role', 'auditor');
run_fails(2, qr/viewer/, 'import', $clean, '--role', 'viewer');
run_fails(2, qr/auditor/, 'alias', 'cluster', 'prod-eu', 'other', '--role', 'auditor');
run_ok('alias', 'cluster', 'prod-eu', 'europe');
run_fails(2, qr/only clusters/, 'alias', 'image', 'a', 'b');
run_fails(2, qr/no answer/, 'assess', 'CN-DATA-01', 'maybe');
run_fails(2, qr/./, 'assess', 'CN-NONE-99', 'pass');
run_fails(2, qr/no kind of thing/, 'note', 'weather', 'today', 'fine');
is((objects(run_ok('show', 'image', $image->{name}, '--json')))[0]{owner}, 'team-a', 'owned');
my ($open) = grep { $_->{due} } objects(run_ok('list', 'findings', 'state:open', '--json'));
run_fails(2, qr/needs an exception/, 'due', 'finding', $open->{id}, '3650d');
run_fails(2, qr/wants 3d/, 'due', 'finding', $open->{id}, 'soon');
run_fails(2, qr/nobody set/, 'due', 'finding', $open->{id}, 'none');
run_fails(2, qr/findings and problems/, 'due', 'image', $image->{name}, '3d');
is((objects(run_ok('show', 'item', 'CN-DATA-02', '--json')))[0]{answer}, 'pass', 'answered');
is((objects(run_ok('show', 'alert', $alert->{id}, '--json')))[0]{state}, 'acknowledged',
	'acknowledged');
run_ok('ack', '--contain', $alert->{id});
run_ok('ack', '--close', '--note', 'done', $alert->{id});
run_fails(2, qr/./, 'ack', $alert->{id});

# ---- reading only ----
my @writes = (@acts, ['import', $clean], ['alias', 'cluster', 'prod-eu', 'west']);
my $before = contents();
run_fails(2, qr/read-only/, '--read-only', @$_) for @writes;
is(contents(), $before, 'nothing is written read-only');
mkdir "$room/sealed";
my $sealed = "$room/sealed/demo.db";
system('cp', '--', $demo, $sealed) == 0 or die 'cp';
system("cp -- '$demo-wal' '$sealed-wal' 2>/dev/null");
store($sealed);
run_ok('status');
unlink "$sealed-wal", "$sealed-shm";
chmod 0444, $sealed;
chmod 0555, "$room/sealed";
SKIP: {
	chmod 0755, $room, "$room/..";
	my %nobody = (child => sub { $> = $) = 65534 if $> == 0; $< = $> if $< == 0 });
	skip 'nobody cannot run the program here', 5
		if (run_program({ child => $nobody{child}, out => '/dev/null' }, '--version'))[0];
	like(run_ok(\%nobody, '--read-only', 'status'), qr/POSTURE/, 'a store in a sealed folder');
	like(run_ok(\%nobody, '--read-only', '--once', 'messages'),
		qr/opened as unchangeable: what others write meanwhile is not seen/,
		'who stays in it is told what is not seen');
}
chmod 0755, "$room/sealed";

# ---- the same answer each time ----
store($demo);
for my $words (['status'], ['list', 'findings', '--json'], ['report', 'audit', '-f', 'html'],
	['report', 'audit', '--framework', 'HIPAA', '-f', 'json'],
	['list', 'controls', '--csv'], ['--once', 'overview']) {
	is(run_ok(@$words), run_ok(@$words), "@$words: the same bytes again");
}
for my $view (words_of('tui/views.def', 'VIEW')) {
	last if $view eq 'image'; # the rest need an object
	like(run_ok('--once', $view), qr/\S/, "--once $view");
}
run_fails(2, qr/nowhere/, '--once', 'nowhere');

# ---- the trail ----
like(run_ok('verify'), qr/\Aintact: \d+ records/, 'the trail is intact');
is((objects(run_ok('verify', '--json')))[0]{intact}, JSON::PP::true, 'also in JSON');
SKIP: {
	skip 'sqlite3 is not installed', 3 if system('sqlite3 --version >/dev/null 2>&1');
	my $trigger = qx(sqlite3 '$demo' "SELECT name FROM sqlite_schema
		WHERE type = 'trigger' AND tbl_name = 'audit'");
	my $sql = join '', map({ "DROP TRIGGER $_;" } split ' ', $trigger),
		"UPDATE audit SET actor = 'nobody' WHERE seq = 5";
	system('sqlite3', $demo, $sql) == 0 or die 'sqlite3';
	my ($no, $why) = run_program('verify');
	is($no, 1, 'a changed record is found');
	like($why, qr/TAMPERED: record #5\b/, 'and named');
	is((objects((run_program('verify', '--json'))[1]))[0]{intact}, JSON::PP::false,
		'also in JSON');
}

done_testing();
