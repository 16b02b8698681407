/* touchpoint.c - one record for each sale, its token sequence, and its later events. */
#include "journal/touchpoint.h"

#include "base/arena.h"
#include "journal/awaited.h"
#include "journal/cells.h"
#include "journal/chain.h"
#include "journal/digest.h"
#include "journal/rows.h"

#include <string.h>

enum { DAY_WRAP = 2048, SCRATCH_CEILING = 64 * 1024 };

int kw_touchpoint_next_sequence(struct kw_journal *journal, uint32_t handle, int64_t day, uint32_t *seq,
                                struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, "SELECT next FROM sequence WHERE handle = ? AND day = ?", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, handle);
    sqlite3_bind_int64(statement, 2, ((day % DAY_WRAP) + DAY_WRAP) % DAY_WRAP);
    int status = sqlite3_step(statement);
    *seq = status == SQLITE_ROW ? (uint32_t)sqlite3_column_int64(statement, 0) : 1;
    return kw_journal_stepped(journal, statement, status, error);
}

static int take_sequence(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, struct kw_error *error)
{
    uint32_t next;
    int code = kw_touchpoint_next_sequence(journal, touchpoint->handle, touchpoint->day, &next, error);
    if (code < 0)
        return code;
    if (touchpoint->seq < next)
        return kw_fail(error, KWIT_E_CONFLICT, journal->path, "token sequence %lu was taken by another sale",
                       (unsigned long)touchpoint->seq);
    sqlite3_stmt *statement = kw_journal_prepare(journal, "REPLACE INTO sequence VALUES(?, ?, ?)", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, touchpoint->handle);
    sqlite3_bind_int64(statement, 2, ((touchpoint->day % DAY_WRAP) + DAY_WRAP) % DAY_WRAP);
    sqlite3_bind_int64(statement, 3, (int64_t)touchpoint->seq + 1);
    return kw_journal_done(journal, statement, error);
}

/* The columns that are numbers, by their place in KW_TOUCHPOINT_COLUMNS. */
enum { NUMBERS = 23, TEXTS = 6, FIRST_TEXT = 15, TOKEN_NUMBERS = 3, DIGEST = 23, SEAL = 28, CONTENT = 34 };
/* What stands for the class of one that is awaited (awaited.h). */
enum { AWAITED = -1 };
struct number { int at; int64_t value; };

static void list_numbers(const struct kw_touchpoint *t, struct number out[NUMBERS])
{
    const struct number numbers[NUMBERS] = {
        { 0, t->sale },   { 1, t->ts_ms }, { 2, t->offset_minutes }, { 5, t->day },       { 7, t->variant },
        { 8, t->flag },   { 9, t->variant_p_bp }, { 10, t->p_bp },   { 11, t->u },        { 12, t->forced },
        { 13, t->drawn }, { 14, t->reason }, { 21, t->kind },        { 22, t->expires_day }, { 24, t->n },
        { 25, t->is_awaited ? AWAITED : (int)t->klass }, { 26, t->class_ms }, { 27, t->expired_ms }, { 29, t->sold_ms },
        { 30, t->annulled_ms }, { 31, t->signs }, { 32, t->earlier }, { 33, t->refunded_ms }
    };
    memcpy(out, numbers, sizeof numbers);
}

static void list_token(const struct kw_touchpoint *t, struct number out[TOKEN_NUMBERS])
{
    out[0] = (struct number){ 3, t->kid };
    out[1] = (struct number){ 4, t->handle };
    out[2] = (struct number){ 6, t->seq };
}

static void list_texts(const struct kw_touchpoint *t, const char *out[TEXTS])
{
    const char *const texts[TEXTS] = { t->store, t->till, t->cashier, t->campaign, t->language, t->channel };
    memcpy(out, texts, sizeof texts);
}

