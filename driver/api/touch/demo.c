/*
 * demo.c - demo-day: a simulated shop in a state directory of its own, with known truth planted: a till that answers
 * for its customers, an arm that works better (or not), a split that is broken, two stores whose sum turns the sign
 * round, a store that invites less often, tills and stores that differ, a code that fades. Same seed, same shop; the
 * result tells the truth.
 */
#include "answers/import.h"
#include "api/touch/touch.h"
#include "journal/jobs.h"
#include "journal/plan.h"
#include "report/report.h"
#include "sale/sale.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RATE_BP = 8000, THINNED_BP = 2000, ARMS = 2 };
enum { BATCH = 2000, MS_PER_DAY = 86400000, HOUR_S = 3600, DEMO_KID = 1, MAX_TILLS = 4000, USUAL_PLAN = 2000 };

struct demo {
    struct kw_touch call;
    struct kwit_demo_options options;
    uint64_t random;
    uint8_t epoch[KW_KEY_BYTES];
    struct kw_terminal_key key;
    FILE *answers;
    int64_t until_day, documents, sales, invited, answered, in_batch;
    uint8_t digest[16];
};

static uint64_t next_random(struct demo *demo)
{
    uint64_t z = demo->random += 0x9E3779B97F4A7C15ull;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
    return z ^ (z >> 31);
}

static double uniform(struct demo *demo)
{
    return (double)(next_random(demo) >> 11) / 9007199254740992.0;
}

/* Opening hours with a noon and an evening peak; the shares sum to one. */
static int pick_hour(struct demo *demo)
{
    static const double shares[] = { .03, .05, .07, .10, .12, .10, .08, .08, .10, .12, .09, .06 };
    double u = uniform(demo);
    int hour = 0;
    while (hour < 11 && u >= shares[hour])
        u -= shares[hour++];
    return 8 + hour;
}

static int pick_class(struct demo *demo)
{
    double u = uniform(demo);
    return u < .90    ? KW_EVENT_PRINTED
           : u < .96  ? KW_EVENT_SENT
           : u < .985 ? KW_EVENT_UNCONFIRMED
                      : KW_EVENT_PRINT_FAILED;
}

/*
 * Two stores in which the second arm is answered more often, but the store with few answers has most of it: over both
 * together the first arm seems better.
 */
static const struct { int weights[ARMS]; double rates[ARMS]; } simpson[] = {
    { { 5, 1 }, { .09, .12 } }, { { 1, 5 }, { .01, .02 } }
};

/* Opening hours' shares from 17 on; the answers' shares of promoters, passives and detractors. */
static const double evening = .27, evening_factor = 1.3, day_factor = .9, promoters = .5, passives = .3;

/* So many times the answers of a fading code, after the first third of the days. */
static const double faded = .15, mild = 2;

static bool is_cheat(const struct demo *demo, int till)
{
    return demo->options.cheat && till == demo->options.tills - 1;
}

/* What innocently, or not, makes a till's answers more or fewer than others'. */
static double till_factor(const struct demo *demo, int till, int64_t day)
{
    const struct kwit_demo_options *o = &demo->options;
    double factor = is_cheat(demo, till) ? 4 : o->mild_cheat && till == o->tills - 1 ? mild : 1;
    if (o->dying_head && till == 0 && day > demo->until_day - o->days + o->days / 3)
        factor *= faded;
    if (o->differ && o->stores > 1)
        factor *= pow(4, (double)(till % o->stores) / (o->stores - 1)) / 2;
    return factor * (1 + o->uneven * cos(till * 2.399963 + (double)o->seed));
}

/* An answer's chance: the base rate, better in the evening, and the second arm's lift. */
static double answer_chance(const struct demo *demo, int till, int64_t day, int hour, int variant)
{
    if (demo->options.simpson)
        return simpson[till % demo->options.stores % 2].rates[variant];
    double rate = demo->options.rate * (hour >= 17 ? evening_factor : day_factor)
                  * (variant == 1 ? 1 + demo->options.lift : 1);
    return rate * till_factor(demo, till, day);
}

