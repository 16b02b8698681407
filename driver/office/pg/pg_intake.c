/*
 * pg_intake.c - answers of a file. Each is judged as it comes, and waits in a table of the connection; then all get
 * their places in one transaction, so that no reader sees half a file, and nothing is held meanwhile.
 */
#include "office/pg/internal.h"

#include "base/clock.h"

#include <stdlib.h>
#include <string.h>

struct intake {
    const PGconn *link;                     /* what waits is gone with it */
    int64_t before_day, comments_from_ms;   /* what went for good does not come back with a file */
    char *platform, *form;
};

/* ---- begin and end ------------------------------------------------------------------------------------------ */

void kw_pg_intake_drop(void *store, void *begun)
{
    struct intake *intake = begun;
    (void)store;
    free(intake->platform);
    free(intake->form);
    free(intake);
}

static int read_marks(struct kw_pg *pg, struct intake *intake, struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_run(pg, KW_PG_MARKS, NULL, &rows, error);
    if (code == 0) {
        intake->before_day = kw_pg_get(rows, 0, 0);
        intake->comments_from_ms = kw_pg_get(rows, 0, 1);
    }
    PQclear(rows);
    return code;
}

static int prepare(struct kw_pg *pg, struct intake *intake, struct kw_error *error)
{
    static const char *const made[] = {
        "DROP TABLE IF EXISTS pg_temp.came_answer, pg_temp.came_opening",
        "CREATE TEMP TABLE came_answer (LIKE answer INCLUDING DEFAULTS, place bigint GENERATED ALWAYS AS IDENTITY, kind text)",
        "CREATE UNIQUE INDEX ON came_answer(key)",
        "CREATE INDEX ON came_answer(sale) WHERE verdict = 10",
        "CREATE INDEX ON came_answer(token) WHERE verdict = 16",
        "CREATE TEMP TABLE came_opening (LIKE opening INCLUDING ALL)",
    };
    int code = kw_pg_reach(pg, error);
    for (size_t i = 0; code == 0 && i < sizeof made / sizeof made[0]; i++)
        code = kw_pg_say(pg, made[i], error);
    intake->link = pg->link;
    return code < 0 ? code : read_marks(pg, intake, error);
}

int kw_pg_intake_begin(void *store, const char *platform, const char *form, void **begun, struct kw_error *error)
{
    struct intake *intake = calloc(1, sizeof *intake);
    *begun = NULL;
    if (intake) {
        intake->platform = strdup(platform);
        intake->form = strdup(form);
    }
    const bool whole = intake && intake->platform && intake->form;
    int code = whole ? prepare(store, intake, error) : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        *begun = intake;
    else if (intake)
        kw_pg_intake_drop(store, intake);
    return code;
}

/* ---- one that comes ----------------------------------------------------------------------------------------- */

static struct kw_pg_values fields_of(const struct kw_answer *answer)
{
    struct kw_pg_values values = { .count = 0 };
    const int64_t fields[] = { answer->kid, answer->handle, answer->day, answer->seq, answer->variant, answer->flag };
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        kw_pg_number(&values, answer->opened ? fields[i] : -1);
    return values;
}

/* What is known under its key, here or in the file before it. */
static int find_known(struct kw_pg *pg, const struct kw_answer *answer, struct kw_answer_stored *stored,
                      struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    const int64_t code_fields[] = { answer->kid, answer->handle, answer->day, answer->seq };
    PGresult *rows;
    *stored = (struct kw_answer_stored){ 0 };
    kw_pg_bytes(&values, answer->key, KW_ANSWER_KEY);
    kw_pg_number(&values, answer->nps);
    kw_pg_number(&values, answer->csat);
    kw_pg_number(&values, answer->ces);
    kw_pg_text(&values, answer->token);
    for (size_t i = 0; i < sizeof code_fields / sizeof code_fields[0]; i++)
        kw_pg_number(&values, answer->opened ? code_fields[i] : -1);
    int code = kw_pg_run(pg, KW_PG_CAME_BEFORE, &values, &rows, error);
    if (code == 0 && PQntuples(rows) > 0)
        *stored = (struct kw_answer_stored){ .id = kw_pg_get(rows, 0, 0), .incomplete = kw_pg_get(rows, 0, 1) != 0,
                                             .bare = kw_pg_get(rows, 0, 2) != 0, .edited = kw_pg_get(rows, 0, 3) != 0,
                                             .other_code = kw_pg_get(rows, 0, 4) != 0 };
    PQclear(rows);
    return code;
}

