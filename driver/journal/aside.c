/*
 * aside.c - sales of a stolen or cloned till that do not count, kept until a person takes that back. Their rows stand
 * in a table of their own, out of which no count, code or answer is looked up; answers to them are judged anew.
 */
#include "journal/aside.h"

#include "journal/cells.h"
#include "journal/internal.h"
#include "journal/touchpoint.h"

/* The sales of origin ?1 from its event ?2 on, which stand in `touchpoint` while this is asked. */
#define THEIRS "sale BETWEEN ?1 << 40 AND (?1 + 1 << 40) - 1 AND n >= ?2"

static int next_sale(struct kw_journal *journal, const int64_t of[2], int64_t after, int64_t *sale,
                     struct kw_error *error)
{
    const int64_t bound[] = { of[0], of[1], after };
    return kw_journal_number(journal, "SELECT coalesce(min(sale), 0) FROM touchpoint WHERE " THEIRS " AND sale > ?3",
                             bound, 3, sale, error);
}

static int count_them(struct kw_journal *journal, const int64_t of[2], int change, struct kw_error *error)
{
    struct kw_touchpoint touchpoint;
    int64_t sale = 0;
    int code;
    while ((code = next_sale(journal, of, sale, &sale, error)) == 0 && sale > 0) {
        code = kw_touchpoint_get(journal, sale, &touchpoint, error);
        if (code == 0)
            code = kw_cell_add(journal, &touchpoint, touchpoint.klass, change, error);
        if (code < 0)
            break;
    }
    return code;
}

static int run(struct kw_journal *journal, const char *const steps[], size_t count, const int64_t of[2],
               struct kw_error *error)
{
    int code = 0;
    for (size_t i = 0; code == 0 && i < count; i++)
        code = kw_journal_run_with(journal, steps[i], of, 2, error);
    return code;
}

int kw_aside_put(struct kw_journal *journal, int64_t origin, int64_t from_n, struct kw_error *error)
{
    static const char *const steps[] = {
        "UPDATE answer SET verdict = 7, sale = NULL, printed_ms = 0 WHERE verdict <> 17 AND sale IN"
        " (SELECT sale FROM touchpoint WHERE " THEIRS ")",
        "INSERT INTO aside SELECT * FROM touchpoint WHERE " THEIRS,
        "DELETE FROM touchpoint WHERE " THEIRS,
    };
    const int64_t of[] = { origin, from_n };
    int code = count_them(journal, of, -1, error);
    return code < 0 ? code : run(journal, steps, sizeof steps / sizeof steps[0], of, error);
}

/* Answers that were given to them meanwhile were to codes that were never issued. */
int kw_aside_take_back(struct kw_journal *journal, int64_t origin, struct kw_error *error)
{
    static const char *const steps[] = {
        "UPDATE answer SET verdict = 7 WHERE verdict = 6 AND (handle, day, seq) IN"
        " (SELECT handle, day, seq FROM aside WHERE " THEIRS ")",
        "INSERT INTO touchpoint SELECT * FROM aside WHERE " THEIRS,
    };
    int64_t of[] = { origin, 0 };
    int code = kw_journal_number(journal, "SELECT coalesce(min(n), 0) FROM aside WHERE " THEIRS, of, 2, &of[1], error);
    if (code < 0 || of[1] == 0)
        return code;
    code = run(journal, steps, sizeof steps / sizeof steps[0], of, error);
    if (code == 0)
        code = count_them(journal, of, 1, error);
    return code < 0 ? code : kw_journal_run_with(journal, "DELETE FROM aside WHERE " THEIRS, of, 2, error);
}
