/*
 * jobs.h - sales by their key, jobs and their pieces, printers by identity.
 *
 * Who may change what: the holder of the printer's lock moves its jobs from state to state; anyone may join, hold,
 * free or cancel a job that waits. Every move names the states it may start from, so that two who move at once
 * cannot both succeed. Strings and bytes handed out live in the arena that was handed in.
 */
#ifndef KW_JOURNAL_JOBS_H
#define KW_JOURNAL_JOBS_H

#include "data/choices.h"
#include "data/confirm.h"
#include "data/copies.h"
#include "journal/journal.h"

/* X(name, word, open): the states of a job; an open one still has paper to come. */
#define KW_JOB_STATES(X) \
    X(WAITING, "waiting", 1) X(BODY, "body", 1) X(TAIL, "tail", 1) X(INTERRUPTED, "interrupted", 1) \
    X(UNCONFIRMED, "unconfirmed", 0) X(PRINTED, "printed", 0) X(SENT, "sent", 0) X(EXPIRED, "expired", 0) \
    X(CANCELLED, "cancelled", 0)

enum kw_job_state {
#define KW_JOB_STATE_ENUM(name, word, open) KW_JOB_##name,
    KW_JOB_STATES(KW_JOB_STATE_ENUM)
#undef KW_JOB_STATE_ENUM
    KW_JOB_STATE_COUNT
};
const char *kw_job_state_word(enum kw_job_state state);
bool kw_job_is_open(enum kw_job_state state);

enum { KW_PIECES_MAX = 65535 };
enum kw_piece_state {
    KW_PIECE_WAITING, KW_PIECE_BODY, KW_PIECE_TAIL, KW_PIECE_PRINTED, KW_PIECE_SENT, KW_PIECE_SKIPPED
};
const char *kw_piece_state_word(enum kw_piece_state state);

/* How far bytes may have gone beyond what the disk knows; see schema.def. */
enum kw_armed { KW_ARMED_NOT, KW_ARMED_BODY, KW_ARMED_TAIL };

struct kw_sale_key {
    const char *store, *terminal, *scope, *name;
};

struct kw_sale_row {
    int64_t id;
    const uint8_t *digest;          /* 32 bytes */
    int64_t drawer_job;             /* 0: no pulse was given for this sale */
    const char *name;
};

struct kw_job {
    int64_t id, sale;               /* sale 0: none */
    const char *part;
    int copy;
    enum kw_job_state state;
    enum kwit_error reason;         /* KWIT_OK: none */
    const char *printer, *uri, *printer_name, *profile, *station;
    enum kwit_survey_choice survey;
    enum kw_copy_kind copy_kind;
    enum kw_late late;
    bool held, reprint;
    enum kw_armed armed;
    const char *boot;
    int64_t accepted_boot_ms, accepted_ms, until_boot_ms, deadline_boot_ms, deadline_ms, finished_ms;
    int attempts;
    int64_t bytes, paper_um, partial_um, open_ms, send_ms, confirm_ms;
    const char *drawer, *drawer_state;      /* "", pulsed, or why not; "", open, closed */
};

struct kw_piece_row {
    int n;
    uint8_t kind;                   /* enum kw_piece_kind */
    const char *name;
    enum kw_piece_state state;
    const uint8_t *bytes;           /* NULL when they were wiped */
    size_t length, tail_offset;
    const size_t *breaks;
    size_t break_count;
    int64_t paper_um;
    uint32_t process_id;            /* 0: none yet */
    int64_t cuts;                   /* the printer's count before the tail; -1: not known */
};

/* Whether the printer was asked what it is, and what came of it. */
enum kw_named { KW_NAMED_NOT_ASKED, KW_NAMED_IN_VAIN, KW_NAMED_MODEL /* `profile` is the model it named */ };

