/* cells.c - counts of touchpoints that are alike, kept with every event so that reports need not read each sale. */
#include "journal/chain.h"

const char *kw_class_word(int klass)
{
    static const char *const words[] = {
#define CLASS_WORD(name, number, word) [number] = word,
        KW_CLASSES(CLASS_WORD)
#undef CLASS_WORD
    };
    return klass >= 0 && klass < KW_CLASS_COUNT ? words[klass] : "unknown";
}

int kw_class_of_event(int event)
{
    switch (event) {
    case KW_EVENT_PRINTED:
        return KW_CLASS_PROVEN;
    case KW_EVENT_SENT:
        return KW_CLASS_SENT;
    case KW_EVENT_UNCONFIRMED:
        return KW_CLASS_UNCONFIRMED;
    case KW_EVENT_PRINT_FAILED:
        return KW_CLASS_NOT_PRINTED;
    case KW_EVENT_SEEN_BY_PERSON:
        return KW_CLASS_SEEN;
    case KW_EVENT_MISSING_BY_PERSON:
        return KW_CLASS_MISSING;
    default:
        return -1;
    }
}

static int local_hour(const struct kw_touchpoint *touchpoint)
{
    enum { MINUTES_PER_DAY = 1440 };
    int64_t minutes = touchpoint->ts_ms / 60000 + touchpoint->offset_minutes;
    return (int)(((minutes % MINUTES_PER_DAY) + MINUTES_PER_DAY) % MINUTES_PER_DAY / 60);
}

int kw_cell_add(struct kw_journal *journal, const struct kw_touchpoint *t, int klass, int64_t change, int64_t *id,
                struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal,
        "INSERT INTO cell(day, hour, kind, variant, variant_p_bp, p_bp, reason, forced, drawn, flag, expires_day, class, n,"
        " store, till, cashier, language, channel, campaign) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT(day, store, till, hour, kind, class, reason, variant, language, cashier, variant_p_bp, p_bp, channel,"
        " campaign, forced, drawn, flag, expires_day) DO UPDATE SET n = n + excluded.n RETURNING id", error);
    if (!statement)
        return KWIT_E_IO;
    const int64_t numbers[] = { t->day, local_hour(t), t->kind, t->variant, t->variant_p_bp, t->p_bp, t->reason, t->forced,
                                t->drawn, t->flag, t->expires_day, klass, change };
    const char *const texts[] = { t->store, t->till, t->cashier, t->language, t->channel, t->campaign };
    int at = 1, code = 0;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        sqlite3_bind_int64(statement, at++, numbers[i]);
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        kw_bind_text(statement, at++, texts[i]);
    if (sqlite3_step(statement) != SQLITE_ROW)
        code = kw_journal_fail(journal, "writing", error);
    else if (id)
        *id = sqlite3_column_int64(statement, 0);
    while (code == 0 && sqlite3_step(statement) == SQLITE_ROW)
        ;
    kw_journal_reset(statement);
    return code;
}
