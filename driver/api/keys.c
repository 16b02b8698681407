/* keys.c - key files and claims: which key a print may use. */
#include "api/keys.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_LIMIT = 512, MACHINE_SIZE = 64 };

struct claim {
    char journal[KW_JOURNAL_UUID_SIZE], machine[MACHINE_SIZE];
    unsigned long long inode;
    long long day;
};

/* The whole of a small file as text; false when there is none, or it is too long. */
static bool read_text(const char *path, char out[FILE_LIMIT])
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return false;
    ssize_t length = read(file, out, FILE_LIMIT - 1);
    close(file);
    out[length > 0 ? length : 0] = 0;
    return length > 0 && length < FILE_LIMIT - 1;
}

static bool write_text(const char *path, const char *text, int flags, mode_t mode)
{
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, mode);
    if (file < 0)
        return false;
    ssize_t length = (ssize_t)strlen(text);
    bool whole = fchmod(file, mode) == 0 && write(file, text, (size_t)length) == length && fsync(file) == 0;
    return close(file) == 0 && whole;
}

static void machine_id(char out[MACHINE_SIZE])
{
    char text[FILE_LIMIT];
    snprintf(out, MACHINE_SIZE, "unknown");
    if (read_text("/etc/machine-id", text) && sscanf(text, "%63s", out) != 1)
        snprintf(out, MACHINE_SIZE, "unknown");
}

static void directory_of(const char *path, char *out, size_t size)
{
    const char *slash = strrchr(path, '/');
    snprintf(out, size, "%.*s", slash ? (int)(slash - path) : 1, slash ? path : ".");
}

/* A copied journal is another file: the inode tells it from the original on the same machine. */
static bool describe_self(struct kw_journal *journal, struct claim *claim)
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

static void claim_text(const struct claim *claim, char out[FILE_LIMIT])
{
    snprintf(out, FILE_LIMIT, "svt1-claim %s %s %llu %lld\n", claim->journal, claim->machine, claim->inode, claim->day);
}

static bool parse_claim(const char *text, struct claim *claim)
{
    memset(claim, 0, sizeof *claim);
    return sscanf(text, "svt1-claim %39s %63s %llu %lld", claim->journal, claim->machine, &claim->inode, &claim->day)
           == 4;
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

static bool same_claimant(const struct claim *one, const struct claim *two)
{
    return strcmp(one->journal, two->journal) == 0 && strcmp(one->machine, two->machine) == 0
           && one->inode == two->inode;
}

/* A journal restored from an older copy does not know the last day: its counters would hand out tokens again. */
static bool knows_day(struct kw_journal *journal, uint32_t handle, int64_t day)
{
    struct kw_error error;
    uint32_t next;
    return day < 0 || (kw_touchpoint_next_sequence(journal, handle, day, &next, &error) == 0 && next > 1);
}

static bool check_claim(struct kw_journal *journal, struct kw_keys *keys, const char *key_path)
{
    struct claim self, found;
    char text[FILE_LIMIT];
    if (!describe_self(journal, &self))
        return refuse(keys, "the journal cannot say which it is");
    if (!read_text(keys->claim, text)) {
        claim_text(&self, text);
        if (!write_text(keys->claim, text, O_EXCL, claim_mode(key_path)) && errno != EEXIST)
            return refuse(keys, "the till's key cannot be claimed for this journal: the keys directory cannot be "
                                "written");
        if (!read_text(keys->claim, text))
            return refuse(keys, "the claim beside the till's key cannot be read");
    }
    if (!parse_claim(text, &found) || !same_claimant(&self, &found))
        return refuse(keys, "another journal or machine uses this handle (a copied or restored state); derive a new "
                            "handle at the office, or run kwit survey key rotate --handle N");
    keys->claimed_day = found.day;
    if (!knows_day(journal, keys->key.handle, found.day))
        return refuse(keys, "the journal is older than the key's last use (restored from a copy); derive a new handle");
    return keys->usable = true;
}

static bool key_path(struct kw_state *state, const struct kw_config *config, char out[KW_KEYS_PATH])
{
    if (config->survey.key_file)
        return snprintf(out, KW_KEYS_PATH, "%s", config->survey.key_file) < KW_KEYS_PATH;
    return kw_state_path(state, "keys/terminal.key", out, KW_KEYS_PATH, NULL) == 0;
}

static bool read_terminal(const char *path, struct kw_terminal_key *key)
{
    char text[FILE_LIMIT];
    bool read = read_text(path, text) && kw_key_parse_terminal(text, key, NULL) == 0;
    kw_key_wipe(text, sizeof text);
    return read;
}

void kw_keys_load(struct kw_state *state, const struct kw_config *config, struct kw_journal *journal,
                  struct kw_keys *keys)
{
    char path[KW_KEYS_PATH], directory[KW_KEYS_PATH];
    memset(keys, 0, sizeof *keys);
    keys->claimed_day = -1;
    if (!key_path(state, config, path) || access(path, F_OK) != 0) {
        refuse(keys, "this till has no key; make one with kwit survey key new");
        return;
    }
    if (!read_terminal(path, &keys->key)) {
        refuse(keys, access(path, R_OK) != 0 ? "the till's key cannot be read by this user"
                                             : "the till's key file is damaged; install it again");
        return;
    }
    directory_of(path, directory, sizeof directory);
    int length = snprintf(keys->claim, sizeof keys->claim, "%s/claim-%lu", directory, (unsigned long)keys->key.handle);
    if (length < 0 || length >= (int)sizeof keys->claim)
        refuse(keys, "the path of the till's key is too long");
    else
        check_claim(journal, keys, path);
}

void kw_keys_used(struct kw_journal *journal, struct kw_keys *keys, int64_t day)
{
    struct claim claim;
    char text[FILE_LIMIT], temporary[KW_KEYS_PATH + 32];
    struct stat about;
    if (!keys->usable || day <= keys->claimed_day || !describe_self(journal, &claim))
        return;
    claim.day = day;
    claim_text(&claim, text);
    snprintf(temporary, sizeof temporary, "%s.%ld", keys->claim, (long)getpid());
    mode_t mode = stat(keys->claim, &about) == 0 ? about.st_mode & 0777 : 0600;
    if (write_text(temporary, text, O_EXCL, mode) && rename(temporary, keys->claim) == 0)
        keys->claimed_day = day;
    else
        unlink(temporary);
}

bool kw_keys_find(struct kw_state *state, const struct kw_config *config, uint8_t kid, uint32_t handle,
                  struct kw_terminal_key *key)
{
    char path[KW_KEYS_PATH], name[64], text[FILE_LIMIT];
    uint8_t epoch[KW_KEY_BYTES], epoch_kid;
    if (key_path(state, config, path) && read_terminal(path, key) && key->kid == kid && key->handle == handle)
        return true;
    snprintf(name, sizeof name, "keys/old-%u-%lu.key", kid, (unsigned long)handle);
    if (kw_state_path(state, name, path, sizeof path, NULL) == 0 && read_terminal(path, key) && key->kid == kid
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
