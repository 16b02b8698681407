/* work.h - one job in the hands of the process that holds its printer. */
#ifndef KW_DELIVERY_WORK_H
#define KW_DELIVERY_WORK_H

#include "delivery/session.h"

struct kw_work {
    struct kw_session *session;
    struct kw_delivery *delivery;
    struct kw_job job;
    enum kw_job_state stored;       /* what the journal says */
    struct kw_piece_row *pieces;
    size_t piece_count;
    int64_t until_ms;
    bool lost;                      /* another process moved the job: leave it alone */
};

/* Reads the job's pieces. */
int kw_work_begin(struct kw_work *work, struct kw_session *session, const struct kw_job *job, int64_t until_ms,
                  struct kw_error *error);

/* deliver.c: brings the job from waiting or interrupted to where it gets; negative only when the journal fails. */
int kw_work_deliver(struct kw_work *work, struct kw_error *error);
/* An orphan: its process, or the whole machine, died with the job in this state. */
int kw_work_recover(struct kw_work *work, enum kw_job_event event, struct kw_error *error);

/*
 * One move of the job, and of a piece with it (NULL: none), in one transaction with the touchpoint's event. The
 * machine must know it.
 */
int kw_work_move(struct kw_work *work, enum kw_job_event event, enum kwit_error reason, struct kw_piece_row *piece,
                 enum kw_durability durability, struct kw_error *error);

/* The drawer's pulse: once, first, and only while it is worth something. */
int kw_work_pulse(struct kw_work *work, struct kw_error *error);
/* What the printer's last status says of the drawer: "open", "closed", or "" where it says nothing. */
const char *kw_work_drawer_word(const struct kw_work *work);
/* What became of a piece whose tail went out: an event of the machine, and why. */
struct kw_ending {
    enum kw_job_event event;
    enum kwit_error reason;
};
/* proof.c: waits for the proof. began_ms: when the first byte of the piece went. */
struct kw_ending kw_work_await(struct kw_work *work, const struct kw_piece_row *piece, int64_t began_ms);
/* Out of paper or opened with the tail still in its buffer: what it can discard, it will not print. */
bool kw_work_discarded(struct kw_work *work, enum kwit_error cause);
/*
 * A look at a break point, whether it is on line: at the answer that came while the last stretch went; then the next
 * question is put, which is waited for before the tail alone. *strays: how many there were when the last was put.
 */
int kw_work_look(struct kw_work *work, bool last, unsigned *strays, int *cause, struct kw_error *error);
/* One paper piece: body, tail, proof. Leaves the job in its state after it. */
int kw_work_piece(struct kw_work *work, struct kw_piece_row *piece, bool last, struct kw_error *error);

/* The first paper piece that is not settled; NULL when all are. */
struct kw_piece_row *kw_work_next_piece(struct kw_work *work);
/* Whether no paper piece behind this one is left to print. */
bool kw_work_is_last(const struct kw_work *work, const struct kw_piece_row *piece);

#endif
