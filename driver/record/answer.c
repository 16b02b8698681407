/* answer.c - the words of verdicts. */
#include "record/answer.h"

const char *kw_verdict_word(int verdict)
{
    static const char *const words[] = {
#define VERDICT_WORD(name, number, word) [number] = word,
        KW_VERDICTS(VERDICT_WORD)
#undef VERDICT_WORD
    };
    return verdict > 0 && verdict < KW_VERDICT_COUNT ? words[verdict] : "unknown";
}
