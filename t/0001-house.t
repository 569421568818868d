#!/usr/bin/perl
# SPDX-License-Identifier: MIT
# 0001-house.t - the rules of the house: who includes whom, sizes, names, what is banned.
#
# Each rule is a function from a file to its complaints. The rules run over the project, and then,
# each, over a small project that breaks it, so that a rule that stopped biting is found out.
use strict;
use warnings;
use Cwd qw(getcwd);
use File::Basename qw(basename dirname);
use File::Find qw(find);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use Test::More;

my @ROOMS = qw(store/base store importers reports themes tui t);
my $CC    = $ENV{CC} || 'cc';
my $BUILD = $ENV{SEAWORTHY_BUILD} || 'build';

# ---- who may include whom ----

my %MAY_INCLUDE = (
	'store/base' => [],
	'store'      => [qw(store/base/base.h)],
	'importers'  => [qw(store/base/base.h store/record.h)],
	'themes'     => [qw(store/base/base.h)],
	'reports'    => [qw(store/base/base.h store/record.h store/store.h themes/theme.h)],
	'tui'        => [qw(store/base/base.h store/store.h importers/importer.h
	                    reports/report.h themes/theme.h)],
);

# The one place of each outside library: header, then file.
my @LIBRARY = (
	[qr{^(ncursesw/)?(n?curses|panel|menu|form|term)\.h$}, qr{^tui/screen\.c$}],
	[qr{^sqlite3\.h$},         qr{^store/db_(sqlite|functions|errors|given|vfs)\.c$}],
	[qr{^yajl/},               qr{^importers/json\.c$}],
	[qr{^yaml\.h$},            qr{^importers/yaml\.c$}],
	[qr{^archive(_entry)?\.h$},
	 qr{^(importers/source|reports/bundle|store/base/late_archive)\.c$}],
	[qr{^jansson\.h$},         qr{^(store/policy\w*\.[ch]|(importers|reports|tui)/\w+\.[ch])$}],
	[qr{^curl/},               qr{^store/base/(http|late_curl)\.c$}],
	[qr{^openssl/},            qr{^store/base/(hash|sign)\.c$}], # digests, signatures
	[qr{^zstd\.h$},            qr{^store/base/pack\.c$}],
	[qr{^malloc\.h$},         qr{^store/base/mem\.c$}],
	[qr{^dlfcn\.h$},           qr{^store/base/late\.c$}],
	[qr{^(pthread|threads)\.h$}, qr{^(tui/worker|store/base/relay)\.c$}],
	[qr{^ut(hash|list|array)\.h$}, qr{.}],
);

# What C and POSIX bring.
my %SYSTEM = map { $_ => 1 } qw(
	assert.h ctype.h dirent.h errno.h fcntl.h float.h fnmatch.h ftw.h getopt.h glob.h grp.h
	inttypes.h langinfo.h limits.h locale.h math.h netdb.h poll.h pwd.h regex.h sched.h setjmp.h
	signal.h spawn.h stdalign.h stdarg.h stdatomic.h stdbool.h stddef.h stdint.h stdio.h
	stdlib.h stdnoreturn.h string.h strings.h syslog.h termios.h time.h unistd.h wchar.h
	wctype.h
	arpa/inet.h netinet/in.h netinet/tcp.h sys/file.h sys/ioctl.h sys/mman.h sys/resource.h
	sys/select.h sys/socket.h sys/stat.h sys/statvfs.h sys/time.h sys/types.h sys/uio.h sys/un.h
	sys/utsname.h sys/wait.h);

# ---- reading the tree ----

# The room a path is in; t/ is one room with all its folders.
sub room {
	my ($path) = @_;
	return 't' if $path =~ m{^t/};
	return dirname($path);
}

sub slurp {
	my ($path) = @_;
	open my $in, '<:raw', $path or die "$path: $!";
	local $/;
	my $text = <$in>;
	utf8::decode($text);
	return defined $text ? $text : '';
}

