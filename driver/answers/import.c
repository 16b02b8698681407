/* import.c - reads an export into a staging file, and from there into the book. */
#include "answers/import.h"

#include "base/fold.h"
#include "answers/key.h"
#include "answers/staging.h"
#include "base/clock.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { COMMENT_LIMIT = 2000, TIME_LENGTH = 8, LONG_FILE = 20, BATCH_TEXT = 1024 * 1024,
       BATCH_CEILING = 4 * BATCH_TEXT };

struct importing {
    const struct kw_import_options *options;
    struct kw_import_result *result;
    struct kw_staging *staging;             /* NULL: only check */
    struct kw_table table;
    struct kw_zone *zone;
    struct kw_time_rules rules;
    int64_t now_ms;
    bool zone_noted;
    char odd[KW_FAULT_TEXT], unit[8];       /* what is wrong with the cell at hand, "" nothing; as kw_row.unit */
};

enum { ODD = 1 };                           /* a cell says nothing that can be read; importing->odd tells why */

/* Who left the odd cell may have written an address into it. */
static int note_cell(struct importing *importing, const char *text, int column, const char *name, const char *fault)
{
    char cell[64];
    kw_value_copy(cell, sizeof cell, text);
    kw_value_scrub(cell);
    if (column == 0)                        /* of JSON */
        snprintf(importing->odd, sizeof importing->odd, "key of %s \"%s\": %s", name, cell, fault);
    else
        snprintf(importing->odd, sizeof importing->odd, "column %d (%s) \"%s\": %s", column, name, cell, fault);
    return ODD;
}

static int find_odd(struct importing *importing, const struct kw_row *row, int role, const char *fault)
{
    return note_cell(importing, row->cells[role], row->columns[role], kw_role_names[role], fault);
}

static int fail_odd(const struct importing *importing, int64_t line, const char *fault, const char *more,
                    struct kw_error *error)
{
    return kw_fail(error, KWIT_E_INVALID, importing->table.path, "%s %lld, %s%s", importing->unit, (long long)line,
                   fault, more);
}

/* A zone that the export itself names in its header wins over the shop's. */
static int use_noted_zone(struct importing *importing, struct kw_error *error)
{
    struct kw_zone *zone;
    if (importing->zone_noted || !importing->table.zone[0] || importing->options->zone)
        return 0;
    importing->zone_noted = true;
    int code = kw_zone_open(importing->table.zone, &zone, error);
    if (code < 0)
        return code;
    kw_zone_close(importing->zone);
    importing->zone = zone;
    importing->rules.zone = zone;
    return 0;
}

/* Where completion is told by its time (LimeSurvey), an empty one means that the answer was broken off. */
static bool is_complete(const struct kw_row *row)
{
    const char *cell = row->cells[KW_ROLE_FINISHED];
    if (!cell)
        return true;
    bool is_time = strlen(cell) >= TIME_LENGTH && isdigit((unsigned char)cell[0]);
    return is_time || kw_value_yes(cell);
}

static int read_scores(struct importing *importing, const struct kw_row *row, struct kw_answer *answer)
{
    int code = 0;
    const struct { int role; struct kw_scale scale; int *score; } rows[] = {
        { KW_ROLE_NPS, { 0, 10, KW_LABELS_NPS }, &answer->nps },
        { KW_ROLE_CSAT, { 1, 5, KW_LABELS_CSAT }, &answer->csat },
        { KW_ROLE_CES, { 1, 7, KW_LABELS_CES }, &answer->ces }
    };
    for (size_t i = 0; i < 3; i++) {
        const char *cell = row->cells[rows[i].role];
        *rows[i].score = KW_SCORE_NONE;
        const char *fault = cell ? kw_value_score(cell, &rows[i].scale, importing->options->labels,
                                                  importing->options->label_count, rows[i].score) : NULL;
        if (fault && code == 0)
            code = find_odd(importing, row, rows[i].role, fault);
        if (fault)
            *rows[i].score = KW_SCORE_NONE;
    }
    return code;
}

