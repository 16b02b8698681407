/* test_base.c - arena, buffer, UTF-8, decimal, clock, JSON, notes: each against an oracle that is not kwit's. */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/decimal.h"
#include "base/digits.h"
#include "base/eight.h"
#include "base/error.h"
#include "base/json.h"
#include "base/log.h"
#include "base/module.h"
#include "base/net.h"
#include "base/notes.h"
#include "base/thread.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <jansson.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

/* A fixed sequence, so that a failure comes again. */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return *state >> 33;
}

static void arena_memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    unsigned char *before = NULL;
    for (size_t size = 0; size < 300; size++) {
        unsigned char *memory = kw_arena_alloc(arena, size);
        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xAA, size);
        assert_ptr_not_equal(memory, before);
        before = memory;
    }
    kw_arena_free(arena);
}

static void arena_refuses_beyond_its_ceiling_and_overflow(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(64 * 1024);
    assert_null(kw_arena_alloc(arena, 64 * 1024 + 1));
    assert_non_null(kw_arena_alloc(arena, 32 * 1024));
    assert_null(kw_arena_alloc(arena, 40 * 1024));
    assert_non_null(kw_arena_alloc(arena, 100));
    assert_null(kw_arena_array(arena, SIZE_MAX / 2, 3));
    assert_null(kw_arena_alloc(arena, SIZE_MAX));
    assert_null(kw_arena_copy(arena, "", SIZE_MAX));
    kw_arena_free(arena);
    kw_arena_free(NULL);
}

static void arena_texts_are_copies(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    char text[] = "abc";
    char *copy = kw_arena_string(arena, text), *part = kw_arena_copy(arena, text, 2);
    text[0] = 'x';
    assert_string_equal(copy, "abc");
    assert_string_equal(part, "ab");
    assert_string_equal(kw_arena_format(arena, "%d-%s", 7, "z"), "7-z");
    kw_arena_free(arena);
}

static void arena_arrays_grow_and_keep_what_they_hold(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    int *items = NULL;
    size_t capacity = 0;
    for (int i = 0; i < 1000; i++) {
        items = kw_arena_grow(arena, items, (size_t)i, &capacity, sizeof *items);
        assert_non_null(items);
        items[i] = i;
    }
    for (int i = 0; i < 1000; i++)
        assert_int_equal(items[i], i);
    kw_arena_free(arena);
}

static void buffer_ends_in_nul_and_keeps_its_ceiling(void **state)
{
    (void)state;
    struct kw_buffer buffer;
    kw_buffer_init(&buffer, 600);
    assert_string_equal(kw_buffer_string(&buffer), "");
    assert_true(kw_buffer_text(&buffer, "ab"));
    assert_true(kw_buffer_byte(&buffer, 'c'));
    assert_true(kw_buffer_format(&buffer, "%03d", 7));
    assert_string_equal(kw_buffer_string(&buffer), "abc007");
    assert_true(kw_buffer_fill(&buffer, '.', 594));
    assert_int_equal(buffer.length, 600);
    assert_int_equal(buffer.data[600], 0);
    assert_false(kw_buffer_byte(&buffer, 'x'));
    assert_true(buffer.failed);
    assert_int_equal(buffer.length, 600);
    kw_buffer_clear(&buffer);
    assert_false(buffer.failed);
    assert_true(kw_buffer_byte(&buffer, 'y'));
    assert_string_equal(kw_buffer_string(&buffer), "y");
    kw_buffer_free(&buffer);
}

static void buffer_failure_sticks(void **state)
{
    (void)state;
    struct kw_buffer buffer;
    kw_buffer_init(&buffer, 4);
    assert_false(kw_buffer_text(&buffer, "abcde"));
    assert_false(kw_buffer_byte(&buffer, 'a'));
    assert_false(kw_buffer_format(&buffer, "a"));
    assert_null(kw_buffer_extend(&buffer, 1));
    assert_int_equal(buffer.length, 0);
    kw_buffer_free(&buffer);
}

