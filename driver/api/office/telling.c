/* telling.c - which notices there should be by now, and what became of each that was tried. */
#include "api/office/telling.h"

#include "api/office/posting.h"
#include "base/arena.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum { PLANNED = 64, TRIED = 16, DAY_MS = 86400000, MINUTE_MS = 60000, HOUR_MS = 3600000, WEEK = 7,
       TILL_BYTES = 64 * 1024 * 1024 };

static const struct kw_config_office *office_of(const struct kw_telling *telling)
{
    return &telling->call->config.office;
}

static struct kw_plan_rules rules_of(const struct kw_telling *telling)
{
    const struct kw_config_office *office = office_of(telling);
    return (struct kw_plan_rules){ office->alert_wait_ms, office->remind_ms, office->escalate_to != NULL,
                                   office->quiet_from_minutes, office->quiet_until_minutes };
}

/* The minute of the shop's day. */
static int minute_now(const struct kw_telling *telling)
{
    const int64_t seconds = telling->now_ms / 1000;
    const int64_t local = seconds + kw_zone_offset(telling->call->days.zone, seconds);
    return (int)(local % 86400 / 60);
}

/* ---- planning ----------------------------------------------------------------------------------------------- */

struct planned { int64_t alert; enum kw_notice_kind kind; bool by_mail; char store[80]; };
struct planning {
    struct kw_telling *telling;
    struct kw_plan_rules rules;
    struct planned planned[PLANNED];
    size_t count;
};

static const char *channel_of(bool by_mail)
{
    return by_mail ? "mail" : "webhook";
}

static int plan_kind(struct planning *planning, const struct kw_alert *alert, enum kw_notice_kind kind, bool by_mail)
{
    bool known;
    struct kw_telling *telling = planning->telling;
    const struct kw_loop *loop = &telling->loop;
    if (planning->count == PLANNED || !kw_notice_is_due(&planning->rules, alert, kind, telling->now_ms))
        return 0;
    int code = loop->calls->known(loop->store, alert->id, kw_notice_word(kind), channel_of(by_mail), &known,
                                  &telling->call->error);
    if (code < 0 || known)
        return code;
    struct planned *planned = &planning->planned[planning->count++];
    *planned = (struct planned){ .alert = alert->id, .kind = kind, .by_mail = by_mail };
    snprintf(planned->store, sizeof planned->store, "%s", alert->store);
    return 0;
}

static int plan_alert(void *data, const struct kw_alert *alert)
{
    struct planning *planning = data;
    const enum kw_notice_kind kinds[] = { kw_notice_first(alert), KW_NOTICE_REMINDER, KW_NOTICE_ESCALATION };
    int code = 0;
    for (int i = 0; code == 0 && i < 3; i++) {
        code = plan_kind(planning, alert, kinds[i], true);
        if (code == 0 && office_of(planning->telling)->webhook)
            code = plan_kind(planning, alert, kinds[i], false);
    }
    return code;
}

static int add(struct kw_telling *telling, int64_t alert, enum kw_notice_kind kind, bool by_mail, const char *store,
               int fate)
{
    const struct kw_loop *loop = &telling->loop;
    const struct kw_plan_rules rules = rules_of(telling);
    const int64_t held_ms = by_mail ? kw_quiet_ms(&rules, minute_now(telling)) : 0;
    const struct kw_notice notice = { .alert = alert, .kind = kw_notice_word(kind), .channel = channel_of(by_mail),
                                      .store = store, .made_ms = telling->now_ms,
                                      .due_ms = telling->now_ms + held_ms, .fate = fate };
    return loop->calls->add(loop->store, &notice, &telling->call->error);
}

/* Of a flood the first five mails go one by one, then one says that there are many, and where the others are. */
static int add_planned(struct kw_telling *telling, const struct planned *planned)
{
    const struct kw_loop *loop = &telling->loop;
    const bool is_first = planned->kind < KW_NOTICE_REMINDER;
    int64_t lately = 0, said = 0;
    int code = 0;
    if (is_first && planned->by_mail)
        code = loop->calls->since(loop->store, planned->store, "mail", NULL, telling->now_ms - KW_FLOOD_MS, &lately,
                                  &telling->call->error);
    if (code == 0 && lately >= KW_FLOOD)
        code = loop->calls->since(loop->store, planned->store, "mail", kw_notice_word(KW_NOTICE_MANY),
                                telling->now_ms - KW_FLOOD_MS, &said, &telling->call->error);
    const bool folded = lately >= KW_FLOOD;
    if (code == 0)
        code = add(telling, planned->alert, planned->kind, planned->by_mail, planned->store,
                   folded ? KW_FATE_FOLDED : 0);
    if (code == 0 && folded && said == 0)
        code = add(telling, planned->alert, KW_NOTICE_MANY, true, planned->store, 0);
    return code;
}

