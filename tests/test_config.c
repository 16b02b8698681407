/* test_config.c - the configuration: defaults, merging, inheritance, faults and what they stop. */
#include "config/private.h"
#include "support/clock.h"
#include "support/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

struct world {
    struct kw_arena *arena;
    struct kw_config config;
    struct kw_notes warnings;
    struct kw_error error;
};

static int set_up(void **state)
{
    struct world *world = calloc(1, sizeof *world);
    assert_non_null(world);
    world->arena = kw_arena_new(8 << 20);
    assert_int_equal(place_make(NULL), 0);
    kw_notes_init(&world->warnings, world->arena);
    *state = world;
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;
    kw_arena_free(world->arena);
    free(world);
    return place_remove(NULL);
}

static const char *put(struct world *world, const char *name, const char *text)
{
    const char *path = kw_arena_format(world->arena, "%s/%s", place, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
    return path;
}

static int load(struct world *world, const char *text)
{
    return kw_config_load(world->arena, put(world, "kwit.conf", text), false, &world->config, &world->warnings,
                          &world->error);
}

static bool warned(const struct world *world, const char *part)
{
    for (size_t i = 0; i < world->warnings.count; i++)
        if (strstr(world->warnings.items[i].text, part))
            return true;
    return false;
}

static const char *origin_of(const struct world *world, const char *section, const char *key)
{
    struct kw_config_entry entry;
    for (size_t i = 0; kw_config_entry(&world->config, i, &entry); i++)
        if (strcmp(entry.section, section) == 0 && strcmp(entry.key, key) == 0)
            return entry.origin;
    return NULL;
}

static void nothing_said_gives_the_defaults(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, ""), 0);
    const struct kw_config_printer *printer = kw_config_find_printer(&world->config, NULL);
    assert_int_equal(world->config.printer_count, 1);
    assert_null(printer->uri);
    assert_true(printer->queue);
    assert_false(printer->shared);
    assert_int_equal(printer->deadline_ms, 15 * 60 * 1000);
    assert_int_equal(printer->timeout_ms, 0);
    assert_int_equal(printer->confirm, KW_PROOF_AUTO);
    assert_int_equal(world->config.survey.rate_bp, 10000);
    assert_false(world->config.survey.configured);
    assert_null(world->config.survey.fault);
    assert_int_equal(world->config.journal.keys_days, 400);
    assert_int_equal(world->config.journal.keep_days, 400);
    assert_int_equal(world->config.journal.keep_comments_days, 90);
    assert_int_equal(world->config.store.toman, 1);
    assert_int_equal(world->warnings.count, 0);
}

static void every_default_is_within_its_own_limits(void **state)
{
    struct world *world = *state;
    const char *text = "";
    struct kw_config_entry entry;
    assert_int_equal(load(world, "[printer]\n[variant a]\n"), 0);
    for (size_t i = 0; kw_config_entry(&world->config, i, &entry); i++) {
        assert_string_equal(entry.origin, "default");
        assert_true(strlen(entry.help) > 10);
        text = kw_arena_format(world->arena, "%s[%s]\n%s = %s\n", text, entry.section, entry.key, entry.value);
    }
    world->warnings.count = 0;
    assert_int_equal(load(world, text), 0);
    for (size_t i = 0; i < world->warnings.count; i++)
        assert_non_null(strstr(world->warnings.items[i].text, "[survey] has no `url`"));
}

