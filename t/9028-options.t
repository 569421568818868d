#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9028-options.t - what the options of `import` say holds for every format alike: names from the
# file's and its folder's, parts of a whole, all of it, a try that changes nothing.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

my $room = "$ENV{TMPDIR}/reports";
mkdir $room or die $room;

# Cases of t/import that are imported, or would be with an image, as files DIR/STEM.x.json.
sub cases {
	my @case;
	for my $folder (sort glob 't/import/*/*') {
		my ($input) = glob "$folder/input*";
		my $expected = slurp("$folder/expected");
		my $options = -e "$folder/options" ? slurp("$folder/options") : '';
		my $nameless = $options =~ /^image /m || $expected =~ /^error: .*--image NAME:TAG/m;
		next if !$input || -d $input || (!$nameless && $expected =~ /^error: /m);
		my ($format, $name) = $folder =~ m{([^/]+)/([^/]+)\z};
		my ($ending) = $input =~ /input(.*)\z/;
		mkdir "$room/$format";
		push @case, { format => $format, name => $name, nameless => $nameless,
			file => spew("$room/$format/$name.x$ending", slurp($input)),
			more => [map { ('--format', $_) } $options =~ /^format (\S+)/m] };
	}
	return @case;
}

my @names = ('--cluster', '{dir}', '--node', '{stem}',
	'--image', 'registry.example/{dir}/{stem}:1');

sub brought {
	my ($case, $file, @options) = @_;
	my @words = ('import', '--json', @names, @{ $case->{more} }, @options, $file);
	return (objects(run_ok(@words)))[0];
}

my %counts = map { $_ => 1 } qw(read created reopened resolved severity skipped);
sub counts {
	my ($said) = @_;
	return { map { $_ => $said->{$_} } grep { exists $said->{$_} } keys %counts };
}

# The newest import's scans.
sub scans {
	my ($file) = @_;
	return grep { $_->{file} eq $file } objects(run_ok('list', 'scans', '--json'));
}

store();
run_ok('list', 'scans');
my $empty = contents();
my $fresh = $ENV{SEAWORTHY_STORE};

# The first case of each format, and its first that may want an image.
my (%seen, %asked, @chosen);
for my $case (cases()) {
	my $format = $case->{format};
	next if $seen{$format} && !($case->{nameless} && !$asked{$format});
	$asked{$format} = 1 if $case->{nameless};
	push @chosen, { %$case, again => $seen{$format}++ };
}
cmp_ok(scalar keys %seen, '>', 45, 'the formats of t/import');
cmp_ok(scalar keys %asked, '>', 7, 'and those that may want an image');

for my $case (some(4, @chosen)) {
	my ($format, $name) = @$case{qw(format name)};
	subtest "$format/$name" => sub {
		spew(store(), slurp($fresh));
		my $dry = brought($case, $case->{file}, '--dry-run');
		is(contents(), $empty, 'a dry run changes nothing');
		my $said = brought($case, $case->{file});
		is_deeply(counts($dry), counts($said), 'and tells what an import does');
		my @scan = scans($case->{file});
		is_deeply([grep { ($_->{cluster} // $format) ne $format
			|| ($_->{node} // $name) ne $name } @scan], [], 'both by names');
		if ($case->{nameless}) {
			my $filter = 'running or current or retired';
			my %named = map { $_->{name} => 1 } # one for each platform
				objects(run_ok('list', 'images', $filter, '--json'));
			is_deeply([keys %named],
				["registry.example/$format/$name:1"], 'and the image');
		}
		return if $case->{again};
		my $part = spew("$room/$format/part.x", slurp($case->{file}) . "\n");
		my $again = brought($case, $part, '--partial');
		is_deeply([grep { $_ } values %{ $again->{resolved} }], [],
			'a part of it resolves nothing');
		is_deeply([grep { !defined $_->{partial} } scans($part)], [], 'and is told as one');
		my $whole = spew("$room/$format/whole.x", slurp($case->{file}) . "\n\n");
		brought($case, $whole, '--complete');
		is_deeply([grep { ($_->{partial} // '') eq 'asked for' } scans($whole)], [],
			'one that is said to be whole is not');
	};
}
done_testing();
