/*
 * kwit.h - the stable public interface: context, print, result.
 *
 * General rules, said once:
 *  - A call returns 0 or a negative enum kwit_error. Whatever it returns, a result object that was
 *    handed out is valid and must be freed.
 *  - Strings handed in are UTF-8 and are copied if they are needed after the call. Strings handed
 *    out belong to the object they came from and live as long as it does.
 *  - NULL for an options pointer means every default. A zero in an option field means its default.
 *  - One thread per context at a time; different contexts may be used by different threads. A thread has 128 KiB of
 *    stack or more.
 *  - A context that has printed holds its journal open, and that does not go with a fork: a program that forks frees
 *    its contexts first, and each process makes its own.
 *  - The library never prints, never exits, and installs no signal handler. SIGPIPE is never raised,
 *    and no signal is delivered to a thread of its own.
 *  - Units are in the names: _ms milliseconds, _s seconds, _mm millimetres, _dots printer dots.
 */
#ifndef KWIT_KWIT_H
#define KWIT_KWIT_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define KWIT_VERSION "0.1.0"
#define KWIT_API __attribute__((visibility("default")))

/*
 * The one list of errors, which is also the closed list of `reason` words in results.
 * X(name, value, word, exit status when the outcome is `error`, text)
 */
#define KWIT_ERRORS(X) \
    X(USAGE,           -1,  "usage",           64, "the command line is wrong") \
    X(SYNTAX,          -2,  "syntax",          65, "the document is not JSON") \
    X(INVALID,         -3,  "invalid",         65, "the document breaks a rule of the format") \
    X(CONFLICT,        -4,  "conflict",        65, "this id was another document") \
    X(UNPRINTABLE,     -5,  "unprintable",     65, "the document cannot be laid out for this printer") \
    X(NO_INPUT,        -6,  "no_input",        66, "the input is missing or cannot be read") \
    X(NO_PRINTER,      -7,  "no_printer",      69, "no such printer") \
    X(SEVERAL_PRINTERS,-8,  "several_printers",69, "more than one printer fits; name one") \
    X(UNAVAILABLE,     -9,  "unavailable",     69, "the printer cannot be reached") \
    X(INTERNAL,        -10, "internal",        70, "a bug in kwit; nothing is lost") \
    X(NO_MEMORY,       -11, "no_memory",       70, "out of memory") \
    X(IO,              -12, "io",              74, "reading or writing failed") \
    X(DISK_FULL,       -13, "disk_full",       74, "the disk is full") \
    X(STATE_DAMAGED,   -14, "state_damaged",   74, "the journal is damaged") \
    X(PERMISSION,      -15, "permission",      77, "not permitted") \
    X(CONFIG,          -16, "config",          78, "the configuration is at fault") \
    X(NOT_FOUND,       -17, "not_found",       65, "nothing is known by that id") \
    X(TOO_LARGE,       -18, "too_large",       65, "a limit of the format is exceeded") \
    X(BUSY,            -20, "busy",            69, "another program holds the printer") \
    X(TIMEOUT,         -21, "timeout",         69, "the deadline passed") \
    X(DISCONNECTED,    -22, "disconnected",    69, "the printer went away") \
    X(NO_ANSWER,       -23, "no_answer",       69, "the printer did not answer") \
    X(PAPER_OUT,       -24, "paper_out",       69, "the paper has run out") \
    X(COVER_OPEN,      -25, "cover_open",      69, "the cover is open") \
    X(CUTTER_JAM,      -26, "cutter_jam",      69, "the cutter is jammed") \
    X(HEAD_HOT,        -27, "head_hot",        69, "the print head is too hot; it recovers by itself") \
    X(PRINTER_ERROR,   -28, "printer_error",   69, "the printer reports an error") \
    X(PRINTER_DEAD,    -29, "printer_dead",    69, "the printer reports an error that needs a power cycle") \
    X(FEEDING,         -30, "feeding",         69, "someone holds the feed button") \
    X(OFFLINE,         -31, "offline",         69, "the printer is offline") \
    X(GARBAGE,         -32, "garbage",         69, "the printer answers nonsense") \
    X(NEVER_ANSWERS,   -33, "never_answers",   69, "this printer has never answered") \
    X(HELD,            -34, "held",            69, "kept until someone asks for it") \
    X(NO_WAIT,         -35, "no_wait",         69, "kept without waiting, as asked") \
    X(BEHIND,          -36, "behind",          69, "other jobs are before this one") \
    X(LATE,            -37, "late",            69, "the job's own deadline has passed") \
    X(CANCELLED,       -38, "cancelled",       69, "cancelled by a person") \
    X(SETTLED,         -39, "settled",         69, "a person said what came out") \
    X(UNSUPPORTED,     -40, "unsupported",     69, "this printer or build cannot do that")

enum kwit_error {
    KWIT_OK = 0,
#define KWIT_ERROR_ENUM(name, value, word, exit, text) KWIT_E_##name = value,
    KWIT_ERRORS(KWIT_ERROR_ENUM)
#undef KWIT_ERROR_ENUM
};

/* What became of a job. X(name, word, exit status, kept); `error` takes its exit from the reason. */
#define KWIT_OUTCOMES(X) \
    X(PRINTED,     "printed",     0,  0) \
    X(SENT,        "sent",        0,  0) \
    X(DUPLICATE,   "duplicate",   0,  0) \
    X(QUEUED,      "queued",      75, 1) \
    X(INTERRUPTED, "interrupted", 75, 1) \
    X(UNCONFIRMED, "unconfirmed", 76, 1) \
    X(CONFLICT,    "conflict",    65, 0) \
    X(REJECTED,    "rejected",    65, 0) \
    X(EXPIRED,     "expired",     79, 0) \
    X(CANCELLED,   "cancelled",   79, 0) \
    X(ERROR,       "error",       70, 0) \
    X(ENCODED,     "encoded",     0,  0)

