/* serving.c - opens the office, and does beside its pages what has time. */
#include "api/office/serving.h"

#include "base/file.h"
#include "journal/answers.h"
#include "journal/ledger.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 200, TILL_EVERY_MS = 5000, ASK_EVERY_MS = 2000, TEND_EVERY_MS = 1000, RETAIN_EVERY_MS = 3600000,
       DAY_MS = 86400000, LOGO = 256 * 1024, FIRST_PASSED = 3 };

/* ---- sales and notices ---------------------------------------------------------------------------------------- */

int kw_serving_take_sales(struct kw_touch *call, struct kw_journal *journal, const char *till)
{
    const struct kw_journal_options options = { .path = till, .read_only = true, .untouched = true };
    struct kw_journal *other = NULL;
    struct kw_ledger_merged merged;
    int64_t rejudged;
    int code = kw_journal_open(&options, &other, &call->error);
    if (code == 0)
        code = kw_ledger_merge(journal, other, &call->days, &merged, &call->error);
    kw_journal_close(other);
    return code < 0 || merged.events == 0 ? code
                                          : kw_answers_rejudge(journal, &call->days, &rejudged, &call->error);
}

static void warn(struct kw_serving *serving)
{
    const struct kw_error *error = &serving->call->error;
    kw_log(&serving->call->context->log, KW_LOG_WARNING, "%s: %s", error->where, error->text);
}

/* What was kept long enough goes, once an hour. */
static int retain(struct kw_serving *serving, int64_t now_ms)
{
    struct kw_touch *call = serving->call;
    const struct kw_retention retention = kw_touch_retention(&call->config);
    struct kw_retained done;
    if (serving->retained_ms > 0 && now_ms < serving->retained_ms + RETAIN_EVERY_MS)
        return 0;
    serving->retained_ms = now_ms;
    return kw_retain(serving->tended.own, &retention, &call->days, &done, &call->error);
}

/* A server that goes or comes back is one line; what waited for it goes there. */
static void look_after_store(struct kw_serving *serving, int64_t now_ms)
{
    struct kw_touch *call = serving->call;
    const struct kw_store *store = &serving->tended;
    const struct kw_log *log = &call->context->log;
    const struct kw_retention kept = kw_touch_retention(&call->config);
    const struct kw_pg_keep keep = { kept.comments_days, kept.rows_days };
    int64_t moved = 0;
    serving->asked_ms = now_ms;
    int code = store->calls->tend(store->pg, &call->days, &keep, &call->error);
    if (code == 0)
        code = kw_spool_move(call, store, &moved);
    const bool is_away = code < 0;
    if (is_away && !serving->is_away)
        kw_log(log, KW_LOG_WARNING, "%s: %s; answers wait here, and tills keep what they have", call->error.where,
               call->error.text);
    if (!is_away && (serving->is_away || moved > 0))
        kw_log(log, KW_LOG_INFO, "[office] store: it answers again; %lld answers that waited here are there",
               (long long)moved);
    serving->is_away = is_away;
}

/* Sales that came over, and what is to be forgotten. */
static int tend(struct kw_serving *serving, int64_t now_ms)
{
    struct kw_touch *call = serving->call;
    const char *till = call->config.office.till;
    int code = 0;
    if (till && now_ms >= serving->till_ms + TILL_EVERY_MS) {
        serving->till_ms = now_ms;
        code = kw_serving_take_sales(call, serving->tended.own, till);
    }
    if (code == 0)
        code = kw_contacts_forget(serving->tended.own, kw_clock_wall_ms(), &call->error);
    if (code == 0 && serving->tended.pg && now_ms >= serving->asked_ms + ASK_EVERY_MS)
        look_after_store(serving, now_ms);
    return code < 0 ? code : retain(serving, now_ms);
}

static void look_after(struct kw_serving *serving)
{
    int64_t now_ms = kw_clock_boot_ms();
    if (now_ms < serving->tended_ms + TEND_EVERY_MS)
        return;
    serving->tended_ms = now_ms;
    if (serving->pages && tend(serving, now_ms) < 0)
        warn(serving);
    if (serving->staff && kw_telling_tick(&serving->telling) < 0)
        warn(serving);
}

void kw_serving_go_on(struct kw_serving *serving)
{
    while (!serving->go_on || serving->go_on(serving->data)) {
        look_after(serving);
        kw_clock_sleep_ms(LOOK_MS);
    }
}

/* ---- beginning and end -------------------------------------------------------------------------------------- */

