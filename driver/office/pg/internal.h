/* internal.h - what the files of this room share: one connection, its statements, and what goes in and out of them. */
#ifndef KW_OFFICE_PG_INTERNAL_H
#define KW_OFFICE_PG_INTERNAL_H

#include "base/arena.h"
#include "base/buffer.h"
#include "office/pg/pg.h"

#include <libpq-fe.h>

enum kw_pg_statement {
#define STATEMENT(name, law, text) KW_PG_##name,
#include "office/pg/statements.def"
#undef STATEMENT
    KW_PG_STATEMENTS
};

enum { KW_PG_VALUES = 32, KW_PG_VALUE = 72, KW_PG_WEEKS = 2048, KW_PG_WEEK = 7 };

struct kw_pg {
    char *place;
    int64_t schema;                         /* newest version of journals that is taken from */
    int tables;                             /* the version that they must have */
    PGconn *link;                           /* NULL: not connected */
    int64_t away_until_ms;                  /* of kw_clock_boot_ms: no server answered, and is not asked before */
    bool is_prepared[KW_PG_STATEMENTS];
    bool is_made[KW_PG_WEEKS];              /* weeks that have their tables */
    int64_t tended_ms;                      /* of kw_clock_boot_ms: when kw_pg_tend did all it does; 0: never */
    bool is_held;                           /* a moment of it, by this connection */
    bool has_turn;                          /* to tell of alerts: no other connection has it */
};

/* ---- connection (pg_link.c) --------------------------------------------------------------------------------- */

/* UNAVAILABLE or CONFIG. After a failure of the connection the next call connects again. */
int kw_pg_reach(struct kw_pg *pg, struct kw_error *error);
/* The same, but whatever version the tables have; as another user. */
int kw_pg_connect(const char *place, PGconn **link, struct kw_error *error);
/* What the server said of the last call; closes a connection that is none any more. TIMEOUT: try again. */
int kw_pg_fail(struct kw_pg *pg, const PGresult *result, struct kw_error *error);
/* A text without parameters and rows: BEGIN, COMMIT. */
int kw_pg_say(struct kw_pg *pg, const char *text, struct kw_error *error);
/* Commits when code is 0, else rolls back; returns the code of what failed first. */
int kw_pg_end(struct kw_pg *pg, int code, struct kw_error *error);

/* ---- statements --------------------------------------------------------------------------------------------- */

/* Parameters in their order; texts live until the statement has run. A copy of it is as good as it is. */
struct kw_pg_values {
    const char *texts[KW_PG_VALUES];        /* NULL: it stands in its room */
    char room[KW_PG_VALUES][KW_PG_VALUE];
    int count;
};
void kw_pg_number(struct kw_pg_values *values, int64_t number);
void kw_pg_text(struct kw_pg_values *values, const char *text);
void kw_pg_bytes(struct kw_pg_values *values, const uint8_t *bytes, size_t length);     /* at most 32 */

/* *rows: NULL, or where its rows go, given back by PQclear; kept NULL when it fails. */
int kw_pg_run(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values, PGresult **rows,
              struct kw_error *error);
/* Several that give no rows, in one way to the server and back; the first that fails ends them. */
struct kw_pg_saying { enum kw_pg_statement statement; const struct kw_pg_values *values; };
int kw_pg_run_together(struct kw_pg *pg, const struct kw_pg_saying *sayings, size_t count, struct kw_error *error);
/* As kw_pg_run, but its rows come one by one, by PQgetResult. */
int kw_pg_send(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values,
               struct kw_error *error);
/* Each row to a reader, as they come; no more of them are held than one, and the reader asks the server nothing. */
typedef int (*kw_pg_row_reader)(const PGresult *row, void *data);
int kw_pg_each(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values,
               kw_pg_row_reader reader, void *data, struct kw_error *error);
/* The number in a field; true is 1, what is NULL is 0. */
int64_t kw_pg_get(const PGresult *rows, int row, int column);
/* KW_SCORE_NONE where it is NULL. */
int kw_pg_score(const PGresult *rows, int row, int column);
/* A statement that changes rows; whether it changed any. */
int kw_pg_change(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values, bool *changed,
                 struct kw_error *error);
