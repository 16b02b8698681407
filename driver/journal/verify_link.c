/* verify_link.c - reads events and, beside them, the records that they made. */
#include "journal/verify_link.h"

#include "journal/rows.h"

#include <string.h>

/* Columns of events; what kw_record is called with: the reader, a touchpoint's columns, its sale's. */
enum { N, SALE, EV, TS_MS, DETAIL, HASH, EVENT_COLUMNS };
enum { READER, RECORD_VALUES, SALE_VALUES = RECORD_VALUES + KW_TOUCHPOINT_COLUMN_COUNT };
enum { NAMES = 4, SALE_DIGEST = 4, ACCEPTED_MS, BODY };
enum { NO_RECORD = -1, TEXT_CEILING = 1 << 30, SALE_DIGEST_BYTES = 32 };

bool kw_chain_opens_sale(const struct kw_chain_event *event)
{
    return event->ev == KW_EVENT_OFFERED || event->ev == KW_EVENT_SUPPRESSED;
}

/* A copy of the text; *exact: it is one, to its end. */
static const char *take_text(struct kw_chain_stretch *stretch, sqlite3_value *value, bool *exact)
{
    const char *text = (const char *)sqlite3_value_text(value);
    *exact = *exact && text && sqlite3_value_type(value) == SQLITE_TEXT
             && strlen(text) == (size_t)sqlite3_value_bytes(value);
    return !text || !*text ? "" : kw_arena_string(stretch->texts, text);
}

static bool is_blob(sqlite3_value *value, int length)
{
    return sqlite3_value_type(value) == SQLITE_BLOB && sqlite3_value_bytes(value) == length;
}

/* ---- the sale ----------------------------------------------------------------------------------------------- */

static bool take_sale(const struct kw_chain_reader *reader, sqlite3_value **values)
{
    struct kw_chain_stretch *stretch = reader->stretch;
    struct kw_chain_link *link = reader->link;
    link->has_sale = sqlite3_value_type(values[0]) != SQLITE_NULL;
    if (!link->has_sale)
        return true;
    struct kw_sale_facts *sale = &link->sale;
    const char **const names[NAMES] = { &sale->store, &sale->terminal, &sale->scope, &sale->name };
    bool exact = is_blob(values[SALE_DIGEST], SALE_DIGEST_BYTES)
                 && sqlite3_value_type(values[ACCEPTED_MS]) == SQLITE_INTEGER, whole = true;
    for (int i = 0; i < NAMES; i++)
        whole = (*names[i] = take_text(stretch, values[i], &exact)) != NULL && whole;
    sale->accepted_ms = sqlite3_value_int64(values[ACCEPTED_MS]);
    sale->digest = exact ? (const uint8_t *)kw_arena_copy(stretch->texts, sqlite3_value_blob(values[SALE_DIGEST]),
                                                          SALE_DIGEST_BYTES) : NULL;
    link->is_sale_exact = exact;
    link->has_document = sqlite3_value_type(values[BODY]) != SQLITE_NULL;
    if (link->has_document)                 /* long, and only those of the last weeks are there: none is copied */
        kw_digest_document(reader->secret, sqlite3_value_blob(values[BODY]),
                           (size_t)sqlite3_value_bytes(values[BODY]), link->document);
    return whole && (sale->digest || !exact);
}

/* ---- the record --------------------------------------------------------------------------------------------- */

static const char reader_type[] = "kw_chain_reader";

/*
 * kw_record(reader, column, …): the record with its sale, where it is the one that is looked for. Asked for by itself
 * each of forty columns costs a call that looks at the statement anew; here they come as they were read.
 */
static void take_record(sqlite3_context *context, int count, sqlite3_value **values)
{
    struct kw_chain_reader *reader = sqlite3_value_pointer(values[READER], reader_type);
    struct kw_chain_link *link = reader->link;
    (void)count;
    reader->record = sqlite3_value_int64(values[RECORD_VALUES]);
    link->has_record = reader->record == link->event.sale;
    if (!link->has_record)
        return;
    link->is_record_exact = kw_touchpoint_exact_values(values + RECORD_VALUES, &link->record);
    if (!kw_touchpoint_copy_texts(&link->record, reader->stretch->texts) || !take_sale(reader, values + SALE_VALUES))
        sqlite3_result_error_nomem(context);
}

static int step_record(struct kw_chain_reader *reader)
{
    reader->record = NO_RECORD;
    const int status = sqlite3_step(reader->records);
    return status == SQLITE_ROW || status == SQLITE_DONE ? 0 : KWIT_E_IO;
}