static void every_code_point_goes_out_and_comes_back(void **state)
{
    (void)state;
    iconv_t oracle = iconv_open("UTF-8", "UTF-32LE");
    assert_true(oracle != (iconv_t)-1);
    for (uint32_t code = 0; code <= 0x110010; code++) {
        char ours[4], theirs[8], *in = (char *)&code, *out = theirs;
        size_t left = 4, room = sizeof theirs, at = 0, length = kw_utf8_put(ours, code);
        bool convertible = iconv(oracle, &in, &left, &out, &room) != (size_t)-1;
        iconv(oracle, NULL, NULL, NULL, NULL);
        assert_int_equal(length, convertible ? sizeof theirs - room : 0);
        if (!convertible)
            continue;
        assert_memory_equal(ours, theirs, length);
        if (code) {
            assert_int_equal(kw_utf8_next(ours, length, &at), code);
            assert_int_equal(at, length);
        }
    }
    iconv_close(oracle);
}

static void random_bytes_are_valid_exactly_when_iconv_says_so(void **state)
{
    (void)state;
    uint64_t seed = 1;
    iconv_t oracle = iconv_open("UTF-32LE", "UTF-8");
    for (int round = 0; round < 200000; round++) {
        static const unsigned char edges[] = { 0x41, 0x7F, 0x80, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0x9F, 0xA0, 0xED,
                                               0xEF, 0xF0, 0x8F, 0x90, 0xF4, 0xF5, 0xFF };
        char bytes[6], wide[64];
        size_t length = next_random(&seed) % (sizeof bytes + 1), at = 0;
        for (size_t i = 0; i < length; i++)
            bytes[i] = (char)edges[next_random(&seed) % sizeof edges];
        char *in = bytes, *out = wide;
        size_t left = length, room = sizeof wide;
        bool valid = iconv(oracle, &in, &left, &out, &room) != (size_t)-1;
        iconv(oracle, NULL, NULL, NULL, NULL);
        assert_int_equal(kw_utf8_valid(bytes, length), valid);
        if (valid)
            assert_int_equal(kw_utf8_count(bytes, length), (sizeof wide - room) / 4);
        for (size_t before = 0; at < length; before = at) {
            kw_utf8_next(bytes, length, &at);
            assert_true(at > before && at <= length);
        }
    }
    iconv_close(oracle);
}

static void decimals_are_read_strictly(void **state)
{
    (void)state;
    static const char *const good[] = { "0", "-0", "12", "-12.5", "0.000001", "999999999999999.999999", "007.10" };
    static const char *const bad[] = { "", "-", "+1", ".5", "5.", "1,5", "1e3", " 1", "1 ", "1.0000001", "--1", "0x1",
                                       "1234567890123456", "1.2.3", "\xD9\xA1", "NaN", "1\n" };
    struct kw_decimal value = { 7, 7, 7 };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(kw_decimal_parse(bad[i], strlen(bad[i]), 6, &value));
    assert_int_equal(value.whole, 7);
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        assert_true(kw_decimal_parse(good[i], strlen(good[i]), 6, &value));
    assert_false(kw_decimal_parse("1.234", 5, 2, &value));
    assert_true(kw_decimal_parse("1.234", 5, 3, &value));
    assert_int_equal(value.places, 3);
}

static struct kw_decimal from_micro(int64_t micro)
{
    return (struct kw_decimal){ micro / 1000000, (int32_t)(micro % 1000000), 6 };
}

static int64_t to_micro(struct kw_decimal value)
{
    assert_true(value.micro > -1000000 && value.micro < 1000000);
    assert_false(value.whole > 0 && value.micro < 0);
    assert_false(value.whole < 0 && value.micro > 0);
    return value.whole * 1000000 + value.micro;
}

