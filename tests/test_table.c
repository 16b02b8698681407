/* test_table.c - exports to rows: quoting, delimiters, encodings, header rows, columns by name,
    and rows that do not fit. */
#include "answers/import.h"
#include "answers/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

enum { MOST = 8, CELL = 64 };

struct reading {
    struct kw_table table;
    int rows;
    char cells[MOST][KW_ROLE_COUNT][CELL];
    int64_t lines[MOST];
    struct kw_error error;
};

static int keep(void *data, const struct kw_row *row, struct kw_error *error)
{
    struct reading *reading = data;
    (void)error;
    assert_true(reading->rows < MOST);
    for (int role = 0; role < KW_ROLE_COUNT; role++)
        snprintf(reading->cells[reading->rows][role], CELL, "%s", row->cells[role] ? row->cells[role] : "(none)");
    reading->lines[reading->rows++] = row->line;
    return 0;
}

static int read_bytes(struct reading *reading, const char *platform, const char *bytes, size_t length)
{
    reading->table.platform = kw_platform_find(platform);
    reading->table.path = "export";
    reading->table.row = keep;
    reading->table.data = reading;
    reading->table.file = length ? fmemopen((void *)(uintptr_t)bytes, length, "r") : fopen("/dev/null", "r");
    assert_non_null(reading->table.file);
    int code = length && (bytes[0] == '{' || bytes[0] == '[') ? kw_table_json(&reading->table, &reading->error)
                                                             : kw_table_csv(&reading->table, &reading->error);
    fclose(reading->table.file);
    return code;
}

static int read_text(struct reading *reading, const char *platform, const char *text)
{
    return read_bytes(reading, platform, text, strlen(text));
}

#define IS(row, role, text) assert_string_equal(reading.cells[row][KW_ROLE_##role], text)

static void cells_are_quoted_parted_and_ended_in_many_ways(void **state)
{
    (void)state;
    static const struct { const char *text, *comment; } rows[] = {
        { "token,submitted_at,comment\nT,2026,plain\n", "plain" },
        { "token;submitted_at;comment\r\nT;2026;a, b\r\n", "a, b" },
        { "token\tsubmitted_at\tcomment\nT\t2026\t\"a\tb\"", "a\tb" }, { "token|submitted_at|comment\nT|2026|x", "x" },
        { "token,submitted_at,comment\rT,2026,lone\r", "lone" },
        { "sep=;\ntoken;submitted_at;comment\nT;2026;told\n", "told" },
        { "token,submitted_at,comment\nT,2026,\"say \"\"so\"\"\n, twice\"\n", "say \"so\"\n, twice" },
        { "token,submitted_at,comment\nT,2026,5\" wide\n", "5\" wide" },
        { "\xEF\xBB\xBF\"token\",\"submitted_at\",\"comment\"\n\"T\",\"2026\",\"\"\n", "" },
        { "\"what, exactly, is it, then\";token;submitted_at;comment\nx;T;2026;semicolons\n", "semicolons" },
        { "what, exactly, is it, then;token;submitted_at;comment\nx;T;2026;commas in names\n", "commas in names" },
        { "token,submitted_at,comment\nT,2026\n", "" }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading reading = { .rows = 0 };
        if (read_text(&reading, "own", rows[i].text) != 0)
            fail_msg("%s: %s", rows[i].text, reading.error.text);
        assert_int_equal(reading.rows, 1);
        IS(0, TOKEN, "T");
        IS(0, TIME, "2026");
        IS(0, COMMENT, rows[i].comment);
    }
}

static void encodings_are_told_or_found(void **state)
{
    (void)state;
    static const char little[] = "\xFF\xFEt\0o\0k\0e\0n\0,\0s\0u\0b\0m\0i\0t\0t\0e\0d\0_\0a\0t\0\n\0\x41\1,\0x\0\n\0";
    struct reading reading = { .rows = 0 };
    assert_int_equal(read_bytes(&reading, "own", little, sizeof little - 1), 0);
    IS(0, TOKEN, "Ł");
    reading = (struct reading){ .table = { .encoding = "cp1251" } };
    assert_int_equal(read_text(&reading, "own", "token,submitted_at\n\xC4\xE0,x\n"), 0);
    IS(0, TOKEN, "Да");
    reading = (struct reading){ .rows = 0 };
    assert_int_equal(read_text(&reading, "own", "token,submitted_at\nok,x\n\xC4\xE0,x\n"), KWIT_E_INVALID);
    assert_non_null(strstr(reading.error.text, "line 3, column 1"));
    reading = (struct reading){ .table = { .encoding = "utf-16le" } };
    assert_int_equal(read_bytes(&reading,
        "own", little + 2, sizeof little - 4), KWIT_E_INVALID);       /* half a character left */
    assert_non_null(strstr(reading.error.text, "line 2"));
    reading = (struct reading){ .table = { .encoding = "cp0" } };
    assert_int_equal(read_text(&reading, "own", "token,submitted_at\n"), KWIT_E_USAGE);
}

