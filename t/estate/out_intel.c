/* SPDX-License-Identifier: MIT */
/* out_intel.c - CISA's list of exploited vulnerabilities, and the EPSS table. */
#include "t/estate/json.h"
#include "t/estate/out.h"

/* Facts of the catalogue: day of entry, and the day by which agencies had to act. */
static const struct kev {
	const char *id, *vendor, *product, *added, *due;
} kevs[] = {
	{ "CVE-2021-44228", "Apache", "Log4j2", "2021-12-10", "2021-12-24" },
	{ "CVE-2021-3156", "Sudo", "Sudo", "2022-04-06", "2022-04-27" },
	{ "CVE-2022-22965", "VMware", "Spring Framework", "2022-04-04", "2022-04-25" },
	{ "CVE-2021-45046", "Apache", "Log4j2", "2023-05-01", "2023-05-22" },
	{ "CVE-2023-4863", "Google", "Chromium WebP", "2023-09-13", "2023-10-04" },
	{ "CVE-2023-44487", "IETF", "HTTP/2", "2023-10-10", "2023-10-31" },
	{ "CVE-2023-4911", "GNU", "GNU C Library", "2023-11-21", "2023-12-12" },
	{ "CVE-2025-27363", "FreeType", "FreeType", "2025-05-06", "2025-05-27" },
	{ "CVE-2025-32463", "Sudo", "Sudo", "2025-09-29", "2025-10-20" },
};

void out_kev(struct out *o, size_t scan)
{
	struct json j = JSON_INIT(o, 4);
	char        day[11], at[21];

	time_print_date(world_day[scan], day);
	world_time(world_at(scan, 6, 0), at);
	json_object(&j, NULL);
	json_text(&j, "title", "CISA Catalog of Known Exploited Vulnerabilities");
	json_textf(&j, "catalogVersion", "%.4s.%.2s.%.2s", day, day + 5, day + 8);
	json_text(&j, "dateReleased", at);
	json_int(&j, "count", (int64_t)LENGTH(kevs));
	json_array(&j, "vulnerabilities");
	for (const struct kev *k = kevs; k < kevs + LENGTH(kevs); k++) {
		json_object(&j, NULL);
		json_text(&j, "cveID", k->id);
		json_text(&j, "vendorProject", k->vendor);
		json_text(&j, "product", k->product);
		json_text(&j, "dateAdded", k->added);
		json_text(&j, "dueDate", k->due);
		json_text(&j, "knownRansomwareCampaignUse", "Unknown");
		json_end(&j);
	}
	json_end(&j);
	json_end(&j);
}

static void print_scores(struct out *o, const struct vuln *v, size_t n, const struct vuln *before)
{
	for (size_t i = 0; i < n; i++) {
		bool again = false;
		int  p = world_epss(&v[i]);

		/* Some libraries share an id, with each other or with a system's package. */
		for (size_t k = 0; k < i && !again; k++)
			again = str_eq(v[k].id, v[i].id);
		for (size_t k = 0; before != NULL && k < nvulns_os && !again; k++)
			again = str_eq(before[k].id, v[i].id);
		if (!again)
			out_printf(o, "%s,%.5f,%.5f\n", v[i].id, p / 10000.0,
			           p > 1000 ? 0.98 + p / 1000000.0 : 0.2 + p / 1300.0);
	}
}

void out_epss(struct out *o, size_t scan)
{
	char at[21];

	world_time(world_at(scan, 12, 55), at);
	out_printf(o, "#model_version:v2025.03.14,score_date:%s\ncve,epss,percentile\n", at);
	print_scores(o, vulns_os, nvulns_os, NULL);
	print_scores(o, vulns_app, nvulns_app, vulns_os);
}
