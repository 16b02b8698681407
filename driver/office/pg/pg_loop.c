/* pg_loop.c - those who look after answers: alerts taken and closed, notices, replies, addresses. */
#include "office/pg/internal.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

static const int64_t KEPT_AFTER_CLOSING_MS = (int64_t)14 * 86400000;

static struct kw_pg_values numbers_of(const int64_t *numbers, int count)
{
    struct kw_pg_values values = { .count = 0 };
    for (int i = 0; i < count; i++)
        kw_pg_number(&values, numbers[i]);
    return values;
}

/* The first row's number, or text. */
static int ask_number(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values,
                      int64_t *number, struct kw_error *error)
{
    PGresult *rows = NULL;
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_run(pg, statement, values, &rows, error);
    *number = code == 0 && PQntuples(rows) > 0 ? kw_pg_get(rows, 0, 0) : 0;
    PQclear(rows);
    return code;
}

static int change(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values, bool *changed,
                  struct kw_error *error)
{
    int code = kw_pg_reach(pg, error);
    return code < 0 ? code : kw_pg_change(pg, statement, values, changed, error);
}

/* As long as this connection lives, no other one gets it. */
static int take_turn(void *store, bool *mine, struct kw_error *error)
{
    struct kw_pg *pg = store;
    int64_t got = 0;
    int code = kw_pg_reach(pg, error);
    if (code == 0 && !pg->has_turn)
        code = ask_number(pg, KW_PG_TURN, NULL, &got, error);
    pg->has_turn = code == 0 && (pg->has_turn || got);
    *mine = pg->has_turn;
    return code;
}

/* ---- an alert ----------------------------------------------------------------------------------------------- */

/* Why nothing was marked. */
static int refuse_mark(struct kw_pg *pg, int64_t id, struct kw_error *error)
{
    const struct kw_pg_values values = numbers_of(&id, 1);
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_MARKED, &values, &rows, error);
    if (code < 0)
        return code;
    if (PQntuples(rows) == 0)
        code = kw_fail(error, KWIT_E_NOT_FOUND, "[office] store", "there is no alert %lld", (long long)id);
    else
        code = kw_fail(error, KWIT_E_CONFLICT, "[office] store", "alert %lld is %s already%s%s", (long long)id,
                       kw_pg_get(rows, 0, 1) ? "closed" : "acknowledged", PQgetvalue(rows, 0, 2)[0] ? ", by " : "",
                       PQgetvalue(rows, 0, 2));
    PQclear(rows);
    return code;
}

static int mark(struct kw_pg *pg, int64_t id, const char *who, bool close, struct kw_error *error)
{
    const int64_t now_ms = kw_clock_wall_ms(), numbers[] = { id, now_ms, close };
    struct kw_pg_values values = numbers_of(numbers, 3);
    int64_t answer;
    kw_pg_text(&values, who);
    int code = ask_number(pg, KW_PG_MARK, &values, &answer, error);
    if (code == 0 && answer == 0)
        return refuse_mark(pg, id, error);
    const int64_t end[] = { answer, now_ms + KEPT_AFTER_CLOSING_MS };
    values = numbers_of(end, 2);
    return code < 0 || !close ? code : kw_pg_run(pg, KW_PG_END_CONTACT, &values, NULL, error);
}

static int mark_alert(void *store, int64_t id, const char *who, bool close, struct kw_error *error)
{
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_say(store, "BEGIN", error);
    return code < 0 ? code : kw_pg_end(store, mark(store, id, who, close, error), error);
}

static int read_contact(void *store, int64_t id, void *sealed, size_t size, size_t *length, struct kw_error *error)
{
    const struct kw_pg_values values = numbers_of(&id, 1);
    PGresult *rows = NULL;
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_SEALED, &values, &rows, error);
    *length = code == 0 && PQntuples(rows) > 0 ? kw_pg_get_bytes(rows, 0, 0, sealed, size) : 0;
    PQclear(rows);
    return code < 0 || *length > 0 ? code : kw_fail(error, KWIT_E_NOT_FOUND, "[office] store", "alert %lld has no"
                                                    " address; none was left, or it is forgotten", (long long)id);
}

