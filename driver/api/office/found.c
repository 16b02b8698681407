/* found.c - office new, check, proxy and contact: what a shop does before and beside serving. */
#include "api/office/serving.h"

#include "base/clock.h"
#include "base/net.h"
#include "journal/push.h"
#include "office/alerts/plan.h"
#include "office/push/push.h"
#include "office/web/words.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CONTACT = 160, SEALED = 256, AWAY = 4096 };

static void begin(struct kw_json *json, kwit_result *result)
{
    kw_json_init(json, &result->json);
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
}

/* ---- new ---------------------------------------------------------------------------------------------------- */

static bool is_url(const char *url)
{
    return url
        && (strncasecmp(url, "https://", 8) == 0 || (strncasecmp(url, "http://", 7) == 0 && kw_net_url_is_here(url)))
        && url[strcspn(url, " \t\r\n{}\"")] == 0;
}

static void put_settings(struct kw_buffer *out, const struct kwit_office_shop *shop)
{
    const struct { const char *name, *value; } rows[] = {
        { "mail_to", shop->mail }, { "privacy_url", shop->privacy_url }, { "controller", shop->controller },
        { "controller_contact", shop->controller_contact }
    };
    kw_buffer_format(out, "[survey]\nurl = %s/{token}\n\n[office]\nurl = %s\n", shop->url, shop->url);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].value)
            kw_buffer_format(out, "%s = %s\n", rows[i].name, rows[i].value);
}

/* A line of the configuration each: nothing in them may begin another. */
static bool are_lines(const struct kwit_office_shop *shop)
{
    const char *const texts[] = { shop->mail, shop->privacy_url, shop->controller, shop->controller_contact };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i] && strpbrk(texts[i], "\r\n"))
            return false;
    return true;
}

/* Customers are told who answers for their data: by the shop's own page, or by a notice that names them. */
static int check_shop(const struct kwit_office_shop *shop, struct kw_error *error)
{
    if (!is_url(shop->url))
        return kw_fail(error, KWIT_E_USAGE, "--url",
                       "say where customers reach it, such as https://fb.corner.example");
    if (!shop->privacy_url && !(shop->controller && shop->controller_contact))
        return kw_fail(error, KWIT_E_USAGE, "--controller", "say who answers for customers' data: --controller NAME"
                       " --controller-contact ADDRESS, from which the notice is written; or --privacy-url URL of your own");
    return are_lines(shop) ? 0 : kw_fail(error, KWIT_E_USAGE, "office new", "each setting is one line");
}

/* A configuration that is there is the shop's own: then the lines are said, not written. */
static int write_settings(struct kw_touch *call, const char *file, const struct kw_buffer *text)
{
    FILE *out = fopen(file, "wxe");
    bool whole = out && fwrite(text->data, 1, text->length, out) == text->length;
    return out && fclose(out) == 0 && whole
               ? 0 : kw_fail(&call->error, kw_error_from_errno(errno), file, "it cannot be written: %s",
                             strerror(errno));
}

int kwit_office_new(kwit_context *context, const struct kwit_office_shop *shop, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    struct kw_office_options keys = { 0 };
    struct kw_buffer settings;
    const char *file = context->config_file;
    const bool made = file && access(file, F_OK) != 0;
    kwit_context fresh = *context;
    fresh.config_file = made ? "/dev/null" : context->config_file;
    kw_buffer_init(&settings, 64 * 1024);
    int code = kw_touch_open(&fresh, KW_TOUCH_CREATE, &call, result);
    if (code == 0)
        code = check_shop(shop, &call.error);
    if (code == 0)
        code = kw_serving_make_staff_key(&call);
    if (code == 0)
        code = kw_serving_keys(&call, &keys);
    kw_key_wipe(&keys, sizeof keys);
    if (code == 0)
        put_settings(&settings, shop);
    if (code == 0 && made)
        code = write_settings(&call, file, &settings);
    if (code == 0) {
        begin(&json, call.result);
        kw_json_string(&json, "state", kw_state_dir(call.state));
        kw_json_string(&json, "config", made ? file : NULL);
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "%s%s%s\n%s\n"
                         "Keep %s/staff.key where only your people can read it: it opens what customers leave as their"
                         " address.\nNext: kwit survey key import FILE, kwit office proxy caddy, kwit office check\n",
                         made ? "written to " : "", made ? file : "put this into kwit.conf, here and at the tills",
                         ":", kw_buffer_string(&settings), kw_state_dir(call.state));
    }
    kw_buffer_free(&settings);
    return kw_touch_close(&call, code);
}

