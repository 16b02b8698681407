/* complete.h - the words that may stand where a shell's cursor is. */
#ifndef KW_CLI_COMPLETE_H
#define KW_CLI_COMPLETE_H

#include "cli.h"

/* argv: the words behind `kwit`, the last one as far as it was typed. Prints what it may become, one word a line. */
int cli_complete(int argc, char **argv);
/* Whether this process only completes: then a command goes no further than its options. */
bool cli_completing(void);
/* The same for a command that has said its options and how its row describes its arguments. */
void cli_complete_options(const char *arguments, const struct cli_option *options, int argc, char **argv);

#endif
