/* ean.c - EAN-13, EAN-8, UPC-A, UPC-E (ISO/IEC 15420). */
#include "image/barcode_parts.h"

#include <ctype.h>
#include <string.h>

/* Widths of the digits in set A (space first) and so of set C (bar first); set B is A read backwards. */
static const char digits[10][5] = { "3211", "2221", "2122", "1411", "1132", "1231", "1114", "1312", "1213", "3112" };
/* Which of the six left digits are of set B, by the digit in front (EAN-13), or by the check digit (UPC-E). */
static const uint8_t ean13_sets[10] = { 0x00, 0x0B, 0x0D, 0x0E, 0x13, 0x19, 0x1C, 0x15, 0x16, 0x1A };
static const uint8_t upc_e_sets[10] = { 0x38, 0x34, 0x32, 0x31, 0x2C, 0x26, 0x23, 0x2A, 0x29, 0x25 };

char kw_gs1_check_digit(const char *text, size_t length)
{
    int sum = 0;
    for (size_t i = 0; i < length; i++)
        sum += (text[length - 1 - i] - '0') * (i % 2 ? 1 : 3);
    return (char)('0' + (10 - sum % 10) % 10);
}

static bool all_digits(const char *text, size_t length)
{
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return true;
}

/* Copies the data with its check digit, which is added or must be right. `whole` counts it. */
static int complete(struct kw_barcode_job *job, size_t whole, char out[16])
{
    if ((job->length != whole && job->length != whole - 1) || !all_digits(job->data, job->length))
        return kw_barcode_refuse(job, "takes %zu digits, or %zu with the check digit", whole - 1, whole);
    memcpy(out, job->data, job->length);
    char check = kw_gs1_check_digit(out, whole - 1);
    if (job->length == whole && out[whole - 1] != check)
        return kw_barcode_refuse(job, "the check digit of %.*s should be %c", (int)job->length, job->data, check);
    out[whole - 1] = check;
    out[whole] = '\0';
    return 0;
}

static void add_digit(struct kw_elements *elements, char digit, bool backwards)
{
    const char *widths = digits[digit - '0'];
    char reversed[5] = { widths[3], widths[2], widths[1], widths[0], '\0' };
    kw_elements_add(elements, backwards ? reversed : widths);
}

/* Bit `count - 1 - i` of sets says whether the i-th digit is read backwards. */
static void add_digits(struct kw_elements *elements, const char *text, int count, unsigned sets)
{
    for (int i = 0; i < count; i++)
        add_digit(elements, text[i], sets >> (count - 1 - i) & 1);
}

static int finish(struct kw_barcode_job *job, const char *text, int left, int right)
{
    struct kw_barcode *barcode = job->barcode;
    barcode->human = barcode->scanned = kw_arena_string(job->arena, text);
    barcode->native = (const uint8_t *)barcode->human;
    barcode->native_length = strlen(text);
    barcode->quiet_left = left;
    barcode->quiet_right = right;
    return barcode->human ? 0 : kw_barcode_no_memory(job);
}

static void add_ean13(struct kw_elements *elements, const char *text)
{
    kw_elements_add(elements, "111");
    add_digits(elements, text + 1, 6, ean13_sets[text[0] - '0']);
    kw_elements_add(elements, "11111");
    add_digits(elements, text + 7, 6, 0);
    kw_elements_add(elements, "111");
}

int kw_make_ean13(struct kw_barcode_job *job)
{
    char text[16];
    int code = complete(job, 13, text);
    if (code < 0)
        return code;
    add_ean13(&job->elements, text);
    return finish(job, text, 11, 7);
}

int kw_make_upc_a(struct kw_barcode_job *job)
{
    char text[17] = "0";
    int code = complete(job, 12, text + 1);
    if (code < 0)
        return code;
    add_ean13(&job->elements, text);
    return finish(job, text + 1, 9, 9);
}

