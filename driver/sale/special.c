/* special.c - the fields of the sale document that have a shape of their own. */
#include "sale/read.h"

#include "base/zone.h"

#include <string.h>

void kw_read_version(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                     void *target)
{
    (void)record, (void)target;
    if (json->kind != KW_INTEGER || json->integer != 1)
        kw_read_error(reader, KWIT_E_INVALID, place, "is not 1, the version of the format that this kwit reads");
}

/* In the shop's zone; one that is none is the configuration's fault, and a moment is shown by UTC then, as without. */
static void settle_time(struct reader *reader, const struct place *place, struct kw_time *time)
{
    struct kw_zone *zone = NULL;
    struct kw_error error = { .code = 0 };
    if (reader->timezone && kw_zone_open(reader->timezone, &zone, &error) < 0 && time->tells == KW_TELLS_MOMENT)
        kw_read_warning(reader, KWIT_WARNING_CONFIG_IGNORED, "/time", "is shown as UTC: `timezone` in [store]: %s",
                        error.text);
    int moments = zone ? kw_zone_settle(zone, time) : 1;
    kw_zone_close(zone);
    if (!zone && time->tells == KW_TELLS_LOCAL)
        kw_read_error(reader, KWIT_E_INVALID, place, "has no offset such as +01:00, and %s%s",
                      error.text[0] ? "`timezone` in [store] does not tell it: "
                                    : "no `timezone` in [store] says which clocks it was read from", error.text);
    else if (moments == 0)
        kw_read_error(reader, KWIT_E_INVALID, place, "is no time of %s: clocks skipped that hour; send the offset "
                      "with the time", reader->timezone);
    else if (moments == 2)
        kw_read_warning(reader, KWIT_WARNING_DOUBLED_HOUR, "/time", "was twice that day in %s, where clocks went back; "
                        "the earlier is taken; send the offset with the time", reader->timezone);
}

static void refuse_time(struct reader *reader, const struct place *place, const struct kw_value *json)
{
    char part[KW_HINT_TIME];
    const char *written = kw_clean_excerpt(reader->arena, json->text, json->count);
    reader->no_memory |= !written;
    if (kw_hint_time(json->text, part))
        kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is no time: %s", written ? written : "", part);
    else
        kw_read_error(reader, KWIT_E_INVALID, place, "\"%s\" is not a time such as \"2026-11-22T14:03:11+01:00\" "
                      "(RFC 3339)", written ? written : "");
}

void kw_read_time(struct reader *reader, struct kw_value *json, const struct place *place, void *record, void *target)
{
    (void)record;
    struct kw_time *time = target;
    const char *text = kw_value_text(json);
    if (!text)
        kw_read_error(reader, KWIT_E_INVALID, place, "is %s where a time is wanted, such as "
                      "\"2026-11-22T14:03:11+01:00\"", kw_read_shape(json));
    else if (strlen(text) != json->count || !kw_time_read(text, time))
        refuse_time(reader, place, json);
    else if (time->tells != KW_TELLS_OFFSET)
        settle_time(reader, place, time);
}

void kw_read_line_tax(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                      void *target)
{
    (void)record;
    struct kw_texts *tax = target;
    if (json->kind != KW_ARRAY) {
        const char **one = kw_arena_array(reader->arena, 1, sizeof *one);
        const char *text = kw_read_text(reader, json, place, false);
        reader->no_memory |= !one;
        if (one && text) {
            one[0] = text;
            *tax = (struct kw_texts){ one, 1 };
        }
        return;
    }
    const char **codes = kw_read_room(reader, json, sizeof *codes);
    size_t count = 0;
    struct kw_value *element = json->first;
    for (size_t i = 0; codes && i < json->count; i++, element = element->next) {
        struct place here = { .up = place, .index = i };
        const char *text = kw_read_text(reader, element, &here, false);
        if (text)
            codes[count++] = text;
    }
    *tax = (struct kw_texts){ codes, count };
}

/* One programme, or several of them. */
void kw_read_loyalty(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                     void *target)
{
    (void)target;
    struct kw_sale *sale = record;
    bool several = json->kind == KW_ARRAY;
    struct kw_loyalty *items = several ? kw_read_room(reader, json, sizeof *items)
                                       : kw_arena_array(reader->arena, 1, sizeof *items);
    size_t count = several ? json->count : 1;
    struct kw_value *element = several ? json->first : json;
    reader->no_memory |= !items && count;
    for (size_t i = 0; items && i < count; i++, element = element->next) {
        struct place here = { .up = place, .index = i };
        kw_read_object(reader, OBJECT_loyalty, element, several ? &here : place, &items[i]);
    }
    sale->loyalty = items;
    sale->loyalty_count = items ? count : 0;
}

void kw_read_tendered(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                      void *target)
{
    (void)target;
    ((struct kw_payment *)record)->has_tendered = json->kind == KW_OBJECT;
    kw_read_object(reader, OBJECT_tendered, json, place, record);
}

void kw_read_voucher_code(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                          void *target)
{
    ((struct kw_voucher *)record)->has_code = json->kind == KW_OBJECT;
    kw_read_object(reader, OBJECT_code, json, place, target);
}

