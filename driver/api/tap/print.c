/*
 * print.c - a finished stream of another program goes the way of every sale. Which sale it is, its
 * paper says; the same paper again is a retry, a reprint, or two customers who bought the same.
 */
#include "api/accept.h"
#include "api/block.h"
#include "api/stream.h"
#include "api/tap/rehearse.h"
#include "api/tap/retry.h"
#include "api/tap/tap.h"
#include "base/file.h"
#include "delivery/ahead.h"
#include "tap/stream/rest.h"
#include "tap/stream/withhold.h"
#include "tap/stream/words.h"

#include <string.h>

enum { BODY_CEILING = 64 * 1024 * 1024, DOCUMENT_CEILING = 64 * 1024, NAMES_LIMIT = 1 << 20,
       EARLY_MS = 300 /* a printer that takes longer is opened when the receipt is stored */,
       DOUBT_MOST = 256 * 1024 /* of a stream that is kept for who asks why */,
       UNREAD = KW_STREAM_SLOW | KW_STREAM_CRASHES };

struct job {
    struct kw_call *call;
    const struct kwit_stream_options *options;
    struct kw_tap_way *way;
    const struct kw_config_tap *tap;
    struct kw_stream_body body, came;       /* came: before anything was added to it */
    struct kw_rehearsal rehearsal;
    struct kw_ahead early;          /* the printer, opened while the receipt is read */
    struct kw_rehearsed reading;
    struct kw_words words;
    const char *kind;
    size_t warned;                  /* warnings before its document was begun */
    bool known;                     /* a sale that was there already */
};

/* ---- what it is ---- */

static int check(const struct job *job)
{
    struct kw_error *error = &job->call->error;
    if (!job->options->own && !job->options->receiptline && !job->tap->raw && !job->options->print.dry_run)
        return kw_fail(error, KWIT_E_PERMISSION, "", "finished streams are commands: they cut and open the drawer; to "
                       "let this machine's programs send them write raw = yes in [tap]");
    if (job->body.length == 0)
        return kw_fail(error, KWIT_E_INVALID, "", "there are no bytes");
    if (kw_look_is_document(job->body.bytes, job->body.length))
        return kw_fail(error, KWIT_E_INVALID, "", "this is no ESC/POS but a document or picture that a driver must "
                       "turn into it first: print it through CUPS, on a queue with a receipt printer's driver");
    return 0;
}

/* A kind that the sale document has; a void is a document here, for what it refers to is not known. */
static const char *kind_of(const struct kw_look *look, const struct kw_look_piece *piece)
{
    static const char *const kinds[] = { [KW_TAP_REFUND] = "refund", [KW_TAP_TRAINING] = "training",
                                         [KW_TAP_PROFORMA] = "proforma", [KW_TAP_GIFT] = "gift",
                                         [KW_TAP_PAYOUT] = "payout" };
    enum kw_tap_role role = piece ? piece->words.kind : KW_TAP_NONE;
    if (!piece || (!piece->words.total && look->chosen != piece) || look->through == KW_THROUGH_DOCUMENT_TYPE)
        return role > 0 && (size_t)role < sizeof kinds / sizeof kinds[0] && kinds[role] ? kinds[role] : "document";
    return "sale";
}

/* ---- its document ---- */

/* The body with this id as the call's document; the rendering is begun anew. */
static int begin(struct job *job, const char *id)
{
    struct kw_call *call = job->call;
    struct kw_buffer document, body;
    kw_buffer_init(&document, DOCUMENT_CEILING);
    kw_buffer_init(&body, BODY_CEILING);
    int code = kw_block_document(&call->config, job->tap, &job->words, id, job->kind, kw_clock_wall_ms(), &document,
                                 &call->error);
    job->body.document = kw_buffer_string(&document);
    job->body.document_length = document.length;
    if (code == 0 && !kw_stream_join(&job->body, &body))
        code = kw_fail(&call->error, KWIT_E_TOO_LARGE, "", "the stream is larger than %d MiB", BODY_CEILING >> 20);
    call->acceptance.document = code == 0 ? kw_arena_copy(call->arena, (const char *)body.data, body.length) : NULL;
    call->acceptance.length = body.length;
    kw_buffer_free(&document);
    kw_buffer_free(&body);
    if (code == 0 && !call->acceptance.document)
        code = kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_rendering_end(call->rendering);
    call->rendering = NULL;
    call->warnings.count = job->warned;
    if (code == 0)
        code = kw_rendering_begin(&call->config, &call->warnings, call->acceptance.document, call->acceptance.length,
                                  call->options, &call->rendering, &call->error);
    if (call->rendering)
        call->rendering->fonts = call->context->fonts;
    return code;
}

