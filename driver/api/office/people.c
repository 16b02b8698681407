/*
 * people.c - office person: who may sign in. Their file lies beside staff.key, where the process that faces the
 * internet cannot read it.
 */
#include "api/office/serving.h"

#include "api/touch/regions.h"
#include "base/clock.h"
#include "office/session.h"

#include <fcntl.h>
#include <sodium/randombytes.h>
#include <stdio.h>
#include <string.h>

enum { GROUPS = 4, OF_GROUP = 5, MADE = GROUPS * (OF_GROUP + 1) };
static const char file_name[] = "people", left_name[] = "left";

/* The directory of the staff's key; that of the state where the key lies there. */
static const char *directory_of(struct kw_touch *call, const char *key_file)
{
    const char *slash = key_file ? strrchr(key_file, '/') : NULL;
    if (!key_file)
        return kw_state_dir(call->state);
    return slash ? kw_arena_copy(call->arena, key_file, (size_t)(slash - key_file) + 1) : ".";
}

struct desk { struct kw_state *state; struct kw_people people; };

static int open_people(struct kw_touch *call, const char *key_file, struct desk *desk)
{
    void *bytes;
    size_t length = 0;
    const char *directory = directory_of(call, key_file);
    *desk = (struct desk){ NULL, { NULL, 0, 0 } };
    int code = directory ? kw_state_open(directory, &desk->state, &call->error)
                         : kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    if (code == 0)
        code = kw_state_read(desk->state, call->arena, file_name, KW_PEOPLE_BYTES, &bytes, &length, &call->error);
    if (code == KWIT_E_NOT_FOUND)
        return 0;
    if (code < 0)
        return code;
    ((char *)bytes)[length] = 0;
    return kw_people_read(call->arena, bytes, &desk->people, &call->error);
}

static int keep_people(struct kw_touch *call, struct desk *desk)
{
    struct kw_buffer text;
    kw_buffer_init(&text, KW_PEOPLE_BYTES);
    kw_people_write(&desk->people, &text);
    int code = text.failed ? kw_fail(&call->error, KWIT_E_NO_MEMORY, file_name, "there are too many people in it")
                           : kw_state_write(desk->state, file_name, text.data, text.length, 0600, &call->error);
    kw_buffer_free(&text);
    return code;
}

static int close_people(struct kw_touch *call, struct desk *desk, int code)
{
    if (desk->state)
        kw_state_close(desk->state);
    return kw_touch_close(call, code);
}

/* ---- add -------------------------------------------------------------------------------------------------------- */

/* "7kq2m-xw04d-…": a hundred bits, without letters that are taken for others. */
static void make_passphrase(char out[MADE])
{
    static const char symbols[] = "0123456789abcdefghjkmnpqrstvwxyz";
    for (int i = 0; i < MADE - 1; i++)
        out[i] = (i + 1) % (OF_GROUP + 1) == 0 ? '-' : symbols[randombytes_uniform(32)];
    out[MADE - 1] = 0;
}

static int check_words(struct kw_touch *call, const struct kwit_office_person *person)
{
    const char *const *const lists[] = { person->stores, person->regions };
    bool right = kw_people_is_word(person->name) && strlen(person->name) < KW_PERSON_NAME;
    for (int i = 0; i < 2; i++)
        for (const char *const *word = lists[i]; word && *word; word++)
            right = right && kw_people_is_word(*word);
    return right ? 0 : kw_fail(&call->error, KWIT_E_USAGE, "office person add", "a name has up to %d bytes; names,"
                               " stores and regions are not empty, and have no tab or line's end in them", KW_PERSON_NAME - 1);
}

static int find_role(struct kw_touch *call, const char *word, enum kw_staff_role *role)
{
    for (int i = 0; word && i < KW_ROLE_COUNT; i++)
        if (strcmp(word, kw_role_words[i]) == 0) {
            *role = (enum kw_staff_role)i;
            return 0;
        }
    return kw_fail(&call->error, KWIT_E_USAGE, "--role", "say reader (looks), manager (takes alerts and replies), or"
                   " owner (also sees cashiers and signs of gaming)");
}

static int check_regions(struct kw_touch *call, const char *const *regions)
{
    struct kw_scope scope = { .count = 0 };
    int code = 0;
    while (code == 0 && regions && *regions)
        code = kw_scope_add_region(call, &scope, *regions++);
    return code;
}

