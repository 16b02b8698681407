/* accept.c - reads the next sequence, renders, and stores everything in one durable transaction. */
#include "api/accept.h"

#include "api/invite.h"
#include "api/keys.h"
#include "api/stream.h"
#include "journal/annul.h"
#include "journal/plan.h"
#include "journal/seal.h"
#include "journal/withheld.h"
#include "page/page.h"

#include <string.h>

enum { DEFAULT_DEADLINE_MS = 15 * 60 * 1000, ATTEMPTS = 200 };

struct copy {
    struct kw_encoded encoded;
    int kind;
    int64_t paper_um;
    size_t bytes;
};

struct kw_sale_key kw_accept_key(const struct kw_rendering *rendering)
{
    return (struct kw_sale_key){ rendering->store_id, rendering->terminal, rendering->scope, rendering->sale->id };
}

int64_t kw_accept_patience_ms(const struct kw_call *call, int64_t paper_um)
{
    if (call->options->timeout_ms > 0)
        return kw_call_bounded_ms(call->options->timeout_ms);
    if (call->printer.timeout_ms > 0)
        return call->printer.timeout_ms;
    return KW_DELIVERY_MARGIN_MS + kw_delivery_paper_ms(call->delivery.profile, paper_um);
}

static enum kw_copy_kind copy_kind_of(const struct kw_call *call, int copy)
{
    if (call->copy_kind != KW_COPY_ORIGINAL)
        return call->copy_kind;
    if (strcmp(call->part, "merchant") == 0)
        return KW_COPY_MERCHANT;
    if (strcmp(call->part, "customer") == 0)
        return KW_COPY_CUSTOMER;
    return copy > 1 ? KW_COPY_DUPLICATE : KW_COPY_ORIGINAL;
}

static bool carries_invitation(const struct kw_call *call, int copy)
{
    return strcmp(call->part, "receipt") == 0 && (copy == 1 || call->reprint);
}

/* ---- the drawer's policy ---------------------------------------------------------------------------------------- */

static bool takes_cash(const struct kw_sale *sale)
{
    for (size_t i = 0; i < sale->payment_count; i++)
        if (sale->payments[i].type == KW_PAY_CASH)
            return true;
    return false;
}

/* Whether this call pulses; *word: why not, "" when nobody asked. */
static bool allows_pulse(const struct kw_call *call, const struct kw_sale_row *known, const char **word)
{
    const struct kw_rendering *rendering = call->rendering;
    *word = "";
    if (!rendering->sale->drawer.asked || call->reprint)
        return false;
    *word = kwit_error_word(KWIT_E_UNSUPPORTED);
    if (call->delivery.profile->drawer == KW_NO)
        return false;
    *word = "policy";
    if (rendering->printer.drawer == KW_DRAWER_NEVER
        || (rendering->printer.drawer == KW_DRAWER_CASH && !takes_cash(rendering->sale)))
        return false;
    *word = "given";
    return !known || known->drawer_job == 0;
}

/* ---- rendering -------------------------------------------------------------------------------------------------- */

static int render_copy(struct kw_call *call, struct kw_render_choice choice, int number, struct copy *copy)
{
    struct kw_rendering *rendering = call->rendering;
    choice.copy = number;
    choice.copy_kind = copy->kind = copy_kind_of(call, number);
    choice.without_invitation = !carries_invitation(call, number);
    choice.drawer = choice.drawer && number == call->acceptance.first_copy;
    int code = kw_lay_paper(rendering, call->options, &choice, &call->error);
    if (code < 0)
        return code;
    copy->encoded = rendering->encoded;
    copy->paper_um = 0, copy->bytes = 0;
    for (size_t i = 0; i < copy->encoded.count; i++) {
        copy->paper_um += copy->encoded.pieces[i].paper_um;
        copy->bytes += copy->encoded.pieces[i].length;
    }
    return 0;
}

