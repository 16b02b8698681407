/* keys.c - key files and claims: which key a print may use. */
#include "api/keys.h"

#include "base/digits.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT = 512 };
#define KIND "svt1-claim"

/* The whole of a small file as text; false when there is none, or it is too long. */
static bool read_text(const char *path, char out[FILE_LIMIT])
{
    struct stat about;
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (file < 0)
        return false;
    /* A pipe in the place of a key would be waited for. */
    ssize_t length = fstat(file, &about) == 0 && S_ISREG(about.st_mode) ? read(file, out, FILE_LIMIT - 1) : -1;
    close(file);
    out[length > 0 ? length : 0] = 0;
    return length > 0 && length < FILE_LIMIT - 1;
}

static bool write_new(const char *path, const char *text, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (file < 0)
        return false;
    ssize_t length = (ssize_t)strlen(text);
    bool whole = fchmod(file, mode) == 0 && write(file, text, (size_t)length) == length && fsync(file) == 0;
    return close(file) == 0 && whole;
}

/* The next word, as much of it as there is room for; *at is behind it then. False: there is none. */
static bool take_word(const char **at, char *out, size_t size)
{
    const char *word = *at + strspn(*at, " \n");
    const size_t length = strcspn(word, " \n"), kept = length < size ? length : size - 1;
    memcpy(out, word, kept);
    out[kept] = 0;
    *at = word + length;
    return length > 0;
}

static bool take_number(const char **at, unsigned long long *out)
{
    char *end;
    *out = strtoull(*at, &end, 10);
    const bool is_one = end != *at;
    *at = end;
    return is_one;
}

static void machine_id(char out[KW_CLAIM_MACHINE])
{
    char text[FILE_LIMIT];
    const char *at = text;
    if (!read_text("/etc/machine-id", text) || !take_word(&at, out, KW_CLAIM_MACHINE))
        snprintf(out, KW_CLAIM_MACHINE, "unknown");
}

/* A copied journal is another file: the inode tells it from the original on the same machine. */
static bool describe_self(struct kw_journal *journal, struct kw_claim *claim)
{
    struct kw_error error;
    struct stat about;
    memset(claim, 0, sizeof *claim);
    if (kw_journal_uuid(journal, claim->journal, &error) < 0 || stat(kw_journal_path(journal), &about) != 0)
        return false;
    machine_id(claim->machine);
    claim->inode = (unsigned long long)about.st_ino;
    claim->day = -1;
    return true;
}

/* Behind a space, and more of them where it is shorter than its column. */
static char *put_number(char *at, int64_t number, size_t column)
{
    char room[KW_DIGITS];
    const char *digits = kw_digits(number, room);
    *at++ = ' ';
    for (size_t length = strlen(digits); length < column; length++)
        *at++ = ' ';
    return stpcpy(at, digits);
}

/* Numbers that change have a fixed width: a later text takes the place of an earlier one byte for byte. */
static void claim_text(const struct kw_claim *claim, char out[FILE_LIMIT])
{
    char *at = stpcpy(stpcpy(out, KIND " "), claim->journal);
    at = stpcpy(stpcpy(at, " "), claim->machine);
    at = put_number(at, (int64_t)claim->inode, 1);
    at = put_number(at, claim->day, 6);
    at = put_number(at, (int64_t)claim->seq, 5);
    stpcpy(at, "\n");
}

static bool parse_claim(const char *text, struct kw_claim *claim)
{
    char kind[sizeof KIND];
    unsigned long long day, seq;
    memset(claim, 0, sizeof *claim);
    if (!take_word(&text, kind, sizeof kind) || strcmp(kind, KIND) != 0
        || !take_word(&text, claim->journal, sizeof claim->journal)
        || !take_word(&text, claim->machine, sizeof claim->machine) || !take_number(&text, &claim->inode)
        || !take_number(&text, &day) || !take_number(&text, &seq))
        return false;
    claim->day = (long long)day;            /* -1 too: strtoull() negates what it has read */
    claim->seq = (unsigned long)seq;
    return true;
}

