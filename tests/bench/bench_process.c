/*
 * bench_process.c - bench_process CONFIG STATE DOCUMENT SECONDS: receipts per second of one process, made (dry run) and
 * printed to a file with everything journalled.
 */
#include <kwit/kwit.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { DOCUMENT_ROOM = 1 << 20 };

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* The document under a new id: its own stands between `"id": "` and the next quote. */
static size_t renamed(char *out, const char *document, int number)
{
    const char *id = strstr(document, "\"id\": \"");
    if (!id) {
        fprintf(stderr, "bench: the document has no id\n");
        exit(2);
    }
    id += 7;
    return (size_t)snprintf(out, DOCUMENT_ROOM, "%.*sP-%d-%d%s", (int)(id - document), document, (int)getpid(),
                            number, strchr(id, '"'));
}

static void measure(kwit_context *context, const char *document, struct kwit_print_options *options, double seconds,
                    const char *title)
{
    static char text[DOCUMENT_ROOM];
    double began = now_s();
    int count = 0;
    for (; now_s() - began < seconds; count++) {
        kwit_result *result;
        size_t length = renamed(text, document, count);
        kwit_print(context, text, length, options, &result);
        if (kwit_result_exit(result) != 0) {
            fprintf(stderr, "bench: %s", kwit_result_text(result));
            exit(2);
        }
        kwit_result_free(result);
    }
    printf("%-58s %9.0f receipts/s\n", title, count / (now_s() - began));
}

int main(int argc, char **argv)
{
    static char document[DOCUMENT_ROOM];
    FILE *file = argc == 5 ? fopen(argv[3], "rb") : NULL;
    if (!file) {
        fprintf(stderr, "usage: bench_process CONFIG STATE DOCUMENT SECONDS\n");
        return 2;
    }
    document[fread(document, 1, sizeof document - 1, file)] = 0;
    fclose(file);
    struct kwit_settings settings = { .config_file = argv[1], .state_dir = argv[2] };
    struct kwit_print_options dry = { .dry_run = 1 }, real = { 0 };
    kwit_context *context;
    if (kwit_context_new(&settings, &context) < 0)
        return 2;
    measure(context, document, &dry, atof(argv[4]), "in process, dry run, 12 lines");
    measure(context, document, &real, atof(argv[4]), "in process, printed to a file, 12 lines");
    kwit_context_free(context);
    return 0;
}
