/* test_locale.c - words, numbers, money, dates of every language; known values and rules that hold for all rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"
#include "locale/locale.h"

#include <stdio.h>
#include <string.h>

static const struct kw_locale *locale_of(const char *tag)
{
    bool exact;
    const struct kw_locale *locale = kw_locale_find(tag, &exact);
    assert_true(exact);
    return locale;
}

static void assert_money(const char *tag, const char *decimal, const char *currency, const char *expected)
{
    char text[80];
    int decimals = kw_locale_decimals(currency);
    int length = kw_locale_money(locale_of(tag), decimal, currency, NULL, decimals, text, sizeof text);
    assert_string_equal(text, expected);
    assert_int_equal(length, strlen(expected));
}

static void money_is_written_as_the_region_does(void **state)
{
    (void)state;
    assert_money("en-GB", "1234.50", "GBP", "£1,234.50");
    assert_money("en-US", "-1234.50", "USD", "-$1,234.50");
    assert_money("en-GB", "12.00", "USD", "$12.00");
    assert_money("en-CA", "12.00", "CAD", "$12.00");
    assert_money("en-GB", "12.00", "CAD", "CA$12.00");
    assert_money("en-GB", "12.00", "CHF", "CHF\u00A012.00");
    assert_money("en-CA", "12.00", "USD", "USD\u00A012.00");
    assert_money("es-MX", "6.50", "USD", "USD\u00A06.50");
    assert_money("es-EC", "6.50", "USD", "$6,50");
    assert_money("pl-PL", "1234.50", "PLN", "1234,50\u00A0zł");
    assert_money("pl-PL", "12345.50", "PLN", "12\u00A0345,50\u00A0zł");
    assert_money("fr-FR", "1234.50", "EUR", "1\u202F234,50\u00A0€");
    assert_money("ru-RU", "-1234567.5", "RUB", "-1\u00A0234\u00A0567,50\u00A0₽");
    assert_money("de-DE", "1234.50", "EUR", "1.234,50\u00A0€");
    assert_money("de-CH", "1234.50", "CHF", "CHF\u00A01'234.50");
    assert_money("es-ES", "1234.50", "EUR", "1234,50\u00A0€");
    assert_money("cs-CZ", "1234", "CZK", "1\u00A0234\u00A0Kč");
    assert_money("uk-UA", "0.10", "UAH", "0,10\u00A0₴");
    assert_money("el-GR", "999.99", "EUR", "999,99\u00A0€");
    assert_money("it-IT", "1234.50", "EUR", "1234,50\u00A0€");
    assert_money("it-IT", "12345", "EUR", "12.345,00\u00A0€");
    assert_money("fa-IR", "1234500", "IRT", "۱٬۲۳۴٬۵۰۰\u00A0تومان");
    assert_money("ar-SA", "1234.50", "SAR", "١٬٢٣٤٫٥٠\u00A0ر.س.");
    assert_money("he-IL", "1234.50", "ILS", "₪\u00A01,234.50");
    assert_money("he-IL", "-1234.50", "ILS", "₪\u00A0-1,234.50");
    assert_money("ar-PS", "-1.50", "ILS", "₪\u00A0-١٫٥٠");
    assert_money("ar-SA", "-1.50", "SAR", "-١٫٥٠\u00A0ر.س.");
    assert_money("tr-TR", "1234.50", "TRY", "₺1.234,50");
    assert_money("pt-PT", "1234.50", "EUR", "1234,50\u00A0€");
    assert_money("pt-BR", "1234.50", "BRL", "R$\u00A01.234,50");
    assert_money("nl-NL", "1234.50", "EUR", "€\u00A01.234,50");
    assert_money("nl-NL", "-1234.50", "EUR", "€\u00A0-1.234,50");
    assert_money("de-CH", "-1234.50", "CHF", "CHF-1'234.50");
    assert_money("es-CL", "-1234", "CLP", "$-1.234");
    assert_money("es-CL", "1234", "CLP", "$1.234");
    assert_money("es-CL", "12", "CHF", "CHF\u00A012,00");
    assert_money("sk-SK", "1234.50", "EUR", "1\u00A0234,50\u00A0€");
    assert_money("ja-JP", "1234", "JPY", "¥1,234");
    assert_money("zh-CN", "1234.5", "CNY", "¥1,234.50");
    assert_money("ko-KR", "12500", "KRW", "₩12,500");
    assert_money("vi-VN", "35000", "VND", "35.000\u00A0₫");
    assert_money("hi-IN", "12345678.9", "INR", "₹1,23,45,678.90");
    assert_money("hi-IN", "-123456", "INR", "-₹1,23,456.00");
    assert_money("bn-BD", "-123456.5", "BDT", "-১,২৩,৪৫৬.৫০৳");
    assert_money("bn-IN", "12", "INR", "₹১২.০০");
    assert_money("ur-PK", "1450", "PKR", "Rs\u00A01,450");
    assert_money("th-TH", "1234.50", "THB", "฿1,234.50");
    assert_money("en-GB", "1234", "JPY", "JP¥1,234");
    assert_money("en-GB", "1.5", "KWD", "KWD\u00A01.500");
    assert_money("sv-SE", "1234.50", "SEK", "1\u00A0234,50\u00A0kr");
    assert_money("da-DK", "1234.50", "DKK", "1.234,50\u00A0kr.");
    assert_money("hu-HU", "12345", "HUF", "12\u00A0345\u00A0Ft");
    assert_money("ro-RO", "1234.50", "RON", "1.234,50\u00A0lei");
    assert_money("bg-BG", "1234.50", "EUR", "1234,50\u00A0€");
    assert_money("sr-RS", "1234.50", "RSD", "1.234,50\u00A0дин.");
    assert_money("sr-Latn-RS", "1234.50", "RSD", "1.234,50\u00A0din.");
    assert_money("id-ID", "12500", "IDR", "Rp\u00A012.500");
    assert_money("de-AT", "1234.50", "EUR", "€\u00A01.234,50");
    assert_money("fr-CH", "1234.50", "CHF", "1'234.50\u00A0CHF");
    assert_money("en-IN", "1234567", "INR", "₹12,34,567.00");
    assert_money("zh-TW", "1234", "TWD", "$1,234");
    assert_money("es-PE", "1234.50", "PEN", "S/\u00A01,234.50");
    assert_money("es-UY", "1234.50", "UYU", "$\u00A01.234,50");
    assert_money("fr-SN", "12500", "XOF", "12\u202F500\u00A0F\u00A0CFA");
    assert_money("en-MY", "12.50", "MYR", "RM\u00A012.50");
    assert_money("ar-KW", "1.5", "KWD", "١٫٥٠٠\u00A0د.ك.");
    assert_money("en-AE", "1.5", "AED", "AED\u00A01.50");
}

static void numbers_keep_the_decimals_that_were_given(void **state)
{
    (void)state;
    char text[80];
    kw_locale_number(locale_of("pl-PL"), "0.342", text, sizeof text);
    assert_string_equal(text, "0,342");
    kw_locale_number(locale_of("en-GB"), "2", text, sizeof text);
    assert_string_equal(text, "2");
    kw_locale_amount(locale_of("en-GB"), "4.5000", 2, text, sizeof text);
    assert_string_equal(text, "4.5000");
    kw_locale_amount(locale_of("en-GB"), "4", 2, text, sizeof text);
    assert_string_equal(text, "4.00");
    kw_locale_number(locale_of("fa-IR"), "0.5", text, sizeof text);
    assert_string_equal(text, "۰٫۵");
    kw_locale_number(locale_of("en-GB"), "340 pts", text, sizeof text);
    assert_string_equal(text, "340 pts");
}

static void dates_and_times_are_written_as_the_region_does(void **state)
{
    (void)state;
    static const struct { const char *tag, *date, *time; } cases[] = {
        { "en-GB", "22/11/2026", "14:05" }, { "en-US", "11/22/2026", "2:05\u00A0PM" },
        { "pl-PL", "22.11.2026", "14:05" }, { "fr-FR", "22/11/2026", "14:05" }, { "ru-RU", "22.11.2026", "14:05" },
        { "fa-IR", "۱۴۰۵/۰۹/۰۱", "۱۴:۰۵" }, { "ar-EG", "٢٢/١١/٢٠٢٦", "١٤:٠٥" }, { "he-IL", "22.11.2026", "14:05" },
        { "th-TH", "22/11/2569", "14:05" }, { "ja-JP", "2026/11/22", "14:05" }, { "ko-KR", "2026-11-22", "14:05" },
        { "sk-SK", "22. 11. 2026", "14:05" },
        { "sv-SE", "2026-11-22", "14:05" }, { "fi-FI", "22.11.2026", "14:05" }, { "sv-FI", "22.11.2026", "14.05" },
        { "hu-HU", "2026.11.22.", "14:05" }, { "hr-HR", "22.11.2026.", "14:05" }, { "sl-SI", "22. 11. 2026", "14:05" },
        { "en-AU", "22/11/2026", "2:05\u00A0pm" }, { "en-CA", "2026-11-22", "2:05\u00A0p.m." },
        { "es-CO", "22/11/2026", "2:05\u00A0p.\u00A0m." }, { "zh-TW", "2026/11/22", "14:05" },
        { "es-CL", "22-11-2026", "14:05" },
    };
    char text[80];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kw_locale_date(locale_of(cases[i].tag), 2026, 11, 22, text, sizeof text);
        assert_string_equal(text, cases[i].date);
        kw_locale_time(locale_of(cases[i].tag), 14, 5, text, sizeof text);
        assert_string_equal(text, cases[i].time);
    }
    kw_locale_time(locale_of("en-US"), 0, 30, text, sizeof text);
    assert_string_equal(text, "12:30\u00A0AM");
}

/* New Year's days of Iran, as its calendar had them. */
static void solar_years_begin_on_the_right_day(void **state)
{
    (void)state;
    static const struct { int year, month, day; const char *date; } cases[] = {
        { 2016, 3, 20, "۱۳۹۵/۰۱/۰۱" }, { 2017, 3, 20, "۱۳۹۵/۱۲/۳۰" }, { 2017, 3, 21, "۱۳۹۶/۰۱/۰۱" },
        { 2021, 3, 20, "۱۳۹۹/۱۲/۳۰" }, { 2024, 3, 20, "۱۴۰۳/۰۱/۰۱" }, { 2025, 3, 20, "۱۴۰۳/۱۲/۳۰" },
        { 2026, 3, 21, "۱۴۰۵/۰۱/۰۱" }, { 1979, 2, 11, "۱۳۵۷/۱۱/۲۲" },
    };
    char text[80];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kw_locale_date(locale_of("fa-IR"), cases[i].year, cases[i].month, cases[i].day, text, sizeof text);
        assert_string_equal(text, cases[i].date);
    }
}

