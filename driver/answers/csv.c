/*
 * csv.c - CSV as RFC 4180 and as spreadsheets write it: quotes doubled, line breaks inside quotes, any of , ; tab,
 * UTF-8 with or without a byte order mark, UTF-16, and the Windows code pages.
 */
#include "answers/table.h"

#include "base/fold.h"
#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

enum { CHUNK = 64 * 1024, ROW_CEILING = 4 * 1024 * 1024, PROGRESS_BYTES = 1024 * 1024,
       LEFTOVER = 16 /* no encoding has longer characters */ };

struct decoder {
    FILE *file;
    const char *path;
    iconv_t converter;                  /* (iconv_t)-1: UTF-8 as it is */
    char in[CHUNK], out[CHUNK * 4];
    size_t in_length, at, out_length;
    int64_t bytes, told;
    const int64_t *line;                /* where the reader of the text is */
    bool ended;
};

struct parser {
    struct kw_table *table;
    struct decoder *decoder;
    struct kw_buffer text;              /* the row's cells, each NUL-terminated */
    size_t starts[KW_TABLE_CELLS];
    const char *cells[KW_TABLE_CELLS];
    size_t count;
    int64_t line, row_line;
    char line_end;                      /* a lone carriage return where the file has no line feed */
};

static int fail_decoding(struct decoder *decoder, struct kw_error *error)
{
    return kw_fail(error, KWIT_E_INVALID, decoder->path,
                   "line %lld, byte %lld of the file cannot be read in this encoding; name the right one with "
                   "--encoding, for instance cp1250",
                   (long long)*decoder->line, (long long)(decoder->bytes - (int64_t)decoder->in_length + 1));
}

static int convert(struct decoder *decoder, struct kw_error *error)
{
    char *in = decoder->in, *out = decoder->out;
    size_t left = decoder->in_length, room = sizeof decoder->out;
    size_t status = iconv(decoder->converter, &in, &left, &out, &room);
    bool wrong = status == (size_t)-1 && (errno == EILSEQ || (errno == EINVAL && decoder->ended));
    if (wrong && out == decoder->out)           /* what stands before it is handed over first */
        return fail_decoding(decoder, error);
    memmove(decoder->in, in, left);
    decoder->in_length = left;
    decoder->out_length = (size_t)(out - decoder->out);
    return 0;
}

static int read_more(struct decoder *decoder, struct kw_error *error)
{
    size_t got = fread(decoder->in + decoder->in_length, 1, sizeof decoder->in - decoder->in_length, decoder->file);
    decoder->bytes += (int64_t)got;
    decoder->in_length += got;
    decoder->ended = got == 0;
    return got == 0 && ferror(decoder->file) ? kw_fail(error, KWIT_E_NO_INPUT, decoder->path, "it cannot be read") : 0;
}

/* Refills `out`; its length stays 0 at the end of the file. */
static int refill(struct decoder *decoder, struct kw_error *error)
{
    decoder->at = decoder->out_length = 0;
    while (decoder->out_length == 0 && !(decoder->ended && decoder->in_length == 0)) {
        if (decoder->in_length < LEFTOVER && read_more(decoder, error) < 0)
            return KWIT_E_NO_INPUT;
        if (decoder->converter != (iconv_t)-1) {
            int code = convert(decoder, error);
            if (code < 0)
                return code;
        } else {
            memcpy(decoder->out, decoder->in, decoder->in_length);
            decoder->out_length = decoder->in_length;
            decoder->in_length = 0;
        }
    }
    return 0;
}

/* The next byte of UTF-8, -1 at the end, -2 with *error. */
static int next_byte(struct decoder *decoder, struct kw_error *error)
{
    if (decoder->at == decoder->out_length) {
        if (refill(decoder, error) < 0)
            return -2;
        if (decoder->out_length == 0)
            return -1;
    }
    return (unsigned char)decoder->out[decoder->at++];
}

static const char *encoding_of_mark(const unsigned char *bytes, size_t length, size_t *mark)
{
    *mark = 0;
    if (length >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0) {
        *mark = 3;
        return "UTF-8";
    }
    if (length >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE) {
        *mark = 2;
        return "UTF-16LE";
    }
    if (length >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF) {
        *mark = 2;
        return "UTF-16BE";
    }
    return NULL;
}

