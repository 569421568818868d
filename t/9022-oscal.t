# SPDX-License-Identifier: MIT
# 9022-oscal.t - a profile finds its catalogue, whichever of them comes first in a folder.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
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
done_testing();