struct kw_printer_row {
    const char *identity, *uri, *model, *serial, *profile;
    bool answered;                  /* it once said in form how it is */
    enum kw_confirm confirms;       /* what proved a receipt; NONE: asked in vain; PROBE: not probed yet */
    enum kw_named named;
    int vouched;                    /* receipts in a row that no answer proved and a person saw */
    const char *status;             /* hex */
    bool near_end, dirty;
    int64_t seen_ms;
};

/* ---- sales ------------------------------------------------------------------------------------------------------- */

/* NOT_FOUND leaves *error alone. */
int kw_sale_find(struct kw_journal *journal, const struct kw_sale_key *key, struct kw_arena *arena,
                 struct kw_sale_row *sale, struct kw_error *error);
int kw_sale_get(struct kw_journal *journal, int64_t id, struct kw_arena *arena, struct kw_sale_row *sale,
                struct kw_error *error);
int kw_sale_add(struct kw_journal *journal, const struct kw_sale_key *key, const uint8_t digest[32], const void *body,
                size_t length, int64_t accepted_ms, int64_t *id, struct kw_error *error);
/* The store of the sale before this one, when it was another and this one's had none yet; else NULL. */
int kw_sale_store_before(struct kw_journal *journal, const struct kw_sale_key *key, int64_t sale,
                         struct kw_arena *arena, const char **store, struct kw_error *error);
/* NOT_FOUND when it was wiped. */
int kw_sale_body(struct kw_journal *journal, int64_t id, struct kw_arena *arena, const void **body, size_t *length,
                 struct kw_error *error);
int kw_sale_give_drawer(struct kw_journal *journal, int64_t id, int64_t job, struct kw_error *error);
int kw_sale_last(struct kw_journal *journal, struct kw_arena *arena, struct kw_sale_row *sale, struct kw_error *error);

/* ---- jobs -------------------------------------------------------------------------------------------------------- */

/* Of a sale's jobs the one that says what became of its invitation (awaited.h asks for the same). */
bool kw_job_is_first_receipt(const struct kw_job *job);
int kw_job_add(struct kw_journal *journal, struct kw_job *job, struct kw_error *error);     /* gives job->id */
int kw_job_get(struct kw_journal *journal, int64_t id, struct kw_arena *arena, struct kw_job *job,
               struct kw_error *error);
/*
 * As far as a call tells of it or goes on by: without what is only of matter while it is open (station, times,
 * attempts), which kw_job_get has. The part stays the caller's. NOT_FOUND leaves *error alone.
 */
int kw_job_find(struct kw_journal *journal, int64_t sale, const char *part, int copy, struct kw_arena *arena,
                struct kw_job *job, struct kw_error *error);
/* The doubted job of this printer whose piece asked for this process id; NOT_FOUND leaves *error alone. */
int kw_job_by_process(struct kw_journal *journal, const char *printer, uint32_t process_id, struct kw_arena *arena,
                      struct kw_job *job, struct kw_error *error);
/* State and reason alone, for who waits while another prints. */
int kw_job_peek(struct kw_journal *journal, int64_t id, enum kw_job_state *state, struct kw_error *error);

/* Which jobs kw_job_list hands out. */
struct kw_job_filter {
    const char *printer;            /* NULL: any */
    const char *uri;                /* with printer: also those whose printer was not known when they came */
    int64_t sale;                   /* 0: any */
    bool open, unconfirmed;         /* open ones, unconfirmed ones; both false: all */
    int limit;                      /* newest first when there is a limit, else in order of arrival */
};
int kw_job_list(struct kw_journal *journal, const struct kw_job_filter *filter, struct kw_arena *arena,
                struct kw_job **jobs, size_t *count, struct kw_error *error);

/*
 * What was called for a printer of this name in the configuration and waits where that name led before: of this till's
 * sales (terminal), or of any (NULL).
 */
int kw_job_list_strays(struct kw_journal *journal, const char *name, const char *uri, const char *terminal,
                       struct kw_arena *arena, struct kw_job **jobs, size_t *count, struct kw_error *error);
