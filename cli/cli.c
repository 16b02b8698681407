/* cli.c - options, input, output: shared by all subcommands. */
#include "complete.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static const struct cli_command *row_of(const char *usage)
{
    const struct cli_command *command = cli_commands;
    while (strcmp(command->name, usage) != 0)
        command++;
    return command;
}

/* Columns of the terminal that is written to; 0: none is, and lines stay whole. */
static size_t terminal_columns(void)
{
    struct winsize size;
    return isatty(STDOUT_FILENO) && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

/* As many bytes of a text as fill so many columns, up to a blank where there is one. */
static size_t line_length(const char *text, size_t columns)
{
    size_t length = 0, blank = 0, used = 0;
    for (; text[length] && used <= columns; length++) {
        used += ((unsigned char)text[length] & 0xC0) != 0x80;
        blank = text[length] == ' ' ? length : blank;
    }
    return used <= columns || blank == 0 ? strlen(text) : blank;
}

void cli_help_line(const char *left, int width, const char *text)
{
    size_t columns = terminal_columns(), indent = (size_t)width + 3;
    size_t room = columns > indent + 20 ? columns - indent - 1 : SIZE_MAX - 1;
    printf("  %-*s ", width, left);
    for (size_t length; (length = line_length(text, room)) < strlen(text); text += length + 1)
        printf("%.*s\n%*s", (int)length, text, (int)indent, "");
    puts(text);
}

static void print_option_help(const char *usage, const struct cli_option *options)
{
    const struct cli_command *command = row_of(usage);
    printf("usage: kwit %s [OPTION…]%s%s\n%s\n\n", command->name, command->arguments[0] ? " " : "",
           command->arguments, command->summary);
    for (const struct cli_option *option = options; option->name; option++) {
        char left[64];
        snprintf(left, sizeof left, "%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
        bool ends = option->kind == CLI_NOTE && option[1].kind != CLI_NOTE;
        cli_help_line(left, 28, option->help);
        fputs(ends ? "\n" : "", stdout);
    }
}

static const struct cli_option *find_option(const struct cli_option *options, const char *word, const char **value)
{
    size_t length = strcspn(word, "=");
    *value = word[length] == '=' ? word + length + 1 : NULL;
    for (const struct cli_option *option = options; option->name; option++)
        if (option->kind != CLI_NOTE && strlen(option->name) == length && strncmp(option->name, word, length) == 0)
            return option;
    return NULL;
}

static bool store_number(const char *value, long long *target)
{
    char *end;
    errno = 0;
    *target = strtoll(value, &end, 10);
    return errno == 0 && end != value && *end == 0;
}

static bool store_seconds(const char *value, int64_t *target_ms)
{
    char *end;
    errno = 0;
    double seconds = strtod(value, &end);
    if (errno != 0 || end == value || *end != 0 || !(seconds >= 0.001 && seconds <= 86400.0 * 400))
        return false;                   /* none at all would be taken for none said */
    *target_ms = (int64_t)(seconds * 1000 + 0.5);
    return true;
}

static bool store_value(const struct cli_option *option, const char *value)
{
    struct cli_list *list = option->target;
    switch (option->kind) {
    case CLI_FLAG:
        *(bool *)option->target = true;
        return true;
    case CLI_TEXT:
        *(const char **)option->target = value;
        return true;
    case CLI_NUMBER:
        return store_number(value, option->target);
    case CLI_SECONDS:
        return store_seconds(value, option->target);
    case CLI_LIST:
        if (list->count == sizeof list->items / sizeof list->items[0] - 1)
            return false;
        list->items[list->count++] = value;
        return true;
    case CLI_NOTE:
        break;
    }
    return false;
}

/* What a value that was refused should have been. */
static const char *const kind_words[] = {
    [CLI_NUMBER] = "a whole number", [CLI_SECONDS] = "a number of seconds above 0", [CLI_LIST] = "at most 64 values"
};

static const char *hint_at(const char *word)
{
    static char hint[64];
    snprintf(hint, sizeof hint, "; did you mean %s?", word ? word : "");
    return word ? hint : "";
}

const char *cli_meant(const char *word, const char *const *words, size_t count)
{
    return hint_at(kwit_nearest(word, words, count));
}

/* What other programs, or the configuration, call an option. */
static const struct {
    char typed[12], meant[12];
} slips[] = {
    { "--locale", "--language" }, { "--locale", "--lang" }, { "--lang", "--language" }, { "--language", "--lang" },
    { "--output", "-o" }, { "--out", "-o" }, { "--file", "-o" }, { "--file", "--in" }, { "--input", "--in" },
    { "--model", "--profile" }, { "--uri", "--printer" }, { "--device", "--printer" }, { "--port", "--printer" },
    { "--link", "--url" }, { "--shop", "--name" }, { "--store", "--name" }, { "--quiet", "--json" },
    { "--force", "--yes" }, { "--count", "--copies" }
};

static const char *meant_option(const struct cli_option *options, const char *word)
{
    const char *names[64];
    size_t count = 0;
    if (strcmp(word, "--state") == 0 || strcmp(word, "--config") == 0)
        return "; it stands before the command: kwit --config FILE --state DIR COMMAND …";
    for (const struct cli_option *option = options; option->name && count < 64; option++)
        if (option->kind != CLI_NOTE)
            names[count++] = option->name;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++)
        for (size_t j = 0; j < count && strcmp(slips[i].typed, word) == 0; j++)
            if (strcmp(slips[i].meant, names[j]) == 0)
                return hint_at(names[j]);
    return cli_meant(word, names, count);
}

/* One option at argv[*at]; false when it has printed why not. */
static bool read_option(const char *usage, const struct cli_option *options, bool json, int argc, char **argv, int *at)
{
    const char *value;
    const struct cli_option *option = find_option(options, argv[*at], &value);
    if (!option) {
        cli_usage_error(json, "%s has no option %s%s; kwit %s --help lists them", usage, argv[*at],
                        meant_option(options, argv[*at]), usage);
        return false;
    }
    if (option->kind == CLI_FLAG && value) {
        cli_usage_error(json, "%s takes no value", option->name);
        return false;
    }
    if (option->kind != CLI_FLAG && !value) {
        if (*at + 1 >= argc) {
            cli_usage_error(json, "%s needs a value: %s", option->name, option->value);
            return false;
        }
        value = argv[++*at];
    }
    if (!store_value(option, value)) {
        cli_usage_error(json, "%s takes %s, not \"%s\"", option->name, kind_words[option->kind], value);
        return false;
    }
    return true;
}

static bool wants_json(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], "--json") == 0)
            return true;
    return false;
}

