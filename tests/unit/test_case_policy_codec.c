/* Policies of complaints as documents: completed, checked, kept as JSON, answered. */
#include "services/complaints/codec/codec_case_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/calendar_cn.h"
#include "common/zones.h"
#include "kehu/complaints/v1/policies.pb-c.h"

#define FRIDAY_US (INT64_C(1790301600) * SECOND_US) /* 2026-09-25 10:00 +08:00 */

static int open_arena(void **state)
{
    *state = arena_new(4 << 20);
    return 0;
}

static int close_arena(void **state)
{
    arena_free(*state);
    return 0;
}

static struct case_policy read_json(enum case_policy_kind kind, const char *json,
                                    struct arena *arena)
{
    struct case_policy policy;

    assert_int_equal(codec_case_policy_read(kind, json, arena, &policy), OK);
    return policy;
}

/* The faults of an ApplyPolicy with this document, as "field: why" of the first. */
static struct policy_faults faults_of(Kehu__Complaints__V1__Policy *policy, struct arena *arena)
{
    Kehu__Complaints__V1__ApplyPolicy ask = KEHU__COMPLAINTS__V1__APPLY_POLICY__INIT;
    struct case_policy_question question;
    struct policy_faults faults;
    uint8_t bytes[20000];

    policy->reason = "stricter";
    ask.policy = policy;
    ask.expected_version = 1;
    size_t count = kehu__complaints__v1__apply_policy__pack(&ask, bytes);
    enum status status = codec_get_case_apply_policy(bytes, count, arena, &question, &faults);

    assert_int_equal(status, faults.count > 0 ? INVALID_ARGUMENT : OK);
    return faults;
}

static struct policy_faults faults_of_target(Kehu__Complaints__V1__Target *target,
                                             struct arena *arena)
{
    Kehu__Complaints__V1__Policy policy = KEHU__COMPLAINTS__V1__POLICY__INIT;
    Kehu__Complaints__V1__TargetPolicy targets = KEHU__COMPLAINTS__V1__TARGET_POLICY__INIT;

    targets.targets = &target;
    targets.n_targets = 1;
    policy.document_case = KEHU__COMPLAINTS__V1__POLICY__DOCUMENT_TARGETS;
    policy.targets = &targets;
    return faults_of(&policy, arena);
}

static void an_empty_document_is_the_standard(void **state)
{
    struct clock_policy targets = clock_policy_standard();
    struct case_policy policy = read_json(CASE_POLICY_TARGETS, "{}", *state);

    assert_memory_equal(&policy.targets, &targets, sizeof(targets));
    assert_int_equal(read_json(CASE_POLICY_SEVERITY, "{}", *state).severity.recurrence_days, 90);
    assert_int_equal(read_json(CASE_POLICY_REMEDIES, "{}", *state).remedies.handler_limit_micros,
                     300000000);
    assert_int_equal(read_json(CASE_POLICY_REPEAT, "{}", *state).repeat.in_90_days, 3);
    assert_int_equal(read_json(CASE_POLICY_CAUSES, "{}", *state).causes.count,
                     cause_standard().count);
}

static void a_target_takes_the_place_of_the_standards_and_no_others(void **state)
{
    struct clock_policy expected = clock_policy_standard();
    struct case_policy policy = read_json(
        CASE_POLICY_TARGETS,
        "{\"targets\":[{\"clock\":\"progress\",\"priority\":\"PRIORITY_URGENT\",\"minutes\":120,"
        "\"wallClock\":false,\"from\":\"08:30\",\"to\":\"20:00\"}],\"reopenDays\":30}",
        *state);

    expected.targets[CLOCK_PROGRESS][PRIORITY_URGENT] =
        (struct clock_term){.minutes = 120, .from_min = 510, .to_min = 1200};
    expected.reopen_days = 30;
    assert_true(clock_term_equals(&policy.targets.targets[CLOCK_PROGRESS][PRIORITY_URGENT],
                                  &expected.targets[CLOCK_PROGRESS][PRIORITY_URGENT]));
    assert_int_equal(policy.targets.reopen_days, 30);
    assert_int_equal(policy.targets.max_extensions, expected.max_extensions);
}

