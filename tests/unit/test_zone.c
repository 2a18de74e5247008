/*
 * Time zones: the tables read from the system's files, and local dates from them. Offsets were
 * computed with Python's zoneinfo, an independent reader of the same database.
 */
#include "common/zones.h"

#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include "common/pure/day.h"
#include "common/pure/tzif.h"
#include "common/pure/tzrule.h"

static struct zone zone_of(const char *name)
{
    struct zone zone;
    char why[200] = "";

    if (zones_load(name, &zone, why, sizeof(why)))
        fail_msg("%s", why);
    assert_string_equal(zone.name, name);
    return zone;
}

static void offsets_equal_those_of_an_independent_reader(void **state)
{
    static const struct {
        const char *zone;
        int64_t at_s;
        int32_t offset_s;
    } known[] = {
        {"Asia/Shanghai", INT64_C(-2177481944), 29143},
        {"Asia/Shanghai", INT64_C(-2177481943), 28800},
        {"Asia/Shanghai", INT64_C(-933667201), 28800},
        {"Asia/Shanghai", INT64_C(-933667200), 32400},
        {"Asia/Shanghai", INT64_C(515527199), 28800},
        {"Asia/Shanghai", INT64_C(515527200), 32400},
        {"Asia/Shanghai", INT64_C(545763600), 32400},
        {"Asia/Shanghai", INT64_C(558464399), 32400},
        {"Asia/Shanghai", INT64_C(558464400), 28800},
        {"Asia/Shanghai", INT64_C(577216799), 28800},
        {"Asia/Shanghai", INT64_C(577216800), 32400},
        {"Asia/Shanghai", INT64_C(589914000), 28800},
        {"Asia/Shanghai", INT64_C(608666400), 32400},
        {"Asia/Shanghai", INT64_C(684867600), 28800},
        {"Asia/Shanghai", INT64_C(1767225600), 28800},
        {"Asia/Shanghai", INT64_C(4000000000), 28800},
        {"Europe/London", INT64_C(-2000000000), 0},
        {"Europe/London", INT64_C(-1238364001), 3600},
        {"Europe/London", INT64_C(-1238364000), 0},
        {"Europe/London", INT64_C(-590623200), 3600},
        {"Europe/London", INT64_C(-574293600), 0},
        {"Europe/London", INT64_C(-59004000), 3600},
        {"Europe/London", INT64_C(37242000), 3600},
        {"Europe/London", INT64_C(57722400), 0},
        {"Europe/London", INT64_C(89000000), 3600},
        {"Europe/London", INT64_C(1269737999), 0},
        {"Europe/London", INT64_C(1269738000), 3600},
        {"Europe/London", INT64_C(1288486799), 3600},
        {"Europe/London", INT64_C(1288486800), 0},
        {"Europe/London", INT64_C(1260000000), 0},
        {"Europe/London", INT64_C(2143000000), 0},
        {"Europe/London", INT64_C(4089000000), 3600},
        {"Asia/Urumqi", INT64_C(-1325483421), 21020},
        {"Asia/Urumqi", INT64_C(-1325483420), 21600},
        {"Asia/Urumqi", INT64_C(0), 21600},
        {"Asia/Urumqi", INT64_C(1767225600), 21600},
        {"America/New_York", INT64_C(-880218000), -14400},
        {"America/New_York", INT64_C(126687600), -14400},
        {"America/New_York", INT64_C(1173596399), -18000},
        {"America/New_York", INT64_C(1173596400), -14400},
        {"America/New_York", INT64_C(1194155999), -14400},
        {"America/New_York", INT64_C(1194156000), -18000},
        {"America/New_York", INT64_C(3000000000), -18000},
        {"America/New_York", INT64_C(4090000000), -14400},
        {"Australia/Lord_Howe", INT64_C(352216799), 36000},
        {"Australia/Lord_Howe", INT64_C(352216800), 37800},
        {"Australia/Lord_Howe", INT64_C(499188600), 39600},
        {"Australia/Lord_Howe", INT64_C(1759591799), 37800},
        {"Australia/Lord_Howe", INT64_C(1759591800), 39600},
        {"Australia/Lord_Howe", INT64_C(1775314799), 39600},
        {"Australia/Lord_Howe", INT64_C(1775314800), 37800},
        {"Australia/Lord_Howe", INT64_C(2169646199), 37800},
        {"Australia/Lord_Howe", INT64_C(2169646200), 39600},
        {"Australia/Lord_Howe", INT64_C(2201095800), 39600},
        {"Australia/Lord_Howe", INT64_C(4075000000), 39600},
        {"Africa/Casablanca", INT64_C(1710036000), 0},
        {"Africa/Casablanca", INT64_C(1713060000), 3600},
        {"Africa/Casablanca", INT64_C(2500000000), 3600},
        {"Africa/Casablanca", INT64_C(3700000000), 0},
        {"Africa/Casablanca", INT64_C(4000000000), 3600},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        struct zone zone = zone_of(known[i].zone);
        int32_t offset_s = zone_offset_s(&zone, known[i].at_s * SECOND_US);

        if (offset_s != known[i].offset_s)
            fail_msg("%s at %lld: %d, not %d", known[i].zone, (long long)known[i].at_s, offset_s,
                     known[i].offset_s);
    }
}

