/* cmd_office.c - kwit office: the survey page on this machine. */
#include "cli.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Its line was said when it began to serve; in the end only what failed is told. */
static int finish(kwit_result *result, bool json)
{
    if (kwit_result_exit(result) != 0)
        return cli_finish(result, json);
    fputs(json ? "" : kwit_result_text(result), stderr);
    kwit_result_free(result);
    return 0;
}

/* What is said of a person. Both lists end with NULL. */
struct people { const char *role, *passphrase; struct cli_list stores, regions; };

/* office till list, revoke HANDLE, accept JOURNAL. */
static bool call_till(kwit_context *context, int count, char **argv, const char *from, kwit_result **result)
{
    const char *word = count > 1 && strcmp(argv[1], "till") == 0 ? argv[2] : "";
    char *end = NULL;
    const unsigned long handle = count == 3 ? strtoul(argv[3], &end, 10) : 0;
    if (count == 2 && strcmp(word, "list") == 0)
        kwit_office_tills(context, result);
    else if (count == 3 && strcmp(word, "revoke") == 0 && end != argv[3] && *end == 0)
        kwit_office_till_revoke(context, (uint32_t)handle, from, result);
    else if (count == 3 && strcmp(word, "accept") == 0)
        kwit_office_till_accept(context, argv[3], result);
    else
        return false;
    return true;
}

/* The first line of a file, or of standard input for "-"; *read: to be freed, NULL: none. As cli_read. */
static int read_passphrase(const char *file, bool json, char **read)
{
    enum { LIMIT = 4096 };
    size_t length;
    *read = NULL;
    int status = file ? cli_read(file, LIMIT, json, read, &length) : 0;
    if (*read)
        (*read)[strcspn(*read, "\r\n")] = 0;
    return status;
}

/* office person add NAME, remove NAME, list. */
static bool call_person(kwit_context *context, int count, char **argv, const struct people *people, const char *key,
                        kwit_result **result)
{
    const char *word = count > 1 && strcmp(argv[1], "person") == 0 ? argv[2] : "";
    if (count == 2 && strcmp(word, "list") == 0)
        kwit_office_people(context, key, result);
    else if (count == 3 && strcmp(word, "remove") == 0)
        kwit_office_person_remove(context, argv[3], key, result);
    else if (count == 3 && strcmp(word, "add") == 0)
        kwit_office_person_add(context, &(struct kwit_office_person){ argv[3], people->role, people->stores.items,
                                                                      people->regions.items, people->passphrase },
                               key, result);
    else
        return false;
    return true;
}

/* Those that answer at once; false: it is none of them. */
static bool call_once(kwit_context *context, int count, char **argv, const struct kwit_office_shop *shop,
                      const char *key, const char *owner, const char *from, kwit_result **result)
{
    const char *word = count > 0 ? argv[1] : "";
    const bool is_drop = count > 1 && strcmp(argv[2], "drop") == 0;
    if (count == 1 && strcmp(word, "new") == 0)
        kwit_office_new(context, shop, result);
    else if (count == 1 && strcmp(word, "check") == 0)
        kwit_office_check(context, result);
    else if (count == 1 && strcmp(word, "migrate") == 0)
        kwit_office_migrate(context, owner, result);
    else if (count == 2 && strcmp(word, "proxy") == 0)
        kwit_office_proxy(context, argv[2], result);
    else if (count == 2 && strcmp(word, "backup") == 0)
        kwit_office_backup(context, argv[2], result);
    else if (count == 2 && strcmp(word, "erase") == 0)
        kwit_office_erase(context, argv[2], result);
    else if (count == 2 && strcmp(word, "contact") == 0)
        kwit_office_contact(context, strtoll(argv[2], NULL, 10), key, result);
    else if (count == 2 && strcmp(word, "outbox") == 0 && strcmp(argv[2], "list") == 0)
        kwit_office_outbox(context, result);
    else if (count == 3 && strcmp(word, "outbox") == 0 && (is_drop || strcmp(argv[2], "retry") == 0))
        kwit_office_outbox_mark(context, strtoll(argv[3], NULL, 10), is_drop, result);
    else
        return call_till(context, count, argv, from, result);
    return true;
}