/* Answers to the shop's own questions, as one text. */
static int read_own(struct importing *importing, const struct kw_row *row, char own[KW_OWN_TEXT])
{
    const struct kw_import_options *options = importing->options;
    int code = 0, value;
    own[0] = 0;
    for (size_t i = 0; i < options->question_count; i++) {
        const struct kw_import_question *question = &options->questions[i];
        const struct kw_scale scale = { question->low, question->high, KW_LABELS_OWN };
        if (!row->own[i])
            continue;
        const char *fault = kw_value_score(row->own[i], &scale, options->labels, options->label_count, &value);
        if (fault && code == 0)
            code = note_cell(importing, row->own[i], row->own_columns[i], question->name, fault);
        if (!fault && value != KW_SCORE_NONE)
            kw_own_put(own, question->name, value);
    }
    return code;
}

static const char *cell_or_empty(const struct kw_row *row, int role)
{
    return row->cells[role] ? row->cells[role] : "";
}

/* As the token is spelled once blanks and case are gone, so that another file of the same answers gives the same. */
static const char *spell(const char *typed, char token[KW_TOKEN_LENGTH + 1])
{
    return kw_verdict_token(typed, token) ? token : typed;
}

/* Which event a row tells of; a word that is none is a fault. */
static int read_event(struct importing *importing, const struct kw_row *row, enum kw_event *event)
{
    static const int events[] = { KW_EVENT_COMPLETED, KW_EVENT_OPENED, KW_EVENT_STARTED };
    const char *cell = row->cells[KW_ROLE_EVENT];
    *event = KW_EVENT_COMPLETED;
    if (!cell || kw_value_none(cell))
        return 0;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++) {
        *event = events[i];
        if (kw_fold_same(cell, kw_event_word(events[i])))
            return 0;
    }
    *event = KW_EVENT_COMPLETED;
    return find_odd(importing, row, KW_ROLE_EVENT, "an event is opened, started or completed");
}

/* Nothing is submitted after the file was made: such a time is told, and imports reach no further than now. */
static void note_reach(struct importing *importing, int64_t submitted_ms)
{
    struct kw_import_result *result = importing->result;
    if (submitted_ms > importing->now_ms)
        result->future++;
    else if (submitted_ms > result->reach_ms)
        result->reach_ms = submitted_ms;
}

/* Time, event and scores, as far as they can be read: 0, ODD, or a fault of the file. */
static int read_cells(struct importing *importing, const struct kw_row *row, struct kw_answer *answer,
                      char own[KW_OWN_TEXT], struct kw_error *error)
{
    importing->rules.since_1904 = importing->table.since_1904;
    snprintf(importing->unit, sizeof importing->unit, "%s", row->unit);
    const char *fault = kw_value_time(cell_or_empty(row, KW_ROLE_TIME), &importing->rules, &answer->submitted_ms);
    int code = fault ? find_odd(importing, row, KW_ROLE_TIME, fault) : 0;
    if (fault == kw_time_two_ways)          /* of one such date follows nothing, of a file of them wrong days */
        return fail_odd(importing, row->line, importing->odd, "", error);
    int next = code == 0 ? read_event(importing, row, &answer->event) : 0;
    code = code == 0 ? next : code;
    next = code == 0 ? read_scores(importing, row, answer) : 0;
    code = code == 0 ? next : code;
    next = read_own(importing, row, own);
    answer->own = own;
    return code == 0 ? next : code;
}

