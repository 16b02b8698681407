/*
 * keyring.c - survey key new, list, rotate, derive, import, export. A key goes to a file with the modes of its duty and
 * is never part of a result; fingerprints tell keys apart.
 */
#include "api/touch/touch.h"

#include "base/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KID_LIMIT = 31, PRINT_SIZE = 17 };
static const char BLANKS[] = " \t\r\n";

static int make_directory(struct kw_touch *call)
{
    char path[KW_KEYS_PATH];
    int code = kw_state_path(call->state, "keys", path, sizeof path, &call->error);
    if (code < 0)
        return code;
    int number = kw_file_make_folder(path);
    return number == 0 ? 0
                       : kw_fail(&call->error, kw_error_from_errno(number), path,
                                 "the keys directory cannot be made: %s", strerror(number));
}

static int check_numbers(struct kw_touch *call, long long epoch, long long handle)
{
    if (epoch < 0 || epoch >= KID_LIMIT)
        return kw_fail(&call->error, KWIT_E_USAGE, "--epoch", "a key epoch is a number from 0 to %d", KID_LIMIT - 1);
    if (handle < 0 || handle >= KW_HANDLE_LIMIT)
        return kw_fail(&call->error, KWIT_E_USAGE, "--handle",
                       "a handle is a number from 0 to %d, given to each till by the "
                       "office",
                       KW_HANDLE_LIMIT - 1);
    return 0;
}

/* What lies in the state is its owner's; what is brought out stays whose command it was. */
static int write_output(struct kw_touch *call, const char *path, const char *text, bool in_state)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return kw_fail(&call->error, kw_error_from_errno(errno), path, "the key file cannot be made: %s%s",
                       strerror(errno), errno == EEXIST ? "; keys are never written over, name another file" : "");
    ssize_t length = (ssize_t)strlen(text);
    bool whole = (!in_state || kw_file_hand_over(file, path) == 0) && write(file, text, (size_t)length) == length
        && fsync(file) == 0;
    if (close(file) == 0 && whole)
        return 0;
    unlink(path);
    return kw_fail(&call->error, KWIT_E_IO, path, "the key file cannot be written");
}

/* Whole or not at all, beside what it takes the place of. */
static int write_over(struct kw_touch *call, const char *path, const char *text, mode_t mode)
{
    char passing[KW_KEYS_PATH + 32];
    snprintf(passing, sizeof passing, "%s.%ld", path, (long)getpid());
    int code = write_output(call, passing, text, false);
    if (code == 0 && (chmod(passing, mode) != 0 || rename(passing, path) != 0)) {
        code = kw_fail(&call->error, kw_error_from_errno(errno), path, "the key file cannot be put there: %s",
                       strerror(errno));
        unlink(passing);
    }
    return code;
}

/* Where a print looks for it. */
static int install_terminal(struct kw_touch *call, const struct kw_terminal_key *key)
{
    char text[KW_KEY_TEXT];
    mode_t mode = kw_state_is_of_group(call->state) ? 0640 : 0600;
    kw_key_text_terminal(key, text);
    int code = call->config.survey.key_file ? write_over(call, call->config.survey.key_file, text, mode)
        : kw_state_write(call->state, "keys/terminal.key", text, strlen(text), (int)mode, &call->error);
    kw_key_wipe(text, sizeof text);
    return code;
}

static const char *key_place(const struct kw_touch *call)
{
    return call->config.survey.key_file ? call->config.survey.key_file : "keys/terminal.key";
}

/* The key that a print would use. */
static bool read_in_force(struct kw_touch *call, struct kw_terminal_key *key)
{
    char path[KW_KEYS_PATH];
    return kw_keys_path(call->state, &call->config, path) && kw_keys_read(path, key);
}

static int keep_epoch(struct kw_touch *call, uint8_t kid, const uint8_t epoch[KW_KEY_BYTES], const char *output,
                      char path[KW_KEYS_PATH])
{
    char text[KW_KEY_TEXT], name[64];
    snprintf(name, sizeof name, "keys/epoch-%u.key", kid);
    int code = output ? 0 : kw_state_path(call->state, name, path, KW_KEYS_PATH, &call->error);
    if (output)
        snprintf(path, KW_KEYS_PATH, "%s", output);
    kw_key_text_epoch(kid, epoch, text);
    if (code == 0)
        code = write_output(call, path, text, !output);
    kw_key_wipe(text, sizeof text);
    return code;
}

