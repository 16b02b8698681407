/* mail.c - the message about an alert: who, where, how it was scored, and the one link that takes it. */
#include "office/alerts/mail.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/shop_days.h"
#include "base/utf8.h"

#include <sodium/crypto_auth_hmacsha256.h>
#include <sodium/utils.h>
#include <stdio.h>
#include <string.h>

enum { WIDTH = 76, ENCODED = 39, SECRET = 256, PERSON = 256 };

static const char *say(const struct kw_mail_rules *rules, enum kw_staff_word word)
{
    return kw_staff_say(word, rules->language);
}

/* ---- headers ------------------------------------------------------------------------------------------------ */

static bool is_plain(const char *text)
{
    while (*text && (unsigned char)*text >= ' ' && (unsigned char)*text < 0x7f)
        text++;
    return *text == 0;
}

/* RFC 2047: pieces that fit a line behind any name, none of which breaks a character; control bytes are blanks. */
static void put_encoded(struct kw_buffer *out, const char *text)
{
    size_t length = strlen(text), at = 0;
    while (at < length) {
        char piece[ENCODED + 1], encoded[ENCODED * 2];
        size_t used = 0, next = at;
        while (next < length) {
            size_t from = next;
            kw_utf8_next(text, length, &next);
            if (used + (next - from) > ENCODED) {
                next = from;
                break;
            }
            memcpy(piece + used, text + from, next - from);
            if (next - from == 1 && ((unsigned char)piece[used] < ' ' || piece[used] == 0x7f))
                piece[used] = ' ';
            used += next - from;
        }
        sodium_bin2base64(encoded, sizeof encoded, (const unsigned char *)piece, used, sodium_base64_VARIANT_ORIGINAL);
        kw_buffer_format(out, "%s=?UTF-8?B?%s?=", at ? "\r\n " : "", encoded);
        at = next;
    }
}

static void put_header(struct kw_buffer *out, const char *name, const char *value)
{
    kw_buffer_format(out, "%s: ", name);
    if (is_plain(value))
        kw_buffer_text(out, value);
    else
        put_encoded(out, value);
    kw_buffer_text(out, "\r\n");
}

/* "Name <c@d>": the name alone may be in letters that a header has not, for the address is read by machines. */
static void put_person(struct kw_buffer *out, const char *person)
{
    char name[PERSON];
    const char *address = strchr(person, '<'), *end = address;
    if (!address || !is_plain(address) || is_plain(person)) {
        (is_plain(person) ? (void)kw_buffer_text(out, person) : put_encoded(out, person));
        return;
    }
    while (end > person && (end[-1] == ' ' || end[-1] == '"'))
        end--;
    person += person[0] == '"' && person < end;
    snprintf(name, sizeof name, "%.*s", (int)(end - person), person);
    put_encoded(out, name);
    kw_buffer_format(out, "\r\n %s", address);
}

static void put_people(struct kw_buffer *out, const char *header, const char *list)
{
    char person[PERSON];
    kw_buffer_format(out, "%s: ", header);
    while (*list) {
        list += strspn(list, " ");
        const size_t length = strcspn(list, ",");
        snprintf(person, sizeof person, "%.*s", (int)length, list);
        put_person(out, person);
        list += length + (list[length] == ',');
        kw_buffer_text(out, *list ? ",\r\n " : "");
    }
    kw_buffer_text(out, "\r\n");
}

/* "Sun, 29 Nov 2026 15:10:03 +0000" */
static void put_date(struct kw_buffer *out, int64_t now_ms)
{
    static const char *const days[] = { "Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed" };
    static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                          "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    int year, month, day;
    const int64_t seconds = now_ms / 1000, date = seconds / 86400, rest = seconds % 86400;
    kw_days_to_civil(date, &year, &month, &day);
    kw_buffer_format(out, "Date: %s, %02d %s %04d %02d:%02d:%02d +0000\r\n", days[date % 7], day,
                     months[month - 1], year, (int)(rest / 3600), (int)(rest / 60 % 60), (int)(rest % 60));
}

/* Who reads a digest late is told of which day it speaks. */
static void put_day(int64_t shop_day, struct kw_buffer *out)
{
    int year, month, day;
    kw_days_to_civil(shop_day + KW_FIRST_DAY, &year, &month, &day);
    kw_buffer_format(out, "%04d-%02d-%02d", year, month, day);
}

struct scale { enum kw_staff_word word; const char *name; int score, best; };

/* The scores of an alert, those that there are; how many. */
static int list_scores(const struct kw_alert *alert, struct scale scales[3])
{
    const struct scale all[] = { { KW_STAFF_CSAT, "csat", alert->csat, 5 }, { KW_STAFF_NPS, "nps", alert->nps, 10 },
                                 { KW_STAFF_CES, "ces", alert->ces, 7 } };
    int count = 0;
    for (int i = 0; i < 3; i++)
        if (all[i].score != KW_SCORE_NONE)
            scales[count++] = all[i];
    return count;
}

