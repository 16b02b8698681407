/* state_health.h - part of the state: what is wrong with the printer, and which faults wait. */
#ifndef KW_SIMULATOR_STATE_HEALTH_H
#define KW_SIMULATOR_STATE_HEALTH_H

#include <stdint.h>

/* Why the printer does not print, or is not there. Bits. */
enum {
    KW_COND_PAPER_END = 1, KW_COND_COVER = 2, KW_COND_CUTTER = 4, KW_COND_RECOVERABLE = 8, KW_COND_DEAD = 16,
    KW_COND_HOT = 32, KW_COND_FEEDING = 64, KW_COND_WAITING = 128, KW_COND_OPENED_PRINTING = 256,
    KW_COND_NEAR_END = 512, KW_COND_POWER = 1024, KW_COND_UNPLUGGED = 2048, KW_COND_STUCK = 4096, KW_COND_NAK = 8192,
    KW_COND_MUTE = 16384, KW_COND_GARBAGE = 32768, KW_COND_LATE = 65536, KW_COND_DRAWER_OPEN = 131072,
    KW_COND_COALESCE = 262144, KW_COND_SHORT_WRITE = 524288, KW_COND_STRAY = 1048576, KW_COND_WRONG_ID = 2097152,
    KW_COND_STARTING = 4194304,
    KW_COND_OFFLINE = KW_COND_PAPER_END | KW_COND_COVER | KW_COND_CUTTER | KW_COND_RECOVERABLE | KW_COND_DEAD |
                      KW_COND_HOT | KW_COND_FEEDING | KW_COND_WAITING,
    KW_COND_GONE = KW_COND_POWER | KW_COND_UNPLUGGED
};

/* Where a fault waits. */
enum kw_sim_trigger { KW_AT_BYTE, KW_AT_MM, KW_AT_TIME, KW_AT_CUT, KW_AT_ANSWER, KW_AT_CONFIRM };

enum { KW_SIM_FAULTS_MAX = 24 };

/* One fault of the options. Places count from when it was armed. */
struct kw_sim_fault {
    uint32_t condition;
    uint8_t trigger;            /* enum kw_sim_trigger */
    double from, to;            /* byte, mm, ms, cut, answer: a place, or any place between two */
    double every;               /* 0: once */
    uint32_t times;             /* with every: 0 for ever */
    int64_t for_ms;             /* 0: until somebody mends it */
    int64_t value;              /* late: ms; short-write: bytes */
};

struct kw_sim_fault_state {
    uint64_t next;              /* the place or moment at which it comes, in the unit of its trigger */
    int64_t until_ms;           /* holding: when it ends by itself, 0: when somebody mends it */
    uint32_t fired;
    uint8_t holding;
};

struct kw_sim_health {
    uint32_t conditions;
    uint32_t confirms, answers;
    struct kw_sim_fault_state faults[KW_SIM_FAULTS_MAX];
    int64_t late_ms, write_most;                /* what a fault that holds makes of answers and writes; 0: nothing */
    uint8_t power_returned;                     /* the machine has not begun anew yet */
};

#endif
