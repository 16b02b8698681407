/*
 * profile.h - what a printer model is and can. Records come from driver/data/profiles.def (rows).
 *
 * A number that nobody has confirmed is KW_UNKNOWN in the row, and whoever needs it takes a careful one.
 */
#ifndef KW_PROFILE_PROFILE_H
#define KW_PROFILE_PROFILE_H

#include "base/arena.h"
#include "base/error.h"
#include "data/choices.h"
#include "data/confirm.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { KW_UNKNOWN = -1 };
enum kw_ability { KW_NO = 0, KW_YES = 1, KW_MAYBE = -1 };   /* KW_MAYBE: unknown */

enum kw_cutter { KW_CUTTER_NONE, KW_CUTTER_PARTIAL, KW_CUTTER_FULL, KW_CUTTER_BOTH, KW_CUTTER_UNKNOWN = -1 };

/* Commands for pictures; the encoder takes the first of them that the row has. */
enum {
    KW_GRAPHICS_RASTER = 1 /* GS v 0 */, KW_GRAPHICS_STORED = 2 /* GS ( L fn 112 */, KW_GRAPHICS_COLUMN = 4 /* ESC * */
};

enum {                              /* symbols the printer draws */
    KW_SYMBOL_QR = 1, KW_SYMBOL_PDF417 = 2, KW_SYMBOL_BARCODES = 4 /* UPC EAN CODE39 ITF CODABAR */,
    KW_SYMBOL_CODE93 = 8, KW_SYMBOL_CODE128 = 16, KW_SYMBOL_GS1_128 = 32, KW_SYMBOL_DATABAR = 64,
    KW_SYMBOL_NO_UPC_E = 128 /* of the barcodes it lacks this one */
};

enum { KW_STATUS_DLE_EOT = 1, KW_STATUS_GS_R = 2, KW_STATUS_ASB = 4 };

enum kw_two_byte { KW_TWO_BYTE_NONE, KW_TWO_BYTE_SHIFT_JIS, KW_TWO_BYTE_GB18030, KW_TWO_BYTE_BIG5, KW_TWO_BYTE_KOREAN };

enum {                              /* quirks, by row */
    KW_QUIRK_NO_SET_INTERFACE = 1, KW_QUIRK_VENDOR_CLASS = 2, KW_QUIRK_UNIDIRECTIONAL = 4, KW_QUIRK_NO_REATTACH = 8,
    KW_QUIRK_SOFT_RESET = 16, KW_QUIRK_SMALL_WRITES = 32, KW_QUIRK_NO_AUTOSUSPEND = 64, KW_QUIRK_SHARED_SERIAL = 128,
    KW_QUIRK_NOT_ESCPOS = 512, KW_QUIRK_CLEARS_BUFFER = 1024 /* has DLE DC4 8 */,
    KW_QUIRK_ADAPTER = 2048 /* the id is an adapter's: any printer may be behind it */,
    KW_QUIRK_BUZZER = 4096 /* has ESC B */,
    KW_QUIRK_SHARED_ID = 8192 /* the id is a chip's: the model in the 1284 name wins */,
    KW_QUIRK_DELAY_CLOSE = 16384 /* released at once it loses the tail */,
    KW_QUIRK_NAMED = 32768 /* label printers have the id too: only its 1284 name tells */,
    KW_QUIRK_CHIP = 65536 /* the id is a chip's own: what shows no interface that prints is no printer */,
    KW_QUIRK_BEEPER = 131072 /* has ESC ( A, for a buzzer of its own or at the drawer's socket */,
    KW_QUIRK_NO_JUMP = 262144 /* no ESC $ behind text: blanks are all that moves along a line */,
    KW_QUIRK_NO_FEED = 524288 /* ESC J feeds nothing: ESC 3 and ESC d do */,
    KW_QUIRK_PLAIN = 1048576 /* letters are plain, bold, underlined or doubled: no GS !, no GS B */
};

/* How it is told how dark and how fast it prints. */
enum kw_heat {
    KW_HEAT_UNTOLD, KW_HEAT_CONTROL /* GS ( K fn 49, 50 */, KW_HEAT_STEPS /* GS | 0 to 8 */,
    KW_HEAT_STAR /* ESC RS d, r */
};

/* Whose commands it has beside those that all have: the simulated printer is as they are. */
enum kw_firmware {
    KW_FIRMWARE_COMMON, KW_FIRMWARE_BOARD /* of clones: ESC Z, ESC 7, DC2 */,
    KW_FIRMWARE_NT5890K /* a board as one was measured */, KW_FIRMWARE_CUSTOM, KW_FIRMWARE_IMPACT
};

/* What its bytes mean. */
enum kw_language {
    KW_LANGUAGE_ESCPOS, KW_LANGUAGE_STAR_RASTER /* no letters at all */, KW_LANGUAGE_STAR_LINE, KW_LANGUAGE_STAR_PRNT
};

/* Words of a row lie in it: pointers would be relocated at every start. */
enum { KW_PROFILE_NAME = 16, KW_CODE_PAGE_NAME = 15 };

/* One `ESC t n` table: n and the name of the code page in driver/data/codepages. */
struct kw_code_table {
    uint8_t n;
    char page[KW_CODE_PAGE_NAME];
};

