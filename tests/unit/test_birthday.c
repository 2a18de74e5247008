/* Birthdays: what people write, what is refused and why, and the days on which they are kept. */
#include "common/pure/birthday.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "common/pure/lunar.h"
#include "common/zones.h"

static int32_t read_day(const char *text)
{
    int32_t day = 0;

    assert_true(day_parse(text, strlen(text), &day));
    return day;
}

static struct birthday birthday_of(const char *text)
{
    struct birthday birthday = {0};
    enum birthday_refusal refusal = birthday_read((struct text){text, strlen(text)}, &birthday);

    if (refusal)
        fail_msg("%s: %s", text, birthday_refusal_text(refusal));
    return birthday;
}

static void assert_reads(const char *text, const char *stored)
{
    struct birthday birthday = birthday_of(text), again;
    char printed[BIRTHDAY_TEXT_BYTES];

    birthday_print(&birthday, printed);
    if (strcmp(printed, stored) != 0)
        fail_msg("%s reads as %s, wanted %s", text, printed, stored);
    again = birthday_of(printed);
    assert_memory_equal(&again, &birthday, sizeof(again));
}

static void what_people_write_is_read_as_they_mean_it(void **state)
{
    static const char *const cases[][2] = {
        {"1985-08-20", "1985-08-20"},
        {"1985-8-20", "1985-08-20"},
        {"1985/8/20", "1985-08-20"},
        {" 1985.08.20 ", "1985-08-20"},
        {"19850820", "1985-08-20"},
        {"１９８５－０８－２０", "1985-08-20"},
        {"８／２０", "--08-20"},
        {"8-20", "--08-20"},
        {"08/20", "--08-20"},
        {"--08-20", "--08-20"},
        {"2-29", "--02-29"},
        {"1984-02-29", "1984-02-29"},
        {"1985年8月20日", "1985-08-20"},
        {"1985 年 8 月 20 日", "1985-08-20"},
        {"8月20日", "--08-20"},
        {"8月20号", "--08-20"},
        {"8月20", "--08-20"},
        {"一九八五年八月二十日", "1985-08-20"},
        {"八月二十日", "--08-20"},
        {"公历八月二十", "--08-20"},
        {"阳历:8-20", "--08-20"},
        {"元月5日", "--01-05"},
        {"L6-3", "L--06-03"},
        {"l06/03", "L--06-03"},
        {"L1985-6-3", "L1985-06-03"},
        {"L闰6-3", "L--R06-03"},
        {"LR6-3", "L--R06-03"},
        {"L1979-R6-3", "L1979-R06-03"},
        {"L19850603", "L1985-06-03"},
        {"L2-30", "L--02-30"},
        {"农历8月20", "L--08-20"},
        {"农历八月二十日", "L--08-20"},
        {"阴历1985年六月初三", "L1985-06-03"},
        {"舊曆六月初三", "L--06-03"},
        {"一九八五年六月初三", "L1985-06-03"},
        {"1979年闰六月初三", "L1979-R06-03"},
        {"八月二十", "L--08-20"},
        {"八月廿", "L--08-20"},
        {"闰六月初三", "L--R06-03"},
        {"閏六月初三", "L--R06-03"},
        {"腊月廿三", "L--12-23"},
        {"臘月二十三", "L--12-23"},
        {"冬月初一", "L--11-01"},
        {"十一月初一", "L--11-01"},
        {"十二月三十", "L--12-30"},
        {"正月初一", "L--01-01"},
        {"正月十五", "L--01-15"},
        {"正月15", "L--01-15"},
        {"六月初十", "L--06-10"},
        {"六月十九", "L--06-19"},
        {"二月三十", "L--02-30"},
        {"二月卅", "L--02-30"},
        {"6月初三", "L--06-03"},
        {"二〇〇一年闰四月初八", "L2001-R04-08"},
        {"二零零一年四月初八", "L2001-04-08"},
        {"L2033-R11-1", "L2033-R11-01"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_reads(cases[i][0], cases[i][1]);
}

static void what_is_no_birthday_is_refused_with_its_reason(void **state)
{
    static const struct {
        const char *text;
        enum birthday_refusal refusal;
    } cases[] = {
        {"", BIRTHDAY_EMPTY},
        {"  \xe3\x80\x80", BIRTHDAY_EMPTY},
        {"8-\xff", BIRTHDAY_NO_UTF8},
        {"soon", BIRTHDAY_FORM},
        {"8", BIRTHDAY_FORM},
        {"8-", BIRTHDAY_FORM},
        {"-8-20", BIRTHDAY_FORM},
        {"8-20-85x", BIRTHDAY_FORM},
        {"8-20 or so", BIRTHDAY_FORM},
        {"冬月", BIRTHDAY_FORM},
        {"8月", BIRTHDAY_FORM},
        {"1985年", BIRTHDAY_FORM},
        {"1985-08", BIRTHDAY_FORM},
        {"8-20日生肖牛年八月二十日生肖牛年八月二十日生肖牛年八月二十日生肖牛年", BIRTHDAY_FORM},
        {"13/31", BIRTHDAY_MONTH},
        {"0-12", BIRTHDAY_MONTH},
        {"L13-1", BIRTHDAY_MONTH},
        {"十三月初一", BIRTHDAY_MONTH},
        {"2/30", BIRTHDAY_DAY},
        {"4-31", BIRTHDAY_DAY},
        {"8-0", BIRTHDAY_DAY},
        {"8-32", BIRTHDAY_DAY},
        {"八月三十二日", BIRTHDAY_DAY},
        {"1985-02-29", BIRTHDAY_LEAP_DAY},
        {"1900-02-29", BIRTHDAY_LEAP_DAY},
        {"L6-31", BIRTHDAY_LUNAR_DAY},
        {"L6-0", BIRTHDAY_LUNAR_DAY},
        {"六月卅一", BIRTHDAY_LUNAR_DAY},
        {"L2026-12-30", BIRTHDAY_LUNAR_SHORT},
        {"L1985-R6-3", BIRTHDAY_LEAP_MONTH},
        {"2026年闰六月初三", BIRTHDAY_LEAP_MONTH},
        {"闰正月初一", BIRTHDAY_LEAP_MONTH},
        {"闰腊月初一", BIRTHDAY_LEAP_MONTH},
        {"85-8-20", BIRTHDAY_FORM},
        {"985-8-20", BIRTHDAY_YEAR},
        {"85年8月20日", BIRTHDAY_YEAR},
        {"1885-08-20", BIRTHDAY_YEAR},
        {"2101-08-20", BIRTHDAY_YEAR},
        {"L1900-08-20", BIRTHDAY_YEAR},
        {"0000-08-20", BIRTHDAY_YEAR},
        {"公历六月初三", BIRTHDAY_CALENDARS},
        {"阳历闰六月3日", BIRTHDAY_CALENDARS},
    };
    struct birthday birthday = {.month = 77};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct text text = {cases[i].text, strlen(cases[i].text)};
        enum birthday_refusal refusal = birthday_read(text, &birthday);

        if (refusal != cases[i].refusal)
            fail_msg("%s: %s", cases[i].text, birthday_refusal_text(refusal));
        assert_int_equal(birthday.month, 77);
    }
    /* A gregorian birthday in parts cannot be of a leap month. */
    birthday = (struct birthday){BIRTHDAY_GREGORIAN, 0, 6, true, 3};
    assert_int_equal(birthday_check(&birthday), BIRTHDAY_CALENDARS);
}

static void birthdays_are_said_in_chinese_and_english(void **state)
{
    static const char *const cases[][3] = {
        {"1985-08-20", "1985年8月20日", "20 August 1985"},
        {"8-3", "8月3日", "3 August"},
        {"L闰6-3", "农历闰六月初三", "lunar 3rd day of leap month 6"},
        {"L1985-6-3", "农历1985年六月初三", "lunar 3rd day of month 6, 1985"},
        {"L11-20", "农历冬月二十", "lunar 20th day of month 11"},
        {"L12-30", "农历腊月三十", "lunar 30th day of month 12"},
        {"L12-23", "农历腊月廿三", "lunar 23rd day of month 12"},
        {"L1-12", "农历正月十二", "lunar 12th day of month 1"},
        {"L1-10", "农历正月初十", "lunar 10th day of month 1"},
        {"L10-21", "农历十月廿一", "lunar 21st day of month 10"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct birthday birthday = birthday_of(cases[i][0]), again;
        char zh[BIRTHDAY_SAID_BYTES], en[BIRTHDAY_SAID_BYTES];

        birthday_say_zh(&birthday, zh);
        birthday_say_en(&birthday, en);
        assert_string_equal(zh, cases[i][1]);
        assert_string_equal(en, cases[i][2]);
        again = birthday_of(zh);
        assert_memory_equal(&again, &birthday, sizeof(again));
    }
}

static void assert_kept(const char *birthday_text, int32_t year, const char *expected)
{
    struct birthday birthday = birthday_of(birthday_text);
    struct birthday_occurrence found = {0};
    char text[DAY_TEXT_BYTES];

    assert_true(birthday_in_year(&birthday, year, &found));
    day_print(found.day, text);
    if (found.year != year || strcmp(text, expected) != 0)
        fail_msg("%s of %d is on %s, wanted %s", birthday_text, year, text, expected);
}

static void assert_next(const char *birthday_text, const char *after, const char *expected,
                        const char *key)
{
    struct birthday birthday = birthday_of(birthday_text);
    struct birthday_occurrence found = {0};
    char text[DAY_TEXT_BYTES], printed[BIRTHDAY_KEY_BYTES];

    assert_true(birthday_next(&birthday, read_day(after), &found));
    day_print(found.day, text);
    assert_string_equal(text, expected);
    birthday_print_key(&birthday, found.year, printed);
    assert_string_equal(printed, key);
}

static void row_5_a_lunar_birthday_without_a_year(void **state)
{
    (void)state;
    assert_kept("L6-3", 2026, "2026-07-16");
    assert_next("L6-3", "2026-07-15", "2026-07-16", "lunar:2026-06-03");
    assert_next("L6-3", "2026-07-16", "2027-07-06", "lunar:2027-06-03");
    assert_next("8-20", "2026-08-19", "2026-08-20", "gregorian:2026-08-20");
    assert_next("8-20", "2026-08-20", "2027-08-20", "gregorian:2027-08-20");
}

static void row_5_a_birthday_in_a_leap_month(void **state)
{
    (void)state;
    assert_kept("L闰6-3", 2025, "2025-07-27"); /* it has 闰六月 */
    assert_kept("L闰6-3", 2026, "2026-07-16"); /* it has not: the regular month */
    assert_next("L闰6-3", "2025-06-01", "2025-07-27", "lunar:2025-R06-03");
    assert_next("L闰6-3", "2025-07-27", "2026-07-16", "lunar:2026-R06-03");
    /* Born in the regular month: never in the leap one. */
    assert_kept("L6-3", 2025, "2025-06-27");
    assert_next("L6-3", "2025-06-27", "2026-07-16", "lunar:2026-06-03");
    assert_kept("L2033-R11-01", 2033, "2033-12-22");
    assert_kept("L2033-R11-01", 2034, "2034-12-11");
}

static void row_5_a_birthday_on_the_30th_of_the_12th_month(void **state)
{
    (void)state;
    assert_kept("L12-30", 2026, "2027-02-05"); /* 29 days: 除夕 all the same */
    assert_kept("L12-30", 2029, "2030-02-02");
    assert_kept("L12-30", 2025, "2026-02-16");
    assert_next("L12-30", "2026-02-16", "2027-02-05", "lunar:2026-12-30");
    assert_kept("2-29", 2028, "2028-02-29");
    assert_kept("2-29", 2027, "2027-02-28");
    assert_kept("1984-02-29", 2100, "2100-02-28");
}

static void row_5_a_lunar_birthday_twice_in_one_gregorian_year(void **state)
{
    struct birthday birthday = birthday_of("L11-20");
    struct birthday_occurrence found;

    (void)state;
    assert_next("L11-20", "2025-12-31", "2026-01-08", "lunar:2025-11-20");
    assert_next("L11-20", "2026-01-08", "2026-12-28", "lunar:2026-11-20");
    assert_kept("L11-20", 2025, "2026-01-08");
    assert_kept("L11-20", 2026, "2026-12-28");
    for (int32_t day = day_make(2025, 1, 1); day <= day_make(2025, 12, 31); day++)
        assert_false(birthday_on_day(&birthday, day, &found));
    assert_true(birthday_on_day(&birthday, read_day("2026-01-08"), &found));
    assert_int_equal(found.year, 2025);
    assert_true(birthday_on_day(&birthday, read_day("2026-12-28"), &found));
    assert_int_equal(found.year, 2026);
}

static void row_5_an_instant_stored_in_utc_plus_8_at_half_past_midnight(void **state)
{
    struct zone shanghai, utc;
    char why[200], text[BIRTHDAY_TEXT_BYTES];
    struct civil local = {.year = 2026, .month = 2, .day = 17, .hour = 0, .minute = 30};
    struct birthday birthday;
    struct lunar_date lunar;

    (void)state;
    assert_int_equal(zones_load("Asia/Shanghai", &shanghai, why, sizeof(why)), 0);
    assert_int_equal(zones_load("UTC", &utc, why, sizeof(why)), 0);

    int64_t moment_us = zone_moment(&shanghai, &local);

    birthday_from_moment(moment_us, &shanghai, &birthday);
    birthday_print(&birthday, text);
    assert_string_equal(text, "2026-02-17");
    assert_int_equal(lunar_from_day(zone_day(&shanghai, moment_us), &lunar), LUNAR_FINE);
    assert_int_equal(lunar.month * 100 + lunar.day, 101); /* 正月初一, not 除夕 */
    birthday_from_moment(moment_us, &utc, &birthday);
    birthday_print(&birthday, text);
    assert_string_equal(text, "2026-02-16"); /* what a reader of UTC dates would have sent */
    /* In the summers of 1986 to 1991 Shanghai was at UTC+9. */
    local = (struct civil){.year = 1988, .month = 7, .day = 14, .hour = 0, .minute = 30};
    birthday_from_moment(zone_moment(&shanghai, &local), &shanghai, &birthday);
    birthday_print(&birthday, text);
    assert_string_equal(text, "1988-07-14");
}

static void a_leap_month_birthday_over_60_years_is_kept_once_a_year(void **state)
{
    static const struct {
        int32_t year;
        const char *day;
    } leap[] = {{1979, "1979-07-26"},
                {1987, "1987-07-28"},
                {2017, "2017-07-25"},
                {2025, "2025-07-27"},
                {2036, "2036-07-25"}};
    struct birthday birthday = birthday_of("L1979-R06-03");
    struct birthday_occurrence found = {0, read_day("1979-01-01")};
    size_t leaps = 0;

    (void)state;
    for (int32_t year = 1979; year < 2039; year++) {
        struct lunar_date date = {0};

        assert_true(birthday_next(&birthday, found.day, &found));
        assert_int_equal(found.year, year); /* none left out, none twice */
        assert_int_equal(lunar_from_day(found.day, &date), LUNAR_FINE);
        assert_int_equal(date.year, year);
        assert_int_equal(date.month, 6);
        assert_int_equal(date.day, 3);
        assert_int_equal(date.is_leap, leaps < COUNT_OF(leap) && leap[leaps].year == year);
        if (date.is_leap)
            assert_int_equal(found.day, read_day(leap[leaps++].day));
    }
    assert_int_equal(leaps, COUNT_OF(leap));
}

/* Every birthday there can be: one occurrence in each year, in order, and each is found again. */
static void every_birthday_is_kept_once_in_every_year(void **state)
{
    (void)state;
    for (int32_t month = 1; month <= 12; month++) {
        for (int32_t day = 1; day <= 30; day++) {
            struct birthday lunar = {BIRTHDAY_LUNAR, 0, month, month % 2 == 0, day};
            struct birthday_occurrence found = {0, LUNAR_DAY_MIN - 1}, same;

            for (int32_t year = LUNAR_YEAR_MIN; year <= LUNAR_YEAR_MAX; year++) {
                assert_true(birthday_next(&lunar, found.day, &found));
                assert_int_equal(found.year, year);
                assert_true(birthday_on_day(&lunar, found.day, &same));
                assert_int_equal(same.year, year);
            }
            assert_false(birthday_next(&lunar, found.day, &found));
        }
    }
}

static void nobody_has_a_birthday_before_he_is_born(void **state)
{
    struct birthday birthday = birthday_of("1985-08-20");
    struct birthday_occurrence found = {7, 7};

    (void)state;
    assert_false(birthday_in_year(&birthday, 1984, &found));
    assert_int_equal(found.year, 7);
    assert_next("1985-08-20", "1950-01-01", "1985-08-20", "gregorian:1985-08-20");
    assert_next("L1985-06-03", "1800-01-01", "1985-07-20", "lunar:1985-06-03");
    assert_true(birthday_is_after(&birthday, read_day("1985-08-19")));
    assert_false(birthday_is_after(&birthday, read_day("1985-08-20")));
    birthday = birthday_of("L2099-R2-1");
    assert_true(birthday_is_after(&birthday, read_day("2026-09-30")));
    birthday = birthday_of("8-20");
    assert_false(birthday_is_after(&birthday, DAY_MIN));
}

static void beyond_the_calendars_there_is_no_birthday(void **state)
{
    struct birthday lunar = birthday_of("L6-3"), gregorian = birthday_of("8-20");
    struct birthday_occurrence found = {7, 7};

    (void)state;
    assert_false(birthday_in_year(&lunar, 1900, &found));
    assert_false(birthday_in_year(&lunar, 2101, &found));
    assert_false(birthday_next(&lunar, LUNAR_DAY_MAX, &found));
    assert_false(birthday_next(&lunar, INT32_MAX, &found));
    assert_false(birthday_next(&gregorian, DAY_MAX, &found));
    assert_false(birthday_next(&gregorian, INT32_MIN, &found));
    assert_false(birthday_on_day(&gregorian, INT32_MIN, &found));
    assert_false(birthday_in_year(&gregorian, 10000, &found));
    assert_int_equal(found.year, 7);
    assert_true(birthday_next(&gregorian, DAY_MIN, &found));
    assert_int_equal(found.year, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_people_write_is_read_as_they_mean_it),
        cmocka_unit_test(what_is_no_birthday_is_refused_with_its_reason),
        cmocka_unit_test(birthdays_are_said_in_chinese_and_english),
        cmocka_unit_test(row_5_a_lunar_birthday_without_a_year),
        cmocka_unit_test(row_5_a_birthday_in_a_leap_month),
        cmocka_unit_test(row_5_a_birthday_on_the_30th_of_the_12th_month),
        cmocka_unit_test(row_5_a_lunar_birthday_twice_in_one_gregorian_year),
        cmocka_unit_test(row_5_an_instant_stored_in_utc_plus_8_at_half_past_midnight),
        cmocka_unit_test(a_leap_month_birthday_over_60_years_is_kept_once_a_year),
        cmocka_unit_test(every_birthday_is_kept_once_in_every_year),
        cmocka_unit_test(nobody_has_a_birthday_before_he_is_born),
        cmocka_unit_test(beyond_the_calendars_there_is_no_birthday),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
