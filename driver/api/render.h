/*
 * render.h - one document on its way to bytes: configuration, sale, profile, decision, page, pieces.
 *
 * The stages are apart because accepting may render the invitation again (the sequence moved) and recovery lays
 * the stored document out anew. Nothing here opens the journal or a printer.
 */
#ifndef KW_API_RENDER_H
#define KW_API_RENDER_H

#include "api/context.h"
#include "config/config.h"
#include "escpos/escpos.h"
#include "journal/touchpoint.h"
#include "layout/layout.h"
#include "sale/sale.h"
#include "survey/survey.h"

struct kw_stream_body;
struct kw_look;

struct kw_rendering {
    struct kw_arena *arena;
    const struct kw_config *config;         /* the caller's, like the warnings */
    struct kw_config_printer printer;       /* settings in force for this call */
    const char *uri;                        /* address in force; "usb:" when nobody said one */
    const struct kw_profile *profile;
    bool profile_named;                     /* by the call, the configuration or the address; else it is a guess */
    struct kw_sale *sale;
    const struct kw_stream_body *stream;    /* the paper is another program's; NULL: kwit lays it out */
    const struct kw_look *seen;             /* what was read of it already, where somebody did; NULL */
    int (*tried)(void *data, struct kw_error *error);   /* 0: weaving it was survived elsewhere; NULL: nobody tries */
    void *tried_data;
    enum kw_suppression refusal;            /* why that paper carries no invitation; NONE: it may */
    const char *through;                    /* the tap's own word for it; "" */
    bool pulses;                            /* bytes of that program move the drawer */
    const struct kw_locale *locale, *customer_locale;   /* the second NULL unless bilingual */
    struct kw_text_fonts *fonts;            /* that the caller keeps between receipts; NULL: none */
    struct kw_notes *warnings;
    struct kw_notes errors;                 /* of the document */
    int64_t day;                            /* absolute business day of the sale */
    const char *scope;                      /* of the id: "" or the business day as text */
    const char *store_id, *terminal;        /* parts of the key, never NULL */

    /* Made by kw_rendering_make. */
    struct kw_survey_decision decision;
    const char *url, *code;                 /* of the invitation; NULL when not invited */
    struct kw_touchpoint touchpoint;        /* complete but for `sale` */
    struct kw_page page;
    struct kw_encoded encoded;
};

/*
 * The printer that was asked for by name or address (NULL: the default one), with the settings in force for it: as the
 * configuration has it, else the general ones, else whatever is on USB. uri is in the configuration or in `wanted`.
 */
int kw_printer_choose(const struct kw_config *config, const char *wanted, struct kw_config_printer *printer,
                      const char **uri, struct kw_error *error);

/*
 * Parses the document, finds address and profile. *rendering is to be ended also after an error: its errors are worth
 * telling. Configuration and warnings must outlive it.
 */
int kw_rendering_begin(const struct kw_config *config, struct kw_notes *warnings, const void *document, size_t length,
                       const struct kwit_print_options *options, struct kw_rendering **rendering,
                       struct kw_error *error);

/* What the caller knows and the document does not. */
struct kw_render_choice {
    bool words;                             /* keep the words of the page: it is shown otherwise than in dots */
    bool sample;                            /* preview, dry run: a SAMPLE token, flag 1, sequence 0 */
    bool test;                              /* no real paper: flag 1 */
    const struct kw_terminal_key *key;      /* NULL: no key (reason 8) */
    uint32_t seq;                           /* the next free one */
    bool over_cap, in_cooldown;
    int earlier;                            /* one more than the customer's earlier invitations; 0: not known */
    int least_rate_bp;                      /* what a small shop needs to reach its wanted number; 0: nothing */
    const struct kw_decided *stored;    /* the decision already taken for this sale; NULL: take it now */
    bool without_invitation;                /* another part or copy than the first receipt */
    bool only_marks;                        /* what stands above a copy, alone */
    bool only_invitation;                   /* the receipt is there already: its end alone, with the usual decision */
    bool native;                            /* of the invitation: one thing below the other, as printers draw them */
    bool brief;                             /* its code and what is typed instead, alone */
    int copy;
    enum kw_copy_kind copy_kind;
    bool without_pulses;                    /* of another program's bytes: the drawer stays shut */
    bool drawer;                            /* pulse with this job */
};
int kw_rendering_make(struct kw_rendering *rendering, const struct kwit_print_options *options,
                      const struct kw_render_choice *choice, struct kw_error *error);

void kw_rendering_end(struct kw_rendering *rendering);

#endif
