/* doctor.h - what the parts of the doctor share: the findings, and what they look at. */
#ifndef KW_API_DOCTOR_H
#define KW_API_DOCTOR_H

#include "api/usb_rows.h"
#include "config/config.h"
#include "escpos/escpos.h"
#include "profile/profile.h"

/* What can be found. X(name, word); the words are what `check` says in the JSON. */
#define KW_FINDINGS(X) \
    X(CONFIG, "config") X(STATE, "state") X(DISK, "disk") X(CLOCK, "clock") X(RULES, "rules") \
    X(DEVICE, "device") X(SEVERAL, "several_devices") X(ENDPOINT, "endpoint") X(LANGUAGE, "language") \
    X(ACCESS, "access") X(HELD, "held") X(AUTOSUSPEND, "autosuspend") X(SPEED, "speed") X(OPEN, "open") \
    X(SILENT, "silent") X(GARBAGE, "garbage") X(COVER, "cover") X(PAPER, "paper") X(NEAR_END, "near_end") \
    X(PRINTER, "printer") X(PROFILE, "profile") X(SURVEY, "survey") X(QUEUE, "cups_queue") X(SYSFS, "sysfs") \
    X(WAITING, "waiting")

enum kw_diagnosis {
#define KW_FINDING_ENUM(name, word) KW_FOUND_##name,
    KW_FINDINGS(KW_FINDING_ENUM)
#undef KW_FINDING_ENUM
};

enum kw_severity {
    KW_GOOD,                        /* looked at and in order */
    KW_NOTE,                        /* prints nevertheless */
    KW_BAD                          /* no sale would print */
};

/* Opens a mend that is a command of the shell, whole, to be run as it stands; any other is done by hand. */
#define KW_RUN "$ "

struct kw_symptom {
    enum kw_diagnosis finding;
    enum kw_severity severity;
    bool runs;                      /* the mend is a command */
    enum kwit_error code;           /* of a KW_BAD one */
    const char *text, *mend;        /* one sentence; a command or an action, "" when nothing is to be done */
};

struct kw_call;

struct kw_doctor {
    const kwit_context *context;
    struct kw_arena *arena;
    struct kw_config config;
    struct kw_config_printer printer;
    const char *uri;
    const struct kw_transport_ops *ops;
    const struct kw_profile *profile;       /* the one in force for a sale */
    bool profile_named;                     /* by configuration or address */
    struct kw_symptom *symptoms;
    size_t count, capacity;
    bool bad, no_memory;
};

/* mend: KW_RUN and a command, or what to do, "" when there is nothing. The text is one sentence. */
void kw_doctor_bad(struct kw_doctor *doctor, enum kw_diagnosis finding, int code, const char *mend,
                   const char *format, ...)
    __attribute__((format(printf, 5, 6)));
void kw_doctor_mention(struct kw_doctor *doctor, enum kw_diagnosis finding, const char *mend, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
void kw_doctor_good(struct kw_doctor *doctor, enum kw_diagnosis finding, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* As a mend: this user alone gets these rights ("r", "rwx") to it; "" for a name that would end its quotes. */
const char *kw_doctor_let(const struct kw_doctor *doctor, const char *rights, const char *path);
/* As a mend: kwit with the configuration and the state directory that were looked at, and these words. */
const char *kw_doctor_call(const struct kw_doctor *doctor, const char *words);
/* Opens the journal, if there is one yet, without waiting or changing anything; close the call whatever it says. */
int kw_doctor_journal(const struct kw_doctor *doctor, struct kw_call *call);
/* Whether the journal remembers that this printer has answered before. */
bool kw_doctor_remembers(const struct kw_doctor *doctor, const char *identity);
/* What USB, its rights, its rules and whoever else uses it say; needs no open printer. */
void kw_doctor_usb(struct kw_doctor *doctor);
/* Opens the printer and asks it. */
void kw_doctor_printer(struct kw_doctor *doctor);

/* Notes each queue that CUPS has on this device; whether it has one. */
bool kw_doctor_cups(struct kw_doctor *doctor, const struct kw_usb_device *device);

#endif
