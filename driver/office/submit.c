/* submit.c - what a customer hands in: checked, put into the writer's queue, and answered once it is on disk. */
#include "office/internal.h"

#include "answers/values.h"
#include "base/fold.h"
#include "base/utf8.h"

#include <sodium/crypto_box.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the text of web_words.def that a customer ticks; it rises when that text changes its meaning. */
enum { KW_CONSENT_VERSION = 1, CONTACT = 120, LEAST_DIGITS = 6 };

/* A submission on its way, with what its page needs when the request is gone. */
struct handed {
    struct kw_write write;                  /* first: the writer gives this back */
    struct kw_office *office;
    struct kw_http_exchange *exchange;
    char token[KW_TOKEN_LENGTH + 1], k[KW_TICKET_TEXT];
    int language;
    bool is_test, chosen;
    size_t next;                            /* the first own question that was not on the form */
    char contact[CONTACT + 1];              /* with the words, for who has to send them again */
    int own[KW_WEB_OWN];
};

/* Where a browser goes when what it sent is on disk. */
static void tell_place(const struct handed *handed, char *path, size_t size)
{
    static const char *const queries[] = { [KW_SUBMIT_WITHDRAW] = "withdrawn=1", [KW_SUBMIT_ERASE] = "erased=1",
                                           [KW_SUBMIT_MESSAGE] = "told=1" };
    const enum kw_submission_kind kind = handed->write.submission.kind;
    const bool words = kind == KW_SUBMIT_EDIT && handed->write.submission.answer.own;
    char query[40] = "";
    if (words && handed->next > 0)
        snprintf(query, sizeof query, "more=%zu", handed->next);
    else if (words)
        snprintf(query, sizeof query, "done=1");
    else if (kind >= KW_SUBMIT_MESSAGE)
        snprintf(query, sizeof query, "%s", queries[kind]);
    const char *mark = query[0] || handed->chosen ? "?" : "", *more = query[0] && handed->chosen ? "&" : "";
    snprintf(path, size, "/%s/%s%s%s%s%s%s", handed->token, kind == KW_SUBMIT_MESSAGE ? "help" : handed->k, mark, query,
             more, handed->chosen ? "l=" : "", handed->chosen ? kw_web_tag(handed->language) : "");
}

/* What was written is not typed twice: a browser that goes back may have forgotten it. */
static void keep_typed(const struct handed *handed, struct kw_web_page *page)
{
    const struct kw_submission *submission = &handed->write.submission;
    const bool message = submission->kind == KW_SUBMIT_MESSAGE, words = submission->kind == KW_SUBMIT_EDIT;
    if (submission->outcome != KW_OUTCOME_FAILED || (!message && !words) || !submission->answer.comment)
        return;
    page->state = message ? KW_WEB_STATE_WORDLESS : KW_WEB_STATE_INVALID;
    page->fault = KW_WEB_BUSY;
    page->k = handed->k;
    page->typed = handed->write.comment;
    page->contact = handed->contact;
    page->consented = handed->contact[0] != 0;
    page->own = message ? NULL : handed->own;
}

/* On the writer's thread. */
static void answered(void *data, struct kw_write *write)
{
    static const enum kw_web_state states[] = {
        [KW_OUTCOME_FAILED] = KW_WEB_STATE_BUSY, [KW_OUTCOME_USED] = KW_WEB_STATE_TAKEN,
        [KW_OUTCOME_EXPIRED] = KW_WEB_STATE_GONE, [KW_OUTCOME_LATE] = KW_WEB_STATE_LATE,
        [KW_OUTCOME_UNKNOWN] = KW_WEB_STATE_LATE
    };
    struct handed *handed = data;
    const struct kw_submission *submission = &write->submission;
    char path[KW_TOKEN_LENGTH + KW_TICKET_TEXT + 64];
    if (submission->outcome == KW_OUTCOME_SAVED || submission->outcome == KW_OUTCOME_KNOWN) {
        tell_place(handed, path, sizeof path);
        kw_visit_send_to(handed->office, handed->exchange, path);
    } else {
        struct kw_web_page page = { .state = states[submission->outcome], .language = handed->language,
                                    .token = handed->token, .k = "", .typed = "", .contact = "", .score = -1,
                                    .chosen = handed->chosen, .is_test = handed->is_test };
        keep_typed(handed, &page);
        kw_office_show(handed->office, handed->exchange, &page);
    }
    kw_key_wipe(handed, sizeof *handed);
    free(handed);
}