/* Answers that come after the last day are not in yet. */
static void write_answer(struct demo *demo, const struct kw_touchpoint *t, const char *token, bool cheat)
{
    static const char *const comments[] = {
        "", "", "", "Quick and friendly", "The queue was long", "Bread sold out again"
    };
    double u = uniform(demo);
    int nps = cheat    ? 9 + (int)(next_random(demo) % 2)
              : u < promoters            ? 9 + (u < promoters / 2)
              : u < promoters + passives ? 7 + (u < promoters + passives / 2)
                       : (int)(next_random(demo) % 7);
    int csat = nps >= 9 ? 5 : nps >= 7 ? 4 : 1 + (int)(next_random(demo) % 3);
    double delay = cheat ? 20 + 80 * uniform(demo) : 300 + 86400 * 3 * uniform(demo) * uniform(demo);
    bool complains = nps < 7 || (demo->options.complaints && nps >= 9);
    char time[32];
    int64_t submitted_ms = t->ts_ms + (int64_t)(delay * 1000);
    if (kw_shop_day(&demo->call.days, submitted_ms) > demo->until_day)
        return;
    kw_time_text_utc(submitted_ms, time);
    char line[200];
    int length = snprintf(line, sizeof line, "r%lld,%s,%s,%s,%d,%d,%d,%s,%s\n", (long long)++demo->answered, token,
                          time, t->language, nps, csat, 1 + csat + (int)(next_random(demo) % 2),
                          complains ? comments[next_random(demo) % 6] : "", nps < 3 && u < .02 ? "yes" : "no");
    fwrite(line, 1, (size_t)length, demo->answers);
}

/* The sale's own row, without a document: what a till keeps when the documents are wiped. */
static int file_sale(struct demo *demo, struct kw_touchpoint *touchpoint)
{
    char name[40];
    uint8_t digest[32] = { 0 };
    const struct kw_sale_key key = { touchpoint->store, touchpoint->till, "", name };
    snprintf(name, sizeof name, "demo-%lld", (long long)demo->documents);
    memcpy(digest, &demo->documents, sizeof demo->documents);
    return kw_sale_add(demo->call.journal, &key, digest, NULL, 0, touchpoint->ts_ms, &touchpoint->sale,
                       &demo->call.error);
}

static int store_sale(struct demo *demo, struct kw_touchpoint *touchpoint, const char *token, int till, int hour)
{
    struct kw_touch *call = &demo->call;
    int code = demo->in_batch == 0 ? kw_journal_begin(call->journal, KW_SOON, &call->error) : 0;
    if (code == 0)
        code = file_sale(demo, touchpoint);
    if (code == 0)
        code = kw_touchpoint_add(call->journal, touchpoint, &call->error);
    if (code == 0 && touchpoint->reason == 0 && demo->options.planned_n > 0)
        code = kw_plan_keep(call->journal, touchpoint,
                            &(struct kw_plan){ .campaign = "title", .n = demo->options.planned_n,
                                               .daily = demo->options.daily_looks != 0 }, &call->error);
    if (code == 0 && touchpoint->reason == 0) {
        int event = pick_class(demo);
        code = kw_touchpoint_event(call->journal, touchpoint->sale, event, "", touchpoint->ts_ms + 1500, &call->error);
        bool paper = event != KW_EVENT_PRINT_FAILED;
        if (paper && uniform(demo) < answer_chance(demo, till, touchpoint->day, hour, touchpoint->variant))
            write_answer(demo, touchpoint, token, is_cheat(demo, till));
        demo->invited++;
    }
    if (code == 0 && ++demo->in_batch >= BATCH) {
        demo->in_batch = 0;
        code = kw_journal_commit(call->journal, &call->error);
        if (code == 0)
            code = kw_journal_checkpoint(call->journal, &call->error);
    }
    return code;
}

