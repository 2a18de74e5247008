/*
 * The Chinese calendar against its table, day by day, walked here in another way; festivals against
 * the dates of printed calendars.
 */
#include "common/pure/lunar.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "common/pure/festival.h"

static int32_t read_day(const char *text)
{
    int32_t day = 0;

    assert_true(day_parse(text, 10, &day));
    return day;
}

static struct lunar_date lunar_of(const char *text)
{
    struct lunar_date date = {0};

    assert_int_equal(lunar_from_day(read_day(text), &date), LUNAR_FINE);
    return date;
}

static void assert_lunar(const char *text, int32_t year, int32_t month, bool is_leap, int32_t day)
{
    struct lunar_date date = lunar_of(text);
    int32_t back = 0;

    if (date.year != year || date.month != month || date.is_leap != is_leap || date.day != day)
        fail_msg("%s is %d-%s%d-%d", text, date.year, date.is_leap ? "L" : "", date.month,
                 date.day);
    assert_int_equal(lunar_to_day(&date, &back), LUNAR_FINE);
    assert_int_equal(back, read_day(text));
}

/* One month of a line, "L5:29": every day of it, both ways. Returns the day after it. */
static int32_t walk_month(int32_t year, const char *month, int32_t day)
{
    bool is_leap = month[0] == 'L';
    int32_t number = atoi(month + is_leap), length = atoi(strchr(month, ':') + 1);

    assert_int_equal(lunar_month_length(year, number, is_leap), length);
    for (int32_t i = 1; i <= length; i++, day++) {
        struct lunar_date date = {0};
        int32_t back = 0;

        assert_int_equal(lunar_from_day(day, &date), LUNAR_FINE);
        if (date.year != year || date.month != number || date.is_leap != is_leap || date.day != i)
            fail_msg("day %d: %d-%s-%d expected", day, year, month, i);
        assert_int_equal(lunar_to_day(&date, &back), LUNAR_FINE);
        assert_int_equal(back, day);
    }
    return day;
}

static int32_t walk_file(const char *path)
{
    FILE *file = fopen(path, "r");
    char line[300];
    int32_t day = LUNAR_DAY_MIN;

    if (!file)
        return 0;
    assert_non_null(fgets(line, sizeof(line), file));
    while (fgets(line, sizeof(line), file)) {
        int32_t year = atoi(line);
        char *months = strrchr(line, ',');

        assert_int_equal(read_day(line + 5), day);
        *months = '\0'; /* the last column is the year's length */
        months = strrchr(line, ',') + 1;
        for (char *month = strtok(months, " "); month; month = strtok(NULL, " "))
            day = walk_month(year, month, day);
    }
    fclose(file);
    return day;
}

static void all_days_of_1901_to_2100_equal_the_table(void **state)
{
    int32_t end = walk_file("common/pure/data/lunar_years.csv");

    (void)state;
    if (end == 0)
        skip(); /* not run from the root of the checkout */
    assert_int_equal(end, LUNAR_DAY_MAX + 1);
    assert_int_equal(read_day("1901-02-19"), LUNAR_DAY_MIN);
    assert_int_equal(read_day("2101-01-28"), LUNAR_DAY_MAX);
    assert_int_equal(LUNAR_DAY_MAX - LUNAR_DAY_MIN + 1, 73028);
}

static void all_days_equal_the_table_of_the_test_data(void **state)
{
    int32_t end = walk_file("../shared/data/lunar_years.csv");

    (void)state;
    if (end == 0)
        skip(); /* no test data beside the checkout */
    assert_int_equal(end, LUNAR_DAY_MAX + 1);
}

static void row_6_the_years_2027_2030_and_2033_are_right_by_name(void **state)
{
    (void)state;
    assert_lunar("2027-02-05", 2026, 12, false, 29);
    assert_lunar("2027-02-06", 2027, 1, false, 1);
    assert_lunar("2030-02-02", 2029, 12, false, 30);
    assert_lunar("2030-02-03", 2030, 1, false, 1);
    assert_lunar("2033-01-31", 2033, 1, false, 1);
    assert_lunar("2033-11-22", 2033, 11, false, 1);
    assert_lunar("2033-12-21", 2033, 11, false, 30);
    assert_lunar("2033-12-22", 2033, 11, true, 1);
    assert_lunar("2034-01-19", 2033, 11, true, 29);
    assert_lunar("2034-01-20", 2033, 12, false, 1);
    assert_lunar("2034-02-19", 2034, 1, false, 1);
    assert_int_equal(lunar_leap_month(2033), 11);
    /* Programs that compute 2033 wrongly make the eighth month twice. */
    assert_int_equal(lunar_month_length(2033, 8, true), 0);
}

