/* call.h - one call that prints: from its counter to its line. */
#ifndef KW_API_CALL_H
#define KW_API_CALL_H

#include "api/accept.h"
#include "api/tell.h"

struct kw_call {
    struct kw_counter counter;
    struct kw_rendering *rendering;         /* NULL where no document is laid out */
    struct kw_config config;                /* read where there is no rendering */
    struct kw_notes notes;                  /* warnings where there is no rendering */
    struct kw_acceptance acceptance;
    struct kw_told told;
    const char *elsewhere, *elsewhere_name; /* address and name of the job's printer, when it is not the one aimed at */
    struct kw_error error;
};

/* Delivers a stored job within the call's time, and reads back what became of it. What stays open is the queue's. */
int kw_call_deliver(struct kw_call *call, int64_t id, struct kw_job *job);
/* One copy of a known sale from where the journal has it: accepted now, or joined. *finished: nothing is left to do. */
int kw_call_copy(struct kw_call *call, const struct kw_sale_row *sale, int copy, struct kw_job *job, bool *finished);
/* Gives an expired or cancelled job new deadlines, and joins one that is open. */
int kw_call_resume(struct kw_call *call, struct kw_job *job, bool *finished);

void kw_call_tell_printer(struct kw_call *call);
void kw_call_tell_survey(struct kw_call *call);
void kw_call_tell_job(struct kw_call *call, const struct kw_job *job, bool was_finished);
/* Writes the line, keeps house, leaves a flusher, closes everything. */
int kw_call_end(struct kw_call *call, int code, kwit_result *result);

/* Reads the configuration and opens the journal for a call without a document; kw_call_end follows. */
int kw_call_open(const kwit_context *context, bool create, struct kw_call *call);
/* Aims at the printer of a stored job, with the settings in force for it now. */
int kw_call_aim_job(struct kw_call *call, const struct kw_job *job);
/* Aims at a printer by name or address; NULL: the default one. */
int kw_call_aim(struct kw_call *call, const char *printer);

#endif