static void columns_are_found_by_name_in_the_order_of_preference(void **state)
{
    (void)state;
    struct reading reading = { .rows = 0 };
    assert_int_equal(read_text(&reading, "qualtrics",
        "token,EndDate,RecordedDate,t,Status,DistributionChannel\nB,2026-1,2026-2,A,IP Address,preview\n"
                                                      "B,2026-1,,,,anonymous\n"), 0);
    IS(0, TOKEN, "A");
    IS(0, TIME, "2026-2");
    IS(0, PREVIEW, "preview");
    IS(1, TOKEN, "B");
    IS(1, TIME, "2026-1");
    IS(1, NPS, "(none)");
    reading = (struct reading){ .table = { .own = { [KW_ROLE_NPS] = "how likely? ", [KW_ROLE_CSAT] = "Q2" } } };
    assert_int_equal(read_text(&reading, "formbricks",
        "Timestamp,t,1. How\u00A0Likely?,Q2. Satisfied?\n2026,A,9,4\n"), 0);
    IS(0, NPS, "9");
    IS(0, CSAT, "4");
    reading = (struct reading){ .table = { .own = { [KW_ROLE_NPS] = "a|b" } } };
    assert_int_equal(read_text(&reading, "own", "token,submitted_at,a|b,a\nT,2026,9,1\n"), 0);
    IS(0, NPS, "9");
    reading = (struct reading){ .table = { .own = { [KW_ROLE_NPS] = "Ocena" } } };
    assert_int_equal(read_text(&reading, "own", "token,submitted_at,nps\nT,2026,9\n"), KWIT_E_INVALID);
    assert_non_null(strstr(reading.error.text, "--column nps=NAME"));
}

static void options_of_a_question_stand_behind_its_name(void **state)
{
    (void)state;
    struct reading reading = { .table = { .own = { [KW_ROLE_CSAT] = "Happy?" } } };
    assert_int_equal(read_text(&reading, "surveymonkey",
        "Respondent ID,End Date,t,Happy?,,,Why?\n,,,no,so so,yes,Open-Ended Response\n"
                                                         "118,2026,T,,,yes,x\n119,2026,U,no,,,\n"), 0);
    assert_int_equal(reading.rows, 2);
    IS(0, CSAT, "yes");
    IS(1, CSAT, "no");
}

static void header_rows_end_where_an_answer_has_a_time(void **state)
{
    (void)state;
    static const char *const head = "RecordedDate,t\n", *const labels = "Recorded Date,t\n",
                      *const ids = "\"{\"\"ImportId\"\":\"\"recordedDate\"\",\"\"timeZone\"\":\"\"Europe/Warsaw\"\"}\",x\n";
    for (int headers = 1; headers <= 3; headers++) {
        char text[400];
        snprintf(text, sizeof text,
            "%s%s%s2026-11-22,A\n2026-11-23,B\n", head, headers > 1 ? labels : "", headers > 2 ? ids : "");
        struct reading reading = { .rows = 0 };
        assert_int_equal(read_text(&reading, "qualtrics", text), 0);
        assert_int_equal(reading.rows, 2);
        IS(0, TOKEN, "A");
        assert_int_equal(reading.lines[0], headers + 1);
        assert_string_equal(reading.table.zone, headers > 2 ? "Europe/Warsaw" : "");
    }
    struct reading cut = { .rows = 0 };
    assert_int_equal(read_text(&cut, "qualtrics", "RecordedDate,t\n2026-11-22,A\n,B\n"), 0);
    assert_int_equal(cut.rows, 2);
    struct reading reading = { .table = { .header_rows = 3 } };
    assert_int_equal(read_text(&reading, "own", "submitted_at,token\n2026,A\n2026,B\n2026,C\n"), 0);
    assert_int_equal(reading.rows, 1);
    IS(0, TOKEN, "C");
}

