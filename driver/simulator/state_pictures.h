/* state_pictures.h - part of the state: rasters, page mode, and what else is kept of pictures. */
#ifndef KW_SIMULATOR_STATE_PICTURES_H
#define KW_SIMULATOR_STATE_PICTURES_H

#include <stdint.h>

/* A raster that is arriving row by row. */
struct kw_sim_raster {
    uint8_t active, times_wide, times_high, eats_feed;
    uint32_t row_bytes, column;
    uint32_t rows_left, rows_total;
    int32_t x;
    uint64_t offset;
};

struct kw_sim_page_mode {
    uint8_t active, direction;
    int32_t area_x, area_y, area_width, area_height;
    int32_t x, y;               /* position in the area, turned with the direction */
    int32_t max_height;
};

/* GS C: the number that GS c prints. */
struct kw_sim_counter {
    uint16_t value, from, to;   /* counts up from the lesser or down from the greater */
    uint8_t step, repeat, printed, digits, layout;
};

/* FS ( E: what is printed of itself at a cut. */
struct kw_sim_logo {
    uint8_t key[2], align, set, off;
};
enum { KW_SIM_TOP_LOGO, KW_SIM_BOTTOM_LOGO, KW_SIM_LOGOS };

#endif
