/* test_sale.c - what the parser takes, what it refuses and how it says so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "sale/sale.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct parsed {
    struct kw_arena *arena;
    struct kw_notes warnings, errors;
    struct kw_error error;
    struct kw_sale *sale;
    int code;
};

static struct parsed parse_in(const char *timezone, const void *bytes, size_t length, bool strict)
{
    struct parsed parsed = { .arena = kw_arena_new((size_t)512 << 20) };
    kw_notes_init(&parsed.warnings, parsed.arena);
    kw_notes_init(&parsed.errors, parsed.arena);
    parsed.code = kw_sale_parse(parsed.arena, bytes, length, strict, timezone, &parsed.sale, &parsed.warnings,
                                &parsed.errors, &parsed.error);
    return parsed;
}

static struct parsed parse_bytes(const void *bytes, size_t length, bool strict)
{
    return parse_in(NULL, bytes, length, strict);
}

#define HEAD "\"kwit\":1,\"id\":\"S-1\",\"time\":\"2026-11-22T14:03:11+01:00\",\"currency\":\"PLN\""

/* A document with the given members beside the needed ones. */
static struct parsed parse_with(const char *members, bool strict)
{
    char text[4096];
    snprintf(text, sizeof text, "{" HEAD ",%s}", members);
    return parse_bytes(text, strlen(text), strict);
}

static bool has_note(const struct kw_notes *notes, const char *pointer, const char *part)
{
    for (size_t i = 0; i < notes->count; i++)
        if (strcmp(notes->items[i].pointer, pointer) == 0 && strstr(notes->items[i].text, part))
            return true;
    return false;
}

static void assert_error(const char *members, const char *pointer, const char *part)
{
    struct parsed parsed = parse_with(members, false);
    if (!has_note(&parsed.errors, pointer, part)) {
        for (size_t i = 0; i < parsed.errors.count; i++)
            print_error("%s: %s\n", parsed.errors.items[i].pointer, parsed.errors.items[i].text);
        fail_msg("%s gives no \"%s\" at %s", members, part, pointer);
    }
    assert_true(parsed.code < 0);
    kw_arena_free(parsed.arena);
}

static struct parsed parse_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    char *bytes = malloc(1 << 20);
    size_t length = fread(bytes, 1, 1 << 20, file);
    fclose(file);
    struct parsed parsed = parse_bytes(bytes, length, true);
    free(bytes);
    return parsed;
}

static void the_example_is_strictly_right(void **state)
{
    (void)state;
    struct parsed parsed = parse_file("tests/fixtures/sales/example.json");
    assert_int_equal(parsed.code, 0);
    assert_int_equal(parsed.errors.count + parsed.warnings.count, 0);
    const struct kw_sale *sale = parsed.sale;
    assert_int_equal(sale->line_count, 12);
    assert_string_equal(sale->lines[1].modifiers.items[0].name, "extra shot");
    assert_string_equal(sale->lines[11].pointer, "/lines/11");
    assert_int_equal(sale->lines[11].kind, KW_LINE_RETURN);
    assert_string_equal(sale->total.text, "52.48");
    assert_int_equal(sale->payments[1].type, KW_PAY_CASH);
    assert_string_equal(sale->lines[0].tax.items[0], "Z");
    assert_true(sale->drawer.asked);
    assert_int_equal(sale->drawer.pin, 2);
    assert_int_equal(sale->exponent, 2);
    kw_arena_free(parsed.arena);
}

