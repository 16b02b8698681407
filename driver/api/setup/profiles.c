/* profiles.c - kwit devices --profiles: the rows of printer models, for people and for programs. */
#include "api/context.h"
#include "api/result.h"
#include "profile/profile.h"

#include <kwit/tool.h>

static const char *const cutters[] = {
    [KW_CUTTER_NONE] = "none", [KW_CUTTER_PARTIAL] = "partial", [KW_CUTTER_FULL] = "full", [KW_CUTTER_BOTH] = "both"
};
static const struct { unsigned bit; const char *word; } graphics[] = {
    { KW_GRAPHICS_RASTER, "raster" }, { KW_GRAPHICS_STORED, "graphics" }, { KW_GRAPHICS_COLUMN, "column" },
}, symbols[] = {
    { KW_SYMBOL_QR, "qr" }, { KW_SYMBOL_PDF417, "pdf417" }, { KW_SYMBOL_BARCODES, "barcodes" },
    { KW_SYMBOL_CODE93, "code93" }, { KW_SYMBOL_CODE128, "code128" }, { KW_SYMBOL_DATABAR, "databar" },
}, statuses[] = {
    { KW_STATUS_DLE_EOT, "dle_eot" }, { KW_STATUS_GS_R, "gs_r" }, { KW_STATUS_ASB, "asb" },
};

static void write_known(struct kw_json *json, const char *name, int value)
{
    if (value == KW_UNKNOWN)
        kw_json_null(json, name);
    else
        kw_json_integer(json, name, value);
}

static void write_answer(struct kw_json *json, const char *name, int answer)
{
    if (answer == KW_MAYBE)
        kw_json_null(json, name);
    else
        kw_json_bool(json, name, answer == KW_YES);
}

#define WRITE_BITS(json, name, rows, bits) \
    do { \
        kw_json_array(json, name); \
        for (size_t bit_ = 0; bit_ < sizeof rows / sizeof rows[0]; bit_++) \
            if ((bits) & rows[bit_].bit) \
                kw_json_string(json, NULL, rows[bit_].word); \
        kw_json_end_array(json); \
    } while (0)

static void write_tables(struct kw_json *json, const struct kw_profile *row)
{
    kw_json_object(json, "code_tables");
    for (size_t i = 0; i < row->table_count; i++)
        kw_json_integer(json, kw_profile_tables(row)[i].page, kw_profile_tables(row)[i].n);
    kw_json_end_object(json);
}

static void write_profile(struct kw_json *json, const struct kw_profile *row)
{
    kw_json_object(json, NULL);
    kw_json_string(json, "name", kw_profile_name(row));
    kw_json_string(json, "vendor", row->vendor);
    kw_json_string(json, "model", row->model);
    kw_json_integer(json, "paper_mm", row->paper_mm);
    kw_json_integer(json, "dpi", row->dpi);
    kw_json_integer(json, "width_dots", row->width_dots);
    kw_json_integer(json, "columns", kw_profile_columns(row, 0));
    kw_json_integer(json, "columns_b", kw_profile_columns(row, 1));
    kw_json_string(json, "cutter", row->cutter == KW_CUTTER_UNKNOWN ? NULL : cutters[row->cutter]);
    WRITE_BITS(json, "graphics", graphics, row->graphics);
    WRITE_BITS(json, "symbols", symbols, row->symbols);
    WRITE_BITS(json, "status", statuses, row->status);
    write_known(json, "speed_mm_s", row->speed_mm_s);
    write_known(json, "receive_buffer_bytes", row->receive_buffer_bytes);
    write_known(json, "head_to_cutter_dots", row->head_to_cutter_dots);
    write_answer(json, "drawer", row->drawer);
    write_answer(json, "stored_logo", row->nv_graphics);
    write_answer(json, "page_mode", row->page_mode);
    write_tables(json, row);
    kw_json_string(json, "source", row->source);
    kw_json_end_object(json);
}

static void write_line(struct kw_buffer *text, const struct kw_profile *row)
{
    kw_buffer_format(text, "%-14s %3d mm %4d dots %d dpi %2d columns  %s %s\n", kw_profile_name(row), row->paper_mm,
                     row->width_dots, row->dpi, kw_profile_columns(row, 0), row->vendor, row->model);
}

int kwit_profiles_list(kwit_context *context, kwit_result **result)
{
    struct kw_json json;
    const struct kw_profile *row;
    (void)context;
    *result = kw_result_new();
    kw_json_init(&json, &(*result)->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "profiles");
    for (size_t i = 0; (row = kw_profile_at(i)) != NULL; i++) {
        write_profile(&json, row);
        write_line(&(*result)->text, row);
    }
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    return kw_result_finish(*result, 0);
}
