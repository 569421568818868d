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

# ---- suspended, told to end, crashed: each time the shell has its terminal as it was ----
my $pid = "$room/pid";

# The dashboard in place of a shell that wrote its own number down.
sub start {
	my ($name, $env) = @_;
	unlink $pid, "$room/after";
	keys_('clear; ' . ($env // '') . " sh -c 'echo \$\$ >$pid; exec $run'; echo left=\$?; "
		. "stty -g >$room/after", 'Enter');
	return shows(qr/POSTURE.*NOW/s, $name);
}

sub given_back {
	my ($after, $how, $stays) = @_;
	unlike($after, qr/POSTURE/, "$how: the terminal shows what it showed before")
		unless $stays; # these have one screen only
	for (1 .. 100) {
		last if -s "$room/after";
		select undef, undef, undef, 0.05;
	}
	is(slurp("$room/after"), slurp("$room/before"), "$how: and is set as it was");
}

start('the dashboard again');
keys_('C-z');
my $asleep = shows(qr/(?:Stopped|Suspended).*ready>/s, 'Ctrl-Z: the shell is back');
unlike($asleep, qr/POSTURE/, '... on its own screen');
keys_('clear; fg', 'Enter');
shows(qr/POSTURE.*NOW/s, 'fg: and so is the dashboard');
keys_('2');
shows(qr/\[2 Imgs\].*> \S+/s, '... alive');
keys_('Q');
shows(qr/ready>/, 'it leaves');
for my $signal (qw(TERM HUP)) {
	start("before SIG$signal");
	kill $signal, slurp($pid);
	given_back(shows(qr/left=\d+\n.*ready>/s, "SIG$signal ends it"), "SIG$signal");
}
for my $signal (qw(SEGV ABRT)) {
	start("before SIG$signal");
	kill $signal, slurp($pid);
	my %number = (SEGV => 139, ABRT => 134);
	given_back(shows(qr/left=$number{$signal}\n.*ready>/s, "SIG$signal kills it"),
		"SIG$signal");
}

# ---- what terminals are called, with colours and without ----
sub colours { return tmux('capture-pane', '-e', '-p', '-t', 'sea') =~ /\e\[[\d;]*(?:3[1-7]|38;5)/ }
for my $term (qw(vt100 linux screen tmux xterm-256color)) {
	next if system("infocmp $term >/dev/null 2>&1");
	start("TERM=$term shows it", "TERM=$term");
	is(colours() ? 1 : 0, $term eq 'vt100' ? 0 : 1,
		"TERM=$term: " . ($term eq 'vt100' ? 'no colours' : 'colours'));
	keys_('Down', '2');
	shows(qr/\[2 Imgs\].*> \S+/s, "TERM=$term: keys are understood");
	keys_('Q');
	given_back(shows(qr/^left=0\n.*ready>/ms, 'Q leaves'), "TERM=$term",
		$term =~ /^(?:vt100|linux)$/);
}
start('NO_COLOR', 'NO_COLOR=1');
ok(!colours(), 'NO_COLOR: no colours');
keys_('Q');
shows(qr/left=0\n.*ready>/s, 'Q leaves');

# ---- the ground, which the terminal tells when it is asked (OSC 11) ----
sub worn {
	my ($theme, $name) = @_;
	keys_(':theme', 'Enter');
	shows(qr/> \Q$theme\E +worn now/, $name);
	keys_('Escape');
	shows(qr/theme \Q$theme\E/, '... and stays');
}
sub leaves {
	keys_('Q');
	shows(qr/left=0\n.*ready>/s, 'Q leaves');
}
sub typed { tmux('send-keys', '-t', 'sea', '-l', @_) }

for ([ '#ffffff', 'light' ], [ '#101010', 'default' ]) {
	my ($ground, $theme) = @$_;
	tmux('set-option', '-g', 'window-style', "bg=$ground");
	start("a terminal that answers $ground");
	worn($theme, "$ground: the theme is $theme");
	leaves();
}
tmux('set-option', '-g', 'window-style', 'bg=#ffffff');
start('a terminal that says two things', 'COLORFGBG="15;0"');
worn('default', 'COLORFGBG: what it says is believed');
leaves();
$run .= ' --theme default';
start('a theme that was chosen');
worn('default', '--theme: what the user says is worn');
leaves();
$run =~ s/ --theme default//;

tmux('set-option', '-g', 'window-style', 'default');
start('a terminal that answers nothing');
keys_('2');
shows(qr/\[2 Imgs\].*> \S+\/\S+:\S+/s, '... the images');
keys_('Enter');
shows(qr/FIX PLAN/, '... an image');
keys_('Escape');
shows(qr/\[2 Imgs\](?!.*FIX PLAN)/s, '... Esc goes back');
keys_('/', 'a', 'p');
shows(qr/\bap\b/, '... a filter is typed');
typed("\e]11;rgb:ff");
typed("ff/ffff");
keys_('i');
typed("\e]11;rgb:fdf6/f6e3/e3d5\e\\");
keys_('Z');
my ($filter) = shows(qr/\bapi\S*Z/, '... where an answer that comes late is no text')
	=~ /\b(api\S*Z)/;
is($filter, 'apiZ', '... nor one that breaks off');
keys_('Escape');
shows(qr/\[2 Imgs\](?!.*apiZ)/s, '... and opens nothing');
leaves();
start('again a terminal that answers nothing in time');
typed("\e]11;rgb:fd");
typed("f6/f6e3/e3d5\e\\");
worn('light', 'late and in pieces, the answer is heard');
like(screen(), qr/\[1 Over\]/, '... and has opened nothing');
leaves();

# ---- themes: seen before they are chosen, kept, and fit for the ground ----
start('a terminal with a light ground', 'COLORFGBG="0;15"');
keys_(':theme', 'Enter');
shows(qr/POSTURE.*> light +worn now/s, ':theme: a menu below the screen; the ground is light');
keys_('j');
shows(qr/theme mono/, 'the next one is worn at once');
ok(!colours(), '... and has no colours');
keys_('Escape');
shows(qr/theme light/, 'Escape: the old one');
ok(colours(), '... with its colours');
keys_(':theme nord', 'Enter');
shows(qr/theme nord/, 'one is chosen');
keys_('Q');
shows(qr/left=0\n.*ready>/s, 'Q leaves');
start('again', 'COLORFGBG="0;15"');
keys_(':theme', 'Enter');
shows(qr/> nord +worn now/, 'it was kept');
keys_('Escape', 'Q');
shows(qr/left=0\n.*ready>/s, 'Q leaves');

start('a terminal that is not UTF-8', 'LC_ALL=C');
unlike(screen(), qr/[^\x00-\x7f]/, 'LC_ALL=C: ASCII only');

# ---- rows that move are written anew: plain emulators know no SU and SD (ECMA-48) ----
my $sent = "$room/sent";
keys_('Q');
shows(qr/left=0\n.*ready>/s, 'Q leaves');
tmux('resize-window', '-t', 'sea', '-x', 120, '-y', 40);
start('a terminal that could', 'TERM=xterm-256color LC_ALL=C');
tmux('pipe-pane', '-t', 'sea', "cat >$sent");
keys_('2');
shows(qr{\[2 Images\].*> \S+/\S+:\S+}s, 'the images');
keys_('Enter');
shows(qr/FIX PLAN.*FINDING/s, 'an image, and below it what moved down');
tmux('pipe-pane', '-t', 'sea');
unlike(slurp($sent), qr/\e\[\d*[ST]/, 'no scrolling by several rows');
keys_('q');

# ---- what another process imports is there by itself, and the cursor stays on its row ----
my ($rows) = shows(qr/1\/\d+\n/, 'the images again') =~ /1\/(\d+)\n/;
my ($row) = screen() =~ /\n> (\S+)/;
run_ok('import', report('theirs.json', trivy('registry.example/theirs:1', 'theirs',
	vulnerability('CVE-2021-1', 'zlib1g', '1.2.13', 'HIGH'))));
$rows++;
shows(qr/\b1\/$rows\n.*\n> \Q$row\E/s, 'an image more, the cursor where it was');

# ---- the mouse, where it is wanted ----
keys_(':mouse', 'Enter');
my ($fourth) = shows(qr/the mouse is on/, ':mouse takes it')
	=~ /\A(?:[^\n]*\n){6}  (\S+)/;
tmux('send-keys', '-t', 'sea', '-l', "\e[<0;9;7M");
shows(qr/\n> \Q$fourth\E/, 'a click goes to its row');
tmux('send-keys', '-t', 'sea', '-l', "\e[<64;9;7M");
shows(qr/\n> (?!\Q$fourth\E)\S+[^\n]*\n  \Q$fourth\E/, 'the wheel goes up');
keys_(':mouse', 'Enter');
shows(qr/the mouse is off/, 'and :mouse leaves it');

# ---- copying ----
tmux('set-option', '-s', 'set-clipboard', 'on');
keys_('Y');
shows(qr/copied the row/, 'Y copies the row');
like(tmux('show-buffer'), qr/sha256:/, '... to the clipboard of the terminal');
sub long { # an advisory whose title is that long
	my ($id, $length) = @_;
	return vulnerability($id, 'zlib1g', '1.2.13', 'HIGH', Title => 'x' x $length);
}
run_ok('import', report('long.json', trivy('registry.example/long:1', 'a1',
	long('CVE-2021-70', 70_000), long('CVE-2021-80', 80_000))));
keys_('5', '/', 'cve:CVE-2021-70', 'Enter');
shows(qr/1\/1 of/, 'a row of 70,000 bytes');
keys_('Enter');
shows(qr/> CVE-2021-70|Findings > CVE-2021-70/, 'its finding');
keys_('Y');
shows(qr/copied the row/, '... is copied');
cmp_ok(length tmux('show-buffer'), '>', 70_000, '... whole');
keys_('q', '/', 'C-u', 'cve:CVE-2021-80', 'Enter');
shows(qr/cve:CVE-2021-80 .*1\/1 of/, 'a row that is longer than terminals take');
keys_('Enter');
shows(qr/Findings > CVE-2021-80/, 'its finding');
keys_('Y');
shows(qr/too long for the clipboard; W writes a file/, '... is not, and what to do is said');
like(tmux('show-buffer'), qr/CVE-2021-70/, '... and the clipboard keeps what it had');
keys_('Q');
shows(qr/left=0\n.*ready>/s, 'Q leaves');

# ---- the only command of an SSH key ----
my $forced = "$room/forced";
mkdir $forced;
keys_("clear; SSH_ORIGINAL_COMMAND='sh -i' $run --read-only --export $forced; echo left=\$?",
	'Enter');
shows(qr/POSTURE.*NOW/s, 'forced: the dashboard, whatever was asked for');
keys_('!', 'i', 'd', 'Enter');
keys_('Escape');
keys_('8', 'Enter');
shows(qr/write to: audit/, 'a report is asked a name');
keys_('C-u', '/', 't', 'm', 'p', '/', 'x', 'Enter');
shows(qr/only files in \S+/, '... which lies in the export folder, or nowhere');
keys_('Escape');
keys_('Q');
shows(qr/left=0\n.*ready>/s, 'and Q leaves nothing behind');

# ---- the line is lost ----
start('the dashboard on a line');
my $lost = slurp($pid) + 0;
tmux('new-session', '-d', '-s', 'other', 'sh');
tmux('kill-session', '-t', 'sea');
for (1 .. 200) {
	last unless kill 0, $lost;
	select undef, undef, undef, 0.05;
}
ok(!kill(0, $lost), 'a lost line ends it');
my ($ok) = run_program('verify');
is($ok, 0, '... and the store is whole');
tmux('new-session', '-d', '-s', 'sea', '-x', 80, '-y', 24, 'env', 'PS1=ready> ', 'sh');
tmux('resize-window', '-t', 'sea', '-x', 80, '-y', 24);
shows(qr/ready>/, 'another line');

# ---- terminals that cannot ----
keys_("clear; TERM=dumb $run; echo left=\$?", 'Enter');
shows(qr/seaworthy: .*status.*left=[24]/s, 'TERM=dumb is refused with a hint to status');
keys_("clear; $run </dev/null | cat; echo left=\$?", 'Enter');
shows(qr/left=\d/, 'without a terminal it does not hang');

done_testing();
