/*
 * raster.c - pictures as they come: GS v 0 row by row, ESC * into the line, downloaded and NV images in columns.
 */
#include "simulator/raster.h"

#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/line.h"
#include "simulator/pagemode.h"
#include "simulator/paper.h"
#include "simulator/text.h"

#include <string.h>

enum { NV_HEADER = 4, WIRE = -1 /* high: as the wires of an impact head stand */, WIRES_DPI = 72 };

/* Notes whether there is a dot to see. */
static void note_ink(struct kw_sim *sim, const uint8_t *bits, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (bits[i]) {
            sim->inked++;
            return;
        }
}

/* What lies beyond the print area is not printed. */
static void clip_to_area(struct kw_sim *sim, struct kw_bitmap *paper)
{
    int right = kw_sim_area_left(sim) + kw_sim_area_width(sim);
    if (right < paper->width)
        paper->width = right;
}

void kw_sim_print_bitmap(struct kw_sim *sim, const struct kw_bitmap *bitmap, int times_wide, int times_high)
{
    struct kw_bitmap paper;
    note_ink(sim, bitmap->bits, (size_t)bitmap->stride * (size_t)bitmap->height);
    if (sim->s.page.active) {
        kw_sim_page_bitmap(sim, bitmap, times_wide, times_high);
        return;
    }
    int width = bitmap->width * times_wide, height = bitmap->height * times_high;
    int x = kw_sim_area_left(sim) + (sim->s.line.moved ? sim->s.line.x : kw_sim_align_x(sim, width));
    if (!kw_sim_paper(sim, height, &paper))
        return;
    clip_to_area(sim, &paper);
    kw_bitmap_blend_grown(&paper, bitmap, x, sim->s.paper.y, times_wide, times_high);
    kw_sim_drop_line(sim);
    kw_sim_advance(sim, height);
}

/* ---- GS v 0 ---- */

size_t kw_sim_begin_raster(struct kw_sim *sim, const uint8_t *head)
{
    struct kw_sim_raster *raster = &sim->s.raster;
    int mode = kw_sim_digit(head[3], 3);
    if (mode < 0) {
        kw_sim_out_of_range(sim, "GS v 0", head[3]);
        return 4;
    }
    uint32_t across = (uint32_t)kw_sim_pair(head + 4), down = (uint32_t)kw_sim_pair(head + 6);
    if (across == 0 || down == 0) {
        kw_sim_warn(sim, sim->s.in.parsed, "GS v 0 without dots is ignored");
        return 8;
    }
    if (!sim->s.page.active && sim->parts[KW_PART_ITEMS].length > 0)
        kw_sim_flush_line(sim, sim->s.line.line_spacing[0]);
    *raster = (struct kw_sim_raster){ .active = 1, .times_wide = mode & 1 ? 2 : 1, .times_high = mode & 2 ? 2 : 1,
                                      .row_bytes = across, .rows_left = down, .rows_total = down,
                                      .offset = sim->s.in.parsed };
    int64_t width = (int64_t)across * 8 * raster->times_wide;
    int shown = width < sim->width_dots ? (int)width : sim->width_dots;
    raster->x = kw_sim_area_left(sim) + (sim->s.line.moved ? sim->s.line.x
                                         : kw_sim_align_x(sim, (int)(width < 65536 ? width : 65536)));
    kw_sim_image_event(sim, "GS v 0", shown, (int)down * raster->times_high, raster->x, sim->s.in.parsed);
    kw_buffer_clear(&sim->parts[KW_PART_ROW]);
    if (!sim->s.page.active)
        kw_sim_drop_line(sim);
    return 8;
}

static void raster_row(struct kw_sim *sim, const uint8_t *bits, size_t length)
{
    struct kw_sim_raster *raster = &sim->s.raster;
    struct kw_bitmap paper;
    size_t shown = length < KW_SIM_ROW_MAX ? length : KW_SIM_ROW_MAX;
    uint8_t copy[KW_SIM_ROW_MAX];
    memcpy(copy, bits, shown);
    note_ink(sim, copy, shown);
    struct kw_bitmap row = { (int)shown * 8, 1, (int)shown, copy };
    if (sim->s.page.active) {
        kw_sim_page_raster_row(sim, &row);
        return;
    }
    if (!kw_sim_paper(sim, raster->times_high, &paper))
        return;
    clip_to_area(sim, &paper);
    if (raster->times_wide == 1 && raster->x + row.width > paper.width)
        row.width = paper.width - raster->x;    /* so that whole bytes can be moved */
    if (row.width > 0 && row.width < (int)shown * 8) {
        row.stride = (row.width + 7) / 8;
        if (row.width & 7)
            copy[row.stride - 1] &= (uint8_t)(0xFF << (8 - (row.width & 7)));
    }
    if (row.width > 0)
        kw_bitmap_blend_grown(&paper, &row, raster->x, sim->s.paper.y, raster->times_wide, raster->times_high);
    kw_sim_advance(sim, raster->times_high);
}

