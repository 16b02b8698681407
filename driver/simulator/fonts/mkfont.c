/*
 * mkfont.c - build-time tool: the resident fonts of the simulated printer as one block of dots.
 *
 * mkfont OUT TERMINUS_12x24 TERMINUS_8x16 UNIFONT_HEX. The block is laid out as fonts.h says and lies in read-only
 * data of the library, so that a simulated receipt loads no font.
 */
#include "simulator/fonts/fonts.h"

#include <ft2build.h>
#include FT_FREETYPE_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint8_t glyph_rows[65536][32 * 3];
static uint8_t present[65536];

static void die(const char *what)
{
    fprintf(stderr, "mkfont: %s\n", what);
    exit(1);
}

static void pad_to(FILE *out, size_t step)
{
    while ((size_t)ftell(out) % step)
        fputc(0, out);
}

/* Writes what was collected: the sorted codes, then the dots of each. */
static void write_strike(FILE *out, struct kw_font_strike *strike, uint32_t width, uint32_t height)
{
    strike->width = width;
    strike->height = height;
    strike->stride = (width + 7) / 8;
    strike->count = 0;
    pad_to(out, 4);
    strike->codes_at = (uint32_t)ftell(out);
    for (uint32_t code = 0; code < 65536; code++) {
        if (!present[code])
            continue;
        uint16_t narrow = (uint16_t)code;
        fwrite(&narrow, sizeof narrow, 1, out);
        strike->count++;
    }
    pad_to(out, 4);
    strike->bits_at = (uint32_t)ftell(out);
    for (uint32_t code = 0; code < 65536; code++)
        if (present[code])
            fwrite(glyph_rows[code], 1, strike->stride * height, out);
    memset(present, 0, sizeof present);
    memset(glyph_rows, 0, sizeof glyph_rows);
}

static void place_bitmap(const FT_GlyphSlot slot, int ascender, uint32_t width, uint32_t height, uint8_t *rows)
{
    uint32_t stride = (width + 7) / 8;
    for (unsigned y = 0; y < slot->bitmap.rows; y++) {
        for (unsigned x = 0; x < slot->bitmap.width; x++) {
            int row = ascender - slot->bitmap_top + (int)y, column = slot->bitmap_left + (int)x;
            int set = slot->bitmap.buffer[(int)y * slot->bitmap.pitch + (int)(x >> 3)] >> (7 - (x & 7)) & 1;
            if (set && row >= 0 && row < (int)height && column >= 0 && column < (int)width)
                rows[(uint32_t)row * stride + (uint32_t)column / 8] |= (uint8_t)(0x80 >> (column & 7));
        }
    }
}

static void read_terminus(const char *path, uint32_t width, uint32_t height)
{
    FT_Library library;
    FT_Face face = NULL;
    if (FT_Init_FreeType(&library) || FT_New_Face(library, path, 0, &face) || FT_Set_Pixel_Sizes(face, 0, height))
        die(path);
    int ascender = (int)(face->size->metrics.ascender >> 6);
    FT_UInt index;
    for (FT_ULong code = FT_Get_First_Char(face, &index); index; code = FT_Get_Next_Char(face, code, &index)) {
        if (code > 0xFFFF || FT_Load_Glyph(face, index, FT_LOAD_RENDER | FT_LOAD_TARGET_MONO))
            continue;
        place_bitmap(face->glyph, ascender, width, height, glyph_rows[code]);
        present[code] = 1;
    }
    FT_Done_Face(face);
    FT_Done_FreeType(library);
}

/* ---- letters of two parts --------------------------------------------------------------------------------------- */

enum { MARK_ACUTE, MARK_GRAVE, MARK_TILDE, MARK_HOOK, MARK_DOT, MARK_HORN, MARKS, ART_ROWS = 3, ARCH_ROWS = 3 };

/* Where letters and their marks begin on the grid of a strike, and the marks that no letter of the font has. */
struct grid {
    uint32_t width, height;
    int mark_rows;                          /* of a mark above */
    int capital, small, small_mark;         /* first rows: of letters, and of marks above small ones */
    int dot, horn;                          /* first row of a dot below; rows of a horn above its letter */
    const char *art[MARKS][ART_ROWS];
};

static const struct grid grids[] = {
    { .width = 12, .height = 24, .mark_rows = 3, .capital = 4, .small = 8, .small_mark = 4, .dot = 20, .horn = 2,
      .art = { [MARK_HOOK] = { "....###.....", "......##....", ".....##....." },
               [MARK_DOT] = { ".....##.....", ".....##....." },
               [MARK_HORN] = { "..........##", "..........##", "........###." } } },
    { .width = 8, .height = 16, .mark_rows = 2, .capital = 2, .small = 5, .small_mark = 2, .dot = 13, .horn = 1,
      .art = { [MARK_HOOK] = { "...##...", "....#..." }, [MARK_DOT] = { "...##..." },
               [MARK_HORN] = { ".......#", "......#." } } },
};

