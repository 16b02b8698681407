/*
 * read.c - the configuration files, in their order, to lines as said.
 *
 * inih tells neither line numbers nor headings without keys, so the reader handed to it counts the lines and feeds it
 * a mark behind each heading.
 */
#include "config/private.h"
#include "base/encoding.h"
#include "base/file.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <ini.h>
#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILE_CEILING = 1024 * 1024, NAME_LIMIT = 40 };

static const char heading_mark[] = "\x01";

struct reading {
    struct loading *loading;
    const char *file;
    const char *text;               /* what is left of it */
    int line;
    bool marks;                     /* a heading went out: its mark is next */
};

/* The values are constants, but the variables belong to the whole process: they are set once. */
static void set_dialect(void)
{
    ini_allow_inline_comments = 0;
    ini_allow_multiline = 0;
    ini_allow_no_value = 1;
    ini_use_stack = 0;
    ini_allow_realloc = 1;
    ini_max_line = 65536;
}

/* What stands behind a heading in its line is read by nobody; where it says something, that is lost. */
static void check_behind(const struct reading *reading, const char *behind)
{
    behind += strspn(behind, " \t");
    if (strchr("#;\n", *behind) || strcmp(behind, "\r\n") == 0)
        return;
    kw_config_fault_add(reading->loading, kw_config_where(reading->loading, reading->file, reading->line),
                        strchr(behind, '=') != NULL, "what stands behind the `]` is not read; write [section] on a "
                        "line of its own, and each key on the next ones");
}

static char *next_piece(char *out, int size, void *stream)
{
    struct reading *reading = stream;
    if (reading->marks) {
        reading->marks = false;
        return strcpy(out, "\x01=\n");
    }
    if (!*reading->text)
        return NULL;
    const char *end = strchr(reading->text, '\n');
    size_t length = end ? (size_t)(end - reading->text) + 1 : strlen(reading->text);
    bool starts = reading->text[-1] == '\n';
    if (starts)
        reading->line++;
    bool whole = length < (size_t)size;
    if (!whole)
        length = (size_t)size - 1;
    memcpy(out, reading->text, length);
    out[length] = 0;
    if (starts && out[strspn(out, " \t")] == '[') {
        const char *closed = strchr(out, ']');
        reading->marks = closed && whole;
        if (!closed)
            kw_config_fault_add(reading->loading, kw_config_where(reading->loading, reading->file, reading->line), true,
                                "the heading has no `]`; write [section] on a line of its own");
        else
            check_behind(reading, closed + 1);
    }
    reading->text += length;
    return out;
}

static char *trimmed(struct kw_arena *arena, const char *text)
{
    text += strspn(text, " \t");
    size_t length = strlen(text);
    while (length > 0 && (text[length - 1] == ' ' || text[length - 1] == '\t'))
        length--;
    return kw_arena_copy(arena, text, length);
}

/* "printer kitchen" to a section and a name; NO_SECTION when it is none of ours. */
static enum section split_heading(struct kw_arena *arena, const char *heading, char **name)
{
    size_t length = strcspn(heading, " \t");
    enum section section = kw_config_section(heading, length);
    *name = trimmed(arena, heading + length);
    bool named = *name && **name;
    bool needs_name = section == VARIANT || section == WORDING || section == IMPORT || section == QUESTION
        || section == MAP;
    if (needs_name ? !named : named && section != PRINTER && section != TAP)
        return NO_SECTION;
    return *name && strlen(*name) < NAME_LIMIT ? section : NO_SECTION;
}

static int take_line(void *user, const char *heading, const char *key, const char *value)
{
    struct reading *reading = user;
    struct loading *loading = reading->loading;
    char *name;
    enum section section = split_heading(loading->arena, heading, &name);
    if (section == NO_SECTION) {
        if (strcmp(key, heading_mark) == 0 || !*heading)
            kw_config_unknown_section(loading, kw_config_where(loading, reading->file, reading->line), heading, key);
        return 1;
    }
    if (strcmp(key, heading_mark) == 0 && kw_config_is_quoted(name))
        kw_config_fault_add(loading, kw_config_where(loading, reading->file, reading->line), false,
                            "the quotes in [%s] are part of the name; write it without them", heading);
    struct said *said = kw_arena_grow(loading->arena, loading->said, loading->said_count, &loading->said_capacity,
                                      sizeof *said);
    if (!said || !name) {
        loading->no_memory = true;
        return 0;
    }
    loading->said = said;
    said += loading->said_count;
    if (strpbrk(key, " \t"))      /* `uri tcp://x`: what inih took for the key's end was the address's colon */
        value = NULL;
    *said = (struct said){ section, name, kw_arena_string(loading->arena, key),
                           value ? kw_arena_string(loading->arena, value) : NULL, reading->file, reading->line,
                           loading->said_count++ };
    loading->no_memory = loading->no_memory || !said->key || (value && !said->value);
    return 1;
}

