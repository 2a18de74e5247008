/*
 * Birthdays as people in China have them: by the Gregorian or the lunar calendar, with or without a
 * year (BEHAVIOUR §3, §5). Reading what people write, the form that is stored, and the days on
 * which a birthday falls.
 *
 * A lunar birthday is kept once in each lunar year, and that year is the key of its occurrence:
 * lunar 11/20 falls on 2026-01-08 (of 2025) and 2026-12-28 (of 2026) and on no day of 2025. Born in
 * a leap month: its day in the years that have that leap month, else the regular month. The 30th of
 * a month with 29 days is its 29th, 29 February in other years the 28th.
 */
#ifndef KEHU_BIRTHDAY_H
#define KEHU_BIRTHDAY_H

#include "common/base.h"
#include "common/pure/zone.h"

#define BIRTHDAY_YEAR_MIN 1900 /* Gregorian; lunar from 1901 */
#define BIRTHDAY_YEAR_MAX 2100

enum birthday_calendar {
    BIRTHDAY_GREGORIAN,
    BIRTHDAY_LUNAR,
};

struct birthday {
    enum birthday_calendar calendar;
    int32_t year;  /* 0: not known; of a lunar birthday its lunar year */
    int32_t month; /* 1..12 */
    bool is_leap;  /* of a lunar one: born in the leap month (闰) */
    int32_t day;
};

enum birthday_refusal {
    BIRTHDAY_FINE,
    BIRTHDAY_EMPTY,
    BIRTHDAY_NO_UTF8,
    BIRTHDAY_FORM,        /* no date that we know how to read */
    BIRTHDAY_CALENDARS,   /* said to be of one calendar and written as of the other */
    BIRTHDAY_YEAR,        /* no year of 1900..2100, lunar 1901..2100, in four digits */
    BIRTHDAY_MONTH,       /* no month of 1..12 */
    BIRTHDAY_DAY,         /* a Gregorian month has no such day: 2/30, 4/31 */
    BIRTHDAY_LEAP_DAY,    /* 29 February of a year that has none */
    BIRTHDAY_LUNAR_DAY,   /* a lunar month has 29 or 30 days */
    BIRTHDAY_LUNAR_SHORT, /* the 30th, and that month of that year has 29 days */
    BIRTHDAY_LEAP_MONTH,  /* that year, or without one every year, has no such leap month */
};

/* A sentence's end in English: "must have a month from 1 to 12". */
const char *birthday_refusal_text(enum birthday_refusal refusal);

/*
 * Reads, spaces and full width allowed:
 *   1985-08-20, 1985/8/20, 1985.8.20, 19850820, 8-20, 08/20, --08-20   Gregorian
 *   1985年8月20日, 8月20日, 8月20号, 一九八五年八月二十日, 公历八月二十   Gregorian
 *   L6-3, L1985-6-3, L闰6-3, LR6-3, L--06-03, L1985-R06-03             lunar
 *   农历8月20, 八月二十, 闰六月初三, 腊月廿三, 正月初一, 1985年冬月十五  lunar
 * Chinese numerals without 日 are lunar, and so is what has 闰, 正月, 冬月, 腊月, 初 or 廿; 农历
 * (阴历, 旧历) and 公历 (阳历, 新历) before it decide. A refusal leaves `out` as it was.
 */
enum birthday_refusal birthday_read(struct text text, struct birthday *out) MUST_USE;
/* The same rules for one that came in parts, as a message does. */
enum birthday_refusal birthday_check(const struct birthday *birthday) MUST_USE;
/* From systems that keep a birthday as an instant: the Gregorian day it is in that zone. */
void birthday_from_moment(int64_t moment_us, const struct zone *zone, struct birthday *out);

/* The form that is stored, and which birthday_read reads again: "1985-08-20", "--08-20",
 * "L1985-06-03", "L--06-03", of a leap month "L1985-R06-03", "L--R06-03". */
#define BIRTHDAY_TEXT_BYTES 16
void birthday_print(const struct birthday *birthday, char out[BIRTHDAY_TEXT_BYTES]);
/* For people: 1985年8月20日, 8月20日, 农历1985年六月初三, 农历闰六月初三, and "20 August 1985",
 * "20 August", "lunar 3rd day of month 6, 1985", "lunar 3rd day of leap month 6". */
#define BIRTHDAY_SAID_BYTES 64
void birthday_say_zh(const struct birthday *birthday, char out[BIRTHDAY_SAID_BYTES]);
void birthday_say_en(const struct birthday *birthday, char out[BIRTHDAY_SAID_BYTES]);

/* One occurrence: the day it is kept and the year that is its key, lunar for a lunar birthday. */
struct birthday_occurrence {
    int32_t year;
    int32_t day; /* since 1970-01-01, Gregorian */
};

/* Its occurrence of that year (lunar: lunar year). False: before its birth, or out of range: lunar
 * years 1901..2100, Gregorian 1..9999. */
bool birthday_in_year(const struct birthday *birthday, int32_t year,
                      struct birthday_occurrence *out) MUST_USE;
/* The first occurrence after that day. False: none within range. */
bool birthday_next(const struct birthday *birthday, int32_t after_day,
                   struct birthday_occurrence *out) MUST_USE;
/* The occurrence kept on that very day. False: none. */
bool birthday_on_day(const struct birthday *birthday, int32_t day,
                     struct birthday_occurrence *out) MUST_USE;
/* "lunar:2026-11-20", "lunar:2025-R06-03", "gregorian:2026-08-20": the end of the business key of
 * an occurrence, once per birthday and year. */
#define BIRTHDAY_KEY_BYTES 28
void birthday_print_key(const struct birthday *birthday, int32_t year,
                        char out[BIRTHDAY_KEY_BYTES]);
/* True when its year is known and it lies after that day: not yet born. */
bool birthday_is_after(const struct birthday *birthday, int32_t day);

#endif