static void what_the_table_does_not_have_is_refused_by_its_reason(void **state)
{
    static const struct {
        struct lunar_date date;
        enum lunar_result result;
    } cases[] = {
        {{1900, 12, false, 30}, LUNAR_RANGE},    {{2101, 1, false, 1}, LUNAR_RANGE},
        {{INT32_MIN, 1, false, 1}, LUNAR_RANGE}, {{2026, 0, false, 1}, LUNAR_MONTH},
        {{2026, 13, false, 1}, LUNAR_MONTH},     {{2026, 6, true, 1}, LUNAR_NO_LEAP},
        {{2025, 6, true, 1}, LUNAR_FINE},        {{2025, 5, true, 1}, LUNAR_NO_LEAP},
        {{2026, 6, false, 0}, LUNAR_DAY},        {{2026, 6, false, 31}, LUNAR_DAY},
        {{2026, 12, false, 30}, LUNAR_SHORT},    {{2029, 12, false, 30}, LUNAR_FINE},
    };
    struct lunar_date date = {.year = 7};
    int32_t day = 7;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        if (lunar_to_day(&cases[i].date, &day) != cases[i].result)
            fail_msg("case %zu", i);
    assert_int_equal(lunar_from_day(LUNAR_DAY_MIN - 1, &date), LUNAR_RANGE);
    assert_int_equal(lunar_from_day(LUNAR_DAY_MAX + 1, &date), LUNAR_RANGE);
    assert_int_equal(lunar_from_day(INT32_MIN, &date), LUNAR_RANGE);
    assert_int_equal(date.year, 7);
    assert_int_equal(lunar_leap_month(2101), 0);
    assert_int_equal(lunar_month_length(2026, 13, false), 0);
    assert_true(lunar_may_leap(6));
    assert_true(lunar_may_leap(11));
    assert_false(lunar_may_leap(1));
    assert_false(lunar_may_leap(12));
    assert_false(lunar_may_leap(0));
}

/* 春节, 元宵, 端午, 中元, 中秋 as printed calendars have them. */
static const struct {
    int32_t year;
    const char *spring, *lantern, *dragon_boat, *zhongyuan, *mid_autumn;
} printed[] = {
    {2026, "2026-02-17", "2026-03-03", "2026-06-19", "2026-08-27", "2026-09-25"},
    {2027, "2027-02-06", "2027-02-20", "2027-06-09", "2027-08-16", "2027-09-15"},
    {2028, "2028-01-26", "2028-02-09", "2028-05-28", "2028-09-03", "2028-10-03"},
    {2029, "2029-02-13", "2029-02-27", "2029-06-16", "2029-08-24", "2029-09-22"},
    {2030, "2030-02-03", "2030-02-17", "2030-06-05", "2030-08-13", "2030-09-12"},
    {2031, "2031-01-23", "2031-02-06", "2031-06-24", "2031-09-01", "2031-10-01"},
    {2032, "2032-02-11", "2032-02-25", "2032-06-12", "2032-08-20", "2032-09-19"},
    {2033, "2033-01-31", "2033-02-14", "2033-06-01", "2033-08-09", "2033-09-08"},
    {2034, "2034-02-19", "2034-03-05", "2034-06-20", "2034-08-28", "2034-09-27"},
    {2035, "2035-02-08", "2035-02-22", "2035-06-10", "2035-08-18", "2035-09-16"},
};

static void assert_festival(enum festival festival, int32_t year, const char *expected)
{
    char text[DAY_TEXT_BYTES];
    int32_t day = 0;

    assert_true(festival_in_year(festival, year, &day));
    day_print(day, text);
    assert_string_equal(text, expected);
}

