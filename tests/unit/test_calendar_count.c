/*
 * Working calendars: terms in hours and days equal a minute-by-minute count on 100,000 random cases
 * (ranges, breaks, holidays, make-up days) in zones whose clocks change, at midnight too.
 */
#include "common/pure/calendar.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "common/pure/day.h"
#include "common/zones.h"

/* --- the count: every minute of a period, looked at by the wall clock alone --- */

#define PERIOD_DAYS 420
#define PERIOD_MINUTES (PERIOD_DAYS * 24 * 60)
#define CALENDARS 40
#define CASES 2500 /* per calendar */

struct count {
    int64_t first_us;
    int32_t open_count;
    int32_t before[PERIOD_MINUTES + 1]; /* open minutes before this one */
    int32_t open[PERIOD_MINUTES];       /* the minutes that are open */
    int32_t day[PERIOD_MINUTES];        /* local date of each */
};

static uint64_t seed = 0x9e3779b97f4a7c15;

/* xorshift64*: the same cases every time. */
static uint32_t random_below(uint32_t limit)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (uint32_t)((seed * 0x2545f4914f6cdd1d) >> 33) % limit;
}

static const struct calendar_hours *hours_by_hand(const struct calendar *calendar, int32_t day)
{
    static const struct calendar_hours closed;

    for (int32_t i = 0; i < calendar->day_count; i++) {
        const struct calendar_day *special = &calendar->days[i];

        if (special->day != day)
            continue;
        if (special->kind == CALENDAR_OFF)
            return &closed;
        if (special->hours.count)
            return &special->hours;
        for (int32_t k = -1; k < 7; k++) {
            int32_t weekday = k < 0 ? day_weekday(day) - 1 : k;

            if (calendar->weekly[weekday].count)
                return &calendar->weekly[weekday];
        }
    }
    return &calendar->weekly[day_weekday(day) - 1];
}

static void count_minutes(const struct calendar *calendar, int32_t first_day, struct count *count)
{
    const struct calendar_hours *hours = NULL;
    int32_t last = INT32_MIN;

    count->first_us = first_day * DAY_US;
    count->open_count = 0;
    for (int32_t i = 0; i < PERIOD_MINUTES; i++) {
        struct civil local = zone_civil(calendar->zone, count->first_us + i * MINUTE_US);
        int32_t minute = local.hour * 60 + local.minute;

        count->day[i] = day_make(local.year, local.month, local.day);
        if (count->day[i] != last)
            hours = hours_by_hand(calendar, count->day[i]);
        last = count->day[i];
        count->before[i] = count->open_count;
        for (int32_t k = 0; k < hours->count; k++)
            if (minute >= hours->ranges[k].from_min && minute < hours->ranges[k].to_min)
                count->open[count->open_count++] = i;
    }
    count->before[PERIOD_MINUTES] = count->open_count;
}

static int64_t moment_of(const struct count *count, int32_t minute)
{
    return count->first_us + minute * MINUTE_US;
}

/* Close of business of the n-th date after the start's own with an open minute; -1: not in period.
 */
static int64_t count_days(const struct count *count, int32_t start, int32_t n)
{
    int32_t counted = count->day[start];
    int32_t last_minute = -1;

    for (int32_t i = count->before[start]; i < count->open_count; i++) {
        int32_t minute = count->open[i];

        if (count->day[minute] > counted && n > 0) {
            counted = count->day[minute];
            n--;
        }
        if (n == 0 && count->day[minute] == counted)
            last_minute = minute;
        if (n == 0 && count->day[minute] > counted + 1)
            return moment_of(count, last_minute) + MINUTE_US;
    }
    return -1;
}

/* --- random calendars --- */

static struct calendar_hours random_hours(void)
{
    struct calendar_hours hours = {0};
    int32_t at = random_below(4) ? (int32_t)random_below(600) : 0;

    for (int32_t wanted = 1 + (int32_t)random_below(CALENDAR_RANGES); wanted > 0; wanted--) {
        int32_t to = at + 1 + (int32_t)random_below(400);

        if (to > 1440)
            to = 1440;
        if (at >= to)
            break;
        hours.ranges[hours.count++] = (struct calendar_range){(int16_t)at, (int16_t)to};
        at = to + (int32_t)random_below(120);
    }
    return hours;
}

