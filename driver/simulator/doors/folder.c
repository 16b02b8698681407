/*
 * folder.c - the machine with its folder: wire.bin, the pictures and texts of the paper, events.jsonl, the snapshot.
 */
#include "base/clock.h"
#include "base/file.h"
#include "image/png.h"
#include "simulator/doors/folder.h"
#include "simulator/doors/history.h"
#include "simulator/doors/snapshot.h"
#include "simulator/faults.h"
#include "simulator/machine.h"
#include "simulator/paper.h"
#include "simulator/state.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { EVENTS_WAIT_BYTES = 64 * 1024, SNAPSHOT_MOST = 64 * 1024 * 1024, BUSY_POLL_MS = 10 };

struct kw_sim_folder {
    struct kw_sim *sim;
    char *path;
    int wire, events_file;
    bool pictures;
    struct kw_buffer events;        /* not yet in the file */
    uint64_t events_bytes;          /* in the file */
    struct kw_sim_history history;
    struct kw_error failure;        /* the first one of the disk; code 0: none */
    uint64_t tag;
};

/* What stands before the machine's own state in machine.state. */
struct mark {
    uint64_t events_bytes, history_bytes;
};

static uint64_t hash(uint64_t from, const char *text)
{
    for (; text && *text; text++)
        from = (from ^ (uint8_t)*text) * 1099511628211u;
    return (from ^ 0xFF) * 1099511628211u;
}

static void remember_failure(struct kw_sim_folder *folder, const char *name)
{
    int number = errno;
    if (folder->failure.code == 0)
        kw_fail(&folder->failure, kw_error_from_errno(number), folder->path,
                "cannot write %s: %s; free space or choose another folder",
                name, strerror(number));
}

static int open_in(const struct kw_sim_folder *folder, const char *name, int flags)
{
    char path[KW_URI_MAX + 40];
    snprintf(path, sizeof path, "%s/%s", folder->path, name);
    return kw_file_open(path, flags, 0664);
}

static void write_file(struct kw_sim_folder *folder, const char *name, const void *bytes, size_t length)
{
    char passing[64], from[KW_URI_MAX + 80], to[KW_URI_MAX + 80];
    snprintf(passing, sizeof passing, ".%s.new", name);
    int file = open_in(folder, passing, O_WRONLY | O_CREAT | O_TRUNC);
    bool good = file >= 0 && kw_file_write(file, bytes, length) == 0;
    if (file >= 0 && close(file) != 0)
        good = false;
    snprintf(from, sizeof from, "%s/%s", folder->path, passing);
    snprintf(to, sizeof to, "%s/%s", folder->path, name);
    if (!good || rename(from, to) != 0)
        remember_failure(folder, name);
}

/* ---- what the machine hands out ---- */

static void write_piece(struct kw_sim_folder *folder, unsigned number, const struct kw_bitmap *dots, const char *text,
                        int dpi)
{
    char name[32];
    struct kw_buffer png;
    struct kw_error error;
    snprintf(name, sizeof name, "%04u.txt", number);
    write_file(folder, name, text, strlen(text));
    if (!folder->pictures)
        return;
    kw_buffer_init(&png, 64u * 1024 * 1024);
    snprintf(name, sizeof name, "%04u.png", number);
    if (kw_png_write(dots, dpi, &png, &error) == 0)
        write_file(folder, name, png.data, png.length);
    else if (folder->failure.code == 0)
        folder->failure = error;
    kw_buffer_free(&png);
}

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct kw_sim_folder *folder = data;
    write_piece(folder, kw_sim_pieces(folder->sim) + 1, dots, text, dpi);
}

static void flush_events(struct kw_sim_folder *folder)
{
    if (folder->events.length == 0)
        return;
    if (kw_file_write(folder->events_file, folder->events.data, folder->events.length) == 0)
        folder->events_bytes += folder->events.length;
    else
        remember_failure(folder, "events.jsonl");
    kw_buffer_clear(&folder->events);
}

