/* SPDX-License-Identifier: MIT */
/* cli.h - the command line: what every command has, and the table of commands. */
#ifndef CLI_H
#define CLI_H

#include "reports/report.h"
#include "store/store.h"
#include "tui/args.h"

/* Exit codes that scripts rely on. */
enum { CLI_YES = 0, CLI_NO = 1, CLI_USAGE = 2, CLI_EVIDENCE = 3, CLI_ERROR = 4 };

struct cli {
	/* options of every command */
	const char *store_path, *group, *policy, *role, *now_text, *theme, *once, *script, *size;
	const char *folder;
	const char *as_of_text, *known_text;
	bool        store_named; /* store_path is what --store says */
	bool        json, read_only, no_color, plain, help, version, manual;
	/* filled in from them */
	int64_t     now; /* seconds UTC, of the clock or of --now; of a past day that day */
	int64_t     present; /* the same, whatever day is asked for */
	bool        now_given;
	int64_t     as_of, known; /* the past that is asked for; 0: the present */
	enum role   role_kind;
	const char *actor; /* who acts: the real user of the process */
	bool        reads; /* as its command does */
	/* the command's own */
	const char *const *operand;
	size_t             noperand;
	const void        *opts; /* the command's struct of options */
	/* the filter that does not parse, and the byte where: told below the error; NULL: none */
	const char        *faulty;
	size_t             fault;
	struct arena       mem;  /* lives as long as the program */
};

struct command {
	const char       *name, *operands, *summary;
	const struct arg *arg;      /* its own options */
	size_t            opts_size;
	const char       *more;     /* a paragraph for its --help; NULL: none */
	int (*run)(struct cli *c, struct err *e); /* exit code; on failure *e is set and told */
	bool              reads;    /* nothing else: a store that --store names has to be there */
};
#define COMMAND(n, operands, summary) extern const struct command command_##n;
#include "tui/commands.def"
#undef COMMAND

/*
 * The store, opened as the options say, filled with the built-in catalogues when new. What only
 * reads makes none where --store names it: more likely than a new one, that is a slip of the keys.
 */
bool cli_open(const struct cli *c, struct store **out, struct err *e) MUST_CHECK;
/*
 * Where the store is: --store, SEAWORTHY_STORE, or below XDG_DATA_HOME. Errors when none can be
 * told.
 */
bool cli_store_path(struct cli *c, const char **out, struct err *e) MUST_CHECK;
struct store_opts cli_store_opts(const struct cli *c);
/* Between `least` and `most` operands, or ERR_USAGE with the command's own line. */
bool cli_operands(const struct cli *c, const struct command *cmd, size_t least, size_t most,
                  struct err *e) MUST_CHECK;
/* The operands from `first` on as one filter, in c->mem: terms are joined by "and" anyway. */
const char *cli_words(struct cli *c, size_t first);
/* A filter for the rows of a list, in c->mem; the error says where in the text the fault is. */
bool cli_filter(struct cli *c, enum list_id list, const char *text, const struct filter **out,
                struct err *e) MUST_CHECK;
/* "image 7", "control PCI-DSS 6.3.3", "finding 1-2-3": what the words of the command line mean. */
bool cli_object(struct store *st, const char *kind, const char *id, struct scope *out,
                struct err *e) MUST_CHECK;
/*
 * Of a past day, a line that says which and what is known of it: before a text on standard output,
 * beside what a machine reads on standard error. Nothing when the present is shown.
 */
void cli_tell_past(struct store *st, bool machine, struct out *o);
/* Attach a file, or the link of `as` when path is NULL (cmd_evidence.c). */
bool cli_attach(struct cli *c, struct store *st, const struct scope *what, const char *path,
                const struct evidence_in *as, struct err *e) MUST_CHECK;
/* The one thing that --scope names; ERR_USAGE tells what to say where it is several. */
bool cli_scope(struct store *st, const char *what, struct scope *out, struct err *e) MUST_CHECK;
int  cli_exit_code(const struct err *e);
/*
 * The whole program, from its words to its exit code, as acted by `actor` (borrowed until it
 * returns). Who that is is never an option: main.c says it, and the demo estate for its people.
 */
int  program_run(const char *actor, int argc, char **argv);
/* Standard output as a writer; close it with cli_close, which tells what failed. */
struct out *cli_out(void);
int  cli_close(struct out *o, int code, struct err *e);
/* The end of a command: its output told when it went well, and forgotten when it did not. */
int  cli_finish(struct out *o, bool ok, struct err *e);

/* ---- text that came from outside, on standard output (cli_text.c) ---- */

/* Append n bytes as they may be shown: what a terminal would obey is spelt out. */
void text_clean(const char *s, size_t n, struct buf *out);
/* How many columns clean text takes. */
size_t text_columns(const char *s);
/* One line, made clean; the newline comes of itself, blanks before it go. */
void text_line(struct out *o, const char *fmt, ...) PRINTF(2, 3);
/* Append s made clean, cut or filled to `width` columns. */
void text_cell(struct buf *line, const char *s, size_t width);

/*
 * Load the catalogues that ride in the program (builtin.c) into a store that has none, in one
 * commit. False: close the store, and none of them is there.
 */
bool builtin_load(struct store *st, struct err *e) MUST_CHECK;

/* ---- importing, for the command and for the dashboard (import.c) ---- */

struct import_job {
	struct store *st;
	/* NULL: not given; may hold {dir} and {stem} */
	const char   *format, *cluster, *node, *image;
	/* --map: a mapping file, whose name then is the format; NULL: not given */
	const char   *map;
	int64_t       at;
	bool          partial, keep_raw, dry_run;
	/* --verified: who says that the signatures in it were verified; NULL: nobody */
	const char   *vouched;
	uint32_t      complete;
	/* Told of each input when it is done; strings and stats live during the call. */
	void (*told)(void *ctx, const struct import_told *t);
	/* Progress inside one input; false cancels. */
	bool (*watch)(void *ctx, const char *file, uint64_t done, uint64_t total);
	void *ctx;
	/* out: */
	int64_t imported, duplicates, failed;
};
/*
 * Import everything below each of the n paths, in this order; a file that refers to one that comes
 * later waits for it. What fails is told and counted, and the others go on; false only when the
 * mappings cannot be read, or on cancel. The formats' names that are told are gone afterwards.
 */
bool import_paths(struct import_job *job, const char *const *path, size_t n,
                  struct err *e) MUST_CHECK;

#endif
