/*
 * code128.c - CODE128 with the fewest symbol characters (ISO/IEC 15417), and GS1-128 on top of it.
 *
 * Three code sets: A has capitals and controls, B has both cases, C has digit pairs. Which set each character takes is
 * found from the end backwards: the cheapest way to finish from position i in set s. In one set alone there is one way.
 */
#include "image/barcode_parts.h"

#include <ctype.h>
#include <string.h>

enum { SETS = 3, SET_A = 0, SET_B = 1, SET_C = 2, FNC1 = 0x80, START_A = 103, SHIFT = 98, CODE_C = 99, CODE_B = 100,
       CODE_A = 101, VALUE_FNC1 = 102, STOP = 106, FAR = 10000, MAX_UNITS = KW_BARCODE_MAX_DATA + 40 };

static const char patterns[107][8] = {
    "212222", "222122", "222221", "121223", "121322", "131222", "122213", "122312", "132212", "221213",
    "221312", "231212", "112232", "122132", "122231", "113222", "123122", "123221", "223211", "221132",
    "221231", "213212", "223112", "312131", "311222", "321122", "321221", "312212", "322112", "322211",
    "212123", "212321", "232121", "111323", "131123", "131321", "112313", "132113", "132311", "211313",
    "231113", "231311", "112133", "112331", "132131", "113123", "113321", "133121", "313121", "211331",
    "231131", "213113", "213311", "213131", "311123", "311321", "331121", "312113", "312311", "332111",
    "314111", "221411", "431111", "111224", "111422", "121124", "121421", "141122", "141221", "112214",
    "112412", "122114", "122411", "142112", "142211", "241211", "221114", "413111", "241112", "134111",
    "111242", "121142", "121241", "114212", "124112", "124211", "411212", "421112", "421211", "212141",
    "214121", "412121", "111143", "111341", "131141", "114113", "114311", "411113", "411311", "113141",
    "114131", "311141", "411131", "211412", "211214", "211232", "2331112",
};

/* Data as units (a character, or FNC1), and the cheapest way from each of them to the end. */
struct plan {
    uint8_t units[MAX_UNITS];
    int count;
    bool one_set;                   /* set B, or it cannot be done */
    uint16_t cost[MAX_UNITS + 1][SETS];
    /* What is done there: take in this set, shift for one character, or go to another set first. */
    struct { uint8_t act, next; } way[MAX_UNITS + 1][SETS];
};
enum act { TAKE, TAKE_SHIFTED, CHANGE };

/* Value of a unit in a set; -1 when the set does not have it. */
static int value_in(uint8_t unit, int set)
{
    if (unit == FNC1)
        return VALUE_FNC1;
    if (set == SET_B)
        return unit >= 0x20 && unit < 0x80 ? unit - 0x20 : -1;
    if (set == SET_A)
        return unit < 0x20 ? unit + 64 : unit < 0x60 ? unit - 0x20 : -1;
    return -1;
}

static bool pair_at(const struct plan *plan, int i)
{
    return i + 1 < plan->count && isdigit(plan->units[i]) && isdigit(plan->units[i + 1]);
}

static void offer(struct plan *plan, int i, int set, unsigned cost, enum act act, int next)
{
    if (cost < plan->cost[i][set]) {
        plan->cost[i][set] = (uint16_t)cost;
        plan->way[i][set].act = (uint8_t)act;
        plan->way[i][set].next = (uint8_t)next;
    }
}

static void consider(struct plan *plan, int i, int set)
{
    if (plan->one_set && set != SET_B)
        return;
    if (set == SET_C) {
        if (pair_at(plan, i))
            offer(plan, i, set, 1u + plan->cost[i + 2][set], TAKE, set);
        else if (plan->units[i] == FNC1)
            offer(plan, i, set, 1u + plan->cost[i + 1][set], TAKE, set);
        return;
    }
    if (value_in(plan->units[i], set) >= 0)
        offer(plan, i, set, 1u + plan->cost[i + 1][set], TAKE, set);
    else if (!plan->one_set && value_in(plan->units[i], 1 - set) >= 0)
        offer(plan, i, set, 2u + plan->cost[i + 1][set], TAKE_SHIFTED, set);
}

