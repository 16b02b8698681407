/* staff.c - one alert and what can be done about it: take, reply, close. Opening the page does none of it. */
#include "office/web/staff.h"

#include "office/web/desk.h"
#include "office/web/parts.h"

static const char *say(const struct kw_web_staff *staff, enum kw_staff_word word)
{
    return kw_staff_say(word, staff->language);
}

static void put_score(const struct kw_web_staff *staff, enum kw_staff_word word, int score, int best,
                      struct kw_buffer *out)
{
    if (score < 0)
        return;
    kw_web_element("<p>", say(staff, word), ": <strong>", out);
    kw_web_number(staff->language, score, out);
    kw_web_element("</strong> ", say(staff, KW_STAFF_OF), " ", out);
    kw_web_number(staff->language, best, out);
    kw_buffer_text(out, "</p>");
}

static void put_line(const struct kw_web_staff *staff, enum kw_staff_word word, const char *text, struct kw_buffer *out)
{
    if (!text[0])
        return;
    kw_web_element("<p>", say(staff, word), ": <bdi>", out);
    kw_web_element("", text, "</bdi></p>", out);
}

static void put_facts(const struct kw_web_staff *staff, struct kw_buffer *out)
{
    if (staff->store[0]) {
        kw_web_element("<p>", say(staff, KW_STAFF_STORE), " ", out);
        kw_web_element("<bdi>", staff->store, "</bdi>, ", out);
        kw_web_element("", say(staff, KW_STAFF_TILL), " ", out);
        kw_web_element("<bdi>", staff->till, "</bdi></p>", out);
    }
    put_score(staff, KW_STAFF_CSAT, staff->csat, 5, out);
    put_score(staff, KW_STAFF_NPS, staff->nps, 10, out);
    put_score(staff, KW_STAFF_CES, staff->ces, 7, out);
    if (staff->comment[0]) {
        kw_web_element("<h2>", say(staff, KW_STAFF_SAID), "</h2>", out);
        kw_web_element("<blockquote dir=auto>", staff->comment, "</blockquote>", out);
    }
    put_line(staff, KW_STAFF_CODE, staff->code, out);
    put_line(staff, KW_STAFF_ADDRESS, staff->contact, out);
    kw_web_element("<p class=h>", say(staff, KW_STAFF_WAITED), ": ", out);
    kw_web_number(staff->language, staff->minutes, out);
    kw_buffer_text(out, "</p>");
}

static void begin_form(const struct kw_web_staff *staff, struct kw_buffer *out)
{
    kw_buffer_format(out, "<form method=post action=\"%s\">", staff->path);
}

static void put_name(const struct kw_web_staff *staff, struct kw_buffer *out)
{
    kw_web_element("<label for=who>", say(staff, KW_STAFF_NAME), "</label>", out);
    kw_web_element("<input type=text id=who name=who maxlength=60 autocomplete=name value=\"", staff->who, "\">", out);
}

static void put_deeds(const struct kw_web_staff *staff, struct kw_buffer *out)
{
    if (staff->is_taken)
        put_line(staff, staff->is_closed ? KW_STAFF_CLOSED : KW_STAFF_TAKEN, staff->who, out);
    if (staff->looks_only)
        return;
    begin_form(staff, out);
    if (!staff->is_taken) {
        if (!staff->person)
            put_name(staff, out);
        kw_web_element("<p><button class=g name=do value=take>", say(staff, KW_STAFF_TAKE), "</button></p>", out);
    }
    kw_buffer_text(out, "</form>");
    if (!staff->is_taken)
        return;
    begin_form(staff, out);
    kw_web_element("<label for=reply>", say(staff, KW_STAFF_REPLY), "</label>", out);
    kw_web_element("<p class=h id=rh>", say(staff, KW_STAFF_REPLY_HINT), "</p>", out);
    kw_web_element("<textarea id=reply name=reply rows=4 maxlength=1000 aria-describedby=rh dir=auto>", staff->reply,
                   "</textarea>", out);
    kw_web_element("<p><button name=do value=reply>", say(staff, KW_STAFF_SEND), "</button></p></form>", out);
    if (staff->is_closed)
        return;
    begin_form(staff, out);
    kw_web_element("<p><button class=g name=do value=close>", say(staff, KW_STAFF_CLOSE), "</button></p></form>", out);
}

void kw_web_put_staff(const struct kw_web_staff *staff, struct kw_buffer *out)
{
    kw_web_head(staff->shop, staff->language, staff->style, out);
    if (staff->person)
        kw_web_put_desk_ways(staff->person, staff->language, out);
    if (staff->fault < KW_STAFF_WORD_COUNT)
        kw_web_fault(kw_web_word(KW_WEB_PROBLEM, staff->language), staff->is_taken ? "reply" : "who",
                     say(staff, staff->fault), out);
    kw_web_element("<h1>", say(staff, staff->what), "</h1>", out);
    put_facts(staff, out);
    put_deeds(staff, out);
    kw_buffer_text(out, "</main></body></html>\n");
}

void kw_web_put_staff_word(const struct kw_web_shop *shop, const char *style, int language, enum kw_staff_word word,
                           struct kw_buffer *out)
{
    kw_web_head(shop, language, style, out);
    kw_web_element("<h1>", kw_staff_say(word, language), "</h1></main></body></html>\n", out);
}
