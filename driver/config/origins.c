/* origins.c - which sections are in force and where each of their values comes from: for people, and as a digest. */
#include "config/private.h"

#include <sodium/crypto_generichash.h>
#include <string.h>

void kw_config_note_section(struct loading *loading, enum section section, const char *heading)
{
    struct origins *origins = loading->origins;
    struct headed *sections = kw_arena_grow(loading->arena, origins->sections, origins->section_count,
                                            &origins->section_capacity, sizeof *sections);
    if (!sections || !heading) {
        loading->no_memory = true;
        return;
    }
    const struct headed *last = origins->section_count ? &sections[origins->section_count - 1] : NULL;
    size_t keys = last ? last->keys + kw_config_key_count(last->section) : 0;
    origins->sections = sections;
    sections[origins->section_count++] = (struct headed){ heading, section, keys, origins->said_count };
}

void kw_config_note(struct loading *loading, const struct key *key, const char *value, const char *from)
{
    struct origins *origins = loading->origins;
    struct origin *said = kw_arena_grow(loading->arena, origins->said, origins->said_count, &origins->said_capacity,
                                        sizeof *said);
    if (!said || !value || !from) {
        loading->no_memory = true;
        return;
    }
    origins->said = said;
    said[origins->said_count++] = (struct origin){ key, value, from };
}

/* Behind the last that was said of this section. */
static size_t end_of(const struct origins *origins, const struct headed *section)
{
    bool last = section == &origins->sections[origins->section_count - 1];
    return last ? origins->said_count : section[1].said;
}

static struct kw_config_entry entry_of(const struct headed *section, const struct origin *origin)
{
    const struct key *key = origin->key;
    return (struct kw_config_entry){ section->heading, key->name, origin->value, kw_config_limits(key), origin->from,
                                     key->help };
}

/* The last one that begins at that key or before it; NULL: there is none, or it lies behind all of them. */
static const struct headed *section_at(const struct origins *origins, size_t key)
{
    size_t low = 0, high = origins->section_count;
    while (high - low > 1) {
        size_t middle = (low + high) / 2;
        if (origins->sections[middle].keys <= key)
            low = middle;
        else
            high = middle;
    }
    const struct headed *found = high > 0 ? &origins->sections[low] : NULL;
    return found && key - found->keys < kw_config_key_count(found->section) ? found : NULL;
}

bool kw_config_entry(const struct kw_config *config, size_t index, struct kw_config_entry *entry)
{
    const struct origins *origins = config->origins;
    const struct headed *section = section_at(origins, index);
    if (!section)
        return false;
    const struct key *key = kw_config_first_key(section->section) + (index - section->keys);
    struct origin origin = { key, key->fallback, "default" };
    for (size_t i = section->said; i < end_of(origins, section); i++)
        if (origins->said[i].key == key)
            origin = origins->said[i];
    *entry = entry_of(section, &origin);
    return true;
}

bool kw_config_said(const struct kw_config *config, const char *heading, size_t index, struct kw_config_entry *entry)
{
    const struct origins *origins = config->origins;
    for (size_t i = 0; i < origins->section_count; i++) {
        const struct headed *section = &origins->sections[i];
        if (strcmp(section->heading, heading) != 0)
            continue;
        bool there = section->said + index < end_of(origins, section);
        if (there)
            *entry = entry_of(section, &origins->said[section->said + index]);
        return there;
    }
    return false;
}

static void digest_section(crypto_generichash_state *state, const struct origins *origins, const struct headed *section)
{
    for (size_t i = section->said; i < end_of(origins, section); i++) {
        const struct origin *origin = &origins->said[i];
        const char *parts[] = { section->heading, origin->key->name, origin->value };
        bool usual = strcmp(origin->value, origin->key->fallback) == 0;
        for (size_t j = 0; !usual && j < sizeof parts / sizeof parts[0]; j++)
            crypto_generichash_update(state, (const unsigned char *)parts[j], strlen(parts[j]) + 1);
    }
}

void kw_config_digest(const struct kw_config *config, uint8_t digest[16])
{
    const struct origins *origins = config->origins;
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 16);
    for (size_t i = 0; i < origins->section_count; i++) {
        const enum section section = origins->sections[i].section;
        if (section != IMPORT && section != QUESTION && section != TAP && section != MAP)
            digest_section(&state, origins, &origins->sections[i]);
    }
    crypto_generichash_final(&state, digest, 16);
}
