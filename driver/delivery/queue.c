/* queue.c - which job is next, who waits for whom, and what nobody prints any more. */
#include "delivery/ahead.h"

#include "base/clock.h"

#include <string.h>

enum { LOOK_MIN_MS = 2, LOOK_MAX_MS = 20 };

/* ---- time ------------------------------------------------------------------------------------------------------- */

static bool same_boot(const struct kw_delivery *delivery, const struct kw_job *job)
{
    return strcmp(job->boot, delivery->boot) == 0;
}

static bool is_live(const struct kw_delivery *delivery, const struct kw_job *job)
{
    return same_boot(delivery, job) && job->until_boot_ms > kw_clock_boot_ms();
}

/* The clock that cannot be set back, where it is the same boot; else the time of day, which may only look later. */
static bool is_expired(const struct kw_delivery *delivery, const struct kw_job *job)
{
    if (same_boot(delivery, job))
        return kw_clock_boot_ms() >= job->deadline_boot_ms;
    return !delivery->clock_unsure && kw_clock_wall_ms() >= job->deadline_ms;
}

static bool is_late(const struct kw_delivery *delivery, const struct kw_job *job)
{
    if (is_live(delivery, job))
        return false;
    if (same_boot(delivery, job))
        return kw_clock_boot_ms() - job->accepted_boot_ms >= KW_DELIVERY_LATE_MS;
    int64_t age_ms = kw_clock_wall_ms() - job->accepted_ms;
    return delivery->clock_unsure || age_ms < 0 || age_ms >= KW_DELIVERY_LATE_MS;
}

/* ---- tidying ---------------------------------------------------------------------------------------------------- */

static int expire(struct kw_session *session, const struct kw_job *job, struct kw_error *error)
{
    struct kw_work work;
    int code = kw_work_begin(&work, session, job, 0, error);
    return code < 0 ? code : kw_work_move(&work, KW_JOB_ON_LATE, KWIT_E_LATE, NULL, KW_SOON, error);
}

static int hold(struct kw_delivery *delivery, struct kw_job *job, struct kw_error *error)
{
    int code = kw_journal_begin(delivery->journal, KW_SOON, error);
    if (code < 0)
        return code;
    code = kw_job_hold(delivery->journal, job->id, true, error);
    if (code < 0) {
        kw_journal_rollback(delivery->journal);
        return code;
    }
    job->held = true;
    return kw_journal_commit(delivery->journal, error);
}

/* What became of a waiting job while nobody printed it; *usable: it may be printed now. */
static int judge(struct kw_session *session, struct kw_job *job, bool *usable, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    *usable = false;
    if (job->state != KW_JOB_WAITING && job->state != KW_JOB_INTERRUPTED)
        return 0;
    if (is_expired(delivery, job))
        return expire(session, job, error);
    bool unsure = !same_boot(delivery, job) && delivery->clock_unsure && !is_live(delivery, job);
    if (!job->held && is_late(delivery, job)) {
        if (job->late == KW_LATE_DROP)
            return expire(session, job, error);
        if (job->late == KW_LATE_HOLD || unsure)
            return hold(delivery, job, error);
    }
    *usable = !job->held;
    return 0;
}

static bool is_orphan(const struct kw_delivery *delivery, const struct kw_job *job, enum kw_job_event *event)
{
    *event = same_boot(delivery, job) ? KW_JOB_ON_ORPHAN : KW_JOB_ON_REBOOT;
    if (job->state == KW_JOB_BODY || job->state == KW_JOB_TAIL)
        return true;
    return job->state == KW_JOB_WAITING && *event == KW_JOB_ON_REBOOT && job->armed != KW_ARMED_NOT;
}

/*
 * Asked late is still asked: the killed call's process id may be echoed to whoever opens the printer next. Opens it,
 * when there is such an id, and tells whether it came.
 */
static bool is_echoed(struct kw_session *session, const struct kw_piece_row *piece, int64_t until_ms)
{
    struct kw_error ignored;
    if (!piece || piece->state != KW_PIECE_TAIL || piece->process_id == 0)
        return false;
    bool fresh = session->link == NULL;
    if (kw_session_open(session, until_ms, &ignored) < 0 || !session->link)
        return false;
    if (fresh)
        kw_session_ready(session, until_ms);
    return kw_talk_other_id(&session->talk, piece->process_id);
}

