/* zip.h - entries of a zip archive, unpacked as a stream. The only user of zlib in this room. */
#ifndef KW_ANSWERS_ZIP_H
#define KW_ANSWERS_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

struct kw_zip { FILE *file; uint64_t directory, count; };
struct kw_zip_entry { uint64_t offset, packed; int method; };

/* Finds the archive's directory, of zip64 too; false: this is no whole archive. */
bool kw_zip_open(FILE *file, struct kw_zip *zip);

enum kw_zip_found { KW_ZIP_FOUND, KW_ZIP_ABSENT, KW_ZIP_DAMAGED };
enum kw_zip_found kw_zip_find(const struct kw_zip *zip, const char *name, struct kw_zip_entry *entry);

/* Hands over the unpacked bytes; a negative return of the sink ends it and is returned. *whole: nothing was wrong. */
typedef int (*kw_zip_sink)(void *data, const char *bytes, size_t length);
int kw_zip_read(const struct kw_zip *zip, const struct kw_zip_entry *entry, kw_zip_sink sink, void *data, bool *whole);

#endif
