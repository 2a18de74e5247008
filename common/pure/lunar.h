/*
 * The Chinese calendar (农历) of 1901-02-19 to 2101-01-28, by a table of its years
 * (data/lunar_years.csv, GB/T 33661): which lunar date a day has, and back. Days are numbered since
 * 1970-01-01.
 */
#ifndef KEHU_LUNAR_H
#define KEHU_LUNAR_H

#include "common/base.h"

#define LUNAR_YEAR_MIN 1901
#define LUNAR_YEAR_MAX 2100
#define LUNAR_DAY_MIN (-25153) /* 1901-02-19 */
#define LUNAR_DAY_MAX 47874    /* 2101-01-28 */

struct lunar_date {
    int32_t year;  /* the Gregorian year in which it begins: 1901..2100 */
    int32_t month; /* 1..12 */
    bool is_leap;  /* 闰: the second month of that number */
    int32_t day;   /* 1..30 */
};

enum lunar_result {
    LUNAR_FINE,
    LUNAR_RANGE,   /* before 1901-02-19, after 2101-01-28, or no year of 1901..2100 */
    LUNAR_MONTH,   /* no month of 1..12 */
    LUNAR_NO_LEAP, /* that year has no such leap month */
    LUNAR_DAY,     /* no day of 1..30 */
    LUNAR_SHORT,   /* the 30th of a month of that year which has 29 days */
};

/* What is refused leaves `out` as it was. */
enum lunar_result lunar_from_day(int32_t day, struct lunar_date *out) MUST_USE;
enum lunar_result lunar_to_day(const struct lunar_date *date, int32_t *day) MUST_USE;

/* The month that comes twice in that year; 0: none, or a year out of range. */
int32_t lunar_leap_month(int32_t year);
/* Days of a month, 29 or 30; 0: that year has no such month. */
int32_t lunar_month_length(int32_t year, int32_t month, bool is_leap);
/* True when some year of the table has that month twice (正月, 冬月 and 腊月 hardly ever). */
bool lunar_may_leap(int32_t month);

#endif
