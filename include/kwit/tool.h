/*
 * tool.h - preview, simulator, devices, queue, survey, report, keys, doctor: what the command offers beside
 * printing. Not yet stable: it may change between minor versions. The rules of kwit.h hold.
 *
 * Every call hands out a result with the machine's text (JSON), the people's text and an exit status.
 */
#ifndef KWIT_TOOL_H
#define KWIT_TOOL_H

#include <kwit/kwit.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- the program ------------------------------------------------------------------------------------------- */

/*
 * This program uses SQLite through kwit alone, which then need not count each piece of memory that it takes, under a
 * lock; with one_thread it will never have a second thread, and what SQLite takes is kept for SQLite until the program
 * ends. To be said before the first call that opens a journal.
 */
KWIT_API void kwit_context_alone(kwit_context *context, int one_thread);

/* ---- preview ---------------------------------------------------------------------------------------------- */

enum kwit_preview_format {
    KWIT_PREVIEW_TERMINAL,         /* text, with pictures and symbols in Braille cells */
    KWIT_PREVIEW_PNG, KWIT_PREVIEW_SVG, KWIT_PREVIEW_TEXT, KWIT_PREVIEW_JSON,
    KWIT_PREVIEW_BYTES             /* what would be sent */
};

/*
 * What the paper would look like: the encoded bytes run through the simulated printer. Opens no journal and consumes
 * nothing; an invitation shows a SAMPLE token. Several pieces of paper stand below each other. kwit_result_data has
 * the picture. options as for kwit_print; printer-related waits do not occur.
 */
KWIT_API int kwit_preview(kwit_context *context, const void *document, size_t length,
                          const struct kwit_print_options *options, enum kwit_preview_format format,
                          kwit_result **result);

/* ---- finished streams of other programs -------------------------------------------------------------------- */

struct kwit_append_options {
    const char *printer, *profile; /* as for kwit_print: the paper that it is meant for */
    const char *tap;               /* [tap NAME], whose patterns it is read with; NULL: [tap] */
    const char *id;                /* of the sale; NULL: a sample */
    int cutless;                   /* without a cut the end of the bytes is the receipt's */
    int strict;                    /* passing it through is an error */
    int receiptline;               /* the bytes are UTF-8 text in ReceiptLine, and kwit lays it out */
};

/*
 * A stream of ESC/POS of another program with a SAMPLE invitation below its receipt: kwit_result_data has the same
 * bytes in the same order and one run more, or, whenever anything is in doubt, just the same bytes. Opens no journal
 * and no printer. The result names the verdict: "invited", or a word of driver/data/through.def or data/reasons.def.
 */
KWIT_API int kwit_append(kwit_context *context, const void *bytes, size_t length,
                         const struct kwit_append_options *options, kwit_result **result);
/* The same without the bytes: pieces, words, place and verdict. */
KWIT_API int kwit_tap_explain(kwit_context *context, const void *bytes, size_t length,
                              const struct kwit_append_options *options, kwit_result **result);

struct kwit_stream { const void *bytes; size_t length; };
/*
 * Patterns of the number and the total for [tap], proposed from at least three receipts in the order in which they were
 * printed. A person looks at them and writes them into the configuration.
 */
KWIT_API int kwit_tap_learn(kwit_context *context, const struct kwit_stream *streams, size_t count,
                            const struct kwit_append_options *options, kwit_result **result);

struct kwit_stream_options {
    struct kwit_print_options print;
    const char *id;                /* of the sale; NULL: what its paper says, else a digest of its ink */
    const char *tap;               /* [tap NAME], which names the till; NULL: [tap] */
    const char *again;             /* names this try and later ones, where the paper does not; NULL: nothing */
    int own;                       /* the bytes came to a tap, which is there for them: `raw` is not asked */
    int receiptline;               /* they are UTF-8 text in ReceiptLine, and kwit lays it out: `raw` is not asked */
};

/*
 * kwit_print for a finished stream: printed once, proved and journalled, with the invitation below the receipt where
 * that is safe, else as it came. PERMISSION unless [tap] raw = yes: its bytes are commands.
 */
