/*
 * config.c - from the lines as said to the record in force.
 *
 * Every key of a section is looked up (the last file that says it wins) and set, and noted where somebody said it; so
 * defaults, inheritance, faults, `config show` and the digest are one walk over the rows of keys.def.
 */
#include "config/private.h"
#include "base/utf8.h"

#include <string.h>
#include <strings.h>

enum { VARIANT_LIMIT = 16 };

/* One section in force: [store], [printer kitchen] … */
struct instance {
    enum section section;
    const char *name;                                   /* "kitchen" */
    void *record;
    const struct group *group;                          /* the lines that speak of it */
    const struct said *said[KEY_COUNT];                 /* the last line that says the key of that row, or NULL */
    const struct said *const *inherited;                /* the same of [printer], for a named printer */
    const char *fault, *fault_where;        /* the first one that stops */
};

static void add_fault(struct loading *loading, struct instance *instance, const struct said *said,
                      enum severity severity, const char *text)
{
    const char *where = kw_config_where(loading, said->file, said->line);
    bool survey = instance->section == SURVEY || instance->section == VARIANT, stops = severity == STOPS && !survey;
    kw_config_fault_add(loading, where, stops, "%s", text);
    if (survey && !loading->survey_fault)
        loading->survey_fault = kw_arena_format(loading->arena, "%s: %s", where, text);
    if (stops && !instance->fault) {
        instance->fault = kw_arena_string(loading->arena, text);
        instance->fault_where = where;
    }
}

static bool is_list(const struct key *key)
{
    return key->kind == LINES || key->kind == WORDS;
}

/* The last line that says this key; of a named printer's keys those of [printer] are inherited. */
static const struct said *find_said(const struct instance *instance, const struct key *key)
{
    size_t row = (size_t)(key - kw_config_keys);
    const struct said *own = instance->said[row];
    return own || !instance->inherited ? own : instance->inherited[row];
}

/* The next line from `line` on that says what `last`, which stands behind it or is it, says in the same file. */
static const struct said *next_of_list(const struct said *line, const struct said *last)
{
    while (line < last && (line->file != last->file || !line->value || strcmp(line->key, last->key) != 0))
        line++;
    return line;
}

/* All lines of that file that say a list's key, joined by newlines. */
static const char *join(struct loading *loading, const struct said *last)
{
    const struct group *group = kw_config_find_group(loading, last->section, last->name);
    size_t length = 0;
    for (const struct said *line = group->lines; line <= last; line++)
        length += strlen((line = next_of_list(line, last))->value) + 1;
    char *joined = kw_arena_alloc(loading->arena, length), *end = joined;
    loading->no_memory = loading->no_memory || !joined;
    for (const struct said *line = group->lines; joined && line <= last; line++) {
        line = next_of_list(line, last);
        end = stpcpy(end, line->value);
        *end++ = line < last ? '\n' : 0;
    }
    return joined ? joined : "";
}

/* As much of a value as leaves room for what is wrong with it. */
static int shown(const char *value)
{
    enum { SHOWN_BYTES = 80 };
    size_t length = strlen(value), at = 0, whole = 0;
    while (at < length && at <= SHOWN_BYTES) {
        whole = at;
        kw_utf8_next(value, length, &at);
    }
    return (int)(at <= SHOWN_BYTES ? at : whole);
}

static void refuse(struct loading *loading, struct instance *instance, const struct key *key, const struct said *said,
                   const char *why)
{
    bool limited = *kw_config_limits(key) && (key->kind == CHOICE || key->kind == CHOICE_TEXT || key->kind == BOOL
                                    || key->kind == NUMBER || key->kind == MS || key->kind == PULSE);
    const char *text = kw_arena_format(loading->arena, "`%s = %.*s`: wanted is %s%s%s%s", key->name,
                                       shown(said->value), said->value, why, limited ? " " : "",
                                       limited ? kw_config_limits(key) : "", kw_config_value_hint(said->value));
    loading->no_memory = loading->no_memory || !text;
    if (text)
        add_fault(loading, instance, said, key->severity, text);
}

static void set_default(struct loading *loading, struct instance *instance, const struct key *key)
{
    /* Without a default a member is what records are made with: nothing. */
    if (*key->fallback && !kw_config_set_default(loading->arena, key, instance->record))
        loading->no_memory = true;
}

