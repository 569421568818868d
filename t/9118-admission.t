#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9118-admission.t - the CEL of exported admission policies is read by the language's grammar and
# run over pods, as an engine would: no engine is at hand here. What is not in the part of CEL that
# is written below makes the test fail. Source: cel-spec, langdef.md; optional values: cel-go, ext.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

# ---- CEL: an expression becomes a closure over its variables ----
my (@token, %bound);
my $absent = bless {}, 'Absent';

sub tokens {
	my ($text) = @_;
	my @out;
	for ($text) {
		while (/\G\s*(?=\S)/gc) {
			if (/\G(r'[^']*')/gc or /\G('(?:[^'\\]|\\.)*')/gc
				or /\G(\d+|[A-Za-z_]\w*)/gc
				or /\G(\.\?|\[\?|&&|\|\||[=!<>]=|[-+!<>?:.,()[\]{}])/gc) {
				push @out, $1;
			} else {
				die 'no token: ' . substr($_, pos) . "\n";
			}
		}
	}
	return @out;
}

sub peek { return $token[0] // '' }

sub take {
	my ($want) = @_;
	my $is = shift(@token) // 'the end';
	die "$is where $want should be\n" if defined $want && $is ne $want;
	return $is;
}

sub truth {
	my ($v) = @_;
	die "no truth value\n" if ref $v ne 'Bool';
	return $$v;
}

sub bool { my ($v) = @_; return bless \(my $b = $v ? 1 : 0), 'Bool' }

sub same {
	my ($a, $b) = @_;
	return $$a == $$b if ref $a eq 'Bool' && ref $b eq 'Bool';
	die "types that do not compare\n" if ref $a || ref $b;
	return $a eq $b;
}

sub ternary {
	my $if = binary(0);
	return $if if peek() ne '?';
	take('?');
	my $then = binary(0);
	take(':');
	my $else = ternary();
	return sub { truth($if->(@_)) ? $then->(@_) : $else->(@_) };
}

my @level = (['||'], ['&&'], [qw(== != < > <= >= in)], [qw(+)]);
my %op = (
	'==' => sub { bool(same(@_)) }, '!=' => sub { bool(!same(@_)) },
	'<' => sub { bool($_[0] < $_[1]) }, '>' => sub { bool($_[0] > $_[1]) },
	'<=' => sub { bool($_[0] <= $_[1]) }, '>=' => sub { bool($_[0] >= $_[1]) },
	'in' => sub { my ($x, $l) = @_; bool(scalar grep { same($x, $_) } @$l) },
	'+' => sub { ref $_[0] eq 'ARRAY' ? [@{ $_[0] }, @{ $_[1] }] : $_[0] . $_[1] },
);

sub binary {
	my ($n) = @_;
	return unary() if $n == @level;
	my $left = binary($n + 1);
	while (grep { peek() eq $_ } @{ $level[$n] }) {
		my ($a, $o) = ($left, take());
		my $b = binary($n + 1);
		$left = $o eq '||' ? sub { bool(truth($a->(@_)) || truth($b->(@_))) }
			: $o eq '&&' ? sub { bool(truth($a->(@_)) && truth($b->(@_))) }
			: sub { $op{$o}->($a->(@_), $b->(@_)) };
	}
	return $left;
}

sub unary {
	if (peek() eq '!') {
		take();
		my $x = unary();
		return sub { bool(!truth($x->(@_))) };
	}
	if (peek() eq '-') {
		take();
		my $x = unary();
		return sub { -$x->(@_) };
	}
	return member(primary());
}

sub arguments {
	my ($close) = @_;
	my @list;
	while (peek() ne $close) {
		push @list, ternary();
		take(',') if peek() ne $close;
	}
	take($close);
	return @list;
}

sub primary {
	my $t = take();
	if ($t eq '(') {
		my $x = ternary();
		take(')');
		return $x;
	}
	if ($t eq '[') {
		my @item = arguments(']');
		return sub { my @v = @_; [map { $_->(@v) } @item] };
	}
	if ($t eq '{') {
		take('}');
		return sub { {} };
	}
	if ($t =~ /^r'(.*)'$/s) { # raw
		my $s = $1;
		return sub { $s };
	}
	if ($t =~ /^'(.*)'$/s) {
		my $s = $1 =~ s/\\x\{?([0-9a-f]+)\}?/chr hex $1/gre =~ s/\\(.)/$1/gr;
		return sub { $s };
	}
	return sub { $t } if $t =~ /^\d/;
	return sub { bool($t eq 'true') } if $t =~ /^(?:true|false)$/;
	if ($t eq 'has') {
		take('(');
		my $x = ternary();
		take(')');
		return sub { my @v = @_; bool(defined eval { $x->(@v) }) };
	}
	if ($t eq 'string') {
		take('(');
		my $x = ternary();
		take(')');
		return sub { my $v = $x->(@_); ref $v ? die "no text\n" : "$v" };
	}
	die "$t is no name here\n" if !$bound{$t};
	return sub { my ($env) = @_; exists $env->{$t} ? $env->{$t} : die "no $t\n" };
}

sub field {
	my ($x, $name, $optional) = @_;
	return $absent if ref $x eq 'Absent';
	die "$name of what has no fields\n" if ref $x ne 'HASH';
	return $x->{$name} if exists $x->{$name};
	return $optional ? $absent : die "no $name\n";
}

my %method = (
	orValue => sub { my ($x, $or) = @_; ref $x eq 'Absent' ? $or : $x },
	find => sub { my ($s, $re) = @_; ref $s ? die "no text\n" : $s =~ /($re)/ ? $1 : '' },
	substring => sub {
		my ($s, $from, $to) = @_;
		return substr $s, $from, ($to // length $s) - $from;
	},
	size => sub { length $_[0] },
	contains => sub { my ($s, $in) = @_; bool(index($s, $in) >= 0) },
	startsWith => sub { my ($s, $with) = @_; bool(index($s, $with) == 0) },
	lowerAscii => sub { lc $_[0] },
	matches => sub { my ($s, $re) = @_; ref $s ? die "no text\n" : bool($s =~ /$re/) },
);

# all(x, test), exists(x, test), filter(x, test), map(x, value)
sub macro {
	my ($of, $name) = @_;
	my $x = take();
	take(',');
	local $bound{$x} = 1;
	my $test = ternary();
	take(')');
	return sub {
		my ($env) = @_;
		my $list = $of->($env);
		die "$name of no list\n" if ref $list ne 'ARRAY';
		return [map { $test->({ %$env, $x => $_ }) } @$list] if $name eq 'map';
		my @hit = grep { truth($test->({ %$env, $x => $_ })) } @$list;
		return $name eq 'filter' ? \@hit : bool($name eq 'all' ? @hit == @$list : @hit);
	};
}

sub member {
	my ($x) = @_;
	while (peek() =~ /^(?:\.|\.\?|\[|\[\?)$/) {
		my ($how, $of) = (take(), $x);
		if ($how =~ /\[/) {
			my $key = ternary();
			take(']');
			$x = sub { field($of->(@_), $key->(@_), $how eq '[?') };
			next;
		}
		my $name = take();
		die "$name is no field\n" if $name !~ /^[A-Za-z_]\w*$/;
		if (peek() ne '(') {
			$x = sub { field($of->(@_), $name, $how eq '.?') };
			next;
		}
		take();
		if ($name =~ /^(?:all|exists|filter|map)$/) {
			$x = macro($of, $name);
			next;
		}
		my $do = $method{$name} // die "$name is no function here\n";
		my @argument = arguments(')');
		$x = sub { my @v = @_; $do->($of->(@v), map { $_->(@v) } @argument) };
	}
	return $x;
}

sub compile {
	my ($text, @names) = @_;
	%bound = map { ($_ => 1) } @names;
	@token = tokens($text);
	my $run = ternary();
	die 'left over: ' . peek() . "\n" if @token;
	return $run;
}

# ---- what is exported: of each policy its variables, then what has to hold ----
sub policies {
	my ($engine) = @_;
	my %out;
	for my $doc (split /^---\n/m, run_ok('--policy', 'asked', 'policy', 'export', '--engine',
		$engine)) {
		my ($id) = grep { defined } ($doc =~ /^    - name: (\S+)/m,
			$doc =~ /^        kind: Seaworthy(\S+)/m);
		next if !defined $id;
		my (@variable, @holds);
		while ($doc =~ /^ +- (?:name: (\w+)\n +)?expression: >-\n +(.*)\n/mg) {
			my ($of, $cel) = ($1, $2);
			my $run = eval { compile($cel, qw(object variables)) };
			is($@, '', "$engine $id: " . ($of // 'what holds') . ' is CEL');
			push @{ defined $of ? \@variable : \@holds }, [$of, $run];
		}
		$out{ lc $id =~ s/-//gr } = { variable => \@variable, holds => \@holds } if @holds;
	}
	return \%out;
}

# Does it let the object in?
sub admits {
	my ($policy, $object) = @_;
	my %env = (object => $object, variables => { anyObject => $object });
	$env{variables}{ $_->[0] } = $_->[1]->(\%env) for @{ $policy->{variable} };
	for my $holds (@{ $policy->{holds} }) {
		return 0 if !truth($holds->[1]->(\%env));
	}
	return 1;
}

sub refusing {
	my ($policies, $object) = @_;
	my @no;
	for my $id (sort keys %$policies) {
		my $yes = eval { admits($policies->{$id}, $object) };
		fail("$id: $@") if !defined $yes;
		push @no, $id if !$yes;
	}
	return join ' ', @no;
}

my $policies = own_policies();
spew("$policies/asked.json", '{"extends":"baseline","approved":{"registries":["ok.example"]}}');
my $t = sub { bool(1) };
my $f = sub { bool(0) };
my %amount = (cpu => '100m', memory => '64Mi', 'ephemeral-storage' => '1Gi');
my $good = sub {
	my (%more) = @_;
	return { name => 'main', image => 'ok.example/app@sha256:' . 'a' x 64,
		imagePullPolicy => 'Always',
		securityContext => { runAsNonRoot => $t->(), runAsUser => 1000,
			readOnlyRootFilesystem => $t->(), allowPrivilegeEscalation => $f->(),
			privileged => $f->(), capabilities => { drop => ['ALL'] },
			seccompProfile => { type => 'RuntimeDefault' },
			appArmorProfile => { type => 'RuntimeDefault' },
			seLinuxOptions => { type => 'container_t' } },
		resources => { limits => { %amount }, requests => { %amount } },
		livenessProbe => { tcpSocket => { port => 1 } },
		readinessProbe => { tcpSocket => { port => 1 } }, %more };
};
my $pod = sub {
	my ($container, %more) = @_;
	return { apiVersion => 'v1', kind => 'Pod',
		metadata => { name => 'p', namespace => 'shop' },
		spec => { automountServiceAccountToken => $f->(), serviceAccountName => 'app',
			containers => [$container], %more } };
};

my $secure = sub {
	my (%more) = @_;
	my $c = $good->();
	$c->{securityContext} = { %{ $c->{securityContext} }, %more };
	return $c;
};
my $less = sub {
	my ($of, $what) = @_;
	my $c = $good->();
	$c->{resources}{$of} = { map { ($_ => $amount{$_}) } grep { $_ ne $what } keys %amount };
	return $c;
};
my $without = sub {
	my ($field) = @_;
	my $c = $good->();
	delete $c->{$field};
	return $c;
};
my $workload = sub {
	my ($kind, $spec) = @_;
	my $template = { metadata => { labels => { app => 'a' } }, spec => $spec };
	my $under = { template => $template };
	return { apiVersion => 'v1', kind => $kind,
		metadata => { name => 'w', namespace => 'shop' },
		spec => $kind eq 'CronJob' ? { jobTemplate => { spec => $under } } : $under };
};
my $files = sub { return [{ name => 'v', hostPath => { path => $_[0] } }] };
my @case = (
	['', 'a good pod', $pod->($good->())],
	['rootuser', 'user 0', $pod->($secure->(runAsUser => 0))],
	['readonlyroot', 'a root that can be written',
		$pod->($secure->(readOnlyRootFilesystem => $f->()))],
	['privilegeescalation', 'more privileges', $pod->($secure->(allowPrivilegeEscalation =>
		$t->()))],
	['addedcapabilities', 'a capability added', $pod->($secure->(capabilities =>
		{ drop => ['ALL'], add => ['SYS_TIME'] }))],
	['dropallcapabilities netraw', 'none dropped', $pod->($secure->(capabilities => {}))],
	['seccomp', 'no seccomp', $pod->($secure->(seccompProfile => { type => 'Unconfined' }))],
	['apparmor', 'no AppArmor', $pod->($secure->(appArmorProfile => { type => 'Unconfined' }))],
	['selinux', 'another SELinux type', $pod->($secure->(seLinuxOptions =>
		{ type => 'spc_t' }))],
	['procmount', 'all of /proc', $pod->($secure->(procMount => 'Unmasked'))],
	['approvedregistries', 'another registry', $pod->($good->(image =>
		'evil.example/app@sha256:' . 'a' x 64))],
	['approvedregistries', 'a registry that only begins so', $pod->($good->(image =>
		'ok.example.evil/app@sha256:' . 'a' x 64))],
	['imagedigest', 'a tag alone', $pod->($good->(image => 'ok.example/app:1.2'))],
	['imagedigest latesttag', 'the newest', $pod->($good->(image => 'ok.example/app'))],
	['hostnetwork', 'the network of the node', $pod->($good->(), hostNetwork => $t->())],
	['hostpid', 'its processes', $pod->($good->(), hostPID => $t->())],
	['hostipc', 'its memory', $pod->($good->(), hostIPC => $t->())],
	['hostport', 'a port of it', $pod->($good->(ports =>
		[{ containerPort => 1, hostPort => 80 }]))],
	['sensitivehostpath', 'files of it that rule it', $pod->($good->(), volumes =>
		$files->('/etc/kubernetes'))],
	['hostpath', 'other files of it', $pod->($good->(), volumes => $files->('/data/a'))],
	['livenessprobe', 'no probe', $pod->($without->('livenessProbe'))],
	['memorylimit', 'no bound of memory', $pod->($less->('limits', 'memory'))],
	['', 'no wish of time: the bound is one', $pod->($less->('requests', 'cpu'))],
	['cpulimit cpurequest', 'neither', $pod->($good->(resources =>
		{ limits => { memory => '1Gi' }, requests => { memory => '1Gi' } }))],
	['serviceaccounttoken', 'a token of its account', $pod->($good->(),
		automountServiceAccountToken => $t->())],
	['rootuser', 'an init container', $pod->($good->(), initContainers =>
		[$secure->(runAsUser => 0)])],
	['rootuser', 'an ephemeral container', $pod->($good->(), ephemeralContainers =>
		[$secure->(runAsUser => 0)])],
	map { (['', "a good $_", $workload->($_, $pod->($good->())->{spec})],
		['rootuser', "a $_ of root's", $workload->($_, $pod->($secure->(runAsUser =>
			0))->{spec})])
	} qw(Deployment StatefulSet DaemonSet ReplicaSet Job CronJob),
);
for my $engine (qw(kyverno gatekeeper)) {
	my $p = policies($engine);
	cmp_ok(scalar keys %$p, '>=', 30, "$engine: each check is a policy");
	is(refusing($p, $_->[2]), $_->[0], "$engine: $_->[1]") for @case;
}

done_testing();
