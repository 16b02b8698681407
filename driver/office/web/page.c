/* page.c - each state's page, put together from a few parts. */
#include "office/web/parts.h"

#include <stdio.h>
#include <string.h>

int kw_web_page_status(const struct kw_web_page *page)
{
    return page->fault == KW_WEB_BUSY ? 503 : kw_web_status(page->state);
}

int kw_web_status(enum kw_web_state state)
{
    static const int statuses[] = {
#define STATUS(name, status) status,
        KW_WEB_STATES(STATUS)
#undef STATUS
    };
    return statuses[state];
}

/* ---- parts -------------------------------------------------------------------------------------------------- */

static const char *say(const struct kw_web_page *page, enum kw_web_word word)
{
    return kw_web_word(word, page->language);
}

bool kw_web_takes_message(enum kw_web_state state)
{
    switch (state) {
    case KW_WEB_STATE_USED:
    case KW_WEB_STATE_TAKEN:
    case KW_WEB_STATE_EXPIRED:
    case KW_WEB_STATE_GONE:
    case KW_WEB_STATE_LATE:
    case KW_WEB_STATE_WORDLESS:
        return true;
    default:
        return false;
    }
}

static void put_fault(const struct kw_web_page *page, const char *field, struct kw_buffer *out)
{
    kw_web_fault(say(page, KW_WEB_PROBLEM), field, say(page, page->fault), out);
}

/* One button a grade; their names begin with the digit that is seen. */
static void put_scale(const struct kw_web_page *page, struct kw_buffer *out)
{
    const struct kw_web_scale *scale = &kw_web_scales[page->shop->question];
    const int grades = scale->to - scale->from + 1;
    kw_buffer_format(out, "<div class=\"s s%d\" id=s>", grades);
    for (int grade = scale->from; grade <= scale->to; grade++) {
        kw_buffer_format(out, "<button name=%s value=%d>", scale->field, grade);
        kw_web_number(page->language, grade, out);
        if (grade == scale->from || grade == scale->to)
            kw_web_element("<span class=v>, ", say(page, grade == scale->from ? scale->low : scale->high), "</span>",
                           out);
        kw_buffer_text(out, "</button>");
    }
    kw_buffer_text(out, "</div><div class=e aria-hidden=true>");
    kw_web_element("<span>", say(page, scale->low), "</span>", out);
    kw_web_element("<span>", say(page, scale->high), "</span></div>", out);
}

static void put_question(const struct kw_web_page *page, struct kw_buffer *out)
{
    const bool change = page->state == KW_WEB_STATE_CHANGE;
    if (page->state == KW_WEB_STATE_UNCHOSEN)
        put_fault(page, "s", out);
    kw_web_put_form(page, change, out);
    kw_web_element("<fieldset><legend><h1>", say(page, kw_web_scales[page->shop->question].ask), "</h1></legend>", out);
    put_scale(page, out);
    kw_buffer_text(out, "</fieldset></form>");
    if (!change)
        kw_web_element("<p class=h>", say(page, KW_WEB_ONE_TAP), "</p>", out);
    kw_buffer_format(out, "<img class=v src=\"/%s/o\" alt=\"\">", page->token);
}

static void put_code(const struct kw_web_page *page, struct kw_buffer *out)
{
    if (page->state != KW_WEB_STATE_CODE)
        put_fault(page, "code", out);
    kw_buffer_text(out, "<form method=post action=\"/code");
    kw_web_put_choice(page, '?', out);
    kw_buffer_text(out, "\">");
    kw_web_element("<h1><label for=code>", say(page, KW_WEB_CODE), "</label></h1>", out);
    kw_web_element("<p class=h id=codeh>", say(page, KW_WEB_CODE_HINT), "</p>", out);
    kw_web_element("<input type=text id=code name=code maxlength=80 autocomplete=off autocapitalize=characters"
                " spellcheck=false dir=ltr aria-describedby=codeh value=\"", page->typed, "\">", out);
    kw_web_element("<p><button class=g>", say(page, KW_WEB_GO), "</button></p></form>", out);
}