/* The first copy is rendered last, so that the rendering holds the decision that is stored with the sale. */
static int render_copies(struct kw_call *call, const struct kw_render_choice *choice, struct copy *copies)
{
    int code = 0;
    call->acceptance.paper_um = 0;
    for (int number = call->acceptance.last_copy; number >= call->acceptance.first_copy && code == 0; number--) {
        struct copy *copy = &copies[number - call->acceptance.first_copy];
        code = render_copy(call, *choice, number, copy);
        call->acceptance.paper_um += copy->paper_um;
    }
    return code;
}

/* The till's key, the next free sequence, and what the journal knows of the campaign's limits. */
static int look_up_limits(struct kw_call *call, struct kw_keys *keys, struct kw_render_choice *choice)
{
    struct kw_rendering *rendering = call->rendering;
    const struct kw_config_survey *survey = &rendering->config->survey;
    struct kw_journal *journal = call->journal;
    if (!survey->configured || survey->fault || call->unjournalled)     /* its tokens may be others' already */
        return 0;
    kw_keys_load(call->state, rendering->config, journal, keys);
    if (!keys->usable) {
        kw_notes_add(rendering->warnings, KWIT_WARNING_SURVEY_OMITTED, "", "no invitation: %s", keys->why);
        return 0;
    }
    if (keys->exposed[0])
        kw_notes_add(rendering->warnings, KWIT_WARNING_KEY_EXPOSED, "", "%s", keys->exposed);
    choice->key = &keys->key;
    const bool asked = keys->next > 0 && keys->claimed.day == rendering->day;
    int code = 0;
    if (asked)
        choice->seq = keys->next;
    else
        code = kw_touchpoint_next_sequence(journal, keys->key.handle, rendering->day, &choice->seq, &call->error);
    return code < 0 ? code : kw_invite_limits(rendering, journal, keys->key.handle, choice, &call->error);
}

int kw_accept_recall(struct kw_call *call, int64_t sale)
{
    struct kw_render_choice choice = { .copy = 1 };
    struct kw_decided stored;
    struct kw_terminal_key key = { 0 };
    struct kw_invitation invitation;
    int code = kw_call_recall(call, sale, &stored, &key, &choice, &call->error);
    if (code == 0)
        code = kw_invite(call->rendering, call->options, &choice, &invitation, &call->error);
    kw_key_wipe(&key, sizeof key);
    return code;
}

/* ---- storing ---------------------------------------------------------------------------------------------------- */

void kw_accept_fill_job(const struct kw_call *call, struct kw_job *job)
{
    const struct kwit_print_options *options = call->options;
    int64_t now_ms = kw_clock_boot_ms(), worth_ms = kw_call_bounded_ms(options->deadline_ms);
    if (worth_ms <= 0)
        worth_ms = call->printer.deadline_ms > 0 ? call->printer.deadline_ms : DEFAULT_DEADLINE_MS;
    bool instant = strncmp(call->delivery.uri, "file:", 5) == 0 && kw_address_is_test(call->delivery.uri);
    *job = (struct kw_job){
        .sale = call->acceptance.sale, .part = call->part, .state = KW_JOB_WAITING,
        .printer = kw_call_file_under(call), .uri = call->delivery.uri, .printer_name = call->printer.name,
        .profile = kw_profile_name(call->delivery.profile), .station = options->station ? options->station : "",
        .survey = (int)options->survey, .late = call->printer.late, .reprint = call->reprint,
        .armed = options->no_wait ? KW_ARMED_NOT : instant ? KW_ARMED_TAIL : KW_ARMED_BODY,
        .boot = call->delivery.boot, .accepted_boot_ms = now_ms, .accepted_ms = kw_clock_wall_ms(),
        .until_boot_ms = options->no_wait ? 0 : call->until_ms, .deadline_boot_ms = now_ms + worth_ms,
        .drawer = "", .drawer_state = ""
    };
    job->deadline_ms = job->accepted_ms + worth_ms;
}

