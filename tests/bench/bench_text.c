/*
 * bench_text.c - bench_text [COUNT]: the lines of the file that BENCH_LINES names through the text room and the
 * encoder, as those of a receipt. With a COUNT it prints the microseconds of one receipt.
 */
#include "escpos/escpos.h"
#include "text/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { LINES = 64 };

static int print_receipt(const struct kw_profile *profile, char lines[][256], size_t count, FILE *out)
{
    struct kw_arena *arena = kw_arena_new(16 << 20);
    struct kw_text_options options = { .profile = profile, .direction = KW_DIRECTION_RTL, .language = "fa-IR" };
    struct kw_error error = { 0 };
    struct kw_page page;
    struct kw_text *text;
    struct kw_encoded encoded = { 0 };
    kw_page_init(&page, arena, profile->width_dots);
    int code = kw_text_open(arena, &options, &text, &error);
    for (size_t i = 0; code == 0 && i < count; i++) {
        struct kw_field field = { .span = { .utf8 = lines[i], .length = strlen(lines[i]), .origin = "" },
                                  .width_dots = profile->width_dots };
        code = kw_text_line(text, &page, &field, 1, &error);
    }
    if (code == 0)
        code = kw_escpos_encode(arena, &page, profile, &encoded, &error);
    for (size_t i = 0; code == 0 && i < encoded.count; i++)
        fwrite(encoded.pieces[i].bytes, 1, encoded.pieces[i].length, out);
    kw_text_close(text);
    kw_arena_free(arena);
    if (code < 0)
        fprintf(stderr, "bench: %s\n", error.text);
    return code;
}

int main(int argc, char **argv)
{
    char lines[LINES][256];
    size_t count = 0;
    FILE *file = fopen(getenv("BENCH_LINES"), "r"), *out = fopen("/dev/null", "w");
    while (file && count < LINES && fgets(lines[count], sizeof lines[0], file))
        lines[count][strcspn(lines[count], "\n")] = 0, count++;
    if (!count || !out)
        return 2;
    int rounds = argc > 1 ? atoi(argv[1]) : 1;
    struct timespec from, to;
    clock_gettime(CLOCK_MONOTONIC, &from);
    for (int round = 0; round < rounds; round++)
        if (print_receipt(kw_profile_find("generic-80"), lines, count, out) < 0)
            return 2;
    clock_gettime(CLOCK_MONOTONIC, &to);
    if (rounds > 1)
        printf("%.1f\n",
               ((double)(to.tv_sec - from.tv_sec) * 1e6 + (double)(to.tv_nsec - from.tv_nsec) / 1e3) / rounds);
    fclose(out);
    return 0;
}
