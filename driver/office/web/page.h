/* page.h - the survey's pages in a language: plain HTML that works without scripts, in one request. */
#ifndef KW_OFFICE_WEB_PAGE_H
#define KW_OFFICE_WEB_PAGE_H

#include "base/buffer.h"
#include "data/choices.h"
#include "office/web/look.h"
#include "office/web/words.h"

enum { KW_WEB_COMMENT = 1000, KW_WEB_PAGE = 32 * 1024 };

enum kw_web_word {
#define WORD(name, ...) KW_WEB_##name,
#include "data/web_words.def"
#undef WORD
    KW_WEB_WORD_COUNT
};

/* Of the first question (enum kw_web_question); each button of it submits. */
struct kw_web_scale {
    const char *field;
    int from, to;
    enum kw_web_word ask, low, high;
};
extern const struct kw_web_scale kw_web_scales[];

/* What a page shows. X(NAME, HTTP status) */
#define KW_WEB_STATES(X) \
    X(CODE, 200) X(UNKNOWN, 404) X(RETYPE, 422) X(ASK, 200) X(UNCHOSEN, 422) X(SAVED, 200) X(CHANGE, 200) \
    X(INVALID, 422) X(DONE, 200) X(USED, 200) X(TAKEN, 409) X(EXPIRED, 200) X(GONE, 410) X(LATE, 409) X(BUSY, 503) \
    X(WORDLESS, 422) X(TOLD, 200) X(ERASE, 200) X(ERASED, 200) X(WITHDRAWN, 200) X(PRIVACY, 200) X(LIMITED, 429)
enum kw_web_state {
#define KW_WEB_STATE_ENUM(name, status) KW_WEB_STATE_##name,
    KW_WEB_STATES(KW_WEB_STATE_ENUM)
#undef KW_WEB_STATE_ENUM
    KW_WEB_STATE_COUNT
};
int kw_web_status(enum kw_web_state state);
/* The same of a page: 503 where what was typed into it (fault: KW_WEB_BUSY) could not be saved. */
struct kw_web_page;
int kw_web_page_status(const struct kw_web_page *page);

enum { KW_WEB_OWN = 20, KW_WEB_FIELD = 40 };

/* A question of the shop's own, in each language of the pages. */
struct kw_web_own { const char *name, *texts[KW_WEB_LANGUAGES]; int low, high; };
/* "o_queue": the field that answers it. */
void kw_web_own_field(const struct kw_web_own *own, char out[KW_WEB_FIELD]);

/* What is the same on every page of a shop. NULL where it has none. */
struct kw_web_shop {
    const char *name, *phone, *mail, *privacy_url;
    const char *colour;                     /* "#0b4f8a" */
    const char *controller, *controller_contact;    /* who answers for the data, in the notice of our own */
    int keep_days, keep_comments_days, keep_contact_days;       /* as that notice says; 0: for ever */
    bool has_logo, drafts;                  /* drafts: languages that nobody fluent has read yet are spoken too */
    enum kw_web_question question;
    struct kw_web_own own[KW_WEB_OWN];
    size_t own_count;
};

struct kw_web_page {
    const struct kw_web_shop *shop;
    enum kw_web_state state;
    int language;                           /* index, see kw_web_language */
    bool chosen;                            /* by a link: forms keep to it */
    const char *token, *k;                  /* of the forms; "" where the page has none */
    const char *typed;                      /* what was typed as a code, a comment or a contact, shown again */
    const char *contact;
    bool consented, is_test, asks_contact;
    bool has_contact;                       /* an address is kept, and can be taken back */
    const char *reward;                     /* code of the thank-you; NULL: none */
    const char *reply;                      /* of the shop; NULL or "": none */
    size_t own_from;                        /* the first of the shop's own questions on this page */
    const int *own;                         /* grades chosen in the form, -1 none; NULL: none at all */
    int score;                              /* the saved one; -1: none */
    enum kw_web_word fault;                 /* of UNCHOSEN, RETYPE, INVALID */
};

const char *kw_web_word(enum kw_web_word word, int language);

void kw_web_put(const struct kw_web_page *page, const struct kw_web_look *look, struct kw_buffer *out);
/* The first of the shop's own questions that does not fit on a page that begins with `from`; their count: all fit. */
size_t kw_web_own_end(const struct kw_web_shop *shop, int language, size_t from);
/* Whether a page of that state asks for words to the shop, and so needs a ticket of its own. */
bool kw_web_takes_message(enum kw_web_state state);

#endif
