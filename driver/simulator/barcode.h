/* barcode.h - what barcode.c and code128.c share. */
#ifndef KW_SIMULATOR_BARCODE_H
#define KW_SIMULATOR_BARCODE_H

#include "simulator/handlers.h"
#include "simulator/zint.h"

/* Where the modules and the texts of a symbol go. */
struct kw_sim_bars {
    uint8_t *modules;
    size_t capacity, count;
    char *text, *data;
    size_t text_size;
};

/* Data with {A {B {C and the other escapes of GS k 73 and 74; false when they break the rules. */
bool kw_sim_code128(const uint8_t *bytes, size_t length, bool gs1, struct kw_sim_bars *bars);
/* Any bytes; the printer chooses the code sets (GS k 79). */
/* GS1-128 without code sets: the printer adds FNC1 and chooses them. */
bool kw_sim_code128_gs1(const uint8_t *bytes, size_t length, struct kw_sim_bars *bars);
bool kw_sim_code128_auto(const uint8_t *bytes, size_t length, struct kw_sim_bars *bars);

#endif
