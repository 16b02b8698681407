/*
 * keyring.c - survey key new, list, rotate, derive, import, export. A key goes to a file with the modes of its duty and
 * is never part of a result; fingerprints tell keys apart.
 */
#include "api/desk.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KID_LIMIT = 31, PRINT_SIZE = 17 };

static int make_directory(struct kw_desk *desk)
{
    char path[KW_KEYS_PATH];
    int code = kw_state_path(desk->state, "keys", path, sizeof path, &desk->error);
    if (code < 0)
        return code;
    mode_t mode = kw_state_is_system(desk->state) ? 02770 : 0700;
    if (mkdir(path, mode) == 0 && chmod(path, mode) == 0)
        return 0;
    return errno == EEXIST ? 0
                           : kw_fail(&desk->error, kw_error_from_errno(errno), path,
                                     "the keys directory cannot be made: %s", strerror(errno));
}

static int check_numbers(struct kw_desk *desk, long long epoch, long long handle)
{
    if (epoch < 0 || epoch >= KID_LIMIT)
        return kw_fail(&desk->error, KWIT_E_USAGE, "--epoch", "a key epoch is a number from 0 to %d", KID_LIMIT - 1);
    if (handle < 0 || handle >= KW_HANDLE_LIMIT)
        return kw_fail(&desk->error, KWIT_E_USAGE, "--handle",
                       "a handle is a number from 0 to %d, given to each till by the "
                       "office",
                       KW_HANDLE_LIMIT - 1);
    return 0;
}

static int write_output(struct kw_desk *desk, const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (file < 0)
        return kw_fail(&desk->error, kw_error_from_errno(errno), path, "the key file cannot be made: %s%s",
                       strerror(errno), errno == EEXIST ? "; keys are never written over, name another file" : "");
    ssize_t length = (ssize_t)strlen(text);
    bool whole = write(file, text, (size_t)length) == length && fsync(file) == 0;
    if (close(file) == 0 && whole)
        return 0;
    unlink(path);
    return kw_fail(&desk->error, KWIT_E_IO, path, "the key file cannot be written");
}

static int install_terminal(struct kw_desk *desk, const struct kw_terminal_key *key)
{
    char text[KW_KEY_TEXT];
    kw_key_text_terminal(key, text);
    int code = kw_state_write(desk->state, "keys/terminal.key", text, strlen(text),
                              kw_state_is_system(desk->state) ? 0640 : 0600, &desk->error);
    kw_key_wipe(text, sizeof text);
    return code;
}

static int keep_epoch(struct kw_desk *desk, uint8_t kid, const uint8_t epoch[KW_KEY_BYTES], const char *output,
                      char path[KW_KEYS_PATH])
{
    char text[KW_KEY_TEXT], name[64];
    snprintf(name, sizeof name, "keys/epoch-%u.key", kid);
    int code = output ? 0 : kw_state_path(desk->state, name, path, KW_KEYS_PATH, &desk->error);
    if (output)
        snprintf(path, KW_KEYS_PATH, "%s", output);
    kw_key_text_epoch(kid, epoch, text);
    if (code == 0)
        code = write_output(desk, path, text);
    kw_key_wipe(text, sizeof text);
    return code;
}

static bool read_key(struct kw_desk *desk, const char *name, struct kw_terminal_key *key)
{
    void *text;
    size_t length;
    struct kw_error ignored;
    return kw_state_read(desk->state, desk->arena, name, 4096, &text, &length, &ignored) == 0
        && kw_key_parse_terminal(text, key, &ignored) == 0;
}

static bool read_epoch(struct kw_desk *desk, long long kid, uint8_t epoch[KW_KEY_BYTES])
{
    char name[64];
    void *text;
    size_t length;
    uint8_t found;
    struct kw_error ignored;
    snprintf(name, sizeof name, "keys/epoch-%lld.key", kid);
    return kw_state_read(desk->state, desk->arena, name, 4096, &text, &length, &ignored) == 0
        && kw_key_parse_epoch(text, &found, epoch, &ignored) == 0 && found == kid;
}

static void tell_key(kwit_result *result, const char *what, const struct kw_terminal_key *key, const char *epoch_file)
{
    struct kw_json json;
    char print[PRINT_SIZE];
    kw_key_print(key->key, print);
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "epoch", key->kid);
    kw_json_integer(&json, "handle", key->handle);
    kw_json_string(&json, "fingerprint", print);
    kw_json_string(&json, "epoch_file", epoch_file);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, "%s: epoch %u, handle %lu, fingerprint %s\n", what, key->kid,
                     (unsigned long)key->handle, print);
    if (epoch_file)
        kw_buffer_format(&result->text,
                         "The key of the epoch is in %s.\nWhoever has it can make invitations for every till: move it "
                         "to "
                         "the office, and keep a copy where a fire does not reach both.\n",
                         epoch_file);
}

