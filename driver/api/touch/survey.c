/* survey.c - survey import, and what it tells. */
#include "answers/import.h"
#include "api/touch/store.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEY_CACHE = 64 };

/* Keys are looked up for each row of a million; the last few are remembered. */
struct key_cache {
    struct kw_touch *call;
    struct { struct kw_terminal_key key; bool known, found; } slots[KEY_CACHE];
};

static bool cached_key(void *data, uint8_t kid, uint32_t handle, struct kw_terminal_key *key)
{
    struct key_cache *cache = data;
    size_t slot = (handle * 31u + kid) % KEY_CACHE;
    struct kw_terminal_key *kept = &cache->slots[slot].key;
    if (!cache->slots[slot].known || kept->kid != kid || kept->handle != handle) {
        cache->slots[slot].known = true;
        cache->slots[slot].found = kw_keys_find(cache->call->state, &cache->call->config, kid, handle, kept);
        kept->kid = kid;
        kept->handle = handle;
    }
    *key = *kept;
    return cache->slots[slot].found;
}

/* ", token, id, …" and ", own, qualtrics, …" */
static const char role_words[] =
#define COLUMN(name, number, word, ...) ", " word
#include "data/columns.def"
#undef COLUMN
    ;
static const char platform_words[] =
#define PLATFORM(name, ...) ", " name
#include "data/platforms.def"
#undef PLATFORM
    ;

/* What [import NAME] says of the columns, in the order of the roles. */
static void take_configured(const struct kw_config_import *said, const char *own[KW_ROLE_COUNT])
{
#define COLUMN(name, number, ...) own[number] = said->column_##name;
#include "data/columns.def"
#undef COLUMN
}

static int split_columns(struct kw_touch *call, const struct kwit_import_options *options,
                         const char *own[KW_ROLE_COUNT])
{
    for (size_t i = 0; i < options->column_count; i++) {
        const char *text = options->columns[i], *equals = strchr(text, '=');
        int role = 0;
        while (role < KW_ROLE_COUNT && (!equals || strlen(kw_role_names[role]) != (size_t)(equals - text)
                                        || strncmp(kw_role_names[role], text, (size_t)(equals - text)) != 0))
            role++;
        if (role == KW_ROLE_COUNT)
            return kw_fail(&call->error, KWIT_E_USAGE, "--column",
                           "%s: say ROLE=HEADER with a role of %s", text, role_words + 2);
        own[role] = equals + 1;
    }
    return 0;
}