int cmd_office(kwit_context *context, int argc, char **argv)
{
    struct kwit_office_options options = { .go_on = cli_go_on, .say = cli_say };
    struct kwit_office_shop shop = { 0 };
    struct people people = { .role = NULL };
    const char *key = NULL, *owner = NULL, *from = NULL, *passphrase = NULL;
    char *read;
    bool json = false;
    const struct cli_option table[] = {
        { "new", CLI_NOTE, NULL, NULL, "keys and settings for this state directory" },
        { "check", CLI_NOTE, NULL, NULL, "what is in the way of serving, and what mends it" },
        { "proxy KIND", CLI_NOTE, NULL, NULL, "a configuration for the proxy in front, caddy or nginx" },
        { "contact ALERT", CLI_NOTE, NULL, NULL, "the address that a customer left; needs the staff's key" },
        { "serve", CLI_NOTE, NULL, NULL, "the survey page and its collector, until it is ended" },
        { "staff", CLI_NOTE, NULL, NULL, "mails about alerts, and the pages of their links, until it is ended" },
        { "outbox list", CLI_NOTE, NULL, NULL, "what waits to be sent or was given up; outbox retry ID, outbox drop ID" },
        { "migrate", CLI_NOTE, NULL, NULL, "the tables in PostgreSQL, where [office] store says so" },
        { "backup FILE", CLI_NOTE, NULL, NULL, "a whole copy of the store, while it serves; of PostgreSQL how to make one" },
        { "erase CODE", CLI_NOTE, NULL, NULL, "all that was said with this code, and its sale at the till that has it" },
        { "till list", CLI_NOTE, NULL, NULL, "the tills that push here, and what was refused; till accept JOURNAL" },
        { "till revoke HANDLE", CLI_NOTE, NULL, NULL, "takes nothing more of it; --from: nor what it sold" },
        { "person list", CLI_NOTE, NULL, NULL, "who may sign in; person add NAME --role ROLE, person remove NAME" },
        { "demo DIR", CLI_NOTE, NULL, NULL, "a simulated shop in an empty directory: codes to open in a browser" },
        { "--listen", CLI_TEXT, &options.listen, "PLACE", "127.0.0.1:PORT or unix:PATH; port 0 takes any" },
        { "--url", CLI_TEXT, &shop.url, "URL", "new: where customers reach the pages" },
        { "--mail", CLI_TEXT, &shop.mail, "ADDRESS", "new: who hears of low scores" },
        { "--controller", CLI_TEXT, &shop.controller, "NAME", "new: who answers for customers' data" },
        { "--controller-contact", CLI_TEXT, &shop.controller_contact, "ADDRESS", "new: how to reach them" },
        { "--privacy-url", CLI_TEXT, &shop.privacy_url, "URL", "new: the shop's own notice, instead of these two" },
        { "--key", CLI_TEXT, &key, "FILE", "contact, staff, person: the staff's key, where it is not in the state directory" },
        { "--owner", CLI_TEXT, &owner, "CONNECTION", "migrate: who may make tables, as libpq connects" },
        { "--from", CLI_TEXT, &from, "TIME|NUMBER", "till revoke: what it sold since then, or from that event on, does not count" },
        { "--role", CLI_TEXT, &people.role, "ROLE", "person add: reader, manager or owner" },
        { "--store", CLI_LIST, &people.stores, "ID", "person add: who looks after this store; without and without --region: after all" },
        { "--region", CLI_LIST, &people.regions, "NAME", "person add: who looks after the stores of a region, as [office] region names them" },
        { "--passphrase", CLI_TEXT, &passphrase, "FILE", "person add: its first line (- is standard input); without, one is made and said once" },
        { "--json", CLI_FLAG, &json, NULL, "one JSON line once it listens" },
        { NULL, CLI_FLAG, NULL, NULL, NULL }
    };
    int status, count = cli_options("office", table, argc, argv, &status);
    if (count < 0)
        return status;
    options.json = json;
    kwit_result *result;
    if (call_once(context, count, argv, &shop, key, owner, from, &result))
        return cli_finish(result, json);
    if ((status = read_passphrase(passphrase, json, &read)) != 0)
        return status;
    people.passphrase = read;
    const bool is_person = call_person(context, count, argv, &people, key, &result);
    free(read);
    if (is_person)
        return cli_finish(result, json);
    if (count == 1 && strcmp(argv[1], "serve") == 0) {
        cli_end_by_signal();
        kwit_office_serve(context, &options, &result);
    } else if (count == 1 && strcmp(argv[1], "staff") == 0) {
        cli_end_by_signal();
        kwit_office_staff(context, &options, key, &result);
    } else if (count == 2 && strcmp(argv[1], "demo") == 0) {
        cli_end_by_signal();
        kwit_office_demo(context, argv[2], &options, &result);
    } else
        return cli_usage_error(json, "say office new, check, proxy caddy, serve, staff, outbox list, till list, "
                                     "person list, migrate, backup FILE, erase CODE, demo DIRECTORY or contact ALERT");
    return finish(result, json);
}
