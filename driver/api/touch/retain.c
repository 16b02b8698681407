/* retain.c - journal prune, and what else lets go of what was kept long enough. */
#include "api/touch/touch.h"

#include "journal/ledger.h"

struct kw_retention kw_touch_retention(const struct kw_config *config)
{
    return (struct kw_retention){ .comments_days = config->journal.keep_comments_days,
                                  .rows_days = config->journal.keep_days };
}

/* ---- telling ------------------------------------------------------------------------------------------------ */

static void tell_day(const struct kw_touch *call, int64_t ms, char out[16])
{
    kw_touch_day_text(kw_shop_day(&call->days, ms), out);
}

static void tell_waiting(struct kw_touch *call, const struct kw_retained *done)
{
    char day[16];
    struct kw_buffer *text = &call->result->text;
    const struct kw_config_journal *journal = &call->config.journal;
    tell_day(call, done->from_ms, day);
    kw_buffer_format(text, "From %s on ", day);
    if (done->comments)
        kw_buffer_format(text, "%lld comments older than %d days%s", (long long)done->comments,
                         journal->keep_comments_days, done->sales ? " and " : "");
    if (done->sales)
        kw_buffer_format(text, "%lld sales older than %d days with their answers", (long long)done->sales,
                         journal->keep_days);
    kw_buffer_text(text, " go; counts stay. To keep them longer set keep_comments and keep_days in [journal], 0 for"
                         " ever.\n");
}

static void tell_gone(struct kw_touch *call, const struct kw_retained *done)
{
    kw_buffer_format(&call->result->text, "%lld sales and their answers are gone, and the words of %lld more answers;"
                     " counts and token sequences stay, and a checkpoint keeps the chain whole\n",
                     (long long)done->sales, (long long)done->comments);
}

static void tell(struct kw_touch *call, const struct kw_retained *done)
{
    struct kw_json json;
    char day[16];
    const bool waits = done->waits;
    tell_day(call, done->from_ms, day);
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "sales", waits ? 0 : done->sales);
    kw_json_integer(&json, "comments", waits ? 0 : done->comments);
    if (waits) {
        kw_json_object(&json, "waiting");
        kw_json_integer(&json, "sales", done->sales);
        kw_json_integer(&json, "comments", done->comments);
        kw_json_string(&json, "from", day);
        kw_json_end_object(&json);
        tell_waiting(call, done);
        kw_buffer_text(&call->result->text, "With --now they go at once.\n");
    } else
        tell_gone(call, done);
    kw_json_end_object(&json);
}

/* ---- the calls ---------------------------------------------------------------------------------------------- */

int kw_touch_retain(struct kw_touch *call)
{
    const struct kw_retention retention = kw_touch_retention(&call->config);
    struct kw_retained done;
    int code = kw_retain(call->journal, &retention, &call->days, &done, &call->error);
    if (code == 0 && done.waits)
        tell_waiting(call, &done);
    else if (code == 0 && done.sales + done.comments > 0)
        tell_gone(call, &done);
    return code;
}

/* No day that can still be answered, unless that is asked for. */
static int choose_day(struct kw_touch *call, const struct kwit_prune_options *options, int64_t *day)
{
    int64_t open_day = 0, today = kw_touch_today(call);
    char text[16];
    int code = kw_touch_read_day(call, "--before", options->before, day);
    if (code == 0)
        code = kw_ledger_first_open_day(call->journal, today, &open_day, &call->error);
    if (code < 0 || options->force || *day <= open_day)
        return code;
    kw_touch_day_text(open_day, text);
    return kw_fail(&call->error, KWIT_E_CONFLICT, "--before",
                   "invitations of %s can still be answered, the office has not its sales yet, or that day is not over;"
                   " say --before %s, or --force: then their answers find no sale", text, text);
}

static int prune_before(struct kw_touch *call, const struct kwit_prune_options *options, struct kw_retained *done)
{
    int64_t day, expired;
    *done = (struct kw_retained){ 0 };
    int code = choose_day(call, options, &day);
    if (code == 0)
        code = kw_touch_expire(call, &expired);
    if (code == 0)
        code = kw_ledger_renew_erased(call->journal, &call->error);
    return code < 0 ? code : kw_ledger_prune(call->journal, day, &done->sales, &call->error);
}

static int prune_old(struct kw_touch *call, bool at_once, struct kw_retained *done)
{
    struct kw_retention retention = kw_touch_retention(&call->config);
    if (retention.rows_days == 0 && retention.comments_days == 0)
        return kw_fail(&call->error, KWIT_E_USAGE, "prune", "say --before DAY, or set keep_days or keep_comments in"
                       " [journal]: now everything is kept");
    retention.at_once = at_once;
    return kw_retain(call->journal, &retention, &call->days, done, &call->error);
}

int kwit_journal_prune(kwit_context *context, const struct kwit_prune_options *options, kwit_result **result)
{
    struct kw_touch call;
    static const struct kwit_prune_options defaults;
    struct kw_retained done;
    options = options ? options : &defaults;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = options->before ? prune_before(&call, options, &done) : prune_old(&call, options->at_once, &done);
    if (code == 0)
        tell(&call, &done);
    return kw_touch_close(&call, code);
}