/* ---- the digest --------------------------------------------------------------------------------------------- */

/* The last of a till's days that had a sale; a row for each day, until they are sorted. */
struct till { const char *store, *till; int64_t last_day; };
struct adding_up {
    struct kw_mail_day digest;
    int64_t now_ms, oldest_ms;
    struct kw_arena *arena;                 /* of the tills and their names */
    struct till *tills;
    size_t till_count, till_room;
};

static int count_alert(void *data, const struct kw_alert *alert)
{
    struct adding_up *sum = data;
    sum->digest.fresh += alert->raised_ms >= sum->now_ms - DAY_MS;
    sum->digest.open += alert->closed_ms == 0;
    if (alert->closed_ms == 0 && (sum->oldest_ms == 0 || alert->raised_ms < sum->oldest_ms))
        sum->oldest_ms = alert->raised_ms;
    return 0;
}

static int count_dead(void *data, const struct kw_notice *notice)
{
    struct adding_up *sum = data;
    sum->digest.dead += notice->fate == KW_FATE_DEAD && notice->ended_ms >= sum->now_ms - WEEK * (int64_t)DAY_MS;
    return 0;
}

static bool is_same_till(const struct till *till, const char *store, const char *name)
{
    return strcmp(till->store, store) == 0 && strcmp(till->till, name) == 0;
}

/* Cells come by day, store and till, so a till's of one day stand together. */
static int count_cell(void *data, const struct kw_cell *cell)
{
    struct adding_up *sum = data;
    const struct kw_touchpoint *facts = &cell->facts;
    const struct till *last = sum->till_count > 0 ? &sum->tills[sum->till_count - 1] : NULL;
    if (facts->day == sum->digest.day && facts->reason == 0 && kw_class_is_paper(facts->klass))
        sum->digest.invited += cell->n;
    if (last && last->last_day == facts->day && is_same_till(last, facts->store, facts->till))
        return 0;
    struct till *tills = kw_arena_grow(sum->arena, sum->tills, sum->till_count, &sum->till_room, sizeof *tills);
    const struct till till = { kw_arena_string(sum->arena, facts->store), kw_arena_string(sum->arena, facts->till),
                               facts->day };
    if (!tills || !till.store || !till.till)
        return KWIT_E_NO_MEMORY;
    sum->tills = tills;
    tills[sum->till_count++] = till;
    return 0;
}

/* By store and till; of one till the last day first. */
static int order_tills(const void *left, const void *right)
{
    const struct till *one = left, *other = right;
    const int stores = strcmp(one->store, other->store);
    const int tills = stores ? stores : strcmp(one->till, other->till);
    return tills ? tills : (one->last_day < other->last_day) - (one->last_day > other->last_day);
}

/* Every one of them, whole: a chain's people look for theirs. */
static void name_silent(struct adding_up *sum)
{
    if (sum->till_count > 1)
        qsort(sum->tills, sum->till_count, sizeof sum->tills[0], order_tills);
    for (size_t i = 0; i < sum->till_count; i++) {
        const struct till *till = &sum->tills[i];
        if ((i > 0 && is_same_till(till, till[-1].store, till[-1].till)) || till->last_day >= sum->digest.day)
            continue;
        kw_buffer_format(&sum->digest.silent, "%s/%s\r\n", till->store, till->till);
        sum->digest.silent_count++;
    }
}

static int read_book(const struct kw_book *book, struct adding_up *sum, struct kw_error *error)
{
    int64_t verdicts[KW_VERDICT_COUNT] = { 0 }, reach_ms;
    int code = book->calls->hold(book->store, error);
    if (code < 0)
        return code;
    code = book->calls->alerts(book->store, false, count_alert, sum, error);
    if (code == 0)
        code = book->calls->cells(book->store, KW_VIEW_PLACE, sum->digest.day - WEEK, sum->digest.day, count_cell, sum,
                                  error);
    if (code == 0)
        code = book->calls->verdicts(book->store, sum->digest.day, sum->digest.day, verdicts, &reach_ms, error);
    book->calls->release(book->store);
    sum->digest.answered = verdicts[KW_VERDICT_MATCHED];
    return code;
}

