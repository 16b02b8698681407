/* pg_page.c - answers from the page, many to a transaction; what one customer said, for that customer alone. */
#include "office/pg/internal.h"

#include "base/clock.h"
#include "record/own.h"

#include <stdio.h>
#include <string.h>

/* ---- looking ------------------------------------------------------------------------------------------------ */

struct stored {
    int64_t id, submitted_ms;
    int nps, csat, ces;
    bool contact, rewarded;
    char own[KW_OWN_TEXT];
};

static int find_stored(struct kw_pg *pg, const uint8_t key[KW_ANSWER_KEY], struct stored *stored,
                       struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    *stored = (struct stored){ 0 };
    kw_pg_bytes(&values, key, KW_ANSWER_KEY);
    int code = kw_pg_run(pg, KW_PG_STORED, &values, &rows, error);
    if (code == 0 && PQntuples(rows) > 0) {
        *stored = (struct stored){ .id = kw_pg_get(rows, 0, 0), .submitted_ms = kw_pg_get(rows, 0, 1),
                                   .nps = kw_pg_score(rows, 0, 2), .csat = kw_pg_score(rows, 0, 3),
                                   .ces = kw_pg_score(rows, 0, 4), .contact = kw_pg_get(rows, 0, 6) != 0,
                                   .rewarded = kw_pg_get(rows, 0, 7) != 0 };
        snprintf(stored->own, sizeof stored->own, "%s", PQgetvalue(rows, 0, 5));
    }
    PQclear(rows);
    return code;
}

static struct kw_pg_values code_of(const struct kw_answer *answer)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, answer->handle);
    kw_pg_number(&values, answer->day);
    kw_pg_number(&values, answer->seq);
    return values;
}

/* The text of the first row, "" where there is none. */
static int find_text(struct kw_pg *pg, enum kw_pg_statement statement, const struct kw_pg_values *values, char *text,
                     size_t size, bool *found, struct kw_error *error)
{
    PGresult *rows;
    int code = kw_pg_run(pg, statement, values, &rows, error);
    *found = code == 0 && PQntuples(rows) > 0;
    snprintf(text, size, "%s", *found ? PQgetvalue(rows, 0, 0) : "");
    PQclear(rows);
    return code;
}

/* Whether there is an answer to the code, whatever its sale; of tests as well. */
static int find_used(struct kw_pg *pg, const struct kw_answer *answer, bool *used, struct kw_error *error)
{
    char nothing[8];
    struct kw_pg_values values = code_of(answer);
    kw_pg_number(&values, answer->flag);
    return find_text(pg, KW_PG_USED, &values, nothing, sizeof nothing, used, error);
}

static int find_opened(struct kw_pg *pg, int64_t sale, bool *opened, struct kw_error *error)
{
    char nothing[8];
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, sale);
    kw_pg_number(&values, KW_EVENT_OPENED);
    return find_text(pg, KW_PG_WAS_OPENED, &values, nothing, sizeof nothing, opened, error);
}

static int find_reply(struct kw_pg *pg, const struct kw_answer *answer, char reply[KW_REPLY], struct kw_error *error)
{
    bool found;
    struct kw_pg_values values = code_of(answer);
    kw_pg_number(&values, answer->flag);
    return find_text(pg, KW_PG_REPLY_TO, &values, reply, KW_REPLY, &found, error);
}

int kw_pg_ticket(void *store, const struct kw_answer *answer, const struct kw_shop_days *days, struct kw_ticket *ticket,
                 struct kw_error *error)
{
    struct kw_pg *pg = store;
    struct kw_answer judged = *answer;
    struct kw_pg_match match = { 0 };
    struct stored stored = { 0 };
    *ticket = (struct kw_ticket){ 0 };
    int code = kw_pg_reach(pg, error);
    if (code == 0 && !answer->verdict)
        code = kw_pg_judge(pg, &judged, days, &match, error);
    if (code == 0)
        code = find_used(pg, answer, &ticket->used, error);
    if (code == 0)
        code = find_stored(pg, answer->key, &stored, error);
    if (code == 0 && match.sale > 0)
        code = find_opened(pg, match.sale, &ticket->opened, error);
    memcpy(ticket->language, match.language, sizeof ticket->language);
    ticket->verdict = judged.verdict;
    ticket->own = stored.id > 0;
    ticket->nps = stored.nps;
    ticket->csat = stored.csat;
    ticket->ces = stored.ces;
    ticket->contact = stored.contact;
    ticket->rewarded = stored.rewarded;
    return code == 0 && ticket->used ? find_reply(pg, answer, ticket->reply, error) : code;
}

