/* batch.c - words and HTTP statuses of what an office says of a batch. */
#include "record/batch.h"

static const struct { enum kw_batch_outcome outcome; int status; const char *word; } rows[] = {
#define OUTCOME(name, number, status, word) { number, status, word },
#include "record/batch_outcomes.def"
#undef OUTCOME
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const char *kw_batch_word(enum kw_batch_outcome outcome)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].outcome == outcome)
            return rows[i].word;
    return "unknown";
}

int kw_batch_status(enum kw_batch_outcome outcome)
{
    for (int i = 0; i < ROWS; i++)
        if (rows[i].outcome == outcome)
            return rows[i].status;
    return 500;
}
