/* zone.c - the 64-bit block of a TZif file (RFC 8536): its table of changes, and the rule for the time behind it. */
#include "base/zone.h"

#include "base/file.h"
#include "base/zone_rule.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_LIMIT = 1024 * 1024, HEADER = 44, RULE_LIMIT = 128 };

struct kw_zone {
    int64_t *changes;               /* moments (UTC seconds), ascending */
    int32_t *offsets;               /* offsets[i] holds before changes[i]; offsets[count] behind the last */
    size_t count;
    struct kw_zone_rule rule;       /* behind the last change */
};

static int64_t read_big(const uint8_t *bytes, int length)
{
    uint64_t value = bytes[0] & 0x80 ? UINT64_MAX : 0;
    for (int i = 0; i < length; i++)
        value = value << 8 | bytes[i];
    return (int64_t)value;
}

static uint8_t *load_file(const char *path, size_t *length)
{
    int file = kw_file_open(path, O_RDONLY, 0);
    if (file < 0)
        return NULL;
    uint8_t *bytes = malloc(FILE_LIMIT);
    if (bytes && kw_file_read(file, bytes, FILE_LIMIT, length) != 0)
        *length = 0;
    close(file);
    return bytes;
}

static uint8_t *load(const char *name, size_t *length)
{
    char path[300];
    if (strstr(name, "..") || snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name) >= (int)sizeof path)
        return NULL;
    return load_file(path, length);
}

static bool allocate(struct kw_zone *zone, size_t count)
{
    zone->changes = calloc(count + 1, sizeof *zone->changes);
    zone->offsets = calloc(count + 1, sizeof *zone->offsets);
    zone->count = count;
    return zone->changes && zone->offsets;
}

/* The line between two line ends behind everything else. */
static void read_rule(struct kw_zone *zone, const uint8_t *bytes, size_t length)
{
    char text[RULE_LIMIT];
    const uint8_t *end = length > 2 && bytes[0] == '\n' ? memchr(bytes + 1, '\n', length - 1) : NULL;
    if (!end || end - bytes > RULE_LIMIT)
        return;
    memcpy(text, bytes + 1, (size_t)(end - bytes) - 1);
    text[end - bytes - 1] = 0;
    zone->rule = kw_zone_rule_parse(text);
}

/* How many bytes the six tables of a block take, whose times have so many bytes; -1: its numbers cannot be. */
static int64_t block_size(const uint8_t *header, int time_size)
{
    const int64_t sizes[6] = { 1, 1, time_size + 4, time_size + 1, 6, 1 };     /* isut, isstd, leap, time, type, char */
    int64_t size = 0;
    for (int i = 0; i < 6; i++) {
        int64_t count = read_big(header + 20 + 4 * i, 4);
        if (count < 0 || count > FILE_LIMIT)
            return -1;
        size += count * sizes[i];
    }
    return size;
}

/* The second block, whose times have eight bytes; the first is skipped by its counts. */
static bool parse(struct kw_zone *zone, const uint8_t *bytes, size_t length)
{
    if (length < HEADER || memcmp(bytes, "TZif", 4) != 0 || bytes[4] < '2')
        return false;
    int64_t skip = block_size(bytes, 4);
    if (skip < 0 || (size_t)skip + 2 * HEADER > length)
        return false;
    bytes += HEADER + skip;
    length -= (size_t)(HEADER + skip);
    int64_t size = block_size(bytes, 8), times = read_big(bytes + 32, 4), types = read_big(bytes + 36, 4);
    if (size < 0 || types == 0 || (size_t)size + HEADER > length || !allocate(zone, (size_t)times))
        return false;
    const uint8_t *moments = bytes + HEADER, *indices = moments + times * 8, *records = indices + times;
    zone->offsets[0] = (int32_t)read_big(records, 4);
    for (int64_t i = 0; i < times; i++) {
        if (indices[i] >= types)
            return false;
        zone->changes[i] = read_big(moments + 8 * i, 8);
        zone->offsets[i + 1] = (int32_t)read_big(records + 6 * indices[i], 4);
    }
    read_rule(zone, bytes + HEADER + size, length - HEADER - (size_t)size);
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

struct kw_zone *kw_zone_parse(const uint8_t *bytes, size_t length)
{
    struct kw_zone *zone = calloc(1, sizeof *zone);
    if (zone && parse(zone, bytes, length))
        return zone;
    kw_zone_close(zone);
    return NULL;
}

static struct kw_zone *open_fixed(const char *name)
{
    struct kw_zone *zone = calloc(1, sizeof *zone);
    if (zone && parse_fixed(zone, name))
        return zone;
    kw_zone_close(zone);
    return NULL;
}

static struct kw_zone *open_named(const char *name)
{
    size_t length = 0;
    struct kw_zone *zone = open_fixed(name);
    uint8_t *bytes = zone ? NULL : load(name, &length);
    if (bytes)
        zone = kw_zone_parse(bytes, length);
    free(bytes);
    return zone;
}

/* As $TZ or /etc/localtime have it; a machine that says nothing lives in UTC. */
static struct kw_zone *open_own(void)
{
    const char *name = getenv("TZ");
    struct kw_zone *zone = name && *name ? open_named(name + (*name == ':')) : NULL;
    size_t length = 0;
    uint8_t *bytes = zone || (name && *name) ? NULL : load_file("/etc/localtime", &length);
    if (bytes)
        zone = kw_zone_parse(bytes, length);
    free(bytes);
    return zone ? zone : open_fixed("UTC");
}

int kw_zone_open(const char *name, struct kw_zone **opened, struct kw_error *error)
{
    *opened = name ? open_named(name) : open_own();
    if (*opened)
        return 0;
    return kw_fail(error, KWIT_E_INVALID, name ? name : "",
                   "there is no time zone %s; say one such as Europe/Warsaw, UTC or +02:00 (package tzdata has the "
                   "list)",
                   name ? name : "");
}

void kw_zone_close(struct kw_zone *zone)
{
    if (!zone)
        return;
    free(zone->changes);
    free(zone->offsets);
    free(zone);
}

int64_t kw_zone_offset(const struct kw_zone *zone, int64_t utc_s)
{
    size_t low = 0, high = zone->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (zone->changes[middle] <= utc_s)
            low = middle + 1;
        else
            high = middle;
    }
    return low == zone->count && zone->rule.known ? kw_zone_rule_offset(&zone->rule, utc_s) : zone->offsets[low];
}

int kw_zone_to_utc(const struct kw_zone *zone, int64_t local_s, int64_t utc_s[2])
{
    enum { DAY = 86400 };
    int64_t before = local_s - kw_zone_offset(zone, local_s - DAY),
            after = local_s - kw_zone_offset(zone, local_s + DAY);
    bool first = local_s - kw_zone_offset(zone, before) == before,
         second = local_s - kw_zone_offset(zone, after) == after;
    int count = 0;
    if (first)
        utc_s[count++] = before;
    if (second && (!first || after != before))
        utc_s[count++] = after;
    return count;
}

int kw_zone_settle(const struct kw_zone *zone, struct kw_time *time)
{
    int64_t moments[2] = { time->utc_ms / 1000 - (time->utc_ms % 1000 < 0), 0 };
    int64_t ms = time->utc_ms - moments[0] * 1000;
    int count = 1;
    if (time->tells == KW_TELLS_LOCAL)
        count = kw_zone_to_utc(zone, moments[0], moments);
    if (time->tells != KW_TELLS_OFFSET && count > 0)
        kw_time_move(time, moments[0] * 1000 + ms, (int)(kw_zone_offset(zone, moments[0]) / 60));
    return count;
}