static int load_server(struct kw_serving *serving)
{
    struct kw_error *error = &serving->call->error;
    if (kw_module_open("kwit-http.so", &serving->module, error) < 0)
        return kw_fail(error, KWIT_E_UNSUPPORTED, "kwit-http.so", "the survey page needs this module, and it is not "
                       "here; install the package kwit-office, or build kwit with libmicrohttpd");
    serving->http = kw_module_table(serving->module, KW_HTTP_SYMBOL, KW_HTTP_VERSION, error);
    return serving->http ? 0 : error->code;
}

/* A socket that the service manager listens on already (sd_listen_fds(3)), or one of our own. */
static int open_socket(struct kw_serving *serving, int *socket)
{
    struct kw_touch *call = serving->call;
    const char *count = getenv("LISTEN_FDS"), *process = getenv("LISTEN_PID");
    const struct kw_config_office *office = &call->config.office;
    const char *place = serving->listen ? serving->listen : serving->pages ? office->listen : office->staff_listen;
    if (!serving->listen && count && process && strtol(process, NULL, 10) == (long)getpid()
        && strtol(count, NULL, 10) >= 1) {
        *socket = FIRST_PASSED;
        snprintf(serving->where, sizeof serving->where, "the socket that was handed over");
        return 0;
    }
    return kw_http_listen(place, office->insecure_listen, socket, serving->where, &call->error);
}

static bool find_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    struct kw_touch *call = data;
    return kw_keys_find(call->state, &call->config, kid, handle, key);
}

static int make_mail_directory(struct kw_touch *call)
{
    char path[KW_KEYS_PATH];
    int code = kw_state_path(call->state, "mail", path, sizeof path, &call->error);
    if (code == 0 && mkdir(path, 0700) != 0 && errno != EEXIST)
        code = kw_fail(&call->error, kw_error_from_errno(errno), path, "it cannot be made: %s", strerror(errno));
    return code;
}

/* The state's directory itself: one process of those that share it holds a lock on it. */
static int open_place(struct kw_touch *call, int *place)
{
    const char *path = kw_state_dir(call->state);
    *place = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return *place >= 0 ? 0 : kw_fail(&call->error, kw_error_from_errno(errno), path, "it cannot be opened: %s",
                                     strerror(errno));
}

/* A page says whose it is, also where the shop's name is only in the tills' own documents. */
static const char *name_of(const struct kw_config *config)
{
    const char *const names[] = { config->store.name, config->office.controller, config->survey.address, "kwit" };
    size_t i = 0;
    while (!names[i])
        i++;
    return names[i];
}

static void describe_shop(const struct kw_config *config, struct kw_web_shop *shop)
{
    *shop = (struct kw_web_shop){ .name = name_of(config),
                                  .phone = config->survey.help_phone,
                                  .mail = config->survey.help_email,
                                  .privacy_url = config->office.privacy_url,
                                  .colour = config->office.colour,
                                  .controller = config->office.controller,
                                  .controller_contact = config->office.controller_contact,
                                  .keep_days = config->journal.keep_days,
                                  .keep_comments_days = config->journal.keep_comments_days,
                                  .keep_contact_days = config->office.keep_contact_days,
                                  .drafts = config->office.drafts,
                                  .question = config->office.question };
    for (size_t i = 0; i < config->question_count; i++) {
        const struct kw_config_question *question = &config->questions[i];
        struct kw_web_own *own = &shop->own[shop->own_count];
        if (question->high == 0)
            continue;
        *own = (struct kw_web_own){ .name = question->name, .low = question->low, .high = question->high };
        for (int language = 0; language < KW_WEB_LANGUAGES; language++)
            own->texts[language] = kw_config_question_text(question, kw_web_tag(language));
        shop->own_count++;
    }
}

/* A picture that browsers show as it is; anything else stays on paper alone. */
static void load_logo(struct kw_serving *serving, struct kw_office_options *options)
{
    static const uint8_t png[] = { 0x89, 'P', 'N', 'G' }, jpeg[] = { 0xff, 0xd8, 0xff };
    const char *path = serving->call->config.store.logo;
    int handle = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    size_t length = 0;
    serving->logo = handle < 0 ? NULL : malloc(LOGO);
    if (serving->logo && kw_file_read(handle, serving->logo, LOGO, &length) == 0 && length > sizeof png
        && length < LOGO) {
        const bool is_png = memcmp(serving->logo, png, sizeof png) == 0;
        options->logo_type = is_png ? "image/png" : "image/jpeg";
        options->logo = is_png || memcmp(serving->logo, jpeg, sizeof jpeg) == 0 ? serving->logo : NULL;
        options->logo_length = length;
        options->shop.has_logo = options->logo != NULL;
    }
    if (handle >= 0)
        close(handle);
}

