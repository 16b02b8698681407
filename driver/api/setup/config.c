/*
 * config.c - config check and config show: the configuration as kwit understands it, and what is wrong with it.
 *
 * Beside the faults that reading finds, the check asks the rooms whether the words mean something to them.
 */
#include "api/context.h"
#include "api/images.h"
#include "api/keys.h"
#include "api/result.h"
#include "api/setup/shapes.h"
#include "api/wording.h"
#include "base/zone.h"
#include "config/config.h"
#include "layout/layout.h"
#include "locale/locale.h"
#include "profile/profile.h"
#include "sale/sale.h"
#include "survey/campaign.h"

#include <kwit/tool.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARENA_CEILING = 16 * 1024 * 1024 };

struct checking {
    struct kw_arena *arena;
    struct kw_config config;
    struct kw_config_fault *faults;
    size_t count, capacity;
    bool no_memory;
};

static void add_fault(struct checking *checking, const char *where, bool stops, const char *text)
{
    struct kw_config_fault *faults = kw_arena_grow(checking->arena, checking->faults, checking->count,
                                                   &checking->capacity, sizeof *faults);
    if (!faults || !text) {
        checking->no_memory = true;
        return;
    }
    checking->faults = faults;
    faults[checking->count++] = (struct kw_config_fault){ where, text, stops };
}

/* Whether an address is well written, wherever it leads. */
static bool is_address(const char *uri, struct kw_error *error)
{
    char identity[KW_IDENTITY_MAX];
    const struct kw_link_options options = { 0 };
    const struct kw_transport_ops *ops = kw_transport_find(kw_schemes, uri, error);
    return ops && ops->identify(uri, &options, identity, error) != KWIT_E_INVALID;
}

static bool is_zone_key(const struct kw_config_entry *entry)
{
    return strcmp(entry->key, "timezone") == 0 || strcmp(entry->key, "zone") == 0;
}

static void check_zone(struct checking *checking, const struct kw_config_entry *entry)
{
    struct kw_zone *zone;
    struct kw_error error = { .code = 0 };
    if (kw_zone_open(entry->value, &zone, &error) < 0)
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "`%s = %s`: %s", entry->key, entry->value, error.text));
    else
        kw_zone_close(zone);
}

static void check_sections(struct checking *checking, const struct kw_config_entry *entry, bool hides)
{
    const struct kw_config_receipt *receipt = &checking->config.receipt;
    for (const char *const *name = hides ? receipt->hide : receipt->order; name && *name; name++) {
        const char *fault = kw_layout_name_fault(checking->arena, *name, hides);
        if (fault)
            add_fault(checking, entry->origin, false, fault);
    }
}

static void check_key(struct checking *checking, const struct kw_config_entry *entry)
{
    const char *path = checking->config.survey.key_file, *why = NULL, *mend;
    struct kw_terminal_key key = { 0 };
    if (access(path, R_OK) != 0) {
        why = strerror(errno);
        mend = errno == ENOENT ? "kwit survey key new makes it there" : "let the user of kwit read it, and nobody else";
    } else if (!kw_keys_read(path, &key)) {
        why = "this is no key of a till";
        mend = "name the file that kwit survey key new or derive has written";
    }
    if (why)
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "`key_file = %s`: %s; %s", entry->value, why, mend));
    kw_key_wipe(&key, sizeof key);
}

static void check_fonts(struct checking *checking, const struct kw_config_entry *entry)
{
    const char *const *fonts = checking->config.receipt.fonts;
    for (; fonts && *fonts; fonts++)
        if (**fonts == '/' && access(*fonts, R_OK) != 0)
            add_fault(checking, entry->origin, false,
                      kw_arena_format(checking->arena, "`fonts`: %s: %s; name a font file, or a family (fc-list lists "
                                      "them)", *fonts, strerror(errno)));
}

static void check_journal(struct checking *checking, const struct kw_config_entry *entry)
{
    struct stat found;
    if (stat(checking->config.journal.path, &found) == 0 && S_ISDIR(found.st_mode))
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "`path = %s` is a directory; name a file in it: %s/journal.db",
                                  entry->value, entry->value));
}

