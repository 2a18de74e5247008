/*
 * Working calendars by example: lunch, make-up days, pauses, the ends of a search, and what can be
 * wrong with one. test_calendar_count.c compares the arithmetic with a count of every minute.
 */
#include "common/pure/calendar.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include "common/pure/day.h"
#include "common/zones.h"

static struct zone shanghai;
static struct zone new_york;
static struct calendar office;

static int load(void **state)
{
    (void)state;
    char why[200];

    if (zones_load("Asia/Shanghai", &shanghai, why, sizeof(why)) ||
        zones_load("America/New_York", &new_york, why, sizeof(why)))
        return -1;
    calendar_set_office(&office, &shanghai);
    return 0;
}

static int64_t at(const struct zone *zone, int32_t year, int8_t month, int8_t day, int8_t hour,
                  int8_t minute)
{
    struct civil local = {.year = year, .month = month, .day = day, .hour = hour, .minute = minute};

    return zone_moment(zone, &local);
}

#define AT(month, day, hour, minute) at(&shanghai, 2026, month, day, hour, minute)

static void row_10_lunch_break_excluded_working_saturday_counted(void **state)
{
    (void)state;
    static struct calendar calendar;
    int64_t due_us = 0;

    calendar_set_office(&calendar, &shanghai);
    calendar.days[calendar.day_count++] =
        (struct calendar_day){.day = day_make(2026, 11, 7), .kind = CALENDAR_WORK};

    /* Friday 11:00 + 2 h: an hour until noon, an hour after lunch. */
    assert_true(calendar_add_minutes(&calendar, AT(11, 6, 11, 0), 120, &due_us));
    assert_int_equal(due_us, AT(11, 6, 14, 30));
    /* Friday 17:00 + 4 h: one on Friday, three on the working Saturday. */
    assert_true(calendar_add_minutes(&calendar, AT(11, 6, 17, 0), 240, &due_us));
    assert_int_equal(due_us, AT(11, 7, 12, 0));
    assert_true(calendar_add_working_days(&calendar, AT(11, 6, 10, 0), 1, &due_us));
    assert_int_equal(due_us, AT(11, 7, 18, 0));
    /* Without it the Saturday is a Saturday. */
    assert_true(calendar_add_minutes(&office, AT(11, 6, 17, 0), 240, &due_us));
    assert_int_equal(due_us, AT(11, 9, 12, 0));
}

static void row_13_paused_ten_times_over_a_weekend_no_business_time_has_passed(void **state)
{
    (void)state;
    int64_t paused_us = 0;

    for (int8_t i = 0; i < 10; i++) {
        int64_t from_us = AT(11, 7, (int8_t)(2 * i), 1);

        paused_us += calendar_us_between(&office, from_us, from_us + 90 * MINUTE_US);
    }
    assert_int_equal(paused_us, 0);
    /* From Friday 17:59:30 to Monday 09:00:15: 45 seconds, kept exactly. */
    paused_us = calendar_us_between(&office, AT(11, 6, 17, 59) + 30 * SECOND_US,
                                    AT(11, 9, 9, 0) + 15 * SECOND_US);
    assert_int_equal(paused_us, 45 * SECOND_US);
    assert_int_equal(calendar_us_between(&office, AT(11, 9, 9, 10), AT(11, 6, 17, 50)),
                     -20 * MINUTE_US);
}

static void a_term_that_is_used_up_at_closing_time_ends_then(void **state)
{
    (void)state;
    int64_t due_us = 0;

    assert_true(calendar_add_minutes(&office, AT(11, 6, 17, 0), 60, &due_us));
    assert_int_equal(due_us, AT(11, 6, 18, 0));
    assert_true(calendar_add_us(&office, AT(11, 6, 17, 0), 60 * MINUTE_US + 1, &due_us));
    assert_int_equal(due_us, AT(11, 9, 9, 0) + 1);
    assert_true(calendar_add_minutes(&office, AT(11, 8, 3, 0), 0, &due_us));
    assert_int_equal(due_us, AT(11, 8, 3, 0));
}