static void decimals_add_as_integers_of_millionths_do(void **state)
{
    (void)state;
    uint64_t seed = 2;
    for (int round = 0; round < 100000; round++) {
        int64_t a = (int64_t)next_random(&seed) % 4000001 - 2000000,
                b = (int64_t)next_random(&seed) % 4000001 - 2000000;
        struct kw_decimal left = from_micro(a), right = from_micro(b);
        assert_int_equal(to_micro(kw_decimal_add(left, right)), a + b);
        assert_int_equal(to_micro(kw_decimal_negate(left)), -a);
        assert_int_equal(kw_decimal_compare(left, right), (a > b) - (a < b));
        char ours[32], theirs[32];
        kw_decimal_text(left, 6, ours);
        snprintf(theirs, sizeof theirs, "%s%lld.%06lld", a < 0 ? "-" : "", llabs(a) / 1000000LL, llabs(a) % 1000000LL);
        assert_string_equal(ours, theirs);
    }
    char text[32];
    kw_decimal_text((struct kw_decimal){ -1, -999999, 6 }, 2, text);
    assert_string_equal(text, "-1.99");
    kw_decimal_text((struct kw_decimal){ 5, 0, 0 }, 0, text);
    assert_string_equal(text, "5");
}

static void civil_dates_agree_with_the_c_library(void **state)
{
    (void)state;
    for (int64_t day = -800000; day < 800000; day += 13) {
        time_t seconds = (time_t)(day * 86400);
        struct tm tm;
        int year, month, monthday;
        if (seconds / 86400 != day)
            continue;                       /* it ends in 2038 where a time has 32 bits */
        assert_non_null(gmtime_r(&seconds, &tm));
        kw_days_to_civil(day, &year, &month, &monthday);
        assert_int_equal(year, tm.tm_year + 1900);
        assert_int_equal(month, tm.tm_mon + 1);
        assert_int_equal(monthday, tm.tm_mday);
        assert_int_equal(kw_civil_to_days(year, month, monthday), day);
    }
}

static void times_are_read_with_their_offset(void **state)
{
    (void)state;
    struct kw_time time;
    char text[32];
    assert_true(kw_time_parse("2026-11-22T14:03:11+01:00", &time));
    assert_int_equal(time.hour, 14);
    assert_int_equal(time.offset_minutes, 60);
    kw_time_text_utc(time.utc_ms, text);
    assert_string_equal(text, "2026-11-22T13:03:11Z");
    assert_true(kw_time_parse("2024-02-29T23:59:59.250-03:30", &time));
    assert_int_equal(time.utc_ms % 1000, 250);
    kw_time_text_utc(time.utc_ms, text);
    assert_string_equal(text, "2024-03-01T03:29:59Z");
    assert_true(kw_time_parse("2016-12-31T23:59:60Z", &time));
    kw_time_text_utc(time.utc_ms, text);
    assert_string_equal(text, "2017-01-01T00:00:00Z");
    static const char *const bad[] = { "", "2026-11-22", "2026-11-22T14:03:11", "2026-02-29T00:00:00Z",
                                       "2026-13-01T00:00:00Z",
        "2026-11-22T24:00:00Z", "2026-11-22T14:60:00Z", "2026-11-22T14:03:11+1:00", "2026-11-22T14:03:11Zx",
        "26-11-22T14:03:11Z", "2026-11-22T14:03:11.Z", "0000-01-01T00:00:00Z", "2026-11-22T14:03:11+24:00" };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(kw_time_parse(bad[i], &time));
}

static void clocks_run_and_deadlines_shrink(void **state)
{
    (void)state;
    char boot[KW_BOOT_ID_SIZE];
    int64_t began = kw_clock_boot_ms();
    kw_clock_sleep_ms(20);
    int64_t took = kw_clock_boot_ms() - began;
    assert_in_range(took, 19, 60000);
    assert_int_equal(kw_clock_left_ms(began), 0);
    assert_in_range(kw_clock_left_ms(kw_clock_boot_ms() + 60000), 1, 60000);
    assert_int_equal(kw_clock_left_ms(INT64_MAX), 0x7FFFFFFF);
    const char *before = getenv("TEST_CLOCK");
    char kept[64];
    snprintf(kept, sizeof kept, "%s", before ? before : "");
    setenv("TEST_CLOCK", "1835438400000 0", 1);         /* 29 February 2028, when the machine began */
    /* Both are rounded down: half a millisecond of each can make one of difference. */
    const int64_t early = kw_clock_boot_ms(), since = kw_clock_wall_ms() - 1835438400000, late = kw_clock_boot_ms();
    assert_in_range(since, early - 1, late + 1);
    setenv("TEST_CLOCK", kept, 1);
    kw_clock_boot_id(boot);
    assert_int_equal(strlen(boot), 36);
}

