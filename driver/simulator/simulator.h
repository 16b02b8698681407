/*
 * simulator.h - the printer that is not there: a machine that reads ESC/POS, keeps paper, answers and breaks.
 *
 * The machine knows no transport. Doors (in process, tcp, pty, USB/IP, a file) feed it bytes and take its replies.
 * It is a function of the bytes and events it was given, so any split into chunks gives the same paper.
 */
#ifndef KW_SIMULATOR_SIMULATOR_H
#define KW_SIMULATOR_SIMULATOR_H

#include "base/buffer.h"
#include "base/error.h"
#include "image/bitmap.h"
#include "profile/profile.h"

#define KW_SIM_DEFAULT_PROFILE "tm-t20iii"

enum kw_sim_speed { KW_SIM_FAST = 0 /* paper takes no time */, KW_SIM_REAL = -1 /* the profile's mm/s */ };

/* "real", "fast" or millimetres a second; NULL: fast. */
bool kw_sim_read_speed(const char *word, int *mm_s);
/* Paper on a roll: "80" and "80m" are metres, "300mm" millimetres; 0: endless. */
bool kw_sim_read_roll(const char *text, int *mm);

struct kw_sim_options {
    const struct kw_profile *profile;
    const char *peer;               /* a word of peers.def; NULL: a printer as its model is */
    const char *faults;             /* comma-separated fault specs, NULL: none */
    const char *scenario;           /* an outcome word, NULL: none */
    int speed_mm_s;                 /* or KW_SIM_FAST, KW_SIM_REAL */
    int roll_mm;                    /* paper on the roll; 0: endless */
    int64_t (*now_ms)(void *data);  /* the machine's clock; NULL: kw_clock_boot_ms */
    void *now_data;
    /* One finished piece of paper (up to a cut, or what is left at the end). The machine keeps nothing of it. */
    void (*paper)(void *data, const struct kw_bitmap *dots, const char *text, int dpi);
    /* One event, a whole JSON line. */
    void (*event)(void *data, const char *json);
    /* Bytes that the machine is about to accept; false: they cannot be kept, so it takes none. May be NULL. */
    bool (*accept)(void *data, const uint8_t *bytes, size_t length);
    /* Something happens that does not follow from the bytes: whoever keeps those keeps it too. May be NULL. */
    void (*note)(void *data, const char *what);
    void *output_data;
    bool no_drawer;                 /* nothing is plugged into the drawer socket: pin 3 stays high */
};

struct kw_sim;

int kw_sim_new(const struct kw_sim_options *options, struct kw_sim **sim, struct kw_error *error);
void kw_sim_free(struct kw_sim *sim);
/* Whether a machine could be made of these: KWIT_E_USAGE for a word that is none. */
int kw_sim_check_options(const struct kw_sim_options *options, struct kw_error *error);
/* Offers bytes; returns how many were accepted (back pressure, faults). -1: the machine is gone (power, cable). */
ptrdiff_t kw_sim_write(struct kw_sim *sim, const uint8_t *bytes, size_t length);
/* Takes replies that are due; returns how many bytes. */
size_t kw_sim_read(struct kw_sim *sim, uint8_t *bytes, size_t size);
/* Lets time pass: empties the buffer at head speed. Returns ms until something changes by itself, -1: nothing will. */
int64_t kw_sim_run(struct kw_sim *sim);
/* An order in words: "cover open", "paper load 80", "power off", …; answer is one line for people. */
int kw_sim_check_order(const char *order, struct kw_error *error);
int kw_sim_order(struct kw_sim *sim, const char *order, struct kw_buffer *answer, struct kw_error *error);
/* Prints out what stands unfinished, as the last piece. */
int kw_sim_finish(struct kw_sim *sim, struct kw_error *error);
/* USB class byte GET_PORT_STATUS, -1: nobody is there. */
int kw_sim_port_status(const struct kw_sim *sim);

/* How many pieces were handed out, cuts were made, bytes are still waiting; how much paper was used. */
unsigned kw_sim_pieces(const struct kw_sim *sim);
unsigned kw_sim_cuts(const struct kw_sim *sim);
size_t kw_sim_waiting(const struct kw_sim *sim);
/* All that came is worked off, as far as it goes; the head stands. */
bool kw_sim_is_idle(struct kw_sim *sim);
double kw_sim_mm(const struct kw_sim *sim);

#endif