/* The piece is proven; what was to follow it is interrupted. */
static int prove_late(struct kw_work *work, struct kw_piece_row *piece, struct kw_error *error)
{
    piece->state = KW_PIECE_PRINTED;
    bool more = kw_work_next_piece(work) != NULL;
    int code = kw_work_move(work, more ? KW_JOB_ON_MORE : KW_JOB_ON_PROVE, 0, piece, KW_SOON, error);
    return code == 0 && more && work->job.state == KW_JOB_BODY
        ? kw_work_move(work, KW_JOB_ON_ORPHAN, KWIT_E_DISCONNECTED, NULL, KW_SOON, error) : code;
}

static int recover_orphan(struct kw_session *session, struct kw_job *job, enum kw_job_event event, int64_t until_ms,
                          struct kw_error *error)
{
    struct kw_work work;
    int code = kw_work_begin(&work, session, job, 0, error);
    if (code < 0)
        return code;
    struct kw_piece_row *piece = job->state == KW_JOB_TAIL ? kw_work_next_piece(&work) : NULL;
    session->dirty = true;          /* before it is asked: the command that was broken off would swallow the question */
    if (is_echoed(session, piece, until_ms))
        code = prove_late(&work, piece, error);
    else
        code = kw_work_recover(&work, event, error);
    if (session->delivery->cause != 0)
        kw_session_close(session);
    session->delivery->cause = 0;
    *job = work.job;
    return code;
}

/* With the printer's lock in hand: whoever was printing these is dead. */
static int recover_orphans(struct kw_session *session, struct kw_job *jobs, size_t count, int64_t until_ms,
                           struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; i < count && code == 0; i++) {
        enum kw_job_event event;
        if (is_orphan(session->delivery, &jobs[i], &event))
            code = recover_orphan(session, &jobs[i], event, until_ms, error);
    }
    return code;
}

/* One echo of an earlier call's id: when that call ended in doubt, its piece is proven now. */
static int take_late_echo(struct kw_session *session, uint32_t id, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    struct kw_job job;
    struct kw_work work;
    int code = kw_job_by_process(delivery->journal, delivery->identity, id, delivery->arena, &job, error);
    if (code < 0 || job.state != KW_JOB_UNCONFIRMED)
        return code == KWIT_E_NOT_FOUND ? 0 : code;
    code = kw_work_begin(&work, session, &job, 0, error);
    struct kw_piece_row *piece = code == 0 ? kw_work_next_piece(&work) : NULL;
    return piece && piece->process_id == id ? prove_late(&work, piece, error) : code;
}

static int take_late_echoes(struct kw_session *session, struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; i < session->talk.other_count && code == 0; i++)
        code = take_late_echo(session, session->talk.other_ids[i], error);
    session->talk.other_count = 0;
    return code;
}

/* ---- choosing --------------------------------------------------------------------------------------------------- */

static int list_open(struct kw_delivery *delivery, struct kw_job **jobs, size_t *count, struct kw_error *error)
{
    struct kw_job_filter filter = { .printer = delivery->identity, .uri = delivery->uri, .open = true };
    return kw_job_list(delivery->journal, &filter, delivery->arena, jobs, count, error);
}

/*
 * The next job to print with the lock in hand. own 0: everything that may be printed, live ones first; else what
 * somebody waits for and came before own, then own itself. id 0: none.
 */
static int choose(struct kw_session *session, int64_t own, int64_t until_ms, struct kw_job *chosen,
                  struct kw_error *error)
{
    struct kw_job *jobs;
    size_t count;
    int code = list_open(session->delivery, &jobs, &count, error);
    if (code == 0)
        code = recover_orphans(session, jobs, count, until_ms, error);
    chosen->id = 0;
    bool chosen_live = false;
    for (size_t i = 0; i < count && code == 0; i++) {
        bool usable, live = is_live(session->delivery, &jobs[i]);
        code = judge(session, &jobs[i], &usable, error);
        session->delivery->left_waiting |= usable && own && jobs[i].id != own && !live;
        if (code < 0 || !usable || (own && jobs[i].id != own && (!live || jobs[i].id > own)))
            continue;
        if (chosen->id == 0 || (live && !chosen_live)) {
            *chosen = jobs[i];
            chosen_live = live;
        }
    }
    return code;
}