KWIT_API int kwit_print_stream(kwit_context *context, const void *bytes, size_t length,
                               const struct kwit_stream_options *options, kwit_result **result);

/*
 * A program that asks the printer something before it goes on, as drivers of CUPS do: its bytes are read from `in` to
 * their end. What it asks before any ink, and a drawer pulse there, goes to the printer at once, and the answer to
 * `out`; what it asks behind ink is asked by kwit_dialogue_end, where that is told that its paper is out. What is left
 * is to be printed, and lives until then; of a program that asks nothing it is what came. *dialogue is to be ended also
 * after an error.
 */
typedef struct kwit_dialogue kwit_dialogue;
KWIT_API int kwit_dialogue_hear(kwit_context *context, const char *printer, int in, int out, kwit_dialogue **dialogue,
                                kwit_result **result);
KWIT_API const void *kwit_dialogue_bytes(const kwit_dialogue *dialogue, size_t *length);
KWIT_API void kwit_dialogue_end(kwit_dialogue *dialogue, int printed);

/*
 * What its paper would look like, as kwit_preview shows it: with a SAMPLE invitation, no journal, no printer. `raw` is
 * not asked. Its words are those that the printer's own letters print.
 */
KWIT_API int kwit_preview_stream(kwit_context *context, const void *bytes, size_t length,
                                 const struct kwit_stream_options *options, enum kwit_preview_format format,
                                 kwit_result **result);

struct kwit_tap_options {
    const char *listen;            /* HOST:PORT, port 0 takes any; NULL: as the configuration says */
    const char *tap;               /* [tap NAME]; NULL: [tap] */
    const char *http;              /* HOST:PORT for programs of the web; NULL: as the configuration says */
    const char *printer;           /* NULL: that of the section */
    const char *record;            /* directory for receipts as they came, for kwit_tap_learn; NULL: none is kept */
    int json;                      /* what is said are JSON lines */
    int (*go_on)(void *data);      /* asked ten times a second; 0: come to an end */
    void (*say)(void *data, const char *line);     /* where it listens, then what became of each receipt */
    void *data;
};

/*
 * Looks like a printer to programs that send their receipts to a network address, and prints what they send as
 * kwit_print_stream does; answers their questions with the printer's own answers. Until go_on says no.
 */
KWIT_API int kwit_tap_serve(kwit_context *context, const struct kwit_tap_options *options, kwit_result **result);

/* ---- words -------------------------------------------------------------------------------------------------- */

/* Which of these words one that is none of them was probably meant for; NULL: none. */
KWIT_API const char *kwit_nearest(const char *word, const char *const *words, size_t count);

/* ---- config ----------------------------------------------------------------------------------------------- */

/* Reads the configuration as print would and tells every fault with its file and line; CONFIG when there is any. */
KWIT_API int kwit_config_check(kwit_context *context, kwit_result **result);
/* Every key with the value in force; the people's text can be read as a configuration again. */
KWIT_API int kwit_config_show(kwit_context *context, int origins, kwit_result **result);

/* ---- simulate --------------------------------------------------------------------------------------------- */

