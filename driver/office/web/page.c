/* page.c - each state's page, put together from a few parts. */
#include "office/web/page.h"

#include <sodium/crypto_hash_sha256.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

static const char *const tags[] = { "en", "pl", "fr", "ru", "fa" };
static const char *const names[] = { "English", "Polski", "Français", "Русский", "فارسی" };
enum { LANGUAGES = KW_WEB_LANGUAGES, PERSIAN = 4 };
_Static_assert(sizeof tags / sizeof tags[0] == LANGUAGES, "each language has its tag");

static const char *const words[KW_WEB_WORD_COUNT][LANGUAGES] = {
#define WORD(name, ...) { __VA_ARGS__ },
#include "data/web_words.def"
#undef WORD
};

const struct kw_web_scale kw_web_scales[] = {
#define QUESTION(name, number, field, from, to) \
    [number] = { field, from, to, KW_WEB_ASK_##name, KW_WEB_LOW_##name, KW_WEB_HIGH_##name },
#include "data/questions.def"
#undef QUESTION
};

static const char style[] =
    ":root{color-scheme:light dark;--t:#1c1c1c;--b:#fff;--l:#5a5a5a;--a:#0b4f8a;--w:#a11212}"
    "@media(prefers-color-scheme:dark){:root{--t:#f2f2f2;--b:#16181b;--l:#b8b8b8;--a:#8ec5ff;--w:#ffb3ad}}"
    "*{box-sizing:border-box}body{margin:0 auto;max-width:36rem;padding:1rem;font:1.125rem/1.5 system-ui,sans-serif;"
    "color:var(--t);background:var(--b);overflow-wrap:break-word}h1{font-size:1.4rem;line-height:1.3;margin:.6rem 0}"
    "fieldset{border:0;margin:0;padding:0;min-width:0}legend{padding:0}"
    ".s{display:grid;grid-template-columns:repeat(5,1fr);gap:4px;margin:1rem 0 .3rem}"
    ".s7{grid-template-columns:repeat(7,1fr)}"
    ".s11{grid-template-columns:repeat(6,1fr)}"
    "button{font:inherit;min-height:48px;min-width:24px;padding:0;cursor:pointer;"
    "color:var(--t);background:var(--b);border:2px solid var(--a);border-radius:8px}"
    "button:hover,.g{color:var(--b);background:var(--a)}.g{padding:0 1.5rem}"
    ":focus-visible{outline:3px solid var(--t);outline-offset:2px}"
    ".e{display:flex;justify-content:space-between;gap:1rem;"
    "color:var(--l);font-size:1rem}.e span:last-child{text-align:end}.h,footer{color:var(--l);font-size:1rem}"
    "label{display:block;margin-top:1rem;font-weight:600}.c{display:flex;gap:.6rem;font-weight:400}"
    ".c input{flex:none;width:24px;height:24px}textarea,input[type=text]{font:inherit;width:100%;padding:.5rem;"
    "color:var(--t);background:var(--b);border:2px solid var(--l);border-radius:8px}"
    ".o{margin-top:1rem}.o legend{font-weight:600}label.r{display:inline-flex;align-items:center;gap:.4rem;"
    "min-height:44px;margin:0 .4rem 0 0;font-weight:400}.r input{width:24px;height:24px}"
    ".w{border:3px solid var(--w);padding:.5rem 1rem;margin:1rem 0}.w h2{font-size:1.1rem;margin:0}"
    ".t{border:2px dashed;padding:.3rem 1rem}"
    "a{color:var(--a)}nav a,nav b{display:inline-block;padding:.4rem .6rem .4rem 0}"
    ".v{position:absolute;clip-path:inset(50%);"
    "width:1px;height:1px;overflow:hidden;white-space:nowrap}p button{padding:0 1rem;margin-top:1rem}";

int kw_web_status(enum kw_web_state state)
{
    static const int statuses[] = {
#define STATUS(name, status) status,
        KW_WEB_STATES(STATUS)
#undef STATUS
    };
    return statuses[state];
}

const char *kw_web_tag(int language)
{
    return tags[language];
}

const char *kw_web_word(enum kw_web_word word, int language)
{
    return words[word][language];
}

/* In the order in which they are listed: browsers list the best first. */
int kw_web_language(const char *list)
{
    while (*list) {
        list += strspn(list, " ,");
        for (int i = 0; i < LANGUAGES; i++)
            if (strncasecmp(list, tags[i], 2) == 0 && strchr("-_;, ", list[2]))
                return i;
        list += strcspn(list, ",");
    }
    return -1;
}

void kw_web_policy(char out[KW_WEB_POLICY])
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char text[64];
    crypto_hash_sha256(hash, (const unsigned char *)style, sizeof style - 1);
    sodium_bin2base64(text, sizeof text, hash, sizeof hash, sodium_base64_VARIANT_ORIGINAL);
    snprintf(out, KW_WEB_POLICY,
             "default-src 'none'; style-src 'sha256-%s'; img-src 'self'; form-action 'self'; base-uri 'none';"
             " frame-ancestors 'none'", text);
}