static void random_calendar(struct calendar *calendar, const struct zone *zone, int32_t first_day)
{
    calendar_set_office(calendar, zone);
    if (random_below(2))
        for (int i = 0; i < 7; i++)
            calendar->weekly[i] = random_below(3) ? random_hours() : (struct calendar_hours){0};
    if (random_below(2))
        calendar->weekly[6] = random_hours();
    for (int32_t day = first_day; day < first_day + PERIOD_DAYS; day++) {
        struct calendar_day *special = &calendar->days[calendar->day_count];

        if (random_below(10))
            continue;
        *special = (struct calendar_day){.day = day, .kind = (uint8_t)random_below(2)};
        if (special->kind == CALENDAR_WORK && random_below(2))
            special->hours = random_hours();
        calendar->day_count++;
    }
    if (!calendar->weekly[0].count)
        calendar->weekly[0] = random_hours();

    struct calendar_fault fault;

    if (!calendar_check(calendar, &fault))
        fail_msg("%s %s", fault.field, calendar_flaw_text(fault.flaw));
}

static bool compare_hours(const struct calendar *calendar, const struct count *count, int32_t start)
{
    int32_t minutes = 1 + (int32_t)random_below(random_below(3) ? 600 : 6000);
    int32_t last = count->before[start] + minutes - 1;
    int64_t start_us = moment_of(count, start);
    int64_t due_us = 0;

    if (last >= count->open_count)
        return false; /* due after the period: not a case */
    assert_true(calendar_add_minutes(calendar, start_us, minutes, &due_us));
    assert_int_equal(due_us, moment_of(count, count->open[last]) + MINUTE_US);
    assert_int_equal(calendar_minutes_between(calendar, start_us, due_us), minutes);
    return true;
}

static void compare_moments(const struct calendar *calendar, const struct count *count, int32_t a,
                            int32_t b)
{
    int64_t a_us = moment_of(count, a);
    int64_t open_us = 0;
    int32_t next = count->before[a];

    assert_int_equal(calendar_us_between(calendar, a_us, moment_of(count, b)),
                     (count->before[b] - count->before[a]) * MINUTE_US);
    assert_int_equal(calendar_is_open(calendar, a_us), count->before[a + 1] > count->before[a]);
    if (next < count->open_count) {
        assert_true(calendar_next_open(calendar, a_us, &open_us));
        assert_int_equal(open_us, moment_of(count, count->open[next]));
    }
}

static void compare_days(const struct calendar *calendar, const struct count *count, int32_t start)
{
    int32_t n = 1 + (int32_t)random_below(12);
    int64_t counted_us = count_days(count, start, n);
    int64_t due_us = 0;

    if (counted_us < 0)
        return;
    assert_true(calendar_add_working_days(calendar, moment_of(count, start), n, &due_us));
    assert_int_equal(due_us, counted_us);
}

static void due_times_equal_a_count_of_every_minute_on_100000_random_cases(void **state)
{
    (void)state;
    static const char *const names[] = {
        "Asia/Shanghai",       "Europe/London",
        "America/New_York",    "Australia/Lord_Howe",
        "America/St_Johns",    "Pacific/Apia",
        "Asia/Urumqi",         "America/Sao_Paulo",
        "Africa/Casablanca",   "Asia/Kathmandu",
        "Pacific/Chatham",     "America/Havana",
        "America/Los_Angeles", "UTC",
    };
    static struct calendar calendar;
    static struct zone zone;
    struct count *count = malloc(sizeof(*count));
    char why[200];

    assert_non_null(count);
    for (int32_t i = 0; i < CALENDARS; i++) {
        int32_t year = 2008 + (i < 2 ? 3 : (int32_t)random_below(30));
        int32_t first_day =
            day_make(i == 0 ? 2011 : year, 1, 1) + (int32_t)random_below(365) * (i > 1);

        assert_int_equal(zones_load(names[(i + 4) % COUNT_OF(names)], &zone, why, sizeof(why)), 0);
        random_calendar(&calendar, &zone, first_day);
        count_minutes(&calendar, first_day, count);
        for (int32_t k = 0; k < CASES;) {
            int32_t start = (int32_t)random_below(PERIOD_MINUTES - 40000);

            k += compare_hours(&calendar, count, start);
            compare_moments(&calendar, count, start, start + (int32_t)random_below(40000));
            compare_days(&calendar, count, start);
        }
    }
    free(count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(due_times_equal_a_count_of_every_minute_on_100000_random_cases),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