static void values_reach_their_members(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world,
        "# a comment\n[store]\nid = 0042\naddress = Rynek 1; lok. 2\naddress = 00-001 Warszawa\nday_starts = 04:30\n"
        "toman = yes\nfooter = thanks ; # come again\n"
        "[printer]\nuri = tcp://10.0.0.5:9100\nconfirm = require\ntimeout = 1500 ms\ndeadline=2 h\nshared = yes\n"
        "queue = off\ncut = none\nqr = raster\ndrawer_open_is = low\ndrawer_on = 100 ms\n"
        "[receipt]\norder = logo, lines , total\nid_scope = business_day\n"
        "[survey]\nurl = https://fb.example.com/{token}?a=b:c;d\nrate = 12.5%\nkey_file = till.key\nrecord_cashier = 1\n"
        "[journal]\non_failure = print\nkeep_days = 30\nkeep_comments = 7\n"), 0);
    const struct kw_config *config = &world->config;
    const struct kw_config_printer *printer = kw_config_find_printer(config, NULL);
    assert_string_equal(config->store.id, "0042");
    assert_string_equal(config->store.address[0], "Rynek 1; lok. 2");
    assert_string_equal(config->store.address[1], "00-001 Warszawa");
    assert_null(config->store.address[2]);
    assert_string_equal(config->store.footer[0], "thanks ; # come again");
    assert_int_equal(config->store.day_starts_minutes, 270);
    assert_int_equal(config->store.toman, 10);
    assert_string_equal(printer->uri, "tcp://10.0.0.5:9100");
    assert_int_equal(printer->confirm, KW_PROOF_REQUIRE);
    assert_int_equal(printer->timeout_ms, 1500);
    assert_int_equal(printer->deadline_ms, 7200000);
    assert_true(printer->shared);
    assert_false(printer->queue);
    assert_int_equal(printer->cut, KW_CUTTING_NONE);
    assert_int_equal(printer->qr, KW_DRAWING_RASTER);
    assert_true(printer->drawer_open_is_low);
    assert_int_equal(printer->drawer_on_ms, 100);
    assert_string_equal(config->receipt.order[1], "lines");
    assert_string_equal(config->receipt.order[2], "total");
    assert_null(config->receipt.order[3]);
    assert_int_equal(config->receipt.id_scope, KW_SCOPE_BUSINESS_DAY);
    assert_string_equal(config->survey.url, "https://fb.example.com/{token}?a=b:c;d");
    assert_int_equal(config->survey.rate_bp, 1250);
    assert_true(config->survey.record_cashier);
    assert_string_equal(config->survey.key_file, kw_arena_format(world->arena, "%s/till.key", place));
    assert_int_equal(config->journal.on_failure, KW_FAILURE_PRINT);
    assert_int_equal(config->journal.keep_days, 30);
    assert_int_equal(config->journal.keep_comments_days, 7);
    assert_int_equal(world->warnings.count, 0);
}

static void named_printers_inherit_whatever_the_order(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[printer kitchen]\nuri = tcp://kitchen\nlate = print\n[printer]\nuri = usb:\n"
                                 "late = drop\ncut = full\n[printer bar]\n"), 0);
    const struct kw_config_printer *kitchen = kw_config_find_printer(&world->config, "kitchen");
    assert_non_null(kitchen);
    assert_string_equal(kitchen->uri, "tcp://kitchen");
    assert_int_equal(kitchen->late, KW_LATE_PRINT);
    assert_int_equal(kitchen->cut, KW_CUTTING_FULL);
    assert_string_equal(kw_config_find_printer(&world->config, "bar")->uri, "usb:");
    assert_string_equal(kw_config_find_printer(&world->config, NULL)->uri, "usb:");
    assert_null(kw_config_find_printer(&world->config, "cellar"));
}

static void the_only_named_printer_is_the_default(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[printer front]\nuri = tcp://front\n"), 0);
    assert_string_equal(kw_config_find_printer(&world->config, NULL)->name, "front");
}

static void parts_are_merged_in_byte_order_after_the_main_file(void **state)
{
    struct world *world = *state;
    put(world, "kwit.conf", "[store]\nname = main\nphone = 1\nheader = a\nheader = b\n");
    assert_int_equal(mkdir(kw_arena_format(world->arena, "%s/conf.d", place), 0700), 0);
    put(world, "conf.d/20-b.conf", "[store]\nname = twenty\n");
    put(world, "conf.d/10-a.conf", "[store]\nname = ten\nphone = 2\nheader = c\n");
    put(world, "conf.d/90-ignored.txt", "[store]\nname = ignored\n");
    put(world, "conf.d/.hidden.conf", "[store]\nname = hidden\n");
    assert_int_equal(kw_config_load(world->arena, place, false, &world->config, &world->warnings, NULL), 0);
    assert_string_equal(world->config.store.name, "twenty");
    assert_string_equal(world->config.store.phone, "2");
    assert_string_equal(world->config.store.header[0], "c");
    assert_null(world->config.store.header[1]);
    assert_non_null(strstr(origin_of(world, "store", "name"), "conf.d/20-b.conf:2"));
    assert_non_null(strstr(origin_of(world, "store", "phone"), "conf.d/10-a.conf:3"));
    assert_string_equal(origin_of(world, "store", "tax_id"), "default");
    assert_null(world->config.files[3]);
}

