/* result.h - how the calls of kwit.h and tool.h say what became of them. */
#ifndef KW_API_RESULT_H
#define KW_API_RESULT_H

#include "base/buffer.h"
#include "base/error.h"
#include "base/json.h"
#include "base/notes.h"

#include <kwit/kwit.h>

enum { KW_RESULT_CEILING = 256 * 1024 * 1024 };

struct kwit_result {
    int exit;
    enum kwit_outcome outcome;
    enum kwit_error reason;
    struct kw_buffer json, text, data;
    bool shown;                 /* the text has been made safe to look at */
};

/* Never fails for the caller: without memory a static result is handed out whose exit is 70. */
kwit_result *kw_result_new(void);
/* Fills a result of a tool call that failed: {"kwit":1,"outcome":"error",…} and "where: text". Returns the code. */
int kw_result_fail(kwit_result *result, const struct kw_error *error);
/* Sets the exit status that the code means and returns the code. */
int kw_result_finish(kwit_result *result, int code);
/* Writes "warnings":[{"code","pointer","text"}]. */
void kw_result_warnings(struct kw_json *json, const struct kw_notes *warnings);

#endif