static void every_wrong_value_is_told_at_its_pointer(void **state)
{
    (void)state;
    assert_error("\"lines\":[{\"name\":\"a\",\"total\":\"12,50\"}]", "/lines/0/total", "\"12,50\" is not a decimal");
    assert_error("\"lines\":[{\"name\":\"a\",\"total\":12.5}]", "/lines/0/total", "is a JSON number");
    assert_error("\"lines\":[{\"name\":\"a\",\"total\":\"1.234\"}]", "/lines/0/total", "3 decimals");
    assert_error("\"lines\":[{\"total\":\"1.23\"}]", "/lines/0/name", "missing");
    assert_error("\"lines\":[{\"name\":null}]", "/lines/0/name", "is null");
    assert_error("\"lines\":{}", "/lines", "is an object where an array");
    assert_error("\"lines\":[],\"kind\":\"sail\"", "/kind", "\"sail\" is none of: sale, refund");
    assert_error("\"lines\":[],\"drawer\":{\"pin\":3}", "/drawer/pin", "neither 2 nor 5");
    assert_error("\"lines\":[],\"payments\":[{\"type\":\"cash\"}]", "/payments/0/amount", "missing");
    assert_error("\"lines\":[],\"header\":[{\"text\":\"a\",\"width\":9}]", "/header/0/width", "between 1 and 8");
    assert_error("\"lines\":[],\"header\":[{\"bold\":true}]", "/header/0", "none of the keys");
    assert_error("\"lines\":[],\"fiscal\":[{\"format\":\"qr\",\"data\":\"\"}]", "/fiscal/0/data", "is empty");
    assert_error("\"lines\":[],\"vouchers\":[{\"valid_to\":\"2026-02-30\"}]", "/vouchers/0/valid_to", "not a date");
    assert_error("\"number\":\"1\"", "/lines", "missing");
    assert_error("\"kind\":\"document\"", "/blocks", "missing");
    assert_error("\"a/b~c\":1,\"lines\":[{\"name\":{}}]", "/lines/0/name", "is an object");
}

static void all_errors_are_told_together(void **state)
{
    (void)state;
    const char *text = "{\"kwit\":2,\"id\":\"\",\"time\":\"now\",\"currency\":\"PLZ\",\"lines\":[{\"total\":\"x\"}]}";
    struct parsed parsed = parse_bytes(text, strlen(text), false);
    assert_int_equal(parsed.code, KWIT_E_INVALID);
    assert_true(has_note(&parsed.errors, "/kwit", "is not 1"));
    assert_true(has_note(&parsed.errors, "/id", "0 characters"));
    assert_true(has_note(&parsed.errors, "/time", "RFC 3339"));
    assert_true(has_note(&parsed.errors, "/currency", "ISO 4217"));
    assert_true(has_note(&parsed.errors, "/lines/0/total", "not a decimal"));
    assert_true(has_note(&parsed.errors, "/lines/0/name", "missing"));
    assert_int_equal(parsed.errors.count, 6);
    assert_string_equal(parsed.error.where, parsed.errors.items[0].pointer);
    kw_arena_free(parsed.arena);
}

/* ---- times that tell no offset ------------------------------------------------------------------------------- */

