/*
 * graphics.c - GS ( L and GS 8 L: graphics stored in the print buffer, and by key in NV and download memory.
 *
 * A record of KW_PART_STORED is a head and rows; of KW_PART_GRAPHICS the same with its key, where download memory is
 * told from NV memory by a flag.
 */
#include "simulator/graphics.h"

#include "simulator/bmp.h"
#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/raster.h"
#include "simulator/replies.h"

#include <stdio.h>
#include <string.h>

enum { CAPACITY = 384 * 1024, KEYS_IN_A_BLOCK = 40, MOST_WIDE = 8192, MOST_HIGH = 2304, BMP_AT = 9 };

struct record {
    uint8_t key[2], download, colour;
    uint8_t times_wide, times_high;
    uint16_t width, height;
    uint32_t bytes;
};

static size_t stride_of(const struct record *record)
{
    return (size_t)(record->width + 7) / 8;
}

/* ---- taking dots in ---- */

/* Row form is as we keep it. Column form stands on its side: bytes of eight dots down, column by column. */
static bool add_dots(struct kw_buffer *out, const struct record *record, const uint8_t *data, bool columns)
{
    uint8_t *rows = kw_buffer_extend(out, record->bytes);
    if (!rows)
        return false;
    size_t stride = stride_of(record), high_bytes = (size_t)(record->height + 7) / 8;
    if (!columns) {
        memcpy(rows, data, record->bytes);
        return true;
    }
    memset(rows, 0, record->bytes);
    for (size_t x = 0; x < record->width; x++)
        for (size_t y = 0; y < record->height; y++)
            if (data[x * high_bytes + y / 8] >> (7 - y % 8) & 1)
                rows[y * stride + x / 8] |= (uint8_t)(0x80 >> (x & 7));
    return true;
}

static void mask_edges(struct kw_buffer *out, const struct record *record)
{
    size_t stride = stride_of(record);
    uint8_t *rows = out->data + out->length - record->bytes;
    if (record->width & 7)
        for (size_t y = 0; y < record->height; y++)
            rows[y * stride + stride - 1] &= (uint8_t)(0xFF << (8 - (record->width & 7)));
}

/* Adds a record with the dots at data; false when they are too few or do not fit. */
static bool add_record(struct kw_buffer *out, struct record *record, const uint8_t *data, size_t length, bool columns)
{
    size_t wanted = columns ? (size_t)record->width * ((size_t)(record->height + 7) / 8)
                            : stride_of(record) * record->height;
    record->bytes = (uint32_t)(stride_of(record) * record->height);
    if (record->width == 0 || record->height == 0 || length < wanted)
        return false;
    if (sizeof *record + record->bytes > out->ceiling - out->length)
        return false;
    kw_buffer_add(out, record, sizeof *record);
    if (!add_dots(out, record, data, columns))
        return false;
    mask_edges(out, record);
    return true;
}

/* ---- printing ---- */

static void print_record(struct kw_sim *sim, const uint8_t *at, int wide, int high, const char *form)
{
    struct record record;
    memcpy(&record, at, sizeof record);
    struct kw_bitmap bitmap = { record.width, record.height, (int)stride_of(&record),
                                (uint8_t *)(uintptr_t)(at + sizeof record) };
    int x = kw_sim_area_left(sim) + (sim->s.line.moved ? sim->s.line.x : kw_sim_align_x(sim, record.width * wide));
    kw_sim_image_event(sim, form, record.width * wide, record.height * high, x, sim->s.in.parsed);
    kw_sim_print_bitmap(sim, &bitmap, wide, high);
}

/* Colours stored apart lie on top of each other. */
static void print_stored(struct kw_sim *sim)
{
    struct kw_buffer *stored = &sim->parts[KW_PART_STORED];
    if (!sim->s.page.active && sim->parts[KW_PART_ITEMS].length > 0)
        kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
    struct record first, next;
    if (stored->length < sizeof first)
        return;
    memcpy(&first, stored->data, sizeof first);
    struct kw_bitmap base = { first.width, first.height, (int)stride_of(&first), stored->data + sizeof first };
    for (size_t at = sizeof first + first.bytes; at + sizeof next <= stored->length; at += sizeof next + next.bytes) {
        memcpy(&next, stored->data + at, sizeof next);
        struct kw_bitmap other = { next.width, next.height, (int)stride_of(&next), stored->data + at + sizeof next };
        kw_bitmap_blend(&base, &other, 0, 0);
    }
    print_record(sim, stored->data, first.times_wide, first.times_high, "GS ( L");
    kw_buffer_clear(stored);
}

