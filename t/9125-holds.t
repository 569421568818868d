#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9125-holds.t - the day a new hole is announced: which images hold a package, known from bills of
# materials alone.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

store();
run_ok('import', "t/import/$_/image/input.json") for 'syft', 'spdx';
my ($held) = objects(run_ok('list', 'packages', 'left-pad', '--json'));
is_deeply([@$held{qw(type name version assets)}], ['npm', 'left-pad', '1.3.0', 1],
	'a package that no scanner found fault with is listed');
my @image = objects(run_ok('list', 'images', 'pkg:left-pad', '--json'));
is_deeply([map { $_->{name} } @image], ['registry.example/shop/web:1.4'], 'and who holds it');
is(scalar(objects(run_ok('list', 'images', 'pkg:musl', '--json'))), 1,
	'two tools told of one image');
is(scalar(objects(run_ok('list', 'images', 'pkg:/^left-/ pkg>1', '--json'))), 1,
	'a pattern of names, and a number of packages');
is(run_ok('list', 'images', 'pkg>1000', '--json'), '', 'none holds so many');
is(run_ok('list', 'images', 'pkg:none', '--json'), '', 'none holds none');
is(run_ok('list', 'images', 'pkg:log4j-core', '--json'), '', 'nobody holds another');

done_testing();