static void put_subject(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out)
{
    static const enum kw_staff_word subjects[KW_NOTICE_COUNT] = {
        [KW_NOTICE_CONTACT] = KW_STAFF_CONTACT,   [KW_NOTICE_LOW] = KW_STAFF_LOW,
        [KW_NOTICE_MESSAGE] = KW_STAFF_MESSAGE,   [KW_NOTICE_REMINDER] = KW_STAFF_REMINDER,
        [KW_NOTICE_ESCALATION] = KW_STAFF_ESCALATION, [KW_NOTICE_MANY] = KW_STAFF_MANY,
        [KW_NOTICE_DIGEST] = KW_STAFF_DIGEST
    };
    struct scale scales[3];
    struct kw_buffer text;
    kw_buffer_init(&text, 1024);
    kw_buffer_format(&text, "%s: %s", rules->shop, say(rules, subjects[mail->kind]));
    if (mail->alert && list_scores(mail->alert, scales) > 0)
        kw_buffer_format(&text, ", %d %s %d", scales[0].score, say(rules, KW_STAFF_OF), scales[0].best);
    if (mail->alert && mail->alert->store[0])
        kw_buffer_format(&text, ", %s", mail->alert->store);
    if (mail->day) {
        kw_buffer_text(&text, ", ");
        put_day(mail->day->day, &text);
    }
    put_header(out, "Subject", kw_buffer_string(&text));
    kw_buffer_free(&text);
}

/* ---- what it says ------------------------------------------------------------------------------------------- */

/* What a customer wrote, indented by a bar, in lines that every server takes. */
static void put_words(struct kw_buffer *out, const char *text)
{
    size_t length = strlen(text), at = 0;
    int column = 0;
    kw_buffer_text(out, "\r\n| ");
    while (at < length) {
        size_t from = at;
        uint32_t sign = kw_utf8_next(text, length, &at);
        if (sign == '\n' || (column >= WIDTH && sign == ' ') || column >= 2 * WIDTH) {
            kw_buffer_text(out, "\r\n| ");
            column = 0;
        }
        if (sign != '\n' && (column > 0 || sign != ' ')) {
            kw_buffer_add(out, text + from, at - from);
            column++;
        }
    }
    kw_buffer_text(out, "\r\n");
}

/* Where all of them are, for the mails that are about several. */
static void put_list(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out)
{
    kw_buffer_format(out, "%s: %s%skwit report alerts\r\n", say(rules, KW_STAFF_ALERTS), mail->list ? mail->list : "",
                     mail->list ? ", " : "");
}

static void put_alert(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out)
{
    const struct kw_alert *alert = mail->alert;
    struct scale scales[3];
    int count = list_scores(alert, scales);
    if (alert->store[0])
        kw_buffer_format(out, "%s %s, %s %s\r\n", say(rules, KW_STAFF_STORE), alert->store, say(rules, KW_STAFF_TILL),
                         alert->till);
    for (int i = 0; i < count; i++)
        kw_buffer_format(out, "%s: %d %s %d\r\n", say(rules, scales[i].word), scales[i].score,
                         say(rules, KW_STAFF_OF), scales[i].best);
    if (mail->kind == KW_NOTICE_MANY) {
        kw_buffer_format(out, "%s\r\n", say(rules, KW_STAFF_MANY_TEXT));
        put_list(rules, mail, out);
    }
    if (alert->contact)
        kw_buffer_format(out, "%s\r\n", say(rules, KW_STAFF_SEALED));
    if (alert->comment[0] && rules->with_comment)
        put_words(out, alert->comment);
    else if (alert->comment[0] && mail->link)
        kw_buffer_format(out, "%s\r\n", say(rules, KW_STAFF_WORDS));
    if (mail->link)
        kw_buffer_format(out, "\r\n%s\r\n%s\r\n", say(rules, KW_STAFF_LINK), mail->link);
    else
        kw_buffer_format(out, "\r\nkwit report alerts\r\nkwit report alerts --acknowledge %lld --by NAME\r\n"
                              "kwit report alerts --close %lld --by NAME\r\n",
                         (long long)alert->id, (long long)alert->id);
}

static void put_count(const struct kw_mail_rules *rules, enum kw_staff_word word, int64_t count, struct kw_buffer *out)
{
    kw_buffer_format(out, "%s: %lld\r\n", say(rules, word), (long long)count);
}

/* As it is now, and what was on that day. */
static void put_digest(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out)
{
    const struct kw_mail_day *digest = mail->day;
    put_count(rules, KW_STAFF_NEW, digest->fresh, out);
    put_count(rules, KW_STAFF_OPEN, digest->open, out);
    put_count(rules, KW_STAFF_OLDEST, digest->oldest_hours, out);
    put_count(rules, KW_STAFF_DEAD, digest->dead, out);
    put_list(rules, mail, out);
    kw_buffer_text(out, "\r\n");
    put_day(digest->day, out);
    kw_buffer_text(out, "\r\n");
    put_count(rules, KW_STAFF_INVITED, digest->invited, out);
    put_count(rules, KW_STAFF_ANSWERED, digest->answered, out);
    if (digest->silent_count > 0)
        put_count(rules, KW_STAFF_SILENT, digest->silent_count, out);
    kw_buffer_text(out, kw_buffer_string(&digest->silent));
}