static int open_decoder(struct decoder *decoder, struct kw_table *table, struct kw_error *error)
{
    size_t mark;
    *decoder = (struct decoder){ .file = table->file, .path = table->path, .converter = (iconv_t)-1 };
    decoder->in_length = fread(decoder->in, 1, sizeof decoder->in, decoder->file);
    decoder->bytes = (int64_t)decoder->in_length;
    const char *encoding = encoding_of_mark((unsigned char *)decoder->in, decoder->in_length, &mark);
    if (!encoding)
        encoding = table->encoding ? table->encoding : "UTF-8";
    memmove(decoder->in, decoder->in + mark, decoder->in_length -= mark);
    if (strcasecmp(encoding, "UTF-8") == 0)
        return 0;
    decoder->converter = iconv_open("UTF-8", encoding);
    if (decoder->converter == (iconv_t)-1)
        return kw_fail(error, KWIT_E_USAGE, "--encoding",
                       "there is no encoding %s; say utf-8, utf-16, cp1250, cp1251 or cp1252", encoding);
    return 0;
}

/* Cells of the header with this delimiter, and how many of them are a token's or a time's. */
static void try_delimiter(const struct parser *parser, const char *text, size_t length, char delimiter, size_t *cells,
                          size_t *known)
{
    char cell[KW_FOLD];
    size_t made = 0;
    bool quoted = false;
    *cells = *known = 0;
    for (size_t i = 0; i <= length; i++) {
        bool ends = i == length || (!quoted && text[i] == delimiter);
        bool line_ends = !quoted && i < length && text[i] == parser->line_end;
        quoted ^= i < length && text[i] == '"';
        if (ends || line_ends) {
            cell[made] = 0;
            made = 0;
            *known += kw_table_knows(parser->table, cell);
            (*cells)++;
        } else if (text[i] != '"' && made + 1 < sizeof cell)
            cell[made++] = text[i];
        if (line_ends)
            break;
    }
}

/* Where the header begins, as far as it is read already. */
static size_t find_header(const struct parser *parser)
{
    const struct decoder *decoder = parser->decoder;
    size_t at = decoder->at;
    for (int64_t line = parser->line; line < parser->table->header_at; line++) {
        const char *end = memchr(decoder->out + at, parser->line_end, decoder->out_length - at);
        if (!end)
            return decoder->at;
        at = (size_t)(end - decoder->out) + 1;
    }
    return at;
}

/* The one with which the header has the most names that are known, or else the most cells. */
static void find_delimiter(const struct parser *parser)
{
    const struct decoder *decoder = parser->decoder;
    struct kw_table *table = parser->table;
    static const char candidates[] = ",;\t|";
    size_t best_known = 0, best_cells = 0, cells, known;
    const size_t at = find_header(parser);
    for (const char *candidate = candidates; *candidate; candidate++) {
        try_delimiter(parser, decoder->out + at, decoder->out_length - at, *candidate, &cells, &known);
        if (candidate == candidates || known > best_known || (known == best_known && cells > best_cells)) {
            table->delimiter = *candidate;
            best_known = known;
            best_cells = cells;
        }
    }
}

/* Some spreadsheets write their delimiter into a line of its own: `sep=;` */
static int begin_table(struct parser *parser, struct kw_error *error)
{
    struct decoder *decoder = parser->decoder;
    int code = refill(decoder, error);
    const char *text = decoder->out;
    bool lone = memchr(text, '\r', decoder->out_length) && !memchr(text, '\n', decoder->out_length);
    parser->line_end = lone ? '\r' : '\n';
    const char *end = memchr(text, parser->line_end, decoder->out_length < 8 ? decoder->out_length : 8);
    if (code == 0 && end && end - text >= 5 && strncmp(text, "sep=", 4) == 0) {
        parser->table->delimiter = text[4];
        decoder->at = (size_t)(end - text) + 1;
        parser->line = parser->row_line = 2;
    } else if (code == 0 && !parser->table->delimiter)
        find_delimiter(parser);
    return code;
}

static int end_cell(struct parser *parser, struct kw_error *error)
{
    size_t start = parser->starts[parser->count];
    const char *cell = kw_buffer_string(&parser->text) + start;
    if (!kw_utf8_valid(cell, parser->text.length - start))
        return kw_fail(error, KWIT_E_INVALID, parser->table->path,
                       "line %lld, column %zu is not UTF-8; name the encoding, for "
                       "instance --encoding cp1250",
                       (long long)parser->row_line, parser->count + 1);
    if (!kw_buffer_byte(&parser->text, 0) || parser->text.length - start > KW_TABLE_CELL_BYTES)
        return kw_fail(error, KWIT_E_TOO_LARGE, parser->table->path,
                       "line %lld, column %zu is longer than %d bytes; is a quote "
                       "missing?",
                       (long long)parser->row_line, parser->count + 1, KW_TABLE_CELL_BYTES);
    if (++parser->count == KW_TABLE_CELLS)
        return kw_fail(error, KWIT_E_TOO_LARGE, parser->table->path, "line %lld has more than %d columns",
                       (long long)parser->row_line, KW_TABLE_CELLS - 1);
    parser->starts[parser->count] = parser->text.length;
    return 0;
}

