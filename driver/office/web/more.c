/* more.c - what stands behind the tap: words, an address, own questions; a message; what can be taken back. */
#include "office/web/parts.h"

#include <stdio.h>
#include <string.h>

/* Questions on one page with the words; grades that are radio buttons. */
enum { FEW = 4, FEW_GRADES = 7 };

static const char *say(const struct kw_web_page *page, enum kw_web_word word)
{
    return kw_web_word(word, page->language);
}

void kw_web_put_choice(const struct kw_web_page *page, char begin, struct kw_buffer *out)
{
    if (page->chosen)
        kw_buffer_format(out, "%cl=%s", begin, kw_web_tag(page->language));
}

void kw_web_put_form(const struct kw_web_page *page, bool in_path, struct kw_buffer *out)
{
    kw_buffer_format(out, "<form method=post action=\"/%s%s%s", page->token, in_path ? "/" : "",
                     in_path ? page->k : "");
    kw_web_put_choice(page, '?', out);
    kw_buffer_text(out, "\">");
    if (!in_path)
        kw_buffer_format(out, "<input type=hidden name=k value=\"%s\">", page->k);
}

static void put_link(const struct kw_web_page *page, const char *query, enum kw_web_word word, struct kw_buffer *out)
{
    kw_buffer_format(out, "<a href=\"/%s/%s?%s=1", page->token, page->k, query);
    kw_web_put_choice(page, '&', out);
    kw_web_element("\">", say(page, word), "</a>", out);
}

static void put_score(const struct kw_web_page *page, struct kw_buffer *out)
{
    kw_web_element("<p>", say(page, KW_WEB_YOUR_SCORE), " <strong>", out);
    kw_web_number(page->language, page->score, out);
    kw_web_element("</strong> ", say(page, KW_WEB_SCALE_OF), " ", out);
    kw_web_number(page->language, kw_web_scales[page->shop->question].to, out);
    kw_buffer_text(out, ". ");
    put_link(page, "change", KW_WEB_CHANGE, out);
    kw_buffer_text(out, "</p>");
}

static void put_contact(const struct kw_web_page *page, struct kw_buffer *out)
{
    kw_web_element("<label for=contact>", say(page, KW_WEB_CONTACT), "</label>", out);
    kw_web_element("<p class=h id=ch>", say(page, KW_WEB_CONTACT_HINT), "</p>", out);
    kw_web_element("<input type=text id=contact name=contact maxlength=120 autocomplete=email dir=ltr"
                   " aria-describedby=ch value=\"", page->contact, "\">", out);
    kw_buffer_format(out, "<label class=c><input type=checkbox name=consent value=1%s>",
                     page->consented ? " checked" : "");
    kw_web_element("<span>", say(page, KW_WEB_CONSENT), "</span></label>", out);
}

static void put_words(const struct kw_web_page *page, enum kw_web_word label, enum kw_web_word hint,
                      struct kw_buffer *out)
{
    kw_web_element("<label for=why>", say(page, label), "</label>", out);
    kw_web_element("<p class=h id=whyh>", say(page, hint), "</p>", out);
    kw_web_element("<textarea id=why name=comment rows=4 maxlength=1000 aria-describedby=whyh>", page->typed,
                   "</textarea>", out);
}

/* ---- the shop's own questions ------------------------------------------------------------------------------- */

void kw_web_own_field(const struct kw_web_own *own, char out[KW_WEB_FIELD])
{
    snprintf(out, KW_WEB_FIELD, "o_%s", own->name);
}

/* Each grade a radio button, none chosen; nobody has to answer. */
static void put_radios(const struct kw_web_page *page, const struct kw_web_own *own, const char *field, int chosen,
                       struct kw_buffer *out)
{
    kw_web_element("<fieldset class=o><legend dir=auto>", own->texts[page->language], "</legend>", out);
    for (int grade = own->low; grade <= own->high; grade++) {
        kw_buffer_format(out, "<label><input type=radio name=%s value=%d%s>", field, grade,
                         chosen == grade ? " checked" : "");
        kw_web_number(page->language, grade, out);
        kw_buffer_text(out, "</label>");
    }
    kw_buffer_text(out, "</fieldset>");
}

