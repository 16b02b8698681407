/* reward.c - thank-yous, given and redeemed. */
#include "journal/reward.h"

#include "base/clock.h"
#include "journal/digest.h"
#include "journal/seal.h"
#include "journal/touchpoint.h"
#include "record/answer.h"

#include <string.h>

enum { CODE = 16 };

static int digest_code(struct kw_journal *journal, const char *typed, uint8_t out[CODE], struct kw_error *error)
{
    char code[KW_THANKS_TEXT];
    kw_thanks_spell(typed, code);
    return kw_digest_name(journal, "kwit/reward", code, out, CODE, error);
}

int kw_reward_give(struct kw_journal *journal, int64_t answer, int64_t sale, const char *code, struct kw_error *error)
{
    uint8_t digest[CODE];
    const int64_t now_ms = kw_clock_wall_ms();
    int failed = digest_code(journal, code, digest, error);
    sqlite3_stmt *row = failed == 0 ? kw_journal_prepare(journal, "INSERT OR IGNORE INTO reward(answer, code, given_ms,"
                                                         " redeemed_ms) VALUES(?, ?, ?, 0)", error) : NULL;
    if (!row)
        return error->code;
    sqlite3_bind_int64(row, 1, answer);
    sqlite3_bind_blob(row, 2, digest, CODE, SQLITE_STATIC);
    sqlite3_bind_int64(row, 3, now_ms);
    failed = kw_journal_done(journal, row, error);
    return failed < 0 ? failed : kw_touchpoint_event(journal, sale, KW_EVENT_REWARDED, "", now_ms, error);
}

int kw_reward_was_given(struct kw_journal *journal, int64_t answer, bool *given, struct kw_error *error)
{
    int64_t found;
    int code = kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM reward WHERE answer = ?1)", &answer, 1, &found,
                                 error);
    *given = code == 0 && found;
    return code;
}

struct given { int64_t answer, sale, redeemed_ms; };

static int find(struct kw_journal *journal, const uint8_t digest[CODE], struct given *given, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT reward.answer, coalesce(sale, 0), redeemed_ms FROM reward"
                                           " LEFT JOIN answer ON answer.id = reward.answer WHERE code = ?", error);
    *given = (struct given){ 0 };
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, digest, CODE, SQLITE_STATIC);
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW)
        *given = (struct given){ sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1),
                                 sqlite3_column_int64(row, 2) };
    return kw_journal_stepped(journal, row, status, error);
}

static int redeem(struct kw_journal *journal, const uint8_t digest[CODE], struct kw_error *error)
{
    struct given given;
    const int64_t now_ms = kw_clock_wall_ms();
    int code = find(journal, digest, &given, error);
    if (code < 0)
        return code;
    if (given.answer == 0 || given.redeemed_ms > 0)
        return kw_thanks_refuse(given.redeemed_ms, error);
    const int64_t bound[] = { now_ms, given.answer };
    code = kw_journal_run_with(journal, "UPDATE reward SET redeemed_ms = ?1 WHERE answer = ?2", bound, 2, error);
    return code < 0 ? code : kw_touchpoint_event(journal, given.sale, KW_EVENT_REDEEMED, "", now_ms, error);
}

int kw_reward_redeem(struct kw_journal *journal, const char *typed, bool *any, struct kw_error *error)
{
    uint8_t digest[CODE];
    int64_t given = 0;
    int code = kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM reward)", NULL, 0, &given, error);
    *any = given != 0;
    if (code == 0)
        code = digest_code(journal, typed, digest, error);
    if (code == 0)
        code = kw_seal_watch(journal, error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, error);
    return code < 0 ? code : kw_journal_end(journal, redeem(journal, digest, error), error);
}