/* Any bytes as a JSON string: one line, and jansson reads it back. */
static void json_strings_come_back_through_another_parser(void **state)
{
    (void)state;
    uint64_t seed = 3;
    for (int round = 0; round < 20000; round++) {
        char text[24];
        size_t length = next_random(&seed) % sizeof text;
        for (size_t i = 0; i < length; i++)
            text[i] = (char)next_random(&seed);
        struct kw_buffer out;
        struct kw_json json;
        kw_buffer_init(&out, 4096);
        kw_json_init(&json, &out);
        kw_json_array(&json, NULL);
        kw_json_string_n(&json, NULL, text, length);
        kw_json_end_array(&json);
        assert_false(out.failed);
        assert_null(strchr(kw_buffer_string(&out), '\n'));
        json_t *root = json_loadb((const char *)out.data, out.length, JSON_ALLOW_NUL, NULL);
        assert_non_null(root);
        const json_t *back = json_array_get(root, 0);
        if (kw_utf8_valid(text, length)) {
            assert_int_equal(json_string_length(back), length);
            assert_memory_equal(json_string_value(back), text, length);
        } else {
            assert_non_null(strstr(kw_buffer_string(&out), "\xEF\xBF\xBD"));
        }
        json_decref(root);
        kw_buffer_free(&out);
    }
}

static void json_has_its_commas_and_its_depth(void **state)
{
    (void)state;
    struct kw_buffer out;
    struct kw_json json;
    kw_buffer_init(&out, 4096);
    kw_json_init(&json, &out);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "a", INT64_MIN);
    kw_json_array(&json, "b");
    kw_json_bool(&json, NULL, true);
    kw_json_null(&json, NULL);
    kw_json_object(&json, NULL);
    kw_json_end_object(&json);
    kw_json_end_array(&json);
    kw_json_number(&json, "c", 1.0 / 3, 3);
    kw_json_number(&json, "d", 1.0 / 0.0, 3);
    kw_json_hex(&json, "e", "\x1B\xFF", 2);
    kw_json_string(&json, "f", NULL);
    kw_json_raw(&json, "g", "[1]");
    kw_json_string(&json, "h\"", "\x01\x7F\xE2\x80\xA8");
    kw_json_end_object(&json);
    assert_string_equal(kw_buffer_string(&out),
                        "{\"a\":-9223372036854775808,\"b\":[true,null,{}],\"c\":0.333,\"d\":null,"
                        "\"e\":\"1BFF\",\"f\":null,\"g\":[1],\"h\\\"\":\"\\u0001\\u007f\\u2028\"}");
    assert_false(out.failed);
    for (int depth = 0; depth <= KW_JSON_DEPTH; depth++)
        kw_json_array(&json, NULL);
    assert_true(out.failed);
    kw_buffer_free(&out);
}

static void json_millimetres_are_rounded_as_printf_rounds_them(void **state)
{
    (void)state;
    enum { DOT_UM = 125, DOTS = 2000 };
    for (int dots = 0; dots < DOTS; dots++) {
        char wanted[32];
        struct kw_buffer out;
        struct kw_json json;
        kw_buffer_init(&out, 4096);
        kw_json_init(&json, &out);
        kw_json_mm(&json, NULL, dots * DOT_UM);
        snprintf(wanted, sizeof wanted, "%.1f", dots * DOT_UM / 1000.0);
        assert_string_equal(kw_buffer_string(&out), wanted);
        kw_buffer_free(&out);
    }
}