static void consider_changes(struct plan *plan, int i)
{
    uint16_t own[SETS];
    memcpy(own, plan->cost[i], sizeof own);
    for (int set = 0; set < SETS; set++)
        for (int next = 0; next < SETS; next++)
            if (next != set)
                offer(plan, i, set, 1u + own[next], CHANGE, next);
}

static void make_plan(struct plan *plan)
{
    memset(plan->cost[plan->count], 0, sizeof plan->cost[0]);
    for (int i = plan->count - 1; i >= 0; i--) {
        for (int set = 0; set < SETS; set++) {
            plan->cost[i][set] = FAR;
            consider(plan, i, set);
        }
        if (!plan->one_set)
            consider_changes(plan, i);
    }
}

/* The symbol as values for drawing and as bytes with braces for GS k. */
struct writing {
    struct kw_elements *elements;
    uint8_t *native;
    size_t native_length;
    unsigned sum, position;
};

static void write_value(struct writing *writing, int value)
{
    kw_elements_add(writing->elements, patterns[value]);
    writing->sum += (unsigned)value * (writing->position ? writing->position : 1);
    writing->position++;
}

static void write_escape(struct writing *writing, char letter)
{
    writing->native[writing->native_length++] = '{';
    writing->native[writing->native_length++] = (uint8_t)letter;
}

static void write_unit(struct writing *writing, uint8_t unit, int set)
{
    write_value(writing, value_in(unit, set));
    if (unit == FNC1) {
        write_escape(writing, '1');
    } else if (unit == '{') {
        write_escape(writing, '{');
    } else {
        writing->native[writing->native_length++] = unit;
    }
}

static int cheapest_start(const struct plan *plan)
{
    int best = SET_B;
    for (int set = 0; set < SETS; set++)
        if (plan->cost[0][set] < plan->cost[0][best])
            best = set;
    return best;
}

static void write_plan(const struct plan *plan, struct writing *writing)
{
    static const uint8_t change[SETS] = { CODE_A, CODE_B, CODE_C };
    int set = cheapest_start(plan), i = 0;
    write_value(writing, START_A + set);
    write_escape(writing, (char)('A' + set));
    while (i < plan->count) {
        int act = plan->way[i][set].act;
        if (act == CHANGE) {
            set = plan->way[i][set].next;
            write_value(writing, change[set]);
            write_escape(writing, (char)('A' + set));
        } else if (act == TAKE_SHIFTED) {
            write_value(writing, SHIFT);
            write_escape(writing, 'S');
            write_unit(writing, plan->units[i++], 1 - set);
        } else if (set == SET_C && plan->units[i] != FNC1) {
            int value = (plan->units[i] - '0') * 10 + plan->units[i + 1] - '0';
            write_value(writing, value);
            writing->native[writing->native_length++] = (uint8_t)value;
            i += 2;
        } else {
            write_unit(writing, plan->units[i++], set);
        }
    }
    write_value(writing, (int)(writing->sum % 103));
    kw_elements_add(writing->elements, patterns[STOP]);
}

static int encode(struct kw_barcode_job *job, struct plan *plan)
{
    struct writing writing = { .elements = &job->elements };
    writing.native = kw_arena_alloc(job->arena, (size_t)plan->count * 4 + 8);
    if (!writing.native)
        return kw_barcode_no_memory(job);
    make_plan(plan);
    write_plan(plan, &writing);
    job->barcode->native = writing.native;
    job->barcode->native_length = writing.native_length;
    job->barcode->quiet_left = job->barcode->quiet_right = 10;
    return 0;
}

int kw_make_code128(struct kw_barcode_job *job)
{
    struct plan plan = { .count = (int)job->length, .one_set = job->one_set };
    for (size_t i = 0; i < job->length; i++) {
        if ((unsigned char)job->data[i] >= 0x80)
            return kw_barcode_refuse(job, "takes only ASCII characters; a QR code takes any");
        plan.units[i] = (uint8_t)job->data[i];
        if (plan.one_set && value_in(plan.units[i], SET_B) < 0)
            return kw_barcode_refuse(job, "has control characters in another code set than set B");
    }
    job->barcode->human = job->barcode->scanned = kw_arena_copy(job->arena, job->data, job->length);
    return job->barcode->human ? encode(job, &plan) : kw_barcode_no_memory(job);
}

