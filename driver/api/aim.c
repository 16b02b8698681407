/* aim.c - from a printer's name or address to its transport, identity and settings. */
#include "api/call.h"

#include "api/usb_rows.h"
#include "transport/address.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/timex.h>

/* Until something sets the clock, the time of day after a boot is only a guess. */
static bool clock_is_unsure(void)
{
    struct timex state = { 0 };
    return adjtimex(&state) == TIME_ERROR;
}

static void find_identity(struct kw_call *call, const char *uri)
{
    struct kw_delivery *delivery = &call->delivery;
    struct kw_error why = { 0 }, ignored;
    struct kw_printer_row known;
    call->unreachable = 0;
    int code = delivery->ops->identify(uri, &delivery->link_options, call->identity, &why);
    delivery->identity = call->identity;
    if (code == 0)
        return;
    call->unreachable = code;
    snprintf(call->unreachable_text, sizeof call->unreachable_text, "%s", why.text);
    call->identity[0] = 0;
    if (call->journal && kw_printer_by_uri(call->journal, uri, call->arena, &known, &ignored) == 0)
        snprintf(call->identity, sizeof call->identity, "%s", known.identity);
}

int kw_call_aim_at(struct kw_call *call, const struct kw_config_printer *printer, const char *uri,
                   const struct kw_profile *profile, bool profile_fixed)
{
    struct kw_delivery *delivery = &call->delivery;
    delivery->ops = kw_transport_find(kw_schemes, uri, &call->error);
    if (!delivery->ops)
        return call->error.code;
    call->printer = *printer;
    delivery->uri = uri;
    delivery->profile = profile ? profile : kw_profile_find("generic");
    delivery->profile_fixed = profile && profile_fixed;
    delivery->confirm = printer->confirm;
    delivery->shared = printer->shared;
    delivery->drawer_open_is_low = printer->drawer_open_is_low;
    delivery->link_options = kw_link_options_for(call->context);
    delivery->link_options.usb_quirks = delivery->profile->quirks;
    delivery->clock_unsure = clock_is_unsure();
    find_identity(call, uri);
    if (call->unreachable == KWIT_E_INVALID)
        return kw_fail(&call->error, kw_address_blame(printer, uri), uri, "%s", call->unreachable_text);
    return 0;
}

static int aim_with(struct kw_call *call, const struct kw_config_printer *settings, const char *uri)
{
    const struct kw_profile *profile = settings->profile ? kw_profile_named(call->arena, settings->profile) : NULL;
    return kw_call_aim_at(call, settings, uri, profile, profile != NULL);
}

int kw_call_aim(struct kw_call *call, const char *printer)
{
    struct kw_config_printer settings;
    const char *uri;
    int code = kw_printer_choose(&call->config, printer, &settings, &uri, &call->error);
    return code < 0 ? code : aim_with(call, &settings, uri);
}

static const struct kw_config_printer *named(const struct kw_config *config, const char *name)
{
    for (size_t i = 0; name[0] && i < config->printer_count; i++)
        if (strcmp(config->printers[i].name, name) == 0)
            return &config->printers[i];
    return NULL;
}

/* A printer of the configuration is found by its name, wherever it is plugged in by now. */
int kw_call_aim_job(struct kw_call *call, const struct kw_job *job)
{
    const struct kw_config_printer *found = named(&call->config, job->printer_name);
    const struct kw_profile *own = kw_profile_named(call->arena, job->profile);
    int code = found ? aim_with(call, found, found->uri ? found->uri : job->uri) : kw_call_aim(call, job->uri);
    if (code == 0 && !call->delivery.profile_fixed && own)
        call->delivery.profile = own;
    return code;
}

/* Not while somebody is at it: who holds the lock of the printer that it waits for may have begun. */
static int bring_here(struct kw_call *call, const struct kw_job *stray)
{
    struct kw_lock *lock;
    struct kw_error busy;
    if (kw_state_lock(call->state, stray->printer, 0, &lock, &busy) < 0)
        return 0;
    int code = kw_journal_begin(call->journal, KW_SOON, &call->error);
    if (code == 0)
        code = kw_journal_end(call->journal, kw_job_refile(call->journal, stray, kw_call_file_under(call),
                                                           call->delivery.uri, &call->error), &call->error);
    kw_state_unlock(lock);
    return code;
}

int kw_call_follow(struct kw_call *call, const char *terminal)
{
    struct kw_job *strays;
    size_t count;
    const char *name = call->printer.name;
    if (!name || !name[0])
        return 0;
    int code = kw_job_list_strays(call->journal, name, call->delivery.uri, terminal, call->arena, &strays, &count,
                                  &call->error);
    for (size_t i = 0; code == 0 && i < count; i++)
        code = bring_here(call, &strays[i]);
    return code;
}

const char *kw_call_printer_of(const struct kw_call *call, const struct kw_job *job)
{
    return named(&call->config, job->printer_name) ? job->printer_name : job->uri;
}

const char *kw_call_file_under(const struct kw_call *call)
{
    return call->identity[0] ? call->identity : call->delivery.uri;
}

bool kw_address_is_test(const char *uri)
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
