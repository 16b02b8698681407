/* call.h - one call that prints: a record filled stage by stage, from the configuration to the line it ends with. */
#ifndef KW_API_CALL_H
#define KW_API_CALL_H

#include "api/render.h"
#include "api/result_line.h"
#include "delivery/delivery.h"

#include <kwit/tool.h>

enum { KW_CALL_COPIES = 100 };

/* The jobs that were stored for this call; made by kw_accept. */
struct kw_acceptance {
    int first_copy, last_copy;              /* asked for */
    const void *document;                   /* stored with the sale */
    size_t length;
    const void *kept;                       /* of that length, stored instead of it; NULL: the document is */
    const char *withheld;                   /* what it then lacks, stored until the paper is out (withheld.h) */
    int64_t sale;
    int64_t missed_at;                      /* version of the journal in which it was not found; 0: not looked for */
    bool stored;                            /* by this call */
    bool duplicate_key;                     /* the sale was known; nothing of it was stored now */
    bool refers_nowhere;                    /* to a sale of this till that its journal does not have */
    const char *store_before;               /* the sales before it were of this store alone; NULL: of its own, too */
    int64_t jobs[KW_CALL_COPIES];           /* by copy - first_copy */
    struct kw_job first;                    /* the first copy's row and pieces, as they were stored */
    struct kw_piece_row *first_pieces;
    size_t first_piece_count;
    int64_t paper_um;
};

struct kw_call {
    /* The caller's wish. */
    const kwit_context *context;
    const struct kwit_print_options *options;
    const char *part;
    enum kw_copy_kind copy_kind;            /* of the first copy; KW_COPY_ORIGINAL: by part and number */
    bool begun;                             /* a part of its first copy is on paper, and came to nothing */
    bool reprint;                           /* no drawer, no invitation decision of its own */
    int64_t began_ms;                       /* boot time at which the call began */
    int64_t until_ms;                       /* and ends, known once the paper is */

    /* Begun: memory and settings. */
    struct kw_arena *arena;
    struct kw_settings *settings;           /* whose configuration it is */
    struct kw_config config;
    struct kw_notes warnings;

    /* The document, where there is one to lay out. */
    struct kw_rendering *rendering;

    /* What remembers. */
    struct kw_state *state;
    struct kw_journal *journal;
    bool looks;                             /* only to look: no journal is moved here */
    bool forgets;                           /* asked for: no journal is opened, for it is at fault */
    void (*stored)(void *data);             /* told when it is on disk, before anything is printed; NULL: nobody asks */
    void *stored_data;
    bool unjournalled;                      /* it has none: it forgets, or [journal] on_failure = print */

    /* The printer. */
    struct kw_delivery delivery;
    struct kw_config_printer printer;       /* settings in force */
    char identity[KW_IDENTITY_MAX];
    int unreachable;                        /* why the printer has no identity now; 0 */
    char unreachable_text[KW_TEXT_SIZE];

    /* What became of it. */
    struct kw_acceptance acceptance;
    struct kw_result_line line;
    const char *elsewhere, *elsewhere_name; /* address and name of the job's printer, when it is not the one aimed at */
    struct kw_error error;
};

/* ---- open.c: configuration, state and journal ---- */

/*
 * Starts the clock of a call whose context is filled, and its wish, where it has one. kw_call_close follows, whatever
 * this returns.
 */
int kw_call_begin(struct kw_call *call);
/* What a caller wants for ever ends, too: no sum with a moment runs over. */
int64_t kw_call_bounded_ms(int64_t wanted_ms);
/* Reads the configuration. */
int kw_call_configure(struct kw_call *call, bool strict);
/* Opens the state directory and the journal. */
int kw_call_open_journal(struct kw_call *call, bool create);
/* All three, for a call without a document. */
int kw_call_open(const kwit_context *context, bool create, struct kw_call *call);
void kw_call_close(struct kw_call *call);

/* ---- one_journal.c: no second one, and no new one without a word ---- */

/* Takes along what this user's calls kept elsewhere, where there is no journal at `path` yet; else warns of it. */
int kw_call_join_journals(struct kw_call *call, const char *path, int64_t until_ms);
/* There is none at `path`, or an empty file, and yet there was one. */
bool kw_call_lost_journal(const struct kw_call *call, const char *path);
/* Warns of a journal that was begun anew lately where one was lost. */
void kw_call_tell_lost(struct kw_call *call);

/* ---- aim.c: the printer ---- */

/*
 * Its transport, identity and settings. profile may be NULL (each job's own). An address that leads nowhere now is no
 * error: `unreachable` tells, and jobs for it are kept. One that is none is USAGE or CONFIG.
 */
int kw_call_aim_at(struct kw_call *call, const struct kw_config_printer *printer, const char *uri,
                   const struct kw_profile *profile, bool profile_fixed);
