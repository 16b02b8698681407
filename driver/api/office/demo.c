/* demo.c - office demo: a simulated shop whose survey page is open on this machine. */
#include "api/office/serving.h"

#include "journal/ledger.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CODES = 3, PLACE = 3072 };

struct finding { struct kw_touch *call; int64_t today; char codes[CODES][KW_TOKEN_HYPHENATED]; int count; };

/* An invitation on paper that nobody answered, and that can still be. */
static int find_code(void *data, const struct kw_story *story)
{
    struct finding *finding = data;
    const struct kw_touchpoint *t = &story->facts;
    struct kw_terminal_key key;
    char token[KW_TOKEN_LENGTH + 1];
    const bool open = t->has_token && t->reason == 0 && t->flag == 0 && t->klass == KW_CLASS_PROVEN
        && story->answers == 0 && (t->expires_day == 0 || t->expires_day > finding->today);
    if (!open || finding->count == CODES
        || !kw_keys_find(finding->call->state, &finding->call->config, t->kid, t->handle, &key))
        return 0;
    const struct kw_token fields = { t->kid, t->handle, (uint16_t)(t->day % KW_DAY_WRAP), (uint16_t)t->seq, t->variant,
                                     t->flag };
    kw_token_encode(&key, &fields, token);
    kw_token_hyphenate(token, finding->codes[finding->count++]);
    kw_key_wipe(&key, sizeof key);
    return 0;
}

static int write_file(struct kw_touch *call, const char *name, const char *text)
{
    return kw_state_write(call->state, name, text, strlen(text), 0600, &call->error);
}

/* The epoch's key, so that the office reads the till's codes; the shop's words; the staff's pair. */
static int furnish(struct kw_touch *call, const char *till)
{
    char path[KW_KEYS_PATH], key[KW_KEY_TEXT] = "";
    snprintf(path, sizeof path, "%s/keys/epoch-1.key", till);
    FILE *file = fopen(path, "re");
    size_t length = file ? fread(key, 1, sizeof key - 1, file) : 0;
    if (file)
        fclose(file);
    if (length == 0)
        return kw_fail(&call->error, KWIT_E_IO, path, "the demo's key cannot be read");
    int code = kw_state_path(call->state, "keys", path, sizeof path, &call->error);
    if (code == 0 && mkdir(path, 0700) != 0 && errno != EEXIST)
        code = kw_fail(&call->error, kw_error_from_errno(errno), path, "it cannot be made: %s", strerror(errno));
    if (code == 0)
        code = write_file(call, "keys/epoch-1.key", key);
    kw_key_wipe(key, sizeof key);
    return code < 0 ? code : kw_serving_make_staff_key(call);
}

/* A line for each code, that a browser opens. */
static int tell_codes(struct kw_serving *serving, const struct kwit_office_options *options, struct finding *finding)
{
    struct kw_touch *call = serving->call;
    struct kw_buffer *text = &call->result->text;
    struct kw_json json;
    char url[KW_HTTP_WHERE + 16];
    snprintf(url, sizeof url, "http://%s", serving->where);
    int code = kw_ledger_each(serving->tended.own, INT32_MIN, INT32_MAX, find_code, finding, &call->error);
    if (code < 0)
        return code;
    kw_serving_begin_line(&json, call->result, url);
    kw_json_array(&json, "codes");
    for (int i = 0; i < finding->count; i++) {
        kw_json_string(&json, NULL, finding->codes[i]);
        kw_buffer_format(text, "%s/%s\n", url, finding->codes[i]);
    }
    kw_json_end_array(&json);
    char mails[KW_KEYS_PATH];
    kw_state_path(call->state, "mail", mails, sizeof mails, &call->error);
    kw_json_string(&json, "mail_dir", mails);
    kw_json_string(&json, "state", kw_state_dir(call->state));
    kw_json_end_object(&json);
    kw_buffer_format(text, "mails about low scores: %s\nkwit --config %s/kwit.conf --state %s report\n", mails,
                     kw_state_dir(call->state), kw_state_dir(call->state));
    kw_serving_say(options, call);
    return 0;
}

static int make_directory(const char *path, struct kw_error *error)
{
    return mkdir(path, 0700) == 0 || errno == EEXIST
               ? 0 : kw_fail(error, kw_error_from_errno(errno), path, "it cannot be made: %s", strerror(errno));
}

