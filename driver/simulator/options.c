/* options.c - reads the words of a machine's options: speeds and rolls of paper. */
#include "simulator/simulator.h"

#include "base/plain.h"

#include <stdlib.h>
#include <string.h>

enum { ROLL_MOST_MM = 10000000 };

bool kw_sim_read_roll(const char *text, int *mm)
{
    char *end;
    double value = kw_plain_real(text, &end);
    if (end == text || !(value >= 0) || value > ROLL_MOST_MM)
        return false;
    double millimetres = strcmp(end, "mm") == 0 ? value : value * 1000;
    if ((*end && strcmp(end, "mm") != 0 && strcmp(end, "m") != 0) || millimetres > ROLL_MOST_MM)
        return false;
    *mm = (int)millimetres;
    return true;
}

bool kw_sim_read_speed(const char *word, int *mm_s)
{
    char *end;
    if (!word || strcmp(word, "fast") == 0) {
        *mm_s = KW_SIM_FAST;
        return true;
    }
    if (strcmp(word, "real") == 0) {
        *mm_s = KW_SIM_REAL;
        return true;
    }
    long value = strtol(word, &end, 10);
    *mm_s = (int)value;
    return *end == 0 && end != word && value > 0 && value <= 100000;
}