static void a_term_of_days_does_not_count_the_day_it_starts(void **state)
{
    (void)state;
    int64_t due_us = 0;

    assert_true(calendar_add_working_days(&office, AT(11, 2, 0, 0), 1, &due_us));
    assert_int_equal(due_us, AT(11, 3, 18, 0));
    assert_true(calendar_add_working_days(&office, AT(11, 2, 23, 59), 5, &due_us));
    assert_int_equal(due_us, AT(11, 9, 18, 0));
    /* Started on a Saturday: Monday is the first. */
    assert_true(calendar_add_working_days(&office, AT(11, 7, 12, 0), 1, &due_us));
    assert_int_equal(due_us, AT(11, 9, 18, 0));
    assert_false(calendar_add_working_days(&office, AT(11, 2, 9, 0), 0, &due_us));
}

static void four_hours_between_eight_and_nine_in_the_evening_run_on_sundays_too(void **state)
{
    (void)state;
    static struct calendar daily;
    int64_t due_us = 0;

    calendar_set_daily(&daily, &shanghai, 8 * 60, 21 * 60);
    assert_true(calendar_add_minutes(&daily, AT(11, 7, 19, 0), 240, &due_us));
    assert_int_equal(due_us, AT(11, 8, 10, 0));
}

static void a_repeated_hour_counts_twice_and_a_skipped_one_not(void **state)
{
    (void)state;
    static struct calendar night;

    calendar_set_daily(&night, &new_york, 60, 180); /* 01:00 to 03:00 */
    assert_int_equal(calendar_minutes_between(&night, at(&new_york, 2026, 11, 1, 0, 0),
                                              at(&new_york, 2026, 11, 2, 0, 0)),
                     180);
    assert_int_equal(calendar_minutes_between(&night, at(&new_york, 2026, 3, 8, 0, 0),
                                              at(&new_york, 2026, 3, 9, 0, 0)),
                     60);
}

static void working_days_are_found_forwards_and_backwards(void **state)
{
    (void)state;
    int32_t sunday = day_make(2026, 11, 8);
    int32_t found = 0;

    assert_false(calendar_is_working_day(&office, sunday));
    assert_true(calendar_working_day_before(&office, sunday, &found));
    assert_int_equal(found, sunday - 2);
    assert_true(calendar_working_day_before(&office, sunday + 1, &found));
    assert_int_equal(found, sunday + 1);
    assert_true(calendar_move_day(&office, sunday, 3, &found));
    assert_int_equal(found, sunday + 3);
    assert_true(calendar_move_day(&office, sunday, -3, &found));
    assert_int_equal(found, sunday - 4);
    assert_true(calendar_move_day(&office, sunday, 0, &found));
    assert_int_equal(found, sunday);
}

static void a_search_ends_after_ten_years(void **state)
{
    (void)state;
    static struct calendar calendar;
    int64_t due_us = 0;
    int32_t day = 0;

    calendar_set_office(&calendar, &shanghai);
    calendar.weekly[0] = calendar.weekly[4];
    for (int i = 1; i < 7; i++)
        calendar.weekly[i].count = 0;
    for (int32_t monday = day_make(2026, 11, 9); calendar.day_count < 600; monday += 7)
        calendar.days[calendar.day_count++] = (struct calendar_day){.day = monday};
    assert_false(calendar_next_open(&calendar, AT(11, 3, 9, 0), &due_us));
    assert_false(calendar_add_minutes(&calendar, AT(11, 3, 9, 0), 1, &due_us));
    assert_false(calendar_add_working_days(&calendar, AT(11, 3, 9, 0), 1, &due_us));
    assert_false(calendar_move_day(&calendar, day_make(2026, 11, 3), 1, &day));
    assert_false(calendar_add_minutes(&office, AT(11, 3, 9, 0), INT64_MAX, &due_us));
    assert_false(calendar_add_minutes(&office, AT(11, 3, 9, 0), -1, &due_us));
    /* The ends of time are no place of work, and no overflow. */
    assert_false(calendar_is_open(&office, INT64_MIN));
    assert_false(calendar_is_open(&office, INT64_MAX));
    assert_false(calendar_add_minutes(&office, INT64_MAX, 1, &due_us));
}

