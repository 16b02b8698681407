/*
 * cmd_cups.c - kwit cups: what CUPS calls to move a job to paper, by the contract of backend(7). A job of a raw queue
 * or of a driver's is a finished stream; CUPS is told what kwit knows of the paper, and waits as long as kwit does.
 */
#include "cups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { STREAM_LIMIT = 64 * 1024 * 1024, PAUSE_NS = 500000000 };

/* What CUPS makes of an exit status. */
enum { CUPS_OK = 0, CUPS_HOLD = 3, CUPS_STOP = 4, CUPS_CANCEL = 5, CUPS_RETRY = 6 };

struct job {
    kwit_context *context;
    struct cups_queue queue;
    const char *bytes;
    size_t length;
    char *read;                     /* the same, where it came without a dialogue; */
    kwit_dialogue *dialogue;        /* else NULL */
    char id[128];                   /* as kwit knows the sale; "" before it is accepted */
    struct cups_states states;
};

/* ---- what is told ----------------------------------------------------------------------------------------------- */

static void tell(const char *level, const char *text)
{
    size_t length = strcspn(text, "\n");
    fprintf(stderr, "%s: %.*s\n", level, (int)length, text);
}

/* The sale's id in the line of the result. */
static void remember_id(struct job *job, const char *json)
{
    static const char key[] = "\"id\":\"";
    const char *at = strstr(json, key);
    size_t length = at ? strcspn(at + sizeof key - 1, "\"\\") : 0;
    if (length > 0 && length < sizeof job->id)
        snprintf(job->id, sizeof job->id, "%.*s", (int)length, at + sizeof key - 1);
}

/* ---- one copy --------------------------------------------------------------------------------------------------- */

/* An error before anything was accepted. */
static int stop(struct job *job, const kwit_result *result)
{
    int reason = kwit_result_reason(result);
    tell("ERROR", kwit_result_text(result));
    if (reason == KWIT_E_BUSY)
        return CUPS_RETRY;
    cups_state_set(&job->states, CUPS_CONFIG_ERROR);
    return CUPS_STOP;
}

/* CUPS wants it gone: it is, while no dot of it is on paper. */
static int withdraw(struct job *job)
{
    const struct kwit_sale_name sale = { .id = job->id };
    kwit_result *result;
    kwit_queue_cancel(job->context, &sale, NULL, &result);
    tell(kwit_result_exit(result) == 0 ? "INFO" : "ERROR", kwit_result_text(result));
    kwit_result_free(result);
    return CUPS_OK;
}

/* What CUPS does now; -1: it is not settled, and waited for. */
static int judge(struct job *job, const kwit_result *result)
{
    switch (kwit_result_outcome(result)) {
    case KWIT_OUTCOME_PRINTED: case KWIT_OUTCOME_SENT: case KWIT_OUTCOME_DUPLICATE:
        tell("INFO", kwit_result_text(result));
        return CUPS_OK;
    case KWIT_OUTCOME_QUEUED:
        tell("INFO", kwit_result_text(result));
        cups_state_follow(&job->states, kwit_result_reason(result));
        return -1;
    case KWIT_OUTCOME_INTERRUPTED:
        fputs("INFO: a part of it is on paper; kwit keeps it and prints it again as a whole\n", stderr);
        return CUPS_OK;
    case KWIT_OUTCOME_UNCONFIRMED:
        tell("ERROR", kwit_result_text(result));
        fprintf(stderr, "ERROR: look at the paper, then kwit resolve %s --seen or --missing, and release this job\n",
                job->id);
        return CUPS_HOLD;
    case KWIT_OUTCOME_REJECTED:
        tell("ERROR", "this queue needs a receipt printer's driver");
        tell("ERROR", kwit_result_text(result));
        return CUPS_CANCEL;
    case KWIT_OUTCOME_EXPIRED: case KWIT_OUTCOME_CANCELLED: case KWIT_OUTCOME_CONFLICT:
        tell("ERROR", kwit_result_text(result));
        return CUPS_CANCEL;
    default:
        return stop(job, result);
    }
}

