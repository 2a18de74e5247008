/*
 * The built-in Chinese calendar against its source file and against real days of 2024 to 2026, and
 * what a new notice moves.
 */
#include "common/pure/calendar_cn.h"

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

static struct zone shanghai;
static struct calendar cn;

static int load(void **state)
{
    char why[200];
    struct calendar_fault fault;

    (void)state;
    if (zones_load("Asia/Shanghai", &shanghai, why, sizeof(why)))
        return -1;
    calendar_cn_set(&cn, &shanghai, CALENDAR_CN_USUAL);
    return calendar_check(&cn, &fault) ? 0 : -1;
}

static int64_t at(int32_t year, int8_t month, int8_t day, int8_t hour, int8_t minute)
{
    struct civil local = {.year = year, .month = month, .day = day, .hour = hour, .minute = minute};

    return zone_moment(&shanghai, &local);
}

static void the_table_is_what_its_file_says(void **state)
{
    FILE *file = fopen("common/pure/data/holidays_cn.csv", "r");
    char line[200];
    int32_t rows = 0;

    (void)state;
    if (!file)
        skip(); /* not run from the root of the checkout */
    assert_non_null(fgets(line, sizeof(line), file));
    while (fgets(line, sizeof(line), file)) {
        const struct calendar_day *row = &cn.days[rows++];
        bool is_off = strncmp(line + 16, "off,", 4) == 0;
        int32_t day = 0;

        assert_true(day_parse(line + 5, 10, &day));
        assert_true(is_off || strncmp(line + 16, "work,", 5) == 0);
        assert_int_equal(row->day, day);
        assert_int_equal(row->notice, atoi(line));
        assert_int_equal(row->kind, is_off ? CALENDAR_OFF : CALENDAR_WORK);
        assert_int_equal(calendar_is_working_day(&cn, day), !is_off);
    }
    fclose(file);
    assert_int_equal(rows, cn.day_count);
}

/* Working days of the months as announced: weekdays without days off, with make-up days. */
static void working_days_of_2024_to_2026_are_those_of_the_notices(void **state)
{
    static const int8_t months[][12] = {
        {22, 18, 21, 22, 21, 19, 23, 22, 21, 19, 21, 22}, /* 2024 */
        {19, 19, 21, 22, 19, 20, 23, 21, 23, 18, 20, 23}, /* 2025 */
        {21, 16, 22, 21, 19, 21, 23, 21, 22, 18, 21, 23}, /* 2026 */
    };

    (void)state;
    for (int32_t year = 2024; year <= 2026; year++) {
        for (int32_t month = 1; month <= 12; month++) {
            int32_t first = day_make(year, month, 1);
            int32_t count = 0;

            for (int32_t day = first; day <= day_month_last(first); day++)
                count += calendar_is_working_day(&cn, day);
            if (count != months[year - 2024][month - 1])
                fail_msg("%d-%02d: %d", year, month, count);
        }
    }
}

static void a_term_over_a_long_holiday_ends_after_it(void **state)
{
    int64_t due_us = 0;

    (void)state;
    /* 30 September 2026 is the last day before the holiday; 10 October is a working Saturday. */
    assert_true(calendar_add_minutes(&cn, at(2026, 9, 30, 17, 0), 120, &due_us));
    assert_int_equal(due_us, at(2026, 10, 8, 10, 0));
    assert_true(calendar_add_working_days(&cn, at(2026, 9, 30, 17, 0), 3, &due_us));
    assert_int_equal(due_us, at(2026, 10, 10, 18, 0));
    /* Spring Festival 2026: the 14th is worked, the 15th to the 23rd are off. */
    assert_true(calendar_add_working_days(&cn, at(2026, 2, 13, 9, 0), 2, &due_us));
    assert_int_equal(due_us, at(2026, 2, 24, 18, 0));
}

static void row_10_lunch_break_excluded_working_saturday_counted(void **state)
{
    int64_t due_us = 0;

    (void)state;
    /* Friday 8 May 2026 11:30 + 8 h; Saturday the 9th makes up for the holiday. */
    assert_true(calendar_add_minutes(&cn, at(2026, 5, 8, 11, 30), 480, &due_us));
    assert_int_equal(due_us, at(2026, 5, 9, 12, 0));
    assert_int_equal(calendar_minutes_between(&cn, at(2026, 5, 8, 12, 0), at(2026, 5, 8, 13, 30)),
                     0);
    assert_true(calendar_is_open(&cn, at(2026, 5, 9, 9, 0)));
    assert_false(calendar_is_open(&cn, at(2026, 5, 9, 12, 0)));
    assert_false(calendar_is_open(&cn, at(2026, 5, 16, 10, 0)));
}

static void row_9_without_a_notice_dates_are_provisional_from_20_december_on(void **state)
{
    (void)state;
    assert_false(calendar_notice_is_open(&cn, day_make(2026, 12, 19)));
    assert_true(calendar_notice_is_open(&cn, day_make(2026, 12, 20)));
    assert_true(calendar_notice_is_open(&cn, day_make(2027, 6, 1)));
    assert_true(calendar_notice_is_open(&cn, day_make(2018, 12, 19)));
    assert_false(calendar_notice_is_open(&cn, day_make(2025, 12, 25)));
    assert_false(calendar_notice_is_due_open(&cn, at(2026, 12, 14, 9, 0), at(2026, 12, 18, 18, 0)));
    assert_true(calendar_notice_is_due_open(&cn, at(2026, 12, 14, 9, 0), at(2026, 12, 21, 18, 0)));
    assert_true(calendar_notice_is_due_open(&cn, at(2016, 1, 1, 9, 0), at(2025, 1, 1, 9, 0)));
}