/* A new epoch and this till's key in it. */
static int make_epoch(struct kw_desk *desk, uint8_t kid, uint32_t handle, const char *output, const char *what)
{
    uint8_t epoch[KW_KEY_BYTES];
    char path[KW_KEYS_PATH];
    struct kw_terminal_key key = { .kid = kid, .handle = handle };
    int code = make_directory(desk);
    if (code == 0 && kw_key_random(epoch) < 0)
        code = kw_fail(&desk->error, KWIT_E_INTERNAL, "", "no random numbers can be had");
    if (code == 0)
        code = keep_epoch(desk, kid, epoch, output, path);
    if (code == 0) {
        kw_key_derive(epoch, handle, key.key);
        code = install_terminal(desk, &key);
    }
    if (code == 0)
        tell_key(desk->result, what, &key, path);
    kw_key_wipe(epoch, sizeof epoch);
    kw_key_wipe(&key, sizeof key.key);
    return code;
}

static int make_new(struct kw_desk *desk, const struct kwit_key_options *options)
{
    struct kw_terminal_key key;
    if (read_key(desk, "keys/terminal.key", &key))
        return kw_fail(&desk->error, KWIT_E_CONFLICT, "keys/terminal.key",
                       "this till has a key (epoch %u, handle %lu); "
                       "kwit survey key rotate takes its place and keeps the old one for codes already printed",
                       key.kid, (unsigned long)key.handle);
    long long epoch = options->has_epoch ? options->epoch : 0, handle = options->has_handle ? options->handle : 1;
    int code = check_numbers(desk, epoch, handle);
    return code < 0 ? code : make_epoch(desk, (uint8_t)epoch, (uint32_t)handle, options->output, "made");
}

static int retire(struct kw_desk *desk, const struct kw_terminal_key *key)
{
    char text[KW_KEY_TEXT], name[64];
    snprintf(name, sizeof name, "keys/old-%u-%lu.key", key->kid, (unsigned long)key->handle);
    kw_key_text_terminal(key, text);
    int code = kw_state_write(desk->state, name, text, strlen(text), kw_state_is_system(desk->state) ? 0640 : 0600,
                              &desk->error);
    kw_key_wipe(text, sizeof text);
    return code;
}

static int rotate(struct kw_desk *desk, const struct kwit_key_options *options)
{
    struct kw_terminal_key old;
    if (!read_key(desk, "keys/terminal.key", &old))
        return kw_fail(&desk->error, KWIT_E_NOT_FOUND, "keys/terminal.key",
                       "this till has no key to rotate; make one with kwit survey key new");
    long long epoch = options->has_epoch ? options->epoch : (old.kid + 1) % KID_LIMIT;
    long long handle = options->has_handle ? options->handle : (long long)old.handle;
    int code = check_numbers(desk, epoch, handle);
    if (code == 0 && epoch == old.kid && handle == (long long)old.handle)
        code = kw_fail(&desk->error, KWIT_E_USAGE, "--epoch", "epoch %lld with handle %lld is the key in force", epoch,
                       handle);
    if (code == 0)
        code = retire(desk, &old);
    return code < 0 ? code : make_epoch(desk, (uint8_t)epoch, (uint32_t)handle, options->output, "rotated");
}

static int derive(struct kw_desk *desk, const struct kwit_key_options *options)
{
    uint8_t epoch[KW_KEY_BYTES];
    char text[KW_KEY_TEXT];
    if (!options->has_epoch || !options->has_handle || !options->output)
        return kw_fail(&desk->error, KWIT_E_USAGE, "derive",
                       "say --epoch N --handle N -o FILE: the file is the till's key");
    int code = check_numbers(desk, options->epoch, options->handle);
    if (code < 0)
        return code;
    if (!read_epoch(desk, options->epoch, epoch))
        return kw_fail(&desk->error, KWIT_E_NOT_FOUND, "keys",
                       "the key of epoch %lld is not here; bring it with kwit survey key "
                       "import --epoch %lld --hex HEX",
                       options->epoch, options->epoch);
    struct kw_terminal_key key = { .kid = (uint8_t)options->epoch, .handle = (uint32_t)options->handle };
    kw_key_derive(epoch, key.handle, key.key);
    kw_key_text_terminal(&key, text);
    code = write_output(desk, options->output, text);
    if (code == 0)
        tell_key(desk->result, "derived", &key, NULL);
    kw_key_wipe(text, sizeof text);
    kw_key_wipe(epoch, sizeof epoch);
    return code;
}

