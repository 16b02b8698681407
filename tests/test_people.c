/* test_people.c - who may sign in at the office: their file, their cookies, how often a name is tried, their report. */
#include "office/attempts.h"
#include "office/reporter.h"
#include "office/session.h"
#include "support/clock.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

static const int64_t NOON = 1795003200000;

static void people_are_read_in_any_order_and_written_in_one(void **state)
{
    static const char file[] = "Ewa\tmanager\t$argon2id$a\tstore:1\tregion:north\tstore:2\nJan Kowal\towner\t$argon2id$b\n";
    static const char written[] = "Ewa\tmanager\t$argon2id$a\tstore:1\tstore:2\tregion:north\nJan Kowal\towner\t$argon2id$b\n";
    static const char *const damaged[] = { "Ewa\n", "Ewa\tmanager\n", "Ewa\tboss\tm\n", "\treader\tm\n", "Ewa\treader\tm\tshop:1\n" };
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_people people;
    struct kw_buffer out;
    struct kw_error error;
    (void)state;
    kw_buffer_init(&out, 1024);
    assert_int_equal(kw_people_read(arena, kw_arena_string(arena, file), &people, &error), 0);
    kw_people_write(&people, &out);
    assert_string_equal(kw_buffer_string(&out), written);
    const struct kw_person *ewa = kw_people_find(&people, "Ewa");
    assert_true(ewa && ewa->role == KW_ROLE_MANAGER && strcmp(ewa->stores[1], "2") == 0 && !ewa->stores[2]
                && strcmp(ewa->regions[0], "north") == 0 && !ewa->regions[1]);
    assert_null(kw_people_find(&people, "ewa"));
    assert_false(kw_people_is_word("a\tb"));
    assert_false(kw_people_is_word(" "));
    for (size_t i = 0; i < sizeof damaged / sizeof damaged[0]; i++)
        assert_int_equal(kw_people_read(arena, kw_arena_string(arena, damaged[i]), &people, &error),
                         KWIT_E_STATE_DAMAGED);
    kw_buffer_free(&out);
    kw_arena_free(arena);
}

/* The cookie of one of two people, as that key and that moment find its holder. */
static const char *holder_unless(const char *left, const uint8_t key[KW_OFFICE_KEY], const char *cookie,
                                 const char *mark, int64_t now_ms)
{
    static const char *const none[] = { NULL };
    struct kw_person all[] = { { "Ewa", KW_ROLE_READER, mark, none, none }, { "Jan", KW_ROLE_OWNER, "m", none, none } };
    const struct kw_person *person = kw_session_find(key, cookie, &(struct kw_people){ all, 2, 2 }, left, now_ms);
    return person ? person->name : "";
}

static const char *holder(const uint8_t key[KW_OFFICE_KEY], const char *cookie, const char *mark, int64_t now_ms)
{
    return holder_unless("", key, cookie, mark, now_ms);
}

static void a_cookie_is_of_one_person_one_passphrase_and_half_a_day(void **state)
{
    static const char *const none[] = { NULL };
    const uint8_t key[KW_OFFICE_KEY] = { 1 }, other[KW_OFFICE_KEY] = { 2 };
    const struct kw_person ewa = { "Ewa", KW_ROLE_READER, "m", none, none };
    char value[KW_SESSION_TEXT], cookie[KW_SESSION_TEXT + 40];
    (void)state;
    kw_session_make(key, &ewa, NOON, value);
    snprintf(cookie, sizeof cookie, "a=b; " KW_SESSION_COOKIE "=%s; c=d", value);
    assert_string_equal(holder(key, cookie, "m", NOON), "Ewa");
    assert_string_equal(holder(key, cookie, "m", NOON + KW_SESSION_S * 1000 - 1000), "Ewa");
    assert_string_equal(holder(key, cookie, "m", NOON + KW_SESSION_S * 1000), "");
    assert_string_equal(holder(key, cookie, "another", NOON), "");
    assert_string_equal(holder(other, cookie, "m", NOON), "");
    memcpy(strchr(cookie + 5, '=') + 1, "4a616e", 6);           /* Jan, with Ewa's digest */
    assert_string_equal(holder(key, cookie, "m", NOON), "");
    assert_string_equal(holder(key, "", "m", NOON), "");
    assert_string_equal(holder(key, KW_SESSION_COOKIE "=", "m", NOON), "");
    assert_string_equal(holder(key, "x" KW_SESSION_COOKIE "=1", "m", NOON), "");
}

