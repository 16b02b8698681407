/* counter.c - opening what printing needs, and aiming at a printer. */
#include "api/counter.h"

#include "api/usb_rows.h"
#include "transport/address.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>

enum { COUNTER_CEILING = 512 * 1024 * 1024, PATH_SIZE = 4096 };

int kw_counter_begin(const kwit_context *context, struct kw_counter *counter, struct kw_error *error)
{
    *counter = (struct kw_counter){ .context = context, .began_ms = kw_clock_boot_ms() };
    counter->arena = kw_arena_new(COUNTER_CEILING);
    if (!counter->arena)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    counter->delivery = (struct kw_delivery){ .log = &context->log, .arena = counter->arena, .identity = "",
                                              .render = kw_counter_render, .render_data = counter };
    kw_clock_boot_id(counter->delivery.boot);
    return 0;
}

static int open_journal(struct kw_counter *counter, const struct kw_config *config, bool create, struct kw_error *error)
{
    char path[PATH_SIZE];
    struct kw_journal_options options = { .path = config ? config->journal.path : NULL, .create = create };
    if (!options.path) {
        int code = kw_state_path(counter->state, "journal.db", path, sizeof path, error);
        if (code < 0)
            return code;
        options.path = path;
    }
    return kw_journal_open(&options, &counter->journal, error);
}

/* Printing goes on without a memory where the configuration prefers that. */
static int open_in_memory(struct kw_counter *counter, struct kw_error *error)
{
    struct kw_journal_options options = { .path = "memory", .in_memory = true };
    int code = counter->state ? 0 : kw_state_open_passing(&counter->state, error);
    counter->unjournalled = true;
    return code < 0 ? code : kw_journal_open(&options, &counter->journal, error);
}

int kw_counter_open(struct kw_counter *counter, const struct kw_config *config, bool create, struct kw_error *error)
{
    int code = kw_state_open(counter->context->state_dir, &counter->state, error);
    if (code == 0)
        code = open_journal(counter, config, create, error);
    if (code < 0 && create && config && config->journal.on_failure == KW_FAILURE_PRINT)
        code = open_in_memory(counter, error);
    counter->delivery.journal = counter->journal;
    counter->delivery.state = counter->state;
    return code;
}

void kw_counter_end(struct kw_counter *counter)
{
    kw_journal_close(counter->journal);
    kw_state_close(counter->state);
    kw_arena_free(counter->arena);
}

/* Until something sets the clock, the time of day after a boot is only a guess. */
static bool clock_is_unsure(void)
{
    struct timex state = { 0 };
    return adjtimex(&state) == TIME_ERROR;
}

static void find_identity(struct kw_counter *counter, const char *uri)
{
    struct kw_delivery *delivery = &counter->delivery;
    struct kw_error why = { 0 }, ignored;
    struct kw_printer_row known;
    int code = delivery->ops->identify(uri, &delivery->link_options, counter->identity, &why);
    delivery->identity = counter->identity;
    if (code == 0)
        return;
    counter->unreachable = code;
    snprintf(counter->unreachable_text, sizeof counter->unreachable_text, "%s", why.text);
    counter->identity[0] = 0;
    if (counter->journal && kw_printer_by_uri(counter->journal, uri, counter->arena, &known, &ignored) == 0)
        snprintf(counter->identity, sizeof counter->identity, "%s", known.identity);
}

int kw_counter_aim(struct kw_counter *counter, const struct kw_config_printer *printer, const char *uri,
                   const struct kw_profile *profile, bool profile_fixed, struct kw_error *error)
{
    struct kw_delivery *delivery = &counter->delivery;
    delivery->ops = kw_transport_find(kw_schemes, uri, error);
    if (!delivery->ops)
        return error->code;
    counter->printer = *printer;
    delivery->uri = uri;
    delivery->profile = profile ? profile : kw_profile_find("generic");
    delivery->profile_fixed = profile && profile_fixed;
    delivery->confirm = printer->confirm;
    delivery->shared = printer->shared;
    delivery->drawer_open_is_low = printer->drawer_open_is_low;
    delivery->link_options = kw_link_options_for(counter->context);
    delivery->link_options.usb_quirks = delivery->profile->quirks;
    delivery->clock_unsure = clock_is_unsure();
    find_identity(counter, uri);
    if (counter->unreachable == KWIT_E_INVALID)
        return kw_fail(error, kw_address_blame(printer, uri), uri, "%s", counter->unreachable_text);
    return 0;
}

const char *kw_counter_file_under(const struct kw_counter *counter)
{
    return counter->identity[0] ? counter->identity : counter->delivery.uri;
}

bool kw_counter_is_test(const char *uri)
{
    char path[PATH_MAX];
    struct stat about;
    if (strncmp(uri, "sim:", 4) == 0)
        return true;
    if (uri[0] != '/' && strncmp(uri, "file:", 5) != 0)
        return false;
    if (!kw_address_path(uri, false, path, sizeof path))
        return false;
    if (stat(path, &about) != 0)
        return strncmp(path, "/dev/", 5) != 0;
    return S_ISREG(about.st_mode) || strcmp(path, "/dev/null") == 0;
}
