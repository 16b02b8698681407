/* test_office.c - the office without a network: forms, tickets, pages, mails, and the writer that shares commits. */
#include "base/clock.h"
#include "office/alerts/mail.h"
#include "office/limiter.h"
#include "office/link.h"
#include "office/ticket.h"
#include "office/web/form.h"
#include "office/web/page.h"
#include "office/writer.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* ---- forms -------------------------------------------------------------------------------------------------- */

static void a_form_is_read_as_browsers_write_it(void **state)
{
    static const struct { const char *body, *name, *value; bool good; } rows[] = {
        { "csat=4&k=ab", "csat", "4", true },
        { "csat=4&k=ab", "k", "ab", true },
        { "comment=a+b%20c%2B", "comment", "a b c+", true },
        { "comment=%D0%B4%D0%B0", "comment", "\xd0\xb4\xd0\xb0", true },
        { "comment=a%0D%0Ab%09c", "comment", "a\nb c", true },          /* newlines stay, a tab is a blank */
        { "comment=a%1Bb%7Fc%C2%84", "comment", "abc", true },          /* other controls go */
        { "comment=a%E2%80%A8b%C2%85c", "comment", "a\nb\nc", true },
        { "comment=a%E2%80%AEb", "comment", "ab", true },               /* a sign that turns the direction */
        { "comment=%FF%FE", "comment", "", true },                      /* no UTF-8 */
        { "comment", "comment", "", true },
        { "", "comment", "", true },
        { "a=1&&b=2", "b", "2", true },
        { "a==b", "a", "=b", true },
        { "comment=%4", "comment", "", false },
        { "comment=%zz", "comment", "", false },
        { "comment=a%00b&k=1", "comment", "ab", true },                 /* words around a pasted NUL are not lost */
        { "comment=a%00b&k=1", "k", "1", true },
        { "1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17&18&19&20&21&22&23&24&25"
          "&26&27&28&29&30&31&32&33", "1", "", false }
    };
    struct kw_form *form = malloc(sizeof *form);
    (void)state;
    assert_non_null(form);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(kw_form_read(rows[i].body, strlen(rows[i].body), form), rows[i].good);
        if (rows[i].good)
            assert_string_equal(kw_form_field(form, rows[i].name), rows[i].value);
    }
    free(form);
}

static void a_form_too_long_is_refused(void **state)
{
    struct kw_form *form = malloc(sizeof *form);
    char *body = malloc(KW_FORM_BYTES + 2);
    (void)state;
    assert_true(form && body);
    memset(body, 'a', KW_FORM_BYTES + 1);
    assert_true(kw_form_read(body, KW_FORM_BYTES, form));
    assert_false(kw_form_read(body, KW_FORM_BYTES + 1, form));
    free(body);
    free(form);
}

static void a_piece_of_a_path_has_no_control_byte(void **state)
{
    char out[8];
    (void)state;
    assert_true(kw_form_piece("ab%20c", 6, out, sizeof out));
    assert_string_equal(out, "ab c");
    assert_false(kw_form_piece("a%0ab", 5, out, sizeof out));
    assert_false(kw_form_piece("", 0, out, sizeof out));
    assert_false(kw_form_piece("12345678", 8, out, sizeof out));
    assert_true(kw_form_piece("1234567", 7, out, sizeof out));
}

/* ---- tickets ------------------------------------------------------------------------------------------------ */

static const int64_t NOON = 1800000000000;
enum { HOUR = 3600000 };