int cli_options(const char *usage, const struct cli_option *options, int argc, char **argv, int *exit_status)
{
    int rest = 0;
    bool ended = false, json = wants_json(argc, argv);
    if (cli_completing()) {
        cli_complete_options(row_of(usage)->arguments, options, argc, argv);
        *exit_status = 0;
        return -1;
    }
    for (int at = 1; at < argc; at++) {
        bool is_word = ended || argv[at][0] != '-' || argv[at][1] == 0;
        if (is_word) {
            argv[++rest] = argv[at];
        } else if (strcmp(argv[at], "--") == 0) {
            ended = true;
        } else if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            print_option_help(usage, options);
            *exit_status = cli_end_telling(0);
            return -1;
        } else if (!read_option(usage, options, json, argc, argv, &at)) {
            *exit_status = 64;
            return -1;
        }
    }
    return rest;
}

/*
 * Text for people may quote a document: what would steer a terminal is shown by its number. CSV ends its lines with
 * CR LF.
 */
static void put_text(const char *text, FILE *file)
{
    for (const unsigned char *at = (const unsigned char *)text; *at; at++) {
        bool line_end = *at == '\n' || (*at == '\r' && at[1] == '\n');
        if ((*at < 0x20 && !line_end && *at != '\t') || *at == 0x7F)
            fprintf(file, "[U+%04X]", *at);
        else if (*at == 0xC2 && at[1] >= 0x80 && at[1] < 0xA0)
            fprintf(file, "[U+%04X]", *++at);
        else
            fputc(*at, file);
    }
}

