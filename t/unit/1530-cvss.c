/* SPDX-License-Identifier: MIT */
/* 1530-cvss.c - scores from vectors, against those that the standards' own documents give. */
#include "t/lib/test.h"

#include "store/cvss.h"

struct example {
	const char *vector;
	int score;
};

static void hold(const struct example *x, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (cvss_score(x[i].vector) != x[i].score)
			fail_msg("%s: %d, not %d", x[i].vector, cvss_score(x[i].vector),
				 x[i].score);
}

static void version_2_scores_as_its_guide_says(void **state)
{
	static const struct example x[] = {
		{ "AV:N/AC:L/Au:N/C:N/I:N/A:C", 78 },
		{ "AV:N/AC:L/Au:N/C:C/I:C/A:C", 100 },
		{ "AV:L/AC:H/Au:N/C:C/I:C/A:C", 62 },
		{ "(AV:N/AC:L/Au:N/C:P/I:P/A:P)", 75 },
		{ "AV:N/AC:M/Au:N/C:N/I:P/A:N", 43 },
		{ "AV:N/AC:L/Au:N/C:N/I:N/A:N", 0 },
		{ "AV:L/AC:L/Au:N/C:P/I:N/A:N/E:POC/RL:OF/RC:C", 21 },
		{ "AV:A/AC:L/Au:S/C:P/I:P/A:P", 52 },
	};

	(void)state;
	hold(x, LENGTH(x));
}