static void a_tag_finds_its_region_its_language_or_english(void **state)
{
    (void)state;
    bool exact;
    assert_string_equal(kw_locale_tag(kw_locale_find("pl", &exact)), "pl-PL");
    assert_true(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find("pl_PL.UTF-8", &exact)), "pl-PL");
    assert_true(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find("de-US", &exact)), "de-DE");
    assert_false(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find("zh_Hant_HK.UTF-8", &exact)), "zh-HK");
    assert_true(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find("no", &exact)), "nb-NO");
    assert_true(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find("sr-Latn", &exact)), "sr-Latn-RS");
    assert_true(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find("tlh", &exact)), "en-GB");
    assert_false(exact);
    assert_string_equal(kw_locale_tag(kw_locale_find(NULL, NULL)), "en-GB");
    assert_string_equal(kw_locale_tag(kw_locale_find("", NULL)), "en-GB");
    assert_string_equal(kw_locale_tag(kw_locale_find("e", NULL)), "en-GB");
}

static void what_does_not_fit_is_refused(void **state)
{
    (void)state;
    char text[8];
    assert_int_equal(kw_locale_money(locale_of("pl-PL"), "12345.50", "PLN", NULL, 2, text, sizeof text), -1);
    assert_int_equal(kw_locale_number(locale_of("en-GB"), "1234567", text, sizeof text), -1);
    assert_int_equal(kw_locale_number(locale_of("en-GB"), "999999", text, sizeof text), 7);
}

