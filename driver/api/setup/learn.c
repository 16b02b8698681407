/*
 * learn.c - kwit_learn_ask, kwit_learn_print and kwit_learn_describe: what an unknown printer says of itself, a sheet
 * that it prints, and the line that follows from what a person sees on it. Its own word is for that person to weigh:
 * clones bear famous names.
 */
#include "api/context.h"
#include "api/render.h"
#include "api/result.h"
#include "api/setup/named.h"
#include "api/usb_rows.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "escpos/escpos.h"

#include <kwit/tool.h>

#include <stdio.h>
#include <string.h>

enum { ARENA_CEILING = 16 * 1024 * 1024, SHEET_CEILING = 64 * 1024, OPEN_MS = 5000, SEND_MS = 60000,
       NARROW_DOTS = 432, WIDE_DOTS = 640, NOT_THERE = 0xFFFD };

/* Those that shops print with, the most widely built in first. */
static const struct { char name[KW_CODE_PAGE_NAME]; uint16_t high[128]; } pages[] = {
#define KW_CODEPAGE(name, ...) { name, { __VA_ARGS__ } },
#include "data/codepages.def"
};
static const char *const asked[] = { "cp437", "cp850", "cp858", "cp852", "cp1252", "cp1250", "cp866", "cp1251", "cp737",
                                     "cp1253", "cp857", "cp1254", "cp862", "cp1255", "cp864", "cp1256" };

int kwit_learn_width(int index)
{
    return index >= 0 && index < KW_SHEET_WIDTHS ? kw_sheet_widths[index] : 0;
}

const char *kwit_learn_page(int index)
{
    return index >= 0 && index < (int)(sizeof asked / sizeof asked[0]) ? asked[index] : NULL;
}

int kwit_learn_columns(const char *digits)
{
    return kw_sheet_columns(digits);
}

void kwit_learn_sample(int index, char *utf8, size_t size)
{
    const char *name = kwit_learn_page(index);
    size_t used = 0;
    for (size_t i = 0; name && i < sizeof pages / sizeof pages[0]; i++)
        for (int cell = 0; strcmp(pages[i].name, name) == 0 && cell < KW_SHEET_CELLS && used + 6 < size; cell++) {
            uint16_t code = pages[i].high[kw_sheet_cells[cell] - 0x80];
            used += code && code != NOT_THERE ? kw_utf8_put(utf8 + used, code) : 0;
            utf8[used++] = ' ';
        }
    while (used > 0 && utf8[used - 1] == ' ')
        used--;
    utf8[used] = 0;
}

static int send(struct kw_link *link, const struct kw_buffer *sheet, struct kw_error *error)
{
    uint8_t in[64];
    size_t done = 0, sent, received;
    int64_t until_ms = kw_clock_boot_ms() + SEND_MS;
    while (done < sheet->length) {
        int code = link->ops->transfer(link, sheet->data + done, sheet->length - done, &sent, in, sizeof in, &received,
                                       until_ms, error);
        done += sent;
        if (code < 0)
            return code;
        if (kw_clock_left_ms(until_ms) == 0)
            return kw_fail(error, KWIT_E_TIMEOUT, "", "the printer took only a part of the sheet; look at its paper");
    }
    return link->ops->drain ? link->ops->drain(link, until_ms, error) : 0;
}

static int open_printer(const kwit_context *context, const char *wanted, struct kw_arena *arena, struct kw_link **link,
                        struct kw_error *error)
{
    struct kw_link_options options = kw_link_options_for(context);
    struct kw_config config;
    struct kw_config_printer printer;
    struct kw_notes warnings;
    const char *uri;
    if (!arena)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(&warnings, arena);
    int code = kw_config_load(arena, context->config_file, false, &config, &warnings, error);
    if (code == 0)
        code = kw_printer_choose(&config, wanted, &printer, &uri, error);
    if (code < 0)
        return code;
    const struct kw_transport_ops *ops = kw_transport_find(kw_schemes, uri, error);
    return ops ? ops->open(uri, &options, kw_clock_boot_ms() + OPEN_MS, link, error) : (int)error->code;
}

/* ---- what it says of itself ---- */

static void take_words(const struct kw_link *link, const struct kw_talk *talk, const struct kw_profile *found,
                       struct kwit_learn_said *said)
{
    const struct kw_link_facts *facts = &link->facts;
    const char *maker = talk->names[KW_NAME_MAKER], *model = talk->names[KW_NAME_MODEL];
    enum kw_match match;
    snprintf(said->words, sizeof said->words, "%s %s", maker, model);
    if (!found && facts->usb_vendor) {
        found = kw_profile_for_usb(facts->usb_vendor, facts->usb_product, facts->device_id, &match);
        found = match == KW_MATCH_ID || match == KW_MATCH_SHARED_ID ? found : NULL;
        snprintf(said->words, sizeof said->words, "%s", facts->model[0] ? facts->model : found ? found->model : "");
    }
    if (found && strncmp(kw_profile_name(found), "generic", strlen("generic")) != 0)
        snprintf(said->profile, sizeof said->profile, "%s", kw_profile_name(found));
}

int kwit_learn_ask(kwit_context *context, const char *printer, struct kwit_learn_said *said, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(ARENA_CEILING);
    struct kw_error error = { 0 };
    struct kw_link *link;
    struct kw_talk talk;
    *result = kw_result_new();
    *said = (struct kwit_learn_said){ 0 };
    int code = open_printer(context, printer, arena, &link, &error);
    if (code == 0) {
        const struct kw_profile *named = kw_named_ask(link, &talk);
        take_words(link, &talk, named, said);
        link->ops->close(link);
    } else {
        kw_result_fail(*result, &error);
    }
    kw_arena_free(arena);
    return code;
}

