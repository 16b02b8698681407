/*
 * canvas.c - page mode: areas of a stretch of paper that is printed as a whole, and what stands at places on them.
 *
 * Every thing is sent with its own place, so that how far a printer moves by itself between two of them is no matter.
 */
#include "escpos/encoder.h"

/* Two bytes that a printer would obey (10 04, 10 05, 10 14) become those of the next dot in the direction of `step`. */
static void put_units(uint8_t *at, int units, int step)
{
    at[0] = (uint8_t)units;
    at[1] = (uint8_t)(units >> 8);
    if (kw_is_realtime(at))
        at[0] = (uint8_t)(at[0] + step);
}

void kw_put_area(struct kw_encoder *encoder, int x_dots, int y_dots, int width_dots, int height_dots)
{
    uint8_t place[8];
    put_units(place, kw_units_x(encoder, x_dots), -1);
    put_units(place + 2, kw_units_y(encoder, y_dots), -1);
    put_units(place + 4, kw_units_x(encoder, width_dots), 1);
    put_units(place + 6, kw_units_y(encoder, height_dots), 1);
    kw_command_put(&encoder->out, KW_COMMAND_PAGE_AREA, place, sizeof place);
}

static int put_placed(struct kw_encoder *encoder, const struct kw_placed *placed)
{
    if (placed->bitmap)
        return kw_encode_standing(encoder, placed->bitmap, placed->x_dots, placed->y_dots);
    kw_put_position(encoder, 0, placed->y_dots);
    kw_put_runs(encoder, &placed->words->line, 0);
    return 0;
}

int kw_encode_canvas(struct kw_encoder *encoder, const struct kw_canvas *canvas)
{
    int code = 0;
    kw_encoder_flush_feed(encoder);
    kw_put_plain(&encoder->out, KW_COMMAND_PAGE_MODE);
    for (size_t i = 0; i < canvas->area_count && code == 0; i++) {
        const struct kw_area *area = &canvas->areas[i];
        kw_put_area(encoder, area->x_dots, area->y_dots, area->width_dots, area->height_dots);
        kw_put(&encoder->out, KW_COMMAND_PAGE_HEADING, area->heading);
        for (size_t k = 0; k < area->placed_count && code == 0; k++)
            code = put_placed(encoder, &area->placed[k]);
    }
    kw_put(&encoder->out, KW_COMMAND_PAGE_HEADING, KW_HEADING_RIGHT);
    kw_put_plain(&encoder->out, KW_COMMAND_PAGE_PRINT);
    kw_encoder_forget(encoder);
    return code;
}
