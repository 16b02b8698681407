/* profile.c - the rows of data/profiles.def and data/usb_ids.def, and how a printer is found among them. */
#include "profile/profile.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define KW_TABLE(n, page) { n, page },
static const struct kw_code_table tables_epson[] = {
#include "data/tables_epson.def"
};
static const struct kw_code_table tables_epson_old[] = {
#include "data/tables_epson_old.def"
};
static const struct kw_code_table tables_bixolon[] = {
#include "data/tables_bixolon.def"
};
static const struct kw_code_table tables_bixolon_old[] = {
#include "data/tables_bixolon_old.def"
};
static const struct kw_code_table tables_citizen[] = {
#include "data/tables_citizen.def"
};
static const struct kw_code_table tables_star[] = {
#include "data/tables_star.def"
};
static const struct kw_code_table tables_star_native[] = {
#include "data/tables_star_native.def"
};
static const struct kw_code_table tables_xprinter[] = {
#include "data/tables_xprinter.def"
};
static const struct kw_code_table tables_pos58[] = {
#include "data/tables_pos58.def"
};
static const struct kw_code_table tables_pos80[] = {
#include "data/tables_pos80.def"
};
static const struct kw_code_table tables_youku[] = {
#include "data/tables_youku.def"
};
static const struct kw_code_table tables_rongta[] = {
#include "data/tables_rongta.def"
};
static const struct kw_code_table tables_mpt[] = {
#include "data/tables_mpt.def"
};
static const struct kw_code_table tables_hp[] = {
#include "data/tables_hp.def"
};
static const struct kw_code_table tables_wincor[] = {
#include "data/tables_wincor.def"
};
static const struct kw_code_table tables_sunmi[] = {
#include "data/tables_sunmi.def"
};
static const struct kw_code_table tables_kefar[] = {
#include "data/tables_kefar.def"
};
static const struct kw_code_table tables_munbyn[] = {
#include "data/tables_munbyn.def"
};
static const struct kw_code_table tables_fujitsu[] = {
#include "data/tables_fujitsu.def"
};
static const struct kw_code_table tables_elgin[] = {
#include "data/tables_elgin.def"
};
static const struct kw_code_table tables_south_asia[] = {
#include "data/tables_south_asia.def"
};
static const struct kw_code_table tables_minimal[] = {
#include "data/tables_minimal.def"
};
#undef KW_TABLE

/* A row names its list by number, for a pointer would be relocated at every start. */
#define LISTS(LIST) \
    LIST(epson) LIST(epson_old) LIST(bixolon) LIST(bixolon_old) LIST(citizen) LIST(star) LIST(star_native) \
    LIST(xprinter) LIST(pos58) LIST(pos80) LIST(youku) LIST(rongta) LIST(mpt) LIST(hp) LIST(wincor) LIST(sunmi) \
    LIST(kefar) LIST(munbyn) LIST(fujitsu) LIST(elgin) LIST(south_asia) LIST(minimal)
#define NUMBER(list) LIST_##list,
enum { LISTS(NUMBER) };
#define TABLES(list) tables_##list,
static const struct kw_code_table *const lists[] = { LISTS(TABLES) };

/* A row says its family first and then what differs from it: that later initialisers win is the point. */
#ifdef __clang__
#pragma clang diagnostic ignored "-Winitializer-overrides"
#else
#pragma GCC diagnostic ignored "-Woverride-init"
#endif
#define KW_TABLES(name) .list = LIST_##name, .table_count = sizeof tables_##name / sizeof tables_##name[0]
#define KW_PROFILE(...) { __VA_ARGS__ },
static const struct kw_profile profiles[] = {
#include "data/profiles.def"
};
#undef KW_PROFILE
#undef KW_TABLES

#define KW_USB(vendor, product, profile, title, quirks) { vendor, product, profile, title, quirks },
static const struct kw_usb_row usb_rows[] = {
#include "data/usb_ids.def"
};
#undef KW_USB

enum { PROFILES = sizeof profiles / sizeof profiles[0], USB_ROWS = sizeof usb_rows / sizeof usb_rows[0] };

/* What is assumed where a row says unknown: a blade far away. */
enum { CAREFUL_CUT_FEED_TENTH_MM = 180, TEAR_FEED_TENTH_MM = 80 };

