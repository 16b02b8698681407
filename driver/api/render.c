/* render.c - from a document to pieces of bytes: the one place where the stages are strung together. */
#include "api/render.h"

#include "api/usb_rows.h"
#include "delivery/dialect.h"
#include "api/images.h"
#include "api/invite.h"
#include "tap/stream/body.h"
#include "api/wording.h"
#include "base/shop_days.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RENDER_CEILING = 512 * 1024 * 1024 };

static bool is_address(const char *text)
{
    return text[0] == '/' || strchr(text, ':') != NULL;
}

/* An address that no section names: the general settings hold, but that printer's model is not this one's. */
static void choose_address(const struct kw_config *config, const char *uri, struct kw_config_printer *printer)
{
    const struct kw_config_printer *found = NULL;
    for (size_t i = 0; i < config->printer_count && !found; i++)
        if (config->printers[i].uri && strcmp(config->printers[i].uri, uri) == 0)
            found = &config->printers[i];
    *printer = found ? *found : config->printers[0];
    if (!found)
        printer->profile = NULL;
}

static int no_such_printer(const char *wanted, struct kw_error *error)
{
    const char *rest, *before = kw_transport_meant(wanted, &rest);
    return kw_fail(error, KWIT_E_NO_PRINTER, wanted, "no printer is called %s%s%s%.80s; `kwit config show` lists them, `kwit "
                   "devices` shows what is plugged in", *wanted ? wanted : "so", before ? "; is it " : "",
                   before ? before : "", before ? rest : "");
}

int kw_printer_choose(const struct kw_config *config, const char *wanted, struct kw_config_printer *printer,
                      const char **uri, struct kw_error *error)
{
    if (wanted && is_address(wanted)) {
        choose_address(config, wanted, printer);
        *uri = wanted;
        return 0;
    }
    const struct kw_config_printer *found = kw_config_find_printer(config, wanted);
    if (!found)
        return no_such_printer(wanted ? wanted : "", error);
    *printer = *found;
    *uri = found->uri ? found->uri : "usb:";
    return 0;
}

static int choose_printer(struct kw_rendering *rendering, const char *wanted, struct kw_error *error)
{
    struct kw_error why;
    int code = kw_printer_choose(rendering->config, wanted, &rendering->printer, &rendering->uri, error);
    if (code < 0)
        return code;
    if (!kw_transport_find(kw_schemes, rendering->uri, &why))
        return kw_fail(error, kw_address_blame(&rendering->printer, rendering->uri), rendering->uri, "%s", why.text);
    return kw_config_printer_check(&rendering->printer, error);
}

/* The value of profile= in an address, or NULL. */
static const char *profile_in_uri(struct kw_arena *arena, const char *uri)
{
    const char *query = strchr(uri, '?');
    while (query) {
        query++;
        if (strncmp(query, "profile=", 8) == 0)
            return kw_arena_copy(arena, query + 8, strcspn(query + 8, "&"));
        query = strchr(query, '&');
    }
    return NULL;
}

static int choose_profile(struct kw_rendering *rendering, const struct kwit_print_options *options,
                          struct kw_error *error)
{
    const char *name = options->profile ? options->profile : rendering->printer.profile;
    if (!name)
        name = profile_in_uri(rendering->arena, rendering->uri);
    rendering->profile_named = name != NULL;
    if (!name) {
        kw_notes_add(rendering->warnings, KWIT_WARNING_PROFILE_GENERIC, "",
                     "the printer's model is not known, so the careful generic profile is used; name it with --profile or "
                     "`profile =` in [printer]");
        name = "generic";
    }
    int code = kw_profile_read(rendering->arena, name, KWIT_E_CONFIG, "", &rendering->profile, error);
    if (code == 0)
        code = kw_profile_face(rendering->arena, rendering->config->receipt.face, &rendering->profile, error);
    if (code == 0 && !kw_dialect_of(rendering->profile))
        code = kw_fail(error, KWIT_E_UNSUPPORTED, "", "a %s does not understand the language kwit prints in: what is sent to "
                       "it comes out as nothing; print on another printer, or correct `profile =`",
                       rendering->profile->model);
    return code;
}

/* A locale in the shop's own words. */
static const struct kw_locale *spoken_here(struct kw_rendering *rendering, const char *tag, bool *exact)
{
    return kw_wording_choose(rendering->arena, rendering->config, kw_locale_find(tag, exact));
}

