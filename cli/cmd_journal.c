/* cmd_journal.c - kwit journal: the record of sales, out, checked, merged and cut. */
#include "cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int write_out(void *data, const char *bytes, size_t length)
{
    return fwrite(bytes, 1, length, data) == length ? 0 : -1;
}

static int run_export(kwit_context *context, struct kwit_export_options *options, const char *output, bool json)
{
    FILE *file = output && strcmp(output, "-") != 0 ? fopen(output, "we") : stdout;
    kwit_result *result;
    if (!file)
        return cli_write_or_tell(output, "", 0, json);      /* which says why it cannot */
    options->write = write_out;
    options->write_data = file;
    kwit_journal_export(context, options, &result);
    bool written = file == stdout ? fflush(file) == 0 : fclose(file) == 0;
    if (written && kwit_result_exit(result) == 0 && (file == stdout || !json)) {
        kwit_result_free(result);
        return 0;
    }
    if (!written)
        fprintf(stderr, "%s cannot be written\n", output ? output : "standard output");
    int status = cli_finish(result, json);
    return written ? status : 74;
}

static void verify(kwit_context *context, const char *expect, kwit_result **result)
{
    const struct kwit_verify_options options = { .expect = expect, .progress = cli_progress() };
    kwit_journal_verify(context, &options, result);
    cli_progress_end();
}

/* The caller has its receipt already; a child of nobody pushes. */
static void push(kwit_context *context, bool background, bool timed, kwit_result **result)
{
    const pid_t child = background ? fork() : 0;
    if (child != 0)
        _exit(child < 0 ? 70 : 0);
    kwit_journal_push(context, background || timed, result);
}

int cmd_journal(kwit_context *context, int argc, char **argv)
{
    struct kwit_export_options options = { 0 };
    const char *output = NULL, *expect = NULL, *before = NULL;
    struct kwit_sale_name sale = { 0 };
    bool json = false, events = false, force = false, now = false, office = false, background = false, timed = false;
    const struct cli_option table[] = {
        { "--format", CLI_TEXT, &options.format, "jsonl|csv", "export: one line a sale" },
        { "--events", CLI_FLAG, &events, NULL, "export: the chained events instead" },
        { "--office", CLI_FLAG, &office, NULL, "export: a file for journal merge, without documents, into -o FILE" },
        { "--from", CLI_TEXT, &options.from, "DAY", "export: first day" },
        { "--to", CLI_TEXT, &options.to, "DAY", "export: last day" },
        { "-o", CLI_TEXT, &output, "FILE", "export: where to" },
        { "--expect", CLI_TEXT, &expect, "HEAD", "verify: a head that was noted elsewhere, 1234-0123456789abcdef" },
        { "--before", CLI_TEXT, &before, "DAY", "prune: what was sold before that day goes, counts stay" },
        { "--force", CLI_FLAG, &force, NULL, "prune: also days whose invitations can still be answered" },
        { "--now", CLI_FLAG, &now, NULL, "prune: do not wait for the 30 days in which it is only said" },
        { "--till", CLI_TEXT, &sale.till, "NAME", "erase: of this till, where several sales have the id" },
        { "--day", CLI_TEXT, &sale.day, "DAY", "erase: of this day, where ids count a day" },
        { "--background", CLI_FLAG, &background, NULL, "push: detached, and as --timed" },
        { "--timed", CLI_FLAG, &timed, NULL, "push: not while another one is under way, nor before an office in trouble wants it" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("journal", table, argc, argv, &status);
    if (count < 0)
        return status;
    options.events = events;
    const char *what = count > 0 ? argv[1] : "";
    kwit_result *result;
    if (office && (strcmp(what, "export") != 0 || !output || options.format || events || options.from || options.to))
        return cli_usage_error(json, "say journal export --office -o FILE: all that is not at the office yet");
    if (strcmp(what, "export") == 0 && count == 1 && !office)
        return run_export(context, &options, output, json);
    if (office)
        kwit_journal_export_office(context, output, &result);
    else if (strcmp(what, "verify") == 0 && count == 1)
        verify(context, expect, &result);
    else if (strcmp(what, "merge") == 0 && count > 1)
        kwit_journal_merge(context, (const char *const *)argv + 2, (size_t)count - 1, &result);
    else if (strcmp(what, "prune") == 0 && count == 1)
        kwit_journal_prune(context, &(struct kwit_prune_options){ before, force, now }, &result);
    else if (strcmp(what, "erase") == 0 && count == 2) {
        sale.id = argv[2];
        kwit_journal_erase(context, &sale, &result);
    } else if (strcmp(what, "migrate") == 0 && count == 1)
        kwit_journal_migrate(context, &result);
    else if (strcmp(what, "push") == 0 && count == 1)
        push(context, background, timed, &result);
    else if (strcmp(what, "renew") == 0 && count == 1)
        kwit_journal_renew(context, &result);
    else if (strcmp(what, "backup") == 0 && count == 2)
        kwit_journal_backup(context, argv[2], &result);
    else
        return cli_usage_error(json, "say journal export, verify, backup FILE, merge FILE…, push, renew, prune, erase SALE-ID or migrate");
    return cli_finish(result, json);
}
