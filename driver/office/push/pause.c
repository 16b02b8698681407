/* pause.c - how long a till leaves an office alone that is away, or has too much to do. */
#include "office/push/push.h"

enum { LEAST_MS = 30000, MOST_MS = 3600000 };

/* Each time twice as long; half of it by chance, so that tills which failed together do not come again together. */
int64_t kw_push_pause(int64_t tries, int64_t asked_ms, uint32_t dice)
{
    int64_t whole = LEAST_MS;
    for (int64_t i = 1; i < tries && whole < MOST_MS; i++)
        whole *= 2;
    whole = whole < MOST_MS ? whole : MOST_MS;
    const int64_t pause = whole / 2 + (int64_t)((uint64_t)whole / 2 * dice >> 32),
                  asked = asked_ms < MOST_MS ? asked_ms : MOST_MS;
    return pause > asked ? pause : asked;
}