static struct handed *new_handed(const struct kw_visit *visit, enum kw_submission_kind kind)
{
    struct handed *handed = calloc(1, sizeof *handed);
    if (!handed)
        return NULL;
    handed->office = visit->office;
    handed->exchange = visit->exchange;
    handed->language = visit->language;
    handed->chosen = visit->chosen;
    handed->is_test = visit->ticket.verdict == KW_VERDICT_TEST;
    memcpy(handed->token, visit->token, sizeof handed->token);
    memcpy(handed->k, visit->k, sizeof handed->k);
    struct kw_write *write = &handed->write;
    write->done = answered;
    write->data = handed;
    snprintf(write->token, sizeof write->token, "%s", visit->token);
    snprintf(write->language, sizeof write->language, "%s", kw_web_tag(visit->language));
    write->submission = (struct kw_submission){ .answer = visit->answer, .kind = kind,
                                                .edit_ms = visit->office->options.edit_ms };
    struct kw_answer *answer = &write->submission.answer;
    answer->token = write->token;
    answer->language = write->language;
    answer->event = KW_EVENT_COMPLETED;
    answer->complete = true;
    answer->nps = answer->csat = answer->ces = KW_SCORE_NONE;
    return handed;
}

static void hand_in(struct kw_visit *visit, struct handed *handed)
{
    if (kw_writer_put(visit->office->writer, &handed->write))
        return;
    free(handed);
    kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
}

/* The grade of the shop's question; KW_SCORE_NONE where none was chosen, or none of the scale. */
static int read_score(const struct kw_visit *visit, const struct kw_form *form)
{
    const struct kw_web_scale *scale = &kw_web_scales[visit->office->options.shop.question];
    const char *text = kw_form_field(form, scale->field);
    char *end;
    long grade = strtol(text, &end, 10);
    return text[0] < '0' || text[0] > '9' || *end || grade < scale->from || grade > scale->to ? KW_SCORE_NONE
                                                                                              : (int)grade;
}

static void set_score(const struct kw_visit *visit, int score, struct kw_answer *answer)
{
    int *const scores[] = { [KW_WEB_ASKS_CSAT] = &answer->csat, [KW_WEB_ASKS_NPS] = &answer->nps,
                            [KW_WEB_ASKS_CES] = &answer->ces };
    *scores[visit->office->options.shop.question] = score;
}

static void ask_again(struct kw_visit *visit, enum kw_web_state state)
{
    char k[KW_TICKET_TEXT];
    struct kw_web_page page = { .state = state, .k = k, .fault = KW_WEB_CHOOSE, .score = -1 };
    kw_ticket_make(visit->office->options.key, visit->token, visit->now_ms, k);
    kw_visit_show(visit, &page);
}

static void edit_score(struct kw_visit *visit, int score)
{
    struct handed *handed = new_handed(visit, KW_SUBMIT_EDIT);
    if (!handed) {
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
        return;
    }
    set_score(visit, score, &handed->write.submission.answer);
    hand_in(visit, handed);
}

int kw_visit_score(const struct kw_visit *visit)
{
    const struct kw_ticket *ticket = &visit->ticket;
    const int scores[] = { [KW_WEB_ASKS_CSAT] = ticket->csat, [KW_WEB_ASKS_NPS] = ticket->nps,
                           [KW_WEB_ASKS_CES] = ticket->ces };
    return scores[visit->office->options.shop.question];
}

/*
 * The same form again finds its answer stored, and with another grade changes it: a browser that goes back shows the
 * form as it was. One that lay open for a day is drawn anew.
 */
void kw_visit_answer(struct kw_visit *visit, const struct kw_form *form)
{
    int score = read_score(visit, form);
    if (visit->k[0] == 0 || (!visit->fresh && !visit->ticket.own)) {
        ask_again(visit, KW_WEB_STATE_ASK);
        return;
    }
    if (score == KW_SCORE_NONE) {
        ask_again(visit, KW_WEB_STATE_UNCHOSEN);
        return;
    }
    if (visit->ticket.own && score != kw_visit_score(visit)) {
        edit_score(visit, score);
        return;
    }
    struct handed *handed = new_handed(visit, KW_SUBMIT_FIRST);
    if (!handed) {
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
        return;
    }
    handed->write.submission.answer.comment = "";
    if (visit->office->options.rewards) {
        kw_ticket_reward(visit->office->options.key, visit->token, visit->answer.key, handed->write.reward);
        kw_ticket_reward_mark(visit->office->options.key, handed->write.reward, handed->write.submission.reward_mark);
        handed->write.submission.reward = handed->write.reward;
    }
    set_score(visit, score, &handed->write.submission.answer);
    hand_in(visit, handed);
}

/* ---- words and a wish --------------------------------------------------------------------------------------- */