static void choose_locales(struct kw_rendering *rendering)
{
    const struct kw_sale *sale = rendering->sale;
    const char *tag = sale->locale ? sale->locale : rendering->config->store.locale;
    bool exact = true;
    rendering->locale = spoken_here(rendering, tag ? tag : "en-GB", &exact);
    if (!exact)
        kw_notes_add(rendering->warnings, KWIT_WARNING_LOCALE_FALLBACK, "/locale",
                     "there is no locale %s, such as pl-PL; %s is used", tag, kw_locale_tag(rendering->locale));
    const char *customer = sale->customer.locale;
    if (!customer)
        return;
    const struct kw_locale *second = spoken_here(rendering, customer, &exact);
    if (!exact)
        kw_notes_add(rendering->warnings, KWIT_WARNING_LOCALE_FALLBACK, "/customer/locale",
                     "there is no locale %s, such as pl-PL; %s is used", customer, kw_locale_tag(second));
    const char *one = kw_locale_tag(rendering->locale), *two = kw_locale_tag(second);
    size_t language = strcspn(one, "-");
    if (language != strcspn(two, "-") || strncmp(one, two, language) != 0)
        rendering->customer_locale = second;
}

static int choose_scope(struct kw_rendering *rendering, struct kw_error *error)
{
    const struct kw_sale *sale = rendering->sale;
    rendering->day = kw_business_day(sale->time.utc_ms, sale->time.offset_minutes,
                                     rendering->config->store.day_starts_minutes);
    rendering->store_id = rendering->config->store.id ? rendering->config->store.id : "";
    rendering->terminal = sale->terminal ? sale->terminal : "";
    rendering->scope = "";
    if (rendering->config->receipt.id_scope == KW_SCOPE_BUSINESS_DAY)
        rendering->scope = kw_arena_format(rendering->arena, "%lld", (long long)rendering->day);
    return rendering->scope ? 0 : kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
}

static int begin_stages(struct kw_rendering *rendering, const void *document, size_t length,
                        const struct kwit_print_options *options, struct kw_error *error)
{
    struct kw_stream_body *stream = kw_arena_alloc(rendering->arena, sizeof *stream);
    if (!stream)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (kw_stream_split(document, length, stream)) {
        rendering->stream = stream;
        document = stream->document;
        length = stream->document_length;
    }
    rendering->through = "";
    int code = kw_sale_parse(rendering->arena, document, length, options->strict, rendering->config->store.timezone,
                             &rendering->sale, rendering->warnings, &rendering->errors, error);
    if (code == 0)
        code = choose_printer(rendering, options->printer, error);
    if (code == 0)
        code = choose_profile(rendering, options, error);
    if (code == 0)
        code = choose_scope(rendering, error);
    if (code == 0)
        choose_locales(rendering);
    return code;
}

int kw_rendering_begin(const struct kw_config *config, struct kw_notes *warnings, const void *document, size_t length,
                       const struct kwit_print_options *options, struct kw_rendering **rendering,
                       struct kw_error *error)
{
    struct kw_rendering *made = calloc(1, sizeof *made);
    *rendering = made;
    if (!made)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    made->config = config;
    made->warnings = warnings;
    made->arena = kw_arena_new(RENDER_CEILING);
    if (!made->arena)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    kw_notes_init(&made->errors, made->arena);
    return begin_stages(made, document, length, options, error);
}

void kw_rendering_end(struct kw_rendering *rendering)
{
    if (!rendering)
        return;
    kw_arena_free(rendering->arena);
    free(rendering);
}

static const int leading_percents[] = {
#define PAPER(name, number, word, leading, gap) [number] = leading,
#include "data/papers.def"
#undef PAPER
};
static const int gap_percents[] = {
#define PAPER(name, number, word, leading, gap) [number] = gap,
#include "data/papers.def"
#undef PAPER
};

static struct kw_layout_options layout_options(const struct kw_rendering *rendering,
                                               const struct kwit_print_options *options,
                                               const struct kw_render_choice *choice)
{
    const struct kw_config *config = rendering->config;
    struct kw_layout_options out = {
        .profile = rendering->profile,
        .order = config->receipt.order,
        .hide = config->receipt.hide,
        .header = config->store.header,
        .footer = config->store.footer,
        .store = { config->store.name, config->store.phone, config->store.tax_id, config->store.tax_id_label,
                   config->store.address },
        .help = { config->survey.help_phone, config->survey.help_email },
        .only_survey = options->survey == KWIT_SURVEY_ONLY || rendering->sale->kind == KW_KIND_SURVEY,
        .only_invitation = choice->only_invitation,
        .only_marks = choice->only_marks,
        .station = options->station,
        .items = config->receipt.items,
        .ticket = { config->receipt.ticket_items, config->receipt.ticket_modifiers, config->receipt.ticket_notes,
                    config->receipt.ticket_allergies, config->receipt.ticket_service },
        .logo_place = config->store.logo_place,
        .copy = choice->copy ? choice->copy : 1,
        .copy_kind = choice->copy_kind,
        .qr = rendering->printer.qr,
        .drawer = choice->drawer,
        .drawer_on_ms = rendering->printer.drawer_on_ms,
        .drawer_off_ms = rendering->printer.drawer_off_ms,
        .toman = config->store.toman,
        .decimals = config->store.decimals,
        .zeros = config->receipt.zeros,
        .gap_percent = gap_percents[config->receipt.paper],
        .fallback_locale = config->store.locale,
        .warnings = rendering->warnings,
    };
    static const int cuts[] = {
        [KW_CUTTING_AUTO] = KW_CUT_PARTIAL, [KW_CUTTING_PARTIAL] = KW_CUT_PARTIAL, [KW_CUTTING_FULL] = KW_CUT_FULL,
        [KW_CUTTING_NONE] = KW_CUT_NONE
    };
    out.cut = cuts[rendering->printer.cut];
    return out;
}