void kw_read_barcode(struct reader *reader, struct kw_value *json, const struct place *place, void *record,
                     void *target)
{
    (void)record;
    kw_read_object(reader, OBJECT_code, json, place, target);
}

void kw_read_pin(struct reader *reader, struct kw_value *json, const struct place *place, void *record, void *target)
{
    (void)record;
    int64_t pin = json->kind == KW_INTEGER ? json->integer : 0;
    if (pin != 2 && pin != 5)
        kw_read_error(reader, KWIT_E_INVALID, place, "is neither 2 nor 5, the pins of a drawer's plug");
    *(int *)target = pin == 5 ? 5 : 2;
}

void kw_read_drawer(struct reader *reader, struct kw_value *json, const struct place *place, void *record, void *target)
{
    (void)target;
    struct kw_sale *sale = record;
    sale->drawer.pin = 2;
    sale->drawer.asked = json->kind == KW_TRUE || json->kind == KW_OBJECT;
    if (json->kind != KW_TRUE && json->kind != KW_FALSE && json->kind != KW_OBJECT)
        kw_read_error(reader, KWIT_E_INVALID, place, "is neither true, false nor {\"pin\": 2}");
    else if (json->kind == KW_OBJECT)
        kw_read_object(reader, OBJECT_drawer, json, place, sale);
}

/* ---- blocks -------------------------------------------------------------------------------------------------- */

/* The key that says what a block is, in the order of enum kw_block_kind. */
static const struct { const char *key; enum object_id object; } block_kinds[] = {
    [KW_BLOCK_TEXT] = { "text", OBJECT_block_text },
    [KW_BLOCK_ROW] = { "row", OBJECT_block_row },
    [KW_BLOCK_RULE] = { "rule", OBJECT_block_rule },
    [KW_BLOCK_QR] = { "qr", OBJECT_block_qr },
    [KW_BLOCK_BARCODE] = { "barcode", OBJECT_block_barcode },
    [KW_BLOCK_IMAGE] = { "image", OBJECT_block_image },
    [KW_BLOCK_FEED] = { "feed", OBJECT_block_feed },
    [KW_BLOCK_CUT] = { "cut", OBJECT_block_cut },
};
enum { BLOCK_KINDS = sizeof block_kinds / sizeof block_kinds[0] };

void kw_read_row(struct reader *reader, struct kw_value *json, const struct place *place, void *record, void *target)
{
    (void)target;
    struct kw_block *block = record;
    enum { MOST_CELLS = 16 };
    if (!kw_read_is_array(reader, json, place))
        return;
    if (json->count < 1 || json->count > MOST_CELLS) {
        kw_read_error(reader, KWIT_E_INVALID, place, "has %zu cells; a row has 1 to %d", json->count,
                      MOST_CELLS);
        return;
    }
    struct kw_block_text *cells = kw_read_room(reader, json, sizeof *cells);
    struct kw_value *cell = json->first;
    for (size_t i = 0; cells && i < json->count; i++, cell = cell->next) {
        struct place here = { .up = place, .index = i };
        if (cell->kind == KW_STRING)
            cells[i].text = kw_read_text(reader, cell, &here, true);
        else
            kw_read_object(reader, OBJECT_cell, cell, &here, &cells[i]);
        if (!cells[i].text)
            cells[i].text = "";
    }
    block->cells = cells;
    block->cell_count = cells ? json->count : 0;
}

static void read_block(struct reader *reader, struct kw_value *json, const struct place *place, struct kw_block *block)
{
    int kind = -1, found = 0;
    if (!kw_read_is_object(reader, json, place, "text"))
        return;
    for (int i = 0; i < BLOCK_KINDS; i++) {
        if (kw_value_get(json, block_kinds[i].key)) {
            kind = i;
            found++;
        }
    }
    if (found != 1) {
        kw_read_error(reader, KWIT_E_INVALID, place, "has %s of the keys that say what a block is: text, row, rule, "
                      "qr, barcode, image, feed, cut", found ? "more than one" : "none");
        return;
    }
    block->kind = kind;
    kw_read_object(reader, block_kinds[kind].object, json, place, block);
    if (kind == KW_BLOCK_TEXT && !block->text.text)
        block->text.text = "";
    if (kind == KW_BLOCK_QR) {
        block->code.symbology = "qr";
        block->code.pointer = block->pointer;
    }
}

void kw_read_blocks(struct reader *reader, struct kw_value *json, const struct place *place, void *record, void *target)
{
    (void)record;
    struct kw_blocks *blocks = target;
    if (!kw_read_is_array(reader, json, place))
        return;
    if (json->count > KW_SALE_MAX_LINES) {
        kw_read_error(reader, KWIT_E_TOO_LARGE, place, "has %zu blocks; at most %d are allowed",
                      json->count, KW_SALE_MAX_LINES);
        return;
    }
    struct kw_block *items = kw_read_room(reader, json, sizeof *items);
    size_t count = items ? json->count : 0;
    struct kw_value *element = json->first;
    for (size_t i = 0; i < count; i++, element = element->next) {
        struct place here = { .up = place, .index = i };
        read_block(reader, element, &here, &items[i]);
    }
    *blocks = (struct kw_blocks){ items, count };
}