static void print_json_string(const char *text)
{
    fputc('"', stdout);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            printf("\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            printf("\\u%04x", (unsigned char)*text);
        else
            fputc(*text, stdout);
    }
    fputc('"', stdout);
}

/* A caller finds the same members on every exit, also where there is no result to take them from. */
static void print_error_line(const char *reason, const char *message)
{
    printf("{\"kwit\":1,\"id\":null,\"part\":null,\"copy\":null,\"outcome\":\"error\",\"reason\":\"%s\",\"message\":",
           reason);
    print_json_string(message);
    puts(",\"kept\":false,\"partial_mm\":0.0,\"expires_at\":null,\"action\":\"fix\","
         "\"printer\":{\"name\":null,\"uri\":null,\"model\":null,\"serial\":null},"
         "\"drawer\":{\"asked\":false,\"pulsed\":false,\"state\":null,\"reason\":null},"
         "\"survey\":{\"invited\":false,\"reason\":null,\"token\":null,\"url\":null,\"variant\":null},"
         "\"paper_mm\":0.0,\"bytes\":0,\"ms\":{\"total\":0,\"open\":0,\"send\":0,\"confirm\":0},\"warnings\":[]}");
}

int cli_usage_error(bool json, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    put_text("kwit: ", stderr);
    put_text(text, stderr);
    fputc('\n', stderr);
    if (json)
        print_error_line("usage", text);
    return 64;
}

enum { WHY_SIZE = 240 };

/* What the caller does about a file that cannot be read or made. */
static const char *file_mend(int number, bool reading)
{
    switch (number) {
    case EACCES:
    case EPERM:
        return reading ? "; let this user read it, or hand it over on standard input (-)"
                       : "; name a place where this user may write";
    case EISDIR:
        return reading ? "; name a file in it" : "; name a file";
    case ENOENT:
    case ENOTDIR:
        return reading ? "" : "; make its directory first, or name another place";
    case ENOSPC:
    case EDQUOT:
        return "; make room there";
    default:
        return "";
    }
}

static const char *why_not(int number, bool reading, char text[WHY_SIZE])
{
    snprintf(text, WHY_SIZE, "%s%s", strerror(number), file_mend(number, reading));
    return text;
}

static int file_error(bool json, const char *path, const char *why, const char *reason, int status)
{
    char text[1024];
    snprintf(text, sizeof text, "%s: %s", path, why);
    put_text("kwit: ", stderr);
    put_text(text, stderr);
    fputc('\n', stderr);
    if (json)
        print_error_line(reason, text);
    return status;
}

long long cli_now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_BOOTTIME, &now);
    return (long long)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Waits for more to read. False: nothing came in time, which errno says. until_ms 0: for ever. */
static bool wait_for_input(int file, int64_t until_ms)
{
    struct pollfd entry = { .fd = file, .events = POLLIN };
    for (;;) {
        int64_t left_ms = until_ms ? until_ms - cli_now_ms() : -1;
        int ready = poll(&entry, 1, until_ms && left_ms < 0 ? 0 : (int)left_ms);
        if (ready > 0)
            return true;
        if (ready == 0)
            errno = ETIMEDOUT;
        if (ready == 0 || errno != EINTR)
            return false;
    }
}