static void festivals_of_2026_to_2035_are_those_of_printed_calendars(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(printed); i++) {
        int32_t year = printed[i].year, day = 0;

        assert_festival(FESTIVAL_SPRING, year, printed[i].spring);
        assert_festival(FESTIVAL_LANTERN, year, printed[i].lantern);
        assert_festival(FESTIVAL_DRAGON_BOAT, year, printed[i].dragon_boat);
        assert_festival(FESTIVAL_ZHONGYUAN, year, printed[i].zhongyuan);
        assert_festival(FESTIVAL_MID_AUTUMN, year, printed[i].mid_autumn);
        assert_true(festival_in_year(FESTIVAL_NEW_YEAR, year, &day));
        assert_int_equal(day, day_make(year, 1, 1));
        assert_true(festival_in_year(FESTIVAL_NATIONAL, year, &day));
        assert_int_equal(day, day_make(year, 10, 1));
    }
}

static void the_greeting_of_spring_festival_goes_out_on_its_eve(void **state)
{
    int32_t day = 0;

    (void)state;
    assert_true(festival_greeting_day(FESTIVAL_SPRING, 2026, &day));
    assert_int_equal(day, read_day("2026-02-16"));
    assert_true(festival_greeting_day(FESTIVAL_SPRING, 1901, &day)); /* a day before the table */
    assert_int_equal(day, read_day("1901-02-18"));
    assert_true(festival_greeting_day(FESTIVAL_MID_AUTUMN, 2026, &day));
    assert_int_equal(day, read_day("2026-09-25"));
}

static void nobody_is_greeted_on_days_of_the_dead(void **state)
{
    enum festival festival = FESTIVAL_COUNT;
    int32_t day = 7;

    (void)state;
    assert_true(festival_find(TEXT_OF("清明"), &festival));
    assert_int_equal(festival, FESTIVAL_QINGMING);
    assert_false(festival_kind(festival)->may_greet);
    assert_false(festival_greeting_day(festival, 2026, &day));
    assert_true(festival_find(TEXT_OF("zhongyuan"), &festival));
    assert_int_equal(festival, FESTIVAL_ZHONGYUAN);
    assert_false(festival_kind(festival)->may_greet);
    assert_false(festival_greeting_day(festival, 2026, &day));
    assert_int_equal(day, 7);
    assert_string_equal(festival_kind(FESTIVAL_DRAGON_BOAT)->wish_zh, "安康");
    assert_false(festival_find(TEXT_OF("圣诞"), &festival));
    assert_false(festival_find(TEXT_OF(""), &festival));
}

static void qingming_is_the_day_of_the_notices_and_of_the_sun(void **state)
{
    static const char *const days[] = {
        "1901-04-05", "1910-04-06", "1943-04-06", "1999-04-05", "2000-04-04",
        "2005-04-05", "2009-04-04", "2019-04-05", "2020-04-04", "2021-04-04",
        "2022-04-05", "2023-04-05", "2024-04-04", "2025-04-04", "2026-04-05",
        "2038-04-05", "2042-04-04", "2099-04-04", "2100-04-05",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(days); i++)
        assert_festival(FESTIVAL_QINGMING, atoi(days[i]), days[i]);
}

static void festivals_out_of_the_table_are_refused(void **state)
{
    int32_t day = 7;

    (void)state;
    for (int i = 0; i < FESTIVAL_COUNT; i++) {
        assert_false(festival_in_year((enum festival)i, 1900, &day));
        assert_false(festival_in_year((enum festival)i, 2101, &day));
        for (int32_t year = 1901; year <= 2100; year++)
            assert_true(festival_in_year((enum festival)i, year, &day) &&
                        day_split(day).year == year);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_days_of_1901_to_2100_equal_the_table),
        cmocka_unit_test(all_days_equal_the_table_of_the_test_data),
        cmocka_unit_test(row_6_the_years_2027_2030_and_2033_are_right_by_name),
        cmocka_unit_test(what_the_table_does_not_have_is_refused_by_its_reason),
        cmocka_unit_test(festivals_of_2026_to_2035_are_those_of_printed_calendars),
        cmocka_unit_test(the_greeting_of_spring_festival_goes_out_on_its_eve),
        cmocka_unit_test(nobody_is_greeted_on_days_of_the_dead),
        cmocka_unit_test(qingming_is_the_day_of_the_notices_and_of_the_sun),
        cmocka_unit_test(festivals_out_of_the_table_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