/* "Very satisfied=5"; blanks around the sign are none of the label. */
static int split_label(struct kw_touch *call, const char *text, struct kw_score_label *label)
{
    const char *equals = strrchr(text, '=');
    char *end = NULL;
    bool none = equals && strcmp(equals + 1 + strspn(equals + 1, " "), "none") == 0;
    long value = none ? KW_LABEL_NONE : equals ? strtol(equals + 1, &end, 10) : 0;
    if (!equals || (!none && (end == equals + 1 || *end || value < 0)))
        return kw_fail(&call->error, KWIT_E_USAGE, "--value", "%s: say LABEL=NUMBER, or LABEL=none", text);
    *label = (struct kw_score_label){ kw_arena_copy(call->arena, text, (size_t)(equals - text)), (int)value };
    return label->text ? 0 : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

/* Those of the command go before those of the configuration, which told its own faults already. */
static int split_labels(struct kw_touch *call, const struct kwit_import_options *options,
                        const struct kw_config_import *said, struct kw_import_options *out)
{
    size_t limit = options->value_count, count = 0;
    while (said && said->values && said->values[limit - options->value_count])
        limit++;
    struct kw_score_label *labels = kw_arena_array(call->arena, limit + 1, sizeof *labels);
    if (!labels)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    for (size_t i = 0; i < limit; i++) {
        bool own = i < options->value_count;
        int code = split_label(call, own ? options->values[i] : said->values[i - options->value_count], &labels[count]);
        if (code < 0 && own)
            return code;
        count += code == 0;
    }
    out->labels = labels;
    out->label_count = count;
    return 0;
}

static int read_clock_change(struct kw_touch *call, const char *word, enum kw_clock_change *choice)
{
    *choice = !word ? KW_CLOCK_ASK : strcmp(word, "first") == 0 ? KW_CLOCK_FIRST : KW_CLOCK_SECOND;
    if (word && *choice == KW_CLOCK_SECOND && strcmp(word, "second") != 0)
        return kw_fail(&call->error, KWIT_E_USAGE, "--clock-change", "say first or second");
    return 0;
}

/* The form's section, else the platform's; NULL: nothing is configured. */
static const struct kw_config_import *find_section(const struct kw_touch *call,
                                                   const struct kwit_import_options *options)
{
    const struct kw_config_import *said =
        options->form ? kw_config_find_import(&call->config, options->form) : NULL;
    return said ? said : kw_config_find_import(&call->config, options->platform ? options->platform : "own");
}

static const char *first_of(const char *option, const char *configured)
{
    return option ? option : configured;
}

static int find_platform(struct kw_touch *call, const char *name, const struct kw_platform **platform)
{
    *platform = kw_platform_find(name);
    return *platform ? 0 : kw_fail(&call->error, KWIT_E_USAGE, "--platform",
                                   "there is no platform %s; say one of %s", name, platform_words + 2);
}

_Static_assert((int)KW_CONFIG_QUESTIONS == (int)KW_OWN_QUESTIONS && (int)KW_CONFIG_QUESTION_NAME < (int)KW_OWN_NAME,
               "an answer has room for what is configured");

/* Where a file has no column of a question, nothing is said of it. */
static void take_questions(const struct kw_config *config, struct kw_import_options *out)
{
    for (size_t i = 0; i < config->question_count; i++) {
        const struct kw_config_question *question = &config->questions[i];
        if (question->high > 0)
            out->questions[out->question_count++] = (struct kw_import_question){
                question->name, question->column ? question->column : question->name, question->low, question->high };
    }
}

static int gather(struct kw_touch *call, const char *path, const struct kwit_import_options *options,
                  struct kw_import_options *out)
{
    static const struct kw_config_import nothing;
    const struct kw_config_import *said = find_section(call, options);
    said = said ? said : &nothing;
    *out = (struct kw_import_options){ .path = path,
                                       .staging_directory = kw_state_dir(call->state),
                                       .encoding = first_of(options->encoding, said->encoding),
                                       .zone = first_of(options->zone, said->zone),
                                       .dates = first_of(options->dates, said->dates),
                                       .header_rows = options->header_rows ? (int)options->header_rows
                                                                            : said->header_rows,
                                       .form = options->form,
                                       .strict = options->strict,
                                       .sheet = first_of(options->sheet, said->sheet),
                                       .header_at = options->header_at ? options->header_at : said->header_at,
                                       .shop = call->days,
                                       .today = kw_touch_today(call),
                                       .progress = options->progress,
                                       .progress_data = options->progress_data };
    const char *platform = first_of(options->platform, said->platform);
    int code = find_platform(call, platform ? platform : "own", &out->platform);
    if (code == 0 && out->dates && strcmp(out->dates, "dmy") != 0 && strcmp(out->dates, "mdy") != 0
        && strcmp(out->dates, "ymd") != 0)
        return kw_fail(&call->error, KWIT_E_USAGE, "--dates", "say dmy, mdy or ymd");
    if (code == 0)
        code = read_clock_change(call, first_of(options->clock_change, said->clock_change), &out->clock_change);
    take_configured(said, out->own);
    take_questions(&call->config, out);
    if (code == 0)
        code = split_columns(call, options, out->own);
    return code < 0 ? code : split_labels(call, options, said, out);
}

static void tell_columns(struct kw_touch *call, struct kw_json *json, const struct kw_import_result *done)
{
    struct kw_buffer *text = &call->result->text;
    bool scores = done->columns[KW_ROLE_NPS][0] || done->columns[KW_ROLE_CSAT][0] || done->columns[KW_ROLE_CES][0];
    kw_json_object(json, "columns");
    for (int role = 0; role < KW_ROLE_COUNT; role++)
        if (done->columns[role][0])
            kw_json_string(json, kw_role_names[role], done->columns[role]);
    kw_json_end_object(json);
    kw_json_bool(json, "scores", scores);
    if (!scores && done->added + done->known > 0)
        kw_buffer_text(text, "warning: no column of scores was found, so these answers have none; name them, such as "
                             "--column nps=HEADER or in [import NAME], and import the file again\n");
}

static void tell_verdicts(struct kw_touch *call, struct kw_json *json, const char *name, const char *what,
                          const int64_t counts[KW_VERDICT_COUNT])
{
    kw_json_object(json, name);
    for (int i = 1; i < KW_VERDICT_COUNT; i++) {
        kw_json_integer(json, kw_verdict_word(i), counts[i]);
        if (counts[i])
            kw_buffer_format(&call->result->text, "%9lld %s%s\n", (long long)counts[i], what, kw_verdict_word(i));
    }
    kw_json_end_object(json);
}

static void tell_odd(struct kw_touch *call, struct kw_json *json, const struct kw_import_result *done)
{
    struct kw_buffer *text = &call->result->text;
    const int64_t shown = done->unreadable < KW_IMPORT_ODD ? done->unreadable : KW_IMPORT_ODD;
    kw_json_integer(json, "unreadable", done->unreadable);
    kw_json_array(json, "unreadable_rows");
    for (int64_t i = 0; i < shown; i++) {
        kw_json_object(json, NULL);
        kw_json_integer(json, "line", done->odd[i].line);
        kw_json_string(json, "fault", done->odd[i].fault);
        kw_json_end_object(json);
        kw_buffer_format(text, "unreadable: line %lld, %s\n", (long long)done->odd[i].line, done->odd[i].fault);
    }
    kw_json_end_array(json);
    if (done->unreadable > shown)
        kw_buffer_format(text, "unreadable: %lld rows more\n", (long long)(done->unreadable - shown));
    if (done->unreadable)
        kw_buffer_text(text, "these rows are kept and count nowhere; mend them, or say what a cell stands for, and import "
                             "the file again\n");
}

static void tell(struct kw_touch *call, const struct kw_import_result *done)
{
    struct kw_json json;
    struct kw_buffer *text = &call->result->text;
    const struct { const char *name; int64_t value; } counts[] = {
        { "rows", done->rows },         { "added", done->added },           { "known", done->known },
        { "filled", done->filled },     { "edited", done->edited },         { "previews", done->previews },
        { "opened", done->opened },     { "started", done->started },       { "new_events", done->new_events },
        { "rejudged", done->rejudged }, { "future", done->future },
        { "early", done->verdicts[KW_VERDICT_EARLY] },                      { "same_id", done->twins }
    };
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        kw_json_integer(&json, counts[i].name, counts[i].value);
    kw_buffer_format(text, "%lld rows: %lld new, %lld known already, %lld tests of the form's owner\n",
                     (long long)done->rows, (long long)done->added, (long long)done->known, (long long)done->previews);
    if (done->opened + done->started > 0)
        kw_buffer_format(text, "%9lld opened, %lld started; %lld of them the first of their sale\n",
                         (long long)done->opened, (long long)done->started, (long long)done->new_events);
    tell_verdicts(call, &json, "verdicts", "", done->verdicts);
    if (done->opened + done->started > 0)
        tell_verdicts(call, &json, "event_verdicts", "opened or started, ", done->event_verdicts);
    tell_columns(call, &json, done);
    tell_odd(call, &json, done);
    kw_json_end_object(&json);
    if (done->future + done->verdicts[KW_VERDICT_EARLY] > 0)
        kw_buffer_format(text, "warning: %lld rows are dated after now, %lld answers before their sale; are --zone and "
                               "--dates right?\n",
                         (long long)done->future, (long long)done->verdicts[KW_VERDICT_EARLY]);
    if (done->edited)
        kw_buffer_format(text, "%9lld known with other scores by now: those that came first count\n",
                         (long long)done->edited);
    if (done->twins)
        kw_buffer_format(text, "%9lld new with the id of another answer and another code: both are kept\n",
                         (long long)done->twins);
    if (done->filled)
        kw_buffer_format(text, "%9lld known answers got the scores and comments that they lacked\n",
                         (long long)done->filled);
    if (done->rejudged)
        kw_buffer_format(text, "%9lld earlier answers found their sale\n", (long long)done->rejudged);
}

int kwit_survey_import(kwit_context *context, const char *path, const struct kwit_import_options *options,
                       kwit_result **result)
{
    static const struct kwit_import_options defaults;
    struct kw_touch call;
    struct kw_import_options import;
    struct kw_import_result done;
    struct kw_store store = { 0 };
    int64_t expired;
    struct key_cache *cache = calloc(1, sizeof *cache);
    int code = kw_touch_open(context, KW_TOUCH_CREATE, &call, result);
    if (code == 0 && !cache)
        code = kw_fail(&call.error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0)
        code = gather(&call, path, options ? options : &defaults, &import);
    if (code == 0) {
        cache->call = &call;
        import.keys = (struct kw_key_lookup){ cached_key, cache };
        code = kw_import_file(&store.book, &import, &done, &call.error);
    }
    if (code == 0 && !store.pg)
        code = kw_touch_expire(&call, &expired);
    if (code == 0)
        tell(&call, &done);
    if (code == 0 && !store.pg)                 /* a database is looked after by whoever serves */
        code = kw_touch_retain(&call);
    kw_store_close(&store);
    if (cache)
        kw_key_wipe(cache, sizeof *cache);
    free(cache);
    return kw_touch_close(&call, code);
}