static bool read_key(struct kw_touch *call, const char *name, struct kw_terminal_key *key)
{
    void *text;
    size_t length;
    struct kw_error ignored;
    if (kw_state_read(call->state, call->arena, name, 4096, &text, &length, &ignored) < 0)
        return false;
    bool read = kw_key_parse_terminal(text, key, &ignored) == 0;
    kw_key_wipe(text, length);
    return read;
}

static bool read_epoch(struct kw_touch *call, long long kid, uint8_t epoch[KW_KEY_BYTES])
{
    char name[64];
    void *text;
    size_t length;
    uint8_t found;
    struct kw_error ignored;
    snprintf(name, sizeof name, "keys/epoch-%lld.key", kid);
    if (kw_state_read(call->state, call->arena, name, 4096, &text, &length, &ignored) < 0)
        return false;
    bool read = kw_key_parse_epoch(text, &found, epoch, &ignored) == 0 && found == kid;
    kw_key_wipe(text, length);
    return read;
}

static void begin_telling(kwit_result *result, struct kw_json *json, const char *what, const uint8_t key[KW_KEY_BYTES],
                          unsigned kid)
{
    kw_json_init(json, &result->json);
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
    kw_json_integer(json, "epoch", kid);
    kw_buffer_format(&result->text, "%s: epoch %u", what, kid);
    char print[PRINT_SIZE];
    kw_key_print(key, print);
    kw_json_string(json, "fingerprint", print);
    kw_buffer_format(&result->text, ", fingerprint %s", print);
}

/* A till's key, and where that of its epoch was put, if it was. */
static void tell_terminal(kwit_result *result, const char *what, const struct kw_terminal_key *key,
                          const char *epoch_file)
{
    struct kw_json json;
    begin_telling(result, &json, what, key->key, key->kid);
    kw_json_integer(&json, "handle", key->handle);
    kw_json_string(&json, "epoch_file", epoch_file);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, ", handle %lu\n", (unsigned long)key->handle);
    if (epoch_file)
        kw_buffer_format(&result->text,
                         "The key of the epoch is in %s. Whoever has it can make invitations for every till: move it "
                         "to the office, and keep a copy where a fire does not reach both.\n"
                         "Every other till of the shop gets its key from it, under a handle of its own:\n"
                         "  kwit survey key derive --epoch %u --handle N -o FILE     and at that till\n"
                         "  kwit survey key import FILE\n", epoch_file, key->kid);
}

static void tell_epoch(kwit_result *result, const char *what, const uint8_t key[KW_KEY_BYTES], unsigned kid,
                       const char *file)
{
    struct kw_json json;
    begin_telling(result, &json, what, key, kid);
    kw_json_string(&json, "epoch_file", file);
    kw_json_end_object(&json);
    kw_buffer_byte(&result->text, '\n');
}

/* A new epoch and this till's key in it. */
static int make_epoch(struct kw_touch *call, uint8_t kid, uint32_t handle, const char *output, const char *what)
{
    uint8_t epoch[KW_KEY_BYTES];
    char path[KW_KEYS_PATH];
    struct kw_terminal_key key = { .kid = kid, .handle = handle };
    int code = make_directory(call);
    if (code == 0 && kw_key_random(epoch) < 0)
        code = kw_fail(&call->error, KWIT_E_INTERNAL, "", "no random numbers can be had");
    if (code == 0)
        code = keep_epoch(call, kid, epoch, output, path);
    if (code == 0) {
        kw_key_derive(epoch, handle, key.key);
        code = install_terminal(call, &key);
    }
    if (code == 0)
        tell_terminal(call->result, what, &key, path);
    kw_key_wipe(epoch, sizeof epoch);
    kw_key_wipe(&key, sizeof key.key);
    return code;
}

static int make_new(struct kw_touch *call, const struct kwit_key_options *options)
{
    struct kw_terminal_key key;
    if (read_in_force(call, &key))
        return kw_fail(&call->error, KWIT_E_CONFLICT, key_place(call),
                       "this till has a key (epoch %u, handle %lu); "
                       "kwit survey key rotate takes its place and keeps the old one for codes already printed",
                       key.kid, (unsigned long)key.handle);
    long long epoch = options->has_epoch ? options->epoch : 0, handle = options->has_handle ? options->handle : 1;
    int code = check_numbers(call, epoch, handle);
    return code < 0 ? code : make_epoch(call, (uint8_t)epoch, (uint32_t)handle, options->output, "made");
}

