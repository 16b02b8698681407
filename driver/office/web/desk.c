/* desk.c - signing in, and the alerts of who did. */
#include "office/web/desk.h"

#include "office/web/parts.h"

static const char *say(const struct kw_web_desk *desk, enum kw_staff_word word)
{
    return kw_staff_say(word, desk->language);
}

static void put_field(const struct kw_web_desk *desk, const char *rest, enum kw_staff_word label, const char *value,
                      struct kw_buffer *out)
{
    kw_buffer_format(out, "<label for=%s>", label == KW_STAFF_PASSPHRASE ? "passphrase" : "who");
    kw_web_element("", say(desk, label), "</label>", out);
    kw_buffer_format(out, "<input %s", rest);
    kw_web_element(" value=\"", value, "\">", out);
}

void kw_web_put_sign_in(const struct kw_web_desk *desk, struct kw_buffer *out)
{
    kw_web_head(desk->shop, desk->language, desk->style, out);
    if (desk->fault < KW_STAFF_WORD_COUNT)
        kw_web_fault(kw_web_word(KW_WEB_PROBLEM, desk->language), "who", say(desk, desk->fault), out);
    kw_web_element("<h1>", say(desk, KW_STAFF_SIGN_IN), "</h1><form method=post action=\"/staff/enter\">", out);
    put_field(desk, "type=text id=who name=who maxlength=60 autocomplete=username", KW_STAFF_NAME, desk->person, out);
    put_field(desk, "type=password id=passphrase name=passphrase maxlength=256 autocomplete=current-password",
              KW_STAFF_PASSPHRASE, "", out);
    kw_web_element("<p><button class=g>", say(desk, KW_STAFF_SIGN_IN), "</button></p></form></main></body></html>\n",
                   out);
}

void kw_web_put_desk_ways(const char *person, int language, struct kw_buffer *out)
{
    kw_web_element("<nav><a href=\"/staff/alerts\">", kw_staff_say(KW_STAFF_ALERTS, language), "</a> ", out);
    kw_web_element("<a href=\"/staff/report\">", kw_staff_say(KW_STAFF_REPORT, language), "</a></nav>", out);
    kw_web_element("<form method=post action=\"/staff/leave\"><p class=h><bdi>", person, "</bdi> ", out);
    kw_web_element("<button>", kw_staff_say(KW_STAFF_SIGN_OUT, language), "</button></p></form>", out);
}

void kw_web_begin_alerts(const struct kw_web_desk *desk, struct kw_buffer *out)
{
    kw_web_head(desk->shop, desk->language, desk->style, out);
    kw_web_put_desk_ways(desk->person, desk->language, out);
    kw_web_element("<h1>", say(desk, KW_STAFF_ALERTS), "</h1><ul>", out);
}

/* In each language and direction: a comma is another one in some, and a dot is Persian's nought. */
static const char between[] = " | ";

static void put_score(const struct kw_web_desk *desk, enum kw_staff_word word, int score, struct kw_buffer *out)
{
    if (score < 0)
        return;
    kw_web_element(between, say(desk, word), " ", out);
    kw_web_number(desk->language, score, out);
}

void kw_web_put_alert(const struct kw_web_desk *desk, const struct kw_web_desk_alert *alert, struct kw_buffer *out)
{
    kw_buffer_format(out, "<li><a href=\"/staff/alerts/%lld\">", (long long)alert->id);
    kw_web_element("", say(desk, alert->what), "</a>", out);
    put_score(desk, KW_STAFF_CSAT, alert->csat, out);
    put_score(desk, KW_STAFF_NPS, alert->nps, out);
    put_score(desk, KW_STAFF_CES, alert->ces, out);
    kw_web_element("<p class=h>", say(desk, KW_STAFF_STORE), " ", out);
    kw_web_element("<bdi>", alert->store, "</bdi>", out);
    kw_web_element(between, say(desk, KW_STAFF_TILL), " ", out);
    kw_web_element("<bdi>", alert->till, "</bdi>", out);
    kw_web_element(between, say(desk, KW_STAFF_WAITED), ": ", out);
    kw_web_number(desk->language, alert->minutes, out);
    if (alert->is_taken || alert->is_closed) {
        kw_web_element(between, say(desk, alert->is_closed ? KW_STAFF_CLOSED : KW_STAFF_TAKEN), ": ", out);
        kw_web_element("<bdi>", alert->who, "</bdi>", out);
    }
    kw_buffer_text(out, "</p></li>");
}

void kw_web_end_alerts(const struct kw_web_desk *desk, bool all, size_t count, const struct kw_web_more *more,
                       struct kw_buffer *out)
{
    kw_buffer_text(out, "</ul>");
    if (count == 0)
        kw_web_element("<p>", say(desk, KW_STAFF_NO_ALERTS), "</p>", out);
    if (more->left > 0) {
        kw_web_element("<p><a href=\"", more->path, "\">", out);
        kw_web_element("", say(desk, KW_STAFF_MORE_ALERTS), ": ", out);
        kw_web_number(desk->language, more->left, out);
        kw_buffer_text(out, "</a></p>");
    }
    if (!all)
        kw_web_element("<p><a href=\"/staff/alerts?all=1\">", say(desk, KW_STAFF_ALL_ALERTS), "</a></p>", out);
    kw_buffer_text(out, "</main></body></html>\n");
}
