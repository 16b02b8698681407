/* users.c - characters and data that the host keeps in the printer: ESC &, FS 2, FS g, GS ( C. */
#include "simulator/users.h"

#include "simulator/events.h"
#include "simulator/glyph.h"
#include "simulator/handlers.h"
#include "simulator/replies.h"

#include <stdio.h>
#include <string.h>

/* One user-defined character: columns of bytes as they came. Two-byte ones have their lead in `lead`. */
struct user_character {
    uint8_t lead, code, font, columns, bytes_high;
    uint8_t dots[72];
};

static struct user_character *find(struct kw_sim *sim, uint8_t lead, uint8_t code, uint8_t font)
{
    struct kw_buffer *all = &sim->parts[KW_PART_USER_CHARACTERS];
    struct user_character *characters = (struct user_character *)(void *)all->data;
    for (size_t i = 0; i < all->length / sizeof *characters; i++)
        if (characters[i].lead == lead && characters[i].code == code && characters[i].font == font)
            return &characters[i];
    return NULL;
}

static void keep(struct kw_sim *sim, const struct user_character *character)
{
    struct user_character *old = find(sim, character->lead, character->code, character->font);
    if (old)
        *old = *character;
    else
        kw_buffer_add(&sim->parts[KW_PART_USER_CHARACTERS], character, sizeof *character);
    sim->parts[KW_PART_USER_CHARACTERS].failed = false;
}

static void forget(struct kw_sim *sim, uint8_t lead, uint8_t code, uint8_t font)
{
    struct kw_buffer *all = &sim->parts[KW_PART_USER_CHARACTERS];
    struct user_character *old = find(sim, lead, code, font);
    if (!old)
        return;
    uint8_t *end = all->data + all->length, *next = (uint8_t *)(old + 1);
    memmove(old, next, (size_t)(end - next));
    all->length -= sizeof *old;
}

HANDLER(user_characters)
{
    uint8_t bytes_high = bytes[2], first = bytes[3], last = bytes[4];
    if (bytes_high < 1 || bytes_high > 3 || first < 0x20 || last > 0x7E || first > last) {
        kw_sim_warn(sim, sim->s.in.parsed, "ESC &: parameters out of range; what follows is text");
        return length;
    }
    size_t at = 5;
    for (int code = first; code <= last && at < length; code++) {
        struct user_character character = { 0, (uint8_t)code, sim->s.look.font, bytes[at], bytes_high, { 0 } };
        size_t count = (size_t)bytes[at] * bytes_high;
        memcpy(character.dots, bytes + at + 1, count < sizeof character.dots ? count : sizeof character.dots);
        if (count > sizeof character.dots)
            character.columns = (uint8_t)(sizeof character.dots / bytes_high);
        if (character.columns > 0)
            keep(sim, &character);
        at += 1 + count;
    }
    return length;
}

HANDLER(cancel_user)
{
    forget(sim, 0, bytes[2], sim->s.look.font);
    return length;
}

HANDLER(kanji_character)
{
    struct user_character character = { bytes[2], bytes[3], 0, 24, 3, { 0 } };
    size_t count = length - 4;
    character.bytes_high = count == 32 ? 2 : 3;
    character.columns = (uint8_t)(count / character.bytes_high);
    memcpy(character.dots, bytes + 4, count < sizeof character.dots ? count : sizeof character.dots);
    keep(sim, &character);
    return length;
}

HANDLER(cancel_kanji)
{
    forget(sim, bytes[2], bytes[3], 0);
    return length;
}

bool kw_sim_user_defined(struct kw_sim *sim, uint8_t lead, uint8_t code)
{
    return find(sim, lead, code, lead ? 0 : sim->s.look.font) != NULL;
}

bool kw_sim_user_glyph(struct kw_sim *sim, const struct kw_sim_item *item, struct kw_sim_dots *glyph)
{
    uint8_t lead = item->user_lead, code = item->user_code;
    const struct user_character *character = find(sim, lead, code, lead ? 0 : item->font);
    if (!character)
        return false;
    memset(glyph, 0, sizeof *glyph);
    glyph->width = item->cell_width;
    glyph->height = item->cell_height;
    for (int x = 0; x < character->columns && x < glyph->width; x++)
        for (int y = 0; y < character->bytes_high * 8 && y < glyph->height; y++)
            if (character->dots[x * character->bytes_high + y / 8] >> (7 - y % 8) & 1)
                glyph->rows[y] |= 0x80000000u >> x;
    return true;
}