static void a_stored_document_holds_every_value_and_is_read_back_the_same(void **state)
{
    static const char *const documents[] = {
        [CASE_POLICY_TARGETS] = "{\"targets\":[{\"clock\":\"resolution\",\"priority\":3,"
                                "\"working_days\":2}]}",
        [CASE_POLICY_CAUSES] = "{\"causes\":[{\"code\":\"a\",\"zh\":\"甲\",\"unit\":\"质量部\"},"
                               "{\"code\":\"b\",\"parent\":\"a\",\"en\":\"b\",\"retired\":true}]}",
        [CASE_POLICY_SEVERITY] = "{\"recurrencesSerious\":4}",
        [CASE_POLICY_REMEDIES] = "{\"handlerLimitMicros\":\"500000000\"}",
        [CASE_POLICY_REPEAT] = "{\"in90Days\":4}",
    };

    for (int kind = 1; kind <= CASE_POLICY_KINDS; kind++) {
        enum case_policy_kind k = (enum case_policy_kind)kind;
        struct case_policy policy = read_json(k, documents[kind], *state);
        const char *json = policy_document_print(policy.document, *state);
        struct case_policy again = read_json(k, json, *state);

        assert_string_equal(policy_document_print(again.document, *state), json);
    }
    struct case_policy policy =
        read_json(CASE_POLICY_TARGETS, documents[CASE_POLICY_TARGETS], *state);
    const char *json = policy_document_print(policy.document, *state);

    assert_non_null(strstr(json, "\"clock\":\"auto_acknowledge\""));
    assert_non_null(strstr(json, "\"from\":\"08:00\",\"to\":\"21:00\""));
}

static void what_is_no_document_is_refused(void **state)
{
    struct case_policy policy;

    assert_int_equal(codec_case_policy_read(CASE_POLICY_TARGETS, "[", *state, &policy),
                     INVALID_ARGUMENT);
    assert_int_equal(
        codec_case_policy_read(CASE_POLICY_REPEAT, "{\"in_90_dogs\":1}", *state, &policy),
        INVALID_ARGUMENT);
    assert_int_equal(
        codec_case_policy_read(CASE_POLICY_REPEAT, "{\"in90Days\":1}", *state, &policy),
        INVALID_ARGUMENT);
}

static void versions_are_in_force_when_their_time_has_come(void **state)
{
    struct policy_row list[] = {
        {"repeat", 3, 200, "li", "more", "{\"in90Days\": 5}"},
        {"repeat", 2, 100, "li", "less", "{\"in90Days\": 2}"},
    };
    const struct policy_rows rows = {list, 2}, none = {NULL, 0};
    struct case_policy policy;

    assert_int_equal(codec_case_policy_in_force(&rows, 99), 1);
    assert_int_equal(codec_case_policy_in_force(&rows, 100), 2);
    assert_int_equal(codec_case_policy_in_force(&rows, 200), 3);
    assert_int_equal(codec_case_policy_in_force(&none, 200), 1);
    assert_int_equal(codec_case_policy_find(&rows, CASE_POLICY_REPEAT, 2, *state, &policy), OK);
    assert_int_equal(policy.repeat.in_90_days, 2);
    assert_string_equal(policy.by, "li");
    assert_int_equal(codec_case_policy_find(&rows, CASE_POLICY_REPEAT, 4, *state, &policy),
                     NOT_FOUND);
    list[0].document = "{\"unheardOf\": 1}";
    assert_int_equal(codec_case_policy_find(&rows, CASE_POLICY_REPEAT, 3, *state, &policy),
                     INTERNAL);
}

static void a_target_names_a_clock_a_priority_and_hours(void **state)
{
    Kehu__Complaints__V1__Target target = KEHU__COMPLAINTS__V1__TARGET__INIT;
    struct policy_faults faults;

    target.clock = "lunch";
    target.minutes = 60;
    faults = faults_of_target(&target, *state);
    assert_string_equal(faults.list[0].field, "policy.targets.targets[0].clock");
    target.clock = "action";
    target.priority = KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_HIGH;
    assert_non_null(strstr(faults_of_target(&target, *state).list[0].why, "date of its own"));
    target.clock = "acknowledge";
    target.priority = KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_LOW;
    assert_string_equal(faults_of_target(&target, *state).list[0].field,
                        "policy.targets.targets[0].priority");
    target.priority = KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_HIGH;
    target.from = "25:00";
    assert_string_equal(faults_of_target(&target, *state).list[0].field,
                        "policy.targets.targets[0].from");
    target.from = "";
    assert_int_equal(faults_of_target(&target, *state).count, 0);
}