/* The key of an answer whose platform gave its id to one with another code as well. */
static int make_twin_key(struct kw_pg *pg, struct kw_answer *answer, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    kw_pg_bytes(&values, answer->key, KW_ANSWER_KEY);
    kw_pg_text(&values, answer->token);
    int code = kw_pg_run(pg, KW_PG_TWIN_KEY, &values, &rows, error);
    if (code == 0)
        kw_pg_get_bytes(rows, 0, 0, answer->key, KW_ANSWER_KEY);
    PQclear(rows);
    return code;
}

static bool was_dropped(const struct intake *intake, const struct kw_answer *answer)
{
    const int64_t day_ms = 86400000;
    return answer->opened ? answer->day < intake->before_day
                          : intake->before_day > 0 && answer->submitted_ms > 0
                                && answer->submitted_ms < (KW_FIRST_DAY + intake->before_day) * day_ms;
}

/* Where it waits: in the place of the one that it makes whole, and of a row whose time could not be read. */
static int put(struct kw_pg *pg, const struct kw_answer *answer, const struct kw_answer_stored *stored,
               const struct kw_pg_match *match, struct kw_error *error)
{
    const bool matched = match->sale > 0 && answer->verdict == KW_VERDICT_MATCHED;
    const char *kind = matched ? kw_answer_alert(answer) : NULL;
    const struct kw_pg_values fields = fields_of(answer);
    const int64_t numbers[] = { answer->verdict, match->journal, match->sale, match->printed_ms, answer->submitted_ms,
                                answer->nps, answer->csat, answer->ces, answer->contact };
    struct kw_pg_values leaves = { .count = 0 }, values = { .count = 0 };
    kw_pg_bytes(&leaves, answer->key, KW_ANSWER_KEY);
    kw_pg_text(&leaves, answer->token);
    kw_pg_number(&leaves, stored->id == 0 && !kw_answer_is_odd(answer));
    int code = kw_pg_run(pg, KW_PG_LEAVE_CAME, &leaves, NULL, error);
    kw_pg_number(&values, stored->id > 0 ? stored->id : 0);
    kw_pg_bytes(&values, answer->key, KW_ANSWER_KEY);
    kw_pg_text(&values, answer->token);
    for (int i = 0; i < fields.count; i++)
        kw_pg_text(&values, fields.room[i]);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kw_pg_number(&values, numbers[i]);
    kw_pg_text(&values, answer->language);
    kw_pg_text(&values, answer->comment ? answer->comment : "");
    kw_pg_text(&values, answer->own ? answer->own : "");
    kw_pg_text(&values, kind ? kind : "");
    return code < 0 ? code : kw_pg_run(pg, KW_PG_COME, &values, NULL, error);
}

static int add(struct kw_pg *pg, const struct intake *intake, const struct kw_answer *came,
               const struct kw_pg_match *match, enum kw_answer_change *change, struct kw_error *error)
{
    struct kw_answer answer = *came;
    struct kw_answer_stored stored;
    if (answer.submitted_ms > 0 && answer.submitted_ms < intake->comments_from_ms)
        answer.comment = "";
    int code = find_known(pg, &answer, &stored, error);
    const bool twin = code == 0 && stored.other_code;
    if (twin)
        code = make_twin_key(pg, &answer, error);
    if (twin && code == 0)
        code = find_known(pg, &answer, &stored, error);
    *change = KW_ANSWER_KNOWN;
    if (code < 0 || (stored.id == 0 && was_dropped(intake, &answer)))
        return code;
    *change = kw_answer_becomes(&answer, &stored, twin);
    return *change == KW_ANSWER_KNOWN || *change == KW_ANSWER_EDITED ? 0 : put(pg, &answer, &stored, match, error);
}

static int take_event(struct kw_pg *pg, const struct kw_answer *answer, const struct kw_pg_match *match,
                      struct kw_taken *taken, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    const int64_t numbers[] = { match->sale, answer->event, match->journal, answer->day, answer->submitted_ms };
    PGresult *rows;
    if (answer->verdict != KW_VERDICT_MATCHED && answer->verdict != KW_VERDICT_EARLY)
        return 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kw_pg_number(&values, numbers[i]);
    int code = kw_pg_run(pg, KW_PG_COME_OPENING, &values, &rows, error);
    taken->is_first = code == 0 && kw_pg_get(rows, 0, 0) != 0;
    PQclear(rows);
    return code;
}

