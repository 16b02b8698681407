/*
 * fuzz_stream.c - any bytes for the simulated printer: the first chooses model, fault and split; the paper must not
 * depend on the split, and the grammar must always move on.
 */
#include "grammar/grammar.h"
#include "simulator/simulator.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct sum {
    uint64_t hash;
    size_t pieces, events;
    int64_t now_ms;
};

static void mix(struct sum *sum, const void *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        sum->hash = (sum->hash ^ ((const uint8_t *)bytes)[i]) * 1099511628211u;
}

static void take_paper(void *data, const struct kw_bitmap *dots, const char *text, int dpi)
{
    struct sum *sum = data;
    sum->pieces++;
    mix(sum, dots->bits, (size_t)dots->stride * (size_t)dots->height);
    mix(sum, text, strlen(text) + (dpi == 0));
}

static void take_event(void *data, const char *json)
{
    struct sum *sum = data;
    sum->events++;
    mix(sum, json, strlen(json));
}

static int64_t clock_of(void *data)
{
    return ((struct sum *)data)->now_ms;
}

static void walk_grammar(const uint8_t *data, size_t size)
{
    struct kw_grammar_token token;
    for (size_t at = 0; at < size; at += (size_t)token.length) {
        kw_grammar_next(data + at, size - at, 0, &token);
        if (token.length == 0)
            abort();
        if (token.kind == KW_TOKEN_PARTIAL || token.length > size - at)
            break;
    }
}

static struct sum print(const struct kw_profile *profile, const char *faults, const uint8_t *data, size_t size,
                        size_t step)
{
    struct sum sum = { .hash = 14695981039346656037u, .now_ms = 1000 };
    struct kw_sim_options options = { .profile = profile, .faults = faults, .paper = take_paper, .event = take_event,
                                      .output_data = &sum, .now_ms = clock_of, .now_data = &sum };
    struct kw_sim *sim;
    struct kw_error error;
    uint8_t replies[64];
    if (kw_sim_new(&options, &sim, &error) < 0)
        abort();
    for (size_t at = 0; at < size; at += step) {
        kw_sim_write(sim, data + at, size - at < step ? size - at : step);
        while (kw_sim_read(sim, replies, sizeof replies) > 0)
            ;
    }
    kw_sim_finish(sim, &error);
    kw_sim_free(sim);
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const profiles[] = { "tm-t20iii", "pos-58", "tm-t88v", "generic" };
    static const char *const faults[] = { NULL, "paper-out@mm=5,for=1ms", "garbage", "cutter-jam" };
    if (size < 2)
        return 0;
    uint8_t choice = data[0];
    const struct kw_profile *profile = kw_profile_find(profiles[choice & 3]);
    walk_grammar(data + 1, size - 1);
    const char *fault = choice & 64 ? faults[choice >> 4 & 3] : NULL;
    struct sum whole = print(profile, fault, data + 1, size - 1, size);
    if (!fault) {
        struct sum parts = print(profile, NULL, data + 1, size - 1, 1 + (choice >> 2 & 3) * 5);
        if (parts.hash != whole.hash || parts.pieces != whole.pieces || parts.events != whole.events)
            abort();
    }
    return 0;
}