/* Bytes of a field; how many there are, at most size. */
size_t kw_pg_get_bytes(const PGresult *rows, int row, int column, uint8_t *out, size_t size);

/* ---- many rows at once (pg_rows.c) -------------------------------------------------------------------------- */

struct kw_pg_lines { struct kw_buffer bytes; bool inside; };
void kw_pg_line_begin(struct kw_pg_lines *lines);
void kw_pg_line_number(struct kw_pg_lines *lines, int64_t number);
void kw_pg_line_text(struct kw_pg_lines *lines, const char *text);
void kw_pg_line_bytes(struct kw_pg_lines *lines, const uint8_t *bytes, size_t length);
void kw_pg_line_end(struct kw_pg_lines *lines);
/* COPY into a table and its columns ("event(journal, day)"). */
int kw_pg_copy(struct kw_pg *pg, const char *into, const struct kw_pg_lines *lines, struct kw_error *error);

/* Touchpoints as lines of the table KW_PG_TOUCHPOINTS, and as rows of a SELECT of all of its columns. */
extern const char kw_pg_touchpoints[];
void kw_pg_put_touchpoint(struct kw_pg_lines *lines, int64_t journal, const struct kw_touchpoint *touchpoint);
/* Strings live as long as the rows. */
void kw_pg_touchpoint(const PGresult *rows, int row, struct kw_touchpoint *touchpoint);

/* ---- a batch (pg_fold.c) ------------------------------------------------------------------------------------ */

/* A sale that a batch speaks of: as it is then, and how it was counted before. */
struct kw_pg_sale {
    int64_t own;                            /* its number in its journal */
    struct kw_touchpoint touchpoint;
    enum kw_class counted;                  /* UNTOLD: not yet */
    bool is_new, is_erased;
    int64_t annulled_ms;                    /* said in this batch; 0: not */
};
struct kw_pg_fold {
    struct kw_pg_sale *sales;
    size_t count;
    int64_t journal;
};
/* Room for the sales of a batch, those of them that it brings itself first. */
int kw_pg_fold_begin(struct kw_pg_fold *fold, struct kw_arena *arena, const struct kw_batch *batch, int64_t journal,
                     struct kw_error *error);
/* Whether that is a sale of the journal's own; here its journal's number stands above these bits. */
enum { KW_PG_SALE_BITS = 40 };
bool kw_pg_is_own(int64_t sale);
struct kw_pg_sale *kw_pg_fold_find(const struct kw_pg_fold *fold, int64_t own);
/*
 * Those of earlier batches (pg_late.c): asked for as a run where they follow each other, so that each week is looked
 * at once. The rows that their texts are in are the caller's to free.
 */
int kw_pg_fold_late(struct kw_pg *pg, struct kw_pg_fold *fold, const struct kw_batch *batch, struct kw_arena *arena,
                    PGresult **rows, struct kw_error *error);
/* What all events of the batch make of its sales. */
void kw_pg_fold_events(struct kw_pg_fold *fold, const struct kw_batch *batch);
extern const char kw_pg_cells[];            /* where its cells are copied to */
/* Its cells, taken away where it was counted and added where it is now. */
void kw_pg_fold_cells(const struct kw_pg_fold *fold, struct kw_pg_lines *lines);

/* ---- answers (pg_judge.c, pg_page.c); all but the last inside a transaction ------------------------------------- */

/* The sale of an answer's code; 0 and "": not known. */
struct kw_pg_match { int64_t journal, sale, printed_ms; char language[36]; };
/* Fills the answer's verdict, as kw_answer_judge of the journal does. */
int kw_pg_judge(struct kw_pg *pg, struct kw_answer *answer, const struct kw_shop_days *days, struct kw_pg_match *match,
                struct kw_error *error);
/* The alert of that answer, where it raises one and there is none yet; a wish to be contacted is added to it. */
int kw_pg_raise(struct kw_pg *pg, int64_t id, const struct kw_answer *answer, struct kw_error *error);
/* All that was said in it is gone, and its alert is closed. */
int kw_pg_wipe(struct kw_pg *pg, int64_t id, int64_t now_ms, struct kw_error *error);
/* Judges uncovered answers of these days again; of the handles of one journal, or of all (0). Adds those it settles. */
int kw_pg_rejudge(struct kw_pg *pg, const struct kw_shop_days *days, int64_t journal, const int64_t between[2],
                  int64_t *settled, struct kw_error *error);

