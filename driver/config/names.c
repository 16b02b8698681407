/* names.c - the rows of keys.def, and what was probably meant by a name or value that is none of ours. */
#include "config/private.h"

#include "base/near.h"

#include <stddef.h>
#include <string.h>

#define RECORD_STORE struct kw_config_store
#define RECORD_PRINTER struct kw_config_printer
#define RECORD_RECEIPT struct kw_config_receipt
#define RECORD_SURVEY struct kw_config_survey
#define RECORD_VARIANT struct kw_config_variant
#define RECORD_WORDING struct kw_config_words
#define RECORD_JOURNAL struct kw_config_journal
#define RECORD_IMPORT struct kw_config_import
#define RECORD_QUESTION struct kw_config_question
#define RECORD_OFFICE struct kw_config_office
#define RECORD_TAP struct kw_config_tap
#define RECORD_MAP struct kw_config_map

/* "|auto|never" of each list, and its rows. */
static const char list_words[][128] = {
    [LIST_platform] =
#define PLATFORM(name, ...) "|" name
#include "data/platforms.def"
#undef PLATFORM
    ,
#define NUMBERS(list, tag) [LIST_##list] =
#define NUMBER(name, number, word) "|" word
#define END_NUMBERS(list) ,
#include "data/choices.def"
};

static const struct choice list_choices[][12] = {
#define NUMBERS(list, tag) [LIST_##list] = {
#define NUMBER(name, number, word) { word, number },
#define END_NUMBERS(list) { "", 0 } },
#include "data/choices.def"
};

/* No word of a row is cut off. */
#define ENDS(text, member) (sizeof(text) <= sizeof ((struct key *)0)->member)
#define ONE_OF(list) ""
#define KEY(section, word, kind, target, standard, within, severity, says) \
    _Static_assert(ENDS(word, name) && ENDS(standard, fallback) && ENDS(within, limits.text) && ENDS(says, help), word);
#include "config/keys.def"
#undef KEY
#undef ONE_OF

#define ONE_OF(list) "", LIST_##list