/* ---- the sheet ---- */

int kwit_learn_print(kwit_context *context, const char *printer, int needles, int pulse, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(ARENA_CEILING);
    struct kw_error error = { 0 };
    struct kw_buffer sheet;
    struct kw_link *link = NULL;
    *result = kw_result_new();
    kw_buffer_init(&sheet, SHEET_CEILING);
    int code = open_printer(context, printer, arena, &link, &error);
    if (code == 0)
        code = kw_escpos_sheet(arena, needles != 0, pulse != 0, &sheet, &error);
    if (code == 0)
        code = send(link, &sheet, &error);
    if (link)
        link->ops->close(link);
    if (code < 0)
        kw_result_fail(*result, &error);
    kw_buffer_free(&sheet);
    kw_arena_free(arena);
    return code;
}

static void put_tables(const struct kwit_learnt *learnt, struct kw_buffer *out)
{
    const char *before = " tables=";
    for (int i = 0; i < KWIT_LEARN_PAGES && kwit_learn_page(i); i++) {
        if (learnt->table[i] < 0)
            continue;
        kw_buffer_format(out, "%s%d:%s", before, learnt->table[i], asked[i]);
        before = ",";
    }
}

/* Of the first ruler's length: 384 dots are 48 mm at 203 to the inch, and 54 at 180. */
static int dpi_of(const struct kwit_learnt *learnt)
{
    enum { BETWEEN_MM = 51 };
    return learnt->line_mm == 0 ? 0 : learnt->line_mm < BETWEEN_MM ? 203 : 180;
}

/* Half a jump or half a feed: two units to a dot. */
static void put_distances(const struct kwit_learnt *learnt, int cell, struct kw_buffer *out)
{
    int dots = learnt->place * cell;
    if (learnt->place == 0 || learnt->place == 1)
        kw_buffer_text(out, " across=0");
    else if (learnt->place > 1 && dots < KW_SHEET_JUMP * 3 / 4)
        kw_buffer_text(out, " across=2");
    if (learnt->feed == 0 || learnt->feed == 2)
        kw_buffer_format(out, " down=%d", learnt->feed);
}

/* Where a line takes other letters than of twelve dots, it takes as many as were counted. */
static void put_width(const struct kwit_learnt *learnt, int *cell, struct kw_buffer *out)
{
    enum { USUAL_CELL = 12 };
    int dpi = dpi_of(learnt), width = learnt->width_dots;
    if (width == 0)
        width = learnt->columns * USUAL_CELL;
    *cell = learnt->columns > 0 ? width / learnt->columns : USUAL_CELL;
    if (*cell != USUAL_CELL)
        width = *cell * learnt->columns;
    bool narrow = width <= NARROW_DOTS && dpi != 180;
    kw_buffer_format(out, "%s width=%d paper=%d", narrow ? "generic" : "generic-80", width,
                     narrow ? 58 : width <= WIDE_DOTS ? 80 : 112);
    if (dpi)
        kw_buffer_format(out, " dpi=%d", dpi);
    if (*cell != USUAL_CELL)
        kw_buffer_format(out, " cell=%d", *cell);
}

/* The rows of such printers say the rest: their cells are ten half dots, or nine where a line has more of them. */
static void put_needles(const struct kwit_learnt *learnt, struct kw_buffer *out)
{
    enum { CELL = 10, NARROW_CELL = 9, MOST_WIDE_COLUMNS = 40 };
    bool narrow = learnt->columns > MOST_WIDE_COLUMNS;
    kw_buffer_text(out, narrow ? "tm-u220-42" : "tm-u220");
    if (learnt->columns > 0)
        kw_buffer_format(out, " width=%d", learnt->columns * (narrow ? NARROW_CELL : CELL));
}

static void put_drawing(const struct kwit_learnt *learnt, struct kw_buffer *out)
{
    if (!learnt->raster)
        kw_buffer_format(out, " pictures=%s", learnt->column ? "columns" : "none");
    kw_buffer_format(out, " qr=%s", learnt->qr ? "yes" : "no");
    if (learnt->bars)
        kw_buffer_text(out, " bars=yes");
}

/* Half a line more: what the blade left of one may be its white. */
static int feed_of(const struct kwit_learnt *learnt)
{
    bool seen = learnt->cut && learnt->below_blade > 0;
    return seen ? learnt->below_blade * KW_SHEET_BLADE_DOTS + KW_SHEET_BLADE_DOTS / 2 : 0;
}

int kwit_learn_describe(const struct kwit_learnt *learnt, kwit_result **result)
{
    static const char *const cuts[] = { "none", "partial", "full" };
    int cell;
    *result = kw_result_new();
    struct kw_buffer *out = &(*result)->text;
    if (learnt->needles) {
        put_needles(learnt, out);
    } else {
        put_width(learnt, &cell, out);
        put_distances(learnt, cell, out);
    }
    kw_buffer_format(out, " cut=%s", cuts[learnt->cut]);
    if (!learnt->needles && feed_of(learnt))
        kw_buffer_format(out, " feed=%d", feed_of(learnt));
    if (!learnt->needles)
        put_drawing(learnt, out);
    if (learnt->drawer >= 0)
        kw_buffer_format(out, " drawer=%s", learnt->drawer ? "yes" : "no");
    put_tables(learnt, out);
    return 0;
}
