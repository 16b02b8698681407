/* test_wording.c - every language's own words on the narrowest paper: drawn or printed, never too wide, never named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <string.h>

#include "locale/locale.h"
#include "text/text.h"

enum { PAPER_DOTS = 384, BESIDE_AMOUNT_DOTS = 384 - 10 * 12 };

static const char *const names[] = {
#define KW_LABEL(name) #name,
#include "data/labels.def"
#undef KW_LABEL
};

/* Words that share their line with an amount. */
static const enum kw_label beside_amounts[] = {
    KW_LABEL_subtotal, KW_LABEL_total, KW_LABEL_still_due, KW_LABEL_vat, KW_LABEL_tax, KW_LABEL_discount,
    KW_LABEL_cash, KW_LABEL_card, KW_LABEL_change, KW_LABEL_tip, KW_LABEL_balance, KW_LABEL_gift_card,
    KW_LABEL_voucher, KW_LABEL_rounding, KW_LABEL_saved,
};

static bool stands_beside_an_amount(int label)
{
    for (size_t i = 0; i < sizeof beside_amounts / sizeof beside_amounts[0]; i++)
        if ((int)beside_amounts[i] == label)
            return true;
    return false;
}

static void check_label(struct kw_text *text, const struct kw_locale *locale, int label)
{
    const char *words = kw_locale_label(locale, (enum kw_label)label);
    struct kw_span span = { .utf8 = words, .length = strlen(words), .origin = "" };
    struct kw_error error;
    struct kw_breaks breaks;
    if (kw_text_wrap(text, &span, PAPER_DOTS, PAPER_DOTS, &breaks, &error) < 0)
        fail_msg("%s", error.text);
    if (breaks.count > 2)
        fail_msg("%s: %s takes %zu lines of 32 columns", kw_locale_tag(locale), names[label], breaks.count);
    for (size_t i = 0; i < breaks.count; i++) {
        struct kw_span line = { .utf8 = words + breaks.lines[i].from, .length = breaks.lines[i].length, .origin = "" };
        if (kw_text_measure(text, &line) > PAPER_DOTS)
            fail_msg("%s: %s has a word wider than the paper", kw_locale_tag(locale), names[label]);
    }
    if (stands_beside_an_amount(label) && kw_text_measure(text, &span) > BESIDE_AMOUNT_DOTS)
        fail_msg("%s: %s leaves no room for an amount: %s", kw_locale_tag(locale), names[label], words);
}

/* Whether an earlier row says the same words, as many regions of one language do. */
static bool words_were_seen(size_t index)
{
    const struct kw_locale *locale = kw_locale_at(index);
    for (size_t i = 0; i < index; i++) {
        bool same = true;
        for (int label = 0; label < KW_LABEL_COUNT && same; label++)
            same = strcmp(kw_locale_label(kw_locale_at(i), (enum kw_label)label),
                          kw_locale_label(locale, (enum kw_label)label)) == 0;
        if (same)
            return true;
    }
    return false;
}

static void words_of_every_language_fit_narrow_paper(void **state)
{
    (void)state;
    const struct kw_profile *profile = kw_profile_find("generic");
    const struct kw_locale *locale;
    for (size_t i = 0; (locale = kw_locale_at(i)); i++) {
        if (words_were_seen(i))
            continue;
        struct kw_arena *arena = kw_arena_new(64 << 20);
        struct kw_notes notes;
        struct kw_text *text;
        struct kw_error error;
        kw_notes_init(&notes, arena);
        struct kw_text_options options = { .profile = profile, .warnings = &notes, .language = kw_locale_tag(locale),
            .direction = kw_locale_is_rtl(locale) ? KW_DIRECTION_RTL : KW_DIRECTION_LTR };
        assert_int_equal(kw_text_open(arena, &options, &text, &error), 0);
        for (int label = 0; label < KW_LABEL_COUNT; label++)
            check_label(text, locale, label);
        if (notes.count)
            fail_msg("%s: %s", kw_locale_tag(locale), notes.items[0].text);
        kw_text_close(text);
        kw_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(words_of_every_language_fit_narrow_paper) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
