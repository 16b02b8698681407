/* reporter.c - pages of the report, kept for a minute; and the thread that makes them. */
#include "office/reporter.h"

#include "base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

enum { FRESH_MS = 60000, PAGES = 32, WAITING = 512, PAGE_BYTES = 16 * 1024 * 1024, KEY_BYTES = 64 * 1024,
       ARENA_BYTES = 1024 * 1024 };

/* One that was made, or is wanted. key: the person as a line of their file, with the language as the name. */
struct kept {
    struct kw_buffer key, page;
    int64_t made_ms;                        /* 0: not yet, or it failed */
    bool is_wanted;
};
struct waiting { struct kw_http_exchange *exchange; const struct kept *kept; };

struct kw_reporter {
    struct kw_reporter_options options;
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    struct kept pages[PAGES];
    struct waiting waiting[WAITING];
    size_t count;
    bool ending;
};

static void reply(struct kw_reporter *reporter, struct kw_http_exchange *exchange, const struct kw_buffer *page)
{
    const struct kw_http_response response = {
        .status = page ? 200 : 503,
        .headers = { { "Content-Type", "text/html; charset=utf-8" },
                     { "Cache-Control", "no-store" },
                     { "Referrer-Policy", "no-referrer" },
                     { "X-Robots-Tag", "noindex" },
                     { "X-Content-Type-Options", "nosniff" },
                     { "Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; form-action 'none';"
                                                  " base-uri 'none'; frame-ancestors 'none'" },
                     { page ? NULL : "Retry-After", "60" } },
        .body = page ? (const void *)page->data : "503\n", .length = page ? page->length : 4
    };
    reporter->options.http->reply(exchange, &response);
}

/* ---- the thread ------------------------------------------------------------------------------------------------- */

/* Under the lock; NULL: none. */
static struct kept *find_wanted(struct kw_reporter *reporter)
{
    for (size_t i = 0; i < PAGES; i++)
        if (reporter->pages[i].is_wanted)
            return &reporter->pages[i];
    return NULL;
}

static int make(const struct kw_reporter_options *options, const char *key, struct kw_buffer *page)
{
    struct kw_people people;
    struct kw_error error;
    struct kw_arena *arena = kw_arena_new(ARENA_BYTES);
    char *line = arena ? kw_arena_string(arena, key) : NULL;
    int code = line ? kw_people_read(arena, line, &people, &error) : KWIT_E_NO_MEMORY;
    if (code == 0)
        code = options->make(options->data, &people.all[0], people.all[0].name, page);
    kw_arena_free(arena);
    return page->failed ? KWIT_E_NO_MEMORY : code;
}

/* Under the lock, but while the page is made. */
static void serve(struct kw_reporter *reporter, struct kept *kept)
{
    struct kw_buffer page;
    size_t left = 0;
    kw_buffer_init(&page, PAGE_BYTES);
    pthread_mutex_unlock(&reporter->lock);
    int code = make(&reporter->options, kw_buffer_string(&kept->key), &page);       /* a wanted one keeps its place */
    pthread_mutex_lock(&reporter->lock);
    kw_buffer_free(&kept->page);
    kept->page = page;
    kept->made_ms = code == 0 ? kw_clock_boot_ms() : 0;
    kept->is_wanted = false;
    for (size_t i = 0; i < reporter->count; i++)
        if (reporter->waiting[i].kept == kept)
            reply(reporter, reporter->waiting[i].exchange, code == 0 ? &kept->page : NULL);
        else
            reporter->waiting[left++] = reporter->waiting[i];
    reporter->count = left;
}

static void *work(void *data)
{
    struct kw_reporter *reporter = data;
    struct kept *kept;
    pthread_mutex_lock(&reporter->lock);
    while (!reporter->ending)
        if ((kept = find_wanted(reporter)))
            serve(reporter, kept);
        else
            pthread_cond_wait(&reporter->changed, &reporter->lock);
    pthread_mutex_unlock(&reporter->lock);
    return NULL;
}

/* ---- who asks --------------------------------------------------------------------------------------------------- */

