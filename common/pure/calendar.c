#include "common/pure/calendar.h"

#include <string.h>

#include "common/pure/calendar_walk.h"
#include "common/pure/day.h"

static const struct calendar_hours office = {2, {{9 * 60, 12 * 60}, {13 * 60 + 30, 18 * 60}}};

void calendar_set_office(struct calendar *calendar, const struct zone *zone)
{
    memset(calendar, 0, sizeof(*calendar));
    memcpy(calendar->name, "office", sizeof("office"));
    calendar->zone = zone;
    for (int i = 0; i < 5; i++)
        calendar->weekly[i] = office;
}

void calendar_set_daily(struct calendar *calendar, const struct zone *zone, int32_t from_min,
                        int32_t to_min)
{
    memset(calendar, 0, sizeof(*calendar));
    memcpy(calendar->name, "daily", sizeof("daily"));
    calendar->zone = zone;
    for (int i = 0; i < 7; i++)
        calendar->weekly[i] = (struct calendar_hours){1, {{(int16_t)from_min, (int16_t)to_min}}};
}

static int32_t reach_from(int32_t day)
{
    return day < DAY_MAX - CALENDAR_REACH_DAYS ? day + CALENDAR_REACH_DAYS : DAY_MAX;
}

/* zone_day for moments that may lie outside the years of day.h. */
static int32_t day_of(const struct calendar *calendar, int64_t at_us)
{
    if (at_us <= (DAY_MIN + 1) * DAY_US)
        return DAY_MIN + 1;
    if (at_us >= (DAY_MAX - 1) * DAY_US)
        return DAY_MAX - 1;
    return zone_day(calendar->zone, at_us);
}

bool calendar_next_open(const struct calendar *calendar, int64_t at_us, int64_t *open_us)
{
    struct calendar_walk walk;
    struct calendar_span span;

    calendar_walk_start(&walk, calendar, at_us, reach_from(day_of(calendar, at_us)));
    if (!calendar_walk_next(&walk, &span))
        return false;
    *open_us = span.from_us;
    return true;
}

bool calendar_is_open(const struct calendar *calendar, int64_t at_us)
{
    struct calendar_walk walk;
    struct calendar_span span;

    calendar_walk_start(&walk, calendar, at_us, day_of(calendar, at_us));
    return calendar_walk_next(&walk, &span) && span.from_us == at_us;
}

/*
 * Looked up in passing time rather than in the table of hours: a date that a zone left out (Samoa,
 * 30 December 2011) was nobody's working day, and a date that came twice closes the second time.
 */
bool calendar_close_of(const struct calendar *calendar, int32_t day, int64_t *close_us)
{
    struct calendar_walk walk;
    struct calendar_span span;
    bool is_found = false;

    if (day <= DAY_MIN + 2 || day >= DAY_MAX - 2 || calendar_hours_of(calendar, day)->count == 0)
        return false;
    calendar_walk_start(&walk, calendar, (day - 1) * DAY_US - DAY_US / 2, day + 1);
    while (calendar_walk_next(&walk, &span)) {
        if (span.day != day)
            continue;
        *close_us = span.to_us;
        is_found = true;
    }
    return is_found;
}

bool calendar_is_working_day(const struct calendar *calendar, int32_t day)
{
    int64_t close_us;

    return calendar_close_of(calendar, day, &close_us);
}

bool calendar_move_day(const struct calendar *calendar, int32_t day, int32_t n, int32_t *moved)
{
    int32_t step = n < 0 ? -1 : 1;
    int64_t left = n < 0 ? -(int64_t)n : n;
    int64_t at = day;

    while (left > 0) {
        at += step;
        if ((at - day) * step > CALENDAR_REACH_DAYS || at < DAY_MIN || at > DAY_MAX)
            return false;
        left -= calendar_is_working_day(calendar, (int32_t)at);
    }
    *moved = (int32_t)at;
    return true;
}

bool calendar_working_day_before(const struct calendar *calendar, int32_t day, int32_t *found)
{
    if (!calendar_is_working_day(calendar, day))
        return calendar_move_day(calendar, day, -1, found);
    *found = day;
    return true;
}

bool calendar_add_us(const struct calendar *calendar, int64_t start_us, int64_t open_us,
                     int64_t *due_us)
{
    struct calendar_walk walk;
    struct calendar_span span;

    if (open_us < 0)
        return false;
    if (open_us == 0) {
        *due_us = start_us;
        return true;
    }
    calendar_walk_start(&walk, calendar, start_us, reach_from(day_of(calendar, start_us)));
    while (calendar_walk_next(&walk, &span)) {
        if (open_us <= span.to_us - span.from_us) {
            *due_us = span.from_us + open_us;
            return true;
        }
        open_us -= span.to_us - span.from_us;
    }
    return false;
}

bool calendar_add_minutes(const struct calendar *calendar, int64_t start_us, int64_t minutes,
                          int64_t *due_us)
{
    /* More than could be open within reach; the product must not overflow. */
    if (minutes > (int64_t)CALENDAR_REACH_DAYS * 24 * 60)
        return false;
    return minutes >= 0 && calendar_add_us(calendar, start_us, minutes * MINUTE_US, due_us);
}

bool calendar_add_working_days(const struct calendar *calendar, int64_t start_us, int32_t n,
                               int64_t *due_us)
{
    int32_t day;

    return n >= 1 && calendar_move_day(calendar, day_of(calendar, start_us), n, &day) &&
           calendar_close_of(calendar, day, due_us);
}

int64_t calendar_us_between(const struct calendar *calendar, int64_t a_us, int64_t b_us)
{
    struct calendar_walk walk;
    struct calendar_span span;
    int64_t sum_us = 0;

    if (b_us < a_us)
        return -calendar_us_between(calendar, b_us, a_us);
    /* Where clocks go back over midnight the day after b's may have begun before b. */
    calendar_walk_start(&walk, calendar, a_us, day_of(calendar, b_us) + 1);
    while (calendar_walk_next(&walk, &span) && span.from_us < b_us)
        sum_us += (span.to_us < b_us ? span.to_us : b_us) - span.from_us;
    return sum_us;
}

int64_t calendar_minutes_between(const struct calendar *calendar, int64_t a_us, int64_t b_us)
{
    return calendar_us_between(calendar, a_us, b_us) / MINUTE_US;
}
