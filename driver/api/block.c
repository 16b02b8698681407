/*
 * block.c - the invitation goes the way of every receipt, from a document to bytes; the simulated printer makes a
 * picture of them. There is no second renderer.
 */
#include "api/block.h"

#include "base/json.h"
#include "base/zone.h"

#include <stdio.h>
#include <string.h>

static const char *language_of(const struct kw_config *config, const struct kw_words *words)
{
    bool exact;
    if (config->store.locale || !words->language[0])
        return config->store.locale;
    return kw_locale_tag(kw_locale_find(words->language, &exact));
}

/* The total where the currency can have it; else nothing, which the invitation does not say. */
static const char *amount_of(const struct kw_words *words, const char *currency)
{
    const char *point = words->total ? strchr(words->total, '.') : NULL;
    size_t decimals = point ? strlen(point + 1) : 0;
    bool fits = words->total && strlen(words->total) < 14 && (int)decimals <= kw_currency_exponent(currency);
    return fits ? words->total : "0";
}

static void write_lines(struct kw_json *json, const char *amount)
{
    kw_json_array(json, "lines");
    kw_json_object(json, NULL);
    kw_json_string(json, "name", "receipt");
    kw_json_string(json, "total", amount);
    kw_json_end_object(json);
    kw_json_end_array(json);
    kw_json_string(json, "total", amount);
}

static void write_blocks(struct kw_json *json)
{
    kw_json_array(json, "blocks");
    kw_json_object(json, NULL);
    kw_json_string(json, "text", "paper of another program");
    kw_json_end_object(json);
    kw_json_end_array(json);
}

int kw_block_document(const struct kw_config *config, const struct kw_config_tap *tap, const struct kw_words *words,
                      const char *id, const char *kind, int64_t now_ms, struct kw_buffer *document,
                      struct kw_error *error)
{
    const char *currency = config->store.currency && kw_currency_exponent(config->store.currency) >= 0
        ? config->store.currency : "EUR";
    const char *amount = amount_of(words, currency);
    const char *language = tap->language ? tap->language : language_of(config, words);
    struct kw_json json;
    char time[40];
    int year, month, day;
    int64_t seconds = now_ms / 1000, days = seconds / 86400;
    kw_days_to_civil(days, &year, &month, &day);
    snprintf(time, sizeof time, "%04d-%02d-%02dT%02d:%02d:%02dZ", year, month, day, (int)(seconds / 3600 % 24),
             (int)(seconds / 60 % 60), (int)(seconds % 60));
    kw_json_init(&json, document);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "id", id);
    kw_json_string(&json, "kind", kind);
    kw_json_string(&json, "time", time);
    kw_json_string(&json, "currency", currency);
    if (language)
        kw_json_string(&json, "locale", language);
    if (tap->name[0])
        kw_json_string(&json, "terminal", tap->name);
    if (strcmp(kind, "document") == 0)
        write_blocks(&json);
    else
        write_lines(&json, amount);
    kw_json_end_object(&json);
    return document->failed ? kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory") : 0;
}

/* ---- the picture ---- */

static bool join_pieces(const struct kw_encoded *encoded, struct kw_buffer *bytes)
{
    for (size_t i = 0; i < encoded->count; i++)
        kw_buffer_add(bytes, encoded->pieces[i].bytes, encoded->pieces[i].length);
    return !bytes->failed;
}

/* The paper down to the last ink: what is fed behind it is the other program's. */
static struct kw_bitmap *take_paper(const struct kw_sim_stream *paper, struct kw_arena *arena)
{
    const struct kw_bitmap *strip = &paper->strip;
    int height = strip->height;
    while (height > 0 && kw_bitmap_row_blank(strip, height - 1))
        height--;
    struct kw_bitmap *picture = height > 0 ? kw_bitmap_new(arena, strip->width, height) : NULL;
    if (picture)
        memcpy(picture->bits, strip->bits, (size_t)strip->stride * (size_t)height);
    return picture;
}

static int print_picture(struct kw_rendering *rendering, struct kw_bitmap **picture, struct kw_error *error)
{
    enum { BYTES_CEILING = 4 * 1024 * 1024 };
    const struct kw_sim_stream_options reading = { .profile = rendering->profile };
    struct kw_sim_stream paper;
    struct kw_buffer bytes;
    kw_buffer_init(&bytes, BYTES_CEILING);
    int code = join_pieces(&rendering->encoded, &bytes) ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = kw_sim_read_stream(&reading, bytes.data, bytes.length, rendering->arena, &paper, error);
    kw_buffer_free(&bytes);
    *picture = code == 0 ? take_paper(&paper, rendering->arena) : NULL;
    return code == 0 && !*picture ? kw_fail(error, KWIT_E_NO_MEMORY, "", "the invitation has no picture") : code;
}

/* The rendering on paper of that width. */
static int narrow(struct kw_rendering *rendering, int width, struct kw_error *error)
{
    struct kw_profile *profile = kw_arena_alloc(rendering->arena, sizeof *profile);
    if (!profile)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    *profile = *rendering->profile;
    profile->width_dots = width;
    rendering->profile = profile;
    return 0;
}

int kw_block_draw(struct kw_rendering *rendering, const struct kwit_print_options *options,
                  struct kw_render_choice *choice, int width, struct kw_bitmap **picture, struct kw_error *error)
{
    *picture = NULL;
    choice->only_invitation = true;
    int code = narrow(rendering, width, error);
    if (code == 0)
        code = kw_rendering_make(rendering, options, choice, error);
    return code < 0 || !rendering->url ? code : print_picture(rendering, picture, error);
}

int kw_block_draw_marks(struct kw_rendering *rendering, const struct kwit_print_options *options,
                        const struct kw_render_choice *choice, int width, struct kw_bitmap **picture,
                        struct kw_error *error)
{
    struct kw_render_choice marks = *choice;
    *picture = NULL;
    marks.only_marks = marks.without_invitation = true;
    int code = narrow(rendering, width, error);
    if (code == 0)
        code = kw_rendering_make(rendering, options, &marks, error);
    return code < 0 ? code : print_picture(rendering, picture, error);
}