static void take_event(void *data, const char *json)
{
    struct kw_sim_folder *folder = data;
    kw_buffer_text(&folder->events, json);
    kw_buffer_byte(&folder->events, '\n');
    if (folder->sim && folder->events.failed)       /* a machine in the making already says what is wrong with it */
        folder->sim->out_of_memory = true;
    if (folder->events.length > EVENTS_WAIT_BYTES)
        flush_events(folder);
}

static bool take_bytes(void *data, const uint8_t *bytes, size_t length)
{
    struct kw_sim_folder *folder = data;
    if (folder->sim->replaying || kw_file_write(folder->wire, bytes, length) == 0)
        return true;
    remember_failure(folder, "wire.bin");
    return false;
}

static void take_note(void *data, const char *what)
{
    struct kw_sim_folder *folder = data;
    kw_sim_history_note(&folder->history, folder->sim, what);
    if (folder->history.failed)
        remember_failure(folder, "history.log");
}

/* ---- opening ---- */

static int lock_wire(struct kw_sim_folder *folder, int64_t until_ms, struct kw_error *error)
{
    folder->wire = open_in(folder, "wire.bin", O_RDWR | O_CREAT | O_APPEND);
    if (folder->wire < 0)
        return kw_fail(error, kw_error_from_errno(errno), folder->path,
                       "the simulated printer cannot open %s/wire.bin: %s; give it a directory in which this user may write",
                       folder->path, strerror(errno));
    while (flock(folder->wire, LOCK_EX | LOCK_NB) != 0) {
        if (kw_clock_boot_ms() >= until_ms)
            return kw_fail(error, KWIT_E_BUSY, folder->path, "another process uses this simulated printer");
        kw_clock_sleep_ms(BUSY_POLL_MS);
    }
    folder->history.file = open_in(folder, "history.log", O_RDWR | O_CREAT | O_APPEND);
    if (folder->history.file < 0)
        return kw_fail(error, kw_error_from_errno(errno), folder->path, "cannot open history.log: %s",
                       strerror(errno));
    return 0;
}

static bool read_file(struct kw_sim_folder *folder, const char *name, struct kw_buffer *out)
{
    int file = open_in(folder, name, O_RDONLY);
    struct stat facts;
    if (file < 0)
        return false;
    bool good = fstat(file, &facts) == 0 && facts.st_size >= 0 && (uint64_t)facts.st_size <= SNAPSHOT_MOST;
    uint8_t *place = good ? kw_buffer_extend(out, (size_t)facts.st_size) : NULL;
    good = place && read(file, place, (size_t)facts.st_size) == facts.st_size;
    close(file);
    return good;
}

static bool load_snapshot(struct kw_sim_folder *folder, uint64_t wire_bytes, struct mark *mark)
{
    struct kw_buffer bytes;
    kw_buffer_init(&bytes, SNAPSHOT_MOST);
    bool good = read_file(folder, "machine.state", &bytes) && bytes.length > sizeof *mark;
    if (good) {
        memcpy(mark, bytes.data, sizeof *mark);
        good = kw_sim_load(folder->sim, folder->tag, bytes.data + sizeof *mark, bytes.length - sizeof *mark) &&
               folder->sim->s.in.accepted <= wire_bytes;
    }
    kw_buffer_free(&bytes);
    return good;
}

/* Faults come with the openings of its history; here they are only checked. */
static int new_machine(struct kw_sim_folder *folder, const struct kw_sim_options *options, struct kw_error *error)
{
    struct kw_sim_options bare = *options;
    bare.faults = bare.scenario = NULL;
    bare.roll_mm = 0;
    int code = kw_sim_check_options(options, error);
    return code < 0 ? code : kw_sim_new(&bare, &folder->sim, error);
}