/* The braces of a text, one after the other. */
static void placeholders_of(const char *text, char out[120])
{
    size_t at = 0;
    for (const char *open = strchr(text, '{'); open; open = strchr(open + 1, '{'))
        at += (size_t)snprintf(out + at, 120 - at, "%.*s", (int)(strcspn(open, "}") + 1), open);
    out[at] = 0;
}

static void every_language_says_every_word_with_its_placeholders(void **state)
{
    (void)state;
    const struct kw_locale *english = locale_of("en-GB"), *locale;
    for (size_t i = 0; (locale = kw_locale_at(i)); i++) {
        for (int label = 0; label < KW_LABEL_COUNT; label++) {
            char expected[120], found[120];
            const char *text = kw_locale_label(locale, (enum kw_label)label);
            placeholders_of(kw_locale_label(english, (enum kw_label)label), expected);
            placeholders_of(text, found);
            if (!*text || !kw_utf8_valid(text, strlen(text)) || strcmp(expected, found) != 0)
                fail_msg("%s: label %d is \"%s\"", kw_locale_tag(locale), label, text);
        }
    }
}

/* How many words each file has: a forgotten row would fall back to another language. */
#define LANGUAGE(name, base, code, reading) { #name, #base, code, 0
#define WORD(language, label, text) + 1
#define END(name) },
static const struct { const char *language, *base, *code; int words; } languages[] = {
#include "data/locales.def"
};

