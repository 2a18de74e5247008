#include "common/pure/calendar_notice.h"

#include <string.h>

#include "common/pure/day.h"

static bool is_known_year(const struct calendar *calendar, int32_t year)
{
    for (int32_t i = 0; i < calendar->year_count; i++)
        if (calendar->years[i] == year)
            return true;
    return false;
}

/* First day whose answer waits for the notice of that year. */
static int32_t first_waiting(int32_t year)
{
    return year > 1 ? day_make(year - 1, 12, 20) : DAY_MIN;
}

bool calendar_notice_is_open(const struct calendar *calendar, int32_t day)
{
    int32_t year = day_split(day).year;

    if (!calendar->has_notices)
        return false;
    return !is_known_year(calendar, year) ||
           (day >= first_waiting(year + 1) && !is_known_year(calendar, year + 1));
}

bool calendar_notice_is_due_open(const struct calendar *calendar, int64_t start_us, int64_t due_us)
{
    int32_t from = zone_day(calendar->zone, start_us);
    int32_t to = zone_day(calendar->zone, due_us);

    if (calendar_notice_is_open(calendar, from) || calendar_notice_is_open(calendar, to))
        return true;
    /* Years between the two whose notice is missing. */
    for (int32_t year = day_split(from).year + 1; year < day_split(to).year; year++)
        if (calendar_notice_is_open(calendar, day_make(year, 7, 1)))
            return true;
    return false;
}

static bool is_notice(int32_t year, const struct calendar_day *days, int32_t count)
{
    if (year < 2 || year > 9998 || count < 0)
        return false;
    for (int32_t i = 0; i < count; i++) {
        if (days[i].day < day_make(year - 1, 12, 1) || days[i].day > day_make(year + 1, 1, 31))
            return false;
        if (i > 0 && days[i].day <= days[i - 1].day)
            return false;
        if (days[i].kind > CALENDAR_WORK)
            return false;
    }
    return true;
}

static int32_t count_of_notice(const struct calendar *calendar, int32_t year)
{
    int32_t count = 0;

    for (int32_t i = 0; i < calendar->day_count; i++)
        count += calendar->days[i].notice == year;
    return count;
}

static void drop_notice(struct calendar *calendar, int32_t year)
{
    int32_t kept = 0;

    for (int32_t i = 0; i < calendar->day_count; i++)
        if (calendar->days[i].notice != year)
            calendar->days[kept++] = calendar->days[i];
    calendar->day_count = kept;
}

static void put_day(struct calendar *calendar, const struct calendar_day *day, int32_t year)
{
    int32_t at = calendar->day_count;

    while (at > 0 && calendar->days[at - 1].day >= day->day)
        at--;

    struct calendar_day *place = &calendar->days[at];

    if (at < calendar->day_count && place->day == day->day) {
        if (place->notice == 0)
            return; /* the company's own decision */
    } else {
        memmove(place + 1, place, (size_t)(calendar->day_count - at) * sizeof(*place));
        calendar->day_count++;
    }
    *place = *day;
    place->notice = (int16_t)year;
}

static void put_year(struct calendar *calendar, int32_t year)
{
    int32_t at = calendar->year_count;

    while (at > 0 && calendar->years[at - 1] > year)
        at--;
    memmove(&calendar->years[at + 1], &calendar->years[at],
            (size_t)(calendar->year_count - at) * sizeof(calendar->years[0]));
    calendar->years[at] = (int16_t)year;
    calendar->year_count++;
}

bool calendar_notice_add(struct calendar *calendar, int32_t year, const struct calendar_day *days,
                         int32_t count)
{
    bool is_known = is_known_year(calendar, year);

    if (!is_notice(year, days, count) || (!is_known && calendar->year_count == CALENDAR_YEARS) ||
        calendar->day_count - count_of_notice(calendar, year) + count > CALENDAR_DAYS)
        return false;
    drop_notice(calendar, year);
    for (int32_t i = 0; i < count; i++)
        put_day(calendar, &days[i], year);
    if (!is_known)
        put_year(calendar, year);
    return true;
}

bool calendar_notice_due(const struct calendar *calendar, const struct calendar_term *term,
                         int64_t *due_us)
{
    switch (term->unit) {
    case CALENDAR_UNIT_MINUTES:
        return calendar_add_minutes(calendar, term->start_us, term->count, due_us);
    case CALENDAR_UNIT_WORKING_DAYS:
        return term->count >= 1 && term->count <= CALENDAR_REACH_DAYS &&
               calendar_add_working_days(calendar, term->start_us, (int32_t)term->count, due_us);
    }
    return false;
}

size_t calendar_notice_compare(const struct calendar *old, const struct calendar *new,
                               const struct calendar_term *terms, size_t count,
                               struct calendar_shift *shifts)
{
    size_t moved = 0;

    for (size_t i = 0; i < count; i++) {
        struct calendar_shift shift = {.term = i, .old_us = INT64_MAX, .new_us = INT64_MAX};
        bool had = calendar_notice_due(old, &terms[i], &shift.old_us);
        bool has = calendar_notice_due(new, &terms[i], &shift.new_us);

        if (!had && !has)
            continue;
        if (shift.old_us == shift.new_us)
            continue;
        shift.provisional =
            has && calendar_notice_is_due_open(new, terms[i].start_us, shift.new_us);
        shifts[moved++] = shift;
    }
    return moved;
}