static int write_reply(void *store, int64_t id, const char *text, const char *who, int64_t now_ms,
                       struct kw_error *error)
{
    struct kw_pg_values values = numbers_of(&id, 1);
    bool changed;
    if (!text[0])
        return change(store, KW_PG_TAKE_REPLY, &values, &changed, error);
    kw_pg_text(&values, text);
    kw_pg_text(&values, who);
    kw_pg_number(&values, now_ms);
    return change(store, KW_PG_PUT_REPLY, &values, &changed, error);
}

static int read_reply(void *store, int64_t id, char reply[KW_REPLY], struct kw_error *error)
{
    const struct kw_pg_values values = numbers_of(&id, 1);
    PGresult *rows = NULL;
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_REPLIED, &values, &rows, error);
    snprintf(reply, KW_REPLY, "%s", code == 0 && PQntuples(rows) > 0 ? PQgetvalue(rows, 0, 0) : "");
    PQclear(rows);
    return code;
}

/* ---- notices ------------------------------------------------------------------------------------------------ */

static int add_notice(void *store, const struct kw_notice *notice, struct kw_error *error)
{
    struct kw_pg_values values = numbers_of(&notice->alert, 1);
    bool added;
    kw_pg_text(&values, notice->kind);
    kw_pg_text(&values, notice->channel);
    kw_pg_text(&values, notice->store);
    kw_pg_number(&values, notice->made_ms);
    kw_pg_number(&values, notice->due_ms);
    kw_pg_number(&values, notice->fate);
    return change(store, KW_PG_NEW_NOTICE, &values, &added, error);
}

static int is_known(void *store, int64_t alert, const char *kind, const char *channel, bool *known,
                    struct kw_error *error)
{
    struct kw_pg_values values = numbers_of(&alert, 1);
    int64_t count;
    kw_pg_text(&values, kind);
    kw_pg_text(&values, channel);
    int code = ask_number(store, KW_PG_NOTICE_KNOWN, &values, &count, error);
    *known = count > 0;
    return code;
}

static int count_since(void *store, const char *shop, const char *channel, const char *kind, int64_t since_ms,
                       int64_t *count, struct kw_error *error)
{
    struct kw_pg_values values = numbers_of(&since_ms, 1);
    kw_pg_text(&values, shop);
    kw_pg_text(&values, channel);
    kw_pg_text(&values, kind ? kind : "");
    return ask_number(store, KW_PG_NOTICES_SINCE, &values, count, error);
}

/* Their rows are all here before the sink is called, which may ask for more. */
static int read_notices(void *store, int64_t now_ms, kw_notice_sink sink, void *data, struct kw_error *error)
{
    const struct kw_pg_values values = numbers_of(&now_ms, 1);
    PGresult *rows = NULL;
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_NOTICES, &values, &rows, error);
    for (int row = 0; code == 0 && row < PQntuples(rows); row++) {
        const struct kw_notice notice = { .id = kw_pg_get(rows, row, 0), .alert = kw_pg_get(rows, row, 1),
                                          .made_ms = kw_pg_get(rows, row, 2), .due_ms = kw_pg_get(rows, row, 3),
                                          .ended_ms = kw_pg_get(rows, row, 4), .tries = (int)kw_pg_get(rows, row, 5),
                                          .fate = (int)kw_pg_get(rows, row, 6), .kind = PQgetvalue(rows, row, 7),
                                          .channel = PQgetvalue(rows, row, 8), .store = PQgetvalue(rows, row, 9),
                                          .said = PQgetvalue(rows, row, 10) };
        code = sink(data, &notice);
    }
    PQclear(rows);
    return code;
}

static int note_sent(void *store, int64_t id, int64_t alert, int64_t now_ms, struct kw_error *error)
{
    const int64_t numbers[] = { id, alert, now_ms };
    const struct kw_pg_values values = numbers_of(numbers, 3);
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_say(store, "BEGIN", error);
    if (code < 0)
        return code;
    code = kw_pg_run(store, KW_PG_NOTICE_SENT, &values, NULL, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_TOLD, &values, NULL, error);
    return kw_pg_end(store, code, error);
}

