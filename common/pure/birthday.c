/* Which days a birthday is kept, and which birthdays there are. */
#include "common/pure/birthday.h"

#include "common/pure/day.h"
#include "common/pure/lunar.h"

#define GREGORIAN_YEAR_MAX 9999

/* Gregorian month lengths of a leap year: without a year, 29 February is a birthday. */
static int32_t longest(int32_t month)
{
    return day_month_length(2000, month);
}

static enum birthday_refusal check_gregorian(const struct birthday *birthday)
{
    int32_t year = birthday->year;

    if (birthday->is_leap)
        return BIRTHDAY_CALENDARS;
    if (year != 0 && (year < BIRTHDAY_YEAR_MIN || year > BIRTHDAY_YEAR_MAX))
        return BIRTHDAY_YEAR;
    if (birthday->month < 1 || birthday->month > 12)
        return BIRTHDAY_MONTH;
    if (birthday->day < 1 || birthday->day > longest(birthday->month))
        return BIRTHDAY_DAY;
    return year == 0 || day_is_valid(year, birthday->month, birthday->day) ? BIRTHDAY_FINE
                                                                           : BIRTHDAY_LEAP_DAY;
}

static enum birthday_refusal check_lunar(const struct birthday *birthday)
{
    int32_t year = birthday->year;

    if (year != 0 && (year < LUNAR_YEAR_MIN || year > LUNAR_YEAR_MAX))
        return BIRTHDAY_YEAR;
    if (birthday->month < 1 || birthday->month > 12)
        return BIRTHDAY_MONTH;
    if (birthday->day < 1 || birthday->day > 30)
        return BIRTHDAY_LUNAR_DAY;
    if (year == 0)
        return birthday->is_leap && !lunar_may_leap(birthday->month) ? BIRTHDAY_LEAP_MONTH
                                                                     : BIRTHDAY_FINE;

    int32_t length = lunar_month_length(year, birthday->month, birthday->is_leap);

    if (length == 0)
        return BIRTHDAY_LEAP_MONTH;
    return birthday->day > length ? BIRTHDAY_LUNAR_SHORT : BIRTHDAY_FINE;
}

enum birthday_refusal birthday_check(const struct birthday *birthday)
{
    return birthday->calendar == BIRTHDAY_LUNAR ? check_lunar(birthday) : check_gregorian(birthday);
}

void birthday_from_moment(int64_t moment_us, const struct zone *zone, struct birthday *out)
{
    struct day_date date = day_split(zone_day(zone, moment_us));

    *out = (struct birthday){
        .calendar = BIRTHDAY_GREGORIAN, .year = date.year, .month = date.month, .day = date.day};
}

static int32_t smaller(int32_t a, int32_t b)
{
    return a < b ? a : b;
}

static bool lunar_in_year(const struct birthday *birthday, int32_t year, int32_t *day)
{
    struct lunar_date date = {.year = year, .month = birthday->month};

    date.is_leap = birthday->is_leap && lunar_leap_month(year) == birthday->month;
    date.day = smaller(birthday->day, lunar_month_length(year, date.month, date.is_leap));
    return lunar_to_day(&date, day) == LUNAR_FINE;
}

bool birthday_in_year(const struct birthday *birthday, int32_t year,
                      struct birthday_occurrence *out)
{
    int32_t day;

    if (year < birthday->year)
        return false;
    if (birthday->calendar == BIRTHDAY_LUNAR) {
        if (!lunar_in_year(birthday, year, &day))
            return false;
    } else {
        if (year < 1 || year > GREGORIAN_YEAR_MAX)
            return false;
        day = day_make(year, birthday->month,
                       smaller(birthday->day, day_month_length(year, birthday->month)));
    }
    *out = (struct birthday_occurrence){year, day};
    return true;
}

/* The year of that birthday's calendar in which a day lies; the nearest one for a lunar birthday
 * and a day out of the table. */
static int32_t year_of(const struct birthday *birthday, int32_t day)
{
    struct lunar_date date;

    if (birthday->calendar == BIRTHDAY_GREGORIAN)
        return day_split(day).year;
    if (lunar_from_day(day, &date) == LUNAR_FINE)
        return date.year;
    return day < LUNAR_DAY_MIN ? LUNAR_YEAR_MIN : LUNAR_YEAR_MAX;
}

bool birthday_next(const struct birthday *birthday, int32_t after_day,
                   struct birthday_occurrence *out)
{
    if (after_day < DAY_MIN || after_day > DAY_MAX)
        return false;

    int32_t year = year_of(birthday, after_day);
    struct birthday_occurrence found;

    if (year < birthday->year)
        year = birthday->year;
    /* One that is kept once a year is past in this year at most. */
    for (int32_t i = 0; i < 2; i++) {
        if (birthday_in_year(birthday, year + i, &found) && found.day > after_day) {
            *out = found;
            return true;
        }
    }
    return false;
}

bool birthday_on_day(const struct birthday *birthday, int32_t day, struct birthday_occurrence *out)
{
    struct birthday_occurrence found;

    if (day <= DAY_MIN || !birthday_next(birthday, day - 1, &found) || found.day != day)
        return false;
    *out = found;
    return true;
}

bool birthday_is_after(const struct birthday *birthday, int32_t day)
{
    struct birthday_occurrence born;

    return birthday->year != 0 && birthday_in_year(birthday, birthday->year, &born) &&
           born.day > day;
}