/* Sales are claimed nearly in the order of their numbers: as a rule it is the next record, else it is looked up. */
static int find_record(struct kw_chain_reader *reader, int64_t sale, struct kw_error *error)
{
    int code = 0;
    if (reader->record != NO_RECORD && reader->record < sale)
        code = step_record(reader);
    if (code == 0 && !reader->link->has_record) {
        kw_journal_reset(reader->records);
        sqlite3_bind_int64(reader->records, 1, sale);
        code = step_record(reader);
    }
    return code < 0 ? kw_journal_fail(reader->journal, "reading", error) : 0;
}

/* ---- the event ---------------------------------------------------------------------------------------------- */

static int take_event(struct kw_chain_reader *reader, struct kw_error *error)
{
    sqlite3_value *values[EVENT_COLUMNS];
    struct kw_chain_stretch *stretch = reader->stretch;
    struct kw_chain_link *link = reader->link = &stretch->links[stretch->count++];
    struct kw_chain_event *event = &link->event;
    for (int i = 0; i < EVENT_COLUMNS; i++)
        values[i] = sqlite3_column_value(reader->events, i);
    bool exact = is_blob(values[HASH], KW_CHAIN_HASH);
    *link = (struct kw_chain_link){ .event = { .n = sqlite3_value_int64(values[N]),
                                         .sale = sqlite3_value_int64(values[SALE]),
                                         .ev = sqlite3_value_int(values[EV]),
                                         .ts_ms = sqlite3_value_int64(values[TS_MS]),
                                         .detail = take_text(stretch, values[DETAIL], &exact) } };
    for (int i = N; i <= TS_MS; i++)
        exact = exact && sqlite3_value_type(values[i]) == SQLITE_INTEGER;
    link->is_exact = exact && sqlite3_value_int64(values[EV]) == (int64_t)event->ev;
    memcpy(link->previous, reader->previous, KW_CHAIN_HASH);
    if (link->is_exact) {
        memcpy(link->stored, sqlite3_value_blob(values[HASH]), KW_CHAIN_HASH);
        memcpy(reader->previous, link->stored, KW_CHAIN_HASH);
    }
    if (!event->detail)
        return kw_fail(error, KWIT_E_NO_MEMORY, reader->journal->path, "out of memory");
    return kw_chain_opens_sale(event) ? find_record(reader, event->sale, error) : 0;
}

int kw_chain_read(struct kw_chain_reader *reader, struct kw_chain_stretch *stretch, struct kw_error *error)
{
    int code = 0, status = SQLITE_ROW;
    reader->stretch = stretch;
    stretch->count = 0;
    kw_arena_free(stretch->texts);
    if (!(stretch->texts = kw_arena_new(TEXT_CEILING)))
        return kw_fail(error, KWIT_E_NO_MEMORY, reader->journal->path, "out of memory");
    while (code == 0 && stretch->count < KW_STRETCH_LINKS && (status = sqlite3_step(reader->events)) == SQLITE_ROW)
        code = take_event(reader, error);
    if (code == 0 && status != SQLITE_ROW && status != SQLITE_DONE)
        code = kw_journal_fail(reader->journal, "reading", error);
    return code;
}

int kw_chain_reader_begin(struct kw_chain_reader *reader, int64_t n, struct kw_error *error)
{
    reader->record = NO_RECORD;
    if (sqlite3_create_function(reader->journal->db, "kw_record", -1, SQLITE_UTF8 | SQLITE_DIRECTONLY, NULL,
                                take_record, NULL, NULL) != SQLITE_OK)
        return kw_journal_fail(reader->journal, "reading", error);
    reader->events = kw_journal_prepare(reader->journal, "SELECT n, sale, ev, ts_ms, detail, hash FROM event"
                                        " WHERE n > ? ORDER BY n", error);
    reader->records = kw_journal_prepare(reader->journal,
                                         "SELECT kw_record(?2, " KW_TOUCHPOINT_COLUMNS_OF("t.")
                                         ", s.store, s.terminal, s.scope, s.name, s.digest, s.accepted_ms, s.body)"
                                         " FROM touchpoint t LEFT JOIN sale s ON s.id = t.sale"
                                         " WHERE t.sale >= ?1 AND t.sale < 1 << 40 ORDER BY t.sale", error);
    if (!reader->events || !reader->records)
        return error->code;
    sqlite3_bind_int64(reader->events, 1, n);
    sqlite3_bind_pointer(reader->records, 2, reader, reader_type, NULL);
    return 0;
}

void kw_chain_reader_end(struct kw_chain_reader *reader)
{
    if (reader->events)
        kw_journal_reset(reader->events);
    if (reader->records)
        kw_journal_reset(reader->records);
}
