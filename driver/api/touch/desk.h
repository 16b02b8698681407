/* desk.h - what the survey, report and journal calls work on: configuration, state directory and journal, opened once.
 */
#ifndef KW_API_DESK_H
#define KW_API_DESK_H

#include "api/context.h"
#include "api/keys.h"
#include "api/result.h"
#include "base/clock.h"
#include "config/config.h"
#include "journal/journal.h"
#include "base/shop_days.h"
#include "state/state.h"

#include <kwit/tool.h>

struct kw_desk {
    const kwit_context *context;
    struct kw_arena *arena;
    struct kw_config config;
    struct kw_notes warnings;
    struct kw_state *state;
    struct kw_journal *journal;             /* NULL with KW_DESK_STATE */
    struct kw_zone *zone;                   /* the shop's, or this machine's */
    struct kw_shop_days days;
    kwit_result *result;
    struct kw_error error;
};

enum kw_desk_need { KW_DESK_STATE, KW_DESK_READ, KW_DESK_WRITE, KW_DESK_CREATE };

/*
 * Opens, makes the result and returns 0, or fills the result with what failed. Always followed by kw_desk_close.
 */
int kw_desk_open(const kwit_context *context, enum kw_desk_need need, struct kw_desk *desk, kwit_result **result);
/* Ends a call: closes everything, and with a negative code tells desk->error through the result. Returns the code. */
int kw_desk_close(struct kw_desk *desk, int code);
/* Today as a business day of the shop. */
int64_t kw_desk_today(const struct kw_desk *desk);
/* CONFLICT names the tills and days when several sales of the journal have this name. */
int kw_desk_find_sale(struct kw_desk *desk, const struct kwit_sale_name *name, int64_t *sale);
/* After answers or sales came in: what expired by the day that imports reach, when that day is over, gets its event. */
int kw_desk_expire(struct kw_desk *desk, int64_t *count);
/* "2026-11-22" of an absolute business day; out holds at least 16 bytes. */
void kw_desk_day_text(int64_t day, char out[16]);
bool kw_desk_day_parse(const char *text, int64_t *day);

#endif