static void notes_keep_each_once_up_to_their_ceiling(void **state)
{
    (void)state;
    struct kw_arena *arena = kw_arena_new(1 << 20);
    struct kw_notes notes;
    kw_notes_init(&notes, arena);
    kw_notes_add(&notes, KWIT_WARNING_SUM, "/total", "is %d", 1);
    kw_notes_add(&notes, KWIT_WARNING_SUM, "/total", "is %d", 1);
    kw_notes_add(&notes, KWIT_WARNING_SUM, "/total", "is %d", 2);
    assert_int_equal(notes.count, 2);
    assert_string_equal(notes.items[1].text, "is 2");
    for (int i = 0; i < 500; i++)
        kw_notes_add(&notes, KWIT_WARNING_SUM, "", "%d", i);
    assert_int_equal(notes.count, KW_NOTES_CEILING);
    assert_int_equal(notes.dropped, 502 - KW_NOTES_CEILING);
    kw_arena_free(arena);
}

static void keep_line(void *data, int level, const char *line)
{
    snprintf(data, 32, "%d %s", level, line);
}

static void a_log_line_reaches_whoever_wants_it(void **state)
{
    (void)state;
    char seen[32] = "";
    struct kw_log log = { keep_line, seen };
    kw_log(&log, KW_LOG_WARNING, "job %d", 5);
    assert_string_equal(seen, "1 job 5");
    kw_log(NULL, KW_LOG_ERROR, "nobody");
}

static void a_missing_module_says_what_to_do(void **state)
{
    (void)state;
    struct kw_module *module;
    struct kw_error error;
    assert_int_equal(kw_module_open("libkwit-nothing.so", &module, &error), KWIT_E_UNSUPPORTED);
    assert_non_null(strstr(error.text, "install"));
    assert_int_equal(kw_module_open("libm.so.6", &module, &error), 0);
    assert_non_null(kw_module_symbol(module, "cos", &error));
    assert_null(kw_module_symbol(module, "no_such_symbol", &error));
    /* signgam is a number of libm's, 0 until somebody asks for a logarithm: a table that is nothing but its version. */
    assert_non_null(kw_module_table(module, "signgam", 0, &error));
    assert_null(kw_module_table(module, "signgam", 1, &error));
    assert_int_equal(error.code, KWIT_E_UNSUPPORTED);
    assert_non_null(strstr(error.text, "another version"));
    assert_null(kw_module_table(module, "no_such_symbol", 0, &error));
    kw_module_close(module);
    kw_module_close(NULL);
}

static void errno_values_mean_what_a_caller_can_act_on(void **state)
{
    (void)state;
    assert_int_equal(kw_error_from_errno(ENOSPC), KWIT_E_DISK_FULL);
    assert_int_equal(kw_error_from_errno(EROFS), KWIT_E_PERMISSION);
    assert_int_equal(kw_error_from_errno(EACCES), KWIT_E_PERMISSION);
    assert_int_equal(kw_error_from_errno(ENOMEM), KWIT_E_NO_MEMORY);
    assert_int_equal(kw_error_from_errno(EIO), KWIT_E_IO);
}

static void eight_bytes_are_judged_as_one_by_one(void **state)
{
    (void)state;
    static const unsigned char fillers[] = { ' ', 'a', '"', '\\', '~', 0x7F, 0x80, 0xFF, 0x1F, 0 };
    for (size_t f = 0; f < sizeof fillers; f++)
        for (int byte = 0; byte < 256; byte++)
            for (size_t at = 0; at < KW_EIGHT; at++) {
                char text[KW_EIGHT + 1];
                size_t plain = 0, quote = 0;
                memset(text, 'x', at);
                text[at] = (char)byte;
                memset(text + at + 1, fillers[f], KW_EIGHT - at);
                while (plain < KW_EIGHT && text[plain] >= ' ' && text[plain] < 0x7F)
                    plain++;
                while (quote < KW_EIGHT && text[quote] != '"')
                    quote++;
                assert_int_equal(kw_eight_before(kw_eight_odd(kw_eight(text))), plain);
                assert_int_equal(kw_eight_before(kw_eight_is(kw_eight(text), '"')), quote);
                assert_int_equal(kw_eight_is_plain(kw_eight(text)), plain == KW_EIGHT);
                for (size_t length = 0; length < KW_EIGHT; length++)
                    assert_int_equal(kw_eight_all_plain(text, length), plain >= length);
            }
}