# Source without comments and with empty strings, line for line; and the strings.
sub peel {
	my ($text) = @_;
	my @strings;
	my $blank = sub { my $n = () = $_[0] =~ /\n/g; "\n" x $n };
	$text =~ s{("(?:\\.|[^"\\\n])*")|('(?:\\.|[^'\\\n])*')|(/\*.*?\*/)|(//[^\n]*)}
	          {if (defined $1) { push @strings, $1; '""' } elsif (defined $2) { "' '" }
	           else { $blank->(defined $3 ? $3 : '') }}gesx;
	return ($text, join "\n", @strings);
}

# All files of the project below the current folder, as { path, text, code, strings }.
sub tree {
	my @paths;
	find({ no_chdir => 1, wanted => sub {
		my $path = $File::Find::name;
		$path =~ s{^\./}{};
		return unless -f $path && !-l $path;
		push @paths, $path;
	} }, grep { -d } qw(store importers reports themes tui t));
	push @paths, grep { -f } qw(Makefile README.md .ci/run);
	my @files;
	for my $path (sort @paths) {
		my %f = (path => $path, room => room($path), text => '');
		$f{text} = slurp($path)
			if $path =~ /\.(c|h|def|t|pl|pm|sh|sql|md|css|theme)$|^[^.]*$/;
		($f{code}, $f{strings}) = $path =~ /\.[ch]$/ ? peel($f{text}) : ('', '');
		push @files, \%f;
	}
	return @files;
}

sub is_c      { $_[0]{path} =~ /\.[ch]$/ }
sub is_header { $_[0]{path} =~ /\.h$/ }
sub is_code   { $_[0]{path} =~ /\.(c|h|def|t|pl|pm|sh|sql)$|^Makefile$|^\.ci/ }

# Complaints, one for each line of $text that matches.
sub lines_that {
	my ($f, $text, $match, $complaint) = @_;
	my ($n, @found) = (0);
	for my $line (split /\n/, $text, -1) {
		$n++;
		next unless $line =~ $match;
		push @found, "$f->{path}:$n: $complaint" . (defined $1 ? ": $1" : '');
	}
	return @found;
}

# ---- the rules of one file ----

sub opening {
	my ($f) = @_;
	return unless is_c($f);
	my ($name, @bad) = (basename($f->{path}));
	my ($first, $rest) = split /\n/, $f->{text}, 2;
	push @bad, "$f->{path}:1: no SPDX line"
		unless $first eq '/* SPDX-License-Identifier: MIT */';
	push @bad, "$f->{path}:2: does not say what the file is"
		unless $rest =~ m{\A/\*(?:\n \*)? \Q$name\E - \S};
	return @bad;
}