static int restore(struct kw_sim_folder *folder, const struct kw_sim_options *options, struct kw_error *error)
{
    struct stat facts;
    struct mark mark = { 0 };
    if (fstat(folder->wire, &facts) != 0)
        return kw_fail(error, KWIT_E_IO, folder->path, "cannot look at wire.bin: %s", strerror(errno));
    uint64_t wire_bytes = (uint64_t)facts.st_size;
    int code = new_machine(folder, options, error);
    if (code < 0)
        return code;
    if (!load_snapshot(folder, wire_bytes, &mark)) {
        kw_sim_free(folder->sim);
        folder->sim = NULL;
        kw_buffer_clear(&folder->events);
        code = new_machine(folder, options, error);
        if (code < 0)
            return code;
        mark = (struct mark){ .events_bytes = 0 };
    }
    folder->events_file = open_in(folder, "events.jsonl", O_WRONLY | O_CREAT);
    if (folder->events_file < 0 || ftruncate(folder->events_file, (off_t)mark.events_bytes) != 0 ||
        lseek(folder->events_file, 0, SEEK_END) < 0)
        return kw_fail(error, kw_error_from_errno(errno), folder->path, "cannot open events.jsonl: %s",
                       strerror(errno));
    folder->events_bytes = mark.events_bytes;
    kw_buffer_clear(&folder->events);
    code = kw_sim_history_replay(&folder->history, folder->sim, folder->wire, wire_bytes, mark.history_bytes, error);
    if (code == 0)
        kw_sim_history_open(&folder->history, folder->sim, options);
    return code;
}

static void release(struct kw_sim_folder *folder)
{
    if (folder->wire >= 0)
        close(folder->wire);
    if (folder->events_file >= 0)
        close(folder->events_file);
    if (folder->history.file >= 0)
        close(folder->history.file);
    kw_sim_free(folder->sim);
    kw_buffer_free(&folder->events);
    free(folder->path);
    free(folder);
}

static struct kw_sim_folder *new_folder(const char *path, bool pictures)
{
    struct kw_sim_folder *folder = calloc(1, sizeof *folder);
    if (!folder)
        return NULL;
    folder->path = strdup(path);
    folder->wire = folder->events_file = folder->history.file = -1;
    folder->pictures = pictures;
    kw_buffer_init(&folder->events, 4 * 1024 * 1024);
    if (folder->path)
        return folder;
    free(folder);
    return NULL;
}

static int make_directory(const char *path, struct kw_error *error)
{
    struct stat facts;
    if (mkdir(path, 0775) == 0 || (errno == EEXIST && stat(path, &facts) == 0 && S_ISDIR(facts.st_mode)))
        return 0;
    if (errno == EEXIST)
        return kw_fail(error, KWIT_E_NO_PRINTER, path, "is no folder; a simulated printer keeps its paper in one");
    if (errno == ENOENT)
        return kw_fail(error, KWIT_E_NO_PRINTER, path,
                       "cannot make this folder for the paper: its parent does not exist");
    return kw_fail(error, kw_error_from_errno(errno), path, "cannot make this folder for the paper: %s",
                   strerror(errno));
}

int kw_sim_folder_open(const char *path, const struct kw_sim_options *options, bool pictures, int64_t until_ms,
                       struct kw_sim_folder **folder, struct kw_error *error)
{
    *folder = NULL;
    int code = strlen(path) < KW_URI_MAX ? make_directory(path, error)
                                         : kw_fail(error, KWIT_E_NO_PRINTER, "sim:",
                                                   "the name of the folder is too long");
    if (code < 0)
        return code;
    struct kw_sim_folder *made = new_folder(path, pictures);
    if (!made)
        return kw_fail(error, KWIT_E_NO_MEMORY, path, "out of memory");
    struct kw_sim_options inner = *options;
    inner.paper = take_paper;
    inner.event = take_event;
    inner.accept = take_bytes;
    inner.note = take_note;
    inner.output_data = made;
    made->tag = hash(hash(14695981039346656037u, kw_profile_name(options->profile)), KWIT_VERSION);
    made->tag = hash(made->tag, options->peer);
    code = lock_wire(made, until_ms, error);
    if (code == 0)
        code = restore(made, &inner, error);
    if (code < 0) {
        release(made);
        return code;
    }
    *folder = made;
    return 0;
}

