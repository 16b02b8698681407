/* mailed_pdf.c - the pieces of a page as sheets of a PDF. */
#include "api/preview/mailed.h"

#include "pdf/pdf.h"

#include <stdio.h>

const char *kw_mailed_title(const struct kw_rendering *rendering)
{
    const struct kw_sale *sale = rendering->sale;
    const char *name = sale->store.name ? sale->store.name : rendering->config->store.name;
    const char *number = sale->number ? sale->number : sale->id;
    return name ? kw_arena_format(rendering->arena, "%s \u00B7 %s", name, number)
        : kw_arena_string(rendering->arena, number);
}

static size_t count_marks(const struct kw_piece *piece)
{
    size_t count = 0;
    for (size_t i = 0; i < piece->op_count; i++)
        count += piece->ops[i].kind == KW_OP_BITMAP ? 1 : piece->ops[i].word_count;
    return count;
}

static void fill_sheet(const struct kw_piece *piece, struct kw_pdf_mark *marks, struct kw_pdf_sheet *sheet)
{
    sheet->marks = marks;
    for (size_t i = 0; i < piece->op_count; i++) {
        const struct kw_op *op = &piece->ops[i];
        if (op->kind == KW_OP_BITMAP)
            marks[sheet->count++] = (struct kw_pdf_mark){ .x = op->image.x_dots, .y = sheet->height_dots,
                                                          .picture = op->image.bitmap };
        for (size_t k = 0; op->kind != KW_OP_BITMAP && k < op->word_count; k++)
            marks[sheet->count++] = (struct kw_pdf_mark){ .x = op->words[k].x_dots, .words = &op->words[k],
                                                          .y = sheet->height_dots + op->words[k].y_dots };
        sheet->height_dots += kw_op_height_dots(op);
    }
}

int kw_mailed_pdf(const struct kw_rendering *rendering, struct kw_buffer *out, struct kw_error *error)
{
    const struct kw_page *page = &rendering->page;
    const struct kw_time *time = &rendering->sale->time;
    struct kw_pdf_sheet *sheets = kw_arena_array(rendering->arena, page->piece_count + 1, sizeof *sheets);
    const char *name = rendering->sale->store.name ? rendering->sale->store.name : rendering->config->store.name;
    char created[80];
    struct kw_pdf_document document = {
        .sheets = sheets, .width_dots = page->width_dots, .dpi = rendering->profile->dpi, .author = name ? name : "",
        .title = kw_mailed_title(rendering), .language = kw_locale_tag(rendering->locale), .created = created
    };
    snprintf(created, sizeof created, "%04d-%02d-%02dT%02d:%02d:00", time->year, time->month, time->day, time->hour,
             time->minute);
    for (size_t i = 0; sheets && i < page->piece_count; i++) {
        const struct kw_piece *piece = &page->pieces[i];
        if (piece->kind != KW_PIECE_PAPER)
            continue;
        struct kw_pdf_mark *marks = kw_arena_array(rendering->arena, count_marks(piece) + 1, sizeof *marks);
        if (!marks)
            return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
        fill_sheet(piece, marks, &sheets[document.count++]);
    }
    if (!sheets || !document.title)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    return kw_pdf_write(&document, out, error);
}