/* From Python's zoneinfo. offset: of the time that is meant; notes: a part of the warning, "" none; -: refused. */
static const struct { const char *zone, *time, *meant, *note; } clocks[] = {
    { "Asia/Tehran", "2026-07-01T21:15:00Z", "2026-07-02T00:45:00+03:30", "" },
    { "Europe/Warsaw", "2026-07-01T22:30:00Z", "2026-07-02T00:30:00+02:00", "" },
    { "Europe/Warsaw", "2026-10-25T00:59:59-00:00", "2026-10-25T02:59:59+02:00", "" },
    { "Europe/Warsaw", "2026-10-25T01:00:00.250z", "2026-10-25T02:00:00.250+01:00", "" },
    { "America/New_York", "2026-03-08T06:59:59Z", "2026-03-08T01:59:59-05:00", "" },
    { "America/New_York", "2026-03-08T07:00:00Z", "2026-03-08T03:00:00-04:00", "" },
    { "Pacific/Apia", "2026-12-31T11:30:00Z", "2027-01-01T00:30:00+13:00", "" },
    { "Europe/Warsaw", "2026-07-01T22:30:00+00:00", "2026-07-01T22:30:00+00:00", "" },
    { "Europe/Warsaw", "2026-07-01T00:30:00", "2026-07-01T00:30:00+02:00", "" },
    { "Asia/Tehran", "2026-03-22T00:30:00", "2026-03-22T00:30:00+03:30", "" },
    { "Pacific/Apia", "2026-07-01T00:15:00.5", "2026-07-01T00:15:00.500+13:00", "" },
    { "Europe/Warsaw", "2026-10-25T02:30:00", "2026-10-25T02:30:00+02:00", "the earlier is taken" },
    { "America/New_York", "2026-11-01T01:15:00", "2026-11-01T01:15:00-04:00", "the earlier is taken" },
    { "Europe/Warsaw", "2026-03-29T02:30:00", NULL, "clocks skipped that hour" },
    { "America/New_York", "2026-03-08T02:00:00", NULL, "clocks skipped that hour" },
    { "Pacific/Apia", "2011-12-30T12:00:00", NULL, "clocks skipped that hour" },
    { NULL, "2026-07-01T22:30:00Z", "2026-07-01T22:30:00+00:00", "" },
    { NULL, "2026-07-01T22:30:00", NULL, "no `timezone` in [store]" },
    { "Mars/Olympus", "2026-07-01T22:30:00Z", "2026-07-01T22:30:00+00:00", "there is no time zone" },
    { "Mars/Olympus", "2026-07-01T22:30:00", NULL, "there is no time zone" },
};

static bool is_same_time(const struct kw_time *a, const struct kw_time *b)
{
    return a->utc_ms == b->utc_ms && a->offset_minutes == b->offset_minutes && a->year == b->year
           && a->month == b->month && a->day == b->day && a->hour == b->hour && a->minute == b->minute
           && a->second == b->second;
}

static void times_that_tell_no_offset_are_the_shops(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof clocks / sizeof clocks[0]; i++) {
        char text[200];
        struct kw_time meant;
        snprintf(text, sizeof text, "{\"kwit\":1,\"id\":\"S\",\"currency\":\"PLN\",\"lines\":[],\"time\":\"%s\"}",
                 clocks[i].time);
        struct parsed parsed = parse_in(clocks[i].zone, text, strlen(text), false);
        const struct kw_notes *notes = clocks[i].meant ? &parsed.warnings : &parsed.errors;
        bool good = (parsed.code == 0) == (clocks[i].meant != NULL)
                    && (clocks[i].note[0] ? has_note(notes, "/time", clocks[i].note) : notes->count == 0);
        if (good && clocks[i].meant)
            good = kw_time_parse(clocks[i].meant, &meant) && is_same_time(&parsed.sale->time, &meant);
        if (!good)
            fail_msg("%s of %s is not %s", clocks[i].time, clocks[i].zone ? clocks[i].zone : "no zone",
                     clocks[i].meant ? clocks[i].meant : clocks[i].note);
        kw_arena_free(parsed.arena);
    }
}

static void syntax_errors_have_line_and_column(void **state)
{
    (void)state;
    const char *text = "{\"kwit\":1,\n \"lines\":[{\"name\":\"a\"},\n  {\"name\" \"b\"}]}";
    struct parsed parsed = parse_bytes(text, strlen(text), false);
    assert_int_equal(parsed.code, KWIT_E_SYNTAX);
    assert_non_null(strstr(parsed.error.text, "line 3, column"));
    assert_string_equal(parsed.error.where, "/lines/1/name");
    kw_arena_free(parsed.arena);
}

/* In memory of exactly their length, so that a reader that goes on is seen. */
static void short_documents_are_not_read_beyond_their_end(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "{", "{\"", "[", "\xEF\xBB\xBF", "\xC3", "{\"a\":\"\\" };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t length = strlen(texts[i]);
        char *exact = malloc(length + (length == 0));
        memcpy(exact, texts[i], length);
        struct parsed parsed = parse_bytes(exact, length, false);
        assert_int_equal(parsed.code, KWIT_E_SYNTAX);
        kw_arena_free(parsed.arena);
        free(exact);
    }
}