static int retire(struct kw_touch *call, const struct kw_terminal_key *key)
{
    char text[KW_KEY_TEXT], name[64];
    snprintf(name, sizeof name, "keys/old-%u-%lu.key", key->kid, (unsigned long)key->handle);
    kw_key_text_terminal(key, text);
    int code = kw_state_write(call->state, name, text, strlen(text), kw_state_is_of_group(call->state) ? 0640 : 0600,
                              &call->error);
    kw_key_wipe(text, sizeof text);
    return code;
}

/* Every till's key can be made of an epoch's, which is for who made it: to others it is not missing but closed. */
static int fail_closed(struct kw_touch *call, long long kid, int code)
{
    char name[64], path[KW_KEYS_PATH];
    snprintf(name, sizeof name, "keys/epoch-%lld.key", kid);
    if (kw_state_path(call->state, name, path, sizeof path, NULL) < 0 || access(path, F_OK) != 0 ||
        access(path, R_OK) == 0)
        return code;
    return kw_fail(&call->error, KWIT_E_PERMISSION, path, "the key of epoch %lld is for who made it and root alone; "
                   "call this with sudo", kid);
}

static int rotate(struct kw_touch *call, const struct kwit_key_options *options)
{
    struct kw_terminal_key old;
    uint8_t old_epoch[KW_KEY_BYTES];
    if (!read_in_force(call, &old))
        return kw_fail(&call->error, KWIT_E_NOT_FOUND, key_place(call),
                       "this till has no key to rotate; its own is brought in by kwit survey key import FILE, and a shop's "
                       "first one made by kwit survey key new");
    long long epoch = options->has_epoch ? options->epoch : (old.kid + 1) % KID_LIMIT;
    long long handle = options->has_handle ? options->handle : (long long)old.handle;
    int code = check_numbers(call, epoch, handle);
    if (code == 0 && epoch == old.kid && handle == (long long)old.handle)
        code = kw_fail(&call->error, KWIT_E_USAGE, "--epoch", "epoch %lld with handle %lld is the key in force", epoch,
                       handle);
    if (code == 0 && !read_epoch(call, old.kid, old_epoch)) {
        code = kw_fail(&call->error, KWIT_E_NOT_FOUND, "keys",
                       "the key of epoch %u is not here, so a new epoch is the office's to make: there run kwit survey "
                       "key rotate, then kwit survey key derive --epoch %lld --handle %lld -o FILE; bring FILE here with "
                       "kwit survey key import FILE", old.kid, epoch, handle);
        code = fail_closed(call, old.kid, code);
    }
    kw_key_wipe(old_epoch, sizeof old_epoch);
    if (code == 0)
        code = retire(call, &old);
    kw_key_wipe(&old, sizeof old);
    return code < 0 ? code : make_epoch(call, (uint8_t)epoch, (uint32_t)handle, options->output, "rotated");
}

static int derive(struct kw_touch *call, const struct kwit_key_options *options)
{
    uint8_t epoch[KW_KEY_BYTES];
    char text[KW_KEY_TEXT];
    if (!options->has_epoch || !options->has_handle || !options->output)
        return kw_fail(&call->error, KWIT_E_USAGE, "derive",
                       "say --epoch N --handle N -o FILE: the file is the till's key");
    int code = check_numbers(call, options->epoch, options->handle);
    if (code < 0)
        return code;
    if (!read_epoch(call, options->epoch, epoch)) {
        code = kw_fail(&call->error, KWIT_E_NOT_FOUND, "keys",
                       "the key of epoch %lld is not here; bring its file with kwit survey key import FILE",
                       options->epoch);
        return fail_closed(call, options->epoch, code);
    }
    struct kw_terminal_key key = { .kid = (uint8_t)options->epoch, .handle = (uint32_t)options->handle };
    kw_key_derive(epoch, key.handle, key.key);
    kw_key_text_terminal(&key, text);
    code = write_output(call, options->output, text, false);
    if (code == 0)
        tell_terminal(call->result, "derived", &key, NULL);
    kw_key_wipe(text, sizeof text);
    kw_key_wipe(epoch, sizeof epoch);
    return code;
}

/* What is brought in: a till's key or an epoch's. */
struct brought {
    struct kw_terminal_key key;
    bool terminal;
};