static void each_zone_has_all_its_transitions(void **state)
{
    static const struct {
        const char *zone;
        size_t count;
    } known[] = {
        {"Asia/Shanghai", 29},     {"Europe/London", 364},       {"Asia/Urumqi", 1},
        {"America/New_York", 358}, {"Australia/Lord_Howe", 238}, {"UTC", 0},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(known); i++)
        assert_int_equal(zone_of(known[i].zone).count, known[i].count);
}

static void a_transition_holds_from_its_first_microsecond(void **state)
{
    struct zone zone = zone_of("Europe/London");
    int64_t summer_us = INT64_C(1269738000) * SECOND_US; /* 2010-03-28 01:00 UTC */

    (void)state;
    assert_int_equal(zone_offset_s(&zone, summer_us - 1), 0);
    assert_int_equal(zone_offset_s(&zone, summer_us), 3600);
}

static int32_t day_of(const char *text)
{
    int32_t day = 0;

    assert_true(day_parse(text, strlen(text), &day));
    return day;
}

static void a_day_begins_at_local_midnight(void **state)
{
    struct zone shanghai = zone_of("Asia/Shanghai");
    struct zone london = zone_of("Europe/London");
    struct zone new_york = zone_of("America/New_York");
    int64_t midnight_us = day_of("2026-09-30") * DAY_US - 8 * 3600 * SECOND_US;

    (void)state;
    assert_int_equal(zone_day(&shanghai, midnight_us), day_of("2026-09-30"));
    assert_int_equal(zone_day(&shanghai, midnight_us - 1), day_of("2026-09-29"));
    /* 23:30 UTC in summer is the next day in London, in winter it is not. */
    assert_int_equal(zone_day(&london, day_of("2010-07-01") * DAY_US + 84600 * SECOND_US),
                     day_of("2010-07-02"));
    assert_int_equal(zone_day(&london, day_of("2010-01-01") * DAY_US + 84600 * SECOND_US),
                     day_of("2010-01-01"));
    assert_int_equal(zone_day(&new_york, 0), -1);
    assert_int_equal(zone_day(&new_york, -1), -1);
}

static void the_ends_of_time_have_a_day_too(void **state)
{
    struct zone zone = zone_of("America/New_York");

    (void)state;
    assert_true(zone_day(&zone, INT64_MIN) < 0);
    assert_true(zone_day(&zone, INT64_MAX) > 0);
    assert_int_equal(zone_civil(&zone, INT64_MIN).micros, 224192);
}

static void a_moment_has_its_local_date_and_time_of_day(void **state)
{
    struct zone zone = zone_of("Asia/Shanghai");
    struct civil civil = zone_civil(&zone, INT64_C(1790697599123456));

    (void)state;
    assert_int_equal(civil.year, 2026);
    assert_int_equal(civil.month, 9);
    assert_int_equal(civil.day, 29);
    assert_int_equal(civil.hour, 23);
    assert_int_equal(civil.minute, 59);
    assert_int_equal(civil.second, 59);
    assert_int_equal(civil.micros, 123456);
    civil = zone_civil(&zone, -1);
    assert_int_equal(civil.hour, 7);
    assert_int_equal(civil.micros, 999999);
}

static int64_t moment_s(const char *name, struct civil local)
{
    struct zone zone = zone_of(name);

    return zone_moment(&zone, &local) / SECOND_US;
}

static void a_time_told_twice_means_the_first(void **state)
{
    (void)state;
    /* London leaves summer time on 2010-10-31 at 02:00, 01:00 UTC. */
    assert_int_equal(moment_s("Europe/London", (struct civil){2010, 10, 31, 1, 30, 0, 0}),
                     1288485000);
    assert_int_equal(moment_s("Europe/London", (struct civil){2010, 10, 31, 2, 0, 0, 0}),
                     1288490400);
    assert_int_equal(moment_s("Asia/Shanghai", (struct civil){1988, 9, 11, 1, 30, 0, 0}),
                     589912200);
}

static void a_skipped_time_moves_on_by_the_gap(void **state)
{
    (void)state;
    /* 01:30 on 2010-03-28 becomes 02:30 summer time, 01:30 UTC. */
    assert_int_equal(moment_s("Europe/London", (struct civil){2010, 3, 28, 1, 30, 0, 0}),
                     1269739800);
    assert_int_equal(moment_s("Europe/London", (struct civil){2010, 3, 28, 0, 59, 59, 0}),
                     1269737999);
    assert_int_equal(moment_s("Europe/London", (struct civil){2010, 3, 28, 2, 0, 0, 0}),
                     1269738000);
    /* Samoa had no 30 December 2011. */
    assert_int_equal(moment_s("Pacific/Apia", (struct civil){2011, 12, 30, 12, 0, 0, 0}),
                     1325282400);
}

