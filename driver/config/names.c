/* names.c - the rows of keys.def, and what was probably meant by a name that is not among them. */
#include "config/private.h"

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
#define RECORD_OFFICE struct kw_config_office

/* "|own|qualtrics|…" */
static const char platform_words[] =
#define PLATFORM(name, ...) "|" name
#include "data/platforms.def"
#undef PLATFORM
    ;
#define PLATFORM_WORDS (platform_words + 1)

const struct key kw_config_keys[] = {
#define KEY(section, name, kind, member, fallback, limits, severity, help) \
    { section, name, kind, offsetof(RECORD_##section, member), fallback, limits, severity, help },
#include "config/keys.def"
#undef KEY
    { NO_SECTION, NULL, TEXT, 0, NULL, NULL, IGNORED, NULL }
};

static const char *const section_words[SECTION_COUNT] = { "store", "printer", "receipt", "survey", "variant",
                                                          "words", "journal", "import", "office" };

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

const struct key *kw_config_key(enum section section, const char *name)
{
    for (const struct key *key = kw_config_keys; key->name; key++)
        if (key->section == section && strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

static size_t smallest(size_t a, size_t b, size_t c)
{
    size_t least = a < b ? a : b;
    return least < c ? least : c;
}

/* How many letters to add, drop or change from one word to the other; words beyond 31 letters are far from any. */
static size_t distance(const char *a, const char *b)
{
    enum { LONGEST = 31 };
    size_t row[LONGEST + 1], a_length = strlen(a), b_length = strlen(b);
    if (a_length > LONGEST || b_length > LONGEST)
        return LONGEST;
    for (size_t j = 0; j <= b_length; j++)
        row[j] = j;
    for (size_t i = 1; i <= a_length; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b_length; j++) {
            size_t above = row[j];
            row[j] = smallest(above + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1]));
            diagonal = above;
        }
    }
    return row[b_length];
}

static bool is_near(const char *typed, const char *known, size_t *best)
{
    size_t far = distance(typed, known), limit = strlen(known) < 4 ? 1 : strlen(known) / 3 + 1;
    if (far > limit || far >= *best)
        return false;
    *best = far;
    return true;
}

static const struct key *nearest_key(enum section section, const char *name)
{
    const struct key *nearest = NULL;
    size_t best = SIZE_MAX;
    for (const struct key *key = kw_config_keys; key->name; key++)
        if (key->section == section && is_near(name, key->name, &best))
            nearest = key;
    return nearest;
}

static const struct key *same_key_elsewhere(const char *name)
{
    for (const struct key *key = kw_config_keys; key->name; key++)
        if (strcmp(key->name, name) == 0)
            return key;
    return NULL;
}

void kw_config_unknown_key(struct loading *loading, const char *where, const struct said *said)
{
    const char *here = section_words[said->section];
    const struct key *near = nearest_key(said->section, said->key), *elsewhere = same_key_elsewhere(said->key);
    if (elsewhere)
        kw_config_fault_add(loading, where, false, "[%s] has no key `%s`; it belongs to [%s]", here, said->key,
                            section_words[elsewhere->section]);
    else if (near)
        kw_config_fault_add(loading, where, false, "[%s] has no key `%s`; did you mean `%s`?", here, said->key,
                            near->name);
    else
        kw_config_fault_add(loading, where, false, "[%s] has no key `%s`; kwit config show lists the keys", here,
                            said->key);
}

void kw_config_unknown_section(struct loading *loading, const char *where, const char *heading)
{
    size_t length = strcspn(heading, " \t"), best = SIZE_MAX;
    enum section section = kw_config_section(heading, length);
    if (!*heading) {
        kw_config_fault_add(loading, where, false, "this line stands before any [section]; move it below one");
    } else if (section == VARIANT || section == WORDING || section == IMPORT) {
        kw_config_fault_add(loading, where, false, "[%s] needs a short name: [%s %s]", heading,
                            section_words[section], section == WORDING ? "LANGUAGE" : "NAME");
    } else if (section != NO_SECTION) {
        kw_config_fault_add(loading, where, false,
                            section == PRINTER ? "the name in [%s] is too long; take a shorter one"
                            : "[%s] takes no name; only [printer], [variant], [words] and [import] do", heading);
    } else {
        const char *near = NULL;
        for (int i = 0; i < SECTION_COUNT; i++)
            if (is_near(heading, section_words[i], &best))
                near = section_words[i];
        kw_config_fault_add(loading, where, false, near ? "there is no section [%s]; did you mean [%s]?"
                            : "there is no section [%s]; kwit config show lists the sections", heading, near);
    }
}
