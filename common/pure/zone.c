#include "common/pure/zone.h"

#include "common/pure/day.h"

/* No zone was ever more than 26 hours from another; two days are on the safe side of any change. */
#define FAR_S (2 * 86400)

static int64_t floor_div(int64_t value, int64_t by)
{
    return value / by - (value % by < 0);
}

/* How many transitions have happened by then. */
static size_t count_before(const struct zone *zone, int64_t at_us)
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

static int32_t offset_after(const struct zone *zone, size_t passed)
{
    return passed ? zone->transitions[passed - 1].offset_s : zone->first_offset_s;
}

int32_t zone_offset_s(const struct zone *zone, int64_t at_us)
{
    return offset_after(zone, count_before(zone, at_us));
}

int32_t zone_day(const struct zone *zone, int64_t at_us)
{
    /* In whole seconds first, so that the ends of int64 do not overflow. */
    int64_t at_s = floor_div(at_us, SECOND_US);

    return (int32_t)floor_div(at_s + zone_offset_s(zone, at_us), 86400);
}

struct civil zone_civil(const struct zone *zone, int64_t at_us)
{
    int64_t at_s = floor_div(at_us, SECOND_US);
    int64_t local_s = at_s + zone_offset_s(zone, at_us);
    int64_t day = floor_div(local_s, 86400);
    int32_t second = (int32_t)(local_s - day * 86400);
    struct day_date date = day_split((int32_t)day);

    return (struct civil){
        .year = date.year,
        .month = (int8_t)date.month,
        .day = (int8_t)date.day,
        .hour = (int8_t)(second / 3600),
        .minute = (int8_t)(second / 60 % 60),
        .second = (int8_t)(second % 60),
        .micros = (int32_t)((at_us % SECOND_US + SECOND_US) % SECOND_US),
    };
}

/*
 * Walks over the offsets around that time. The first under which the moment lies before the
 * offset's end is the answer; if it lies before the offset's begin too, the time was skipped, and
 * the offset before, which was still in force, says what it means.
 */
int64_t zone_moment(const struct zone *zone, const struct civil *local)
{
    int64_t local_s = day_make(local->year, local->month, local->day) * INT64_C(86400) +
                      local->hour * 3600 + local->minute * 60 + local->second;
    size_t i = count_before(zone, (local_s - FAR_S) * SECOND_US);
    int64_t moment_us = 0;

    for (bool is_first = true;; i++, is_first = false) {
        int64_t before_us = moment_us;

        moment_us = (local_s - offset_after(zone, i)) * SECOND_US;
        if (i < zone->count && moment_us >= zone->transitions[i].at_us)
            continue;
        if (!is_first && moment_us < zone->transitions[i - 1].at_us)
            moment_us = before_us;
        return moment_us + local->micros;
    }
}
