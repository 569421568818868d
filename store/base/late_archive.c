/* SPDX-License-Identifier: MIT */
/* late_archive.c - libarchive, opened when something is compressed. */
#include <archive.h>
#include <archive_entry.h>

#include "store/base/base.h"
#include "store/base/late.h"

#ifdef __APPLE__
static const char *const lib[] = { "libarchive.13.dylib", "libarchive.dylib", NULL };
#else
static const char *const lib[] = { "libarchive.so.13", NULL };
#endif

const char *archive_error_string(struct archive *a)
{
	return LATE(lib, archive_error_string)(a);
}

struct archive *archive_read_new(void)
{
	return LATE(lib, archive_read_new)();
}

int archive_read_free(struct archive *a)
{
	return LATE(lib, archive_read_free)(a);
}

int archive_read_support_filter_all(struct archive *a)
{
	return LATE(lib, archive_read_support_filter_all)(a);
}

int archive_read_support_format_tar(struct archive *a)
{
	return LATE(lib, archive_read_support_format_tar)(a);
}

int archive_read_support_format_zip(struct archive *a)
{
	return LATE(lib, archive_read_support_format_zip)(a);
}

int archive_read_support_format_raw(struct archive *a)
{
	return LATE(lib, archive_read_support_format_raw)(a);
}

int archive_read_open(struct archive *a, void *ctx, archive_open_callback *open,
                      archive_read_callback *read, archive_close_callback *close)
{
	return LATE(lib, archive_read_open)(a, ctx, open, read, close);
}

int archive_read_next_header(struct archive *a, struct archive_entry **entry)
{
	return LATE(lib, archive_read_next_header)(a, entry);
}

la_ssize_t archive_read_data(struct archive *a, void *to, size_t size)
{
	return LATE(lib, archive_read_data)(a, to, size);
}

__LA_MODE_T archive_entry_filetype(struct archive_entry *entry)
{
	return LATE(lib, archive_entry_filetype)(entry);
}

const char *archive_entry_pathname_utf8(struct archive_entry *entry)
{
	return LATE(lib, archive_entry_pathname_utf8)(entry);
}

time_t archive_entry_mtime(struct archive_entry *entry)
{
	return LATE(lib, archive_entry_mtime)(entry);
}