/* The same in fewer bytes. */
static void put_choice(const struct kw_web_page *page, const struct kw_web_own *own, const char *field, int chosen,
                       struct kw_buffer *out)
{
    kw_buffer_format(out, "<label for=%s><bdi>", field);
    kw_web_element("", own->texts[page->language], "</bdi></label>", out);
    kw_buffer_format(out, "<select id=%s name=%s><option value=\"\">\xe2\x80\x93", field, field);
    for (int grade = own->low; grade <= own->high; grade++) {
        kw_buffer_format(out, "<option value=%d%s>", grade, chosen == grade ? " selected" : "");
        kw_web_number(page->language, grade, out);
    }
    kw_buffer_text(out, "</select>");
}

/* Bytes that a page has for them beside all that its language says on it: in some scripts a letter is three. */
static size_t room(const struct kw_web_shop *shop, int language, size_t from)
{
    enum { PAGE = 6144, MARKUP = 3030, MARKUP_ALONE = 2780 };
    static const enum kw_web_word first[] = {
        KW_WEB_SAVED, KW_WEB_PROBLEM, KW_WEB_NEED_CONSENT, KW_WEB_YOUR_SCORE, KW_WEB_CHANGE, KW_WEB_REWARD,
        KW_WEB_REWARD_HINT, KW_WEB_WHY, KW_WEB_WHY_HINT, KW_WEB_CONTACT, KW_WEB_CONTACT_HINT, KW_WEB_CONSENT
    }, each[] = {
        KW_WEB_TEST, KW_WEB_NEXT, KW_WEB_OWN_HINT, KW_WEB_SEND, KW_WEB_HELP, KW_WEB_PRIVACY, KW_WEB_PRIVACY_MORE
    };
    const char *const twice[] = { shop->name, shop->phone, shop->mail, shop->privacy_url };
    size_t used = from == 0 ? MARKUP : MARKUP_ALONE;
    for (size_t i = 0; i < sizeof twice / sizeof twice[0]; i++)
        used += twice[i] ? 2 * strlen(twice[i]) : 0;
    for (size_t i = 0; i < sizeof each / sizeof each[0]; i++)
        used += strlen(kw_web_word(each[i], language));
    for (size_t i = 0; from == 0 && i < sizeof first / sizeof first[0]; i++)
        used += strlen(kw_web_word(first[i], language));
    return used < PAGE ? PAGE - used : 0;
}

static bool is_short(const struct kw_web_own *own)
{
    return own->high - own->low < FEW_GRADES;
}

static size_t weight(const struct kw_web_own *own, int language, bool radios)
{
    enum { AROUND = 90, GRADE = 20, RADIO = 48 };
    const size_t name = strlen(own->name);
    return AROUND + strlen(own->texts[language]) + 3 * name
        + (radios ? RADIO + name : GRADE) * (size_t)(own->high - own->low + 1);
}

/* All on one page, those with few grades as radio buttons. */
static bool are_few(const struct kw_web_shop *shop, int language)
{
    size_t used = 0;
    for (size_t i = 0; i < shop->own_count && i < FEW; i++)
        used += weight(&shop->own[i], language, is_short(&shop->own[i]));
    return shop->own_count <= FEW && used <= room(shop, language, 0);
}

static void put_own(const struct kw_web_page *page, size_t at, bool few, struct kw_buffer *out)
{
    const struct kw_web_own *own = &page->shop->own[at];
    char field[KW_WEB_FIELD];
    kw_web_own_field(own, field);
    (few && is_short(own) ? put_radios : put_choice)(page, own, field, page->own ? page->own[at] : -1, out);
}

size_t kw_web_own_end(const struct kw_web_shop *shop, int language, size_t from)
{
    size_t used = 0, at = from;
    if (are_few(shop, language))
        return shop->own_count;
    for (; at < shop->own_count; at++) {
        used += weight(&shop->own[at], language, false);
        if (used > room(shop, language, from) && at > from)
            return at;
    }
    return at;
}

/* What the answer earned. */
static void put_reward(const struct kw_web_page *page, struct kw_buffer *out)
{
    if (!page->reward)
        return;
    kw_web_element("<p>", say(page, KW_WEB_REWARD), " <strong><bdi dir=ltr>", out);
    kw_web_element("", page->reward, "</bdi></strong></p>", out);
    kw_web_element("<p class=h>", say(page, KW_WEB_REWARD_HINT), "</p>", out);
}