const char *kw_profile_name(const struct kw_profile *profile)
{
    return profile->described ? profile->described : profile->name;
}

const struct kw_code_table *kw_profile_tables(const struct kw_profile *profile)
{
    return profile->tables ? profile->tables : lists[profile->list];
}

int kw_profile_columns(const struct kw_profile *profile, int font)
{
    return profile->width_dots / (font == 1 ? profile->font_b_width : profile->font_a_width);
}

int kw_profile_most_times(const struct kw_profile *profile)
{
    enum { MOST = 8, MOST_PLAIN = 2 };
    return profile->quirks & KW_QUIRK_PLAIN ? MOST_PLAIN : MOST / (profile->times > 1 ? profile->times : 1);
}

int kw_profile_mm_to_dots(const struct kw_profile *profile, int tenth_mm)
{
    return profile->dpi == 203 ? tenth_mm * 8 / 10 : (tenth_mm * profile->dpi + 127) / 254;
}

int kw_profile_dots_to_um(const struct kw_profile *profile, int dots)
{
    return profile->dpi == 203 ? dots * 125 : (int)((int64_t)dots * 25400 / profile->dpi);
}

int kw_profile_cut_feed_dots(const struct kw_profile *profile)
{
    if (profile->head_to_cutter_dots >= 0)
        return profile->head_to_cutter_dots;
    int tenth_mm = profile->cutter == KW_CUTTER_NONE ? TEAR_FEED_TENTH_MM : CAREFUL_CUT_FEED_TENTH_MM;
    return kw_profile_mm_to_dots(profile, tenth_mm);
}

const struct kw_profile *kw_profile_at(size_t index)
{
    return index < PROFILES ? &profiles[index] : NULL;
}

const struct kw_profile *kw_profile_find(const char *name)
{
    for (size_t i = 0; i < PROFILES; i++)
        if (strcasecmp(profiles[i].name, name) == 0)
            return &profiles[i];
    return NULL;
}

const struct kw_usb_row *kw_usb_row_at(size_t index)
{
    return index < USB_ROWS ? &usb_rows[index] : NULL;
}

/* FNV-1a over what goes into the rules. */
uint32_t kw_usb_rows_digest(void)
{
    enum { RULES_FORMAT = 1 };
    uint32_t sum = 2166136261u ^ RULES_FORMAT;
    for (size_t i = 0; kw_usb_row_at(i); i++) {
        const struct kw_usb_row *row = kw_usb_row_at(i);
        const uint32_t values[] = { row->vendor, row->product, row->quirks };
        for (size_t v = 0; v < 3; v++)
            sum = (sum ^ values[v]) * 16777619u;
    }
    return sum;
}

const struct kw_usb_row *kw_usb_row_find(uint16_t vendor, uint16_t product)
{
    for (size_t i = 0; i < USB_ROWS; i++)
        if (usb_rows[i].vendor == vendor && usb_rows[i].product == product)
            return &usb_rows[i];
    return NULL;
}

enum { LONGEST_NAME = 32 };

static size_t letters_of(const char *name, char letters[LONGEST_NAME])
{
    size_t count = 0;
    for (; *name && count < LONGEST_NAME; name++)
        if (isalnum((unsigned char)*name))
            letters[count++] = (char)tolower((unsigned char)*name);
    return count;
}

/* Letters to put in, take out or change to make one name of the other (Levenshtein), punctuation aside. */
static size_t distance(const char *one, const char *other)
{
    char from[LONGEST_NAME], to[LONGEST_NAME];
    size_t row[LONGEST_NAME + 1], height = letters_of(one, from), width = letters_of(other, to);
    for (size_t i = 0; i <= width; i++)
        row[i] = i;
    for (size_t y = 0; y < height; y++) {
        size_t corner = row[0]++;
        for (size_t x = 0; x < width; x++) {
            size_t change = corner + (from[y] != to[x]);
            corner = row[x + 1];
            size_t least = row[x] < corner ? row[x] + 1 : corner + 1;
            row[x + 1] = least < change ? least : change;
        }
    }
    return row[width];
}

/* ---- names: devices spell themselves with and without hyphens, blanks, capitals and their maker in front ------ */

