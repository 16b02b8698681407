/*
 * in_process.c - in_process CONFIG STATE COUNT: prints COUNT documents, each of them the one from standard input under
 * an id of its own, by one context: what a program that stays up does.
 */
#include <kwit/kwit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DOCUMENT_ROOM = 1 << 20 };

/* The document's own id stands between `"id": "` and the next quote. */
static int print_one(kwit_context *context, const char *document, int number)
{
    static char text[DOCUMENT_ROOM];
    const char *id = strstr(document, "\"id\": \"") + 7;
    int length = snprintf(text, sizeof text, "%.*sprocess-%d%s", (int)(id - document), document, number,
                          strchr(id, '"'));
    kwit_result *result;
    kwit_print(context, text, (size_t)length, NULL, &result);
    int exit = kwit_result_exit(result);
    fputs(kwit_result_text(result), stderr);
    kwit_result_free(result);
    return exit;
}

int main(int argc, char **argv)
{
    static char document[DOCUMENT_ROOM];
    kwit_context *context;
    const struct kwit_settings settings = { .config_file = argv[1], .state_dir = argc == 4 ? argv[2] : NULL };
    int failed = 0;
    if (argc != 4 || fread(document, 1, sizeof document - 1, stdin) == 0 || kwit_context_new(&settings, &context) < 0)
        return 2;
    for (int i = 0; i < atoi(argv[3]) && !failed; i++)
        failed = print_one(context, document, i);
    kwit_context_free(context);
    return failed;
}