static void set_said(struct loading *loading, struct instance *instance, const struct key *key, const struct said *said)
{
    const char *why, *value = is_list(key) ? join(loading, said) : said->value;
    const char *from = kw_config_where(loading, said->file, said->line);
    if (!kw_config_set(loading->arena, key, value, said->file, instance->record, &why)) {
        refuse(loading, instance, key, said, why);
        value = key->fallback;
        from = kw_arena_format(loading->arena, "default (%s is at fault)", from);
        set_default(loading, instance, key);
    }
    kw_config_note(loading, key, value, from);
}

static void set_key(struct loading *loading, struct instance *instance, const struct key *key)
{
    const struct said *said = find_said(instance, key);
    if (said)
        set_said(loading, instance, key, said);
    else
        set_default(loading, instance, key);
}

/* One line of the section becomes the last that says its key. */
static void take_line(struct loading *loading, struct instance *instance, const struct said *said,
                      const struct key *key)
{
    const struct said **last = &instance->said[key - kw_config_keys];
    if (*last && (*last)->file == said->file && !is_list(key))
        kw_config_fault_add(loading, kw_config_where(loading, said->file, said->line), false,
                            "`%s` is said twice (also in line %d); the last counts", said->key, (*last)->line);
    *last = said;
}

/* Finds the lines that count, and what is wrong with any, whatever its key means: no `=`, no such key, said twice. */
static void take_lines(struct loading *loading, struct instance *instance)
{
    for (size_t i = 0; i < instance->group->count; i++) {
        const struct said *said = &instance->group->lines[i];
        const struct key *key = kw_config_key(said->section, said->key);
        if (said->key[0] == 1)
            continue;
        if (!said->value)
            add_fault(loading, instance, said, STOPS,
                      "the line has no `=`; write key = value, or begin a comment with `#`");
        else if (!key)
            kw_config_unknown_key(loading, kw_config_where(loading, said->file, said->line), said);
        else
            take_line(loading, instance, said, key);
    }
}

static void set_section(struct loading *loading, struct instance *instance)
{
    const char *word = kw_config_section_word(instance->section);
    const char *heading = *instance->name ? kw_arena_joined(loading->arena, word, " ", instance->name) : word;
    kw_config_note_section(loading, instance->section, heading);
    take_lines(loading, instance);
    for (const struct key *key = kw_config_first_key(instance->section); key->section == instance->section; key++)
        set_key(loading, instance, key);
}

/* The first fault of a whole section that stops, as the call's error. */
static int set_single(struct loading *loading, enum section section, void *record, struct kw_error *fault)
{
    struct instance instance = { .section = section, .name = "", .record = record,
                                 .group = kw_config_find_group(loading, section, "") };
    set_section(loading, &instance);
    return instance.fault && fault->code == 0
        ? kw_fail(fault, KWIT_E_CONFIG, instance.fault_where, "%s", instance.fault) : 0;
}

static size_t count_groups(const struct loading *loading, enum section section)
{
    size_t count = 0;
    for (size_t i = 0; i < loading->group_count; i++)
        count += loading->groups[i].section == section && *loading->groups[i].name;
    return count;
}

/* The next [printer NAME] or its like, in their order of appearance; *at begins at 0. NULL behind the last. */
static const struct group *next_group(const struct loading *loading, enum section section, size_t *at)
{
    while (*at < loading->group_count) {
        const struct group *group = &loading->groups[(*at)++];
        if (group->section == section && *group->name)
            return group;
    }
    return NULL;
}

static void set_printer(struct loading *loading, struct instance *instance, struct kw_config_printer *printer)
{
    instance->section = PRINTER;
    instance->name = printer->name = instance->group->name;
    instance->record = printer;
    set_section(loading, instance);
    printer->fault = instance->fault;
    printer->fault_where = instance->fault_where;
}

/* [printer] comes first, also when nobody wrote it: it is what the others inherit. */
static void set_printers(struct loading *loading, struct kw_config *config)
{
    size_t count = 1 + count_groups(loading, PRINTER), at = 0;
    struct kw_config_printer *printers = kw_arena_array(loading->arena, count, sizeof *printers);
    if (!printers) {
        loading->no_memory = true;
        return;
    }
    struct instance first = { .group = kw_config_find_group(loading, PRINTER, "") };
    set_printer(loading, &first, &printers[0]);
    for (size_t i = 1; i < count; i++) {
        struct instance named = { .group = next_group(loading, PRINTER, &at), .inherited = first.said };
        set_printer(loading, &named, &printers[i]);
        if (!named.fault) {
            printers[i].fault = first.fault;
            printers[i].fault_where = first.fault_where;
        }
    }
    config->printers = printers;
    config->printer_count = count;
}

