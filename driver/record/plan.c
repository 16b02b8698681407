/* plan.c - how an experiment was planned, in the words of its event: "2000 daily title". */
#include "record/counts.h"

#include <stdlib.h>
#include <string.h>

static const char *const looks[] = { "once", "daily" };

const char *kw_plan_look(const struct kw_plan *plan)
{
    return looks[plan->daily];
}

bool kw_plan_read(const char *detail, struct kw_plan *plan)
{
    char *end;
    plan->n = strtoll(detail, &end, 10);
    for (int i = 0; i < 2 && *end == ' '; i++) {
        size_t length = strlen(looks[i]);
        if (strncmp(end + 1, looks[i], length) != 0 || end[1 + length] != ' ')
            continue;
        plan->daily = i == 1;
        plan->campaign = end + length + 2;
        return plan->n >= 0;
    }
    return false;
}
