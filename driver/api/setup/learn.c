/*
 * learn.c - kwit_learn_print and kwit_learn_describe: a sheet that an unknown printer prints, and the line that follows
 * from what a person sees on it. What the printer says of itself counts for nothing: clones bear famous names.
 */
#include "api/context.h"
#include "api/render.h"
#include "api/result.h"
#include "api/usb_rows.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "escpos/escpos.h"

#include <kwit/tool.h>

#include <string.h>

enum { ARENA_CEILING = 16 * 1024 * 1024, SHEET_CEILING = 64 * 1024, OPEN_MS = 5000, SEND_MS = 60000,
       NARROW_DOTS = 432, WIDE_DOTS = 640, NOT_THERE = 0xFFFD };

/* Those that shops print with, the most widely built in first. */
static const struct { const char *name; uint16_t high[128]; } pages[] = {
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

static int print_sheet(const kwit_context *context, const char *uri, const struct kw_buffer *sheet,
                       struct kw_error *error)
{
    struct kw_link_options options = kw_link_options_for(context);
    const struct kw_transport_ops *ops = kw_transport_find(kw_schemes, uri, error);
    struct kw_link *link;
    if (!ops)
        return (int)error->code;
    int code = ops->open(uri, &options, kw_clock_boot_ms() + OPEN_MS, &link, error);
    if (code < 0)
        return code;
    code = send(link, sheet, error);
    link->ops->close(link);
    return code;
}

static int find_printer(const kwit_context *context, const char *wanted, struct kw_arena *arena, const char **uri,
                        struct kw_error *error)
{
    struct kw_config config;
    struct kw_config_printer printer;
    struct kw_notes warnings;
    kw_notes_init(&warnings, arena);
    int code = kw_config_load(arena, context->config_file, false, &config, &warnings, error);
    return code < 0 ? code : kw_printer_choose(&config, wanted, &printer, uri, error);
}

int kwit_learn_print(kwit_context *context, const char *printer, int pulse, kwit_result **result)
{
    struct kw_arena *arena = kw_arena_new(ARENA_CEILING);
    struct kw_error error = { 0 };
    struct kw_buffer sheet;
    const char *uri;
    *result = kw_result_new();
    kw_buffer_init(&sheet, SHEET_CEILING);
    bool made = arena && kw_escpos_sheet(pulse != 0, &sheet);
    int code = made ? find_printer(context, printer, arena, &uri, &error)
                    : kw_fail(&error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = print_sheet(context, uri, &sheet, &error);
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

int kwit_learn_describe(const struct kwit_learnt *learnt, kwit_result **result)
{
    static const char *const cuts[] = { "none", "partial", "full" };
    *result = kw_result_new();
    struct kw_buffer *out = &(*result)->text;
    int dpi = dpi_of(learnt);
    bool narrow = learnt->width_dots <= NARROW_DOTS && dpi != 180;
    kw_buffer_format(out, "%s width=%d paper=%d cut=%s qr=%s", narrow ? "generic" : "generic-80", learnt->width_dots,
                     narrow ? 58 : learnt->width_dots <= WIDE_DOTS ? 80 : 112, cuts[learnt->cut],
                     learnt->qr ? "yes" : "no");
    if (learnt->bars)
        kw_buffer_text(out, " bars=yes");
    if (dpi)
        kw_buffer_format(out, " dpi=%d", dpi);
    if (learnt->drawer >= 0)
        kw_buffer_format(out, " drawer=%s", learnt->drawer ? "yes" : "no");
    put_tables(learnt, out);
    return 0;
}
