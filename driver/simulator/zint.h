/* zint.h - symbols as modules: libzint is loaded when the first one is drawn. */
#ifndef KW_SIMULATOR_ZINT_H
#define KW_SIMULATOR_ZINT_H

#include "simulator/state.h"

enum { KW_GRID_MAX = 1152, KW_GRID_ROWS_MAX = 200, KW_GRID_HEXAGONS = 57 /* BARCODE_MAXICODE */ };

/* What to encode; options as zint's manual says them. */
struct kw_sim_encode {
    int symbology;
    const uint8_t *data;
    size_t length;
    int option_1, option_2, option_3, input_mode;
    const char *primary;            /* first part of a composite, carrier of a MaxiCode; may be NULL */
};

/* The answer lives until the next call. */
struct kw_sim_grid {
    int rows, width;
    const uint8_t (*modules)[144];  /* lowest bit left */
    const float *row_height;        /* in modules */
    const char *text;               /* human readable, "" when there is none */
};

static inline bool kw_sim_module(const struct kw_sim_grid *grid, int row, int x)
{
    return grid->modules[row][x >> 3] >> (x & 7) & 1;
}

/* False when it cannot be encoded; *why says why. */
bool kw_sim_encode_symbol(struct kw_sim *sim, const struct kw_sim_encode *what, struct kw_sim_grid *grid,
                          const char **why);
void kw_sim_zint_close(struct kw_sim *sim);

#endif
