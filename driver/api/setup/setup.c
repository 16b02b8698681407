/*
 * setup.c - kwit setup: a configuration for one shop and one printer, the till's key, and a first receipt.
 *
 * Nothing is written before every answer has been checked, and no configuration is ever written over.
 */
#include "api/setup/first_run.h"

#include "api/result.h"
#include "api/usb_rows.h"
#include "base/file.h"
#include "base/utf8.h"
#include "locale/locale.h"
#include "profile/profile.h"
#include "sale/sale.h"
#include "transport/address.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARENA_CEILING = 4 * 1024 * 1024, PATH_SIZE = 4096, TEXT_MOST = 1024 };

struct setup {
    kwit_context *context;          /* the caller's */
    kwit_context *inner;            /* with the configuration that was written */
    struct kw_arena *arena;
    kwit_result *result;
    struct kw_first_run run;
    char file[PATH_SIZE], title[272];
    bool key;
    struct kw_error error;
};

/* ---- the answers -------------------------------------------------------------------------------------------- */

static int check_text(struct setup *setup, const char *option, const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < 0x20 || *at == 0x7F)
            return kw_fail(&setup->error, KWIT_E_USAGE, option, "holds a control character or a line end");
    if (!kw_utf8_valid(text, strlen(text)))
        return kw_fail(&setup->error, KWIT_E_USAGE, option, "is not UTF-8; say it at a terminal whose letters are");
    return strlen(text) <= TEXT_MOST ? 0
        : kw_fail(&setup->error, KWIT_E_USAGE, option, "is longer than %d bytes", TEXT_MOST);
}

static int settle_shop(struct setup *setup, const struct kwit_setup_options *options)
{
    bool exact = true;
    if (!options->name || !options->name[strspn(options->name, " ")])
        return kw_fail(&setup->error, KWIT_E_USAGE, "--name", "the shop's name is missing; it stands on top of every "
                       "receipt");
    const struct kw_locale *locale = kw_locale_find(options->locale ? options->locale : "en-GB", &exact);
    if (!exact)
        return kw_fail(&setup->error, KWIT_E_USAGE, "--language", "there is no language %s; write it as pl, pl-PL or "
                       "fr-CA", options->locale);
    const char *currency = options->currency ? options->currency : kw_locale_currency(locale);
    if (kw_currency_exponent(currency) < 0)
        return kw_fail(&setup->error, KWIT_E_USAGE, "--currency", "%s is not a currency of ISO 4217 such as EUR",
                       currency);
    if (options->url && !strstr(options->url, "{token}"))
        return kw_fail(&setup->error, KWIT_E_USAGE, "--url", "the link needs {token} where each receipt's own code "
                       "goes: https://fb.example/{token}");
    setup->run.name = options->name;
    setup->run.locale = kw_locale_tag(locale);
    setup->run.currency = currency;
    setup->run.url = options->url;
    int code = check_text(setup, "--name", options->name);
    return code == 0 && options->url ? check_text(setup, "--url", options->url) : code;
}

static int only_usb_printer(struct setup *setup)
{
    struct kw_link_options options = kw_link_options_for(setup->context);
    struct kw_usb_device *devices;
    size_t count = 0;
    int code = kw_usb_list(setup->arena, &options, &devices, &count, &setup->error);
    if (code < 0)
        return code;
    if (count == 0)
        return kw_fail(&setup->error, KWIT_E_NO_PRINTER, "--printer", "no receipt printer is plugged in; plug it in, "
                       "or say --printer tcp://HOST, serial:/dev/ttyUSB0, or sim:paper to see one simulated");
    if (count > 1)
        return kw_fail(&setup->error, KWIT_E_USAGE, "--printer", "%zu receipt printers are plugged in; say which: "
                       "--printer '%s' or '%s'; kwit devices lists them", count, devices[0].uri, devices[1].uri);
    snprintf(setup->title, sizeof setup->title, " (%s %s)", devices[0].manufacturer, devices[0].model);
    setup->run.uri = "usb:";
    return 0;
}

/* Where a path of a few words begins is written down: each call would look for it from where it is called. */
static const char *from_the_root(struct setup *setup, const char *uri)
{
    char here[PATH_SIZE];
    size_t scheme = strncmp(uri, "sim:", 4) == 0 ? 4 : strncmp(uri, "file:", 5) == 0 ? 5 : 0;
    if (scheme == 0 || uri[scheme] == '/' || !getcwd(here, sizeof here) || strpbrk(here, "%?"))
        return uri;
    const char *whole = kw_arena_format(setup->arena, "%.*s%s/%s", (int)scheme, uri, strcmp(here, "/") == 0 ? "" : here,
                                        uri + scheme);
    return whole ? whole : uri;
}

