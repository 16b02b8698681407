/* touch.c - opening and closing what the touchpoint calls work on. */
#include "api/touch/touch.h"

#include "journal/ledger.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum { CALL_CEILING = 256 * 1024 * 1024, BUSY_MS = 30000 };

static int open_journal(struct kw_touch *call, enum kw_touch_need need)
{
    char path[KW_KEYS_PATH], erase_key[KW_KEYS_PATH];
    struct kw_journal_options options = { .path = call->config.journal.path, .read_only = need == KW_TOUCH_READ,
                                          .create = need == KW_TOUCH_CREATE, .busy_ms = BUSY_MS,
                                          .erase_key = erase_key };
    int code = kw_state_path(call->state, KW_KEYS_ERASE, erase_key, sizeof erase_key, &call->error);
    if (code < 0)
        return code;
    if (!options.path) {
        code = kw_state_path(call->state, "journal.db", path, sizeof path, &call->error);
        if (code < 0)
            return code;
        options.path = path;
    }
    code = kw_journal_open(&options, &call->journal, &call->error);
    if (code == 0 && need == KW_TOUCH_CREATE)
        code = kw_journal_receive(call->journal, &call->error);
    call->book = kw_journal_book(call->journal);
    return code;
}

/* A name that is no zone is a fault that config check tells; days are counted by this machine's clock then. */
static int open_zone(struct kw_touch *call)
{
    struct kw_error unknown;
    int code = kw_zone_open(call->config.store.timezone, &call->zone, &unknown);
    if (code < 0)
        code = kw_zone_open(NULL, &call->zone, &call->error);
    call->days = (struct kw_shop_days){ call->zone, call->config.store.day_starts_minutes };
    return code;
}

int kw_touch_open(const kwit_context *context, enum kw_touch_need need, struct kw_touch *call, kwit_result **result)
{
    *call = (struct kw_touch){ .context = context };
    *result = call->result = kw_result_new();
    call->arena = kw_arena_new(CALL_CEILING);
    if (!call->arena)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(&call->warnings, call->arena);
    int code = kw_config_load(call->arena, context->config_file, false, &call->config, &call->warnings, &call->error);
    if (code == 0)
        code = open_zone(call);
    if (code == 0)
        code = need == KW_TOUCH_READ ? kw_state_open_to_read(context->state_dir, &call->state, &call->error)
                                    : kw_state_open(context->state_dir, &call->state, &call->error);
    return code < 0 || need == KW_TOUCH_STATE ? code : open_journal(call, need);
}

int kw_touch_close(struct kw_touch *call, int code)
{
    kw_journal_close(call->journal);
    if (call->state)
        kw_state_close(call->state);
    kw_arena_free(call->arena);
    kw_zone_close(call->zone);
    if (code < 0) {
        call->error.code = (enum kwit_error)code;
        return kw_result_fail(call->result, &call->error);
    }
    return code;
}

int64_t kw_touch_today(const struct kw_touch *call)
{
    return kw_shop_day(&call->days, kw_clock_wall_ms());
}

int kw_touch_find_sale(struct kw_touch *call, const struct kwit_sale_name *name, int64_t *sale)
{
    return kw_ledger_find(call->journal, &(struct kw_sale_name){ name->id, name->till, name->day }, sale, &call->error);
}

int kw_touch_expire(struct kw_touch *call, int64_t *count)
{
    return kw_ledger_expire_due(call->journal, &call->days, count, &call->error);
}

void kw_touch_day_text(int64_t day, char out[16])
{
    int year, month, date;
    kw_days_to_civil(day + KW_FIRST_DAY, &year, &month, &date);
    snprintf(out, 16, "%04d-%02d-%02d", year % 10000, month % 100, date % 100);
}

bool kw_touch_day_parse(const char *text, int64_t *day)
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

int kw_touch_read_day(struct kw_touch *call, const char *option, const char *text, int64_t *day)
{
    if (!text || kw_touch_day_parse(text, day))
        return 0;
    return kw_fail(&call->error, KWIT_E_USAGE, option, "`%s` is not a day such as 2026-11-22", text);
}
