/* test_office.c - the office without a network: forms, tickets, pages, mails, and the writer that shares commits. */
#include "base/clock.h"
#include "office/alerts/mail.h"
#include "office/ticket.h"
#include "office/web/form.h"
#include "office/web/page.h"
#include "office/writer.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
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
        { "comment=a%0D%0Ab%09c", "comment", "a\nbc", true },           /* newlines stay, other controls go */
        { "comment=a%E2%80%AEb", "comment", "ab", true },               /* a sign that turns the direction */
        { "comment=%FF%FE", "comment", "", true },                      /* no UTF-8 */
        { "comment", "comment", "", true },
        { "", "comment", "", true },
        { "a=1&&b=2", "b", "2", true },
        { "a==b", "a", "=b", true },
        { "comment=%4", "comment", "", false },
        { "comment=%zz", "comment", "", false },
        { "comment=a%00b", "comment", "", false },
        { "1&2&3&4&5&6&7&8&9&10&11&12&13&14&15&16&17&18&19&20&21&22&23&24&25", "1", "", false }
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

static void every_page_fits_speaks_and_lets_nothing_in(void **state)
{
    static const struct kw_web_shop shops[] = {
        { .name = "<b>Shop & \"Co\"</b>", .phone = "+1 555", .mail = "a@b.example",
          .privacy_url = "https://p.example/?a&b", .question = KW_WEB_ASKS_CSAT },
        { .name = "Shop", .question = KW_WEB_ASKS_NPS,
          .own = { { "queue", { "<b>", "<b>", "<b>", "<b>", "<b>" }, 1, 5 } }, .own_count = 1 },
        { .name = "Shop", .question = KW_WEB_ASKS_CES }
    };
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, KW_WEB_PAGE);
    for (size_t shop = 0; shop < 3; shop++)
        for (int status = 0; status < KW_WEB_STATE_COUNT; status++)
            for (int language = 0; language < 5; language++) {
                const struct kw_web_page page = { .shop = &shops[shop], .state = (enum kw_web_state)status,
                                                  .language = language, .token = "TOKEN", .k = "00",
                                                  .typed = "<script>",
                                                  .contact = "\"><script>", .score = 3, .asks_contact = true,
                                                  .is_test = true, .fault = KW_WEB_TOO_LONG };
                kw_buffer_clear(&out);
                kw_web_put(&page, &out);
                const char *text = kw_buffer_string(&out);
                assert_false(out.failed);
                assert_true(out.length < 6144);
                assert_null(strstr(text, "<script"));
                assert_null(strstr(text, "<b>Shop"));
                assert_non_null(strstr(text, kw_web_word(KW_WEB_TEST, language)));
                assert_non_null(strstr(text, language == 4 ? "dir=rtl" : "dir=ltr"));
            }
    kw_buffer_free(&out);
}

static void a_browser_is_answered_in_its_first_language_that_there_is(void **state)
{
    static const struct { const char *list; int language; } rows[] = {
        { "", -1 }, { "de", -1 }, { "en", 0 }, { "pl-PL,pl;q=0.9", 1 }, { "de-DE, fr;q=0.8, en;q=0.7", 2 },
        { "RU", 3 }, { "fa-IR", 4 }, { "english", -1 }, { "plt, fa", 4 }, { ",,,", -1 }
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        assert_int_equal(kw_web_language(rows[i].list), rows[i].language);
}

/* ---- mails -------------------------------------------------------------------------------------------------- */

static void a_mail_waits_for_words_and_is_told_once(void **state)
{
    const struct kw_mail_rules rules = { "a@b", "c@d", "Shop", "h", false, 1000 };
    struct kw_alert alert = { .id = 7, .kind = "low_csat", .raised_ms = NOON, .store = "S", .till = "T",
                              .comment = "" };
    (void)state;
    assert_false(kw_mail_is_due(&rules, &alert, NOON + 999));
    assert_true(kw_mail_is_due(&rules, &alert, NOON + 1000));
    alert.kind = "contact";
    assert_true(kw_mail_is_due(&rules, &alert, NOON));
    alert.told_ms = NOON;
    assert_false(kw_mail_is_due(&rules, &alert, NOON + 5000));
    alert.told_ms = 0;
    alert.acknowledged_ms = NOON;
    assert_false(kw_mail_is_due(&rules, &alert, NOON + 5000));
}

static void nothing_of_a_customers_or_a_shops_makes_a_header(void **state)
{
    struct kw_mail_rules rules = { "a@b", "c@d", "Shop\r\nBcc: x@y", "h", false, 0 };
    const struct kw_alert alert = { .id = 7, .kind = "low_csat", .raised_ms = NOON, .store = "S\nBcc: z", .till = "T",
                                    .comment = "secret words", .csat = 1, .nps = -1, .ces = -1 };
    struct kw_buffer out;
    (void)state;
    kw_buffer_init(&out, 64 * 1024);
    kw_mail_write(&rules, &alert, NOON, &out);
    const char *text = kw_buffer_string(&out);
    assert_null(strstr(text, "\nBcc: x"));
    assert_true(strstr(text, "\nBcc: z") == NULL || strstr(text, "\nBcc: z") > strstr(text, "\r\n\r\n"));
    assert_null(strstr(text, "secret"));
    assert_non_null(strstr(text, "Message-ID: <alert-7@h>\r\n"));
    assert_non_null(strstr(text, "Date: Fri, 15 Jan 2027 08:00:00 +0000\r\n"));
    rules.with_comment = true;
    kw_buffer_clear(&out);
    kw_mail_write(&rules, &alert, NOON, &out);
    assert_non_null(strstr(kw_buffer_string(&out), "secret words"));
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
    int64_t counted, commits;
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
        kw_writer_counts(writer, &counted, &commits);
    while (counted < WRITES);
    kw_writer_stop(writer);
    pthread_mutex_destroy(&store->gate);
    return (int)commits;
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
        cmocka_unit_test(a_browser_is_answered_in_its_first_language_that_there_is),
        cmocka_unit_test(a_mail_waits_for_words_and_is_told_once),
        cmocka_unit_test(nothing_of_a_customers_or_a_shops_makes_a_header),
        cmocka_unit_test(what_waits_for_a_commit_shares_the_next),
        cmocka_unit_test(a_soft_failure_is_tried_again_and_a_hard_one_keeps_no_other)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