static void version_3_scores_as_its_examples_do(void **state)
{
	static const struct example x[] = {
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 98 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 100 },
		{ "CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 61 },
		{ "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 78 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:N/S:U/C:H/I:H/A:H", 81 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 75 },
		{ "CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 64 },
		{ "CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 31 },
		{ "CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 68 },
		{ "CVSS:3.1/AV:L/AC:L/PR:H/UI:N/S:U/C:L/I:L/A:L", 42 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0 },
		{ "CVSS:3.1/A:H/I:H/C:H/S:U/UI:N/PR:N/AC:L/AV:N/E:U", 98 },
	};

	(void)state;
	hold(x, LENGTH(x));
}

static void version_4_scores_as_its_examples_do(void **state)
{
	static const struct example x[] = {
		{ "CVSS:4.0/AV:L/AC:L/AT:P/PR:L/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 73 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:P/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 77 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N", 83 },
		{ "CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:A/VC:L/VI:N/VA:N/SC:N/SI:N/SA:N", 46 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:A/VC:N/VI:N/VA:N/SC:L/SI:L/SA:N", 51 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:L/VI:L/VA:N/SC:N/SI:N/SA:N", 69 },
		{ "CVSS:4.0/AV:L/AC:L/AT:N/PR:H/UI:N/VC:N/VI:N/VA:N/SC:H/SI:N/SA:N", 59 },
		{ "CVSS:4.0/AV:P/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:H/SA:N", 83 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:N/VA:N/SC:N/SI:N/SA:N", 87 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 100 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 93 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MSI:S", 100 },
		{ "CVSS:4.0/AV:N/AC:L/AT:P/PR:N/UI:N/VC:H/VI:L/VA:L/SC:N/SI:N/SA:N/CR:H/IR:L/"
		  "AR:L/MAV:N/MAC:H/MVC:H/MVI:L/MVA:L",
		  81 },
	};

	(void)state;
	hold(x, LENGTH(x));
}

/* What the scores of every vector add up to that has one value of each of these metrics. */
struct metric_values {
	const char *name, *values;
};

static int64_t sum_of_all(const char *prefix, const struct metric_values *m, size_t n)
{
	int64_t sum = 0;
	size_t at[8] = { 0 }, turn = 0;

	while (turn < n) {
		struct buf b = BUF_INIT;

		buf_addf(&b, "%s", prefix);
		for (size_t i = 0; i < n; i++)
			buf_addf(&b, "%s%s:%c", i ? "/" : "", m[i].name, m[i].values[at[i]]);
		assert_in_range(cvss_score(b.s), 0, 100);
		sum += cvss_score(b.s);
		buf_release(&b);
		for (turn = 0; turn < n && !m[turn].values[++at[turn]]; turn++)
			at[turn] = 0;
	}
	return sum;
}

/* The sums are another calculator's. */
static void every_vector_of_versions_2_and_3_has_its_score(void **state)
{
	static const struct metric_values two[] = {
		{ "AV", "LAN" }, { "AC", "HML" }, { "Au", "MSN" },
		{ "C", "NPC" },	 { "I", "NPC" },  { "A", "NPC" },
	};
	static const struct metric_values three[] = {
		{ "AV", "NALP" }, { "AC", "LH" }, { "PR", "NLH" }, { "UI", "NR" },
		{ "S", "UC" },	  { "C", "HLN" }, { "I", "HLN" },  { "A", "HLN" },
	};

	(void)state;
	assert_int_equal(sum_of_all("", two, LENGTH(two)), 38007);
	assert_int_equal(sum_of_all("CVSS:3.1/", three, LENGTH(three)), 142706);
}

/* Metrics in the order of the specification, threats and requirements last: a letter each. */
static void write4(struct buf *b, const char *letters)
{
	static const char *const names[] = { "AV", "AC", "AT", "PR", "UI", "VC", "VI", "VA",
					     "SC", "SI", "SA", "E",  "CR", "IR", "AR" };

	buf_addf(b, "CVSS:4.0");
	for (size_t i = 0; i < LENGTH(names); i++) /* safety is said of modified metrics only */
		buf_addf(b, "/%s:%c", names[i], letters[i] == 'S' ? 'N' : letters[i]);
	for (size_t i = 0; i < LENGTH(names); i++)
		if (letters[i] == 'S')
			buf_addf(b, "/M%s:S", names[i]);
}

/* One of each of the 270 classes of vectors that the standard tells apart, each some steps below
 * the worst of its class; the scores are another calculator's. */
static const struct {
	const char *letters;
	int score;
} classes[] = {
	{ "NLNNNHHLNSLAHML", 100 }, { "NLNNNHHHNLSAMML", 98 }, { "NLNNNHHHHSHPMMH", 98 },
	{ "NLNNNHHNLSHPLMH", 94 }, { "NLNNNHHLHSHUHLH", 95 }, { "NLNNNHHHNSHULMM", 90 },
	{ "NLNNNHHNHNNAHMH", 99 }, { "NLNNNHHNNHNALMM", 95 }, { "NLNNNHHHLLHPLHL", 92 },
	{ "NLNNNHHNHNNPLLM", 85 }, { "NLNNNHHHLHNULHL", 88 }, { "NLNNNHHLHNNULMM", 77 },
	{ "NLNNNHHNNNNAMHM", 93 }, { "NLNNNHHLNNNAMMH", 90 }, { "NLNNNHHHNNNPHML", 88 },
	{ "NLNNNHHLLNNPLMH", 80 }, { "NLNNNHHNNNNUMHM", 79 }, { "NLNNNHHNLNNULMM", 65 },
	{ "NLNNNHNNHSNAHHH", 97 }, { "NLNNNNLHHNSAHLL", 94 }, { "NLNNNNHNLLSPMHH", 94 },
	{ "NLNNNLLHNSSPHHM", 91 }, { "NLNNNLHLNSLULHM", 88 }, { "NLNNNLHNNSNUHMH", 80 },
	{ "NLNNNHNLHNNAHHM", 92 }, { "NLNNNNLHHNNAHLL", 89 }, { "NLNNNHNLHNNPHHM", 87 },
	{ "NLNNNNLHNHNPHHM", 79 }, { "NLNNNLHLNHNUMHL", 77 }, { "NLNNNLHLHLNUHLH", 62 },
	{ "NLNNNLLHNNNAHMH", 88 }, { "NLNNNHLLLNNAMML", 79 }, { "NLNNNHLNLNNPHHH", 78 },
	{ "NLNNNNNHNNNPHML", 68 }, { "NLNNNNHLNNNULHM", 65 }, { "NLNNNNHLNNNULLL", 43 },
	{ "NLNNNLLLLSLAMHH", 90 }, { "NLNNNNLNHNSPHHH", 80 }, { "NLNNNNNNLSSUHHL", 71 },
	{ "NLNNNNNNNNHALLM", 77 }, { "NLNNNNNNHNNPHHL", 66 }, { "NLNNNNNNLHNULHH", 45 },
	{ "NLNNNNLLNNNAMHL", 69 }, { "NLNNNNNNNNNPMML", 0 }, { "NLNNNLLNNNNULLH", 27 },
	{ "NHNNNHHLNLSAHML", 98 }, { "NLPNNHHHHSNAMML", 96 }, { "NLPNNHHLNSHPHLM", 94 },
	{ "NLPNNHHHHSNPLLL", 90 }, { "NHNNNHHNNSNULHL", 88 }, { "NHNNNHHHLNSULLM", 81 },
	{ "NHNNNHHHLHHAMLH", 95 }, { "NLPNNHHHHNNAMML", 89 }, { "NHNNNHHNLHNPLHH", 88 },
	{ "NLPNNHHLLHNPMLM", 80 }, { "NHNNNHHNHNNULHH", 78 }, { "NHPNNHHLHNNUMLH", 66 },
	{ "NLPNNHHNNNNAHML", 90 }, { "NHPNNHHLLNNAMLH", 80 }, { "NLPNNHHHLNNPMLH", 80 },
	{ "NHNNNHHLLNNPLML", 68 }, { "NHNNNHHHNNNUMMH", 69 }, { "NHNNNHHNNNNUMLM", 47 },
	{ "NLPNNHLLNSHAHLL", 94 }, { "NHNNNHLLHSHAMHL", 92 }, { "NHNNNHNLLSNPHMM", 89 },
	{ "NLPNNLLHNSLPHHL", 83 }, { "NHNNNHNNNSLUHLM", 79 }, { "NHNNNLHNLLSUHMH", 70 },
	{ "NLPNNNHHHNNALMH", 89 }, { "NLPNNNHLHNLAHLM", 79 }, { "NLPNNHNLHLLPHLH", 78 },
	{ "NHNNNNLHNHNPLHL", 66 }, { "NHPNNHLNHNNUHMM", 63 }, { "NHNNNLNHNHLUHLM", 49 },
	{ "NHPNNNHLNNNAHHH", 83 }, { "NHNNNHNNNNNAMLM", 69 }, { "NHNNNHNNNNLPHLL", 65 },
	{ "NHPNNHLNNNNPLHH", 50 }, { "NLPNNNHNNNNUMHL", 43 }, { "NLPNNHLNLLNUMHM", 28 },
	{ "NLPNNLNLLSHAHMH", 84 }, { "NHPNNNNNHSNPHHH", 71 }, { "NHNNNLNNLSLUHHH", 46 },
	{ "NLPNNLLLLHLAHHM", 70 }, { "NHNNNLNLHLNPHHM", 47 }, { "NLPNNNNLHNNUMLM", 24 },
	{ "NHNNNNLNNNNAHHL", 63 }, { "NHNNNNNNLNNPHHL", 29 }, { "NLPNNNNNNNNULMH", 0 },
	{ "NLNNPHHNHNSAHMM", 97 }, { "NLNLNHHHHSNAMLL", 94 }, { "NLNHPHHHNSLPHLM", 92 },
	{ "ALNNNHHHNLSPLLL", 84 }, { "LLNNAHHLHLSUHHL", 86 }, { "LLNLNHHNHNSUMMM", 75 },
	{ "LLNNPHHHHLNAMLH", 92 }, { "ALNNNHHLHNNAMMH", 87 }, { "LLNLNHHLLHNPHML", 82 },
	{ "NLNLPHHHHLNPLLM", 71 }, { "ALNLNHHHHNNUMHM", 72 }, { "ALNNPHHLHNNUMLH", 59 },
	{ "NLNHNHHLNNNAMHH", 85 }, { "LLNNPHHNNNNALMH", 71 }, { "NLNLAHHHNNNPHML", 70 },
	{ "ALNLNHHNNNNPMMH", 61 }, { "NLNHPHHNNNNUHHM", 58 }, { "NLNNPHHHNNNULML", 46 },
	{ "NLNHNHLLLSNAHHM", 92 }, { "LLNNPLLHLSHAHHL", 87 }, { "LLNLNNHLHSNPMHH", 84 },
	{ "NLNLNLNHLHSPHHL", 75 }, { "NLNLNHLLLHSUHLH", 74 }, { "LLNLNNNHHSNUHLL", 61 },
	{ "LLNNAHNNNHNAHHL", 80 }, { "NLNHNHNNHNNAMHM", 71 }, { "NLNLNLHNHLNPLHH", 70 },
	{ "NLNNPHLLHNLPMMH", 57 }, { "NLNNPNHLHNLULHL", 56 }, { "NLNNPNHNNHNUHLL", 41 },
	{ "NLNHPHLHNNNAMMH", 69 }, { "NLNLNHNHNNNAMHL", 57 }, { "NLNHNHNNLLNPHLM", 55 },
	{ "NLNNAHNNNNNPLLH", 45 }, { "NLNHNNHLNNNULHM", 44 }, { "ALNNPNHLNNNUMMH", 23 },
	{ "NLNNANLNNLSAHHH", 79 }, { "ALNHNLLLLNSPHHH", 66 }, { "LLNNALNNNLSUHHH", 39 },
	{ "NLNHNNNNHNNAMMH", 61 }, { "NLNLPNNNNNHPHLL", 48 }, { "LLNNPLLNHLNULHH", 21 },
	{ "NLNHANNNNNLAHML", 46 }, { "NLNLPNNNNNLPHHH", 20 }, { "LLNHNNNNNNNUMMH", 0 },
	{ "NLPHAHHHHNSAMHL", 93 }, { "NLPHNHHHHNSALMM", 87 }, { "NLPNAHHNNSLPHLH", 83 },
	{ "LHPNPHHHLSNPMML", 70 }, { "NLPNPHHHHHSULHL", 74 }, { "NLPNAHHLLSHUMLH", 66 },
	{ "AHNNNHHLNHLAMHM", 87 }, { "NHPHNHHNHNNAMLL", 70 }, { "ALPNNHHHNHNPLLH", 72 },
	{ "AHPNPHHLHNNPLLH", 60 }, { "NLPHPHHHHNNUHLL", 54 }, { "NHNLNHHLLHNUMMH", 48 },
	{ "LHNNPHHHNNNALHH", 72 }, { "AHPNNHHHNNNAMLL", 64 }, { "LHPHNHHLNNNPLHM", 61 },
	{ "NHPNPHHNNNNPLLH", 54 }, { "LHPNPHHLNNNULHL", 36 }, { "NHPLPHHNNNNULLL", 22 },
	{ "LLPNAHLNNSLAHHL", 83 }, { "NLPNPNHLLNSAHLL", 74 }, { "NHNLNHNLLSHPHMM", 73 },
	{ "NHPLNNHLHSHPHLH", 66 }, { "NHNNPLLHNSNUMMH", 57 }, { "NHPLNHNLHSNUMHH", 51 },
	{ "LHNHNHNNNHLAHLL", 66 }, { "NHNNAHLNLHLAMMH", 58 }, { "AHNNANHHHNNPMHM", 56 },
	{ "NLPLNNHNHNNPLLM", 46 }, { "LLPLNHNHHNNUMHH", 34 }, { "AHNNNLHNLHNUHMH", 21 },
	{ "NLPHNLHLLNNAHHL", 59 }, { "AHPLNNHNNNNAHLH", 46 }, { "AHPNNHNNNNNPHLL", 49 },
	{ "LHNNNHLLNNNPLHL", 25 }, { "NLPNAHLNNLLUHHH", 21 }, { "LLPLNNHLLLNUHMH", 12 },
	{ "LLPNPNLLNNSAHHH", 64 }, { "NHPHPLLNHSNPMHH", 48 }, { "ALPLNLNNNSNUHHM", 22 },
	{ "NLPNANNNHNNAHML", 46 }, { "NLPNANLNHNNPLLH", 21 }, { "NLPHPNLLHNLULHH", 10 },
	{ "ALPNNLNLLNNAHHL", 23 }, { "NLPLANLNNNNPMML", 11 }, { "AHPNANNNNNLULHM", 4 },
	{ "PLNNPHHLNSLAHLL", 91 }, { "ALNHAHHNNSNAMMH", 84 }, { "ALNLAHHLHSNPLHH", 83 },
	{ "LLNHPHHHNSHPLLL", 69 }, { "PLNNNHHNHHSULHM", 71 }, { "LLNLPHHNNHSUMMH", 54 },
	{ "ALNHAHHNNHNAMHH", 82 }, { "ALNLAHHHLHNALLL", 69 }, { "ALNLAHHLHNNPHLM", 68 },
	{ "PLNNNHHLNHLPLML", 55 }, { "LLNHAHHHHLNULMH", 51 }, { "PLNLNHHLHNNULLM", 28 },
	{ "PLNNNHHHNNNAHHH", 70 }, { "PLNLNHHNNNNALMM", 51 }, { "ALNHAHHHNNNPHLL", 50 },
	{ "PLNNNHHLNNNPLMM", 38 }, { "ALNLAHHLNNNUHLL", 34 }, { "PLNNPHHNNNNUMMM", 20 },
	{ "PLNNNNHNLLSAHHM", 82 }, { "LLNHPLHNNSNAHMM", 71 }, { "ALNHAHNLLSNPHLH", 68 },
	{ "LLNLPHLLLSHPLHH", 54 }, { "PLNNPHLLNSNUHHM", 57 }, { "ALNHPNHNHSHUHMH", 47 },
	{ "ALNHALHNLHNAMHM", 67 }, { "PLNHNHLLHNNALMH", 52 }, { "LLNHPHNLNHNPHLL", 48 },
	{ "PLNNAHNNHNNPMHL", 34 }, { "ALNHPLHNHNNULHH", 34 }, { "PLNNNHLNNNHULHH", 15 },
	{ "ALNHPLHNNNNAHHL", 50 }, { "PLNHANNHNNNAMLL", 33 }, { "LLNLAHNLLLNPHHM", 32 },
	{ "PLNNNHLNLLNPLHM", 18 }, { "PLNNNLLHLNNUHHH", 18 }, { "LLNHAHLNNNNULMH", 7 },
	{ "PLNNNLLNHSNALHM", 61 }, { "PLNNNLNLNSLPHMM", 44 }, { "ALNHANLNHLSUHHH", 19 },
	{ "PLNHANNNHNNALHM", 41 }, { "PLNLNLLNHNNPLMH", 18 }, { "PLNLNLLLNHNUHHH", 8 },
	{ "ALNLPNNNNLNALMH", 24 }, { "ALNLANNNNNNPLML", 0 }, { "ALNLPNNNLNNUHHM", 4 },
	{ "PLPNNHHHNNSALMH", 82 }, { "AHNLPHHNLSNALLM", 66 }, { "AHNHAHHNHSNPHML", 67 },
	{ "PHNNNHHHLSHPMLM", 51 }, { "LHNLPHHLHHSULHL", 55 }, { "LLPLPHHHNSLUMLL", 35 },
	{ "PLPHNHHLHNNAMHL", 66 }, { "LHPHAHHHHNNAMML", 52 }, { "AHPHAHHLHNLPLHH", 55 },
	{ "PHPNNHHLHNLPMLH", 35 }, { "PLPNNHHHHLNUHMM", 32 }, { "PLPNNHHLNHNUMLH", 15 },
	{ "AHNLAHHNNNNALHH", 52 }, { "LHPLPHHHNNNAMMM", 43 }, { "PHPNAHHLNNNPHLH", 40 },
	{ "PHNNNHHNNNLPMMM", 20 }, { "PLPLPHHHNNNUHLL", 15 }, { "ALPHAHHLLNNULLH", 8 },
	{ "PHNNNHNNHSHAHLL", 68 }, { "PHNNNNHNLHSAHMM", 54 }, { "ALPHPHNNHNSPHMH", 54 },
	{ "PHPNNHLNLHSPLHL", 39 }, { "PLPHNHNLNSNUHML", 26 }, { "PHNNNNHNNLSULMM", 15 },
	{ "PLPNNHLNLHLAHLH", 57 }, { "LHPLANNHLHLAHHM", 44 }, { "ALPLANHLHNNPLHH", 35 },
	{ "ALPLPNHNLHLPHMM", 16 }, { "LHPLPHNHHNNUMMH", 13 }, { "AHNHAHLNLLHUMHH", 7 },
	{ "PHPHALHNNNNAMHL", 37 }, { "PHNLALNHNNNALLL", 15 }, { "PLPLALHHNNNPLHL", 15 },
	{ "PHPNNHLLNNNPLMM", 6 }, { "PLPNPNHNNNNUHHH", 6 }, { "ALPHPNNHLNNUMML", 1 },
	{ "LHPHPLLNLSNAHHL", 43 }, { "LHNHANLLHLSPHHM", 22 }, { "PLPNNNNNNLSUHLM", 8 },
	{ "ALPLANLLNHNAMHL", 18 }, { "PLPHPNNNNNHPLHM", 8 }, { "PLPHANNNNHNUHHH", 2 },
	{ "PHNLPNNNNNLALMH", 10 }, { "PHPLPNNNNNLPMLL", 3 }, { "PLPHPNNLNNNULMH", 1 },
};

static void every_class_of_version_4_has_its_score(void **state)
{

	(void)state;
	assert_int_equal(LENGTH(classes), 270);
	for (size_t i = 0; i < LENGTH(classes); i++) {
		struct buf b = BUF_INIT;

		write4(&b, classes[i].letters);
		if (cvss_score(b.s) != classes[i].score)
			fail_msg("%s: %d, not %d", b.s, cvss_score(b.s), classes[i].score);
		buf_release(&b);
	}
}

/* The vector without its metric number `i`, or with a value there that it cannot have. */
static void write_broken(struct buf *b, const char *vector, size_t i, bool without)
{
	size_t at = 0;

	for (const char *s = vector; *s; s++) {
		at += *s == '/';
		if (at != i)
			buf_addf(b, "%c", *s);
		else if (!without)
			buf_addf(b, "%c", s > vector && s[-1] == ':' ? 'Q' : *s);
	}
}

static void a_metric_missing_or_unknown_leaves_no_score(void **state)
{
	static const struct {
		const char *vector;
		size_t from, n;
	} x[] = {
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 1, 8 },
		{ "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 1, 8 },
		{ "CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 1, 11 },
		{ "AV:N/AC:L/Au:N/C:C/I:C/A:C", 0, 6 },
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(x); i++)
		for (size_t k = 0; k < 2 * x[i].n; k++) {
			struct buf b = BUF_INIT;

			write_broken(&b, x[i].vector, x[i].from + k / 2, k % 2);
			if (cvss_score(b.s) != -1)
				fail_msg("%s: %d", b.s, cvss_score(b.s));
			buf_release(&b);
		}
}

static void what_is_no_vector_has_no_score(void **state)
{
	static const char *const wrong[] = {
		"",
		"9.8",
		"CVSS:5.0/AV:N",
		"CVSS:3.1",
		"CVSS:3.1/",
		"AV:N",
		"AV:N/AC:L/Au:N/C:C/I:C",
		"AV:N/AV:N/AC:L/Au:N/C:C/I:C/A:C",
		"AV:X/AC:L/Au:N/C:C/I:C/A:C",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:X/C:H/I:H/A:H",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/",
		"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:S/SA:H",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/E:Z",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:S",
		"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H/MAV:S",
		"CVSS:3.1/AV:NN/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		"CVSS:3.10/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C/",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C/E",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C/E:",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C/:H",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C/NAME:H",
		"AV:N/AC:L/Au:N/C:C/I:C/A:C/E:VALUE",
		"(AV:N/AC:L/Au:N/C:C/I:C/A:C",
		"[AV:N/AC:L/Au:N/C:C/I:C/A:C)",
	};

	(void)state;
	for (size_t i = 0; i < LENGTH(wrong); i++)
		if (cvss_score(wrong[i]) != -1)
			fail_msg("%s: %d", wrong[i], cvss_score(wrong[i]));
	assert_int_equal(cvss_score(NULL), -1);
	assert_null(cvss_version("9.8"));
	assert_string_equal(cvss_version("AV:N/AC:L/Au:N/C:C/I:C/A:C"), "2");
	assert_string_equal(cvss_version("CVSS:3.0/AV:N"), "3.0");
	assert_string_equal(cvss_version("CVSS:4.0/AV:N"), "4.0");
}

/* A vector that is worse in one metric never scores less. */
static void version_4_never_falls_when_a_metric_gets_worse(void **state)
{
	static const char *const impact[] = { "N", "L", "H" };
	char vector[128];
	int before;

	(void)state;
	for (int sc = 0; sc < 3; sc++)
		for (int vi = 0; vi < 3; vi++) {
			before = -1;
			for (int vc = 0; vc < 3; vc++) {
				struct buf b = BUF_INIT;
				int score;

				buf_addf(&b,
					 "CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:N/VC:%s/VI:%s/VA:N/SC:%s/"
					 "SI:N/SA:N",
					 impact[vc], impact[vi], impact[sc]);
				assert_true(str_copy(vector, sizeof(vector), b.s));
				buf_release(&b);
				score = cvss_score(vector);
				assert_true(score >= before);
				before = score;
			}
		}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(version_2_scores_as_its_guide_says),
		cmocka_unit_test(version_3_scores_as_its_examples_do),
		cmocka_unit_test(version_4_scores_as_its_examples_do),
		cmocka_unit_test(every_vector_of_versions_2_and_3_has_its_score),
		cmocka_unit_test(every_class_of_version_4_has_its_score),
		cmocka_unit_test(a_metric_missing_or_unknown_leaves_no_score),
		cmocka_unit_test(what_is_no_vector_has_no_score),
		cmocka_unit_test(version_4_never_falls_when_a_metric_gets_worse),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