static void a_key_given_twice_is_told_by_its_pointer(void **state)
{
    (void)state;
    struct parsed parsed = parse_with("\"lines\":[{\"name\":\"a\"},{\"name\":\"a\",\"name\":\"b\"}]", false);
    assert_int_equal(parsed.code, KWIT_E_INVALID);
    assert_string_equal(parsed.error.where, "/lines/1/name");
    assert_non_null(strstr(parsed.error.text, "twice"));
    kw_arena_free(parsed.arena);
}

static void depth_and_size_are_limited(void **state)
{
    (void)state;
    char deep[200];
    memset(deep, '[', 100);
    memset(deep + 100, ']', 100);
    struct parsed parsed = parse_bytes(deep, sizeof deep, false);
    assert_int_equal(parsed.code, KWIT_E_TOO_LARGE);
    assert_non_null(strstr(parsed.error.text, "32 levels"));
    kw_arena_free(parsed.arena);
    char *large = calloc(1, KW_SALE_MAX_BYTES + 1);
    memset(large, ' ', KW_SALE_MAX_BYTES + 1);
    parsed = parse_bytes(large, KW_SALE_MAX_BYTES + 1, false);
    assert_int_equal(parsed.code, KWIT_E_TOO_LARGE);
    free(large);
    kw_arena_free(parsed.arena);
}

/* A document of so many lines; each third with a child when asked. */
static struct parsed parse_lines(size_t count, bool children)
{
    char *text = malloc(count * 80 + 200), *at = text;
    at += sprintf(at, "{" HEAD ",\"lines\":[");
    for (size_t i = 0; i < count; i++)
        at += sprintf(at, "%s{\"name\":\"a\"%s}", i ? "," : "", children ? ",\"children\":[{\"name\":\"b\"}]" : "");
    at += sprintf(at, "]}");
    struct parsed parsed = parse_bytes(text, (size_t)(at - text), false);
    free(text);
    return parsed;
}

static void twenty_thousand_lines_pass_and_no_more(void **state)
{
    (void)state;
    struct parsed parsed = parse_lines(KW_SALE_MAX_LINES, false);
    assert_int_equal(parsed.code, 0);
    assert_string_equal(parsed.sale->lines[19999].pointer, "/lines/19999");
    kw_arena_free(parsed.arena);
    parsed = parse_lines(KW_SALE_MAX_LINES + 1, false);
    assert_int_equal(parsed.code, KWIT_E_TOO_LARGE);
    kw_arena_free(parsed.arena);
    parsed = parse_lines(KW_SALE_MAX_LINES / 2 + 1, true);
    assert_int_equal(parsed.code, KWIT_E_TOO_LARGE);
    kw_arena_free(parsed.arena);
}

static void parts_of_sets_nest_eight_deep_and_no_deeper(void **state)
{
    (void)state;
    for (int depth = 8; depth <= 9; depth++) {
        char members[1000] = "\"lines\":[{\"name\":\"a\"", *at = members + strlen(members);
        for (int i = 0; i < depth; i++)
            at += sprintf(at, ",\"children\":[{\"name\":\"b\"");
        for (int i = 0; i <= depth; i++)
            at += sprintf(at, "}]");
        struct parsed parsed = parse_with(members, false);
        assert_int_equal(parsed.code, depth == 8 ? 0 : KWIT_E_TOO_LARGE);
        kw_arena_free(parsed.arena);
    }
}