int kw_touchpoint_insert(struct kw_journal *journal, const struct kw_touchpoint *t, struct kw_error *error)
{
    struct number numbers[NUMBERS], token[TOKEN_NUMBERS];
    const char *texts[TEXTS];
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "INSERT INTO touchpoint VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?,"
                           " ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                           error);
    if (!statement)
        return KWIT_E_IO;
    list_numbers(t, numbers);
    list_token(t, token);
    list_texts(t, texts);
    for (int i = 0; i < NUMBERS; i++)
        sqlite3_bind_int64(statement, 1 + numbers[i].at, numbers[i].value);
    for (int i = 0; t->has_token && i < TOKEN_NUMBERS; i++)
        sqlite3_bind_int64(statement, 1 + token[i].at, token[i].value);
    for (int i = 0; i < TEXTS; i++)
        kw_bind_text(statement, 1 + FIRST_TEXT + i, texts[i]);
    sqlite3_bind_blob(statement, 1 + DIGEST, t->config_digest, sizeof t->config_digest, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 1 + SEAL, t->seal, t->is_sealed ? (int)sizeof t->seal : 0, SQLITE_STATIC);
    sqlite3_bind_blob(statement, 1 + CONTENT, t->content, t->is_blurred ? (int)sizeof t->content : 0, SQLITE_STATIC);
    return kw_journal_done(journal, statement, error);
}

/* Whether the same till made an invitation seconds before: nobody buys that fast. */
static int find_haste(struct kw_journal *journal, struct kw_touchpoint *touchpoint, struct kw_error *error)
{
    enum { SECONDS_MS = 10000 };
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT ts_ms FROM touchpoint WHERE handle = ? AND day = ?"
                                           " AND seq < ? AND till = ? AND store = ? ORDER BY seq DESC LIMIT 1", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, touchpoint->handle);
    sqlite3_bind_int64(row, 2, touchpoint->day);
    sqlite3_bind_int64(row, 3, touchpoint->seq);
    kw_bind_text(row, 4, touchpoint->till);
    kw_bind_text(row, 5, touchpoint->store);
    int status = sqlite3_step(row);
    const int64_t before_ms = status == SQLITE_ROW ? touchpoint->ts_ms - sqlite3_column_int64(row, 0) : SECONDS_MS;
    int code = kw_journal_stepped(journal, row, status, error);
    if (before_ms >= 0 && before_ms < SECONDS_MS)
        touchpoint->signs |= KW_SALE_HASTY;
    return code;
}

bool kw_touchpoint_copy_texts(struct kw_touchpoint *t, struct kw_arena *arena)
{
    const char **const texts[] = { &t->store, &t->till, &t->cashier, &t->campaign, &t->language, &t->channel };
    bool whole = true;
    for (size_t i = 0; whole && i < sizeof texts / sizeof texts[0]; i++)
        whole = (*texts[i] = kw_arena_string(arena, *texts[i])) != NULL;
    return whole;
}

/* The strings of the last touchpoint handed out live in the journal's scratch arena. */
static int keep_strings(struct kw_journal *journal, struct kw_touchpoint *t, struct kw_error *error)
{
    journal->left.added = NULL;
    kw_arena_free(journal->scratch);
    journal->scratch = kw_arena_new(SCRATCH_CEILING);
    return journal->scratch && kw_touchpoint_copy_texts(t, journal->scratch)
               ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, journal->path, "out of memory");
}

/* What was added last is classified next: until somebody else writes, it need not be read for that. */
static void remember_added(struct kw_journal *journal, const struct kw_touchpoint *row)
{
    struct kw_touchpoint kept = *row, *added;
    struct kw_error ignored;
    if (keep_strings(journal, &kept, &ignored) < 0 || !(added = kw_arena_alloc(journal->scratch, sizeof *added)))
        return;
    *added = kept;
    journal->left.added = added;
}

