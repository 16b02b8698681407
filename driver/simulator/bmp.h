/* bmp.h - bitmap files as GS D sends them: 1, 4, 8 or 24 bits to the dot, not compressed. */
#ifndef KW_SIMULATOR_BMP_H
#define KW_SIMULATOR_BMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kw_sim_bmp {
    int width, height, depth;
    bool top_down;
    const uint8_t *palette, *dots;
    size_t colours, stride;
};

/* False when it is something else, or shorter than it says. */
bool kw_sim_read_bmp(const uint8_t *bytes, size_t length, struct kw_sim_bmp *bmp);
/* Sets the dots that are dark in rows that are clear. */
void kw_sim_bmp_rows(const struct kw_sim_bmp *bmp, uint8_t *rows, size_t stride);

#endif
