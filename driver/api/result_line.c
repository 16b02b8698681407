/* result_line.c - writes the line. */
#include "api/result_line.h"

#include "base/clock.h"
#include "base/digits.h"
#include "base/visible.h"
#include "survey/survey.h"

#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

enum { MESSAGE_CEILING = 256 * 1024, SYSLOG_CEILING = 2048 };

struct outcome_row {
    int exit;
    const char *text;
};

static const struct outcome_row outcome_rows[] = {
    [KWIT_OUTCOME_PRINTED] = { 0, "printed, and the printer confirmed it" },
    [KWIT_OUTCOME_SENT] = { 0, "sent; this printer confirms nothing" },
    [KWIT_OUTCOME_DUPLICATE] = { 0, "printed before; nothing was done" },
    [KWIT_OUTCOME_QUEUED] = { 75, "kept; it prints when the printer can" },
    [KWIT_OUTCOME_INTERRUPTED] = { 75,
                                   "interrupted before it was whole; it prints again as a whole when the printer can" },
    [KWIT_OUTCOME_UNCONFIRMED] = { 76,
                                   "sent, but no answer came: look whether it came out, then kwit resolve ID --seen or "
                                       "--missing" },
    [KWIT_OUTCOME_CONFLICT] = { 65, "this id was another document" },
    [KWIT_OUTCOME_REJECTED] = { 65, "the document is wrong" },
    [KWIT_OUTCOME_EXPIRED] = { 79, "its deadline passed; it will not print" },
    [KWIT_OUTCOME_CANCELLED] = { 79, "cancelled; it will not print" },
    [KWIT_OUTCOME_ERROR] = { 70, "failed" },
    [KWIT_OUTCOME_ENCODED] = { 0, "encoded only; nothing was stored or printed" },
};

/* What the caller does next. */
static const char *action_for(const struct kw_result_line *line)
{
    switch (line->outcome) {
    case KWIT_OUTCOME_UNCONFIRMED:
        return "ask";
    case KWIT_OUTCOME_QUEUED:
    case KWIT_OUTCOME_INTERRUPTED:
        switch (line->reason) {
        case KWIT_E_NO_WAIT:
        case KWIT_E_BEHIND:
        case KWIT_E_HEAD_HOT:
        case KWIT_E_FEEDING:
        case KWIT_E_BUSY:
        case KWIT_E_TIMEOUT:
            return "wait";
        case KWIT_E_HELD:
            return "ask";
        default:
            return "fix";
        }
    case KWIT_OUTCOME_CONFLICT:
    case KWIT_OUTCOME_REJECTED:
    case KWIT_OUTCOME_ERROR:
        return "fix";
    default:
        return "none";
    }
}

static const char *word_of(enum kwit_error reason)
{
    return reason ? kwit_error_word(reason) : NULL;
}

static void write_printer(struct kw_json *json, const struct kw_result_line *line)
{
    kw_json_object(json, "printer");
    kw_json_string(json, "name", line->printer.name);
    kw_json_string(json, "uri", line->printer.uri);
    kw_json_string(json, "model", line->printer.model);
    kw_json_string(json, "serial", line->printer.serial);
    kw_json_end_object(json);
}

static void write_drawer(struct kw_json *json, const struct kw_result_line *line)
{
    bool pulsed = line->drawer.word && strcmp(line->drawer.word, "pulsed") == 0;
    kw_json_object(json, "drawer");
    kw_json_bool(json, "asked", line->drawer.asked);
    kw_json_bool(json, "pulsed", pulsed);
    kw_json_string(json, "state", line->drawer.state && line->drawer.state[0] ? line->drawer.state : NULL);
    kw_json_string(json, "reason", line->drawer.asked && !pulsed && line->drawer.word && line->drawer.word[0]
                                       ? line->drawer.word : NULL);
    kw_json_end_object(json);
}

static void write_survey(struct kw_json *json, const struct kw_result_line *line)
{
    const char *reason = kw_suppression_word(line->survey.reason);
    kw_json_object(json, "survey");
    kw_json_bool(json, "invited", line->survey.invited);
    kw_json_string(json, "reason", reason[0] ? reason : NULL);
    kw_json_string(json, "token", line->survey.invited ? line->survey.token : NULL);
    kw_json_string(json, "url", line->survey.invited ? line->survey.url : NULL);
    if (line->survey.invited)
        kw_json_integer(json, "variant", line->survey.variant);
    else
        kw_json_null(json, "variant");
    kw_json_end_object(json);
}