static void decide(struct demo *demo, int64_t day, int till, uint32_t seq, struct kw_survey_decision *decision)
{
    static const int even[KW_REPORT_ARMS] = { 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1 }, broken[] = { 3, 2 };
    int store = till % demo->options.stores;
    struct kw_survey_facts facts = { .configured = true,
                                     .document_type_allowed = true,
                                     .policy_allows = true,
                                     .receipt_requested = true,
                                     .can_qr = true,
                                     .qr_fits = true,
                                     .have_key = true,
                                     .clock_ok = true,
                                     .rate_bp = demo->options.thin && store == 0 ? THINNED_BP : RATE_BP,
                                     .day = day,
                                     .seq = seq,
                                     .experiment = "title",
                                     .weights = demo->options.break_split ? broken
                                                : demo->options.simpson   ? simpson[store % 2].weights
                                                                          : even,
                                     .variant_count = demo->options.variants,
                                     .cashier_declined = uniform(demo) < .02,
                                     .excluded = uniform(demo) < .01 };
    kw_survey_decide(&demo->key, &facts, decision);
    if (demo->options.break_split && decision->variant_p_bp > 0)
        decision->variant_p_bp = 5000;
}

/* Now and then a document that sells nothing comes after a sale: one that makes it void, or training. */
static int follow(struct demo *demo, const struct kw_touchpoint *sale)
{
    enum { EVERY = 50 };
    struct kw_touchpoint touchpoint = *sale;
    bool training = demo->sales / EVERY % 2 == 0;
    if (demo->sales % EVERY != 0)
        return 0;
    touchpoint.kind = training ? KW_KIND_TRAINING : KW_KIND_VOID;
    touchpoint.reason = training ? KW_SUPPRESSED_TRAINING : KW_SUPPRESSED_DOCUMENT_TYPE;
    touchpoint.has_token = touchpoint.drawn = false;
    touchpoint.variant = 0;
    touchpoint.variant_p_bp = 0;
    touchpoint.u = 0;
    demo->documents++;
    return store_sale(demo, &touchpoint, "", 0, 0);
}

/* Somewhen in that hour of the shop's clock. */
static void choose_time(struct demo *demo, struct kw_touchpoint *touchpoint, int hour)
{
    int64_t moments[2], local_s = (touchpoint->day + KW_FIRST_DAY) * (MS_PER_DAY / 1000) + hour * (int64_t)HOUR_S;
    if (kw_zone_to_utc(demo->call.zone, local_s, moments) == 0)
        moments[0] = local_s - kw_zone_offset(demo->call.zone, local_s);
    touchpoint->ts_ms = touchpoint->sold_ms = moments[0] * 1000 + (int64_t)(uniform(demo) * HOUR_S * 1000);
    touchpoint->offset_minutes = (int)(kw_zone_offset(demo->call.zone, touchpoint->sold_ms / 1000) / 60);
}

static int make_sale(struct demo *demo, int64_t day, int till, uint32_t seq)
{
    struct kw_survey_decision decision;
    char till_name[16], store_name[16], cashier[16];
    int hour = pick_hour(demo), kind = uniform(demo) < .04 ? KW_KIND_REFUND : KW_KIND_SALE;
    decide(demo, day, till, seq, &decision);
    snprintf(store_name, sizeof store_name, "S%d", 1 + till % demo->options.stores);
    snprintf(till_name, sizeof till_name, "T%d", till + 1);
    snprintf(cashier, sizeof cashier, "%d", 100 + till * 2 + (hour >= 14));
    struct kw_touchpoint touchpoint = { .has_token = decision.token[0] != 0,
                                        .kid = DEMO_KID,
                                        .handle = demo->key.handle,
                                        .day = day,
                                        .seq = seq,
                                        .variant = decision.variant,
                                        .p_bp = decision.p_bp,
                                        .u = decision.u,
                                        .drawn = decision.drawn,
                                        .variant_p_bp = decision.variant_p_bp,
                                        .reason = decision.reason,
                                        .store = store_name,
                                        .till = till_name,
                                        .cashier = demo->options.cashiers ? cashier : "",
                                        .campaign = "title",
                                        .language = uniform(demo) < .9 ? "pl-PL" : "en-GB",
                                        .channel = "paper",
                                        .kind = kind,
                                        .expires_day = day + 14 };
    choose_time(demo, &touchpoint, hour);
    memcpy(touchpoint.config_digest, demo->digest, sizeof demo->digest);
    demo->documents++;
    demo->sales++;
    int code = store_sale(demo, &touchpoint, decision.token, till, hour);
    return code < 0 ? code : follow(demo, &touchpoint);
}