static void a_target_stands_once(void **state)
{
    Kehu__Complaints__V1__Policy policy = KEHU__COMPLAINTS__V1__POLICY__INIT;
    Kehu__Complaints__V1__TargetPolicy targets = KEHU__COMPLAINTS__V1__TARGET_POLICY__INIT;
    Kehu__Complaints__V1__Target target = KEHU__COMPLAINTS__V1__TARGET__INIT, *list[2];

    target.clock = "resolution";
    target.priority = KEHU__COMPLAINTS__V1__PRIORITY__PRIORITY_HIGH;
    target.working_days = 2;
    list[0] = list[1] = &target;
    targets.targets = list;
    targets.n_targets = 2;
    policy.document_case = KEHU__COMPLAINTS__V1__POLICY__DOCUMENT_TARGETS;
    policy.targets = &targets;
    struct policy_faults faults = faults_of(&policy, *state);

    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].field, "policy.targets.targets[1].clock");
}

static void a_higher_priority_that_is_due_later_is_told_with_an_example(void **state)
{
    struct case_policy policy = read_json(
        CASE_POLICY_TARGETS,
        "{\"targets\":[{\"clock\":\"resolution\",\"priority\":4,\"working_days\":4}]}", *state);
    struct policy_faults faults = {.count = 0};
    struct calendar *calendar = arena_take(*state, sizeof(*calendar));
    struct zone zone;
    char why[200];

    assert_int_equal(zones_load("Asia/Shanghai", &zone, why, sizeof(why)), OK);
    calendar_cn_set(calendar, &zone, CALENDAR_CN_USUAL);
    codec_case_policy_check_targets(&policy, calendar, FRIDAY_US, *state, &faults);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].field, "policy.targets.targets");
    assert_non_null(strstr(faults.list[0].why, "resolution, urgent"));
    assert_non_null(strstr(faults.list[0].why, "Fri 2026-09-25"));
}

static void faults_of_limits_name_the_field(void **state)
{
    Kehu__Complaints__V1__Policy policy = KEHU__COMPLAINTS__V1__POLICY__INIT;
    Kehu__Complaints__V1__RemedyPolicy remedies = KEHU__COMPLAINTS__V1__REMEDY_POLICY__INIT;
    struct policy_faults faults;

    remedies.handler_limit_micros = INT64_C(5000) * 1000000;
    policy.document_case = KEHU__COMPLAINTS__V1__POLICY__DOCUMENT_REMEDIES;
    policy.remedies = &remedies;
    faults = faults_of(&policy, *state);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].field, "policy.remedies.manager_limit_micros");
}

static void removed_causes_are_named(void **state)
{
    struct case_policy present =
        read_json(CASE_POLICY_CAUSES, "{\"causes\":[{\"code\":\"a\",\"zh\":\"甲\"}]}", *state);
    struct case_policy next =
        read_json(CASE_POLICY_CAUSES, "{\"causes\":[{\"code\":\"b\",\"zh\":\"乙\"}]}", *state);
    struct policy_faults faults = {.count = 0};

    codec_case_policy_check_causes(&present, &next, *state, &faults);
    assert_int_equal(faults.count, 1);
    assert_string_equal(faults.list[0].field, "policy.causes.causes[a]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(an_empty_document_is_the_standard, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_target_takes_the_place_of_the_standards_and_no_others,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(
            a_stored_document_holds_every_value_and_is_read_back_the_same, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(what_is_no_document_is_refused, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(versions_are_in_force_when_their_time_has_come, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(a_target_names_a_clock_a_priority_and_hours, open_arena,
                                        close_arena),
        cmocka_unit_test_setup_teardown(a_target_stands_once, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_higher_priority_that_is_due_later_is_told_with_an_example,
                                        open_arena, close_arena),
        cmocka_unit_test_setup_teardown(faults_of_limits_name_the_field, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(removed_causes_are_named, open_arena, close_arena),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