/* A fault of the campaign as a whole is told where the key stands that has to change, else where [survey] begins. */
static void survey_fault(struct loading *loading, const char *key, const char *text)
{
    const struct said *place = NULL;
    loading->no_memory = loading->no_memory || !text;
    for (size_t i = 0; i < loading->said_count; i++)
        if (loading->said[i].section == SURVEY && (!place || strcmp(loading->said[i].key, key) == 0))
            place = &loading->said[i];
    if (!place || !text)
        return;
    struct instance instance = { .section = SURVEY, .name = "" };
    add_fault(loading, &instance, place, IGNORED, text);
}

static const char *unlisted_variant(struct loading *loading, const char *const *listed)
{
    size_t at = 0;
    for (const struct group *group; (group = next_group(loading, VARIANT, &at)) != NULL;) {
        bool found = false;
        for (const char *const *name = listed; name && *name; name++)
            found = found || strcmp(*name, group->name) == 0;
        if (!found)
            return group->name;
    }
    return NULL;
}

/* An arm that has no section of its own is one where nothing differs. */
static void set_variants(struct loading *loading, struct kw_config_survey *survey)
{
    size_t count = 0;
    while (survey->variant_names && survey->variant_names[count])
        count++;
    const char *unlisted = unlisted_variant(loading, survey->variant_names);
    if (count > VARIANT_LIMIT)
        survey_fault(loading, "variants", "`variants` names more than 16");
    if (unlisted)
        survey_fault(loading, "variants",
                     kw_arena_format(loading->arena, "[variant %s] is not named by `variants` in [survey]; add it "
                                                     "there, at the end", unlisted));
    count = count > VARIANT_LIMIT ? VARIANT_LIMIT : count;
    struct kw_config_variant *variants = kw_arena_array(loading->arena, count, sizeof *variants);
    loading->no_memory = loading->no_memory || !variants;
    for (size_t i = 0; variants && i < count; i++) {
        const char *name = survey->variant_names[i];
        struct instance instance = { .section = VARIANT, .name = name, .record = &variants[i],
                                     .group = kw_config_find_group(loading, VARIANT, name) };
        variants[i].name = name;
        set_section(loading, &instance);
    }
    survey->variants = variants;
    survey->variant_count = variants ? count : 0;
}

/* A link that asks for a public review. */
static bool is_review(const char *url)
{
    static const char *const marks[] = { "/local/writereview", "://g.page/" };
    for (size_t i = 0; url && i < sizeof marks / sizeof marks[0]; i++)
        if (strcasestr(url, marks[i]))
            return true;
    return false;
}

static bool rewards(const struct kw_config *config)
{
    const struct kw_config_survey *survey = &config->survey;
    bool any = survey->reward != NULL;
    for (size_t i = 0; i < survey->variant_count; i++)
        any = any || survey->variants[i].reward;
    for (size_t i = 0; i < config->words_count; i++)
        any = any || config->words[i].reward;
    return any;
}

/* What the arms are together: twice the same name, no weight at all, a reward for a review, a slip nobody asked for. */
static void check_arms(struct loading *loading, const struct kw_config *config)
{
    const struct kw_config_survey *survey = &config->survey;
    bool slip = survey->position == KW_POSITION_SLIP || survey->form == KW_FORM_SLIP;
    int64_t weight = 0;
    for (size_t i = 0; i < survey->variant_count; i++) {
        const struct kw_config_variant *arm = &survey->variants[i];
        weight += arm->weight;
        slip = slip || arm->position == KW_ARM_POSITION_SLIP || arm->form == KW_ARM_FORM_SLIP;
        for (size_t j = 0; j < i; j++)
            if (strcmp(arm->name, survey->variants[j].name) == 0)
                survey_fault(loading, "variants", "`variants` names an arm twice");
    }
    if (survey->variant_count && !weight)
        survey_fault(loading, "variants", "every arm's `weight` is 0; at least one must be drawn");
    if (rewards(config) && is_review(survey->url))
        survey_fault(loading, "reward", "a public review must not be rewarded; take away `reward`, or let `url` lead "
                                        "to a survey of your own");
    if (slip && survey->policy && strcmp(survey->policy, "print_on_request") == 0)
        survey_fault(loading, "position", "`position = slip` prints a slip of its own that nobody asked for, which "
                                          "`policy = print_on_request` forbids");
}

