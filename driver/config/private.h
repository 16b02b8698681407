/* private.h - what the files of this room share: lines as said, faults, and the rows of keys.def. */
#ifndef KW_CONFIG_PRIVATE_H
#define KW_CONFIG_PRIVATE_H

#include "config/config.h"

enum section {
    STORE, PRINTER, RECEIPT, SURVEY, VARIANT, WORDING, JOURNAL, IMPORT, QUESTION, OFFICE, TAP, MAP,
    SECTION_COUNT,
    NO_SECTION = -1
};

enum kind { TEXT, LINES, WORDS, PATH, CHOICE, CHOICE_TEXT, BOOL, NUMBER, MS, PULSE, RATE, DAYTIME };

struct choice { char word[16]; int number; };

/* The lists of data/choices.def, and the words of data/platforms.def. */
enum list {
    NO_LIST, LIST_platform,
#define NUMBERS(list, tag) LIST_##list,
#define NUMBER(name, number, word)
#define END_NUMBERS(list)
#include "data/choices.def"
};

struct limits {
    char text[48];                  /* "0..9", "first|second" */
    enum list list;                 /* or the words of this one */
};

/* What a fault does. NAMES a key or section that does not exist, which never changes the rest. */
enum severity { IGNORED, STOPS };

/* A row holds its words itself: addresses would be relocated whenever the command starts. */
struct key {
    enum section section;
    char name[24];
    enum kind kind;
    size_t offset;                  /* of the member in the section's record */
    char fallback[16];
    struct limits limits;
    enum severity severity;
    char help[176];
};

extern const struct key kw_config_keys[];       /* section by section; ends with an empty name */

enum {
#define KEY(section, name, kind, member, fallback, limits, severity, help) +1
    KEY_COUNT = 0
#include "config/keys.def"
#undef KEY
};

/* One line `key = value` below its heading. */
struct said {
    enum section section;
    const char *name;               /* of [printer NAME] and its like, else "" */
    const char *key, *value;        /* value NULL: the line has no `=` */
    const char *file;
    int line;
    size_t place;                   /* among all lines, in the order they were read */
};

/* All lines below the headings of one section, in the order they were read. */
struct group {
    enum section section;
    const char *name;
    const struct said *lines;
    size_t count;
};

/* Where values in force come from: the sections in their order, and what of each was said; all else is a default. */
struct origins {
    struct headed {
        const char *heading;        /* "printer kitchen" */
        enum section section;
        size_t keys, said;          /* how many keys stand in the sections before, and how many of those were said */
    } *sections;
    size_t section_count, section_capacity;
    struct origin {
        const struct key *key;
        const char *value, *from;
    } *said;
    size_t said_count, said_capacity;
};

struct loading {
    struct kw_arena *arena;
    struct said *said;              /* as read; by group once they are grouped */
    size_t said_count, said_capacity;
    struct group *groups;           /* in the order in which they appeared */
    size_t group_count, group_capacity;
    struct kw_config_fault *faults;
    size_t fault_count, fault_capacity;
    bool stopped;                   /* by one of them */
    const char **files;
    size_t file_count, file_capacity;
    struct origins *origins;
    struct looks *looks;
    const char *survey_fault;       /* the first one in [survey] or [variant …] */
    bool no_memory;
};

/* read.c: the files in their order to lines. */
int kw_config_read(struct loading *loading, const char *file, struct kw_error *error);

/* looks.c: remembers how this file or directory is, or that there is none; before it is read. */
struct looks *kw_config_looks_new(struct kw_arena *arena);
void kw_config_look(struct loading *loading, const char *path);

/* groups.c: sorts the lines into groups; the group of a section, an empty one where nobody speaks of it. */
void kw_config_group(struct loading *loading);
const struct group *kw_config_find_group(const struct loading *loading, enum section section, const char *name);

/* names.c */
enum section kw_config_section(const char *word, size_t length);
const char *kw_config_section_word(enum section section);
const struct key *kw_config_first_key(enum section section);
size_t kw_config_key_count(enum section section);
const struct key *kw_config_key(enum section section, const char *name);
const char *kw_config_limits(const struct key *key);                /* "0..9", "auto|never" */
const struct choice *kw_config_choices(enum list list);             /* ends with an empty word */
void kw_config_unknown_section(struct loading *loading, const char *where, const char *heading,
                               const char *key);
void kw_config_unknown_key(struct loading *loading, const char *where, const struct said *said);

/* values.c: one value into its member. On failure *why says what is wanted. */
bool kw_config_set(struct kw_arena *arena, const struct key *key, const char *value, const char *file, void *record,
                   const char **why);
bool kw_config_set_default(struct kw_arena *arena, const struct key *key, void *record);

/* origins.c: a section in force, then each of its keys that somebody said, in the order of their rows. */
void kw_config_note_section(struct loading *loading, enum section section, const char *heading);
void kw_config_note(struct loading *loading, const struct key *key, const char *value, const char *from);

/* faults.c: adds a fault once, and none beyond the first hundreds; format as printf. */
void kw_config_fault_add(struct loading *loading, const char *where, bool stops, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
const char *kw_config_where(struct loading *loading, const char *file, int line);

/* sections.c: labels that stand for nothing; a question that cannot be asked, which then has no scale. */
void kw_config_check_labels(struct loading *loading, const struct group *group);
void kw_config_check_news(struct loading *loading, const struct group *group);      /* group: of [survey], or NULL */
void kw_config_check_question(struct loading *loading, const struct group *group, struct kw_config_question *question);
/* tap.c: what is wrong with a whole [tap] section. */
void kw_config_check_tap(struct loading *loading, const struct group *group, struct kw_config_tap *tap);

#endif
