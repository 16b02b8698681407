/* state_input.h - part of the state: how far the stream was read. */
#ifndef KW_SIMULATOR_STATE_INPUT_H
#define KW_SIMULATOR_STATE_INPUT_H

#include <stdint.h>

struct kw_sim_input {
    uint64_t accepted;          /* bytes ever accepted */
    uint64_t parsed;            /* bytes taken by the parser: the offset of what runs now */
    uint64_t skip;              /* bytes of a command that are read over */
    uint64_t receive_at;        /* how much of KW_PART_RECEIVE is consumed */
    uint64_t command_need, command_offset;
    uint32_t nv_images_left;
    uint8_t rt_bytes[12], rt_length;            /* the real-time reader */
};

/* What is defined and run again by GS ^. */
struct kw_sim_macro {
    uint8_t defining;
    uint8_t waits;              /* each run for the feed button */
    uint32_t runs;              /* still to come */
    uint64_t symbols;           /* encoded for macros */
    int64_t start_dots;
};

#endif