/*
 * ---- submitting ---------------------------------------------------------------------------------------------
 *
 * A verdict is found on a copy: when the transaction fails, the same submission is handed in again, here or elsewhere,
 * and must not come as judged.
 */

/* Two offices that are handed an answer to one code at the same time take one after the other. */
static int lock_code(struct kw_pg *pg, const struct kw_answer *answer, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, (int64_t)((uint64_t)answer->handle << 32 ^ (uint64_t)answer->day << 16 ^ answer->seq));
    return kw_pg_run(pg, KW_PG_LOCK_CODE, &values, NULL, error);
}

static int add_answer(struct kw_pg *pg, const struct kw_answer *answer, const struct kw_pg_match *match, int64_t *id,
                      struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    const int64_t code_numbers[] = { answer->kid, answer->handle, answer->day, answer->seq, answer->variant,
                                     answer->flag, answer->verdict, match->journal, match->sale, match->printed_ms,
                                     answer->submitted_ms, answer->nps, answer->csat, answer->ces, answer->contact };
    PGresult *rows;
    kw_pg_bytes(&values, answer->key, KW_ANSWER_KEY);
    kw_pg_text(&values, answer->token);
    for (size_t i = 0; i < sizeof code_numbers / sizeof code_numbers[0]; i++)
        kw_pg_number(&values, code_numbers[i]);
    kw_pg_text(&values, answer->language);
    kw_pg_text(&values, answer->comment ? answer->comment : "");
    kw_pg_text(&values, answer->own ? answer->own : "");
    int code = kw_pg_run(pg, KW_PG_NEW_ANSWER, &values, &rows, error);
    *id = code == 0 && PQntuples(rows) > 0 ? kw_pg_get(rows, 0, 0) : 0;
    PQclear(rows);
    return code;
}

static int thank(struct kw_pg *pg, int64_t id, const struct kw_submission *submission, enum kw_verdict verdict,
                 struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    const bool thanked = verdict == KW_VERDICT_MATCHED || verdict == KW_VERDICT_UNCOVERED;
    if (!submission->reward || !thanked || submission->outcome != KW_OUTCOME_SAVED)
        return 0;
    kw_pg_number(&values, id);
    kw_pg_bytes(&values, submission->reward_mark, KW_THANKS_MARK);
    kw_pg_number(&values, kw_clock_wall_ms());
    return kw_pg_run(pg, KW_PG_GIVE_REWARD, &values, NULL, error);
}

/* Another one to the same code counts: this one is kept, and its customer is told. */
static int submit_first(struct kw_pg *pg, const struct kw_shop_days *days, struct kw_submission *submission,
                        struct kw_error *error)
{
    struct kw_answer judged = submission->answer, *answer = &judged;
    struct kw_pg_match match = { 0 };
    bool used = false;
    int64_t id = 0;
    int code = answer->verdict ? 0 : kw_pg_judge(pg, answer, days, &match, error);
    if (code == 0)
        code = lock_code(pg, answer, error);
    if (code == 0)
        code = find_used(pg, answer, &used, error);
    if (code == 0)
        code = add_answer(pg, answer, &match, &id, error);
    submission->outcome = id == 0 ? KW_OUTCOME_KNOWN : answer->verdict == KW_VERDICT_EXPIRED ? KW_OUTCOME_EXPIRED
        : used ? KW_OUTCOME_USED : KW_OUTCOME_SAVED;
    if (code == 0)
        code = thank(pg, id, submission, answer->verdict, error);
    return code == 0 && id > 0 && answer->verdict == KW_VERDICT_MATCHED ? kw_pg_raise(pg, id, answer, error) : code;
}

static int put_contact(struct kw_pg *pg, int64_t id, const struct kw_submission *submission, struct kw_error *error)
{
    enum { SEALED = 256 };
    char sealed[2 * SEALED + 3] = "\\x";
    struct kw_pg_values values = { .count = 0 };
    const uint8_t *bytes = submission->sealed;
    for (size_t i = 0; i < submission->sealed_bytes && i < SEALED; i++)
        snprintf(sealed + 2 + 2 * i, 3, "%02x", bytes[i]);
    kw_pg_number(&values, id);
    kw_pg_text(&values, sealed);
    kw_pg_number(&values, submission->forget_ms);
    kw_pg_number(&values, submission->consent);
    return kw_pg_run(pg, KW_PG_PUT_CONTACT, &values, NULL, error);
}

