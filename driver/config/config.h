/*
 * config.h - configuration files to a checked record. The only user of inih.
 *
 * The keys are rows in config/keys.def; `config check` and `config show` walk the same rows.
 */
#ifndef KW_CONFIG_CONFIG_H
#define KW_CONFIG_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "base/notes.h"
#include "data/choices.h"
#include "data/kinds.h"

#include <stdbool.h>
#include <stdint.h>

struct kw_config_store {
    const char *id, *name, *phone, *tax_id, *tax_id_label, *logo, *locale, *currency, *timezone;
    const char *const *address;     /* lines, NULL-terminated */
    const char *const *header, *const *footer;
    int logo_width_mm;              /* 0: one dot for each pixel */
    enum kw_dither logo_dither;
    enum kw_logo_place logo_place;
    const char *image_dir;          /* where `image` blocks and the logo are read from */
    int day_starts_minutes;         /* the business day begins at this local time */
    enum kw_least_decimals decimals;        /* KW_DECIMALS_AUTO: as the currency and the document have them */
    enum kw_toman toman;            /* divisor shown for IRR; never converted silently */
};

struct kw_config_printer {
    const char *name;               /* "" for [printer] */
    const char *uri, *profile;      /* NULL: not said */
    const char *stored_logo;        /* two characters; NULL: the logo is sent with each receipt */
    enum kw_wanted_proof confirm;
    enum kw_late late;
    enum kw_drain drain;
    enum kw_drawer_rule drawer;
    enum kw_drawing qr, text;
    enum kw_cutting cut;
    bool shared, queue, upside_down;
    enum kw_density density;
    enum kw_pace speed;
    enum kw_buzzer_rule buzzer;
    int64_t timeout_ms, deadline_ms;        /* 0: default */
    int drawer_on_ms, drawer_off_ms;
    bool drawer_open_is_low;        /* polarity of pin 3 */
    const char *fault, *fault_where;        /* NULL, or why this printer cannot be used: see kw_config_printer_check */
};

struct kw_config_receipt {
    const char *const *order;       /* section names, NULL-terminated; NULL: the layout's own order */
    const char *const *hide;        /* section or field names that are not printed */
    const char *const *fonts;       /* font files or families in order; NULL: built-in list */
    enum kw_id_scope id_scope;
    bool zeros;                     /* rows of nothing are printed */
    enum kw_emphasis items;       /* names of what is sold; below, on tickets of stations */
    enum kw_emphasis ticket_items, ticket_modifiers, ticket_notes, ticket_allergies, ticket_service;
    enum kw_paper_use paper;
    enum kw_face face;
};

struct kw_config_variant {
    const char *name;
    int weight;
    const char *title, *cta, *reward;       /* NULL: as without variants */
    int module_dots;                /* 0: default */
    enum kw_arm_position position;
    enum kw_arm_form form;
};

struct kw_config_survey {
    bool configured;                /* the section exists and names a url */
    const char *fault;              /* NULL, or why the section cannot be used */
    const char *url, *address;
    const char *kind_urls[KW_SALE_KINDS];     /* instead of url for a kind of sale, by its number; NULL: url */
    const char *campaign, *help_phone, *help_email;
    const char *reward, *reward_kind, *rules_url, *tiny;
    const char *key_file;
    const char *const *exclude;
    const char *policy;             /* "print_always", "print_on_request", "electronic_ok" */
    int rate_bp;                    /* 0..10000 */
    int min_per_month, cooldown_days, daily_cap, expires_days;
    int planned_n;                  /* of each arm of the experiment; 0: no verdict */
    enum kw_looks looks;
    const char *goal;               /* a whole number, or NULL */
    const char *const *events;      /* "2026-11-01 what happened" */
    int module_dots;
    enum kw_position position;
    enum kw_block_form form;
    int minutes;
    const char *const *news;        /* each begins with a date, 2026-11-20; NULL-terminated */
    bool record_cashier;
    const char *const *variant_names;       /* as configured; the array below is in this order */
    const struct kw_config_variant *variants;
    size_t variant_count;
};

enum kw_config_word {
#define KW_LABEL(name) KW_OWN_WORD_##name,
#include "data/labels.def"
#undef KW_LABEL
    KW_OWN_WORD_COUNT
};

/* [words LANG]: what the shop says instead, NULL where it says nothing. */
struct kw_config_words {
    const char *name;               /* "pl", or "pt-BR" for that region alone */
    const char *reward;
    const char *labels[KW_OWN_WORD_COUNT];      /* by the rows of data/labels.def */
};

