/*
 * The open time of a calendar as spans in the order in which they pass. Within one offset of the
 * zone a local date is plain arithmetic, so the walk goes offset by offset and, within each, day by
 * day: that stays in order even where clocks go back over midnight and a date comes twice.
 */
#ifndef KEHU_CALENDAR_WALK_H
#define KEHU_CALENDAR_WALK_H

#include "common/pure/calendar.h"

struct calendar_span {
    int64_t from_us, to_us; /* to_us is no longer open */
    int32_t day;            /* local date */
};

struct calendar_walk {
    const struct calendar *calendar;
    const struct calendar_hours *hours; /* of the day */
    int64_t at_us;                      /* nothing before is told any more */
    int64_t offset_us, offset_end_us;   /* what is added to UTC, and until when */
    size_t passed;                      /* transitions of the zone */
    int32_t day, last_day;
    int32_t range; /* the next one of the day */
};

/* The hours of a date, whatever its weekday. */
const struct calendar_hours *calendar_hours_of(const struct calendar *calendar, int32_t day);

/* From that moment until the end of the last day, a local date. */
void calendar_walk_start(struct calendar_walk *walk, const struct calendar *calendar, int64_t at_us,
                         int32_t last_day);
/* The next span; false when there is none before the walk's end. */
bool calendar_walk_next(struct calendar_walk *walk, struct calendar_span *span);

#endif
