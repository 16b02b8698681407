/* cmd_demo_day.c - kwit demo-day: a simulated shop to look at. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>

static bool read_share(const char *text, double *share)
{
    char *end;
    if (!text)
        return true;
    *share = strtod(text, &end) / 100;
    return end != text && *end == 0 && *share > -1 && *share < 100;
}

int cmd_demo_day(kwit_context *context, int argc, char **argv)
{
    long long days = 1, tills = 4, stores = 2, sales = 300, seed = 1, variants = 2, planned = 0, only = 0;
    const char *rate = NULL, *lift = NULL, *uneven = NULL, *until = NULL, *timezone = NULL;
    bool differ = false, complaints = false, dying = false, mild = false, daily = false;
    bool json = false, cheat = false, broken = false, simpson = false, thin = false, cashiers = false;
    const struct cli_option table[] = {
        { "--days", CLI_NUMBER, &days, "N", "how many days; 91 for a quarter" },
        { "--until", CLI_TEXT, &until, "DAY", "the last of them (yesterday)" },
        { "--timezone", CLI_TEXT, &timezone, "ZONE", "whose clocks the shop has (Europe/Warsaw)" },
        { "--tills", CLI_NUMBER, &tills, "N", "how many tills" },
        { "--stores", CLI_NUMBER, &stores, "N", "how many stores they stand in" },
        { "--sales", CLI_NUMBER, &sales, "N", "sales of a till and day" },
        { "--rate", CLI_TEXT, &rate, "PERCENT", "invitations that are answered (2)" },
        { "--lift", CLI_TEXT, &lift, "PERCENT", "by how much the second arm is answered more often (0)" },
        { "--planned-n", CLI_NUMBER, &planned, "N", "what the experiment is planned for, of each arm (2000)" },
        { "--daily-looks", CLI_FLAG, &daily, NULL, "it may end at any day's look" },
        { "--variants", CLI_NUMBER, &variants, "N", "arms of the experiment" },
        { "--cheat", CLI_FLAG, &cheat, NULL, "the last till answers for its customers" },
        { "--mild-cheat", CLI_FLAG, &mild, NULL, "the last till gets twice the answers, like those of others" },
        { "--dying-head", CLI_FLAG, &dying, NULL, "the first till's code fades: a seventh of its answers" },
        { "--uneven", CLI_TEXT, &uneven, "PERCENT", "by how much tills differ innocently (0)" },
        { "--stores-differ", CLI_FLAG, &differ, NULL, "stores are answered from half to twice as often" },
        { "--complaints", CLI_FLAG, &complaints, NULL, "promoters complain, too" },
        { "--break-split", CLI_FLAG, &broken, NULL, "arms are not dealt as the journal says" },
        { "--simpson", CLI_FLAG, &simpson, NULL, "better in each store, worse over all of them" },
        { "--thin", CLI_FLAG, &thin, NULL, "the first store invites a quarter as often" },
        { "--cashiers", CLI_FLAG, &cashiers, NULL, "sales name their cashiers" },
        { "--only-till", CLI_NUMBER, &only, "N", "the journal of the Nth till alone, as each till of a chain has its own" },
        { "--seed", CLI_NUMBER, &seed, "N", "another shop" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("demo-day", table, argc, argv, &status);
    if (count < 0)
        return status;
    struct kwit_demo_options options = { .days = (int)days,
                                         .tills = (int)tills,
                                         .stores = (int)stores,
                                         .sales = (int)sales,
                                         .until = until,
                                         .timezone = timezone,
                                         .seed = seed,
                                         .cheat = cheat,
                                         .break_split = broken,
                                         .variants = (int)variants,
                                         .simpson = simpson,
                                         .thin = thin,
                                         .cashiers = cashiers,
                                         .differ = differ,
                                         .complaints = complaints,
                                         .dying_head = dying,
                                         .mild_cheat = mild,
                                         .planned_n = (int)planned,
                                         .only_till = (int)only,
                                         .daily_looks = daily };
    if (count != 1)
        return cli_usage_error(json, "demo-day takes one directory, which becomes the shop's state");
    if (days < 1 || tills < 1 || stores < 1 || sales < 1)
        return cli_usage_error(json, "--days, --tills, --stores and --sales are at least 1");
    if (!read_share(rate, &options.rate) || !read_share(lift, &options.lift) || !read_share(uneven, &options.uneven))
        return cli_usage_error(json, "--rate, --lift and --uneven are percentages");
    options.progress = cli_progress();
    kwit_result *result;
    kwit_demo_day(context, argv[1], &options, &result);
    cli_progress_end();
    return cli_finish(result, json);
}
