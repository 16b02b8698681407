/* session.c - cookies of those who signed in, made and checked. */
#include "office/session.h"

#include <sodium/crypto_generichash.h>
#include <sodium/randombytes.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAC = 16, UNTIL = 8, HEAD = UNTIL + 8 /* until when, and what makes it another than one of the same second */ };
static const char name_of_it[] = KW_SESSION_COOKIE "=";

static void sign(const uint8_t key[KW_OFFICE_KEY], const struct kw_person *person, const char head[HEAD],
                 char out[2 * MAC + 1])
{
    static const char label[] = "kwit/session";
    crypto_generichash_state state;
    uint8_t hash[MAC];
    crypto_generichash_init(&state, key, KW_OFFICE_KEY, sizeof hash);
    crypto_generichash_update(&state, (const uint8_t *)label, sizeof label);
    crypto_generichash_update(&state, (const uint8_t *)person->name, strlen(person->name) + 1);
    crypto_generichash_update(&state, (const uint8_t *)person->mark, strlen(person->mark) + 1);
    crypto_generichash_update(&state, (const uint8_t *)head, HEAD);
    crypto_generichash_final(&state, hash, sizeof hash);
    sodium_bin2hex(out, 2 * MAC + 1, hash, sizeof hash);
}

void kw_session_make(const uint8_t key[KW_OFFICE_KEY], const struct kw_person *person, int64_t now_ms,
                     char out[KW_SESSION_TEXT])
{
    char name[2 * KW_PERSON_NAME + 1], head[HEAD + 1], mac[2 * MAC + 1];
    sodium_bin2hex(name, sizeof name, (const uint8_t *)person->name, strlen(person->name));
    snprintf(head, sizeof head, "%08llx%08x", (unsigned long long)(now_ms / 1000 + KW_SESSION_S) & 0xffffffffu,
             (unsigned)randombytes_random());
    sign(key, person, head, mac);
    snprintf(out, KW_SESSION_TEXT, "%s.%s%s", name, head, mac);
}

/* The value of the office's own cookie; its length 0: there is none. */
static const char *find_value(const char *cookies, size_t *length)
{
    for (const char *at = cookies; *at; at += strspn(at, "; ")) {
        const size_t whole = strcspn(at, ";");
        if (strncmp(at, name_of_it, sizeof name_of_it - 1) == 0) {
            *length = whole - (sizeof name_of_it - 1);
            return at + sizeof name_of_it - 1;
        }
        at += whole;
    }
    *length = 0;
    return "";
}

bool kw_session_id(const char *cookies, char out[KW_SESSION_ID])
{
    size_t length;
    const char *value = find_value(cookies, &length), *dot = memchr(value, '.', length);
    const bool found = dot && (size_t)(value + length - dot) == KW_SESSION_ID
        && strspn(dot + 1, "0123456789abcdef") >= KW_SESSION_ID - 1;
    snprintf(out, KW_SESSION_ID, "%s", found ? dot + 1 : "");
    return found;
}

static int64_t ends_ms(const char *id)
{
    char until[UNTIL + 1];
    snprintf(until, sizeof until, "%s", id);
    return (int64_t)strtoll(until, NULL, 16) * 1000;
}

void kw_session_leave(const char *left, const char *id, int64_t now_ms, struct kw_buffer *out)
{
    for (const char *at = left; *at; at += strspn(at, "\n")) {
        const size_t length = strcspn(at, "\n");
        if (length == KW_SESSION_ID - 1 && ends_ms(at) > now_ms)
            kw_buffer_format(out, "%.*s\n", (int)length, at);
        at += length;
    }
    kw_buffer_format(out, "%s\n", id);
}

const struct kw_person *kw_session_find(const uint8_t key[KW_OFFICE_KEY], const char *cookies,
                                        const struct kw_people *people, const char *left, int64_t now_ms)
{
    char text[KW_SESSION_TEXT], name[KW_PERSON_NAME] = "", mac[2 * MAC + 1];
    size_t length, bytes = 0;
    const char *value = find_value(cookies, &length);
    if (length == 0 || length >= sizeof text)
        return NULL;
    snprintf(text, sizeof text, "%.*s", (int)length, value);
    char *dot = strchr(text, '.');
    if (!dot || strlen(dot + 1) != HEAD + 2 * MAC
        || sodium_hex2bin((uint8_t *)name, sizeof name - 1, text, (size_t)(dot - text), NULL, &bytes, NULL) != 0)
        return NULL;
    const struct kw_person *person = kw_people_find(people, name);
    if (!person)
        return NULL;
    sign(key, person, dot + 1, mac);
    if (sodium_memcmp(mac, dot + 1 + HEAD, 2 * MAC) != 0)
        return NULL;
    return ends_ms(dot + 1) > now_ms && !strstr(left, dot + 1) ? person : NULL;
}
