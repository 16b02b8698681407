/*
 * doubtful.c - text that no language writes: it was read with another code page than it was written in.
 *
 * Letters of one word are of one alphabet, and lines, blocks and mathematics do not stand inside of words. Read with a
 * wrong page, words of another alphabet have both, or are letters with accents from end to end.
 */
#include "base/utf8.h"
#include "tap/stream/look.h"

enum { WORDS_LEAST = 2, ACCENTS_MOST = 2, HIGH_LEAST = 2 };

enum sort {
    SORT_OTHER,                     /* ends a word */
    SORT_ASCII, SORT_ACCENT, SORT_GREEK, SORT_CYRILLIC, SORT_SIGN, SORT_LOST, SORTS
};

static const struct { uint32_t first, last; enum sort sort; } ranges[] = {
    { 'A', 'Z', SORT_ASCII }, { 'a', 'z', SORT_ASCII }, { 0x00D7, 0x00D7, SORT_SIGN }, { 0x00F7, 0x00F7, SORT_SIGN },
    { 0x00AC, 0x00AC, SORT_SIGN }, { 0x00BC, 0x00BE, SORT_SIGN }, { 0x00C0, 0x024F, SORT_ACCENT },
    { 0x0370, 0x03FF, SORT_GREEK }, { 0x0400, 0x04FF, SORT_CYRILLIC }, { 0x1E00, 0x1EFF, SORT_ACCENT },
    { 0x2200, 0x22FF, SORT_SIGN }, { 0x2310, 0x2321, SORT_SIGN }, { 0x2500, 0x259F, SORT_SIGN },
    { KW_REPLACEMENT, KW_REPLACEMENT, SORT_LOST },
};

struct word {
    size_t counts[SORTS], letters;
    size_t signs_behind;            /* signs since the last letter: a frame's, where no letter follows */
    bool sign_inside;
};

static enum sort sort_of(uint32_t code)
{
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return ranges[i].sort;
    return SORT_OTHER;
}

static void take(struct word *word, enum sort sort)
{
    word->counts[sort]++;
    if (sort == SORT_SIGN) {
        word->signs_behind += word->letters > 0;
        return;
    }
    word->sign_inside = word->sign_inside || word->signs_behind > 0;
    word->signs_behind = 0;
    word->letters++;
}

static bool is_strange(const struct word *word)
{
    size_t alphabets = (word->counts[SORT_ASCII] + word->counts[SORT_ACCENT] > 0) + (word->counts[SORT_GREEK] > 0)
        + (word->counts[SORT_CYRILLIC] > 0);
    size_t high = word->letters - word->counts[SORT_ASCII];
    bool signs_beside = word->counts[SORT_SIGN] > 0 && word->counts[SORT_GREEK] > 0;
    return word->counts[SORT_LOST] > 0 || word->sign_inside || signs_beside
        || (alphabets > 1 && high >= HIGH_LEAST)
        || (word->counts[SORT_ACCENT] > ACCENTS_MOST && word->counts[SORT_ACCENT] == word->letters);
}

/* Words with a letter that is not ASCII, and those of them that no language has. */
static void count_words(const struct kw_sim_text *text, size_t *words, size_t *strange)
{
    struct word word = { .letters = 0 };
    for (size_t at = 0; at <= text->length;) {
        enum sort sort = at < text->length ? sort_of(kw_utf8_next(text->text, text->length, &at)) : SORT_OTHER;
        if (sort != SORT_OTHER) {
            take(&word, sort);
            continue;
        }
        *words += word.letters > word.counts[SORT_ASCII] || word.sign_inside;
        *strange += is_strange(&word);
        word = (struct word){ .letters = 0 };
        if (at == text->length)
            break;
    }
}

bool kw_words_doubtful(const struct kw_sim_stream *stream, const struct kw_sim_piece *piece)
{
    size_t words = 0, strange = 0;
    for (size_t i = 0; i < piece->text_count; i++)
        count_words(&stream->texts[piece->first_text + i], &words, &strange);
    return strange >= WORDS_LEAST && strange * 2 >= words;
}