static void set_survey(struct loading *loading, struct kw_config *config)
{
    struct kw_config_survey *survey = &config->survey;
    struct kw_error none = { .code = 0 };
    set_single(loading, SURVEY, survey, &none);
    set_variants(loading, survey);
    kw_config_check_news(loading, kw_config_find_group(loading, SURVEY, ""));
    survey->configured = survey->url != NULL;
    if (!survey->url)
        survey_fault(loading, "url", "[survey] has no `url`; say where the invitation leads");
    if (survey->reward_kind && strcmp(survey->reward_kind, "draw") == 0 && !survey->rules_url)
        survey_fault(loading, "reward_kind", "`reward_kind = draw` needs `rules_url`: a draw has published rules");
    if (survey->reward_kind && !rewards(config))
        survey_fault(loading, "reward_kind", "`reward_kind` without `reward`: the paper has to say what it is");
    check_arms(loading, config);
    survey->fault = loading->survey_fault;
}

static void set_words(struct loading *loading, struct kw_config *config)
{
    size_t count = count_groups(loading, WORDING), at = 0;
    struct kw_config_words *words = count ? kw_arena_array(loading->arena, count, sizeof *words) : NULL;
    loading->no_memory = loading->no_memory || (count && !words);
    for (size_t i = 0; words && i < count; i++) {
        const struct group *group = next_group(loading, WORDING, &at);
        struct instance instance = { .section = WORDING, .name = group->name, .record = &words[i], .group = group };
        words[i].name = group->name;
        set_section(loading, &instance);
    }
    config->words = words;
    config->words_count = words ? count : 0;
}

static void set_imports(struct loading *loading, struct kw_config *config)
{
    size_t count = count_groups(loading, IMPORT), at = 0;
    struct kw_config_import *imports = count ? kw_arena_array(loading->arena, count, sizeof *imports) : NULL;
    loading->no_memory = loading->no_memory || (count && !imports);
    for (size_t i = 0; imports && i < count; i++) {
        const struct group *group = next_group(loading, IMPORT, &at);
        struct instance instance = { .section = IMPORT, .name = group->name, .record = &imports[i], .group = group };
        imports[i].name = group->name;
        set_section(loading, &instance);
        kw_config_check_labels(loading, group);
    }
    config->imports = imports;
    config->import_count = imports ? count : 0;
}

static void set_questions(struct loading *loading, struct kw_config *config)
{
    size_t count = count_groups(loading, QUESTION), at = 0;
    struct kw_config_question *questions = count ? kw_arena_array(loading->arena, count, sizeof *questions) : NULL;
    loading->no_memory = loading->no_memory || (count && !questions);
    for (size_t i = 0; questions && i < count; i++) {
        const struct group *group = next_group(loading, QUESTION, &at);
        struct instance instance = { .section = QUESTION, .name = group->name, .record = &questions[i],
                                     .group = group };
        questions[i].name = group->name;
        set_section(loading, &instance);
        kw_config_check_question(loading, group, &questions[i]);
        if (i == KW_CONFIG_QUESTIONS)
            kw_config_fault_add(loading, kw_config_where(loading, group->lines[0].file, group->lines[0].line), false,
                                "[question %s]: at most %d questions are asked; this and what follows is left out",
                                group->name, KW_CONFIG_QUESTIONS);
    }
    config->questions = questions;
    config->question_count = !questions ? 0 : count < KW_CONFIG_QUESTIONS ? count : KW_CONFIG_QUESTIONS;
}

static void set_maps(struct loading *loading, struct kw_config *config)
{
    size_t count = count_groups(loading, MAP), at = 0;
    struct kw_config_map *maps = count ? kw_arena_array(loading->arena, count, sizeof *maps) : NULL;
    loading->no_memory = loading->no_memory || (count && !maps);
    for (size_t i = 0; maps && i < count; i++) {
        const struct group *group = next_group(loading, MAP, &at);
        struct instance instance = { .section = MAP, .name = group->name, .record = &maps[i], .group = group };
        maps[i].name = group->name;
        set_section(loading, &instance);
    }
    config->maps = maps;
    config->map_count = maps ? count : 0;
}

/* ---- [tap] ---- */

static void set_tap(struct loading *loading, struct instance *instance, struct kw_config_tap *tap)
{
    instance->section = TAP;
    instance->name = tap->name = instance->group->name;
    instance->record = tap;
    set_section(loading, instance);
    tap->fault = instance->fault;
    tap->fault_where = instance->fault_where;
    kw_config_check_tap(loading, instance->group, tap);
}

