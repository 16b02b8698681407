/* result_line.h - the one line that a print ends with: its fields, their order, and the words for people. */
#ifndef KW_API_RESULT_LINE_H
#define KW_API_RESULT_LINE_H

#include "api/result.h"
#include "data/reasons.h"
#include "journal/jobs.h"

/* Everything the line says; NULL strings become null. */
struct kw_result_line {
    const char *id, *part;
    int copy;
    enum kwit_outcome outcome;
    enum kwit_error reason;                 /* KWIT_OK: none */
    const char *message;                    /* NULL: the outcome's own */
    const char *where;                      /* of the message: JSON pointer, file with line; NULL or "": nowhere */
    const struct kw_notes *errors;          /* of the document, all of them; NULL or none: message says it */
    bool kept, unattended;                  /* unattended: nobody is there who prints it by himself */
    int64_t partial_um, expires_ms;         /* expires 0: does not */
    struct { const char *name, *uri, *model, *serial; } printer;
    struct kw_line_drawer { bool asked; const char *word, *state; } drawer;    /* word: pulsed, or why not */
    struct { bool invited; enum kw_suppression reason; const char *token, *url; int variant; } survey;
    int64_t paper_um, bytes;
    struct { int64_t total, open, send, confirm; } ms;
    const struct kw_notes *warnings;
};

/* Writes line, people's text, exit status, outcome and reason into the result. Returns 0, or the reason of an error. */
int kw_result_line_write(kwit_result *result, const struct kw_result_line *line);

/* What a job that is no longer in anybody's hands amounts to: outcome and reason from its row. */
void kw_result_line_of_job(struct kw_result_line *line, const struct kw_job *job, enum kwit_error cause,
                           bool was_finished);
/* A call that failed before a job existed. */
void kw_result_line_of_error(struct kw_result_line *line, const struct kw_error *error);

/* One line to syslog: id, outcome, printer, time; never text of the document. */
void kw_result_line_log(const struct kw_result_line *line);

#endif