static void store(struct kw_sim *sim, const uint8_t *p, size_t length, bool columns)
{
    struct record record = { .colour = 0 };
    if (length < 10 || (p[2] != 48 && p[2] != 52) || p[3] < 1 || p[3] > 2 || p[4] < 1 || p[4] > 2) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( L %d: parameters out of range", p[1]);
        return;
    }
    record.times_wide = p[3];
    record.times_high = p[4];
    record.colour = p[5];
    record.width = (uint16_t)kw_sim_pair(p + 6);
    record.height = (uint16_t)kw_sim_pair(p + 8);
    struct kw_buffer *stored = &sim->parts[KW_PART_STORED];
    struct record before;
    if (stored->length >= sizeof before) {
        memcpy(&before, stored->data, sizeof before);
        if (before.colour == record.colour)     /* the same colour again: the older picture is replaced */
            kw_buffer_clear(stored);
    }
    if (record.width > MOST_WIDE || !add_record(stored, &record, p + 10, length - 10, columns))
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( L %d: %d x %d dots do not match the data", p[1], record.width,
                    record.height);
}

/* ---- by key ---- */

static size_t find_key(const struct kw_buffer *graphics, const uint8_t key[2], int download)
{
    struct record record;
    for (size_t at = 0; at + sizeof record <= graphics->length; at += sizeof record + record.bytes) {
        memcpy(&record, graphics->data + at, sizeof record);
        if (record.key[0] == key[0] && record.key[1] == key[1] && record.download == download)
            return at;
    }
    return SIZE_MAX;
}

static void remove_at(struct kw_buffer *graphics, size_t at)
{
    struct record record;
    memcpy(&record, graphics->data + at, sizeof record);
    size_t whole = sizeof record + record.bytes;
    memmove(graphics->data + at, graphics->data + at + whole, graphics->length - at - whole);
    graphics->length -= whole;
}

static void remove_all(struct kw_buffer *graphics, int download)
{
    struct record record;
    for (size_t at = 0; at + sizeof record <= graphics->length;) {
        memcpy(&record, graphics->data + at, sizeof record);
        if (record.download == download)
            remove_at(graphics, at);
        else
            at += sizeof record + record.bytes;
    }
}

void kw_sim_forget_downloads(struct kw_sim *sim)
{
    remove_all(&sim->parts[KW_PART_GRAPHICS], 1);
    kw_buffer_clear(&sim->parts[KW_PART_STORED]);
}

static size_t used(const struct kw_buffer *graphics, int download)
{
    struct record record;
    size_t sum = 0;
    for (size_t at = 0; at + sizeof record <= graphics->length; at += sizeof record + record.bytes) {
        memcpy(&record, graphics->data + at, sizeof record);
        sum += record.download == download ? record.bytes : 0;
    }
    return sum;
}

/* Keeps the dots by the key of the record; what had this key goes. */
static void keep(struct kw_sim *sim, struct record *record, const uint8_t *dots, size_t length, bool columns,
                 const char *form)
{
    struct kw_buffer *graphics = &sim->parts[KW_PART_GRAPHICS];
    size_t old = find_key(graphics, record->key, record->download);
    record->times_wide = record->times_high = 1;
    if (old != SIZE_MAX)
        remove_at(graphics, old);
    bool fits = record->width <= MOST_WIDE && record->height <= MOST_HIGH &&
                used(graphics, record->download) + stride_of(record) * record->height <= CAPACITY;
    if (!fits || !add_record(graphics, record, dots, length, columns))
        kw_sim_warn(sim, sim->s.in.parsed, "%s: graphics \"%c%c\" not kept", form, record->key[0], record->key[1]);
}

/* p: m fn a kc1 kc2 b xL xH yL yH [c d…]… */
static void define(struct kw_sim *sim, const uint8_t *p, size_t length, int download, bool columns)
{
    if (length < 12)
        return;
    struct record record = {
        .key = { p[3], p[4] }, .download = (uint8_t)download, .colour = p[10],
        .width = (uint16_t)kw_sim_pair(p + 6), .height = (uint16_t)kw_sim_pair(p + 8)
    };
    keep(sim, &record, p + 11, length - 11, columns, "GS ( L");
}

