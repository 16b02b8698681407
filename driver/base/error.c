/* error.c - the words and exit codes of kwit.h's lists, and the filling of an error. */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

enum { WORD_BYTES = 24, TEXT_BYTES = 96 };

/* The words lie in the row: pointers would be relocated at every start. */
struct error_row {
    int value, exit;
    char word[WORD_BYTES], text[TEXT_BYTES];
};

static const struct error_row error_rows[] = {
#define ERROR_ROW(name, value, word, exit, text) { value, exit, word, text },
    KWIT_ERRORS(ERROR_ROW)
};

static const char outcome_words[][WORD_BYTES] = {
#define OUTCOME_WORD(name, word, exit, kept) word,
    KWIT_OUTCOMES(OUTCOME_WORD)
};

static const char warning_words[][WORD_BYTES] = {
#define WARNING_WORD(name, word) word,
    KWIT_WARNINGS(WARNING_WORD)
};

static const struct error_row *find_row(int error)
{
    for (size_t i = 0; i < sizeof error_rows / sizeof error_rows[0]; i++)
        if (error_rows[i].value == error)
            return &error_rows[i];
    return NULL;
}

const char *kwit_error_word(int error)
{
    const struct error_row *row = find_row(error);
    return row ? row->word : error == 0 ? "ok" : "internal";
}

const char *kwit_error_text(int error)
{
    const struct error_row *row = find_row(error);
    return row ? row->text : error == 0 ? "all is well" : "an unknown error";
}

int kwit_error_exit(int error)
{
    const struct error_row *row = find_row(error);
    return row ? row->exit : error == 0 ? 0 : 70;
}

const char *kwit_outcome_word(enum kwit_outcome outcome)
{
    size_t i = (size_t)outcome;
    return i < sizeof outcome_words / sizeof outcome_words[0] ? outcome_words[i] : "error";
}

const char *kwit_warning_word(enum kwit_warning warning)
{
    size_t i = (size_t)warning;
    return i < sizeof warning_words / sizeof warning_words[0] ? warning_words[i] : "unknown";
}

const char *kwit_version(void)
{
    return KWIT_VERSION;
}

int kw_fail(struct kw_error *error, enum kwit_error code, const char *where, const char *format, ...)
{
    if (!error)
        return code;
    va_list arguments;
    va_start(arguments, format);
    error->code = code;
    snprintf(error->where, sizeof error->where, "%s", where ? where : "");
    vsnprintf(error->text, sizeof error->text, format, arguments);
    va_end(arguments);
    return code;
}

enum kwit_error kw_error_from_errno(int number)
{
    switch (number) {
    case ENOSPC:
    case EDQUOT:
        return KWIT_E_DISK_FULL;
    case EACCES:
    case EPERM:
    case EROFS:
        return KWIT_E_PERMISSION;
    case ENOMEM:
        return KWIT_E_NO_MEMORY;
    default:
        return KWIT_E_IO;
    }
}
