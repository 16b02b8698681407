/* store.c - which store an office has, and PostgreSQL's module; and the tables there. */
#include "api/touch/store.h"

#include "journal/ledger.h"
#include "journal/push.h"

#include <string.h>

enum { BUSY_MS = 30000 };

static const char word[] = "postgresql:";

const char *kw_store_place(const struct kw_config *config)
{
    const char *store = config->office.store;
    if (!store || strncmp(store, word, sizeof word - 1) != 0)
        return NULL;
    return strncmp(store + sizeof word - 1, "//", 2) == 0 ? store : store + sizeof word - 1;
}

static int load(struct kw_store *store, struct kw_error *error)
{
    if (kw_module_open("kwit-pg.so", &store->module, error) == 0)
        store->calls = kw_module_table(store->module, KW_PG_SYMBOL, KW_PG_VERSION, error);
    return store->calls ? 0 : kw_fail(error, KWIT_E_UNSUPPORTED, "kwit-pg.so", "the module is not here or of another"
                                      " version; install the package kwit-office, or build kwit with libpq");
}

static int check_word(struct kw_touch *call)
{
    const char *store = call->config.office.store;
    return !store || strcmp(store, "journal") == 0 || kw_store_place(&call->config)
               ? 0 : kw_fail(&call->error, KWIT_E_CONFIG, "[office] store", "`%.40s` is no store; say journal, or"
                             " postgresql: and what libpq connects by: postgresql:host=db.example dbname=kwit"
                             " user=kwit_office", store);
}

static void keep_here(struct kw_store *store, struct kw_journal *journal)
{
    store->here = store->book = kw_journal_book(journal);
    store->loop = kw_journal_loop(journal);
}

int kw_store_open(struct kw_touch *call, struct kw_store *store)
{
    const char *place = kw_store_place(&call->config);
    int schema = 0;
    *store = (struct kw_store){ 0 };
    keep_here(store, call->journal);
    int code = check_word(call);
    if (code < 0 || !place)
        return code;
    code = load(store, &call->error);
    if (code == 0 && call->journal)
        code = kw_ledger_version(call->journal, &schema, &call->error);
    if (code == 0)
        code = store->calls->open(place, schema, &store->pg, &call->error);
    if (code < 0)
        return code;
    store->book = (struct kw_book){ store->calls->book, store->pg };
    store->loop = (struct kw_loop){ store->calls->loop, store->pg };
    return 0;
}

int kw_store_open_again(struct kw_touch *call, bool read_only, struct kw_store *store)
{
    const struct kw_journal_options options = { .path = kw_journal_path(call->journal), .read_only = read_only,
                                                .busy_ms = BUSY_MS };
    struct kw_journal *own = NULL;
    int code = kw_store_open(call, store);
    if (code == 0)
        code = kw_journal_open(&options, &own, &call->error);
    store->own = own;
    store->here = kw_journal_book(own);
    if (!store->pg)
        keep_here(store, own);
    return code;
}

void kw_store_close(struct kw_store *store)
{
    kw_journal_close(store->own);
    if (store->pg)
        store->calls->close(store->pg);
    if (store->module)
        kw_module_close(store->module);
    *store = (struct kw_store){ 0 };
}

int kw_store_tills(struct kw_touch *call, const struct kw_store *store, kw_till_sink sink, void *data)
{
    return store->pg ? store->calls->tills(store->pg, sink, data, &call->error)
                     : kw_incoming_tills(call->journal, sink, data, &call->error);
}

int kwit_office_migrate(kwit_context *context, const char *owner, kwit_result **result)
{
    struct kw_touch call;
    struct kw_store store = { 0 };
    struct kw_json json;
    int from = 0, to = 0, code = kw_touch_open(context, KW_TOUCH_STATE, &call, result);
    const char *place = code < 0 ? NULL : kw_store_place(&call.config);
    if (code == 0)
        code = kw_store_open(&call, &store);
    if (code == 0 && !place)
        code = kw_fail(&call.error, KWIT_E_CONFIG, "[office] store", "it is the journal, which brings itself to its"
                       " version; migrate is for store = postgresql:…");
    if (code == 0)
        code = store.calls->migrate(owner ? owner : place, place, &from, &to, &call.error);
    if (code == 0) {
        kw_json_init(&json, &call.result->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_integer(&json, "from", from);
        kw_json_integer(&json, "to", to);
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, from == to ? "the tables are of version %d already\n"
                         : "the tables are of version %d now\n", to);
    }
    kw_store_close(&store);
    return kw_touch_close(&call, code);
}