static int make_days(struct demo *demo)
{
    int code = 0;
    for (int64_t day = demo->until_day - demo->options.days + 1; code == 0 && day <= demo->until_day;
         day++) {
        for (int till = 0; code == 0 && till < demo->options.tills; till++) {
            if (demo->options.only_till > 0 && till + 1 != demo->options.only_till)
                continue;
            demo->key.handle = (uint32_t)till + 1;
            kw_key_derive(demo->epoch, demo->key.handle, demo->key.key);
            int sales = (int)(demo->options.sales * (0.8 + 0.4 * uniform(demo)));
            for (int seq = 1; code == 0 && seq <= sales; seq++)
                code = make_sale(demo, day, till, (uint32_t)seq);
        }
        if (demo->options.progress)
            demo->options.progress(demo->options.progress_data, "made sales", demo->sales);
    }
    if (code == 0 && demo->in_batch > 0)
        code = kw_journal_commit(demo->call.journal, &demo->call.error);
    return code;
}

static bool demo_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    struct demo *demo = data;
    key->kid = kid;
    key->handle = handle;
    kw_key_derive(demo->epoch, handle, key->key);
    return kid == DEMO_KID;
}

static int import_answers(struct demo *demo, const char *path)
{
    struct kw_import_result done;
    int64_t expired;
    struct kw_import_options import = { .path = path,
                                        .staging_directory = kw_state_dir(demo->call.state),
                                        .platform = kw_platform_find("own"),
                                        .shop = demo->call.days,
                                        .today = kw_touch_today(&demo->call),
                                        .keys = { demo_key, demo } };
    bool closed = fclose(demo->answers) == 0;
    demo->answers = NULL;
    if (!closed)
        return kw_fail(&demo->call.error, KWIT_E_IO, path, "the answers cannot be written");
    int code = kw_import_file(&demo->call.book, &import, &done, &demo->call.error);
    return code < 0 ? code : kw_touch_expire(&demo->call, &expired);
}

static int write_configuration(struct demo *demo)
{
    char text[1000], names[200] = "plain, warm";
    for (int i = ARMS; i < demo->options.variants; i++)
        snprintf(names + strlen(names), sizeof names - strlen(names), ", v%d", i);
    static const char form[] =
        "[store]\nid = DEMO\nname = Demo shop\nlocale = en-GB\ntimezone = %s\n\n"
        "[survey]\nurl = HTTPS://FB.EXAMPLE.COM/{token}\ncampaign = title\nrate = 80%%\nexpires_days = 14\n"
        "variants = %s\nplanned_n = %d\nlooks = %s\n\n[variant plain]\nweight = 1\n\n[variant warm]\nweight = 1\ntitle = We would love to "
        "hear from you\n";
    int length = snprintf(text, sizeof text, form, demo->options.timezone, names,
                          demo->options.planned_n > 0 ? demo->options.planned_n : 0,
                          demo->options.daily_looks ? "daily" : "once");
    char key[KW_KEY_TEXT], path[KW_KEYS_PATH];
    int code = kw_state_path(demo->call.state, "keys", path, sizeof path, &demo->call.error);
    if (code == 0 && mkdir(path, 0700) != 0 && errno != EEXIST)
        code = kw_fail(&demo->call.error, kw_error_from_errno(errno), path, "it cannot be made: %s", strerror(errno));
    kw_key_text_epoch(DEMO_KID, demo->epoch, key);
    if (code == 0)
        code = kw_state_write(demo->call.state, "keys/epoch-1.key", key, strlen(key), 0600, &demo->call.error);
    return code < 0 ? code
                    : kw_state_write(demo->call.state, "kwit.conf", text, (size_t)length, 0644, &demo->call.error);
}

