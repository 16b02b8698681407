/*
 * people.h - who may sign in at the office: a line each of one file, with a role, the stores and regions that the
 * person looks after, and what a passphrase is known by.
 */
#ifndef KW_OFFICE_PEOPLE_H
#define KW_OFFICE_PEOPLE_H

#include "base/arena.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdbool.h>

/*
 * A reader looks; a manager takes alerts, replies, and sees addresses; an owner also sees cashiers and signs of gaming.
 */
#define KW_ROLES(X) X(READER, "reader") X(MANAGER, "manager") X(OWNER, "owner")
enum kw_staff_role {
#define KW_ROLE_ENUM(name, word) KW_ROLE_##name,
    KW_ROLES(KW_ROLE_ENUM)
#undef KW_ROLE_ENUM
    KW_ROLE_COUNT
};
extern const char *const kw_role_words[KW_ROLE_COUNT];

enum { KW_PERSON_NAME = 61, KW_PEOPLE_BYTES = 1024 * 1024, KW_PASSPHRASE_LEAST = 12, KW_PASSPHRASE_MOST = 256,
       KW_PASSPHRASE_MARK = 128 };

struct kw_person {
    const char *name;
    enum kw_staff_role role;
    const char *mark;                       /* of the passphrase: argon2id with its salt */
    const char *const *stores, *const *regions;     /* NULL-terminated; both empty: all stores */
};
struct kw_people { struct kw_person *all; size_t count, room; };

/* The file's text, which is taken to pieces and lives as long as the people; STATE_DAMAGED. */
int kw_people_read(struct kw_arena *arena, char *text, struct kw_people *people, struct kw_error *error);
void kw_people_write(const struct kw_people *people, struct kw_buffer *out);
/* NULL: nobody of that name. */
struct kw_person *kw_people_find(const struct kw_people *people, const char *name);
/* Whether a name, a store or a region can stand in the file: not empty, and without control characters. */
bool kw_people_is_word(const char *text);

/* False: no memory for it. Takes some tenths of a second, and 64 MiB meanwhile. */
bool kw_passphrase_mark(const char *passphrase, char mark[KW_PASSPHRASE_MARK]);
/* Whether it is the one; mark NULL: it is not, and that is not seen from how long it takes. */
bool kw_passphrase_fits(const char *mark, const char *passphrase);

#endif
