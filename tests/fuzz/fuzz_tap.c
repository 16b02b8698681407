/*
 * fuzz_tap.c - any stream for the tap, or a body as the journal keeps it: the first byte chooses model and settings.
 * Whatever goes out has the bytes that came in, in their order, and one run at most; and the run has passed the proof
 * of the paper, or is not there. The same of a run in the printer's own letters.
 */
#include "tap/stream/body.h"
#include "tap/stream/weave.h"
#include "tap/stream/withhold.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const struct kw_look *look, const struct kw_woven *woven)
{
    size_t at = (size_t)woven->offset;
    if (woven->length != look->length + woven->added || at > look->length)
        abort();
    if (at > 0 && memcmp(woven->bytes, look->bytes, at) != 0)
        abort();
    if (at < look->length && memcmp(woven->bytes + at + woven->added, look->bytes + at, look->length - at) != 0)
        abort();
    if ((look->through == KW_THROUGH_NOT) != (woven->added > 0))
        abort();
}

static struct kw_bitmap *draw(const struct kw_look *look, struct kw_arena *arena)
{
    struct kw_bitmap *picture = look->chosen ? kw_bitmap_new(arena, look->chosen->place.width, 40) : NULL;
    if (picture)
        kw_bitmap_fill(picture, 3, 24, 50, 9);
    return picture;
}

/* A word and a code; what follows them prints as it did before. */
static void weave_letters(const struct kw_look *look, struct kw_arena *arena)
{
    static const uint8_t word[] = "TELL US", link[] = "HTTPS://S.EXAMPLE/1";
    const struct kw_run run = { .x_dots = 24, .width_dots = 84, .style = { .width = 1, .height = 1, .bold = true },
                                .bytes = word, .length = sizeof word - 1 };
    struct kw_op ops[] = { { .kind = KW_OP_LINE, .line = { .height_dots = 30, .runs = &run, .run_count = 1 } },
                           { .kind = KW_OP_SYMBOL, .symbol = { .symbology = KW_QR, .data = link,
                                                               .length = sizeof link - 1, .module_dots = 4,
                                                               .error_level = 'M', .height_dots = 100,
                                                               .width_dots = 100, .x_dots = 100 } } };
    struct kw_piece piece = { .kind = KW_PIECE_PAPER, .name = "", .ops = ops, .op_count = 2 };
    const struct kw_page page = { .arena = arena, .width_dots = look->profile->width_dots, .pieces = &piece,
                                  .piece_count = 1 };
    struct kw_known known;
    struct kw_woven woven;
    struct kw_buffer bytes;
    struct kw_error ignored;
    if (look->through != KW_THROUGH_NOT || !look->chosen || !kw_known_find(look, &known))
        return;
    kw_buffer_init(&bytes, 65536);
    if (kw_escpos_inset(arena, look->profile, &page, &known, look->chosen->place.feed_dots, &bytes, &ignored) == 0
        && kw_weave_run(look, &bytes, 0, arena, &woven))
        check(look, &woven);
    kw_buffer_free(&bytes);
}

/* What is withheld from a body that is kept makes it whole again. */
static void check_withheld(const uint8_t *body, size_t length, struct kw_arena *arena)
{
    struct kw_withheld cards;
    if (kw_withhold(body, length, arena, &cards) < 0 || !cards.kept)
        return;
    uint8_t *whole = (uint8_t *)kw_arena_copy(arena, (const char *)cards.kept, length);
    if (whole && (!kw_withhold_return(whole, length, cards.runs) || memcmp(whole, body, length) != 0))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const models[] = { "tm-t20iii", "pos-58", "tm-t88v", "generic" };
    struct kw_arena *arena = kw_arena_new(KW_LOOK_MEMORY);
    struct kw_look look;
    struct kw_woven woven;
    struct kw_error error;
    if (size < 1 || !arena) {
        kw_arena_free(arena);
        return 0;
    }
    struct kw_stream_body body = { .bytes = data + 1, .length = size - 1 };
    struct kw_stream_body kept;
    if (data[0] & 16 && kw_stream_split(data + 1, size - 1, &kept))
        body = kept;
    check_withheld(data + 1, size - 1, arena);
    const struct kw_look_options options = { .profile = kw_profile_find(models[data[0] & 3]), .cutless = data[0] & 4,
                                             .given = body.given,
                                             .profile_known = data[0] & 8, .survey_url = "https://s.example/{token}" };
    if (kw_look(&options, body.bytes, body.length, arena, &look, &error) == 0) {
        weave_letters(&look, arena);
        kw_weave(&look, draw(&look, arena), 0, arena, &woven);
        if (look.through != KW_THROUGH_NOT || look.chosen)
            check(&look, &woven);
    }
    kw_arena_free(arena);
    return 0;
}