struct kwit_simulate_options {
    const char *profile;           /* NULL: a common 80 mm printer */
    const char *peer;              /* a word of kwit-simulator(7); NULL: a printer as its model is */
    const char *speed;             /* "real", "fast" or millimetres a second; NULL: fast */
    const char *const *faults;     /* fault_count specs, as the README's chapter on the simulated printer says */
    size_t fault_count;
    const char *scenario;          /* how the next job ends: printed, sent, queued, interrupted, unconfirmed, expired */
    const char *roll;              /* paper on the roll: "80" metres, "300mm"; NULL: endless */
    int no_drawer;                 /* nothing in the drawer socket */
    const char *folder;            /* where paper, text and events go; NULL: only text, to `say` */
    /* One door: bytes in memory, "HOST:PORT" (port 0: any), a pseudo-terminal, "HOST:PORT" for USB/IP, this kernel. */
    const void *input;
    size_t input_length;
    const char *tcp;
    int pty;
    const char *usbip;             /* "127.0.0.1:3240": to be attached by any machine's usbip */
    int vhci;                      /* plugged into this kernel as a USB device: root, vhci_hcd loaded */
    const char *usb;               /* how the USB device shows itself: "id=04b8:0e15,serial=X,class=vendor,…" */
    int lockout_ms;                /* tcp: 0: a second caller waits; else refused, and so long after the first left */
    const char *control;           /* path of a UNIX socket for orders, or NULL */
    int orders;                    /* read orders from standard input */
    int (*go_on)(void *data);      /* asked at least every 200 ms; 0: stop. NULL: for ever */
    void (*say)(void *data, const char *line);     /* where it listens, answers to orders, text of the paper */
    void *data;
};

/*
 * A printer that is not there, until the input is at its end or go_on says stop. The result tells what came out. A
 * folder that was used before goes on where it was, but with `input` it begins anew.
 */
KWIT_API int kwit_simulate(kwit_context *context, const struct kwit_simulate_options *options, kwit_result **result);

/* ---- setup ------------------------------------------------------------------------------------------------ */

struct kwit_setup_options {
    const char *name;              /* of the shop, printed on top */
    const char *locale;            /* "pl-PL"; NULL: en-GB */
    const char *currency;          /* ISO 4217; NULL: that of the locale's country */
    const char *url;               /* of the survey, with {token}; NULL: no invitation */
    const char *printer, *profile; /* an address, NULL: the only receipt printer on USB; NULL: as it is found */
    int no_print;                  /* no first receipt */
};

/*
 * A first run: checks the answers, writes the configuration (the context's file, else /etc/kwit/kwit.conf for root and
 * the user's own for others; never over one that is there), makes the key where there is a url, prints a training
 * receipt and says how to call. The exit status is that of the receipt.
 */
KWIT_API int kwit_setup(kwit_context *context, const struct kwit_setup_options *options, kwit_result **result);

/* ---- devices, status, doctor, drawer ---------------------------------------------------------------------- */

/* The receipt printers on USB: address, model, profile, serial, port, access and who holds them. */
KWIT_API int kwit_devices_list(kwit_context *context, kwit_result **result);

/*
 * What is in the way of a sale on this printer (a name or an address; NULL: the default one), each with the command
 * that mends it. Prints nothing. The exit status is 0 only when a sale would print, else that of the first cause.
 */
KWIT_API int kwit_doctor_run(kwit_context *context, const char *printer, kwit_result **result);

/* Every printer model that kwit knows, with what its row says: unknown facts are null. */
KWIT_API int kwit_profiles_list(kwit_context *context, kwit_result **result);

/* How the printer is right now and what waits for it. Blocks at most two seconds; lets go of the printer at the end. */
KWIT_API int kwit_status(kwit_context *context, const char *printer, kwit_result **result);

struct kwit_drawer_options {
    const char *printer;
    const char *reason, *cashier;  /* journalled; may be NULL */
    int pin;                       /* 2 or 5; 0: 2 */
};
/* Opens the drawer within five seconds or not at all. */
KWIT_API int kwit_drawer_open(kwit_context *context, const struct kwit_drawer_options *options, kwit_result **result);

/* ---- queue, reprint, resolve ------------------------------------------------------------------------------ */

/* Jobs that wait, are held or in doubt; with `all` the last thousand whatever became of them. printer NULL: of all. */
KWIT_API int kwit_queue_list(kwit_context *context, const char *printer, int all, kwit_result **result);
/* One sale of the journal. till and day ("2026-11-22") tell apart what shares an id; NULL: any. CONFLICT names them. */
struct kwit_sale_name { const char *id, *till, *day; };

