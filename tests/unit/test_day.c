/* Calendar days: numbers, dates, text, weekdays and months. */
#include "common/pure/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
static int32_t parsed(const char *text)
{
    int32_t day;

    assert_true(day_parse(text, strlen(text), &day));
    return day;
}

static void assert_day(int32_t day, const char *expected)
{
    char text[DAY_TEXT_BYTES];

    day_print(day, text);
    assert_string_equal(text, expected);
}

static void every_day_of_ten_thousand_years_goes_there_and_back(void **state)
{
    struct day_date before = {0, 12, 31};

    (void)state;
    for (int32_t day = DAY_MIN; day <= DAY_MAX; day++) {
        struct day_date date = day_split(day);

        if (date.day != 1)
            assert_int_equal(date.day, before.day + 1);
        else
            assert_int_equal(date.month, before.month % 12 + 1);
        assert_true(day_is_valid(date.year, date.month, date.day));
        assert_int_equal(day_make(date.year, date.month, date.day), day);
        before = date;
    }
    assert_int_equal(before.year, 9999);
}

static void known_days_have_their_numbers(void **state)
{
    (void)state;
    assert_int_equal(parsed("1970-01-01"), 0);
    assert_int_equal(parsed("0001-01-01"), DAY_MIN);
    assert_int_equal(parsed("9999-12-31"), DAY_MAX);
    assert_int_equal(parsed("2009-12-01"), 14579);
    assert_int_equal(parsed("2026-09-30"), 20726);
    assert_day(-1, "1969-12-31");
    assert_day(11016, "2000-02-29");
    assert_day(DAY_MIN, "0001-01-01");
    assert_day(DAY_MAX, "9999-12-31");
}

static void days_that_do_not_exist_are_refused(void **state)
{
    static const char *const bad[] = {
        "2026-02-29",  "1900-02-29", "2026-13-01", "2026-00-01", "2026-01-00",
        "2026-04-31",  "0000-01-01", "2026-1-1",   "2026/01/01", "20260101",
        "2026-01-01T", "",           "2026-01-0a", "-026-01-01", "+026-01-01",
    };
    int32_t day = 42;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(day_parse(bad[i], strlen(bad[i]), &day));
    assert_int_equal(day, 42);
    assert_true(day_is_valid(2000, 2, 29));
    assert_false(day_is_valid(10000, 1, 1));
}

static void weekdays_count_from_monday(void **state)
{
    (void)state;
    assert_int_equal(day_weekday(0), 4);
    assert_int_equal(day_weekday(parsed("2026-09-28")), 1);
    assert_int_equal(day_weekday(parsed("2026-10-04")), 7);
    assert_int_equal(day_weekday(DAY_MIN), 1);
    assert_int_equal(day_weekday(DAY_MAX), 5);
}

static void a_month_begins_with_its_first_and_ends_with_its_last_day(void **state)
{
    (void)state;
    assert_day(day_month_first(parsed("2024-02-29")), "2024-02-01");
    assert_day(day_month_last(parsed("2024-02-01")), "2024-02-29");
    assert_day(day_month_last(parsed("2026-12-31")), "2026-12-31");
    assert_int_equal(day_month_length(2100, 2), 28);
}

static void a_month_later_is_the_same_day_or_the_end_of_the_month(void **state)
{
    (void)state;
    assert_day(day_add_months(parsed("2026-01-15"), 1), "2026-02-15");
    assert_day(day_add_months(parsed("2026-01-31"), 1), "2026-02-28");
    assert_day(day_add_months(parsed("2026-01-31"), 2), "2026-03-31");
    assert_day(day_add_months(parsed("2024-02-29"), 12), "2025-02-28");
    assert_day(day_add_months(parsed("2026-03-31"), -1), "2026-02-28");
    assert_day(day_add_months(parsed("2026-01-01"), -13), "2024-12-01");
    assert_day(day_add_months(parsed("2026-01-01"), 0), "2026-01-01");
}

static void months_beyond_the_calendar_stop_at_its_ends(void **state)
{
    (void)state;
    assert_int_equal(day_add_months(DAY_MAX, 1), DAY_MAX);
    assert_int_equal(day_add_months(DAY_MIN, -1), DAY_MIN);
    assert_int_equal(day_add_months(0, INT32_MAX), DAY_MAX);
    assert_int_equal(day_add_months(0, INT32_MIN), DAY_MIN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_day_of_ten_thousand_years_goes_there_and_back),
        cmocka_unit_test(known_days_have_their_numbers),
        cmocka_unit_test(days_that_do_not_exist_are_refused),
        cmocka_unit_test(weekdays_count_from_monday),
        cmocka_unit_test(a_month_begins_with_its_first_and_ends_with_its_last_day),
        cmocka_unit_test(a_month_later_is_the_same_day_or_the_end_of_the_month),
        cmocka_unit_test(months_beyond_the_calendar_stop_at_its_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