/* The digest of that day, which is about the one before; failed or not, it is given back by end_sum. */
static int add_up(struct kw_telling *telling, int64_t day, struct adding_up *sum)
{
    const struct kw_loop *loop = &telling->loop;
    struct kw_error *error = &telling->call->error;
    *sum = (struct adding_up){ .digest.day = day - 1, .now_ms = telling->now_ms, .arena = kw_arena_new(TILL_BYTES) };
    kw_buffer_init(&sum->digest.silent, TILL_BYTES);
    int code = sum->arena ? read_book(&telling->book, sum, error) : KWIT_E_NO_MEMORY;
    if (code == 0)
        code = loop->calls->notices(loop->store, 0, count_dead, sum, error);
    if (code == KWIT_E_NO_MEMORY)
        return kw_fail(error, code, "the digest", "out of memory");
    if (code < 0)
        return code;
    sum->digest.oldest_hours = sum->oldest_ms ? (telling->now_ms - sum->oldest_ms) / HOUR_MS : 0;
    name_silent(sum);
    return sum->digest.silent.failed ? kw_fail(error, KWIT_E_NO_MEMORY, "the digest", "out of memory") : 0;
}

static void end_sum(struct adding_up *sum)
{
    kw_buffer_free(&sum->digest.silent);
    kw_arena_free(sum->arena);
}

static bool says_nothing(const struct kw_mail_day *digest)
{
    return digest->fresh + digest->open + digest->dead + digest->invited + digest->answered
        + digest->silent_count == 0;
}

/* Once a day, from its time on; a day on which there is nothing to say has none. */
static int plan_digest(struct kw_telling *telling)
{
    const struct kw_loop *loop = &telling->loop;
    const int64_t day = kw_shop_day(&telling->call->days, telling->now_ms);
    struct adding_up sum;
    bool known;
    if (!office_of(telling)->mail_to || minute_now(telling) < office_of(telling)->digest_minutes)
        return 0;
    int code = loop->calls->known(loop->store, day, kw_notice_word(KW_NOTICE_DIGEST), "mail", &known,
                               &telling->call->error);
    if (code < 0 || known)
        return code;
    code = add_up(telling, day, &sum);
    const int fate = says_nothing(&sum.digest) ? KW_FATE_FOLDED : 0;
    end_sum(&sum);
    return code < 0 ? code : add(telling, day, KW_NOTICE_DIGEST, true, "", fate);
}

static int plan(struct kw_telling *telling)
{
    const struct kw_book *book = &telling->book;
    struct planning planning = { .telling = telling, .rules = rules_of(telling) };
    int code = book->calls->alerts(book->store, true, plan_alert, &planning, &telling->call->error);
    for (size_t i = 0; code == 0 && i < planning.count; i++)
        code = add_planned(telling, &planning.planned[i]);
    return code < 0 ? code : plan_digest(telling);
}

/* ---- trying ------------------------------------------------------------------------------------------------- */

struct due { int64_t id, alert; enum kw_notice_kind kind; int tries; bool by_mail; char store[80]; };
struct trying {
    struct kw_telling *telling;
    struct due due[TRIED];
    size_t count;
    const struct due *now;
    struct kw_net_answer answer;
};

static int take_due(void *data, const struct kw_notice *notice)
{
    struct trying *trying = data;
    if (trying->count == TRIED)
        return 0;
    struct due *due = &trying->due[trying->count++];
    *due = (struct due){ .id = notice->id, .alert = notice->alert, .kind = kw_notice_of_word(notice->kind),
                         .tries = notice->tries, .by_mail = strcmp(notice->channel, "mail") == 0 };
    snprintf(due->store, sizeof due->store, "%s", notice->store);
    return 0;
}

/* What somebody took meanwhile needs no notice any more. */
static int post_alert(void *data, const struct kw_alert *alert)
{
    struct trying *trying = data;
    struct kw_telling *telling = trying->telling;
    const struct kw_loop *loop = &telling->loop;
    const struct due *due = trying->now;
    if (alert->acknowledged_ms || alert->closed_ms)
        return loop->calls->drop(loop->store, due->id, telling->now_ms, &telling->call->error);
    const struct kw_mail mail = { .kind = due->kind, .number = alert->id, .now_ms = telling->now_ms, .alert = alert };
    if (due->by_mail)
        kw_posting_mail(telling, &mail, &trying->answer);
    else
        kw_posting_webhook(telling, &mail, &trying->answer);
    return 0;
}

