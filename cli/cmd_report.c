/*
 * cmd_report.c - kwit report: what became of the invitations; kwit report alerts: who waits
 * for a call; kwit report comments: what customers wrote.
 */
#include "cli.h"

#include <stdlib.h>
#include <string.h>

static int write_page(kwit_result *result, const char *path, bool json)
{
    const char *text = json ? kwit_result_json(result) : kwit_result_text(result);
    int status = kwit_result_exit(result);
    if (status != 0)
        return cli_finish(result, json);
    status = cli_write(path, text, strlen(text));
    kwit_result_free(result);
    return status;
}

int cmd_report(kwit_context *context, int argc, char **argv)
{
    struct kwit_report_options options = { 0 };
    long long total = 0, planned = 0, acknowledge = 0, close = 0;
    const char *output = NULL, *who = "";
    struct kwit_comment_options comment = { 0 };
    bool json = false, all = false, shared = false, low = false, high = false;
    const struct cli_option table[] = {
        { "--from", CLI_TEXT, &options.from, "DAY", "first day of print, 2026-11-22" },
        { "--to", CLI_TEXT, &options.to, "DAY", "last day of print" },
        { "--format", CLI_TEXT, &options.format, "text|csv|html", "html is one page with its plots" },
        { "--lang", CLI_TEXT, &options.language, "en|pl|fr|ru|fa", "language of the text and the page" },
        { "--sales-total", CLI_NUMBER, &total, "N", "sales of these days by the books, for the coverage" },
        { "--planned-n", CLI_NUMBER, &planned, "N", "what you take for planned; another number than the journal's gives no verdict" },
        { "--today", CLI_TEXT, &options.today, "DAY", "look at it as on that day" },
        { "--answers-until", CLI_TEXT, &options.answers_until, "DAY", "all answers up to that day were imported" },
        { "-o", CLI_TEXT, &output, "FILE", "write it there" },
        { "--all", CLI_FLAG, &all, NULL, "alerts: also the closed ones" },
        { "--acknowledge", CLI_NUMBER, &acknowledge, "ID", "alerts: somebody looks after it" },
        { "--close", CLI_NUMBER, &close, "ID", "alerts: it is settled" },
        { "--by", CLI_TEXT, &who, "NAME", "alerts: who" },
        { "--shared", CLI_FLAG, &shared, NULL, "for others to see: no scores of few, no signs of gaming, no comments" },
        { "--store", CLI_TEXT, &options.store, "ID", "of this store alone; comments too" },
        { "--region", CLI_TEXT, &options.region, "NAME", "of the stores of a region alone ([office] region)" },
        { "--topic", CLI_TEXT, &comment.topic, "WORD", "comments: queue, staff, price …" },
        { "--low", CLI_FLAG, &low, NULL, "comments: complaints" },
        { "--high", CLI_FLAG, &high, NULL, "comments: praise" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("report", table, argc, argv, &status);
    if (count < 0)
        return status;
    options.sales_total = total;
    options.planned_n = planned;
    options.shared = shared;
    kwit_result *result;
    bool alerts = count == 1 && strcmp(argv[1], "alerts") == 0, marks = acknowledge || close || all || who[0];
    bool comments = count == 1 && strcmp(argv[1], "comments") == 0;
    const bool picks = comment.topic || low || high;
    if ((count > 0 && !alerts && !comments) || (marks && !alerts) || (picks && !comments) || (options.store && alerts)
        || (options.region && count > 0))
        return cli_usage_error(json, "say kwit report with --store, --region, kwit report alerts with --all,"
                                     " --acknowledge, --close, --by, or kwit report comments with --store, --topic,"
                                     " --low, --high");
    if (total < 0 || planned < 0)
        return cli_usage_error(json, "--sales-total and --planned-n count something: at least 0");
    comment.format = options.format;
    comment.store = options.store;
    comment.from = options.from;
    comment.to = options.to;
    comment.low = low;
    comment.high = high;
    if (comments)
        kwit_report_comments(context, &comment, &result);
    else if (!alerts)
        kwit_report(context, &options, &result);
    else if (acknowledge || close)
        kwit_report_mark(context, close ? close : acknowledge, who, close != 0, &result);
    else
        kwit_report_alerts(context, &(struct kwit_alert_options){ all, options.format }, &result);
    bool raw = options.format && strcmp(options.format, "text") != 0 && !json && !acknowledge && !close;
    return output || raw ? write_page(result, output ? output : "-", json) : cli_finish(result, json);
}