/* The rows of a copy's pieces in the call's arena; NULL without memory. */
static struct kw_piece_row *make_rows(struct kw_arena *arena, const struct kw_encoded *encoded)
{
    struct kw_piece_row *rows = kw_arena_array(arena, encoded->count, sizeof *rows);
    for (size_t i = 0; rows && i < encoded->count; i++) {
        const struct kw_encoded_piece *made = &encoded->pieces[i];
        rows[i] = (struct kw_piece_row){
            .n = (int)i, .kind = made->kind, .name = made->name, .bytes = made->bytes, .length = made->length,
            .tail_offset = made->tail_offset, .breaks = made->breaks, .break_count = made->break_count,
            .paper_um = made->paper_um, .cuts = -1
        };
    }
    return rows;
}

/* What is on paper of it belongs to no job: it prints as one that was interrupted. */
static bool is_begun(const struct kw_call *call, int copy)
{
    return call->begun && copy == call->acceptance.first_copy;
}

static int add_copy(struct kw_call *call, const struct copy *copy, struct kw_job *job)
{
    struct kw_journal *journal = call->journal;
    struct kw_piece_row *rows = make_rows(call->arena, &copy->encoded);
    if (!rows)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (is_begun(call, job->copy) && copy->encoded.count > 0)
        rows[0].state = KW_PIECE_BODY;
    int code = kw_job_add(journal, job, &call->error);
    for (size_t i = 0; i < copy->encoded.count && code == 0; i++)
        code = kw_piece_add(journal, job->id, &rows[i], &call->error);
    call->acceptance.jobs[job->copy - call->acceptance.first_copy] = job->id;
    if (job->copy == call->acceptance.first_copy) {
        call->acceptance.first = *job;
        call->acceptance.first_pieces = rows;
        call->acceptance.first_piece_count = copy->encoded.count;
    }
    return code;
}

static int add_jobs(struct kw_call *call, const struct copy *copies, const char *drawer_word, bool pulse)
{
    int code = 0;
    for (int number = call->acceptance.first_copy; number <= call->acceptance.last_copy && code == 0; number++) {
        const struct copy *copy = &copies[number - call->acceptance.first_copy];
        struct kw_job job;
        kw_accept_fill_job(call, &job);
        job.copy = number;
        job.copy_kind = copy->kind;
        job.state = is_begun(call, number) ? KW_JOB_INTERRUPTED : KW_JOB_WAITING;
        job.paper_um = copy->paper_um;
        job.drawer = number != call->acceptance.first_copy ? "" : pulse ? "asked"
            : call->rendering->pulses ? KW_DRAWER_IN_PLACE : drawer_word;
        code = add_copy(call, copy, &job);
        if (code == 0 && pulse && number == call->acceptance.first_copy)
            code = kw_sale_give_drawer(call->journal, call->acceptance.sale, job.id, &call->error);
    }
    return code;
}

static bool refers_back(const struct kw_sale *sale)
{
    return (sale->kind == KW_KIND_VOID || sale->kind == KW_KIND_REFUND) && sale->refers_to.id;
}

/* A void takes the invitation of its sale back, a refund marks it. One that is not here is found in another journal. */
static int refer_back(struct kw_call *call)
{
    struct kw_rendering *rendering = call->rendering;
    const struct kw_sale *sale = rendering->sale;
    const int64_t at_ms = kw_touchpoint_time(&rendering->touchpoint), now_ms = kw_clock_wall_ms();
    const struct kw_reference reference = {
        .sale = call->acceptance.sale,
        .at_ms = at_ms,
        .known_ms = at_ms > now_ms ? at_ms : now_ms,
        .is_void = sale->kind == KW_KIND_VOID,
        .store = sale->refers_to.store ? sale->refers_to.store : rendering->store_id,
        .terminal = sale->refers_to.terminal ? sale->refers_to.terminal : rendering->terminal,
        .name = sale->refers_to.id
    };
    bool found;
    int code = kw_reference_refer(call->journal, &reference, &found, &call->error);
    call->acceptance.refers_nowhere = code == 0 && !found && strcmp(reference.store, rendering->store_id) == 0 &&
                                      strcmp(reference.terminal, rendering->terminal) == 0;
    return code;
}