static int mark_passphrase(struct kw_touch *call, const char *passphrase, struct kw_person *person)
{
    char mark[KW_PASSPHRASE_MARK];
    const size_t length = strlen(passphrase);
    if (length < KW_PASSPHRASE_LEAST || length > KW_PASSPHRASE_MOST)
        return kw_fail(&call->error, KWIT_E_USAGE, "--passphrase", "a passphrase has %d to %d bytes; without this"
                       " option kwit makes one", KW_PASSPHRASE_LEAST, KW_PASSPHRASE_MOST);
    if (!kw_passphrase_mark(passphrase, mark) || !(person->mark = kw_arena_string(call->arena, mark)))
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "office person add", "a passphrase takes 64 MiB, and they are"
                       " not there");
    return 0;
}

/* In the place of who had that name, else behind the others. */
static int put(struct kw_touch *call, struct kw_people *people, const struct kw_person *person)
{
    struct kw_person *known = kw_people_find(people, person->name);
    struct kw_person *all = known ? people->all : kw_arena_grow(call->arena, people->all, people->count, &people->room,
                                                                sizeof *all);
    if (!all)
        return kw_fail(&call->error, KWIT_E_NO_MEMORY, "", "out of memory");
    people->all = all;
    *(known ? known : &all[people->count++]) = *person;
    return 0;
}

