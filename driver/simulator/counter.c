/* counter.c - GS C and GS c: a number that the printer counts and prints. */
#include "simulator/counter.h"

#include "simulator/events.h"
#include "simulator/handlers.h"
#include "simulator/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MOST = 5, FIELDS = 5 };

void kw_sim_reset_counter(struct kw_sim *sim)
{
    sim->s.counter = (struct kw_sim_counter){ .value = 1, .from = 1, .to = UINT16_MAX, .step = 1, .repeat = 1 };
}

static void set_layout(struct kw_sim *sim, uint8_t digits, uint8_t m)
{
    int layout = kw_sim_digit(m, 2);
    if (digits > DIGITS_MOST || layout < 0) {
        kw_sim_out_of_range(sim, "GS C 0", digits > DIGITS_MOST ? digits : m);
        return;
    }
    sim->s.counter.digits = digits;
    sim->s.counter.layout = (uint8_t)layout;
}

/* GS C ; from; to; step; repeat; value; where an empty field leaves what is set. */
static void set_by_text(struct kw_sim *sim, const char *text)
{
    struct kw_sim_counter *counter = &sim->s.counter;
    long fields[FIELDS] = { counter->from, counter->to, counter->step, counter->repeat, counter->value };
    static const long most[FIELDS] = { UINT16_MAX, UINT16_MAX, UINT8_MAX, UINT8_MAX, UINT16_MAX };
    for (int i = 0; i < FIELDS && *text; i++) {
        long value = strtol(text, NULL, 10);
        if (*text != ';' && value <= most[i])
            fields[i] = value;
        text += strcspn(text, ";");
        text += *text == ';';
    }
    *counter = (struct kw_sim_counter){
        .from = (uint16_t)fields[0], .to = (uint16_t)fields[1], .step = (uint8_t)fields[2],
        .repeat = (uint8_t)fields[3], .value = (uint16_t)fields[4],
        .digits = counter->digits, .layout = counter->layout
    };
}

HANDLER(count_mode)
{
    struct kw_sim_counter *counter = &sim->s.counter;
    char text[72] = "";
    switch (bytes[2]) {
    case '0':
        set_layout(sim, bytes[3], bytes[4]);
        break;
    case '1':
        counter->from = (uint16_t)kw_sim_pair(bytes + 3);
        counter->to = (uint16_t)kw_sim_pair(bytes + 5);
        counter->step = bytes[7];
        counter->repeat = bytes[8];
        counter->printed = 0;
        break;
    case '2':
        counter->value = (uint16_t)kw_sim_pair(bytes + 3);
        counter->printed = 0;
        break;
    default:
        memcpy(text, bytes + 3, length - 3 < sizeof text ? length - 3 : sizeof text - 1);
        set_by_text(sim, text);
        break;
    }
    return length;
}

/* Outside its range it goes on at the end where it began. */
static uint16_t within(const struct kw_sim_counter *counter, long value)
{
    bool up = counter->from <= counter->to;
    long least = up ? counter->from : counter->to, most = up ? counter->to : counter->from;
    return value < least || value > most ? counter->from : (uint16_t)value;
}

static void count_on(struct kw_sim_counter *counter)
{
    bool stands = counter->from == counter->to || counter->step == 0 || counter->repeat == 0;
    if (stands || ++counter->printed < counter->repeat)
        return;
    counter->printed = 0;
    counter->value = within(counter, counter->from < counter->to ? (long)counter->value + counter->step
                                                                  : (long)counter->value - counter->step);
}

HANDLER(print_count)
{
    static const char *const layouts[] = { "%*u", "%0*u", "%-*u" };
    struct kw_sim_counter *counter = &sim->s.counter;
    char digits[16];
    (void)bytes;
    counter->value = within(counter, counter->value);
    int count = snprintf(digits, sizeof digits, layouts[counter->layout], counter->digits, (unsigned)counter->value);
    int shown = counter->digits > 0 && counter->digits < count ? counter->digits : count;
    kw_sim_put_text(sim, (const uint8_t *)digits + count - shown, (size_t)shown, sim->s.in.parsed);
    count_on(counter);
    return length;
}