/* ---- memory ---- */

enum { OLD_MEMORY = 1024, OLD_READ_MOST = 80, RECORD_MOST = 4096 };

/* FS g: 1 KiB by address. */
HANDLER(user_memory)
{
    struct kw_buffer *memory = &sim->parts[KW_PART_MEMORY];
    size_t address = (size_t)kw_sim_pair(bytes + 4) | (size_t)kw_sim_pair(bytes + 6) << 16;
    size_t count = (size_t)kw_sim_pair(bytes + 8);
    char text[OLD_READ_MOST + 1];
    if (memory->length < OLD_MEMORY)
        kw_buffer_fill(memory, ' ', OLD_MEMORY - memory->length);
    if (memory->length < OLD_MEMORY || address >= OLD_MEMORY || count > OLD_MEMORY - address) {
        kw_sim_warn(sim, sim->s.in.parsed, "FS g: address out of range");
        return length;
    }
    if (bytes[2] == 0x31) {
        memcpy(memory->data + address, bytes + 10, count);
        return length;
    }
    if (count == 0 || count > OLD_READ_MOST)
        return length;
    memcpy(text, memory->data + address, count);
    text[count] = 0;
    kw_sim_reply_block(sim, "FS g 2", 0x5F, text, sim->s.in.parsed);
    return length;
}

/* GS ( C: records by key behind the first KiB: kc1 kc2 lengthL lengthH data. */
static size_t record_at(const struct kw_buffer *memory, const uint8_t *key)
{
    for (size_t at = OLD_MEMORY; at + 4 <= memory->length; at += 4 + (size_t)kw_sim_pair(memory->data + at + 2))
        if (memory->data[at] == key[0] && memory->data[at + 1] == key[1])
            return at;
    return SIZE_MAX;
}

static void remove_record(struct kw_buffer *memory, size_t at)
{
    size_t whole = 4 + (size_t)kw_sim_pair(memory->data + at + 2);
    memmove(memory->data + at, memory->data + at + whole, memory->length - at - whole);
    memory->length -= whole;
}

static void read_record(struct kw_sim *sim, const struct kw_buffer *memory, const uint8_t *key)
{
    size_t at = record_at(memory, key);
    char text[84] = { 0x70, 0x40 };
    if (at != SIZE_MAX) {
        size_t count = (size_t)kw_sim_pair(memory->data + at + 2);
        memcpy(text + 2, memory->data + at + 4, count < 80 ? count : 80);
    }
    kw_sim_reply_block(sim, "GS ( C 2", 0x37, text, sim->s.in.parsed);
}

void kw_sim_memory(struct kw_sim *sim, const uint8_t *p, size_t length)
{
    struct kw_buffer *memory = &sim->parts[KW_PART_MEMORY];
    char text[24];
    if (length < 3)
        return;
    if (memory->length < OLD_MEMORY && !kw_buffer_fill(memory, ' ', OLD_MEMORY - memory->length))
        return;
    int function = p[1] >= 48 ? p[1] - 48 : p[1];
    size_t at = length >= 5 ? record_at(memory, p + 3) : SIZE_MAX;
    switch (function) {
    case 0: case 1:
        if (at != SIZE_MAX)
            remove_record(memory, at);
        if (function == 1 && length > 5 && length - 5 <= RECORD_MOST && length < memory->ceiling - memory->length) {
            uint8_t head[4] = { p[3], p[4], (uint8_t)(length - 5), (uint8_t)((length - 5) >> 8) };
            kw_buffer_add(memory, head, sizeof head);
            kw_buffer_add(memory, p + 5, length - 5);
        }
        break;
    case 2:
        if (length >= 5)
            read_record(sim, memory, p + 3);
        break;
    case 3: case 4:
        snprintf(text, sizeof text, "%c%zu", function == 3 ? 0x28 : 0x29,
                 memory->ceiling - (function == 4 ? memory->length : 0));
        kw_sim_reply_block(sim, "GS ( C", 0x37, text, sim->s.in.parsed);
        break;
    case 6:
        memory->length = OLD_MEMORY;
        break;
    default:
        break;
    }
}
