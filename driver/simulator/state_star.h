/* state_star.h - part of the state: what a printer of Star's languages keeps. */
#ifndef KW_SIMULATOR_STATE_STAR_H
#define KW_SIMULATOR_STATE_STAR_H

#include <stdint.h>

/* What a printer of Star's languages keeps. */
struct kw_sim_star {
    uint8_t raster, rows_waiting, end_mode, page_mode;      /* `ESC * r`: in it, rows since the last end, E, F */
    uint8_t count, executed, documents;                     /* ETBs, one since the last status, `ESC GS ETX` */
    uint8_t pulse_on;                                       /* ten milliseconds each; 0: as at the factory */
    uint8_t pitch;                                          /* dots from line to line; 0: as at the factory */
    uint8_t dropped, told;                                  /* what it can make nothing of came; a warning said so */
};

#endif
