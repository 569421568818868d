# SPDX-License-Identifier: MIT
# 9022-oscal.t - a profile finds its catalogue, whichever of them comes first in a folder.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use JSON::PP;
use Test::More;

my $room = "$ENV{TMPDIR}/oscal";
mkdir $room or die $room;
my $profile = '{"profile": {"uuid": "p", "metadata": {"title": "Base"}, "imports":'
	. ' [{"href": "z_catalog.json", "include-controls": [{"with-ids": ["ac-1"]}]}]}}';
spew("$room/a_profile.json", $profile);
store();
run_fails(4, qr{a_profile\.json: it selects controls of z, which is not here}, 'import',
	"$room/a_profile.json");
spew("$room/z_catalog.json", '{"catalog": {"uuid": "c", "metadata": {"title": "All"}, "controls":'
	. ' [{"id": "ac-1", "title": "One"}, {"id": "ac-2", "title": "Two"}]}}');
my @said = objects(run_ok('import', '--json', $room));
is(scalar @said, 2, 'each file is told once');
my %controls = map { $_->{framework} => $_->{controls} }
	objects(run_ok('list', 'frameworks', '--json'));
is($controls{z}, 2, 'the catalogue has its controls');
is($controls{a}, 1, 'the profile has the one that it selects');

# ---- two frameworks of one title, one that is too long ----
spew("$room/twin_profile.json", $profile =~ s/"Base"/"All"/r);
spew("$room/long_profile.json", $profile =~ s/"Base"/"A baseline @{[ 'so ' x 12 ]}long"/r);
run_ok('import', '-q', '--', "$room/twin_profile.json", "$room/long_profile.json",
	report('scan.json', trivy('shop/web:1', 'a')));
my $status = run_ok('status');
like($status, qr/^\Q$_\E +0 /m, "status tells $_ by a name of its own")
	for 'All (z)', 'All (twin)', 'Base', 'long';

# ---- what a profile changes, and a profile of that profile ----
sub prose { return { id => $_[0], name => $_[1], prose => $_[2], @_[3 .. $#_] } }
sub control_of {
	my ($framework, $id) = @_;
	my ($said) = objects(run_ok('show', 'control', "$framework:$id", '--json'));
	return $said;
}
sub oscal {
	my ($file, $kind, %what) = @_;
	spew("$room/$file", encode_json({ $kind => { uuid => $file, metadata => { title => $file },
		%what } }));
	return "$room/$file";
}
my $room_of_two = oscal('base_catalog.json', 'catalog', controls => [
	{ id => 'c-1', title => 'One', params => [{ id => 'c-1_prm_1', label => 'a time' },
		{ id => 'free', label => 'a place' },
		{ id => 'c-1_prm_2',
			select => { choice => ['x', 'in {{ insert: param, free }}'] } }],
	  parts => [prose('s', 'statement', 'It is', parts => [
		prose('s.a', 'item', 'done within {{ insert: param, c-1_prm_1 }},'),
		prose('s.b', 'item', 'kept {{ insert: param, c-1_prm_2 }}.')]),
		prose('g', 'guidance', 'Long.')],
	  controls => [{ id => 'c-1.1', title => 'Child' }] },
	{ id => 'c-2', title => 'Two' }]);
my @import = ('include-controls' =>
	[{ 'with-ids' => ['c-1'], 'with-child-controls' => 'yes' }]);
my $overlay = oscal('over_profile.json', 'profile',
	imports => [{ href => 'base_catalog.json', @import }],
	modify => {
		'set-parameters' => [{ 'param-id' => 'c-1_prm_1', values => ['a day'] },
			{ 'param-id' => 'free', constraints => [{ description => 'the vault' }] },
			{ 'param-id' => 'c-1_odp', values => ['told below'] },
			{ 'param-id' => 'c-9_odp', values => ['nowhere'] }],
		alters => [{ 'control-id' => 'c-1',
			removes => [{ 'by-name' => 'guidance' }],
			adds => [{ title => 'One, tailored' },
				{ position => 'starting', 'by-id' => 's',
				parts => [prose('s.0', 'item', 'always')] },
				{ position => 'before', 'by-id' => 's.b',
				parts => [prose('s.x', 'item', 'seen,')] }] },
			{ 'control-id' => 'c-2', adds => [{ title => 'not selected' }] }] });
my $tighter = oscal('tight_profile.json', 'profile',
	imports => [{ href => 'over_profile.json', @import }],
	modify => { 'set-parameters' => [{ 'param-id' => 'c-1_prm_1', values => ['an hour'] }],
		alters => [{ 'control-id' => 'c-1', removes => [{ 'by-id' => 's.b' }] }] });
my ($two, $over) = objects(run_ok('import', '--json', $room_of_two, $overlay, $tighter));
is_deeply([map { "$_->{place}: $_->{reason}" } @{ $over->{skipped} }],
	['alters c-2: it selects no such control',
	 'set-parameters c-9_odp: no control that it selects has it'],
	'what holds nothing is told');
is(control_of('over', 'c-1')->{text}, join("\n", 'It is', 'always', 'done within a day,',
	'seen,', 'kept [Selection: x; in [Assignment: the vault]].', 'c-1_odp: told below'),
	'parts and parameters as the profile has them');
is(control_of('over', 'c-1')->{title}, 'One, tailored', 'and the title');
is(control_of('base', 'c-1')->{title}, 'One', 'the catalogue is as it was');
is(control_of('over', 'c-1.1')->{title}, 'Child', 'with child controls');
is(control_of('tight', 'c-1')->{text}, join("\n", 'It is', 'always', 'done within an hour,',
	'seen,', 'c-1_odp: told below'), 'a profile of a profile goes on from there');

# ---- a workspace, whose files are all called alike ----
mkdir "$room/$_" for 'ws', map { "ws/$_" } 'all', 'some', 'tiny';
oscal("ws/$_->[0]/catalog.json", 'catalog', controls => [{ id => $_->[1], title => 'One' }])
	for ['all', 'a-1'], ['some', 's-1'];
oscal('ws/tiny/profile.json', 'profile', imports => [
	{ href => 'trestle://catalogs/all/catalog.json',
		'include-controls' => [{ 'with-ids' => ['a-1'] }] },
	{ href => '.././x/../some/catalog.json',
		'include-controls' => [{ 'with-ids' => ['s-1'] }] }]);
oscal('ws/some/profile.json', 'profile', imports => [
	{ href => 'catalog.json', 'include-controls' => [{ 'with-ids' => ['s-1'] }] }]);
run_ok('import', "$room/ws");
%controls = map { $_->{framework} => $_->{controls} }
	objects(run_ok('list', 'frameworks', '--json'));
is_deeply([@controls{qw(all-catalog some-catalog tiny-profile some-profile)}], [1, 1, 2, 1],
	'each is known by its folder, and found by it');
done_testing();