static void rows_that_do_not_fit_name_their_place(void **state)
{
    (void)state;
    static const struct { const char *text, *words; } rows[] = {
        { "token,submitted_at\nA,2026,\"\",\n\n,,\nB,2026,more\n", "line 5, column 3" },
        { "token,submitted_at\nA\n", "line 2, column 1" },
        { "token,submitted_at\n\"A,2026\n", "line 2, column 1: a quote" },
        { "token,submitted_at\n\"A\"x,2026\n", "line 2, column 1" },
        { "submitted_at,nps\n", "line 1: no column" },
        { "\n <HTML lang=en>\n", "line 2, column 1: this is a web page" }, { "", "empty" },
        { "{\"token\":1", "line 1" }, { "{\"token\":1}\n", "line 1 has no submitted_at" },
        { "{\"token\":1,\"submitted_at\":2}\n[1]\n", "answer 1 is not" }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct reading reading = { .rows = 0 };
        int code = read_text(&reading, "own", rows[i].text);
        if (code >= 0 || !strstr(reading.error.text, rows[i].words))
            fail_msg("%s: %d %s", rows[i].text, code, reading.error.text);
    }
}

static void long_cells_and_wide_rows_have_a_ceiling(void **state)
{
    (void)state;
    static char text[KW_TABLE_CELL_BYTES + 200];
    struct reading reading = { .rows = 0 };
    int at = snprintf(text, sizeof text, "token,submitted_at,comment\nT,2026,");
    memset(text + at, 'x', KW_TABLE_CELL_BYTES + 10);
    assert_int_equal(read_text(&reading, "own", text), KWIT_E_TOO_LARGE);
    assert_non_null(strstr(reading.error.text, "line 2, column 3"));
    memset(text + at, ',', KW_TABLE_CELLS + 10);
    text[at + KW_TABLE_CELLS + 10] = 0;
    reading = (struct reading){ .rows = 0 };
    assert_int_equal(read_text(&reading, "own", text), KWIT_E_TOO_LARGE);
}

static void json_is_walked_and_labels_stand_beside_values(void **state)
{
    (void)state;
    struct reading reading = { .rows = 0 };
    assert_int_equal(read_text(&reading, "typeform",
                               "{\"items\":[{\"token\":\"id\",\"submitted_at\":\"2026\",\"hidden\":{\"t\":\"T\"},\"answers\":["
                               "{\"field\":{\"ref\":\"nps\"},\"type\":\"number\",\"number\":9.0},"
                               "{\"field\":{\"ref\":\"csat\"},\"choice\":{\"label\":\"Satisfied\"}},"
                               "{\"field\":{\"ref\":\"contact_ok\"},\"boolean\":true}]},\n"
                               "{\"token\":\"other\",\"submitted_at\":null}]}"), 0);
    assert_int_equal(reading.rows, 2);
    IS(0, TOKEN, "T");
    IS(0, ID, "id");
    IS(0, NPS, "9");
    IS(0, CSAT, "Satisfied");
    IS(0, CONTACT, "yes");
    IS(1, TOKEN, "(none)");                /* the platform's own token is no code of ours */
    IS(1, ID, "other");
    IS(1, TIME, "");
}

static bool no_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    (void)data, (void)kid, (void)handle, (void)key;
    return false;
}

static void every_row_is_counted_and_a_fault_ends_the_count(void **state)
{
    (void)state;
    static const struct { bool lenient; const char *text; int64_t rows; int code; } rows[] = {
        { false, "token,submitted_at\nA,2026-11-22\n\nB,2026-11-22\n,\n", 2, 0 },
        { false, "token,submitted_at\n", 0, 0 },
        { false, "token,submitted_at\nA,2026-11-22\nB,never\n", 2, KWIT_E_INVALID },
        { false, "token,submitted_at,event\nA,2026-11-22,opened\nB,2026-11-22,seen\n", 2, KWIT_E_INVALID },
        { true, "token,submitted_at\nA,never\nB,2026-11-22\n", 2, 0 }
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct kw_import_options options = { .path = "export", .platform = kw_platform_find("own"),
            .strict = !rows[i].lenient, .keys = { no_key, NULL } };
        struct kw_error error = { 0 };
        int64_t count;
        FILE *file = fmemopen((void *)(uintptr_t)rows[i].text, strlen(rows[i].text), "r");
        assert_int_equal(kw_import_check(&options, file, &count, &error), rows[i].code);
        assert_int_equal(count, rows[i].rows);
        fclose(file);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_are_quoted_parted_and_ended_in_many_ways),
        cmocka_unit_test(encodings_are_told_or_found),
        cmocka_unit_test(columns_are_found_by_name_in_the_order_of_preference),
        cmocka_unit_test(options_of_a_question_stand_behind_its_name),
        cmocka_unit_test(header_rows_end_where_an_answer_has_a_time),
        cmocka_unit_test(rows_that_do_not_fit_name_their_place),
        cmocka_unit_test(long_cells_and_wide_rows_have_a_ceiling),
        cmocka_unit_test(json_is_walked_and_labels_stand_beside_values),
        cmocka_unit_test(every_row_is_counted_and_a_fault_ends_the_count)
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