struct kw_config_journal {
    const char *path;
    int keep_days, keep_comments_days, keys_days, bodies_days;
    enum kw_on_failure on_failure;
};

/* How a form's answers are read; what is NULL or 0 is as the platform has it. */
struct kw_config_import {
    const char *name;               /* a platform's, or a form's */
    const char *platform;
#define COLUMN(name, number, word, help) const char *column_##name;   /* its header */
#include "data/columns.def"
#undef COLUMN
    int header_rows, header_at;
    const char *sheet;
    const char *zone, *dates, *clock_change, *encoding;
    const char *const *values;      /* "Very satisfied = 5", NULL-terminated; NULL: none */
};

enum { KW_CONFIG_QUESTIONS = 20, KW_CONFIG_QUESTION_NAME = 32, KW_CONFIG_GRADE = 10 };

/* One of the shop's own questions, on the page's second part and in imports. */
struct kw_config_question {
    const char *name;               /* kept with each answer; small letters, digits, `_`, `-` */
    const char *scale;              /* "1..5" */
    int low, high;                  /* that scale; high 0: there is none, and the question is not asked */
    const char *text;               /* in the shop's own language; NULL: not said */
#define LANGUAGE(tag) const char *text_##tag;
#include "config/languages.def"
#undef LANGUAGE
    const char *const *translations;    /* "zh-Hant = TEXT", NULL-terminated; NULL: none */
    const char *column;             /* header in imports; NULL: the name */
};

/* The survey page and its collector. */
struct kw_config_office {
    const char *url;                /* where customers reach it; NULL: not said */
    const char *listen;             /* 127.0.0.1:PORT or unix:PATH */
    bool insecure_listen;           /* any other address too */
    bool drafts;                    /* pages speak languages that nobody fluent has read, too */
    enum kw_web_question question;
    const char *till;               /* the journal of a till on this machine; NULL: none */
    const char *push, *push_ca_file;        /* at a till: where its sales are pushed to; NULL: nowhere */
    bool push_after_sale;
    const char *store;              /* journal (NULL), or postgresql: and a connection string */
    int64_t edit_ms, alert_wait_ms;
    int keep_contact_days;
    const char *privacy_url;
    const char *mail_from, *mail_to;        /* to: addresses with commas between them */
    bool mail_comment;
    const char *mail_server;        /* smtp://HOST:PORT, smtps://HOST; NULL: mails are files in the state directory */
    const char *mail_user, *mail_password_file;
    const char *escalate_to;
    int64_t remind_ms;
    int digest_minutes, quiet_from_minutes, quiet_until_minutes;        /* of the shop's day; equal: no quiet hours */
    const char *webhook, *webhook_secret_file;
    const char *staff_listen;
    const char *const *regions;     /* "north = 1, 2", NULL-terminated; NULL: none */
    const char *colour;
    const char *controller, *controller_contact;
};

/* A till that prints its own bytes. */
struct kw_config_tap {
    const char *name;               /* names the till in the journal; "" for [tap] */
    bool raw;                       /* `kwit print` may send bytes that are commands */
    const char *listen;             /* HOST:PORT */
    const char *printer;            /* NULL: the default one */
    const char *http;               /* HOST:PORT of this machine, for programs of the web */
    const char *const *origins;     /* of pages that may print there; NULL: none */
    const char *token;              /* of other programs that may; NULL: none */
    const char *const *allow;       /* addresses and networks that may print; NULL: this machine alone */
    enum kw_away away;
    enum kw_cutless cutless;
    enum kw_again reprint;
    int64_t settle_ms, idle_ms, gather_ms, hold_ms, patience_ms, retry_ms;
    enum kw_tap_piece piece;
    enum kw_image_only image_only;
    int min_mm;                     /* image_only = rule: ink of a receipt at least */
    enum kw_tap_repeat repeat;
    enum kw_tap_drawer drawer;
    enum kw_tap_block block;
    enum kw_tap_rest rest;
    /* Extended regular expressions, whose first group counts; NULL: none. */
    const char *number, *number_code, *till, *total;
    const char *time;               /* as strptime reads it */
    enum kw_id_scope number_scope;
    const char *const *sale, *const *never, *const *merchant, *const *customer;     /* what lines look like */
    const char *encoding;           /* the code page in force when the other program names none; NULL: the printer's */
    const char *language;           /* of the invitation; NULL: the store's, else the receipt's */
    const char *fault, *fault_where;        /* NULL, or why it cannot be used */
};

