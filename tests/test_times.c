/* test_times.c - times of exports, and the zones that they are in: tables, rules behind them, damaged files. */
#include "answers/times.h"
#include "base/clock.h"
#include "base/shop_days.h"
#include "base/zone_rule.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

static int64_t moment(const char *text)
{
    struct kw_time time;
    assert_true(kw_time_parse(text, &time));
    return time.utc_ms;
}

static struct kw_zone *zone(const char *name)
{
    struct kw_zone *opened;
    struct kw_error error;
    assert_int_equal(kw_zone_open(name, &opened, &error), 0);
    return opened;
}

static void times_are_read_as_platforms_write_them(void **state)
{
    (void)state;
    static const struct { const char *dates, *text, *utc; } rows[] = {
        { "", "2026-11-22T14:03:11Z", "2026-11-22T14:03:11Z" }, { "", "2026-11-22 15:03:11", "2026-11-22T14:03:11Z" },
        { "", "2026-11-22T14:03:11.250+00:00", "2026-11-22T14:03:11Z" },
        { "", "2026-11-22T17:33:11+0330", "2026-11-22T14:03:11Z" },
        { "", "2026/11/22 3:04:05 PM GMT+1", "2026-11-22T14:04:05Z" },
        { "", "2026/11/22 12:04:05 AM GMT+1", "2026-11-21T23:04:05Z" },
        { "", "2026/11/22 12:04:05 p. m. CET", "2026-11-22T11:04:05Z" },
        { "", "2026/11/22 4:04:05 PM OEZ", "2026-11-22T14:04:05Z" },
        { "", "22.11.2026 15:04:05", "2026-11-22T14:04:05Z" }, { "", "05.11.2026, 15:04", "2026-11-05T14:04:00Z" },
        { "", "22.11.26 15:04", "2026-11-22T14:04:00Z" }, { "", "11/22/2026 3:04 PM", "2026-11-22T14:04:00Z" },
        { "mdy", "11/12/2026 3:04 PM", "2026-11-12T14:04:00Z" }, { "dmy", "11/12/2026 15:04", "2026-12-11T14:04:00Z" },
        { "", "11/11/2026 15:04", "2026-11-11T14:04:00Z" }, { "ymd", "26-11-22 15:04", "2026-11-22T14:04:00Z" },
        { "", "Nov 22, 2026", "2026-11-21T23:00:00Z" }, { "", "22 listopada 2026 r., 15:04", "2026-11-22T14:04:00Z" },
        { "", "22 nov. 2026 à 15:04", "2026-11-22T14:04:00Z" },
        { "", "22 ноября 2026 г. в 15:04", "2026-11-22T14:04:00Z" },
        { "", "Sun Nov 22 2026 15:04:05 GMT+0100 (Central European Standard Time)", "2026-11-22T14:04:05Z" },
        { "", "15:04:05 22.11.2026", "2026-11-22T14:04:05Z" }, { "", "46348.62783564815", "2026-11-22T14:04:05Z" },
        { "", "Sonntag, 22. November 2026 um 15:04:05 MEZ", "2026-11-22T14:04:05Z" },
        { "", "Sonntag, den 22. November 2026, 15.04 Uhr", "2026-11-22T14:04:00Z" },
        { "", "So., 22. Nov. 2026, 15:04:05 Mitteleuropäische Normalzeit", "2026-11-22T14:04:05Z" },
        { "", "dimanche 22 novembre 2026 à 15 h 04", "2026-11-22T14:04:00Z" },
        { "", "dim. 22 nov. 2026 à 15h04", "2026-11-22T14:04:00Z" },
        { "", "22 nov. 2026, 15h", "2026-11-22T14:00:00Z" },
        { "", "mar. 1er déc. 2026 15 h 04 min 05 s", "2026-12-01T14:04:05Z" },
        { "", "le dimanche 22 novembre 2026 à 15:04:05 heure normale d’Europe centrale", "2026-11-22T14:04:05Z" },
        { "", "46348,62783564815", "2026-11-22T14:04:05Z" }, { "", "1795356245", "2026-11-22T14:04:05Z" },
        { "", "1795356245.000", "2026-11-22T14:04:05Z" }, { "", "1795356245000", "2026-11-22T14:04:05Z" },
        { "", "۱۴۰۵/۰۹/۰۱ ۱۵:۰۴:۰۵", "2026-11-22T14:04:05Z" }, { "", "1404/12/29 12:00", "2026-03-20T11:00:00Z" }
    };
    struct kw_zone *warsaw = zone("Europe/Warsaw");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct kw_time_rules rules = { .zone = warsaw, .dates = rows[i].dates };
        int64_t utc_ms;
        const char *fault = kw_value_time(rows[i].text, &rules, &utc_ms);
        if (fault || utc_ms != moment(rows[i].utc))
            fail_msg("%s: %s, %lld", rows[i].text, fault ? fault : "another moment", (long long)utc_ms);
    }
    const struct kw_time_rules since_1904 = { .zone = warsaw, .dates = "", .since_1904 = true };
    int64_t utc_ms;
    assert_null(kw_value_time("44886.62783564815", &since_1904, &utc_ms));
    assert_true(utc_ms == moment("2026-11-22T14:04:05Z"));
    kw_zone_close(warsaw);
}