/* ---- check -------------------------------------------------------------------------------------------------- */

struct checking { struct kw_touch *call; struct kw_json json; int faults; };

static void tell(struct checking *checking, const char *what, const char *mend)
{
    kw_json_object(&checking->json, NULL);
    kw_json_string(&checking->json, "what", what);
    kw_json_string(&checking->json, "mend", mend);
    kw_json_end_object(&checking->json);
    kw_buffer_format(&checking->call->result->text, "%s\n  %s\n", what, mend);
    checking->faults++;
}

enum { PATIENCE_MS = 600000 };

struct waiting {
    const struct kw_loop *loop;
    struct kw_error *error;
    int64_t now_ms, wait_ms, alert, count;
    bool late;
};

/* A mail that is held for the night is none of these. */
static int look_whether_late(void *data, const struct kw_notice *notice)
{
    struct waiting *waiting = data;
    const bool tried = notice->tries > 0 || notice->fate != 0 || waiting->now_ms > notice->due_ms + PATIENCE_MS;
    waiting->late = waiting->late || (tried && notice->alert == waiting->alert
                                      && strcmp(notice->kind, kw_notice_word(KW_NOTICE_DIGEST)) != 0);
    return 0;
}

/* Nobody planned its mail, or that did not get through; of a flood the rest are told by the one about many. */
static int count_untold(void *data, const struct kw_alert *alert)
{
    struct waiting *waiting = data;
    const struct kw_loop *loop = waiting->loop;
    bool known;
    if (waiting->count > 0 || alert->told_ms || alert->acknowledged_ms
        || waiting->now_ms <= alert->raised_ms + waiting->wait_ms + PATIENCE_MS)
        return 0;
    int code = loop->calls->known(loop->store, alert->id, kw_notice_word(kw_notice_first(alert)), "mail", &known,
                                  waiting->error);
    waiting->alert = alert->id;
    waiting->late = code == 0 && !known;
    if (code == 0 && known)
        code = loop->calls->notices(loop->store, 0, look_whether_late, waiting, waiting->error);
    waiting->count += code == 0 && waiting->late;
    return code;
}

static bool has_survey_key(struct kw_touch *call)
{
    char path[KW_KEYS_PATH];
    const struct dirent *entry;
    bool found = false;
    DIR *keys = kw_state_path(call->state, "keys", path, sizeof path, &call->error) == 0 ? opendir(path) : NULL;
    while (keys && !found && (entry = readdir(keys)))
        found = strstr(entry->d_name, ".key") != NULL;
    if (keys)
        closedir(keys);
    return found;
}

static void check_settings(struct checking *checking)
{
    const struct kw_config *config = &checking->call->config;
    const struct kw_config_office *office = &config->office;
    if (!office->url)
        tell(checking, "no address is said that customers reach", "write url = https://… into [office]");
    else if (!config->survey.url || strncasecmp(config->survey.url, office->url, strlen(office->url)) != 0)
        tell(checking, "receipts lead elsewhere", "write url = the office's address and /{token} into [survey]");
    if (!config->store.name)
        tell(checking, "the pages do not say which shop asks", "write name = the shop's name into [store]");
    if (!office->mail_to)
        tell(checking, "nobody hears of a low score", "write mail_to = a person's address into [office]");
    if (!config->survey.help_phone && !config->survey.help_email)
        tell(checking, "the pages name nobody to ask", "write help = a phone number, or help_email =, into [survey]");
    if (!office->privacy_url && !office->controller)
        tell(checking, "the pages say what is kept, but not who keeps it",
             "write controller = and controller_contact =, or privacy_url = the shop's own page, into [office]");
    if (office->mail_to && !office->mail_server)
        tell(checking, "mails about answers are files in the state directory, and nobody sends them",
             "write mail_server = smtp://HOST:587 into [office], or let a mail program watch the directory");
}