int kw_touchpoint_add(struct kw_journal *journal, const struct kw_touchpoint *touchpoint, struct kw_error *error)
{
    struct kw_touchpoint row = *touchpoint;
    struct kw_chain_event event = { .sale = row.sale, .ts_ms = row.ts_ms,
                                    .detail = row.detail ? row.detail : "" };
    const uint8_t *secret;
    event.ev = row.reason == 0 ? KW_EVENT_OFFERED : KW_EVENT_SUPPRESSED;
    int code = kw_journal_secret(journal, &secret, error);
    if (code == 0 && row.has_token)
        code = take_sequence(journal, &row, error);
    if (code == 0 && row.has_token && row.reason == 0)
        code = find_haste(journal, &row, error);
    if (code < 0)
        return code;
    row.is_sealed = journal->sealed_sale == row.sale && row.sale > 0;
    memcpy(row.seal, journal->sale_seal, sizeof row.seal);
    kw_digest_record(secret, &row, event.content);
    code = kw_chain_append(journal, &event, error);
    row.n = event.n;
    row.klass = KW_CLASS_PENDING;
    row.class_ms = row.expired_ms = row.annulled_ms = row.refunded_ms = 0;
    row.is_blurred = false;
    if (code == 0)
        code = kw_touchpoint_insert(journal, &row, error);
    if (code == 0 && !row.is_awaited)
        code = kw_cell_add(journal, &row, KW_CLASS_PENDING, 1, error);
    if (code == 0)
        remember_added(journal, &row);
    return code;
}

/* Each is fetched once: every call for a column of a row looks at the statement anew. */
static void fetch_values(sqlite3_stmt *row, sqlite3_value *values[KW_TOUCHPOINT_COLUMN_COUNT])
{
    for (int i = 0; i < KW_TOUCHPOINT_COLUMN_COUNT; i++)
        values[i] = sqlite3_column_value(row, i);
}

static const char *text_of(sqlite3_value *value)
{
    const unsigned char *text = sqlite3_value_text(value);
    return text ? (const char *)text : "";
}

static void take_values(sqlite3_value *const values[KW_TOUCHPOINT_COLUMN_COUNT], struct kw_touchpoint *t)
{
    const int klass = sqlite3_value_int(values[25]);
    *t = (struct kw_touchpoint){ .sale = sqlite3_value_int64(values[0]),
                                 .ts_ms = sqlite3_value_int64(values[1]),
                                 .offset_minutes = sqlite3_value_int(values[2]),
                                 .has_token = sqlite3_value_type(values[4]) != SQLITE_NULL,
                                 .kid = (uint8_t)sqlite3_value_int(values[3]),
                                 .handle = (uint32_t)sqlite3_value_int64(values[4]),
                                 .day = sqlite3_value_int64(values[5]),
                                 .seq = (uint32_t)sqlite3_value_int64(values[6]),
                                 .variant = (uint8_t)sqlite3_value_int(values[7]),
                                 .flag = (uint8_t)sqlite3_value_int(values[8]),
                                 .variant_p_bp = sqlite3_value_int(values[9]),
                                 .p_bp = sqlite3_value_int(values[10]),
                                 .u = (uint32_t)sqlite3_value_int64(values[11]),
                                 .forced = sqlite3_value_int(values[12]) != 0,
                                 .drawn = sqlite3_value_int(values[13]) != 0,
                                 .reason = sqlite3_value_int(values[14]),
                                 .store = text_of(values[15]),
                                 .till = text_of(values[16]),
                                 .cashier = text_of(values[17]),
                                 .campaign = text_of(values[18]),
                                 .language = text_of(values[19]),
                                 .channel = text_of(values[20]),
                                 .kind = sqlite3_value_int(values[21]),
                                 .expires_day = sqlite3_value_int64(values[22]),
                                 .n = sqlite3_value_int64(values[24]),
                                 .klass = klass == AWAITED ? KW_CLASS_PENDING : klass,
                                 .is_awaited = klass == AWAITED,
                                 .class_ms = sqlite3_value_int64(values[26]),
                                 .expired_ms = sqlite3_value_int64(values[27]),
                                 .is_sealed = sqlite3_value_bytes(values[SEAL]) == (int)sizeof t->seal,
                                 .sold_ms = sqlite3_value_int64(values[29]),
                                 .annulled_ms = sqlite3_value_int64(values[30]),
                                 .signs = sqlite3_value_int(values[31]),
                                 .earlier = sqlite3_value_int(values[32]),
                                 .refunded_ms = sqlite3_value_int64(values[33]),
                                 .is_blurred = sqlite3_value_bytes(values[CONTENT]) == (int)sizeof t->content };
    if (sqlite3_value_bytes(values[DIGEST]) == (int)sizeof t->config_digest)
        memcpy(t->config_digest, sqlite3_value_blob(values[DIGEST]), sizeof t->config_digest);
    if (t->is_sealed)
        memcpy(t->seal, sqlite3_value_blob(values[SEAL]), sizeof t->seal);
    if (t->is_blurred)
        memcpy(t->content, sqlite3_value_blob(values[CONTENT]), sizeof t->content);
}