/* Every job of a sale with its pieces; of one part, or NULL: of all, here and below. */
KWIT_API int kwit_queue_show(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                             kwit_result **result);
/*
 * Prints what waits for a printer (NULL: for each of them), held jobs too. until_empty: leaves held jobs alone, and
 * tries again until nothing is left that may still print (for a service or a detached process; there NULL is the
 * default printer). The exit status is 75 while something is left.
 */
KWIT_API int kwit_queue_flush(kwit_context *context, const char *printer, int until_empty, kwit_result **result);
/* Prints what waits, is held, expired or was cancelled under this id; the result is that of kwit_print. */
KWIT_API int kwit_queue_retry(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                              kwit_result **result);
/* Takes away what has not begun to print. */
KWIT_API int kwit_queue_cancel(kwit_context *context, const struct kwit_sale_name *sale, const char *part,
                               kwit_result **result);

/*
 * What the printer says of itself, and the profile of that model; "": it says nothing, or names none that is known.
 * Clones say famous names: it counts when a person finds the same on the printer's plate.
 */
struct kwit_learn_said {
    char words[160], profile[64];
};
KWIT_API int kwit_learn_ask(kwit_context *context, const char *printer, struct kwit_learn_said *said,
                            kwit_result **result);

enum { KWIT_LEARN_PAGES = 24 };
/* What a person saw on the sheet of kwit_learn_print. */
struct kwit_learnt {
    int needles;                   /* needles and a ribbon: of what follows only columns, tables, cut, drawer */
    int width_dots;                /* of the widest ruler whose block is there; 0: no ruler is, it knows no GS v 0 */
    int columns;                   /* characters of a line; 0: not counted */
    int place;                     /* which letter the ^ stands below, 0 for A; -1: not said */
    int feed;                      /* 1 as high as the bars, 2 half as high, 0 none; -1: not said */
    int table[KWIT_LEARN_PAGES];   /* number of the line that reads as the sample of kwit_learn_page; -1: none does */
    int cut;                       /* 0 none, 1 partial, 2 full */
    int below_blade;               /* highest number on the second piece, 0 for none */
    int raster, column;            /* the first drawn code is whole, the second */
    int qr;                        /* the symbol is there */
    int bars;                      /* the bars are there */
    int line_mm;                   /* length of the first ruler, 0: not measured: it tells the resolution */
    int drawer;                    /* it opened; -1: not tried */
};
/* Prints the sheet, a shorter one with needles; the drawer is pulsed only where asked for. Asks the printer nothing. */
KWIT_API int kwit_learn_print(kwit_context *context, const char *printer, int needles, int pulse, kwit_result **result);
KWIT_API int kwit_learn_width(int index);              /* of the rulers in their order; 0 behind the last */
KWIT_API int kwit_learn_columns(const char *digits);   /* of a line that ends in these three; 0: none does */
KWIT_API const char *kwit_learn_page(int index);       /* the code pages that are asked about; NULL behind the last */
KWIT_API void kwit_learn_sample(int index, char *utf8, size_t size);   /* how such a page reads on the sheet */
/* The description for `profile =`, as the result's text. */
KWIT_API int kwit_learn_describe(const struct kwit_learnt *learnt, kwit_result **result);

enum kwit_receipt_format { KWIT_RECEIPT_HTML, KWIT_RECEIPT_PDF };
struct kwit_receipt_options {
    enum kwit_receipt_format format;
    int survey;                    /* with the sale's own invitation: the customer agreed to be asked by mail */
};
/*
 * A sale from its stored document as the receipt that the shop mails: kwit_result_data has a file of text with
 * pictures, for no printer. With its invitation the journal records that it was shown, as `e-receipt`. NULL: the last
 * sale.
 */
KWIT_API int kwit_receipt(kwit_context *context, const struct kwit_sale_name *sale,
                          const struct kwit_receipt_options *options, kwit_result **result);

struct kwit_reprint_options {
    const char *printer, *profile; /* NULL: those of the first print */
    const char *part;              /* NULL: "receipt" */
    int copy;                      /* 0: the next; the same number twice is a duplicate */
    int64_t timeout_ms;
};
/* Prints a sale again from its stored document, marked as a duplicate; never opens the drawer. NULL: the last. */
KWIT_API int kwit_reprint(kwit_context *context, const struct kwit_sale_name *sale,
                          const struct kwit_reprint_options *options, kwit_result **result);
