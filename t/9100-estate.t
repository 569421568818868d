#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9100-estate.t - the demo estate is the same each time, and its files agree with one another.
use strict;
use warnings;
use Digest::SHA;
use File::Find;
use JSON::PP;
use Test::More;

my $estate = $ENV{SEAWORTHY_ESTATE} or plan skip_all => 'run by make test';

sub run_estate {
	my ($dir) = @_;
	is(system($estate, $dir), 0, "estate writes $dir");
	my @files;
	find({ no_chdir => 1, wanted => sub { push @files, $_ if -f } }, $dir);
	@files = sort @files;
	my $sum = Digest::SHA->new(256);
	for my $file (@files) {
		$sum->add(substr($file, length $dir), "\0");
		$sum->addfile($file);
	}
	return ($sum->hexdigest, @files);
}

# Lines of words that jq prints for some files.
sub jq {
	my ($filter, @names) = @_;
	open my $out, '-|', 'jq', '-r', $filter, @names or die "jq: $!";
	my @lines = map { chomp; [split] } <$out>;
	close $out or die 'jq fails';
	return @lines;
}

my ($sum, @files) = run_estate("$ENV{TMPDIR}/one");
my ($again) = run_estate("$ENV{TMPDIR}/two");
is($again, $sum, 'two runs write the same bytes');

# ---- images ----
my (%digest, %trivy, %grype, %day);
for (jq(<<'END', grep { m{/trivy/} } @files)) {
	.Metadata.RepoDigests[0] as $image | .CreatedAt[:10] as $day |
	"\($image) \(.ArtifactName)", (.Results[].Vulnerabilities[]? |
	"\($image) \(.VulnerabilityID) \(.PkgName | split(":") | last) \(.Severity) \($day)")
END
	my ($image, $id, $package, $severity, $day) = @$_;
	if (defined $package) {
		$trivy{$image}{ lc "$id $package" } = lc $severity;
		$day{$day}{$image}{ lc "$id $package" } = 1;
	} else {
		$digest{$image} = $id;
	}
}
for (jq(<<'END', grep { m{/grype/} } @files)) {
	.source.target.repoDigests[0] as $image | .matches[] |
	"\($image) \(.relatedVulnerabilities[0].id) \(.artifact.name) \(.vulnerability.severity)"
END
	my ($image, $id, $package, $severity) = @$_;
	$grype{$image}{ lc "$id $package" } = lc $severity;
}
my %repo = map { s/\@.*//r => 1 } keys %digest;
is(scalar keys %digest, 40, 'forty images');
is(scalar keys %repo,   12, 'of twelve repositories');
is_deeply([sort keys %grype], [sort keys %trivy], 'both scanners saw the same images');

my ($both, $alone, $differ) = (0, 0, 0);
for my $image (keys %trivy) {
	my ($t, $g) = ($trivy{$image}, $grype{$image});
	for (keys %$t) {
		if (exists $g->{$_}) {
			$both++;
			$differ++ if $t->{$_} ne $g->{$_};
		} else {
			$alone++;
		}
	}
	$alone += grep { !exists $t->{$_} } keys %$g;
}
cmp_ok($both, '>', 3000, 'about three thousand findings and more');
cmp_ok($alone, '>', 0, 'some are seen by one scanner only');
cmp_ok($alone, '<', $both / 20, 'few are');
cmp_ok($differ, '>', 0, 'they differ on some severities');
cmp_ok($differ, '<', $both / 2, 'and agree on most');

# ---- history ----
sub rows_of {
	my ($day, $name) = @_;
	my ($image) = grep { $digest{$_} eq "registry.example/$name" } keys %{ $day{$day} };
	return $day{$day}{$image};
}
my @week = map { rows_of($_, 'payments/api:2.14.1') } qw(2026-11-09 2026-11-16 2026-11-23);
my @new = grep { !$week[0]{$_} && $week[1]{$_} } keys %{ $week[1] };
my @back = grep { $week[0]{$_} && !$week[1]{$_} } keys %{ $week[2] };
cmp_ok(scalar @new, '>', 0, 'databases learn of new vulnerabilities');
cmp_ok(scalar @back, '>', 0, 'some vanish for a week and come back');
my $old = rows_of('2026-11-16', 'web/edge-proxy:7.1');
my $next = rows_of('2026-11-23', 'web/edge-proxy:7.2');
cmp_ok(scalar(keys %$next), '<', scalar(keys %$old), 'a newer build has fewer');
my @builds = grep { $digest{$_} eq 'registry.example/web/edge-proxy:7.2' } keys %digest;
is(scalar @builds, 2, 'a tag moves from one digest to another');

# ---- clusters ----
my @pods = jq('.items[] | select(.kind == "Pod") | .status.containerStatuses[].imageID',
              grep { m{/inventory\.json$} } @files);
my $strangers = grep { !$digest{ $_->[0] } } @pods;
cmp_ok(scalar @pods, '>', 100, 'pods run');
is($strangers, 0, 'every image that runs was scanned');
my %node = map { m{/kube-bench/(.*)\.json$} ? ($1 => 1) : () } @files;
is(scalar keys %node, 6, 'kube-bench ran on six nodes');
is(scalar(grep { m{/2026-11-23/edge-1/} } @files), 0, 'the edge is silent');
is(scalar(grep { m{/2026-11-14/edge-1/} } @files), 2, 'since nine days');

# ---- runtime ----
my ($events, $unknown, $disorder, %alert) = (0, 0, 0);
my %name = reverse %digest;
for my $file (grep { m{/falco\.json$} } @files) {
	open my $in, '<:raw', $file or die "$file: $!";
	my $before = '';
	while (<$in>) {
		my $event = decode_json($_);
		my $f = $event->{output_fields};
		$events++;
		my $image = join ':', map { $f->{"container.image.$_"} } qw(repository tag);
		$unknown++ unless $name{$image};
		$disorder++ if $event->{time} lt $before;
		$before = $event->{time};
		next if $event->{priority} eq 'Informational';
		next if $event->{time} lt '2026-11-22T20:00';
		$alert{"$event->{rule} $f->{'container.id'}"} ||= $event->{time};
	}
}
is($events, 200, 'two hundred events');
is($disorder, 0, 'each file in the order of time');
is($unknown, 0, 'all of them in containers of known images');
is(scalar keys %alert, 9, 'nine alerts wait on the last day');
my @late = grep { /^Terminal shell/ } keys %alert;
like($alert{ $late[0] }, qr/^2026-11-22T20:28:00/, 'one of them for longer than a day');

done_testing();
