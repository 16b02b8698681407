/* work.c - one job in hand: its pieces, its moves in the journal, its recovery. */
#include "delivery/work.h"

#include "base/clock.h"
#include "journal/touchpoint.h"

#include <string.h>

int64_t kw_delivery_paper_ms(const struct kw_profile *profile, int64_t paper_um)
{
    int speed = profile && profile->speed_mm_s > 0 ? profile->speed_mm_s : KW_DELIVERY_UNKNOWN_SPEED_MM_S;
    return paper_um / speed;
}

int kw_work_begin(struct kw_work *work, struct kw_session *session, const struct kw_job *job, int64_t until_ms,
                  struct kw_error *error)
{
    *work = (struct kw_work){ .session = session, .delivery = session->delivery, .job = *job, .stored = job->state,
                              .until_ms = until_ms };
    work->job.printer = work->delivery->identity;
    const struct kw_profile *own = kw_profile_named(work->delivery->arena, job->profile);
    if (own && !work->delivery->profile_fixed && !session->link)
        work->delivery->profile = own;
    if (work->delivery->fresh == job) {
        work->pieces = work->delivery->fresh_pieces;
        work->piece_count = work->delivery->fresh_piece_count;
        return 0;
    }
    return kw_piece_list(work->delivery->journal, job->id, work->delivery->arena, &work->pieces, &work->piece_count,
                         error);
}

static bool is_settled(const struct kw_piece_row *piece)
{
    return piece->state == KW_PIECE_PRINTED || piece->state == KW_PIECE_SENT || piece->state == KW_PIECE_SKIPPED;
}

struct kw_piece_row *kw_work_next_piece(struct kw_work *work)
{
    for (size_t i = 0; i < work->piece_count; i++)
        if (work->pieces[i].kind == KW_PIECE_PAPER && !is_settled(&work->pieces[i]))
            return &work->pieces[i];
    return NULL;
}

bool kw_work_is_last(const struct kw_work *work, const struct kw_piece_row *piece)
{
    for (const struct kw_piece_row *at = piece + 1; at < work->pieces + work->piece_count; at++)
        if (at->kind == KW_PIECE_PAPER && !is_settled(at))
            return false;
    return true;
}

/* ---- moves ------------------------------------------------------------------------------------------------------ */

/* The event that a touchpoint hears of; 0: none. Only the first receipt carries an invitation. */
static int touchpoint_event(const struct kw_job *job)
{
    if (job->sale == 0 || strcmp(job->part, "receipt") != 0)
        return 0;
    bool first = job->copy == 1;
    switch (job->state) {
    case KW_JOB_PRINTED:
        return !first ? KW_EVENT_REPRINTED : job->reason == KWIT_E_SETTLED ? KW_EVENT_SEEN_BY_PERSON : KW_EVENT_PRINTED;
    case KW_JOB_SENT:
        return first ? KW_EVENT_SENT : KW_EVENT_REPRINTED;
    case KW_JOB_UNCONFIRMED:
        return first ? KW_EVENT_UNCONFIRMED : 0;
    case KW_JOB_EXPIRED:
    case KW_JOB_CANCELLED:
        return first ? KW_EVENT_PRINT_FAILED : 0;
    default:
        return 0;
    }
}

static int tell_reprint(struct kw_journal *journal, int64_t sale, enum kw_job_state reprinted, struct kw_error *error)
{
    return kw_touchpoint_event(journal, sale, reprinted == KW_JOB_SENT ? KW_EVENT_SENT : KW_EVENT_PRINTED, "reprint",
                               kw_clock_wall_ms(), error);
}

/* A sale whose receipt came to nothing, and whose reprint is out: the invitation of both is on paper after all. */
static int rescue(struct kw_journal *journal, const struct kw_job *reprint, struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    int code = kw_touchpoint_get(journal, reprint->sale, &touchpoint, error);
    if (code < 0 || touchpoint.is_awaited || touchpoint.klass != KW_CLASS_NOT_PRINTED)
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    return tell_reprint(journal, reprint->sale, reprint->state, error);
}

