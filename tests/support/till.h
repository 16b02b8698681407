/* till.h - for tests of delivery: a journal, a scripted printer, and delivery between them, in this process. */
#ifndef KW_TEST_TILL_H
#define KW_TEST_TILL_H

#include "delivery/delivery.h"

/* What the printer does is set before a run; what it saw is read after it. */
extern struct scripted_printer {
    struct kw_link link;
    uint8_t wire[65536], reply[4096];
    size_t wire_length, read_to, reply_length;
    size_t stands_at;                   /* wire length from which it takes nothing before the moment; 0: never */
    bool uncounted;                     /* and then nobody can say that it took nothing */
    bool silent, garbage, foreign, no_reader, no_echo, barrier;
    int barrier_answers;                /* beside the one */
    int cuts;                           /* its count of them, told when it is not 0 */
    const char *mutters;                /* said once behind the next bytes that it takes */
    uint8_t last_id[4];                 /* the process id asked for last */
    bool late;                          /* keeps its answers until it is no longer */
    size_t dies_at;                     /* wire length at which the cable goes; 0: never */
    int answers_left;                   /* -1: any number */
    int opened;
    void (*on_bytes)(void);             /* after each write, before it is answered */
} scripted;

extern struct kw_delivery delivery;
extern int renders;                     /* how often delivery asked for a marked receipt */

/* Fixtures of cmocka, of a case; place is the group's. */
int till_begin(void **state);
int till_end(void **state);
#define CASE(name) cmocka_unit_test_setup_teardown(name, till_begin, till_end)

/* What the printer's row says that it confirms with (enum kw_confirm); an echo unless this was called. */
void till_model(int confirm);

/* The journal on another boot of the machine, or on another disk. */
void till_open(const char *boot, const char *vfs);
void till_close(void);

/* A receipt "head body|tail\n" whose tail begins at the bar; its marked twin begins with "REPLACES ". */
struct order { const char *name; int64_t age_ms, deadline_ms; int late; bool live, drawer; const char *boot; };
int64_t accept_job(const struct order *order);
struct kw_job job_now(int64_t id);
void run_job(int64_t id, int64_t patience_ms);
/* Returns how many jobs are left. */
int flush_jobs(void);
size_t times_on_wire(const char *text);
/* Prints one receipt; returns how many bytes go out before the first of its paper. */
size_t wire_before_paper(void);

#endif