void kw_touchpoint_row(sqlite3_stmt *row, struct kw_touchpoint *t)
{
    sqlite3_value *values[KW_TOUCHPOINT_COLUMN_COUNT];
    fetch_values(row, values);
    take_values(values, t);
}

static bool holds(sqlite3_value *const *values, const struct number *numbers, int count, int type)
{
    bool same = true;
    for (int i = 0; i < count; i++)
        same = same && sqlite3_value_type(values[numbers[i].at]) == type
               && (type == SQLITE_NULL || sqlite3_value_int64(values[numbers[i].at]) == numbers[i].value);
    return same;
}

static bool is_long(sqlite3_value *value, int type, size_t length)
{
    return sqlite3_value_type(value) == type && (size_t)sqlite3_value_bytes(value) == length;
}

bool kw_touchpoint_exact_values(sqlite3_value *const values[KW_TOUCHPOINT_COLUMN_COUNT], struct kw_touchpoint *t)
{
    struct number numbers[NUMBERS], token[TOKEN_NUMBERS];
    const char *texts[TEXTS];
    take_values(values, t);
    list_numbers(t, numbers);
    list_token(t, token);
    list_texts(t, texts);
    bool exact = holds(values, numbers, NUMBERS, SQLITE_INTEGER)
                 && holds(values, token, TOKEN_NUMBERS, t->has_token ? SQLITE_INTEGER : SQLITE_NULL);
    for (int i = 0; i < TEXTS; i++)
        exact = exact && is_long(values[FIRST_TEXT + i], SQLITE_TEXT, strlen(texts[i]));
    return exact && is_long(values[DIGEST], SQLITE_BLOB, sizeof t->config_digest)
           && is_long(values[SEAL], SQLITE_BLOB, t->is_sealed ? sizeof t->seal : 0)
           && is_long(values[CONTENT], SQLITE_BLOB, t->is_blurred ? sizeof t->content : 0);
}

static int fail_to_find(struct kw_journal *journal, int status, struct kw_error *error)
{
    return status == SQLITE_DONE ? kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "this sale has no touchpoint")
                                 : kw_journal_fail(journal, "reading", error);
}

int kw_touchpoint_get(struct kw_journal *journal, int64_t sale, struct kw_touchpoint *touchpoint,
                      struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, "SELECT * FROM touchpoint WHERE sale = ?", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, sale);
    int status = sqlite3_step(statement), code = 0;
    if (status == SQLITE_ROW) {
        kw_touchpoint_row(statement, touchpoint);
        code = keep_strings(journal, touchpoint, error);
    } else {
        code = fail_to_find(journal, status, error);
    }
    kw_journal_reset(statement);
    return code;
}

int kw_touchpoint_decided(struct kw_journal *journal, int64_t sale, struct kw_decided *decided, struct kw_error *error)
{
    enum { REASON, KID, HANDLE, DAY, SEQ, VARIANT, FLAG, EXPIRES_DAY };
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT reason, kid, handle, day, seq, variant, flag, expires_day"
                                           " FROM touchpoint WHERE sale = ?", error);
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, sale);
    int status = sqlite3_step(row), code = status == SQLITE_ROW ? 0 : fail_to_find(journal, status, error);
    if (code == 0)
        *decided = (struct kw_decided){ .reason = sqlite3_column_int(row, REASON),
                                        .has_token = sqlite3_column_type(row, HANDLE) != SQLITE_NULL,
                                        .kid = (uint8_t)sqlite3_column_int(row, KID),
                                        .handle = (uint32_t)sqlite3_column_int64(row, HANDLE),
                                        .day = sqlite3_column_int64(row, DAY),
                                        .seq = (uint32_t)sqlite3_column_int64(row, SEQ),
                                        .variant = (uint8_t)sqlite3_column_int(row, VARIANT),
                                        .flag = (uint8_t)sqlite3_column_int(row, FLAG),
                                        .expires_day = sqlite3_column_int64(row, EXPIRES_DAY) };
    kw_journal_reset(row);
    return code;
}

