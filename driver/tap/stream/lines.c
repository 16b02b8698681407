/* lines.c - text side by side becomes a line, with blanks where the paper has some. */
#include "tap/stream/lines.h"

#include "tap/stream/spacing.h"

#include <ctype.h>
#include <string.h>

enum { LINES = 2000, APART_DOTS = 4, WIDE_DOTS = 30 /* more than a blank of plain size */ };

static bool is_big(const struct kw_sim_text *text)
{
    return text->times_high > 1 || text->times_wide > 1 || text->bold || text->reverse;
}

static size_t runs_of_row(const struct kw_sim_text *texts, size_t count)
{
    size_t runs = 1;
    while (runs < count && texts[runs].row == texts[0].row)
        runs++;
    return runs;
}

static bool feeds_between(const struct kw_sim_stream *stream, uint64_t from, uint64_t to)
{
    size_t low = 0, high = stream->token_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (stream->tokens[middle].offset < from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < stream->token_count && stream->tokens[low].offset < to; low++)
        if (stream->tokens[low].class == KW_CLASS_FEED)
            return true;
    return false;
}

static bool is_of_number(char letter)
{
    return isdigit((unsigned char)letter) || letter == '.' || letter == ',';
}

/* The rest of a number that did not fit into its line, and nothing else: "6." at the edge, "50" below it. */
static bool is_broken_number(const struct kw_sim_stream *stream, const struct kw_sim_text *texts, size_t runs,
                             size_t count)
{
    enum { REST = 8 };
    const struct kw_sim_text *last = &texts[runs - 1], *next = &texts[runs];
    return runs < count && runs_of_row(next, count - runs) == 1 && last->length > 0 && next->length > 0
        && next->length <= REST && is_of_number(last->text[last->length - 1]) && is_of_number(next->text[0])
        && !feeds_between(stream, last->offset, next->offset);
}

static size_t runs_of_line(const struct kw_sim_stream *stream, const struct kw_sim_text *texts, size_t count)
{
    size_t runs = runs_of_row(texts, count);
    return runs + is_broken_number(stream, texts, runs, count);
}

/* The blanks that stand for the paper between two runs of a line. */
static size_t blanks_between(const struct kw_sim_text *before, const struct kw_sim_text *run)
{
    int apart = run->row == before->row ? run->x - before->x - before->width : 0;
    return apart > WIDE_DOTS ? 2 : apart > APART_DOTS ? 1 : 0;
}

int kw_lines_add(struct kw_arena *arena, const char *text, bool big, struct kw_lines *lines)
{
    char folded[KW_FOLD], kept[KW_FOLD];
    if (!lines->lines)
        lines->lines = kw_arena_array(arena, LINES, sizeof *lines->lines);
    if (!lines->lines)
        return KWIT_E_NO_MEMORY;
    kw_spacing_keep(text, kept);
    kw_fold(kept, folded);
    kw_fold_plain(folded);
    kw_spacing_close(folded);
    if (!folded[0] || lines->count == LINES)
        return 0;
    struct kw_stream_line *line = &lines->lines[lines->count++];
    *line = (struct kw_stream_line){ kw_arena_string(arena, text), kw_arena_string(arena, folded), big };
    return line->text && line->folded ? 0 : KWIT_E_NO_MEMORY;
}

static int join(struct kw_arena *arena, const struct kw_sim_text *runs, size_t count, struct kw_lines *lines)
{
    char raw[KW_FOLD];
    size_t used = 0;
    bool big = true;
    for (size_t i = 0; i < count; i++) {
        size_t blanks = i > 0 ? blanks_between(&runs[i - 1], &runs[i]) : 0;
        if (used + runs[i].length + 3 >= sizeof raw)
            break;
        memset(raw + used, ' ', blanks);
        used += blanks;
        memcpy(raw + used, runs[i].text, runs[i].length);
        used += runs[i].length;
        bool white = strspn(runs[i].text, " ") == runs[i].length;
        big = big && (white || is_big(&runs[i]));
    }
    raw[used] = 0;
    return kw_lines_add(arena, raw, big, lines);
}

int kw_lines_read(const struct kw_sim_stream *stream, const struct kw_sim_piece *piece, struct kw_arena *arena,
                  struct kw_lines *lines)
{
    const struct kw_sim_text *texts = stream->texts + piece->first_text;
    int code = 0;
    for (size_t i = 0, runs; i < piece->text_count && lines->count < LINES && code == 0; i += runs) {
        runs = runs_of_line(stream, texts + i, piece->text_count - i);
        code = join(arena, texts + i, runs, lines);
    }
    return code;
}