const struct key kw_config_keys[] = {
#define KEY(section, name, kind, member, fallback, limits, severity, help) \
    { section, name, kind, offsetof(RECORD_##section, member), fallback, { .text = limits }, severity, help },
#include "config/keys.def"
#undef KEY
    { .section = NO_SECTION }
};

static const char *const section_words[SECTION_COUNT] = { "store", "printer", "receipt", "survey", "variant",
                                                          "words", "journal", "import", "question", "office",
                                                          "tap", "map" };

enum section kw_config_section(const char *word, size_t length)
{
    for (int i = 0; i < SECTION_COUNT; i++)
        if (strlen(section_words[i]) == length && strncmp(section_words[i], word, length) == 0)
            return (enum section)i;
    return NO_SECTION;
}

const char *kw_config_section_word(enum section section)
{
    return section_words[section];
}

const struct key *kw_config_first_key(enum section section)
{
    size_t low = 0, high = KEY_COUNT;       /* rows stand in the order of their sections */
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (kw_config_keys[middle].section < section)
            low = middle + 1;
        else
            high = middle;
    }
    return &kw_config_keys[low];
}

size_t kw_config_key_count(enum section section)
{
    return (size_t)(kw_config_first_key(section + 1) - kw_config_first_key(section));
}

const struct key *kw_config_key(enum section section, const char *name)
{
    for (const struct key *key = kw_config_first_key(section); key->section == section; key++)
        if (key->name[0] == name[0] && strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

const char *kw_config_limits(const struct key *key)
{
    return key->limits.list ? list_words[key->limits.list] + 1 : key->limits.text;
}

const struct choice *kw_config_choices(enum list list)
{
    return list_choices[list];
}

static const char *slip(enum section section, const char *written)
{
    static const struct { enum section section; char written[24], meant[24]; } slips[] = {
#define SLIP(section, written, meant) { section, written, meant },
#include "config/slips.def"
#undef SLIP
    };
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        if (slips[i].section == section && strcmp(slips[i].written, written) == 0)
            return slips[i].meant;
    return NULL;
}

static const char *nearest_key(enum section section, const char *name, size_t *best)
{
    const char *nearest = slip(section, name);
    *best = nearest ? 0 : SIZE_MAX;
    for (const struct key *key = kw_config_first_key(section); key->section == section; key++)
        if (kw_near(name, key->name, best))
            nearest = key->name;
    return nearest;
}

static const struct key *same_key_elsewhere(const char *name)
{
    for (const struct key *key = kw_config_keys; *key->name; key++)
        if (strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

void kw_config_unknown_key(struct loading *loading, const char *where, const struct said *said)
{
    const char *here = section_words[said->section];
    const struct key *elsewhere = same_key_elsewhere(said->key);
    size_t far;
    const char *near = nearest_key(said->section, said->key, &far);
    if (near && (far == 0 || !elsewhere))       /* a `url` of a printer is its `uri`, though a survey has a url */
        kw_config_fault_add(loading, where, false, "[%s] has no key `%s`; did you mean `%s`?", here, said->key, near);
    else if (elsewhere)
        kw_config_fault_add(loading, where, false, "[%s] has no key `%s`; it belongs to [%s]", here, said->key,
                            section_words[elsewhere->section]);
    else
        kw_config_fault_add(loading, where, false, "[%s] has no key `%s`; kwit config show lists the keys", here,
                            said->key);
}

/* The name in "printer.kitchen" or "printer:kitchen", where a blank parts them; NULL: none. */
static const char *named_with_a_sign(const char *heading)
{
    size_t length = strcspn(heading, ".:/-_\"");
    return heading[length] && heading[length + 1] && kw_config_section(heading, length) != NO_SECTION
        ? heading + length + 1 : NULL;
}

void kw_config_unknown_section(struct loading *loading, const char *where, const char *heading, const char *key)
{
    size_t length = strcspn(heading, " \t"), best = SIZE_MAX;
    enum section section = kw_config_section(heading, length);
    if (!*heading && *key == '{') {
        kw_config_fault_add(loading, where, false, "this is JSON; a configuration is lines such as [printer] and, "
                            "below it, uri = usb:");
    } else if (!*heading) {
        kw_config_fault_add(loading, where, false, "this line stands before any [section]; move it below one");
    } else if (section == VARIANT || section == WORDING || section == IMPORT || section == QUESTION
               || section == MAP) {
        kw_config_fault_add(loading, where, false, "[%s] needs a short name: [%s %s]", heading,
                            section_words[section], section == WORDING ? "LANGUAGE" : "NAME");
    } else if (section != NO_SECTION) {
        kw_config_fault_add(loading, where, false,
                            section == PRINTER || section == TAP ? "the name in [%s] is too long; take a shorter one"
                            : "[%s] takes no name; only [printer], [variant], [words], [import], [question], "
                            "[tap] and [map] do", heading);
    } else {
        const char *name = named_with_a_sign(heading);
        if (name) {
            kw_config_fault_add(loading, where, false, "there is no section [%s]; did you mean [%.*s %s]?", heading,
                                (int)(name - heading - 1), heading, name);
            return;
        }
        const char *near = slip(NO_SECTION, heading);
        for (int i = 0; i < SECTION_COUNT && !near; i++)
            if (kw_near(heading, section_words[i], &best))
                near = section_words[i];
        kw_config_fault_add(loading, where, false, near ? "there is no section [%s]; did you mean [%s]?"
                            : "there is no section [%s]; kwit config show lists the sections", heading, near);
    }
}

bool kw_config_is_quoted(const char *value)
{
    size_t length = strlen(value);
    return length > 1 && (*value == '"' || *value == '\'') && value[length - 1] == *value;
}

const char *kw_config_value_hint(const char *value)
{
    if (kw_config_is_quoted(value))
        return "; write it without the quotes";
    return strstr(value, " ;") || strstr(value, " #") ? "; a comment stands on a line of its own" : "";
}
