#include "services/complaints/domain/clock_term.h"

#define REACH_US (CALENDAR_REACH_DAYS * DAY_US)

static bool has_hours(const struct clock_term *term)
{
    return term->to_min > 0;
}

/* Minutes between two times of every day: a calendar of its own in the same zone. */
static bool add_daily(const struct clock_measure *measure, int64_t start_us, int64_t counted_us,
                      int64_t *end_us)
{
    struct calendar daily;

    calendar_set_daily(&daily, measure->calendar->zone, measure->term.from_min,
                       measure->term.to_min);
    return calendar_add_us(&daily, start_us, counted_us, end_us);
}

static int64_t between_daily(const struct clock_measure *measure, int64_t a_us, int64_t b_us)
{
    struct calendar daily;

    calendar_set_daily(&daily, measure->calendar->zone, measure->term.from_min,
                       measure->term.to_min);
    return calendar_us_between(&daily, a_us, b_us);
}

bool clock_term_add(const struct clock_measure *measure, int64_t start_us, int64_t counted_us,
                    int64_t *end_us)
{
    if (has_hours(&measure->term))
        return add_daily(measure, start_us, counted_us, end_us);
    if (!measure->term.is_wall)
        return calendar_add_us(measure->calendar, start_us, counted_us, end_us);
    if (counted_us < 0 || counted_us > REACH_US)
        return false;
    *end_us = start_us + counted_us;
    return true;
}

bool clock_term_due(const struct clock_measure *measure, int64_t start_us, int64_t *due_us)
{
    if (measure->term.working_days > CALENDAR_REACH_DAYS)
        return false;
    if (measure->term.working_days > 0)
        return calendar_add_working_days(measure->calendar, start_us,
                                         (int32_t)measure->term.working_days, due_us);
    return clock_term_add(measure, start_us, measure->term.minutes * MINUTE_US, due_us);
}

int64_t clock_term_between(const struct clock_measure *measure, int64_t a_us, int64_t b_us)
{
    if (b_us <= a_us)
        return 0;
    if (has_hours(&measure->term))
        return between_daily(measure, a_us, b_us);
    if (measure->term.is_wall)
        return b_us - a_us;
    return calendar_us_between(measure->calendar, a_us, b_us);
}

bool clock_term_equals(const struct clock_term *a, const struct clock_term *b)
{
    return a->minutes == b->minutes && a->working_days == b->working_days &&
           a->is_wall == b->is_wall && a->from_min == b->from_min && a->to_min == b->to_min;
}