static void a_ticket_is_of_one_code_one_office_and_one_day(void **state)
{
    const uint8_t key[KW_OFFICE_KEY] = { 1 }, other[KW_OFFICE_KEY] = { 2 };
    char ticket[KW_TICKET_TEXT], again[KW_TICKET_TEXT];
    bool fresh;
    (void)state;
    kw_ticket_make(key, "CODE", NOON, ticket);
    kw_ticket_make(key, "CODE", NOON, again);
    assert_string_not_equal(ticket, again);
    assert_true(kw_ticket_check(key, "CODE", ticket, NOON, &fresh) && fresh);
    assert_true(kw_ticket_check(key, "CODE", ticket, NOON + 25 * (int64_t)HOUR, &fresh) && !fresh);
    assert_false(kw_ticket_check(key, "CODF", ticket, NOON, &fresh));
    assert_false(kw_ticket_check(other, "CODE", ticket, NOON, &fresh));
    for (size_t i = 0; i < KW_TICKET_TEXT - 1; i++) {
        memcpy(again, ticket, sizeof again);
        again[i] = again[i] == '0' ? '1' : '0';
        assert_false(kw_ticket_check(key, "CODE", again, NOON, &fresh));
    }
    assert_false(kw_ticket_check(key, "CODE", "", NOON, &fresh));
}

static void the_same_form_is_the_same_answer(void **state)
{
    const uint8_t key[KW_OFFICE_KEY] = { 1 };
    uint8_t first[KW_ANSWER_KEY], second[KW_ANSWER_KEY];
    char ticket[KW_TICKET_TEXT], other[KW_TICKET_TEXT];
    (void)state;
    kw_ticket_make(key, "CODE", NOON, ticket);
    kw_ticket_make(key, "CODE", NOON, other);
    kw_ticket_answer_key(key, "CODE", ticket, first);
    kw_ticket_answer_key(key, "CODE", ticket, second);
    assert_memory_equal(first, second, sizeof first);
    kw_ticket_answer_key(key, "CODE", other, second);
    assert_memory_not_equal(first, second, sizeof first);
}

/* ---- pages -------------------------------------------------------------------------------------------------- */

static bool is_mirrored(int language)
{
    return language == KW_WEB_LANGUAGE_fa || language == KW_WEB_LANGUAGE_ar || language == KW_WEB_LANGUAGE_he
        || language == KW_WEB_LANGUAGE_ur;
}

/* Where room is for the shop's questions, and not for the names of many languages. */
static bool is_behind_the_tap(int state)
{
    return state == KW_WEB_STATE_SAVED || state == KW_WEB_STATE_INVALID;
}

static void every_page_fits_speaks_and_lets_nothing_in(void **state)
{
    static struct kw_web_shop shops[] = {
        { .name = "<b>Shop & \"Co\"</b>", .phone = "+1 555", .mail = "a@b.example",
          .privacy_url = "https://p.example/?a&b", .question = KW_WEB_ASKS_CSAT },
        { .name = "Shop", .question = KW_WEB_ASKS_NPS,
          .own = { { .name = "queue", .low = 1, .high = 5 } }, .own_count = 1, .drafts = true },
        { .name = "Shop", .question = KW_WEB_ASKS_CES, .drafts = true }
    };
    struct kw_web_look look;
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, KW_WEB_PAGE);
    kw_web_look_make(&look, "#ffcc00");
    for (int language = 0; language < KW_WEB_LANGUAGES; language++)
        shops[1].own[0].texts[language] = "<script>";
    for (size_t shop = 0; shop < 3; shop++)
        for (int status = 0; status < KW_WEB_STATE_COUNT; status++)
            for (int language = 0; language < KW_WEB_LANGUAGES; language++) {
                if (!kw_web_speaks(language, shops[shop].drafts))
                    continue;
                const struct kw_web_page page = { .shop = &shops[shop], .state = (enum kw_web_state)status,
                                                  .language = language, .token = "TOKEN", .k = "00",
                                                  .typed = "<script>",
                                                  .contact = "\"><script>", .score = 3, .asks_contact = true,
                                                  .is_test = true, .fault = KW_WEB_TOO_LONG };
                kw_buffer_clear(&out);
                kw_web_put(&page, &look, &out);
                const char *text = kw_buffer_string(&out);
                assert_false(out.failed);
                assert_true(out.length < 6144);
                assert_null(strstr(text, "<script"));
                assert_null(strstr(text, "<b>Shop"));
                assert_non_null(strstr(text, kw_web_word(KW_WEB_TEST, language)));
                assert_int_equal(is_mirrored(language), strstr(text, " dir=rtl><head>") != NULL);
                assert_int_equal(shops[shop].drafts && (language == KW_WEB_LANGUAGE_de || !is_behind_the_tap(status)),
                                 strstr(text, "lang=de") != NULL);
            }
    kw_buffer_free(&out);
}