static void a_cookie_that_was_left_is_nobodys(void **state)
{
    static const char *const none[] = { NULL };
    const uint8_t key[KW_OFFICE_KEY] = { 1 };
    const struct kw_person ewa = { "Ewa", KW_ROLE_READER, "m", none, none };
    char value[KW_SESSION_TEXT], cookie[KW_SESSION_TEXT + 40], later[KW_SESSION_TEXT + 40],
         same[KW_SESSION_TEXT + 40], id[KW_SESSION_ID];
    struct kw_buffer left, pruned;
    (void)state;
    kw_session_make(key, &ewa, NOON, value);
    snprintf(cookie, sizeof cookie, KW_SESSION_COOKIE "=%s; c=d", value);
    kw_session_make(key, &ewa, NOON, value);
    snprintf(same, sizeof same, KW_SESSION_COOKIE "=%s", value);
    kw_session_make(key, &ewa, NOON + 5000, value);
    snprintf(later, sizeof later, KW_SESSION_COOKIE "=%s", value);
    kw_buffer_init(&left, 1000);
    kw_buffer_init(&pruned, 1000);
    assert_true(kw_session_id(cookie, id));
    kw_session_leave("", id, NOON, &left);
    assert_string_equal(holder_unless(kw_buffer_string(&left), key, cookie, "m", NOON), "");
    assert_string_equal(holder_unless(kw_buffer_string(&left), key, same, "m", NOON), "Ewa");
    assert_string_equal(holder_unless(kw_buffer_string(&left), key, later, "m", NOON), "Ewa");
    assert_true(kw_session_id(later, id));
    kw_session_leave(kw_buffer_string(&left), id, NOON + 1000, &pruned);
    assert_string_equal(holder_unless(kw_buffer_string(&pruned), key, cookie, "m", NOON), "");
    assert_string_equal(holder_unless(kw_buffer_string(&pruned), key, later, "m", NOON), "");
    kw_buffer_clear(&left);
    kw_session_leave(kw_buffer_string(&pruned), id, NOON + KW_SESSION_S * 1000 + 1000, &left);
    assert_int_equal(left.length, 2 * (KW_SESSION_ID));         /* the first has ended by itself; the other twice */
    assert_false(kw_session_id("", id));
    assert_false(kw_session_id(KW_SESSION_COOKIE "=457761.12", id));
    assert_false(kw_session_id(KW_SESSION_COOKIE "=.zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", id));
    kw_buffer_free(&left);
    kw_buffer_free(&pruned);
}

static void a_name_is_tried_five_times_a_minute_from_one_network(void **state)
{
    static struct kw_attempts attempts;
    struct kw_net client, beside, elsewhere;
    (void)state;
    assert_true(kw_net_parse("192.0.2.7", &client) && kw_net_parse("192.0.2.99", &beside)
                && kw_net_parse("198.51.100.7", &elsewhere));
    for (int i = 0; i < KW_ATTEMPTS; i++) {
        assert_false(kw_attempts_are_full(&attempts, "Ewa", &client, NOON));
        kw_attempts_count(&attempts, "Ewa", &client, NOON);
    }
    assert_true(kw_attempts_are_full(&attempts, "Ewa", &client, NOON + 59000 - NOON % 60000));
    assert_true(kw_attempts_are_full(&attempts, "Ewa", &beside, NOON));
    assert_false(kw_attempts_are_full(&attempts, "Ewa", &elsewhere, NOON));
    assert_false(kw_attempts_are_full(&attempts, "Ewa", NULL, NOON));
    assert_false(kw_attempts_are_full(&attempts, "Jan", &client, NOON));
    assert_false(kw_attempts_are_full(&attempts, "Ewa", &client, NOON + 60000));
    assert_int_equal(kw_attempts_wait_s(NOON + 59000 - NOON % 60000), 1);
}

/* Of the processor, in seconds. */
static double cost(const char *mark, const char *passphrase)
{
    struct timespec began, ended;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &began);
    assert_false(kw_passphrase_fits(mark, passphrase));
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &ended);
    return (double)(ended.tv_sec - began.tv_sec) + (double)(ended.tv_nsec - began.tv_nsec) / 1e9;
}

