/* raqm_fonts.c - the list of fonts, opened when first needed, and which of them draws a character. */
#include "text/raqm_drawer.h"

#include "text/ranges.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
#define KW_FONT(name, path, face, size, rendering) FONT_##name,
#include "data/fonts.def"
    FONT_COUNT
};

static const struct { char path[80]; uint8_t face, size, rendering; } rows[] = {
#define KW_FONT(name, path, face, size, rendering) { path, face, size, RENDERING_##rendering },
#include "data/fonts.def"
};

static const struct font_range { struct kw_range range; uint16_t font; } ranges[] = {
#define KW_FONT_RANGE(first, last, name) { { first, last }, FONT_##name },
#include "data/fonts.def"
};

static const struct kw_range ideographs[] = {
#define KW_FONT_IDEOGRAPHS(first, last) { first, last },
#include "data/fonts.def"
};

static const uint16_t later[] = {
#define KW_FONT_LATER(name) FONT_##name,
#include "data/fonts.def"
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* Where a configured font is looked for when it is given by its name alone. */
static const char *const directories[] = {
    "/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/truetype/noto", "/usr/share/fonts/opentype/noto",
    "/usr/share/fonts/truetype", "/usr/share/fonts/opentype", "/usr/local/share/fonts",
};
static const char *const endings[] = { "", ".ttf", ".otf", ".ttc", "-Regular.ttf", "-Regular.otf", "-Regular.ttc" };

/* "Noto Sans Arabic" to the file that holds it; the name itself when it is a path or nothing fits. */
static const char *find_file(struct kw_arena *arena, const char *name)
{
    char plain[128];
    size_t length = 0;
    if (strchr(name, '/'))
        return name;
    for (const char *at = name; *at && length + 1 < sizeof plain; at++)
        if (*at != ' ')
            plain[length++] = *at;
    plain[length] = 0;
    for (size_t i = 0; i < COUNT(directories); i++)
        for (size_t k = 0; k < COUNT(endings); k++) {
            char path[256];
            snprintf(path, sizeof path, "%s/%s%s", directories[i], plain, endings[k]);
            if (access(path, R_OK) == 0)
                return kw_arena_string(arena, path);
        }
    return name;
}

static void set_builtin(struct font *font, size_t row)
{
    font->path = rows[row].path;
    font->face_index = rows[row].face;
    font->percent = rows[row].size;
    font->rendering = (enum rendering)rows[row].rendering;
}

/* A configured file that is known keeps the size that suits it. */
static void set_configured(struct font *font, const char *path)
{
    *font = (struct font){ .path = path, .percent = 100, .rendering = RENDERING_PLAIN };
    for (size_t i = 0; i < FONT_COUNT; i++)
        if (strcmp(rows[i].path, path) == 0) {
            set_builtin(font, i);
            return;
        }
}

int kw_fonts_open(struct kw_drawer *drawer, struct kw_error *error)
{
    const char *const *configured = drawer->options.fonts;
    while (configured && configured[drawer->configured])
        drawer->configured++;
    drawer->font_count = drawer->configured + FONT_COUNT;
    drawer->fonts = kw_arena_array(drawer->own, drawer->font_count * 2, sizeof *drawer->fonts);
    if (!drawer->fonts)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory while listing fonts");
    for (size_t i = 0; i < drawer->font_count; i++) {
        struct font *font = &drawer->fonts[i];
        if (i < drawer->configured)
            set_configured(font, find_file(drawer->own, configured[i]));
        else
            set_builtin(font, i - drawer->configured);
    }
    if (FT_Init_FreeType(&drawer->library))
        return kw_fail(error, KWIT_E_INTERNAL, "freetype", "FreeType cannot be started");
    return 0;
}

void kw_fonts_close(struct kw_drawer *drawer)
{
    if (drawer->library)
        FT_Done_FreeType(drawer->library);      /* with its faces and sizes */
    drawer->library = NULL;
}

void kw_fonts_retry(struct kw_drawer *drawer)
{
    bool missed = false;
    for (size_t i = 0; i < drawer->font_count * 2; i++) {
        struct font *font = &drawer->fonts[i];
        missed |= font->failed && font->path && !font->face;
        font->failed &= !font->path || font->face;
    }
    if (missed)
        memset(drawer->choices, 0, sizeof drawer->choices);
}

/* Opening a pipe would wait for whoever writes to it. */
static bool is_file(struct font *font)
{
    struct stat about;
    if (stat(font->path, &about) != 0 || !S_ISREG(about.st_mode))
        return false;
    font->file.bytes = about.st_size;
    font->file.changed_s = about.st_mtim.tv_sec;
    font->file.changed_ns = about.st_mtim.tv_nsec;
    return true;
}

static bool open_face(struct kw_drawer *drawer, struct font *font)
{
    if (font->face || font->failed)
        return !font->failed;
    font->failed = !is_file(font) || FT_New_Face(drawer->library, font->path, font->face_index, &font->face) != 0
        || !FT_IS_SCALABLE(font->face);
    if (!font->failed)
        kw_glyphs_recall(drawer, font);
    return !font->failed;
}

bool kw_font_usable(struct kw_drawer *drawer, size_t font)
{
    return font < drawer->font_count && open_face(drawer, &drawer->fonts[font]);
}

/* "…-Regular.ttf" lies beside "…-Bold.ttf"; other names have no bold face. */
static const char *bold_path(struct kw_arena *arena, const char *path)
{
    static const char regular[] = "-Regular.";
    const char *at = strstr(path, regular);
    return at ? kw_arena_format(arena, "%.*s-Bold.%s", (int)(at - path), path, at + sizeof regular - 1) : NULL;
}

uint16_t kw_font_bold(struct kw_drawer *drawer, uint16_t font, uint32_t code)
{
    struct font *bold = &drawer->fonts[font + drawer->font_count];
    if (!bold->path && !bold->failed) {
        *bold = (struct font){ .path = bold_path(drawer->own, drawer->fonts[font].path), .bold = true };
        bold->face_index = drawer->fonts[font].face_index;
        bold->percent = drawer->fonts[font].percent;
        bold->rendering = drawer->fonts[font].rendering;
        bold->failed = !bold->path;
    }
    return kw_font_index(drawer, bold, code) ? (uint16_t)(font + drawer->font_count) : font;
}

FT_UInt kw_font_index(struct kw_drawer *drawer, struct font *font, uint32_t code)
{
    return open_face(drawer, font) ? FT_Get_Char_Index(font->face, code) : 0;
}

/* The face of the collection whose ideographs look as the language writes them; Japanese for want of a better guess. */
static int ideograph_font(const struct kw_drawer *drawer)
{
    const char *language = drawer->options.language ? drawer->options.language : "";
    if (strncmp(language, "ko", 2) == 0)
        return FONT_cjk_kr;
    if (strncmp(language, "zh", 2) != 0)
        return FONT_cjk_jp;
    if (strstr(language, "HK") || strstr(language, "MO"))
        return FONT_cjk_hk;
    return strstr(language, "TW") || strstr(language, "Hant") ? FONT_cjk_tc : FONT_cjk_sc;
}

static int range_font(const struct kw_drawer *drawer, uint32_t code)
{
    if (kw_range_find(code, ideographs, COUNT(ideographs), sizeof ideographs[0]))
        return ideograph_font(drawer);
    const struct font_range *row = kw_range_find(code, ranges, COUNT(ranges), sizeof ranges[0]);
    return row ? row->font : -1;
}

static int choose(struct kw_drawer *drawer, uint32_t code, bool shaped)
{
    for (size_t i = 0; i < drawer->configured; i++)
        if (kw_font_index(drawer, &drawer->fonts[i], code))
            return (int)i;
    struct font *builtin = drawer->fonts + drawer->configured;
    int first = range_font(drawer, code);
    bool grid = !shaped && first < 0;
    if (first < 0)
        first = FONT_dejavu;
    if (!grid && kw_font_index(drawer, &builtin[first], code))
        return (int)drawer->configured + first;
    for (size_t i = 0; i < COUNT(later); i++)
        if (kw_font_index(drawer, &builtin[later[i]], code))
            return (int)drawer->configured + later[i];
    return -1;
}

int kw_fonts_choose(struct kw_drawer *drawer, uint32_t code, bool shaped)
{
    size_t slot = (code * 2 + shaped) % CHOICES;
    if (!drawer->choices[slot].known || drawer->choices[slot].code != code || drawer->choices[slot].shaped != shaped) {
        drawer->choices[slot].font = choose(drawer, code, shaped);
        drawer->choices[slot].code = code;
        drawer->choices[slot].shaped = shaped;
        drawer->choices[slot].known = true;
    }
    return drawer->choices[slot].font;
}

/* Joiners and direction marks are the shaper's business, not the font's. */
static bool needs_glyph(uint32_t code)
{
    return !(code >= 0x200C && code <= 0x200F) && code != 0x061C;
}

static bool has_all(struct kw_drawer *drawer, int font, const uint32_t *codes, size_t count)
{
    if (font < 0)
        return false;
    for (size_t i = 0; i < count; i++)
        if (needs_glyph(codes[i]) && !kw_font_index(drawer, &drawer->fonts[font], codes[i]))
            return false;
    return true;
}

bool kw_fonts_choose_all(struct kw_drawer *drawer, const uint32_t *codes, size_t count, bool shaped, uint16_t *fonts)
{
    bool all = true;
    int whole = -1, before = 0, dejavu = (int)drawer->configured + FONT_dejavu;
    /* The grid's font has marks but no places for them; its proportional sister has both. */
    if (count > 1 && !shaped)
        whole = has_all(drawer, dejavu, codes, count) ? dejavu : -1;
    for (size_t i = 0; i < count && whole < 0; i++) {
        int font = kw_fonts_choose(drawer, codes[i], shaped);
        whole = count == 1 || has_all(drawer, font, codes, count) ? font : -1;
    }
    for (size_t i = 0; i < count; i++) {
        int font = whole >= 0 ? whole : needs_glyph(codes[i]) ? kw_fonts_choose(drawer, codes[i], shaped) : before;
        all &= font >= 0;
        before = font < 0 ? before : font;
        if (fonts)
            fonts[i] = (uint16_t)before;
    }
    return all;
}

FT_Int32 kw_size_flags(const struct size *size)
{
    return size->outlined ? FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP : FT_LOAD_TARGET_MONO;
}

/* From this height on a stroke is four dots wide, and the outline is as even: the font's program runs for each size. */
enum { LARGE = 32 };

static bool is_grid(const struct kw_drawer *drawer, const struct font *font)
{
    return font == &drawer->fonts[drawer->configured];
}

/*
 * The grid's font fills its cell: 20 pixels to the em for 12 by 24 dots (its advance is 0.602 em, its height 1.164).
 * Other fonts have the same height.
 */
struct size kw_font_size(const struct kw_drawer *drawer, const struct font *font, const struct kw_style *style)
{
    int b = style->font == KW_FONT_B, wide = style->width > 1 ? style->width : 1,
        high = style->height > 1 ? style->height : 1;
    int x = (drawer->options.cell_width[b] * 1000 + 301) / 602, y = (drawer->options.cell_height[b] * 100 + 60) / 120;
    bool grid = is_grid(drawer, font);
    if (!grid)
        x = y;
    struct size size = { x * wide * font->percent / 100, y * high * font->percent / 100,
                         style->bold && !font->bold ? wide : 0, font->rendering == RENDERING_PLAIN };
    if (high > wide)                    /* not stretched to twice the height: half as large again, in its cell */
        size.y = (size.y / high * wide + size.y) / 2;
    if (!grid)
        size.x = size.y;
    size.outlined |= size.y >= LARGE;
    return size;
}

struct size kw_shaper_size(const struct kw_shaper_input *input, const struct font *font)
{
    struct size size = kw_font_size(input->drawer, font, input->style);
    size.outlined |= input->outlined && !is_grid(input->drawer, font);
    return size;
}

bool kw_font_activate(struct font *font, const struct size *size)
{
    for (size_t i = 0; i < font->size_count; i++)
        if (font->sizes[i].x == size->x && font->sizes[i].y == size->y)
            return FT_Activate_Size(font->sizes[i].size) == 0;
    FT_Size made = font->face->size;
    if (font->size_count > 0 && font->size_count < SIZES_MAX && FT_New_Size(font->face, &made))
        return false;
    size_t slot = font->size_count < SIZES_MAX ? font->size_count++ : SIZES_MAX - 1;
    font->sizes[slot].x = size->x;
    font->sizes[slot].y = size->y;
    if (slot + 1 == SIZES_MAX && font->sizes[slot].size)
        made = font->sizes[slot].size;
    font->sizes[slot].size = made;
    return FT_Activate_Size(made) == 0 && FT_Set_Pixel_Sizes(font->face, (FT_UInt)size->x, (FT_UInt)size->y) == 0;
}