static int check_options(struct demo *demo)
{
    struct kwit_demo_options *o = &demo->options;
    o->days = o->days ? o->days : 1;
    o->tills = o->tills ? o->tills : 4;
    o->stores = o->stores ? o->stores : 2;
    o->sales = o->sales ? o->sales : 300;
    o->rate = o->rate > 0 ? o->rate : .02;
    o->planned_n = o->planned_n ? o->planned_n : USUAL_PLAN;
    o->variants = o->variants && !o->simpson && !o->break_split ? o->variants : ARMS;
    o->stores = o->simpson && o->stores < 2 ? 2 : o->stores;
    o->timezone = o->timezone ? o->timezone : "Europe/Warsaw";
    if (o->days < 1 || o->days > 2000 || o->tills < 1 || o->tills > MAX_TILLS || o->stores < 1 || o->sales < 1
        || o->sales > 10000 || o->variants < 2 || o->variants > KW_REPORT_ARMS || o->rate > 1)
        return kw_fail(&demo->call.error, KWIT_E_USAGE, "demo-day",
                       "days 1 to 2000, tills 1 to %d, sales a till and day 1 to 10000, variants 2 to %d, rate up to "
                       "100 %%", MAX_TILLS, KW_REPORT_ARMS);
    return 0;
}

/* The shop's clock is its own, not this machine's. */
static int set_clock(struct demo *demo)
{
    struct kw_touch *call = &demo->call;
    const char *until = demo->options.until;
    kw_zone_close(call->zone);
    call->zone = NULL;
    int code = kw_zone_open(demo->options.timezone, &call->zone, &call->error);
    if (code < 0)
        return kw_fail(&call->error, KWIT_E_USAGE, "--timezone", "%s", call->error.text);
    call->days.zone = call->zone;
    demo->until_day = kw_touch_today(call) - 1;
    return kw_touch_read_day(call, "--until", until, &demo->until_day);
}

/* What was planted, so that what a report says can be held against it. */
static void tell_truth(struct kw_json *json, const struct kwit_demo_options *o)
{
    char till[24];
    double hours = evening * evening_factor + (1 - evening) * day_factor;
    snprintf(till, sizeof till, "S%d/T%d", 1 + (o->tills - 1) % o->stores, o->tills);
    kw_json_object(json, "truth");
    kw_json_array(json, "rates");
    for (int arm = 0; arm < ARMS && !o->simpson; arm++)
        kw_json_number(json, NULL, o->rate * hours * (arm == 1 ? 1 + o->lift : 1), 6);
    kw_json_end_array(json);
    kw_json_number(json, "nps", 100 * (promoters - (1 - promoters - passives)), 3);
    kw_json_number(json, "csat_top_two", promoters + passives, 3);
    kw_json_number(json, "lift", o->lift, 4);
    kw_json_bool(json, "broken_split", o->break_split != 0);
    kw_json_bool(json, "sign_reversed_when_pooled", o->simpson != 0);
    kw_json_string(json, "cheat", o->cheat ? till : NULL);
    kw_json_string(json, "mild_cheat", o->mild_cheat ? till : NULL);
    kw_json_string(json, "dying_head", o->dying_head ? "S1/T1" : NULL);
    kw_json_number(json, "uneven", o->uneven, 4);
    kw_json_bool(json, "stores_differ", o->differ != 0);
    kw_json_bool(json, "promoters_complain", o->complaints != 0);
    kw_json_end_object(json);
}

