/* doctor_printer.c - opens the printer, asks how it is and what it is; prints nothing. */
#include "api/setup/doctor.h"
#include "api/setup/devices.h"

#include "base/clock.h"
#include "delivery/talk.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum {
    OPEN_MS = 3000, ANSWER_MS = 1000, NAME_MS = 300, QUIET_MS = 50, CHATTER_MS = 500, CHATTERS_MS = 3000,
    PORT_PAPER_EMPTY = 0x20, PORT_NOT_ERROR = 0x08
};

struct exam {
    struct kw_doctor *doctor;
    struct kw_link *link;
    struct kw_talk talk;
    bool whole;                     /* it said how it is, in form and with no stray between */
    bool chattered;                 /* what came was in no form */
};

static void check_state(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    const struct kw_printer_state *state = &exam->talk.state;
    enum kwit_error cause = exam->talk.dialect->cause(state);
    if (state->cover_open)
        kw_doctor_bad(doctor, KW_FOUND_COVER, KWIT_E_COVER_OPEN, "close it", "the cover is open");
    if (state->paper_out && !state->cover_open)
        kw_doctor_bad(doctor, KW_FOUND_PAPER, KWIT_E_PAPER_OUT, "put a new roll in", "the paper has run out");
    else if (state->paper_near_end)
        kw_doctor_mention(doctor, KW_FOUND_NEAR_END, "have a new roll at hand", "the roll is nearly at its end");
    if (cause != 0 && cause != KWIT_E_COVER_OPEN && cause != KWIT_E_PAPER_OUT)
        kw_doctor_bad(doctor, KW_FOUND_PRINTER, cause, cause == KWIT_E_HEAD_HOT ? "wait" : "switch it off and on",
                      "the printer says: %s", kwit_error_text(cause));
    if (cause == 0)
        kw_doctor_good(doctor, KW_FOUND_PRINTER, "the printer answers and is ready");
}

/* What the class of the bus says where ESC/POS says nothing: -1 when there is no such thing. */
static void check_port(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    int status = exam->link->ops->port_status ? exam->link->ops->port_status(exam->link) : -1;
    if (status < 0)
        return;
    if (status & PORT_PAPER_EMPTY)
        kw_doctor_bad(doctor, KW_FOUND_PAPER, KWIT_E_PAPER_OUT, "put a new roll in", "the paper has run out");
    else if (!(status & PORT_NOT_ERROR))
        kw_doctor_bad(doctor, KW_FOUND_PRINTER, KWIT_E_PRINTER_ERROR, "look at its lights; switch it off and on",
                      "the printer reports an error");
}

static void check_silence(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    bool serial = strcmp(doctor->ops->scheme, "serial") == 0;
    if (exam->chattered)
        kw_doctor_bad(doctor, KW_FOUND_GARBAGE, KWIT_E_GARBAGE, serial ? "try baud=9600, 19200, 38400 or 115200 in "
                      "its address, as its self-test says" : "switch it off and on", serial ? "the printer answers "
                      "nonsense, as with a wrong speed of the line" : "the printer answers nonsense");
    else if (serial)
        kw_doctor_bad(doctor, KW_FOUND_SILENT, KWIT_E_NO_ANSWER, "check cable, power and speed; print its self-test "
                      "to see baud and flow control", "nothing answers on the line");
    else if (kw_doctor_remembers(doctor, exam->link->facts.identity))
        kw_doctor_bad(doctor, KW_FOUND_SILENT, KWIT_E_NO_ANSWER, "switch it off and on",
                      "the printer has answered before and is silent now");
    else if (doctor->profile && (doctor->profile->status & KW_STATUS_DLE_EOT)
             && strcmp(kw_profile_name(doctor->profile), "generic") != 0)
        kw_doctor_bad(doctor, KW_FOUND_SILENT, KWIT_E_NO_ANSWER, "switch it off and on", "the printer is silent, "
                      "although a %s answers", doctor->profile->model);
    else
        kw_doctor_mention(doctor, KW_FOUND_SILENT, "", "the printer answers nothing, so receipts will be `sent` and "
                          "never `printed`");
}

