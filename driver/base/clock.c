/* clock.c - clocks, civil dates and RFC 3339. */
#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t read_clock(clockid_t id)
{
    struct timespec now = { 0 };
    clock_gettime(id, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t kw_clock_boot_ms(void)
{
    return read_clock(CLOCK_BOOTTIME);
}

int64_t kw_clock_wall_ms(void)
{
    return read_clock(CLOCK_REALTIME);
}

void kw_clock_boot_id(char out[KW_BOOT_ID_SIZE])
{
    out[0] = 0;
    int file = open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return;
    ssize_t length = read(file, out, KW_BOOT_ID_SIZE - 1);
    close(file);
    out[length > 0 ? length : 0] = 0;
    out[strcspn(out, "\n")] = 0;
}

void kw_clock_sleep_ms(int64_t ms)
{
    if (ms <= 0)
        return;
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };
    while (nanosleep(&left, &left) != 0 && errno == EINTR)
        ;
}

int kw_clock_left_ms(int64_t until_ms)
{
    int64_t left = until_ms - kw_clock_boot_ms();
    return left < 0 ? 0 : left > INT_MAX ? INT_MAX : (int)left;
}

/* The era arithmetic counts years from March, so that the leap day is the last of its year. */
int64_t kw_civil_to_days(int year, int month, int day)
{
    int64_t y = year - (month <= 2);
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

void kw_days_to_civil(int64_t days, int *year, int *month, int *day)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t day_of_era = z - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * day_of_year + 2) / 153;
    *day = (int)(day_of_year - (153 * shifted + 2) / 5 + 1);
    *month = (int)(shifted + (shifted < 10 ? 3 : -9));
    *year = (int)(year_of_era + era * 400 + (*month <= 2));
}

static bool read_number(const char **text, int digits, int low, int high, int *value)
{
    int number = 0;
    for (int i = 0; i < digits; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return false;
        number = number * 10 + (**text - '0');
    }
    *value = number;
    return number >= low && number <= high;
}

static bool read_sign(const char **text, char sign)
{
    if (**text != sign)
        return false;
    (*text)++;
    return true;
}

static int days_in_month(int year, int month)
{
    static const signed char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

static bool read_fraction(const char **text, int *ms)
{
    *ms = 0;
    if (**text != '.')
        return true;
    int scale = 100, digits = 0;
    for ((*text)++; **text >= '0' && **text <= '9'; (*text)++, digits++, scale /= 10)
        *ms += (**text - '0') * scale;
    return digits > 0;
}

static bool read_offset(const char **text, struct kw_time *time)
{
    time->tells = **text ? KW_TELLS_MOMENT : KW_TELLS_LOCAL;
    if (**text == 0 || read_sign(text, 'Z') || read_sign(text, 'z'))
        return true;
    int sign = **text == '-' ? -1 : **text == '+' ? 1 : 0, hour, minute;
    if (sign == 0)
        return false;
    (*text)++;
    if (!read_number(text, 2, 0, 23, &hour) || !read_sign(text, ':') || !read_number(text, 2, 0, 59, &minute))
        return false;
    time->offset_minutes = sign * (hour * 60 + minute);
    if (sign > 0 || time->offset_minutes != 0)
        time->tells = KW_TELLS_OFFSET;
    return true;
}

bool kw_time_read(const char *text, struct kw_time *time)
{
    struct kw_time t = { 0 };
    int ms;
    if (!read_number(&text, 4, 1, 9999, &t.year) || !read_sign(&text, '-') || !read_number(&text, 2, 1, 12, &t.month)
        || !read_sign(&text, '-') || !read_number(&text, 2, 1, days_in_month(t.year, t.month), &t.day))
        return false;
    if (*text != 'T' && *text != 't' && *text != ' ')
        return false;
    text++;
    if (!read_number(&text, 2, 0, 23, &t.hour) || !read_sign(&text, ':') || !read_number(&text, 2, 0, 59, &t.minute)
        || !read_sign(&text, ':') || !read_number(&text, 2, 0, 60, &t.second))
        return false;
    if (!read_fraction(&text, &ms) || !read_offset(&text, &t) || *text != 0)
        return false;
    int64_t minutes = kw_civil_to_days(t.year, t.month, t.day) * 1440 + t.hour * 60 + t.minute - t.offset_minutes;
    t.utc_ms = (minutes * 60 + t.second) * 1000 + ms;
    *time = t;
    return true;
}

bool kw_time_parse(const char *text, struct kw_time *time)
{
    struct kw_time t;
    if (!kw_time_read(text, &t) || t.tells == KW_TELLS_LOCAL)
        return false;
    *time = t;
    return true;
}

void kw_time_move(struct kw_time *time, int64_t utc_ms, int offset_minutes)
{
    enum { DAY = 86400 };
    int64_t seconds = utc_ms / 1000 - (utc_ms % 1000 < 0) + offset_minutes * 60;
    int64_t days = seconds / DAY - (seconds % DAY < 0);
    int rest = (int)(seconds - days * DAY);
    kw_days_to_civil(days, &time->year, &time->month, &time->day);
    time->hour = rest / 3600;
    time->minute = rest / 60 % 60;
    time->second = rest % 60;
    time->utc_ms = utc_ms;
    time->offset_minutes = offset_minutes;
}

static char *put_digits(char *at, int value, int digits)
{
    for (int i = digits; i-- > 0; value /= 10)
        at[i] = (char)('0' + value % 10);
    return at + digits;
}

/* By hand: printf would take as long as all else that a line of the journal says. */
void kw_time_text_utc(int64_t utc_ms, char out[32])
{
    int64_t seconds = utc_ms / 1000 - (utc_ms % 1000 < 0);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0);
    int rest = (int)(seconds - days * 86400), year, month, day;
    kw_days_to_civil(days, &year, &month, &day);
    const struct { int value, digits; char behind; } parts[] = {
        { abs(year) % 10000, 4, '-' }, { month, 2, '-' }, { day, 2, 'T' },
        { rest / 3600, 2, ':' }, { rest / 60 % 60, 2, ':' }, { rest % 60, 2, 'Z' }
    };
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        out = put_digits(out, parts[i].value, parts[i].digits);
        *out++ = parts[i].behind;
    }
    *out = 0;
}
