/*
 * dither.c - grey pictures to dots: scaled by area average, then made black and white in one of four ways.
 *
 * Everything is integer arithmetic, so that the same picture gives the same dots on every machine.
 */
#include "image/png.h"

#include <string.h>

enum { FRACTION = 256, ERROR_ROWS = 3, MARGIN = 2 };

/* The source pixels that one target pixel covers along one axis, in 1/256 pixel. */
struct span {
    int64_t from, to;
};

static struct span span_of(int index, int source, int target)
{
    int64_t size = (int64_t)source * FRACTION;
    return (struct span){ index * size / target, (index + 1) * size / target };
}

/* How much of source pixel `at` lies in the span, in 1/256. */
static int64_t share(struct span span, int64_t at)
{
    int64_t from = at * FRACTION > span.from ? at * FRACTION : span.from;
    int64_t to = (at + 1) * FRACTION < span.to ? (at + 1) * FRACTION : span.to;
    return to > from ? to - from : 0;
}

static uint8_t average(const struct kw_grey *grey, struct span across, struct span down)
{
    int64_t sum = 0, weight = 0;
    for (int64_t y = down.from / FRACTION; y * FRACTION < down.to && y < grey->height; y++) {
        const uint8_t *row = grey->pixels + y * grey->width;
        int64_t height = share(down, y);
        for (int64_t x = across.from / FRACTION; x * FRACTION < across.to && x < grey->width; x++) {
            int64_t area = share(across, x) * height;
            sum += row[x] * area;
            weight += area;
        }
    }
    return weight ? (uint8_t)((sum + weight / 2) / weight) : 255;
}

static void scale_row(const struct kw_grey *grey, int width, int height, int y, int *out)
{
    struct span down = span_of(y, grey->height, height);
    if (grey->width == width && grey->height == height) {       /* each pixel is its own average */
        for (int x = 0; x < width; x++)
            out[x] = grey->pixels[(size_t)y * (size_t)width + (size_t)x];
        return;
    }
    if (down.to == down.from)
        down.to++;
    for (int x = 0; x < width; x++) {
        struct span across = span_of(x, grey->width, width);
        if (across.to == across.from)
            across.to++;
        out[x] = average(grey, across, down);
    }
}

/* ---- the four ways ----------------------------------------------------------------------------------------------- */

/* Errors of a row up to a pixel, and those of the rows above it. */
struct around {
    const int *here, *above, *top;
};

/* What comes to a pixel from those that were decided before it. */
static int floyd(struct around around)
{
    return (7 * around.here[-1] + around.above[-1] + 5 * around.above[0] + 3 * around.above[1]) / 16;
}

/* Atkinson gives away six eighths only, which keeps whites white and blacks black. */
static int atkinson(struct around around)
{
    const int beside = around.here[-1] + around.here[-2];
    return (beside + around.above[-1] + around.above[0] + around.above[1] + around.top[0]) / 8;
}

static const uint8_t bayer[8][8] = {
    { 0, 32, 8, 40, 2, 34, 10, 42 }, { 48, 16, 56, 24, 50, 18, 58, 26 }, { 12, 44, 4, 36, 14, 46, 6, 38 },
    { 60, 28, 52, 20, 62, 30, 54, 22 }, { 3, 35, 11, 43, 1, 33, 9, 41 }, { 51, 19, 59, 27, 49, 17, 57, 25 },
    { 15, 47, 7, 39, 13, 45, 5, 37 }, { 63, 31, 55, 23, 61, 29, 53, 21 },
};

/* The errors of three rows, turning: the one under way and two above it; each has a margin of noughts on both sides. */
struct errors {
    int *rows[ERROR_ROWS];
};

static bool begin_errors(struct kw_arena *arena, struct errors *errors, int width)
{
    for (int i = 0; i < ERROR_ROWS; i++) {
        int *row = kw_arena_array(arena, (size_t)width + 2 * MARGIN, sizeof *row);
        if (!row)
            return false;
        errors->rows[i] = row + MARGIN;
    }
    return true;
}

static void next_row(struct errors *errors)
{
    int *last = errors->rows[ERROR_ROWS - 1];
    memmove(errors->rows + 1, errors->rows, (ERROR_ROWS - 1) * sizeof errors->rows[0]);
    errors->rows[0] = last;
}

static void diffuse_row(struct errors *errors, enum kw_dither dither, const int *grey, struct kw_bitmap *bitmap, int y)
{
    int *const *rows = errors->rows;
    for (int x = 0; x < bitmap->width; x++) {
        struct around around = { rows[0] + x, rows[1] + x, rows[2] + x };
        int value = grey[x] + (dither == KW_DITHER_FLOYD ? floyd(around) : atkinson(around));
        bool black = value < 128;
        rows[0][x] = value - (black ? 0 : 255);
        if (black)
            kw_bitmap_set(bitmap, x, y);
    }
    next_row(errors);
}

static void compare_row(enum kw_dither dither, const int *grey, struct kw_bitmap *bitmap, int y)
{
    for (int x = 0; x < bitmap->width; x++) {
        int limit = dither == KW_DITHER_BAYER ? bayer[y & 7][x & 7] * 4 + 2 : 128;
        if (grey[x] < limit)
            kw_bitmap_set(bitmap, x, y);
    }
}

struct kw_bitmap *kw_grey_dither(struct kw_arena *arena, const struct kw_grey *grey, int width_dots,
                                 enum kw_dither dither)
{
    int64_t height = grey->width > 0 ? ((int64_t)grey->height * width_dots + grey->width / 2) / grey->width : 0;
    struct errors errors;
    height = height < 1 ? 1 : height;
    if (width_dots < 1 || height > KW_BITMAP_MAX_HEIGHT || grey->width < 1 || grey->height < 1)
        return NULL;
    struct kw_bitmap *bitmap = kw_bitmap_new(arena, width_dots, (int)height);
    int *row = kw_arena_array(arena, (size_t)width_dots, sizeof *row);
    if (!bitmap || !row || !begin_errors(arena, &errors, width_dots))
        return NULL;
    for (int y = 0; y < bitmap->height; y++) {
        scale_row(grey, width_dots, bitmap->height, y, row);
        if (dither == KW_DITHER_FLOYD || dither == KW_DITHER_ATKINSON)
            diffuse_row(&errors, dither, row, bitmap, y);
        else
            compare_row(dither, row, bitmap, y);
    }
    return bitmap;
}