static void put_joined(struct kw_buffer *out, const char *one, const char *two, const char *three)
{
    kw_buffer_text(out, one);
    kw_buffer_text(out, two);
    kw_buffer_text(out, three);
}

/* What is wrong and where; of a document every error, so that they can be mended at once. */
static void write_message(struct kw_buffer *out, const struct kw_result_line *line)
{
    const char *message = line->message && line->message[0] ? line->message : outcome_rows[line->outcome].text;
    size_t errors = line->errors && line->outcome == KWIT_OUTCOME_REJECTED ? line->errors->count : 0;
    for (size_t i = 0; i < errors; i++) {
        const struct kw_note *error = &line->errors->items[i];
        kw_buffer_format(out, "%s%s%s%s", i ? "; " : "", error->pointer, error->pointer[0] ? ": " : "", error->text);
    }
    if (errors == 0)
        put_joined(out, line->where ? line->where : "", line->where && line->where[0] ? ": " : "", message);
    if (line->unattended)
        kw_buffer_text(out, "; it does not print by itself, for the command kwit is neither on PATH nor beside the library:"
                            " install it, or call again with the same id");
}

static void write_line(struct kw_json *json, const struct kw_result_line *line, const char *message)
{
    static const struct kw_notes none;
    kw_json_object(json, NULL);
    kw_json_integer(json, "kwit", 1);
    kw_json_string(json, "id", line->id);
    kw_json_string(json, "part", line->part);
    kw_json_integer(json, "copy", line->copy);
    kw_json_string(json, "outcome", kwit_outcome_word(line->outcome));
    kw_json_string(json, "reason", word_of(line->reason));
    kw_json_string(json, "message", message);
    kw_json_bool(json, "kept", line->kept);
    kw_json_mm(json, "partial_mm", line->partial_um);
    kw_json_time(json, "expires_at", line->expires_ms);
    kw_json_string(json, "action", action_for(line));
    write_printer(json, line);
    write_drawer(json, line);
    write_survey(json, line);
    kw_json_mm(json, "paper_mm", line->paper_um);
    kw_json_integer(json, "bytes", line->bytes);
    kw_json_object(json, "ms");
    kw_json_integer(json, "total", line->ms.total);
    kw_json_integer(json, "open", line->ms.open);
    kw_json_integer(json, "send", line->ms.send);
    kw_json_integer(json, "confirm", line->ms.confirm);
    kw_json_end_object(json);
    kw_result_warnings(json, line->warnings ? line->warnings : &none);
    kw_json_end_object(json);
}

static void write_text(struct kw_buffer *text, const struct kw_result_line *line, const char *message)
{
    put_joined(text, line->id ? line->id : "", line->id ? ": " : "", kwit_outcome_word(line->outcome));
    if (line->reason)
        put_joined(text, " (", kwit_error_word(line->reason), ")");
    put_joined(text, " - ", message, "\n");
    for (size_t i = 0; line->warnings && i < line->warnings->count; i++) {
        const struct kw_note *note = &line->warnings->items[i];
        kw_buffer_format(text, "warning: %s%s%s\n", note->pointer, note->pointer[0] ? ": " : "", note->text);
    }
}

int kw_result_line_write(kwit_result *result, const struct kw_result_line *line)
{
    struct kw_json json;
    int exit = line->outcome == KWIT_OUTCOME_ERROR ? kwit_error_exit(line->reason) : outcome_rows[line->outcome].exit;
    int code = exit == 0 || !line->reason ? 0 : line->reason;
    if (kw_result_finish(result, code), result->json.ceiling == 0)
        return code;
    result->exit = exit;
    result->outcome = line->outcome;
    result->reason = line->reason;
    kw_buffer_clear(&result->json);
    kw_buffer_clear(&result->text);
    kw_json_init(&json, &result->json);
    struct kw_buffer message;
    kw_buffer_init(&message, MESSAGE_CEILING);
    write_message(&message, line);
    write_line(&json, line, kw_buffer_string(&message));
    write_text(&result->text, line, kw_buffer_string(&message));
    kw_buffer_free(&message);
    return code;
}

void kw_result_line_of_error(struct kw_result_line *line, const struct kw_error *error)
{
    line->reason = error->code;
    line->message = error->text;
    line->where = error->where;
    switch (error->code) {
    case KWIT_E_SYNTAX:
    case KWIT_E_INVALID:
    case KWIT_E_UNPRINTABLE:
    case KWIT_E_TOO_LARGE:
        line->outcome = KWIT_OUTCOME_REJECTED;
        break;
    case KWIT_E_CONFLICT:
        line->outcome = KWIT_OUTCOME_CONFLICT;
        break;
    default:
        line->outcome = KWIT_OUTCOME_ERROR;
    }
}

