/*
 * fuzz_layout.c - any document that passes is laid out on narrow and wide paper, and the page holds what pages promise.
 */
#include "layout/layout.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct kw_invitation invitation = {
    .url = "HTTPS://FB.EXAMPLE.COM/0123456789ABCDEFGHJK", .address = "fb.example.com",
    .code = "0123-4567-89AB-CDEF-GHJK",
};

static void lay(struct kw_arena *arena, const struct kw_sale *sale, const char *profile, const char *station)
{
    struct kw_notes warnings;
    struct kw_error error = { 0 };
    struct kw_page page;
    struct kw_text *text;
    kw_notes_init(&warnings, arena);
    const struct kw_locale *locale = kw_locale_find(sale->locale, NULL);
    struct kw_text_options text_options = {
        .profile = kw_profile_find(profile), .warnings = &warnings, .language = kw_locale_tag(locale),
        .direction = kw_locale_is_rtl(locale) ? KW_DIRECTION_RTL : KW_DIRECTION_LTR,
    };
    struct kw_layout_options options = {
        .profile = text_options.profile, .copy = 2, .copy_kind = KW_COPY_DUPLICATE, .cut = KW_CUT_PARTIAL,
        .warnings = &warnings, .station = station, .invitation = &invitation, .drawer = true, .qr = 1,
    };
    const struct kw_locale *customer = sale->customer.locale ? kw_locale_find(sale->customer.locale, NULL) : NULL;
    if (kw_text_open(arena, &text_options, &text, &error) < 0)
        return;
    kw_page_init(&page, arena, kw_text_width_dots(text));
    int code = kw_layout_sale(sale, locale, customer, &options, text, &page, &error);
    kw_text_close(text);
    if (code == 0 && kw_page_check(&page, &error) < 0)
        abort();
    if (code < 0 && code != KWIT_E_UNPRINTABLE && code != KWIT_E_NO_MEMORY)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct kw_arena *arena = kw_arena_new((size_t)256 << 20);
    struct kw_notes warnings, errors;
    struct kw_sale *sale = NULL;
    if (!arena)
        return 0;
    kw_notes_init(&warnings, arena);
    kw_notes_init(&errors, arena);
    if (kw_sale_parse(arena, data, size, false, NULL, &sale, &warnings, &errors, NULL) == 0) {
        lay(arena, sale, "generic", NULL);
        lay(arena, sale, "tm-t20iii", NULL);
        lay(arena, sale, "tm-t20iii", "kitchen");
    }
    kw_arena_free(arena);
    return 0;
}