static void what_is_wrong_costs_the_same_whoever_it_is(void **state)
{
    char mark[KW_PASSPHRASE_MARK], endless[KW_PASSPHRASE_MOST + 2];
    (void)state;
    assert_true(kw_passphrase_mark("right, quite right", mark));
    assert_true(kw_passphrase_fits(mark, "right, quite right"));
    memset(endless, 'a', sizeof endless - 1);
    endless[sizeof endless - 1] = 0;
    const double known = cost(mark, "wrong, quite wrong");
    assert_true(cost(NULL, "wrong, quite wrong") > known / 4);
    assert_true(cost(mark, endless) > known / 4);
    assert_true(cost(NULL, endless) > known / 4);
}

/* ---- the report ------------------------------------------------------------------------------------------------- */

/* What was made, and the newest reply: its status and its page. */
static struct { pthread_mutex_t lock; pthread_cond_t changed; int made, replied; bool fails; char said[80]; } desk = {
    .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER
};

static int make_page(void *data, const struct kw_person *person, const char *language, struct kw_buffer *page)
{
    (void)data;
    pthread_mutex_lock(&desk.lock);
    kw_buffer_format(page, "%d: %s %s %s", ++desk.made, language, kw_role_words[person->role], person->stores[0]);
    const bool fails = desk.fails;
    pthread_mutex_unlock(&desk.lock);
    return fails ? KWIT_E_IO : 0;
}

static void take_reply(struct kw_http_exchange *exchange, const struct kw_http_response *response)
{
    (void)exchange;
    pthread_mutex_lock(&desk.lock);
    snprintf(desk.said, sizeof desk.said, "%d %.*s", response->status, (int)response->length, (const char *)response->body);
    desk.replied++;
    pthread_cond_signal(&desk.changed);
    pthread_mutex_unlock(&desk.lock);
}

static const char *asked(struct kw_reporter *reporter, enum kw_staff_role role, const char *store, const char *language)
{
    static const char *const none[] = { NULL };
    const char *const stores[] = { store, NULL };
    const struct kw_person person = { "Ewa", role, "m", stores, none };
    const int before = desk.replied;
    kw_reporter_ask(reporter, NULL, &person, language);
    pthread_mutex_lock(&desk.lock);
    while (desk.replied == before)
        pthread_cond_wait(&desk.changed, &desk.lock);
    pthread_mutex_unlock(&desk.lock);
    return desk.said;
}

static void a_report_is_kept_for_a_minute_for_who_may_see_the_same(void **state)
{
    static const struct timespec nearly = { 59, 999000000 }, moment = { 0, 1000000 };
    const struct kw_http_calls http = { .reply = take_reply };
    struct kw_reporter *reporter;
    struct kw_error error;
    (void)state;
    clock_stands(1);
    assert_int_equal(kw_reporter_start(&(struct kw_reporter_options){ &http, make_page, NULL }, &reporter, &error), 0);
    assert_string_equal(asked(reporter, KW_ROLE_READER, "1", "en"), "200 1: en reader 1");
    assert_string_equal(asked(reporter, KW_ROLE_MANAGER, "1", "en"), "200 1: en reader 1");
    assert_string_equal(asked(reporter, KW_ROLE_READER, "2", "en"), "200 2: en reader 2");
    assert_string_equal(asked(reporter, KW_ROLE_READER, "1", "pl"), "200 3: pl reader 1");
    assert_string_equal(asked(reporter, KW_ROLE_OWNER, "1", "en"), "200 4: en owner 1");
    nanosleep(&nearly, NULL);
    assert_string_equal(asked(reporter, KW_ROLE_READER, "1", "en"), "200 1: en reader 1");
    nanosleep(&moment, NULL);
    assert_string_equal(asked(reporter, KW_ROLE_READER, "1", "en"), "200 5: en reader 1");
    desk.fails = true;
    assert_string_equal(asked(reporter, KW_ROLE_READER, "3", "en"), "503 503\n");
    desk.fails = false;
    assert_string_equal(asked(reporter, KW_ROLE_READER, "3", "en"), "200 7: en reader 3");
    kw_reporter_stop(reporter);
    kw_reporter_free(reporter);
    clock_stands(0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(people_are_read_in_any_order_and_written_in_one),
        cmocka_unit_test(a_cookie_is_of_one_person_one_passphrase_and_half_a_day),
        cmocka_unit_test(a_cookie_that_was_left_is_nobodys),
        cmocka_unit_test(a_name_is_tried_five_times_a_minute_from_one_network),
        cmocka_unit_test(what_is_wrong_costs_the_same_whoever_it_is),
        cmocka_unit_test(a_report_is_kept_for_a_minute_for_who_may_see_the_same)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
