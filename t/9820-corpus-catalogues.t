# SPDX-License-Identifier: MIT
# 9820-corpus-catalogues.t - OSCAL's catalogues and profiles, where $SEAWORTHY_CORPUS holds some: as
# many controls as jq counts, and a profile has those that it selects.
use strict;
use warnings;
use File::Temp qw(tempdir);
use JSON::PP;
use Test::More;

my $corpus = $ENV{SEAWORTHY_CORPUS};
plan skip_all => 'SEAWORTHY_CORPUS names no collection of reports' unless defined $corpus;
plan skip_all => 'jq is not installed' if system('jq --version >/dev/null 2>&1') != 0;
my $program = $ENV{SEAWORTHY};
my $store = tempdir(CLEANUP => 1) . '/store.db';

sub output {
	my (@command) = @_;
	open my $in, '-|', @command or die "$command[0]: $!";
	local $/;
	my $text = <$in> // '';
	close $in;
	return ($text, $?);
}

sub imported {
	my ($file) = @_;
	my ($text, $status) = output($program, 'import', '--json', '--store', $store,
		"$corpus/oscal/$file");
	return (decode_json($text), $status);
}

sub number {
	my ($filter, $file) = @_;
	my ($text) = output('jq', $filter, "$corpus/oscal/$file");
	return $text + 0;
}

my $resolved = "NIST_SP-800-53_rev5_MODERATE-resolved-catalog-min.json";
my $full = 'NIST_SP-800-53_rev5_catalog-min-5.0.1.json';
my @profile = ('NIST_SP-800-53_rev5_MODERATE-baseline_profile.json',
	'FedRAMP_rev5_MODERATE-baseline_profile.json');
my $selected = '[.profile.imports[]["include-controls"][]["with-ids"][]] | length';
my ($said, $status) = imported($profile[0]);
isnt($status, 0, 'a profile before its catalogue is refused');
like($said->{error}, qr/NIST_SP-800-53_rev5, which is not here/, 'and says what is missing');
for my $file ($resolved, $full, "basic-catalog.json") {
	($said, $status) = imported($file);
	is($status, 0, "$file: imported");
	is($said->{read}{entries}, 1 + number('[.. | .controls? // empty | .[]] | length', $file),
		"$file: every control, and the framework");
	is_deeply($said->{skipped}, [], "$file: nothing left out");
}
for my $file (@profile) {
	($said, $status) = imported($file);
	is($status, 0, "$file: imported");
	my ($key) = $file =~ /^(.*)_profile/;
	my ($text) = output($program, 'list', 'frameworks', '--json', '--store', $store);
	my ($row) = grep { $_->{framework} eq $key } map { decode_json($_) } split /\n/, $text;
	is($row->{controls}, number($selected, $file), "$file: the controls that it selects");
}
done_testing();
