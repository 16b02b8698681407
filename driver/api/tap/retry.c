/* retry.c - the windows of time in which the same paper is the same try, and tries that are known by their bytes. */
#include "api/tap/retry.h"

#include "api/accept.h"
#include "tap/stream/identity.h"
#include "tap/stream/rest.h"
#include "tap/stream/withhold.h"

#include <ctype.h>
#include <string.h>

enum { WEAK_RETRY_MS = 20000, LOOK_BACK = 256 /* jobs */, BODY_CEILING = 64 * 1024 * 1024,
       UNREAD = KW_STREAM_SLOW | KW_STREAM_CRASHES };

/* ---- when ---- */

/* Accepted by a tap that was killed: who sent it has lost its connection. */
static bool is_orphaned(const struct kw_retry *retry, const struct kw_job *last)
{
    return retry->killed_ms > 0
        && (last->accepted_boot_ms < retry->killed_ms || strcmp(last->boot, retry->call->delivery.boot) != 0);
}

/* Whether who sent it may not have heard of its end. */
static bool is_unheard(const struct kw_retry *retry, const struct kw_job *last, int64_t window_ms)
{
    /* From its end on: until then the program waited, and has not heard of it. */
    int64_t told_ms = kw_clock_wall_ms() - (last->finished_ms ? last->finished_ms : last->accepted_ms);
    bool once = retry->strong && retry->tap->repeat == KW_REPEAT_ONCE && told_ms <= WEAK_RETRY_MS;
    return once || (is_orphaned(retry, last) && told_ms <= window_ms);
}

int kw_retry_is(const struct kw_retry *retry, const struct kw_sale_row *sale, bool *is)
{
    struct kw_call *call = retry->call;
    struct kw_job_filter filter = { .sale = sale->id, .limit = 1 };
    struct kw_job *last;
    size_t count;
    int code = kw_job_list(call->journal, &filter, call->arena, &last, &count, &call->error);
    int64_t window_ms = retry->tap->retry_ms;
    *is = false;
    if (retry->out)
        return 0;
    if (!retry->strong && window_ms > WEAK_RETRY_MS)
        window_ms = WEAK_RETRY_MS;
    if (code < 0 || count == 0)
        return code;
    int64_t age_ms = kw_clock_wall_ms() - last->accepted_ms;
    bool open = kw_job_is_open(last->state) || last->state == KW_JOB_UNCONFIRMED;
    *is = (open && (age_ms <= window_ms || retry->again)) || is_unheard(retry, last, window_ms);
    return 0;
}

/* ---- the same bytes ---- */

/* To one that was read the rest of its last command may have been added. */
static bool are_same(const struct kw_stream_body *kept, const struct kw_stream_body *now)
{
    return kept->length >= now->length && kept->length - now->length <= KW_REST_BYTES
        && memcmp(kept->bytes, now->bytes, now->length) == 0 && strcmp(kept->till, now->till) == 0;
}