/* Whole from the moment it is there: nobody reads a claim half written, and the first one stays. */
static bool make_claim(const char *path, const char *text, mode_t mode)
{
    char passing[KW_KEYS_PATH + 32];
    snprintf(passing, sizeof passing, "%s.%ld", path, (long)getpid());
    unlink(passing);                /* of a process of this number that was killed */
    bool made = write_new(passing, text, mode) && (link(passing, path) == 0 || errno == EEXIST);
    unlink(passing);
    return made;
}

static mode_t claim_mode(const char *key_path)
{
    struct stat about;
    return stat(key_path, &about) == 0 && (about.st_mode & S_IRGRP) ? 0660 : 0600;
}

static bool refuse(struct kw_keys *keys, const char *why)
{
    snprintf(keys->why, sizeof keys->why, "%s", why);
    return keys->usable = false;
}

static bool same_claimant(const struct kw_claim *one, const struct kw_claim *two)
{
    return strcmp(one->journal, two->journal) == 0 && strcmp(one->machine, two->machine) == 0
           && one->inode == two->inode;
}

/* A journal restored from an older copy is behind the claim: its counters would hand out tokens again. */
static bool is_behind(struct kw_journal *journal, struct kw_keys *keys)
{
    struct kw_error error;
    const struct kw_claim *claim = &keys->claimed;
    if (claim->day < 0)
        return false;
    return kw_touchpoint_next_sequence(journal, keys->key.handle, claim->day, &keys->next, &error) < 0
           || keys->next <= claim->seq;
}

static bool check_claim(struct kw_journal *journal, struct kw_keys *keys, const char *key_path, bool makes)
{
    struct kw_claim self, found;
    char text[FILE_LIMIT];
    if (!describe_self(journal, &self))
        return refuse(keys, "the journal cannot say which it is");
    if (!read_text(keys->claim, text)) {
        if (!makes)
            return keys->usable = true;
        claim_text(&self, text);
        if (!make_claim(keys->claim, text, claim_mode(key_path)))
            return refuse(keys, "the till's key cannot be claimed for this journal: the keys directory cannot be "
                                "written");
        if (!read_text(keys->claim, text))
            return refuse(keys, "the claim beside the till's key cannot be read");
    }
    if (!parse_claim(text, &found) || !same_claimant(&self, &found))
        return refuse(keys, "another journal or machine uses this handle (a copied or restored state); derive a new "
                            "handle at the office, or run kwit survey key rotate --handle N");
    keys->claimed = found;
    if (is_behind(journal, keys))
        return refuse(keys, "the journal is older than the key's last use (restored from a copy); derive a new handle "
                            "at the office, or run kwit survey key rotate --handle N");
    return keys->usable = true;
}

bool kw_keys_path(struct kw_state *state, const struct kw_config *config, char out[KW_KEYS_PATH])
{
    if (config->survey.key_file)
        return snprintf(out, KW_KEYS_PATH, "%s", config->survey.key_file) < KW_KEYS_PATH;
    return kw_state_path(state, "keys/terminal.key", out, KW_KEYS_PATH, NULL) == 0;
}

bool kw_keys_read(const char *path, struct kw_terminal_key *key)
{
    char text[FILE_LIMIT];
    bool read = read_text(path, text) && kw_key_parse_terminal(text, key, NULL) == 0;
    kw_key_wipe(text, sizeof text);
    return read;
}

/* Beyond its owner and the group of the tills, a key is for nobody. */
static void note_exposure(struct kw_keys *keys, const char *path)
{
    struct stat about;
    if (stat(path, &about) == 0 && (about.st_mode & S_IRWXO))
        snprintf(keys->exposed, sizeof keys->exposed, "anyone on this machine can use the till's key; chmod o= %s",
                 path);
}

/* Not the long texts' every byte: each sale comes by here. */
static void forget(struct kw_keys *keys)
{
    keys->key = (struct kw_terminal_key){ 0 };
    keys->usable = false;
    keys->why[0] = keys->exposed[0] = keys->claim[0] = 0;
    keys->claimed.day = -1;
    keys->claimed.seq = keys->next = 0;
}

