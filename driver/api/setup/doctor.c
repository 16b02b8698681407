/*
 * doctor.c - kwit doctor: looks at everything that a sale needs, from the configuration to the paper.
 *
 * Each finding is one sentence and what mends it. Nothing is printed and nothing is changed.
 */
#include "api/setup/doctor.h"

#include "api/call.h"
#include "api/keys.h"
#include "api/result.h"
#include "base/clock.h"
#include "journal/jobs.h"
#include "journal/ledger.h"
#include "journal/retain.h"
#include "state/state.h"

#include <kwit/tool.h>

#include <errno.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { ARENA_CEILING = 16 * 1024 * 1024, DISK_LEAST_MB = 20 };

static const char finding_words[][24] = {
#define FINDING_WORD(name, word) word,
    KW_FINDINGS(FINDING_WORD)
#undef FINDING_WORD
};
static const char *const severity_words[] = { [KW_GOOD] = "good", [KW_NOTE] = "note", [KW_BAD] = "bad" };

/* ---- what needs no printer --------------------------------------------------------------------------------- */

static void check_config(struct kw_doctor *doctor)
{
    const struct kw_config_fault *faults;
    struct kw_error error;
    size_t count;
    if (kw_config_check(doctor->arena, doctor->context->config_file, &doctor->config, &faults, &count, &error) != 0) {
        kw_doctor_bad(doctor, KW_FOUND_CONFIG, error.code, error.code == KWIT_E_PERMISSION
                      ? kw_doctor_let(doctor, "r", error.where) : kw_doctor_call(doctor, "config check"), "%s: %s",
                      error.where, error.text);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        if (faults[i].stops)
            kw_doctor_bad(doctor, KW_FOUND_CONFIG, KWIT_E_CONFIG, kw_doctor_call(doctor, "config check"), "%s: %s",
                          faults[i].where, faults[i].text);
        else
            kw_doctor_mention(doctor, KW_FOUND_CONFIG, kw_doctor_call(doctor, "config check"), "%s: %s",
                              faults[i].where, faults[i].text);
    }
    if (count == 0 && doctor->config.files && *doctor->config.files)
        kw_doctor_good(doctor, KW_FOUND_CONFIG, "the configuration (%s) is in order", *doctor->config.files);
    else if (count == 0)
        kw_doctor_good(doctor, KW_FOUND_CONFIG, "there is no configuration, so every default is in force");
}

static void check_disk(struct kw_doctor *doctor, const char *dir)
{
    struct statvfs disk;
    char mend[KW_TEXT_SIZE];
    if (statvfs(dir, &disk) != 0)
        return;
    uint64_t free_mb = (uint64_t)disk.f_bavail * disk.f_frsize / (1024 * 1024);
    snprintf(mend, sizeof mend, KW_RUN "df -h '%s'   # then make room there", dir);
    if (strchr(dir, '\''))
        snprintf(mend, sizeof mend, "make room there");
    if (free_mb == 0)
        kw_doctor_bad(doctor, KW_FOUND_DISK, KWIT_E_DISK_FULL, mend, "the disk of %s is full, and sales are kept "
                      "there before they print", dir);
    else if (free_mb < DISK_LEAST_MB)
        kw_doctor_mention(doctor, KW_FOUND_DISK, mend, "the disk of %s has only %llu MB left", dir,
                          (unsigned long long)free_mb);
}

/* Where it is lost, nobody notices before an erased sale prints again. */
static void check_erase_key(struct kw_doctor *doctor, struct kw_call *call)
{
    enum kw_erase_key found = KW_ERASE_KEY_NONE;
    if (kw_erase_key_look(call->journal, &found, &call->error) == 0 && found == KW_ERASE_KEY_LOST)
        kw_doctor_mention(doctor, KW_FOUND_STATE, "put keys/erase.key back from a backup of the state directory",
                          "the key for what was erased is gone: a sale whose id was erased would print again, and"
                          " resting customers are asked too soon");
}

