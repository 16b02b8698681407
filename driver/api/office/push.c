/*
 * push.c - journal push: what the office has not, in batches, each freed only by the office's own word. A till waits
 * for nobody here: this is a process of its own, and what is not taken now goes the next time.
 */
#include "api/touch/touch.h"
#include "base/module.h"
#include "base/net.h"
#include "journal/ledger.h"
#include "journal/push.h"
#include "office/net/net.h"
#include "office/push/push.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

enum { DEADLINE_MS = 30000, TURNS = 8, PLACE = 512, LEAST_EVENTS = 16 };

struct pushing {
    struct kw_touch *call;
    struct kw_module *module;
    const struct kw_net_calls *net;
    char url[PLACE];
    const char *socket;                     /* path of a Unix socket, or NULL */
    struct kw_keys keys;
    uint8_t key[KW_PUSH_MAC], secret[KW_PUSH_SECRET], public_key[KW_BATCH_KEY];
    int64_t after, last, pushed, batches;   /* after: what is known to be there; last: the last event of the batch */
    size_t limit, ceiling;                  /* events of the next batch; of the largest that this line carried */
    bool end;                               /* the batch held all that there is */
    bool cut;                               /* the batch did not get there, perhaps for its size */
    struct kw_batch_order obeyed;           /* the first of the orders that were obeyed last */
    int64_t erased;                         /* orders to erase a sale that were obeyed */
    struct kw_batch_head head;              /* what the office said last */
    bool kept;                              /* it goes another time, for a reason that passes */
    int64_t asked_ms;                       /* how long the office asks to be left alone; 0: nothing was said of it */
    struct kw_outgoing_wait wait;
    char why[KW_NET_TEXT + 40];
};

/* ---- where to, and who ---------------------------------------------------------------------------------------- */

static bool starts(const char *text, const char *with)
{
    return strncasecmp(text, with, strlen(with)) == 0;
}

static int find_place(struct pushing *pushing)
{
    struct kw_error *error = &pushing->call->error;
    const char *place = pushing->call->config.office.push;
    if (!place)
        return kw_fail(error, KWIT_E_CONFIG, "[office] push", "say where the office is: push ="
                       " https://fb.corner.example, or unix:PATH on this machine");
    if (starts(place, "unix:")) {
        pushing->socket = place + 5;
        snprintf(pushing->url, PLACE, "http://office" KW_PUSH_PATH);
        return 0;
    }
    if (!starts(place, "https://") && !(starts(place, "http://") && kw_net_url_is_here(place)))
        return kw_fail(error, KWIT_E_CONFIG, "[office] push", "%s is neither https:// nor on this machine: what sales"
                       " tell would go unencrypted", place);
    size_t length = strlen(place);
    while (length > 0 && place[length - 1] == '/')
        length--;
    return snprintf(pushing->url, PLACE, "%.*s" KW_PUSH_PATH, (int)length, place) < PLACE
               ? 0 : kw_fail(error, KWIT_E_CONFIG, "[office] push", "it is too long");
}

static int load(struct pushing *pushing)
{
    struct kw_error *error = &pushing->call->error;
    if (kw_module_open("kwit-net.so", &pushing->module, error) == 0)
        pushing->net = kw_module_table(pushing->module, KW_NET_SYMBOL, KW_NET_VERSION, error);
    return pushing->net ? 0 : kw_fail(error, KWIT_E_UNSUPPORTED, "kwit-net.so", "the module is not here or of another"
                                      " version; install the package kwit-office");
}

static int find_keys(struct pushing *pushing)
{
    struct kw_touch *call = pushing->call;
    uint8_t seed[KW_PUSH_SEED];
    if (!kw_keys_look(call->state, &call->config, &pushing->keys))
        return kw_fail(&call->error, KWIT_E_CONFIG, "keys", "%s", pushing->keys.why);
    int code = kw_outgoing_seed(call->journal, seed, &call->error);
    kw_push_key(&pushing->keys.key, pushing->key);
    kw_push_pair(seed, pushing->public_key, pushing->secret);
    kw_key_wipe(seed, sizeof seed);
    return code;
}

/* ---- one batch ---------------------------------------------------------------------------------------------- */

