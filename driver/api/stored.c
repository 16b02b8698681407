/* stored.c - what a known sale keeps: its decision, and a stored job laid out anew with the heading that it needs. */
#include "api/call.h"
#include "api/keys.h"
#include "api/stream.h"
#include "journal/withheld.h"
#include "tap/stream/withhold.h"

#include <string.h>

static enum kw_copy_kind copy_kind_for(const struct kw_job *job, enum kw_relayout why)
{
    if (why != KW_RELAYOUT_INTERRUPTED || job->copy_kind == KW_COPY_POSSIBLE_DUPLICATE)
        return job->copy_kind;
    return KW_COPY_REPLACES_INTERRUPTED;
}

/* Pieces made in the rendering's arena, copied into the one that outlives it. */
static int copy_pieces(const struct kw_encoded *from, struct kw_arena *arena, struct kw_encoded *to,
                       struct kw_error *error)
{
    to->count = from->count;
    to->pieces = kw_arena_array(arena, from->count, sizeof *to->pieces);
    for (size_t i = 0; to->pieces && i < from->count; i++) {
        struct kw_encoded_piece *piece = &to->pieces[i];
        *piece = from->pieces[i];
        piece->bytes = (const uint8_t *)kw_arena_copy(arena, (const char *)from->pieces[i].bytes, piece->length);
        piece->breaks = (const size_t *)kw_arena_copy(arena, (const char *)from->pieces[i].breaks,
                                                      piece->break_count * sizeof *piece->breaks);
        piece->name = kw_arena_string(arena, from->pieces[i].name);
        if (!piece->bytes || !piece->breaks || !piece->name)
            to->pieces = NULL;
    }
    return to->pieces ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
}

int kw_call_document(struct kw_call *call, int64_t sale, struct kw_arena *arena, const void **document, size_t *length,
                     struct kw_error *error)
{
    const char *withheld = NULL;
    int code = kw_sale_body(call->journal, sale, arena, document, length, error);
    if (code == 0)
        code = kw_withheld_get(call->journal, sale, arena, &withheld, error);
    char *whole = code == 0 && withheld ? kw_arena_copy(arena, *document, *length) : NULL;
    if (code < 0 || !withheld)
        return code;
    if (!whole)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_withhold_return((uint8_t *)whole, *length, withheld);
    *document = whole;
    return 0;
}

int kw_call_recall(struct kw_call *call, int64_t sale, struct kw_decided *stored, struct kw_terminal_key *key,
                   struct kw_render_choice *choice, struct kw_error *error)
{
    int code = kw_touchpoint_decided(call->journal, sale, stored, error);
    if (code == KWIT_E_NOT_FOUND)
        *stored = (struct kw_decided){ 0 };
    else if (code < 0)
        return code;
    choice->stored = stored;
    if (stored->has_token && kw_keys_find(call->state, &call->config, stored->kid, stored->handle, key))
        choice->key = key;
    return 0;
}

static int render_stored(struct kw_call *call, const struct kw_job *job, const struct kwit_print_options *options,
                         struct kw_rendering *rendering, struct kw_render_choice *choice, struct kw_error *error)
{
    struct kw_decided stored;
    struct kw_terminal_key key;
    int code = kw_call_recall(call, job->sale, &stored, &key, choice, error);
    if (code < 0)
        return code;
    choice->test = kw_address_is_test(job->uri);
    code = kw_lay_paper(rendering, options, choice, error);
    kw_key_wipe(&key, sizeof key);
    return code;
}

/* What hung on the model is not so any more, or is so only now: the call tells of the paper that comes out. */
static void tell_anew(struct kw_call *call, const struct kw_notes *found)
{
    static const enum kwit_warning of_models[] = { KWIT_WARNING_NAMED_CHARACTER, KWIT_WARNING_CODE_OMITTED,
                                                   KWIT_WARNING_IMAGE_OMITTED, KWIT_WARNING_CUT_TEXT,
                                                   KWIT_WARNING_FONT_MISSING, KWIT_WARNING_CODE_FINE };
    for (size_t kind = 0; kind < sizeof of_models / sizeof of_models[0]; kind++) {
        kw_notes_drop(&call->warnings, of_models[kind]);
        for (size_t i = 0; i < found->count; i++)
            if (found->items[i].error == KWIT_OK && found->items[i].warning == of_models[kind])
                kw_notes_add(&call->warnings, of_models[kind], found->items[i].pointer, "%s", found->items[i].text);
    }
}

int kw_call_render_stored(void *data, const struct kw_job *job, enum kw_relayout why,
                          const struct kw_profile *profile, struct kw_arena *arena, struct kw_encoded *encoded,
                          enum kw_copy_kind *copy_kind, struct kw_error *error)
{
    struct kw_call *call = data;
    struct kw_rendering *rendering = NULL;
    struct kwit_print_options options = {
        .printer = kw_call_printer_of(call, job), .profile = kw_profile_name(profile),
        .part = job->part, .station = job->station[0] ? job->station : NULL,
        .survey = (enum kwit_survey_choice)job->survey
    };
    struct kw_render_choice choice = { .copy = job->copy, .copy_kind = copy_kind_for(job, why) };
    choice.without_invitation = strcmp(job->part, "receipt") != 0 || (job->copy != 1 && !job->reprint);
    choice.without_pulses = why != KW_RELAYOUT_MODEL;
    const void *body;
    size_t length;
    struct kw_notes warnings;
    kw_notes_init(&warnings, arena);
    int code = kw_call_document(call, job->sale, arena, &body, &length, error);
    if (code == 0)
        code = kw_rendering_begin(&call->config, &warnings, body, length, &options, &rendering, error);
    if (code == 0)
        code = render_stored(call, job, &options, rendering, &choice, error);
    if (code == 0)
        code = copy_pieces(&rendering->encoded, arena, encoded, error);
    if (code == 0 && why == KW_RELAYOUT_MODEL && job->sale == call->acceptance.sale)
        tell_anew(call, &warnings);
    kw_rendering_end(rendering);
    *copy_kind = choice.copy_kind;
    return code;
}
