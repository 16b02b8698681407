/*
 * verify_fates.c - what became of a sale, by its record, against what its events say. A record is met at its first
 * event; what it says more is held until events have said it too. Invitations expire months later and by the million:
 * those are held against their records one by one, and counted.
 */
#include "journal/verify.h"

enum word { CLASS, ANNULLED, REFUNDED, EXPIRED, WORDS };

static const struct { enum kw_event event; const char *what; } words[WORDS] = {
    [CLASS] = { 0, "the delivery class of sale %lld is not what its events say" },
    [ANNULLED] = { KW_EVENT_ANNULLED, "whether sale %lld was called off is not what its events say" },
    [REFUNDED] = { KW_EVENT_REFUNDED, "whether sale %lld was refunded is not what its events say" },
    [EXPIRED] = { KW_EVENT_EXPIRED, "whether sale %lld expired is not what its events say" },
};

/* When each word was said; klass: what the last one said of its paper. */
struct fate { int64_t n, klass, ms[WORDS]; };

static int no_memory(struct kw_verifying *verifying)
{
    return kw_fail(verifying->error, KWIT_E_NO_MEMORY, verifying->journal->path, "out of memory");
}

static enum word word_of(enum kw_event event)
{
    if (kw_class_of_event(event) >= 0)
        return CLASS;
    enum word word = ANNULLED;
    while (word < WORDS && words[word].event != event)
        word++;
    return word;
}

static int add_expired(struct kw_verifying *verifying, int64_t sale, uint64_t digest, enum kw_tally_side side)
{
    struct kw_tally_entry *run = kw_tally_at(&verifying->expired, 0, sale >> KW_SEAL_SHIFT);
    if (!run)
        return no_memory(verifying);
    run->rows[side]++;
    run->sum[side] += digest;
    return 0;
}

/* ---- the record --------------------------------------------------------------------------------------------- */

static int hold_word(struct kw_verifying *verifying, int64_t sale, enum word word, const struct fate *fate,
                     struct kw_tally_entry **entry)
{
    *entry = kw_tally_at(&verifying->unsaid, word, sale);
    if (!*entry)
        return no_memory(verifying);
    (*entry)->event = fate->n;
    (*entry)->rows[KW_HELD] = fate->ms[word];
    (*entry)->sum[KW_HELD] = word == CLASS ? (uint64_t)fate->klass : 0;
    return 0;
}

int kw_verify_hold_fate(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    const struct kw_touchpoint *touchpoint = &link->record;
    const struct fate fate = { touchpoint->n, touchpoint->klass,
                               { [CLASS] = touchpoint->class_ms, [ANNULLED] = touchpoint->annulled_ms,
                                 [REFUNDED] = touchpoint->refunded_ms, [EXPIRED] = touchpoint->expired_ms } };
    struct kw_tally_entry *entry = NULL;
    int code = 0;
    for (enum word word = CLASS; code == 0 && word < EXPIRED; word++)
        if (fate.ms[word] || (word == CLASS && fate.klass))
            code = hold_word(verifying, touchpoint->sale, word, &fate, &entry);
    return code < 0 || fate.ms[EXPIRED] == 0
               ? code : add_expired(verifying, touchpoint->sale, link->expiry, KW_HELD);
}

/* ---- its events --------------------------------------------------------------------------------------------- */

/* As the record has it; n 0: there is none, or it was pruned. */
static int look_up(struct kw_verifying *verifying, int64_t sale, struct fate *fate)
{
    sqlite3_stmt *row = kw_journal_prepare(verifying->journal,
                                           "SELECT n, max(class, 0), class_ms, annulled_ms, refunded_ms, expired_ms"
                                           " FROM touchpoint WHERE sale = ? AND sale < 1 << 40 AND n > ?",
                                           verifying->error);
    if (!row)
        return verifying->error->code;
    sqlite3_bind_int64(row, 1, sale);
    sqlite3_bind_int64(row, 2, verifying->check->from_n);
    *fate = (struct fate){ 0 };
    int status = sqlite3_step(row);
    if (status == SQLITE_ROW) {
        fate->n = sqlite3_column_int64(row, 0);
        fate->klass = sqlite3_column_int64(row, 1);
        for (enum word word = CLASS; word < WORDS; word++)
            fate->ms[word] = sqlite3_column_int64(row, 2 + (int)word);
    }
    return kw_journal_stepped(verifying->journal, row, status, verifying->error);
}