/* Two characters name a logo in the printer's memory, where its model has one. */
static const uint8_t *stored_logo(const struct kw_rendering *rendering)
{
    const char *key = rendering->printer.upside_down ? NULL : rendering->printer.stored_logo;
    return key && strlen(key) == 2 && rendering->profile->nv_graphics == KW_YES ? (const uint8_t *)key : NULL;
}

static int lay_out(struct kw_rendering *rendering, struct kw_layout_options *options, bool words,
                   struct kw_error *error)
{
    struct kw_images images = { .rendering = rendering };
    options->image = kw_images_read;
    options->image_data = &images;
    options->logo = kw_images_logo(&images);
    options->stored_logo = stored_logo(rendering);
    struct kw_text_options text_options = {
        .profile = rendering->profile,
        .raster = rendering->printer.text == KW_DRAWING_RASTER || rendering->profile->language != KW_LANGUAGE_ESCPOS
            || (rendering->printer.upside_down && rendering->profile->upside_down != KW_YES),
        .fonts = rendering->config->receipt.fonts,
        .direction = kw_locale_is_rtl(rendering->locale) ? KW_DIRECTION_RTL : KW_DIRECTION_LTR,
        .language = kw_locale_tag(rendering->locale),
        .leading_percent = leading_percents[rendering->config->receipt.paper],
        .words = words,
        .warnings = rendering->warnings,
        .fonts_kept = rendering->fonts,
    };
    struct kw_text *text;
    int code = kw_text_open(rendering->arena, &text_options, &text, error);
    if (code < 0)
        return code;
    kw_page_init(&rendering->page, rendering->arena, kw_text_width_dots(text));
    rendering->page.mirrored = text_options.direction == KW_DIRECTION_RTL;
    code = kw_layout_sale(rendering->sale, rendering->locale, rendering->customer_locale, options, text,
                          &rendering->page, error);
    kw_text_close(text);
    return code;
}

/* With --strict whatever would be a warning on paper is an error before it. */
static int refuse_warnings(const struct kw_rendering *rendering, const struct kwit_print_options *options,
                           struct kw_error *error)
{
    for (size_t i = 0; options->strict && i < rendering->warnings->count; i++) {
        const struct kw_note *note = &rendering->warnings->items[i];
        if (note->warning != KWIT_WARNING_PROFILE_GENERIC && note->warning != KWIT_WARNING_NEAR_END)
            return kw_fail(error, KWIT_E_UNPRINTABLE, note->pointer, "%s (refused because of --strict)", note->text);
    }
    return 0;
}

/* What the printer is told beside the paper. */
static int tell_printer(struct kw_rendering *rendering, bool ticket, struct kw_error *error)
{
    const struct kw_config_printer *printer = &rendering->printer;
    struct kw_page *page = &rendering->page;
    page->density = printer->density;
    page->pace = printer->speed;
    bool sounds = printer->buzzer == KW_BUZZER_ALWAYS || (printer->buzzer == KW_BUZZER_TICKETS && ticket);
    for (size_t i = 0; sounds && i < page->piece_count; i++)
        if (page->pieces[i].kind == KW_PIECE_PAPER) {
            page->pieces[i].sounds = true;
            sounds = false;
        }
    return printer->upside_down ? kw_page_turn(page, error) : 0;
}

int kw_rendering_make(struct kw_rendering *rendering, const struct kwit_print_options *options,
                      const struct kw_render_choice *choice, struct kw_error *error)
{
    struct kw_layout_options layout = layout_options(rendering, options, choice);
    struct kw_invitation invitation;
    int code = kw_invite(rendering, options, choice, &invitation, error);
    if (code < 0)
        return code;
    if (choice->without_invitation)
        rendering->url = rendering->code = NULL;
    layout.invitation = rendering->url ? &invitation : NULL;
    code = lay_out(rendering, &layout, choice->words, error);
    if (code == 0)
        code = refuse_warnings(rendering, options, error);
    if (code == 0 && !choice->words)
        code = tell_printer(rendering, options->station != NULL, error);
    if (code == 0)
        code = kw_dialect_of(rendering->profile)->encode(rendering->arena, &rendering->page, rendering->profile,
                                                         &rendering->encoded, error);
    return code;
}