static uint8_t *row_of(const struct grid *grid, unsigned code, int row)
{
    return glyph_rows[code] + (size_t)row * ((grid->width + 7) / 8);
}

static void add_art(const struct grid *grid, int mark, unsigned code, int row)
{
    for (int y = 0; y < ART_ROWS && grid->art[mark][y]; y++)
        for (uint32_t x = 0; x < grid->width; x++)
            if (grid->art[mark][y][x] == '#')
                row_of(grid, code, row + y)[x / 8] |= (uint8_t)(0x80 >> (x & 7));
}

/* From the letter a, or A, that has the mark in the font. */
static void add_from_a(const struct grid *grid, int mark, unsigned code, int row, bool small)
{
    static const unsigned capitals[MARKS] = { [MARK_ACUTE] = 0xC1, [MARK_GRAVE] = 0xC0, [MARK_TILDE] = 0xC3 };
    const uint8_t *from = row_of(grid, small ? capitals[mark] + 0x20 : capitals[mark], small ? grid->small_mark : 0);
    uint8_t *to = row_of(grid, code, row);
    for (uint32_t i = 0; i < (uint32_t)grid->mark_rows * ((grid->width + 7) / 8); i++)
        to[i] |= from[i];
}

/* A capital with a mark makes room for one more above it: its sides get shorter. */
static void sink(const struct grid *grid, unsigned code)
{
    size_t taken = (size_t)(row_of(grid, code, grid->mark_rows) - row_of(grid, code, 0));
    memmove(row_of(grid, code, grid->mark_rows), row_of(grid, code, 0),
            (size_t)(row_of(grid, code, grid->capital + ARCH_ROWS) - row_of(grid, code, 0)));
    memset(row_of(grid, code, 0), 0, taken);
}

static void compose(const struct grid *grid, unsigned code, unsigned base, int mark, bool small)
{
    int letter = small ? grid->small : grid->capital, row = small ? grid->small_mark : 0;
    memcpy(glyph_rows[code], glyph_rows[base], sizeof glyph_rows[code]);
    present[code] = 1;
    if (mark == MARK_DOT || mark == MARK_HORN) {
        add_art(grid, mark, code, mark == MARK_DOT ? grid->dot : letter - grid->horn);
        return;
    }
    const uint8_t *first = row_of(grid, base, row);
    bool crowned = first[0] || (grid->width > 8 && first[1]);
    if (crowned && !small)
        sink(grid, code);
    row = crowned ? 0 : row;
    if (grid->art[mark][0])
        add_art(grid, mark, code, row);
    else
        add_from_a(grid, mark, code, row, small);
}

static void compose_all(const struct grid *grid)
{
    static const struct { unsigned code, capital, small; int mark; } rows[] = {
#define COMPOSED(code, capital, small, mark) { code, capital, small, mark },
#include "simulator/fonts/composed.def"
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        compose(grid, rows[i].code, rows[i].capital, rows[i].mark, false);
        compose(grid, rows[i].code + 1, rows[i].small, rows[i].mark, true);
    }
}

/* Lines of "CODE:HEX": 32 digits are 8 dots across, 64 are 16; 16 rows. */
static void read_unifont(const char *path, size_t digits)
{
    char line[256];
    FILE *in = fopen(path, "r");
    if (!in)
        die(path);
    while (fgets(line, sizeof line, in)) {
        char *colon = strchr(line, ':');
        if (!colon || strcspn(colon + 1, "\r\n") != digits)
            continue;
        unsigned long code = strtoul(line, NULL, 16);
        if (code > 0xFFFF)
            continue;
        for (size_t i = 0; i < digits / 2; i++) {
            char pair[3] = { colon[1 + 2 * i], colon[2 + 2 * i], 0 };
            glyph_rows[code][i] = (uint8_t)strtoul(pair, NULL, 16);
        }
        present[code] = 1;
    }
    fclose(in);
}

int main(int argc, char **argv)
{
    struct kw_font_head head = { .magic = KW_FONT_MAGIC };
    if (argc != 5)
        die("usage: mkfont OUT TERMINUS_12x24 TERMINUS_8x16 UNIFONT_HEX");
    FILE *out = fopen(argv[1], "wb");
    if (!out)
        die(argv[1]);
    fwrite(&head, sizeof head, 1, out);
    read_terminus(argv[2], 12, 24);
    compose_all(&grids[0]);
    write_strike(out, &head.strikes[KW_STRIKE_12X24], 12, 24);
    read_terminus(argv[3], 8, 16);
    compose_all(&grids[1]);
    write_strike(out, &head.strikes[KW_STRIKE_8X16], 8, 16);
    read_unifont(argv[4], 32);
    write_strike(out, &head.strikes[KW_STRIKE_UNIFONT_8X16], 8, 16);
    read_unifont(argv[4], 64);
    write_strike(out, &head.strikes[KW_STRIKE_UNIFONT_16X16], 16, 16);
    rewind(out);
    fwrite(&head, sizeof head, 1, out);
    if (ferror(out) || fclose(out))
        die(argv[1]);
    return 0;
}