static void a_link_that_leads_nowhere_is_no_file_that_is_not_there(void **state)
{
    struct world *world = *state;
    put(world, "kwit.conf", "[store]\nname = main\n");
    mkdir(kw_arena_format(world->arena, "%s/conf.d", place), 0700);
    const char *link = kw_arena_format(world->arena, "%s/conf.d/50-till.conf", place);
    assert_int_equal(symlink("/nowhere/till.conf", link), 0);
    assert_int_equal(kw_config_load(world->arena, place, false, &world->config, &world->warnings, &world->error),
                     KWIT_E_CONFIG);
    assert_string_equal(world->error.where, link);
    assert_non_null(strstr(world->error.text, "leads nowhere"));
    unlink(link);
    assert_int_equal(kw_config_load(world->arena, place, false, &world->config, &world->warnings, &world->error), 0);
}

static void an_unknown_key_is_named_with_its_line_and_the_nearest(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[printer]\n\n; comment\nconfrim = require\nrate = 5%\n[stroe]\n[survey shop]\n"), 0);
    assert_true(warned(world, "kwit.conf:4: [printer] has no key `confrim`; did you mean `confirm`?"));
    assert_true(warned(world, "kwit.conf:5: [printer] has no key `rate`; it belongs to [survey]"));
    assert_true(warned(world, "kwit.conf:6: there is no section [stroe]; did you mean [store]?"));
    assert_true(warned(world, "kwit.conf:7: [survey shop] takes no name"));
    assert_int_equal(kw_config_load(world->arena, put(world, "kwit.conf", "[printer]\nx = 1\n"), true, &world->config,
                                    &world->warnings, &world->error), KWIT_E_CONFIG);
    assert_non_null(strstr(world->error.where, "kwit.conf:2"));
}

static void a_key_said_twice_is_told_and_stops_nothing(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[printer]\nuri = usb:\nconfirm = auto\nuri = tcp://second  \n"), 0);
    assert_true(warned(world, "kwit.conf:4: `uri` is said twice (also in line 2); the last counts"));
    assert_int_equal(world->warnings.count, 1);
    assert_string_equal(kw_config_find_printer(&world->config, NULL)->uri, "tcp://second");
    assert_int_equal(kw_config_printer_check(kw_config_find_printer(&world->config, NULL), &world->error), 0);
}

/* `count` times the line below the head; whoever joins or keeps each with all others runs out of arena. */
static int load_repeated(struct world *world, const char *head, const char *line, int count)
{
    size_t length = strlen(line);
    char *text = kw_arena_alloc(world->arena, strlen(head) + length * (size_t)count + 1);
    assert_non_null(text);
    char *end = stpcpy(text, head);
    for (int i = 0; i < count; i++)
        end = stpcpy(end, line);
    return load(world, text);
}

static void a_list_said_ten_thousand_times_is_a_fault_and_no_more(void **state)
{
    struct world *world = *state;
    const char *head = "[survey]\nurl = HTTPS://A.EXAMPLE/{token}\n";
    assert_int_equal(load_repeated(world, head, "exclude = hour=22\n", 10000), 0);
    assert_non_null(strstr(world->config.survey.fault, "at most 4096 bytes"));
    assert_int_equal(world->warnings.count, 1);
}

static void the_first_two_hundred_faults_are_told(void **state)
{
    struct world *world = *state;
    const struct kw_config_fault *faults;
    size_t count;
    const char *file = kw_arena_format(world->arena, "%s/kwit.conf", place);
    assert_int_equal(load_repeated(world, "[printer]\n", "x = 1\n", 5000), 0);
    assert_int_equal(kw_config_check(world->arena, file, &world->config, &faults, &count, &world->error), 0);
    assert_int_equal(count, 200);
    assert_int_equal(load_repeated(world, "[printer]\n", "x = 1\n[\n", 5000), KWIT_E_CONFIG);
}

