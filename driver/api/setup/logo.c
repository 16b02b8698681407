/*
 * logo.c - kwit logo store: the shop's logo into the printer's own memory, so that a receipt names it in eleven bytes.
 *
 * The dots are made by the same steps as for a receipt, so that layout knows their size without asking the printer.
 */
#include "api/context.h"
#include "api/images.h"
#include "api/result.h"
#include "api/setup/named.h"
#include "api/usb_rows.h"
#include "base/clock.h"
#include "config/config.h"
#include "escpos/escpos.h"
#include "state/state.h"

#include <kwit/tool.h>

#include <string.h>

enum { ARENA_CEILING = 256 * 1024 * 1024, COMMAND_CEILING = 80 * 1024 };
enum { OPEN_MS = 5000, SEND_MS = 30000, ANSWER_MS = 10000 };

static const char default_key[] = "KL";

struct storing {
    const kwit_context *context;
    const struct kwit_logo_options *options;
    struct kw_arena *arena;
    struct kw_notes warnings;
    struct kw_config config;
    struct kw_config_printer printer;
    const char *uri;
    const struct kw_transport_ops *ops;
    const struct kw_profile *profile;
    const struct kw_bitmap *bitmap;
    const uint8_t *key;
    struct kw_buffer command;
    bool answered;                          /* the printer said that it has read everything */
    struct kw_error error;
};

static int choose_printer(struct storing *storing)
{
    const char *wanted = storing->options->printer;
    bool address = wanted && (wanted[0] == '/' || strchr(wanted, ':'));
    const struct kw_config_printer *found = kw_config_find_printer(&storing->config, address ? NULL : wanted);
    if (!found)
        return kw_fail(&storing->error, KWIT_E_NO_PRINTER, wanted ? wanted : "",
                       "no printer is called that; `kwit config show` lists them");
    storing->printer = *found;
    storing->uri = address ? wanted : found->uri ? found->uri : "usb:";
    storing->ops = kw_transport_find(kw_schemes, storing->uri, &storing->error);
    return storing->ops ? 0 : (int)storing->error.code;
}

/* Storing in a printer's memory is nothing to try on a model that nobody named, itself included. */
static int choose_profile(struct storing *storing, struct kw_link *link)
{
    const char *name = storing->options->profile ? storing->options->profile : storing->printer.profile;
    enum kw_match match = KW_MATCH_NONE;
    struct kw_talk talk;
    if (name)
        return kw_profile_choose(name, KWIT_E_CONFIG, "", &storing->profile, &storing->error);
    storing->profile = NULL;
    if (link)
        storing->profile = kw_profile_for_usb(link->facts.usb_vendor, link->facts.usb_product, link->facts.device_id,
                                              &match);
    if (link && (!storing->profile || match != KW_MATCH_ID))
        storing->profile = kw_named_ask(link, &talk);
    if (!storing->profile)
        return kw_fail(&storing->error, KWIT_E_UNSUPPORTED, storing->uri,
                       "the printer's model is not known, and it does not say one that is; name it with --profile "
                       "(`kwit devices --profiles` lists them)");
    return 0;
}

static int make_command(struct storing *storing)
{
    const struct kwit_logo_options *options = storing->options;
    const char *configured = storing->printer.stored_logo ? storing->printer.stored_logo : default_key;
    const char *key = options->key ? options->key : configured;
    if (strlen(key) != 2)
        return kw_fail(&storing->error, KWIT_E_USAGE, key,
                       "a stored logo is named by two plain characters, for example %s", default_key);
    storing->key = (const uint8_t *)key;
    int code = kw_images_logo_of(storing->arena, &storing->config, storing->profile, options->file, &storing->bitmap,
                                 &storing->error);
    if (code == 0)
        code = kw_escpos_store_logo(storing->profile, storing->bitmap, storing->key, &storing->command,
                                    &storing->error);
    return code;
}

/* The printer answers GS r only behind the picture, with a byte that nothing else looks like. */
static void take_answers(struct storing *storing, struct kw_reply_reader *reader, const uint8_t *bytes, size_t length)
{
    struct kw_reply reply;
    for (size_t i = 0; i < length; i++)
        if (kw_reply_feed(reader, bytes[i], &reply) && reply.kind == KW_REPLY_BYTE)
            storing->answered = true;
}