static void put_notice(const struct kw_web_page *page, struct kw_buffer *out)
{
    static const enum kw_web_word notices[KW_WEB_STATE_COUNT] = {
        [KW_WEB_STATE_USED] = KW_WEB_USED,        [KW_WEB_STATE_TAKEN] = KW_WEB_USED,
        [KW_WEB_STATE_EXPIRED] = KW_WEB_EXPIRED,  [KW_WEB_STATE_GONE] = KW_WEB_EXPIRED,
        [KW_WEB_STATE_LATE] = KW_WEB_LATE,        [KW_WEB_STATE_BUSY] = KW_WEB_BUSY,
        [KW_WEB_STATE_LIMITED] = KW_WEB_BUSY,     [KW_WEB_STATE_TOLD] = KW_WEB_TOLD,
        [KW_WEB_STATE_ERASED] = KW_WEB_ERASED
    };
    if (page->fault == KW_WEB_BUSY)
        kw_web_element("<div role=alert><h1>", say(page, KW_WEB_BUSY), "</h1></div>", out);
    else if (page->state == KW_WEB_STATE_WORDLESS) {
        kw_web_element("<h1>", say(page, KW_WEB_TELL_US), "</h1>", out);
        put_fault(page, page->fault == KW_WEB_NEED_CONSENT || page->fault == KW_WEB_BAD_CONTACT ? "contact" : "why",
                  out);
    } else
        kw_web_element("<div role=status><h1>", say(page, notices[page->state]), "</h1></div>", out);
    kw_web_put_reply(page, out);
    if (page->state == KW_WEB_STATE_USED || page->state == KW_WEB_STATE_TAKEN)
        kw_web_element("<p>", say(page, KW_WEB_NOT_YOU), "</p>", out);
    if (page->state == KW_WEB_STATE_TOLD)
        kw_web_element("<p>", say(page, KW_WEB_SCAN_AGAIN), "</p>", out);
    if (kw_web_takes_message(page->state) && page->token[0])
        kw_web_put_message(page, out);
}

static void put_row(const struct kw_web_page *page, enum kw_web_word word, int number, struct kw_buffer *out)
{
    kw_web_element("<p>", say(page, word), ": ", out);
    if (number > 0)
        kw_web_number(page->language, number, out);
    else
        kw_buffer_text(out, "\xe2\x88\x9e");
    kw_buffer_text(out, "</p>");
}

/* Made of the settings, so that it says what is done. */
static void put_privacy(const struct kw_web_page *page, struct kw_buffer *out)
{
    const struct kw_web_shop *shop = page->shop;
    kw_web_element("<h1>", say(page, KW_WEB_PRIVACY_MORE), "</h1>", out);
    kw_web_element("<p>", say(page, KW_WEB_RESPONSIBLE), ": <bdi>", out);
    kw_web_element("", shop->controller, "</bdi>, <bdi>", out);
    kw_web_element("", shop->controller_contact, "</bdi></p>", out);
    kw_web_element("<p>", say(page, KW_WEB_PRIVACY), "</p>", out);
    put_row(page, KW_WEB_KEEP_SCORES, shop->keep_days, out);
    put_row(page, KW_WEB_KEEP_WORDS, shop->keep_comments_days ? shop->keep_comments_days : shop->keep_days, out);
    if (page->asks_contact)
        put_row(page, KW_WEB_KEEP_ADDRESS, shop->keep_contact_days, out);
    kw_web_element("<p>", say(page, KW_WEB_NOT_KEPT), "</p>", out);
    kw_web_element("<p>", say(page, KW_WEB_RIGHTS), "</p>", out);
}

static bool is_question(enum kw_web_state state)
{
    return state == KW_WEB_STATE_ASK || state == KW_WEB_STATE_UNCHOSEN || state == KW_WEB_STATE_CHANGE;
}

