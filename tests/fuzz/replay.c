/*
 * replay.c - replay_NAME DIRECTORY: runs every file of a corpus through the fuzz target it is linked with, whole and
 * cut short at sixteen places, in byte order of the names. A plain main, so that every compiler and sanitizer will do.
 */
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { INPUT_CEILING = 1024 * 1024, CUTS = 16 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The input in memory of exactly its size, so that a read behind its end is seen. */
static void run(const uint8_t *bytes, size_t length)
{
    uint8_t *copy = malloc(length ? length : 1);
    if (!copy) {
        perror("replay");
        exit(1);
    }
    memcpy(copy, bytes, length);
    LLVMFuzzerTestOneInput(copy, length);
    free(copy);
}

static void replay(const char *directory, const char *name)
{
    static uint8_t bytes[INPUT_CEILING];
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", directory, name);
    FILE *file = fopen(path, "rb");
    if (!file) {
        perror(path);
        exit(1);
    }
    size_t length = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    printf("%s (%zu bytes)\n", path, length);
    fflush(stdout);
    for (size_t cut = 0; cut < CUTS; cut++)
        run(bytes, length * cut / CUTS);
    run(bytes, length);
}

static int is_input(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

int main(int argc, char **argv)
{
    struct dirent **names;
    int count = argc == 2 ? scandir(argv[1], &names, is_input, alphasort) : -1;
    if (count <= 0) {
        fprintf(stderr, "usage: %s DIRECTORY (with at least one file)\n", argv[0]);
        return 1;
    }
    for (int i = 0; i < count; i++) {
        replay(argv[1], names[i]->d_name);
        free(names[i]);
    }
    free(names);
    printf("%d inputs replayed\n", count);
    return 0;
}