struct words {
    const char *text;
    size_t length;
};

enum { AS_WRITTEN = 1000 };

/*
 * How well `said` begins with `name`: the letters and digits of the name, case and punctuation aside, and much more
 * when the punctuation is the same too; 0 unless all stand there and a new word begins behind them. So "TM-T88V-i" is
 * a TM-T88V and no TM-T88VI, and "TM-T20II" is no TM-T20.
 */
static size_t spelled_the_same(struct words said, struct words name)
{
    size_t at = 0, letters = 0;
    for (size_t i = 0; i < name.length; i++) {
        if (!isalnum((unsigned char)name.text[i]))
            continue;
        while (at < said.length && !isalnum((unsigned char)said.text[at]))
            at++;
        if (at == said.length || tolower((unsigned char)said.text[at]) != tolower((unsigned char)name.text[i]))
            return 0;
        at++;
        letters++;
    }
    if (at < said.length && isalnum((unsigned char)said.text[at]))
        return 0;
    return letters + (at == name.length && strncasecmp(said.text, name.text, at) == 0 ? AS_WRITTEN : 0);
}

/* The same with the vendor's name in front of it or not. */
static size_t names_model(struct words said, const char *vendor, struct words model)
{
    size_t match = spelled_the_same(said, model), maker = strlen(vendor);
    if (match || maker >= said.length || strncasecmp(said.text, vendor, maker) != 0)
        return match;
    for (; maker < said.length && said.text[maker] == ' '; maker++)
        ;
    return spelled_the_same((struct words){ said.text + maker, said.length - maker }, model);
}

static size_t best_name(const struct kw_profile *profile, struct words said)
{
    size_t best = names_model(said, profile->vendor, (struct words){ profile->model, strlen(profile->model) });
    for (const char *alias = profile->aliases, *end; *alias; alias = *end ? end + 1 : end) {
        end = strchrnul(alias, '|');
        size_t match = names_model(said, profile->vendor, (struct words){ alias, (size_t)(end - alias) });
        best = match > best ? match : best;
    }
    return best;
}

static const struct kw_profile *find_model(struct words said)
{
    const struct kw_profile *found = NULL;
    size_t best = 0;
    for (size_t i = 0; i < PROFILES; i++) {
        size_t match = best_name(&profiles[i], said);
        if (match > best) {
            best = match;
            found = &profiles[i];
        }
    }
    return found;
}

/* The value of a key of an IEEE 1284 device id ("MFG:EPSON;MDL:TM-T88V;"), whichever of its two spellings is used. */
static struct words id_value(const char *id, const char *brief, const char *whole)
{
    while (*id) {
        size_t item = strcspn(id, ";"), key = strcspn(id, ":;"), blank = strspn(id, " \t\r\n");
        size_t name = key > blank ? key - blank : 0;
        bool is = (name == strlen(brief) && strncasecmp(id + blank, brief, name) == 0) ||
                  (name == strlen(whole) && strncasecmp(id + blank, whole, name) == 0);
        if (is && key < item)
            return (struct words){ id + key + 1, item - key - 1 };
        id += item + (id[item] == ';');
    }
    return (struct words){ "", 0 };
}

/*
 * A model with a switch says in its 1284 id in which language it stands ("CMD:STAR", "CMD:StarPRNT"): its row of that
 * language, by its own name or as the row of its other one with `-star` behind it.
 */
static const struct kw_profile *in_language(const struct kw_profile *profile, const char *device_id)
{
    static const char star[] = "STAR";
    char name[64];
    struct words command = id_value(device_id, "CMD", "COMMAND SET"), model = id_value(device_id, "MDL", "MODEL");
    if (command.length < strlen(star) || strncasecmp(command.text, star, strlen(star)) != 0)
        return profile;
    const struct kw_profile *named = find_model(model);
    if (named && named->language != KW_LANGUAGE_ESCPOS)
        return named;
    snprintf(name, sizeof name, "%.50s-star", profile ? kw_profile_name(profile) : "");
    const struct kw_profile *native = kw_profile_find(name);
    return native ? native : profile;
}

