#include "common/pure/calendar_walk.h"

#include "common/pure/day.h"

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

static const struct calendar_day *find_day(const struct calendar *calendar, int32_t day)
{
    int32_t low = 0;
    int32_t high = calendar->day_count;

    while (low < high) {
        int32_t middle = low + (high - low) / 2;

        if (calendar->days[middle].day < day)
            low = middle + 1;
        else
            high = middle;
    }
    if (low < calendar->day_count && calendar->days[low].day == day)
        return &calendar->days[low];
    return NULL;
}

/* A make-up day works as its own weekday does, or else as the first one of the week that works. */
static const struct calendar_hours *ordinary_hours(const struct calendar *calendar, int32_t day)
{
    const struct calendar_hours *hours = &calendar->weekly[day_weekday(day) - 1];

    for (size_t i = 0; i < COUNT_OF(calendar->weekly) && hours->count == 0; i++)
        hours = &calendar->weekly[i];
    return hours;
}

const struct calendar_hours *calendar_hours_of(const struct calendar *calendar, int32_t day)
{
    static const struct calendar_hours closed;
    const struct calendar_day *special = find_day(calendar, day);

    if (!special)
        return &calendar->weekly[day_weekday(day) - 1];
    if (special->kind == CALENDAR_OFF)
        return &closed;
    return special->hours.count ? &special->hours : ordinary_hours(calendar, day);
}

static void enter_day(struct calendar_walk *walk, int32_t day)
{
    walk->day = day;
    walk->range = 0;
    walk->hours = calendar_hours_of(walk->calendar, day);
}

/* The offset after so many transitions, and the day which it is then. */
static void enter_offset(struct calendar_walk *walk, size_t passed)
{
    const struct zone *zone = walk->calendar->zone;

    walk->passed = passed;
    walk->offset_us =
        (passed ? zone->transitions[passed - 1].offset_s : zone->first_offset_s) * SECOND_US;
    walk->offset_end_us = passed < zone->count ? zone->transitions[passed].at_us : INT64_MAX;
    enter_day(walk, (int32_t)floor_div(walk->at_us + walk->offset_us, DAY_US));
}

static size_t count_passed(const struct zone *zone, int64_t at_us)
{
    size_t low = 0;
    size_t high = zone->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (zone->transitions[middle].at_us <= at_us)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void calendar_walk_start(struct calendar_walk *walk, const struct calendar *calendar, int64_t at_us,
                         int32_t last_day)
{
    /* A day inside the years that day.h knows, so that no local date falls outside them. */
    int64_t first_us = (DAY_MIN + 1) * DAY_US;
    int64_t end_us = (DAY_MAX - 1) * DAY_US;
    int32_t end_day = at_us < end_us ? DAY_MAX - 1 : DAY_MIN; /* behind the last day: nothing */

    *walk = (struct calendar_walk){
        .calendar = calendar,
        .at_us = at_us < first_us ? first_us
                 : at_us > end_us ? end_us
                                  : at_us,
        .last_day = last_day < end_day ? last_day : end_day,
    };
    enter_offset(walk, count_passed(calendar->zone, walk->at_us));
}

/* To the next day under this offset, or to what is left of the day under the next one. */
static bool advance(struct calendar_walk *walk)
{
    int64_t next_us = (walk->day + 1) * DAY_US - walk->offset_us;

    if (next_us >= walk->offset_end_us) {
        walk->at_us = walk->offset_end_us;
        enter_offset(walk, walk->passed + 1);
    } else {
        enter_day(walk, walk->day + 1);
    }
    return walk->day <= walk->last_day;
}

bool calendar_walk_next(struct calendar_walk *walk, struct calendar_span *span)
{
    while (walk->day <= walk->last_day) {
        if (walk->range >= walk->hours->count) {
            if (!advance(walk))
                return false;
            continue;
        }

        const struct calendar_range *range = &walk->hours->ranges[walk->range++];
        int64_t midnight_us = walk->day * DAY_US - walk->offset_us;
        int64_t from_us = midnight_us + range->from_min * MINUTE_US;
        int64_t to_us = midnight_us + range->to_min * MINUTE_US;

        if (from_us < walk->at_us)
            from_us = walk->at_us;
        if (to_us > walk->offset_end_us)
            to_us = walk->offset_end_us;
        if (from_us >= to_us)
            continue;
        walk->at_us = to_us;
        *span = (struct calendar_span){from_us, to_us, walk->day};
        return true;
    }
    return false;
}
