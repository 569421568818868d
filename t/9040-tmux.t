#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 9040-tmux.t - the dashboard in a real terminal: the ways of the three users, resizing, leaving.
use strict;
use warnings;
use lib 't/lib';
use Seaworthy;
use Test::More;

plan skip_all => 'tmux is not installed' if system('tmux -V >/dev/null 2>&1');
my $room = $ENV{TMPDIR};
my $demo = demo() or plan skip_all => 'run by make test';
my $socket = "$room/tmux.sock";
delete $ENV{TMUX};

sub tmux {
	my (@words) = @_;
	open my $in, '-|', 'tmux', '-f', '/dev/null', '-S', $socket, @words or die "tmux: $!";
	local $/;
	my $text = <$in> // '';
	close $in;
	return $text;
}

sub screen { return tmux('capture-pane', '-p', '-t', 'sea') }

# Look until the screen shows it. The terminal draws when it can: there is nothing else to wait on.
sub shows {
	my ($what, $name) = @_;
	my $seen = '';
	for (1 .. 600) {
		$seen = screen();
		if ($seen =~ $what) {
			pass($name);
			return $seen;
		}
		select undef, undef, undef, 0.05;
	}
	fail($name);
	diag $seen;
	return $seen;
}

sub keys_ { tmux('send-keys', '-t', 'sea', @_) }

END {
	my $code = $?;
	tmux('kill-server') if defined $socket && -e $socket;
	$? = $code;
}

$ENV{TERM} = 'xterm-256color';
tmux('new-session', '-d', '-s', 'sea', '-x', 80, '-y', 24, 'env', 'PS1=ready> ', 'sh');
tmux('set-option', '-g', 'status', 'off');
tmux('resize-window', '-t', 'sea', '-x', 80, '-y', 24);
shows(qr/ready>/, 'a shell');
my $run = "$ENV{SEAWORTHY} --now 2026-11-23T20:40:00Z";
keys_("clear; stty -g >$room/before; $run; echo left=\$?; stty -g >$room/after", 'Enter');

# ---- the engineer: images, an image, a row of its fix plan, a finding ----
my $first = shows(qr/POSTURE.*NOW/s, 'the overview comes up');
is(scalar(split /\n/, $first), 24, 'on all lines');
like($first, qr/\[1 Over\]/, 'the first of the views');
keys_('2');
shows(qr/\[2 Imgs\].*> \S+\/\S+:\S+/s, '2: images');
keys_('Enter');
shows(qr/FIX PLAN.*\n> (?:rebase|bump|config|none)/s, 'Enter: an image and its fix plan');
keys_('Enter');
shows(qr/\n> [CHMLNU] CVE-\d+/, 'Enter: what one change would fix');
keys_('Enter');
shows(qr/CVE-\d+.*Fix +update.*Breaks +\S+/s, 'Enter: a finding, its fix and its controls');
keys_('G');
shows(qr/HISTORY/i, 'and its history');
keys_('q', 'q', 'q');
shows(qr/\[2 Imgs\]/, 'q q q: back among the images');

# ---- the auditor: controls, a control, its evidence ----
keys_('4');
shows(qr/\[4 Ctrl\].*PCI.*\n> \d/s, '4: the controls of a framework');
keys_('Enter');
shows(qr/Tested.*EVIDENCE.*\n> \w.*FAILING/s, 'Enter: a control, its evidence, what fails it');
keys_('Enter');
shows(qr/IS +CHECK.*WHERE/s, 'Enter: what the evidence was made from');

# ---- resizing ----
keys_('1');
shows(qr/\[1 Over\].*POSTURE/s, '1: the overview');
tmux('resize-window', '-t', 'sea', '-x', 120, '-y', 40);
shows(qr/\A(?=.*POSTURE)(?:[^\n]*\n){39,}/s, 'a larger window is filled');
tmux('resize-window', '-t', 'sea', '-x', 60, '-y', 15);
shows(qr/Over/, 'a small one still works');
tmux('resize-window', '-t', 'sea', '-x', 80, '-y', 24);
shows(qr/POSTURE.*NOW/s, 'and back');
keys_('?');
shows(qr/keys|help/i, '?: the keys that work here');
keys_('Escape');
shows(qr/POSTURE.*NOW/s, 'Escape: away again');

# ---- leaving ----
keys_('q');
shows(qr/POSTURE/, 'q at the top does nothing');
keys_('Q');
my $after = shows(qr/left=0\n.*ready>/s, 'Q leaves');
unlike($after, qr/POSTURE/, 'the terminal shows what it showed before');
is(slurp("$room/after"), slurp("$room/before"), 'and is set as it was');

# ---- terminals that cannot ----
keys_("clear; TERM=dumb $run; echo left=\$?", 'Enter');
shows(qr/seaworthy: .*status.*left=[24]/s, 'TERM=dumb is refused with a hint to status');
keys_("clear; $run </dev/null | cat; echo left=\$?", 'Enter');
shows(qr/left=\d/, 'without a terminal it does not hang');

done_testing();