/* The row is kept as one that could not be read. */
static int note_odd(struct importing *importing, const struct kw_row *row, struct kw_answer *answer,
                    struct kw_error *error)
{
    struct kw_import_result *result = importing->result;
    if (importing->options->strict)
        return fail_odd(importing, row->line, importing->odd, "", error);
    if (result->unreadable < KW_IMPORT_ODD) {
        struct kw_odd_row *odd = &result->odd[result->unreadable];
        odd->line = row->line;
        snprintf(odd->fault, sizeof odd->fault, "%s", importing->odd);
    }
    result->unreadable++;
    answer->fault = importing->odd;
    answer->event = KW_EVENT_COMPLETED;
    return 0;
}

/* Where nothing can be read it is another file; so is a long one of which most cannot. */
static int check_odd(const struct importing *importing, struct kw_error *error)
{
    const struct kw_import_result *result = importing->result;
    const int64_t rows = result->rows - result->previews, odd = result->unreadable;
    char more[120];
    if (odd == 0 || (odd < rows && (rows < LONG_FILE || odd * 2 <= rows)))
        return 0;
    snprintf(more, sizeof more, " (%lld of %lld rows cannot be read, so nothing was taken in)", (long long)odd,
             (long long)rows);
    return fail_odd(importing, result->odd[0].line, result->odd[0].fault, rows > 1 ? more : "", error);
}

static int take_row(void *data, const struct kw_row *row, struct kw_error *error)
{
    struct importing *importing = data;
    struct kw_answer answer = { .token = cell_or_empty(row, KW_ROLE_TOKEN),
                                .language = cell_or_empty(row, KW_ROLE_LANGUAGE),
                                .nps = KW_SCORE_NONE,
                                .csat = KW_SCORE_NONE,
                                .ces = KW_SCORE_NONE,
                                .event = KW_EVENT_COMPLETED,
                                .fault = "",
                                .line = row->line };
    char comment[COMMENT_LIMIT + 1], token[KW_TOKEN_LENGTH + 1], own[KW_OWN_TEXT];
    importing->result->rows++;
    if (kw_value_preview(cell_or_empty(row, KW_ROLE_PREVIEW))) {
        importing->result->previews++;
        return 0;
    }
    int code = use_noted_zone(importing, error);
    if (code == 0)
        code = read_cells(importing, row, &answer, own, error);
    if (code == ODD)
        code = note_odd(importing, row, &answer, error);
    if (code < 0)
        return code;
    answer.complete = is_complete(row);
    answer.contact = row->cells[KW_ROLE_CONTACT] && kw_value_yes(row->cells[KW_ROLE_CONTACT]);
    kw_value_copy(comment, sizeof comment, cell_or_empty(row, KW_ROLE_COMMENT));
    kw_value_scrub(comment);
    answer.comment = comment;
    note_reach(importing, answer.submitted_ms);
    kw_answer_make_key(&answer, importing->options->platform->name,
                       importing->options->form ? importing->options->form : "", cell_or_empty(row, KW_ROLE_ID),
                       spell(answer.token, token));
    return importing->staging ? kw_staging_add(importing->staging, &answer, error) : 0;
}

static void note_column(void *data, int role, const char *cell)
{
    struct importing *importing = data;
    if (!importing->result->columns[role][0])
        kw_value_copy(importing->result->columns[role], KW_COLUMN_NAME, cell);
}

static void pass_progress(void *data, int64_t bytes)
{
    const struct importing *importing = data;
    importing->options->progress(importing->options->progress_data, "checked bytes", bytes);
}

