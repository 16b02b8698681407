/* touch.h - what the survey, report and journal calls work on: configuration, state directory and journal. */
#ifndef KW_API_TOUCH_TOUCH_H
#define KW_API_TOUCH_TOUCH_H

#include "api/context.h"
#include "api/keys.h"
#include "api/result.h"
#include "base/clock.h"
#include "config/config.h"
#include "journal/book.h"
#include "journal/journal.h"
#include "journal/retain.h"
#include "base/shop_days.h"
#include "state/state.h"

#include <kwit/tool.h>

struct kw_touch {
    const kwit_context *context;
    struct kw_arena *arena;
    struct kw_config config;
    struct kw_notes warnings;
    struct kw_state *state;
    struct kw_journal *journal;             /* NULL with KW_TOUCH_STATE */
    struct kw_book book;                    /* the journal as one */
    struct kw_zone *zone;                   /* the shop's, or this machine's */
    struct kw_shop_days days;
    kwit_result *result;
    struct kw_error error;
};

enum kw_touch_need { KW_TOUCH_STATE, KW_TOUCH_READ, KW_TOUCH_WRITE, KW_TOUCH_CREATE };

/*
 * Opens, makes the result and returns 0, or fills the result with what failed. Always followed by kw_touch_close.
 */
int kw_touch_open(const kwit_context *context, enum kw_touch_need need, struct kw_touch *call, kwit_result **result);
/* Ends a call: closes everything, and with a negative code tells call->error through the result. Returns the code. */
int kw_touch_close(struct kw_touch *call, int code);
/* Today as a business day of the shop. */
int64_t kw_touch_today(const struct kw_touch *call);
/* CONFLICT names the tills and days when several sales of the journal have this name. */
int kw_touch_find_sale(struct kw_touch *call, const struct kwit_sale_name *name, int64_t *sale);
/* After answers or sales came in: what expired by the day that imports reach, when that day is over, gets its event. */
int kw_touch_expire(struct kw_touch *call, int64_t *count);
/* How long things are kept, by the configuration. */
struct kw_retention kw_touch_retention(const struct kw_config *config);
/* After answers or sales came in: what was kept long enough goes; the result says so, or from when on. */
int kw_touch_retain(struct kw_touch *call);
/* Whether a list is asked for as CSV; USAGE where it is neither that nor text. */
int kw_touch_list_format(struct kw_touch *call, const char *format, bool *csv);
/* "2026-11-22" of an absolute business day; out holds at least 16 bytes. */
void kw_touch_day_text(int64_t day, char out[16]);
bool kw_touch_day_parse(const char *text, int64_t *day);
/* What an option says, where it says one (text not NULL); USAGE. */
int kw_touch_read_day(struct kw_touch *call, const char *option, const char *text, int64_t *day);

#endif
