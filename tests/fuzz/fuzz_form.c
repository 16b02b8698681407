/*
 * fuzz_form.c - what a browser sends to the office: a form, a piece of a path, a query, a list of languages, cookies;
 * and the file that those are held against.
 */
#include "office/http/http.h"
#include "office/session.h"
#include "office/web/form.h"
#include "office/web/words.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* No control character but a newline, whatever was written with percent signs. */
static void must_be_plain(const char *text, bool newlines)
{
    for (; *text; text++)
        if (((uint8_t)*text < 0x20 && !(newlines && *text == '\n')) || *text == 0x7f)
            abort();
}

static void read_form(const char *text, size_t length)
{
    struct kw_form *form = malloc(sizeof *form);
    if (form && kw_form_read(text, length, form)) {
        if (length > KW_FORM_BYTES || form->count > KW_FORM_FIELDS)
            abort();
        for (size_t i = 0; i < form->count; i++)        /* names are only compared */
            must_be_plain(form->fields[i].value, true);
        must_be_plain(kw_form_field(form, "comment"), true);
    }
    free(form);
}

static void read_address(const char *text, size_t length)
{
    char piece[64], chosen[16];
    if (kw_form_piece(text, length, piece, sizeof piece))
        must_be_plain(piece, false);
    kw_http_query(text, "l", chosen, sizeof chosen);
}

static void read_languages(const char *list)
{
    const int fluent = kw_web_language(list, false), any = kw_web_language(list, true);
    if (fluent >= KW_WEB_LANGUAGES || any >= KW_WEB_LANGUAGES || (fluent >= 0 && !kw_web_speaks(fluent, false))
        || (fluent >= 0 && any < 0))
        abort();
}

/* Nobody is known by a cookie that the key did not make; what was read as people is written as it was. */
static void read_people(const char *text)
{
    static const char *const none[] = { NULL };
    static const uint8_t key[KW_OFFICE_KEY] = { 7 };
    struct kw_person ewa = { "Ewa", KW_ROLE_READER, "m", none, none };
    struct kw_people people = { &ewa, 1, 1 };
    struct kw_error error;
    struct kw_arena *arena = kw_arena_new(1 << 22);
    struct kw_buffer out;
    kw_buffer_init(&out, 1 << 22);
    char id[KW_SESSION_ID];
    if (kw_session_find(key, text, &people, "", 1000))
        abort();
    if (kw_session_id(text, id))
        kw_session_leave(text, id, 1000, &out);
    kw_buffer_clear(&out);
    if (arena && kw_people_read(arena, kw_arena_string(arena, text), &people, &error) == 0) {
        kw_people_write(&people, &out);
        const size_t count = people.count;
        if (kw_people_read(arena, kw_arena_string(arena, kw_buffer_string(&out)), &people, &error) < 0
            || people.count != count)
            abort();
    }
    kw_buffer_free(&out);
    kw_arena_free(arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char *text = malloc(length + 1);    /* of exactly this size: reading beyond it is seen */
    if (!text)
        return 0;
    memcpy(text, bytes, length);
    text[length] = 0;
    read_form(text, length);
    read_address(text, strlen(text));
    read_languages(text);
    read_people(text);
    free(text);
    return 0;
}