static int post_digest(struct trying *trying)
{
    struct adding_up sum;
    int code = add_up(trying->telling, trying->now->alert, &sum);
    const struct kw_mail mail = { .kind = KW_NOTICE_DIGEST, .number = trying->now->alert,
                                  .now_ms = trying->telling->now_ms, .day = &sum.digest };
    if (code == 0)
        kw_posting_mail(trying->telling, &mail, &trying->answer);
    end_sum(&sum);
    return code;
}

/* One that is given up goes to who hears of what nobody took. */
static int note_failure(struct trying *trying)
{
    struct kw_telling *telling = trying->telling;
    const struct kw_loop *loop = &telling->loop;
    const struct due *due = trying->now;
    int64_t later_ms = trying->answer.final ? 0 : kw_retry_ms(due->tries + 1, (uint32_t)(due->id * 2654435761u));
    int code = loop->calls->failed(loop->store, due->id, later_ms ? telling->now_ms + later_ms : 0,
                                trying->answer.text, telling->now_ms, &telling->call->error);
    kw_log(&telling->call->context->log, KW_LOG_WARNING, "notice %lld by %s: %s%s", (long long)due->id,
           channel_of(due->by_mail), trying->answer.text, later_ms ? "" : "; given up");
    const bool escalates = due->by_mail && office_of(telling)->escalate_to && due->kind < KW_NOTICE_ESCALATION;
    return code == 0 && later_ms == 0 && escalates
               ? add(telling, due->alert, KW_NOTICE_ESCALATION, true, due->store, 0) : code;
}

static int try_one(struct trying *trying)
{
    struct kw_telling *telling = trying->telling;
    const struct kw_loop *loop = &telling->loop;
    const struct due *due = trying->now;
    trying->answer = (struct kw_net_answer){ .done = false };
    telling->now_ms = kw_clock_wall_ms();
    int code = due->kind == KW_NOTICE_DIGEST
                   ? post_digest(trying)
                   : loop->calls->alert(loop->store, due->alert, post_alert, trying, &telling->call->error);
    if (code == KWIT_E_NOT_FOUND)                   /* its answer was erased or pruned */
        return loop->calls->drop(loop->store, due->id, telling->now_ms, &telling->call->error);
    if (code < 0)
        return code;
    if (trying->answer.done)
        return loop->calls->sent(loop->store, due->id, due->alert, telling->now_ms, &telling->call->error);
    return trying->answer.text[0] ? note_failure(trying) : 0;
}

/* Of those that share a state or a database one mails. When its process ends, however, the next one has the turn. */
static int take_turn(struct kw_telling *telling, bool *mine)
{
    const struct kw_loop *loop = &telling->loop;
    int code = loop->calls->turn(loop->store, mine, &telling->call->error);
    telling->has_turn = telling->has_turn || (code == 0 && *mine && flock(telling->place, LOCK_EX | LOCK_NB) == 0);
    *mine = code == 0 && *mine && telling->has_turn;
    return code;
}

int kw_telling_tick(struct kw_telling *telling)
{
    const struct kw_loop *loop = &telling->loop;
    struct trying trying = { .telling = telling };
    bool mine;
    telling->now_ms = kw_clock_wall_ms();
    int code = take_turn(telling, &mine);
    if (code < 0 || !mine)
        return code;
    code = plan(telling);
    if (code == 0)
        code = loop->calls->notices(loop->store, telling->now_ms, take_due, &trying, &telling->call->error);
    /* One that takes nothing now is not asked for each of the rest: who ends the office would wait for all of them. */
    bool heard = true;
    for (size_t i = 0; code == 0 && heard && i < trying.count; i++) {
        trying.now = &trying.due[i];
        code = try_one(&trying);
        heard = trying.answer.done || trying.answer.final || !trying.answer.text[0];
    }
    return code;
}

void kw_telling_end(struct kw_telling *telling)
{
    if (telling->module)
        kw_module_close(telling->module);
    if (telling->place > 0)
        close(telling->place);
}
