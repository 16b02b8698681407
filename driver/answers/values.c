/* values.c - what the cells of an export mean. */
#include "answers/values.h"

#include "base/fold.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words of data/scale_labels.def; value: of the label on the scale, or 0 and 1 for no and yes. */
enum list { NPS = KW_LABELS_NPS, CSAT = KW_LABELS_CSAT, CES = KW_LABELS_CES, OWN = KW_LABELS_OWN, YES, NONE };
static const struct { int list, value; const char *words; } scale_labels[] = {
#define SCALE_LABEL(list, value, words) { list, value, words },
#include "data/scale_labels.def"
#undef SCALE_LABEL
};

/* Whether one of the words parted by `|` is this text, or with `begins` its beginning up to the end of a word. */
static bool is_listed(const char *words, const char *text, bool begins)
{
    while (*words) {
        size_t length = strcspn(words, "|");
        unsigned char next = strncmp(words, text, length) == 0 ? (unsigned char)text[length] : 'x';
        if (next == 0 || (begins && !isalnum(next) && next < 0x80))
            return true;
        words += length + (words[length] == '|');
    }
    return false;
}

/* Folded, and without the semicolon that some platforms end each choice with. */
static size_t fold_cell(const char *text, char out[KW_FOLD])
{
    size_t length = kw_fold(text, out);
    while (length > 0 && (out[length - 1] == ';' || out[length - 1] == ' '))
        out[--length] = 0;
    return length;
}

bool kw_value_none(const char *text)
{
    char folded[KW_FOLD];
    if (fold_cell(text, folded) == 0)
        return true;
    for (size_t i = 0; i < sizeof scale_labels / sizeof scale_labels[0]; i++)
        if (scale_labels[i].list == NONE && is_listed(scale_labels[i].words, folded, false))
            return true;
    return false;
}

bool kw_value_yes(const char *text)
{
    char folded[KW_FOLD];
    fold_cell(text, folded);
    for (size_t i = 0; i < sizeof scale_labels / sizeof scale_labels[0]; i++)
        if (scale_labels[i].list == YES && is_listed(scale_labels[i].words, folded, true))
            return true;
    return false;
}

bool kw_value_preview(const char *text)
{
    static const char *const numbers[] = { "1", "2", "9", "17" };      /* of Qualtrics, exported as numeric values */
    char folded[KW_FOLD];
    fold_cell(text, folded);
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        if (strcmp(folded, numbers[i]) == 0)
            return true;
    return strstr(folded, "preview") || strstr(folded, "test");
}

static bool has_digit(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (isdigit((unsigned char)text[i]))
            return true;
    return false;
}

/* `/10`, ` out of 10`: the scale itself, said once more. */
static bool is_own_scale(const char *tail, int high)
{
    static const char *const parts[] = { "/", "out of", "of", "von", "z", "sur", "из", "از" };
    char scale[16];
    snprintf(scale, sizeof scale, "%d", high);
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        const char *rest = tail + strspn(tail, " ");
        if (strncmp(rest, parts[i], strlen(parts[i])) != 0)
            continue;
        rest += strlen(parts[i]);
        rest += strspn(rest, " ");
        if (strncmp(rest, scale, strlen(scale)) == 0 && !has_digit(rest + strlen(scale), strlen(rest) - strlen(scale)))
            return true;
    }
    return false;
}

/* What may stand behind a score: nothing, noughts of a decimal fraction, its scale, or words without a number. */
static bool is_tail(const char *tail, int high)
{
    if ((*tail == '.' || *tail == ',') && isdigit((unsigned char)tail[1]))
        tail += 1 + strspn(tail + 1, "0");
    return is_own_scale(tail, high) || (!isalnum((unsigned char)*tail) && !has_digit(tail, strlen(tail)));
}

/* "10", "4,0", "9/10", "10 - Extremely likely", "Extremely likely (10)" */
static bool read_score(const char *text, int high, long *value)
{
    char *end;
    size_t digits = strspn(text, "0123456789"), length = strlen(text), begin = length;
    if (digits > 0) {
        *value = strtol(text, &end, 10);
        return digits <= 3 && is_tail(end, high);
    }
    while (begin > 0 && strchr(")] ", text[begin - 1]))
        begin--;
    while (begin > 0 && isdigit((unsigned char)text[begin - 1]))
        begin--;
    *value = strtol(text + begin, &end, 10);
    bool parted = begin > 1 && strchr(" (:[=", text[begin - 1]);
    return end > text + begin && end - (text + begin) <= 3 && parted && !has_digit(text, begin);
}

/* Four stars of five: the full ones, with or without the empty ones behind them. */
static bool read_stars(const char *text, int high, long *value)
{
    static const struct { const char *sign; int full, empty; } signs[] = {
        { "★", 1, 0 }, { "⭐", 1, 0 }, { "🌟", 1, 0 }, { "☆", 0, 1 }, { "\xEF\xB8\x8F", 0, 0 }, { " ", 0, 0 }
    };
    int full = 0, empty = 0;
    while (*text) {
        size_t i = 0, count = sizeof signs / sizeof signs[0];
        while (i < count && strncmp(text, signs[i].sign, strlen(signs[i].sign)) != 0)
            i++;
        if (i == count || (empty > 0 && signs[i].full))
            return false;
        full += signs[i].full;
        empty += signs[i].empty;
        text += strlen(signs[i].sign);
    }
    *value = full;
    return full > 0 && (empty == 0 || full + empty == high);
}

static const char *of_label(int value, const struct kw_scale *scale, int *score)
{
    *score = value;
    const bool fits = value == KW_LABEL_NONE || (value >= scale->low && value <= scale->high);
    return fits ? NULL : "this label stands for a value outside the scale";
}

const char *kw_value_score(const char *text, const struct kw_scale *scale, const struct kw_score_label *labels,
                           size_t count, int *score)
{
    char folded[KW_FOLD];
    long value;
    *score = -1;
    fold_cell(text, folded);
    for (size_t i = 0; i < count; i++)
        if (kw_fold_same(text, labels[i].text) || kw_fold_same(folded, labels[i].text))
            return of_label(labels[i].value, scale, score);
    if (kw_value_none(text))
        return NULL;
    if (read_score(folded, scale->high, &value) || read_stars(folded, scale->high, &value)) {
        *score = (int)value;
        return value >= scale->low && value <= scale->high ? NULL : "this number is outside the scale";
    }
    for (size_t i = 0; i < sizeof scale_labels / sizeof scale_labels[0]; i++)
        if (scale_labels[i].list == (int)scale->labels && is_listed(scale_labels[i].words, folded, false))
            return of_label(scale_labels[i].value, scale, score);
    return "this is neither a whole number nor a known label; say what it stands for with --value \"LABEL=NUMBER\"";
}

void kw_value_copy(char *out, size_t size, const char *text)
{
    size_t length = strlen(text);
    if (length >= size) {
        length = size - 1;
        while (length > 0 && ((unsigned char)text[length] & 0xC0) == 0x80)
            length--;
    }
    memcpy(out, text, length);
    out[length] = 0;
}