/* [map NAME]: what documents of another system do not say. */
struct kw_config_map {
    const char *name;
    const char *currency;           /* NULL: that of the store */
    enum kw_map_minor minor;
    const char *time;               /* as strptime reads it; NULL: not said */
    const char *const *payments;    /* "Twint = wallet", NULL-terminated; NULL: none */
};

struct kw_config {
    struct kw_config_store store;
    const struct kw_config_printer *printers;   /* at least one; the first is [printer], made of defaults if need be */
    size_t printer_count;
    struct kw_config_receipt receipt;
    struct kw_config_survey survey;
    const struct kw_config_words *words;
    size_t words_count;
    struct kw_config_journal journal;
    const struct kw_config_import *imports;
    size_t import_count;
    const struct kw_config_question *questions;
    size_t question_count;
    struct kw_config_office office;
    const struct kw_config_tap *taps;       /* at least one; the first is [tap] */
    size_t tap_count;
    const struct kw_config_map *maps;
    size_t map_count;
    const char *const *files;       /* what was read, in order, NULL-terminated */
    const void *origins;            /* private: where each value came from */
    const void *looks;              /* private: where it was sought, and what was there */
};

/*
 * Whether all that it was read from, and where nothing was, is still as it was. False too when something had changed so
 * shortly before that another change would not show.
 */
bool kw_config_unchanged(const struct kw_config *config);

/*
 * Of every value in force that is no default, but of [import …], [question …], [tap …] and [map …]: what a touchpoint
 * was decided by.
 */
void kw_config_digest(const struct kw_config *config, uint8_t digest[16]);

/*
 * Reads `file` (of a directory: its kwit.conf and conf.d/?*.conf), or when NULL those of /etc/kwit, or where it has
 * none $XDG_CONFIG_HOME/kwit/kwit.conf or ~/.config/kwit/kwit.conf. A later file wins key by key. No file is no error.
 *
 * A fault that changes what is printed or under which key is CONFIG with file and line; one in [survey] is
 * survey.fault, one in a printer's section that printer's fault; all others, and unknown names, leave the default in
 * force. Every one that does not stop is a warning, or with strict an error. A file that exists and cannot be read is
 * PERMISSION or IO; `file` missing is CONFIG.
 */
int kw_config_load(struct kw_arena *arena, const char *file, bool strict, struct kw_config *config,
                   struct kw_notes *warnings, struct kw_error *error);

/* "; a comment stands on a line of its own" and its like, of a value that was refused; "" where nothing is seen. */
const char *kw_config_value_hint(const char *value);
/* Whether the whole value stands in quotes, which are part of it. */
bool kw_config_is_quoted(const char *value);

/* The same for who wants to see all faults: fails only when a file cannot be read. */
struct kw_config_fault {
    const char *where;              /* file:line */
    const char *text;               /* what is wrong and what to do */
    bool stops;                     /* receipts (of that printer) do not print */
};
int kw_config_check(struct kw_arena *arena, const char *file, struct kw_config *config,
                    const struct kw_config_fault **faults, size_t *count, struct kw_error *error);

/*
 * The printer of that name, or NULL. NULL name: the default one, never NULL: [printer], unless it names no uri and
 * exactly one other section does.
 */
const struct kw_config_printer *kw_config_find_printer(const struct kw_config *config, const char *name);
/* What the question is in that language ("pl", "pl-PL", "zh-Hant"), else in the shop's own, else its name. */
const char *kw_config_question_text(const struct kw_config_question *question, const char *language);
/* [import NAME], or NULL. */
const struct kw_config_import *kw_config_find_import(const struct kw_config *config, const char *name);
/* [map NAME], or NULL. */
const struct kw_config_map *kw_config_find_map(const struct kw_config *config, const char *name);
/* [tap NAME], or NULL. NULL name: [tap], or the only one with a name where [tap] listens nowhere; never NULL then. */
const struct kw_config_tap *kw_config_find_tap(const struct kw_config *config, const char *name);
/* CONFIG when the printer's own section is at fault, so that nothing may be printed there. */
int kw_config_printer_check(const struct kw_config_printer *printer, struct kw_error *error);

int kw_config_tap_check(const struct kw_config_tap *tap, struct kw_error *error);

/* Every key with its value and file:line ("default" where nobody said it). Returns false behind the last. */
struct kw_config_entry { const char *section, *key, *value, *limits, *origin, *help; };
bool kw_config_entry(const struct kw_config *config, size_t index, struct kw_config_entry *entry);
/* The same of what somebody said in the section so headed ("survey"). */
bool kw_config_said(const struct kw_config *config, const char *section, size_t index, struct kw_config_entry *entry);

#endif