/* As many events as fit one request. */
static int write_batch(struct pushing *pushing, struct kw_buffer *out, uint8_t digest[KW_PUSH_DIGEST])
{
    struct kw_touch *call = pushing->call;
    uint8_t nonce[KW_PUSH_NONCE];
    if (getrandom(nonce, sizeof nonce, 0) != (ssize_t)sizeof nonce)
        return kw_fail(&call->error, KWIT_E_IO, "", "the kernel gives no random numbers: %s", strerror(errno));
    for (;;) {
        struct kw_batch batch = { .kid = pushing->keys.key.kid, .handle = pushing->keys.key.handle,
                                  .sent_ms = kw_clock_wall_ms() };
        struct kw_arena *arena = kw_arena_new(KW_PUSH_ARENA);
        memcpy(batch.key, pushing->public_key, sizeof batch.key);
        int code = arena ? kw_outgoing_read(call->journal, pushing->after, pushing->limit, arena, &batch, &call->error)
                         : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
        kw_buffer_clear(out);
        const bool fits = code == 0 && kw_push_write(out, &batch, nonce, pushing->secret, pushing->key, digest);
        pushing->last = batch.last;
        pushing->end = batch.count < pushing->limit;
        const bool single = batch.count <= 1;
        kw_arena_free(arena);
        if (code < 0 || fits)
            return code;
        if (single)
            return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
        pushing->ceiling = pushing->limit = batch.count / 2;
    }
}

static void keep(struct pushing *pushing, const char *why, long status)
{
    pushing->kept = true;
    snprintf(pushing->why, sizeof pushing->why, status ? "%s (%ld)" : "%s", why, status);
}

/* No answer, or what a proxy says of a request that it had no time or room for; 503 is the office's own word. */
static bool did_not_get_there(long status)
{
    return status == 0 || status == 408 || status == 413 || status == 502 || status == 504;
}

/* False: it does not go now, `why` says so. */
static bool send_batch(struct pushing *pushing, const struct kw_buffer *request, const uint8_t digest[KW_PUSH_DIGEST])
{
    uint8_t reply[KW_PUSH_REPLY];
    struct kw_net_answer answer;
    const struct kw_net_post post = { .url = pushing->url, .headers = { "Content-Type: " KW_PUSH_TYPE, "Expect:" },
                                      .body = request->data, .length = request->length, .deadline_ms = DEADLINE_MS,
                                      .socket = pushing->socket, .ca_file = pushing->call->config.office.push_ca_file,
                                      .response = reply, .room = sizeof reply };
    pushing->net->post(&post, &answer);
    pushing->asked_ms = answer.status >= 400 && answer.retry_after_s > 0 ? answer.retry_after_s * (int64_t)1000 : 0;
    pushing->batches++;
    pushing->cut = did_not_get_there(answer.status);
    if (answer.status && kw_push_read_reply(reply, answer.length, pushing->key, digest, &pushing->head))
        return true;
    if (answer.status == kw_batch_status(KW_BATCH_UNKNOWN))
        pushing->head.outcome = KW_BATCH_UNKNOWN;
    else if (answer.status == kw_batch_status(KW_BATCH_NEWER))
        pushing->head.outcome = KW_BATCH_NEWER;
    else
        keep(pushing, answer.status == 503 ? "the office has too much to do"
                      : answer.status ? "what answers there is not the office" : answer.text, answer.status);
    return !pushing->kept;
}

/* ---- what the office says --------------------------------------------------------------------------------------- */

static int refuse(struct pushing *pushing)
{
    static const struct { enum kw_batch_outcome outcome; enum kwit_error code; const char *text; } rows[] = {
        { KW_BATCH_FORK, KWIT_E_CONFLICT, "the office knows another history of this journal: this till was restored from"
          " a copy, or cloned. Nothing was taken; kwit journal renew begins a journal of its own" },
        { KW_BATCH_LOST, KWIT_E_CONFLICT, "events that the office has not were cut off here (pruned by force, or the"
          " office was restored from an old copy); kwit office till accept UUID, at the office, lets it go on" },
        { KW_BATCH_CLAIMED, KWIT_E_PERMISSION, "another journal has this till's handle at the office; give this till a"
          " key of its own, or say kwit office till accept UUID at the office if it follows that one" },
        { KW_BATCH_REVOKED, KWIT_E_PERMISSION, "the office takes nothing from this handle any more; ask for a key" },
        { KW_BATCH_UNKNOWN, KWIT_E_PERMISSION, "the office has no key of this till; kwit survey key import there" },
        { KW_BATCH_SIGNATURE, KWIT_E_CONFLICT, "the office knows another key of this journal; kwit journal renew begins"
          " a journal of its own" },
    };
    struct kw_error *error = &pushing->call->error;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        if (rows[i].outcome == pushing->head.outcome)
            return kw_fail(error, rows[i].code, "journal push", "%s", rows[i].text);
    if (pushing->head.outcome != KW_BATCH_NEWER && pushing->head.outcome != KW_BATCH_BUSY)
        return kw_fail(error, KWIT_E_INVALID, "journal push", "the office cannot read what was sent (%s)",
                       kw_batch_word(pushing->head.outcome));
    keep(pushing, pushing->head.outcome == KW_BATCH_NEWER ? "the office is older than this till: upgrade it first"
                                                          : "the office has too much to do", 0);
    return 0;
}

