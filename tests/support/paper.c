/* paper.c - lays a document out and reads the page back. */
#include "support/paper.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARENA_BYTES = 1 << 30, TEXT_BYTES = 16 << 20 };

struct paper paper_of(const char *document, size_t length, const char *profile)
{
    struct paper paper = { .arena = kw_arena_new(ARENA_BYTES) };
    kw_notes_init(&paper.warnings, paper.arena);
    kw_notes_init(&paper.errors, paper.arena);
    paper.code = kw_sale_parse(paper.arena, document, length, false, NULL, &paper.sale, &paper.warnings,
                               &paper.errors, &paper.error);
    paper.options = (struct kw_layout_options){ .profile = kw_profile_find(profile), .copy = 1,
                                                .cut = KW_CUT_PARTIAL, .decimals = -1 };
    if (!paper.options.profile)
        paper.options.profile = kw_profile_find("generic");
    if (paper.code == 0)
        paper.customer_tag = paper.sale->customer.locale;
    return paper;
}

struct paper paper_of_file(const char *path, const char *profile)
{
    FILE *file = fopen(path, "rb");
    char *bytes = malloc(KW_SALE_MAX_BYTES + 1);
    size_t length = file && bytes ? fread(bytes, 1, KW_SALE_MAX_BYTES + 1, file) : 0;
    struct paper paper = paper_of(bytes ? bytes : "", length, profile);
    if (file)
        fclose(file);
    free(bytes);
    return paper;
}

const struct kw_invitation paper_invitation = {
    .url = "HTTPS://FB.EXAMPLE.COM/0123456789ABCDEFGHJK", .address = "fb.example.com",
    .code = "0123-4567-89AB-CDEF-GHJK", .reward = "free coffee", .rules_url = "fb.example.com/rules", .draw = true,
    .expires = "22/12/2026", .sample = true,
};

static void must(const struct paper *paper, const char *name)
{
    if (paper->code < 0)
        fail_msg("%s: %s: %s", name, paper->error.where, paper->error.text);
}

struct paper paper_of_good(const char *document, const char *profile)
{
    struct paper paper = paper_of(document, strlen(document), profile);
    must(&paper, "document");
    return paper;
}

struct paper paper_of_fixture(const char *name, const char *profile)
{
    char path[300];
    snprintf(path, sizeof path, PAPER_FIXTURES "/%s", name);
    struct paper paper = paper_of_file(path, profile);
    must(&paper, name);
    return paper;
}

void paper_lay_good(struct paper *paper, const char *name)
{
    paper_lay(paper);
    must(paper, name);
}

/* ---- reading back -------------------------------------------------------------------------------------------- */

struct reading {
    char *out;
    size_t at;
    const struct kw_profile *profile;
    int cell;
};

static void put(struct reading *reading, const char *text, size_t length)
{
    if (reading->at + length < TEXT_BYTES) {
        memcpy(reading->out + reading->at, text, length);
        reading->at += length;
    }
    reading->out[reading->at] = 0;
}

static void put_text(struct reading *reading, const char *text)
{
    put(reading, text, strlen(text));
}

static const char *page_of(const struct kw_profile *profile, uint8_t n)
{
    for (size_t i = 0; i < profile->table_count; i++)
        if (kw_profile_tables(profile)[i].n == n)
            return kw_profile_tables(profile)[i].page;
    return "cp437";
}

static void put_run(struct reading *reading, const struct kw_run *run)
{
    char decoded[4096], *in = (char *)(uintptr_t)run->bytes, *out = decoded;
    size_t left = run->length, room = sizeof decoded;
    iconv_t from = iconv_open("UTF-8", page_of(reading->profile, run->table));
    if (from == (iconv_t)-1 || iconv(from, &in, &left, &out, &room) == (size_t)-1)
        put_text(reading, "<?>");
    if (from != (iconv_t)-1)
        iconv_close(from);
    put(reading, decoded, (size_t)(out - decoded));
}

static void put_line(struct reading *reading, const struct kw_line *line)
{
    int x = 0;
    if (line->bitmap)
        put_text(reading, line->text ? line->text : "");
    for (size_t i = 0; i < line->run_count; i++) {
        const struct kw_run *run = &line->runs[i];
        int gap = (run->x_dots - x) / reading->cell;
        for (int k = 0; k < gap; k++)
            put_text(reading, " ");
        put_run(reading, run);
        x = run->x_dots + run->width_dots;
    }
    put_text(reading, "\n");
}

static void put_symbol(struct reading *reading, const struct kw_symbol *symbol)
{
    char text[160];
    snprintf(text, sizeof text, "[symbol %d %d at %d wide %d: ", symbol->symbology, symbol->module_dots,
             symbol->x_dots, symbol->width_dots);
    put_text(reading, text);
    put_text(reading, symbol->plain ? symbol->plain : "");
    put_text(reading, "]\n");
}

