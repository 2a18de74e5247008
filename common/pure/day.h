/*
 * Calendar days as a number of days since 1970-01-01, in the proleptic Gregorian calendar of the
 * years 0001 to 9999.
 */
#ifndef KEHU_DAY_H
#define KEHU_DAY_H

#include "common/base.h"

#define DAY_MIN (-719162)  /* 0001-01-01 */
#define DAY_MAX 2932896    /* 9999-12-31 */
#define DAY_NONE INT32_MIN /* no day, where there may be none */
#define DAY_TEXT_BYTES 11

struct day_date {
    int32_t year;  /* 1..9999 */
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

/* True when there is such a day; years 1..9999. */
bool day_is_valid(int32_t year, int32_t month, int32_t day);
/* The day's number; the date must be valid. */
int32_t day_make(int32_t year, int32_t month, int32_t day);
struct day_date day_split(int32_t day);

/* Reads exactly "YYYY-MM-DD" of a day that exists. */
bool day_parse(const char *at, size_t bytes, int32_t *day);
/* "2026-09-30", terminated; the day must be within DAY_MIN..DAY_MAX. */
void day_print(int32_t day, char out[DAY_TEXT_BYTES]);

/* ISO 8601: 1 Monday … 7 Sunday. */
int32_t day_weekday(int32_t day);
int32_t day_month_first(int32_t day);
int32_t day_month_last(int32_t day);
int32_t day_month_length(int32_t year, int32_t month);
/*
 * The same day of the month so many months later (or earlier), or that month's last day where it is
 * shorter. A monthly cadence counts from its first day each time (31 January, 28 February, 31
 * March), not from the day before. Stops at DAY_MIN and DAY_MAX.
 */
int32_t day_add_months(int32_t day, int32_t months);

#endif
