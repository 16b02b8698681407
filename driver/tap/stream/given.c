/* given.c - words beside the bytes, written once and read wherever these are looked at again. */
#include "tap/stream/given.h"

#include <string.h>

enum { PIECE_END = '\f', LINE_END = '\n', BIG = '*', PLAIN = ' ' };

bool kw_given_add_line(struct kw_buffer *out, const char *utf8, bool big)
{
    kw_buffer_byte(out, big ? BIG : PLAIN);
    for (; *utf8; utf8++)
        kw_buffer_byte(out, (uint8_t)*utf8 < ' ' ? ' ' : (uint8_t)*utf8);
    return kw_buffer_byte(out, LINE_END);
}

bool kw_given_end_piece(struct kw_buffer *out)
{
    return kw_buffer_byte(out, PIECE_END);
}

size_t kw_given_pieces(const struct kw_given *given)
{
    size_t count = 0;
    for (size_t i = 0; i < given->length; i++)
        count += given->text[i] == PIECE_END;
    return count;
}

static int add_line(const char *from, const char *end, struct kw_arena *arena, struct kw_lines *lines)
{
    const char *text = from < end ? kw_arena_copy(arena, from + 1, (size_t)(end - from) - 1) : "";
    return text ? kw_lines_add(arena, text, from < end && *from == BIG, lines) : KWIT_E_NO_MEMORY;
}

int kw_given_read(const struct kw_given *given, size_t first, size_t count, struct kw_arena *arena,
                  struct kw_lines *lines)
{
    size_t piece = 0;
    int code = 0;
    for (size_t at = 0, from = 0; at < given->length && piece < first + count && code == 0; at++) {
        bool piece_ends = given->text[at] == PIECE_END;
        if (!piece_ends && given->text[at] != LINE_END)
            continue;
        if (piece >= first)
            code = add_line(given->text + from, given->text + at, arena, lines);
        piece += piece_ends;
        from = at + 1;
    }
    return code;
}