/* The model that it names. Written down, receipts are laid out for it from the first one on. */
static void check_names(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    const char *maker = exam->talk.names[KW_NAME_MAKER], *model = exam->talk.names[KW_NAME_MODEL];
    if (!kw_talk_ask_text(&exam->talk, KW_TEXT_MAKER, kw_clock_boot_ms() + NAME_MS)
        || !kw_talk_ask_text(&exam->talk, KW_TEXT_MODEL, kw_clock_boot_ms() + NAME_MS))
        return;
    const struct kw_profile *found = kw_profile_for_names(maker, model);
    bool guessed = !doctor->profile_named && found && found != doctor->profile;
    char line[80];
    snprintf(line, sizeof line, "profile = %s", found ? kw_profile_name(found) : "");
    if (guessed) {
        doctor->profile = found;
        kw_doctor_mention(doctor, KW_FOUND_PROFILE, line, "the printer calls itself %s %s; written below [printer], "
                          "its model is known before it is asked", maker, model);
    } else if (found && doctor->profile && found != doctor->profile) {
        kw_doctor_mention(doctor, KW_FOUND_PROFILE, line, "profile %s is in force, but the printer calls itself %s %s "
                          "(profile %s)", kw_profile_name(doctor->profile), maker, model, kw_profile_name(found));
    }
}

/* Strays allow a second opening, after they have ended. */
static int ask_all(struct exam *exam, struct kw_error *error)
{
    struct kw_talk *talk = &exam->talk;
    int status = 0;
    for (int opening = 0; opening < 2 && status == 0; opening++) {
        bool all = false;
        status = kw_talk_drain(talk, opening ? CHATTER_MS : QUIET_MS, kw_clock_boot_ms() + CHATTERS_MS, error);
        if (status == 0)
            status = kw_talk_ask(talk, 1, talk->dialect->status_questions, kw_clock_boot_ms() + ANSWER_MS, &all,
                                 error);
        exam->whole = status == 0 && all && kw_talk_is_clean(talk);
        exam->chattered |= !kw_talk_is_clean(talk);
        if (talk->stuck || exam->whole || kw_talk_is_clean(talk))
            break;
    }
    return status;
}

static void tell_no_data(struct kw_doctor *doctor, int code, const char *why)
{
    kw_doctor_bad(doctor, KW_FOUND_SILENT, code, "switch it off and on", "the printer takes no data: %s", why);
}

/* A question that ESC/POS drops without a word and any Star answers, whatever the profile says. */
static bool is_star(struct exam *exam)
{
    struct kw_talk talk;
    struct kw_error ignored;
    bool all = false;
    if (!exam->link->facts.can_read || strcmp(exam->talk.dialect->word, "ESC/POS") != 0)
        return false;
    kw_talk_begin(&talk, exam->link, kw_dialect_of(kw_profile_find("tsp100")));
    return kw_talk_ask(&talk, 1, talk.dialect->status_questions, kw_clock_boot_ms() + ANSWER_MS, &all, &ignored) == 0
        && all;
}

static int question(struct exam *exam, struct kw_error *error)
{
    struct kw_doctor *doctor = exam->doctor;
    *error = (struct kw_error){ .code = KWIT_E_TIMEOUT };
    int status = ask_all(exam, error);
    if (status != 0)
        return status;
    if (exam->talk.stuck) {
        tell_no_data(doctor, KWIT_E_TIMEOUT, "it is busy or stuck");
    } else if (exam->whole) {
        check_state(exam);
        check_names(exam);
    } else if (is_star(exam)) {
        kw_doctor_bad(doctor, KW_FOUND_LANGUAGE, KWIT_E_UNSUPPORTED, "write profile = tsp100 or the row of its model"
                      " below [printer]; kwit devices --profiles names all", "the printer speaks a language of Star,"
                      " and is spoken to in ESC/POS: garbage or nothing would come out");
    } else {
        check_port(exam);
        if (!doctor->bad && exam->link->facts.can_read)
            check_silence(exam);
        else if (!doctor->bad)
            kw_doctor_mention(doctor, KW_FOUND_SILENT, "", "this printer cannot answer, so receipts will be `sent` "
                              "and never `printed`");
    }
    return 0;
}