static void tell(struct demo *demo, const char *answers)
{
    struct kw_json json;
    const struct kwit_demo_options *o = &demo->options;
    kw_json_init(&json, &demo->call.result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "state", kw_state_dir(demo->call.state));
    kw_json_string(&json, "answers_file", answers);
    kw_json_integer(&json, "sales", demo->sales);
    kw_json_integer(&json, "invited", demo->invited);
    kw_json_integer(&json, "answers", demo->answered);
    kw_json_number(&json, "lift", o->lift, 4);
    kw_json_bool(&json, "broken_split", o->break_split != 0);
    kw_json_bool(&json, "cheat", o->cheat != 0);
    tell_truth(&json, o);
    kw_json_end_object(&json);
    kw_buffer_format(&demo->call.result->text,
                     "%lld sales, %lld invitations, %lld answers in %s\nkwit --config %s/kwit.conf --state %s report\n",
                     (long long)demo->sales, (long long)demo->invited, (long long)demo->answered,
                     kw_state_dir(demo->call.state), kw_state_dir(demo->call.state), kw_state_dir(demo->call.state));
    if (o->cheat)
        kw_buffer_format(&demo->call.result->text, "planted: till T%d answers for its customers\n", o->tills);
    if (o->mild_cheat)
        kw_buffer_format(&demo->call.result->text, "planted: till T%d gets twice the answers\n", o->tills);
    if (o->dying_head)
        kw_buffer_text(&demo->call.result->text, "planted: the code of till T1 fades\n");
    if (o->simpson)
        kw_buffer_text(&demo->call.result->text,
                       "planted: the second variant is better in every store, and seems worse over all of them\n");
}

static int run(struct demo *demo)
{
    static const char header[] = "response_id,token,submitted_at,lang,nps,csat,ces,comment,contact_ok\n";
    char path[KW_KEYS_PATH];
    int64_t seeds[4] = { demo->options.seed, 0x6b776974, 1, 2 };
    int code = check_options(demo);
    if (code == 0)
        code = set_clock(demo);
    demo->random = (uint64_t)demo->options.seed * 2654435761u + 17 + (uint64_t)demo->options.only_till * 40503u;
    demo->key.kid = DEMO_KID;
    memcpy(demo->epoch, seeds, sizeof seeds);
    if (code == 0)
        code = write_configuration(demo);
    if (code == 0)
        code = kw_state_path(demo->call.state, "answers.csv", path, sizeof path, &demo->call.error);
    demo->answers = code == 0 ? fopen(path, "wxe") : NULL;
    if (code == 0 && !demo->answers)
        code = kw_fail(&demo->call.error, kw_error_from_errno(errno), path, "it cannot be made: %s", strerror(errno));
    if (code == 0)
        fwrite(header, 1, sizeof header - 1, demo->answers);
    if (code == 0)
        code = make_days(demo);
    if (code == 0)
        code = import_answers(demo, path);
    if (code == 0)
        tell(demo, path);
    if (demo->answers)
        fclose(demo->answers);
    return code;
}

/* Simulated sales cannot be told from real ones afterwards, so they go where nothing is yet. */
static int check_empty(const char *directory, struct kw_error *error)
{
    const struct dirent *entry;
    DIR *open = opendir(directory);
    if (!open)
        return errno == ENOENT ? 0 : kw_fail(error, kw_error_from_errno(errno), directory, "%s", strerror(errno));
    do
        entry = readdir(open);
    while (entry && (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0));
    int code = entry ? kw_fail(error, KWIT_E_CONFLICT, directory,
                               "it is not empty; name a directory that holds nothing yet, or that does not exist")
                     : 0;
    closedir(open);
    return code;
}

int kwit_demo_day(kwit_context *context, const char *directory, const struct kwit_demo_options *options,
                  kwit_result **result)
{
    struct kwit_settings settings = { .state_dir = directory, .config_file = "/dev/null" };
    struct demo demo = { .options = options ? *options : (struct kwit_demo_options){ 0 } };
    struct kw_error error;
    kwit_context *own;
    (void)context;
    if (check_empty(directory, &error) < 0) {
        *result = kw_result_new();
        return kw_result_fail(*result, &error);
    }
    if (kwit_context_new(&settings, &own) < 0) {
        *result = kw_result_new();
        return kw_result_finish(*result, KWIT_E_NO_MEMORY);
    }
    int code = kw_touch_open(own, KW_TOUCH_CREATE, &demo.call, result);
    code = kw_touch_close(&demo.call, code == 0 ? run(&demo) : code);
    kwit_context_free(own);
    return code;
}
