/*
 * fuzz_codes.c - any data as any code on any printer: refused with a reason, or on the paper without a byte that a
 * printer would obey. The first two bytes choose symbology and printer.
 */
#include "delivery/dialect.h"
#include "escpos/escpos.h"
#include "layout/symbol.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct kw_profile *choose_profile(unsigned number)
{
    size_t count = 0;
    while (kw_profile_at(count))
        count++;
    return kw_profile_at(number % count);
}

static void print_code(struct kw_arena *arena, const struct kw_profile *profile, const struct kw_symbol_plan *plan)
{
    struct kw_page page;
    struct kw_encoded encoded;
    struct kw_error error;
    kw_page_init(&page, arena, profile->width_dots);
    kw_page_add_piece(&page, KW_PIECE_PAPER, "receipt")->cut = KW_CUT_PARTIAL;
    kw_symbol_place(&page, plan, "");
    if (kw_dialect_of(profile)->encode(arena, &page, profile, &encoded, &error) != 0)
        abort();
    if (profile->language == KW_LANGUAGE_ESCPOS &&
        kw_escpos_find_realtime(encoded.pieces[0].bytes, encoded.pieces[0].length) != SIZE_MAX)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct kw_profile *profile = size < 2 || size > 8192 ? NULL : choose_profile(data[1]);
    if (!profile || !kw_dialect_of(profile))
        return 0;
    struct kw_arena *arena = kw_arena_new(64 << 20);
    bool drawn = data[0] >> 6 == 2 || profile->language != KW_LANGUAGE_ESCPOS;
    struct kw_symbol_wish wish = { .symbology = (enum kw_symbology)(data[0] % (KW_PDF417 + 1)),
                                   .data = (const char *)data + 2,
                                   .length = size - 2,
                                   .drawing = drawn ? KW_DRAWING_RASTER : KW_DRAWING_AUTO };
    struct kw_symbol_plan plan;
    struct kw_error error = { 0 };
    int code = kw_symbol_prepare(arena, profile, &wish, &plan, &error);
    if (code < 0 && !error.text[0])
        abort();
    if (code == 0)
        print_code(arena, profile, &plan);
    kw_arena_free(arena);
    return 0;
}
