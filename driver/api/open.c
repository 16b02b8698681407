/* open.c - what a call that prints stands on: its settings, the state directory and the journal. */
#include "api/call.h"
#include "api/keys.h"

enum { CALL_CEILING = 512 * 1024 * 1024, PATH_SIZE = 4096, COPIES_MOST = 99 };

int64_t kw_call_bounded_ms(int64_t wanted_ms)
{
    static const int64_t most_ms = (int64_t)400 * 86400000;
    return wanted_ms < most_ms ? wanted_ms : most_ms;
}

int kw_call_begin(struct kw_call *call)
{
    static const struct kwit_print_options defaults;
    call->began_ms = kw_clock_boot_ms();
    if (!call->options)
        call->options = &defaults;
    call->arena = kw_arena_new(CALL_CEILING);
    if (!call->arena)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(&call->warnings, call->arena);
    call->delivery = (struct kw_delivery){ .log = &call->context->log, .arena = call->arena, .identity = "",
                                           .render = kw_call_render_stored, .render_data = call };
    kw_clock_boot_id(call->delivery.boot);
    return call->options->copies <= COPIES_MOST ? 0
        : kw_fail(&call->error, KWIT_E_USAGE, "copies", "one call prints at most %d copies", COPIES_MOST);
}

int kw_call_configure(struct kw_call *call, bool strict)
{
    struct kw_settings *settings = call->settings = kw_kept_settings(call->context->kept);
    size_t told = call->warnings.count + call->warnings.dropped;
    int code = 0;
    if (!settings)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (!settings->faultless)
        code = kw_config_load(settings->arena, call->context->config_file, strict, &settings->config, &call->warnings,
                              &call->error);
    settings->faultless = code == 0 && call->warnings.count + call->warnings.dropped == told;
    call->config = settings->config;
    return code;
}

static int open_journal(struct kw_call *call, bool create)
{
    char path[PATH_SIZE], erase_key[PATH_SIZE];
    const struct kw_config_printer *printer = call->rendering ? &call->rendering->printer : &call->printer;
    int64_t patience_ms = call->options->timeout_ms > 0 ? kw_call_bounded_ms(call->options->timeout_ms)
                                                         : printer->timeout_ms;
    struct kw_journal_options options = { .path = call->config.journal.path, .create = create,
                                          .until_ms = patience_ms > 0 ? call->began_ms + patience_ms : 0,
                                          .erase_key = erase_key, .alone = call->context->alone,
                                          .one_thread = call->context->one_thread };
    int code = kw_state_path(call->state, KW_KEYS_ERASE, erase_key, sizeof erase_key, &call->error);
    if (code < 0)
        return code;
    if (!options.path) {
        code = kw_state_path(call->state, "journal.db", path, sizeof path, &call->error);
        if (code < 0)
            return code;
        options.path = path;
        options.anew = kw_call_lost_journal(call, path);
        code = kw_call_join_journals(call, path, options.until_ms);
        if (code < 0)
            return code;
    }
    bool gone = false;
    call->journal = kw_kept_take(call->context->kept, options.path, options.until_ms, &gone);
    options.anew |= gone;
    code = call->journal ? 0 : kw_journal_open(&options, &call->journal, &call->error);
    if (code == 0 && options.anew)
        kw_call_tell_lost(call);
    if (code == KWIT_E_NOT_FOUND && options.anew)
        kw_notes_add(&call->warnings, KWIT_WARNING_JOURNAL_ANEW, "", "the journal %s is gone: what was printed before "
                     "is not known; put a backup in its place before the next sale begins a new one", options.path);
    return code;
}

/* Printing goes on without a memory where the configuration prefers that. */
static int open_in_memory(struct kw_call *call)
{
    struct kw_journal_options options = { .path = "memory", .in_memory = true };
    int code = call->state ? 0 : kw_state_open_passing(&call->state, &call->error);
    call->unjournalled = true;
    return code < 0 ? code : kw_journal_open(&options, &call->journal, &call->error);
}

int kw_call_open_journal(struct kw_call *call, bool create)
{
    int code = kw_state_open(call->context->state_dir, &call->state, &call->error);
    if (code == 0 && !call->forgets)
        code = open_journal(call, create);
    if (call->forgets || (code < 0 && create && call->config.journal.on_failure == KW_FAILURE_PRINT))
        code = open_in_memory(call);
    call->delivery.journal = call->journal;
    call->delivery.state = call->state;
    return code;
}

int kw_call_open(const kwit_context *context, bool create, struct kw_call *call)
{
    *call = (struct kw_call){ .context = context };
    int code = kw_call_begin(call);
    if (code == 0)
        code = kw_call_configure(call, false);
    return code < 0 ? code : kw_call_open_journal(call, create);
}

void kw_call_close(struct kw_call *call)
{
    if (call->journal && !call->unjournalled && call->error.code == 0)
        kw_kept_leave(call->context->kept, call->journal);
    else
        kw_journal_close(call->journal);
    kw_state_close(call->state);
    kw_arena_free(call->arena);
    kw_kept_leave_settings(call->context->kept, call->settings);
}