/* GS D 0 fn 0 kc1 kc2 b c file: a bitmap file for NV memory (67) or download memory (83). */
HANDLER(bitmap_file)
{
    struct kw_sim_bmp bmp;
    struct kw_buffer rows;
    bool known = length > BMP_AT && (bytes[3] == 67 || bytes[3] == 83);
    if (!known || !kw_sim_read_bmp(bytes + BMP_AT, length - BMP_AT, &bmp) || bmp.width > MOST_WIDE ||
        bmp.height > MOST_HIGH) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS D: no bitmap file that can be kept");
        return length;
    }
    struct record record = { .key = { bytes[5], bytes[6] }, .download = bytes[3] == 83, .colour = bytes[8],
                             .width = (uint16_t)bmp.width, .height = (uint16_t)bmp.height };
    kw_buffer_init(&rows, CAPACITY);
    if (kw_buffer_fill(&rows, 0, stride_of(&record) * record.height))
        kw_sim_bmp_rows(&bmp, rows.data, stride_of(&record));
    keep(sim, &record, rows.data, rows.length, false, "GS D");
    kw_buffer_free(&rows);
    return length;
}

static void print_key(struct kw_sim *sim, const uint8_t *p, size_t length, int download)
{
    if (length < 6 || p[4] < 1 || p[4] > 2 || p[5] < 1 || p[5] > 2)
        return;
    size_t at = find_key(&sim->parts[KW_PART_GRAPHICS], p + 2, download);
    if (at == SIZE_MAX)
        kw_sim_warn(sim, sim->s.in.parsed, "GS ( L %d: no graphics by this key", p[1]);
    else
        print_record(sim, sim->parts[KW_PART_GRAPHICS].data + at, p[4], p[5], download ? "GS ( L 85" : "GS ( L 69");
}

bool kw_sim_print_nv(struct kw_sim *sim, const uint8_t key[2], const char *form)
{
    size_t at = find_key(&sim->parts[KW_PART_GRAPHICS], key, 0);
    if (at != SIZE_MAX)
        print_record(sim, sim->parts[KW_PART_GRAPHICS].data + at, 1, 1, form);
    return at != SIZE_MAX;
}

static void list_keys(struct kw_sim *sim, int download)
{
    const struct kw_buffer *graphics = &sim->parts[KW_PART_GRAPHICS];
    char text[4 + 2 * KEYS_IN_A_BLOCK];
    size_t length = 0;
    text[length++] = download ? 0x73 : 0x72;
    text[length++] = 0x40;
    struct record record;
    for (size_t at = 0; at + sizeof record <= graphics->length; at += sizeof record + record.bytes) {
        memcpy(&record, graphics->data + at, sizeof record);
        if (record.download == download && length + 3 < sizeof text) {
            text[length++] = (char)record.key[0];
            text[length++] = (char)record.key[1];
        }
    }
    text[length] = 0;
    kw_sim_reply_block(sim, "GS ( L key list", 0x37, text, sim->s.in.parsed);
}

static void reply_number(struct kw_sim *sim, char id, size_t value)
{
    char text[24], to[24];
    snprintf(text, sizeof text, "%c%zu", id, value);
    snprintf(to, sizeof to, "GS ( L capacity");
    kw_sim_reply_block(sim, to, 0x37, text, sim->s.in.parsed);
}

static void remove_key(struct kw_sim *sim, const uint8_t *p, size_t length, int download)
{
    size_t at = length >= 4 ? find_key(&sim->parts[KW_PART_GRAPHICS], p + 2, download) : SIZE_MAX;
    if (at != SIZE_MAX)
        remove_at(&sim->parts[KW_PART_GRAPHICS], at);
}

void kw_sim_graphics(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    struct kw_buffer *graphics = &sim->parts[KW_PART_GRAPHICS];
    if (length < 2 || p[0] != 48)
        return;
    switch (p[1]) {
    case 0: case 48: reply_number(sim, '0', CAPACITY); break;
    case 1: case 49: break;
    case 2: case 50: print_stored(sim); break;
    case 3: case 51: reply_number(sim, '1', CAPACITY - used(graphics, 0)); break;
    case 4: case 52: reply_number(sim, '2', CAPACITY - used(graphics, 1)); break;
    case 64: case 80: list_keys(sim, p[1] == 80); break;
    case 65: case 81:
        if (length >= 5 && memcmp(p + 2, "CLR", 3) == 0)
            remove_all(graphics, p[1] == 81);
        break;
    case 66: case 82: remove_key(sim, p, length, p[1] == 82); break;
    case 67: case 83: define(sim, p, length, p[1] == 83, false); break;
    case 68: case 84: define(sim, p, length, p[1] == 84, true); break;
    case 69: case 85: print_key(sim, p, length, p[1] == 85); break;
    case 112: store(sim, p, length, false); break;
    case 113: store(sim, p, length, true); break;
    default: kw_sim_warn(sim, sim->s.in.parsed, "GS ( L function %d is unknown", p[1]); break;
    }
}