static void end_row(struct kw_sim *sim, const uint8_t *bits, size_t length)
{
    struct kw_sim_raster *raster = &sim->s.raster;
    raster_row(sim, bits, length);
    raster->column = 0;
    if (--raster->rows_left == 0) {
        raster->active = 0;
        raster->eats_feed = sim->profile->firmware == KW_FIRMWARE_NT5890K;
        if (sim->s.page.active)
            kw_sim_page_raster_end(sim);
    }
}

size_t kw_sim_raster_bytes(struct kw_sim *sim, const uint8_t *bytes, size_t length)
{
    struct kw_sim_raster *raster = &sim->s.raster;
    struct kw_buffer *row = &sim->parts[KW_PART_ROW];
    size_t wanted = raster->row_bytes - raster->column;
    if (row->length == 0 && raster->column == 0 && length >= wanted) {
        end_row(sim, bytes, wanted);
        return wanted;
    }
    size_t part = length < wanted ? length : wanted;
    kw_buffer_add(row, bytes, part);
    raster->column += (uint32_t)part;
    if (raster->column == raster->row_bytes) {
        end_row(sim, row->data, row->length);
        kw_buffer_clear(row);
    }
    return part;
}

/* ---- ESC * ---- */

static int row_at(int y, int high, int dpi)
{
    return high == WIRE ? (y * dpi + WIRES_DPI / 2) / WIRES_DPI : y * high;
}

/* Columns of bytes, top bit first, to rows; each dot is grown. */
static bool columns_to_rows(const struct kw_sim *sim, const uint8_t *columns, int count, int bytes_high, int wide,
                            int high, struct kw_buffer *out, struct kw_bitmap *bitmap)
{
    int width = count * wide, height = row_at(bytes_high * 8, high, sim->dpi), stride = (width + 7) / 8;
    size_t at = out->length;
    if (!kw_buffer_fill(out, 0, (size_t)stride * (size_t)height))
        return false;
    *bitmap = (struct kw_bitmap){ width, height, stride, out->data + at };
    for (int column = 0; column < count; column++)
        for (int y = 0; y < bytes_high * 8; y++)
            if (columns[column * bytes_high + y / 8] >> (7 - y % 8) & 1)
                kw_bitmap_fill(bitmap, column * wide, row_at(y, high, sim->dpi), wide,
                               row_at(y + 1, high, sim->dpi) - row_at(y, high, sim->dpi));
    return true;
}

HANDLER(bit_image)
{
    if (length < 5) {
        kw_sim_out_of_range(sim, "ESC *", bytes[2]);
        return length;
    }
    if (sim->profile->firmware == KW_FIRMWARE_IMPACT && bytes[2] > 1) {
        kw_sim_out_of_range(sim, "ESC *", bytes[2]);
        return 3;
    }
    int bytes_high = bytes[2] > 1 ? 3 : 1, count = kw_sim_pair(bytes + 3);
    int wide = bytes[2] == 0 || bytes[2] == 32 ? 2 : 1;
    bool adjacent = sim->profile->firmware == KW_FIRMWARE_NT5890K;      /* the eight rows, a dot apart */
    int high = bytes_high == 1 && !adjacent ? sim->profile->firmware == KW_FIRMWARE_IMPACT ? WIRE : 3 : 1;
    int room = (kw_sim_area_width(sim) - (sim->s.page.active ? sim->s.page.x : sim->s.line.x)) / wide;
    int shown = count < room ? count : room;
    if (shown <= 0)
        return length;
    struct kw_buffer *bits = &sim->parts[KW_PART_ITEM_BITS];
    struct kw_bitmap bitmap;
    uint32_t at = (uint32_t)bits->length;
    if (!columns_to_rows(sim, bytes + 5, shown, bytes_high, wide, high, bits, &bitmap)) {
        bits->failed = false;
        return length;
    }
    struct kw_sim_item item = {
        .kind = KW_ITEM_IMAGE, .code = at, .width = bitmap.width, .height = bitmap.height, .advance = bitmap.width,
        .offset = sim->s.in.parsed, .style = sim->s.line.upside_down ? KW_STYLE_UPSIDE_DOWN : 0,
        .times_wide = 1, .times_high = 1
    };
    note_ink(sim, bitmap.bits, (size_t)bitmap.stride * (size_t)bitmap.height);
    kw_sim_put_item(sim, &item);
    return length;
}

/* ---- images kept in columns: GS *, FS q ---- */