/* Files such a one under the printer that the name leads to now, if it still waits where it did. */
int kw_job_refile(struct kw_journal *journal, const struct kw_job *stray, const char *printer, const char *uri,
                  struct kw_error *error);

/* Whether this is the only open job of its printer: then nothing needs to be listed to know what is next. */
int kw_job_is_alone(struct kw_journal *journal, int64_t id, const char *printer, const char *uri, bool *alone,
                    struct kw_error *error);

/*
 * Writes what delivery owns (state, reason, profile, copy_kind, armed, attempts, partial, times, drawer) when the state
 * on disk is `from`; *moved tells whether it was.
 */
int kw_job_move(struct kw_journal *journal, const struct kw_job *job, enum kw_job_state from, bool *moved,
                struct kw_error *error);
/* Somebody waits for it until then (0: nobody any more); frees a held one. Only open jobs. */
int kw_job_want(struct kw_journal *journal, int64_t id, const char *boot, int64_t until_boot_ms,
                struct kw_error *error);
int kw_job_hold(struct kw_journal *journal, int64_t id, bool held, struct kw_error *error);
/*
 * Gives a job that came to nothing, or is asked for again, new deadlines and lets it wait, when the state on disk is
 * `from`: another process may have done so before, and have it on paper by now.
 */
int kw_job_revive(struct kw_journal *journal, const struct kw_job *job, enum kw_job_state from, bool *moved,
                  struct kw_error *error);
/* What became of a sale's receipt by a reprint that is out; NOT_FOUND leaves *error alone. */
int kw_job_reprinted(struct kw_journal *journal, int64_t sale, enum kw_job_state *state, struct kw_error *error);
/* The next free copy number of a part, for reprints. */
int kw_job_next_copy(struct kw_journal *journal, int64_t sale, const char *part, int *copy, struct kw_error *error);

/* ---- pieces ------------------------------------------------------------------------------------------------------ */

int kw_piece_add(struct kw_journal *journal, int64_t job, const struct kw_piece_row *piece, struct kw_error *error);
int kw_piece_list(struct kw_journal *journal, int64_t job, struct kw_arena *arena, struct kw_piece_row **pieces,
                  size_t *count, struct kw_error *error);
int kw_piece_move(struct kw_journal *journal, int64_t job, const struct kw_piece_row *piece, struct kw_error *error);
/* Removes the pieces from n on, to be laid out anew. */
int kw_piece_remove(struct kw_journal *journal, int64_t job, int from, struct kw_error *error);

/* ---- printers ---------------------------------------------------------------------------------------------------- */

/* NOT_FOUND leaves *error alone. */
int kw_printer_get(struct kw_journal *journal, const char *identity, struct kw_arena *arena,
                   struct kw_printer_row *printer, struct kw_error *error);
/* Only what a call tells of it: model, serial, near_end; NULL and false where not known. */
int kw_printer_told(struct kw_journal *journal, const char *identity, struct kw_arena *arena,
                    struct kw_printer_row *printer, struct kw_error *error);
/* The identity that this address had when it was last seen; NOT_FOUND leaves *error alone. */
int kw_printer_by_uri(struct kw_journal *journal, const char *uri, struct kw_arena *arena,
                      struct kw_printer_row *printer, struct kw_error *error);
/* A person saw a receipt that nothing had proven (or missed it): counted until an answer proves one. */
int kw_printer_vouch(struct kw_journal *journal, const char *identity, bool seen, struct kw_error *error);
int kw_printer_put(struct kw_journal *journal, const struct kw_printer_row *printer, struct kw_error *error);

/* ---- keeping small ----------------------------------------------------------------------------------------------- */

/* Wipes bytes of finished jobs, documents older than bodies_days and sales older than keys_days, a little each call. */
int kw_journal_prune(struct kw_journal *journal, int64_t now_ms, int bodies_days, int keys_days,
                     struct kw_error *error);

#endif
