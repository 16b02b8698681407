/* counter.h - what every call that prints stands at: state, journal, one printer, and the time it may take. */
#ifndef KW_API_COUNTER_H
#define KW_API_COUNTER_H

#include "api/render.h"
#include "delivery/delivery.h"

struct kw_counter {
    const kwit_context *context;
    struct kw_arena *arena;
    struct kw_state *state;
    struct kw_journal *journal;
    int64_t began_ms;                       /* boot time at which the call began */
    bool unjournalled;                      /* the journal failed and [journal] on_failure = print */
    struct kw_delivery delivery;
    struct kw_config_printer printer;       /* settings in force */
    char identity[KW_IDENTITY_MAX];
    int unreachable;                        /* why the printer has no identity now; 0 */
    char unreachable_text[KW_TEXT_SIZE];
};

/* Starts the call's clock; opens nothing. */
int kw_counter_begin(const kwit_context *context, struct kw_counter *counter, struct kw_error *error);
/* Opens the state directory and the journal (config may be NULL: no configuration is read for its path). */
int kw_counter_open(struct kw_counter *counter, const struct kw_config *config, bool create, struct kw_error *error);
void kw_counter_end(struct kw_counter *counter);

/*
 * Aims at a printer: its transport, identity and settings. profile may be NULL (each job's own). An address that
 * leads nowhere now is no error: `unreachable` tells, and jobs for it are kept. One that is none is USAGE or CONFIG.
 */
int kw_counter_aim(struct kw_counter *counter, const struct kw_config_printer *printer, const char *uri,
                   const struct kw_profile *profile, bool profile_fixed, struct kw_error *error);
/* What jobs for this printer are filed under: its identity, or its address while that is not known. */
const char *kw_counter_file_under(const struct kw_counter *counter);
/* No real paper comes out there: sim: and regular files. */
bool kw_counter_is_test(const char *uri);

/*
 * Leaves one detached process that prints what waits for this printer, when the settings say so. Best effort: a
 * caller that cannot leave one says nothing, for the next call prints the queue too.
 */
void kw_counter_leave_flusher(struct kw_counter *counter);

/*
 * The decision that a known sale keeps, for laying it out again: stored and key must outlive choice. A sale whose
 * touchpoint was pruned carries no invitation any more.
 */
int kw_counter_recall(struct kw_counter *counter, const struct kw_config *config, int64_t sale,
                      struct kw_touchpoint *stored, struct kw_terminal_key *key, struct kw_render_choice *choice,
                      struct kw_error *error);
/* For kw_delivery.render: a stored job laid out anew; data is the counter. */
int kw_counter_render(void *data, const struct kw_job *job, enum kw_delivery_again why,
                      const struct kw_profile *profile, struct kw_arena *arena, struct kw_encoded *encoded,
                      int *copy_kind, struct kw_error *error);

#endif