sub width {
	my ($f) = @_;
	return unless is_code($f);
	my ($n, @bad) = (0);
	for my $line (split /\n/, $f->{text}) {
		$n++;
		1 while $line =~ s/\t/' ' x (8 - length($`) % 8)/e;
		push @bad, "$f->{path}:$n: wider than 100 columns" if length($line) > 100;
	}
	return @bad;
}

sub layout {
	my ($f) = @_;
	return unless is_c($f);
	return (lines_that($f, $f->{text}, qr/[ \t]$/, 'blanks at the end'),
	        lines_that($f, $f->{code}, qr/^\w[^=]*\)\s*\{$/, 'function brace not in column 0'),
	        lines_that($f, $f->{code}, qr/^typedef\s+(?:struct|enum|union)\s+\w*\s*\w*[;{]/,
	                   'hides a struct or enum'));
}

sub lengths {
	my ($f) = @_;
	return unless is_c($f);
	my ($n, $start, @bad) = (0);
	for my $line (split /\n/, $f->{code}) {
		$n++;
		$start = $n if $line =~ /^\{/;
		next unless $line =~ /^\}/ && defined $start;
		push @bad, "$f->{path}:$start: function longer than 80 lines"
			if $n - $start + 1 > 80;
		undef $start;
	}
	push @bad, "$f->{path}: longer than 600 lines" if ($f->{text} =~ tr/\n//) > 600;
	return @bad;
}

sub banned {
	my ($f) = @_;
	return unless is_c($f);
	my $names = qr/(?:strcpy|strcat|v?sprintf|strncpy|strncat|strtok|atoi|atol|atoll|atof
		|[sf]?scanf|gets|localtime|gmtime|ctime|asctime|mktemp|system|popen|alloca)/x;
	return lines_that($f, $f->{code}, qr/(?<![\w.>])($names)\s*\(/, 'banned');
}

# Only the program's own folder talks to the user or ends the program; mem.c may die.
sub quiet {
	my ($f) = @_;
	return if !is_c($f) || $f->{room} =~ /^(tui|t)$/;
	return if $f->{path} =~ m{^store/base/(mem\.c|base\.h)$};
	my $names = qr/v?printf|puts|putchar|perror|exit|_exit|abort|stdout|stderr/;
	return lines_that($f, $f->{code}, qr/(?<![\w.>])($names)\b/, 'prints or exits below tui/');
}

sub includes {
	my ($f) = @_;
	return if !is_c($f) || $f->{room} eq 't';
	my %may = map { $_ => 1 } @{ $MAY_INCLUDE{ $f->{room} } || [] };
	my @bad;
	for my $target ($f->{text} =~ /^\s*#\s*include\s+"([^"]+)"/mg) {
		next if dirname($target) eq $f->{room} || $may{$target};
		push @bad, "$f->{path}: may not include $target";
	}
	return @bad;
}

sub libraries {
	my ($f) = @_;
	return if !is_c($f) || $f->{room} eq 't';
	my @bad;
	for my $target ($f->{text} =~ /^\s*#\s*include\s+<([^>]+)>/mg) {
		next if $SYSTEM{$target};
		next if grep { $target =~ $_->[0] && $f->{path} =~ $_->[1] } @LIBRARY;
		push @bad, "$f->{path}: <$target> is not for this file";
	}
	return @bad;
}

sub sql {
	my ($f) = @_;
	return if !is_c($f) || $f->{room} eq 't';
	my $verbs = qr/\b(SELECT\s.+\sFROM|INSERT\s+INTO|DELETE\s+FROM|UPDATE\s+\w+\s+SET
		|CREATE\s+(?:TABLE|INDEX|UNIQUE|VIEW|TRIGGER)|PRAGMA\s+\w)/x;
	return lines_that($f, $f->{strings}, $verbs, 'SQL outside store/')
		unless $f->{room} =~ m{^store$};
	return if $f->{path} eq 'store/db_sqlite.c';
	return lines_that($f, $f->{strings}, qr/\b(IFNULL|GLOB|REPLACE|json_\w+)\b\s*[('\$I]/,
	                  'SQL of one database only, outside db_sqlite.c');
}

sub unfinished {
	my ($f) = @_;
	return lines_that($f, $f->{text}, qr/\b(TO[D]O|FIX[M]E|XX[X])\b/, 'unfinished');
}

my @FILE_RULES = (
	['every file opens with its licence and what it is', \&opening],
	['no line is wider than 100 columns',                \&width],
	['layout is the house style',                        \&layout],
	['files and functions are short',                    \&lengths],
	['no banned function is called',                     \&banned],
	['nothing below tui/ prints or exits',               \&quiet],
	['includes go in the house\'s directions',           \&includes],
	['each outside library has its place',               \&libraries],
	['SQL is in store/ only, and in the shared dialect', \&sql],
	['nothing is left unfinished',                       \&unfinished],
);

# ---- the rules of the whole ----

sub guards {
	my (%seen, @bad);
	for my $f (grep { is_header($_) } @_) {
		my ($name) = basename($f->{path}) =~ /^(.*)\.h$/;
		my $want = uc $name;
		my $folder = uc basename(dirname($f->{path}));
		$want =~ tr/A-Z0-9/_/c;
		my ($guard, $define) = $f->{code} =~ /\A\s*#ifndef (\w+)\n#define (\w+)\n/;
		if (!defined $guard || $guard ne $define || $guard !~ /^(${folder}_)?${want}_H$/) {
			push @bad, "$f->{path}: guard is not ${want}_H or ${folder}_${want}_H";
		} elsif ($seen{$guard}) {
			push @bad, "$f->{path}: guard $guard is that of $seen{$guard}, too";
		}
		$seen{ $guard || '' } = $f->{path};
	}
	return @bad;
}

# What defines a part, and where it is registered: id is the first word of its line there.
my @REGISTRY = (
	[qr/^const struct importer importer_(\w+)\s*=/m,     'importers/importers.def'],
	[qr/^const struct view_ops view_(\w+)\s*=/m,         'tui/views.def'],
	[qr/^const struct list_def list_(\w+)\s*=/m,         'store/lists.def'],
	[qr/^const struct report(?:_what)? report_(\w+)\s*=/m, 'reports/reports.def'],
	[qr/^const struct (?:report_)?format format_(\w+)\s*=/m, 'reports/formats.def'],
);

sub registered {
	my @bad;
	for my $rule (@REGISTRY) {
		my ($definition, $def) = @$rule;
		my %known;
		for my $f (grep { $_->{path} eq $def } @_) {
			$known{$1} = 1 while $f->{text} =~ /^[A-Z_]+\(\s*(\w+)/mg;
		}
		for my $f (grep { $_->{room} eq dirname($def) && $_->{path} =~ /\.c$/ } @_) {
			for my $id ($f->{text} =~ /$definition/g) {
				push @bad, "$f->{path}: $id is not in $def" unless $known{$id};
			}
		}
	}
	return @bad;
}

sub top_level {
	my @names = -d '.git' || -f '.git' ? map { chomp; s{/.*}{}; $_ } `git ls-files` : glob '*';
	my %fixed = map { $_ => 1 } qw(Makefile README.md tui store importers reports
		themes t build);
	my %seen;
	return map { "$_ is not of the top level" }
		grep { !/^\./ && !$fixed{$_} && !$seen{$_}++ } @names;
}

# What a header declares is for others: another file calls it, or the header itself, inline.
sub called {
	my (%times, @bad);
	for my $f (grep { $_->{path} =~ /\.(?:[ch]|def)$/ } @_) {
		my $words = is_c($f) ? $f->{code} : $f->{text};
		$times{$1}{ $f->{path} }++ while $words =~ /\b([a-z_]\w*)\b/g;
	}
	for my $f (grep { is_header($_) && $_->{room} ne 't' } @_) {
		my $declared = qr/^(?!static\b|typedef\b)(?:[a-z]\w*[ *]+)+(\w+)\(/m;
		for my $name ($f->{code} =~ /$declared/g) {
			my $in = $times{$name};
			push @bad, "$f->{path}: $name is called by no other file"
				unless keys %$in > 2 || $in->{ $f->{path} } > 1;
		}
	}
	return @bad;
}

# A store remembers the number of the last one alone.
sub migrations {
	my %seen;
	return map { "$_ has the number of another" }
		grep { $seen{ (m{/(\d+)-})[0] // '' }++ } glob 'store/migrations/*';
}

sub headers_alone {
	my @headers = map { $_->{path} } grep { is_header($_) && $_->{room} ne 't' } @_;
	return unless @headers;
	my $flags = '-std=c17 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -Wall -Wextra';
	my $said = `$CC $flags -Werror -x c -fsyntax-only @headers 2>&1`;
	return $? ? grep { /: (?:fatal )?error: / } split /\n/, $said : ();
}

# Objects that land in writable sections, by objdump's symbol table.
sub writable_globals {
	my ($build, @files) = @_;
	my $symbol = qr/\s(\.t?(?:data|bss)[\w.]*|\*COM\*)\t[0-9a-f]+\s+(?:\.hidden )?(\S+)/;
	my @bad;
	for my $f (grep { $_->{path} =~ /\.c$/ && $_->{room} ne 't' } @files) {
		my $object = "$build/$f->{path}";
		$object =~ s/\.c$/.o/;
		next unless -f $object;
		for (`objdump -t '$object'`) {
			next unless $_ =~ $symbol;
			my ($section, $name) = ($1, $2);
			next if $section =~ /^\.data\.rel\.ro/ || $name =~ /^\./;
			next if $name =~ /^(die_hook|buf_empty|signal_\w+)$/;
			push @bad, "$f->{path}: $name is a writable global";
		}
	}
	return @bad;
}

# ---- the project ----

sub holds {
	my ($name, @bad) = @_;
	ok(!@bad, $name) or diag(join "\n", @bad > 40 ? (@bad[0 .. 39], '...') : @bad);
}

my @files = tree();
for (@FILE_RULES) {
	my ($name, $rule) = @$_;
	holds($name, map { $rule->($_) } @files);
}
holds('headers have guards of their own', guards(@files));
holds('every part is registered', registered(@files));
holds('what headers declare is called', called(@files));
holds('the top level is fixed', top_level());
holds('every migration has a number of its own', migrations());
holds('every header compiles alone', headers_alone(@files));
SKIP: {
	skip 'sanitizers and coverage add data of their own', 1 if $ENV{SEAWORTHY_SAN};
	holds('no global is writable', writable_globals($BUILD, @files));
}

# ---- each rule bites: a small project that breaks it ----

my $HEAD = "/* SPDX-License-Identifier: MIT */\n";

# A folder with these files; the current folder until the next call.
sub project {
	my (%text) = @_;
	chdir tempdir(CLEANUP => 1) or die $!;
	for my $path (keys %text) {
		make_path(dirname($path));
		open my $out, '>:utf8', $path or die "$path: $!";
		print $out $text{$path};
		close $out or die "$path: $!";
	}
	return tree();
}

# A C file that keeps every rule, around what the case is about.
sub c_file {
	my ($path, $body) = @_;
	return ($path => $HEAD . '/* ' . basename($path) . " - a case. */\n$body\n");
}

sub bites {
	my ($name, $rule, $complaint, @project) = @_;
	my @files = project(@project);
	my @bad = map { $rule->($_) } @files;
	ok(@bad == 1 && $bad[0] =~ $complaint, "bites: $name") or diag(join "\n", 'got:', @bad);
}

sub bites_whole {
	my ($name, $rule, $complaint, @project) = @_;
	my @bad = $rule->(project(@project));
	ok(@bad == 1 && $bad[0] =~ $complaint, "bites: $name") or diag(join "\n", 'got:', @bad);
}

my $home = getcwd();

bites('a file without its licence', \&opening, qr/no SPDX/,
      'store/a.c' => "int a;\n/* a.c - x */\n");
bites('a file that does not say what it is', \&opening, qr/does not say/,
      'store/a.c' => "$HEAD/* b.c - x */\n");
bites('a wide line', \&width, qr/a\.c:3: wider/, c_file('store/a.c', "\t" x 12 . 'abcde'));
bites('a blank at the end', \&layout, qr/blanks at the end/, c_file('tui/a.c', 'int a; '));
bites('a brace behind a function', \&layout, qr/brace/, c_file('tui/a.c', "int f(void) {\n}"));
bites('a struct behind a typedef', \&layout, qr/hides/, c_file('tui/a.c', 'typedef struct a a_t;'));
bites('a long function', \&lengths, qr/a\.c:4: function longer/,
      c_file('tui/a.c', "f(void)\n{\n" . "\tx;\n" x 79 . '}'));
bites('a long file', \&lengths, qr/longer than 600/, c_file('tui/a.c', "x;\n" x 599));
bites('a banned call', \&banned, qr/:3: banned: strcpy/, c_file('t/a.c', 'f() { strcpy(a, b); }'));
bites('a banned call with a gap', \&banned, qr/banned: sscanf/,
      c_file('tui/a.c', 'sscanf (a, b);'));
bites('printing from the store', \&quiet, qr/exits/, c_file('store/a.c', 'printf("x");'));
bites('exiting from an importer', \&quiet, qr/exits/, c_file('importers/a.c', 'exit(1);'));
bites('importer to store', \&includes, qr{may not include store/store\.h},
      c_file('importers/a.c', '#include "store/store.h"'));
bites('store to a room above', \&includes, qr/may not/, c_file('store/a.c', '#include "tui/a.h"'));
bites('base to store', \&includes, qr/may not/,
      c_file('store/base/a.c', '#include "store/store.h"'));
bites('tui to a private header', \&includes, qr/may not/,
      c_file('tui/a.c', '#include "store/db.h"'));
bites('an include not from the root', \&includes, qr/may not/,
      c_file('tui/a.c', '#include "view.h"'));
bites('curses out of its place', \&libraries, qr/curses/, c_file('tui/a.c', '#include <curses.h>'));
bites('SQLite out of its place', \&libraries, qr/sqlite/,
      c_file('store/a.c', '#include <sqlite3.h>'));
bites('threads out of their place', \&libraries, qr/pthread/,
      c_file('store/a.c', '#include <pthread.h>'));
bites('an unknown library', \&libraries, qr/glib/, c_file('reports/a.c', '#include <glib.h>'));
bites('SQL outside store/', \&sql, qr/outside store/, c_file('tui/a.c', 's = "SELECT a FROM b";'));
bites('SQL of one database', \&sql, qr/one database/, c_file('store/a.c', 's = "IFNULL(a, b)";'));
bites('a thing to do', \&unfinished, qr/unfinished/, c_file('tui/a.c', '/* TO' . 'DO: more */'));
bites_whole('a header without guard', \&guards, qr/guard is not A_H/, c_file('tui/a.h', 'int a;'));
bites_whole('two guards of one name', \&guards, qr/is that of store/,
            c_file('store/a.h', "#ifndef A_H\n#define A_H\n#endif"),
            c_file('tui/a.h', "#ifndef A_H\n#define A_H\n#endif"));
bites_whole('an importer nobody registered', \&registered, qr/b is not in/,
            'importers/importers.def' => "IMPORTER(a)\n",
            c_file('importers/a.c', "const struct importer importer_a = {\n};"),
            c_file('importers/b.c', "const struct importer importer_b = {\n};"));
bites_whole('a view nobody registered', \&registered, qr/b is not in/,
            'tui/views.def' => "VIEW(a, 1, \"A\")\n",
            c_file('tui/view_b.c', "const struct view_ops view_b = {\n};"));
bites_whole('a list nobody registered', \&registered, qr/b is not in/,
            c_file('store/list_b.c', "const struct list_def list_b = {\n};"));
bites_whole('a function for nobody', \&called, qr/a\.h: f is called by no other/,
            c_file('tui/a.h', "int f(void);\nint g(void);"),
            c_file('tui/a.c', "int f(void) { return f(); }\nint g(void) { return 1; }"),
            c_file('tui/b.c', 'int i = g();'));
bites_whole('two migrations of one number', \&migrations, qr/0002-b.*number of another/,
	'store/migrations/0002-a.sql' => "x\n", 'store/migrations/0002-b.sql' => "x\n");
bites_whole('a stray file', \&top_level, qr/stray\.txt/, 'stray.txt' => "x\n");
bites_whole('a header that leans on others', \&headers_alone, qr/a\.h/,
            c_file('tui/a.h', "#ifndef A_H\n#define A_H\nsize_t f(void);\n#endif"));

my @small = project(c_file('tui/a.c', <<'END'));
#include <stddef.h>
extern const char *const names[];
const char *const names[] = { "a", "b" };
static const int table[] = { 1, 2 };
int counter;
void (*die_hook)(void);
int f(int i) { static int calls; return table[i] + ++calls + *names[0] + counter; }
END
make_path('build/tui');
is(system("$CC -fPIE -O2 -c -o build/tui/a.o tui/a.c"), 0, 'a file with globals compiles');
my @found = writable_globals('build', @small);
is(scalar(grep { /counter is|calls[.\d]* is/ } @found), 2, 'bites: writable globals')
	or diag("@found");
is(scalar(@found), 2, 'constant tables and die_hook are let be') or diag(join "\n", @found);

my @good = project(c_file('store/a.c', <<'END'));
#include <stdio.h>

#include "store/base/base.h"
#include "store/db.h"

static const char SQL[] = "SELECT a FROM b WHERE c = $1"; /* strcpy(a, b) in a comment */

int
f(struct buf *b)
{
	snprintf(b->s, b->cap, "system(\"x\") printf");
	return '"' + b->exit(SQL);
}
END
is_deeply([map { my $rule = $_->[1]; map { $rule->($_) } @good } @FILE_RULES], [],
          'a file that keeps the rules is let be');

chdir $home;
done_testing();
