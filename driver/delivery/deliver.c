/* deliver.c - the way of one job: laid out anew where that is needed, its pulse, its pieces. */
#include "delivery/work.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { REOPEN_MS = 200 };

/* ---- laying out anew -------------------------------------------------------------------------------------------- */

/* Paper pieces before this one: they are settled and are not laid out again. */
static size_t papers_before(const struct kw_work *work, const struct kw_piece_row *piece)
{
    size_t count = 0;
    for (const struct kw_piece_row *at = work->pieces; at < piece; at++)
        count += at->kind == KW_PIECE_PAPER;
    return count;
}

static int64_t paper_before_um(const struct kw_work *work, int n)
{
    int64_t paper_um = 0;
    for (size_t i = 0; i < work->piece_count && work->pieces[i].n < n; i++)
        paper_um += work->pieces[i].paper_um;
    return paper_um;
}

static int replace_pieces(struct kw_work *work, int from, size_t skip, const struct kw_encoded *encoded,
                          struct kw_error *error)
{
    struct kw_journal *journal = work->delivery->journal;
    bool moved;
    int code = kw_piece_remove(journal, work->job.id, from, error);
    size_t paper = 0;
    work->job.paper_um = paper_before_um(work, from);
    for (size_t i = 0; i < encoded->count && code == 0; i++) {
        const struct kw_encoded_piece *made = &encoded->pieces[i];
        if (made->kind != KW_PIECE_PAPER || paper++ < skip)
            continue;
        struct kw_piece_row row = { .n = from++, .kind = made->kind, .name = made->name, .bytes = made->bytes,
                                    .length = made->length, .tail_offset = made->tail_offset, .breaks = made->breaks,
                                    .break_count = made->break_count, .paper_um = made->paper_um };
        work->job.paper_um += row.paper_um;
        code = kw_piece_add(journal, work->job.id, &row, error);
    }
    return code < 0 ? code : kw_job_move(journal, &work->job, work->stored, &moved, error);
}

static int store_again(struct kw_work *work, int from, size_t skip, const struct kw_encoded *encoded,
                       struct kw_error *error)
{
    struct kw_journal *journal = work->delivery->journal;
    int code = kw_journal_begin(journal, KW_DURABLE, error);
    if (code < 0)
        return code;
    code = replace_pieces(work, from, skip, encoded, error);
    if (code < 0) {
        kw_journal_rollback(journal);
        return code;
    }
    code = kw_journal_commit(journal, error);
    return code < 0 ? code
        : kw_piece_list(journal, work->job.id, work->delivery->arena, &work->pieces, &work->piece_count, error);
}

/* Such a pulse opens the drawer when somebody else stands before it. */
static bool has_late_pulse(const struct kw_work *work)
{
    const struct kw_job *job = &work->job;
    return strcmp(job->drawer, KW_DRAWER_IN_PLACE) == 0
        && (strcmp(job->boot, work->delivery->boot) != 0
            || kw_clock_boot_ms() - job->accepted_boot_ms > KW_DELIVERY_DRAWER_MS);
}

/* Whether the stored bytes of what is to be printed now are of no use: begun before, wiped, or for another model. */
static bool needs_again(const struct kw_work *work, const struct kw_piece_row *piece, enum kw_relayout *why)
{
    *why = piece->state == KW_PIECE_BODY ? KW_RELAYOUT_INTERRUPTED : KW_RELAYOUT_MODEL;
    if (*why == KW_RELAYOUT_MODEL && has_late_pulse(work))
        *why = KW_RELAYOUT_LATE_PULSE;
    return *why != KW_RELAYOUT_MODEL || !piece->bytes
        || strcmp(work->job.profile, kw_profile_name(work->delivery->profile)) != 0;
}

/*
 * A document that cannot be laid out any more is a cause, not a failure of the journal. It is held until somebody asks
 * for it: what waits behind it is not to blame.
 */
static int set_aside(struct kw_work *work, int fault, const struct kw_error *why, struct kw_error *error)
{
    struct kw_delivery *delivery = work->delivery;
    struct kw_journal *journal = delivery->journal;
    bool moved;
    kw_session_cause(work->session, fault, why);
    delivery->fault = delivery->cause;
    snprintf(delivery->fault_text, sizeof delivery->fault_text, "%s", delivery->cause_text);
    work->job.reason = delivery->cause;
    work->job.held = true;
    int code = kw_journal_begin(journal, KW_SOON, error);
    if (code == 0)
        code = kw_job_move(journal, &work->job, work->stored, &moved, error);
    if (code == 0)
        code = kw_job_hold(journal, work->job.id, true, error);
    return kw_journal_end(journal, code, error);
}

