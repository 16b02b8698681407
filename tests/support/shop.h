/* shop.h - a book of counts that come from chance: what a report is made of, without a journal. */
#ifndef KW_TEST_SHOP_H
#define KW_TEST_SHOP_H

#include "report/report.h"

enum { SHOP_TILLS = 12, SHOP_DAYS = 140, SHOP_ARMS = 2 };

/*
 * A till's ways. Shares of invitations answered; of answers that come at once and that score at the top; refused; of
 * invitations whose sale is voided, that follow another within seconds, whose sale is tiny.
 */
struct shop_till { int store, invitations; double rate, quick, top, refused, voided, hasty, tiny; };

struct shop {
    uint64_t seed;
    int days, tills, first_day;             /* the days are all mature */
    bool arms;                              /* invitations are dealt to two arms alike */
    double lift;                            /* the second arm is answered so much more often */
    int64_t plan;                           /* of each arm */
    int change_day;                         /* from then on half as many answers score at the top, 0: never */
    int changed_day;                        /* when the plan became that, 0: it was so from the first day */
    bool daily;                             /* each day may end it */
    struct shop_till till[SHOP_TILLS];
    /* filled by shop_open */
    int offered[SHOP_DAYS][SHOP_TILLS][SHOP_ARMS], refused[SHOP_DAYS][SHOP_TILLS];
    int answered[SHOP_DAYS][SHOP_TILLS][SHOP_ARMS];
};

double shop_chance(struct shop *shop);
int shop_draws(struct shop *shop, int n, double p);
/* Lets chance decide what became of all invitations. */
void shop_open(struct shop *shop);
/* The report on its first so many days, as it is when they are mature. 0, or a negative error. */
int shop_report(struct shop *shop, int days, struct kw_arena *in, struct kw_report *report);

#endif