/* The office's head is the truth: from there the next batch goes, once it was found in the journal's own chain. */
static int follow(struct pushing *pushing)
{
    struct kw_touch *call = pushing->call;
    if (pushing->head.outcome != KW_BATCH_TAKEN && pushing->head.outcome != KW_BATCH_GAP)
        return refuse(pushing);
    int code = kw_outgoing_compare(call->journal, &pushing->head, &call->error);
    if (code < 0)
        return code;
    if (pushing->head.outcome == KW_BATCH_TAKEN && pushing->head.n > pushing->after)
        pushing->pushed += pushing->head.n - pushing->after;
    pushing->after = pushing->head.n;
    return kw_outgoing_acknowledge(call->journal, pushing->head.n, &call->error);
}

/*
 * What the office says must be erased here, once it has all that this journal had to say: what was obeyed before is not
 * among it then. What there is to say of that is the next batch.
 */
static int obey(struct pushing *pushing, bool *obeyed)
{
    const struct kw_batch_order *orders = pushing->head.orders, *last = &pushing->obeyed;
    int code = 0;
    *obeyed = pushing->head.order_count > 0
        && (pushing->erased == 0 || orders->handle != last->handle || orders->day != last->day
            || orders->seq != last->seq);
    for (size_t i = 0; *obeyed && code == 0 && i < pushing->head.order_count; i++) {
        code = kw_ledger_obey(pushing->call->journal, &orders[i], &pushing->call->error);
        pushing->erased += code == 0;
    }
    pushing->obeyed = orders[0];
    return code;
}

/*
 * A slow line carries no large batch before the office's patience ends, however often it is sent. After one that got no
 * answer the next call begins with few events and asks for more as they are taken; one that fails then is sent again,
 * half as large. An office that is away is asked once.
 */
static bool is_halved(struct pushing *pushing)
{
    if (!pushing->cut || pushing->pushed == 0 || pushing->limit <= LEAST_EVENTS)
        return false;
    pushing->ceiling = pushing->limit = pushing->limit / 2;
    pushing->kept = false;
    return true;
}

static void grow(struct pushing *pushing)
{
    const size_t twice = pushing->limit * 2;
    pushing->limit = twice < pushing->ceiling ? twice : pushing->ceiling;
}

static int push(struct pushing *pushing)
{
    struct kw_buffer request;
    uint8_t digest[KW_PUSH_DIGEST];
    int idle = 0, code = kw_outgoing_acknowledged(pushing->call->journal, &pushing->after, &pushing->call->error);
    bool more = code == 0, obeyed = false;
    kw_buffer_init(&request, KW_PUSH_BODY);
    pushing->ceiling = KW_BATCH_EVENTS;
    pushing->limit = pushing->wait.tries > 0 ? LEAST_EVENTS : KW_BATCH_EVENTS;
    while (more) {
        const int64_t before = pushing->after;
        code = write_batch(pushing, &request, digest);
        if (code == 0 && !send_batch(pushing, &request, digest)) {
            if (is_halved(pushing))
                continue;
            break;
        }
        if (code < 0)
            break;
        code = follow(pushing);
        grow(pushing);
        idle = pushing->after > before ? 0 : idle + 1;
        if (code == 0 && idle > TURNS)
            keep(pushing, "the office takes nothing", 0);
        const bool done = pushing->end && pushing->after >= pushing->last;
        if (code == 0 && done)
            code = obey(pushing, &obeyed);
        more = code == 0 && !pushing->kept && (!done || obeyed);
    }
    kw_buffer_free(&request);
    return code;
}

/* ---- when again -------------------------------------------------------------------------------------------------- */

/*
 * Nobody waits for a push by timer, nor for one after a sale: it spares an office that is in trouble. A time that is
 * further ahead than any pause was said by another clock.
 */
static bool is_due(struct pushing *pushing)
{
    const int64_t left_ms = pushing->wait.until_ms - kw_clock_wall_ms();
    if (left_ms <= 0 || left_ms > kw_push_pause(INT64_MAX, 0, UINT32_MAX))
        return true;
    keep(pushing, "the office was in trouble and is left alone for a while; kwit journal push by hand tries now", 0);
    return false;
}