static void control_characters_are_neutralised_or_refused(void **state)
{
    (void)state;
    const char *members = "\"lines\":[{\"name\":\"a\\u001b\\u0000\\tb\\u009b\",\"note\":\"x\\r\\ny\\rz\"}]";
    struct parsed parsed = parse_with(members, false);
    assert_int_equal(parsed.code, 0);
    assert_string_equal(parsed.sale->lines[0].name, "a[U+001B][U+0000] b[U+009B]");
    assert_string_equal(parsed.sale->lines[0].note, "x\ny\nz");
    assert_true(has_note(&parsed.warnings, "/lines/0/name", "control"));
    assert_int_equal(parsed.warnings.count, 1);
    kw_arena_free(parsed.arena);
    parsed = parse_with(members, true);
    assert_int_equal(parsed.code, KWIT_E_INVALID);
    assert_string_equal(parsed.error.where, "/lines/0/name");
    kw_arena_free(parsed.arena);
    parsed = parse_with("\"lines\":[{\"name\":\"~\\u001f \\u007f\\u0080\\u009f\\u00a0\"}]", false);
    assert_string_equal(parsed.sale->lines[0].name, "~[U+001F] [U+007F][U+0080][U+009F]\u00A0");
    kw_arena_free(parsed.arena);
    assert_error("\"lines\":[],\"store\":{\"name\":7}", "/store/name", "is a number");
}

static void unknown_fields_warn_and_free_ones_pass(void **state)
{
    (void)state;
    const char *members = "\"lines\":[{\"name\":\"a\",\"colour\":\"red\",\"x_shelf\":[1.5]}],\"a/b\":1";
    struct parsed parsed = parse_with(members, false);
    assert_int_equal(parsed.code, 0);
    assert_true(has_note(&parsed.warnings, "/lines/0/colour", "not a field"));
    assert_true(has_note(&parsed.warnings, "/a~1b", "not a field"));
    assert_int_equal(parsed.warnings.count, 2);
    kw_arena_free(parsed.arena);
    parsed = parse_with(members, true);
    assert_int_equal(parsed.code, KWIT_E_INVALID);
    kw_arena_free(parsed.arena);
}

static bool same_digest(const char *a, const char *b)
{
    struct parsed first = parse_bytes(a, strlen(a), false), second = parse_bytes(b, strlen(b), false);
    assert_int_equal(first.code, 0);
    assert_int_equal(second.code, 0);
    uint8_t one[KW_SALE_DIGEST], other[KW_SALE_DIGEST];
    kw_sale_digest(first.sale, one);
    kw_sale_digest(second.sale, other);
    bool same = memcmp(one, other, sizeof one) == 0;
    kw_arena_free(first.arena);
    kw_arena_free(second.arena);
    return same;
}

static void the_digest_ignores_key_order_and_free_keys_only(void **state)
{
    (void)state;
    const char *one = "{" HEAD ",\"lines\":[{\"name\":\"a\",\"total\":\"1.00\"}]}";
    assert_true(same_digest(one, "{\"lines\":[{\"total\":\"1.00\",\"name\":\"a\",\"x_y\":3}],\"x_\":{}, " HEAD "}"));
    assert_false(same_digest(one, "{" HEAD ",\"lines\":[{\"name\":\"a\",\"total\":\"1.01\"}]}"));
    assert_false(same_digest(one, "{" HEAD ",\"lines\":[{\"name\":\"a\",\"total\":\"1.00\"}],\"notes\":[]}"));
    assert_false(same_digest("{" HEAD ",\"lines\":[{\"name\":\"a\",\"sku\":\"b\"}]}",
                             "{" HEAD ",\"lines\":[{\"name\":\"a\",\"station\":\"b\"}]}"));
    assert_false(same_digest("{" HEAD ",\"lines\":[],\"notes\":[\"ab\",\"c\"]}",
                             "{" HEAD ",\"lines\":[],\"notes\":[\"a\",\"bc\"]}"));
}

static bool doubts(const char *members, const char *pointer)
{
    struct parsed parsed = parse_with(members, false);
    assert_int_equal(parsed.code, 0);
    bool found = false;
    for (size_t i = 0; i < parsed.warnings.count; i++)
        found |= parsed.warnings.items[i].warning == KWIT_WARNING_SUM
            && strcmp(parsed.warnings.items[i].pointer, pointer) == 0;
    kw_arena_free(parsed.arena);
    return found;
}