static int begin_reading(struct importing *importing, FILE *file, struct kw_error *error)
{
    const struct kw_import_options *options = importing->options;
    importing->table = (struct kw_table){ .file = file,
                                          .path = options->path,
                                          .encoding = options->encoding,
                                          .header_rows = options->header_rows,
                                          .header_at = options->header_at,
                                          .sheet = options->sheet,
                                          .platform = options->platform,
                                          .row = take_row,
                                          .found = note_column,
                                          .data = importing,
                                          .progress = options->progress ? pass_progress : NULL };
    importing->now_ms = kw_clock_wall_ms();
    memcpy(importing->table.own, options->own, sizeof importing->table.own);
    for (size_t i = 0; i < options->question_count; i++)
        importing->table.questions[i] = options->questions[i].header;
    importing->table.question_count = options->question_count;
    const char *zone = options->zone ? options->zone : options->platform->zone[0] ? options->platform->zone : NULL;
    int code = zone || !options->shop.zone ? kw_zone_open(zone ? zone : "UTC", &importing->zone, error) : 0;
    importing->rules =
        (struct kw_time_rules){ .zone = importing->zone ? importing->zone : options->shop.zone,
                                .dates = options->dates ? options->dates : options->platform->dates,
                                .clock_change = options->clock_change };
    return code;
}

