/* machine.c - looks the next state up. */
#include "delivery/machine.h"

static const struct { enum kw_job_state from; enum kw_job_event event; enum kw_job_state to; } moves[] = {
#define MOVE(from, event, to, why) { KW_JOB_##from, KW_JOB_ON_##event, KW_JOB_##to },
#include "delivery/machine.def"
#undef MOVE
};

bool kw_machine_next(enum kw_job_state from, enum kw_job_event event, enum kw_job_state *to)
{
    for (size_t i = 0; i < sizeof moves / sizeof moves[0]; i++) {
        if (moves[i].from == from && moves[i].event == event) {
            *to = moves[i].to;
            return true;
        }
    }
    return false;
}