/*
 * As it is kept: without what a keyboard or a sentence leaves around it. A number has the digits and the dashes that
 * every telephone has, in whatever script it was typed.
 */
static void read_contact(const struct kw_form *form, char contact[KW_FOLD])
{
    char folded[KW_FOLD];
    const char *typed = kw_form_field(form, "contact");
    kw_fold(typed, folded);
    const char *text = strchr(typed, '@') ? typed : folded;
    size_t length = strlen(text), at = 0, begin = length, end = length;
    while (at < length) {
        const size_t from = at;
        const uint32_t sign = kw_fold_next(text, length, &at);
        if (sign == 0 || (sign < 0x80 && strchr(" ,;", (int)sign)))
            continue;
        begin = begin < from ? begin : from;
        end = at;
    }
    snprintf(contact, KW_FOLD, "%.*s", (int)(end - begin), text + begin);
}

static bool is_contact(const char *text)
{
    const char *at = strchr(text, '@');
    int digits = 0;
    for (const char *c = text; *c; c++)
        digits += *c >= '0' && *c <= '9';
    bool mail = at && at > text && strchr(at, '.') && !strpbrk(text, " <>,;");
    return mail || (!at && digits >= LEAST_DIGITS && text[strspn(text, "+0123456789 ()-./")] == 0);
}

/* What is wrong with the form; 0: nothing. */
static enum kw_web_word fault_of(const char *comment, const char *contact, bool consented)
{
    if (kw_utf8_count(comment, strlen(comment)) > KW_WEB_COMMENT)
        return KW_WEB_TOO_LONG;
    if (contact[0] && (strlen(contact) > CONTACT || !is_contact(contact)))
        return KW_WEB_BAD_CONTACT;
    return contact[0] && !consented ? KW_WEB_NEED_CONSENT : KW_WEB_ASK_CSAT;
}

/* Only the staff's key opens it again. */
static bool seal(const struct kw_office_options *options, const char *contact, struct kw_write *write)
{
    size_t length = strlen(contact);
    if (!options->has_staff_key || length + crypto_box_SEALBYTES > sizeof write->sealed
        || crypto_box_seal(write->sealed, (const uint8_t *)contact, length, options->staff_key) != 0)
        return false;
    struct kw_submission *submission = &write->submission;
    submission->sealed = write->sealed;
    submission->sealed_bytes = length + crypto_box_SEALBYTES;
    submission->consent = KW_CONSENT_VERSION;
    submission->forget_ms = submission->answer.submitted_ms + options->keep_contact_ms;
    submission->answer.contact = true;
    return true;
}

/* Grades of the shop's own questions; what is no grade of its scale was not chosen. */
static void read_own(const struct kw_web_shop *shop, const struct kw_form *form, int own[KW_WEB_OWN])
{
    char field[KW_WEB_FIELD], *end;
    for (size_t i = 0; i < shop->own_count; i++) {
        kw_web_own_field(&shop->own[i], field);
        const char *text = kw_form_field(form, field);
        const long grade = strtol(text, &end, 10);
        const bool chosen = text[0] >= '0' && text[0] <= '9' && !*end && grade >= shop->own[i].low
                            && grade <= shop->own[i].high;
        own[i] = chosen ? (int)grade : -1;
    }
}

/* A page of questions alone has no words, and leaves those that were written before. */
static void edit_words(struct kw_visit *visit, const struct kw_form *form, const char *contact,
                       const int own[KW_WEB_OWN])
{
    const struct kw_web_shop *shop = &visit->office->options.shop;
    struct handed *handed = new_handed(visit, KW_SUBMIT_EDIT);
    struct kw_write *write = handed ? &handed->write : NULL;
    if (!handed || (contact[0] && !seal(&visit->office->options, contact, write))) {
        free(handed);
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
        return;
    }
    if (kw_form_has(form, "comment")) {
        kw_value_copy(write->comment, sizeof write->comment, kw_form_field(form, "comment"));
        kw_value_scrub(write->comment);
        write->submission.answer.comment = write->comment;
    }
    kw_value_copy(handed->contact, sizeof handed->contact, contact);
    memcpy(handed->own, own, sizeof handed->own);
    for (size_t i = 0; i < shop->own_count; i++)
        if (own[i] >= 0)
            kw_own_put(write->own, shop->own[i].name, own[i]);
    write->submission.answer.own = write->own;
    handed->next = (size_t)strtoul(kw_form_field(form, "next"), NULL, 10);
    if (handed->next >= shop->own_count)
        handed->next = 0;
    hand_in(visit, handed);
}

