/* serving.c - opens the office, and does beside its pages what has time. */
#include "api/office/serving.h"

#include "journal/answers.h"
#include "journal/ledger.h"
#include "journal/summary.h"
#include "office/alerts/mail.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOOK_MS = 200, TILL_EVERY_MS = 5000, MAILS_EVERY_MS = 1000, DAY_MS = 86400000, MAIL_CEILING = 64 * 1024,
       BUSY_MS = 30000, FIRST_PASSED = 3 };

/* ---- sales and mails ---------------------------------------------------------------------------------------- */

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

struct telling { struct kw_serving *serving; struct kw_mail_rules rules; int64_t now_ms, due[64]; size_t count; };

/* Written whole under a name of its own, so that whoever carries mails away never finds half of one. */
static int write_mail(struct telling *telling, const struct kw_alert *alert)
{
    struct kw_touch *call = telling->serving->call;
    struct kw_buffer text;
    char name[64];
    kw_buffer_init(&text, MAIL_CEILING);
    kw_mail_write(&telling->rules, alert, telling->now_ms, &text);
    snprintf(name, sizeof name, "mail/alert-%lld.eml", (long long)alert->id);
    int code = text.failed ? kw_fail(&call->error, KWIT_E_NO_MEMORY, name, "out of memory")
                           : kw_state_write(call->state, name, text.data, text.length, 0600, &call->error);
    kw_buffer_free(&text);
    return code;
}

static int tell_alert(void *data, const struct kw_alert *alert)
{
    struct telling *telling = data;
    if (telling->count == sizeof telling->due / sizeof telling->due[0]
        || !kw_mail_is_due(&telling->rules, alert, telling->now_ms))
        return 0;
    int code = write_mail(telling, alert);
    if (code == 0)
        telling->due[telling->count++] = alert->id;
    return code;
}

/* The mail first, the note that it left behind it: one that was interrupted is written again under the same name. */
static int tell_alerts(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    const struct kw_config_office *office = &call->config.office;
    struct telling telling = { .serving = serving,
                               .rules = { office->mail_from ? office->mail_from : "kwit@localhost",
                                          office->mail_to ? office->mail_to : "owner@localhost",
                                          call->config.store.name ? call->config.store.name : "kwit", "kwit.office",
                                          office->mail_comment, office->alert_wait_ms },
                               .now_ms = kw_clock_wall_ms() };
    int code = kw_alerts_each(serving->tending, true, tell_alert, &telling, &call->error);
    for (size_t i = 0; code == 0 && i < telling.count; i++)
        code = kw_alert_told(serving->tending, telling.due[i], telling.now_ms, &call->error);
    return code;
}

static void look_after(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    const char *till = call->config.office.till;
    int64_t now_ms = kw_clock_boot_ms();
    int code = 0;
    if (till && now_ms >= serving->till_ms + TILL_EVERY_MS) {
        serving->till_ms = now_ms;
        code = kw_serving_take_sales(call, serving->tending, till);
    }
    if (code == 0 && now_ms >= serving->mails_ms + MAILS_EVERY_MS) {
        serving->mails_ms = now_ms;
        code = tell_alerts(serving);
        if (code == 0)
            code = kw_contacts_forget(serving->tending, kw_clock_wall_ms(), &call->error);
    }
    if (code < 0)
        kw_log(&call->context->log, KW_LOG_WARNING, "%s: %s", call->error.where, call->error.text);
}

void kw_serving_go_on(struct kw_serving *serving)
{
    while (!serving->go_on || serving->go_on(serving->data)) {
        look_after(serving);
        kw_clock_sleep_ms(LOOK_MS);
    }
}

/* ---- beginning and end -------------------------------------------------------------------------------------- */

static int open_again(struct kw_touch *call, bool read_only, struct kw_journal **journal)
{
    const struct kw_journal_options options = { .path = kw_journal_path(call->journal), .read_only = read_only,
                                                .busy_ms = BUSY_MS };
    return kw_journal_open(&options, journal, &call->error);
}

static int load_server(struct kw_serving *serving)
{
    struct kw_error *error = &serving->call->error;
    if (kw_module_open("kwit-http.so", &serving->module, error) < 0)
        return kw_fail(error, KWIT_E_UNSUPPORTED, "kwit-http.so", "the survey page needs this module, and it is not "
                       "here; install the package kwit-office, or build kwit with libmicrohttpd");
    serving->http = kw_module_symbol(serving->module, KW_HTTP_SYMBOL, error);
    if (!serving->http)
        return error->code;
    return serving->http->version == KW_HTTP_VERSION
               ? 0 : kw_fail(error, KWIT_E_UNSUPPORTED, "kwit-http.so",
                             "it is of another version; install both together");
}

/* A socket that the service manager listens on already (sd_listen_fds(3)), or one of our own. */
static int open_socket(struct kw_serving *serving, int *socket)
{
    struct kw_touch *call = serving->call;
    const char *count = getenv("LISTEN_FDS"), *process = getenv("LISTEN_PID");
    const char *place = serving->listen ? serving->listen : call->config.office.listen;
    if (!serving->listen && count && process && strtol(process, NULL, 10) == (long)getpid()
        && strtol(count, NULL, 10) >= 1) {
        *socket = FIRST_PASSED;
        snprintf(serving->where, sizeof serving->where, "the socket that was handed over");
        return 0;
    }
    return kw_http_listen(place, call->config.office.insecure_listen, socket, serving->where, &call->error);
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

static void describe_shop(const struct kw_config *config, struct kw_web_shop *shop)
{
    *shop = (struct kw_web_shop){ .name = config->store.name ? config->store.name : "",
                                  .phone = config->survey.help_phone,
                                  .mail = config->survey.help_email,
                                  .privacy_url = config->office.privacy_url,
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

static int start_office(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    const struct kw_config *config = &call->config;
    struct kw_office_options options = { .reader = kw_journal_book(serving->reader),
                                         .writer = call->book,
                                         .days = &call->days,
                                         .keys = { find_key, call },
                                         .edit_ms = config->office.edit_ms,
                                         .keep_contact_ms = (int64_t)config->office.keep_contact_days * DAY_MS,
                                         .http = serving->http };
    int language = kw_web_language(config->store.locale ? config->store.locale : "");
    options.language = language < 0 ? 0 : language;
    describe_shop(config, &options.shop);
    int code = kw_serving_keys(call, &options);
    if (code == 0)
        code = open_socket(serving, &options.socket);
    if (code == 0)
        code = kw_office_start(&options, &serving->office, &call->error);
    kw_key_wipe(options.key, sizeof options.key);
    return code;
}

int kw_serving_begin(struct kw_serving *serving)
{
    struct kw_touch *call = serving->call;
    int code = load_server(serving);
    if (code == 0)
        code = open_again(call, true, &serving->reader);
    if (code == 0)
        code = open_again(call, false, &serving->tending);
    if (code == 0)
        code = make_mail_directory(call);
    return code < 0 ? code : start_office(serving);
}

void kw_serving_end(struct kw_serving *serving)
{
    kw_office_stop(serving->office);
    kw_journal_close(serving->reader);
    kw_journal_close(serving->tending);
    if (serving->module)
        kw_module_close(serving->module);
}