/* What a value names in the file system. */
static void check_files(struct checking *checking, const struct kw_config_entry *entry)
{
    const struct kw_config *config = &checking->config;
    struct kw_error error = { .code = 0 };
    const struct kw_bitmap *dots;
    bool store = strcmp(entry->section, "store") == 0, survey = strcmp(entry->section, "survey") == 0;
    if (store && strcmp(entry->key, "logo") == 0
        && kw_images_logo_of(checking->arena, config, kw_profile_find("generic"), NULL, &dots, &error) < 0)
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "`logo = %s`: %s", entry->value, error.text));
    if (survey && strcmp(entry->key, "key_file") == 0)
        check_key(checking, entry);
    if (strcmp(entry->section, "receipt") == 0 && strcmp(entry->key, "fonts") == 0)
        check_fonts(checking, entry);
    if (strcmp(entry->section, "journal") == 0 && strcmp(entry->key, "path") == 0)
        check_journal(checking, entry);
}

static void check_entry(struct checking *checking, const struct kw_config_entry *entry)
{
    struct kw_error error = { .code = 0 };
    const struct kw_profile *profile;
    bool printer = strncmp(entry->section, "printer", 7) == 0, exact = true;
    if (!*entry->value)
        return;
    if (printer && strcmp(entry->key, "profile") == 0
        && kw_profile_read(checking->arena, entry->value, KWIT_E_CONFIG, entry->origin, &profile, &error) < 0)
        add_fault(checking, entry->origin, true, kw_arena_format(checking->arena, "%s", error.text));
    if (printer && strcmp(entry->key, "uri") == 0 && !is_address(entry->value, &error))
        add_fault(checking, entry->origin, true,
                  kw_arena_format(checking->arena, "`uri = %s`: %s%s", entry->value, error.text,
                                  kw_config_value_hint(entry->value)));
    else if (printer && strcmp(entry->key, "stored_logo") == 0 && strlen(entry->value) != 2)
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "`stored_logo = %s`: these are no two plain characters, so the logo is "
                                  "sent with each receipt; write what kwit logo store said, such as KL", entry->value));
    else if (kw_config_is_quoted(entry->value))
        add_fault(checking, entry->origin, false, "the quotes are part of the value; take them away unless they are "
                  "meant");
    if (strcmp(entry->key, "locale") == 0)
        kw_locale_find(entry->value, &exact);
    if (!exact)
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "there is no locale `%s`, such as pl-PL; %s will be taken",
                                  entry->value, kw_locale_tag(kw_locale_find(entry->value, &exact))));
    if (strcmp(entry->key, "currency") == 0 && kw_currency_exponent(entry->value) < 0)
        add_fault(checking, entry->origin, false,
                  kw_arena_format(checking->arena, "`currency = %s`: this is no currency of ISO 4217; write its three "
                                  "letters, such as EUR", entry->value));
    bool hides = strcmp(entry->key, "hide") == 0;
    if (strcmp(entry->section, "receipt") == 0 && (hides || strcmp(entry->key, "order") == 0))
        check_sections(checking, entry, hides);
    check_files(checking, entry);
    if (is_zone_key(entry))
        check_zone(checking, entry);
    const char *const told[] = { kw_campaign_fault(checking->arena, entry), kw_wording_fault(checking->arena, entry),
                                 kw_shape_fault(checking->arena, entry) };
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++)
        if (told[i])
            add_fault(checking, entry->origin, false, told[i]);
}

/* Names that only other rooms know. An inherited value has one origin and is told once. */
static void check_words(struct checking *checking)
{
    struct kw_config_entry entry;
    for (size_t i = 0; kw_config_entry(&checking->config, i, &entry); i++) {
        bool told = false;
        for (size_t j = 0; j < checking->count && !told; j++)
            told = strcmp(checking->faults[j].where, entry.origin) == 0;
        if (!told)
            check_entry(checking, &entry);
    }
}

static int compare_places(const void *a, const void *b)
{
    return strverscmp(((const struct kw_config_fault *)a)->where, ((const struct kw_config_fault *)b)->where);
}