/*
 * One handle belongs to one journal, so what lies between its first and its last touchpoint is wholly known; but of a
 * merged journal nothing behind the last token, and nothing of what was pruned.
 */
static int is_covered(struct kw_journal *journal, uint32_t handle, int64_t day, uint32_t seq, bool *covered,
                      struct kw_error *error)
{
    const int64_t bound[] = { handle, day, seq };
    int64_t known;
    int code = kw_journal_number(
        journal,
        "SELECT coalesce(?2 >= (SELECT day FROM touchpoint WHERE handle = ?1 ORDER BY handle, day LIMIT 1)"
        " AND ?2 >= coalesce((SELECT max(before_day) FROM checkpoint), ?2) AND (SELECT ?2 < day OR (?2 = day AND"
        " (?3 <= seq OR sale < 1 << 40)) FROM touchpoint WHERE handle = ?1 ORDER BY handle DESC,"
        " day DESC, seq DESC LIMIT 1), 0)",
        bound, 3, &known, error);
    *covered = code == 0 && known != 0;
    return code;
}

int kw_touchpoint_find_token(struct kw_journal *journal, uint32_t handle, int64_t day, uint32_t seq, int64_t *sale,
                             bool *covered, struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, "SELECT sale FROM touchpoint WHERE handle = ? AND day = ? AND seq = ?", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, handle);
    sqlite3_bind_int64(statement, 2, day);
    sqlite3_bind_int64(statement, 3, seq);
    int status = sqlite3_step(statement), code = 0;
    if (status == SQLITE_ROW)
        *sale = sqlite3_column_int64(statement, 0);
    else
        code = status == SQLITE_DONE ? kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "no sale has this token")
                                     : kw_journal_fail(journal, "reading", error);
    kw_journal_reset(statement);
    if (covered)
        *covered = code == 0;
    if (code == KWIT_E_NOT_FOUND && covered && is_covered(journal, handle, day, seq, covered, error) < 0)
        code = KWIT_E_IO;
    return code;
}