static int parse(struct loading *loading, const char *file, const char *text, struct kw_error *error)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_dialect);
    struct reading reading = { .loading = loading, .file = file, .text = text };
    const char **files = kw_arena_grow(loading->arena, loading->files, loading->file_count, &loading->file_capacity,
                                       sizeof *files);
    if (!files || ini_parse_stream(next_piece, &reading, take_line, &reading) == -2)
        return kw_fail(error, KWIT_E_NO_MEMORY, file, "out of memory");
    loading->files = files;
    files[loading->file_count++] = file;
    return 0;
}

static int cannot_read(const char *file, int number, struct kw_error *error)
{
    enum kwit_error code = kw_error_from_errno(number);
    if (code == KWIT_E_PERMISSION)
        return kw_fail(error, code, file, "the configuration cannot be read: %s; let the user of kwit read it "
                       "(chgrp kwit and chmod g+r)", strerror(number));
    return kw_fail(error, code, file, "the configuration cannot be read: %s", strerror(number));
}

/* What is not there is no fault; a link that leads nowhere is: without it the shop would have another name and id. */
static int not_there(const char *file, int number, struct kw_error *error)
{
    struct stat about;
    if (number != ENOENT && number != ENOTDIR)
        return cannot_read(file, number, error);
    if (lstat(file, &about) == 0 && S_ISLNK(about.st_mode))
        return kw_fail(error, KWIT_E_CONFIG, file, "this link leads nowhere; put back what it leads to, or take it "
                       "away");
    return 0;
}

/* The newline before the text makes the first line number 1. */
static int not_utf8(struct kw_arena *arena, const char *file, const char *bytes, size_t length, struct kw_error *error)
{
    size_t at = kw_encoding_find_fault(bytes, length), line = 0;
    char what[KW_ENCODING_FAULT];
    if (kw_encoding_is_utf16(bytes + 1, length - 1))
        return kw_fail(error, KWIT_E_CONFIG, file, "the configuration is UTF-16; save it as UTF-8");
    if (at == length)
        return kw_fail(error, KWIT_E_CONFIG, file, "the configuration holds NUL bytes; save it as UTF-8 text");
    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n';
    kw_encoding_fault(bytes, at, what);
    return kw_fail(error, KWIT_E_CONFIG, kw_arena_format(arena, "%s:%zu", file, line), "%s; save the configuration "
                   "as UTF-8", what);
}

/* The whole file behind one newline, so that each line has one before it. */
static int read_text(struct kw_arena *arena, int fd, const char *file, char **text, struct kw_error *error)
{
    struct stat status;
    if (fstat(fd, &status) < 0)
        return cannot_read(file, errno, error);
    if (!S_ISREG(status.st_mode) && !S_ISFIFO(status.st_mode) && !S_ISCHR(status.st_mode))
        return kw_fail(error, KWIT_E_CONFIG, file, "this is not a file");
    size_t room = S_ISREG(status.st_mode) && status.st_size < FILE_CEILING ? (size_t)status.st_size + 1 : FILE_CEILING;
    char *bytes = kw_arena_alloc(arena, room + 2);
    if (!bytes)
        return kw_fail(error, KWIT_E_NO_MEMORY, file, "out of memory");
    bytes[0] = '\n';
    size_t length;
    int number = kw_file_read(fd, bytes + 1, room, &length);
    if (number != 0)
        return cannot_read(file, number, error);
    if (length == room)
        return kw_fail(error, KWIT_E_CONFIG, file, "the configuration is larger than %d bytes", FILE_CEILING);
    if (memchr(bytes, 0, length + 1) || !kw_utf8_valid(bytes, length + 1))
        return not_utf8(arena, file, bytes, length + 1, error);
    *text = bytes + 1;
    if (strncmp(*text, "\xEF\xBB\xBF", 3) == 0) {
        *text += 3;
        (*text)[-1] = '\n';
    }
    return 0;
}