/* ---- sales that do not count (pg_aside.c) --------------------------------------------------------------------- */

/* days: the first and last of what was moved, from INT64_MAX and -1 on. */
struct kw_pg_aside { int64_t journal, days[2]; };
/* Inside a transaction: what was set aside of a journal counts again; then, not 0, its sales from that event do not. */
int kw_pg_set_aside(struct kw_pg *pg, struct kw_pg_aside *aside, int64_t from_n, struct kw_error *error);

/* ---- the calls ---------------------------------------------------------------------------------------------- */

int kw_pg_take(void *store, const struct kw_shop_days *days, const struct kw_batch *batch, struct kw_batch_head *head,
               struct kw_error *error);
int kw_pg_hold(void *store, struct kw_error *error);
void kw_pg_release(void *store);
int kw_pg_days(void *store, int64_t *first, int64_t *last, struct kw_error *error);
int kw_pg_cells_each(void *store, enum kw_view view, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data,
                     struct kw_error *error);
int kw_pg_signs(void *store, int64_t from_day, int64_t to_day, kw_cell_sink sink, void *data, struct kw_error *error);
int kw_pg_plans(void *store, kw_plan_sink sink, void *data, struct kw_error *error);
int kw_pg_verdicts(void *store, int64_t from_day, int64_t to_day, int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms,
                   struct kw_error *error);
int kw_pg_answers(void *store, int64_t from_day, int64_t to_day, kw_answer_sink sink, void *data,
                  struct kw_error *error);
int kw_pg_comments(void *store, int64_t from_day, int64_t to_day, kw_comment_sink sink, void *data,
                   struct kw_error *error);
int kw_pg_measured(void *store, struct kw_opening_measured *measured, struct kw_error *error);
int kw_pg_openings(void *store, int64_t from_day, int64_t to_day, kw_opening_sink sink, void *data,
                   struct kw_error *error);
int kw_pg_alerts(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error);
int kw_pg_find_alert(void *store, int64_t id, kw_alert_sink sink, void *data, struct kw_error *error);
int kw_pg_head(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error);
int kw_pg_intake_begin(void *store, const char *platform, const char *form, void **intake, struct kw_error *error);
int kw_pg_intake_take(void *store, void *intake, const struct kw_shop_days *days, struct kw_answer *answers,
                      struct kw_taken *taken, size_t count, struct kw_error *error);
int kw_pg_intake_end(void *store, void *intake, const struct kw_shop_days *days, const struct kw_intake_totals *totals,
                     int64_t *rejudged, struct kw_error *error);
void kw_pg_intake_drop(void *store, void *intake);
int kw_pg_ticket(void *store, const struct kw_answer *answer, const struct kw_shop_days *days, struct kw_ticket *ticket,
                 struct kw_error *error);
int kw_pg_submit(void *store, const struct kw_shop_days *days, struct kw_submission *submissions, size_t count,
                 struct kw_error *error);
int kw_pg_said(void *store, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data, struct kw_error *error);
int kw_pg_redeem(struct kw_pg *pg, const uint8_t mark[KW_THANKS_MARK], bool *any, struct kw_error *error);
extern const struct kw_loop_calls kw_pg_loop;
int kw_pg_tend(struct kw_pg *pg, const struct kw_shop_days *days, const struct kw_pg_keep *keep,
               struct kw_error *error);
int kw_pg_migrate(const char *owner, const char *office, int *from, int *to, struct kw_error *error);
int kw_pg_version_wanted(void);
int kw_pg_tills(struct kw_pg *store, kw_till_sink sink, void *data, struct kw_error *error);
int kw_pg_revoke(struct kw_pg *store, const struct kw_shop_days *days, const struct kw_till_revocation *revocation,
                 struct kw_error *error);
int kw_pg_accept(struct kw_pg *store, const struct kw_shop_days *days, const char *uuid, struct kw_error *error);

#endif
