/*
 * bench_append.c - bench_append CONFIG STREAM COUNT: the least milliseconds of COUNT that a finished stream takes in a
 * process that stays up: understood, its invitation drawn, woven in, and proved.
 */
#include <kwit/kwit.h>
#include <kwit/tool.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { STREAM_ROOM = 1 << 20 };

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1000000;
}

/* Milliseconds; below 0: it was not invited. */
static double append_once(kwit_context *context, const char *bytes, size_t length)
{
    const struct kwit_append_options options = { .profile = "tm-t20iii" };
    kwit_result *result;
    double began = now_ms();
    kwit_append(context, bytes, length, &options, &result);
    double taken = now_ms() - began;
    if (!strstr(kwit_result_json(result), "\"invited\"")) {
        fputs(kwit_result_json(result), stderr);
        taken = -1;
    }
    kwit_result_free(result);
    return taken;
}

int main(int argc, char **argv)
{
    static char stream[STREAM_ROOM];
    kwit_context *context;
    const struct kwit_settings settings = { .config_file = argv[1] };
    FILE *file = argc == 4 ? fopen(argv[2], "rb") : NULL;
    size_t length = file ? fread(stream, 1, sizeof stream, file) : 0;
    double least = 1e9;
    if (length == 0 || kwit_context_new(&settings, &context) < 0)
        return 2;
    for (int i = 0; i < atoi(argv[3]) && least >= 0; i++) {
        double taken = append_once(context, stream, length);
        least = taken < least ? taken : least;
    }
    kwit_context_free(context);
    fclose(file);
    printf("%.3f\n", least);
    return least < 0;
}