static void what_is_no_time_or_could_be_two_is_a_fault(void **state)
{
    (void)state;
    static const struct { const char *dates, *text, *words; } rows[] = {
        { "", "yesterday", "not a time" }, { "", "2026-11", "not a time" }, { "", "22.11.2026 25:00", "not a time" },
        { "", "2026-11-22 15:60", "not a time" }, { "", "2026-11-22 13:00 PM", "not a time" },
        { "", "PM 2026-11-22", "not a time" },
        { "", "2026-11-22 15:04 sharp", "not a time" }, { "", "2026-11/22", "not a time" }, { "", "7", "not a time" },
        { "", "2026-11-22 15:04 +99:00", "not a time" }, { "", "20261122", "not a time" },
        { "", "1 2 3 4", "not a time" },
        { "", "Nov Nov 22 2026", "no such date" }, { "", "2026-02-29", "no such date" },
        { "", "31.04.2026", "no such date" },
        { "", "2026-13-01", "no such date" }, { "dmy", "11/22/2026", "no such date" },
        { "", "0026-11-22", "no such date" },
        { "", "1405/13/01", "no such date" }, { "", "9999-01-01", "no such date" }, { "", "03/04/2026", "two ways" },
        { "", "3-4-2026", "two ways" }
    };
    struct kw_zone *utc = zone("UTC");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct kw_time_rules rules = { .zone = utc, .dates = rows[i].dates };
        int64_t utc_ms;
        const char *fault = kw_value_time(rows[i].text, &rules, &utc_ms);
        if (!fault || !strstr(fault, rows[i].words))
            fail_msg("%s: %s", rows[i].text, fault ? fault : "read");
    }
    static const char *const unknown[] = { "", "  ", "null", "N/A", "1980-01-01 00:00:00", "01.01.1980" };
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        const struct kw_time_rules rules = { .zone = utc, .dates = "" };
        int64_t utc_ms = 7;
        assert_null(kw_value_time(unknown[i], &rules, &utc_ms));
        assert_true(utc_ms == 0);
    }
    kw_zone_close(utc);
}

static void hours_that_were_twice_or_never_are_told(void **state)
{
    (void)state;
    /* forward and back in the north, in the south, and by half an hour */
    static const struct { const char *zone, *gone, *twice, *first, *second; } rows[] = {
        { "Europe/Warsaw", "2026-03-29 02:30", "2026-10-25 02:30", "2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z" },
        { "America/Santiago", "2026-09-06 00:30", "2026-04-04 23:30", "2026-04-05T02:30:00Z", "2026-04-05T03:30:00Z" },
        { "Australia/Lord_Howe", "2026-10-04 02:15", "2026-04-05 01:45", "2026-04-04T14:45:00Z",
        "2026-04-04T15:15:00Z" },
        { "Europe/Warsaw", "2051-03-26 02:30", "2051-10-29 02:30", "2051-10-29T00:30:00Z", "2051-10-29T01:30:00Z" }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_zone *local = zone(rows[i].zone);
        struct kw_time_rules rules = { .zone = local, .dates = "" };
        int64_t utc_ms;
        const char *gone = kw_value_time(rows[i].gone, &rules, &utc_ms);
        assert_true(gone && strstr(gone, "forward"));
        const char *twice = kw_value_time(rows[i].twice, &rules, &utc_ms);
        assert_true(twice && strstr(twice, "--clock-change"));
        rules.clock_change = KW_CLOCK_FIRST;
        assert_null(kw_value_time(rows[i].twice, &rules, &utc_ms));
        assert_true(utc_ms == moment(rows[i].first));
        rules.clock_change = KW_CLOCK_SECOND;
        assert_null(kw_value_time(rows[i].twice, &rules, &utc_ms));
        assert_true(utc_ms == moment(rows[i].second));
        kw_zone_close(local);
    }
}

