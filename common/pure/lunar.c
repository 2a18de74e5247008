#include "common/pure/lunar.h"

#include "common/pure/lunar_years.h"

static const struct lunar_year *find_year(int32_t year)
{
    return year < LUNAR_YEAR_MIN || year > LUNAR_YEAR_MAX ? NULL
                                                          : &lunar_years[year - LUNAR_YEAR_MIN];
}

/* Months of a year stand in order, 0..11 or 0..12. */
static int32_t month_count(const struct lunar_year *year)
{
    return year->leap ? 13 : 12;
}

static int32_t length_at(const struct lunar_year *year, int32_t index)
{
    return 29 + (year->lengths >> index & 1);
}

/* Where a month stands; -1: that year has no such leap month. */
static int32_t index_of(const struct lunar_year *year, int32_t month, bool is_leap)
{
    if (is_leap)
        return month == year->leap ? month : -1;
    return month - 1 + (year->leap && month > year->leap);
}

/* The year a day lies in: the table's average guesses it within one. */
static int32_t year_of(int32_t day)
{
    int32_t year = (int32_t)((int64_t)(day - LUNAR_DAY_MIN) * 10000 / 3652422);

    if (year > 0 && lunar_years[year].first > day)
        year--;
    if (year + 1 < lunar_year_count && lunar_years[year + 1].first <= day)
        year++;
    return year;
}

enum lunar_result lunar_from_day(int32_t day, struct lunar_date *out)
{
    if (day < LUNAR_DAY_MIN || day > LUNAR_DAY_MAX)
        return LUNAR_RANGE;

    int32_t index = 0, at = year_of(day);
    const struct lunar_year *year = &lunar_years[at];
    int32_t left = day - year->first;

    while (index + 1 < month_count(year) && left >= length_at(year, index))
        left -= length_at(year, index++);
    out->year = LUNAR_YEAR_MIN + at;
    out->is_leap = year->leap && index == year->leap;
    out->month = index + 1 - (year->leap && index >= year->leap);
    out->day = left + 1;
    return LUNAR_FINE;
}

enum lunar_result lunar_to_day(const struct lunar_date *date, int32_t *day)
{
    const struct lunar_year *year = find_year(date->year);

    if (!year)
        return LUNAR_RANGE;
    if (date->month < 1 || date->month > 12)
        return LUNAR_MONTH;
    if (date->day < 1 || date->day > 30)
        return LUNAR_DAY;

    int32_t index = index_of(year, date->month, date->is_leap);
    int32_t first = year->first;

    if (index < 0)
        return LUNAR_NO_LEAP;
    if (date->day > length_at(year, index))
        return LUNAR_SHORT;
    for (int32_t i = 0; i < index; i++)
        first += length_at(year, i);
    *day = first + date->day - 1;
    return LUNAR_FINE;
}

int32_t lunar_leap_month(int32_t year)
{
    const struct lunar_year *found = find_year(year);

    return found ? found->leap : 0;
}

int32_t lunar_month_length(int32_t year, int32_t month, bool is_leap)
{
    const struct lunar_year *found = find_year(year);
    int32_t index = found && month >= 1 && month <= 12 ? index_of(found, month, is_leap) : -1;

    return index < 0 ? 0 : length_at(found, index);
}

bool lunar_may_leap(int32_t month)
{
    for (int32_t i = 0; i < lunar_year_count; i++)
        if (lunar_years[i].leap == month && month > 0)
            return true;
    return false;
}
