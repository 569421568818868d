#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9115-attested.t - attestations and signatures are verified with the keys that policies name, or
# vouched for by whoever imports; what only is there passes no gate. The envelopes of
# t/sealed/sealed.json were signed by openssl, over DSSE's encoding and over cosign's own form.
use strict;
use warnings;
use lib 't/lib';
use JSON::PP;
use MIME::Base64;
use Seaworthy;
use Test::More;

my $json = JSON::PP->new->utf8->canonical;
my $sealed = $json->decode(slurp('t/sealed/sealed.json'));
my %key = %{ $sealed->{key} };
my $image = 'registry.example/clean/app:1';
my $type = 'https://slsa.dev/provenance/v1';
my $in_toto = 'application/vnd.in-toto+json';

my $policies = own_policies();
my $policy = "$policies/attested.json";

sub policy {
	my ($signers, %more) = @_;
	return spew($policy, $json->encode({ extends => 'baseline', attestations => [$type],
		signers => [map { +{ key => $_ } } @$signers], %more }));
}

# A store of its own, with a clean scan of the image.
sub estate {
	my $report = trivy($image, 'c');

	store();
	$report->{CreatedAt} = '2026-11-23T10:00:00Z';
	$report->{Metadata}{RepoDigests} = ['registry.example/clean/app@sha256:' . 'd' x 64];
	return run_ok('import', report('clean.json', $report));
}

sub envelope {
	my ($seal, %more) = @_;
	my $payload = $more{payload} // $sealed->{payload};

	return { payloadType => $more{type} // $in_toto, payload => encode_base64($payload, ''),
		signatures => [map { +{ sig => $_ } } ref $seal ? @$seal : $seal] };
}

sub bring {
	my ($what, @options) = @_;
	return run_ok('import', '--at', '2026-11-23T11:00:00Z', @options,
		spew("$ENV{TMPDIR}/sealed.json", $json->encode($what)));
}

# What the gate says of it under the policy: exit code, and the text of the rule's reason.
sub gate {
	my ($rule) = @_;
	my ($code, $out) = run_program('gate', $image, '--policy', 'attested', '--json');
	my ($answer) = objects($out);
	my ($why) = grep { $_->{rule} eq $rule } @{ $answer->{reasons} };

	return ($code, $why ? $why->{text} : undef);
}

# ---- each kind of key ----
for my $case (['p256', 'dsse'], ['ed25519', 'dsse'], ['rsa', 'dsse'], ['rsa', 'pss']) {
	my ($name, $how) = @$case;

	policy([$key{$name}{public}]);
	estate();
	is((gate("attestation.$type"))[0], 3, "$name: none is no evidence");
	bring(envelope($key{$name}{$how}));
	is((gate("attestation.$type"))[0], 0, "$name, $how: verified with the policy's key");
	policy([$key{other}{public}]);
	my ($code, $why) = gate("attestation.$type");
	is($code, 1, "$name: a policy that trusts another key refuses");
	is($why, "attested by $key{$name}{name}, who is not trusted",
		'and names the key that signed');
}

# ---- what does not hold ----
my %other_image = (payload => $sealed->{payload} =~ s/d{64}/'e' x 64/er);
my %wrong = (
	'another key' => envelope($key{other}{dsse}),
	'a tampered payload' => envelope($key{p256}{dsse},
		payload => $sealed->{payload} =~ s/ci\.example/ci.evil/r),
	'a payload of another type' => envelope($key{p256}{dsse}, type => 'text/plain'),
	'the signature of the bare payload' => envelope($key{p256}{simple}),
	'a broken signature' => envelope('AAAA' . substr $key{p256}{dsse}, 4),
	'no signature' => envelope(''),
	'another image' => envelope($key{p256}{dsse}, %other_image),
);
policy([$key{p256}{public}]);
for my $name (sort keys %wrong) {
	estate();
	bring($wrong{$name});
	isnt((gate("attestation.$type"))[0], 0, "$name passes no gate");
}
estate();
bring($wrong{'a tampered payload'});
is_deeply([gate("attestation.$type")],
	[1, 'there is only an attestation by a key that no policy names'],
	'which is said of one that no known key made');
bring(envelope([$key{other}{dsse}, $key{p256}{dsse}]));
is((gate("attestation.$type"))[0], 0, 'of several signatures one is enough');

# ---- a key that comes later ----
unlink $policy;
estate();
bring(envelope($key{p256}{dsse}));
policy([$key{p256}{public}]);
is_deeply([gate("attestation.$type")], [1, 'there is only an attestation that nobody verified'],
	'without a key nobody verified it');