static int start_office(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    const struct kw_config *config = &call->config;
    struct kw_office_options options = { .writer = kw_spool_book(&serving->writing, &serving->written),
                                         .tills = serving->taken.book,
                                         .days = &call->days,
                                         .keys = { find_key, call },
                                         .serves_pages = serving->pages,
                                         .staff = serving->staff ? &kw_serving_staff : NULL,
                                         .staff_data = serving,
                                         .edit_ms = config->office.edit_ms,
                                         .rewards = config->survey.reward != NULL,
                                         .keep_contact_ms = (int64_t)config->office.keep_contact_days * DAY_MS,
                                         .http = serving->http };
    int language = kw_web_language(config->store.locale ? config->store.locale : "", config->office.drafts);
    options.language = language < 0 ? 0 : language;
    if (serving->pages)
        options.reader = kw_spool_book(&serving->reading, &serving->reader);
    describe_shop(config, &options.shop);
    load_logo(serving, &options);
    memcpy(options.link_key, serving->link_key, sizeof options.link_key);
    if (serving->staff)
        kw_serving_session_key(serving->staff_secret, options.session_key);
    int code = serving->pages ? kw_serving_keys(call, &options) : 0;
    if (code == 0)
        code = open_socket(serving, &options.socket);
    if (code == 0)
        code = kw_office_start(&options, &serving->office, &call->error);
    kw_key_wipe(options.key, sizeof options.key);
    kw_key_wipe(options.link_key, sizeof options.link_key);
    kw_key_wipe(options.session_key, sizeof options.session_key);
    return code;
}

static int prepare_staff(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    int place = 0, code = kw_serving_staff_secret(call, serving->staff_key_file, serving->staff_secret);
    if (code == KWIT_E_NOT_FOUND)
        return kw_fail(&call->error, KWIT_E_CONFIG, "staff.key", "kwit office new makes it; where it lies elsewhere,"
                       " say --key FILE");
    if (code == 0)
        code = kw_serving_find_people(serving);
    if (code == 0)
        code = kw_store_open_again(call, false, &serving->links);
    if (code == 0)
        code = kw_store_open_again(call, false, &serving->notices);
    if (code == 0)
        code = make_mail_directory(call);
    if (code == 0)
        code = open_place(call, &place);
    kw_serving_link_key(serving->staff_secret, serving->link_key);
    serving->telling = (struct kw_telling){ .call = call, .book = serving->notices.book,
                                            .loop = serving->notices.loop, .link_key = serving->link_key,
                                            .patience = { serving->go_on, serving->data }, .place = place,
                                            .url = call->config.office.url };
    return code;
}

/* A database that is away is waited for, by tills; one of another version is not served. */
static int open_store(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    struct kw_store *store = &serving->taken;
    int code = kw_store_open(call, store);
    if (code == 0)
        code = kw_store_open(call, &serving->written);
    if (code < 0 || !store->pg)
        return code;
    code = store->calls->reach(store->pg, &call->error);
    serving->is_away = code == KWIT_E_UNAVAILABLE;
    if (serving->is_away)
        warn(serving);
    return serving->is_away ? 0 : code;
}

int kw_serving_begin(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    int code = load_server(serving);
    if (code == 0 && serving->pages)
        code = kw_store_open_again(call, true, &serving->reader);
    if (code == 0 && serving->pages)
        code = kw_store_open_again(call, false, &serving->tended);
    if (code == 0 && serving->pages)
        code = open_store(serving);
    if (code == 0 && serving->staff)
        code = prepare_staff(serving);
    if (code == 0)
        code = start_office(serving);
    if (code == 0 && serving->pages && !serving->telling.url) {         /* a demo's links lead to itself */
        snprintf(serving->own_url, sizeof serving->own_url, "http://%s", serving->where);
        serving->telling.url = serving->own_url;
    }
    return code;
}

void kw_serving_end(struct kw_serving *serving)
{
    kw_office_stop(serving->office);
    kw_telling_end(&serving->telling);
    kw_store_close(&serving->reader);
    kw_store_close(&serving->tended);
    kw_store_close(&serving->written);
    kw_store_close(&serving->links);
    kw_store_close(&serving->notices);
    kw_store_close(&serving->taken);
    kw_key_wipe(serving->staff_secret, sizeof serving->staff_secret);
    kw_key_wipe(serving->link_key, sizeof serving->link_key);
    free(serving->logo);
    if (serving->module)
        kw_module_close(serving->module);
}
