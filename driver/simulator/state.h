/*
 * state.h - the inside of the simulated printer, shared by the files of this room only, and what can be read off it.
 *
 * Everything that a snapshot must keep stands in `struct kw_sim_state` (no pointers) and in the parts (runs of
 * bytes). What comes from the options, and scratch memory, stands beside them in `struct kw_sim`.
 */
#ifndef KW_SIMULATOR_STATE_H
#define KW_SIMULATOR_STATE_H

#include "base/json.h"
#include "base/module.h"
#include "simulator/peer.h"
#include "simulator/simulator.h"
#include "simulator/state_health.h"
#include "simulator/state_host.h"
#include "simulator/state_input.h"
#include "simulator/state_line.h"
#include "simulator/state_paper.h"
#include "simulator/state_pictures.h"
#include "simulator/state_star.h"
#include "simulator/state_symbols.h"

enum {
    KW_SIM_COMMAND_CEILING = 1024 * 1024,   /* longer commands are read over unseen */
    KW_SIM_ITEMS_MAX = 2048,                /* characters and pictures in one line */
    KW_SIM_PIECE_MM = 3000,                 /* a longer piece of paper is handed out in parts */
    KW_SIM_ROW_MAX = 512,                   /* bytes across the widest paper */
    KW_SIM_NEAR_END_MM = 1500               /* paper left when the near-end sensor sees it */
};

/* Runs of bytes that belong to the state. */
enum kw_sim_part {
    KW_PART_RECEIVE,            /* receive buffer */
    KW_PART_COMMAND,            /* a command that is not whole yet */
    KW_PART_ROW,                /* the raster row that is not whole yet */
    KW_PART_ITEMS,              /* struct kw_sim_item: the line buffer */
    KW_PART_ITEM_BITS,          /* dots of pictures in the line buffer */
    KW_PART_PAPER,              /* rows of dots since the last cut */
    KW_PART_TEXT,               /* lines of text since the last cut */
    KW_PART_TEXT_ROWS,          /* where each line of it was printed: paper.c */
    KW_PART_REPLIES,            /* struct kw_sim_reply and bytes, in order */
    KW_PART_MACRO,
    KW_PART_PAGE,               /* dots of the page in page mode */
    KW_PART_PAGE_ITEMS,         /* struct kw_sim_item on the page */
    KW_PART_DOWNLOAD,           /* GS *: columns */
    KW_PART_STORED,             /* GS ( L fn 112/113: graphics waiting for fn 50 */
    KW_PART_GRAPHICS,           /* NV and download graphics by key: records */
    KW_PART_NV_IMAGES,          /* FS q: records */
    KW_PART_USER_CHARACTERS,    /* ESC &, FS 2: struct kw_sim_user_character */
    KW_PART_MEMORY,             /* NV user memory: FS g, GS ( C */
    KW_PART_SYMBOLS,            /* data of two-dimensional symbols: records */
    KW_PARTS
};

/* All of it, for the files that take a part: its header says what stands there. */
struct kw_sim_state {
    struct kw_sim_input in;
    struct kw_sim_macro macro;
    struct kw_sim_look look;
    struct kw_sim_line line;
    struct kw_sim_paper_state paper;
    struct kw_sim_symbols symbols;
    struct kw_sim_raster raster;
    struct kw_sim_star star;
    struct kw_sim_page_mode page;
    uint8_t download_x, download_y;
    struct kw_sim_counter counter;
    struct kw_sim_logo logos[KW_SIM_LOGOS];
    uint8_t bottom_logo_printed;                /* a cut that is tried again does not print it again */
    struct kw_sim_host host;
    struct kw_sim_health health;
    struct kw_sim_times times;
    uint64_t random;
};

struct kw_zint;
struct kw_sim_watch;

struct kw_sim {
    struct kw_sim_options options;
    const struct kw_profile *profile;
    struct kw_profile own_profile;              /* the model's, without a receipt's face, and what the peer changes */
    const struct kw_sim_peer *peer;
    struct kw_sim_state s;
    struct kw_buffer parts[KW_PARTS];
    struct kw_buffer line;                      /* scratch: one event */
    struct kw_buffer scratch;
    const uint16_t *high_half;                  /* code points of 80..FF of the table in use */
    struct kw_sim_fault faults[KW_SIM_FAULTS_MAX];
    size_t fault_count;
    struct kw_zint *zint;
    void *two_byte;                             /* iconv_t of the two-byte system in use */
    int two_byte_system;
    int width_dots, dpi;
    uint8_t usual_table;                        /* of ESC t: the setting that ESC @ comes back to */
    size_t stride;
    bool replaying, out_of_memory, in_macro;
    uint64_t read_most;                         /* replaying: it had read so far and no further */
    /* For whoever watches: how often something visible was put anywhere, and what was warned of. */
    const struct kw_sim_watch *watch;           /* NULL: nobody */
    uint64_t inked;
    uint32_t warnings;
};

/* ---- what can be read off it ---- */

int64_t kw_sim_now(struct kw_sim *sim);
uint64_t kw_sim_random(struct kw_sim *sim);
/* Something comes in between while bytes wait (beside the last `own`): how far it had read is noted. */
void kw_sim_note_place(struct kw_sim *sim, size_t own);
bool kw_sim_can_print(const struct kw_sim *sim);
bool kw_sim_paper_near_end(const struct kw_sim *sim);
int64_t kw_sim_paper_left_mm(const struct kw_sim *sim);
int kw_sim_usual_spacing(const struct kw_sim *sim);         /* of lines, as ESC 2 has it */
bool kw_sim_pin_is_high(const struct kw_sim *sim);      /* of the drawer socket */
/* Chinese and Korean models: they power up reading pairs, and have no FS C. */
bool kw_sim_has_one_system(const struct kw_sim *sim);

static inline bool kw_sim_has(const struct kw_sim *sim, uint32_t condition)
{
    return sim->s.health.conditions & condition;
}

/* 1 in page mode: what is kept for both modes. */
static inline int kw_sim_mode(const struct kw_sim *sim)
{
    return sim->s.page.active ? 1 : 0;
}

int kw_sim_x_dots(const struct kw_sim *sim, int units);
int kw_sim_y_dots(const struct kw_sim *sim, int units);
int kw_sim_area_left(const struct kw_sim *sim);
int kw_sim_area_width(const struct kw_sim *sim);
int kw_sim_cell_width(const struct kw_sim *sim, int font);
int kw_sim_cell_height(const struct kw_sim *sim, int font);
bool kw_sim_at_line_start(const struct kw_sim *sim);
/* Where something of this width begins under the justification in force. */
int kw_sim_align_x(const struct kw_sim *sim, int width);

#endif
