/* state_paper.h - part of the state: the paper under the head. */
#ifndef KW_SIMULATOR_STATE_PAPER_H
#define KW_SIMULATOR_STATE_PAPER_H

#include <stdint.h>

struct kw_sim_paper_state {
    int32_t y;                                  /* paper rows since the last cut, at the head */
    int64_t travel_dots;                        /* paper ever moved forward */
    int64_t roll_start_dots, roll_dots;         /* travel when it was loaded; length, 0: endless */
    uint32_t pieces, cuts, blank_lines, cut_tries;
    uint64_t piece_shown;                       /* bytes of paper when the unfinished piece was last shown */
    uint64_t counters[4];                       /* lines fed, pulses, cuts; those of GS g that a host may clear */
};

#endif