/* What the journal says to a new sale. One of another till comes with its journal, one of this till should be here. */
static void tell_accepted(struct kw_call *call)
{
    const struct kw_rendering *rendering = call->rendering;
    if (call->acceptance.refers_nowhere)
        kw_notes_add(&call->warnings, KWIT_WARNING_UNKNOWN_FIELD, "/refers_to/id",
                     "this till's journal has no sale %s, so none is marked: look at the id, and where another till sold "
                     "it, name that by /refers_to/terminal", rendering->sale->refers_to.id);
    if (call->acceptance.store_before)
        kw_notes_add(&call->warnings, KWIT_WARNING_JOURNAL_ANEW, "",
                     "[store] id was \"%s\" and is \"%s\": no sale from before is known under it, and the same id would print "
                     "again; write the old one back, or leave it so if this is another shop",
                     call->acceptance.store_before, rendering->store_id);
}

/* Whether it takes part in an experiment. */
static bool is_dealt(const struct kw_touchpoint *touchpoint)
{
    enum { ALL = 10000 };
    return touchpoint->reason == 0 && touchpoint->flag == 0 && touchpoint->variant_p_bp > 0
           && touchpoint->variant_p_bp < ALL;
}

/* A customer who is asked again too soon is no reason to sell nothing. */
static void start_cooldown(struct kw_call *call)
{
    const struct kw_rendering *rendering = call->rendering;
    struct kw_error error;
    if (kw_touchpoint_start_cooldown(call->journal, rendering->sale->customer.loyalty_id, call->acceptance.sale,
                                     rendering->day + rendering->config->survey.cooldown_days, &error) < 0)
        kw_log(&call->context->log, KW_LOG_WARNING, "the customer's rest is not kept: %s: %s", error.where, error.text);
}

/* The sale itself, with its decision. CONFLICT: the sequence was taken meanwhile. */
static int add_sale(struct kw_call *call)
{
    struct kw_rendering *rendering = call->rendering;
    struct kw_journal *journal = call->journal;
    struct kw_sale_key key = kw_accept_key(rendering);
    const struct kw_config_survey *survey = &rendering->config->survey;
    uint8_t digest[KW_SALE_DIGEST];
    kw_sale_digest(rendering->sale, digest);
    const void *kept = call->acceptance.kept ? call->acceptance.kept : call->acceptance.document;
    int code = kw_sale_add(journal, &key, digest, kept, call->acceptance.length, kw_clock_wall_ms(),
                           &call->acceptance.sale, &call->error);
    rendering->touchpoint.sale = call->acceptance.sale;
    if (code == 0)
        code = kw_sale_store_before(journal, &key, call->acceptance.sale, call->arena, &call->acceptance.store_before,
                                    &call->error);
    kw_settings_digest(call->settings, rendering->touchpoint.config_digest);
    rendering->touchpoint.is_awaited = strcmp(call->part, "receipt") == 0 && call->acceptance.first_copy == 1;
    if (code == 0)
        code = kw_touchpoint_add(journal, &rendering->touchpoint, &call->error);
    if (code == 0 && is_dealt(&rendering->touchpoint))
        code = kw_plan_keep(journal, &rendering->touchpoint,
                            &(struct kw_plan){ .campaign = rendering->touchpoint.campaign, .n = survey->planned_n,
                                               .daily = survey->looks == KW_LOOKS_DAILY }, &call->error);
    if (code == 0 && refers_back(rendering->sale))
        code = refer_back(call);
    if (code == 0 && rendering->decision.invited && survey->cooldown_days > 0 && rendering->sale->customer.loyalty_id)
        start_cooldown(call);
    return code;
}

/* Inside the transaction: is this copy of a known sale still missing, and its pulse still to be given? */
static int check_known(struct kw_call *call, bool pulse)
{
    struct kw_sale_row row;
    struct kw_job job;
    int code = kw_sale_get(call->journal, call->acceptance.sale, call->arena, &row, &call->error);
    if (code < 0)
        return code;
    if (pulse && row.drawer_job != 0)
        return kw_fail(&call->error, KWIT_E_CONFLICT, row.name, "another part of this sale took the pulse meanwhile");
    code = kw_job_find(call->journal, row.id, call->part, call->acceptance.first_copy, call->arena, &job, &call->error);
    call->acceptance.duplicate_key = code == 0;
    return code == KWIT_E_NOT_FOUND ? 0 : code;
}

