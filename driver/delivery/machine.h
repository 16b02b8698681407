/* machine.h - the state machine of one job: rows of machine.def, followed by delivery and walked by a test. */
#ifndef KW_DELIVERY_MACHINE_H
#define KW_DELIVERY_MACHINE_H

#include "journal/jobs.h"

enum kw_job_event {
    KW_JOB_ON_BEGIN, KW_JOB_ON_TAIL, KW_JOB_ON_NOTHING, KW_JOB_ON_BREAK, KW_JOB_ON_ORPHAN,
    KW_JOB_ON_REBOOT, KW_JOB_ON_DOUBT, KW_JOB_ON_CLOSE, KW_JOB_ON_MORE, KW_JOB_ON_PROVE, KW_JOB_ON_TAKE,
    KW_JOB_ON_LATE, KW_JOB_ON_CANCEL, KW_JOB_ON_SEEN, KW_JOB_ON_MISSING, KW_JOB_ON_AGAIN,
    KW_JOB_ON_COUNT
};

/* The next state into *to; false when this cannot happen in this state. */
bool kw_machine_next(enum kw_job_state from, enum kw_job_event event, enum kw_job_state *to);

#endif