static int end_row(struct parser *parser, struct kw_error *error)
{
    struct kw_table *table = parser->table;
    int code = end_cell(parser, error);
    if (code < 0)
        return code;
    for (size_t i = 0; i < parser->count; i++)
        parser->cells[i] = kw_buffer_string(&parser->text) + parser->starts[i];
    if (parser->text.failed)
        return kw_fail(error, KWIT_E_TOO_LARGE, table->path, "line %lld is longer than %d bytes",
                       (long long)parser->row_line, ROW_CEILING);
    code = kw_table_row(table, parser->cells, parser->count, parser->row_line, error);
    parser->count = 0;
    parser->starts[0] = 0;
    kw_buffer_clear(&parser->text);
    parser->row_line = parser->line;
    if (table->progress && parser->decoder->bytes - parser->decoder->told >= PROGRESS_BYTES) {
        parser->decoder->told = parser->decoder->bytes;
        table->progress(table->data, parser->decoder->bytes);
    }
    return code;
}

enum state { CELL_START, PLAIN, QUOTED, QUOTE_IN_QUOTED };

static int step(struct parser *parser, enum state *state, int byte, struct kw_error *error)
{
    bool plain = *state != QUOTED;
    parser->line += byte == parser->line_end;
    if (byte == 0)
        return kw_fail(error, KWIT_E_INVALID, parser->table->path,
                       "line %lld holds a zero byte; this is not CSV (for UTF-16 without "
                       "a mark say --encoding utf-16le)",
                       (long long)parser->line);
    if (*state == QUOTED && byte != '"') {
        kw_buffer_byte(&parser->text, (uint8_t)byte);
        return 0;
    }
    if (byte == '"' && *state != PLAIN) {
        if (*state == QUOTE_IN_QUOTED)
            kw_buffer_byte(&parser->text, '"');
        *state = *state == QUOTED ? QUOTE_IN_QUOTED : QUOTED;
        return 0;
    }
    if (plain && (byte == parser->table->delimiter || byte == parser->line_end)) {
        *state = CELL_START;
        return byte == parser->line_end ? end_row(parser, error) : end_cell(parser, error);
    }
    if (byte == '\r')
        return 0;
    if (*state == QUOTE_IN_QUOTED)
        return kw_fail(error, KWIT_E_INVALID, parser->table->path,
                       "line %lld, column %zu: text behind a closing quote; a quote inside a "
                       "cell is written twice",
                       (long long)parser->line, parser->count + 1);
    *state = PLAIN;
    kw_buffer_byte(&parser->text, (uint8_t)byte);
    return 0;
}

static int parse(struct parser *parser, struct kw_error *error)
{
    enum state state = CELL_START;
    int byte, code = 0;
    while (code == 0 && (byte = next_byte(parser->decoder, error)) >= 0)
        code = step(parser, &state, byte, error);
    if (code < 0)
        return code;
    if (byte == -2)
        return error ? (int)error->code : KWIT_E_INVALID;
    if (state == QUOTED)
        return kw_fail(error, KWIT_E_INVALID, parser->table->path,
                       "line %lld, column %zu: a quote is opened and never closed", (long long)parser->row_line,
                       parser->count + 1);
    if (parser->count > 0 || parser->text.length > 0 || state != CELL_START)
        code = end_row(parser, error);
    if (code == 0 && parser->table->rows == 0)
        code = kw_fail(error, KWIT_E_INVALID, parser->table->path, "the file is empty");
    return code;
}

int kw_table_csv(struct kw_table *table, struct kw_error *error)
{
    struct decoder *decoder = malloc(sizeof *decoder);
    struct parser *parser = calloc(1, sizeof *parser);
    int code =
        decoder && parser ? open_decoder(decoder, table, error) : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0) {
        kw_buffer_init(&parser->text, ROW_CEILING);
        parser->table = table;
        parser->decoder = decoder;
        parser->line = parser->row_line = 1;
        decoder->line = &parser->line;
        code = begin_table(parser, error);
    }
    if (code == 0)
        code = parse(parser, error);
    if (parser)
        kw_buffer_free(&parser->text);
    if (decoder && decoder->converter != (iconv_t)-1)
        iconv_close(decoder->converter);
    free(parser);
    free(decoder);
    return code;
}
