/* answer.c - the words of verdicts. */
#include "record/answer.h"

const char *kw_verdict_word(int verdict)
{
    static const char *const words[] = {
#define VERDICT(name, number, word, ...) [number] = word,
#include "data/verdicts.def"
#undef VERDICT
    };
    return verdict > 0 && verdict < KW_VERDICT_COUNT ? words[verdict] : "unknown";
}