enum kwit_outcome {
#define KWIT_OUTCOME_ENUM(name, word, exit, kept) KWIT_OUTCOME_##name,
    KWIT_OUTCOMES(KWIT_OUTCOME_ENUM)
#undef KWIT_OUTCOME_ENUM
};

/* The closed list of warning codes. X(name, word) */
#define KWIT_WARNINGS(X) \
    X(UNKNOWN_FIELD,     "unknown_field") \
    X(CONTROL_CHARACTER, "control_character") \
    X(NAMED_CHARACTER,   "named_character") \
    X(SUM,               "sum") \
    X(CODE_OMITTED,      "code_omitted") \
    X(IMAGE_OMITTED,     "image_omitted") \
    X(CUT_TEXT,          "cut_text") \
    X(LOCALE_FALLBACK,   "locale_fallback") \
    X(PROFILE_GENERIC,   "profile_generic") \
    X(CONFIG_IGNORED,    "config_ignored") \
    X(SURVEY_OMITTED,    "survey_omitted") \
    X(FONT_MISSING,      "font_missing") \
    X(NEAR_END,          "near_end") \
    X(NOT_JOURNALLED,    "not_journalled") \
    X(CODE_FINE,         "code_fine") \
    X(KEY_EXPOSED,       "key_exposed") \
    X(DOUBLED_HOUR,      "doubled_hour") \
    X(JOURNAL_MOVED,     "journal_moved") \
    X(JOURNAL_LEFT,      "journal_left") \
    X(JOURNAL_ANEW,      "journal_anew") \
    X(PASSED_THROUGH,    "passed_through")

enum kwit_warning {
#define KWIT_WARNING_ENUM(name, word) KWIT_WARNING_##name,
    KWIT_WARNINGS(KWIT_WARNING_ENUM)
#undef KWIT_WARNING_ENUM
    KWIT_WARNING_COUNT
};

KWIT_API const char *kwit_error_word(int error);      /* "paper_out"; "ok" for 0; never NULL */
KWIT_API const char *kwit_error_text(int error);      /* one sentence for people; never NULL */
KWIT_API int kwit_error_exit(int error);              /* the exit status of `error` with this reason */
KWIT_API const char *kwit_outcome_word(enum kwit_outcome outcome);
KWIT_API const char *kwit_warning_word(enum kwit_warning warning);
KWIT_API const char *kwit_version(void);

/*
 * Where the library finds its files. All may be NULL: then as the README's chapter on configuration says. A path from
 * the current directory is taken from where that is now, wherever the program goes later.
 */
struct kwit_settings {
    const char *config_file;       /* instead of /etc/kwit and ~/.config/kwit */
    const char *state_dir;         /* instead of $KWIT_STATE_DIR, /var/lib/kwit, $XDG_STATE_HOME/kwit */
    /* Called with one line of log text without a newline; may be NULL. level: 0 error .. 3 debug. */
    void (*log)(void *log_data, int level, const char *line);
    void *log_data;
};

typedef struct kwit_context kwit_context;
typedef struct kwit_result kwit_result;

/*
 * Reads no file yet: every later call reads what it needs. It keeps what the next one can use, among it the journal,
 * open and not locked, until its path leads to another file. Free with kwit_context_free.
 */
KWIT_API int kwit_context_new(const struct kwit_settings *settings, kwit_context **context);
KWIT_API void kwit_context_free(kwit_context *context);

/*
 * A result knows its exit status, the machine's text (one JSON line, no newline) and the people's
 * text (any number of lines). It is made by every call below and in tool.h, also by failing ones.
 */
KWIT_API void kwit_result_free(kwit_result *result);
KWIT_API int kwit_result_exit(const kwit_result *result);
KWIT_API const char *kwit_result_json(const kwit_result *result);
KWIT_API const char *kwit_result_text(const kwit_result *result);
KWIT_API enum kwit_outcome kwit_result_outcome(const kwit_result *result);
KWIT_API int kwit_result_reason(const kwit_result *result);   /* 0 or enum kwit_error */
/* Bytes that the call produced (a .bin, a picture); NULL when it produced none. `length` may be NULL. */
KWIT_API const void *kwit_result_data(const kwit_result *result, size_t *length);

enum kwit_survey_choice { KWIT_SURVEY_AUTO, KWIT_SURVEY_NEVER, KWIT_SURVEY_ONLY };

struct kwit_print_options {
    const char *printer;           /* a name from the configuration or an address; NULL: the default one */
    const char *profile;           /* overrides the configured or detected profile */
    const char *part;              /* NULL: the station, or "receipt" */
    const char *station;           /* print only the lines of this station */
    int copies;                    /* 0: one; at most 99 */
    enum kwit_survey_choice survey;
    int no_wait;                   /* store, do not talk to the printer */
    int strict;                    /* warnings become errors before paper */
    int dry_run;                   /* only encode; opens no journal, consumes nothing; bytes in kwit_result_data */
    int64_t timeout_ms;            /* whole call; 0: 10 s beyond the time the paper takes */
    int64_t deadline_ms;           /* how long the receipt is worth printing; 0: configuration, 15 min */
    const char *from;              /* the document is another system's, of which this map (kwit map list) makes one */
};

/*
 * Prints one sale document. Blocks at most until the call's deadline. What was accepted is on disk
 * before the first byte goes out, and survives a kill at any point; call again with the same
 * document to learn what became of it.
 */
KWIT_API int kwit_print(kwit_context *context, const void *document, size_t length,
                        const struct kwit_print_options *options, kwit_result **result);

#ifdef __cplusplus
}
#endif
#endif