static void only_a_near_name_is_suggested(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[printer]\nconfi = auto\nrim = auto\n"
                                 "a_name_that_is_longer_than_any_key_that_there_is_at_all = 1\n[floor]\n"), 0);
    assert_true(warned(world, "kwit.conf:2: [printer] has no key `confi`; did you mean `confirm`?"));
    for (size_t i = 0; i < world->warnings.count; i++)
        if (strstr(world->warnings.items[i].text, "did you mean") && !strstr(world->warnings.items[i].text, "`confi`"))
            fail_msg("%s", world->warnings.items[i].text);
}

static void what_is_no_readable_file_is_told(void **state)
{
    struct world *world = *state;
    char *text = malloc(1200000);
    assert_non_null(text);
    assert_int_equal(mkdir(kw_arena_format(world->arena, "%s/folder.conf", place), 0700), 0);
    assert_int_equal(kw_config_load(world->arena, kw_arena_format(world->arena, "%s/none.conf", place), false,
                                    &world->config, &world->warnings, &world->error), KWIT_E_CONFIG);
    snprintf(text, 100, "[store]\nname = ");
    for (int i = 0; i < 1400; i++)
        strcpy(text + 15 + 3 * i, "\u20AC");
    assert_int_equal(load(world, text), 0);
    assert_true(warned(world, "\u20AC`: wanted is text of at most 4096 bytes"));
    memset(text, '#', 1100000);
    text[1100000] = 0;
    assert_int_equal(load(world, text), KWIT_E_CONFIG);
    assert_non_null(strstr(world->error.text, "larger than"));
    free(text);
    if (geteuid() == 0)
        return;
    const char *path = put(world, "closed.conf", "[store]\n");
    assert_int_equal(chmod(path, 0), 0);
    assert_int_equal(kw_config_load(world->arena, path, false, &world->config, &world->warnings, &world->error),
                     KWIT_E_PERMISSION);
    assert_non_null(strstr(world->error.text, "chgrp kwit"));
}

static void a_fault_in_a_printer_stops_that_printer_alone(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world,
                          "[printer]\nuri = usb:\n[printer kitchen]\nconfirm = maybe\n[printer bar]\nuri tcp://x\n"),
                     0);
    assert_int_equal(kw_config_printer_check(kw_config_find_printer(&world->config, NULL), &world->error), 0);
    assert_int_equal(kw_config_printer_check(kw_config_find_printer(&world->config, "kitchen"), &world->error),
                     KWIT_E_CONFIG);
    assert_non_null(strstr(world->error.where, "kwit.conf:4"));
    assert_non_null(strstr(world->error.text, "auto|require|never"));
    assert_int_equal(kw_config_printer_check(kw_config_find_printer(&world->config, "bar"), NULL), KWIT_E_CONFIG);
}

static void a_fault_that_names_the_sale_wrongly_stops(void **state)
{
    struct world *world = *state;
    static const char *const texts[] = {
        "[store]\nday_starts = 25:00\n", "[receipt]\nid_scope = weekly\n", "[journal]\non_failure = hope\n",
        "[store\nid = 1\n", "[store]\nid\n"
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        assert_int_equal(load(world, texts[i]), KWIT_E_CONFIG);
        assert_non_null(strstr(world->error.where, "kwit.conf:"));
        assert_true(strlen(world->error.text) > 20);
    }
}

static void a_trifle_leaves_its_default_in_force(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[printer]\ntimeout = soon\ncut = maybe\n[journal]\nkeys_days = 1e3\n"), 0);
    const struct kw_config_printer *printer = kw_config_find_printer(&world->config, NULL);
    assert_int_equal(kw_config_printer_check(printer, NULL), 0);
    assert_int_equal(printer->timeout_ms, 0);
    assert_int_equal(printer->cut, KW_CUTTING_AUTO);
    assert_int_equal(world->config.journal.keys_days, 400);
    assert_int_equal(world->warnings.count, 3);
    assert_non_null(strstr(origin_of(world, "printer", "cut"), "default ("));
}