like(bring(envelope($key{p256}{dsse})), qr/1 signatures?/, 'with it the same file says more');
is((gate("attestation.$type"))[0], 0, 'and is verified');
like(bring(envelope($key{p256}{dsse})), qr/here already/, 'once');

# ---- vouched for ----
policy([], signers => [{ key => 'kim *' }]);
estate();
bring(envelope($key{p256}{dsse}));
is((gate("attestation.$type"))[0], 1, 'a key that no policy names verifies nothing');
bring(envelope($key{p256}{dsse}), '--verified', 'kim in the release pipeline');
is((gate("attestation.$type"))[0], 0, 'whoever imports may vouch for it');
like(run_ok('audit', 'export'), qr/verified\\tkim in the release pipeline/,
	'and the trail says who did');
policy([], signers => [{ key => 'lee' }]);
is((gate("attestation.$type"))[1], 'attested by kim in the release pipeline, who is not trusted',
	'which counts where the policy trusts them');
run_fails(2, qr/--verified: wants who/, 'import', '--verified', '', "$ENV{TMPDIR}/sealed.json");
my ($code, undef, $err) = run_program('import', '--verified', 'kim', "$ENV{TMPDIR}/clean.json");
is($code, 4, 'a scan cannot be vouched for');
like($err, qr/--verified is for signatures/, 'and that is said');

# ---- a signature in cosign's own form ----
policy([$key{p256}{public}], attestations => [], gate => { signature => JSON::PP::true });
estate();
my %stored = (mimeType => 'application/vnd.dev.cosign.simplesigning.v1+json',
	payload => encode_base64($sealed->{simple}, ''));
bring({ %stored, annotations => { 'dev.cosignproject.cosign/signature' => $key{other}{simple} } });
is((gate('signature'))[0], 1, 'by another key it passes no gate');
bring({ %stored, annotations => { 'dev.cosignproject.cosign/signature' => $key{p256}{simple} } });
is((gate('signature'))[0], 0, 'by the policy\'s key it does');
estate();
bring(envelope($key{p256}{dsse}));
is((gate('signature.missing'))[0], 3, 'an attestation is no signature');

# ---- a certificate is read, and not verified: who it names is a claim ----
my $certificate = $json->decode(slurp('t/import/cosign/stored/input.json'))->{annotations}
	{'dev.sigstore.cosign/certificate'};
my $claim = 'https://example.com/release.yaml@refs/tags/v1';
my $unverified = { %stored, annotations => { 'dev.sigstore.cosign/certificate' => $certificate,
	'dev.cosignproject.cosign/signature' => $key{other}{simple} } };
policy([], attestations => [], gate => { signature => JSON::PP::true },
	signers => [{ identity => 'https://example.com/*' }]);
estate();
bring($unverified);
is_deeply([gate('signature')], [1, 'no valid signature by a trusted signer, only one that claims '
	. "to be by $claim, and that nobody verified"], 'a claimed signer passes no gate');
my ($shown) = objects(run_ok('show', 'image', $image, '--json'));
is_deeply([@$shown{qw(signed signer signer_claimed)}], ['present', undef, $claim],
	'a claimed signer is none, and told beside');
like(run_ok('show', 'image', $image), qr/present: claims to be by \Q$claim\E, not verified/,
	'also to people');
like(run_ok('report', 'image', '--image', $image, '--format', 'md'),
	qr/claims\**: \Q$claim\E: nobody verified it/, 'and in reports');
is(rows('images', 'sign:ok'), 0, 'it is not listed as signed');
my ($piece) = grep { $_->{kind} eq 'signature' }
	objects(run_ok('list', 'evidence', '--control', 'CIS-DOCKER:4.5', '--json'));
is_deeply([@$piece{qw(what says failing)}], ['signatures that nobody verified', 'info', 0],
	'evidence for a control it is not');
bring($unverified, '--verified', 'kim');
is((gate('signature'))[0], 0, 'whoever imports may vouch for it');
is((objects(run_ok('show', 'image', $image, '--json')))[0]{signer}, $claim, 'and for its name');

# ---- keys that are not taken ----
for my $bad (['weak', 'RSA of 1024 bits'], ['p384', 'another curve']) {
	policy([$key{ $bad->[0] }{public}]);
	run_fails(4, qr/signers\[0\]\.key: is no public key in PEM/, 'policy', 'check', $policy);
}
policy(["-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"]);
run_fails(4, qr/signers\[0\]\.key: is no public key in PEM/, 'policy', 'check', $policy);
estate();
bring(envelope($key{p256}{dsse}));
pass('a policy that cannot be read does not stop an import');

done_testing();
