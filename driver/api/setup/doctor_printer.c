/* doctor_printer.c - opens the printer, asks how it is and what it is; prints nothing. */
#include "api/setup/doctor.h"

#include "base/clock.h"

#include <stdio.h>
#include <string.h>

enum { OPEN_MS = 3000, ANSWER_MS = 1000, NAME_MS = 300, STATUS_QUESTIONS = 4, PORT_PAPER_EMPTY = 0x20, PORT_NOT_ERROR
    = 0x08 };

struct exam {
    struct kw_doctor *doctor;
    struct kw_link *link;
    struct kw_printer_state state;
    size_t answered;                /* bytes of any kind */
    size_t nonsense;                /* bytes that are no answer */
    char name[2][64];               /* maker, model: GS I 66, 67 */
};

/* Sends a question and hands what comes back to take() until it has what it wants, or the time is over. */
static int ask(struct exam *exam, const uint8_t *question, size_t length, int wait_ms,
               bool (*take)(struct exam *, uint8_t, int), int n, struct kw_error *error)
{
    int64_t until_ms = kw_clock_boot_ms() + wait_ms;
    size_t done = 0;
    bool whole = false;
    while (!whole && kw_clock_left_ms(until_ms) > 0) {
        uint8_t in[64];
        size_t sent, received;
        int status = exam->link->ops->transfer(exam->link, question + done, length - done, &sent, in, sizeof in,
                                               &received, until_ms, error);
        done += sent;
        for (size_t i = 0; i < received; i++)
            whole = take(exam, in[i], n) || whole;
        if (status != 0)
            return status;
        if (!exam->link->facts.can_read && done == length)
            return 0;
    }
    return done == length ? 0 : KWIT_E_TIMEOUT;
}

static bool take_status(struct exam *exam, uint8_t byte, int n)
{
    exam->answered++;
    if (kw_escpos_take_status(&exam->state, n, byte))
        return true;
    exam->nonsense++;
    return false;
}

/* "_EPSON" NUL */
static bool take_name(struct exam *exam, uint8_t byte, int n)
{
    char *name = exam->name[n - 66];
    size_t length = strlen(name);
    if (byte == 0)
        return length > 0;
    if (length + 1 < sizeof exam->name[0] && byte >= 0x20 && byte < 0x7f && !(length == 0 && byte == '_'))
        name[length] = (char)byte;
    return false;
}

static void check_state(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    const struct kw_printer_state *state = &exam->state;
    int cause = kw_escpos_cause(state);
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
    if (exam->answered > 0)
        kw_doctor_bad(doctor, KW_FOUND_GARBAGE, KWIT_E_GARBAGE, serial ? "try baud=9600, 19200, 38400 or 115200 in "
                      "its address, as its self-test says" : "switch it off and on", serial ? "the printer answers "
                      "nonsense, as with a wrong speed of the line" : "the printer answers nonsense");
    else if (serial)
        kw_doctor_bad(doctor, KW_FOUND_SILENT, KWIT_E_NO_ANSWER, "check cable, power and speed; print its self-test "
                      "to see baud and flow control", "nothing answers on the line");
    else if (kw_doctor_remembers(doctor, exam->link->facts.identity))
        kw_doctor_bad(doctor, KW_FOUND_SILENT, KWIT_E_NO_ANSWER, "switch it off and on",
                      "the printer has answered before and is silent now");
    else if (doctor->profile && (doctor->profile->status & KW_STATUS_DLE_EOT) && strcmp(doctor->profile->name,
                                                                                        "generic") != 0)
        kw_doctor_bad(doctor, KW_FOUND_SILENT, KWIT_E_NO_ANSWER, "switch it off and on", "the printer is silent, "
                      "although a %s answers", doctor->profile->model);
    else
        kw_doctor_mention(doctor, KW_FOUND_SILENT, "", "the printer answers nothing, so receipts will be `sent` and "
                          "never `printed`");
}

static void check_names(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    uint8_t question[8];
    struct kw_error error;
    for (int n = 66; n <= 67; n++)
        if (ask(exam, question, kw_escpos_ask_name(n, question), NAME_MS, take_name, n, &error) != 0)
            return;
    const struct kw_profile *found = kw_profile_for_names(exam->name[0], exam->name[1]);
    if (found && !doctor->profile)
        doctor->profile = found;
    else if (found && found != doctor->profile)
        kw_doctor_mention(doctor, KW_FOUND_PROFILE, "correct `profile =` in [printer], or leave it out",
                          "profile %s is in force, but the printer calls itself %s %s (profile %s)",
                          doctor->profile->name, exam->name[0], exam->name[1], found->name);
}

static int ask_all(struct exam *exam, struct kw_error *error)
{
    uint8_t question[8];
    int status = 0;
    for (int n = 1; n <= STATUS_QUESTIONS && status == 0; n++) {
        status = ask(exam, question, kw_escpos_ask_status(n, question), ANSWER_MS, take_status, n, error);
        if (n == 1 && !exam->state.known)
            break;                  /* who does not answer the first is not asked three times more */
    }
    return status;
}

static void question(struct exam *exam)
{
    struct kw_doctor *doctor = exam->doctor;
    struct kw_error error = { .code = KWIT_E_TIMEOUT };
    int status = ask_all(exam, &error);
    if (status != 0) {
        kw_doctor_bad(doctor, KW_FOUND_SILENT, status, "switch it off and on", "the printer takes no data: %s", status
                      == KWIT_E_TIMEOUT ? "it is busy or stuck" : error.text);
        return;
    }
    if (exam->state.known) {
        check_state(exam);
        check_names(exam);
    } else {
        check_port(exam);
        if (!doctor->bad && exam->link->facts.can_read)
            check_silence(exam);
        else if (!doctor->bad)
            kw_doctor_mention(doctor, KW_FOUND_SILENT, "", "this printer cannot answer, so receipts will be `sent` "
                              "and never `printed`");
    }
}

static const char *mend_of(int code)
{
    switch (code) {
    case KWIT_E_BUSY:
        return "kwit devices; wait until the other has ended, or stop it";
    case KWIT_E_PERMISSION:
        return "sudo usermod -aG kwit $USER   (then log out and in again)";
    case KWIT_E_UNSUPPORTED:
        return "install the whole of kwit: its modules lie beside it";
    default:
        return "check its power, its cable and its address";
    }
}

void kw_doctor_printer(struct kw_doctor *doctor)
{
    struct kw_link_options options = kw_link_options_for(doctor->context);
    struct exam exam = { .doctor = doctor };
    struct kw_error error;
    int status = doctor->ops->open(doctor->uri, &options, kw_clock_boot_ms() + OPEN_MS, &exam.link, &error);
    if (status != 0) {
        kw_doctor_bad(doctor, KW_FOUND_OPEN, status, mend_of(status), "%s: %s", error.where, error.text);
        return;
    }
    if (exam.link->facts.instant)
        kw_doctor_good(doctor, KW_FOUND_OPEN, "%s is a file and takes everything", doctor->uri);
    else
        question(&exam);
    doctor->ops->close(exam.link);
}