static void write_check(kwit_result *result, const struct checking *checking)
{
    struct kw_json json;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_bool(&json, "ok", checking->count == 0);
    kw_json_array(&json, "files");
    for (const char *const *file = checking->config.files; *file; file++) {
        kw_json_string(&json, NULL, *file);
        kw_buffer_format(&result->text, "read %s\n", *file);
    }
    kw_json_end_array(&json);
    if (!*checking->config.files)
        kw_buffer_text(&result->text, "there is no configuration; every default is in force\n");
    kw_json_array(&json, "faults");
    for (size_t i = 0; i < checking->count; i++) {
        const struct kw_config_fault *fault = &checking->faults[i];
        kw_json_object(&json, NULL);
        kw_json_string(&json, "where", fault->where);
        kw_json_string(&json, "text", fault->text);
        kw_json_bool(&json, "stops", fault->stops);
        kw_json_end_object(&json);
        kw_buffer_format(&result->text, "%s: %s%s\n", fault->where, fault->text,
                         fault->stops ? " (receipts stop)" : "");
    }
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    if (!checking->count)
        kw_buffer_text(&result->text, "nothing is at fault\n");
}

int kwit_config_check(kwit_context *context, kwit_result **result)
{
    struct checking checking = { .arena = kw_arena_new(ARENA_CEILING) };
    struct kw_error error = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    const struct kw_config_fault *faults;
    size_t count;
    *result = kw_result_new();
    int code = !checking.arena ? KWIT_E_NO_MEMORY
        : kw_config_check(checking.arena, context->config_file, &checking.config, &faults, &count, &error);
    if (code == 0) {
        for (size_t i = 0; i < count; i++)
            add_fault(&checking, faults[i].where, faults[i].stops, faults[i].text);
        check_words(&checking);
        if (checking.count)
            qsort(checking.faults, checking.count, sizeof *checking.faults, compare_places);
        code = checking.no_memory ? KWIT_E_NO_MEMORY : 0;
    }
    if (code < 0) {
        code = kw_result_fail(*result, &error);
    } else {
        write_check(*result, &checking);
        code = kw_result_finish(*result, checking.count ? KWIT_E_CONFIG : 0);
    }
    kw_arena_free(checking.arena);
    return code;
}

static void write_entry(kwit_result *result, struct kw_json *json, const struct kw_config_entry *entry,
                        const char **section, bool origins)
{
    kw_json_object(json, NULL);
    kw_json_string(json, "section", entry->section);
    kw_json_string(json, "key", entry->key);
    kw_json_string(json, "value", entry->value);
    kw_json_string(json, "limits", entry->limits);
    kw_json_string(json, "origin", entry->origin);
    kw_json_string(json, "help", entry->help);
    kw_json_end_object(json);
    if (!*section || strcmp(*section, entry->section) != 0)
        kw_buffer_format(&result->text, "%s[%s]\n", *section ? "\n" : "", entry->section);
    *section = entry->section;
    if (origins)
        kw_buffer_format(&result->text, "# %s: %s\n", entry->origin, entry->help);
    /* A list is written as it is read: each line with its key. */
    const char *line = entry->value;
    for (size_t length = strcspn(line, "\n"); ; line += length + 1, length = strcspn(line, "\n")) {
        kw_buffer_format(&result->text, "%s =%s%.*s\n", entry->key, length ? " " : "", (int)length, line);
        if (!line[length])
            break;
    }
}

int kwit_config_show(kwit_context *context, int origins, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(ARENA_CEILING);
    struct kw_error error = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    struct kw_config config;
    const struct kw_config_fault *faults;
    size_t count;
    *result = kw_result_new();
    int code = !arena ? KWIT_E_NO_MEMORY : kw_config_check(arena, context->config_file, &config, &faults, &count,
                                                           &error);
    if (code < 0) {
        code = kw_result_fail(*result, &error);
    } else {
        struct kw_json json;
        struct kw_config_entry entry;
        const char *section = NULL;
        kw_json_init(&json, &(*result)->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_array(&json, "entries");
        for (size_t i = 0; kw_config_entry(&config, i, &entry); i++)
            write_entry(*result, &json, &entry, &section, origins != 0);
        kw_json_end_array(&json);
        kw_json_end_object(&json);
        code = kw_result_finish(*result, 0);
    }
    kw_arena_free(arena);
    return code;
}