static void print_columns(struct kw_sim *sim, const uint8_t *columns, int count, int bytes_high, int scale,
                          const char *form)
{
    struct kw_bitmap bitmap;
    int wide = scale & 1 ? 2 : 1, high = scale & 2 ? 2 : 1;
    kw_buffer_clear(&sim->scratch);
    if (count * wide > sim->width_dots)
        count = sim->width_dots / wide;
    struct kw_buffer rows;
    kw_buffer_init(&rows, 4 * 1024 * 1024);
    if (columns_to_rows(sim, columns, count, bytes_high, 1, 1, &rows, &bitmap)) {
        int x = kw_sim_area_left(sim) + kw_sim_align_x(sim, count * wide);
        kw_sim_image_event(sim, form, count * wide, bytes_high * 8 * high, x, sim->s.in.parsed);
        kw_sim_print_bitmap(sim, &bitmap, wide, high);
    }
    kw_buffer_free(&rows);
}

HANDLER(download_image)
{
    struct kw_buffer *image = &sim->parts[KW_PART_DOWNLOAD];
    if (bytes[2] == 0 || bytes[3] == 0 || bytes[3] > 48) {
        kw_sim_out_of_range(sim, "GS *", bytes[3]);
        return length;
    }
    kw_buffer_clear(image);
    kw_buffer_add(image, bytes + 4, length - 4);
    sim->s.download_x = bytes[2];
    sim->s.download_y = bytes[3];
    return length;
}

HANDLER(print_download)
{
    int scale = kw_sim_digit(bytes[2], 3);
    if (scale < 0)
        kw_sim_out_of_range(sim, "GS /", bytes[2]);
    else if (sim->parts[KW_PART_DOWNLOAD].length > 0 && sim->parts[KW_PART_ITEMS].length == 0)
        print_columns(sim, sim->parts[KW_PART_DOWNLOAD].data, sim->s.download_x * 8, sim->s.download_y, scale, "GS /");
    return length;
}

void kw_sim_begin_nv_images(struct kw_sim *sim, int count)
{
    kw_buffer_clear(&sim->parts[KW_PART_NV_IMAGES]);
    sim->s.in.nv_images_left = (uint32_t)count;
    sim->s.in.command_need = NV_HEADER;
}

/* One image of FS q: first its size, then its dots. An image too large to keep is read over. */
void kw_sim_gathered_nv_image(struct kw_sim *sim)
{
    struct kw_buffer *command = &sim->parts[KW_PART_COMMAND];
    int across = kw_sim_pair(command->data), down = kw_sim_pair(command->data + 2);
    uint64_t whole = NV_HEADER + (uint64_t)across * (uint64_t)down * 8;
    sim->s.in.parsed = sim->s.in.command_offset + command->length;
    if (across < 1 || across > 1023 || down < 1 || down > 576) {
        kw_sim_warn(sim, sim->s.in.command_offset, "FS q: %d x %d is out of range", across, down);
        sim->s.in.nv_images_left = 0;
    } else if (whole > KW_SIM_COMMAND_CEILING) {
        kw_sim_warn(sim, sim->s.in.command_offset, "FS q: an image of %llu bytes is too large to keep",
                    (unsigned long long)whole);
        sim->s.in.skip = whole - NV_HEADER;
        sim->s.in.nv_images_left--;
    } else if (command->length < whole) {
        sim->s.in.command_need = whole;
        sim->s.in.parsed = sim->s.in.command_offset;
        return;
    } else {
        kw_buffer_add(&sim->parts[KW_PART_NV_IMAGES], command->data, command->length);
        sim->s.in.nv_images_left--;
    }
    kw_buffer_clear(command);
    sim->s.in.command_need = sim->s.in.nv_images_left ? NV_HEADER : 0;
}

HANDLER(nv_image)
{
    const struct kw_buffer *images = &sim->parts[KW_PART_NV_IMAGES];
    int wanted = bytes[2], scale = kw_sim_digit(bytes[3], 3);
    if (scale < 0 || wanted == 0) {
        kw_sim_out_of_range(sim, "FS p", scale < 0 ? bytes[3] : wanted);
        return length;
    }
    for (size_t at = 0; at + NV_HEADER <= images->length;) {
        int across = kw_sim_pair(images->data + at), down = kw_sim_pair(images->data + at + 2);
        if (--wanted == 0) {
            print_columns(sim, images->data + at + NV_HEADER, across * 8, down, scale, "FS p");
            break;
        }
        at += NV_HEADER + (size_t)across * (size_t)down * 8;
    }
    return length;
}

/* GS Q 0: the columns are printed at once. */
HANDLER(column_image)
{
    int scale = kw_sim_digit(bytes[3], 3), across = kw_sim_pair(bytes + 4), down = kw_sim_pair(bytes + 6);
    if (scale >= 0 && across > 0 && down > 0)
        print_columns(sim, bytes + 8, across, down, scale, "GS Q 0");
    return length;
}
