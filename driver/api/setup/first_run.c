/* first_run.c - the texts of a first run: a configuration, and a receipt that never counts. */
#include "api/setup/first_run.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/zone.h"
#include "sale/sale.h"

#include <stdio.h>
#include <stdlib.h>

enum { TIME_SIZE = 40 };

/* Now, as this machine's clocks show it. */
static void time_text(char out[TIME_SIZE])
{
    struct kw_zone *zone = NULL;
    struct kw_error ignored;
    struct kw_time time = { 0 };
    int64_t now_ms = kw_clock_wall_ms();
    int offset = kw_zone_open(NULL, &zone, &ignored) == 0 ? (int)(kw_zone_offset(zone, now_ms / 1000) / 60) : 0;
    kw_zone_close(zone);
    kw_time_move(&time, now_ms, offset);
    snprintf(out, TIME_SIZE, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", time.year % 10000, time.month, time.day,
             time.hour, time.minute, time.second, offset < 0 ? '-' : '+', abs(offset) / 60 % 100, abs(offset) % 60);
}

void kw_first_document(const struct kw_first_run *run, struct kw_buffer *out)
{
    char time[TIME_SIZE], id[TIME_SIZE];
    bool whole = kw_currency_exponent(run->currency) == 0;
    struct kw_json json;
    time_text(time);
    snprintf(id, sizeof id, "setup-%lld", (long long)kw_clock_wall_ms());
    kw_json_init(&json, out);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "id", id);
    kw_json_string(&json, "kind", "training");
    kw_json_string(&json, "time", time);
    kw_json_string(&json, "currency", run->currency);
    kw_json_array(&json, "lines");
    kw_json_object(&json, NULL);
    kw_json_string(&json, "name", "kwit");
    kw_json_string(&json, "quantity", "2");
    kw_json_string(&json, "unit_price", whole ? "125" : "1.25");
    kw_json_string(&json, "total", whole ? "250" : "2.50");
    kw_json_end_object(&json);
    kw_json_end_array(&json);
    kw_json_string(&json, "total", whole ? "250" : "2.50");
    kw_json_end_object(&json);
}

void kw_first_config(const struct kw_first_run *run, struct kw_buffer *out)
{
    kw_buffer_format(out, "# Written by kwit setup. Every key: man kwit.conf, or kwit config show.\n\n[store]\n"
                     "name = %s\nlocale = %s\ncurrency = %s\n\n[printer]\nuri = %s\n", run->name, run->locale,
                     run->currency, run->uri);
    if (run->profile)
        kw_buffer_format(out, "profile = %s\n", run->profile);
    if (run->url)
        kw_buffer_format(out, "\n[survey]\nurl = %s\n", run->url);
}