static void assert_fault(const struct calendar *calendar, enum calendar_flaw flaw,
                         const char *field)
{
    struct calendar_fault fault = {0};

    assert_false(calendar_check(calendar, &fault));
    assert_string_equal(fault.field, field);
    assert_int_equal(fault.flaw, flaw);
}

static void a_calendar_with_no_open_hour_is_refused(void **state)
{
    (void)state;
    static struct calendar calendar;

    calendar_set_office(&calendar, &shanghai);
    memset(calendar.weekly, 0, sizeof(calendar.weekly));
    assert_fault(&calendar, CALENDAR_FLAW_NEVER_OPEN, "weekly");
}

static void what_is_wrong_with_a_calendar_is_named(void **state)
{
    (void)state;
    static struct calendar good;
    static struct calendar bad;

    calendar_set_office(&good, &shanghai);
    good.day_count = 2;
    good.days[0].day = 20000;
    good.days[1].day = 20001;
    bad = good;
    bad.weekly[2].ranges[1] = (struct calendar_range){11 * 60, 18 * 60};
    assert_fault(&bad, CALENDAR_FLAW_OVERLAP, "weekly[2].ranges[1]");
    bad = good;
    bad.weekly[4].ranges[1] = (struct calendar_range){8 * 60, 8 * 60 + 30};
    assert_fault(&bad, CALENDAR_FLAW_UNSORTED, "weekly[4].ranges[1]");
    bad.weekly[4].ranges[0] = (struct calendar_range){600, 600};
    assert_fault(&bad, CALENDAR_FLAW_EMPTY_RANGE, "weekly[4].ranges[0]");
    bad.weekly[4].ranges[0] = (struct calendar_range){600, 1441};
    assert_fault(&bad, CALENDAR_FLAW_TIME, "weekly[4].ranges[0]");
    bad = good;
    bad.weekly[0].count = CALENDAR_RANGES + 1;
    assert_fault(&bad, CALENDAR_FLAW_TOO_MANY, "weekly[0]");
    bad = good;
    bad.days[1].day = 20000;
    assert_fault(&bad, CALENDAR_FLAW_UNSORTED, "days[1]");
    bad = good;
    bad.days[1].hours = (struct calendar_hours){1, {{5, 4}}};
    assert_fault(&bad, CALENDAR_FLAW_EMPTY_RANGE, "days[1].ranges[0]");
    bad = good;
    bad.year_count = 2;
    assert_fault(&bad, CALENDAR_FLAW_YEAR, "years[0]");
    bad = good;
    bad.zone = NULL;
    assert_fault(&bad, CALENDAR_FLAW_ZONE, "zone");
}

static void times_of_day_are_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {"", "9:00", "24:01", "09:60", "09-00", "aa:00", "09:000"};
    int16_t minutes = -1;

    assert_true(calendar_parse_time(TEXT_OF("09:05"), &minutes));
    assert_int_equal(minutes, 545);
    assert_true(calendar_parse_time(TEXT_OF("24:00"), &minutes));
    assert_int_equal(minutes, 1440);
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(calendar_parse_time((struct text){wrong[i], strlen(wrong[i])}, &minutes));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(row_10_lunch_break_excluded_working_saturday_counted),
        cmocka_unit_test(row_13_paused_ten_times_over_a_weekend_no_business_time_has_passed),
        cmocka_unit_test(a_term_that_is_used_up_at_closing_time_ends_then),
        cmocka_unit_test(a_term_of_days_does_not_count_the_day_it_starts),
        cmocka_unit_test(four_hours_between_eight_and_nine_in_the_evening_run_on_sundays_too),
        cmocka_unit_test(a_repeated_hour_counts_twice_and_a_skipped_one_not),
        cmocka_unit_test(working_days_are_found_forwards_and_backwards),
        cmocka_unit_test(a_search_ends_after_ten_years),
        cmocka_unit_test(a_calendar_with_no_open_hour_is_refused),
        cmocka_unit_test(what_is_wrong_with_a_calendar_is_named),
        cmocka_unit_test(times_of_day_are_read),
    };

    return cmocka_run_group_tests(tests, load, NULL);
}