static int settle_printer(struct setup *setup, const struct kwit_setup_options *options)
{
    const struct kw_profile *profile;
    setup->run.uri = options->printer;
    setup->run.profile = options->profile;
    if (options->profile
        && kw_profile_choose(options->profile, KWIT_E_USAGE, "--profile", &profile, &setup->error) < 0)
        return setup->error.code;
    if (!options->printer || strcmp(options->printer, "usb:") == 0)
        return only_usb_printer(setup);
    if (!kw_transport_find(kw_schemes, options->printer, &setup->error))
        return setup->error.code = KWIT_E_USAGE;
    setup->run.uri = from_the_root(setup, options->printer);
    return check_text(setup, "--printer", setup->run.uri);
}

/* ---- the file ----------------------------------------------------------------------------------------------- */

#define MACHINES_FILE "/etc/kwit/kwit.conf"

/* Where a call without --config looks: the machine's for root and where it exists, else the user's own. */
static int choose_file(struct setup *setup)
{
    const char *given = setup->context->config_file, *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    int length = -1;
    if (given)
        length = snprintf(setup->file, sizeof setup->file, "%s", given);
    else if (geteuid() == 0 || access("/etc/kwit", W_OK) == 0)
        length = snprintf(setup->file, sizeof setup->file, MACHINES_FILE);
    else if (base && base[0] == '/')
        length = snprintf(setup->file, sizeof setup->file, "%s/kwit/kwit.conf", base);
    else if (home && home[0] == '/')
        length = snprintf(setup->file, sizeof setup->file, "%s/.config/kwit/kwit.conf", home);
    return length > 0 && length < (int)sizeof setup->file ? 0
        : kw_fail(&setup->error, KWIT_E_USAGE, "--config",
                  "say where the configuration goes: kwit --config FILE setup");
}

/* The machine's configuration is for whoever prints, whatever the administrator's umask; it holds no secret. */
static bool for_all(const struct setup *setup)
{
    return strcmp(setup->file, MACHINES_FILE) == 0;
}

/* Why the first that cannot be made cannot; 0: they are there. */
static int make_directories(const struct setup *setup)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof path, "%s", setup->file);
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = 0;
        bool made = mkdir(path, 0755) == 0;
        if (!made && errno != EEXIST)
            return errno;
        if (made && for_all(setup))
            chmod(path, 0755);
        *slash = '/';
    }
    return 0;
}

static int cannot_write(struct setup *setup, int number)
{
    return kw_fail(&setup->error, kw_error_from_errno(number), setup->file, "the configuration cannot be written: %s; "
                   "%s", strerror(number), number == ENOSPC || number == EDQUOT ? "make room there, and call again"
                   : geteuid() == 0 ? "name another file: kwit --config FILE setup"
                   : "run kwit setup as root, or name another file: kwit --config FILE setup");
}

static int write_config(struct setup *setup)
{
    struct kw_buffer text;
    int unmade = make_directories(setup);
    int file = open(setup->file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644), number = errno;
    if (file < 0 && number == EEXIST)
        return kw_fail(&setup->error, KWIT_E_CONFLICT, setup->file, "a configuration is there already; edit it (kwit "
                       "config check tells what is wrong), or name another file: kwit --config FILE setup");
    if (file < 0)
        return cannot_write(setup, number == ENOENT && unmade ? unmade : number);
    kw_buffer_init(&text, PATH_SIZE * 4);
    kw_first_config(&setup->run, &text);
    number = text.failed ? ENOMEM : kw_file_write(file, kw_buffer_string(&text), text.length);
    if (number == 0 && for_all(setup) && fchmod(file, 0644) != 0)
        number = errno;
    if (number == 0 && fsync(file) != 0)
        number = errno;
    if (close(file) != 0 && number == 0)
        number = errno;
    kw_buffer_free(&text);
    if (number == 0)
        return 0;
    unlink(setup->file);            /* half of it would be in force, and in the way of the next call */
    return cannot_write(setup, number);
}

/* As whoever prints will read it. A file that is at fault does not stay. */
static int check_config(struct setup *setup)
{
    kwit_result *checked = NULL;
    const struct kwit_settings settings = { .config_file = setup->file, .state_dir = setup->context->state_dir };
    if (kwit_context_new(&settings, &setup->inner) < 0)
        return kw_fail(&setup->error, KWIT_E_NO_MEMORY, "", "out of memory");
    int code = kwit_config_check(setup->inner, &checked);
    if (code < 0) {
        kw_fail(&setup->error, KWIT_E_USAGE, "", "%s", kwit_result_text(checked));
        unlink(setup->file);
    }
    kwit_result_free(checked);
    return code;
}