static void every_hour_of_two_centuries_comes_back_from_its_local_time(void **state)
{
    static const char *const names[] = {"Asia/Shanghai", "Europe/London", "Australia/Lord_Howe",
                                        "UTC"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        struct zone zone = zone_of(names[i]);

        for (int64_t at_s = INT64_C(-2208988800); at_s < INT64_C(4102444800); at_s += 7200) {
            int64_t at_us = at_s * SECOND_US + 7;
            struct civil civil = zone_civil(&zone, at_us);
            int64_t back_us = zone_moment(&zone, &civil);
            struct civil again = zone_civil(&zone, back_us);

            assert_true(back_us <= at_us && back_us >= at_us - 2 * 3600 * SECOND_US);
            assert_memory_equal(&again, &civil, sizeof(civil));
        }
    }
}

static void an_unknown_name_is_refused_with_what_would_be_right(void **state)
{
    static const char *const bad[] = {
        "",
        "Asia/Peking2",
        "../../../etc/passwd",
        "/etc/localtime",
        "Asia",
        "zone.tab",
        "tzdata.zi",
        "Asia/Shang hai",
        "a\nb",
        "Europe/Londonnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn"};
    struct zone zone = {.count = 42};
    char why[200];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        why[0] = '\0';
        assert_int_equal(zones_load(bad[i], &zone, why, sizeof(why)), INVALID_ARGUMENT);
        assert_non_null(strstr(why, "Asia/Shanghai"));
    }
    assert_int_equal(zone.count, 42);
}

static void a_damaged_file_is_refused_or_read_but_never_overrun(void **state)
{
    static uint8_t file[8192];
    static uint8_t damaged[8192];
    FILE *stream = fopen("/usr/share/zoneinfo/Europe/London", "rb");
    struct zone zone;

    (void)state;
    assert_non_null(stream);
    size_t count = fread(file, 1, sizeof(file), stream);
    fclose(stream);
    for (size_t bytes = 0; bytes < count; bytes++) {
        memcpy(damaged + sizeof(damaged) - bytes, file, bytes);
        assert_false(tzif_read(damaged + sizeof(damaged) - bytes, bytes, &zone));
    }
    for (size_t i = 0; i < count; i++) {
        memcpy(damaged, file, count);
        damaged[i] ^= 0xff;
        (void)tzif_read(damaged, count, &zone);
    }
}

static void rules_are_read_in_all_their_forms(void **state)
{
    struct tzrule rule;

    (void)state;
    assert_true(tzrule_parse("CST-8", 5, &rule));
    assert_int_equal(rule.standard_s, 8 * 3600);
    assert_false(rule.has_summer);
    assert_true(tzrule_parse("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", 31, &rule));
    assert_int_equal(rule.summer_s, -3600);
    assert_int_equal(rule.to_summer.time_s, -3600);
    /* Last Sunday of March 2026 is the 29th; an hour before it at 02:00 west. */
    assert_int_equal(tzrule_moment_s(&rule.to_summer, 2026, rule.standard_s), 1774746000);
    assert_true(tzrule_parse("AAA3BBB,J60,300/4:30:15", 23, &rule));
    assert_int_equal(tzrule_moment_s(&rule.to_summer, 2024, 0), 1709258400);
    assert_int_equal(tzrule_moment_s(&rule.to_summer, 2025, 0), 1740794400);
    assert_int_equal(rule.to_standard.time_s, 4 * 3600 + 30 * 60 + 15);
}

static void what_is_no_rule_is_refused(void **state)
{
    static const char *const bad[] = {
        "",
        "CST",
        "C-8",
        "CST-25",
        "<+08-8",
        "CST-8CDT",
        "CST-8CDT,M3.5.0",
        "CST-8CDT,M13.1.0,M1.1.0",
        "CST-8CDT,M3.6.0,M1.1.0",
        "CST-8CDT,M3.1.7,M1.1.0",
        "CST-8CDT,J0,J1",
        "CST-8CDT,366,1",
        "CST-8CDT,M3.1.0/168,M1.1.0",
        "CST-8 ",
        "CST-99999999999999",
        "CST-8CDT,M3.1.0,M1.1.0,",
    };
    struct tzrule rule;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(tzrule_parse(bad[i], strlen(bad[i]), &rule));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offsets_equal_those_of_an_independent_reader),
        cmocka_unit_test(each_zone_has_all_its_transitions),
        cmocka_unit_test(a_transition_holds_from_its_first_microsecond),
        cmocka_unit_test(a_day_begins_at_local_midnight),
        cmocka_unit_test(the_ends_of_time_have_a_day_too),
        cmocka_unit_test(a_moment_has_its_local_date_and_time_of_day),
        cmocka_unit_test(a_time_told_twice_means_the_first),
        cmocka_unit_test(a_skipped_time_moves_on_by_the_gap),
        cmocka_unit_test(every_hour_of_two_centuries_comes_back_from_its_local_time),
        cmocka_unit_test(an_unknown_name_is_refused_with_what_would_be_right),
        cmocka_unit_test(a_damaged_file_is_refused_or_read_but_never_overrun),
        cmocka_unit_test(rules_are_read_in_all_their_forms),
        cmocka_unit_test(what_is_no_rule_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
