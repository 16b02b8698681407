/* erase_key.c - finds, makes and uses the key file; the journal itself knows nothing but a mark of it. */
#include "journal/erase_key.h"

#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { KEY = 32, MARK = 8, PATH = 4096, OLD_HEX = 32 };
static const char prefix[] = "erased:", under_key = 'k';

/* ---- the file ----------------------------------------------------------------------------------------------- */

static bool read_key(const struct kw_journal *journal, uint8_t key[KEY])
{
    size_t length = 0;
    int handle = journal->erase_key ? open(journal->erase_key, O_RDONLY | O_CLOEXEC | O_NONBLOCK) : -1;
    bool whole = handle >= 0 && kw_file_read(handle, key, KEY, &length) == 0 && length == KEY;
    if (handle >= 0)
        close(handle);
    return whole;
}

/* Written whole under another name first, so that nobody reads half a key; the first who comes makes it. */
static int write_key(const struct kw_journal *journal, const uint8_t key[KEY], struct kw_error *error)
{
    char directory[PATH], temporary[PATH + 32];
    snprintf(directory, sizeof directory, "%s", journal->erase_key);
    snprintf(temporary, sizeof temporary, "%s.new-%ld", journal->erase_key, (long)getpid());
    const char *parent = dirname(directory);
    int number = kw_file_make_folder(parent);
    if (number != 0)
        return kw_fail(error, kw_error_from_errno(number), parent, "the directory of keys cannot be made: %s",
                       strerror(number));
    int handle = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0640);
    bool written = handle >= 0 && write(handle, key, KEY) == KEY && kw_file_hand_over(handle, temporary) == 0
        && fchmod(handle, 0640) == 0 && fsync(handle) == 0;
    number = errno;
    if (handle >= 0)
        close(handle);
    if (written && link(temporary, journal->erase_key) != 0 && errno != EEXIST) {
        number = errno;
        written = false;
    }
    unlink(temporary);
    if (!written)
        return kw_fail(error, kw_error_from_errno(number), journal->erase_key, "the key for what is erased cannot be"
                       " written: %s", strerror(number));
    return kw_journal_sync_directory(journal->erase_key, error);
}

/* ---- its mark in the journal -------------------------------------------------------------------------------- */

static void make_mark(const uint8_t key[KEY], uint8_t mark[MARK])
{
    static const char label[] = "kwit/erase-mark";
    uint8_t hash[16];
    crypto_generichash(hash, sizeof hash, (const uint8_t *)label, sizeof label - 1, key, KEY);
    memcpy(mark, hash, MARK);
}

static int read_mark(struct kw_journal *journal, uint8_t mark[MARK], bool *any, struct kw_error *error)
{
    sqlite3_stmt *row = kw_journal_prepare(journal, "SELECT value FROM meta WHERE key = 'erase_key'", error);
    if (!row)
        return error->code;
    int status = sqlite3_step(row);
    *any = status == SQLITE_ROW && sqlite3_column_bytes(row, 0) == MARK;
    if (*any)
        memcpy(mark, sqlite3_column_blob(row, 0), MARK);
    return kw_journal_stepped(journal, row, status, error);
}

static int write_mark(struct kw_journal *journal, const uint8_t key[KEY], struct kw_error *error)
{
    uint8_t mark[MARK];
    make_mark(key, mark);
    sqlite3_stmt *row = kw_journal_prepare(journal, "INSERT INTO meta(key, value) VALUES('erase_key', ?)"
                                           " ON CONFLICT(key) DO UPDATE SET value = excluded.value", error);
    if (!row)
        return error->code;
    sqlite3_bind_blob(row, 1, mark, MARK, SQLITE_STATIC);
    return kw_journal_done(journal, row, error);
}

static int find_key(struct kw_journal *journal, uint8_t key[KEY], enum kw_erase_key *found, struct kw_error *error)
{
    uint8_t mark[MARK], made[MARK];
    bool marked = false, here = read_key(journal, key);
    int code = read_mark(journal, mark, &marked, error);
    if (here)
        make_mark(key, made);
    *found = !marked                                          ? KW_ERASE_KEY_NONE
             : here && sodium_memcmp(mark, made, MARK) == 0 ? KW_ERASE_KEY_HERE
                                                              : KW_ERASE_KEY_LOST;
    return code;
}

int kw_erase_key_look(struct kw_journal *journal, enum kw_erase_key *found, struct kw_error *error)
{
    uint8_t key[KEY];
    int code = find_key(journal, key, found, error);
    sodium_memzero(key, sizeof key);
    return code;
}

