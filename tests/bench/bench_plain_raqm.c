/*
 * bench_plain_raqm.c - bench_plain_raqm [COUNT]: what a plain program does with libraqm and FreeType: one face, each
 * line shaped, each glyph loaded and drawn where it stands, the line sent as a raster. The lines stand in the file that
 * BENCH_LINES names. The floor of bench_text.
 * link: -I/usr/include/freetype2 -lraqm -lfreetype */
#include <ft2build.h>
#include FT_FREETYPE_H
#include <raqm.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WIDTH = 576, HEIGHT = 40, BASELINE = 28, STRIDE = WIDTH / 8 };
#define FONT "/usr/share/fonts/truetype/noto/NotoSansArabic-Regular.ttf"

static void draw_glyph(unsigned char *dots, const FT_Bitmap *bitmap, int left, int top)
{
    for (int y = 0; y < (int)bitmap->rows; y++)
        for (int x = 0; x < (int)bitmap->width; x++)
            if (bitmap->buffer[y * bitmap->pitch + x] >= 128 && left + x >= 0 && left + x < WIDTH && top + y >= 0 &&
                top + y < HEIGHT)
                dots[(top + y) * STRIDE + (left + x) / 8] |= (unsigned char)(0x80 >> ((left + x) & 7));
}

static void draw_line(FT_Face face, const char *text, FILE *out)
{
    unsigned char dots[STRIDE * HEIGHT] = { 0 };
    raqm_t *raqm = raqm_create();
    size_t count = 0, width = 0;
    if (!raqm || !raqm_set_text_utf8(raqm, text, strlen(text)) || !raqm_set_freetype_face(raqm, face) ||
        !raqm_set_par_direction(raqm, RAQM_DIRECTION_RTL) || !raqm_set_language(raqm, "fa", 0, strlen(text)) ||
        !raqm_layout(raqm))
        exit(2);
    raqm_glyph_t *glyphs = raqm_get_glyphs(raqm, &count);
    for (size_t i = 0; i < count; i++)
        width += (size_t)glyphs[i].x_advance;
    long pen = (long)WIDTH * 64 - (long)width;
    for (size_t i = 0; i < count; i++) {
        FT_Load_Glyph(face, glyphs[i].index, FT_LOAD_RENDER);
        draw_glyph(dots, &face->glyph->bitmap, (int)((pen + glyphs[i].x_offset) >> 6) + face->glyph->bitmap_left,
                   BASELINE - face->glyph->bitmap_top - (int)(glyphs[i].y_offset >> 6));
        pen += glyphs[i].x_advance;
    }
    raqm_destroy(raqm);
    const unsigned char head[8] = { 0x1D, 'v', '0', 0, STRIDE, 0, HEIGHT, 0 };
    fwrite(head, 1, sizeof head, out);
    fwrite(dots, 1, sizeof dots, out);
}

int main(int argc, char **argv)
{
    char lines[64][256];
    size_t count = 0;
    FILE *file = fopen(getenv("BENCH_LINES"), "r"), *out = fopen("/dev/null", "w");
    while (file && count < 64 && fgets(lines[count], sizeof lines[0], file))
        lines[count][strcspn(lines[count], "\n")] = 0, count++;
    FT_Library library;
    FT_Face face;
    if (!count || !out || FT_Init_FreeType(&library) || FT_New_Face(library, FONT, 0, &face) ||
        FT_Set_Pixel_Sizes(face, 0, 23))
        return 2;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int round = 0; round < rounds; round++)
        for (size_t i = 0; i < count; i++)
            draw_line(face, lines[i], out);
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (rounds > 1)
        printf("%.1f\n",
               ((double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3) / rounds);
    fclose(out);
    return 0;
}