static int lay_out_again(struct kw_work *work, struct kw_piece_row *piece, struct kw_error *error)
{
    struct kw_delivery *delivery = work->delivery;
    enum kw_relayout why;
    struct kw_encoded encoded = { 0 };
    struct kw_error fault = { 0 };
    if (work->job.sale == 0 || !delivery->render || !needs_again(work, piece, &why))
        return 0;
    enum kw_copy_kind kind = work->job.copy_kind;
    int code = delivery->render(delivery->render_data, &work->job, why, delivery->profile, delivery->arena, &encoded,
                                &kind, &fault);
    if (code == KWIT_E_NO_MEMORY)                   /* passes by itself */
        return kw_session_cause(work->session, code, &fault);
    if (code < 0)
        return set_aside(work, code, &fault, error);
    if (why != KW_RELAYOUT_MODEL && strcmp(work->job.drawer, KW_DRAWER_IN_PLACE) == 0)
        work->job.drawer = kwit_error_word(KWIT_E_LATE);
    work->job.copy_kind = kind;
    work->job.profile = kw_profile_name(delivery->profile);
    return store_again(work, piece->n, papers_before(work, piece), &encoded, error);
}

/* ---- the way of one job ----------------------------------------------------------------------------------------- */

/* A job without paper is done when its pulse is. */
static int close_without_paper(struct kw_work *work, struct kw_error *error)
{
    enum kw_job_state to;
    if (!kw_machine_next(work->job.state, KW_JOB_ON_BEGIN, &to))
        return 0;
    work->job.state = to;
    return kw_work_move(work, KW_JOB_ON_CLOSE, 0, NULL, KW_SOON, error);
}

/* Printers that serve one host at a time let go of the others, and of everybody for a while after a job. */
static bool lets_go(const struct kw_work *work)
{
    return work->delivery->cause == KWIT_E_DISCONNECTED && work->session->link->ops->lets_go;
}

/* A receipt that is worth less time than its caller has: what has not begun by then does not begin. */
static int64_t begin_until_ms(const struct kw_work *work)
{
    const struct kw_job *job = &work->job;
    bool sooner = job->deadline_boot_ms < work->until_ms && strcmp(job->boot, work->delivery->boot) == 0;
    return sooner ? job->deadline_boot_ms : work->until_ms;
}

static bool is_too_late(const struct kw_work *work)
{
    int64_t begin_ms = begin_until_ms(work);
    return begin_ms < work->until_ms && kw_clock_left_ms(begin_ms) == 0;
}

static int make_ready(struct kw_work *work, struct kw_error *error)
{
    struct kw_session *session = work->session;
    struct kw_error busy;
    int64_t begin_ms = begin_until_ms(work);
    for (bool fresh = session->link == NULL;; fresh = true) {
        int code = kw_session_open(session, begin_ms, error);
        if (code < 0 || work->delivery->cause != 0 || !fresh)
            return code;
        work->job.open_ms = session->open_ms;
        kw_session_ready(session, begin_ms);
        session->until_ms = work->until_ms;
        if (!lets_go(work))
            return 0;
        kw_session_close(session);
        if (kw_clock_left_ms(begin_ms) <= REOPEN_MS) {
            kw_fail(&busy, KWIT_E_UNAVAILABLE, "", "the printer closes every connection at once: another till may be "
                    "printing on it, or it is no printer");
            return kw_session_cause(session, KWIT_E_UNAVAILABLE, &busy);
        }
        kw_clock_sleep_ms(REOPEN_MS);
    }
}

static int expire(struct kw_work *work, struct kw_error *error)
{
    kw_session_cause(work->session, 0, NULL);
    return kw_work_move(work, KW_JOB_ON_LATE, KWIT_E_LATE, NULL, KW_SOON, error);
}

static int deliver(struct kw_work *work, struct kw_error *error)
{
    struct kw_delivery *delivery = work->delivery;
    int code = make_ready(work, error);
    if (code == 0 && is_too_late(work))
        return expire(work, error);
    if (code == 0 && work->session->link)
        code = kw_work_pulse(work, error);
    if (code < 0 || work->lost)
        return code;
    struct kw_piece_row *piece = kw_work_next_piece(work);
    if (!piece)
        return close_without_paper(work, error);
    if (delivery->cause == 0)
        code = lay_out_again(work, piece, error);
    while (code == 0 && delivery->cause == 0 && !work->lost && (piece = kw_work_next_piece(work)) != NULL) {
        code = kw_work_piece(work, piece, kw_work_is_last(work, piece), error);
        if (work->job.state != KW_JOB_BODY)
            break;
        if (code == 0 && !work->session->link)
            code = make_ready(work, error);
    }
    return code;
}

int kw_work_deliver(struct kw_work *work, struct kw_error *error)
{
    int code = deliver(work, error);
    return code == 0 && !work->lost && work->job.state == KW_JOB_WAITING && is_too_late(work) ? expire(work, error)
        : code;
}