/* [tap] comes first, also when nobody wrote it: it is what the others inherit. */
static void set_taps(struct loading *loading, struct kw_config *config)
{
    size_t count = 1 + count_groups(loading, TAP), at = 0;
    struct kw_config_tap *taps = kw_arena_array(loading->arena, count, sizeof *taps);
    struct instance first = { .group = kw_config_find_group(loading, TAP, "") };
    loading->no_memory = loading->no_memory || !taps;
    if (!taps)
        return;
    set_tap(loading, &first, &taps[0]);
    for (size_t i = 1; i < count; i++) {
        struct instance named = { .group = next_group(loading, TAP, &at), .inherited = first.said };
        set_tap(loading, &named, &taps[i]);
    }
    config->taps = taps;
    config->tap_count = count;
}

static const char *const *end_files(struct loading *loading)
{
    const char **files = kw_arena_grow(loading->arena, loading->files, loading->file_count, &loading->file_capacity,
                                       sizeof *files);
    loading->no_memory = loading->no_memory || !files;
    if (files)
        files[loading->file_count] = NULL;
    return files;
}

/* Reads everything; *stopping gets the first fault that stops whatever the printer is. */
static int load(struct loading *loading, const char *file, struct kw_config *config, struct kw_error *stopping,
                struct kw_error *error)
{
    *config = (struct kw_config){ 0 };
    *stopping = (struct kw_error){ .code = 0 };
    loading->origins = kw_arena_alloc(loading->arena, sizeof *loading->origins);
    loading->looks = kw_config_looks_new(loading->arena);
    if (!loading->origins || !loading->looks)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    int code = kw_config_read(loading, file, error);
    if (code < 0)
        return code;
    kw_config_group(loading);
    for (size_t i = 0; i < loading->fault_count && stopping->code == 0; i++)
        if (loading->faults[i].stops)
            kw_fail(stopping, KWIT_E_CONFIG, loading->faults[i].where, "%s", loading->faults[i].text);
    set_single(loading, STORE, &config->store, stopping);
    set_printers(loading, config);
    set_single(loading, RECEIPT, &config->receipt, stopping);
    set_words(loading, config);
    set_survey(loading, config);
    set_single(loading, JOURNAL, &config->journal, stopping);
    set_imports(loading, config);
    set_questions(loading, config);
    set_single(loading, OFFICE, &config->office, stopping);
    set_taps(loading, config);
    set_maps(loading, config);
    config->origins = loading->origins;
    config->looks = loading->looks;
    config->files = end_files(loading);
    return loading->no_memory ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
}

int kw_config_load(struct kw_arena *arena, const char *file, bool strict, struct kw_config *config,
                   struct kw_notes *warnings, struct kw_error *error)
{
    struct loading loading = { .arena = arena };
    struct kw_error stopping;
    int code = load(&loading, file, config, &stopping, error);
    if (code < 0)
        return code;
    if (stopping.code < 0) {
        if (error)
            *error = stopping;
        return stopping.code;
    }
    if (strict && loading.fault_count)
        return kw_fail(error, KWIT_E_CONFIG, loading.faults[0].where, "%s", loading.faults[0].text);
    for (size_t i = 0; i < loading.fault_count; i++)
        if (!loading.faults[i].stops)
            kw_notes_add(warnings, KWIT_WARNING_CONFIG_IGNORED, "", "%s: %s", loading.faults[i].where,
                         loading.faults[i].text);
    return 0;
}

int kw_config_check(struct kw_arena *arena, const char *file, struct kw_config *config,
                    const struct kw_config_fault **faults, size_t *count, struct kw_error *error)
{
    struct loading loading = { .arena = arena };
    struct kw_error stopping;
    int code = load(&loading, file, config, &stopping, error);
    *faults = loading.faults;
    *count = loading.fault_count;
    return code;
}

const struct kw_config_printer *kw_config_find_printer(const struct kw_config *config, const char *name)
{
    if (!name)
        return config->printer_count == 2 && !config->printers[0].uri ? &config->printers[1] : &config->printers[0];
    for (size_t i = 0; i < config->printer_count; i++)
        if (strcmp(config->printers[i].name, name) == 0)
            return &config->printers[i];
    return NULL;
}

const struct kw_config_import *kw_config_find_import(const struct kw_config *config, const char *name)
{
    for (size_t i = 0; i < config->import_count; i++)
        if (strcmp(config->imports[i].name, name) == 0)
            return &config->imports[i];
    return NULL;
}

int kw_config_printer_check(const struct kw_config_printer *printer, struct kw_error *error)
{
    return printer->fault ? kw_fail(error, KWIT_E_CONFIG, printer->fault_where, "%s", printer->fault) : 0;
}