/* Only what we wrote: a folder may hold other things. */
int kw_sim_folder_clear(const char *path, struct kw_error *error)
{
    static const char *const names[] = { "wire.bin", "events.jsonl", "machine.state", "history.log" };
    DIR *directory = opendir(path);
    if (!directory)
        return errno == ENOENT ? 0 : kw_fail(error, kw_error_from_errno(errno), path, "cannot read the folder: %s",
                                             strerror(errno));
    for (const struct dirent *entry; (entry = readdir(directory));) {
        const char *name = entry->d_name;
        const char *suffix = name + strspn(name, "0123456789");
        bool ours = suffix - name >= 4 && (strcmp(suffix, ".png") == 0 || strcmp(suffix, ".txt") == 0);
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
            ours = ours || strcmp(name, names[i]) == 0;
        if (ours)
            unlinkat(dirfd(directory), name, 0);
    }
    closedir(directory);
    return 0;
}

struct kw_sim *kw_sim_folder_machine(struct kw_sim_folder *folder)
{
    return folder->sim;
}

int kw_sim_folder_order(struct kw_sim_folder *folder, const char *order, struct kw_buffer *answer,
                        struct kw_error *error)
{
    char line[300];
    int code = kw_sim_check_order(order, error);
    if (code < 0)
        return code;
    snprintf(line, sizeof line, "order %.250s", order);
    if (strcmp(order, "status") != 0)           /* which changes nothing */
        take_note(folder, line);
    return kw_sim_order(folder->sim, order, answer, error);
}

int kw_sim_folder_flush(struct kw_sim_folder *folder, struct kw_error *error)
{
    flush_events(folder);
    int code = folder->failure.code;
    if (code && error)
        *error = folder->failure;
    folder->failure.code = 0;
    return code;
}

/* ---- closing ---- */

/* The paper that hangs out of the printer, as a file; it is the same piece when more is printed on it. */
static void show_unfinished(struct kw_sim_folder *folder)
{
    struct kw_sim *sim = folder->sim;
    struct kw_buffer *paper = &sim->parts[KW_PART_PAPER];
    struct kw_bitmap dots = { sim->width_dots, (int)(paper->length / sim->stride), (int)sim->stride, paper->data };
    if (dots.height > 0 && sim->s.paper.piece_shown != paper->length && kw_sim_piece_has_something(sim)) {
        write_piece(folder, sim->s.paper.pieces + 1, &dots, kw_buffer_string(&sim->parts[KW_PART_TEXT]), sim->dpi);
        sim->s.paper.piece_shown = paper->length;
    }
}

/* A machine that missed something for want of memory is not kept: the next one reads the log from the last snapshot. */
static void save_snapshot(struct kw_sim_folder *folder)
{
    struct kw_buffer bytes;
    if (folder->sim->out_of_memory)
        return;
    struct mark mark = { folder->events_bytes, folder->history.bytes };
    kw_buffer_init(&bytes, SNAPSHOT_MOST);
    kw_buffer_add(&bytes, &mark, sizeof mark);
    if (kw_sim_save(folder->sim, folder->tag, &bytes))
        write_file(folder, "machine.state", bytes.data, bytes.length);
    kw_buffer_free(&bytes);
}

int kw_sim_folder_close(struct kw_sim_folder *folder, struct kw_error *error)
{
    if (!folder)
        return 0;
    show_unfinished(folder);
    int code = kw_sim_folder_flush(folder, error);
    save_snapshot(folder);
    if (code == 0)
        code = kw_sim_folder_flush(folder, error);
    release(folder);
    return code;
}
