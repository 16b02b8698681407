/*
 * line.c - one row of a map: `target = path | op(…) | op when path = word and not path`.
 *
 * A path is keys with dots between them, [2] for an element, [] for all of a list, [*] for all members, a slash in
 * front for the document's root and a dot alone for the element at hand. "…" is a text, yes is true.
 */
#include "inputs/maps/rows.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void *kw_map_fault(struct map_reader *reader, const char *format, ...)
{
    char where[KW_WHERE_SIZE], text[KW_TEXT_SIZE];
    va_list arguments;
    if (reader->failed)
        return NULL;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    snprintf(where, sizeof where, "%s:%d", reader->name, reader->line);
    reader->failed = true;
    kw_fail(reader->error, KWIT_E_CONFIG, where, "%s; kwit map show square is an example", text);
    return NULL;
}

struct cursor {
    struct map_reader *reader;
    const char *at;
};

static const char blanks[] = " \t";

static void skip(struct cursor *cursor)
{
    cursor->at += strspn(cursor->at, blanks);
}

static bool take(struct cursor *cursor, const char *sign)
{
    size_t length = strlen(sign);
    skip(cursor);
    if (strncmp(cursor->at, sign, length) != 0)
        return false;
    cursor->at += length;
    return true;
}

/* A word by itself: `when`, `and`, `not`. */
static bool take_word(struct cursor *cursor, const char *word)
{
    size_t length = strlen(word);
    skip(cursor);
    if (strncmp(cursor->at, word, length) != 0 || (cursor->at[length] && !strchr(" \t(", cursor->at[length])))
        return false;
    cursor->at += length;
    return true;
}

static const char *copy(struct cursor *cursor, size_t length)
{
    const char *text = kw_arena_copy(cursor->reader->arena, cursor->at, length);
    cursor->at += length;
    return text ? text : kw_map_fault(cursor->reader, "out of memory");
}

/* "…" or what stands up to one of the signs that end a word. */
static const char *read_word(struct cursor *cursor)
{
    skip(cursor);
    if (*cursor->at == '"') {
        const char *end = strchr(cursor->at + 1, '"');
        if (!end)
            return kw_map_fault(cursor->reader, "the text that begins with %.20s has no end", cursor->at);
        cursor->at++;
        const char *text = copy(cursor, (size_t)(end - cursor->at));
        cursor->at++;
        return text;
    }
    size_t length = strcspn(cursor->at, " \t|,()=!<>\"");
    return length ? copy(cursor, length) : kw_map_fault(cursor->reader, "a word is wanted before `%.20s`", cursor->at);
}

/* ---- paths ------------------------------------------------------------------------------------------------------ */

static struct step *add_step(struct cursor *cursor, const struct step ***end)
{
    struct step *step = kw_arena_alloc(cursor->reader->arena, sizeof *step);
    if (!step)
        return kw_map_fault(cursor->reader, "out of memory");
    **end = step;
    *end = &step->next;
    return step;
}

/* [], [*] or [2] */
static bool read_index(struct cursor *cursor, struct step *step)
{
    char *end;
    char sign = cursor->at[1];
    step->index = sign == ']' ? ALL_ELEMENTS : sign == '*' ? ALL_MEMBERS : strtol(cursor->at + 1, &end, 10);
    if (sign != ']' && sign != '*' && (sign < '0' || sign > '9'))
        return kw_map_fault(cursor->reader, "`%.20s`: an element is counted from 0", cursor->at) != NULL;
    end = strchr(cursor->at, ']');
    if (!end)
        return kw_map_fault(cursor->reader, "`%.20s` has no ]", cursor->at) != NULL;
    cursor->at = end + 1;
    return true;
}

static bool read_steps(struct cursor *cursor, const struct step **steps)
{
    const struct step **end = steps;
    static const char ends[] = " \t|,()=!<>\".[";
    for (;;) {
        struct step *step;
        size_t length = strcspn(cursor->at, ends);
        if (length > 0) {
            if (!(step = add_step(cursor, &end)) || !(step->key = copy(cursor, length)))
                return false;
        } else if (*cursor->at == '[') {
            if (!(step = add_step(cursor, &end)) || !read_index(cursor, step))
                return false;
        } else {
            return true;
        }
        cursor->at += *cursor->at == '.';
    }
}

static bool read_path(struct cursor *cursor, struct path *path)
{
    skip(cursor);
    const char *from = cursor->at;
    if (*from == '"')
        return (path->literal = read_word(cursor)) != NULL;
    path->from_root = take(cursor, "/");
    if (!path->from_root && *cursor->at == '.')
        cursor->at++;
    if (!read_steps(cursor, &path->steps))
        return false;
    if (cursor->at == from)
        return kw_map_fault(cursor->reader, "a path is wanted before `%.20s`", from) != NULL;
    path->written = kw_arena_copy(cursor->reader->arena, from, (size_t)(cursor->at - from));
    path->yes = path->written && strcmp(path->written, "yes") == 0;
    return path->written || kw_map_fault(cursor->reader, "out of memory");
}

/* ---- operations ------------------------------------------------------------------------------------------------- */

enum arguments { NONE, TEXT_OR_NONE, WORD, PATH, PAIRS, TEXT_PATH, FIND };

static const struct { const char *word; enum arguments arguments; } operations[] = {
#define TEXT TEXT_OR_NONE
#define OP(name, word, arguments, help) { #word, arguments },
#include "inputs/maps/ops.def"
#undef OP
#undef TEXT
};