static void this_machine_is_told_from_names_that_begin_as_its_own(void **state)
{
    static const struct { const char *url; bool here; } rows[] = {
        { "http://127.0.0.1", true }, { "http://127.0.0.1:8470/x", true }, { "smtp://LocalHost:25", true },
        { "http://[::1]/", true }, { "http://[::1]:80?q=@", true }, { "http://127.0.0.1.example", false },
        { "http://localhost.example:80", false }, { "http://127.0.0.1:80@fb.example", false }, { "127.0.0.1", false },
        { "http://fb.example/127.0.0.1", false }, { "http://", false }, { "", false }
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (kw_net_url_is_here(rows[i].url) != rows[i].here)
            fail_msg("%s", rows[i].url);
}

static void digits_by_hand_are_those_of_printf(void **state)
{
    (void)state;
    uint64_t random = 47;
    for (int bits = 0; bits <= 64; bits++) {
        const uint64_t number = bits ? next_random(&random) >> (64 - bits) : 0;
        char room[KW_DIGITS], told[KW_DIGITS];
        snprintf(told, sizeof told, "%lld", (long long)number);
        assert_string_equal(kw_digits((int64_t)number, room), told);
        snprintf(told, sizeof told, "%llx", (unsigned long long)number);
        assert_string_equal(kw_hex_digits(number, 1, room), told);
        snprintf(told, sizeof told, "%016llx", (unsigned long long)number);
        assert_string_equal(kw_hex_digits(number, 16, room), told);
    }
}

static void *read_mask(void *mask)
{
    pthread_sigmask(SIG_SETMASK, NULL, mask);
    return NULL;
}

static void a_thread_takes_no_signal_of_the_programs(void **state)
{
    sigset_t mask, before, after;
    pthread_t thread;
    (void)state;
    pthread_sigmask(SIG_SETMASK, NULL, &before);
    assert_true(kw_thread_begin(&thread, read_mask, &mask));
    assert_int_equal(pthread_join(thread, NULL), 0);
    pthread_sigmask(SIG_SETMASK, NULL, &after);
    for (int number = 1; number < SIGSYS; number++) {
        assert_true(sigismember(&mask, number) || number == SIGKILL || number == SIGSTOP);
        assert_int_equal(sigismember(&after, number), sigismember(&before, number));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(this_machine_is_told_from_names_that_begin_as_its_own),
        cmocka_unit_test(eight_bytes_are_judged_as_one_by_one),
        cmocka_unit_test(arena_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_refuses_beyond_its_ceiling_and_overflow),
        cmocka_unit_test(arena_texts_are_copies),
        cmocka_unit_test(arena_arrays_grow_and_keep_what_they_hold),
        cmocka_unit_test(buffer_ends_in_nul_and_keeps_its_ceiling),
        cmocka_unit_test(buffer_failure_sticks),
        cmocka_unit_test(every_code_point_goes_out_and_comes_back),
        cmocka_unit_test(random_bytes_are_valid_exactly_when_iconv_says_so),
        cmocka_unit_test(decimals_are_read_strictly),
        cmocka_unit_test(decimals_add_as_integers_of_millionths_do),
        cmocka_unit_test(civil_dates_agree_with_the_c_library),
        cmocka_unit_test(times_are_read_with_their_offset),
        cmocka_unit_test(clocks_run_and_deadlines_shrink),
        cmocka_unit_test(json_strings_come_back_through_another_parser),
        cmocka_unit_test(json_has_its_commas_and_its_depth),
        cmocka_unit_test(json_millimetres_are_rounded_as_printf_rounds_them),
        cmocka_unit_test(notes_keep_each_once_up_to_their_ceiling),
        cmocka_unit_test(a_log_line_reaches_whoever_wants_it),
        cmocka_unit_test(a_missing_module_says_what_to_do),
        cmocka_unit_test(digits_by_hand_are_those_of_printf),
        cmocka_unit_test(a_thread_takes_no_signal_of_the_programs),
        cmocka_unit_test(errno_values_mean_what_a_caller_can_act_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