static void sums_that_do_not_add_up_are_doubted(void **state)
{
    (void)state;
    const char *line = "\"lines\":[{\"name\":\"a\",\"quantity\":\"3\",\"unit_price\":\"0.333\",\"total\":\"1.00\"}]";
    char members[1024];
    assert_false(doubts(line, "/lines/0"));
    assert_true(doubts("\"lines\":[{\"name\":\"a\",\"quantity\":\"3\",\"unit_price\":\"0.34\",\"total\":\"1.00\"}]",
                       "/lines/0"));
    static const struct { const char *quantity, *price, *total; bool doubted; } rows[] = {
        { "2", "1.00", "2.00", false }, { "2", "1.00", "2.01", true }, { "2", "1.00", "1.99", true },
        { "0.5", "1.99", "1.00", false }, { "0.5", "1.99", "0.99", false }, { "0.5", "1.99", "1.01", true },
        { "12345.678", "98765.4321", "1219326222.24", false }, { "12345.678", "98765.4321", "1219326222.23", false },
        { "12345.678", "98765.4321", "1219326222.25", true }, { "12345.678", "98765.4321", "1219326222.22", true },
        { "-2.5", "0.3333", "-0.84", false }, { "-2.5", "0.3333", "-0.82", true }, { "-2.5", "0.3333", "0.83", true },
        { "0.001", "9.9999", "0.00", false }, { "0.001", "10", "0.00", true }, { "-0.001", "10", "0.00", true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {     /* one smallest coin is too much */
        snprintf(members, sizeof members, "\"lines\":[{\"name\":\"a\",\"quantity\":\"%s\",\"unit_price\":\"%s\","
                 "\"total\":\"%s\"}]", rows[i].quantity, rows[i].price, rows[i].total);
        if (doubts(members, "/lines/0") != rows[i].doubted)
            fail_msg("%s x %s = %s", rows[i].quantity, rows[i].price, rows[i].total);
    }
    /* Where small coins are gone, tills round lines to whole ones. */
    assert_false(doubts("\"lines\":[{\"name\":\"a\",\"quantity\":\"1.65\",\"unit_price\":\"361\",\"total\":\"596\"}]", "/lines/0"));
    assert_true(doubts("\"lines\":[{\"name\":\"a\",\"quantity\":\"1.65\",\"unit_price\":\"361\",\"total\":\"597\"}]", "/lines/0"));
    snprintf(members, sizeof members, "%s,\"subtotal\":\"2.00\"", line);
    assert_true(doubts(members, "/subtotal"));
    snprintf(members, sizeof members, "%s,\"total\":\"1.50\"", line);
    assert_true(doubts(members, "/total"));
    snprintf(members, sizeof members, "%s,\"total\":\"1.08\",\"taxes\":[{\"name\":\"Sales tax\",\"tax\":\"0.08\"}]",
             line);
    assert_false(doubts(members, "/total"));
    snprintf(members, sizeof members, "%s,\"total\":\"1.00\",\"payments\":[{\"amount\":\"2.00\"}]", line);
    assert_true(doubts(members, "/payments"));
    snprintf(members, sizeof members, "%s,\"total\":\"1.00\",\"payments\":[{\"amount\":\"2.00\"}],\"change\":\"1.00\"",
             line);
    assert_false(doubts(members, "/payments"));
    snprintf(members, sizeof members, "%s,\"taxes\":[{\"net\":\"1.00\",\"tax\":\"0.20\",\"gross\":\"1.30\"}]", line);
    assert_true(doubts(members, "/taxes/0"));
}

static void a_group_is_added_once_and_checked(void **state)
{
    (void)state;
    const char *groups = "\"lines\":[{\"kind\":\"heading\",\"name\":\"A\"},{\"name\":\"a\",\"total\":\"1.00\"},"
                         "{\"kind\":\"subtotal\",\"name\":\"A\",\"total\":\"1.00\"},{\"name\":\"b\",\"total\":\"2.00\"},"
                         "{\"kind\":\"subtotal\",\"name\":\"B\",\"total\":\"%s\"}],\"subtotal\":\"3.00\",\"total\":\"3.00\"";
    char members[512];
    snprintf(members, sizeof members, groups, "2.00");
    assert_false(doubts(members, "/lines/2") || doubts(members, "/lines/4") || doubts(members, "/subtotal")
                 || doubts(members, "/total"));
    snprintf(members, sizeof members, groups, "3.00");
    assert_true(doubts(members, "/lines/4"));
}

static void one_loyalty_programme_or_several_are_read(void **state)
{
    (void)state;
    static const struct { const char *members; size_t count; const char *first; } cases[] = {
        { "\"lines\":[],\"loyalty\":{\"name\":\"a\"}", 1, "a" },
        { "\"lines\":[],\"loyalty\":[{\"name\":\"b\"},{\"earned\":\"3\"}]", 2, "b" },
        { "\"lines\":[],\"loyalty\":[]", 0, NULL },
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct parsed parsed = parse_with(cases[i].members, false);
        assert_int_equal(parsed.code, 0);
        assert_int_equal(parsed.sale->loyalty_count, cases[i].count);
        if (cases[i].first)
            assert_string_equal(parsed.sale->loyalty[0].name, cases[i].first);
        kw_arena_free(parsed.arena);
    }
    struct parsed wrong = parse_with("\"lines\":[],\"loyalty\":[3]", false);
    assert_int_equal(wrong.code, KWIT_E_INVALID);
    assert_string_equal(wrong.error.where, "/loyalty/0");
    kw_arena_free(wrong.arena);
}

static void amounts_at_the_limit_are_taken(void **state)
{
    (void)state;
    struct parsed parsed = parse_with("\"lines\":[{\"name\":\"a\",\"quantity\":\"999999999999999.999999\","
                                      "\"unit_price\":\"-999999999999999.9999\",\"total\":\"999999999999999.99\"}],"
                                      "\"total\":\"-999999999999999.99\"", false);
    assert_int_equal(parsed.code, 0);
    assert_string_equal(parsed.sale->lines[0].total.text, "999999999999999.99");
    kw_arena_free(parsed.arena);
    assert_error("\"lines\":[{\"name\":\"a\",\"total\":\"1000000000000000\"}]", "/lines/0/total", "not a decimal");
}

static void currencies_have_their_decimals(void **state)
{
    (void)state;
    assert_int_equal(kw_currency_exponent("EUR"), 2);
    assert_int_equal(kw_currency_exponent("JPY"), 0);
    assert_int_equal(kw_currency_exponent("KWD"), 3);
    assert_int_equal(kw_currency_exponent("eur"), -1);
    assert_int_equal(kw_currency_exponent(""), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_example_is_strictly_right),
        cmocka_unit_test(every_wrong_value_is_told_at_its_pointer),
        cmocka_unit_test(all_errors_are_told_together),
        cmocka_unit_test(times_that_tell_no_offset_are_the_shops),
        cmocka_unit_test(syntax_errors_have_line_and_column),
        cmocka_unit_test(short_documents_are_not_read_beyond_their_end),
        cmocka_unit_test(a_key_given_twice_is_told_by_its_pointer),
        cmocka_unit_test(depth_and_size_are_limited),
        cmocka_unit_test(twenty_thousand_lines_pass_and_no_more),
        cmocka_unit_test(parts_of_sets_nest_eight_deep_and_no_deeper),
        cmocka_unit_test(control_characters_are_neutralised_or_refused),
        cmocka_unit_test(unknown_fields_warn_and_free_ones_pass),
        cmocka_unit_test(the_digest_ignores_key_order_and_free_keys_only),
        cmocka_unit_test(sums_that_do_not_add_up_are_doubted),
        cmocka_unit_test(a_group_is_added_once_and_checked),
        cmocka_unit_test(one_loyalty_programme_or_several_are_read),
        cmocka_unit_test(amounts_at_the_limit_are_taken),
        cmocka_unit_test(currencies_have_their_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