/* The row of the model that it names, but for one of another language than it says that it stands in. */
static const struct kw_profile *named_by(const char *device_id)
{
    static const char escpos[] = "ESC";
    struct words command = id_value(device_id, "CMD", "COMMAND SET");
    const struct kw_profile *named = find_model(id_value(device_id, "MDL", "MODEL"));
    bool says = command.length >= strlen(escpos) && strncasecmp(command.text, escpos, strlen(escpos)) == 0;
    return named && says && named->language != KW_LANGUAGE_ESCPOS ? NULL : named;
}

const struct kw_profile *kw_profile_for_usb(uint16_t vendor, uint16_t product, const char *device_id,
                                            enum kw_match *match)
{
    const struct kw_usb_row *row = kw_usb_row_find(vendor, product);
    const struct kw_profile *profile = row && row->profile[0] ? kw_profile_find(row->profile) : NULL;
    if (device_id && (!profile || (row->quirks & KW_QUIRK_SHARED_ID))) {
        const struct kw_profile *named = named_by(device_id);
        profile = named ? named : profile;
    }
    if (device_id)
        profile = in_language(profile, device_id);
    *match = profile ? KW_MATCH_ID : row ? KW_MATCH_SHARED_ID : KW_MATCH_CLASS;
    return profile ? profile : kw_profile_find("generic");
}

const struct kw_profile *kw_profile_for_names(const char *maker, const char *model)
{
    const struct kw_profile *profile = model ? find_model((struct words){ model, strlen(model) }) : NULL;
    /* A maker of another name than the row's is a clone that borrows a famous model's name. */
    if (!profile || !maker || !*maker || strcmp(profile->vendor, "unbranded") == 0)
        return profile;
    return strncasecmp(maker, profile->vendor, strlen(profile->vendor)) == 0 ? profile : NULL;
}

/* ---- a name that is none ------------------------------------------------------------------------------------- */

/* A name of the same letters, else the model that is so called, else a name of which a third differs at most. */
static const struct kw_profile *meant_by(const char *name)
{
    const struct kw_profile *called = find_model((struct words){ name, strlen(name) }), *near = NULL;
    char letters[LONGEST_NAME];
    size_t best = letters_of(name, letters) / 3 + 1;
    for (size_t i = 0; i < PROFILES; i++) {
        size_t far = distance(name, profiles[i].name);
        near = far < best ? &profiles[i] : near;
        best = far < best ? far : best;
    }
    return called && best > 0 ? called : near;
}

int kw_profile_choose(const char *name, enum kwit_error code, const char *where, const struct kw_profile **profile,
                      struct kw_error *error)
{
    *profile = kw_profile_find(name);
    if (*profile)
        return 0;
    const struct kw_profile *meant = meant_by(name);
    return kw_fail(error, code, where, meant
                   ? "there is no profile `%s`; did you mean `%s`? `kwit devices --profiles` lists them all"
                   : "there is no profile `%s`; `kwit devices --profiles` lists them all", name,
                   meant ? meant->name : "");
}

int kw_profile_face(struct kw_arena *arena, enum kw_face face, const struct kw_profile **profile,
                    struct kw_error *error)
{
    bool other = face == KW_FACE_SMALL || (face == KW_FACE_LARGE && !((*profile)->quirks & KW_QUIRK_PLAIN));
    struct kw_profile *made = other ? kw_arena_alloc(arena, sizeof *made) : NULL;
    if (!other)
        return 0;
    if (!made)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    *made = **profile;
    made->machine = *profile;
    if (face == KW_FACE_SMALL) {
        made->font_b_alone = true;
        made->font_a_width = made->font_b_width;
        made->font_a_height = made->font_b_height;
    } else {
        made->times = 2;
        made->font_a_width *= 2, made->font_a_height *= 2;
        made->font_b_width *= 2, made->font_b_height *= 2;
    }
    *profile = made;
    return 0;
}

void kw_profile_without_face(struct kw_profile *profile)
{
    const struct kw_profile *machine = profile->machine;
    if (!machine)
        return;
    profile->font_a_width = machine->font_a_width, profile->font_a_height = machine->font_a_height;
    profile->font_b_width = machine->font_b_width, profile->font_b_height = machine->font_b_height;
    profile->font_b_alone = machine->font_b_alone, profile->times = machine->times;
    profile->machine = NULL;
}
