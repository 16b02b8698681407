/* url.c - the link that the QR holds, from the configured template. */
#include "survey/survey.h"

#include "base/buffer.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { URL_CEILING = 2000, FIELDS = 6 };
static const char *const field_names[FIELDS] = { "{token}", "{lang}", "{LANG}", "{variant}",
                                                "{kind}", "{segment}" };

static bool is_unreserved(unsigned char byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z')
        || (byte && strchr("-._~", byte));
}

static void add_encoded(struct kw_buffer *out, const char *text)
{
    while (*text) {
        size_t plain = 0;
        while (is_unreserved((unsigned char)text[plain]))
            plain++;
        kw_buffer_add(out, text, plain);
        text += plain;
        if (*text)
            kw_buffer_format(out, "%%%02X", (unsigned char)*text++);
    }
}

static bool is_link(const char *text)
{
    return strncasecmp(text, "https://", 8) == 0 ? text[8] != 0 : strncasecmp(text, "http://", 7) == 0 && text[7] != 0;
}

/* A QR must hold what a phone opens: no blank, no control byte, and every non-ASCII byte already encoded. */
static bool is_clean(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text <= ' ' || (unsigned char)*text >= 127)
            return false;
    return true;
}

/* The first brace that begins no field; an address has none of its own. */
static const char *strange_field(const char *text)
{
    for (; (text = strchr(text, '{')); text++) {
        bool known = false;
        for (size_t i = 0; i < FIELDS; i++)
            known = known || strncmp(text, field_names[i], strlen(field_names[i])) == 0;
        if (!known)
            return text;
    }
    return NULL;
}

/* Whether a link template can be used at all; INVALID says what is wrong. */
static int check_template(const char *template_url, struct kw_error *error)
{
    if (!template_url || !is_link(template_url))
        return kw_fail(error, KWIT_E_INVALID, "url", "the survey link begins with https:// (or http://)");
    if (!is_clean(template_url))
        return kw_fail(error, KWIT_E_INVALID, "url", "the survey link holds a blank or a letter outside ASCII; "
                       "copy it from the browser's address line, where such letters are %%-encoded");
    const char *strange = strange_field(template_url);
    if (strange)
        return kw_fail(error, KWIT_E_INVALID, "url", "the survey link holds %.*s; what stands in braces is {token}, "
                       "{lang}, {LANG}, {variant}, {kind} or {segment}", (int)(strcspn(strange, "}") + 1), strange);
    if (!strstr(template_url, "{token}"))
        return kw_fail(error, KWIT_E_INVALID, "url",
                       "the survey link needs {token} where the code of each receipt goes");
    return 0;
}

int kw_survey_url(struct kw_arena *arena, const char *template_url, const struct kw_survey_link *link, const char **url,
                  struct kw_error *error)
{
    const char *language = link->language ? link->language : "";
    char number[12] = "", capitals[16] = "";
    for (size_t i = 0; language[i] && i + 1 < sizeof capitals; i++)
        capitals[i] = (char)toupper((unsigned char)language[i]);
    const char *const values[FIELDS] = { link->token, language, capitals, number, link->kind ? link->kind : "",
                                         link->segment ? link->segment : "" };
    int code = check_template(template_url, error);
    if (code < 0)
        return code;
    if (strstr(template_url, "{variant}"))
        snprintf(number, sizeof number, "%d", link->variant);
    struct kw_buffer out;
    kw_buffer_init(&out, URL_CEILING);
    for (const char *at = template_url; *at;) {
        const size_t plain = strcspn(at, "{");
        kw_buffer_add(&out, at, plain);
        at += plain;
        size_t i = 0;       /* of the field at every brace: the template was looked at before */
        while (*at && strncmp(at, field_names[i], strlen(field_names[i])) != 0)
            i++;
        add_encoded(&out, *at ? values[i] : "");
        at += *at ? strlen(field_names[i]) : 0;
    }
    bool whole = !out.failed;
    *url = whole ? kw_arena_copy(arena, kw_buffer_string(&out), out.length) : NULL;
    kw_buffer_free(&out);
    if (!whole)
        return kw_fail(error, KWIT_E_INVALID, "url", "the survey link is longer than %d characters", URL_CEILING);
    return *url ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
}