static void tell_added(struct kw_touch *call, const struct kw_person *person, const char *made)
{
    struct kw_json json;
    kw_json_init(&json, &call->result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_string(&json, "name", person->name);
    kw_json_string(&json, "role", kw_role_words[person->role]);
    kw_json_string(&json, "passphrase", made);
    kw_json_end_object(&json);
    kw_buffer_format(&call->result->text, "%s may sign in at /staff as %s\n", person->name,
                     kw_role_words[person->role]);
    if (made)
        kw_buffer_format(&call->result->text, "the passphrase, which is said this once: %s\n", made);
}

int kwit_office_person_add(kwit_context *context, const struct kwit_office_person *options, const char *key_file,
                           kwit_result **result)
{
    static const char *const none[] = { NULL };
    struct kw_touch call;
    struct desk desk = { 0 };
    char made[MADE];
    struct kw_person person = { .name = options->name, .stores = options->stores ? options->stores : none,
                                .regions = options->regions ? options->regions : none };
    int code = kw_touch_open(context, KW_TOUCH_STATE, &call, result);
    if (code == 0)
        code = check_words(&call, options);
    if (code == 0)
        code = find_role(&call, options->role, &person.role);
    if (code == 0)
        code = check_regions(&call, options->regions);
    if (code == 0)
        code = open_people(&call, key_file, &desk);
    make_passphrase(made);
    if (code == 0)
        code = mark_passphrase(&call, options->passphrase ? options->passphrase : made, &person);
    if (code == 0)
        code = put(&call, &desk.people, &person);
    if (code == 0)
        code = keep_people(&call, &desk);
    if (code == 0)
        tell_added(&call, &person, options->passphrase ? NULL : made);
    kw_key_wipe(made, sizeof made);
    return close_people(&call, &desk, code);
}

/* ---- remove, list ----------------------------------------------------------------------------------------------- */

static int enter(kwit_context *context, const char *key_file, struct kw_touch *call, struct desk *desk,
                 kwit_result **result)
{
    int code = kw_touch_open(context, KW_TOUCH_STATE, call, result);
    return code == 0 ? open_people(call, key_file, desk) : code;
}

int kwit_office_person_remove(kwit_context *context, const char *name, const char *key_file, kwit_result **result)
{
    struct kw_touch call;
    struct desk desk = { 0 };
    struct kw_json json;
    int code = enter(context, key_file, &call, &desk, result);
    struct kw_person *person = code == 0 ? kw_people_find(&desk.people, name) : NULL;
    if (code == 0 && !person)
        code = kw_fail(&call.error, KWIT_E_NOT_FOUND, "office person remove", "nobody of that name may sign in;"
                       " kwit office person list");
    if (code == 0) {
        const size_t behind = desk.people.count - 1 - (size_t)(person - desk.people.all);
        memmove(person, person + 1, behind * sizeof *person);
        desk.people.count--;
        code = keep_people(&call, &desk);
    }
    if (code == 0) {
        kw_json_init(&json, &call.result->json);
        kw_json_object(&json, NULL);
        kw_json_integer(&json, "kwit", 1);
        kw_json_string(&json, "removed", name);
        kw_json_end_object(&json);
        kw_buffer_format(&call.result->text, "%s may sign in no more, and is signed out\n", name);
    }
    return close_people(&call, &desk, code);
}

static void put_words(struct kw_json *json, const char *name, const char *const *words, struct kw_buffer *text)
{
    kw_json_array(json, name);
    for (; *words; words++) {
        kw_json_string(json, NULL, *words);
        kw_buffer_format(text, "  %s %s", name[0] == 's' ? "store" : "region", *words);
    }
    kw_json_end_array(json);
}

int kwit_office_people(kwit_context *context, const char *key_file, kwit_result **result)
{
    struct kw_touch call;
    struct desk desk = { 0 };
    struct kw_json json;
    int code = enter(context, key_file, &call, &desk, result);
    kw_json_init(&json, &call.result->json);
    kw_json_object(&json, NULL);
    kw_json_integer(&json, "kwit", 1);
    kw_json_array(&json, "people");
    for (size_t i = 0; i < desk.people.count; i++) {
        const struct kw_person *person = &desk.people.all[i];
        kw_json_object(&json, NULL);
        kw_json_string(&json, "name", person->name);
        kw_json_string(&json, "role", kw_role_words[person->role]);
        kw_buffer_format(&call.result->text, "%-20s  %-8s", person->name, kw_role_words[person->role]);
        put_words(&json, "stores", person->stores, &call.result->text);
        put_words(&json, "regions", person->regions, &call.result->text);
        kw_json_end_object(&json);
        kw_buffer_text(&call.result->text, person->stores[0] || person->regions[0] ? "\n" : "  all stores\n");
    }
    kw_json_end_array(&json);
    kw_json_end_object(&json);
    if (code == 0 && desk.people.count == 0)
        kw_buffer_text(&call.result->text, "nobody may sign in\n");
    return close_people(&call, &desk, code);
}

/* ---- while it serves -------------------------------------------------------------------------------------------- */

int kw_serving_find_people(struct kw_serving *serving)
{
    const char *directory = directory_of(serving->call, serving->staff_key_file);
    const int length = snprintf(serving->desk, sizeof serving->desk, "%s", directory ? directory : "");
    return directory && (size_t)length < sizeof serving->desk - sizeof file_name
               ? 0 : kw_fail(&serving->call->error, KWIT_E_IO, file_name, "the path to it is too long");
}

static char *read_text(const struct kw_serving *serving, const char *name, size_t limit, struct kw_arena *arena)
{
    char path[KW_KEYS_PATH + 16];
    snprintf(path, sizeof path, "%s/%s", serving->desk, name);
    FILE *file = fopen(path, "re");
    char *text = kw_arena_alloc(arena, limit + 1);
    size_t length = file && text ? fread(text, 1, limit, file) : 0;
    if (text)
        text[length] = 0;
    if (file)
        fclose(file);
    return text;
}

char *kw_serving_people(void *data, struct kw_arena *arena)
{
    return read_text(data, file_name, KW_PEOPLE_BYTES, arena);
}

char *kw_serving_left(void *data, struct kw_arena *arena)
{
    return read_text(data, left_name, KW_SESSIONS_LEFT, arena);
}

static int put_left(struct kw_serving *serving, struct kw_state *state, struct kw_arena *arena, const char *session,
                    int64_t now_ms, struct kw_error *error)
{
    struct kw_buffer list;
    const char *left = kw_serving_left(serving, arena);
    kw_buffer_init(&list, KW_SESSIONS_LEFT);
    if (left)
        kw_session_leave(left, session, now_ms, &list);
    int code = !left || list.failed ? kw_fail(error, KWIT_E_NO_MEMORY, left_name, "out of memory")
                                    : kw_state_write(state, left_name, list.data, list.length, 0600, error);
    kw_buffer_free(&list);
    return code;
}

/* Of several processes with one directory one writes at a time. */
int kw_serving_leave(void *data, const char *session, int64_t now_ms)
{
    enum { PATIENCE_MS = 5000 };
    struct kw_serving *serving = data;
    struct kw_arena *arena = kw_arena_new(2 * KW_SESSIONS_LEFT);
    struct kw_state *state = NULL;
    struct kw_lock *lock = NULL;
    struct kw_error error;
    int code = arena ? kw_state_open(serving->desk, &state, &error) : KWIT_E_NO_MEMORY;
    if (code == 0)
        code = kw_state_lock(state, left_name, kw_clock_boot_ms() + PATIENCE_MS, &lock, &error);
    if (code == 0)
        code = put_left(serving, state, arena, session, now_ms, &error);
    if (lock)
        kw_state_unlock(lock);
    if (state)
        kw_state_close(state);
    if (code < 0 && arena)
        kw_log(&serving->call->context->log, KW_LOG_WARNING, "signing out: %s", error.text);
    kw_arena_free(arena);
    return code;
}
