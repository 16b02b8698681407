/*
 * look.h - a finished stream of another program understood: pieces of paper, what each of them is, and where an
 * invitation may stand. In doubt it may stand nowhere, and a word of data/through.def says why.
 */
#ifndef KW_TAP_STREAM_LOOK_H
#define KW_TAP_STREAM_LOOK_H

#include "data/choices.h"
#include "escpos/escpos.h"
#include "tap/stream/given.h"
#include "tap/stream/words.h"

enum kw_through {
    KW_THROUGH_NOT,                 /* it may carry the invitation */
#define THROUGH(name, word, text) KW_THROUGH_##name,
#include "data/through.def"
#undef THROUGH
    KW_THROUGH_COUNT
};
const char *kw_through_word(enum kw_through through);       /* "invited" for NOT */
const char *kw_through_text(enum kw_through through);

enum { KW_LOOK_BYTES = 4 * 1024 * 1024, KW_LOOK_COMMANDS = 200000, KW_LOOK_MEMORY = 192 * 1024 * 1024,
       KW_LOOK_NARROW = 384 /* dots that every receipt printer has */ };

/* What a shop knows of its receipts: extended regular expressions, NULL and empty lists: nothing. */
struct kw_look_patterns {
    const char *total;              /* its first group is the amount */
    const char *time;               /* as strptime reads it */
    const char *const *sale, *const *never, *const *merchant, *const *customer;     /* what lines look like */
};

struct kw_look_options {
    const struct kw_profile *profile;
    bool profile_known;             /* else the paper's width is what the stream itself prints on */
    bool cutless;                   /* without a cut the end of the bytes is the receipt's */
    const char *survey_url;         /* a symbol that leads to the same host is an invitation already; NULL: none */
    bool own_piece;                 /* the shop wants its invitations on a piece of their own */
    struct kw_look_patterns patterns;
    enum kw_tap_piece piece;        /* which of those that may carry it does */
    enum kw_image_only image_only;  /* what becomes of paper without text */
    int min_mm;                     /* KW_IMAGE_ONLY_RULE: ink of a receipt */
    struct kw_given given;          /* the words, where they need not be read off the paper */
    const char *encoding;           /* the code page in force at the begin; NULL: the printer's own */
    int exponent;                   /* decimals of the shop's money; -1: not known */
    const char *currency;           /* its code; NULL: not known */
    int64_t until_ms;               /* kw_clock_boot_ms; 0: as long as it takes */
};

/* What its words say. Strings live in the arena. */
struct kw_words {
    const char *total;              /* "114.70"; NULL: no line says what is to be paid */
    bool negative;
    bool unsold;                    /* nothing stands there that was sold or paid */
    bool timed;                     /* a date and a time to the minute */
    bool sale, customer;            /* a line of it is as the patterns say */
    enum kw_tap_role kind;          /* of the word that says it is no sale; NONE */
    const char *word;               /* that word; "" */
    const char *language;           /* of the total's word, as "pl"; "" */
};

/* Where the run of bytes goes in, and what is put aside for it. */
struct kw_place {
    uint64_t offset;
    int64_t row;                    /* the print line there */
    int width;                      /* dots of the picture, a multiple of eight */
    int feed_dots;                  /* white behind it */
    struct kw_aside aside;
};

struct kw_look_piece {
    const struct kw_sim_piece *paper;
    struct kw_lines lines;
    bool given;                     /* they came with the stream */
    enum kw_through through;
    struct kw_words words;
    struct kw_place place;          /* when it may carry the invitation */
};

struct kw_look {
    const uint8_t *bytes;
    size_t length;
    const struct kw_profile *profile;
    uint8_t before[3];              /* what the printer's own setting would be said with */
    size_t before_length;
    struct kw_sim_stream stream;
    struct kw_look_piece *pieces;   /* those with ink */
    size_t piece_count;
    const struct kw_look_piece *chosen;     /* the first that may carry it; NULL */
    enum kw_through through;        /* of the whole */
};

/* Never fails but for want of memory for its own record: whatever else goes wrong is a reason to pass it through. */
int kw_look(const struct kw_look_options *options, const void *bytes, size_t length, struct kw_arena *arena,
            struct kw_look *look, struct kw_error *error);

/* ---- parts, for look.c and tests ---- */

/* What a piece's lines say. Where most of them are large, none is any more. NO_MEMORY. */
int kw_words_read(const struct kw_tap_words *rows, struct kw_lines *lines, struct kw_arena *arena,
                  struct kw_words *words);
/* Most of its words are none in any language: another code page was meant. */
bool kw_words_doubtful(const struct kw_sim_stream *stream, const struct kw_sim_piece *piece);
/* The last amount of the text as a plain number, "1234.50"; NULL: there is none. */
const char *kw_words_amount(const struct kw_tap_words *rows, const char *text, struct kw_arena *arena, bool *negative);
/* Where the piece may carry it; else why not. */
enum kw_through kw_place_find(const struct kw_look *look, const struct kw_look_options *options,
                              const struct kw_sim_piece *piece, struct kw_place *place);
/* What is in force where the chosen piece's invitation stands; false: not all that the printer's letters touch is. */
bool kw_known_find(const struct kw_look *look, struct kw_known *known);
/* Where something may stand above all of the piece's ink; false: nowhere. */
bool kw_place_find_head(const struct kw_look *look, const struct kw_look_options *options,
                        const struct kw_sim_piece *piece, struct kw_place *place);
/* It ends inside a command that puts something on paper, or that nobody can end. */
bool kw_look_breaks_off(const struct kw_look *look);
/* By its first bytes a document or picture for no receipt printer at all: a driver has to turn it into commands. */
bool kw_look_is_document(const uint8_t *bytes, size_t length);

#endif
