/* shop.c - a book of counts that come from chance. */
#include "support/shop.h"

#include <stdio.h>
#include <string.h>

enum { EXPIRES = 3, HOUR = 12, HOUR_MS = 3600000, PRINTED_MS = 1000 };

static uint64_t next(struct shop *shop)
{
    uint64_t z = shop->seed += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

double shop_chance(struct shop *shop)
{
    return (double)(next(shop) >> 11) / 9007199254740992.0;
}

int shop_draws(struct shop *shop, int n, double p)
{
    int found = 0;
    for (int i = 0; i < n; i++)
        found += shop_chance(shop) < p;
    return found;
}

void shop_open(struct shop *shop)
{
    for (int day = 0; day < shop->days; day++)
        for (int i = 0; i < shop->tills; i++) {
            const struct shop_till *till = &shop->till[i];
            int second = shop->arms ? shop_draws(shop, till->invitations, 0.5) : 0;
            shop->refused[day][i] = shop_draws(shop, till->invitations, till->refused);
            shop->offered[day][i][0] = till->invitations - second;
            shop->offered[day][i][1] = second;
            shop->answered[day][i][0] = shop_draws(shop, till->invitations - second, till->rate);
            shop->answered[day][i][1] = shop_draws(shop, second, till->rate * (1 + shop->lift));
        }
}

static void facts_of(const struct shop *shop, int day, int till, int arm, char names[2][16], struct kw_touchpoint *out)
{
    snprintf(names[0], 16, "S%d", shop->till[till].store);
    snprintf(names[1], 16, "T%d", till);
    *out = (struct kw_touchpoint){ .day = shop->first_day + day, .expires_day = shop->first_day + day + EXPIRES,
                                   .store = names[0], .till = names[1], .cashier = "", .campaign = "title",
                                   .language = "en", .channel = "paper", .klass = KW_CLASS_PROVEN, .drawn = true,
                                   .p_bp = 8000, .variant = (uint8_t)arm,
                                   .variant_p_bp = shop->arms ? 5000 : 0 };
}

static int tell_days(void *store, int64_t *first, int64_t *last, struct kw_error *error)
{
    const struct shop *shop = store;
    (void)error;
    *first = shop->first_day;
    *last = shop->first_day + shop->days - 1;
    return 0;
}

static int tell_verdicts(void *store, int64_t from, int64_t to, int64_t counts[KW_VERDICT_COUNT], int64_t *reach_ms,
                         struct kw_error *error)
{
    (void)store, (void)from, (void)to, (void)counts, (void)error;
    *reach_ms = 1;
    return 0;
}

static int tell_cells(void *store, enum kw_view view, int64_t from, int64_t to, kw_cell_sink sink, void *data,
                      struct kw_error *error)
{
    struct shop *shop = store;
    char names[2][16];
    int code = 0;
    (void)error;
    for (int day = 0; day < shop->days; day++)
        for (int till = 0; till < shop->tills; till++)
            for (int arm = 0; arm <= SHOP_ARMS && code == 0; arm++) {
                struct kw_cell cell = { .hour = view == KW_VIEW_HOUR ? HOUR : -1 };
                facts_of(shop, day, till, arm % SHOP_ARMS, names, &cell.facts);
                if (arm == SHOP_ARMS)
                    cell.facts.reason = KW_SUPPRESSED_CASHIER_DECLINED;
                cell.n = arm == SHOP_ARMS ? shop->refused[day][till] : shop->offered[day][till][arm];
                if (cell.n > 0 && cell.facts.day >= from && cell.facts.day <= to)
                    code = sink(data, &cell);
            }
    return code;
}

static int tell_answers(void *store, int64_t from, int64_t to, kw_answer_sink sink, void *data,
                        struct kw_error *error)
{
    struct shop *shop = store;
    uint64_t seed = shop->seed;
    int64_t sale = 0;
    char names[2][16];
    int code = 0;
    (void)error;
    for (int day = 0; day < shop->days; day++)
        for (int till = 0; till < shop->tills; till++)
            for (int i = 0; i < shop->answered[day][till][0] + shop->answered[day][till][1] && code == 0; i++) {
                const struct shop_till *ways = &shop->till[till];
                bool fell = shop->change_day > 0 && day >= shop->change_day;
                bool quick = shop_chance(shop) < ways->quick, top = shop_chance(shop) < ways->top / (fell ? 2 : 1);
                struct kw_counted answer = { .sale = ++sale, .first = true, .hour = HOUR, .printed_ms = PRINTED_MS,
                                             .submitted_ms = PRINTED_MS + (quick ? 1000 : HOUR_MS), .csat = 4,
                                             .ces = 4, .own = "", .nps = top ? 9 : 7, .first_nps = top ? 9 : 7 };
                facts_of(shop, day, till, i >= shop->answered[day][till][0], names, &answer.facts);
                if (answer.facts.day >= from && answer.facts.day <= to)
                    code = sink(data, &answer);
            }
    shop->seed = seed;          /* the same answers whenever they are read */
    return code;
}

static int tell_measured(void *store, struct kw_opening_measured *measured, struct kw_error *error)
{
    (void)store, (void)error;
    *measured = (struct kw_opening_measured){ false, false };
    return 0;
}

static int tell_openings(void *store, int64_t from, int64_t to, kw_opening_sink sink, void *data,
                         struct kw_error *error)
{
    (void)store, (void)from, (void)to, (void)sink, (void)data, (void)error;
    return 0;
}

static int tell_alerts(void *store, bool open_only, kw_alert_sink sink, void *data, struct kw_error *error)
{
    (void)store, (void)open_only, (void)sink, (void)data, (void)error;
    return 0;
}

static int tell_comments(void *store, int64_t from, int64_t to, kw_comment_sink sink, void *data,
                         struct kw_error *error)
{
    (void)store, (void)from, (void)to, (void)sink, (void)data, (void)error;
    return 0;
}

static int tell_plans(void *store, kw_plan_sink sink, void *data, struct kw_error *error)
{
    const struct shop *shop = store;
    const int64_t day_ms = 86400000, first_ms = (shop->first_day + KW_FIRST_DAY) * day_ms;
    const struct kw_plan plans[] = { { "title", 7, first_ms, shop->daily },
                                     { "title", shop->plan, first_ms + shop->changed_day * day_ms, shop->daily } };
    int code = 0;
    (void)error;
    for (int i = shop->changed_day > 0 ? 0 : 1; i < 2 && code == 0 && shop->plan > 0; i++)
        code = sink(data, &plans[i]);
    return code;
}

static int tell_signs(void *store, int64_t from, int64_t to, kw_cell_sink sink, void *data, struct kw_error *error)
{
    struct shop *shop = store;
    const uint64_t seed = shop->seed;
    char names[2][16];
    int code = 0;
    (void)error;
    shop->seed = seed ^ 0x5167;
    for (int day = 0; day < shop->days; day++)
        for (int till = 0; till < shop->tills; till++)
            for (int sign = 0; sign < 3 && code == 0; sign++) {
                const struct shop_till *ways = &shop->till[till];
                const double shares[] = { ways->voided, ways->hasty, ways->tiny };
                struct kw_cell sales = { .n = shop_draws(shop, shop->offered[day][till][0], shares[sign]) };
                facts_of(shop, day, till, 0, names, &sales.facts);
                sales.facts.annulled_ms = sign == 0;
                sales.facts.signs = sign == 1 ? KW_SALE_HASTY : sign == 2 ? KW_SALE_TINY : 0;
                if (sales.facts.day >= from && sales.facts.day <= to)
                    code = sink(data, &sales);
            }
    shop->seed = seed;
    return code;
}

static int tell_head(void *store, int64_t *n, uint8_t hash[16], struct kw_error *error)
{
    (void)store, (void)error;
    *n = 0;
    memset(hash, 0, 16);
    return 0;
}

static int hold(void *store, struct kw_error *error)
{
    (void)store, (void)error;
    return 0;
}

static void release(void *store)
{
    (void)store;
}

int shop_report(struct shop *shop, int days, struct kw_arena *in, struct kw_report *report)
{
    static const struct kw_book_calls calls = { .version = KW_BOOK_VERSION, .hold = hold,
                                                .release = release, .days = tell_days,
                                                .verdicts = tell_verdicts, .cells = tell_cells,
                                                .answers = tell_answers, .measured = tell_measured,
                                                .openings = tell_openings, .alerts = tell_alerts,
                                                .comments = tell_comments, .plans = tell_plans, .signs = tell_signs,
                                                .head = tell_head };
    const struct kw_book book = { &calls, shop };
    struct kw_error error;
    struct kw_zone *zone;
    int code = kw_zone_open("UTC", &zone, &error);
    if (code < 0)
        return code;
    const struct kw_shop_days clock = { .zone = zone };
    const int64_t last = shop->first_day + days - 1;
    const struct kw_report_options options = { .from_day = INT32_MIN, .to_day = last, .today = last + EXPIRES + 2,
                                               .answers_until = last + EXPIRES + 1, .days = &clock };
    code = kw_report_make(&book, in, &options, report, &error);
    kw_zone_close(zone);
    return code;
}
