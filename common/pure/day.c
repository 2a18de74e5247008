#include "common/pure/day.h"

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t day_month_length(int32_t year, int32_t month)
{
    static const int8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return month == 2 && is_leap(year) ? 29 : lengths[month - 1];
}

bool day_is_valid(int32_t year, int32_t month, int32_t day)
{
    return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
           day <= day_month_length(year, month);
}

/* Years are counted from 1 March, so that the leap day is a year's last; eras are 400 years. */
int32_t day_make(int32_t year, int32_t month, int32_t day)
{
    int32_t march_year = month <= 2 ? year - 1 : year;
    int32_t era = march_year / 400;
    int32_t year_of_era = march_year - era * 400;
    int32_t march_month = month > 2 ? month - 3 : month + 9;
    int32_t day_of_year = (153 * march_month + 2) / 5 + day - 1;

    return era * 146097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year -
           719468;
}

struct day_date day_split(int32_t day)
{
    int32_t shifted = day + 719468;
    int32_t era = (shifted >= 0 ? shifted : shifted - 146096) / 146097;
    int32_t day_of_era = shifted - era * 146097;
    int32_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int32_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int32_t march_month = (5 * day_of_year + 2) / 153;
    int32_t month = march_month < 10 ? march_month + 3 : march_month - 9;

    return (struct day_date){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = day_of_year - (153 * march_month + 2) / 5 + 1,
    };
}

/* -1 where a character is no digit. */
static int32_t digits(const char *at, int count)
{
    int32_t value = 0;

    for (int i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9')
            return -1;
        value = value * 10 + (at[i] - '0');
    }
    return value;
}

bool day_parse(const char *at, size_t bytes, int32_t *day)
{
    if (bytes != DAY_TEXT_BYTES - 1 || at[4] != '-' || at[7] != '-')
        return false;

    int32_t year = digits(at, 4);
    int32_t month = digits(at + 5, 2);
    int32_t day_of_month = digits(at + 8, 2);

    if (!day_is_valid(year, month, day_of_month))
        return false;
    *day = day_make(year, month, day_of_month);
    return true;
}

static void put_digits(char *to, int32_t value, int count)
{
    for (int i = count - 1; i >= 0; i--, value /= 10)
        to[i] = (char)('0' + value % 10);
}

void day_print(int32_t day, char out[DAY_TEXT_BYTES])
{
    struct day_date date = day_split(day);

    put_digits(out, date.year, 4);
    out[4] = '-';
    put_digits(out + 5, date.month, 2);
    out[7] = '-';
    put_digits(out + 8, date.day, 2);
    out[10] = '\0';
}

int32_t day_weekday(int32_t day)
{
    /* 1970-01-01 was a Thursday; the sum is brought above zero before the remainder. */
    return (day % 7 + 7 + 3) % 7 + 1;
}

int32_t day_month_first(int32_t day)
{
    return day - day_split(day).day + 1;
}

int32_t day_month_last(int32_t day)
{
    struct day_date date = day_split(day);

    return day - date.day + day_month_length(date.year, date.month);
}

int32_t day_add_months(int32_t day, int32_t months)
{
    struct day_date date = day_split(day);
    int64_t total = (int64_t)date.year * 12 + date.month - 1 + months;

    if (total < 12)
        return DAY_MIN;
    if (total >= 10000 * 12)
        return DAY_MAX;

    int32_t year = (int32_t)(total / 12);
    int32_t month = (int32_t)(total % 12) + 1;
    int32_t length = day_month_length(year, month);

    return day_make(year, month, date.day < length ? date.day : length);
}