/*
 * What a person saw after `unconfirmed`: seen closes it; otherwise it prints again, marked as a possible duplicate.
 * Where several parts of the sale are in doubt and none is named: CONFLICT.
 */
KWIT_API int kwit_resolve(kwit_context *context, const struct kwit_sale_name *sale, const char *part, int seen,
                          kwit_result **result);

/* ---- logo ------------------------------------------------------------------------------------------------- */

struct kwit_logo_options {
    const char *printer, *profile; /* as for kwit_print */
    const char *file;              /* a PNG file; NULL: the configured logo */
    const char *key;               /* two characters 20 to 7E; NULL: the configured ones, else KL */
    int dry_run;                   /* send nothing; the command is in kwit_result_data */
};
/*
 * Puts the logo into the printer's memory (NV graphics), scaled and dithered as the configuration says for receipts.
 * Blocks up to 45 s: memory of this kind is slow. Its writes wear out, so it is done once and not with every receipt.
 */
KWIT_API int kwit_logo_store(kwit_context *context, const struct kwit_logo_options *options, kwit_result **result);

/* ---- survey ----------------------------------------------------------------------------------------------- */

enum kwit_key_action {
    KWIT_KEY_NEW, KWIT_KEY_LIST, KWIT_KEY_ROTATE, KWIT_KEY_DERIVE, KWIT_KEY_IMPORT, KWIT_KEY_EXPORT
};

struct kwit_key_options {
    int has_epoch, has_handle;
    long long epoch, handle;
    const char *text;              /* import: what a key file holds; NULL: hex */
    const char *hex;               /* import: 64 hexadecimal digits */
    const char *output;            /* file for a key that leaves the till; NULL: in the state directory */
};
/* Keys go to files and are never part of a result. */
KWIT_API int kwit_survey_key(kwit_context *context, enum kwit_key_action action, const struct kwit_key_options *options,
                             kwit_result **result);

struct kwit_token_options { long long epoch, handle, day, seq, variant, flag; };
KWIT_API int kwit_survey_token_encode(kwit_context *context, const struct kwit_token_options *options,
                                      kwit_result **result);
KWIT_API int kwit_survey_token_show(kwit_context *context, const struct kwit_sale_name *sale, kwit_result **result);
/* What a typed code turns out to be; exit 65 unless nobody has answered it yet. */
KWIT_API int kwit_survey_verify(kwit_context *context, const char *typed, kwit_result **result);
/* Redeems the thank-you with that code, once; exit 65: never given, or redeemed before; 66: none is given here. */
KWIT_API int kwit_survey_redeem(kwit_context *context, const char *typed, kwit_result **result);

/* Which sale of this till's journal a code stands for: its id, store, till and time. NOT_FOUND: another till's. */
KWIT_API int kwit_survey_find(kwit_context *context, const char *typed, kwit_result **result);

struct kwit_plan_options {
    const char *documents;                 /* a day of sale documents, one a line; NULL: none */
    size_t documents_length;
    long long sales_a_day;                 /* 0: as many as documents, or 300 */
    double answer_rate, lift;              /* 0: 1 % answered, and a fifth more of them */
    long long answers_a_month;             /* wanted; 0: the rate for it is not told */
};
/* What the configuration does to a day of sales, and how long an experiment takes. */
KWIT_API int kwit_survey_plan(kwit_context *context, const struct kwit_plan_options *options, kwit_result **result);
/* Why a sale was or would be invited: by its name, or by its document (sale NULL). */
KWIT_API int kwit_survey_explain(kwit_context *context, const struct kwit_sale_name *sale, const void *document,
                                 size_t length, kwit_result **result);