static void put_body(const struct kw_web_page *page, struct kw_buffer *out)
{
    switch (page->state) {
    case KW_WEB_STATE_CODE:
    case KW_WEB_STATE_UNKNOWN:
    case KW_WEB_STATE_RETYPE:
        put_code(page, out);
        break;
    case KW_WEB_STATE_ASK:
    case KW_WEB_STATE_UNCHOSEN:
    case KW_WEB_STATE_CHANGE:
        put_question(page, out);
        break;
    case KW_WEB_STATE_SAVED:
    case KW_WEB_STATE_INVALID:
        kw_web_put_more(page, out);
        break;
    case KW_WEB_STATE_DONE:
    case KW_WEB_STATE_WITHDRAWN:
        kw_web_put_done(page, out);
        break;
    case KW_WEB_STATE_ERASE:
        kw_web_put_erase(page, out);
        break;
    case KW_WEB_STATE_PRIVACY:
        put_privacy(page, out);
        break;
    default:
        put_notice(page, out);
    }
}

/* Each in its own name, for whoever cannot read this page; a block in the line, so its letters turn no others. */
static void put_language(const struct kw_web_page *page, int language, struct kw_buffer *out)
{
    const char *tag = kw_web_tag(language), *name = kw_web_language_name(language);
    if (language == page->language)
        kw_buffer_format(out, "<b lang=%s>%s</b> ", tag, name);
    else
        kw_buffer_format(out, "<a href=?l=%s lang=%s>%s</a> ", tag, tag, name);
}

/* Behind the tap a language is chosen already, and the room is for the shop's questions. */
static bool lists(const struct kw_web_page *page, int language)
{
    const bool behind = page->state == KW_WEB_STATE_SAVED || page->state == KW_WEB_STATE_INVALID;
    return language == page->language || kw_web_speaks(language, page->shop->drafts && !behind);
}

/* A list that would be longer than the question is folded, under a word that many know beside the page's own. */
static void put_languages(const struct kw_web_page *page, struct kw_buffer *out)
{
    enum { SHORT = 8 };
    const char *own = say(page, KW_WEB_LANGUAGE), *english = kw_web_word(KW_WEB_LANGUAGE, KW_WEB_LANGUAGE_en);
    int listed = 0;
    for (int i = 0; i < KW_WEB_LANGUAGES; i++)
        listed += lists(page, i);
    kw_web_element("<nav aria-label=\"", own, "\">", out);
    if (listed > SHORT) {
        kw_web_element("<details><summary>", own, "", out);
        if (page->language != KW_WEB_LANGUAGE_en)
            kw_web_element(" / <span lang=en>", english, "</span>", out);
        kw_buffer_text(out, "</summary>");
    }
    for (int i = 0; i < KW_WEB_LANGUAGES; i++)
        if (lists(page, i))
            put_language(page, i, out);
    kw_buffer_text(out, listed > SHORT ? "</details></nav>" : "</nav>");
}

/* Whom to ask, in every state, and what is kept. */
static void put_foot(const struct kw_web_page *page, struct kw_buffer *out)
{
    const struct kw_web_shop *shop = page->shop;
    kw_buffer_text(out, "</main><footer>");
    if (shop->phone || shop->mail) {
        kw_web_element("<p>", say(page, KW_WEB_HELP), "", out);
        if (shop->phone) {
            kw_web_element(" <a dir=ltr href=\"tel:", shop->phone, "\">", out);
            kw_web_element("", shop->phone, "</a>", out);
        }
        if (shop->mail) {
            kw_web_element(" <a dir=ltr href=\"mailto:", shop->mail, "\">", out);
            kw_web_element("", shop->mail, "</a>", out);
        }
        kw_buffer_text(out, "</p>");
    }
    kw_web_element("<p>", say(page, KW_WEB_PRIVACY), "", out);
    if (shop->privacy_url || shop->controller) {
        kw_web_element(" <a href=\"", shop->privacy_url ? shop->privacy_url : "/privacy", "\">", out);
        kw_web_element("", say(page, KW_WEB_PRIVACY_MORE), "</a>", out);
    }
    kw_buffer_text(out, "</p>");
    put_languages(page, out);
    kw_buffer_text(out, "</footer></body></html>\n");
}

void kw_web_put(const struct kw_web_page *page, const struct kw_web_look *look, struct kw_buffer *out)
{
    kw_web_head(page->shop, page->language, is_question(page->state) ? look->ask : look->more, out);
    if (page->is_test)
        kw_web_element("<p class=t>", say(page, KW_WEB_TEST), "</p>", out);
    put_body(page, out);
    put_foot(page, out);
}