/* What the copy of this process did not survive is said for another try, and nothing is printed. */
static int has_survived(struct job *job, bool survived, struct kw_error *error)
{
    if (survived)
        return 0;
    job->way->marks |= job->rehearsal.guard.survived == KW_SURVIVED_TOO_LONG ? KW_STREAM_SLOW : KW_STREAM_CRASHES;
    return kw_fail(error, KWIT_E_INTERNAL, "", "the receipt cannot be looked at");
}

static int has_come_through(void *data, struct kw_error *error)
{
    struct job *job = data;
    return has_survived(job, kw_rehearsal_is_through(&job->rehearsal), error);
}

/* The sale of that id: its key, and what makes it another than one of the same id. */
static int name(struct job *job, const char *id)
{
    struct kw_call *call = job->call;
    int code = begin(job, id);
    if (code < 0)
        return code;
    struct kw_rendering *rendering = call->rendering;
    rendering->seen = &job->reading.look;
    rendering->tried = has_come_through;
    rendering->tried_data = job;
    if (call->delivery.ops)
        rendering->profile = call->delivery.profile;
    rendering->sale->identity = job->reading.identity.ink;
    if (!job->options->id)
        rendering->scope = job->reading.identity.numbered && job->tap->number_scope == KW_SCOPE_BUSINESS_DAY
            ? kw_arena_format(rendering->arena, "%lld", (long long)rendering->day) : "";
    call->line.id = kw_arena_string(call->arena, id);
    return rendering->scope && call->line.id ? 0 : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

/* What is sent behind it, kwit's own question first, would be taken for the rest of its last command: that is ended. */
static int end_command(struct job *job, const struct kw_look *look)
{
    struct kw_stream_body *body = &job->body;
    uint8_t missing[KW_REST_BYTES];
    size_t at = look->stream.unfinished ? (size_t)look->stream.unfinished_at : body->length;
    size_t count = kw_rest_missing(body->bytes + at, body->length - at, missing);
    uint8_t *whole = count > 0 ? kw_arena_alloc(job->call->arena, body->length + count) : NULL;
    if (count == 0)
        return 0;
    if (!whole)
        return kw_fail(&job->call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    memcpy(whole, body->bytes, body->length);
    memcpy(whole + body->length, missing, count);
    body->bytes = whole;
    body->length += count;
    return 0;
}

/* The printer is asked how it is meanwhile: it takes as long as the reading, and is known when the paper is. */
static void open_early(struct job *job)
{
    struct kw_call *call = job->call;
    if (job->way->ahead || call->unreachable || call->options->no_wait)
        return;
    kw_ahead_open(&job->early, &call->delivery, kw_clock_boot_ms() + EARLY_MS);
    call->delivery.ahead = &job->early;
}

/* Where a way says how long that may take it is done in a copy of this process. */
static int read_body(struct job *job)
{
    struct kw_call *call = job->call;
    struct kw_rehearsed *reading = &job->reading;
    job->rehearsal = (struct kw_rehearsal){ .config = &call->config, .tap = job->tap, .body = &job->body,
                                            .profile = call->rendering->profile };
    bool known = job->body.marks & UNREAD;
    if (known || job->way->hold_ms <= 0 || !kw_rehearsal_begin(&job->rehearsal, job->way->hold_ms)) {
        kw_rehearsal_take(&job->rehearsal, call->arena, reading);
    } else {
        open_early(job);
        kw_rehearsal_read(&job->rehearsal, reading);
    }
    int code = has_survived(job, job->rehearsal.guard.survived == KW_SURVIVED, &call->error);
    if (code == 0 && reading->code < 0)
        call->error = reading->error;
    return code < 0 ? code : reading->code;
}

/* Read as the printer would print it: which sale, what kind of paper. */
static int read_paper(struct job *job)
{
    struct kw_look *look = &job->reading.look;
    job->kind = "document";
    job->words = (struct kw_words){ .word = "", .language = "" };
    int code = begin(job, "stream");
    if (code == 0 && !job->call->options->dry_run)
        code = kw_print_ready(job->call);
    if (code == 0)
        code = read_body(job);
    if (code < 0)
        return code;
    const struct kw_look_piece *piece = look->chosen ? look->chosen : look->piece_count ? &look->pieces[0] : NULL;
    if (piece)
        job->words = piece->words;
    job->kind = kind_of(look, piece);
    job->body.marks |= job->options->id || job->reading.identity.strong ? 0 : KW_STREAM_WEAK;
    return end_command(job, look);
}

/* ---- the same paper again ---- */

static int find(struct job *job, const char *id, struct kw_sale_row *sale)
{
    struct kw_call *call = job->call;
    struct kw_sale_key key = kw_accept_key(call->rendering);
    key.name = id;
    int code = kw_sale_find(call->journal, &key, call->arena, sale, &call->error);
    job->known = job->known || code == 0;
    return code;
}

static const char *nth_name(struct job *job, int n)
{
    return n == 1 ? job->reading.identity.id : kw_arena_format(job->call->arena, "%s.%d", job->reading.identity.id, n);
}

/* How many sales have names of this ink: they are numbered without a gap. */
static int count_names(struct job *job, int *count)
{
    struct kw_sale_row sale;
    int known = 0, free = 1, code = 0;
    while ((code = find(job, nth_name(job, free), &sale)) == 0 && free < NAMES_LIMIT)
        known = free, free *= 2;
    while (code == KWIT_E_NOT_FOUND && free - known > 1) {
        int middle = known + (free - known) / 2;
        int there = find(job, nth_name(job, middle), &sale);
        if (there < 0 && there != KWIT_E_NOT_FOUND)
            return there;
        known = there == 0 ? middle : known;
        free = there == 0 ? free : middle;
    }
    *count = known;
    return code == KWIT_E_NOT_FOUND ? 0 : code;
}

/* How it may be that its program only tries once more. */
static struct kw_retry retrying(const struct job *job)
{
    return (struct kw_retry){ .call = job->call, .tap = job->tap, .body = &job->came,
                              .strong = job->reading.identity.strong, .read = !(job->way->marks & UNREAD),
                              .again = job->options->again, .killed_ms = job->way->killed_ms,
                              .out = job->way->ahead != NULL };
}

/* It is kept without card numbers, which stand apart from it until its paper is out. */
static int withhold_cards(struct kw_call *call)
{
    struct kw_withheld cards;
    struct kw_acceptance *stored = &call->acceptance;
    if (kw_withhold(stored->document, stored->length, call->arena, &cards) < 0)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    stored->kept = cards.kept;
    stored->withheld = cards.runs;
    return 0;
}

static int print_known(struct job *job, const struct kw_sale_row *sale)
{
    struct kw_call *call = job->call;
    int code = withhold_cards(call);
    if (code == 0 && call->stored && !call->unjournalled)
        call->stored(call->stored_data);
    return code < 0 ? code : kw_print_known(call, sale);
}

/* As the other program wrote it, with the invitation that the sale already has. */
static int print_again(struct job *job, const struct kw_sale_row *sale)
{
    struct kw_call *call = job->call;
    struct kw_job made;
    bool finished = false;
    int copy = 0, code = kw_job_next_copy(call->journal, sale->id, call->part, &copy, &call->error);
    call->reprint = job->tap->reprint == KW_AGAIN_SAME;
    call->copy_kind = KW_COPY_CUSTOMER;
    if (code == 0)
        code = withhold_cards(call);
    if (code == 0)
        code = kw_accept_recall(call, sale->id);
    if (code == 0)
        code = kw_call_copy(call, sale, copy, &made, &finished);
    if (code == 0)
        kw_call_line_job(call, &made, finished);
    call->line.copy = copy;
    return code;
}

static int print_first(struct job *job, const char *id)
{
    int code = name(job, id);
    struct kw_sale_key key = kw_accept_key(job->call->rendering);
    if (code == 0)
        code = withhold_cards(job->call);
    return code < 0 ? code : kw_print_new(job->call, &key);
}

/* Its number is a sale's, of which it is not the paper: its ink belongs to its name. */
static int find_other(struct job *job, struct kw_sale_row *sale)
{
    struct kw_call *call = job->call;
    struct kw_identity *identity = &job->reading.identity;
    const uint8_t *ink = identity->ink;
    const char *id = kw_arena_format(call->arena, "%s~%02x%02x%02x%02x", identity->id, ink[0], ink[1], ink[2], ink[3]);
    int code = id ? name(job, id) : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    identity->id = id;
    return code < 0 ? code : find(job, id, sale);
}

/*
 * One that is known for certain: a retry joins, anything else is printed again. An order's number stands on what goes
 * to the kitchen and on the bill before it is paid, too: it is kept for the sale.
 */
static int print_strong(struct job *job)
{
    const struct kw_identity *identity = &job->reading.identity;
    struct kw_sale_row sale;
    bool retry;
    const struct kw_retry chance = retrying(job);
    bool other = identity->numbered && strcmp(job->kind, "sale") != 0;
    int code = other ? 0 : find(job, identity->id, &sale);
    if (!other && code == 0 && memcmp(sale.digest, identity->ink, sizeof identity->ink) != 0) {
        other = true;                       /* an amended bill, or a copy for somebody else */
        job->kind = "document";
    }
    if (other)
        code = find_other(job, &sale);
    if (code == KWIT_E_NOT_FOUND)
        return print_first(job, job->reading.identity.id);
    if (code == 0)
        code = kw_retry_is(&chance, &sale, &retry);
    if (code < 0)
        return code;
    return retry ? print_known(job, &sale) : print_again(job, &sale);
}

/* One that may be somebody else's: only what is still on its way is the same. */
static int print_weak(struct job *job)
{
    struct kw_sale_row sale;
    int count = 0;
    bool retry = false;
    const struct kw_retry chance = retrying(job);
    int code = count_names(job, &count);
    const char *last = code == 0 && count > 0 ? nth_name(job, count) : NULL;
    if (last && (code = name(job, last)) == 0)
        code = find(job, last, &sale);
    if (last && code == 0)
        code = kw_retry_is(&chance, &sale, &retry);
    if (code < 0)
        return code;
    return retry ? print_known(job, &sale) : print_first(job, nth_name(job, count + 1));
}

/* The same name is the same try, whatever became of it. */
static int print_named(struct job *job, const char *id)
{
    struct kw_sale_row sale;
    int code = name(job, id);
    if (code == 0)
        code = find(job, id, &sale);
    if (code == KWIT_E_NOT_FOUND)
        return print_first(job, id);
    return code < 0 ? code : print_known(job, &sale);
}

/* The sale under the name and with the paper that it has, whatever these bytes would be called. */
static int print_as(struct job *job, const struct kw_sale_row *sale)
{
    memcpy(job->reading.identity.ink, sale->digest, sizeof job->reading.identity.ink);
    job->known = true;
    int code = name(job, sale->name);
    return code < 0 ? code : print_known(job, sale);
}

static int print_identified(struct job *job)
{
    const struct kw_retry chance = retrying(job);
    struct kw_sale_row sale;
    bool retry;
    if (job->options->id)
        return print_named(job, job->options->id);
    int code = kw_retry_of_bytes(&chance, &sale, &retry);
    if (code < 0 || retry)
        return code < 0 ? code : print_as(job, &sale);
    if (job->reading.identity.strong)
        return print_strong(job);
    return job->options->again ? print_named(job, job->options->again) : print_weak(job);
}

/* ---- the call ---- */

static int take_laid(struct job *job, const struct kw_tap_laid *laid)
{
    struct kw_call *call = job->call;
    const char *bytes = kw_arena_copy(call->arena, kw_buffer_string(&laid->bytes), laid->bytes.length);
    const char *words = kw_arena_copy(call->arena, kw_buffer_string(&laid->given), laid->given.length);
    job->body.bytes = (const uint8_t *)bytes;
    job->body.length = laid->bytes.length;
    job->body.given = (struct kw_given){ words, laid->given.length };
    return bytes && words ? 0 : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
}

/* A text of ReceiptLine is laid out here, for the model that is aimed at; from then on it is bytes like any other's. */
static int lay(struct job *job)
{
    struct kw_call *call = job->call;
    const char *text = (const char *)job->body.bytes;
    size_t length = job->body.length;
    struct kw_tap_laid laid;
    if (!job->options->receiptline)
        return 0;
    job->body.length = 0;
    job->kind = "document";
    job->words = (struct kw_words){ .word = "", .language = "" };
    kw_tap_laid_begin(&laid);
    int code = begin(job, "stream");
    if (code == 0)
        code = kw_tap_receiptline(call, &call->rendering->printer, call->rendering->profile, text, length, &laid);
    job->warned = call->warnings.count;
    if (code == 0)
        code = take_laid(job, &laid);
    kw_tap_laid_end(&laid);
    return code;
}

static int print(struct job *job, kwit_result *result)
{
    struct kw_call *call = job->call;
    int code = lay(job);
    job->came = job->body;
    if (code == 0)
        code = check(job);
    if (code == 0)
        code = read_paper(job);
    if (code == 0)
        code = name(job, job->options->id ? job->options->id : job->reading.identity.id);
    if (code == 0 && call->options->dry_run)
        return kw_print_dry(call, result);
    if (code < 0)
        return code;
    code = print_identified(job);
    kw_call_line_printer(call);
    kw_call_line_survey(call);
    return code;
}

static int choose_tap(struct job *job, struct kwit_print_options *options)
{
    struct kw_call *call = job->call;
    job->tap = kw_config_find_tap(&call->config, job->options->tap);
    if (!job->tap)
        return kw_fail(&call->error, KWIT_E_CONFIG, job->options->tap, "the configuration has no [tap %s]",
                       job->options->tap);
    if (!options->printer)
        options->printer = job->tap->printer;
    job->body.till = job->tap->name;
    return kw_config_tap_check(job->tap, &call->error);
}

/* What could not be understood, or would have changed the paper, is kept for who asks why. */
static void keep_doubt(const struct kw_call *call, const void *bytes, size_t length)
{
    static const enum kw_through doubts[] = { KW_THROUGH_CHECK_FAILED, KW_THROUGH_INTERNAL, KW_THROUGH_LIMIT };
    const char *through = call->rendering && call->rendering->through ? call->rendering->through : "";
    char path[PATH_MAX];
    bool doubted = false, known = !call->options->dry_run && call->state && kw_tap_doubts(call->state, path);
    if (known)
        kw_tap_tidy(path, kw_clock_wall_ms());
    for (size_t i = 0; i < sizeof doubts / sizeof doubts[0]; i++)
        doubted = doubted || strcmp(through, kw_through_word(doubts[i])) == 0;
    if (!known || !doubted || length > DOUBT_MOST || call->unjournalled)
        return;
    if (kw_file_make_folder(path) == 0)
        kw_tap_record(path, kw_clock_wall_ms(), bytes, length);
}

int kw_tap_print(const kwit_context *context, const void *bytes, size_t length,
                 const struct kwit_stream_options *options, struct kw_tap_way *way, kwit_result **result)
{
    static const unsigned ends[] = { [KW_TAP_END_CLOSED] = KW_STREAM_CUTLESS, [KW_TAP_END_SILENCE] = 0,
                                     [KW_TAP_END_OPEN] = KW_STREAM_OPEN };
    struct kwit_print_options print_options = options->print;
    struct kw_call call = { .context = context, .options = &print_options, .part = "receipt", .forgets = way->forgets };
    struct job job = { .call = &call, .options = options, .way = way,
                       .body = { .bytes = bytes, .length = length, .given = way->given,
                                 .marks = way->marks | ends[way->end] } };
    *result = kw_result_new();
    call.line.id = job.options->id;
    call.line.part = call.part;
    call.line.copy = 1;
    int code = kw_call_begin(&call);
    call.delivery.between = way->between.call;
    call.delivery.between_data = way->between.data;
    call.delivery.ahead = way->ahead;
    call.begun = way->begun;
    call.stored = way->stored;
    call.stored_data = way->stored_data;
    if (code == 0)
        code = kw_call_configure(&call, print_options.strict);
    if (code == 0)
        code = choose_tap(&job, &print_options);
    job.warned = call.warnings.count;
    if (code == 0)
        code = print(&job, *result);
    if (code == 0)
        keep_doubt(&call, bytes, length);
    kw_ahead_end(&job.early);
    kw_rehearsal_end(&job.rehearsal);
    way->accepted = (call.acceptance.stored || job.known) && !call.unjournalled;
    return kw_call_end(&call, code, *result);
}