/* Words and an address, both optional; what was typed stands there again only where something was wrong with it. */
void kw_web_put_more(const struct kw_web_page *page, struct kw_buffer *out)
{
    const bool invalid = page->state == KW_WEB_STATE_INVALID, comment = invalid && page->fault == KW_WEB_TOO_LONG;
    const size_t end = kw_web_own_end(page->shop, page->language, page->own_from);
    const bool few = are_few(page->shop, page->language);
    if (page->fault == KW_WEB_BUSY)
        kw_web_element("<div role=alert><h1>", say(page, KW_WEB_BUSY), "</h1></div>", out);
    else if (invalid) {
        kw_web_element("<h1>", say(page, KW_WEB_SAVED), "</h1>", out);
        kw_web_fault(say(page, KW_WEB_PROBLEM), comment ? "why" : "contact", say(page, page->fault), out);
    } else
        kw_web_element("<div role=status><h1>", say(page, page->own_from ? KW_WEB_NEXT : KW_WEB_SAVED), "</h1></div>",
                       out);
    if (page->score >= 0 && page->own_from == 0)
        put_score(page, out);
    put_reward(page, out);
    kw_web_put_form(page, true, out);
    if (page->own_from == 0)
        put_words(page, KW_WEB_WHY, KW_WEB_WHY_HINT, out);
    if (page->shop->own_count > 0)
        kw_web_element("<p class=h>", say(page, KW_WEB_OWN_HINT), "</p>", out);
    for (size_t i = page->own_from; i < end; i++)
        put_own(page, i, few, out);
    kw_buffer_format(out, "<input type=hidden name=next value=%zu>", end);
    if (page->asks_contact && page->own_from == 0)
        put_contact(page, out);
    kw_web_element("<p><button class=g>", say(page, KW_WEB_SEND), "</button></p></form>", out);
}

/* ---- what the customer can take back, and the shop's reply ----------------------------------------------------- */

void kw_web_put_reply(const struct kw_web_page *page, struct kw_buffer *out)
{
    if (!page->reply || !page->reply[0])
        return;
    kw_web_element("<h2>", say(page, KW_WEB_SHOP_SAYS), "</h2>", out);
    kw_web_element("<blockquote dir=auto>", page->reply, "</blockquote>", out);
    kw_buffer_format(out, "<img src=\"/%s/r\" alt=\"\">", page->token);
}

static void put_button(const struct kw_web_page *page, const char *name, enum kw_web_word word, struct kw_buffer *out)
{
    kw_web_put_form(page, true, out);
    kw_buffer_format(out, "<p><button name=%s value=1>", name);
    kw_web_element("", say(page, word), "</button></p></form>", out);
}

void kw_web_put_done(const struct kw_web_page *page, struct kw_buffer *out)
{
    const bool withdrawn = page->state == KW_WEB_STATE_WITHDRAWN;
    kw_web_element("<div role=status><h1>", say(page, withdrawn ? KW_WEB_WITHDRAWN : KW_WEB_THANKS), "</h1></div>",
                   out);
    put_reward(page, out);
    kw_web_put_reply(page, out);
    if (!page->reply || !page->reply[0])
        kw_web_element("<p>", say(page, KW_WEB_SCAN_AGAIN), "</p>", out);
    if (page->score >= 0)
        put_score(page, out);
    kw_web_element("<details><summary>", say(page, KW_WEB_YOUR_DATA), "</summary>", out);
    if (page->has_contact)
        put_button(page, "withdraw", KW_WEB_WITHDRAW, out);
    put_button(page, "export", KW_WEB_EXPORT, out);
    kw_buffer_text(out, "<p>");
    put_link(page, "erase", KW_WEB_ERASE, out);
    kw_buffer_text(out, "</p></details>");
}

void kw_web_put_erase(const struct kw_web_page *page, struct kw_buffer *out)
{
    kw_web_element("<h1>", say(page, KW_WEB_ERASE_SURE), "</h1>", out);
    put_button(page, "erase", KW_WEB_ERASE, out);
    kw_buffer_text(out, "<p>");
    put_link(page, "done", KW_WEB_BACK, out);
    kw_buffer_text(out, "</p>");
}

void kw_web_put_message(const struct kw_web_page *page, struct kw_buffer *out)
{
    kw_buffer_format(out, "<form method=post action=\"/%s/help", page->token);
    kw_web_put_choice(page, '?', out);
    kw_buffer_format(out, "\"><input type=hidden name=k value=\"%s\">", page->k);
    put_words(page, KW_WEB_TELL_US, KW_WEB_TELL_HINT, out);
    if (page->asks_contact)
        put_contact(page, out);
    kw_web_element("<p><button class=g>", say(page, KW_WEB_SEND), "</button></p></form>", out);
}