static void check_state(struct checking *checking)
{
    struct kw_touch *call = checking->call;
    struct kw_office_options keys = { 0 };
    struct kw_journal_options till = { .path = call->config.office.till, .read_only = true, .untouched = true };
    struct kw_journal *journal = NULL;
    if (!has_survey_key(call))
        tell(checking, "no key of the receipts' codes is here: every code would be unknown",
             "kwit survey key export at the office of the tills, kwit survey key import FILE here");
    if (kw_serving_keys(call, &keys) < 0)
        tell(checking, call->error.text, "mend the file, or take it from a backup");
    else if (!keys.has_staff_key)
        tell(checking, "nobody could read an address, so customers are not asked for one", "kwit office new --url URL");
    if (till.path && kw_journal_open(&till, &journal, &call->error) < 0)
        tell(checking, call->error.text, "let this user read the till's journal, or mend till in [office]");
    kw_journal_close(journal);
    kw_key_wipe(&keys, sizeof keys);
}

/* A till that pushed and does no more, or of which nothing is taken. */
static int check_till(void *data, const struct kw_till *till)
{
    enum { HOUR_MS = 3600000, SILENT_H = 26, AHEAD_MS = 120000 };
    struct checking *checking = data;
    char what[200];
    struct kw_buffer said;
    const int64_t silent_h = (kw_clock_wall_ms() - till->seen_ms) / HOUR_MS;
    if (strcmp(till->state, "closed") == 0 || strcmp(till->state, "revoked") == 0)
        return 0;
    kw_buffer_init(&said, KW_KEYS_PATH);
    kw_buffer_format(&said, "the till of handle %lld (%s %s): %s %s", (long long)till->handle, till->store, till->till,
                     till->fault[0] ? "what it pushes is refused:" : "it has not pushed since", till->fault);
    if (till->fault[0])
        tell(checking, kw_buffer_string(&said), "kwit-office(7), A chain, says what each word asks for; kwit office till"
             " list");
    else if (silent_h >= SILENT_H)
        tell(checking, kw_buffer_string(&said), "at the till: kwit journal push, and systemctl status kwit-push.timer");
    kw_buffer_free(&said);
    if (till->offset_ms > AHEAD_MS || till->offset_ms < -AHEAD_MS) {
        snprintf(what, sizeof what, "the clock of the till of handle %lld is %lld s off: days and times of its sales are"
                 " its own word", (long long)till->handle, (long long)till->offset_ms / 1000);
        tell(checking, what, "at the till: timedatectl set-ntp true");
    }
    return 0;
}

/* The secret half beside what it opens. */
static void check_staff(struct checking *checking)
{
    uint8_t secret[KW_STAFF_KEY];
    if (kw_serving_staff_secret(checking->call, NULL, secret) == 0)
        tell(checking, "staff.key lies where the process that faces the internet can read it",
             "move it to the staff's own directory and say kwit office staff --key FILE");
    kw_key_wipe(secret, sizeof secret);
}

/* Root may read all; what its own users may not read stands in nothing that root finds. */
static void check_asker(struct checking *checking)
{
    char path[KW_KEYS_PATH], mend[160];
    struct stat about;
    if (geteuid() != 0 || kw_state_path(checking->call->state, "", path, sizeof path, &checking->call->error) < 0
        || stat(path, &about) != 0 || about.st_uid == 0)
        return;
    snprintf(mend, sizeof mend, "ask as who serves: setpriv --reuid %ld --regid %ld --clear-groups kwit … office check",
             (long)about.st_uid, (long)about.st_gid);
    tell(checking, "root asks, who may read what the user of the state directory perhaps may not", mend);
}

/* Alerts that nobody was told of. */
static int check_alerts(struct checking *checking, const struct kw_store *store)
{
    struct kw_touch *call = checking->call;
    const struct kw_book *book = &store->book;
    struct waiting waiting = { .loop = &store->loop, .error = &call->error, .now_ms = kw_clock_wall_ms(),
                               .wait_ms = call->config.office.alert_wait_ms };
    int code = book->calls->alerts(book->store, true, count_untold, &waiting, &call->error);
    if (code == 0 && waiting.count > 0)
        tell(checking, "alerts wait and nobody was told of them", "systemctl enable --now kwit-staff.service; kwit"
             " office outbox list tells what was tried");
    return code;
}