/* ---- the key and the first receipt -------------------------------------------------------------------------- */

/* A key that is there already serves. */
static int make_key(struct setup *setup)
{
    const struct kwit_key_options options = { 0 };
    kwit_result *made = NULL;
    int code = setup->run.url ? kwit_survey_key(setup->inner, KWIT_KEY_NEW, &options, &made) : 0;
    setup->key = setup->run.url && code == 0;
    if (code < 0 && code != KWIT_E_CONFLICT)
        kw_fail(&setup->error, (enum kwit_error)code, "", "%s", kwit_result_text(made));
    kwit_result_free(made);
    return code == KWIT_E_CONFLICT ? 0 : code;
}

static void tell_first(struct setup *setup, struct kw_json *json, bool print)
{
    struct kw_buffer document;
    kwit_result *printed = NULL;
    const struct kwit_print_options options = { 0 };
    if (!print) {
        kw_json_null(json, "print");
        return;
    }
    kw_buffer_init(&document, PATH_SIZE);
    kw_first_document(&setup->run, &document);
    int code = kwit_print(setup->inner, kw_buffer_string(&document), document.length, &options, &printed);
    kw_json_raw(json, "print", kwit_result_json(printed));
    kw_buffer_format(&setup->result->text, "first receipt  %s", kwit_result_text(printed));
    kw_result_finish(setup->result, code);
    setup->result->exit = kwit_result_exit(printed);
    setup->result->outcome = kwit_result_outcome(printed);
    kwit_result_free(printed);
    kw_buffer_free(&document);
}

static void tell(struct setup *setup, bool print)
{
    struct kw_buffer *text = &setup->result->text;
    struct kw_json json;
    kw_json_init(&json, &setup->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "config", setup->file);
    kw_json_string(&json, "printer", setup->run.uri);
    kw_json_string(&json, "locale", setup->run.locale);
    kw_json_string(&json, "currency", setup->run.currency);
    kw_json_bool(&json, "key_made", setup->key);
    kw_buffer_format(text, "configuration  %s\nprinter        %s%s\n", setup->file, setup->run.uri, setup->title);
    if (setup->run.url)
        kw_buffer_format(text, "invitation     %s%s\n", setup->run.url,
                         setup->key ? " (this till's key was made)" : "");
    tell_first(setup, &json, print);
    kw_json_end_object(&json);
    kw_buffer_format(text, "\nOnce for each sale the till calls\n    kwit print SALE.json --json\nand reads the exit "
                     "status and one line. A smallest sale:\n    {\"kwit\": 1, \"id\": \"S-1\", "
                     "\"time\": \"2026-11-22T14:03:11+01:00\", \"currency\": \"%s\",\n     \"lines\": [{\"name\": \"Tea\", \"total\": \"%s\"}], \"total\": \"%s\"}\n"
                     "Read on: man kwit-integrate, man kwit-sale. When it does not print: kwit doctor.\n",
                     setup->run.currency, kw_currency_exponent(setup->run.currency) == 0 ? "250" : "2.50",
                     kw_currency_exponent(setup->run.currency) == 0 ? "250" : "2.50");
}

static int run_setup(struct setup *setup, const struct kwit_setup_options *options)
{
    int code = setup->arena ? 0 : kw_fail(&setup->error, KWIT_E_NO_MEMORY, "", "out of memory");
    code = code == 0 ? settle_shop(setup, options) : code;
    code = code == 0 ? settle_printer(setup, options) : code;
    code = code == 0 ? choose_file(setup) : code;
    code = code == 0 ? write_config(setup) : code;
    code = code == 0 ? check_config(setup) : code;
    return code == 0 ? make_key(setup) : code;
}

int kwit_setup(kwit_context *context, const struct kwit_setup_options *options, kwit_result **result)
{
    struct setup setup = { .context = context, .arena = kw_arena_new(ARENA_CEILING), .result = kw_result_new() };
    int code = run_setup(&setup, options);
    *result = setup.result;
    if (code == 0) {
        kw_result_finish(*result, 0);
        tell(&setup, !options->no_print);
        code = (*result)->reason;
    } else {
        kw_result_fail(*result, &setup.error);
    }
    kwit_context_free(setup.inner);
    kw_arena_free(setup.arena);
    return code;
}
