/* lines.c - text side by side becomes a line, with a blank where the paper has one. */
#include "tap/stream/lines.h"

#include "base/fold.h"

#include <string.h>

enum { LINES = 2000, APART_DOTS = 4 };

static bool is_big(const struct kw_sim_text *text)
{
    return text->times_high > 1 || text->times_wide > 1 || text->bold || text->reverse;
}

static size_t runs_of_line(const struct kw_sim_text *texts, size_t count)
{
    size_t runs = 1;
    while (runs < count && texts[runs].row == texts[0].row)
        runs++;
    return runs;
}

/* "s t o r n o", "h-a-n-d-l-e-r-b-e-l-e-g", "t o t a l 7.80": letters that are set apart are a word. */
static void close_spaced(char *text)
{
    enum { LEAST = 5 };
    size_t length = strlen(text), letters = 0, at = 0, end = 0, made = 0;
    while (at < length) {
        uint32_t code = kw_fold_next(text, length, &at);
        bool parted = at == length || text[at] == ' ' || text[at] == '-';
        if (!parted || code < 'a')
            break;
        letters++;
        end = at;
        at += at < length;
    }
    if (letters < LEAST)
        return;
    for (at = 0; at < length; at++)
        if (at >= end || (text[at] != ' ' && text[at] != '-'))
            text[made++] = text[at];
    text[made] = 0;
}

int kw_lines_add(struct kw_arena *arena, const char *text, bool big, struct kw_lines *lines)
{
    char folded[KW_FOLD];
    if (!lines->lines)
        lines->lines = kw_arena_array(arena, LINES, sizeof *lines->lines);
    if (!lines->lines)
        return KWIT_E_NO_MEMORY;
    kw_fold(text, folded);
    kw_fold_plain(folded);
    close_spaced(folded);
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
        bool apart = i > 0 && runs[i].x > runs[i - 1].x + runs[i - 1].width + APART_DOTS;
        if (used + runs[i].length + 2 >= sizeof raw)
            break;
        if (apart)
            raw[used++] = ' ';
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
        runs = runs_of_line(texts + i, piece->text_count - i);
        code = join(arena, texts + i, runs, lines);
    }
    return code;
}