/* What is pushed and said, and where it is kept. */
static void check_store(struct checking *checking)
{
    struct kw_touch *call = checking->call;
    struct kw_store store;
    int code = kw_store_open(call, &store);
    if (code == 0)
        code = check_alerts(checking, &store);
    if (code == 0)
        code = kw_store_tills(call, &store, check_till, checking);
    if (code < 0)
        tell(checking, call->error.text, store.pg ? "let the server run, and the office's user in; kwit office migrate"
             : "mend the journal, or take it from a backup");
    kw_store_close(&store);
}

static void check_server(struct checking *checking)
{
    struct kw_touch *call = checking->call;
    struct kw_module *module = NULL;
    char where[KW_HTTP_WHERE];
    int socket = -1;
    if (kw_module_open("kwit-http.so", &module, &call->error) < 0)
        tell(checking, call->error.text, "install kwit's HTTP module and libmicrohttpd12");
    else
        kw_module_close(module);
    int code = kw_http_listen(call->config.office.listen, call->config.office.insecure_listen, &socket, where,
                              &call->error);
    if (code < 0 && code != KWIT_E_BUSY)            /* busy: it serves already */
        tell(checking, call->error.text, "mend listen in [office]");
    if (socket >= 0)
        close(socket);
}

int kwit_office_check(kwit_context *context, kwit_result **result)
{
    struct kw_touch call;
    struct checking checking = { .call = &call };
    int code = kw_touch_open(context, KW_TOUCH_CREATE, &call, result);
    if (code < 0)
        return kw_touch_close(&call, code);
    begin(&checking.json, call.result);
    kw_json_array(&checking.json, "faults");
    check_asker(&checking);
    check_settings(&checking);
    check_state(&checking);
    check_staff(&checking);
    check_store(&checking);
    check_server(&checking);
    kw_json_end_array(&checking.json);
    kw_json_end_object(&checking.json);
    if (checking.faults == 0)
        kw_buffer_text(&call.result->text, "nothing is in the way\n");
    kw_result_finish(call.result, checking.faults ? KWIT_E_CONFIG : 0);
    return kw_touch_close(&call, 0);
}

/* ---- proxy -------------------------------------------------------------------------------------------------- */

/*
 * No path is logged, for it holds a code, and no address: neither of what went well nor of what failed. Where no office
 * answers, its proxy says what the office would.
 */
static const char caddy[] = "{\n\tlog {\n\t\texclude http.log.error\n\t}\n}\n"
                            "%s {\n\t@till path " KW_PUSH_PATH "\n\trequest_body @till {\n\t\tmax_size 256KB\n\t}\n"
                            "\t@page not path " KW_PUSH_PATH "\n\trequest_body @page {\n\t\tmax_size 16KB\n\t}\n"
                            "\tencode gzip\n"
                            "\t@staff path /a/* /staff /staff/*\n\treverse_proxy @staff %s\n\treverse_proxy %s\n"
                            "\theader Strict-Transport-Security max-age=31536000\n"
                            "\thandle_errors {\n\t\theader Content-Type \"text/plain; charset=utf-8\"\n"
                            "\t\trespond `%s` 503\n\t}\n}\n";
static const char nginx[] =
    "server {\n    listen %s ssl http2;\n    server_name %s;\n    ssl_certificate /etc/ssl/%s.pem;\n"
    "    ssl_certificate_key /etc/ssl/%s.key;\n    access_log off;\n    error_log /dev/null;\n"
    "    client_max_body_size 16k;\n"
    "    client_header_timeout 10s;\n    client_body_timeout 10s;\n    large_client_header_buffers 4 8k;\n"
    "    gzip on;\n    add_header Strict-Transport-Security max-age=31536000;\n    proxy_set_header Host $http_host;\n"
    "    proxy_set_header X-Forwarded-For $remote_addr;\n    location ~ ^/(a/|staff(/|$)) {\n        proxy_pass %s;\n    }\n"
    "    location = " KW_PUSH_PATH " {\n        client_max_body_size 256k;\n        proxy_pass %s;\n    }\n"
    "    location / {\n        proxy_pass %s;\n    }\n    error_page 413 502 504 = @away;\n    location @away {\n"
    "        default_type text/plain;\n        charset utf-8;\n        return 503 \"%s\";\n    }\n}\n";