/* A printer by name or address; NULL: the default one. */
int kw_call_aim(struct kw_call *call, const char *printer);
/* The printer of a stored job, with the settings in force for it now. */
int kw_call_aim_job(struct kw_call *call, const struct kw_job *job);
/*
 * What waits for the printer aimed at under its name, where that led to another address before, waits for it here from
 * now on: it was replaced, or the network gave it another address. Of this till's sales, or of any (NULL), where a
 * person names the printer: another till of the same journal may have a configuration of its own.
 */
int kw_call_follow(struct kw_call *call, const char *terminal);
/* What a stored job's printer is called in the configuration of now: the name that it had, or else its address. */
const char *kw_call_printer_of(const struct kw_call *call, const struct kw_job *job);
/* What jobs for this printer are filed under: its identity, or its address while that is not known. */
const char *kw_call_file_under(const struct kw_call *call);
/* No real paper comes out there: sim: and regular files. */
bool kw_address_is_test(const char *uri);

/* ---- stored.c: what a known sale keeps ---- */

/* Its document, with what is withheld from it until its paper is out. NOT_FOUND when it was wiped. */
int kw_call_document(struct kw_call *call, int64_t sale, struct kw_arena *arena, const void **document, size_t *length,
                     struct kw_error *error);

/*
 * The decision for laying it out again: stored and key must outlive choice. A sale whose touchpoint was pruned carries
 * no invitation any more.
 */
int kw_call_recall(struct kw_call *call, int64_t sale, struct kw_decided *stored, struct kw_terminal_key *key,
                   struct kw_render_choice *choice, struct kw_error *error);
/* For kw_delivery.render: a stored job laid out anew; data is the call. */
int kw_call_render_stored(void *data, const struct kw_job *job, enum kw_relayout why,
                          const struct kw_profile *profile, struct kw_arena *arena, struct kw_encoded *encoded,
                          enum kw_copy_kind *copy_kind, struct kw_error *error);

/* ---- named.c: what a person names ---- */

/* The sale that a person names; CONFLICT where several have the id. NULL: the last. */
int kw_call_find_sale(struct kw_call *call, const struct kwit_sale_name *name, struct kw_sale_row *sale);
/* Its jobs in order of arrival, of one part or (NULL) of all. */
int kw_call_list_jobs(struct kw_call *call, const struct kw_sale_row *sale, const char *part, struct kw_job **jobs,
                      size_t *count);

/* ---- call.c: jobs delivered, the end told ---- */

/* Delivers a stored job within the call's time, and reads back what became of it. What stays open is the queue's. */
int kw_call_deliver(struct kw_call *call, int64_t id, struct kw_job *job);
/* One that was not printed: kept, or taken back where nothing is kept. */
int kw_call_put_aside(struct kw_call *call, struct kw_job *job);
/*
 * Takes back a job that waits, and says so of the sale whose receipt it is. One that another process has moved
 * meanwhile is read back as it is now.
 */
int kw_call_cancel(struct kw_call *call, struct kw_job *job, enum kwit_error reason);
/* A job that a process began which is no more is settled, as far as can be; BEHIND is the cause while one prints it. */
int kw_call_recover(struct kw_call *call, struct kw_job *job);
/* One copy of a known sale from where the journal has it: accepted now, or joined. *finished: nothing is left to do. */
int kw_call_copy(struct kw_call *call, const struct kw_sale_row *sale, int copy, struct kw_job *job, bool *finished);
/* Gives an expired or cancelled job new deadlines, and joins one that is open. */
int kw_call_resume(struct kw_call *call, struct kw_job *job, bool *finished);

/* ---- print.c: a document once, whoever laid it out ---- */

/* Opens the journal and aims at the rendering's printer. */
int kw_print_ready(struct kw_call *call);
/* A sale that the journal does not know, and one that it does. */
int kw_print_new(struct kw_call *call, const struct kw_sale_key *key);
int kw_print_known(struct kw_call *call, const struct kw_sale_row *sale);
/* Only the bytes. */
int kw_print_dry(struct kw_call *call, kwit_result *result);

void kw_call_line_printer(struct kw_call *call);
void kw_call_line_survey(struct kw_call *call);
void kw_call_line_job(struct kw_call *call, const struct kw_job *job, bool was_finished);
/* Writes the line, prunes what is old, leaves a flusher, closes everything. */
int kw_call_end(struct kw_call *call, int code, kwit_result *result);

/* ---- flusher.c ---- */

/*
 * Leaves one detached process that prints what waits for this printer, when the settings say so. False: there is no
 * command that could be one.
 */
bool kw_call_leave_flusher(struct kw_call *call);
/* Leaves a process that pushes what is new to the office, where the configuration says so. */
void kw_call_leave_pusher(struct kw_call *call);

#endif
