/* zone.c - the 64-bit block of a TZif file (RFC 8536), as far as its table of changes goes. */
#include "report/zone.h"

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FILE_LIMIT = 1024 * 1024, HEADER = 44 };

struct kw_zone {
    int64_t *changes;               /* moments (UTC seconds), ascending */
    int32_t *offsets;               /* offsets[i] holds before changes[i]; offsets[count] behind the last */
    size_t count;
};

static int64_t read_big(const uint8_t *bytes, int length)
{
    uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

static uint8_t *load(const char *name, size_t *length)
{
    char path[300];
    if (strstr(name, "..") || snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name) >= (int)sizeof path)
        return NULL;
    FILE *file = fopen(path, "rbe");
    if (!file)
        return NULL;
    uint8_t *bytes = malloc(FILE_LIMIT);
    *length = bytes ? fread(bytes, 1, FILE_LIMIT, file) : 0;
    fclose(file);
    return bytes;
}

static bool allocate(struct kw_zone *zone, size_t count)
{
    zone->changes = calloc(count + 1, sizeof *zone->changes);
    zone->offsets = calloc(count + 1, sizeof *zone->offsets);
    zone->count = count;
    return zone->changes && zone->offsets;
}

/* The second block, whose times have eight bytes; the first is skipped by its counts. */
static bool parse(struct kw_zone *zone, const uint8_t *bytes, size_t length)
{
    if (length < HEADER || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2')
        return false;
    int64_t counts[6];
    for (int i = 0; i < 6; i++)
        counts[i] = read_big(bytes + 20 + 4 * i, 4);        /* isut, isstd, leap, time, type, char */
    size_t skip = (size_t)(HEADER + counts[3] * 5 + counts[4] * 6 + counts[5] + counts[2] * 8 + counts[1] + counts[0]);
    if (skip + HEADER > length)
        return false;
    bytes += skip;
    length -= skip;
    int64_t times = read_big(bytes + 32, 4), types = read_big(bytes + 36, 4);
    if (times < 0 || types <= 0 || (size_t)(HEADER + times * 9 + types * 6) > length || !allocate(zone, (size_t)times))
        return false;
    const uint8_t *moments = bytes + HEADER, *indices = moments + times * 8, *records = indices + times;
    zone->offsets[0] = (int32_t)read_big(records, 4);
    for (int64_t i = 0; i < times; i++) {
        if (indices[i] >= types)
            return false;
        zone->changes[i] = read_big(moments + 8 * i, 8);
        zone->offsets[i + 1] = (int32_t)read_big(records + 6 * indices[i], 4);
    }
    return true;
}

static bool parse_fixed(struct kw_zone *zone, const char *name)
{
    int hours = 0, minutes = 0, used = 0;
    char sign = '+';
    bool utc = strcmp(name, "UTC") == 0 || strcmp(name, "Z") == 0 || strcmp(name, "GMT") == 0;
    if (!utc
        && (sscanf(name, "%c%2d:%2d%n", &sign, &hours, &minutes, &used) != 3 || name[used]
            || (sign != '+' && sign != '-')))
        return false;
    if (!allocate(zone, 0))
        return false;
    zone->offsets[0] = (sign == '-' ? -1 : 1) * (hours * 3600 + minutes * 60);
    return true;
}

int kw_zone_open(const char *name, struct kw_zone **opened, struct kw_error *error)
{
    size_t length;
    struct kw_zone *zone = calloc(1, sizeof *zone);
    *opened = zone;
    if (!zone)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (parse_fixed(zone, name))
        return 0;
    uint8_t *bytes = load(name, &length);
    bool good = bytes && parse(zone, bytes, length);
    free(bytes);
    if (good)
        return 0;
    kw_zone_close(zone);
    *opened = NULL;
    return kw_fail(error, KWIT_E_INVALID, name,
                   "there is no time zone %s; say one such as Europe/Warsaw, UTC or +02:00 (package tzdata "
                   "has the list)",
                   name);
}

void kw_zone_close(struct kw_zone *zone)
{
    if (!zone)
        return;
    free(zone->changes);
    free(zone->offsets);
    free(zone);
}

/* What local clocks add to UTC at that moment, in seconds. */
static int64_t offset_at(const struct kw_zone *zone, int64_t utc_s)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->changes[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    return zone->offsets[low];
}

int kw_zone_to_utc(const struct kw_zone *zone, int64_t local_s, int64_t utc_s[2])
{
    enum { DAY = 86400 };
    int64_t before = local_s - offset_at(zone, local_s - DAY),
            after = local_s - offset_at(zone, local_s + DAY);
    bool first = local_s - offset_at(zone, before) == before,
         second = local_s - offset_at(zone, after) == after;
    int count = 0;
    if (first)
        utc_s[count++] = before;
    if (second && (!first || after != before))
        utc_s[count++] = after;
    return count;
}