int kw_erase_key_make(struct kw_journal *journal, bool renew, enum kw_erase_key *found, struct kw_error *error)
{
    uint8_t key[KEY];
    int code = find_key(journal, key, found, error);
    if (code < 0 || *found == KW_ERASE_KEY_HERE || (*found == KW_ERASE_KEY_LOST && !renew))
        return code;
    if (!journal->erase_key)
        return kw_fail(error, KWIT_E_INTERNAL, journal->path, "the journal was opened without a directory of keys");
    if (!read_key(journal, key)) {              /* one that is there serves, whatever journal it was made for */
        if (getrandom(key, sizeof key, 0) != (ssize_t)sizeof key)
            code = kw_fail(error, KWIT_E_IO, journal->path, "the kernel gives no random numbers: %s", strerror(errno));
        if (code == 0)
            code = write_key(journal, key, error);
        if (code == 0 && !read_key(journal, key))       /* another journal's, when both came at once */
            code = kw_fail(error, KWIT_E_IO, journal->erase_key, "the key for what is erased cannot be read again");
    }
    if (code == 0)
        code = write_mark(journal, key, error);
    sodium_memzero(key, sizeof key);
    return code;
}

/* ---- what it hides ------------------------------------------------------------------------------------------ */

static bool is_hex(const char *text)
{
    return strlen(text) == OLD_HEX && strspn(text, "0123456789abcdef") == OLD_HEX;
}

/* As an older kwit names it: what is under the key is made of that. */
static int old_name(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME], struct kw_error *error)
{
    return kw_digest_erased(journal, name, out, error);
}

static void hide(const uint8_t key[KEY], const char *label, const void *bytes, size_t length, uint8_t *out, size_t size)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, key, KEY, size);
    crypto_generichash_update(&state, (const uint8_t *)label, strlen(label));
    crypto_generichash_update(&state, bytes, length);
    crypto_generichash_final(&state, out, size);
}

static void name_under(const uint8_t key[KEY], const char *old, char out[KW_ERASED_NAME])
{
    uint8_t hash[16];
    hide(key, "kwit/erased", old, strlen(old), hash, sizeof hash);
    int used = snprintf(out, KW_ERASED_NAME, "%s%c", prefix, under_key);
    sodium_bin2hex(out + used, KW_ERASED_NAME - (size_t)used, hash, sizeof hash);
}

int kw_erased_name(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAME], struct kw_error *error)
{
    const size_t length = sizeof prefix - 1;
    uint8_t key[KEY];
    char old[KW_ERASED_NAME];
    enum kw_erase_key found;
    if (strncmp(name, prefix, length) == 0 && name[length] == under_key && is_hex(name + length + 1)) {
        snprintf(out, KW_ERASED_NAME, "%s", name);
        return 0;
    }
    int code = old_name(journal, name, old, error);
    if (code == 0)
        code = find_key(journal, key, &found, error);
    if (code == 0 && found != KW_ERASE_KEY_HERE)
        code = kw_fail(error, KWIT_E_NOT_FOUND, journal->path, "the key for what is erased is not here");
    if (code == 0)
        name_under(key, old, out);
    sodium_memzero(key, sizeof key);
    return code;
}

int kw_erased_names(struct kw_journal *journal, const char *name, char out[KW_ERASED_NAMES][KW_ERASED_NAME],
                    int *count, struct kw_error *error)
{
    uint8_t key[KEY];
    enum kw_erase_key found;
    int64_t any;
    *count = 0;
    int code = kw_journal_number(journal, "SELECT EXISTS (SELECT 1 FROM sale WHERE name >= 'erased:'"
                                 " AND name < 'erased;')", NULL, 0, &any, error);
    if (code < 0 || !any)
        return code;
    code = old_name(journal, name, out[0], error);
    if (code == 0)
        code = find_key(journal, key, &found, error);
    *count = code == 0;
    if (code == 0 && found == KW_ERASE_KEY_HERE)
        name_under(key, out[0], out[(*count)++]);
    sodium_memzero(key, sizeof key);
    return code;
}

int kw_customer_hash(struct kw_journal *journal, const char *id, const uint8_t *older, uint8_t out[KW_CUSTOMER],
                     bool *known, struct kw_error *error)
{
    uint8_t key[KEY], hash[32];
    enum kw_erase_key found;
    int code = find_key(journal, key, &found, error);
    *known = code == 0 && found == KW_ERASE_KEY_HERE;
    if (*known && !older)
        code = kw_digest_name(journal, "kwit/cooldown", id, hash, sizeof hash, error);
    if (code == 0 && *known) {
        hide(key, "kwit/cooldown", older ? older : hash, KW_CUSTOMER, hash, sizeof hash);
        memcpy(out, hash, KW_CUSTOMER);
    }
    sodium_memzero(key, sizeof key);
    return code;
}
