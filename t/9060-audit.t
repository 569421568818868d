#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9060-audit.t - the audit trail taken away: an export proves itself, a signature proves it to
# others, and whatever is done to it is found, and where.
use strict;
use warnings;
use lib 't/lib';
use Digest::SHA qw(sha256_hex);
use JSON::PP;
use Seaworthy;
use Test::More;

my $room = $ENV{TMPDIR};
store();
run_ok('status');
run_ok('note', 'item', 'CN-DATA-07', "note $_, with\ttabs, \x{5c} and\nlines") for 1 .. 4;
run_ok('note', 'item', 'CN-DATA-07', "no UTF-8: \xff");

# ---- an export ----
my $file = "$room/trail.ndjson";
run_ok('audit', 'export', '-o', $file);
is(run_ok('audit', 'export'), slurp($file), 'the same on standard output');
my @lines = split /(?<=\n)/, slurp($file);
is(scalar @lines, 5, 'a record a line');
$ENV{SEAWORTHY_STORE} = "$room/none.db";
my $said = run_ok('verify', $file);
like($said, qr/\Aintact: 5 records, head #5 [0-9a-f]{64}\n/, 'it proves itself without the store');
like($said, qr/nothing outside the trail vouches/, 'and says that only it does');
is(-e "$room/none.db" ? 1 : 0, 0, 'no store was made for that');
my ($head) = $said =~ /head #5 (\w+)/;

# By the description alone, with nothing of ours.
my $netstring = sub { return join '', map { length($_) . ":$_," } @_ };
my $prev = '0' x 64;
for my $line (@lines) {
	my $r = JSON::PP->new->utf8->decode($line);
	my @text = map { my $v = $r->{$_} // '';
		ref $v ? unpack('u', pack 'u', MIME($v->{base64})) : encode_text($v)
	} qw(actor act object before after);
	my $hash = sha256_hex($netstring->('seaworthy-audit-1', $r->{seq}, $r->{at}, @text, $prev));
	is($hash, $r->{hash}, "record $r->{seq} hashes as it is described");
	$prev = $hash;
}
sub MIME { require MIME::Base64; return MIME::Base64::decode_base64($_[0]) }
sub encode_text { my ($s) = @_; utf8::encode($s); return $s }

# ---- tampering is found, and where ----
sub tampered {
	my ($title, $why, $seq, @changed) = @_;
	my $path = spew("$room/tampered", join '', @changed);
	my ($code, $out) = run_program('verify', $path);
	is($code, 1, "$title: found");
	like($out, qr/\ATAMPERED: record #$seq: $why/, "$title: where and what");
	return $path;
}
my @l = @lines;
tampered('an edit', 'its contents were changed', 3, @l[0, 1], $l[2] =~ s/note 3/note 9/r,
	@l[3, 4]);
tampered('a deletion', 'the record is missing', 3, @l[0, 1, 3, 4]);
tampered('an insertion', 'it stands there twice, or behind a later one', 3,
	@l[0 .. 2], $l[2], @l[3, 4]);
tampered('another order', 'the record is missing', 3, @l[0, 1, 3, 2, 4]);
tampered('a hash computed anew', 'its contents were changed', 2, $l[0],
	$l[1] =~ s/("hash":")\w+/$1 . 'a' x 64/er, @l[2 .. 4]);
my $other = 'what stands there says what the record does not';
tampered('another time for people', $other, 2, $l[0], $l[1] =~ s/"time":"\d/"time":"9/r,
	@l[2 .. 4]);
tampered('no time for people', $other, 2, $l[0], $l[1] =~ s/"time":"[^"]+",//r, @l[2 .. 4]);
tampered('a member more', $other, 2, $l[0], $l[1] =~ s/}\n/,"why":"so"}\n/r, @l[2 .. 4]);
tampered('a member twice', $other, 2, $l[0], $l[1] =~ s/\{/{"actor":"eve",/r, @l[2 .. 4]);
run_fails(4, qr/line 2: no record/, 'verify', spew("$room/text", "$l[0]hello\n"));

# ---- cut off: found against an anchor that was kept elsewhere ----
my $cut = spew("$room/cut", join '', @l[0 .. 3]);
like(run_ok('verify', $cut), qr/intact: 4/, 'a trail cannot show that its end was cut off');
my ($code, $out) = run_program('verify', '--anchor', "5:$head", $cut);
is($code, 1, 'but an anchor can');
like($out, qr/record #5: the end of the trail was cut off/, 'and says from where');
($code, $out) = run_program('verify', '--anchor', "4:$head", $file);
like($out, qr/TAMPERED: record #4: it is not the record that the anchor names/, 'another trail');
like(run_ok('verify', '--anchor', "5:$head", $file),
	qr/up to #5 by the anchor; 0 records after it/, 'the right anchor vouches');
run_fails(2, qr/--anchor 5: wants SEQ:HASH/, 'verify', '--anchor', '5', $file);

# ---- signatures ----
$ENV{SEAWORTHY_STORE} = "$room/store0.db";
run_ok('audit', 'keygen', '--key', "$room/key");
is((stat "$room/key")[2] & 0777, 0600, 'a private key is private');
run_fails(4, qr/File exists/, 'audit', 'keygen', '--key', "$room/key");
run_ok('audit', 'keygen', '--key', "$room/other");
my ($anchor) = run_ok('audit', 'sign', '--key', "$room/key") =~ /^anchor (\S+)$/m;
is($anchor, "5:$head", 'the head is signed');
like(run_ok('verify'), qr/; 1 record after it rests on the trail alone$/m, 'the signature itself');
run_ok('note', 'item', 'CN-DATA-07', 'after the signature');
like(run_ok('verify'), qr/up to #5 by key [0-9a-f]{64}; 2 records after it/,
	'the store says what lies after the newest signature');

# ---- reports: each is an anchor that was kept elsewhere ----
for my $format (qw(html md json csv)) {
	run_ok('report', 'audit', '--format', $format, '-o', "$room/report.$format");
	like(run_ok('verify', "$room/report.$format"),
		qr/up to #7 by the anchor; 0 records after it/,
		"$format: its footer names the head it was written from");
}
my $report = slurp("$room/report.md");
my ($named) = $report =~ /Audit trail anchor\W+7:(\w{64})/;
spew("$room/quotes.md", "Audit trail anchor: 1:" . 'a' x 64 . "\n$report");
like(run_ok('verify', "$room/quotes.md"), qr/up to #7 by the anchor/,
	'the footer, not what is quoted');
run_fails(2, qr/a report brings its own/, 'verify', '--anchor', "7:$named", "$room/report.md");
run_ok('note', 'item', 'CN-DATA-07', 'after the report');
like(run_ok('verify', "$room/report.html"), qr/up to #7 by the anchor; 1 record/,
	'what came after it is told');
spew("$room/forged.md", $report =~ s/7:\w{64}/'7:' . 'a' x 64/er);
($code, $out) = run_program('verify', "$room/forged.md");
is($code, 1, 'a report of another trail');
like($out, qr/TAMPERED: record #7: it is not the record that the anchor names/,
	'... is told as such');
spew("$room/ahead.md", $report =~ s/7:(\w{64})/99:$1/r);
($code, $out) = run_program('verify', "$room/ahead.md");
like($out, qr/TAMPERED: record #9: the end of the trail was cut off/,
	'of a trail that went further, too');
spew("$room/none.md", $report =~ s/7:\w{64}/none/r);
run_fails(3, qr/none\.md: its footer has no anchor/, 'verify', "$room/none.md");

run_ok('audit', 'export', '-o', $file);
like(run_ok('verify', '--key', "$room/key.pub", $file), qr/up to #5 by key/,
	'whoever has the public key can tell');
run_fails(3, qr/signed by this key/, 'verify', '--key', "$room/other.pub", $file);
run_fails(4, qr/no Ed25519 public key/, 'verify', '--key', $file, $file);
run_fails(4, qr/no Ed25519 private key/, 'audit', 'sign', '--key', "$room/key.pub");
run_fails(2, qr/--key FILE says/, 'audit', 'sign');
run_fails(2, qr/may not/, 'audit', 'sign', '--key', "$room/key", '--role', 'viewer');

# Someone writes the trail anew from the first record on, hashes and all: only the signature tells.
my ($forged, $at) = ('', '0' x 64);
for my $line (split /(?<=\n)/, slurp($file)) {
	my $r = JSON::PP->new->utf8->decode($line);
	$r->{object} = 'item 8' if $r->{seq} == 1;
	my @text = map { my $v = $r->{$_} // ''; ref $v ? MIME($v->{base64}) : encode_text($v) }
		qw(actor act object before after);
	$r->{prev} = $at;
	$at = $r->{hash} = sha256_hex($netstring->('seaworthy-audit-1', $r->{seq}, $r->{at},
		@text, $at));
	$forged .= JSON::PP->new->utf8->canonical->encode($r) . "\n";
}
($code, $out) = run_program('verify', spew("$room/forged", $forged));
is($code, 1, 'a trail written anew does not carry the old signature');
like($out, qr/record #6: the signature in it does not hold/, 'and the signature is named');

done_testing();
