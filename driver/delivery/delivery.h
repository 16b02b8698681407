/*
 * delivery.h - from accepted jobs to paper, and the truth about it.
 *
 * The caller stores jobs in the journal (they are accepted then) and asks for one to be printed, or for all that
 * waits. One process at a time holds a printer, by its identity. Whoever holds it prints the older jobs that others
 * wait for before its own, so that the order of arrival is kept and everybody finds the outcome in the journal.
 */
#ifndef KW_DELIVERY_DELIVERY_H
#define KW_DELIVERY_DELIVERY_H

#include "base/log.h"
#include "data/choices.h"
#include "delivery/machine.h"
#include "escpos/escpos.h"
#include "journal/jobs.h"
#include "profile/profile.h"
#include "state/state.h"
#include "transport/transport.h"

enum {
    KW_DELIVERY_DRAWER_MS = 5000,           /* what a pulse is worth */
    KW_DELIVERY_LATE_MS = 60000,            /* older than this is held */
    KW_DELIVERY_UNKNOWN_SPEED_MM_S = 60,    /* for waiting; no receipt printer is slower */
    KW_DELIVERY_MARGIN_MS = 10000           /* a call's time beyond the paper's own */
};

/* A job's drawer: it is moved by a command among its bytes, at the moment when they get there. */
#define KW_DRAWER_IN_PLACE "in_place"

/* Why a stored job is laid out again. */
enum kw_relayout {
    KW_RELAYOUT_INTERRUPTED,                   /* headed as replacing the interrupted one */
    KW_RELAYOUT_MODEL,                         /* the printer that came back is another model: same heading as before */
    KW_RELAYOUT_LATE_PULSE                   /* the pulse among its bytes has become late */
};

struct kw_talk;
struct kw_ahead;

struct kw_delivery {
    struct kw_journal *journal;
    struct kw_state *state;
    const struct kw_log *log;
    const struct kw_transport_ops *ops;
    const char *uri;
    const char *identity;                   /* "" while nobody knows it: then nothing can be printed */
    struct kw_link_options link_options;
    const struct kw_profile *profile;
    bool profile_fixed;                     /* somebody named it, or the printer did: else each job's own holds */
    enum kw_wanted_proof confirm;
    bool shared;                            /* another host prints here too: never cleared */
    bool drawer_open_is_low;
    char boot[64];                          /* boot id of this machine's run */
    bool clock_unsure;                      /* after a reboot: the time of day may be wrong */
    /* Lays the job's document out anew, without a drawer pulse; pieces live in the arena. */
    int (*render)(void *data, const struct kw_job *job, enum kw_relayout why, const struct kw_profile *profile,
                  struct kw_arena *arena, struct kw_encoded *encoded, enum kw_copy_kind *copy_kind,
                  struct kw_error *error);
    void *render_data;
    /*
     * Called now and then while something is sent or waited for, by who has questions of its own; NULL: nobody.
     * at_break: commands may be sent now; else only what came may be taken.
     */
    void (*between)(void *data, struct kw_talk *talk, bool at_break);
    void *between_data;

    /*
     * A job that this very process has just stored and whose rows it still has: while it is alone before its printer
     * nothing of it is read back. NULL: none. Updated to what became of it; `settled` tells that it was.
     */
    struct kw_job *fresh;
    struct kw_piece_row *fresh_pieces;
    size_t fresh_piece_count;
    bool settled;
    struct kw_ahead *ahead;                 /* the printer is open for it, or its first bytes are out; NULL: neither */

    /* What became known; strings in `arena`. */
    struct kw_arena *arena;
    enum kwit_error cause;                  /* why jobs still wait; KWIT_OK: nothing is in the way */
    char cause_text[KW_TEXT_SIZE];
    enum kwit_error fault;                  /* why a job was set aside that cannot be laid out; KWIT_OK: none was */
    char fault_text[KW_TEXT_SIZE];
    bool left_waiting;                      /* jobs before this printer that nobody waits for and that may be printed */
    struct kw_printer_row printer;          /* as remembered and as seen now */
    struct kw_printer_state seen;
};

/* Milliseconds that this much paper takes on this printer. */
int64_t kw_delivery_paper_ms(const struct kw_profile *profile, int64_t paper_um);

/*
 * Prints the job, and before it whatever somebody waits for longer. Returns when the job is settled (its row says how),
 * when it cannot be printed now (cause), or at the moment (cause). Negative only when the journal fails.
 */
int kw_delivery_run(struct kw_delivery *delivery, int64_t job, int64_t until_boot_ms, struct kw_error *error);

/*
 * Prints what waits for this printer, live jobs first, until nothing is left, something is in the way (cause), or the
 * moment came. *left counts the open jobs that are not held.
 */
int kw_delivery_flush(struct kw_delivery *delivery, int64_t until_boot_ms, int *left, struct kw_error *error);

/* Settles what nobody may print any more: expired jobs, late ones to be held, orphans of an earlier boot. */
int kw_delivery_tidy(struct kw_delivery *delivery, struct kw_error *error);

/* Settles what processes began on this printer that are no more. While one prints, BEHIND is the cause. */
int kw_delivery_recover(struct kw_delivery *delivery, int64_t until_boot_ms, struct kw_error *error);

/* The first receipt of a sale came to nothing; where a reprint is out, the invitation is on paper all the same. */
int kw_delivery_tell_failed(struct kw_journal *journal, const struct kw_job *job, struct kw_error *error);

/* Looks at the printer without printing; cause and seen tell. Lets go of it at the end. */
int kw_delivery_look(struct kw_delivery *delivery, int64_t until_boot_ms, struct kw_error *error);

#endif