/* Nobody may know that something is to go, or that it ought to be gone. */
static void check_retention(struct kw_doctor *doctor, struct kw_call *call)
{
    const struct kw_config_journal *journal = &doctor->config.journal;
    const struct kw_retention retention = { journal->keep_comments_days, journal->keep_days, false };
    const int64_t day_ms = 86400000;
    struct kw_zone *zone = NULL;
    struct kw_retained older;
    if (kw_zone_open(doctor->config.store.timezone, &zone, &call->error) < 0
        && kw_zone_open(NULL, &zone, &call->error) < 0)
        return;
    const struct kw_shop_days days = { zone, doctor->config.store.day_starts_minutes };
    if (kw_retain_look(call->journal, &retention, &days, &older, &call->error) == 0
        && older.sales + older.comments > 0)
        kw_doctor_mention(doctor, KW_FOUND_STATE, older.waits ? "keep_days and keep_comments in [journal] say how long"
                          : kw_doctor_call(doctor, "journal prune"), "%lld sales and %lld comments are older than they"
                          " are to be kept: in %lld days only counts stay of them", (long long)older.sales,
                          (long long)older.comments,
                          older.waits ? (long long)((older.from_ms - kw_clock_wall_ms()) / day_ms + 1) : 0);
    kw_zone_close(zone);
}

/* Only where there is a campaign: a till without one needs no key. A journal (NULL: none) may be behind its key. */
static void check_survey(struct kw_doctor *doctor, struct kw_state *state, struct kw_journal *journal)
{
    struct kw_keys keys;
    char path[KW_KEYS_PATH];
    if (!doctor->config.survey.configured)
        return;
    bool closed = kw_keys_path(state, &doctor->config, path) && access(path, R_OK) != 0 && errno == EACCES;
    bool usable = journal ? kw_keys_check(state, &doctor->config, journal, &keys)
                          : kw_keys_look(state, &doctor->config, &keys);
    if (!usable)
        kw_doctor_mention(doctor, KW_FOUND_SURVEY, closed ? kw_doctor_let(doctor, "r", path)
                          : KW_RUN "kwit survey key --help", "nobody is invited: %s", keys.why);
    else if (keys.exposed[0])
        kw_doctor_mention(doctor, KW_FOUND_SURVEY, "", "%s", keys.exposed);
    else
        kw_doctor_good(doctor, KW_FOUND_SURVEY, "the till's key is there: epoch %u, handle %lu", keys.key.kid,
                       (unsigned long)keys.key.handle);
    kw_key_wipe(&keys, sizeof keys);
}

static bool all_drain_themselves(const struct kw_doctor *doctor)
{
    bool all = true;
    for (size_t i = 0; i < doctor->config.printer_count; i++)
        all = all && doctor->config.printers[i].drain == KW_DRAIN_SELF;
    return all;
}

/* Of every printer: what waits may have been called for another than the one that is looked at. */
static void check_waiting(struct kw_doctor *doctor, struct kw_call *call)
{
    const struct kw_job_filter filter = { .open = true, .unconfirmed = true };
    struct kw_job *jobs;
    size_t count, doubted = 0;
    if (kw_job_list(call->journal, &filter, doctor->arena, &jobs, &count, &call->error) != 0)
        return;
    for (size_t i = 0; i < count; i++)
        doubted += jobs[i].state == KW_JOB_UNCONFIRMED;
    if (count > doubted)
        kw_doctor_mention(doctor, KW_FOUND_WAITING, kw_doctor_call(doctor, "queue list"), "not printed yet: %zu; what "
                          "waits prints %s, what is held when kwit queue retry ID asks for it", count - doubted,
                          all_drain_themselves(doctor) ? "by itself" : "as `drain` says, or with kwit queue flush");
    if (doubted > 0)
        kw_doctor_mention(doctor, KW_FOUND_WAITING, kw_doctor_call(doctor, "queue list"), "in doubt: %zu; look whether "
                          "each came out, then say kwit resolve ID --seen or --missing", doubted);
}

/* One that the configuration puts elsewhere is made by the first sale, which is refused where it cannot be. */
static void check_place(struct kw_doctor *doctor)
{
    const char *path = doctor->config.journal.path;
    char *copy = path ? kw_arena_string(doctor->arena, path) : NULL;
    const char *folder = copy ? dirname(copy) : NULL;
    if (!folder || access(folder, W_OK | X_OK) == 0)
        return;
    int number = errno;
    kw_doctor_bad(doctor, KW_FOUND_STATE, kw_error_from_errno(number),
                  number == EACCES ? kw_doctor_let(doctor, "rwx", folder)
                  : "make its directory, or mount the disk where it is",
                  "%s: the journal cannot be made: %s", path, strerror(number));
}