static int import_key(struct kw_desk *desk, const struct kwit_key_options *options)
{
    struct kw_terminal_key key, old;
    char path[KW_KEYS_PATH];
    int code = make_directory(desk);
    if (code < 0)
        return code;
    if (options->has_handle) {
        code = check_numbers(desk, options->epoch, options->handle);
        if (code == 0 && read_key(desk, "keys/terminal.key", &old))
            code = retire(desk, &old);
    } else
        code = check_numbers(desk, options->has_epoch ? options->epoch : -1, 0);
    if (code == 0 && (!options->hex || !kw_key_parse_hex(options->hex, strlen(options->hex), key.key)))
        code = kw_fail(&desk->error, KWIT_E_USAGE, "--hex", "a key is 64 hexadecimal digits");
    if (code < 0)
        return code;
    key.kid = (uint8_t)options->epoch;
    key.handle = options->has_handle ? (uint32_t)options->handle : 0;
    code = options->has_handle ? install_terminal(desk, &key) : keep_epoch(desk, key.kid, key.key, NULL, path);
    if (code == 0)
        tell_key(desk->result, options->has_handle ? "installed the till's key" : "imported the epoch's key", &key,
                 NULL);
    kw_key_wipe(&key, sizeof key);
    return code;
}

static int export_key(struct kw_desk *desk, const struct kwit_key_options *options)
{
    uint8_t epoch[KW_KEY_BYTES];
    char path[KW_KEYS_PATH];
    if (!options->has_epoch || !options->output)
        return kw_fail(&desk->error, KWIT_E_USAGE, "export", "say --epoch N -o FILE");
    if (!read_epoch(desk, options->epoch, epoch))
        return kw_fail(&desk->error, KWIT_E_NOT_FOUND, "keys", "the key of epoch %lld is not here", options->epoch);
    struct kw_terminal_key key = { .kid = (uint8_t)options->epoch };
    memcpy(key.key, epoch, KW_KEY_BYTES);
    int code = keep_epoch(desk, key.kid, epoch, options->output, path);
    if (code == 0)
        tell_key(desk->result, "exported", &key, path);
    kw_key_wipe(epoch, sizeof epoch);
    return code;
}

static void list_file(struct kw_desk *desk, struct kw_json *json, const char *file)
{
    char name[300], print[PRINT_SIZE];
    struct kw_terminal_key key = { 0 };
    unsigned kid;
    snprintf(name, sizeof name, "keys/%s", file);
    bool terminal = read_key(desk, name, &key), epoch = false;
    if (!terminal && sscanf(file, "epoch-%u.key", &kid) == 1) {
        epoch = read_epoch(desk, kid, key.key);
        key.kid = (uint8_t)kid;
    }
    if (!terminal && !epoch)
        return;
    const char *what = epoch ? "epoch" : strcmp(file, "terminal.key") == 0 ? "in force" : "old";
    kw_key_print(key.key, print);
    kw_json_object(json, NULL);
    kw_json_string(json, "file", file);
    kw_json_string(json, "what", what);
    kw_json_integer(json, "epoch", key.kid);
    if (terminal)
        kw_json_integer(json, "handle", key.handle);
    kw_json_string(json, "fingerprint", print);
    kw_json_end_object(json);
    kw_buffer_format(&desk->result->text, "%-20s %-9s epoch %-3u", file, what, key.kid);
    if (terminal)
        kw_buffer_format(&desk->result->text, " handle %-8lu", (unsigned long)key.handle);
    kw_buffer_format(&desk->result->text, " %s\n", print);
    kw_key_wipe(&key, sizeof key);
}

static int list(struct kw_desk *desk)
{
    char path[KW_KEYS_PATH];
    struct kw_json json;
    struct dirent **entries = NULL;
    int code = kw_state_path(desk->state, "keys", path, sizeof path, &desk->error);
    if (code < 0)
        return code;
    int count = scandir(path, &entries, NULL, alphasort);
    kw_json_init(&json, &desk->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "keys");
    for (int i = 0; i < count; i++) {
        list_file(desk, &json, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    if (desk->result->text.length == 0)
        kw_buffer_text(&desk->result->text, "no keys; kwit survey key new makes this till's first one\n");
    return 0;
}

int kwit_survey_key(kwit_context *context, enum kwit_key_action action, const struct kwit_key_options *options,
                    kwit_result **result)
{
    static const struct kwit_key_options defaults;
    struct kw_desk desk;
    int code = kw_desk_open(context, KW_DESK_STATE, &desk, result);
    options = options ? options : &defaults;
    if (code == 0) {
        switch (action) {
        case KWIT_KEY_NEW: code = make_new(&desk, options); break;
        case KWIT_KEY_LIST: code = list(&desk); break;
        case KWIT_KEY_ROTATE: code = rotate(&desk, options); break;
        case KWIT_KEY_DERIVE: code = derive(&desk, options); break;
        case KWIT_KEY_IMPORT: code = import_key(&desk, options); break;
        case KWIT_KEY_EXPORT: code = export_key(&desk, options); break;
        }
    }
    return kw_desk_close(&desk, code);
}
