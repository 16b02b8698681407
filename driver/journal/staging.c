/* staging.c - a private database where a file of answers is checked as a whole before any of it is merged. */
#include "journal/answers.h"

#include "journal/internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct kw_staging {
    sqlite3 *db;
    sqlite3_stmt *add, *read;
    char path[4096];
};

static int fail(struct kw_staging *staging, struct kw_error *error)
{
    return kw_fail(error, (sqlite3_errcode(staging->db) & 0xff) == SQLITE_FULL ? KWIT_E_DISK_FULL : KWIT_E_IO,
                   staging->path, "the file of answers cannot be staged: %s", sqlite3_errmsg(staging->db));
}

int kw_staging_open(const char *directory, struct kw_staging **opened, struct kw_error *error)
{
    struct kw_staging *staging = calloc(1, sizeof *staging);
    *opened = NULL;
    if (!staging)
        return kw_fail(error, KWIT_E_NO_MEMORY, "", "out of memory");
    snprintf(staging->path, sizeof staging->path, "%s/import-%ld.staging", directory, (long)getpid());
    static const char schema[] =
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE;"
        "CREATE TABLE row(id INTEGER PRIMARY KEY, key BLOB, token TEXT, submitted_ms INTEGER, nps INTEGER, csat "
        "INTEGER,"
        " ces INTEGER, contact INTEGER, complete INTEGER, language TEXT, comment TEXT, line INTEGER, ev"
        " INTEGER); BEGIN";
    if (sqlite3_open_v2(staging->path, &staging->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                        NULL)
            != SQLITE_OK
        || sqlite3_exec(staging->db, schema, NULL, NULL, NULL) != SQLITE_OK
        || sqlite3_prepare_v2(staging->db,
                              "INSERT INTO row(key, token, submitted_ms, nps, csat, ces, contact, complete, language,"
                              " comment, line, ev) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                              -1, &staging->add, NULL)
               != SQLITE_OK
        || sqlite3_prepare_v2(staging->db, "SELECT * FROM row ORDER BY id", -1, &staging->read, NULL) != SQLITE_OK) {
        int code = fail(staging, error);
        kw_staging_close(staging);
        return code;
    }
    unlink(staging->path);                  /* whoever dies here leaves nothing behind */
    *opened = staging;
    return 0;
}

int kw_staging_add(struct kw_staging *staging, const struct kw_answer *answer, struct kw_error *error)
{
    const int64_t numbers[] = { answer->submitted_ms, answer->nps,     answer->csat,
                                answer->ces,          answer->contact, answer->complete };
    sqlite3_bind_blob(staging->add, 1, answer->key, KW_ANSWER_KEY, SQLITE_STATIC);
    kw_bind_text(staging->add, 2, answer->token);
    for (int i = 0; i < 6; i++)
        sqlite3_bind_int64(staging->add, 3 + i, numbers[i]);
    kw_bind_text(staging->add, 9, answer->language);
    kw_bind_text(staging->add, 10, answer->comment);
    sqlite3_bind_int64(staging->add, 11, answer->line);
    sqlite3_bind_int(staging->add, 12, answer->event);
    int status = sqlite3_step(staging->add);
    sqlite3_reset(staging->add);
    return status == SQLITE_DONE ? 0 : fail(staging, error);
}

int kw_staging_next(struct kw_staging *staging, struct kw_answer *answer, struct kw_error *error)
{
    int status = sqlite3_step(staging->read);
    if (status == SQLITE_DONE)
        return 0;
    if (status != SQLITE_ROW)
        return fail(staging, error);
    *answer = (struct kw_answer){
        .token = kw_column_text(staging->read, 2), .submitted_ms = sqlite3_column_int64(staging->read, 3),
        .nps = sqlite3_column_int(staging->read, 4), .csat = sqlite3_column_int(staging->read, 5),
        .ces = sqlite3_column_int(staging->read, 6), .contact = sqlite3_column_int(staging->read, 7) != 0,
        .complete = sqlite3_column_int(staging->read, 8) != 0, .language = kw_column_text(staging->read, 9),
        .comment = kw_column_text(staging->read, 10), .line = sqlite3_column_int64(staging->read, 11),
        .event = sqlite3_column_int(staging->read, 12)
    };
    memcpy(answer->key, sqlite3_column_blob(staging->read, 1), KW_ANSWER_KEY);
    return 1;
}

void kw_staging_close(struct kw_staging *staging)
{
    if (!staging)
        return;
    sqlite3_finalize(staging->add);
    sqlite3_finalize(staging->read);
    sqlite3_close(staging->db);
    free(staging);
}
