/* record.h - what is recorded of a sale: its facts, the events that follow, what became of the paper. */
#ifndef KW_RECORD_RECORD_H
#define KW_RECORD_RECORD_H

#include "data/kinds.h"
#include "data/reasons.h"

#include <stdbool.h>
#include <stdint.h>

enum kw_event {
#define EVENT(name, number, word) KW_EVENT_##name = number,
#include "data/events.def"
#undef EVENT
    KW_EVENT_LIMIT                      /* one more than the last */
};
const char *kw_event_word(enum kw_event event);

/* What became of the invitation's paper, as the printer said or a person (kept apart); never as answers let guess. */
enum kw_class {
#define CLASS(name, number, ...) KW_CLASS_##name = number,
#include "data/classes.def"
#undef CLASS
    KW_CLASS_COUNT,
    KW_CLASS_UNTOLD = -1                /* nothing is said of paper */
};
const char *kw_class_word(enum kw_class klass);
/* The class that an event stands for, UNTOLD when it says nothing about paper. */
enum kw_class kw_class_of_event(enum kw_event event);
/* Whether a class says that the invitation is, or may be, on paper. */
bool kw_class_is_paper(enum kw_class klass);
/* The word of a sale document's kind. */
const char *kw_kind_word(enum kw_sale_kind kind);

/* Channels of sales whose paper another program laid out: told apart by a number or the like, or by their ink alone. */
#define KW_CHANNEL_CERTAIN "tap_strong"
#define KW_CHANNEL_WEAK "tap_weak"

/* The ways in which touchpoints are counted: by place and arm; by store and hour; by kind, language and channel. */
enum kw_view { KW_VIEW_PLACE, KW_VIEW_HOUR, KW_VIEW_KIND, KW_VIEW_COUNT };

enum { KW_SEAL_BYTES = 16 };

/* What of a sale may be a sign of gaming: it costs next to nothing; its till invited somebody seconds before. */
enum kw_sale_sign { KW_SALE_TINY = 1, KW_SALE_HASTY = 2, KW_SALE_SIGNS = KW_SALE_TINY | KW_SALE_HASTY };

/* Everything known when the sale is claimed. Absent token fields: has_token false. */
struct kw_touchpoint {
    int64_t sale;                   /* row of the sale in the journal */
    int64_t ts_ms;                  /* when it was claimed, UTC */
    int64_t sold_ms;                /* the sale's own time, by its document; 0: not known */
    int offset_minutes;             /* of the sale's local clock then */
    bool has_token;
    uint8_t kid;
    uint32_t handle;
    int64_t day;                    /* absolute business day since 2024-01-01 */
    uint32_t seq;
    uint8_t variant, flag;
    int variant_p_bp, p_bp;
    uint32_t u;
    bool forced, drawn;
    enum kw_suppression reason;     /* NONE: offered */
    const char *store, *till, *cashier;     /* cashier "" where not switched on */
    const char *campaign, *language, *channel;
    const char *detail;             /* of its first event: why another program's paper has none; NULL: "" */
    enum kw_sale_kind kind;
    int64_t expires_day;            /* 0: never */
    uint8_t config_digest[16];
    /* Filled by kw_touchpoint_get: number of its first event, class and when that was said. */
    int64_t n, class_ms;
    enum kw_class klass;
    bool is_awaited;                /* pending, and the job of its receipt is open, which says what becomes of it */
    int64_t expired_ms;             /* when its time was said to have passed unanswered, 0: not yet */
    int64_t annulled_ms;            /* when its sale was called off, 0: it was not */
    int64_t refunded_ms;            /* when money of its sale was first given back, 0: it was not */
    int signs;                      /* bits of enum kw_sale_sign */
    int earlier;                    /* one more than the invitations that its customer had before; 0: not known */
    bool is_sealed;                 /* seal: of the sale's row as it was accepted (kw_digest_sale) */
    uint8_t seal[KW_SEAL_BYTES];
    bool is_blurred;                /* the sale was erased: its times are whole hours, content is what was chained */
    uint8_t content[KW_SEAL_BYTES];
};

/* What its paper tells of it: the token, or why there is none. */
struct kw_decided {
    bool has_token;
    uint8_t kid;
    uint32_t handle;
    int64_t day;
    uint32_t seq;
    uint8_t variant, flag;
    enum kw_suppression reason;
    int64_t expires_day;
};

/* The sale's own time, or as near as is known. */
int64_t kw_touchpoint_time(const struct kw_touchpoint *touchpoint);
/* The local hour of the sale, 0 to 23. */
int kw_touchpoint_hour(const struct kw_touchpoint *touchpoint);

#endif