static void take_back(struct kw_visit *visit, enum kw_submission_kind kind)
{
    struct handed *handed = new_handed(visit, kind);
    if (handed)
        hand_in(visit, handed);
    else
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
}

void kw_visit_edit(struct kw_visit *visit, const struct kw_form *form)
{
    const char *comment = kw_form_field(form, "comment");
    char contact[KW_FOLD];
    bool consented = kw_form_field(form, "consent")[0] != 0;
    read_contact(form, contact);
    int score = read_score(visit, form), own[KW_WEB_OWN];
    read_own(&visit->office->options.shop, form, own);
    struct kw_web_page page = { .state = KW_WEB_STATE_INVALID, .typed = comment,
                                .contact = kw_form_field(form, "contact"), .own = own,
                                .consented = consented, .fault = fault_of(comment, contact, consented), .score = -1 };
    if (visit->k[0] && !visit->ticket.own && visit->ticket.unsure && comment[0]) {
        page.fault = KW_WEB_BUSY;
        kw_visit_show(visit, &page);
    } else if (visit->k[0] == 0 || !visit->ticket.own)
        kw_visit_show_state(visit, visit->ticket.unsure ? KW_WEB_STATE_BUSY
                                       : visit->ticket.used ? KW_WEB_STATE_TAKEN : KW_WEB_STATE_LATE);
    else if (kw_form_has(form, "withdraw"))
        take_back(visit, KW_SUBMIT_WITHDRAW);
    else if (kw_form_has(form, "erase"))
        take_back(visit, KW_SUBMIT_ERASE);
    else if (kw_form_has(form, "export"))
        kw_visit_export(visit);
    else if (score != KW_SCORE_NONE)
        edit_score(visit, score);
    else if (page.fault)
        kw_visit_show(visit, &page);
    else
        edit_words(visit, form, contact, own);
}

/* ---- words to the shop, and that a page was seen ------------------------------------------------------------- */

static enum kw_web_word message_fault(const char *comment, const char *contact, bool consented)
{
    return comment[strspn(comment, " \n\t")] == 0 ? KW_WEB_NEED_WORDS : fault_of(comment, contact, consented);
}

/* Its key is not that of an answer by the same form. */
void kw_visit_message(struct kw_visit *visit, const struct kw_form *form)
{
    const struct kw_office_options *options = &visit->office->options;
    const char *comment = kw_form_field(form, "comment");
    char contact[KW_FOLD];
    const bool consented = kw_form_field(form, "consent")[0] != 0;
    read_contact(form, contact);
    struct kw_web_page page = { .state = KW_WEB_STATE_WORDLESS, .typed = comment,
                                .contact = kw_form_field(form, "contact"), .consented = consented,
                                .fault = message_fault(comment, contact, consented), .score = -1 };
    if (visit->k[0] == 0 || page.fault) {
        page.fault = page.fault ? page.fault : KW_WEB_NEED_WORDS;
        kw_visit_show(visit, &page);
        return;
    }
    struct handed *handed = new_handed(visit, KW_SUBMIT_MESSAGE);
    struct kw_write *write = handed ? &handed->write : NULL;
    if (!handed || (contact[0] && !seal(options, contact, write))) {
        free(handed);
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
        return;
    }
    kw_value_copy(handed->contact, sizeof handed->contact, contact);
    kw_ticket_message_key(options->key, visit->token, visit->k, write->submission.answer.key);
    kw_value_copy(write->comment, sizeof write->comment, comment);
    kw_value_scrub(write->comment);
    write->submission.answer.comment = write->comment;
    hand_in(visit, handed);
}

static void forget(void *data, struct kw_write *write)
{
    (void)write;
    free(data);
}

/* Nobody waits for it; where there is no room for it, it is not told. */
static void tell(struct kw_visit *visit, enum kw_event event, bool counts)
{
    struct handed *handed = counts ? new_handed(visit, KW_SUBMIT_OPENED) : NULL;
    if (handed) {
        handed->write.done = forget;
        handed->write.submission.answer.event = event;
        handed->write.submission.answer.comment = "";
    }
    if (handed && !kw_writer_put(visit->office->writer, &handed->write))
        free(handed);
    kw_office_send(visit->office, visit->exchange, 204, "image/png", NULL, "", 0);
}

void kw_visit_opened(struct kw_visit *visit)
{
    const struct kw_ticket *ticket = &visit->ticket;
    tell(visit, KW_EVENT_OPENED, ticket->verdict == KW_VERDICT_MATCHED && !ticket->used && !ticket->opened);
}

void kw_visit_reply_seen(struct kw_visit *visit)
{
    tell(visit, KW_EVENT_REPLY_SEEN, visit->ticket.reply[0] != 0);
}