static void rules_go_on_where_tables_end(void **state)
{
    (void)state;
    enum { HOUR = 3600 };
    static const struct { const char *rule, *utc; int64_t offset; } rows[] = {
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2050-07-01T12:00:00Z", 2 * HOUR },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2050-01-01T00:00:00Z", HOUR },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T00:59:59Z", HOUR },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2050-03-27T01:00:00Z", 2 * HOUR },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T00:59:59Z", 2 * HOUR },
        { "CET-1CEST,M3.5.0,M10.5.0/3", "2050-10-30T01:00:00Z", HOUR },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-01-01T00:00:00Z", 11 * HOUR },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-07-01T00:00:00Z", 10 * HOUR },
        { "AEST-10AEDT,M10.1.0,M4.1.0/3", "2050-12-31T23:59:59Z", 11 * HOUR },
        { "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-01-01T00:00:00Z", 11 * HOUR },
        { "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0", "2050-06-01T00:00:00Z", 10 * HOUR + HOUR / 2 },
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T00:59:59Z", -2 * HOUR },
        { "<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2050-03-27T01:00:00Z", -HOUR },
        { "IST-2IDT,M3.4.4/26,M10.5.0", "2050-03-24T23:59:59Z", 2 * HOUR },
        { "IST-2IDT,M3.4.4/26,M10.5.0", "2050-03-25T00:00:00Z", 3 * HOUR },
        { "ABC3DEF,J60/0,J300", "2052-03-01T02:59:59Z", -3 * HOUR },
        { "ABC3DEF,J60/0,J300", "2052-03-01T03:00:00Z", -2 * HOUR },
        { "ABC3DEF,59/0,299", "2051-03-01T03:00:00Z", -2 * HOUR },
        { "ABC3DEF,59/0,299", "2052-02-29T03:00:00Z", -2 * HOUR },
        { "<+0330>-3:30", "2050-07-01T12:00:00Z", 3 * HOUR + HOUR / 2 },
        { "EST5EDT,M3.2.0,M11.1.0", "2050-12-31T12:00:00Z", -5 * HOUR }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_zone_rule rule = kw_zone_rule_parse(rows[i].rule);
        assert_true(rule.known);
        int64_t offset = kw_zone_rule_offset(&rule, moment(rows[i].utc) / 1000);
        if (offset != rows[i].offset)
            fail_msg("%s at %s: %lld", rows[i].rule, rows[i].utc, (long long)offset);
    }
    static const char *const wrong[] = { "", "CE-1", "CET", "CET-1CEST", "CET-1CEST,M3.5.0",
        "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.6.0,M10.5.0",
                                         "CET-1CEST,M3.5.7,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0/3x",
                                             "CET-1CEST,M3.5.0/200,M10.5.0", "<CET-1", "CET-1CEST,J366,J1" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (kw_zone_rule_parse(wrong[i]).known)
            fail_msg("%s", wrong[i]);
}

static size_t put_big(uint8_t *out, int64_t value, int length)
{
    for (int i = 0; i < length; i++)
        out[i] = (uint8_t)(value >> (8 * (length - 1 - i)));
    return (size_t)length;
}

static size_t put_header(uint8_t *out, int times, int types, int chars)
{
    memset(out, 0, 44);
    memcpy(out, "TZif2", 5);
    put_big(out + 32, times, 4);
    put_big(out + 36, types, 4);
    put_big(out + 40, chars, 4);
    return 44;
}

/* As `zic -b slim` writes it: an empty first block, one change, then the rule. */
static size_t slim_file(uint8_t *out, int64_t change_s, const char *rule)
{
    size_t at = put_header(out, 0, 1, 1);
    memset(out + at, 0, 7);
    at += 7;
    at += put_header(out + at, 1, 2, 8);
    at += put_big(out + at, change_s, 8);
    out[at++] = 1;
    for (int type = 0; type < 2; type++) {
        at += put_big(out + at, type ? 3600 : 5040, 4);
        out[at++] = 0;
        out[at++] = (uint8_t)(4 * type);
    }
    memcpy(out + at, "LMT\0CET\0\n", 9);
    at += 9;
    memcpy(out + at, rule, strlen(rule));
    at += strlen(rule);
    out[at++] = '\n';
    return at;
}