static void no_fault_in_the_survey_stops_a_receipt(void **state)
{
    struct world *world = *state;
    static const char *const texts[] = {
        "[survey]\n", "[survey]\nurl = https://x/{token}\nvariants = a, a\n",
        "[survey]\nurl = https://g.page/r/x/review?t={token}\nreward = tea\n",
        "[survey]\nurl = https://x/{token}\nrate = 2\n",
        "[survey]\nurl = https://x/{token}\nreward = x\nreward_kind = draw\n",
        "[survey]\nurl = https://x/{token}\n[variant a]\nweight = 2\n", "[survey]\nurl = https://x/{token}\nrate\n",
        "[survey]\nurl = https://x/{token}\nvariants = a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q\n"
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        kw_notes_init(&world->warnings, world->arena);
        assert_int_equal(load(world, texts[i]), 0);
        assert_non_null(world->config.survey.fault);
        assert_int_equal(world->warnings.count, 1);
    }
}

static void news_need_a_date(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[survey]\nurl = HTTPS://X/{token}\nnews = 2026-11-20 Now two tills.\n"
                                 "news = Soon three.\nnews = 2026-02-30 Four.\nform = side\nminutes = 3\n"), 0);
    assert_int_equal(world->warnings.count, 2);
    assert_non_null(strstr(world->warnings.items[0].text, "Soon three."));
    assert_non_null(strstr(world->warnings.items[1].text, "2026-02-30"));
    assert_true(world->config.survey.configured && !world->config.survey.fault);
    assert_int_equal(world->config.survey.form, KW_FORM_SIDE);
    assert_int_equal(world->config.survey.minutes, 3);
    assert_int_equal(world->config.receipt.paper, KW_PAPER_USUAL);
}

static void variants_keep_the_order_that_the_survey_names(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world,
                          "[variant b]\ntitle = B!\nweight = 3\n[survey]\nurl = HTTPS://X/{token}\nvariants = a, b\n"),
                     0);
    assert_null(world->config.survey.fault);
    assert_int_equal(world->config.survey.variant_count, 2);
    assert_string_equal(world->config.survey.variants[0].name, "a");
    assert_int_equal(world->config.survey.variants[0].weight, 1);
    assert_string_equal(world->config.survey.variants[1].title, "B!");
    assert_int_equal(world->config.survey.variants[1].weight, 3);
}

static void the_digest_follows_values_not_wording(void **state)
{
    struct world *world = *state;
    uint8_t first[16], second[16];
    assert_int_equal(load(world, "[store]\nname = A\nphone = 1\n"), 0);
    kw_config_digest(&world->config, first);
    assert_int_equal(load(world, "# other\n[store]\nphone=1\nname  =  A\n[printer]\nupside_down = no\n"), 0);
    kw_config_digest(&world->config, second);
    assert_memory_equal(first, second, sizeof first);
    assert_int_equal(load(world, "[store]\nname = B\nphone = 1\n"), 0);
    kw_config_digest(&world->config, second);
    assert_memory_not_equal(first, second, sizeof first);
}

static void lead_to(struct world *world, const char *file)
{
    char *target = realpath(file, NULL);
    const char *link = kw_arena_format(world->arena, "%s/kwit.conf", place);
    assert_non_null(target);
    unlink(link);
    assert_int_equal(symlink(target, link), 0);
    free(target);
}

static void what_it_was_read_from_is_unchanged_until_anything_there_is_another(void **state)
{
    static const char one[] = "tests/fixtures/maps/shop.conf", other[] = "udev/compose/office.conf";
    struct world *world = *state;
    const char *parts = kw_arena_format(world->arena, "%s/conf.d", place);
    lead_to(world, one);
    clock_follows(place, 60000);
    assert_int_equal(kw_config_load(world->arena, place, false, &world->config, &world->warnings, &world->error), 0);
    assert_true(kw_config_unchanged(&world->config));
    assert_int_equal(mkdir(parts, 0700), 0);
    assert_false(kw_config_unchanged(&world->config));
    assert_int_equal(rmdir(parts), 0);
    assert_true(kw_config_unchanged(&world->config));
    lead_to(world, other);
    assert_false(kw_config_unchanged(&world->config));
    lead_to(world, one);
    assert_true(kw_config_unchanged(&world->config));
    clock_follows(NULL, 0);
}