/* Of its paper the last word that changes something counts, else the earliest. */
static void hear_word(struct kw_tally_entry *entry, enum word word, const struct kw_chain_event *event)
{
    const uint64_t klass = word == CLASS ? (uint64_t)kw_class_of_event(event->ev) : 0;
    if (word == CLASS ? klass != entry->sum[KW_SAID]
                      : entry->rows[KW_SAID] == 0 || event->ts_ms < entry->rows[KW_SAID])
        entry->rows[KW_SAID] = event->ts_ms;
    entry->sum[KW_SAID] = klass;
}

int kw_verify_hear_fate(struct kw_verifying *verifying, const struct kw_chain_link *link)
{
    const struct kw_chain_event *event = &link->event;
    const enum word word = word_of(event->ev);
    if (word == WORDS || (word == EXPIRED && event->sale < verifying->first_sale))  /* of a sale that was pruned */
        return 0;
    if (word == EXPIRED)
        return add_expired(verifying, event->sale, link->expiry, KW_SAID);
    struct kw_tally_entry *entry = kw_tally_find(&verifying->unsaid, word, event->sale);
    struct fate fate = { 0 };
    int code = entry ? 0 : look_up(verifying, event->sale, &fate);
    if (code == 0 && fate.n > 0) {              /* all that it says was said before */
        code = hold_word(verifying, event->sale, word, &fate, &entry);
        if (code == 0) {
            entry->rows[KW_SAID] = entry->rows[KW_HELD];
            entry->sum[KW_SAID] = entry->sum[KW_HELD];
        }
    }
    if (code < 0 || !entry)
        return code;
    hear_word(entry, word, event);
    if (entry->rows[KW_SAID] == entry->rows[KW_HELD] && entry->sum[KW_SAID] == entry->sum[KW_HELD])
        kw_tally_drop(&verifying->unsaid, entry);
    return 0;
}

/* ---- the account -------------------------------------------------------------------------------------------- */

/* Runs whose sums differ are accounted for anew: *any: there are some. */
static int open_runs(struct kw_verifying *verifying, bool *any)
{
    *any = false;
    for (size_t i = 0; i < verifying->expired.count; i++) {
        const struct kw_tally_entry *run = &verifying->expired.entries[i];
        if (run->rows[KW_SAID] == run->rows[KW_HELD] && run->sum[KW_SAID] == run->sum[KW_HELD])
            continue;
        struct kw_tally_entry *entry = kw_tally_at(&verifying->tally, KW_TALLY_EXPIRED, run->key);
        if (!entry)
            return no_memory(verifying);
        entry->rows[KW_HELD] = run->rows[KW_HELD];
        *any = true;
    }
    return 0;
}

static int hear_expired(struct kw_verifying *verifying, int64_t sale, int64_t ts_ms)
{
    struct kw_tally_entry *entry = kw_tally_find(&verifying->tally, KW_TALLY_EXPIRED, sale >> KW_SEAL_SHIFT);
    struct fate fate = { 0 };
    int code = entry ? look_up(verifying, sale, &fate) : 0;
    if (code < 0 || fate.n == 0)
        return code;
    if (fate.ms[EXPIRED] != ts_ms)
        kw_finding_add(verifying, fate.n, words[EXPIRED].what, (long long)sale);
    entry->rows[KW_SAID] += fate.ms[EXPIRED] != 0;
    return 0;
}

static int hear_runs(struct kw_verifying *verifying)
{
    sqlite3_stmt *row = kw_journal_prepare(verifying->journal, "SELECT sale, ts_ms FROM event WHERE n > ? AND ev = ?"
                                           " ORDER BY n", verifying->error);
    if (!row)
        return verifying->error->code;
    int code = 0, status = SQLITE_DONE;
    sqlite3_bind_int64(row, 1, verifying->check->from_n);
    sqlite3_bind_int(row, 2, KW_EVENT_EXPIRED);
    while (code == 0 && (status = sqlite3_step(row)) == SQLITE_ROW)
        code = hear_expired(verifying, sqlite3_column_int64(row, 0), sqlite3_column_int64(row, 1));
    return kw_journal_walked(verifying->journal, row, code, status, verifying->error);
}

int kw_verify_fates(struct kw_verifying *verifying)
{
    bool any;
    for (size_t i = 0; i < verifying->unsaid.count; i++) {
        const struct kw_tally_entry *entry = &verifying->unsaid.entries[i];
        kw_finding_add(verifying, entry->event, words[entry->kind].what, (long long)entry->key);
    }
    int code = open_runs(verifying, &any);
    return code < 0 || !any ? code : hear_runs(verifying);
}