/* A file of its own says everything; one that differs from another says at least something, and is of its family. */
static void no_language_falls_back_to_another(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof languages / sizeof languages[0]; i++) {
        const char *name = languages[i].language, *base = languages[i].base;
        bool own = strcmp(base, "en") == 0 && strncmp(name, "en_", 3) != 0;
        if (own ? languages[i].words != KW_LABEL_COUNT : languages[i].words < 2)
            fail_msg("%s has %d words of %d", name, languages[i].words, KW_LABEL_COUNT);
        if (!own && strncmp(name, base, 2) != 0)
            fail_msg("%s is no kind of %s", name, base);
        if (strncmp(languages[i].code, name, 2) != 0)
            fail_msg("%s is called %s in links", name, languages[i].code);
    }
    assert_string_equal(kw_locale_label(locale_of("en-US"), KW_LABEL_till), "Register");
    assert_string_equal(kw_locale_label(locale_of("en-US"), KW_LABEL_total), "TOTAL");
    assert_string_equal(kw_locale_label(locale_of("es-AR"), KW_LABEL_change), "Vuelto");
    assert_string_equal(kw_locale_label(locale_of("es-AR"), KW_LABEL_gift_card), "Tarjeta de regalo");
    assert_string_equal(kw_locale_label(locale_of("es-AR"), KW_LABEL_cash), "Efectivo");
}

/* Taxes are a country's, whatever is spoken; where a country has no row no other's is named. */
static void taxes_are_named_as_the_country_does(void **state)
{
    (void)state;
    static const struct { const char *tag, *tax, *number; } cases[] = {
        { "en-GB", "VAT", "VAT no." }, { "en-AU", "GST", "ABN" }, { "en-IN", "GST", "GSTIN" },
        { "es-ES", "IVA", "NIF" },
        { "es-MX", "IVA", "RFC" }, { "es-PE", "IGV", "RUC" }, { "es-CU", "Impuesto", "N.º fiscal" },
        { "pt-BR", "Tributos", "CNPJ" }, { "pt-PT", "IVA", "NIF" }, { "de-DE", "MwSt.", "USt-IdNr." },
        { "de-AT", "USt.", "UID" }, { "de-CH", "MWST", "MWST-Nr." }, { "fr-CH", "TVA", "N° TVA" },
        { "it-CH", "IVA", "N. IVA" }, { "fr-CA", "TPS/TVQ", "N° TPS/TVQ" }, { "fr-SN", "Taxe", "N° fiscal" },
        { "ru-KZ", "НДС", "БИН/ИИН" }, { "ru-BY", "НДС", "УНП" }, { "zh-TW", "營業稅", "統一編號" },
        { "zh-SG", "消费税 (GST)", "GST 注册号" }, { "sr-RS", "ПДВ", "ПИБ" }, { "sr-Latn-RS", "PDV", "PIB" },
        { "pl-PL", "VAT", "NIP" }, { "sv-SE", "Moms", "Org.nr" }, { "sv-FI", "Moms", "FO-nummer" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(kw_locale_label(locale_of(cases[i].tag), KW_LABEL_vat), cases[i].tax);
        assert_string_equal(kw_locale_label(locale_of(cases[i].tag), KW_LABEL_tax_id), cases[i].number);
    }
    assert_string_equal(kw_locale_label_in(locale_of("en-GB"), KW_LABEL_tax_id, "PL"), "Tax no.");
    assert_string_equal(kw_locale_label_in(locale_of("es-ES"), KW_LABEL_tax_id, "MX"), "RFC");
}

/* Every row of taxes belongs to a language that there is, once. */
static void rows_of_taxes_are_of_languages(void **state)
{
    (void)state;
    static const struct { const char *country, *language; } rows[] = {
#define TAX(country, language, tax, number) { country, language },
#include "data/tax_names.def"
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool known = false;
        for (size_t k = 0; k < sizeof languages / sizeof languages[0]; k++)
            known = known || strcmp(languages[k].code, rows[i].language) == 0;
        if (!known)
            fail_msg("%s: no language %s", rows[i].country, rows[i].language);
        for (size_t k = 0; k < i; k++)
            if (strcmp(rows[k].country, rows[i].country) == 0 && strcmp(rows[k].language, rows[i].language) == 0)
                fail_msg("%s %s stands there twice", rows[i].country, rows[i].language);
    }
}

/* What stands for the sign of a currency, where no table of the printer has that sign. */
static void every_currency_is_found_by_its_code(void **state)
{
    (void)state;
    static const struct { const char *code; int shown; const char *sign, *home; } rows[] = {
#define CURRENCY(code, exponent, shown, sign, home) { code, shown, sign, home },
#include "data/currencies.def"
#undef CURRENCY
    };
    const struct kw_locale *locale = locale_of("en-GB");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool own = strcmp(rows[i].code, "GBP") == 0;
        assert_int_equal(kw_locale_decimals(rows[i].code), rows[i].shown);
        assert_string_equal(kw_locale_sign(locale, rows[i].code), own ? rows[i].home : rows[i].sign);
    }
    assert_int_equal(kw_locale_decimals("GB"), 0);
    assert_string_equal(kw_locale_sign(locale, "XYZ"), "XYZ");
}