static int note_failed(void *store, int64_t id, int64_t due_ms, const char *said, int64_t now_ms,
                       struct kw_error *error)
{
    const int64_t numbers[] = { id, due_ms };
    struct kw_pg_values values = numbers_of(numbers, 2);
    bool changed;
    kw_pg_text(&values, said);
    kw_pg_number(&values, now_ms);
    return change(store, KW_PG_NOTICE_FAILED, &values, &changed, error);
}

static int change_waiting(struct kw_pg *pg, enum kw_pg_statement statement, int64_t id, int64_t now_ms,
                          struct kw_error *error)
{
    const int64_t numbers[] = { id, now_ms };
    const struct kw_pg_values values = numbers_of(numbers, 2);
    bool changed;
    int code = change(pg, statement, &values, &changed, error);
    return code < 0 || changed ? code : kw_fail(error, KWIT_E_NOT_FOUND, "[office] store", "no notice %lld waits or was"
                                                " given up; kwit office outbox list tells which do", (long long)id);
}

static int retry_notice(void *store, int64_t id, int64_t now_ms, struct kw_error *error)
{
    return change_waiting(store, KW_PG_NOTICE_RETRY, id, now_ms, error);
}

static int drop_notice(void *store, int64_t id, int64_t now_ms, struct kw_error *error)
{
    return change_waiting(store, KW_PG_NOTICE_DROP, id, now_ms, error);
}

/* ---- what is forgotten -------------------------------------------------------------------------------------- */

static int forget_contacts(void *store, int64_t now_ms, struct kw_error *error)
{
    const struct kw_pg_values values = numbers_of(&now_ms, 1);
    bool changed;
    return change(store, KW_PG_FORGET, &values, &changed, error);
}

static int wipe_all(struct kw_pg *pg, const struct kw_pg_values *values, int64_t *count, struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_OF_CODE, values, &rows, error);
    *count = code == 0 ? PQntuples(rows) : 0;
    for (int row = 0; code == 0 && row < *count; row++)
        code = kw_pg_wipe(pg, kw_pg_get(rows, row, 0), kw_clock_wall_ms(), error);
    PQclear(rows);
    return code;
}

/* Of the till that has that sale, or of any with its handle while the sale is not here. */
static int order(struct kw_pg *pg, struct kw_pg_values *values, struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_JOURNAL_OF, values, &rows, error);
    if (code < 0)
        return code;
    kw_pg_number(values, kw_pg_get(rows, 0, 0));
    kw_pg_number(values, kw_clock_wall_ms());
    PQclear(rows);
    return kw_pg_run(pg, KW_PG_PUT_ORDER, values, NULL, error);
}

static int erase_answers(void *store, const struct kw_answer *answer, int64_t *count, bool *ordered,
                         struct kw_error *error)
{
    const int64_t numbers[] = { answer->handle, answer->day, answer->seq };
    struct kw_pg_values values = numbers_of(numbers, 3);
    int code = kw_pg_reach(store, error);
    *count = 0;
    *ordered = true;
    if (code == 0)
        code = kw_pg_say(store, "BEGIN", error);
    if (code < 0)
        return code;
    code = wipe_all(store, &values, count, error);
    if (code == 0)
        code = order(store, &values, error);
    return kw_pg_end(store, code, error);
}

const struct kw_loop_calls kw_pg_loop = { .turn = take_turn,
                                          .alert = kw_pg_find_alert,
                                          .mark = mark_alert,
                                          .contact = read_contact,
                                          .reply = write_reply,
                                          .replied = read_reply,
                                          .add = add_notice,
                                          .known = is_known,
                                          .since = count_since,
                                          .notices = read_notices,
                                          .sent = note_sent,
                                          .failed = note_failed,
                                          .retry = retry_notice,
                                          .drop = drop_notice,
                                          .forget = forget_contacts,
                                          .erase = erase_answers };