static enum kwit_outcome outcome_of(enum kw_job_state state)
{
    switch (state) {
    case KW_JOB_PRINTED:
        return KWIT_OUTCOME_PRINTED;
    case KW_JOB_SENT:
        return KWIT_OUTCOME_SENT;
    case KW_JOB_TAIL:
    case KW_JOB_UNCONFIRMED:
        return KWIT_OUTCOME_UNCONFIRMED;
    case KW_JOB_BODY:
    case KW_JOB_INTERRUPTED:
        return KWIT_OUTCOME_INTERRUPTED;
    case KW_JOB_EXPIRED:
        return KWIT_OUTCOME_EXPIRED;
    case KW_JOB_CANCELLED:
        return KWIT_OUTCOME_CANCELLED;
    default:
        return KWIT_OUTCOME_QUEUED;
    }
}

void kw_result_line_of_job(struct kw_result_line *line, const struct kw_job *job, enum kwit_error cause,
                           bool was_finished)
{
    line->message = NULL;
    line->part = job->part;
    line->copy = job->copy;
    line->outcome = outcome_of(job->state);
    line->reason = cause && kw_job_is_open(job->state) ? cause : job->reason;
    bool is_printing = cause == KWIT_E_BEHIND && (job->state == KW_JOB_BODY || job->state == KW_JOB_TAIL);
    if (is_printing) {
        line->outcome = KWIT_OUTCOME_QUEUED;
        line->message = "another call is printing it now";
    }
    if (was_finished && (job->state == KW_JOB_PRINTED || job->state == KW_JOB_SENT))
        line->outcome = KWIT_OUTCOME_DUPLICATE;
    if (job->state == KW_JOB_PRINTED && job->reason == KWIT_E_SETTLED)
        line->message = was_finished ? "a person saw it before; nothing was done"
            : "a person saw it; no answer proved it";
    if (was_finished && job->state == KW_JOB_SENT)
        line->message = "sent before, to a printer that confirms nothing; nothing was done";
    line->kept = kw_job_is_open(job->state) || job->state == KW_JOB_UNCONFIRMED;
    line->expires_ms = kw_job_is_open(job->state) ? job->deadline_ms : 0;
    line->partial_um = job->partial_um;
    line->paper_um = job->paper_um;
    line->bytes = job->bytes;
    line->ms.open = job->open_ms;
    line->ms.send = job->send_ms;
    line->ms.confirm = job->confirm_ms;
    line->drawer.asked = job->drawer[0] != 0;
    bool waits = strcmp(job->drawer, "asked") == 0;
    line->drawer.word = !waits ? job->drawer : line->reason ? kwit_error_word(line->reason) : "";
    line->drawer.state = job->drawer_state;
}

/* Sent by hand: syslog(3) may wait for its reader, and reads the time zone that the reader knows better. */
static void send_to_syslog(const char *text, size_t length)
{
    static const struct sockaddr_un address = { .sun_family = AF_UNIX, .sun_path = "/dev/log" };
    int handle = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (handle < 0)
        return;
    (void)!sendto(handle, text, length, MSG_NOSIGNAL | MSG_DONTWAIT, (const struct sockaddr *)&address, sizeof address);
    close(handle);
}

static void log_number(struct kw_buffer *out, const char *before, int64_t number, const char *behind)
{
    char room[KW_DIGITS];
    put_joined(out, before, kw_digits(number, room), behind);
}

static void log_value(struct kw_buffer *out, const char *name, const char *value)
{
    kw_buffer_text(out, name);
    kw_buffer_log_value(out, value ? value : "-");
}

void kw_result_line_log(const struct kw_result_line *line)
{
    struct kw_buffer text;
    kw_buffer_init(&text, SYSLOG_CEILING);
    log_number(&text, "<", LOG_MAKEPRI(LOG_USER, line->outcome == KWIT_OUTCOME_ERROR ? LOG_WARNING : LOG_INFO), ">");
    log_number(&text, "kwit[", getpid(), "]:");
    log_value(&text, " id=", line->id);
    log_value(&text, " part=", line->part);
    log_number(&text, " copy=", line->copy, "");
    log_value(&text, " outcome=", kwit_outcome_word(line->outcome));
    log_value(&text, " reason=", word_of(line->reason));
    log_value(&text, " printer=", line->printer.uri);
    log_number(&text, " ms=", line->ms.total, "");
    if (!text.failed)
        send_to_syslog(kw_buffer_string(&text), text.length);
    kw_buffer_free(&text);
}
