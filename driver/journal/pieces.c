/* pieces.c - the pieces of a job, each with its own bytes, tail and state. */
#include "journal/internal.h"

#include "journal/jobs.h"

#include <string.h>

/* Stored with blanks, all of one length: a row that keeps its length is changed where it is, without its bytes. */
static const struct { char word[8], stored[8]; } states[] = {
    { "waiting", "waiting" }, { "body", "body   " }, { "tail", "tail   " },
    { "printed", "printed" }, { "sent", "sent   " }, { "skipped", "skipped" }
};

const char *kw_piece_state_word(enum kw_piece_state state)
{
    return states[state].word;
}

static enum kw_piece_state state_of(const char *word)
{
    const size_t length = strcspn(word, " ");
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strlen(states[i].word) == length && strncmp(states[i].word, word, length) == 0)
            return (enum kw_piece_state)i;
    return KW_PIECE_SKIPPED;
}

static sqlite3_int64 row_id(int64_t job, int n)
{
    return job * (KW_PIECES_MAX + 1) + n;
}

int kw_piece_add(struct kw_journal *journal, int64_t job, const struct kw_piece_row *piece, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "INSERT INTO piece VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, 0, -1, ?, ?)", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, row_id(job, piece->n));
    sqlite3_bind_int64(statement, 2, job);
    sqlite3_bind_int(statement, 3, piece->n);
    sqlite3_bind_int(statement, 4, piece->kind);
    kw_bind_text(statement, 5, piece->name);
    kw_bind_text(statement, 6, states[piece->state].stored);
    sqlite3_bind_int64(statement, 7, (sqlite3_int64)piece->length);
    sqlite3_bind_int64(statement, 8, (sqlite3_int64)piece->tail_offset);
    sqlite3_bind_int64(statement, 9, piece->paper_um);
    sqlite3_bind_blob64(statement, 10, piece->breaks, piece->break_count * sizeof *piece->breaks, SQLITE_STATIC);
    sqlite3_bind_blob64(statement, 11, piece->bytes, piece->length, SQLITE_STATIC);
    return kw_journal_done(journal, statement, error);
}

/* Offsets as they were stored: read only by the machine that wrote them, so in its own byte order. */
static bool take_breaks(sqlite3_stmt *statement, int column, struct kw_arena *arena, struct kw_piece_row *piece)
{
    size_t bytes = (size_t)sqlite3_column_bytes(statement, column);
    size_t *breaks = kw_arena_alloc(arena, bytes);
    if (!breaks)
        return false;
    if (bytes)
        memcpy(breaks, sqlite3_column_blob(statement, column), bytes);
    piece->breaks = breaks;
    piece->break_count = bytes / sizeof *breaks;
    return true;
}

static bool take_piece(sqlite3_stmt *statement, struct kw_arena *arena, void *row)
{
    struct kw_piece_row *piece = row;
    *piece = (struct kw_piece_row){
        .n = sqlite3_column_int(statement, 0), .kind = (uint8_t)sqlite3_column_int(statement, 1),
        .name = kw_arena_string(arena, kw_column_text(statement, 2)), .state = state_of(kw_column_text(statement, 3)),
        .length = (size_t)sqlite3_column_int64(statement, 4), .tail_offset = (size_t)sqlite3_column_int64(statement, 5),
        .paper_um = sqlite3_column_int64(statement, 6), .process_id = (uint32_t)sqlite3_column_int64(statement, 7),
        .cuts = sqlite3_column_int64(statement, 8)
    };
    if (!piece->name || !take_breaks(statement, 9, arena, piece))
        return false;
    if (sqlite3_column_type(statement, 10) == SQLITE_NULL
        || (size_t)sqlite3_column_bytes(statement, 10) != piece->length || piece->tail_offset > piece->length)
        return true;
    piece->bytes = (const uint8_t *)kw_arena_copy(arena, sqlite3_column_blob(statement, 10), piece->length);
    return piece->bytes != NULL;
}

int kw_piece_list(struct kw_journal *journal, int64_t job, struct kw_arena *arena, struct kw_piece_row **pieces,
                  size_t *count, struct kw_error *error)
{
    *pieces = NULL, *count = 0;
    sqlite3_stmt *statement = kw_journal_prepare(
        journal,
        "SELECT n, kind, name, state, length, tail_offset, paper_um, process_id, cuts, breaks, bytes FROM piece"
        " WHERE id BETWEEN ? AND ? ORDER BY id", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, row_id(job, 0));
    sqlite3_bind_int64(statement, 2, row_id(job, KW_PIECES_MAX));
    void *rows;
    int code = kw_journal_rows(journal, statement, arena, sizeof **pieces, take_piece, &rows, count, error);
    *pieces = rows;
    return code;
}

int kw_piece_move(struct kw_journal *journal, int64_t job, const struct kw_piece_row *piece, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(
        journal, "UPDATE piece SET state = ?, process_id = ?, cuts = ? WHERE id = ?", error);
    if (!statement)
        return error->code;
    kw_bind_text(statement, 1, states[piece->state].stored);
    sqlite3_bind_int64(statement, 2, piece->process_id);
    sqlite3_bind_int64(statement, 3, piece->cuts);
    sqlite3_bind_int64(statement, 4, row_id(job, piece->n));
    return kw_journal_done(journal, statement, error);
}

int kw_piece_remove(struct kw_journal *journal, int64_t job, int from, struct kw_error *error)
{
    sqlite3_stmt *statement = kw_journal_prepare(journal, "DELETE FROM piece WHERE id BETWEEN ? AND ?", error);
    if (!statement)
        return error->code;
    sqlite3_bind_int64(statement, 1, row_id(job, from));
    sqlite3_bind_int64(statement, 2, row_id(job, KW_PIECES_MAX));
    return kw_journal_done(journal, statement, error);
}
