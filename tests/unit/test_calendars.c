/*
 * A calendar document as an operator writes it, in JSON, becomes a calendar, or is refused with the
 * field that is wrong.
 */
#include "common/calendars.h"

#include <jansson.h>
#include <stdio.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include "common/arena.h"
#include "common/json.h"
#include "common/pure/calendar_cn.h"
#include "common/pure/day.h"
#include "common/zones.h"
#include "kehu/calendar/v1/calendar.pb-c.h"

static struct zone shanghai;
static struct calendar calendar;
static char field[CALENDARS_FIELD_BYTES];
static const char *why;

static int load(void **state)
{
    char reason[200];

    (void)state;
    return zones_load("Asia/Shanghai", &shanghai, reason, sizeof(reason)) ? -1 : 0;
}

static enum status read_json(const char *text)
{
    struct arena *arena = arena_new(1 << 20);
    json_t *json = json_loads(text, 0, NULL);
    ProtobufCMessage *message = NULL;
    char reason[200];

    assert_non_null(json);
    assert_int_equal(json_to_message(json, &kehu__calendar__v1__calendar__descriptor, arena, NULL,
                                     &message, reason, sizeof(reason)),
                     OK);

    enum status status = calendars_read((const Kehu__Calendar__V1__Calendar *)message, &shanghai,
                                        &calendar, field, &why);

    json_decref(json);
    arena_free(arena);
    return status;
}

static void a_document_becomes_a_calendar(void **state)
{
    int32_t day = 0;

    (void)state;
    assert_int_equal(
        read_json("{\"name\":\"factory\",\"version\":3,\"weekly\":["
                  "{\"weekday\":6,\"ranges\":[{\"opens\":\"10:00\",\"closes\":\"14:00\"}]},"
                  "{\"weekday\":1,\"ranges\":[{\"opens\":\"08:00\",\"closes\":\"12:00\"},"
                  "{\"opens\":\"12:30\",\"closes\":\"24:00\"}]}],"
                  "\"offDays\":[\"2027-03-08\",\"2027-01-01\"],"
                  "\"workingDays\":[{\"day\":\"2027-02-07\"},{\"day\":\"2027-03-09\","
                  "\"ranges\":[{\"opens\":\"09:00\",\"closes\":\"10:00\"}]}],"
                  "\"needsNotices\":true,\"notices\":[{\"year\":2027,\"source\":\"gov.cn\","
                  "\"offDays\":[\"2027-02-06\",\"2027-02-07\"],"
                  "\"workingDays\":[{\"day\":\"2027-02-14\"}]}]}"),
        OK);
    assert_string_equal(calendar.name, "factory");
    assert_int_equal(calendar.version, 3);
    assert_int_equal(calendar.weekly[0].ranges[1].to_min, 1440);
    assert_int_equal(calendar.weekly[5].count, 1);
    assert_false(calendar_is_working_day(&calendar, day_make(2027, 3, 8)));
    assert_true(calendar_is_working_day(&calendar, day_make(2027, 3, 9)));
    assert_false(calendar_is_working_day(&calendar, day_make(2027, 2, 6)));
    assert_true(calendar_is_working_day(&calendar, day_make(2027, 2, 7))); /* the company's own */
    assert_true(calendar_is_working_day(&calendar, day_make(2027, 2, 14)));
    assert_false(calendar_notice_is_open(&calendar, day_make(2027, 6, 1)));
    assert_true(calendar_notice_is_open(&calendar, day_make(2027, 12, 20)));
    assert_true(calendar_move_day(&calendar, day_make(2027, 2, 7), 1, &day));
    assert_int_equal(day, day_make(2027, 2, 8));
}

#define WEEK "\"weekly\":[{\"weekday\":1,\"ranges\":[{\"opens\":\"09:00\",\"closes\":\"18:00\"}]}]"

static void what_is_wrong_in_a_document_is_named_and_nothing_changes(void **state)
{
    static const char *const cases[][2] = {
        {"{\"name\":\"x\"}", "weekly"},
        {"{\"name\":\"x\",\"weekly\":[{\"weekday\":1}]}", "weekly"},
        {"{" WEEK "}", "name"},
        {"{\"name\":\"x\",\"weekly\":[{\"weekday\":8}]}", "weekly[0]"},
        {"{\"name\":\"x\",\"weekly\":[{\"weekday\":2},{\"weekday\":2}]}", "weekly[1]"},
        {"{\"name\":\"x\",\"weekly\":[{\"weekday\":2,\"ranges\":[{\"opens\":\"9\",\"closes\":"
         "\"10:00\"}]}]}",
         "weekly[0].ranges[0].opens"},
        {"{\"name\":\"x\",\"weekly\":[{\"weekday\":2,\"ranges\":[{\"opens\":\"09:00\",\"closes\":"
         "\"12:00\"},{\"opens\":\"11:00\",\"closes\":\"13:00\"}]}]}",
         "weekly[0].ranges[1]"},
        {"{\"name\":\"x\"," WEEK ",\"offDays\":[\"2027-13-31\"]}", "off_days[0]"},
        {"{\"name\":\"x\"," WEEK ",\"offDays\":[\"2027-01-01\",\"2027-01-01\"]}", "working_days"},
        {"{\"name\":\"x\"," WEEK ",\"notices\":[{\"year\":2027,\"offDays\":[\"2029-01-01\"]}]}",
         "notices[0]"},
        {"{\"name\":\"x\"," WEEK
         ",\"notices\":[{\"year\":2027,\"workingDays\":[{\"day\":\"soon\"}]}"
         "]}",
         "notices[0].working_days[0]"},
    };

    (void)state;
    calendar_set_office(&calendar, &shanghai);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(read_json(cases[i][0]), INVALID_ARGUMENT);
        assert_string_equal(field, cases[i][1]);
        assert_true(strlen(why) > 0);
        assert_string_equal(calendar.name, "office");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_becomes_a_calendar),
        cmocka_unit_test(what_is_wrong_in_a_document_is_named_and_nothing_changes),
    };

    return cmocka_run_group_tests(tests, load, NULL);
}