struct kw_profile {
    char name[KW_PROFILE_NAME];     /* "tm-t20iii": lower case, digits, hyphens; stable. Of a described one its row's */
    char vendor[16], model[28];     /* as printed on the device */
    char aliases[88];               /* other models that are the same to us, apart by | */
    char source[160];               /* where the facts come from */
    const char *described;          /* the whole text that says what differs from the row; NULL in a row */
    enum kw_language language;
    int paper_mm, dpi, width_dots;
    int font_a_width, font_a_height, font_b_width, font_b_height;   /* cells in dots */
    bool font_b_alone;              /* both are what ESC ! calls font B */
    int times;                      /* both are so many times what ESC ! calls plain; 0: once */
    const struct kw_profile *machine;   /* whose cells the printer itself has, where a face was chosen; NULL: these */
    uint8_t list;                   /* of tables, by its number in profile.c */
    const struct kw_code_table *tables;     /* its own in place of a list; NULL in a row */
    size_t table_count;
    enum kw_cutter cutter;
    int head_to_cutter_dots;
    unsigned graphics, symbols, status, quirks;
    int max_raster_rows;            /* tallest band */
    int motion_x, motion_y;         /* units per inch after GS P; 0: GS P is not understood */
    int power_x, power_y;           /* units per inch from power-on, and where there is no GS P; 0: one is one dot */
    int receive_buffer_bytes, speed_mm_s;
    enum kw_confirm confirm;
    enum kw_ability drawer, drawer_realtime;
    enum kw_two_byte two_byte;
    enum kw_ability utf8;           /* FS ( C */
    enum kw_ability nv_graphics;    /* GS ( L fn 67/69 */
    enum kw_ability page_mode;      /* ESC L, ESC W, and codes between them */
    enum kw_ability upside_down;    /* ESC { */
    enum kw_ability near_end;       /* has a sensor that sees the roll grow thin */
    enum kw_ability two_colours;    /* ESC r: red beside black */
    enum kw_heat heat;
    enum kw_firmware firmware;
};

/* How it is called in configurations and journals: kw_profile_named finds it again. */
const char *kw_profile_name(const struct kw_profile *profile);
/* Its table_count tables. */
const struct kw_code_table *kw_profile_tables(const struct kw_profile *profile);
/* Columns of a font over the printable width. */
int kw_profile_columns(const struct kw_profile *profile, int font);
/* How many times the plain size its letters can be. */
int kw_profile_most_times(const struct kw_profile *profile);
/* From the last printed row to the blade or bar: the row's number, or the careful one where it says unknown. */
int kw_profile_cut_feed_dots(const struct kw_profile *profile);
int kw_profile_mm_to_dots(const struct kw_profile *profile, int tenth_mm);
int kw_profile_dots_to_um(const struct kw_profile *profile, int dots);

/* By name; NULL when there is none. "generic" always exists: 384 dots, page 437, drawn symbols, raster. */
const struct kw_profile *kw_profile_find(const char *name);
/* The same with an error for people: at `where`, with what was probably meant and where all of them are listed. */
int kw_profile_choose(const char *name, enum kwit_error code, const char *where, const struct kw_profile **profile,
                      struct kw_error *error);
/*
 * The same where what differs from the row may follow its name: "generic-80 width=512 cut=partial" (described.c).
 * Such a profile lives in the arena, and its name is the whole text.
 */
int kw_profile_read(struct kw_arena *arena, const char *text, enum kwit_error code, const char *where,
                    const struct kw_profile **profile, struct kw_error *error);
const struct kw_profile *kw_profile_named(struct kw_arena *arena, const char *text);        /* NULL: there is none */
const struct kw_profile *kw_profile_at(size_t index);      /* all of them in order; NULL behind the last */

enum kw_match { KW_MATCH_NONE, KW_MATCH_CLASS, KW_MATCH_SHARED_ID, KW_MATCH_ID };

/*
 * What a USB device is: by vendor and product id where they name a model, else, or where several models share the id,
 * by IEEE 1284 device id (MFG, MDL, CMD keys in any spelling), else generic. device_id may be NULL. *match tells how
 * sure it is.
 */
const struct kw_profile *kw_profile_for_usb(uint16_t vendor, uint16_t product, const char *device_id,
                                            enum kw_match *match);
/* By the answers to GS I 66 (maker) and 67 (model); NULL when they name nothing we know. */
const struct kw_profile *kw_profile_for_names(const char *maker, const char *model);

struct kw_usb_row {
    uint16_t vendor, product;
    char profile[KW_PROFILE_NAME];  /* "": the id is shared by many models */
    char title[72];
    unsigned quirks;
};
const struct kw_usb_row *kw_usb_row_at(size_t index);       /* NULL behind the last */
const struct kw_usb_row *kw_usb_row_find(uint16_t vendor, uint16_t product);
/* The same model with another face for all that kwit prints; lives in the arena. */
int kw_profile_face(struct kw_arena *arena, enum kw_face face, const struct kw_profile **profile,
                    struct kw_error *error);
/* Gives it the cells of the printer itself again: for whoever stands in for the printer. */
void kw_profile_without_face(struct kw_profile *profile);

/* A number that changes with the rows: rules that carry another one were made by another version. */
uint32_t kw_usb_rows_digest(void);

#endif