/* *found is false, and nothing an error, when there is no such file. */
static int read_file(struct loading *loading, const char *file, bool *found, struct kw_error *error)
{
    *found = false;
    kw_config_look(loading, file);
    int fd = file ? open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY) : -1;
    if (!file)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (fd < 0)
        return not_there(file, errno, error);
    char *text = NULL;
    *found = true;
    int code = read_text(loading->arena, fd, file, &text, error);
    close(fd);
    return code < 0 ? code : parse(loading, file, text, error);
}

static bool is_part(const char *name)
{
    size_t length = strlen(name);
    return name[0] != '.' && length > 5 && strcmp(name + length - 5, ".conf") == 0;
}

static int compare_names(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names of the parts in byte order. */
static bool list_parts(struct kw_arena *arena, DIR *directory, const char ***parts, size_t *count)
{
    size_t capacity = 0;
    *parts = NULL;
    *count = 0;
    for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
        if (!is_part(entry->d_name))
            continue;
        const char **grown = kw_arena_grow(arena, *parts, *count, &capacity, sizeof *grown);
        if (!grown)
            return false;
        *parts = grown;
        grown[*count] = kw_arena_string(arena, entry->d_name);
        if (!grown[(*count)++])
            return false;
    }
    if (*count)
        qsort(*parts, *count, sizeof **parts, compare_names);
    return true;
}

static int read_parts(struct loading *loading, const char *directory_name, bool *found, struct kw_error *error)
{
    kw_config_look(loading, directory_name);
    DIR *directory = opendir(directory_name);
    if (!directory)
        return not_there(directory_name, errno, error);
    const char **parts;
    size_t count;
    bool listed = list_parts(loading->arena, directory, &parts, &count);
    closedir(directory);
    if (!listed)
        return kw_fail(error, KWIT_E_NO_MEMORY, directory_name, "out of memory");
    for (size_t i = 0; i < count; i++) {
        bool there;
        int code = read_file(loading, kw_arena_format(loading->arena, "%s/%s", directory_name, parts[i]), &there,
                             error);
        if (code < 0)
            return code;
        *found = *found || there;
    }
    return 0;
}

static int read_directory(struct loading *loading, const char *directory, bool *found, struct kw_error *error)
{
    bool parts_found = false;
    int code = read_file(loading, kw_arena_format(loading->arena, "%s/kwit.conf", directory), found, error);
    if (code == 0)
        code = read_parts(loading, kw_arena_format(loading->arena, "%s/conf.d", directory), &parts_found, error);
    *found = *found || parts_found;
    return code;
}

/* A home that is another user's (sudo, a service) is no configuration of ours. */
static int read_own(struct loading *loading, struct kw_error *error)
{
    const char *base = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    const char *file = NULL;
    if (base && base[0] == '/')
        file = kw_arena_format(loading->arena, "%s/kwit/kwit.conf", base);
    else if (home && home[0] == '/')
        file = kw_arena_format(loading->arena, "%s/.config/kwit/kwit.conf", home);
    else
        return 0;
    bool found;
    int code = read_file(loading, file, &found, error);
    return code == KWIT_E_PERMISSION && !found ? 0 : code;
}

int kw_config_read(struct loading *loading, const char *file, struct kw_error *error)
{
    bool found = false;
    int code;
    if (file) {
        struct stat status;
        bool directory = stat(file, &status) == 0 && S_ISDIR(status.st_mode);
        file = kw_arena_string(loading->arena, file);
        code = directory && file ? read_directory(loading, file, &found,
                                                  error) : read_file(loading, file, &found, error);
        if (code == 0 && !found)
            return kw_fail(error, KWIT_E_CONFIG, file, "there is no such file or directory; kwit setup --config FILE writes a configuration");
        return code;
    }
    code = read_directory(loading, "/etc/kwit", &found, error);
    if (code == 0 && !found)
        code = read_own(loading, error);
    return code;
}