/* ---- GS1-128 ----------------------------------------------------------------------------------------------------- */

/* Element strings of predefined length, by the first two digits of their identifier: the length with it. */
static const struct { char first[3]; uint8_t length; } fixed[] = {
    { "00", 20 }, { "01", 16 }, { "02", 16 }, { "03", 16 }, { "04", 18 }, { "11", 8 },  { "12", 8 },  { "13", 8 },
    { "14", 8 },  { "15", 8 },  { "16", 8 },  { "17", 8 },  { "18", 8 },  { "19", 8 },  { "20", 4 },  { "31", 10 },
    { "32", 10 }, { "33", 10 }, { "34", 10 }, { "35", 10 }, { "36", 10 }, { "41", 16 },
};

static int fixed_length(const char *element)
{
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++)
        if (memcmp(fixed[i].first, element, 2) == 0)
            return fixed[i].length;
    return 0;
}

struct gs1 {
    struct plan plan;
    char scanned[MAX_UNITS + 1];
    size_t scanned_length;
};

static void add_unit(struct gs1 *gs1, uint8_t unit)
{
    gs1->plan.units[gs1->plan.count++] = unit;
    if (gs1->plan.count > 1)
        gs1->scanned[gs1->scanned_length++] = unit == FNC1 ? 0x1D : (char)unit;
}

/* One "(identifier)value" at data[at]; returns where the next begins, 0 after an error that is in job->error. */
static size_t read_element(struct kw_barcode_job *job, size_t at, char *element, size_t *length, int *code)
{
    const char *data = job->data;
    size_t close = at + 1;
    *length = 0;
    while (close < job->length && isdigit((unsigned char)data[close]))
        close++;
    if (data[at] != '(' || close >= job->length || data[close] != ')' || close - at < 3 || close - at > 5) {
        *code = kw_barcode_refuse(job, "is written as (identifier)value, for example (01)05901234123457(10)L204");
        return 0;
    }
    for (size_t i = at + 1; i < close; i++)
        element[(*length)++] = data[i];
    size_t end = close + 1;
    for (; end < job->length && data[end] != '('; end++)
        element[(*length)++] = data[end];
    return end;
}

static int check_element(struct kw_barcode_job *job, const char *element, size_t length)
{
    int want = fixed_length(element);
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)element[i] < 0x21 || (unsigned char)element[i] > 0x7A)
            return kw_barcode_refuse(job, "takes only letters, digits and signs of GS1");
    if (want && length != (size_t)want)
        return kw_barcode_refuse(job, "the element (%.2s) has %d characters with its identifier, not %zu", element,
                                 want, length);
    bool checked = memcmp(element, "00", 2) == 0 || memcmp(element, "01", 2) == 0 || memcmp(element, "02", 2) == 0;
    if (checked && kw_gs1_check_digit(element + 2, length - 3) != element[length - 1])
        return kw_barcode_refuse(job, "the check digit of (%.2s)%.*s should be %c", element, (int)length - 2,
                                 element + 2, kw_gs1_check_digit(element + 2, length - 3));
    return 0;
}

static int read_gs1(struct kw_barcode_job *job, struct gs1 *gs1)
{
    char element[KW_BARCODE_MAX_DATA + 1];
    size_t length;
    int code = 0;
    add_unit(gs1, FNC1);
    for (size_t at = 0; at < job->length;) {
        at = read_element(job, at, element, &length, &code);
        if (at == 0)
            return code;
        code = check_element(job, element, length);
        if (code < 0)
            return code;
        for (size_t i = 0; i < length; i++)
            add_unit(gs1, (uint8_t)element[i]);
        if (at < job->length && fixed_length(element) == 0)
            add_unit(gs1, FNC1);
    }
    return 0;
}

int kw_make_gs1_128(struct kw_barcode_job *job)
{
    struct gs1 gs1 = { .plan = { .count = 0 } };
    int code = read_gs1(job, &gs1);
    if (code < 0)
        return code;
    job->barcode->human = kw_arena_copy(job->arena, job->data, job->length);
    job->barcode->scanned = kw_arena_copy(job->arena, gs1.scanned, gs1.scanned_length);
    if (!job->barcode->human || !job->barcode->scanned)
        return kw_barcode_no_memory(job);
    return encode(job, &gs1.plan);
}