/* All of it, at most a little more than the limit; NULL: errno says why. */
static char *read_all(int file, size_t limit, int64_t until_ms, size_t *length)
{
    size_t capacity = 64 * 1024;
    char *bytes = malloc(capacity);
    ssize_t got = 1;
    *length = 0;
    while (bytes && got != 0 && *length <= limit) {
        if (*length == capacity - 1) {
            char *larger = realloc(bytes, capacity *= 2);
            if (!larger)
                break;
            bytes = larger;
        }
        got = wait_for_input(file, until_ms) ? read(file, bytes + *length, capacity - 1 - *length) : -1;
        if (got < 0 && (errno == EINTR || errno == EAGAIN))
            got = 1;
        else if (got < 0)
            break;
        else
            *length += (size_t)got;
    }
    if (bytes && (got == 0 || *length > limit)) {
        bytes[*length] = 0;
        return bytes;
    }
    free(bytes);
    return NULL;
}

int cli_read(const char *path, size_t limit, bool json, char **bytes, size_t *length)
{
    return cli_read_within(path, limit, 0, json, bytes, length);
}

/* A pipe is opened without waiting for its writer; poll waits then. Who types has all the time. */
int cli_read_within(const char *path, size_t limit, long long patience_ms, bool json, char **bytes, size_t *length)
{
    bool standard = !path || strcmp(path, "-") == 0;
    const char *name = standard ? "standard input" : path;
    int file = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    char text[WHY_SIZE];
    *bytes = NULL;
    if (file < 0)
        return file_error(json, name, errno == ENOENT ? "there is no such file; - stands for standard input"
                          : why_not(errno, true, text), "no_input", 66);
    *bytes = read_all(file, limit, patience_ms && !isatty(file) ? cli_now_ms() + patience_ms : 0, length);
    int number = errno;
    if (!standard)
        close(file);
    if (*bytes)
        return 0;
    const char *why = number == ETIMEDOUT ? "the document did not come in time" : why_not(number, true, text);
    return file_error(json, name, why, "no_input", 66);
}

int cli_write(const char *path, const void *bytes, size_t length)
{
    return cli_write_or_tell(path, bytes, length, false);
}

int cli_write_or_tell(const char *path, const void *bytes, size_t length, bool json)
{
    bool standard = strcmp(path, "-") == 0;
    char text[WHY_SIZE];
    FILE *file = standard ? stdout : fopen(path, "wb");
    bool failed = !file || fwrite(bytes, 1, length, file) != length || fflush(file) != 0;
    int number = errno;
    if (file && !standard && fclose(file) != 0 && !failed) {
        number = errno;
        failed = true;
    }
    return failed ? file_error(json, path, why_not(number, false, text), "io", 74) : 0;
}

static void show_progress(void *data, const char *stage, int64_t done)
{
    (void)data;
    fprintf(stderr, "\r\033[K%s: %lld", stage, (long long)done);
}

cli_progress_line cli_progress(void)
{
    return isatty(STDERR_FILENO) == 1 ? show_progress : NULL;
}

void cli_progress_end(void)
{
    if (cli_progress())
        fputs("\r\033[K", stderr);
}

int cli_show(kwit_result *result, const char *output, bool json)
{
    size_t length;
    const void *bytes = kwit_result_data(result, &length);
    int status = bytes && kwit_result_exit(result) == 0 ? cli_write(output ? output : "-", bytes, length) : 0;
    if (status == 0 && (json || kwit_result_exit(result) != 0))
        return cli_finish(result, json);
    if (status == 0)
        put_text(kwit_result_text(result), stderr);
    kwit_result_free(result);
    return status;
}

int cli_finish(kwit_result *result, bool json)
{
    int status = kwit_result_exit(result);
    if (json)
        puts(kwit_result_json(result));
    else
        put_text(kwit_result_text(result), status == 0 ? stdout : stderr);
    kwit_result_free(result);
    return status;
}

int cli_end_telling(int status)
{
    if (fflush(stdout) == 0 || status != 0)
        return status;
    fprintf(stderr, "kwit: standard output: %s\n", strerror(errno));
    return 74;
}
