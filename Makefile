# SPDX-License-Identifier: MIT
# Seaworthy. `make help` lists the targets; on a bare machine begin with `make demo` or `make test`.

# ---- settings: set them in the environment or on the command line ----
CC       ?= cc
CFLAGS   ?= -O2 -g
LDFLAGS  ?=
PREFIX   ?= /usr/local
DESTDIR  ?=
B        ?= build
JOBS     ?= $(shell nproc 2>/dev/null || getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
T        ?= t/*
V        ?=
WERROR   ?=
SAN      ?=
COV      ?=
FUZZ     ?=
SIZE     ?= full
FUZZ_SECONDS ?= 60
HARM     ?= 1

MAKEFLAGS += -r
.SUFFIXES:
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all
.PHONY: all help deps deps-test demo demo-run test check quick golden bench asan grind tidy cov \
	fuzz fuzz-run install uninstall dist clean FORCE

# ---- libraries, with the oldest version that will do (t/lib/deps knows their packages) ----
PKGS = ncursesw>=6.1 sqlite3>=3.40 jansson>=2.11 yajl>=2.1.0 yaml-0.1>=0.2.2 libcurl>=7.68.0 \
	libarchive>=3.4.0 libcrypto>=1.1.1 libzstd>=1.4.0
PKG_CONFIG ?= pkg-config
PKG_NAMES  = $(foreach p,$(PKGS),$(firstword $(subst >=, ,$(p))))
# Shell: true when package $(1), written name>=version, is there.
pkg_there  = $(PKG_CONFIG) --exists '$(subst >=, >= ,$(1))'

# Targets that work without any library; everything else asks pkg-config once.
BARE = help deps deps-test demo test dist clean uninstall FORCE
ifneq ($(filter-out $(BARE),$(or $(MAKECMDGOALS),all)),)
MISSING := $(shell $(foreach p,$(PKGS),$(call pkg_there,$(p)) 2>/dev/null || echo '$(p)';))
ifneq ($(MISSING),)
$(error missing: $(MISSING); run `make deps`)
endif
# Feature macros are ours to set, whatever a package says.
PKG_CFLAGS := $(filter-out -D%,$(shell $(PKG_CONFIG) --cflags $(PKG_NAMES)))
# These two are opened when first called (store/base/late.h), by store/base/late_*.c.
LATE_PKGS  = libcurl libarchive
PKG_LIBS   := $(shell $(PKG_CONFIG) --libs $(filter-out $(LATE_PKGS),$(PKG_NAMES))) -lm -ldl
TEST_LIBS  := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null || echo -lcmocka)
endif

# ---- flags ----
STD  = -std=c17 -D_POSIX_C_SOURCE=200809L -D_XOPEN_SOURCE=700 -I. -pthread
WARN = -Wall -Wextra -Wno-missing-field-initializers -Wpedantic -Wshadow -Wconversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wvla -Wcast-qual $(if $(WERROR),-Werror)
HARD = -fstack-protector-strong $(if $(filter -O1 -O2 -O3 -Os,$(CFLAGS)),-U_FORTIFY_SOURCE \
	-D_FORTIFY_SOURCE=2)
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
KIND = $(if $(FUZZ),$(SANITIZE) $(if $(FUZZ_ENGINE),-fsanitize=fuzzer-no-link),$(if \
	$(SAN),$(SANITIZE),$(if $(COV),--coverage -O0,$(HARD))))
LINK_HARD = $(if $(filter Darwin,$(shell uname -s)),,-pie -Wl,-z,relro,-z,now)
COMPILE = $(CC) $(STD) $(WARN) -fPIE -ffile-prefix-map=$(CURDIR)=. $(CFLAGS) $(KIND) \
	$(CPPFLAGS) $(PKG_CFLAGS)
LINK    = $(CC) -pthread $(CFLAGS) $(KIND) $(LINK_HARD) $(LDFLAGS)

# .version is there only in an unpacked `make dist`.
VERSION := $(or $(shell cat .version 2>/dev/null),$(patsubst \
	v%,%,$(shell git describe --tags --dirty 2>/dev/null)),0.1.0)

# ---- sources: by wildcard, so that adding a file needs no edit here ----
SRC   = $(filter-out tui/main.c,$(sort $(wildcard store/*.c store/base/*.c importers/*.c \
	reports/*.c themes/*.c tui/*.c)))
EMBED = $(sort $(wildcard themes/*.theme store/migrations/*.sql store/policies/*.json \
	importers/*.tsv importers/rules/*.tsv importers/frameworks/*.tsv \
	importers/crosswalks/*.tsv importers/maps/*.json reports/*.css))
o = $(patsubst %.c,$(B)/%.o,$(1))
OBJ        = $(call o,$(SRC)) $(B)/embed.o $(B)/version.o
LIB        = $(B)/libseaworthy.a
PROGRAM    = $(if $(wildcard tui/main.c),$(B)/seaworthy)
ESTATE_SRC = $(wildcard t/estate/*.c)
ESTATE     = $(if $(ESTATE_SRC),$(B)/estate $(B)/person)
HELPERS    = $(call o,$(wildcard t/lib/*.c))
C_TESTS    = $(patsubst t/unit/%.c,$(B)/t/%.t,$(sort $(wildcard t/unit/*.c)))
BENCHES    = $(patsubst t/bench/%.c,$(B)/bench/%,$(wildcard t/bench/*.c))
FUZZERS    = $(patsubst t/fuzz/%.c,$(B)/fuzz/%,$(wildcard t/fuzz/*.c))
ALL_C      = $(SRC) $(wildcard tui/main.c t/lib/*.c t/unit/*.c t/bench/*.c t/estate/*.c \
	t/estate/person/*.c t/fuzz/*.c)

# ---- rules ----
Q    = $(if $(V),,@)
note = $(if $(V),,@printf '%-5s %s\n' '$(1)' '$(2)')
# $(call keep,FILE,TEXT): write TEXT to FILE only when it is new, so that what depends on it rests.
keep = @mkdir -p $(B); printf '%s\n' '$(2)' | cmp -s - $(1) || printf '%s\n' '$(2)' >$(1)

all: $(LIB) $(PROGRAM) $(ESTATE) ## the program, $(B)/seaworthy (the default)

$(B)/flags: FORCE
	$(call keep,$@,$(filter-out -Werror,$(COMPILE)) / $(LINK))
$(B)/embed.list: FORCE
	$(call keep,$@,$(EMBED))
$(B)/version.c: FORCE
	$(call keep,$@,const char build_version[] = "$(VERSION)";)

$(B)/version.o: $(B)/version.c $(B)/flags
	$(Q)$(COMPILE) -include store/base/base.h -c -o $@ $<
$(B)/embed.o: $(B)/embed.c $(B)/flags
	$(Q)$(COMPILE) -c -o $@ $<
$(B)/%.o: %.c $(B)/flags
	$(call note,CC,$<)
	$(Q)mkdir -p $(@D) && $(COMPILE) -MMD -MP -c -o $@ $<

# Files baked into the binary: an array each, and one table sorted by path.
$(B)/embed.c: $(B)/embed.list $(EMBED) Makefile
	$(call note,EMBED,$(words $(EMBED)) files)
	$(Q)exec >$@.tmp; echo '#include "store/base/embed.h"'; n=0; for f in $(EMBED); do \
		echo "static const unsigned char file_$$n[] = {"; n=$$((n + 1)); \
		od -v -An -tx1 "$$f" | sed 's/ *\([0-9a-f][0-9a-f]\)/0x\1,/g'; echo '0};'; done; \
	n=0; echo 'const struct embed embed_table[] = {'; for f in $(EMBED); do \
		echo "{ \"$$f\", (const char *)file_$$n, sizeof(file_$$n) - 1 },"; \
		n=$$((n + 1)); done; \
	echo "{ 0, 0, 0 } };"; echo "const size_t embed_count = $$n;"
	$(Q)mv $@.tmp $@

# Appending (q) keeps members of one name apart: store/list.o, tui/list.o.
$(LIB): $(OBJ)
	$(call note,AR,$@)
	$(Q)rm -f $@ && ar qcs $@ $(OBJ)

$(B)/seaworthy: $(B)/tui/main.o $(LIB)
	$(call note,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS)
$(B)/estate: $(call o,$(ESTATE_SRC)) $(LIB)
	$(call note,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS)
$(B)/person: $(B)/t/estate/person/main.o $(LIB)
	$(call note,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(PKG_LIBS)
$(B)/t/%.t: $(B)/t/unit/%.o $(HELPERS) $(LIB)
	$(call note,LD,$@)
	$(Q)$(LINK) -o $@ $^ $(TEST_LIBS) $(PKG_LIBS)
# This one packs what it reads.
$(B)/t/2020-source.t: TEST_LIBS += $(shell $(PKG_CONFIG) --libs libarchive)
$(B)/bench/%: $(B)/t/bench/%.o $(LIB)
	$(call note,LD,$@)
	$(Q)mkdir -p $(@D) && $(LINK) -o $@ $^ $(PKG_LIBS)
# libFuzzer brings its own main; without it the seeds are replayed by a small one of ours.
$(B)/fuzz/%: $(B)/t/fuzz/%.o $(B)/t/lib/nowhere.o \
		$(if $(FUZZ_ENGINE),,$(B)/t/fuzz/replay/main.o) $(LIB)
	$(call note,LD,$@)
	$(Q)mkdir -p $(@D) && $(LINK) $(if $(FUZZ_ENGINE),-fsanitize=fuzzer) -o $@ $^ $(PKG_LIBS)

.SECONDARY:
-include $(patsubst %.c,$(B)/%.d,$(ALL_C))

# ---- tests ----
# Every test runs in a folder of its own (t/lib/alone); T=t/2* picks some.
STEMS   = $(addsuffix .t,$(T:%.t=%))
SCRIPTS = $(sort $(wildcard $(STEMS)))
CHOSEN  = $(patsubst t/unit/%.c,$(B)/t/%.t,$(sort $(wildcard $(STEMS:t/%.t=t/unit/%.c))))
# Without a file prove would run all there are.
SOME    = $(if $(CHOSEN)$(SCRIPTS),,$(error T=$(T): no test is called so))
PROVE   = $(SOME)SEAWORTHY='$(abspath $(B))/seaworthy' SEAWORTHY_BUILD='$(abspath $(B))' \
	SEAWORTHY_ESTATE='$(abspath $(B))/estate' SEAWORTHY_PERSON='$(abspath $(B))/person' \
	SEAWORTHY_SAN='$(SAN)$(COV)' CC='$(CC)' \
	CMOCKA_MESSAGE_OUTPUT=TAP TZ=UTC LC_ALL=C.UTF-8 \
	ASAN_OPTIONS=detect_leaks=1:quarantine_size_mb=8:halt_on_error=1 \
	UBSAN_OPTIONS=halt_on_error=1:print_stacktrace=1 \
	prove -j$(JOBS) --exec 'sh t/lib/alone'

test: deps-test ## all tests; T=t/2* picks some; installs what is missing first
	+@$(MAKE) --no-print-directory -j$(JOBS) check
check: all $(CHOSEN)
	@$(PROVE) $(CHOSEN) $(SCRIPTS)
quick: all $(C_TESTS) ## unit tests and the house rules only, in under a minute
	@$(PROVE) $(C_TESTS) $(wildcard t/0001-house.t)
golden: all $(CHOSEN) ## rewrite expected files from actual output, for review in git diff
	-@SEAWORTHY_GOLDEN=1 $(PROVE) $(CHOSEN) $(SCRIPTS)
	@git --no-pager diff --stat -- t
asan: ## the tests again with address and undefined sanitizers
	+@$(MAKE) --no-print-directory B=build/asan SAN=1 CFLAGS='-O1 -g' test
grind: all $(C_TESTS) ## the unit tests under valgrind
	@SEAWORTHY_UNDER='$(VALGRIND)' $(PROVE) $(C_TESTS)
VALGRIND = valgrind -q --error-exitcode=9 --leak-check=full --child-silent-after-fork=yes
cov: ## test coverage in lines, by folder
	+@$(MAKE) --no-print-directory B=build/cov COV=1 test
	@cd build/cov && find . -name '*.gcda' | xargs gcov -n 2>/dev/null | sh ../../t/lib/coverage
bench: all $(BENCHES) ## the figures of performance, beside their targets; SIZE=small for a minute
	@for b in $(sort $(BENCHES) $(wildcard t/bench/*.sh)); do SIZE=$(SIZE) \
		SEAWORTHY='$(abspath $(B))/seaworthy' SEAWORTHY_ESTATE='$(abspath $(B))/estate' \
		./$$b || exit 1; done

SEEDS_import = t/import
SEEDS_theme  = themes
fuzz: ## fuzz for FUZZ_SECONDS each (without clang: the seeds), harm reports in 1/HARM of the ways
	+@$(MAKE) --no-print-directory -j$(JOBS) B=build/fuzz FUZZ=1 CFLAGS='-O1 -g' $(if $(shell \
		command -v clang),CC=clang FUZZ_ENGINE=1) fuzz-run
fuzz-run: $(addsuffix .done,$(FUZZERS)) $(B)/t/2070-harm.t
	$(call note,HARM,one in $(HARM) of a thousand ways to damage each report)
	@SEAWORTHY_HARM_SHARE=$(HARM) $(PROVE) $(B)/t/2070-harm.t
$(B)/fuzz/%.done: $(B)/fuzz/% FORCE
	$(call note,FUZZ,$*)
	@mkdir -p $<.corpus; $< $(if $(FUZZ_ENGINE),$(FUZZ_FLAGS) $<.corpus) \
		$(wildcard $(SEEDS_$*) t/fuzz/seeds/$*) >$<.log 2>&1 || { tail -60 $<.log; exit 1; }
FUZZ_FLAGS = -max_total_time=$(FUZZ_SECONDS) -timeout=10 -artifact_prefix=$<.crash-
tidy: ## clang-tidy and cppcheck over the same flags
	clang-tidy --quiet $(SRC) $(wildcard tui/main.c) -- $(STD) $(PKG_CFLAGS)
	cppcheck --quiet --std=c11 --enable=warning,portability --inline-suppr --error-exitcode=1 \
		-I. $(SRC) $(wildcard tui/main.c)

# ---- the demo, packages, installing ----
demo: deps ## build, import a generated estate, open it (prints it where there is no terminal)
	+@$(MAKE) --no-print-directory -j$(JOBS) demo-run
demo-run: all
	@test -f $(B)/demo/demo.db || \
		sh t/estate/import.sh $(abspath $(B))/estate $(abspath $(B))/person $(B)/demo
	@if test -t 0 && test -t 1; then $(B)/seaworthy --store $(B)/demo/demo.db $(DEMO_NOW); \
	else $(B)/seaworthy --store $(B)/demo/demo.db $(DEMO_NOW) status; fi
# The evening on which the estate's weeks end: looked at later, all of it would be late and silent.
DEMO_NOW = --now 2026-11-23T20:40:00Z

deps: ## install the compiler and libraries that are missing
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' NEED='$(PKGS)' sh t/lib/deps build
deps-test: deps ## install what the tests need
	@CC='$(CC)' PKG_CONFIG='$(PKG_CONFIG)' sh t/lib/deps test

TO = $(DESTDIR)$(PREFIX)
MAN1 = $(TO)/share/man/man1/seaworthy.1
COMPLETION = $(TO)/share/bash-completion/completions/seaworthy
install: all ## the program, its manual page and completion for bash, below DESTDIR/PREFIX
	install -d $(TO)/bin $(dir $(MAN1)) $(dir $(COMPLETION))
	install -m 755 $(B)/seaworthy $(TO)/bin/seaworthy
	$(B)/seaworthy --manual >$(B)/seaworthy.1 && install -m 644 $(B)/seaworthy.1 $(MAN1)
	install -m 644 tui/seaworthy.bash $(COMPLETION)
uninstall: ## remove exactly that
	rm -f $(TO)/bin/seaworthy $(MAN1) $(COMPLETION)
dist: ## a tarball of HEAD with its SHA-256, tested unpacked
	@mkdir -p $(B) && rm -rf $(B)/$(DIST) && printf '%s\n' '$(VERSION)' >$(B)/.version
	git archive --prefix=$(DIST)/ --add-file=$(B)/.version -o $(B)/$(DIST).tar.gz HEAD
	cd $(B) && sha256sum $(DIST).tar.gz | tee $(DIST).tar.gz.sha256 && tar xzf $(DIST).tar.gz
	+$(MAKE) --no-print-directory -C $(B)/$(DIST) B=build test
DIST = seaworthy-$(VERSION)
clean: ## remove everything made
	rm -rf $(B)
help: ## this list
	@sed -n 's/^\([a-z-]*\):[^#]*## /\1\t/p' Makefile | sort | expand -t 12
	@echo 'Variables: CC CFLAGS LDFLAGS PREFIX DESTDIR B V=1 WERROR=1 JOBS T SIZE FUZZ_SECONDS'