static void a_word_for_a_currency_stands_where_words_do(void **state)
{
    (void)state;
    static const struct { const char *tag, *word, *text; } cases[] = {
        { "tr-TR", "TL", "1.234,50\u00A0TL" }, { "en-GB", "GBP", "GBP\u00A01,234.50" },
        { "pl-PL", "PLN", "1234,50\u00A0PLN" }, { "hi-IN", "Rs.", "Rs.\u00A01,234.50" },
        { "de-AT", "EUR", "EUR\u00A01.234,50" }, { "ko-KR", "KRW", "1,234.50\u00A0KRW" },
    };
    char text[80];
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        kw_locale_money(locale_of(cases[i].tag), "1234.50", "EUR", cases[i].word, 2, text, sizeof text);
        assert_string_equal(text, cases[i].text);
    }
}

static void links_name_the_language_that_is_printed(void **state)
{
    (void)state;
    static const struct { const char *tag, *language; } cases[] = {
        { "pl-PL", "pl" }, { "pt-BR", "pt" }, { "zh-TW", "zh-Hant" }, { "zh-HK", "zh-Hant" }, { "zh-SG", "zh" },
        { "sr-Latn-RS", "sr-Latn" }, { "es-CU", "es" }, { "nb-SJ", "nb" }, { "tlh", "en" }, { "nn-NO", "nb" },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_string_equal(kw_locale_language(kw_locale_find(cases[i].tag, NULL)), cases[i].language);
}

static void words_of_the_shop_stand_before_all_others(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 16);
    const char *words[KW_LABEL_COUNT] = { [KW_LABEL_total] = "DO ZAPŁATY", [KW_LABEL_tax_id] = "REGON" };
    const struct kw_locale *own = kw_locale_reword(arena, locale_of("pl-PL"), words);
    assert_non_null(own);
    assert_string_equal(kw_locale_label(own, KW_LABEL_total), "DO ZAPŁATY");
    assert_string_equal(kw_locale_label(own, KW_LABEL_tax_id), "REGON");
    assert_string_equal(kw_locale_label(own, KW_LABEL_change), "Reszta");
    assert_string_equal(kw_locale_label(locale_of("pl-PL"), KW_LABEL_total), "SUMA");
    kw_arena_free(arena);
}

static void tags_are_unique_and_well_formed(void **state)
{
    (void)state;
    const struct kw_locale *locale, *other;
    for (size_t i = 0; (locale = kw_locale_at(i)); i++) {
        assert_true(strlen(kw_locale_tag(locale)) >= 5);
        for (size_t k = 0; k < i && (other = kw_locale_at(k)); k++)
            assert_string_not_equal(kw_locale_tag(locale), kw_locale_tag(other));
    }
    assert_true(kw_locale_is_rtl(locale_of("fa-IR")));
    assert_false(kw_locale_is_rtl(locale_of("ru-RU")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(money_is_written_as_the_region_does),
        cmocka_unit_test(numbers_keep_the_decimals_that_were_given),
        cmocka_unit_test(dates_and_times_are_written_as_the_region_does),
        cmocka_unit_test(solar_years_begin_on_the_right_day),
        cmocka_unit_test(a_tag_finds_its_region_its_language_or_english),
        cmocka_unit_test(what_does_not_fit_is_refused),
        cmocka_unit_test(every_language_says_every_word_with_its_placeholders),
        cmocka_unit_test(no_language_falls_back_to_another),
        cmocka_unit_test(taxes_are_named_as_the_country_does),
        cmocka_unit_test(rows_of_taxes_are_of_languages),
        cmocka_unit_test(every_currency_is_found_by_its_code),
        cmocka_unit_test(a_word_for_a_currency_stands_where_words_do),
        cmocka_unit_test(links_name_the_language_that_is_printed),
        cmocka_unit_test(words_of_the_shop_stand_before_all_others),
        cmocka_unit_test(tags_are_unique_and_well_formed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