static void what_has_just_changed_may_change_again_unseen(void **state)
{
    struct world *world = *state;
    for (int later = 0; later < 2; later++) {
        const char *written = put(world, "kwit.conf", "[store]\nname = A\n");
        clock_follows(written, later ? 60000 : 1000);
        assert_int_equal(kw_config_load(world->arena, written, false, &world->config, &world->warnings,
                                        &world->error), 0);
        assert_int_equal(kw_config_unchanged(&world->config), later);
    }
    clock_follows(NULL, 0);
}

static void line_numbers_survive_long_lines_and_byte_order_marks(void **state)
{
    struct world *world = *state;
    char *text = kw_arena_alloc(world->arena, 4000);
    strcpy(text, "\xEF\xBB\xBF[store]\nfooter = ");
    memset(text + strlen(text), 'x', 3000);
    strcat(text, "\nnmae = a\r\n[nowhere]");
    assert_int_equal(load(world, text), 0);
    assert_int_equal(strlen(world->config.store.footer[0]), 3000);
    assert_true(warned(world, "kwit.conf:3: [store] has no key `nmae`"));
    assert_true(warned(world, "kwit.conf:4: there is no section [nowhere]"));
}

static void what_is_no_configuration_is_refused(void **state)
{
    struct world *world = *state;
    assert_int_equal(load(world, "[store]\nname = \xFF\n"), KWIT_E_CONFIG);
    assert_int_equal(kw_config_load(world->arena, "/nowhere/kwit.conf", false, &world->config, &world->warnings,
                                    &world->error), KWIT_E_CONFIG);
    assert_string_equal(world->error.where, "/nowhere/kwit.conf");
    assert_int_equal(load(world, "[store]\nname = \x01\n"), 0);
    assert_true(warned(world, "control characters"));
}

static void an_exhausted_arena_is_an_error_and_nothing_worse(void **state)
{
    struct world *world = *state;
    const char *path = put(world, "kwit.conf",
                           "[survey]\nurl = https://x/{token}\nvariants = a, b\n[printer k]\nuri=x\n");
    int code = KWIT_E_NO_MEMORY;
    for (size_t ceiling = 0; code == KWIT_E_NO_MEMORY && ceiling < (4 << 20); ceiling += 8192) {
        struct kw_arena *arena = kw_arena_new(ceiling);
        kw_notes_init(&world->warnings, arena);
        code = kw_config_load(arena, path, false, &world->config, &world->warnings, NULL);
        kw_arena_free(arena);
    }
    assert_int_equal(code, 0);
}

static void every_row_is_found_by_its_name(void **state)
{
    (void)state;
    for (const struct key *key = kw_config_keys; *key->name; key++)
        assert_ptr_equal(kw_config_key(key->section, key->name), key);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(nothing_said_gives_the_defaults),
        TEST(every_default_is_within_its_own_limits),
        TEST(every_row_is_found_by_its_name),
        TEST(values_reach_their_members),
        TEST(named_printers_inherit_whatever_the_order),
        TEST(the_only_named_printer_is_the_default),
        TEST(parts_are_merged_in_byte_order_after_the_main_file),
        TEST(a_link_that_leads_nowhere_is_no_file_that_is_not_there),
        TEST(an_unknown_key_is_named_with_its_line_and_the_nearest),
        TEST(a_key_said_twice_is_told_and_stops_nothing),
        TEST(a_list_said_ten_thousand_times_is_a_fault_and_no_more),
        TEST(the_first_two_hundred_faults_are_told),
        TEST(only_a_near_name_is_suggested),
        TEST(what_is_no_readable_file_is_told),
        TEST(a_fault_in_a_printer_stops_that_printer_alone),
        TEST(a_fault_that_names_the_sale_wrongly_stops),
        TEST(a_trifle_leaves_its_default_in_force),
        TEST(no_fault_in_the_survey_stops_a_receipt),
        TEST(news_need_a_date), TEST(variants_keep_the_order_that_the_survey_names),
        TEST(the_digest_follows_values_not_wording),
        TEST(what_it_was_read_from_is_unchanged_until_anything_there_is_another),
        TEST(what_has_just_changed_may_change_again_unseen),
        TEST(line_numbers_survive_long_lines_and_byte_order_marks),
        TEST(what_is_no_configuration_is_refused),
        TEST(an_exhausted_arena_is_an_error_and_nothing_worse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
