/* logo.c - a picture for the printer's own memory: GS ( L function 67. */
#include "escpos/encoder.h"

enum { SCRATCH_CEILING = 16 * 1024 * 1024, PARAMETERS = 11, MOST_BYTES = 65535 - PARAMETERS, MOST_ROWS = 2304,
       FIRST_KEY = 0x20, LAST_KEY = 0x7E };

/* Both lengths in the header, as bytes: one white row more where they would be 10 04, 10 05 or 10 14. */
static bool lengths_are_harmless(size_t size, int rows)
{
    const uint8_t total[2] = { (uint8_t)size, (uint8_t)(size >> 8) }, high[2] = { (uint8_t)rows, (uint8_t)(rows >> 8) };
    return !kw_is_realtime(total) && !kw_is_realtime(high);
}

static void put_definition(struct kw_buffer *out, const struct kw_rows *rows, int width, int white,
                           const uint8_t key[2])
{
    size_t dots = (size_t)rows->width * (size_t)rows->count, more = (size_t)rows->width * (size_t)white;
    size_t size = PARAMETERS + dots + more;
    int height = rows->count + white;
    kw_put_plain(out, KW_COMMAND_INITIALISE);
    kw_put(out, KW_COMMAND_GRAPHICS, (uint8_t)size, (uint8_t)(size >> 8), 0x30, 67, 0x30, key[0], key[1], 1,
           (uint8_t)width, (uint8_t)(width >> 8), (uint8_t)height, (uint8_t)(height >> 8), 0x31);
    kw_buffer_add(out, rows->bytes, dots);
    kw_buffer_fill(out, 0, more);
}

static int put_logo(struct kw_encoder *encoder, const struct kw_bitmap *bitmap, const uint8_t key[2],
                    struct kw_buffer *out)
{
    struct kw_rows rows;
    int white = 0;
    if (kw_bitmap_last_ink(bitmap) < 0)
        return kw_fail(encoder->error, KWIT_E_INVALID, "", "the picture is white; choose another dither");
    if (!kw_compose_harmless(encoder, bitmap, bitmap->width - 1, 0, bitmap->width, &rows))
        return kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for the picture");
    while (!lengths_are_harmless(PARAMETERS + (size_t)rows.width * (size_t)(rows.count + white), rows.count + white))
        white++;
    if ((size_t)rows.width * (size_t)(rows.count + white) > MOST_BYTES || rows.count + white > MOST_ROWS)
        return kw_fail(encoder->error, KWIT_E_TOO_LARGE, "", "a picture of %d by %d dots is too large for the "
                       "printer's memory; make it smaller", bitmap->width, bitmap->height);
    put_definition(out, &rows, bitmap->width, white, key);
    return out->failed ? kw_fail(encoder->error, KWIT_E_NO_MEMORY, "", "no memory for the picture") : 0;
}

int kw_escpos_store_logo(const struct kw_profile *profile, const struct kw_bitmap *bitmap, const uint8_t key[2],
                         struct kw_buffer *out, struct kw_error *error)
{
    /* It is stored in its own width, by which it will be centred: single dots are added, it is never moved. */
    struct kw_encoder encoder = { .profile = profile, .error = error };
    if (profile->nv_graphics != KW_YES)
        return kw_fail(error, KWIT_E_UNSUPPORTED, kw_profile_name(profile), "nothing says that %s %s keeps pictures in "
                       "its memory; leave the logo to be sent with each receipt", profile->vendor, profile->model);
    if (key[0] < FIRST_KEY || key[0] > LAST_KEY || key[1] < FIRST_KEY || key[1] > LAST_KEY)
        return kw_fail(error, KWIT_E_INVALID, "", "a stored logo is named by two plain characters");
    kw_buffer_init(&encoder.scratch, SCRATCH_CEILING);
    int code = put_logo(&encoder, bitmap, key, out);
    kw_buffer_free(&encoder.scratch);
    return code;
}