/* What is NULL or 0 is taken from [import NAME] of the configuration, NAME being the form's or the platform's. */
struct kwit_import_options {
    const char *platform;          /* NULL: own */
    const char *encoding, *zone, *dates, *clock_change, *form;
    const char *const *columns;    /* "nps=How likely are you …" */
    size_t column_count;
    const char *const *values;     /* "Very satisfied=5" */
    size_t value_count;
    long long header_rows;         /* 0: as the platform writes them */
    long long header_at;           /* line of the header, where other lines stand above it; 0: not said */
    const char *sheet;             /* of a workbook: name or number; NULL: the first that is not hidden */
    int strict;                    /* 1: one row that cannot be read refuses the file; 0: it is kept as unreadable */
    void (*progress)(void *data, const char *stage, int64_t done);      /* called now and then; may be NULL */
    void *progress_data;
};
/* A file of answers into the journal. On a fault of the file nothing is changed. */
KWIT_API int kwit_survey_import(kwit_context *context, const char *path, const struct kwit_import_options *options,
                                kwit_result **result);

/* ---- journal, report -------------------------------------------------------------------------------------- */

struct kwit_report_options {
    const char *from, *to, *today;         /* "2026-11-22"; NULL: all, and now */
    const char *answers_until;             /* answers are in up to that day; NULL: up to the last one imported */
    const char *format, *language;         /* of the people's text: "text", "csv", "html"; "en", "pl", "fr", "ru", "fa" */
    const char *store, *region;            /* of that store, of the stores of that region alone; NULL: of all */
    int shared;                            /* for others than the shop's own: no scores of few, no signs, no comments */
    int64_t sales_total, planned_n;        /* 0: not said. planned_n other than the journal's: no verdict */
};
KWIT_API int kwit_report(kwit_context *context, const struct kwit_report_options *options, kwit_result **result);
struct kwit_alert_options {
    int all;                               /* also those that are closed */
    const char *format;                    /* of the people's text: "text" or "csv" */
};
KWIT_API int kwit_report_alerts(kwit_context *context, const struct kwit_alert_options *options,
                                kwit_result **result);
struct kwit_comment_options {
    const char *from, *to;                 /* days of print; NULL: all */
    const char *store, *topic;             /* NULL: of any; a topic as the list names it, "queue" */
    int low, high;                         /* only complaints, only praise */
    const char *format;                    /* of the people's text: "text" or "csv" */
};
KWIT_API int kwit_report_comments(kwit_context *context, const struct kwit_comment_options *options,
                                  kwit_result **result);
/* Notes that somebody looks after an alert, or that it is settled. */
KWIT_API int kwit_report_mark(kwit_context *context, int64_t alert, const char *who, int close, kwit_result **result);

struct kwit_export_options {
    const char *format;                    /* "jsonl" or "csv" */
    const char *from, *to;
    int events;                            /* the chained events themselves, all of them */
    int (*write)(void *data, const char *bytes, size_t length);         /* a negative return ends it */
    void *write_data;
};
/* One line for each sale, as a stream: the result only counts them. No id of a sale and no token is in it. */
KWIT_API int kwit_journal_export(kwit_context *context, const struct kwit_export_options *options,
                                 kwit_result **result);
/* Walks the chain; expect is a head noted elsewhere, "1234-0123456789abcdef", or NULL. Exit 74 when it was changed. */
/* Works of minutes on a journal of years tell how far they are; progress may be NULL. */
struct kwit_verify_options {
    const char *expect;             /* a head that was noted elsewhere, 1234-0123456789abcdef; NULL: none */
    void (*progress)(void *data, const char *stage, int64_t done);
    void *progress_data;
};
KWIT_API int kwit_journal_verify(kwit_context *context, const struct kwit_verify_options *options,
                                 kwit_result **result);