/* Inside the transaction: is the key still free? Then the sale takes it. */
static int claim_key(struct kw_call *call)
{
    struct kw_sale_key key = kw_accept_key(call->rendering);
    struct kw_sale_row row;
    const int64_t missed_at = call->acceptance.missed_at;
    const bool unchanged = missed_at && missed_at == kw_journal_version(call->journal);
    int code = unchanged ? KWIT_E_NOT_FOUND : kw_sale_find(call->journal, &key, call->arena, &row, &call->error);
    call->acceptance.duplicate_key = code == 0;
    return code == KWIT_E_NOT_FOUND ? add_sale(call) : code;
}

/* One attempt: render with the next sequence, store when it is still free. CONFLICT: again. */
static int attempt(struct kw_call *call, const struct kw_sale_row *known, struct copy *copies,
                   struct kw_keys *keys)
{
    struct kw_journal *journal = call->journal;
    struct kw_render_choice choice = { .test = kw_address_is_test(call->delivery.uri) };
    struct kw_decided stored;
    struct kw_sale_row row;
    const char *drawer_word;
    int code = known ? kw_sale_get(journal, known->id, call->arena, &row, &call->error) : 0;
    if (code < 0)
        return code;
    bool pulse = choice.drawer = allows_pulse(call, known ? &row : NULL, &drawer_word);
    call->acceptance.sale = known ? known->id : 0;
    code = known ? kw_call_recall(call, known->id, &stored, &keys->key, &choice, &call->error)
                 : look_up_limits(call, keys, &choice);
    if (code == 0)
        code = render_copies(call, &choice, copies);
    if (code < 0)
        return code;
    call->until_ms = call->began_ms + kw_accept_patience_ms(call, call->acceptance.paper_um);
    if (refers_back(call->rendering->sale) && kw_journal_receives(journal))
        code = kw_seal_watch(journal, &call->error);
    if (code == 0)
        code = kw_journal_begin(journal, KW_DURABLE, &call->error);
    if (code < 0)
        return code;
    code = known ? check_known(call, pulse) : claim_key(call);
    if (code == 0 && !call->acceptance.duplicate_key)
        code = add_jobs(call, copies, drawer_word, pulse);
    if (code == 0 && !call->acceptance.duplicate_key && call->acceptance.withheld)
        code = kw_withheld_put(journal, call->acceptance.sale, call->acceptance.withheld, &call->error);
    if (code < 0 || call->acceptance.duplicate_key) {
        kw_journal_rollback(journal);
        return code;
    }
    return kw_journal_commit(journal, &call->error);
}

int kw_accept(struct kw_call *call, const struct kw_sale_row *known)
{
    struct kw_keys keys;
    size_t count = (size_t)(call->acceptance.last_copy - call->acceptance.first_copy + 1);
    struct copy *copies = kw_arena_array(call->arena, count, sizeof *copies);
    if (!copies)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    int code = KWIT_E_CONFLICT;
    for (int i = 0; i < ATTEMPTS && code == KWIT_E_CONFLICT; i++)
        code = attempt(call, known, copies, &keys);
    const struct kw_touchpoint *touchpoint = &call->rendering->touchpoint;
    if (code == 0 && !known && !call->acceptance.duplicate_key && touchpoint->has_token
        && !kw_keys_used(&keys, touchpoint->day, touchpoint->seq))
        kw_log(&call->context->log, KW_LOG_WARNING,
               "the claim of handle %lu cannot be written", (unsigned long)touchpoint->handle);
    kw_key_wipe(&keys.key, sizeof keys.key);
    if (code == 0 && !known && !call->acceptance.duplicate_key)
        tell_accepted(call);
    call->acceptance.stored = code == 0;
    if (code == 0 && call->stored && !call->unjournalled)
        call->stored(call->stored_data);
    return code;
}