static const char *mend_of(int code)
{
    switch (code) {
    case KWIT_E_BUSY:
        return KW_RUN "kwit devices   # then wait until the other has ended, or stop it";
    case KWIT_E_UNSUPPORTED:
        return "install the whole of kwit: its modules lie beside it";
    default:
        return "check its power, its cable and its address";
    }
}

/* What an address of a file or a line names is a node that somebody owns. */
static void open_failed(struct kw_doctor *doctor, int status, const struct kw_error *error)
{
    struct kw_access access;
    struct stat about;
    char mend[sizeof access.mend + sizeof KW_RUN], node[KW_TEXT_SIZE];
    const char *path = strchr(doctor->uri, ':');
    snprintf(node, sizeof node, "%.*s", path ? (int)strcspn(path + 1, "?") : 0, path ? path + 1 : "");
    snprintf(mend, sizeof mend, "%s", mend_of(status));
    if (status == KWIT_E_PERMISSION && node[0] == '/' && kw_devices_refused(node, &access))
        snprintf(mend, sizeof mend, "%s%s", access.group[0] ? KW_RUN : "", access.group[0] ? access.mend
                 : kw_doctor_let(doctor, stat(node, &about) == 0 && S_ISDIR(about.st_mode) ? "rwx" : "rw", node));
    kw_doctor_bad(doctor, KW_FOUND_OPEN, status, mend, "%s: %s", error->where, error->text);
}

static int speak(struct exam *exam, struct kw_error *error)
{
    struct kw_doctor *doctor = exam->doctor;
    const struct kw_dialect *dialect = kw_dialect_of(doctor->profile ? doctor->profile : kw_profile_find("generic"));
    if (dialect)
        kw_talk_begin(&exam->talk, exam->link, dialect);
    else
        kw_doctor_bad(doctor, KW_FOUND_LANGUAGE, KWIT_E_UNSUPPORTED, "correct `profile =`, or use another printer",
                      "a %s does not understand the language kwit prints in", doctor->profile->model);
    if (exam->link->facts.instant)
        kw_doctor_mention(doctor, KW_FOUND_OPEN, "", "%s is a file: it takes everything, and no paper comes of it",
                          doctor->uri);
    return exam->link->facts.instant || !dialect ? 0 : question(exam, error);
}

static int visit(struct exam *exam, bool *opened, struct kw_error *error)
{
    const struct kw_transport_ops *ops = exam->doctor->ops;
    struct kw_link_options options = kw_link_options_for(exam->doctor->context);
    int status = ops->open(exam->doctor->uri, &options, kw_clock_boot_ms() + OPEN_MS, &exam->link, error);
    *opened = status == 0;
    if (*opened) {
        status = speak(exam, error);
        ops->close(exam->link);
    }
    return status;
}

/* A program that resets the device, as ipp-usb does where IPP stays unanswered, takes it away for a moment. */
void kw_doctor_printer(struct kw_doctor *doctor)
{
    struct exam exam = { .doctor = doctor };
    struct kw_error error;
    bool opened;
    int status = visit(&exam, &opened, &error);
    if (status == KWIT_E_IO || status == KWIT_E_DISCONNECTED) {
        exam = (struct exam){ .doctor = doctor };
        status = visit(&exam, &opened, &error);
        if (status == 0)
            kw_doctor_mention(doctor, KW_FOUND_OPEN, "look at its cable and hub; ipp-usb and the like reset a printer "
                              "too, and are told to leave it alone in their own settings",
                              "the connection broke off once and came back");
    }
    if (status != 0 && opened)
        tell_no_data(doctor, status, error.text);
    else if (status != 0)
        open_failed(doctor, status, &error);
}
