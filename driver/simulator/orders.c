/* orders.c - what a person does at the printer, in words: covers, paper, power, the feed button, the drawer. */
#include "simulator/conditions.h"
#include "simulator/faults.h"
#include "simulator/machine.h"
#include "simulator/paper.h"

#include <stdio.h>
#include <string.h>

/* A roll of the length that is said, else as the first one. */
static void load_paper(struct kw_sim *sim, const char *argument)
{
    int mm = sim->options.roll_mm;
    kw_sim_read_roll(argument, &mm);
    kw_sim_end_piece(sim, false);
    sim->s.paper.roll_start_dots = sim->s.paper.travel_dots;
    sim->s.paper.roll_dots = (int64_t)mm * sim->dpi * 10 / 254;
    kw_sim_mend(sim, KW_COND_PAPER_END | KW_COND_NEAR_END);
}

static void press_feed(struct kw_sim *sim, const char *argument)
{
    (void)argument;
    if (sim->s.health.conditions & KW_COND_WAITING)
        kw_sim_mend(sim, KW_COND_WAITING);
    else if (!sim->s.host.feed_button_off && kw_sim_can_print(sim))
        kw_sim_advance(sim, sim->s.line.line_spacing[0]);
}

static void clear_cutter(struct kw_sim *sim, const char *argument)
{
    (void)argument;
    kw_sim_mend(sim, KW_COND_CUTTER | KW_COND_RECOVERABLE);
}

/* An order sets and clears conditions, or calls its function with what stands behind its words. */
static const struct order {
    const char *words;
    uint32_t set, clear;
    void (*run)(struct kw_sim *sim, const char *argument);
} orders[] = {
    { "cover open", KW_COND_COVER, 0, NULL },
    { "cover close", 0, KW_COND_COVER | KW_COND_CUTTER | KW_COND_RECOVERABLE, NULL },
    { "paper out", KW_COND_PAPER_END, 0, NULL },
    { "paper near-end", KW_COND_NEAR_END, 0, NULL },
    { "paper load", 0, 0, load_paper },
    { "power off", KW_COND_POWER, 0, NULL },
    { "power on", 0, KW_COND_POWER | KW_COND_DEAD | KW_COND_CUTTER | KW_COND_RECOVERABLE | KW_COND_STUCK, NULL },
    { "unplug", KW_COND_UNPLUGGED, 0, NULL },
    { "plug in", 0, KW_COND_UNPLUGGED, NULL },
    { "feed", 0, 0, press_feed },
    { "cutter jam", KW_COND_CUTTER, 0, NULL },
    { "cutter clear", 0, 0, clear_cutter },
    { "drawer open", KW_COND_DRAWER_OPEN, 0, NULL },
    { "drawer close", 0, KW_COND_DRAWER_OPEN, NULL },
    { "mute", KW_COND_MUTE, 0, NULL },
    { "speak", 0, KW_COND_MUTE | KW_COND_GARBAGE | KW_COND_LATE, NULL },
    { "cool", 0, KW_COND_HOT, NULL },
    { "status", 0, 0, NULL },
};
enum { ORDERS = sizeof orders / sizeof orders[0] };

static void tell(const struct kw_sim *sim, struct kw_buffer *answer)
{
    static const struct { uint32_t condition; const char *text; } words[] = {
        { KW_COND_POWER, "power off" }, { KW_COND_UNPLUGGED, "unplugged" }, { KW_COND_PAPER_END, "paper out" },
        { KW_COND_COVER, "cover open" }, { KW_COND_CUTTER, "cutter jammed" }, { KW_COND_RECOVERABLE, "error" },
        { KW_COND_DEAD, "dead" }, { KW_COND_HOT, "head hot" }, { KW_COND_FEEDING, "feeding" },
        { KW_COND_WAITING, "waiting" },
        { KW_COND_STUCK, "stuck" }, { KW_COND_MUTE, "mute" }, { KW_COND_DRAWER_OPEN, "drawer open" }
    };
    kw_buffer_text(answer, sim->s.health.conditions & (KW_COND_OFFLINE | KW_COND_GONE) ? "offline" : "online");
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (sim->s.health.conditions & words[i].condition)
            kw_buffer_format(answer, ", %s", words[i].text);
    if (kw_sim_paper_near_end(sim))
        kw_buffer_text(answer, ", paper near its end");
    kw_buffer_format(answer, "; %llu bytes read, %zu waiting, %u cuts, %.1f mm", (unsigned long long)sim->s.in.accepted,
                     kw_sim_waiting(sim),
                     sim->s.paper.cuts, kw_sim_mm(sim));
}

static const struct order *find_order(const char *text)
{
    for (size_t i = 0; i < ORDERS; i++) {
        size_t length = strlen(orders[i].words);
        if (strncmp(text, orders[i].words, length) == 0 && (text[length] == 0 || text[length] == ' '))
            return &orders[i];
    }
    return NULL;
}

int kw_sim_check_order(const char *text, struct kw_error *error)
{
    if (find_order(text + strspn(text, " ")))
        return 0;
    kw_fail(error, KWIT_E_USAGE, "order", "\"%.60s\" is no order; there are:", text);
    size_t used = error ? strlen(error->text) : 0;
    for (size_t i = 0; error && i < ORDERS && used < sizeof error->text; i++)
        used += (size_t)snprintf(error->text + used, sizeof error->text - used, "%s %s", i ? "," : "", orders[i].words);
    return KWIT_E_USAGE;
}

int kw_sim_order(struct kw_sim *sim, const char *text, struct kw_buffer *answer, struct kw_error *error)
{
    int code = kw_sim_check_order(text, error);
    if (code < 0)
        return code;
    text += strspn(text, " ");
    const struct order *order = find_order(text);
    const char *argument = text + strlen(order->words);
    uint32_t also = order->set == KW_COND_COVER && sim->s.raster.active ? KW_COND_OPENED_PRINTING : 0;
    if (order->run)
        order->run(sim, argument + strspn(argument, " "));
    if (order->clear)
        kw_sim_mend(sim, order->clear);
    if (order->set)
        kw_sim_conditions(sim, order->set | also, 0);
    kw_sim_process(sim);
    tell(sim, answer);
    return 0;
}
