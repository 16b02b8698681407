/* pg_rows.c - many rows in one COPY, and sales as rows. */
#include "office/pg/internal.h"

#include "base/digits.h"

#include <stdio.h>
#include <string.h>

static void separate(struct kw_pg_lines *lines)
{
    if (lines->inside)
        kw_buffer_byte(&lines->bytes, '\t');
    lines->inside = true;
}

void kw_pg_line_begin(struct kw_pg_lines *lines)
{
    lines->inside = false;
}

/* A batch has some fifty thousand of them, and a format each was a third of its time here. */
void kw_pg_line_number(struct kw_pg_lines *lines, int64_t number)
{
    char room[KW_DIGITS];
    separate(lines);
    kw_buffer_text(&lines->bytes, kw_digits(number, room));
}

void kw_pg_line_text(struct kw_pg_lines *lines, const char *text)
{
    static const char special[] = "\\\n\r\t", *const escaped[] = { "\\\\", "\\n", "\\r", "\\t" };
    separate(lines);
    for (;;) {
        const size_t plain = strcspn(text, special);
        kw_buffer_add(&lines->bytes, text, plain);
        text += plain;
        if (!*text)
            return;
        kw_buffer_text(&lines->bytes, escaped[strchr(special, *text++) - special]);
    }
}

void kw_pg_line_bytes(struct kw_pg_lines *lines, const uint8_t *bytes, size_t length)
{
    separate(lines);
    static const char digits[] = "0123456789abcdef";
    kw_buffer_text(&lines->bytes, "\\\\x");
    for (size_t i = 0; i < length; i++) {
        kw_buffer_byte(&lines->bytes, (uint8_t)digits[bytes[i] >> 4]);
        kw_buffer_byte(&lines->bytes, (uint8_t)digits[bytes[i] & 15]);
    }
}

void kw_pg_line_end(struct kw_pg_lines *lines)
{
    kw_buffer_byte(&lines->bytes, '\n');
}

static int end_copy(struct kw_pg *pg, bool is_sent, struct kw_error *error)
{
    int code = 0;
    PGresult *result;
    if (PQputCopyEnd(pg->link, is_sent ? NULL : "out of memory") != 1)
        return kw_pg_fail(pg, NULL, error);
    while (pg->link && (result = PQgetResult(pg->link))) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && code == 0)
            code = kw_pg_fail(pg, result, error);
        PQclear(result);
    }
    return code;
}

int kw_pg_copy(struct kw_pg *pg, const char *into, const struct kw_pg_lines *lines, struct kw_error *error)
{
    char text[1000];
    if (lines->bytes.failed)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (lines->bytes.length == 0)
        return 0;
    snprintf(text, sizeof text, "COPY %s FROM STDIN", into);
    PGresult *begun = PQexec(pg->link, text);
    int code = PQresultStatus(begun) == PGRES_COPY_IN ? 0 : kw_pg_fail(pg, begun, error);
    PQclear(begun);
    if (code < 0)
        return code;
    const bool is_sent = PQputCopyData(pg->link, kw_buffer_string(&lines->bytes), (int)lines->bytes.length) == 1;
    return end_copy(pg, is_sent, error);
}

/* ---- sales -------------------------------------------------------------------------------------------------- */

const char kw_pg_touchpoints[] = "touchpoint(journal"
#define NUMBER(column, member) ", " #column
#define TEXT(column, member) ", " #column
#define BYTES(column, member) ", " #column
#include "office/pg/columns.def"
#undef NUMBER
#undef TEXT
#undef BYTES
    ")";

void kw_pg_put_touchpoint(struct kw_pg_lines *lines, int64_t journal, const struct kw_touchpoint *touchpoint)
{
    kw_pg_line_begin(lines);
    kw_pg_line_number(lines, journal);
#define NUMBER(column, member) kw_pg_line_number(lines, (int64_t)touchpoint->member);
#define TEXT(column, member) kw_pg_line_text(lines, touchpoint->member);
#define BYTES(column, member) kw_pg_line_bytes(lines, touchpoint->member, sizeof touchpoint->member);
#include "office/pg/columns.def"
#undef NUMBER
#undef TEXT
#undef BYTES
    kw_pg_line_end(lines);
}

/* Its place: mostly where it is expected, for libpq looks through all names each time. */
static int find_column(const PGresult *rows, const char *name, int expected)
{
    const char *there = PQfname(rows, expected);
    return there && strcmp(there, name) == 0 ? expected : PQfnumber(rows, name);
}

void kw_pg_touchpoint(const PGresult *rows, int row, struct kw_touchpoint *touchpoint)
{
    int at = 0;
    *touchpoint = (struct kw_touchpoint){ 0 };
#define NUMBER(column, member) touchpoint->member = kw_pg_get(rows, row, find_column(rows, #column, ++at));
#define TEXT(column, member) touchpoint->member = PQgetvalue(rows, row, find_column(rows, #column, ++at));
#define BYTES(column, member)                                                                                          \
    kw_pg_get_bytes(rows, row, find_column(rows, #column, ++at), touchpoint->member, sizeof touchpoint->member);
#include "office/pg/columns.def"
#undef NUMBER
#undef TEXT
#undef BYTES
}