void kw_mail_name(const struct kw_mail *mail, char out[KW_MAIL_NAME])
{
    const long long number = mail->number;
    if (mail->alert)
        snprintf(out, KW_MAIL_NAME, "alert-%lld-%lld", number, (long long)mail->alert->raised_ms / 1000);
    else
        snprintf(out, KW_MAIL_NAME, "alert-%lld", number);
}

void kw_mail_write(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out)
{
    char name[KW_MAIL_NAME];
    kw_mail_name(mail, name);
    put_date(out, mail->now_ms);
    put_people(out, "From", rules->from);
    put_people(out, "To", rules->to);
    put_subject(rules, mail, out);
    kw_buffer_format(out, "Message-ID: <%s.%s@%s>\r\n", name, kw_notice_word(mail->kind), rules->host);
    if (mail->alert)                        /* what is said of one alert stands together, whichever came first */
        kw_buffer_format(out, "References: <%s@%s>\r\n", name, rules->host);
    kw_buffer_text(out, "Auto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n");
    if (mail->alert)
        put_alert(rules, mail, out);
    if (mail->day)
        put_digest(rules, mail, out);
}

/* ---- for other programs ------------------------------------------------------------------------------------- */

static void put_time(struct kw_json *json, const char *name, int64_t utc_ms)
{
    char time[32];
    kw_time_text_utc(utc_ms, time);
    kw_json_string(json, name, time);
}

void kw_mail_write_json(const struct kw_mail_rules *rules, const struct kw_mail *mail, struct kw_buffer *out)
{
    const struct kw_alert *alert = mail->alert;
    struct kw_json json;
    struct scale scales[3];
    char type[32];
    snprintf(type, sizeof type, "alert.%s", kw_notice_word(mail->kind));
    kw_json_init(&json, out);
    kw_json_object(&json, NULL);
    kw_json_string(&json, "type", type);
    put_time(&json, "timestamp", mail->now_ms);
    kw_json_object(&json, "data");
    kw_json_integer(&json, "alert", mail->number);
    put_time(&json, "raised_at", alert->raised_ms);
    kw_json_string(&json, "store", alert->store);
    kw_json_string(&json, "till", alert->till);
    for (int i = 0, count = list_scores(alert, scales); i < count; i++)
        kw_json_integer(&json, scales[i].name, scales[i].score);
    kw_json_bool(&json, "wishes_contact", alert->contact);
    kw_json_bool(&json, "has_comment", alert->comment[0] != 0);
    if (rules->with_comment)
        kw_json_string(&json, "comment", alert->comment);
    kw_json_end_object(&json);
    kw_json_end_object(&json);
}

/* A secret as it is written: base64 behind its prefix, else its own bytes. */
static size_t read_secret(const char *line, size_t length, uint8_t out[SECRET])
{
    static const char prefix[] = "whsec_";
    const size_t mark = sizeof prefix - 1;
    size_t bytes = 0;
    if (length > mark && memcmp(line, prefix, mark) == 0
        && sodium_base642bin(out, SECRET, line + mark, length - mark, NULL, &bytes, NULL,
                             sodium_base64_VARIANT_ORIGINAL) == 0)
        return bytes;
    bytes = length < SECRET ? length : SECRET;
    memcpy(out, line, bytes);
    return bytes;
}

void kw_mail_sign(const char *secrets, const char *id, int64_t time_s, const struct kw_buffer *body,
                  struct kw_buffer *out)
{
    char head[128];
    const char *between = "";
    snprintf(head, sizeof head, "%s.%lld.", id, (long long)time_s);
    while (*secrets) {
        size_t length = strcspn(secrets, "\r\n");
        uint8_t secret[SECRET], mac[crypto_auth_hmacsha256_BYTES];
        char text[64];
        crypto_auth_hmacsha256_state state;
        if (length > 0) {
            crypto_auth_hmacsha256_init(&state, secret, read_secret(secrets, length, secret));
            crypto_auth_hmacsha256_update(&state, (const uint8_t *)head, strlen(head));
            crypto_auth_hmacsha256_update(&state, body->data, body->length);
            crypto_auth_hmacsha256_final(&state, mac);
            sodium_bin2base64(text, sizeof text, mac, sizeof mac, sodium_base64_VARIANT_ORIGINAL);
            kw_buffer_format(out, "%sv1,%s", between, text);
            between = " ";
            sodium_memzero(secret, sizeof secret);
        }
        secrets += length + strspn(secrets + length, "\r\n");
    }
}