/* For the tally only: which of several answers to one sale counts is found when reading. */
static int tell_used(struct kw_pg *pg, const struct kw_answer *answer, int64_t sale, struct kw_taken *taken,
                     struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    kw_pg_number(&values, sale);
    kw_pg_bytes(&values, answer->key, KW_ANSWER_KEY);
    int code = kw_pg_run(pg, KW_PG_CAME_OTHER, &values, &rows, error);
    if (code == 0 && kw_pg_get(rows, 0, 0))
        taken->verdict = KW_VERDICT_USED;
    PQclear(rows);
    return code;
}

static int take_one(struct kw_pg *pg, const struct intake *intake, const struct kw_shop_days *days,
                    struct kw_answer *answer, struct kw_taken *taken, struct kw_error *error)
{
    struct kw_pg_match match = { 0 };
    int code = answer->verdict ? 0 : kw_pg_judge(pg, answer, days, &match, error);
    *taken = (struct kw_taken){ .verdict = answer->verdict };
    if (code < 0)
        return code;
    if (answer->event != KW_EVENT_COMPLETED)
        return take_event(pg, answer, &match, taken, error);
    answer->verdict = taken->verdict = kw_verdict_when_whole(answer);
    if (answer->verdict == KW_VERDICT_MATCHED)
        code = tell_used(pg, answer, match.sale, taken, error);
    return code < 0 ? code : add(pg, intake, answer, &match, &taken->change, error);
}

/* ---- many, and all of them ---------------------------------------------------------------------------------- */

/* What waited went with its connection. */
static int begin(struct kw_pg *pg, const struct intake *intake, struct kw_error *error)
{
    return pg->link && pg->link == intake->link
               ? kw_pg_say(pg, "BEGIN", error)
               : kw_fail(error, KWIT_E_UNAVAILABLE, "[office] store", "PostgreSQL went away in the middle of the file;"
                         " nothing of it was taken, so import it again");
}

int kw_pg_intake_take(void *store, void *begun, const struct kw_shop_days *days, struct kw_answer *answers,
                      struct kw_taken *taken, size_t count, struct kw_error *error)
{
    int code = begin(store, begun, error);
    if (code < 0)
        return code;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = take_one(store, begun, days, &answers[i], &taken[i], error);
    return kw_pg_end(store, code, error);
}

static int note_import(struct kw_pg *pg, const struct intake *intake, const struct kw_intake_totals *totals,
                       int64_t *import, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    const int64_t numbers[] = { kw_clock_wall_ms(), totals->rows, totals->reach_ms, totals->opened, totals->started };
    PGresult *rows;
    kw_pg_text(&values, intake->platform);
    kw_pg_text(&values, intake->form);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kw_pg_number(&values, numbers[i]);
    int code = kw_pg_run(pg, KW_PG_NEW_IMPORT, &values, &rows, error);
    *import = code == 0 ? kw_pg_get(rows, 0, 0) : 0;
    PQclear(rows);
    return code;
}

/* A wish that is added to an alert goes before the alerts that are new. */
static int place_all(struct kw_pg *pg, int64_t import, struct kw_error *error)
{
    enum of { NONE, IMPORT, NOW };
    static const struct { enum kw_pg_statement statement; enum of of; } steps[] = {
        { KW_PG_LEAVE_UNTIMED, NONE }, { KW_PG_REPLACE_ANSWERS, IMPORT }, { KW_PG_PLACE_ANSWERS, IMPORT },
        { KW_PG_WISHES, NONE }, { KW_PG_RAISE_ALL, NOW }, { KW_PG_PLACE_OPENINGS, NONE },
    };
    int code = kw_pg_say(pg, "SET LOCAL statement_timeout = 0", error);
    for (size_t i = 0; code == 0 && i < sizeof steps / sizeof steps[0]; i++) {
        struct kw_pg_values values = { .count = 0 };
        if (steps[i].of != NONE)
            kw_pg_number(&values, steps[i].of == IMPORT ? import : kw_clock_wall_ms());
        code = kw_pg_run(pg, steps[i].statement, &values, NULL, error);
    }
    return code;
}

int kw_pg_intake_end(void *store, void *begun, const struct kw_shop_days *days, const struct kw_intake_totals *totals,
                     int64_t *rejudged, struct kw_error *error)
{
    const int64_t any_day[] = { 0, INT32_MAX };
    int64_t import;
    int code = begin(store, begun, error);
    const bool is_begun = code == 0;
    *rejudged = 0;
    if (code == 0)
        code = note_import(store, begun, totals, &import, error);
    if (code == 0)
        code = place_all(store, import, error);
    if (is_begun)
        code = kw_pg_end(store, code, error);
    kw_pg_intake_drop(store, begun);
    return code < 0 ? code : kw_pg_rejudge(store, days, 0, any_day, rejudged, error);
}