static bool read_in_force(struct kw_state *state, const struct kw_config *config, struct kw_keys *keys,
                          char path[KW_KEYS_PATH])
{
    forget(keys);
    if (!kw_keys_path(state, config, path) || (access(path, F_OK) != 0 && errno != EACCES))
        return refuse(keys, config->survey.key_file
                      ? "this till has no key where key_file says; a shop's first till makes it with kwit survey key "
                        "new, any other gets its own from the office: kwit survey key import FILE"
                      : "this till has no key; a shop's first till makes it with kwit survey key new, any other gets "
                        "its own from the office: kwit survey key import FILE");
    if (!kw_keys_read(path, &keys->key))
        return refuse(keys, access(path, R_OK) != 0
                      ? "the till's key cannot be read by this user; kwit doctor has the command that lets it"
                      : "the till's key file is damaged; install it again");
    note_exposure(keys, path);
    return true;
}

bool kw_keys_look(struct kw_state *state, const struct kw_config *config, struct kw_keys *keys)
{
    char path[KW_KEYS_PATH];
    return read_in_force(state, config, keys, path);
}

static bool claim_beside(const char *path, uint32_t handle, char out[KW_KEYS_PATH])
{
    static const char name[] = "claim-";
    const char *slash = strrchr(path, '/');
    const size_t folder = slash ? (size_t)(slash + 1 - path) : 0;
    char room[KW_DIGITS];
    if (folder + sizeof name + KW_DIGITS > KW_KEYS_PATH)
        return false;
    memcpy(out, path, folder);
    stpcpy(stpcpy(out + folder, name), kw_digits(handle, room));
    return true;
}

static bool load(struct kw_state *state, const struct kw_config *config, struct kw_journal *journal,
                 struct kw_keys *keys, bool makes)
{
    char path[KW_KEYS_PATH];
    if (!read_in_force(state, config, keys, path))
        return false;
    if (!claim_beside(path, keys->key.handle, keys->claim))
        return refuse(keys, "the path of the till's key is too long");
    return check_claim(journal, keys, path, makes);
}

void kw_keys_load(struct kw_state *state, const struct kw_config *config, struct kw_journal *journal,
                  struct kw_keys *keys)
{
    load(state, config, journal, keys, true);
}

bool kw_keys_check(struct kw_state *state, const struct kw_config *config, struct kw_journal *journal,
                   struct kw_keys *keys)
{
    return load(state, config, journal, keys, false);
}

/*
 * In place and unsynced: the journal is on disk before, so a claim that a power cut sets back only says less. Two at
 * once may leave the lower number, until the next sale.
 */
bool kw_keys_used(const struct kw_keys *keys, int64_t day, uint32_t seq)
{
    char text[FILE_LIMIT];
    if (!keys->usable)
        return true;
    struct kw_claim claim = keys->claimed;
    bool news = day > claim.day || (day == claim.day && seq > claim.seq);
    if (!news)
        return true;
    claim.day = day;
    claim.seq = seq;
    claim_text(&claim, text);
    int file = open(keys->claim, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0)
        return false;
    ssize_t length = (ssize_t)strlen(text);
    bool whole = pwrite(file, text, (size_t)length, 0) == length;
    return close(file) == 0 && whole;
}

bool kw_keys_find(struct kw_state *state, const struct kw_config *config, uint8_t kid, uint32_t handle,
                  struct kw_terminal_key *key)
{
    char path[KW_KEYS_PATH], name[64], text[FILE_LIMIT];
    uint8_t epoch[KW_KEY_BYTES], epoch_kid;
    if (kw_keys_path(state, config, path) && kw_keys_read(path, key) && key->kid == kid && key->handle == handle)
        return true;
    snprintf(name, sizeof name, "keys/old-%u-%lu.key", kid, (unsigned long)handle);
    if (kw_state_path(state, name, path, sizeof path, NULL) == 0 && kw_keys_read(path, key) && key->kid == kid
        && key->handle == handle)
        return true;
    snprintf(name, sizeof name, "keys/epoch-%u.key", kid);
    bool found = kw_state_path(state, name, path, sizeof path, NULL) == 0 && read_text(path, text)
        && kw_key_parse_epoch(text, &epoch_kid, epoch, NULL) == 0 && epoch_kid == kid;
    if (found) {
        kw_key_derive(epoch, handle, key->key);
        key->kid = kid;
        key->handle = handle;
    }
    kw_key_wipe(text, sizeof text);
    kw_key_wipe(epoch, sizeof epoch);
    return found;
}