/* ---- the calls -------------------------------------------------------------------------------------------------- */

static int deliver_fresh(struct kw_session *session, int64_t until_ms, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    struct kw_work work;
    int code = kw_work_begin(&work, session, delivery->fresh, until_ms, error);
    if (code == 0)
        code = kw_work_deliver(&work, error);
    /* One that was moved by somebody else meanwhile is read back like any other. */
    delivery->settled = code == 0 && !work.lost;
    if (delivery->settled)
        *delivery->fresh = work.job;
    return code;
}

/* The common case: the job of this process is the only one, and nobody has touched it. */
static int print_fresh(struct kw_session *session, int64_t until_ms, bool *printed, struct kw_error *error)
{
    struct kw_delivery *delivery = session->delivery;
    *printed = false;
    int code = kw_job_is_alone(delivery->journal, delivery->fresh->id, delivery->identity, delivery->uri, printed,
                               error);
    return code < 0 || !*printed ? code : deliver_fresh(session, until_ms, error);
}

static int print_next(struct kw_session *session, int64_t own, int64_t until_ms, int64_t *done, struct kw_error *error)
{
    struct kw_job job;
    struct kw_work work;
    int code = choose(session, own, until_ms, &job, error);
    *done = code == 0 ? job.id : 0;
    if (*done == 0)
        return code;
    code = kw_work_begin(&work, session, &job, until_ms, error);
    if (code == 0)
        code = kw_work_deliver(&work, error);
    if (code == 0 && job.id != own && work.job.held)        /* its own fault, and nothing is in the way of others */
        kw_session_cause(session, 0, NULL);
    return code;
}

/* With the lock in hand: what came before, then this job, until it is settled or something is in the way. */
static int print_up_to(struct kw_session *session, int64_t own, int64_t until_ms, struct kw_error *error)
{
    int64_t done = 0;
    int code = 0;
    bool printed = false;
    if (session->delivery->fresh && session->delivery->fresh->id == own)
        code = print_fresh(session, until_ms, &printed, error);
    if (code < 0 || printed)
        return code;
    while (code == 0 && done != own && session->delivery->cause == 0) {
        code = print_next(session, own, until_ms, &done, error);
        if (done == 0)
            break;
        if (kw_clock_left_ms(until_ms) == 0 && done != own)
            return kw_session_cause(session, KWIT_E_BEHIND, NULL);
    }
    return code;
}

static int say_behind(struct kw_delivery *delivery)
{
    struct kw_session session = { .delivery = delivery };
    return kw_session_cause(&session, KWIT_E_BEHIND, NULL);
}

/* Nothing comes between what is out and the rest of it. */
static int go_on(struct kw_delivery *delivery, int64_t job, int64_t until_ms, struct kw_error *error)
{
    struct kw_session session;
    bool begun = delivery->ahead->sent > 0;
    kw_ahead_take(delivery->ahead, delivery, until_ms, &session);
    int code = begun ? deliver_fresh(&session, until_ms, error) : print_up_to(&session, job, until_ms, error);
    if (code == 0)
        code = take_late_echoes(&session, error);
    kw_session_end(&session);
    return code;
}

/* One that was opened for another job is no help. */
static bool is_ready(const struct kw_delivery *delivery, int64_t job)
{
    bool ready = delivery->ahead && delivery->ahead->session.link && delivery->fresh && delivery->fresh->id == job;
    if (delivery->ahead && !ready)
        kw_ahead_end(delivery->ahead);
    return ready;
}