/* Bare digits are what --epoch and --handle say they are. */
static int read_digits(struct kw_touch *call, const struct kwit_key_options *options, const char *digits,
                       struct brought *brought)
{
    digits += strspn(digits, BLANKS);
    if (!kw_key_parse_hex(digits, strcspn(digits, BLANKS), brought->key.key))
        return kw_fail(&call->error, KWIT_E_USAGE, "import",
                       "a key is a file that derive or export made, or 64 hexadecimal digits");
    if (!options->has_epoch)
        return kw_fail(&call->error, KWIT_E_USAGE, "--epoch",
                       "bare digits need --epoch N, and for a till's key --handle N");
    int code = check_numbers(call, options->epoch, options->has_handle ? options->handle : 0);
    brought->terminal = options->has_handle;
    brought->key.kid = (uint8_t)options->epoch;
    brought->key.handle = options->has_handle ? (uint32_t)options->handle : 0;
    return code;
}

static int read_brought(struct kw_touch *call, const struct kwit_key_options *options, struct brought *brought)
{
    struct kw_error ignored;
    *brought = (struct brought){ .terminal = false };
    if (!options->text && !options->hex)
        return kw_fail(&call->error, KWIT_E_USAGE, "import",
                       "say the key's file, - for standard input, or --hex with --epoch (and --handle)");
    if (!options->text)
        return read_digits(call, options, options->hex, brought);
    brought->terminal = kw_key_parse_terminal(options->text, &brought->key, &ignored) == 0;
    if (!brought->terminal
        && kw_key_parse_epoch(options->text, &brought->key.kid, brought->key.key, &ignored) < 0)
        return read_digits(call, options, options->text, brought);
    if ((options->has_epoch && options->epoch != brought->key.kid)
        || (options->has_handle && (!brought->terminal || options->handle != (long long)brought->key.handle)))
        return kw_fail(&call->error, KWIT_E_USAGE, "import", "this file has another key than --epoch and --handle say");
    return 0;
}

static int refuse_other_key(struct kw_touch *call, const struct kw_terminal_key *here)
{
    char print[PRINT_SIZE];
    kw_key_print(here->key, print);
    return kw_fail(&call->error, KWIT_E_CONFLICT, "keys", "another key of the same epoch and handle is here already "
                   "(fingerprint %s), and codes are printed with it; a new key takes a new epoch", print);
}

/* Whether `here` is the same key; another one with the same numbers is a conflict. */
static int compare(struct kw_touch *call, const struct kw_terminal_key *here, const struct kw_terminal_key *key,
                   bool *same)
{
    bool numbers = here->kid == key->kid && here->handle == key->handle;
    *same = numbers && memcmp(here->key, key->key, KW_KEY_BYTES) == 0;
    return numbers && !*same ? refuse_other_key(call, here) : 0;
}

static int bring_terminal(struct kw_touch *call, const struct kw_terminal_key *key)
{
    struct kw_terminal_key here;
    bool same = false, any = read_in_force(call, &here);
    int code = any ? compare(call, &here, key, &same) : 0;
    if (code == 0 && any && !same)
        code = retire(call, &here);
    if (code == 0 && !same)
        code = install_terminal(call, key);
    kw_key_wipe(&here, sizeof here);
    if (code == 0)
        tell_terminal(call->result, same ? "this till has that key already" : "installed the till's key", key, NULL);
    return code;
}

static int bring_epoch(struct kw_touch *call, const struct kw_terminal_key *key)
{
    struct kw_terminal_key here = { .kid = key->kid };
    char path[KW_KEYS_PATH];
    bool same = false, any = read_epoch(call, key->kid, here.key);
    int code = any ? compare(call, &here, key, &same) : 0;
    if (code == 0 && !any)
        code = keep_epoch(call, key->kid, key->key, NULL, path);
    kw_key_wipe(&here, sizeof here);
    if (code == 0)
        tell_epoch(call->result, same ? "that key is here already" : "imported the epoch's key", key->key, key->kid,
                   NULL);
    return code;
}

static int import_key(struct kw_touch *call, const struct kwit_key_options *options)
{
    struct brought brought;
    int code = read_brought(call, options, &brought);
    if (code == 0)
        code = make_directory(call);
    if (code == 0)
        code = brought.terminal ? bring_terminal(call, &brought.key) : bring_epoch(call, &brought.key);
    kw_key_wipe(&brought, sizeof brought);
    return code;
}