static void check_journal(struct kw_doctor *doctor, struct kw_state *state)
{
    struct kw_call call;
    int code = kw_doctor_journal(doctor, &call);
    if (code < 0 && code != KWIT_E_NOT_FOUND)
        kw_doctor_bad(doctor, KW_FOUND_STATE, code,
                      code == KWIT_E_PERMISSION ? kw_doctor_let(doctor, "rw", call.error.where)
                                                : "keep the file aside and start anew, or restore it",
                      "%s: %s", call.error.where, call.error.text);
    if (code == KWIT_E_NOT_FOUND)
        check_place(doctor);
    if (code == 0)
        kw_call_tell_lost(&call);
    if (code == 0)
        check_erase_key(doctor, &call);
    if (code == 0)
        check_retention(doctor, &call);
    if (code == 0)
        check_waiting(doctor, &call);
    for (size_t i = 0; i < call.warnings.count; i++)
        kw_doctor_mention(doctor, KW_FOUND_STATE, "", "%s", call.warnings.items[i].text);
    check_survey(doctor, state, code == 0 ? call.journal : NULL);
    kw_call_close(&call);
}

static void check_state(struct kw_doctor *doctor)
{
    struct kw_state *state = NULL;
    struct kw_error error;
    char command[KW_TEXT_SIZE], mend[KW_TEXT_SIZE + sizeof KW_RUN];
    int code = kw_state_open(doctor->context->state_dir, &state, &error);
    if (code != 0) {
        bool runs = code == KWIT_E_PERMISSION && kw_state_mend(error.where, command, sizeof command);
        snprintf(mend, sizeof mend, "%s%s", runs ? KW_RUN : "", runs ? command : "");
        kw_doctor_bad(doctor, KW_FOUND_STATE, code, mend, "the state directory %s cannot be used: %s",
                      error.where, error.text);
        return;
    }
    kw_doctor_good(doctor, KW_FOUND_STATE, "sales are kept in %s",
                   doctor->config.journal.path ? doctor->config.journal.path : kw_state_dir(state));
    check_disk(doctor, kw_state_dir(state));
    check_journal(doctor, state);
    kw_state_close(state);
}

/* A receipt with a date before this program existed is worth nothing to a tax office. */
static void check_clock(struct kw_doctor *doctor)
{
    enum { EARLIEST_YEAR = 2025 };
    int year, month, day;
    kw_days_to_civil(kw_clock_wall_ms() / 86400000, &year, &month, &day);
    if (year < EARLIEST_YEAR)
        kw_doctor_bad(doctor, KW_FOUND_CLOCK, KWIT_E_UNAVAILABLE, KW_RUN "sudo timedatectl set-ntp true",
                      "the clock of this machine is not set: it says %04d-%02d-%02d", year, month, day);
}

/* ---- the printer ------------------------------------------------------------------------------------------- */

static bool is_address(const char *text)
{
    return text[0] == '/' || strchr(text, ':') != NULL;
}

/* An address that the configuration says wrongly is told with its file and line. */
static void note_address(struct kw_doctor *doctor, const struct kw_error *error)
{
    struct kw_config_entry entry;
    for (size_t i = 0; kw_config_entry(&doctor->config, i, &entry); i++) {
        if (strcmp(entry.key, "uri") == 0 && strcmp(entry.value, doctor->uri) == 0) {
            kw_doctor_bad(doctor, KW_FOUND_CONFIG, KWIT_E_CONFIG, kw_doctor_call(doctor, "config check"), "%s: %s",
                          entry.origin, error->text);
            return;
        }
    }
    kw_doctor_bad(doctor, KW_FOUND_CONFIG, error->code, KW_RUN "kwit devices", "%s: %s", error->where, error->text);
}