static int send(struct storing *storing, struct kw_link *link)
{
    struct kw_reply_reader reader = { .length = 0 };
    uint8_t question[8], in[64];
    size_t done = 0, sent, received;
    int64_t until_ms = kw_clock_boot_ms() + SEND_MS;
    kw_buffer_add(&storing->command, question, kw_escpos_ask_barrier(question));
    if (storing->command.failed)
        return kw_fail(&storing->error, KWIT_E_NO_MEMORY, "", "no memory for the logo");
    while (done < storing->command.length || (link->facts.can_read && !storing->answered)) {
        bool whole = done == storing->command.length;
        int code = link->ops->transfer(link, storing->command.data + done, storing->command.length - done, &sent,
                                       in, sizeof in, &received, until_ms, &storing->error);
        done += sent;
        take_answers(storing, &reader, in, received);
        if (code < 0)
            return code;
        if (!whole && done == storing->command.length)
            until_ms = kw_clock_boot_ms() + ANSWER_MS;
        else if (kw_clock_left_ms(until_ms) == 0)
            break;
    }
    if (done == storing->command.length)
        return 0;
    return kw_fail(&storing->error, KWIT_E_TIMEOUT, storing->uri,
                   "the printer took only a part of the logo; switch it off and on, then store it again");
}

static int store(struct storing *storing)
{
    struct kw_link_options link_options = kw_link_options_for(storing->context);
    struct kw_link *link;
    int code = storing->ops->open(storing->uri, &link_options, kw_clock_boot_ms() + OPEN_MS, &link, &storing->error);
    if (code < 0)
        return code;
    code = choose_profile(storing, link);
    if (code == 0)
        code = make_command(storing);
    if (code == 0)
        code = send(storing, link);
    link->ops->close(link);
    return code;
}

static int make_only(struct storing *storing)
{
    int code = choose_profile(storing, NULL);
    return code < 0 ? code : make_command(storing);
}

static const char *what_became(const struct storing *storing)
{
    if (storing->options->dry_run)
        return "made to be stored";
    return storing->answered ? "stored" : "sent to be stored";
}

static int tell(struct storing *storing, kwit_result *result)
{
    struct kw_json json;
    char key[3] = { (char)storing->key[0], (char)storing->key[1], '\0' };
    if (storing->options->dry_run)
        kw_buffer_add(&result->data, storing->command.data, storing->command.length);
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "key", key);
    kw_json_string(&json, "profile", kw_profile_name(storing->profile));
    kw_json_integer(&json, "width_dots", storing->bitmap->width);
    kw_json_integer(&json, "height_dots", storing->bitmap->height);
    kw_json_integer(&json, "bytes", (int64_t)storing->command.length);
    kw_json_bool(&json, "confirmed", storing->answered);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text,
                     "the logo of %d by %d dots is %s as %s; now write `stored_logo = %s` below [printer]\n",
                     storing->bitmap->width, storing->bitmap->height, what_became(storing), key, key);
    return kw_result_finish(result, 0);
}

int kwit_logo_store(kwit_context *context, const struct kwit_logo_options *options, kwit_result **result)
{
    static const struct kwit_logo_options none;
    struct storing storing = { .context = context, .options = options ? options : &none };
    *result = kw_result_new();
    storing.arena = kw_arena_new(ARENA_CEILING);
    kw_buffer_init(&storing.command, COMMAND_CEILING);
    int code = storing.arena ? 0 : kw_fail(&storing.error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0) {
        kw_notes_init(&storing.warnings, storing.arena);
        code = kw_config_load(storing.arena, context->config_file, false, &storing.config, &storing.warnings,
                              &storing.error);
    }
    if (code == 0)
        code = choose_printer(&storing);
    if (code == 0)
        code = storing.options->dry_run ? make_only(&storing) : store(&storing);
    code = code < 0 ? kw_result_fail(*result, &storing.error) : tell(&storing, *result);
    kw_buffer_free(&storing.command);
    kw_arena_free(storing.arena);
    return code;
}