/* A place as the proxy writes it: "unix:PATH" is its own affair in each. */
static void put_place(const char *place, bool is_caddy, char *out, size_t size)
{
    const bool path = strncmp(place, "unix:", 5) == 0;
    snprintf(out, size, "%s%s", is_caddy ? path ? "unix/" : "" : "http://", is_caddy && path ? place + 5 : place);
}

/* In all languages that customers are spoken to, for a proxy knows none of them. */
static void put_away(struct kw_buffer *out)
{
    for (int language = 0; language < KW_WEB_LANGUAGES; language++)
        if (kw_web_speaks(language, false))
            kw_buffer_format(out, "%s\n", kw_web_word(KW_WEB_BUSY, language));
}

/* Its names have no port, and forms come back to the one that the browser named. */
static void put_nginx(struct kw_buffer *text, const char *host, const char *staff, const char *to, const char *away)
{
    char name[KW_HTTP_WHERE], port[8];
    const size_t length = strcspn(host, ":/");
    snprintf(name, sizeof name, "%.*s", (int)length, host);
    const char *after = host[length] == ':' ? host + length + 1 : "443";
    snprintf(port, sizeof port, "%.*s", (int)strcspn(after, "/"), after);
    kw_buffer_format(text, nginx, port, name, name, name, staff, to, to, away);
}

int kwit_office_proxy(kwit_context *context, const char *kind, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    char to[KW_HTTP_WHERE + 16], staff[KW_HTTP_WHERE + 16];
    int code = kw_touch_open(context, KW_TOUCH_STATE, &call, result);
    const char *url = call.config.office.url, *listen = call.config.office.listen;
    const char *host = url && strstr(url, "://") ? strstr(url, "://") + 3 : NULL;
    if (code == 0 && !host)
        code = kw_fail(&call.error, KWIT_E_CONFIG, "[office] url", "say where customers reach it, such as"
                       " https://fb.corner.example");
    if (code == 0 && strcmp(kind, "caddy") != 0 && strcmp(kind, "nginx") != 0)
        code = kw_fail(&call.error, KWIT_E_USAGE, "proxy", "say caddy or nginx");
    if (code < 0)
        return kw_touch_close(&call, code);
    const bool is_caddy = strcmp(kind, "caddy") == 0;
    put_place(listen, is_caddy, to, sizeof to);
    put_place(call.config.office.staff_listen, is_caddy, staff, sizeof staff);
    struct kw_buffer *text = &call.result->text, away;
    kw_buffer_init(&away, AWAY);
    put_away(&away);
    if (is_caddy)
        kw_buffer_format(text, caddy, host, staff, to, kw_buffer_string(&away));
    else
        put_nginx(text, host, staff, to, kw_buffer_string(&away));
    kw_buffer_free(&away);
    begin(&json, call.result);
    kw_json_string(&json, "configuration", kw_buffer_string(text));
    kw_json_end_object(&json);
    return kw_touch_close(&call, 0);
}

/* ---- contact ------------------------------------------------------------------------------------------------ */

int kwit_office_contact(kwit_context *context, int64_t alert, const char *key_file, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    struct kw_store store = { 0 };
    uint8_t sealed[SEALED];
    char contact[CONTACT] = "";
    size_t length = 0;
    int code = kw_touch_open(context, KW_TOUCH_READ, &call, result);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = store.loop.calls->contact(store.loop.store, alert, sealed, sizeof sealed, &length, &call.error);
    if (code == 0)
        code = kw_serving_open_contact(&call, key_file, sealed, length, contact, sizeof contact);
    if (code == 0) {
        begin(&json, call.result);
        kw_json_integer(&json, "alert", alert);
        kw_json_string(&json, "contact", contact);
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "%s\n", contact);
    }
    kw_key_wipe(contact, sizeof contact);
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}
