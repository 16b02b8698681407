/* clock.h - time that cannot be set back (for deadlines) and time of day (for people and after a reboot). */
#ifndef KW_BASE_CLOCK_H
#define KW_BASE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

enum { KW_BOOT_ID_SIZE = 40 };

int64_t kw_clock_boot_ms(void);               /* CLOCK_BOOTTIME: counts sleep, never goes back */
int64_t kw_clock_wall_ms(void);               /* CLOCK_REALTIME since 1970 UTC */
void kw_clock_boot_id(char out[KW_BOOT_ID_SIZE]);   /* "" when the kernel does not tell */
void kw_clock_sleep_ms(int64_t ms);

/* Milliseconds left until a moment of kw_clock_boot_ms, at least 0, at most INT_MAX. */
int kw_clock_left_ms(int64_t until_ms);

/* A civil date from days since 1970-01-01 (proleptic Gregorian) and back. */
int64_t kw_civil_to_days(int year, int month, int day);
void kw_days_to_civil(int64_t days, int *year, int *month, int *day);

/* What a time tells of its place: an offset; only the moment (Z, or -00:00, as RFC 9557 has it); only local clocks. */
enum kw_time_tells { KW_TELLS_OFFSET, KW_TELLS_MOMENT, KW_TELLS_LOCAL };
struct kw_time {
    int year, month, day, hour, minute, second;   /* local, as written */
    int offset_minutes;
    int64_t utc_ms;
    enum kw_time_tells tells;
};
/*
 * RFC 3339; the offset may be missing, and the time is then as if it were UTC. Millisecond fractions are read, leap
 * seconds taken as the next second.
 */
bool kw_time_read(const char *text, struct kw_time *time);
/* The same, and the offset must be there. */
bool kw_time_parse(const char *text, struct kw_time *time);
/* The fields of the moment at another offset from UTC. */
void kw_time_move(struct kw_time *time, int64_t utc_ms, int offset_minutes);
/* "2026-11-22T14:03:11Z" from UTC milliseconds; out holds at least 32 bytes. */
void kw_time_text_utc(int64_t utc_ms, char out[32]);

#endif