/* ---- parts -------------------------------------------------------------------------------------------------- */

static void put_text(struct kw_buffer *out, const char *text)
{
    kw_buffer_markup(out, text ? text : "");
}

static const char *say(const struct kw_web_page *page, enum kw_web_word word)
{
    return kw_web_word(word, page->language);
}

/* In the language's own digits. */
static void put_number(const struct kw_web_page *page, int number, struct kw_buffer *out)
{
    char digits[16];
    snprintf(digits, sizeof digits, "%d", number);
    for (const char *at = digits; *at; at++) {
        const char persian[] = { (char)0xdb, (char)(0xb0 + (*at - '0')), 0 };
        kw_buffer_text(out, page->language == PERSIAN ? persian : (const char[]){ *at, 0 });
    }
}

static void put_element(const char *open, const char *text, const char *close, struct kw_buffer *out)
{
    kw_buffer_text(out, open);
    put_text(out, text);
    kw_buffer_text(out, close);
}

static void put_form(const char *token, const char *k, bool in_path, struct kw_buffer *out)
{
    kw_buffer_format(out, "<form method=post action=\"/%s%s%s\">", token, in_path ? "/" : "", in_path ? k : "");
    if (!in_path)
        kw_buffer_format(out, "<input type=hidden name=k value=\"%s\">", k);
}

static void put_fault(const struct kw_web_page *page, const char *field, struct kw_buffer *out)
{
    kw_buffer_text(out, "<div class=w role=alert>");
    put_element("<h2>", say(page, KW_WEB_PROBLEM), "</h2>", out);
    kw_buffer_format(out, "<a href=\"#%s\">", field);
    put_element("", say(page, page->fault), "</a></div>", out);
}

/* One button a grade; their names begin with the digit that is seen. */
static void put_scale(const struct kw_web_page *page, struct kw_buffer *out)
{
    const struct kw_web_scale *scale = &kw_web_scales[page->shop->question];
    const int grades = scale->to - scale->from + 1;
    kw_buffer_format(out, "<div class=\"s s%d\" id=s>", grades);
    for (int grade = scale->from; grade <= scale->to; grade++) {
        kw_buffer_format(out, "<button name=%s value=%d>", scale->field, grade);
        put_number(page, grade, out);
        if (grade == scale->from || grade == scale->to)
            put_element("<span class=v>, ", say(page, grade == scale->from ? scale->low : scale->high), "</span>", out);
        kw_buffer_text(out, "</button>");
    }
    kw_buffer_text(out, "</div><div class=e aria-hidden=true>");
    put_element("<span>", say(page, scale->low), "</span>", out);
    put_element("<span>", say(page, scale->high), "</span></div>", out);
}

static void put_question(const struct kw_web_page *page, struct kw_buffer *out)
{
    const bool change = page->state == KW_WEB_STATE_CHANGE;
    if (page->state == KW_WEB_STATE_UNCHOSEN)
        put_fault(page, "s", out);
    put_form(page->token, page->k, change, out);
    put_element("<fieldset><legend><h1>", say(page, kw_web_scales[page->shop->question].ask), "</h1></legend>", out);
    put_scale(page, out);
    kw_buffer_text(out, "</fieldset></form>");
    if (!change)
        put_element("<p class=h>", say(page, KW_WEB_ONE_TAP), "</p>", out);
}

