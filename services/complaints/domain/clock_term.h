/*
 * What a clock counts: minutes of the calendar, working days, minutes of the wall clock, or minutes
 * between two times of every day; and the arithmetic in that measure, which is also that of its
 * pauses. For clocks of the calendar it is business time.
 */
#ifndef KEHU_COMPLAINTS_CLOCK_TERM_H
#define KEHU_COMPLAINTS_CLOCK_TERM_H

#include "common/pure/calendar.h"

/* One of minutes and working_days is positive, the other 0. */
struct clock_term {
    uint32_t minutes;
    uint32_t working_days;    /* close of business of the n-th, not counting the start's own */
    bool is_wall;             /* minutes pass at any hour */
    int16_t from_min, to_min; /* minutes pass between these on all days; 0, 0: no such hours */
};

/* A term on a calendar; the calendar is borrowed. */
struct clock_measure {
    struct clock_term term;
    const struct calendar *calendar;
};

/* When the term that starts then is over. False: not within ten years. */
bool clock_term_due(const struct clock_measure *measure, int64_t start_us,
                    int64_t *due_us) MUST_USE;
/* The moment at which so much time has passed for the clock; no time: the start. False: not within
 * ten years. */
bool clock_term_add(const struct clock_measure *measure, int64_t start_us, int64_t counted_us,
                    int64_t *end_us) MUST_USE;
/* How much time passes for the clock; 0 when b is not after a. */
int64_t clock_term_between(const struct clock_measure *measure, int64_t a_us, int64_t b_us);

bool clock_term_equals(const struct clock_term *a, const struct clock_term *b);

#endif