/* *heard: the answer as the row says it now. The scores that came first are kept beside the last ones. */
static int change_answer(struct kw_pg *pg, int64_t id, const struct kw_answer *answer, struct kw_answer *heard,
                         struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    const int64_t numbers[] = { id, answer->submitted_ms, answer->nps, answer->csat, answer->ces, answer->contact };
    PGresult *rows;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kw_pg_number(&values, numbers[i]);
    kw_pg_number(&values, answer->comment != NULL);
    kw_pg_text(&values, answer->comment ? answer->comment : "");
    kw_pg_number(&values, answer->own != NULL);
    kw_pg_text(&values, answer->own ? answer->own : "");
    int code = kw_pg_run(pg, KW_PG_CHANGE_ANSWER, &values, &rows, error);
    *heard = *answer;
    if (code == 0 && PQntuples(rows) > 0) {
        heard->verdict = (enum kw_verdict)kw_pg_get(rows, 0, 0);
        heard->nps = kw_pg_score(rows, 0, 2);
        heard->csat = kw_pg_score(rows, 0, 3);
    }
    PQclear(rows);
    return code;
}

/* Who edits a low score away has said it all the same; who adds a wish is heard. */
static int submit_edit(struct kw_pg *pg, struct kw_submission *submission, struct kw_error *error)
{
    struct kw_answer changed = submission->answer, heard;
    struct stored stored;
    int code = find_stored(pg, changed.key, &stored, error);
    const bool late = changed.submitted_ms > stored.submitted_ms + submission->edit_ms;
    submission->outcome = stored.id == 0 ? KW_OUTCOME_UNKNOWN : late ? KW_OUTCOME_LATE : KW_OUTCOME_SAVED;
    if (code < 0 || submission->outcome != KW_OUTCOME_SAVED)
        return code;
    if (changed.own && kw_own_merge(stored.own, changed.own))
        changed.own = stored.own;
    code = change_answer(pg, stored.id, &changed, &heard, error);
    if (code == 0 && submission->sealed)
        code = put_contact(pg, stored.id, submission, error);
    return code == 0 && heard.verdict == KW_VERDICT_MATCHED ? kw_pg_raise(pg, stored.id, &heard, error) : code;
}

/* Words without a score. Their sale is looked for, and who looks after alerts hears of them in any case. */
static int submit_message(struct kw_pg *pg, const struct kw_shop_days *days, struct kw_submission *submission,
                          struct kw_error *error)
{
    struct kw_answer judged = submission->answer, *answer = &judged;
    struct kw_pg_match match = { 0 };
    int64_t id = 0;
    int code = answer->verdict ? 0 : kw_pg_judge(pg, answer, days, &match, error);
    answer->verdict = KW_VERDICT_MESSAGE;
    if (code == 0)
        code = add_answer(pg, answer, &match, &id, error);
    submission->outcome = id > 0 ? KW_OUTCOME_SAVED : KW_OUTCOME_KNOWN;
    if (code == 0 && id > 0 && submission->sealed)
        code = put_contact(pg, id, submission, error);
    return code == 0 && id > 0 ? kw_pg_raise(pg, id, answer, error) : code;
}

/* The first time counts. */
static int submit_opened(struct kw_pg *pg, const struct kw_shop_days *days, struct kw_submission *submission,
                         struct kw_error *error)
{
    struct kw_answer judged = submission->answer, *answer = &judged;
    struct kw_pg_match match = { 0 };
    struct kw_pg_values values = { .count = 0 };
    int code = answer->verdict ? 0 : kw_pg_judge(pg, answer, days, &match, error);
    submission->outcome = KW_OUTCOME_KNOWN;
    const bool told = answer->event == KW_EVENT_REPLY_SEEN ? match.sale > 0 : answer->verdict == KW_VERDICT_MATCHED;
    if (code < 0 || !told)
        return code;
    const int64_t numbers[] = { match.sale, answer->event, match.journal, answer->day, answer->submitted_ms };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        kw_pg_number(&values, numbers[i]);
    return kw_pg_run(pg, KW_PG_PUT_OPENING, &values, NULL, error);
}

int kw_pg_redeem(struct kw_pg *pg, const uint8_t mark[KW_THANKS_MARK], bool *any, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows = NULL;
    bool redeemed = false;
    kw_pg_bytes(&values, mark, KW_THANKS_MARK);
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_REDEEMED, &values, &rows, error);
    const int64_t before_ms = code == 0 ? kw_pg_get(rows, 0, 0) : 0;
    *any = code == 0 && kw_pg_get(rows, 0, 1) != 0;
    PQclear(rows);
    kw_pg_number(&values, kw_clock_wall_ms());
    if (code == 0)
        code = kw_pg_change(pg, KW_PG_REDEEM, &values, &redeemed, error);
    return code < 0 || redeemed ? code : kw_thanks_refuse(before_ms, error);
}

