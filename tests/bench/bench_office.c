/*
 * bench_office.c - bench_office CONFIG STATE PORT DAY LEAST: durable answers a second that the office on that port
 * takes over many connections at once, and over one, one after another, by turns; exit 1 below LEAST times.
 */
#include <kwit/kwit.h>
#include <kwit/tool.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { ROUNDS = 5, MANY = 64, GROUPED = 2048, ALONE = 128, EACH = GROUPED + ALONE, ROOM = 16384 };
/* Of tills that push nothing, so many of each. */
enum { HANDLE = 501, CODES = 4096 };

static struct form { char code[32], k[64]; } forms[ROUNDS * EACH];
static int port;

struct work {
    const struct form *forms;
    int count;
    atomic_int next;
};

static void give_up(const char *what)
{
    fprintf(stderr, "bench: %s\n", what);
    exit(2);
}

static double now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int connect_to_office(void)
{
    const struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port),
                                         .sin_addr = { htonl(INADDR_LOOPBACK) } };
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || connect(fd, (const struct sockaddr *)&address, sizeof address) < 0)
        give_up("the office cannot be reached");
    return fd;
}

/* The whole answer to a request, whose connection stays. */
static int ask(int fd, const char *request, char answer[ROOM])
{
    size_t length = 0;
    const char *body = NULL, *announced = NULL;
    if (send(fd, request, strlen(request), MSG_NOSIGNAL) != (ssize_t)strlen(request))
        give_up("the office takes no request");
    while (!body || !announced || strlen(body) < strtoul(announced, NULL, 10)) {
        ssize_t got = recv(fd, answer + length, ROOM - 1 - length, 0);
        if (got <= 0)
            give_up("the office says nothing");
        answer[length += (size_t)got] = 0;
        if ((body = strstr(answer, "\r\n\r\n")))
            body += 4;
        if ((announced = strcasestr(answer, "content-length: ")))
            announced += strlen("content-length: ");
    }
    return atoi(answer + strlen("HTTP/1.1 "));
}

static void draw_forms(kwit_context *context, long long day)
{
    char request[256], answer[ROOM];
    int fd = connect_to_office();
    for (int i = 0; i < ROUNDS * EACH; i++) {
        const struct kwit_token_options options = { 1, HANDLE + i / CODES, day, i % CODES + 1, 0, 0 };
        kwit_result *result;
        size_t length = 0;
        if (kwit_survey_token_encode(context, &options, &result) < 0)
            give_up("no code can be made");
        for (const char *at = kwit_result_text(result); *at > ' ' && length < sizeof forms[i].code - 1; at++)
            if (*at != '-')
                forms[i].code[length++] = *at;
        kwit_result_free(result);
        snprintf(request, sizeof request, "GET /%s HTTP/1.1\r\nHost: x\r\n\r\n", forms[i].code);
        const char *k = ask(fd, request, answer) == 200 ? strstr(answer, "name=k value=\"") : NULL;
        if (!k)
            give_up("a code has no form");
        sscanf(k, "name=k value=\"%63[0-9a-f]", forms[i].k);
    }
    close(fd);
}

static void *answer_forms(void *data)
{
    struct work *work = data;
    char request[512], body[128], answer[ROOM];
    int fd = connect_to_office(), at;
    while ((at = atomic_fetch_add(&work->next, 1)) < work->count) {
        const struct form *form = &work->forms[at];
        const int length = snprintf(body, sizeof body, "csat=4&k=%s", form->k);
        snprintf(request, sizeof request, "POST /%s HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded"
                 "\r\nContent-Length: %d\r\n\r\n%s", form->code, length, body);
        if (ask(fd, request, answer) != 303)
            give_up("an answer was not saved");
    }
    close(fd);
    return NULL;
}

/* Answers a second over that many connections at once. */
static double rate(const struct form *first, int count, int connections)
{
    pthread_t threads[MANY];
    struct work work = { .forms = first, .count = count };
    const double began = now_s();
    for (int i = 0; i < connections; i++)
        if (pthread_create(&threads[i], NULL, answer_forms, &work) != 0)
            give_up("no thread");
    for (int i = 0; i < connections; i++)
        pthread_join(threads[i], NULL);
    return count / (now_s() - began);
}

static int compare(const void *a, const void *b)
{
    const double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

int main(int argc, char **argv)
{
    double grouped[ROUNDS], alone[ROUNDS], ratios[ROUNDS];
    kwit_context *context;
    if (argc != 6)
        return 2;
    struct kwit_settings settings = { .config_file = argv[1], .state_dir = argv[2] };
    if (kwit_context_new(&settings, &context) < 0)
        return 2;
    port = atoi(argv[3]);
    draw_forms(context, atoll(argv[4]));
    kwit_context_free(context);
    for (int i = 0; i < ROUNDS; i++) {
        grouped[i] = rate(forms + i * EACH, GROUPED, MANY);
        alone[i] = rate(forms + i * EACH + GROUPED, ALONE, 1);
        ratios[i] = grouped[i] / alone[i];
    }
    qsort(grouped, ROUNDS, sizeof *grouped, compare);
    qsort(alone, ROUNDS, sizeof *alone, compare);
    qsort(ratios, ROUNDS, sizeof *ratios, compare);
    const double ratio = ratios[ROUNDS / 2], least = atof(argv[5]);
    printf("durable answers a second: %.0f over %d connections, %.0f one after another: %.1fx (%.1f..%.1f, at least %.0fx)\n",
           grouped[ROUNDS / 2], MANY, alone[ROUNDS / 2], ratio, ratios[0], ratios[ROUNDS - 1], least);
    return ratio < least;
}