static void put_score(const struct kw_web_page *page, struct kw_buffer *out)
{
    put_element("<p>", say(page, KW_WEB_YOUR_SCORE), " <strong>", out);
    put_number(page, page->score, out);
    put_element("</strong> ", say(page, KW_WEB_SCALE_OF), " ", out);
    put_number(page, kw_web_scales[page->shop->question].to, out);
    kw_buffer_format(out, ". <a href=\"/%s/%s?change=1\">", page->token, page->k);
    put_element("", say(page, KW_WEB_CHANGE), "</a></p>", out);
}

static void put_contact(const struct kw_web_page *page, struct kw_buffer *out)
{
    put_element("<label for=contact>", say(page, KW_WEB_CONTACT), "</label>", out);
    put_element("<p class=h id=ch>", say(page, KW_WEB_CONTACT_HINT), "</p>", out);
    put_element("<input type=text id=contact name=contact maxlength=120 autocomplete=email dir=ltr"
                " aria-describedby=ch value=\"",
                page->contact, "\">", out);
    kw_buffer_format(out, "<label class=c><input type=checkbox name=consent value=1%s>",
                     page->consented ? " checked" : "");
    put_element("<span>", say(page, KW_WEB_CONSENT), "</span></label>", out);
}

void kw_web_own_field(const struct kw_web_own *own, char out[KW_WEB_FIELD])
{
    snprintf(out, KW_WEB_FIELD, "o_%s", own->name);
}

/* Each grade a radio button, none chosen; nobody has to answer. */
static void put_own(const struct kw_web_page *page, size_t at, struct kw_buffer *out)
{
    const struct kw_web_own *own = &page->shop->own[at];
    char field[KW_WEB_FIELD];
    kw_web_own_field(own, field);
    put_element("<fieldset class=o><legend>", own->texts[page->language], "</legend>", out);
    for (int grade = own->low; grade <= own->high; grade++) {
        kw_buffer_format(out, "<label class=r><input type=radio name=%s value=%d%s>", field, grade,
                         page->own && page->own[at] == grade ? " checked" : "");
        put_number(page, grade, out);
        kw_buffer_text(out, "</label>");
    }
    kw_buffer_text(out, "</fieldset>");
}

/* Words and an address, both optional; what was typed stands there again only where something was wrong with it. */
static void put_more(const struct kw_web_page *page, struct kw_buffer *out)
{
    const bool invalid = page->state == KW_WEB_STATE_INVALID, comment = invalid && page->fault == KW_WEB_TOO_LONG;
    if (invalid)
        put_fault(page, comment ? "why" : "contact", out);
    else
        put_element("<h1 role=status>", say(page, KW_WEB_SAVED), "</h1>", out);
    if (page->score >= 0)
        put_score(page, out);
    put_form(page->token, page->k, true, out);
    put_element("<label for=why>", say(page, KW_WEB_WHY), "</label>", out);
    put_element("<p class=h id=whyh>", say(page, KW_WEB_WHY_HINT), "</p>", out);
    put_element("<textarea id=why name=comment rows=4 maxlength=1000 aria-describedby=whyh>", page->typed,
                "</textarea>", out);
    if (page->shop->own_count > 0)
        put_element("<p class=h>", say(page, KW_WEB_OWN_HINT), "</p>", out);
    for (size_t i = 0; i < page->shop->own_count; i++)
        put_own(page, i, out);
    if (page->asks_contact)
        put_contact(page, out);
    put_element("<p><button class=g>", say(page, KW_WEB_SEND), "</button></p></form>", out);
}

static void put_code(const struct kw_web_page *page, struct kw_buffer *out)
{
    if (page->state != KW_WEB_STATE_CODE)
        put_fault(page, "code", out);
    kw_buffer_text(out, "<form method=post action=\"/code\">");
    put_element("<h1><label for=code>", say(page, KW_WEB_CODE), "</label></h1>", out);
    put_element("<p class=h id=codeh>", say(page, KW_WEB_CODE_HINT), "</p>", out);
    put_element("<input type=text id=code name=code maxlength=80 autocomplete=off autocapitalize=characters"
                " spellcheck=false dir=ltr aria-describedby=codeh value=\"", page->typed, "\">", out);
    put_element("<p><button class=g>", say(page, KW_WEB_GO), "</button></p></form>", out);
}