int kw_make_ean8(struct kw_barcode_job *job)
{
    char text[16];
    int code = complete(job, 8, text);
    if (code < 0)
        return code;
    kw_elements_add(&job->elements, "111");
    add_digits(&job->elements, text, 4, 0);
    kw_elements_add(&job->elements, "11111");
    add_digits(&job->elements, text + 4, 4, 0);
    kw_elements_add(&job->elements, "111");
    return finish(job, text, 7, 7);
}

/* ---- UPC-E: a UPC-A with its zeros left out ------------------------------------------------------------------- */

/* Eight characters (system, six digits, check) to the twelve of UPC-A; the check digit is not looked at. */
static void expand(const char *brief, char whole[13])
{
    const char *six = brief + 1;
    char last = six[5];
    memset(whole, '0', 12);
    whole[0] = brief[0];
    whole[12] = '\0';
    if (last <= '2') {
        memcpy(whole + 1, six, 2);
        whole[3] = last;
        memcpy(whole + 8, six + 2, 3);
    } else if (last == '3') {
        memcpy(whole + 1, six, 3);
        memcpy(whole + 9, six + 3, 2);
    } else if (last == '4') {
        memcpy(whole + 1, six, 4);
        whole[10] = six[4];
    } else {
        memcpy(whole + 1, six, 5);
        whole[10] = last;
    }
    whole[11] = kw_gs1_check_digit(whole, 11);
}

/* Finds the six digits of a UPC-A by trying the forms: false when its zeros cannot be left out. */
static bool shorten(const char *whole, char brief[9])
{
    /* a is the second digit of the whole, k the eleventh. */
    const char *const tries[] = { "abhijc", "abcij3", "abcdj4", "abcdek" };
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        char back[13];
        brief[0] = whole[0];
        for (int k = 0; k < 6; k++)
            brief[k + 1] = isdigit((unsigned char)tries[i][k]) ? tries[i][k] : whole[1 + tries[i][k] - 'a'];
        brief[7] = whole[11];
        brief[8] = '\0';
        expand(brief, back);
        if (memcmp(back, whole, 12) == 0)
            return true;
    }
    return false;
}

/* Takes 6 digits, 7 with the system, 8 with the check digit, or 11 or 12 of a UPC-A. */
static int read_upc_e(struct kw_barcode_job *job, char brief[9], char whole[17])
{
    if (job->length == 11 || job->length == 12) {
        int code = complete(job, 12, whole);
        if (code < 0)
            return code;
        return shorten(whole, brief) ? 0 : kw_barcode_refuse(job, "%s has no zeros that can be left out; use upca",
                                                             whole);
    }
    if (job->length < 6 || job->length > 8 || !all_digits(job->data, job->length))
        return kw_barcode_refuse(job, "takes 6, 7 or 8 digits, or 11 or 12 of a UPC-A");
    memset(brief, '0', 8);
    memcpy(brief + (job->length == 6), job->data, job->length);
    brief[8] = '\0';
    expand(brief, whole);
    if (job->length == 8 && brief[7] != whole[11])
        return kw_barcode_refuse(job, "the check digit of %.8s should be %c", job->data, whole[11]);
    brief[7] = whole[11];
    return 0;
}

int kw_make_upc_e(struct kw_barcode_job *job)
{
    char brief[9], whole[17];
    int code = read_upc_e(job, brief, whole);
    if (code < 0)
        return code;
    if (brief[0] > '1')
        return kw_barcode_refuse(job, "the first digit must be 0 or 1");
    unsigned sets = upc_e_sets[brief[7] - '0'];
    kw_elements_add(&job->elements, "111");
    add_digits(&job->elements, brief + 1, 6, brief[0] == '1' ? ~sets & 0x3F : sets);
    kw_elements_add(&job->elements, "111111");
    code = finish(job, brief, 9, 7);
    /* GS k takes the form with zeros on every printer, the short one only on newer ones. */
    job->barcode->native = (const uint8_t *)kw_arena_copy(job->arena, whole, 11);
    job->barcode->native_length = 11;
    return job->barcode->native ? code : kw_barcode_no_memory(job);
}