int kw_delivery_tell_failed(struct kw_journal *journal, const struct kw_job *job, struct kw_error *error)
{
    enum kw_job_state reprinted;
    int code = kw_touchpoint_event(journal, job->sale, KW_EVENT_PRINT_FAILED, kwit_error_word(job->reason),
                                   job->finished_ms, error);
    if (code == 0)
        code = kw_job_reprinted(journal, job->sale, &reprinted, error);
    return code == KWIT_E_NOT_FOUND ? 0 : code < 0 ? code : tell_reprint(journal, job->sale, reprinted, error);
}

/* What its sale's touchpoint hears of a job that came to this state. */
static int tell_touchpoint(struct kw_journal *journal, const struct kw_job *job, struct kw_error *error)
{
    const int event = touchpoint_event(job);
    if (event == 0)
        return 0;
    if (event == KW_EVENT_PRINT_FAILED)
        return kw_delivery_tell_failed(journal, job, error);
    int code = kw_touchpoint_event(journal, job->sale, event, job->reason ? kwit_error_word(job->reason) : "",
                                   kw_clock_wall_ms(), error);
    return code == 0 && event == KW_EVENT_REPRINTED && job->reprint ? rescue(journal, job, error) : code;
}

static int write_move(struct kw_work *work, enum kw_job_state from, const struct kw_piece_row *piece,
                      struct kw_error *error)
{
    struct kw_journal *journal = work->delivery->journal;
    bool moved;
    int code = kw_job_move(journal, &work->job, from, &moved, error);
    if (code == 0 && !moved) {
        work->lost = true;
        return 0;
    }
    if (code == 0 && piece)
        code = kw_piece_move(journal, work->job.id, piece, error);
    if (code == 0 && from != work->job.state)
        code = tell_touchpoint(journal, &work->job, error);
    return code;
}

static int commit_move(struct kw_work *work, enum kw_job_state from, const struct kw_piece_row *piece,
                       enum kw_durability durability, struct kw_error *error)
{
    struct kw_journal *journal = work->delivery->journal;
    int code = kw_journal_begin(journal, durability, error);
    if (code < 0)
        return code;
    code = write_move(work, from, piece, error);
    if (code < 0 || work->lost) {
        kw_journal_rollback(journal);
        return code;
    }
    return kw_journal_commit(journal, error);
}

int kw_work_move(struct kw_work *work, enum kw_job_event event, enum kwit_error reason, struct kw_piece_row *piece,
                 enum kw_durability durability, struct kw_error *error)
{
    enum kw_job_state from = work->stored, to;
    if (!kw_machine_next(work->job.state, event, &to))
        return kw_fail(error, KWIT_E_INTERNAL, kw_job_state_word(work->job.state),
                       "no job in this state meets event %d", (int)event);
    work->job.state = to;
    work->job.reason = reason;
    if (!kw_job_is_open(to))
        work->job.finished_ms = kw_clock_wall_ms();
    int code = commit_move(work, from, piece, durability, error);
    if (code == KWIT_E_DISK_FULL && kw_state_ballast_free(work->delivery->state))
        code = commit_move(work, from, piece, durability, error);
    if (code == 0)
        work->stored = to;
    return code;
}

/* ---- recovery --------------------------------------------------------------------------------------------------- */

int kw_work_recover(struct kw_work *work, enum kw_job_event event, struct kw_error *error)
{
    struct kw_piece_row *piece = kw_work_next_piece(work);
    if (piece && piece->state == KW_PIECE_WAITING && work->job.armed != KW_ARMED_NOT && event == KW_JOB_ON_REBOOT)
        piece->state = KW_PIECE_BODY;
    if (piece && work->job.armed == KW_ARMED_TAIL && event == KW_JOB_ON_REBOOT) {
        piece->state = KW_PIECE_TAIL;
        event = work->job.state == KW_JOB_TAIL ? KW_JOB_ON_REBOOT : KW_JOB_ON_DOUBT;
    }
    work->job.armed = KW_ARMED_NOT;
    return kw_work_move(work, event, KWIT_E_DISCONNECTED, piece, KW_SOON, error);
}
