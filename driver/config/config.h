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

#include <stdbool.h>
#include <stdint.h>

enum kw_choice_confirm { KW_CONFIRM_AUTO, KW_CONFIRM_REQUIRE, KW_CONFIRM_NEVER };
enum kw_choice_late { KW_LATE_HOLD, KW_LATE_PRINT, KW_LATE_DROP };
enum kw_choice_drain { KW_DRAIN_SELF, KW_DRAIN_SERVICE, KW_DRAIN_NEXT_CALL };
enum kw_choice_drawer { KW_DRAWER_AUTO, KW_DRAWER_NEVER, KW_DRAWER_CASH };
enum kw_choice_drawing { KW_DRAWING_AUTO, KW_DRAWING_NATIVE, KW_DRAWING_RASTER };
enum kw_choice_failure { KW_FAILURE_REFUSE, KW_FAILURE_PRINT };
enum kw_choice_scope { KW_SCOPE_FOREVER, KW_SCOPE_BUSINESS_DAY };
enum kw_choice_cut { KW_CUTTING_AUTO, KW_CUTTING_PARTIAL, KW_CUTTING_FULL, KW_CUTTING_NONE };

struct kw_config_store {
    const char *id, *name, *phone, *tax_id, *logo, *locale, *currency, *timezone;
    const char *const *address;     /* lines, NULL-terminated */
    const char *const *header, *const *footer;
    const char *image_dir;          /* where `image` blocks and the logo are read from */
    int day_starts_minutes;         /* the business day begins at this local time */
    int toman;                      /* divisor shown for IRR: 1 or 10; never converted silently */
};

struct kw_config_printer {
    const char *name;               /* "" for [printer] */
    const char *uri, *profile;      /* NULL: not said */
    int confirm, late, drain, drawer, qr, text, cut;
    bool shared, queue;
    int64_t timeout_ms, deadline_ms;        /* 0: default */
    int drawer_on_ms, drawer_off_ms;
    bool drawer_open_is_low;        /* polarity of pin 3 */
};

struct kw_config_receipt {
    const char *const *order;       /* section names, NULL-terminated; NULL: the layout's own order */
    const char *const *hide;        /* section or field names that are not printed */
    const char *const *fonts;       /* font files or families in order; NULL: built-in list */
    int id_scope;
};

struct kw_config_variant {
    const char *name;
    int weight;
    const char *title, *cta, *reward;       /* NULL: as without variants */
    int module_dots;                /* 0: default */
};

struct kw_config_survey {
    bool configured;                /* the section exists and names a url */
    const char *fault;              /* NULL, or why the section cannot be used (law 5) */
    const char *url, *address, *campaign, *help_phone, *help_email;
    const char *reward, *reward_kind, *rules_url;
    const char *key_file;
    const char *const *exclude;
    const char *policy;             /* "print_always", "print_on_request", "electronic_ok" */
    int rate_bp;                    /* 0..10000 */
    int min_per_month, cooldown_days, daily_cap, expires_days;
    bool record_cashier;
    const struct kw_config_variant *variants;
    size_t variant_count;
};

struct kw_config_journal {
    const char *path;
    int keep_days, keys_days, bodies_days;
    int on_failure;
};

struct kw_config {
    struct kw_config_store store;
    const struct kw_config_printer *printers;   /* the first is [printer] or the only one */
    size_t printer_count;
    struct kw_config_receipt receipt;
    struct kw_config_survey survey;
    struct kw_config_journal journal;
    uint8_t digest[16];             /* of every value in force (for touchpoints) */
    const void *origins;            /* private: where each value came from */
};

/*
 * Reads `file`, or when NULL the files of the README in their order. No file at all is no error.
 * Faults that stop a receipt are CONFIG with file and line; others are warnings, or errors with strict.
 */
int kw_config_load(struct kw_arena *arena, const char *file, bool strict, struct kw_config *config,
                   struct kw_notes *warnings, struct kw_error *error);
/* The printer of that name; NULL name: the default one, or NULL when none is configured. */
const struct kw_config_printer *kw_config_printer(const struct kw_config *config, const char *name);
/* Every key with its value and file:line ("default" where nobody said it). Returns false behind the last. */
struct kw_config_entry { const char *section, *key, *value, *origin, *help; };
bool kw_config_entry(const struct kw_config *config, size_t index, struct kw_config_entry *entry);

#endif
