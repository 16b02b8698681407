/* cli.h - what the subcommands share: options, reading input, handing out a result. Only here is printed. */
#ifndef KW_CLI_CLI_H
#define KW_CLI_CLI_H

#include <kwit/kwit.h>
#include <kwit/tool.h>

#include <stdbool.h>
#include <stddef.h>

/* One option of a subcommand. The table also makes the help text. */
enum cli_kind {
    CLI_FLAG,       /* bool */
    CLI_TEXT,       /* const char * */
    CLI_NUMBER,     /* long long */
    CLI_SECONDS,    /* int64_t, in milliseconds */
    CLI_LIST,       /* struct cli_list: may be repeated */
    CLI_NOTE        /* no option: an action of the subcommand, for the help alone */
};

struct cli_list { const char *items[65]; size_t count; };       /* begun as noughts, it ends with NULL */

struct cli_option {
    const char *name;               /* "--printer"; "-o" for a short one */
    enum cli_kind kind;
    void *target;
    const char *value;              /* what help calls the value: "NAME|URI"; NULL for flags */
    const char *help;
};

/* Which sale, where several have the id: a struct kwit_sale_name and a part. */
#define CLI_SALE_OPTIONS(sale, part_) \
    { "--till", CLI_TEXT, &(sale).till, "NAME", "of this till, where several sales have the id" }, \
    { "--day", CLI_TEXT, &(sale).day, "DAY", "of this day, where ids count a day" }, \
    { "--part", CLI_TEXT, &(part_), "NAME", "this part of the sale alone" }

struct cli_command {
    const char *name, *arguments, *summary;
    int (*run)(kwit_context *context, int argc, char **argv);      /* argv[0] is the command; returns the exit status */
};
#define COMMAND(name, function, arguments, summary) int function(kwit_context *context, int argc, char **argv);
#include "commands.def"
#undef COMMAND
extern const struct cli_command cli_commands[];                    /* rows of commands.def; ends with a NULL name */

/*
 * Reads options (--name VALUE, --name=VALUE, in any place; "--" ends them) into their targets and moves the other
 * arguments to the front. Returns their number (argv[1] .. argv[n]), or -1 when it has printed an error or the help:
 * then *exit_status is what to return. `usage` is the command's row name.
 */
int cli_options(const char *usage, const struct cli_option *options, int argc, char **argv, int *exit_status);

/* One line of help: two blanks, `left` in so many columns, and a text that is broken where a terminal ends. */
void cli_help_line(const char *left, int width, const char *text);

/* Prints a usage error to standard error (one JSON line on standard output when json) and returns 64. */
int cli_usage_error(bool json, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "; did you mean print?", or "" where none of the words is near; until the next call. */
const char *cli_meant(const char *word, const char *const *words, size_t count);

/*
 * Reads a file, or standard input for "-" or NULL, of at most limit bytes; free with free(). Returns 0, or prints and
 * returns 66.
 */
int cli_read(const char *path, size_t limit, bool json, char **bytes, size_t *length);
/* The same, for a caller that must not wait longer than this for a pipe; a terminal is waited for. 0: for ever. */
int cli_read_within(const char *path, size_t limit, long long patience_ms, bool json, char **bytes, size_t *length);
/* Milliseconds since the machine started. */
long long cli_now_ms(void);
/* Writes bytes to a file (or standard output for "-") completely; 0, or prints and returns 74. */
int cli_write(const char *path, const void *bytes, size_t length);
/* The same for who owes its caller a JSON line on every exit. */
int cli_write_or_tell(const char *path, const void *bytes, size_t length, bool json);

/* What a long call tells of its progress: a line on standard error, where that is a terminal; NULL elsewhere. */
typedef void (*cli_progress_line)(void *data, const char *stage, int64_t done);
cli_progress_line cli_progress(void);
void cli_progress_end(void);

/* For those that serve: after the first, cli_go_on turns 0 at SIGINT or SIGTERM; a line is said at once. */
void cli_end_by_signal(void);
int cli_go_on(void *data);
void cli_say(void *data, const char *line);
/* A line of the log on standard error, at once; what only a developer reads is left out. */
void cli_log(void *data, int level, const char *line);

/* Prints the JSON line or the people's text (to standard error when it failed), frees, returns the exit status. */
int cli_finish(kwit_result *result, bool json);

/* Ends standard output. Where what was said reached nobody, a call that only tells did not do what it says: 74. */
int cli_end_telling(int status);

/*
 * Writes the result's data to a file, or to standard output where that is NULL; so what there is to say of it goes to
 * standard error. Else as cli_finish.
 */
int cli_show(kwit_result *result, const char *output, bool json);

#endif