/* What people take for an export by its name; NULL: it may be one. */
static const char *name_other(const unsigned char *bytes, size_t length)
{
    static const struct { const char *bytes, *what; } others[] = {
        { "\xD0\xCF\x11\xE0", "an old .xls workbook; save it as .xlsx or CSV" },
        { "%PDF", "a PDF document; export CSV or .xlsx" },
        { "\x89PNG", "a picture; export CSV or .xlsx" },
        { "\xFF\xD8\xFF", "a picture; export CSV or .xlsx" },
        { "\x1F\x8B", "packed by gzip; unpack it first" }
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (length >= strlen(others[i].bytes) && memcmp(bytes, others[i].bytes, strlen(others[i].bytes)) == 0)
            return others[i].what;
    return NULL;
}

/* By what the file is, not by what it is called. */
static int read_table(struct importing *importing, struct kw_error *error)
{
    FILE *file = importing->table.file;
    unsigned char head[64];
    size_t length = fread(head, 1, sizeof head, file), at = 0;
    fseeko(file, 0, SEEK_SET);
    const char *other = name_other(head, length);
    if (other)
        return kw_fail(error, KWIT_E_INVALID, importing->table.path, "line 1, column 1: this is %s", other);
    if (length >= 2 && memcmp(head, "PK", 2) == 0)
        return kw_table_xlsx(&importing->table, error);
    at = length >= 3 && memcmp(head, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    while (at < length && isspace(head[at]))
        at++;
    return at < length && (head[at] == '{' || head[at] == '[') ? kw_table_json(&importing->table, error)
                                                               : kw_table_csv(&importing->table, error);
}

int kw_import_check(const struct kw_import_options *options, FILE *file, int64_t *rows, struct kw_error *error)
{
    struct kw_import_result result = { 0 };
    struct importing importing = { .options = options, .result = &result };
    int code = begin_reading(&importing, file, error);
    if (code == 0)
        code = read_table(&importing, error);
    kw_zone_close(importing.zone);
    *rows = result.rows;
    return code;
}

static int stage(struct importing *importing, struct kw_error *error)
{
    FILE *file = fopen(importing->options->path, "rbe");
    if (!file)
        return kw_fail(error, KWIT_E_NO_INPUT, importing->options->path, "it cannot be opened: %s", strerror(errno));
    int code = begin_reading(importing, file, error);
    if (code == 0)
        code = read_table(importing, error);
    if (code == 0)
        code = check_odd(importing, error);
    kw_zone_close(importing->zone);
    fclose(file);
    return code;
}

/* ---- into the book ------------------------------------------------------------------------------------------ */

/* Rows that are taken together; their texts lie in the arena. */
struct batch {
    struct kw_arena *arena;
    struct kw_answer answers[KW_ANSWER_BATCH];
    struct kw_taken taken[KW_ANSWER_BATCH];
    size_t count;
    bool more;                              /* rows are left behind it */
};

static size_t text_bytes(const struct kw_answer *answer)
{
    return strlen(answer->token) + strlen(answer->language) + strlen(answer->comment) + strlen(answer->fault)
           + strlen(answer->own);
}

/* The next rows, with the verdicts that keys alone give. */
static int fill_batch(const struct importing *importing, struct batch *batch, struct kw_error *error)
{
    const struct kw_import_options *options = importing->options;
    size_t bytes = 0;
    int status = 1;
    kw_arena_free(batch->arena);
    batch->arena = kw_arena_new(BATCH_CEILING);
    batch->count = 0;
    if (!batch->arena)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    while (batch->count < KW_ANSWER_BATCH && bytes < BATCH_TEXT) {
        struct kw_answer *answer = &batch->answers[batch->count];
        status = kw_staging_next(importing->staging, batch->arena, answer, error);
        if (status <= 0)
            break;
        kw_verdict_open(&options->keys, answer->token, options->today, answer);
        if (answer->fault[0])
            answer->verdict = KW_VERDICT_UNREADABLE;
        bytes += text_bytes(answer);
        batch->count++;
    }
    batch->more = status > 0;
    return status < 0 ? status : 0;
}

static void tally(const struct batch *batch, struct kw_import_result *result)
{
    for (size_t i = 0; i < batch->count; i++) {
        const struct kw_taken *taken = &batch->taken[i];
        const enum kw_answer_change change = taken->change;
        if (batch->answers[i].event != KW_EVENT_COMPLETED) {
            *(batch->answers[i].event == KW_EVENT_OPENED ? &result->opened : &result->started) += 1;
            result->event_verdicts[taken->verdict]++;
            result->new_events += taken->is_first;
            continue;
        }
        const bool added = change == KW_ANSWER_ADDED || change == KW_ANSWER_TWIN;
        result->verdicts[taken->verdict] += added;
        result->added += added;
        result->known += !added;
        result->twins += change == KW_ANSWER_TWIN;
        result->filled += change == KW_ANSWER_FILLED;
        result->edited += change == KW_ANSWER_EDITED;
    }
}

static int take_all(const struct kw_book *book, void *intake, struct importing *importing, struct batch *batch,
                    struct kw_error *error)
{
    const struct kw_import_options *options = importing->options;
    int code = 0;
    do {
        code = fill_batch(importing, batch, error);
        if (code == 0)
            code = book->calls->intake_take(book->store, intake, &options->shop, batch->answers, batch->taken,
                                            batch->count, error);
        if (code < 0)
            return code;
        tally(batch, importing->result);
        if (options->progress)
            options->progress(options->progress_data, "merged answers",
                              importing->result->added + importing->result->known);
    } while (batch->more);
    return 0;
}

static int take_in(const struct kw_book *book, struct importing *importing, struct kw_error *error)
{
    const struct kw_import_options *options = importing->options;
    struct kw_import_result *result = importing->result;
    struct batch *batch = calloc(1, sizeof *batch);
    void *intake = NULL;
    int code = batch ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = book->calls->intake_begin(book->store, options->platform->name, options->form ? options->form : "",
                                         &intake, error);
    if (code == 0)
        code = take_all(book, intake, importing, batch, error);
    const struct kw_intake_totals totals = { result->added, result->reach_ms, result->opened, result->started };
    if (code == 0)
        code = book->calls->intake_end(book->store, intake, &options->shop, &totals, &result->rejudged, error);
    else if (intake)
        book->calls->intake_drop(book->store, intake);
    if (batch)
        kw_arena_free(batch->arena);
    free(batch);
    return code;
}

int kw_import_file(const struct kw_book *book, const struct kw_import_options *options,
                   struct kw_import_result *result, struct kw_error *error)
{
    struct importing importing = { .options = options, .result = result };
    *result = (struct kw_import_result){ 0 };
    int code = kw_staging_open(options->staging_directory, &importing.staging, error);
    if (code == 0)
        code = stage(&importing, error);
    if (code == 0)
        code = kw_staging_rewind(importing.staging, error);
    if (code == 0)
        code = take_in(book, &importing, error);
    kw_staging_close(importing.staging);
    return code;
}