static int store_class(struct kw_journal *journal, int64_t sale, enum kw_class klass, int64_t ts_ms,
                       struct kw_error *error)
{
    sqlite3_stmt *statement =
        kw_journal_prepare(journal, "UPDATE touchpoint SET class = ?, class_ms = ? WHERE sale = ?", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int(statement, 1, klass);
    sqlite3_bind_int64(statement, 2, ts_ms);
    sqlite3_bind_int64(statement, 3, sale);
    return kw_journal_done(journal, statement, error);
}

int kw_touchpoint_classify(struct kw_journal *journal, int64_t sale, enum kw_class klass, int64_t ts_ms,
                           struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    const struct kw_touchpoint *added = journal->left.added;
    const bool known = added && added->sale == sale;
    int code = known ? 0 : kw_touchpoint_get(journal, sale, &touchpoint, error);
    if (known)
        touchpoint = *added;
    if (code < 0 || (touchpoint.klass == klass && !touchpoint.is_awaited))
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    journal->left.added = NULL;
    code = store_class(journal, sale, klass, ts_ms, error);
    if (code == 0 && !touchpoint.is_awaited)
        code = kw_cell_add(journal, &touchpoint, touchpoint.klass, -1, error);
    return code < 0 ? code : kw_cell_add(journal, &touchpoint, klass, 1, error);
}

int kw_touchpoint_event(struct kw_journal *journal, int64_t sale, enum kw_event event, const char *detail,
                        int64_t ts_ms, struct kw_error *error)
{
    struct kw_chain_event row = { .sale = sale, .ev = event, .ts_ms = ts_ms, .detail = detail ? detail : "" };
    int code = kw_chain_append(journal, &row, error), klass = kw_class_of_event(event);
    return code < 0 || klass < 0 || sale <= 0 ? code : kw_touchpoint_classify(journal, sale, klass, ts_ms, error);
}

static int adopt_event(struct kw_journal *journal, int64_t sale, enum kw_event event, int64_t ts_ms,
                       struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    int klass = kw_class_of_event(event);
    if (event != KW_EVENT_OFFERED && event != KW_EVENT_SUPPRESSED)
        return klass < 0 ? 0 : kw_touchpoint_classify(journal, sale, klass, ts_ms, error);
    int code = kw_touchpoint_get(journal, sale, &touchpoint, error);
    return code < 0 ? code : kw_cell_add(journal, &touchpoint, KW_CLASS_PENDING, 1, error);
}

int kw_touchpoint_adopt(struct kw_journal *journal, struct kw_error *error)
{
    int status = SQLITE_DONE, code = kw_journal_run(journal, "UPDATE touchpoint SET n = coalesce((SELECT min(n) FROM"
                                                    " event WHERE event.sale = touchpoint.sale), 0)", error);
    sqlite3_stmt *events = code < 0 ? NULL : kw_journal_prepare(journal, "SELECT sale, ev, ts_ms FROM event WHERE"
                                                                " sale > 0 ORDER BY n", error);
    while (events && code == 0 && (status = sqlite3_step(events)) == SQLITE_ROW)
        code = adopt_event(journal, sqlite3_column_int64(events, 0), sqlite3_column_int(events, 1),
                           sqlite3_column_int64(events, 2), error);
    if (events && code == 0 && status != SQLITE_DONE)
        code = kw_journal_fail(journal, "reading", error);
    if (events)
        kw_journal_reset(events);
    return events || code < 0 ? code : error->code;
}

int kw_touchpoint_count_day(struct kw_journal *journal, uint32_t handle, int64_t day, int64_t *count,
                            struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "SELECT count(*) FROM touchpoint WHERE handle = ? AND day = ?"
                                                 " AND reason = 0 AND class NOT IN (4, 6)", error);
    if (!statement)
        return KWIT_E_IO;
    sqlite3_bind_int64(statement, 1, handle);
    sqlite3_bind_int64(statement, 2, day);
    int code = 0;
    if (sqlite3_step(statement) == SQLITE_ROW)
        *count = sqlite3_column_int64(statement, 0);
    else
        code = kw_journal_fail(journal, "reading", error);
    kw_journal_reset(statement);
    return code;
}

/* Sales that chance was asked about, or would have been had nobody held them back. */
#define WAS_DRAWN(table) "(" table ".drawn = 1 OR " table ".reason IN (0, 1, 2, 3, 4, 5))"

int kw_touchpoint_least_rate(struct kw_journal *journal, const char *store, int64_t day, int wanted, int *rate_bp,
                             struct kw_error *error)
{
    enum { WINDOW_DAYS = 28, BASIS_POINTS = 10000 };
    sqlite3_stmt *statement =
        kw_journal_prepare(journal,
                           "WITH RECURSIVE days(day) AS (SELECT ?2 - ?3 UNION ALL SELECT day + 1 FROM days"
                           " WHERE day < ?2 - 1) SELECT coalesce(sum(n), 0) + (SELECT count(*) FROM " KW_AWAITED
                           " AND touchpoint.day BETWEEN ?2 - ?3 AND ?2 - 1 AND touchpoint.store = ?1 AND "
                           WAS_DRAWN("touchpoint") ") FROM days CROSS JOIN cell ON cell.view = 0"
                           " AND cell.day = days.day AND cell.store = ?1 WHERE " WAS_DRAWN("cell"),
                           error);
    if (!statement)
        return KWIT_E_IO;
    kw_bind_text(statement, 1, store);
    sqlite3_bind_int64(statement, 2, day);
    sqlite3_bind_int(statement, 3, WINDOW_DAYS);
    int code = sqlite3_step(statement) == SQLITE_ROW ? 0 : kw_journal_fail(journal, "reading", error);
    int64_t sales = code == 0 ? sqlite3_column_int64(statement, 0) : 0;
    kw_journal_reset(statement);
    *rate_bp = sales <= wanted ? BASIS_POINTS : (int)((int64_t)wanted * BASIS_POINTS / sales);
    return code;
}