static int export_key(struct kw_touch *call, const struct kwit_key_options *options)
{
    uint8_t epoch[KW_KEY_BYTES];
    char path[KW_KEYS_PATH];
    if (!options->has_epoch || !options->output)
        return kw_fail(&call->error, KWIT_E_USAGE, "export", "say --epoch N -o FILE");
    int code = check_numbers(call, options->epoch, 0);
    if (code < 0)
        return code;
    if (!read_epoch(call, options->epoch, epoch)) {
        code = kw_fail(&call->error, KWIT_E_NOT_FOUND, "keys", "the key of epoch %lld is not here", options->epoch);
        return fail_closed(call, options->epoch, code);
    }
    code = keep_epoch(call, (uint8_t)options->epoch, epoch, options->output, path);
    if (code == 0)
        tell_epoch(call->result, "exported", epoch, (unsigned)options->epoch, path);
    kw_key_wipe(epoch, sizeof epoch);
    return code;
}

static void list_key(struct kw_touch *call, struct kw_json *json, const char *file, const char *what,
                     struct kw_terminal_key *key, bool terminal)
{
    char print[PRINT_SIZE];
    kw_key_print(key->key, print);
    kw_json_object(json, NULL);
    kw_json_string(json, "file", file);
    kw_json_string(json, "what", what);
    kw_json_integer(json, "epoch", key->kid);
    if (terminal)
        kw_json_integer(json, "handle", key->handle);
    kw_json_string(json, "fingerprint", print);
    kw_json_end_object(json);
    kw_buffer_format(&call->result->text, "%-20s %-9s epoch %-3u", file, what, key->kid);
    if (terminal)
        kw_buffer_format(&call->result->text, " handle %-8lu", (unsigned long)key->handle);
    kw_buffer_format(&call->result->text, " %s\n", print);
    kw_key_wipe(key, sizeof *key);
}

static void list_file(struct kw_touch *call, struct kw_json *json, const char *file)
{
    char name[300];
    struct kw_terminal_key key = { 0 };
    unsigned kid;
    snprintf(name, sizeof name, "keys/%s", file);
    bool terminal = read_key(call, name, &key), epoch = false;
    if (!terminal && sscanf(file, "epoch-%u.key", &kid) == 1) {
        epoch = read_epoch(call, kid, key.key);
        key.kid = (uint8_t)kid;
    }
    if (terminal || epoch)
        list_key(call, json, file, epoch ? "epoch" : strcmp(file, "terminal.key") != 0 ? "old"
                 : call->config.survey.key_file ? "unused" : "in force", &key, terminal);
}

static int list(struct kw_touch *call)
{
    char path[KW_KEYS_PATH];
    struct kw_json json;
    struct kw_terminal_key key;
    struct dirent **entries = NULL;
    int code = kw_state_path(call->state, "keys", path, sizeof path, &call->error);
    if (code < 0)
        return code;
    int count = scandir(path, &entries, NULL, alphasort);
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "keys");
    if (call->config.survey.key_file && read_in_force(call, &key))
        list_key(call, &json, call->config.survey.key_file, "in force", &key, true);
    for (int i = 0; i < count; i++) {
        list_file(call, &json, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    if (call->result->text.length == 0)
        kw_buffer_text(&call->result->text, "no keys; kwit survey key new makes this till's first one\n");
    struct kw_keys in_force;
    if (kw_keys_look(call->state, &call->config, &in_force) && in_force.exposed[0])
        kw_buffer_format(&call->result->text, "%s\n", in_force.exposed);
    kw_key_wipe(&in_force, sizeof in_force);
    return 0;
}

int kwit_survey_key(kwit_context *context, enum kwit_key_action action, const struct kwit_key_options *options,
                    kwit_result **result)
{
    static const struct kwit_key_options defaults;
    struct kw_touch call;
    int code = kw_touch_open(context, KW_TOUCH_STATE, &call, result);
    options = options ? options : &defaults;
    if (code == 0) {
        switch (action) {
        case KWIT_KEY_NEW: code = make_new(&call, options); break;
        case KWIT_KEY_LIST: code = list(&call); break;
        case KWIT_KEY_ROTATE: code = rotate(&call, options); break;
        case KWIT_KEY_DERIVE: code = derive(&call, options); break;
        case KWIT_KEY_IMPORT: code = import_key(&call, options); break;
        case KWIT_KEY_EXPORT: code = export_key(&call, options); break;
        }
    }
    return kw_touch_close(&call, code);
}
