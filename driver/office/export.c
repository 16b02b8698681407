/* export.c - all that a customer said, as a file for who said it. */
#include "office/internal.h"

#include "base/clock.h"
#include "base/json.h"

enum { CEILING = 64 * 1024 };

static void put_score(struct kw_json *json, const char *name, int score)
{
    if (score == KW_SCORE_NONE)
        kw_json_null(json, name);
    else
        kw_json_integer(json, name, score);
}

static int put_said(void *data, const struct kw_said *said)
{
    struct kw_json *json = data;
    kw_json_time(json, "submitted_at", said->submitted_ms);
    kw_json_time(json, "changed_at", said->edited_ms);
    put_score(json, "csat", said->csat);
    put_score(json, "nps", said->nps);
    put_score(json, "ces", said->ces);
    kw_json_string(json, "language", said->language);
    kw_json_string(json, "comment", said->comment);
    kw_json_string(json, "own_questions", said->own);
    kw_json_string(json, "address", said->contact ? "kept sealed; only the shop's people can read it" : NULL);
    kw_json_time(json, "address_until", said->contact ? said->forget_ms : 0);
    kw_json_string(json, "reply", said->reply[0] ? said->reply : NULL);
    kw_json_time(json, "replied_at", said->replied_ms);
    return 0;
}

void kw_visit_export(struct kw_visit *visit)
{
    struct kw_office *office = visit->office;
    struct kw_buffer body;
    struct kw_json json;
    struct kw_error error;
    kw_buffer_init(&body, CEILING);
    kw_json_init(&json, &body);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "code", visit->token);
    pthread_mutex_lock(&office->reading);
    int code = office->options.reader.calls->said(office->options.reader.store, visit->answer.key, put_said, &json,
                                                  &error);
    pthread_mutex_unlock(&office->reading);
    kw_json_end_object(&json);
    if (code == 0 && !body.failed)
        kw_office_send(office, visit->exchange, 200, "application/json", "answer.json", body.data, body.length);
    else
        kw_visit_show_state(visit, KW_WEB_STATE_BUSY);
    kw_buffer_free(&body);
}