/* Narrow, or as wide as a character of Chinese. */
static bool ends_in_colon(const char *text)
{
    const size_t length = strlen(text);
    return text[length - 1] == ':' || (length > 3 && strcmp(text + length - 3, "\xef\xbc\x9a") == 0);
}

/* Nothing is missing, and what stands around a number or a name has its colon. */
static void every_language_has_every_word(void **state)
{
    (void)state;
    for (int language = 0; language < KW_WEB_LANGUAGES; language++)
        for (int word = 0; word < KW_WEB_WORD_COUNT; word++) {
            const char *said = kw_web_word((enum kw_web_word)word, language),
                       *english = kw_web_word((enum kw_web_word)word, KW_WEB_LANGUAGE_en);
            const size_t length = strlen(said);
            assert_true(length > 0 && length < 400);
            assert_int_equal(ends_in_colon(english), ends_in_colon(said));
            assert_true(language == KW_WEB_LANGUAGE_en || length < 14 || strcmp(said, english) != 0);
        }
}

static void a_browser_is_answered_in_the_language_that_it_wants_most(void **state)
{
    static const struct { const char *list; int language; } rows[] = {
        { "", -1 }, { "de", -1 }, { "en", 0 }, { "pl-PL,pl;q=0.9", 1 }, { "de-DE, fr;q=0.8, en;q=0.7", 2 },
        { "RU", 3 }, { "pl;q=0.1, fr;q=0.9", 2 }, { "fr;q=0, pl", 1 }, { "fr;q=0", -1 }, { "pl;q=0.80,fr; q=0.8", 1 },
        { "de, ru;q=0.001", 3 }, { "pl;q=,fr;q=0.5", 2 }, { "pl;x,fr", 1 }, { "pl;q=99999999999999,fr", 1 },
        { "fa-IR", 4 }, { "english", -1 }, { "plt, fa", 4 }, { ",,,", -1 }
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(kw_web_language(rows[i].list, false), rows[i].language);
}

/* A language may have several tags, and a tag several languages: by the script, or by where it is spoken. */
static void a_tag_leads_to_the_language_of_its_script_and_place(void **state)
{
    static const struct { const char *list; int language; } rows[] = {
        { "eo, de-DE, fr", KW_WEB_LANGUAGE_de },
        { "zh-CN,zh;q=0.9", KW_WEB_LANGUAGE_zh }, { "zh-Hans-HK", KW_WEB_LANGUAGE_zh }, { "zh-SG", KW_WEB_LANGUAGE_zh },
        { "zh-TW,zh;q=0.9,en;q=0.8", KW_WEB_LANGUAGE_zh_Hant }, { "zh-HK", KW_WEB_LANGUAGE_zh_Hant },
        { "zh-hant-tw", KW_WEB_LANGUAGE_zh_Hant }, { "ZH_TW", KW_WEB_LANGUAGE_zh_Hant },
        { "yue-Hant-HK, en", KW_WEB_LANGUAGE_zh_Hant }, { "zh-TWX", KW_WEB_LANGUAGE_zh },
        { "no", KW_WEB_LANGUAGE_nb }, { "nn-NO,nb;q=0.9", KW_WEB_LANGUAGE_nb }, { "nb_NO", KW_WEB_LANGUAGE_nb },
        { "sr-RS", KW_WEB_LANGUAGE_sr }, { "sr-Cyrl-RS", KW_WEB_LANGUAGE_sr },
        { "sr-Latn-RS,sr;q=0.9", KW_WEB_LANGUAGE_sr_Latn }, { "sr_Latn", KW_WEB_LANGUAGE_sr_Latn },
        { "sr-ME", KW_WEB_LANGUAGE_sr_Latn }, { "sr-LatnX", KW_WEB_LANGUAGE_sr }, { "iw-IL", KW_WEB_LANGUAGE_he },
        { "nope, zhx, z, -", -1 }, { "zh-Hant", KW_WEB_LANGUAGE_zh_Hant }
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(kw_web_language(rows[i].list, true), rows[i].language);
    assert_int_equal(kw_web_language("zh-TW, no, fr", false), KW_WEB_LANGUAGE_fr);
}

static void the_staff_is_answered_in_a_language_of_its_words(void **state)
{
    (void)state;
    assert_int_equal(kw_staff_language("de-DE, fr", KW_WEB_LANGUAGE_de), KW_WEB_LANGUAGE_fr);
    assert_int_equal(kw_staff_language("de-DE", KW_WEB_LANGUAGE_de), KW_WEB_LANGUAGE_en);
}

/* ---- mails -------------------------------------------------------------------------------------------------- */

static void people_hear_of_an_alert_when_they_should(void **state)
{
    const struct kw_plan_rules rules = { 1000, 5000, true, 0, 0 };
    struct kw_alert alert = { .id = 7, .kind = "low_csat", .raised_ms = NOON };
    (void)state;
    assert_false(kw_notice_is_due(&rules, &alert, KW_NOTICE_LOW, NOON + 999));
    assert_true(kw_notice_is_due(&rules, &alert, KW_NOTICE_LOW, NOON + 1000));
    assert_false(kw_notice_is_due(&rules, &alert, KW_NOTICE_CONTACT, NOON + 1000));
    assert_false(kw_notice_is_due(&rules, &alert, KW_NOTICE_REMINDER, NOON + 90000));
    alert.kind = "contact";
    assert_true(kw_notice_is_due(&rules, &alert, KW_NOTICE_CONTACT, NOON));
    alert.told_ms = NOON;
    assert_false(kw_notice_is_due(&rules, &alert, KW_NOTICE_REMINDER, NOON + 4999));
    assert_true(kw_notice_is_due(&rules, &alert, KW_NOTICE_REMINDER, NOON + 5000));
    assert_false(kw_notice_is_due(&rules, &alert, KW_NOTICE_ESCALATION, NOON + 9999));
    assert_true(kw_notice_is_due(&rules, &alert, KW_NOTICE_ESCALATION, NOON + 10000));
    alert.acknowledged_ms = NOON;
    for (int kind = 0; kind < KW_NOTICE_MANY; kind++)
        assert_false(kw_notice_is_due(&rules, &alert, (enum kw_notice_kind)kind, NOON + 90000));
}

static void mails_wait_for_the_morning_and_tries_end(void **state)
{
    const struct kw_plan_rules night = { .quiet_from = 22 * 60, .quiet_until = 7 * 60 };
    const struct kw_plan_rules siesta = { .quiet_from = 13 * 60, .quiet_until = 15 * 60 }, none = { 0 };
    const int64_t hour_ms = 3600000;
    (void)state;
    assert_int_equal(kw_quiet_ms(&night, 21 * 60 + 59), 0);
    assert_int_equal(kw_quiet_ms(&night, 22 * 60), 9 * hour_ms);
    assert_int_equal(kw_quiet_ms(&night, 6 * 60), hour_ms);
    assert_int_equal(kw_quiet_ms(&night, 7 * 60), 0);
    assert_int_equal(kw_quiet_ms(&siesta, 14 * 60), hour_ms);
    assert_int_equal(kw_quiet_ms(&siesta, 12 * 60), 0);
    assert_int_equal(kw_quiet_ms(&none, 0), 0);
    assert_int_equal(kw_retry_ms(1, 0), 5000);
    assert_int_equal(kw_retry_ms(8, 0), 0);
    for (int tries = 2; tries < 8; tries++)
        assert_in_range(kw_retry_ms(tries, 999), kw_retry_ms(tries, 0), kw_retry_ms(tries, 0) * 11 / 10);
}

static void nothing_of_a_customers_or_a_shops_makes_a_header(void **state)
{
    struct kw_mail_rules rules = { .from = "a@b", .to = "c@d", .shop = "Sh\xc3\xb3p\r\nBcc: x@y", .host = "h" };
    const struct kw_alert alert = { .id = 7, .kind = "low_csat", .raised_ms = NOON, .store = "S\nBcc: z", .till = "T",
                                    .comment = "secret words", .csat = 1, .nps = -1, .ces = -1 };
    const struct kw_mail mail = { .kind = KW_NOTICE_LOW, .number = 7, .now_ms = NOON, .alert = &alert,
                                  .link = "https://h/a/1" };
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, 64 * 1024);
    kw_mail_write(&rules, &mail, &out);
    const char *text = kw_buffer_string(&out);
    assert_null(strstr(text, "\nBcc: x"));
    assert_true(strstr(text, "\nBcc: z") == NULL || strstr(text, "\nBcc: z") > strstr(text, "\r\n\r\n"));
    assert_null(strstr(text, "secret"));
    assert_non_null(strstr(text, "Subject: =?UTF-8?B?U2jDs3A"));
    assert_non_null(strstr(text, "Message-ID: <alert-7-1800000000.low@h>\r\n"));
    assert_non_null(strstr(text, "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
    assert_non_null(strstr(text, "https://h/a/1\r\n"));
    rules.with_comment = true;
    kw_buffer_clear(&out);
    kw_mail_write(&rules, &mail, &out);
    assert_non_null(strstr(kw_buffer_string(&out), "| secret words\r\n"));
    kw_buffer_free(&out);
}

/* Longest line of a header's text, up to the empty one. */
static size_t longest_line(const char *text)
{
    size_t longest = 0;
    for (size_t length; (length = strcspn(text, "\r")) > 0; text += length + 2)
        longest = length > longest ? length : longest;
    return longest;
}

static void addresses_stay_readable_whatever_a_shop_is_called(void **state)
{
    static const char shop[] = "\xd9\x81\xd8\xb1\xd9\x88\xd8\xb4\xda\xaf\xd8\xa7\xd9\x87";
    const struct kw_mail_rules rules = { .from = "\"Sklep \xc5\xbb\" <kwit@corner.example>", .host = "h", .shop = shop,
                                         .to = "a@b.example, \xc5\x81 <c@d.example>,Ewa <e@f.example>",
                                         .language = kw_staff_language("fa", 0) };
    const struct kw_alert alert = { .id = 7, .kind = "low_csat", .raised_ms = NOON, .store = "S", .till = "T",
                                    .comment = "", .csat = 1, .nps = -1, .ces = -1 };
    struct kw_mail mail = { .kind = KW_NOTICE_LOW, .number = 7, .now_ms = NOON, .alert = &alert };
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, 64 * 1024);
    kw_mail_write(&rules, &mail, &out);
    const char *text = kw_buffer_string(&out);
    assert_non_null(strstr(text, "From: =?UTF-8?B?U2tsZXAgxbs=?=\r\n <kwit@corner.example>\r\n"));
    assert_non_null(strstr(text, "To: a@b.example,\r\n =?UTF-8?B?xYE=?=\r\n <c@d.example>,\r\n Ewa <e@f.example>\r\n"));
    assert_in_range(longest_line(text), 1, 76);
    assert_non_null(strstr(text, "References: <alert-7-1800000000@h>\r\n"));
    mail.kind = KW_NOTICE_REMINDER;
    kw_buffer_clear(&out);
    kw_mail_write(&rules, &mail, &out);
    assert_non_null(strstr(kw_buffer_string(&out), "References: <alert-7-1800000000@h>\r\n"));
    kw_buffer_free(&out);
}

/* The example that the form's authors publish with their secret. */
static void other_programs_find_the_signature_right(void **state)
{
    struct kw_buffer body, out;
    (void)state;
    kw_buffer_init(&body, 1024);
    kw_buffer_init(&out, 1024);
    kw_buffer_text(&body, "{\"test\": 2432232314}");
    kw_mail_sign("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n", "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, &body, &out);
    assert_string_equal(kw_buffer_string(&out), "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    kw_buffer_free(&body);
    kw_buffer_free(&out);
}

static void a_link_is_good_for_its_alert_and_a_week(void **state)
{
    const uint8_t key[KW_OFFICE_KEY] = { 1 }, other[KW_OFFICE_KEY] = { 2 };
    const int64_t day_ms = 86400000;
    char link[KW_LINK_TEXT];
    const struct kw_linked about = { 70000, NOON / 1000 };
    struct kw_linked read;
    (void)state;
    kw_link_make(key, &about, NOON, link);
    assert_true(kw_link_check(key, link, NOON + 7 * day_ms, &read));
    assert_int_equal(read.alert, about.alert);
    assert_int_equal(read.raised_s, about.raised_s);
    assert_false(kw_link_check(key, link, NOON + 8 * day_ms, &read));
    assert_false(kw_link_check(other, link, NOON, &read));
    link[15] = link[15] == '1' ? '2' : '1';
    assert_false(kw_link_check(key, link, NOON, &read));
    assert_false(kw_link_check(key, "", NOON, &read));
}

static void a_network_fails_so_often_and_no_more_until_the_next_hour(void **state)
{
    struct kw_limiter *limiter = kw_limiter_new();
    struct kw_net one, neighbour, far;
    (void)state;
    assert_true(kw_net_parse("192.0.2.7", &one) && kw_net_parse("192.0.2.99", &neighbour)
                && kw_net_parse("198.51.100.1", &far));
    for (int i = 0; i < KW_LIMIT_FAILURES; i++)
        assert_true(kw_limiter_take(limiter, &one, KW_LIMITED_FAILURE, NOON));
    assert_false(kw_limiter_take(limiter, &neighbour, KW_LIMITED_FAILURE, NOON));
    assert_true(kw_limiter_is_full(limiter, &one, NOON));
    assert_false(kw_limiter_is_full(limiter, &far, NOON));
    assert_true(kw_limiter_take(limiter, &one, KW_LIMITED_POST, NOON));
    assert_true(kw_limiter_take(limiter, &one, KW_LIMITED_FAILURE, NOON + 3600000));
    kw_limiter_free(limiter);
}

static void any_colour_can_be_read(void **state)
{
    static const char *const colours[] = { "#ffffff", "#000000", "#ffcc00", "#777777", "#ff0000", "nonsense" };
    static const uint8_t white[] = { 255, 255, 255 }, dark[] = { 0x16, 0x18, 0x1b };
    struct kw_web_look look;
    uint8_t rgb[3];
    (void)state;
    for (size_t i = 0; i < sizeof colours / sizeof colours[0]; i++) {
        kw_web_look_make(&look, colours[i]);
        char *at = strstr(look.ask, "--a:") + 4;
        at[7] = 0;
        assert_true(kw_web_colour(at, rgb) && kw_web_contrast(rgb, white) >= 4.5);
        at = strstr(at + 8, "--a:") + 4;
        at[7] = 0;
        assert_true(kw_web_colour(at, rgb) && kw_web_contrast(rgb, dark) >= 4.5);
    }
}

/* As full as a page gets, question after question. */
static size_t pages_of_questions(struct kw_web_shop *shop, int language, struct kw_buffer *out)
{
    struct kw_web_look look;
    size_t pages = 0;
    kw_web_look_make(&look, "#ffcc00");
    for (size_t from = 0; from < shop->own_count; from = kw_web_own_end(shop, language, from), pages++) {
        const struct kw_web_page page = { .shop = shop, .state = KW_WEB_STATE_INVALID, .language = language,
                                          .token = "16W0000000000000000", .contact = "ab.example",
                                          .k = "0123456789abcdef0123456789abcdef01234567", .asks_contact = true,
                                          .own_from = from, .score = 3, .reward = "ABCD-EFGH", .chosen = true,
                                          .is_test = true, .fault = KW_WEB_NEED_CONSENT };
        kw_buffer_clear(out);
        kw_web_put(&page, &look, out);
        assert_in_range(out->length, 1000, 6144);
        assert_true(pages < shop->own_count);
    }
    return pages;
}

static void many_questions_go_on_in_pages_that_stay_small(void **state)
{
    static char names[KW_WEB_OWN][8];
    static const char text[] = "\xd8\xb5\xd9\x81 \xda\x86\xd8\xb7\xd9\x88\xd8\xb1 \xd8\xa8\xd9\x88\xd8\xaf "
                               "How content were you with what you found on our shelves today?";
    struct kw_web_shop shop = { .name = "Corner & Crumb", .phone = "+1 555 0100", .mail = "office@corner.example",
                                .controller = "Corner & Crumb, 12 Harbour Street", .drafts = true, .has_logo = true };
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, KW_WEB_PAGE);
    for (int language = 0; language < KW_WEB_LANGUAGES; language++) {
        for (size_t i = 0; i < KW_WEB_OWN; i++) {
            snprintf(names[i], sizeof names[i], "q%zu", i);
            shop.own[i] = (struct kw_web_own){ .name = names[i], .low = 0, .high = 10 };
            shop.own[i].texts[language] = text;
        }
        shop.own_count = KW_WEB_OWN;
        assert_in_range(pages_of_questions(&shop, language, &out), 2, 7);
        for (size_t i = 0; i < KW_WEB_OWN; i++)
            shop.own[i] = (struct kw_web_own){ .name = names[i], .low = 1, .high = 5 };
        shop.own_count = 4;
        for (size_t i = 0; i < 4; i++)
            shop.own[i].texts[language] = "How was the queue?";
        assert_int_equal(pages_of_questions(&shop, language, &out), 1);
    }
    kw_buffer_free(&out);
}

/* ---- the writer --------------------------------------------------------------------------------------------- */

enum { WRITES = 300 };
struct store { pthread_mutex_t gate; int calls, submitted, soft, hard_at; };

static int submit(void *data, const struct kw_shop_days *days, struct kw_submission *submissions, size_t count,
                  struct kw_error *error)
{
    struct store *store = data;
    (void)days;
    pthread_mutex_lock(&store->gate);
    pthread_mutex_unlock(&store->gate);
    store->calls++;
    if (store->soft-- > 0)
        return kw_fail(error, KWIT_E_TIMEOUT, "", "held");
    for (size_t i = 0; i < count; i++)
        if (store->hard_at >= 0 && submissions[i].answer.id == store->hard_at)
            return kw_fail(error, KWIT_E_IO, "", "this one cannot be taken");
    for (size_t i = 0; i < count; i++)
        submissions[i].outcome = KW_OUTCOME_SAVED;
    store->submitted += (int)count;
    return 0;
}

static void count_saved(void *data, struct kw_write *write)
{
    *(int *)data += write->submission.outcome == KW_OUTCOME_SAVED;
}

static int write_all(struct store *store, struct kw_write *writes, int *saved, bool held)
{
    static const struct kw_book_calls calls = { .version = KW_BOOK_VERSION, .submit = submit };
    const struct kw_page_writer_options options = { .book = { &calls, store } };
    struct kw_page_writer *writer;
    struct kw_error error;
    struct kw_writer_counts counts;
    pthread_mutex_init(&store->gate, NULL);
    if (held)
        pthread_mutex_lock(&store->gate);
    assert_int_equal(kw_writer_start(&options, &writer, &error), 0);
    for (int i = 0; i < WRITES; i++) {
        writes[i].done = count_saved;
        writes[i].data = saved;
        writes[i].submission.answer.id = i;
        assert_true(kw_writer_put(writer, &writes[i]));
    }
    if (held)
        pthread_mutex_unlock(&store->gate);
    do
        kw_writer_counts(writer, &counts);
    while (counts.writes + counts.failed < WRITES);
    assert_int_equal(counts.failed, store->hard_at >= 0);
    kw_writer_stop(writer);
    assert_false(kw_writer_put(writer, &writes[0]));            /* a request that comes while the server stops */
    kw_writer_free(writer);
    pthread_mutex_destroy(&store->gate);
    return (int)counts.commits;
}

static void what_waits_for_a_commit_shares_the_next(void **state)
{
    struct kw_write *writes = calloc(WRITES, sizeof *writes);
    struct store store = { .hard_at = -1 };
    int saved = 0;
    (void)state;
    assert_non_null(writes);
    assert_true(write_all(&store, writes, &saved, true) <= 3);
    assert_int_equal(saved, WRITES);
    assert_int_equal(store.submitted, WRITES);
    free(writes);
}

static void a_soft_failure_is_tried_again_and_a_hard_one_keeps_no_other(void **state)
{
    struct kw_write *writes = calloc(WRITES, sizeof *writes);
    struct store soft = { .soft = 2, .hard_at = -1 }, hard = { .hard_at = 17 };
    int saved = 0;
    (void)state;
    assert_non_null(writes);
    write_all(&soft, writes, &saved, false);
    assert_int_equal(saved, WRITES);
    saved = 0;
    memset(writes, 0, WRITES * sizeof *writes);
    write_all(&hard, writes, &saved, true);
    assert_int_equal(saved, WRITES - 1);
    assert_int_equal(writes[17].submission.outcome, KW_OUTCOME_FAILED);
    free(writes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_form_is_read_as_browsers_write_it),
        cmocka_unit_test(a_form_too_long_is_refused),
        cmocka_unit_test(a_piece_of_a_path_has_no_control_byte),
        cmocka_unit_test(a_ticket_is_of_one_code_one_office_and_one_day),
        cmocka_unit_test(the_same_form_is_the_same_answer),
        cmocka_unit_test(every_page_fits_speaks_and_lets_nothing_in),
        cmocka_unit_test(every_language_has_every_word),
        cmocka_unit_test(a_browser_is_answered_in_the_language_that_it_wants_most),
        cmocka_unit_test(a_tag_leads_to_the_language_of_its_script_and_place),
        cmocka_unit_test(the_staff_is_answered_in_a_language_of_its_words),
        cmocka_unit_test(people_hear_of_an_alert_when_they_should),
        cmocka_unit_test(mails_wait_for_the_morning_and_tries_end),
        cmocka_unit_test(other_programs_find_the_signature_right),
        cmocka_unit_test(a_link_is_good_for_its_alert_and_a_week),
        cmocka_unit_test(a_network_fails_so_often_and_no_more_until_the_next_hour),
        cmocka_unit_test(any_colour_can_be_read),
        cmocka_unit_test(many_questions_go_on_in_pages_that_stay_small),
        cmocka_unit_test(nothing_of_a_customers_or_a_shops_makes_a_header),
        cmocka_unit_test(addresses_stay_readable_whatever_a_shop_is_called),
        cmocka_unit_test(what_waits_for_a_commit_shares_the_next),
        cmocka_unit_test(a_soft_failure_is_tried_again_and_a_hard_one_keeps_no_other)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