int kw_delivery_run(struct kw_delivery *delivery, int64_t job, int64_t until_boot_ms, struct kw_error *error)
{
    struct kw_session session;
    struct kw_error why = { 0 };
    enum kw_job_state state;
    int64_t worth_until_ms = delivery->fresh ? delivery->fresh->deadline_boot_ms : INT64_MAX;
    if (is_ready(delivery, job))
        return go_on(delivery, job, until_boot_ms, error);
    for (int64_t pause_ms = LOOK_MIN_MS;; pause_ms = pause_ms < LOOK_MAX_MS ? pause_ms + 2 : LOOK_MAX_MS) {
        int code = kw_session_lock(&session, delivery, 0, &why);
        if (code == 0) {
            code = print_up_to(&session, job, until_boot_ms, error);
            if (code == 0)
                code = take_late_echoes(&session, error);
            kw_session_end(&session);
            return code;
        }
        if (code != KWIT_E_BUSY) {
            *error = why;
            return code;
        }
        delivery->fresh = NULL;         /* the holder may print it for us */
        code = kw_clock_boot_ms() < worth_until_ms ? 0 : kw_delivery_tidy(delivery, error);
        if (code == 0)
            code = kw_job_peek(delivery->journal, job, &state, error);
        if (code < 0 || !kw_job_is_open(state))
            return code;
        if (kw_clock_left_ms(until_boot_ms) == 0)
            return say_behind(delivery);
        kw_clock_sleep_ms(pause_ms);
    }
}

static int count_left(struct kw_delivery *delivery, int *left, struct kw_error *error)
{
    struct kw_job *jobs;
    size_t count = 0;
    int code = list_open(delivery, &jobs, &count, error);
    *left = 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        *left += !jobs[i].held;
    return code;
}

int kw_delivery_flush(struct kw_delivery *delivery, int64_t until_boot_ms, int *left, struct kw_error *error)
{
    struct kw_session session;
    *left = 0;
    int code = kw_session_lock(&session, delivery, until_boot_ms, error);
    if (code == KWIT_E_BUSY) {              /* whoever holds it may be at his own receipt alone */
        say_behind(delivery);
        code = kw_delivery_tidy(delivery, error);
        return code < 0 ? code : count_left(delivery, left, error);
    }
    if (code < 0)
        return code;
    for (int64_t done = 1; code == 0 && done != 0 && delivery->cause == 0 && kw_clock_left_ms(until_boot_ms) > 0;)
        code = print_next(&session, 0, until_boot_ms, &done, error);
    if (code == 0)
        code = take_late_echoes(&session, error);
    if (code == 0)
        code = count_left(delivery, left, error);
    kw_session_end(&session);
    return code;
}

/* Anyone may do this without the printer: a job that waits is nobody's. */
int kw_delivery_tidy(struct kw_delivery *delivery, struct kw_error *error)
{
    struct kw_session session = { .delivery = delivery };
    struct kw_job_filter filter = { .open = true };
    struct kw_job *jobs;
    size_t count = 0;
    int code = kw_job_list(delivery->journal, &filter, delivery->arena, &jobs, &count, error);
    for (size_t i = 0; i < count && code == 0; i++) {
        bool usable;
        code = judge(&session, &jobs[i], &usable, error);
    }
    return code;
}

int kw_delivery_recover(struct kw_delivery *delivery, int64_t until_boot_ms, struct kw_error *error)
{
    struct kw_session session;
    struct kw_job *jobs;
    size_t count;
    int code = kw_session_lock(&session, delivery, 0, error);
    if (code == KWIT_E_BUSY)
        return say_behind(delivery);
    if (code < 0)
        return code;
    code = list_open(delivery, &jobs, &count, error);
    if (code == 0)
        code = recover_orphans(&session, jobs, count, until_boot_ms, error);
    if (code == 0)
        code = take_late_echoes(&session, error);
    kw_session_end(&session);
    return code;
}

int kw_delivery_look(struct kw_delivery *delivery, int64_t until_boot_ms, struct kw_error *error)
{
    struct kw_session session;
    int code = kw_session_lock(&session, delivery, until_boot_ms, error);
    if (code == KWIT_E_BUSY)
        return kw_session_cause(&session, KWIT_E_BUSY, error);
    if (code < 0)
        return code;
    session.until_ms = until_boot_ms;
    code = kw_session_open(&session, until_boot_ms, error);
    if (code == 0 && session.link)
        kw_session_look_only(&session);
    kw_session_end(&session);
    return code;
}