static int print_copy(struct job *job, int copy)
{
    const struct timespec pause = { 0, PAUSE_NS };
    char again[160];
    struct kwit_stream_options options = { .print.printer = job->queue.printer, .tap = job->queue.tap, .own = 1 };
    snprintf(again, sizeof again, "%s.%d", job->queue.uuid, copy);
    options.again = job->queue.uuid[0] ? again : NULL;
    for (;;) {
        kwit_result *result;
        kwit_print_stream(job->context, job->bytes, job->length, &options, &result);
        remember_id(job, kwit_result_json(result));
        int status = judge(job, result);
        kwit_result_free(result);
        if (status < 0 && !cli_go_on(NULL))
            return withdraw(job);
        if (status >= 0)
            return status;
        nanosleep(&pause, NULL);
    }
}

/* Its filters have made the copies of a queue with a driver; of a raw one nobody has. */
static int print_copies(struct job *job)
{
    int status = CUPS_OK;
    for (int copy = 1; copy <= job->queue.copies && status == CUPS_OK; copy++) {
        if (!cli_go_on(NULL))
            break;
        status = print_copy(job, copy);
        if (status == CUPS_OK)
            fprintf(stderr, "PAGE: %d 1\n", copy);
    }
    return status;
}

/* ---- the call --------------------------------------------------------------------------------------------------- */

static int discover(void)
{
    puts("direct kwit:// \"Unknown\" \"kwit: receipts with invitation and proof\" \"MFG:kwit;MDL:receipt printer;"
         "CMD:ESC/POS;CLS:PRINTER;\" \"\"");
    return CUPS_OK;
}

/* A file, or what a filter sends; one that hears answers may wait for them before it goes on. */
static int hear(struct job *job, const char *file)
{
    kwit_result *result;
    int back = file ? -1 : cups_back_channel(), status = CUPS_OK;
    if (back < 0) {
        status = cli_read(file ? file : "-", STREAM_LIMIT, false, &job->read, &job->length) == 0 ? CUPS_OK : CUPS_CANCEL;
        job->bytes = job->read;
        return status;
    }
    if (kwit_dialogue_hear(job->context, job->queue.printer, STDIN_FILENO, back, &job->dialogue, &result) < 0)
        status = stop(job, result);
    else
        job->bytes = kwit_dialogue_bytes(job->dialogue, &job->length);
    kwit_result_free(result);
    return status;
}

static int run(struct job *job, const char *file)
{
    cups_side_begin();              /* a driver may ask before it sends anything */
    int status = hear(job, file);
    if (status == CUPS_OK && job->length == 0) {
        fputs("ERROR: nothing came to be printed: a filter before this queue has failed\n", stderr);
        status = CUPS_CANCEL;
    }
    if (status == CUPS_OK) {
        cups_states_clear();
        status = print_copies(job);
        cups_states_end(&job->states);
    }
    kwit_dialogue_end(job->dialogue, status == CUPS_OK);
    free(job->read);
    return status;
}

int cmd_cups(kwit_context *context, int argc, char **argv)
{
    struct job job = { .context = context };
    const char *uri = getenv("DEVICE_URI");
    const struct cli_option table[] = {
        { "JOB USER TITLE COPIES OPTIONS", CLI_NOTE, NULL, NULL, "print standard input; without: say what there is" },
        { "… FILE", CLI_NOTE, NULL, NULL, "print a file, as often as COPIES says" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status;
    if (argc == 1)
        return discover();
    if (argc < 6) {
        int count = cli_options("cups", table, argc, argv, &status);
        return count < 0 ? status
            : cli_usage_error(false, "CUPS calls this with a job, user, title, copies and options");
    }
    if (!cups_read_queue(uri ? uri : "", argv[5], &job.queue)) {
        fprintf(stderr, "ERROR: %s is no address of this backend; write kwit://NAME, where [printer NAME] is in kwit's "
                "configuration, or kwit://\n", uri ? uri : "DEVICE_URI");
        return CUPS_STOP;
    }
    if (argc > 6 && atoi(argv[4]) > 1)              /* nonsense is one copy, and never none */
        job.queue.copies = atoi(argv[4]);
    cli_end_by_signal();
    return run(&job, argc > 6 ? argv[6] : NULL);
}