static int note_wait(struct pushing *pushing)
{
    uint32_t dice = 0;
    if (!pushing->kept && pushing->wait.tries == 0)
        return 0;
    if (getrandom(&dice, sizeof dice, 0) != (ssize_t)sizeof dice)
        dice = UINT32_MAX;
    const int64_t tries = pushing->wait.tries + 1;
    pushing->wait = !pushing->kept ? (struct kw_outgoing_wait){ 0, 0 } : (struct kw_outgoing_wait){
        tries, kw_clock_wall_ms() + kw_push_pause(tries, pushing->asked_ms, dice) };
    return kw_outgoing_wait(pushing->call->journal, &pushing->wait, &pushing->call->error);
}

static int push_when_due(struct pushing *pushing, bool is_timed)
{
    int code = kw_outgoing_waits(pushing->call->journal, &pushing->wait, &pushing->call->error);
    if (code < 0 || (is_timed && !is_due(pushing)))
        return code;
    code = push(pushing);
    return code < 0 ? code : note_wait(pushing);
}

/* ---- what is told ------------------------------------------------------------------------------------------- */

static void tell(const struct pushing *pushing)
{
    struct kw_json json;
    kwit_result *result = pushing->call->result;
    kw_json_init(&json, &result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "outcome", pushing->kept ? "kept" : "pushed");
    kw_json_string(&json, "reason", pushing->kept ? pushing->why : NULL);
    kw_json_integer(&json, "events", pushing->pushed);
    kw_json_integer(&json, "batches", pushing->batches);
    kw_json_integer(&json, "head", pushing->after);
    kw_json_integer(&json, "erased", pushing->erased);
    kw_json_time(&json, "again", pushing->kept ? pushing->wait.until_ms : 0);
    kw_json_end_object(&json);
    if (pushing->kept)
        kw_buffer_format(&result->text, "kept: %s; what is not there goes the next time\n", pushing->why);
    else
        kw_buffer_format(&result->text, "%lld events pushed; the office has all up to %lld\n",
                         (long long)pushing->pushed, (long long)pushing->after);
    if (pushing->erased > 0)
        kw_buffer_format(&result->text, "%lld sales were erased, as the office was asked for it\n",
                         (long long)pushing->erased);
    if (pushing->kept) {
        result->outcome = KWIT_OUTCOME_QUEUED;
        result->exit = 75;
    }
}

int kwit_journal_renew(kwit_context *context, kwit_result **result)
{
    struct kw_touch call;
    struct kw_json json;
    int64_t from = 0;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = kw_outgoing_renew(call.journal, &from, &call.error);
    if (code < 0)
        return kw_touch_close(&call, code);
    kw_json_init(&json, &call.result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_integer(&json, "from", from);
    kw_json_end_object(&json);
    kw_buffer_format(&call.result->text, "from event %lld on this till is another one to its office. It needs a key of"
                     " its own: kwit survey key derive at the office, kwit survey key import here\n", (long long)from);
    return kw_touch_close(&call, 0);
}

/* After each of many sales one is enough: who comes while another pushes leaves it to that one, and to the timer. */
static int find_turn(struct kw_touch *call, int is_timed, struct kw_lock **turn)
{
    int code = kw_state_lock(call->state, "push", is_timed ? 0 : kw_clock_boot_ms() + DEADLINE_MS, turn,
                             &call->error);
    return code != KWIT_E_BUSY ? code : kw_fail(&call->error, KWIT_E_BUSY, "journal push", "another push is under way");
}

int kwit_journal_push(kwit_context *context, int is_timed, kwit_result **result)
{
    struct kw_touch call;
    struct pushing pushing = { .call = &call };
    struct kw_lock *turn = NULL;
    int code = kw_touch_open(context, KW_TOUCH_WRITE, &call, result);
    if (code == 0)
        code = find_turn(&call, is_timed, &turn);
    if (code == 0)
        code = find_place(&pushing);
    if (code == 0)
        code = load(&pushing);
    if (code == 0)
        code = find_keys(&pushing);
    if (code == 0)
        code = push_when_due(&pushing, is_timed);
    if (code == 0)
        tell(&pushing);
    kw_key_wipe(&pushing.keys, sizeof pushing.keys);
    kw_key_wipe(pushing.key, sizeof pushing.key);
    kw_key_wipe(pushing.secret, sizeof pushing.secret);
    if (pushing.module)
        kw_module_close(pushing.module);
    if (turn)
        kw_state_unlock(turn);
    return kw_touch_close(&call, code);
}