KWIT_API int kwit_journal_merge(kwit_context *context, const char *const *files, size_t count, kwit_result **result);
struct kwit_prune_options {
    const char *before;             /* sales of earlier days go; NULL: what keep_days, keep_comments in [journal] say */
    int force;                      /* also days whose invitations can still be answered */
    int at_once;                    /* what was never told of before does not stay for 30 days */
};
KWIT_API int kwit_journal_prune(kwit_context *context, const struct kwit_prune_options *options, kwit_result **result);
KWIT_API int kwit_journal_erase(kwit_context *context, const struct kwit_sale_name *sale, kwit_result **result);
/* A whole copy into a file that does not exist yet, as of now, while sales go on. Copying the file alone is none. */
KWIT_API int kwit_journal_backup(kwit_context *context, const char *file, kwit_result **result);
/* Such a copy for kwit_journal_merge: without documents, printed bytes and what else the office has no use for. */
KWIT_API int kwit_journal_export_office(kwit_context *context, const char *file, kwit_result **result);
KWIT_API int kwit_journal_migrate(kwit_context *context, kwit_result **result);
/*
 * What the office ([office] push) has not yet of this journal goes there. Exit 0: it has all; 75: kept, for a reason
 * that passes; CONFLICT: the office knows another history; PERMISSION: it takes nothing from this till. BUSY: another
 * push is under way. One that is timed is waited for by nobody: it does not wait for another push, and leaves alone for
 * a while an office that was away or had too much to do, each time longer, up to an hour.
 */
KWIT_API int kwit_journal_push(kwit_context *context, int is_timed, kwit_result **result);
/* This journal is a copy whose original goes on: from what the office is known to have on it is pushed as another. */
KWIT_API int kwit_journal_renew(kwit_context *context, kwit_result **result);

/* A simulated shop with planted truth, in a state directory of its own. Zeros are defaults. */
struct kwit_demo_options {
    int days, tills, stores, sales;        /* sales: a till and day */
    const char *until, *timezone;          /* the last day, "2026-11-22", NULL: yesterday; NULL: Europe/Warsaw */
    int64_t seed;
    double rate, lift;                     /* share of invitations answered; what the second arm adds to that share */
    int cheat, break_split;                /* the last till answers itself; arms are not dealt as the journal says */
    int variants;                          /* 0: two */
    int simpson, thin, cashiers;           /* pooled stores turn the sign; the first invites less; cashiers are named */
    int differ, complaints;                /* stores are answered half to twice as often; promoters complain, too */
    int dying_head, mild_cheat;            /* the first till's paper is hard to read; the last gets twice the answers */
    int only_till;                         /* the journal of this till alone, as in a chain; 0: one for all */
    int planned_n, daily_looks;            /* of each arm, 0: 2000, below 0: none; whether any day may end it */
    double uneven;                         /* tills differ innocently by up to that share */
    void (*progress)(void *data, const char *stage, int64_t done);
    void *progress_data;
};
KWIT_API int kwit_demo_day(kwit_context *context, const char *directory, const struct kwit_demo_options *options,
                           kwit_result **result);

/* ---- documents of other systems ----------------------------------------------------------------------------- */

/* The maps that kwit brings; the rows of one; the sale document that one makes of another, and what does not add up. */
KWIT_API int kwit_map_list(kwit_context *context, kwit_result **result);
KWIT_API int kwit_map_show(kwit_context *context, const char *name, kwit_result **result);
KWIT_API int kwit_map_check(kwit_context *context, const char *name, const void *document, size_t length,
                            kwit_result **result);

/* ---- office ------------------------------------------------------------------------------------------------- */

struct kwit_office_options {
    const char *listen;             /* "127.0.0.1:PORT", "unix:PATH"; NULL: as configured, and for a demo any port */
    int json;                       /* what `say` gets is the JSON line, not the people's text */
    int (*go_on)(void *data);       /* asked at least every 200 ms; 0: stop. NULL: for ever */
    void (*say)(void *data, const char *line);      /* once it listens: where, and a demo's codes */
    void *data;
};

/* What a new office is told of its shop; NULL where it is not said. */
struct kwit_office_shop {
    const char *url;                /* where customers reach it */
    const char *mail;               /* who hears of low scores */
    const char *privacy_url;        /* the shop's own notice about data; else these two make one: */
    const char *controller, *controller_contact;
};
/*
 * The keys of an office in this state directory, and its settings: written where the configuration file is not there
 * yet, else said. USAGE without an address, or where nobody answers for the data.
 */