static bool choose_printer(struct kw_doctor *doctor, const char *wanted)
{
    const struct kw_config_printer *found = NULL;
    struct kw_error error;
    if (!wanted || !is_address(wanted))
        found = kw_config_find_printer(&doctor->config, wanted);
    if (wanted && !is_address(wanted) && !found) {
        kw_doctor_bad(doctor, KW_FOUND_CONFIG, KWIT_E_NO_PRINTER, kw_doctor_call(doctor, "config show"),
                      "no printer is called %s", wanted);
        return false;
    }
    for (size_t i = 0; !found && i < doctor->config.printer_count; i++)
        if (doctor->config.printers[i].uri && strcmp(doctor->config.printers[i].uri, wanted) == 0)
            found = &doctor->config.printers[i];
    if (found)
        doctor->printer = *found;
    doctor->uri = found && found->uri ? found->uri : wanted && is_address(wanted) ? wanted : "usb:";
    if (doctor->printer.profile) {
        doctor->profile = kw_profile_named(doctor->arena, doctor->printer.profile);
        doctor->profile_named = doctor->profile != NULL;
    }
    doctor->ops = kw_transport_find(kw_schemes, doctor->uri, &error);
    if (!doctor->ops)
        note_address(doctor, &error);
    return doctor->ops != NULL;
}

static void examine(struct kw_doctor *doctor, const char *printer)
{
    check_config(doctor);
    check_state(doctor);
    check_clock(doctor);
    if (!doctor->config.printers || !choose_printer(doctor, printer))
        return;
    bool before = doctor->bad;
    doctor->bad = false;
    if (strcmp(doctor->ops->scheme, "usb") == 0)
        kw_doctor_usb(doctor);
    if (!doctor->bad)
        kw_doctor_printer(doctor);
    doctor->bad = doctor->bad || before;
}

/* ---- the report -------------------------------------------------------------------------------------------- */

static void write_json(const struct kw_doctor *doctor, struct kw_json *json)
{
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
    kw_json_bool(json, "ok", !doctor->bad);
    kw_json_object(json, "printer");
    kw_json_string(json, "uri", doctor->uri);
    kw_json_string(json, "profile", doctor->profile ? kw_profile_name(doctor->profile) : NULL);
    kw_json_end_object(json);
    kw_json_array(json, "findings");
    for (size_t i = 0; i < doctor->count; i++) {
        const struct kw_symptom *symptom = &doctor->symptoms[i];
        kw_json_object(json, NULL);
        kw_json_string(json, "check", finding_words[symptom->finding]);
        kw_json_string(json, "level", severity_words[symptom->severity]);
        kw_json_string(json, "reason", symptom->severity == KW_BAD ? kwit_error_word(symptom->code) : NULL);
        kw_json_string(json, "text", symptom->text);
        kw_json_string(json, "mend", symptom->mend[0] ? symptom->mend : NULL);
        kw_json_bool(json, "runs", symptom->runs);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
    kw_json_end_object(json);
}

static int write_report(const struct kw_doctor *doctor, kwit_result *result)
{
    struct kw_json json;
    int code = 0;
    kw_json_init(&json, &result->json);
    write_json(doctor, &json);
    for (size_t i = 0; i < doctor->count; i++) {
        const struct kw_symptom *symptom = &doctor->symptoms[i];
        kw_buffer_format(&result->text, "%-5s %s\n", severity_words[symptom->severity], symptom->text);
        if (symptom->mend[0] && symptom->severity != KW_GOOD)
            kw_buffer_format(&result->text, "      %s: %s\n", symptom->runs ? "mend" : "do", symptom->mend);
        if (symptom->severity == KW_BAD && code == 0)
            code = symptom->code;
    }
    if (code == 0)
        kw_buffer_format(&result->text, "a sale would print on %s\n", doctor->uri);
    return kw_result_finish(result, code);
}

int kwit_doctor_run(kwit_context *context, const char *printer, kwit_result **result)
{
    struct kw_doctor doctor = { .context = context, .arena = kw_arena_new(ARENA_CEILING) };
    const struct kw_error no_memory = { .code = KWIT_E_NO_MEMORY, .text = "out of memory" };
    int code = KWIT_E_NO_MEMORY;
    *result = kw_result_new();
    if (doctor.arena)
        examine(&doctor, printer);
    if (!doctor.arena || doctor.no_memory)
        kw_result_fail(*result, &no_memory);
    else
        code = write_report(&doctor, *result);
    kw_arena_free(doctor.arena);
    return code;
}