/* As a journal keeps it: without the numbers of cards. */
static int as_kept(const struct kw_retry *retry, struct kw_stream_body *kept)
{
    struct kw_arena *arena = retry->call->arena;
    struct kw_stream_body plain = *retry->body;
    struct kw_withheld cards;
    struct kw_buffer body;
    plain.document = "", plain.document_length = 0;
    kw_buffer_init(&body, BODY_CEILING);
    bool done = kw_stream_join(&plain, &body) && kw_withhold(body.data, body.length, arena, &cards) == 0;
    const void *copy = done ? kw_arena_copy(arena, cards.kept ? (const char *)cards.kept : (const char *)body.data,
                                            body.length) : NULL;
    done = copy && kw_stream_split(copy, body.length, kept);
    kw_buffer_free(&body);
    kept->till = plain.till;
    return done ? 0 : kw_fail(&retry->call->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

/* Whether the sale is of these bytes: 1, else 0. *marks: what its own were marked with. */
static int has_bytes(const struct kw_retry *retry, int64_t sale, const struct kw_stream_body *now, unsigned *marks)
{
    struct kw_call *call = retry->call;
    const void *body = NULL;
    struct kw_stream_body kept;
    size_t length = 0;
    struct kw_error gone;
    int code = kw_sale_body(call->journal, sale, call->arena, &body, &length, &gone);
    bool same = code == 0 && body && kw_stream_split(body, length, &kept) && are_same(&kept, now);
    *marks = same ? kept.marks : 0;
    return same;
}

/* Those that could not be read are certain where the shop's receipts have numbers: each is another. */
static bool is_certain(const struct kw_retry *retry, unsigned marks)
{
    return retry->read ? retry->strong : marks & UNREAD ? retry->tap->number != NULL : !(marks & KW_STREAM_WEAK);
}

static int judge(const struct kw_retry *retry, int64_t id, unsigned marks, struct kw_sale_row *sale, bool *is)
{
    struct kw_call *call = retry->call;
    struct kw_retry certain = *retry;
    certain.strong = is_certain(retry, marks);
    int code = kw_sale_get(call->journal, id, call->arena, sale, &call->error);
    if (code == 0)
        code = kw_retry_is(&certain, sale, is);
    /* The same name is the same try, whatever became of it. */
    *is = *is || (code == 0 && retry->again && strcmp(sale->name, retry->again) == 0);
    return code;
}

/* This one cannot be read: the newest of the till's sales that has its bytes. */
static int look_back(const struct kw_retry *retry, struct kw_sale_row *sale, bool *is)
{
    struct kw_call *call = retry->call;
    const struct kw_job_filter filter = { .limit = LOOK_BACK };
    struct kw_stream_body now;
    struct kw_job *jobs;
    size_t count = 0;
    int code = as_kept(retry, &now);
    if (code == 0)
        code = kw_job_list(call->journal, &filter, call->arena, &jobs, &count, &call->error);
    for (size_t i = 0; code == 0 && i < count; i++) {
        unsigned marks;
        if (jobs[i].sale > 0 && has_bytes(retry, jobs[i].sale, &now, &marks))
            return judge(retry, jobs[i].sale, marks, sale, is);
    }
    return code;
}

/* This one was read: the sale of that name, as one is called that was not. */
static int find_unread(const struct kw_retry *retry, const char *name, struct kw_sale_row *sale, bool *is)
{
    struct kw_call *call = retry->call;
    struct kw_sale_key key = kw_accept_key(call->rendering);
    struct kw_stream_body now;
    unsigned marks;
    key.name = name;
    key.scope = "";
    int code = kw_sale_find(call->journal, &key, call->arena, sale, &call->error);
    if (code == 0)
        code = as_kept(retry, &now);
    if (code == 0 && has_bytes(retry, sale->id, &now, &marks) && marks & UNREAD)
        code = judge(retry, sale->id, marks, sale, is);
    return code == KWIT_E_NOT_FOUND ? 0 : code;
}

int kw_retry_of_bytes(const struct kw_retry *retry, struct kw_sale_row *sale, bool *is)
{
    struct kw_identity unread;
    *is = false;
    if (retry->out)
        return 0;
    if (!retry->read)
        return look_back(retry, sale, is);
    if (kw_identity_unread(retry->body->bytes, retry->body->length, retry->call->arena, &unread) < 0)
        return kw_fail(&retry->call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    return find_unread(retry, retry->again ? retry->again : unread.id, sale, is);
}

/* ---- the begin of the same bytes ---- */

/* The number of a card may have been masked. */
static bool begins(const struct kw_stream_body *kept, const struct kw_stream_body *now)
{
    bool same = kept->length >= now->length && strcmp(kept->till, now->till) == 0;
    for (size_t i = 0; i < now->length && same; i++)
        same = kept->bytes[i] == now->bytes[i] || (kept->bytes[i] == KW_WITHHELD && isdigit(now->bytes[i]));
    return same;
}

static bool is_recent(const struct kw_retry *retry, const struct kw_job *job)
{
    int64_t at_ms = job->finished_ms > job->accepted_ms ? job->finished_ms : job->accepted_ms;
    int64_t window_ms = retry->tap->retry_ms > WEAK_RETRY_MS ? retry->tap->retry_ms : WEAK_RETRY_MS;
    return kw_clock_wall_ms() - at_ms <= window_ms;
}

static bool has_begin(const struct kw_retry *retry, int64_t sale)
{
    const void *body = NULL;
    struct kw_stream_body kept;
    size_t length = 0;
    struct kw_error gone;
    return kw_sale_body(retry->call->journal, sale, retry->call->arena, &body, &length, &gone) == 0 && body
        && kw_stream_split(body, length, &kept) && begins(&kept, retry->body);
}

int kw_retry_may_be(const struct kw_retry *retry, bool *may)
{
    struct kw_call *call = retry->call;
    const struct kw_job_filter filter = { .limit = LOOK_BACK };
    struct kw_job *jobs;
    size_t count = 0;
    int code = kw_job_list(call->journal, &filter, call->arena, &jobs, &count, &call->error);
    *may = code == 0 && count == LOOK_BACK && is_recent(retry, &jobs[count - 1]);
    for (size_t i = 0; code == 0 && i < count && !*may; i++)
        *may = jobs[i].sale > 0 && is_recent(retry, &jobs[i]) && has_begin(retry, jobs[i].sale);
    return code;
}