KWIT_API int kwit_office_new(kwit_context *context, const struct kwit_office_shop *shop, kwit_result **result);
/* What is in the way of serving, each with its mend; CONFIG when there is any. */
KWIT_API int kwit_office_check(kwit_context *context, kwit_result **result);
/* A whole configuration of the proxy in front: "caddy" or "nginx". */
KWIT_API int kwit_office_proxy(kwit_context *context, const char *kind, kwit_result **result);
/* The address that a customer left with an alert's answer; key_file NULL: the staff's key in this state directory. */
KWIT_API int kwit_office_contact(kwit_context *context, int64_t alert, const char *key_file, kwit_result **result);
/* The survey page and its collector, on the journal of this state directory, until go_on says stop. */
KWIT_API int kwit_office_serve(kwit_context *context, const struct kwit_office_options *options, kwit_result **result);
/*
 * What the office's people need, as another process and user: mails and webhooks about alerts, and the pages that their
 * links lead to, where addresses are opened. key_file NULL: the staff's key in the state directory.
 */
KWIT_API int kwit_office_staff(kwit_context *context, const struct kwit_office_options *options, const char *key_file,
                               kwit_result **result);
/* What waits to be sent or was given up: listed; tried again; dropped. */
KWIT_API int kwit_office_outbox(kwit_context *context, kwit_result **result);
KWIT_API int kwit_office_outbox_mark(kwit_context *context, int64_t notice, int drop, kwit_result **result);
/* A whole copy of the office's journal; UNSUPPORTED where PostgreSQL keeps it: the message says how that is copied. */
KWIT_API int kwit_office_backup(kwit_context *context, const char *file, kwit_result **result);
/* What was said with a code is erased, as its customer can do it. NOT_FOUND, INVALID. */
KWIT_API int kwit_office_erase(kwit_context *context, const char *code, kwit_result **result);
/*
 * Who may sign in at the office: added or changed, taken away, listed. key_file: the staff's key, beside which their
 * file lies; NULL: that of the state directory. Lists end with NULL; without both, all stores. passphrase: NULL: one is
 * made, and stands in the result.
 */
struct kwit_office_person {
    const char *name, *role;               /* "reader", "manager", "owner" */
    const char *const *stores, *const *regions;
    const char *passphrase;
};
KWIT_API int kwit_office_person_add(kwit_context *context, const struct kwit_office_person *person,
                                    const char *key_file, kwit_result **result);
KWIT_API int kwit_office_person_remove(kwit_context *context, const char *name, const char *key_file,
                                       kwit_result **result);
KWIT_API int kwit_office_people(kwit_context *context, const char *key_file, kwit_result **result);
/*
 * The tables of an office whose store is PostgreSQL ([office] store), made or brought to this version; owner: the
 * connection string of who may make them, NULL: the configured one. The configured user gets what it needs.
 */
KWIT_API int kwit_office_migrate(kwit_context *context, const char *owner, kwit_result **result);
/* The tills that push to this office: listed; one handle shut out; one journal let go on, behind a loss or another. */
KWIT_API int kwit_office_tills(kwit_context *context, kwit_result **result);
/* from: a time (RFC 3339) or an event's number, or NULL; what was sold since does not count until it is accepted. */
KWIT_API int kwit_office_till_revoke(kwit_context *context, uint32_t handle, const char *from, kwit_result **result);
KWIT_API int kwit_office_till_accept(kwit_context *context, const char *journal, kwit_result **result);
/*
 * Pages and people's links of a simulated shop in a directory that holds nothing yet: DIRECTORY/till sold for a day,
 * DIRECTORY/office serves. `say` gets three codes that can be answered, and where mails about alerts are written.
 */
KWIT_API int kwit_office_demo(kwit_context *context, const char *directory, const struct kwit_office_options *options,
                              kwit_result **result);

#ifdef __cplusplus
}
#endif
#endif
