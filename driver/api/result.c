/* result.c - the result object. */
#include "api/result.h"

#include "base/visible.h"

#include <stdlib.h>

/* Handed out when there is no memory for a real one; its texts are constant and freeing it does nothing. */
static kwit_result no_memory_result = { .exit = 70, .outcome = KWIT_OUTCOME_ERROR, .reason = KWIT_E_NO_MEMORY };

static const char no_memory_json[] = "{\"kwit\":1,\"outcome\":\"error\",\"reason\":\"no_memory\",\"message\":\"out of memory\","
                                     "\"kept\":false,\"action\":\"fix\",\"warnings\":[]}";
static const char no_memory_text[] = "out of memory\n";

kwit_result *kw_result_new(void)
{
    kwit_result *result = calloc(1, sizeof *result);
    if (!result)
        return &no_memory_result;
    result->outcome = KWIT_OUTCOME_PRINTED;
    kw_buffer_init(&result->json, KW_RESULT_CEILING);
    kw_buffer_init(&result->text, KW_RESULT_CEILING);
    kw_buffer_init(&result->data, KW_RESULT_CEILING);
    return result;
}

void kwit_result_free(kwit_result *result)
{
    if (!result || result == &no_memory_result)
        return;
    kw_buffer_free(&result->json);
    kw_buffer_free(&result->text);
    kw_buffer_free(&result->data);
    free(result);
}

int kw_result_finish(kwit_result *result, int code)
{
    if (result != &no_memory_result) {
        result->reason = code;
        result->exit = kwit_error_exit(code);
        if (code < 0)
            result->outcome = KWIT_OUTCOME_ERROR;
    }
    return code;
}

int kw_result_fail(kwit_result *result, const struct kw_error *error)
{
    if (result == &no_memory_result)
        return KWIT_E_NO_MEMORY;
    struct kw_json json;
    kw_buffer_clear(&result->json);
    kw_buffer_clear(&result->text);
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "outcome", "error");
    kw_json_string(&json, "reason", kwit_error_word(error->code));
    kw_json_string(&json, "where", error->where);
    kw_json_string(&json, "message", error->text);
    kw_json_end_object(&json);
    kw_buffer_format(&result->text, "%s%s%s\n", error->where, error->where[0] ? ": " : "", error->text);
    return kw_result_finish(result, error->code);
}

void kw_result_warnings(struct kw_json *json, const struct kw_notes *warnings)
{
    kw_json_array(json, "warnings");
    for (size_t i = 0; i < warnings->count; i++) {
        kw_json_object(json, NULL);
        kw_json_string(json, "code", kwit_warning_word(warnings->items[i].warning));
        kw_json_string(json, "pointer", warnings->items[i].pointer);
        kw_json_string(json, "text", warnings->items[i].text);
        kw_json_end_object(json);
    }
    kw_json_end_array(json);
}

/* There was no memory for what it had to say. */
static bool is_lost(const kwit_result *result)
{
    return result == &no_memory_result || result->json.failed || result->text.failed || result->data.failed;
}

int kwit_result_exit(const kwit_result *result)
{
    return is_lost(result) ? no_memory_result.exit : result->exit;
}

const char *kwit_result_json(const kwit_result *result)
{
    return is_lost(result) ? no_memory_json : kw_buffer_string(&result->json);
}

/* Names, ids and addresses in the text are others': what in them would act on a terminal is named. */
static void make_visible(kwit_result *result)
{
    struct kw_buffer visible;
    kw_buffer_init(&visible, KW_RESULT_CEILING);
    kw_buffer_visible_lines(&visible, kw_buffer_string(&result->text), result->text.length);
    kw_buffer_free(&result->text);
    result->text = visible;
    result->shown = true;
}

const char *kwit_result_text(const kwit_result *result)
{
    if (!is_lost(result) && !result->shown)
        make_visible((kwit_result *)result);        /* made once, when somebody asks: results live on the heap */
    return is_lost(result) ? no_memory_text : kw_buffer_string(&result->text);
}

enum kwit_outcome kwit_result_outcome(const kwit_result *result)
{
    return result->outcome;
}

int kwit_result_reason(const kwit_result *result)
{
    return result->reason;
}

const void *kwit_result_data(const kwit_result *result, size_t *length)
{
    if (length)
        *length = result->data.length;
    return result->data.data;
}
