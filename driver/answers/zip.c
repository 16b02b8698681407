/* zip.c - the directory at an archive's end (also with 64-bit places), and the entries that it tells of. */
#include "answers/zip.h"

#include <string.h>
#include <zlib.h>

enum { CHUNK = 32 * 1024, END = 22, LONGEST_COMMENT = 65535, LOCATOR = 20, END64 = 56, HEADER = 46, LOCAL_HEADER = 30,
       ENTRY_LIMIT = 2000, NAME_LIMIT = 256, EXTRA_LIMIT = 1024, STORED = 0, DEFLATED = 8 };
static const uint64_t unpacked_limit = 4ull << 30, narrow = 0xFFFFFFFF;

static uint64_t little(const uint8_t *bytes, int length)
{
    uint64_t value = 0;
    for (int i = length - 1; i >= 0; i--)
        value = value << 8 | bytes[i];
    return value;
}

static bool read_at(FILE *file, uint64_t place, void *bytes, size_t length)
{
    return place < INT64_MAX && fseeko(file, (off_t)place, SEEK_SET) == 0 && fread(bytes, 1, length, file) == length;
}

/* Where numbers of 32 bits are full, the true ones stand in a record before. */
static bool read_end64(struct kw_zip *zip, uint64_t end)
{
    uint8_t locator[LOCATOR], record[END64];
    if (end < LOCATOR || !read_at(zip->file, end - LOCATOR, locator, LOCATOR) || memcmp(locator, "PK\6\7", 4) != 0)
        return true;
    if (!read_at(zip->file, little(locator + 8, 8), record, END64) || memcmp(record, "PK\6\6", 4) != 0)
        return false;
    zip->count = little(record + 32, 8);
    zip->directory = little(record + 48, 8);
    return true;
}

bool kw_zip_open(FILE *file, struct kw_zip *zip)
{
    uint8_t record[END];
    *zip = (struct kw_zip){ .file = file };
    int64_t length = fseeko(file, 0, SEEK_END) == 0 ? ftello(file) : -1;
    for (int64_t place = length - END; place >= 0 && place >= length - END - LONGEST_COMMENT; place--) {
        if (!read_at(file, (uint64_t)place, record, END))
            return false;
        if (memcmp(record, "PK\5\6", 4) != 0)
            continue;
        zip->count = little(record + 10, 2);
        zip->directory = little(record + 16, 4);
        return read_end64(zip, (uint64_t)place) && zip->count <= ENTRY_LIMIT;
    }
    return false;
}

/* Sizes and places of more than 32 bits: in this order, and only those that are full in the header. */
static bool read_extra64(const uint8_t *header, const uint8_t *extra, size_t length, struct kw_zip_entry *entry)
{
    bool unpacked_full = little(header + 24, 4) == narrow;
    uint64_t *const values[] = { &entry->packed, &entry->offset };
    for (size_t at = 0; at + 4 <= length;) {
        size_t size = (size_t)little(extra + at + 2, 2), place = at + 4 + (unpacked_full ? 8 : 0);
        if (little(extra + at, 2) != 1) {
            at += 4 + size;
            continue;
        }
        for (size_t i = 0; i < 2; i++) {
            if (*values[i] != narrow)
                continue;
            if (place + 8 > at + 4 + size || place + 8 > length)
                return false;
            *values[i] = little(extra + place, 8);
            place += 8;
        }
        return true;
    }
    return entry->packed != narrow && entry->offset != narrow;
}

enum kw_zip_found kw_zip_find(const struct kw_zip *zip, const char *name, struct kw_zip_entry *entry)
{
    uint8_t header[HEADER], extra[EXTRA_LIMIT];
    char found[NAME_LIMIT];
    uint64_t place = zip->directory;
    for (uint64_t i = 0; i < zip->count; i++) {
        if (!read_at(zip->file, place, header, HEADER) || memcmp(header, "PK\1\2", 4) != 0)
            return KW_ZIP_DAMAGED;
        size_t named = (size_t)little(header + 28, 2), more = (size_t)little(header + 30, 2);
        if (named >= NAME_LIMIT || !read_at(zip->file, place + HEADER, found, named))
            return KW_ZIP_DAMAGED;
        found[named] = 0;
        place += HEADER + named + more + little(header + 32, 2);
        if (strcmp(found, name) != 0)
            continue;
        *entry = (struct kw_zip_entry){ little(header + 42, 4), little(header + 20, 4), (int)little(header + 10, 2) };
        more = more < EXTRA_LIMIT ? more : EXTRA_LIMIT;
        return fread(extra, 1, more, zip->file) == more && read_extra64(header, extra, more, entry) ? KW_ZIP_FOUND
                                                                                                  : KW_ZIP_DAMAGED;
    }
    return KW_ZIP_ABSENT;
}

static bool seek_data(const struct kw_zip *zip, const struct kw_zip_entry *entry)
{
    uint8_t header[LOCAL_HEADER];
    return read_at(zip->file, entry->offset, header, LOCAL_HEADER) && memcmp(header, "PK\3\4", 4) == 0
           && fseeko(zip->file, (off_t)(little(header + 26, 2) + little(header + 28, 2)), SEEK_CUR) == 0;
}

struct unpacking { z_stream stream; int status; uint64_t made; kw_zip_sink sink; void *data; };

static int unpack(struct unpacking *unpacking, uint8_t *in, size_t length)
{
    char out[CHUNK];
    int code = 0;
    z_stream *stream = &unpacking->stream;
    stream->next_in = in;
    stream->avail_in = (uInt)length;
    do {
        stream->next_out = (Bytef *)out;
        stream->avail_out = sizeof out;
        unpacking->status = inflate(stream, Z_NO_FLUSH);
        size_t ready = sizeof out - stream->avail_out;
        unpacking->made += ready;
        if (unpacking->status == Z_BUF_ERROR)
            unpacking->status = Z_OK;
        if (unpacking->status >= 0)
            code = unpacking->sink(unpacking->data, out, ready);
    } while (code == 0 && stream->avail_out == 0 && unpacking->status == Z_OK && unpacking->made < unpacked_limit);
    return code;
}

int kw_zip_read(const struct kw_zip *zip, const struct kw_zip_entry *entry, kw_zip_sink sink, void *data, bool *whole)
{
    uint8_t in[CHUNK];
    struct unpacking unpacking = { .status = Z_OK, .sink = sink, .data = data };
    uint64_t left = entry->packed;
    int code = 0;
    *whole = false;
    if ((entry->method != STORED && entry->method != DEFLATED) || !seek_data(zip, entry)
        || inflateInit2(&unpacking.stream, -MAX_WBITS) != Z_OK)
        return 0;
    while (code == 0 && left > 0 && unpacking.status == Z_OK && unpacking.made < unpacked_limit) {
        size_t got = fread(in, 1, left < sizeof in ? (size_t)left : sizeof in, zip->file);
        if (got == 0)
            break;
        left -= got;
        code = entry->method == STORED ? sink(data, (char *)in, got) : unpack(&unpacking, in, got);
    }
    inflateEnd(&unpacking.stream);
    *whole = left == 0 && unpacking.made < unpacked_limit
             && (entry->method == STORED || unpacking.status == Z_STREAM_END);
    return code;
}
