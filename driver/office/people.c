/* people.c - the file of those who may sign in: NAME, ROLE, MARK, then store:S and region:R, with tabs between them. */
#include "office/people.h"

#include <sodium/crypto_pwhash.h>
#include <string.h>

_Static_assert((int)crypto_pwhash_STRBYTES <= (int)KW_PASSPHRASE_MARK, "a mark has room");

#define KW_ROLE_WORD(name, word) word,
const char *const kw_role_words[KW_ROLE_COUNT] = { KW_ROLES(KW_ROLE_WORD) };
#undef KW_ROLE_WORD

static const char store_word[] = "store:", region_word[] = "region:";

bool kw_people_is_word(const char *text)
{
    for (const char *at = text; *at; at++)
        if ((unsigned char)*at < ' ' || *at == 0x7f)
            return false;
    return text[0] && text[strspn(text, " ")];
}

struct kw_person *kw_people_find(const struct kw_people *people, const char *name)
{
    for (size_t i = 0; i < people->count; i++)
        if (strcmp(people->all[i].name, name) == 0)
            return &people->all[i];
    return NULL;
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

/* Up to the next tab, which becomes the end of it; *at is behind it, NULL at the line's end. */
static char *next_word(char **at)
{
    char *word = *at, *tab = word ? strchr(word, '\t') : NULL;
    if (tab)
        *tab++ = 0;
    *at = tab;
    return word;
}

static bool read_role(const char *word, enum kw_staff_role *role)
{
    for (int i = 0; i < KW_ROLE_COUNT; i++)
        if (strcmp(word, kw_role_words[i]) == 0) {
            *role = (enum kw_staff_role)i;
            return true;
        }
    return false;
}

static size_t count_words(const char *places)
{
    size_t count = 1;
    for (const char *at = places ? places : ""; *at; at++)
        count += *at == '\t';
    return count;
}

/* Both lists lie in one array, the stores from its beginning on and the regions from behind their room. */
static int read_places(struct kw_arena *arena, char *places, struct kw_person *person)
{
    const size_t room = count_words(places) + 1;
    const char **stores = kw_arena_array(arena, 2 * room, sizeof *stores), **regions = stores + room;
    if (!stores)
        return KWIT_E_NO_MEMORY;
    memset(stores, 0, 2 * room * sizeof *stores);
    person->stores = stores;
    person->regions = regions;
    for (char *word; (word = next_word(&places));)
        if (strncmp(word, store_word, sizeof store_word - 1) == 0)
            *stores++ = word + sizeof store_word - 1;
        else if (strncmp(word, region_word, sizeof region_word - 1) == 0)
            *regions++ = word + sizeof region_word - 1;
        else
            return KWIT_E_STATE_DAMAGED;
    return 0;
}

static int read_line(struct kw_arena *arena, char *line, struct kw_person *person)
{
    const char *name = next_word(&line), *role = next_word(&line), *mark = next_word(&line);
    if (!mark || !kw_people_is_word(name) || strlen(name) >= KW_PERSON_NAME || !read_role(role, &person->role))
        return KWIT_E_STATE_DAMAGED;
    person->name = name;
    person->mark = mark;
    return read_places(arena, line, person);
}

int kw_people_read(struct kw_arena *arena, char *text, struct kw_people *people, struct kw_error *error)
{
    int number = 0, code = 0;
    *people = (struct kw_people){ NULL, 0, 0 };
    for (char *line = text, *end; code == 0 && *line; line = end) {
        end = line + strcspn(line, "\n");
        if (*end)
            *end++ = 0;
        struct kw_person *all = kw_arena_grow(arena, people->all, people->count, &people->room, sizeof *all);
        number++;
        code = all ? read_line(arena, line, &all[people->count]) : KWIT_E_NO_MEMORY;
        people->all = all ? all : people->all;
        people->count += code == 0;
    }
    if (code == KWIT_E_STATE_DAMAGED)
        return kw_fail(error, KWIT_E_STATE_DAMAGED, "people", "line %d is no person; take the file from a backup, or"
                       " add its people anew", number);
    return code < 0 ? kw_fail(error, KWIT_E_NO_MEMORY, "people", "out of memory") : 0;
}

void kw_people_write(const struct kw_people *people, struct kw_buffer *out)
{
    for (size_t i = 0; i < people->count; i++) {
        const struct kw_person *person = &people->all[i];
        kw_buffer_format(out, "%s\t%s\t%s", person->name, kw_role_words[person->role], person->mark);
        for (const char *const *store = person->stores; *store; store++)
            kw_buffer_format(out, "\t%s%s", store_word, *store);
        for (const char *const *region = person->regions; *region; region++)
            kw_buffer_format(out, "\t%s%s", region_word, *region);
        kw_buffer_byte(out, '\n');
    }
}

/* ---- passphrases ------------------------------------------------------------------------------------------------ */

bool kw_passphrase_mark(const char *passphrase, char mark[KW_PASSPHRASE_MARK])
{
    return crypto_pwhash_str(mark, passphrase, strlen(passphrase), crypto_pwhash_OPSLIMIT_INTERACTIVE,
                             crypto_pwhash_MEMLIMIT_INTERACTIVE) == 0;
}

/* Whoever it is and whatever was typed, it takes as long: no clock tells which names there are. */
bool kw_passphrase_fits(const char *mark, const char *passphrase)
{
    char other[KW_PASSPHRASE_MARK];
    if (mark && strlen(passphrase) <= KW_PASSPHRASE_MOST)
        return crypto_pwhash_str_verify(mark, passphrase, strlen(passphrase)) == 0;
    kw_passphrase_mark("nobody", other);
    return false;
}