static void put_notice(const struct kw_web_page *page, struct kw_buffer *out)
{
    static const enum kw_web_word notices[KW_WEB_STATE_COUNT] = {
        [KW_WEB_STATE_DONE] = KW_WEB_THANKS,      [KW_WEB_STATE_USED] = KW_WEB_USED,
        [KW_WEB_STATE_TAKEN] = KW_WEB_USED,       [KW_WEB_STATE_EXPIRED] = KW_WEB_EXPIRED,
        [KW_WEB_STATE_GONE] = KW_WEB_EXPIRED,     [KW_WEB_STATE_LATE] = KW_WEB_LATE,
        [KW_WEB_STATE_BUSY] = KW_WEB_BUSY
    };
    put_element("<h1 role=status>", say(page, notices[page->state]), "</h1>", out);
    if (page->state == KW_WEB_STATE_USED || page->state == KW_WEB_STATE_TAKEN)
        put_element("<p>", say(page, KW_WEB_NOT_YOU), "</p>", out);
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
        put_more(page, out);
        break;
    default:
        put_notice(page, out);
    }
}

static void put_languages(const struct kw_web_page *page, struct kw_buffer *out)
{
    kw_buffer_text(out, "<nav aria-label=\"");
    put_element("", say(page, KW_WEB_LANGUAGE), "\">", out);
    for (int i = 0; i < LANGUAGES; i++)
        if (i == page->language)
            kw_buffer_format(out, "<b lang=%s>%s</b> ", tags[i], names[i]);
        else
            kw_buffer_format(out, "<a href=\"?l=%s\" lang=%s hreflang=%s dir=%s>%s</a> ", tags[i], tags[i], tags[i],
                             i == PERSIAN ? "rtl" : "ltr", names[i]);
    kw_buffer_text(out, "</nav>");
}

/* Whom to ask, in every state, and what is kept. */
static void put_foot(const struct kw_web_page *page, struct kw_buffer *out)
{
    const struct kw_web_shop *shop = page->shop;
    kw_buffer_text(out, "</main><footer>");
    if (shop->phone || shop->mail) {
        put_element("<p>", say(page, KW_WEB_HELP), "", out);
        if (shop->phone) {
            put_element(" <a dir=ltr href=\"tel:", shop->phone, "\">", out);
            put_element("", shop->phone, "</a>", out);
        }
        if (shop->mail) {
            put_element(" <a dir=ltr href=\"mailto:", shop->mail, "\">", out);
            put_element("", shop->mail, "</a>", out);
        }
        kw_buffer_text(out, "</p>");
    }
    put_element("<p>", say(page, KW_WEB_PRIVACY), "", out);
    if (shop->privacy_url) {
        put_element(" <a href=\"", shop->privacy_url, "\">", out);
        put_element("", say(page, KW_WEB_PRIVACY_MORE), "</a>", out);
    }
    kw_buffer_text(out, "</p>");
    put_languages(page, out);
    kw_buffer_text(out, "</footer></body></html>\n");
}

void kw_web_put(const struct kw_web_page *page, struct kw_buffer *out)
{
    kw_buffer_format(out, "<!DOCTYPE html><html lang=%s dir=%s><head><meta charset=utf-8>"
                     "<meta name=viewport content=\"width=device-width,initial-scale=1\">"
                     "<meta name=referrer content=no-referrer><title>", tags[page->language],
                     page->language == PERSIAN ? "rtl" : "ltr");
    put_text(out, page->shop->name);
    kw_buffer_format(out, "</title><style>%s</style></head><body><header>", style);
    put_element("<p><strong>", page->shop->name, "</strong></p></header><main>", out);
    if (page->is_test)
        put_element("<p class=t>", say(page, KW_WEB_TEST), "</p>", out);
    put_body(page, out);
    put_foot(page, out);
}