static void slim_and_damaged_files_are_told_apart(void **state)
{
    (void)state;
    uint8_t bytes[256];
    const char *rule = "CET-1CEST,M3.5.0,M10.5.0/3";
    int64_t change = moment("2000-01-01T00:00:00Z") / 1000;
    size_t length = slim_file(bytes, change, rule);
    struct kw_zone *slim = kw_zone_parse(bytes, length);
    assert_non_null(slim);
    assert_int_equal(kw_zone_offset(slim, change - 1), 5040);
    assert_int_equal(kw_zone_offset(slim, moment("2026-07-01T00:00:00Z") / 1000), 7200);
    assert_int_equal(kw_zone_offset(slim, moment("2026-01-01T00:00:00Z") / 1000), 3600);
    kw_zone_close(slim);
    uint8_t *type_of_change = bytes + 44 + 7 + 44 + 8;
    *type_of_change = 2;
    assert_null(kw_zone_parse(bytes, length));
    *type_of_change = 1;
    for (size_t cut = 0; cut < length; cut++) {                  /* where only the rule is cut off, its table is kept */
        uint8_t *part = malloc(cut ? cut : 1);
        memcpy(part, bytes, cut);
        struct kw_zone *left = kw_zone_parse(part, cut);
        assert_true((left != NULL) == (cut >= length - strlen(rule) - 2));
        kw_zone_close(left);
        free(part);
    }
    for (size_t at = 0; at < length; at++) {                     /* a zone or none, but nothing worse */
        uint8_t kept = bytes[at];
        bytes[at] ^= 0xFF;
        struct kw_zone *changed = kw_zone_parse(bytes, length);
        if (changed)
            kw_zone_offset(changed, change);
        kw_zone_close(changed);
        bytes[at] = kept;
    }
}

static void fixed_offsets_are_zones_and_others_are_none(void **state)
{
    (void)state;
    static const struct { const char *name; int64_t offset; } rows[] = { { "+02:00", 7200 }, { "-03:30", -12600 },
        { "UTC", 0 }, { "Z", 0 } };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct kw_zone *fixed = zone(rows[i].name);
        assert_int_equal(kw_zone_offset(fixed, 0), rows[i].offset);
        kw_zone_close(fixed);
    }
    static const char *const wrong[] = { "", "Mars/Olympus", "../../etc/passwd", "+2", "+02:00x", "tzdata.zi",
        "Europe" };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        struct kw_zone *none;
        struct kw_error error = { 0 };
        assert_int_equal(kw_zone_open(wrong[i], &none, &error), KWIT_E_INVALID);
        assert_null(none);
    }
}

static void this_machines_zone_is_what_it_says(void **state)
{
    (void)state;
    setenv("TZ", ":Asia/Kathmandu", 1);
    struct kw_zone *own = zone(NULL);
    assert_int_equal(kw_zone_offset(own, moment("2026-11-22T00:00:00Z") / 1000), 20700);
    kw_zone_close(own);
    setenv("TZ", "Nowhere/At_All", 1);
    own = zone(NULL);
    assert_int_equal(kw_zone_offset(own, 0), 0);
    kw_zone_close(own);
    unsetenv("TZ");
}

static void a_business_day_is_the_shops_at_that_moment(void **state)
{
    (void)state;
    struct kw_zone *warsaw = zone("Europe/Warsaw");
    const struct kw_shop_days late = { warsaw, 4 * 60 }, midnight = { warsaw, 0 };
    int64_t noon = kw_shop_day(&midnight, moment("2026-07-01T12:00:00+02:00"));
    assert_int_equal(kw_shop_day(&midnight, moment("2026-07-01T23:59:59+02:00")), noon);
    assert_int_equal(kw_shop_day(&midnight, moment("2026-07-02T00:00:00+02:00")), noon + 1);
    assert_int_equal(kw_shop_day(&late, moment("2026-07-02T03:59:59+02:00")), noon);
    assert_int_equal(kw_shop_day(&late, moment("2026-07-02T04:00:00+02:00")), noon + 1);
    assert_int_equal(kw_shop_day(&midnight, moment("2026-12-01T23:59:59+01:00")), noon + 153);
    kw_zone_close(warsaw);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_read_as_platforms_write_them),
        cmocka_unit_test(what_is_no_time_or_could_be_two_is_a_fault),
        cmocka_unit_test(hours_that_were_twice_or_never_are_told),
        cmocka_unit_test(rules_go_on_where_tables_end),
        cmocka_unit_test(slim_and_damaged_files_are_told_apart),
        cmocka_unit_test(fixed_offsets_are_zones_and_others_are_none),
        cmocka_unit_test(this_machines_zone_is_what_it_says),
        cmocka_unit_test(a_business_day_is_the_shops_at_that_moment)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