static void row_9_the_notice_recomputes_and_lists_what_moved(void **state)
{
    static struct calendar before;
    static struct calendar after;
    const struct calendar_cn_notice *notice = calendar_cn_find_notice(2026);
    const struct calendar_term terms[] = {
        {at(2025, 12, 30, 10, 0), 3, CALENDAR_UNIT_WORKING_DAYS},
        {at(2025, 11, 3, 10, 0), 5, CALENDAR_UNIT_WORKING_DAYS},
        {at(2026, 9, 30, 17, 0), 120, CALENDAR_UNIT_MINUTES},
        {at(2026, 12, 30, 17, 0), 3, CALENDAR_UNIT_WORKING_DAYS},
    };
    struct calendar_shift shifts[COUNT_OF(terms)];
    int64_t due_us = 0;

    (void)state;
    calendar_cn_set_until(&before, &shanghai, CALENDAR_CN_USUAL, 2025);
    assert_true(calendar_notice_due(&before, &terms[0], &due_us));
    assert_int_equal(due_us, at(2026, 1, 2, 18, 0));
    assert_true(calendar_notice_is_due_open(&before, terms[0].start_us, due_us));

    after = before;
    assert_non_null(notice);
    assert_true(calendar_notice_add(&after, 2026, notice->days, notice->count));
    assert_memory_equal(after.days, cn.days, sizeof(cn.days));
    assert_int_equal(calendar_notice_compare(&before, &after, terms, COUNT_OF(terms), shifts), 2);
    assert_int_equal(shifts[0].term, 0);
    assert_int_equal(shifts[0].old_us, due_us);
    assert_int_equal(shifts[0].new_us, at(2026, 1, 5, 18, 0)); /* the 4th is worked */
    assert_false(shifts[0].provisional);
    assert_int_equal(shifts[1].term, 2);
    assert_int_equal(shifts[1].old_us, at(2026, 10, 1, 10, 0));
    assert_int_equal(shifts[1].new_us, at(2026, 10, 8, 10, 0));
}

static void an_amended_notice_replaces_the_first(void **state)
{
    static struct calendar calendar;
    struct calendar_day amended[] = {{.day = day_make(2026, 2, 16)},
                                     {.day = day_make(2026, 2, 17)},
                                     {.day = day_make(2026, 2, 18)}};

    (void)state;
    calendar_cn_set(&calendar, &shanghai, CALENDAR_CN_USUAL);
    assert_true(calendar_notice_add(&calendar, 2026, amended, COUNT_OF(amended)));
    assert_int_equal(calendar.day_count, cn.day_count - 39 + 3);
    assert_int_equal(calendar.year_count, cn.year_count);
    assert_false(calendar_is_working_day(&calendar, day_make(2026, 2, 18)));
    assert_true(calendar_is_working_day(&calendar, day_make(2026, 2, 19)));
    assert_false(calendar_is_working_day(&calendar, day_make(2026, 2, 14)));
}

static void the_companys_own_day_wins_over_a_notice(void **state)
{
    static struct calendar calendar;
    struct calendar_day notice = {.day = day_make(2027, 1, 1)};

    (void)state;
    calendar_cn_set(&calendar, &shanghai, CALENDAR_CN_USUAL);
    calendar.days[calendar.day_count++] =
        (struct calendar_day){.day = day_make(2027, 1, 1), .kind = CALENDAR_WORK};
    assert_true(calendar_notice_add(&calendar, 2027, &notice, 1));
    assert_true(calendar_is_working_day(&calendar, day_make(2027, 1, 1)));
    assert_false(calendar_notice_is_open(&calendar, day_make(2027, 1, 1)));
}

static void a_notice_that_is_none_is_refused_and_changes_nothing(void **state)
{
    static struct calendar calendar;
    struct calendar_day wrong[] = {{.day = day_make(2027, 1, 2)}, {.day = day_make(2027, 1, 1)}};
    struct calendar_day far = {.day = day_make(2029, 1, 1)};

    (void)state;
    calendar_cn_set(&calendar, &shanghai, CALENDAR_CN_USUAL);
    assert_false(calendar_notice_add(&calendar, 2027, wrong, 2));
    assert_false(calendar_notice_add(&calendar, 2027, &far, 1));
    assert_memory_equal(&calendar, &cn, sizeof(cn));
}

static void xinjiang_and_tibet_work_by_the_sun(void **state)
{
    static struct calendar west;
    int64_t due_us = 0;

    (void)state;
    calendar_cn_set(&west, &shanghai, CALENDAR_CN_WEST);
    assert_string_equal(west.name, "cn-west");
    assert_true(calendar_add_minutes(&west, at(2026, 11, 23, 9, 0), 300, &due_us));
    assert_int_equal(due_us, at(2026, 11, 23, 17, 0));
    assert_true(calendar_add_working_days(&west, at(2026, 9, 30, 9, 0), 1, &due_us));
    assert_int_equal(due_us, at(2026, 10, 8, 20, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_table_is_what_its_file_says),
        cmocka_unit_test(working_days_of_2024_to_2026_are_those_of_the_notices),
        cmocka_unit_test(a_term_over_a_long_holiday_ends_after_it),
        cmocka_unit_test(row_10_lunch_break_excluded_working_saturday_counted),
        cmocka_unit_test(row_9_without_a_notice_dates_are_provisional_from_20_december_on),
        cmocka_unit_test(row_9_the_notice_recomputes_and_lists_what_moved),
        cmocka_unit_test(an_amended_notice_replaces_the_first),
        cmocka_unit_test(the_companys_own_day_wins_over_a_notice),
        cmocka_unit_test(a_notice_that_is_none_is_refused_and_changes_nothing),
        cmocka_unit_test(xinjiang_and_tibet_work_by_the_sun),
    };

    return cmocka_run_group_tests(tests, load, NULL);
}