static void put_op(struct reading *reading, const struct kw_op *op)
{
    char text[160];
    switch ((enum kw_op_kind)op->kind) {
    case KW_OP_LINE:
        put_line(reading, &op->line);
        return;
    case KW_OP_FEED:
        put_text(reading, op->feed_dots >= 20 ? "\n" : "");
        return;
    case KW_OP_BITMAP:
        snprintf(text, sizeof text, "[picture %dx%d at %d]\n", op->image.bitmap->width, op->image.bitmap->height,
                 op->image.x_dots);
        break;
    case KW_OP_SYMBOL:
        put_symbol(reading, &op->symbol);
        return;
    case KW_OP_BESIDE:
        put_symbol(reading, &op->beside->symbol);
        for (size_t i = 0; i < op->beside->line_count; i++)
            put_line(reading, &op->beside->lines[i]);
        return;
    case KW_OP_CANVAS:
        snprintf(text, sizeof text, "[page of %d dots]\n", op->canvas->height_dots);
        break;
    case KW_OP_STORED_LOGO:
        snprintf(text, sizeof text, "[logo]\n");
        break;
    }
    put_text(reading, text);
}

static void read_back(struct paper *paper)
{
    struct reading reading = { .out = malloc(TEXT_BYTES + 1), .profile = paper->options.profile,
                               .cell = paper->options.profile->font_a_width };
    reading.cell = reading.cell > 0 ? reading.cell : 12;
    if (reading.out)
        reading.out[0] = 0;
    for (size_t i = 0; reading.out && i < paper->page.piece_count; i++) {
        const struct kw_piece *piece = &paper->page.pieces[i];
        for (size_t k = 0; k < piece->op_count; k++) {
            if (k == piece->tail_op && getenv("PAPER_TAIL"))
                put_text(&reading, "~~~ tail\n");
            put_op(&reading, &piece->ops[k]);
        }
        put_text(&reading, piece->kind == KW_PIECE_DRAWER ? "--- drawer\n" : piece->cut ? "--- cut\n" : "--- end\n");
    }
    paper->text = reading.out;
}

void paper_lay(struct paper *paper)
{
    struct kw_text *text = NULL;
    if (paper->code < 0)
        return;
    const struct kw_locale *locale = kw_locale_find(paper->sale->locale, NULL);
    const struct kw_locale *customer = paper->customer_tag ? kw_locale_find(paper->customer_tag, NULL) : NULL;
    paper->options.warnings = &paper->warnings;
    paper->text_options.profile = paper->options.profile;
    paper->text_options.warnings = &paper->warnings;
    paper->text_options.words = true;
    paper->text_options.language = kw_locale_tag(locale);
    paper->text_options.direction = kw_locale_is_rtl(locale) ? KW_DIRECTION_RTL : KW_DIRECTION_LTR;
    paper->code = kw_text_open(paper->arena, &paper->text_options, &text, &paper->error);
    if (paper->code < 0)
        return;
    kw_page_init(&paper->page, paper->arena, kw_text_width_dots(text));
    paper->code = kw_layout_sale(paper->sale, locale, customer, &paper->options, text, &paper->page, &paper->error);
    kw_text_close(text);
    if (paper->code == 0)
        paper->code = kw_page_check(&paper->page, &paper->error);
    if (paper->code == 0)
        read_back(paper);
}

void paper_free(struct paper *paper)
{
    free(paper->text);
    kw_arena_free(paper->arena);
}

bool paper_has(const struct paper *paper, const char *part)
{
    return paper->text && strstr(paper->text, part);
}

char *paper_flat(const struct paper *paper)
{
    const char *text = paper->text ? paper->text : "";
    char *flat = malloc(strlen(text) + 1);
    size_t at = 0;
    for (; flat && *text; text++)
        if (*text != ' ' && *text != '\n')
            flat[at++] = *text;
    if (flat)
        flat[at] = 0;
    return flat;
}

/* ---- finding ------------------------------------------------------------------------------------------------- */

int paper_end_column(const char *text, const char *part)
{
    const char *at = strstr(text, part), *begin = at;
    if (!at)
        return -1;
    while (begin > text && begin[-1] != '\n')
        begin--;
    int column = 0;
    for (const char *c = begin; c < at + strlen(part); c++)
        column += ((unsigned char)*c & 0xC0) != 0x80;
    return column;
}

int paper_op_with(const struct kw_piece *piece, const char *text)
{
    for (size_t i = 0; i < piece->op_count; i++) {
        const struct kw_op *op = &piece->ops[i];
        const struct kw_line *lines = op->kind == KW_OP_BESIDE ? op->beside->lines : &op->line;
        size_t count = op->kind == KW_OP_BESIDE ? op->beside->line_count : op->kind == KW_OP_LINE;
        for (size_t k = 0; k < count; k++)
            if (strstr(lines[k].text, text))
                return (int)i;
    }
    return -1;
}

size_t paper_count(const char *text, const char *part)
{
    size_t count = 0;
    for (const char *at = strstr(text, part); at; at = strstr(at + 1, part))
        count++;
    return count;
}