/* a=b, c=d or a, b, c up to the bracket. */
static bool read_pairs(struct cursor *cursor, const struct pair **pairs, bool named)
{
    const struct pair **end = pairs;
    do {
        struct pair *pair = kw_arena_alloc(cursor->reader->arena, sizeof *pair);
        if (!pair)
            return kw_map_fault(cursor->reader, "out of memory") != NULL;
        if (!(pair->from = read_word(cursor)))
            return false;
        if (named && !take(cursor, "="))
            return kw_map_fault(cursor->reader, "behind `%s` a = is wanted", pair->from) != NULL;
        if (named && !(pair->to = read_word(cursor)))
            return false;
        *end = pair;
        end = &pair->next;
    } while (take(cursor, ","));
    return true;
}

static bool read_arguments(struct cursor *cursor, enum arguments kind, struct op *op)
{
    switch (kind) {
        case TEXT_OR_NONE:
        case WORD: return (op->text = read_word(cursor)) != NULL;
        case PATH: return read_path(cursor, &op->path);
        case PAIRS: return read_pairs(cursor, &op->pairs, true);
        case TEXT_PATH:
            return (op->text = read_word(cursor)) != NULL
                && (take(cursor, ",") || kw_map_fault(cursor->reader, "a comma and a path are wanted"))
                && read_path(cursor, &op->path);
        case FIND:
            return read_path(cursor, &op->path)
                && (take(cursor, ",") || kw_map_fault(cursor->reader, "a comma and a key are wanted"))
                && (op->text = read_word(cursor)) != NULL;
        case NONE: break;
    }
    return kw_map_fault(cursor->reader, "`%s` takes nothing in brackets", operations[op->id].word) != NULL;
}

static bool read_operation(struct cursor *cursor, struct op *op)
{
    const char *word = read_word(cursor);
    int id = 0;
    while (word && id < OP_COUNT && strcmp(operations[id].word, word) != 0)
        id++;
    if (!word || id == OP_COUNT)
        return kw_map_fault(cursor->reader, "there is no operation `%s`", word ? word : "") != NULL;
    op->id = (enum op_id)id;
    enum arguments kind = operations[id].arguments;
    if (*cursor->at != '(')
        return kind == NONE || kind == TEXT_OR_NONE || op->id == OP_MINOR
            || kw_map_fault(cursor->reader, "`%s` wants something in brackets", word);
    cursor->at++;
    return read_arguments(cursor, kind, op)
        && (take(cursor, ")") || kw_map_fault(cursor->reader, "`%s(` has no )", word));
}

static bool read_operations(struct cursor *cursor, const struct op **ops)
{
    const struct op **end = ops;
    while (take(cursor, "|")) {
        struct op *op = kw_arena_alloc(cursor->reader->arena, sizeof *op);
        if (!op)
            return kw_map_fault(cursor->reader, "out of memory") != NULL;
        if (!read_operation(cursor, op))
            return false;
        *end = op;
        end = &op->next;
    }
    return true;
}

/* ---- conditions ------------------------------------------------------------------------------------------------- */

static bool read_bound(struct cursor *cursor, struct condition *condition)
{
    const char *word = read_word(cursor);
    if (!word)
        return false;
    return kw_decimal_parse(word, strlen(word), KW_DECIMAL_PLACES, &condition->bound)
        || kw_map_fault(cursor->reader, "`%s` is no number", word);
}

static bool read_words(struct cursor *cursor, struct condition *condition)
{
    condition->test = IS_ONE_OF;
    if (!take(cursor, "("))
        return read_pairs(cursor, &condition->words, false);
    return read_pairs(cursor, &condition->words, false)
        && (take(cursor, ")") || kw_map_fault(cursor->reader, "the list of words has no )"));
}

static bool read_condition(struct cursor *cursor, struct condition *condition)
{
    condition->turned = take_word(cursor, "not");
    if (!read_path(cursor, &condition->path))
        return false;
    if (take(cursor, "!=")) {
        condition->turned = !condition->turned;
        return read_words(cursor, condition);
    }
    if (take(cursor, "=") || take_word(cursor, "in"))
        return read_words(cursor, condition);
    condition->test = take(cursor, "<") ? IS_BELOW : take(cursor, ">") ? IS_ABOVE : IS_THERE;
    return condition->test == IS_THERE || read_bound(cursor, condition);
}

static bool read_conditions(struct cursor *cursor, const struct condition **conditions)
{
    const struct condition **end = conditions;
    do {
        struct condition *condition = kw_arena_alloc(cursor->reader->arena, sizeof *condition);
        if (!condition)
            return kw_map_fault(cursor->reader, "out of memory") != NULL;
        if (!read_condition(cursor, condition))
            return false;
        *end = condition;
        end = &condition->next;
    } while (take_word(cursor, "and"));
    return true;
}

bool kw_map_read_row(struct map_reader *reader, const char *text, struct row *row)
{
    struct cursor cursor = { .reader = reader, .at = text };
    row->line = reader->line;
    if (!(row->target = read_word(&cursor)))
        return false;
    if (!take(&cursor, "="))
        return kw_map_fault(reader, "behind `%s` a = is wanted", row->target) != NULL;
    if (!read_path(&cursor, &row->path) || !read_operations(&cursor, &row->ops))
        return false;
    if ((take_word(&cursor, "when") || take_word(&cursor, "where")) && !read_conditions(&cursor, &row->when))
        return false;
    skip(&cursor);
    return !*cursor.at || kw_map_fault(reader, "`%.30s` is not understood", cursor.at);
}