/* What a shop of one writes into its own kwit.conf, with a mail that does not wait long. */
static int write_settings(const char *directory, const char *till, struct kw_error *error)
{
    static const char form[] =
        "[store]\nid = DEMO\nname = Demo shop\nlocale = en-GB\ntimezone = Europe/Warsaw\n\n"
        "[survey]\nurl = HTTP://127.0.0.1/{token}\nexpires_days = 14\nhelp_email = help@corner.example\n\n"
        "[office]\ntill = %s/journal.db\nalert_wait = 2 s\nmail_from = kwit@corner.example\n"
        "mail_to = owner@corner.example\n";
    char path[KW_KEYS_PATH], text[KW_KEYS_PATH];
    int length = snprintf(text, sizeof text, form, till);
    snprintf(path, sizeof path, "%s/kwit.conf", directory);
    FILE *file = fopen(path, "wxe");
    bool whole = file && fwrite(text, 1, (size_t)length, file) == (size_t)length;
    return file && fclose(file) == 0 && whole
               ? 0 : kw_fail(error, kw_error_from_errno(errno), path, "it cannot be written: %s", strerror(errno));
}

/* A day of sales at two tills, until yesterday. */
static int make_till(kwit_context *context, const char *till, kwit_result **result)
{
    const struct kwit_demo_options options = { .days = 1, .tills = 2, .stores = 1, .sales = 60, .rate = .1 };
    int code = kwit_demo_day(context, till, &options, result);
    if (code < 0)
        return code;
    kwit_result_free(*result);
    *result = NULL;
    return 0;
}

static int serve_demo(struct kw_serving *serving, const struct kwit_office_options *options, const char *till)
{
    struct kw_touch *call = serving->call;
    char journal[PLACE + 16];
    struct finding finding = { .call = call, .today = kw_touch_today(call) };
    snprintf(journal, sizeof journal, "%s/journal.db", till);
    int code = furnish(call, till);
    if (code == 0)
        code = kw_serving_take_sales(call, call->journal, journal);
    if (code == 0)
        code = kw_serving_begin(serving);
    if (code == 0)
        code = tell_codes(serving, options, &finding);
    if (code < 0)
        return code;
    kw_serving_go_on(serving);
    kw_serving_tell_end(serving);
    return 0;
}

/* Where the shop's till and its office lie, as whole paths: settings name the one for the other. */
static int choose_places(const char *directory, char till[PLACE], char office[PLACE], struct kw_error *error)
{
    char whole[PATH_MAX];
    int code = make_directory(directory, error);
    if (code < 0)
        return code;
    if (!realpath(directory, whole) || strlen(whole) > PLACE - 16)
        return kw_fail(error, KWIT_E_IO, directory, "it cannot be found: %s", strerror(errno));
    snprintf(till, PLACE, "%.*s/till", PLACE - 16, whole);
    snprintf(office, PLACE, "%.*s/office", PLACE - 16, whole);
    return 0;
}

static int fail_early(const struct kw_error *error, kwit_result **result)
{
    *result = kw_result_new();
    return kw_result_fail(*result, error);
}

int kwit_office_demo(kwit_context *context, const char *directory, const struct kwit_office_options *options,
                     kwit_result **result)
{
    char till[PLACE], office[PLACE], file[PLACE + 16];
    struct kw_error error;
    struct kw_touch call;
    struct kw_serving serving = { .call = &call, .go_on = options->go_on, .data = options->data,
                                  .listen = options->listen ? options->listen : "127.0.0.1:0",
                                  .pages = true, .staff = true };
    kwit_context *own;
    if (choose_places(directory, till, office, &error) < 0)
        return fail_early(&error, result);
    int code = make_till(context, till, result);
    if (code < 0)
        return code;
    if (make_directory(office, &error) < 0 || write_settings(office, till, &error) < 0)
        return fail_early(&error, result);
    snprintf(file, sizeof file, "%s/kwit.conf", office);
    const struct kwit_settings settings = { .state_dir = office, .config_file = file };
    if (kwit_context_new(&settings, &own) < 0) {
        *result = kw_result_new();
        return kw_result_finish(*result, KWIT_E_NO_MEMORY);
    }
    code = kw_touch_open(own, KW_TOUCH_CREATE, &call, result);
    if (code == 0)
        code = serve_demo(&serving, options, till);
    kw_serving_end(&serving);
    code = kw_touch_close(&call, code);
    kwit_context_free(own);
    return code;
}