/* Readers and managers see the same. */
static void put_key(const struct kw_person *person, const char *language, struct kw_buffer *key)
{
    struct kw_person seen = *person;
    seen.name = language;
    seen.mark = "-";
    seen.role = person->role == KW_ROLE_OWNER ? KW_ROLE_OWNER : KW_ROLE_READER;
    kw_people_write(&(struct kw_people){ &seen, 1, 1 }, key);
}

/* Under the lock: that with the key, else the oldest that nobody waits for; NULL: all are wanted. */
static struct kept *find_place(struct kw_reporter *reporter, const char *key)
{
    struct kept *oldest = NULL;
    for (size_t i = 0; i < PAGES; i++) {
        struct kept *kept = &reporter->pages[i];
        if (kept->key.length > 0 && strcmp(kw_buffer_string(&kept->key), key) == 0)
            return kept;
        if (!kept->is_wanted && (!oldest || kept->made_ms < oldest->made_ms))
            oldest = kept;
    }
    if (oldest) {
        kw_buffer_clear(&oldest->key);
        kw_buffer_text(&oldest->key, key);
        oldest->made_ms = 0;
    }
    return oldest && !oldest->key.failed ? oldest : NULL;
}

static void wait_or_answer(struct kw_reporter *reporter, struct kw_http_exchange *exchange, const char *key)
{
    struct kept *kept = find_place(reporter, key);
    if (kept && kept->made_ms > 0 && kw_clock_boot_ms() < kept->made_ms + FRESH_MS)
        reply(reporter, exchange, &kept->page);
    else if (!kept || reporter->count == WAITING || reporter->ending)
        reply(reporter, exchange, NULL);
    else {
        reporter->waiting[reporter->count++] = (struct waiting){ exchange, kept };
        kept->is_wanted = true;
        pthread_cond_signal(&reporter->changed);
    }
}

void kw_reporter_ask(struct kw_reporter *reporter, struct kw_http_exchange *exchange, const struct kw_person *person,
                     const char *language)
{
    struct kw_buffer key;
    kw_buffer_init(&key, KEY_BYTES);
    put_key(person, language, &key);
    pthread_mutex_lock(&reporter->lock);
    if (key.failed)
        reply(reporter, exchange, NULL);
    else
        wait_or_answer(reporter, exchange, kw_buffer_string(&key));
    pthread_mutex_unlock(&reporter->lock);
    kw_buffer_free(&key);
}

/* ---- beginning and end ------------------------------------------------------------------------------------------ */

static void forget(struct kw_reporter *reporter)
{
    for (size_t i = 0; i < PAGES; i++) {
        kw_buffer_free(&reporter->pages[i].key);
        kw_buffer_free(&reporter->pages[i].page);
    }
    pthread_cond_destroy(&reporter->changed);
    pthread_mutex_destroy(&reporter->lock);
    free(reporter);
}

int kw_reporter_start(const struct kw_reporter_options *options, struct kw_reporter **started, struct kw_error *error)
{
    struct kw_reporter *reporter = calloc(1, sizeof *reporter);
    *started = NULL;
    if (!reporter)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    reporter->options = *options;
    pthread_mutex_init(&reporter->lock, NULL);
    pthread_cond_init(&reporter->changed, NULL);
    for (size_t i = 0; i < PAGES; i++) {
        kw_buffer_init(&reporter->pages[i].key, KEY_BYTES);
        kw_buffer_init(&reporter->pages[i].page, PAGE_BYTES);
    }
    if (pthread_create(&reporter->thread, NULL, work, reporter) == 0) {
        *started = reporter;
        return 0;
    }
    forget(reporter);
    return kw_fail(error, KWIT_E_INTERNAL, "", "no thread can be started for the report");
}

void kw_reporter_stop(struct kw_reporter *reporter)
{
    if (!reporter)
        return;
    pthread_mutex_lock(&reporter->lock);
    reporter->ending = true;
    pthread_cond_signal(&reporter->changed);
    pthread_mutex_unlock(&reporter->lock);
    pthread_join(reporter->thread, NULL);
}

void kw_reporter_free(struct kw_reporter *reporter)
{
    if (reporter)
        forget(reporter);
}