/* ---- taking back -------------------------------------------------------------------------------------------- */

static int withdraw(struct kw_pg *pg, const struct kw_pg_values *id, struct kw_error *error)
{
    int code = kw_pg_run(pg, KW_PG_DROP_CONTACT, id, NULL, error);
    return code < 0 ? code : kw_pg_run(pg, KW_PG_NO_CONTACT, id, NULL, error);
}

int kw_pg_wipe(struct kw_pg *pg, int64_t id, int64_t now_ms, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    kw_pg_number(&values, id);
    int code = withdraw(pg, &values, error);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_DROP_REPLY, &values, NULL, error);
    kw_pg_number(&values, now_ms);
    if (code == 0)
        code = kw_pg_run(pg, KW_PG_WIPE_ANSWER, &values, NULL, error);
    return code < 0 ? code : kw_pg_run(pg, KW_PG_CLOSE_ERASED, &values, NULL, error);
}

static int take_back(struct kw_pg *pg, struct kw_submission *submission, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    struct stored stored;
    int code = find_stored(pg, submission->answer.key, &stored, error);
    submission->outcome = stored.id ? KW_OUTCOME_SAVED : KW_OUTCOME_UNKNOWN;
    if (code < 0 || stored.id == 0)
        return code;
    kw_pg_number(&values, stored.id);
    return submission->kind == KW_SUBMIT_WITHDRAW
               ? withdraw(pg, &values, error)
               : kw_pg_wipe(pg, stored.id, submission->answer.submitted_ms, error);
}

/* ---- all of it ---------------------------------------------------------------------------------------------- */

static int submit_one(struct kw_pg *pg, const struct kw_shop_days *days, struct kw_submission *submission,
                      struct kw_error *error)
{
    switch (submission->kind) {
    case KW_SUBMIT_FIRST:
        return submit_first(pg, days, submission, error);
    case KW_SUBMIT_EDIT:
        return submit_edit(pg, submission, error);
    case KW_SUBMIT_MESSAGE:
        return submit_message(pg, days, submission, error);
    case KW_SUBMIT_OPENED:
        return submit_opened(pg, days, submission, error);
    default:
        return take_back(pg, submission, error);
    }
}

int kw_pg_submit(void *store, const struct kw_shop_days *days, struct kw_submission *submissions, size_t count,
                 struct kw_error *error)
{
    struct kw_pg *pg = store;
    int code = kw_pg_reach(pg, error);
    if (code == 0)
        code = kw_pg_say(pg, "BEGIN", error);
    const bool begun = code == 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = submit_one(pg, days, &submissions[i], error);
    if (begun)
        code = kw_pg_end(pg, code, error);
    for (size_t i = 0; code < 0 && i < count; i++)
        submissions[i].outcome = KW_OUTCOME_FAILED;
    return code;
}

int kw_pg_said(void *store, const uint8_t key[KW_ANSWER_KEY], kw_said_sink sink, void *data, struct kw_error *error)
{
    struct kw_pg_values values = { .count = 0 };
    PGresult *rows;
    kw_pg_bytes(&values, key, KW_ANSWER_KEY);
    int code = kw_pg_reach(store, error);
    if (code == 0)
        code = kw_pg_run(store, KW_PG_SAID, &values, &rows, error);
    if (code < 0)
        return code;
    if (PQntuples(rows) > 0) {
        const struct kw_said said = { .submitted_ms = kw_pg_get(rows, 0, 0), .edited_ms = kw_pg_get(rows, 0, 1),
                                      .replied_ms = kw_pg_get(rows, 0, 2), .forget_ms = kw_pg_get(rows, 0, 3),
                                      .nps = kw_pg_score(rows, 0, 4), .csat = kw_pg_score(rows, 0, 5),
                                      .ces = kw_pg_score(rows, 0, 6),
                                      .consent = (int)kw_pg_get(rows, 0, 7), .language = PQgetvalue(rows, 0, 8),
                                      .own = PQgetvalue(rows, 0, 9), .comment = PQgetvalue(rows, 0, 10),
                                      .reply = PQgetvalue(rows, 0, 11), .contact = kw_pg_get(rows, 0, 12) != 0 };
        code = sink(data, &said);
    } else
        code = kw_fail(error, KWIT_E_NOT_FOUND, "[office] store", "there is no such answer");
    PQclear(rows);
    return code;
}
