/* desk.c - opening and closing what the office's calls work on. */
#include "api/touch/desk.h"

#include "journal/ledger.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DESK_CEILING = 256 * 1024 * 1024, BUSY_MS = 30000 };

static int open_journal(struct kw_desk *desk, enum kw_desk_need need)
{
    char path[KW_KEYS_PATH];
    struct kw_journal_options options = { .path = desk->config.journal.path, .read_only = need == KW_DESK_READ,
                                          .create = need == KW_DESK_CREATE, .busy_ms = BUSY_MS };
    if (!options.path) {
        int code = kw_state_path(desk->state, "journal.db", path, sizeof path, &desk->error);
        if (code < 0)
            return code;
        options.path = path;
    }
    return kw_journal_open(&options, &desk->journal, &desk->error);
}

/* A name that is no zone is a fault that config check tells; days are counted by this machine's clock then. */
static int open_zone(struct kw_desk *desk)
{
    struct kw_error unknown;
    int code = kw_zone_open(desk->config.store.timezone, &desk->zone, &unknown);
    if (code < 0)
        code = kw_zone_open(NULL, &desk->zone, &desk->error);
    desk->days = (struct kw_shop_days){ desk->zone, desk->config.store.day_starts_minutes };
    return code;
}

int kw_desk_open(const kwit_context *context, enum kw_desk_need need, struct kw_desk *desk, kwit_result **result)
{
    *desk = (struct kw_desk){ .context = context };
    *result = desk->result = kw_result_new();
    desk->arena = kw_arena_new(DESK_CEILING);
    if (!desk->arena)
        return kw_fail(&desk->error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(&desk->warnings, desk->arena);
    int code = kw_config_load(desk->arena, context->config_file, false, &desk->config, &desk->warnings, &desk->error);
    if (code == 0)
        code = open_zone(desk);
    if (code == 0)
        code = need == KW_DESK_READ ? kw_state_open_to_read(context->state_dir, &desk->state, &desk->error)
                                    : kw_state_open(context->state_dir, &desk->state, &desk->error);
    return code < 0 || need == KW_DESK_STATE ? code : open_journal(desk, need);
}

int kw_desk_close(struct kw_desk *desk, int code)
{
    kw_journal_close(desk->journal);
    if (desk->state)
        kw_state_close(desk->state);
    kw_arena_free(desk->arena);
    kw_zone_close(desk->zone);
    if (code < 0) {
        desk->error.code = (enum kwit_error)code;
        return kw_result_fail(desk->result, &desk->error);
    }
    return code;
}

int64_t kw_desk_today(const struct kw_desk *desk)
{
    return kw_shop_day(&desk->days, kw_clock_wall_ms());
}

int kw_desk_find_sale(struct kw_desk *desk, const struct kwit_sale_name *name, int64_t *sale)
{
    return kw_ledger_find(desk->journal, &(struct kw_sale_name){ name->id, name->till, name->day }, sale, &desk->error);
}

int kw_desk_expire(struct kw_desk *desk, int64_t *count)
{
    int64_t reach_ms;
    *count = 0;
    int code = kw_ledger_reach(desk->journal, &reach_ms, &desk->error);
    if (code < 0 || reach_ms == 0)
        return code;
    /* Of the latest answer's own day more may come. */
    int64_t reach_day = kw_business_day(reach_ms, 0, 0) - 1, yesterday = kw_desk_today(desk) - 1;
    return kw_ledger_expire(desk->journal, reach_day < yesterday ? reach_day : yesterday, count, &desk->error);
}

void kw_desk_day_text(int64_t day, char out[16])
{
    int year, month, date;
    kw_days_to_civil(day + KW_FIRST_DAY, &year, &month, &date);
    snprintf(out, 16, "%04d-%02d-%02d", year % 10000, month % 100, date % 100);
}

bool kw_desk_day_parse(const char *text, int64_t *day)
{
    char full[40];
    struct kw_time time;
    if (strlen(text) != 10)
        return false;
    snprintf(full, sizeof full, "%sT00:00:00Z", text);
    if (!kw_time_parse(full, &time))
        return false;
    *day = kw_civil_to_days(time.year, time.month, time.day) - KW_FIRST_DAY;
    return true;
}
