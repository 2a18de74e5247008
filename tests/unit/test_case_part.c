/*
 * What hangs on a case: sub-tasks, actions, lessons and improvement items, rule by rule.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

#include "services/complaints/domain/ahead.h"
#include "services/complaints/domain/case_part.h"

#define TODAY 20000
#define NOW_US (TODAY * DAY_US)

static struct case_part_fault faults[CASE_PART_FAULTS];

static struct id id_of(uint8_t number)
{
    struct id id = {{0}};

    id.bytes[15] = number;
    return id;
}

static void assert_text(struct text text, const char *expected)
{
    assert_int_equal(text.bytes, strlen(expected));
    assert_memory_equal(text.at, expected, text.bytes);
}

/* The fields of the faults, one after the other. */
static void assert_fields(size_t count, const char *first, const char *second, const char *third)
{
    const char *const expected[] = {first, second, third};
    size_t wanted = (first != NULL) + (second != NULL) + (third != NULL);

    assert_int_equal(count, wanted);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(faults[i].field, expected[i]);
        assert_true(faults[i].why[0] != '\0');
    }
}

/* --- sub-tasks --- */

static struct case_subtask subtask(void)
{
    return (struct case_subtask){.id = id_of(1),
                                 .unit = TEXT_OF("仓库"),
                                 .owner = TEXT_OF("sun"),
                                 .text = TEXT_OF("查批次"),
                                 .due_us = NOW_US + DAY_US};
}

static void a_subtask_names_department_text_and_until_when(void **state)
{
    const struct case_subtask none = {.owner = TEXT_OF("sun")};
    const struct case_subtask whole = subtask();

    (void)state;
    assert_fields(case_subtask_check(&none, NOW_US, faults), "unit", "text", "due_at");
    assert_fields(case_subtask_check(&whole, NOW_US, faults), NULL, NULL, NULL);
}

static void a_result_makes_it_done_now_by_who_tells_it(void **state)
{
    const struct case_subtask known = subtask();
    const struct case_subtask told = {.result = TEXT_OF("同批3箱")};
    struct case_subtask after = case_subtask_apply(&known, &told, TEXT_OF("sun"), NOW_US);

    (void)state;
    assert_int_equal(after.done_us, NOW_US);
    assert_text(after.done_by, "sun");
    assert_text(after.unit, "仓库");
    assert_int_equal(after.due_us, known.due_us);
}

static void a_result_told_again_keeps_when_and_by_whom_it_was_done(void **state)
{
    const struct case_subtask known = subtask();
    const struct case_subtask first = {.result = TEXT_OF("甲")}, second = {.result = TEXT_OF("乙")};
    struct case_subtask done = case_subtask_apply(&known, &first, TEXT_OF("sun"), NOW_US);
    struct case_subtask after = case_subtask_apply(&done, &second, TEXT_OF("li"), NOW_US + 1);

    (void)state;
    assert_text(after.result, "乙");
    assert_int_equal(after.done_us, NOW_US);
    assert_text(after.done_by, "sun");
}

static void what_is_not_told_stays_and_is_not_done(void **state)
{
    const struct case_subtask known = subtask();
    const struct case_subtask told = {.owner = TEXT_OF("qian")};
    struct case_subtask after = case_subtask_apply(&known, &told, TEXT_OF("li"), NOW_US);

    (void)state;
    assert_text(after.owner, "qian");
    assert_text(after.text, "查批次");
    assert_int_equal(after.done_us, 0);
}

/* --- actions --- */

static struct case_action action(void)
{
    return (struct case_action){.id = id_of(2),
                                .kind = CASE_ACTION_CORRECTS,
                                .text = TEXT_OF("改用防潮箱"),
                                .owner = TEXT_OF("li"),
                                .due_day = TODAY + 5,
                                .verified_day = CASE_PART_NO_DAY};
}

static void an_action_takes_kind_text_owner_and_day(void **state)
{
    const struct case_action none = {.due_day = CASE_PART_NO_DAY, .verified_day = CASE_PART_NO_DAY};
    const struct case_action whole = action();

    (void)state;
    assert_int_equal(case_action_check(&none, CASE_IS_COMPLAINT, true, TODAY, faults), 4);
    assert_fields(case_action_check(&whole, CASE_IS_COMPLAINT, true, TODAY, faults), NULL, NULL,
                  NULL);
}

static void a_new_action_is_due_today_or_later_a_known_one_may_be_late(void **state)
{
    struct case_action late = action();

    (void)state;
    late.due_day = TODAY - 1;
    assert_fields(case_action_check(&late, CASE_IS_COMPLAINT, true, TODAY, faults), "due_on", NULL,
                  NULL);
    assert_fields(case_action_check(&late, CASE_IS_COMPLAINT, false, TODAY, faults), NULL, NULL,
                  NULL);
    late.due_day = TODAY;
    assert_fields(case_action_check(&late, CASE_IS_COMPLAINT, true, TODAY, faults), NULL, NULL,
                  NULL);
}

static void an_action_is_verified_by_another_than_its_owner(void **state)
{
    const struct case_action known = action();
    struct case_action told = {.due_day = CASE_PART_NO_DAY,
                               .verified_day = CASE_PART_NO_DAY,
                               .verified_by = TEXT_OF("li")};
    struct case_action after = case_action_apply(&known, &told, TEXT_OF("wang"), TODAY);

    (void)state;
    assert_int_equal(after.verified_day, TODAY);
    assert_fields(case_action_check(&after, CASE_IS_COMPLAINT, false, TODAY, faults), "verified_by",
                  NULL, NULL);
    told = (struct case_action){.due_day = CASE_PART_NO_DAY, .verified_day = TODAY};
    after = case_action_apply(&known, &told, TEXT_OF("wang"), TODAY);
    assert_text(after.verified_by, "wang");
    assert_fields(case_action_check(&after, CASE_IS_COMPLAINT, false, TODAY, faults), NULL, NULL,
                  NULL);
    after.verified_day = TODAY + 1;
    assert_fields(case_action_check(&after, CASE_IS_COMPLAINT, false, TODAY, faults), "verified_on",
                  NULL, NULL);
}

static void taken_up_is_of_suggestions_and_feedback(void **state)
{
    struct case_action up = action();

    (void)state;
    up.kind = CASE_ACTION_TAKEN_UP;
    assert_fields(case_action_check(&up, CASE_IS_COMPLAINT, true, TODAY, faults), "kind", NULL,
                  NULL);
    assert_fields(case_action_check(&up, CASE_IS_SUGGESTION, true, TODAY, faults), NULL, NULL,
                  NULL);
    assert_fields(case_action_check(&up, CASE_IS_FEEDBACK, true, TODAY, faults), NULL, NULL, NULL);
}

static void an_action_is_open_until_it_is_verified_or_moved(void **state)
{
    struct case_action one = action();

    (void)state;
    assert_true(case_action_is_open(&one));
    one.improvement = id_of(7);
    assert_false(case_action_is_open(&one));
    one.improvement = id_of(0);
    one.verified_day = TODAY;
    assert_false(case_action_is_open(&one));
}

/* --- lessons --- */

static size_t check_link(struct text cause, const struct case_lesson_known *known)
{
    const struct case_lesson lesson = {.same_as = id_of(9)};
    const struct id here = id_of(1);

    return case_lesson_check(&lesson, &here, cause, known, faults);
}

static void a_lesson_is_one_of_three_things(void **state)
{
    const struct id here = id_of(1);
    struct case_lesson lesson = {.text = {NULL, 0}};

    (void)state;
    assert_fields(case_lesson_check(&lesson, &here, TEXT_OF(""), NULL, faults), "text", NULL, NULL);
    lesson.text = TEXT_OF("甲");
    assert_fields(case_lesson_check(&lesson, &here, TEXT_OF(""), NULL, faults), NULL, NULL, NULL);
    lesson.none_because = TEXT_OF("乙");
    assert_fields(case_lesson_check(&lesson, &here, TEXT_OF(""), NULL, faults), "text", NULL, NULL);
    lesson.text = (struct text){"", 0};
    assert_fields(case_lesson_check(&lesson, &here, TEXT_OF(""), NULL, faults), NULL, NULL, NULL);
}

static void a_link_leads_to_a_text_of_another_case_of_the_same_cause(void **state)
{
    struct case_lesson_known known = {
        .case_id = id_of(2), .cause = TEXT_OF("delivery.late"), .is_own = true};

    (void)state;
    assert_fields(check_link(TEXT_OF("delivery.late"), &known), NULL, NULL, NULL);
    assert_fields(check_link(TEXT_OF("delivery.late"), NULL), "same_as", NULL, NULL);
    assert_fields(check_link(TEXT_OF("delivery.damage"), &known), "same_as", NULL, NULL);
    assert_fields(check_link(TEXT_OF(""), &known), "same_as", NULL, NULL);
    known.is_own = false;
    assert_fields(check_link(TEXT_OF("delivery.late"), &known), "same_as", NULL, NULL);
    known.is_own = true;
    known.case_id = id_of(1);
    assert_fields(check_link(TEXT_OF("delivery.late"), &known), "same_as", NULL, NULL);
}

/* --- how far ahead --- */

static void what_is_to_be_done_lies_at_most_ten_years_ahead(void **state)
{
    struct case_subtask part = subtask();
    struct case_action done = action();
    struct improvement better = {.text = TEXT_OF("包装"),
                                 .owner = TEXT_OF("zhao"),
                                 .due_day = TODAY + AHEAD_DAYS,
                                 .done_day = CASE_PART_NO_DAY};

    (void)state;
    part.due_us = NOW_US + AHEAD_DAYS * DAY_US;
    done.due_day = TODAY + AHEAD_DAYS;
    assert_int_equal(case_subtask_check(&part, NOW_US, faults), 0);
    assert_int_equal(case_action_check(&done, CASE_IS_COMPLAINT, true, TODAY, faults), 0);
    assert_int_equal(improvement_check(&better, TODAY, faults), 0);
    part.due_us++;
    done.due_day = better.due_day = DAY_MAX;
    assert_fields(case_subtask_check(&part, NOW_US, faults), "due_at", NULL, NULL);
    assert_string_equal(faults[0].why, AHEAD_TOO_FAR);
    assert_fields(case_action_check(&done, CASE_IS_COMPLAINT, true, TODAY, faults), "due_on", NULL,
                  NULL);
    assert_fields(improvement_check(&better, TODAY, faults), "due_on", NULL, NULL);
}

static void what_is_past_or_no_day_is_never_too_far_ahead(void **state)
{
    (void)state;
    assert_false(ahead_is_day_beyond(TODAY, CASE_PART_NO_DAY, AHEAD_SOON_DAYS));
    assert_false(ahead_is_day_beyond(TODAY, TODAY + AHEAD_SOON_DAYS, AHEAD_SOON_DAYS));
    assert_true(ahead_is_day_beyond(TODAY, TODAY + AHEAD_SOON_DAYS + 1, AHEAD_SOON_DAYS));
    assert_false(ahead_is_beyond(NOW_US, 0, AHEAD_SOON_DAYS));
    assert_false(ahead_is_beyond(NOW_US, INT64_MIN, AHEAD_SOON_DAYS));
    assert_true(ahead_is_beyond(NOW_US, INT64_MAX, AHEAD_DAYS));
}

/* --- improvement items --- */

static void an_improvement_has_owner_and_day_and_done_it_has_an_effect(void **state)
{
    struct improvement one = {.due_day = CASE_PART_NO_DAY, .done_day = CASE_PART_NO_DAY};

    (void)state;
    assert_fields(improvement_check(&one, TODAY, faults), "text", "owner", "due_on");
    assert_false(improvement_may_take(&one));
    one.text = TEXT_OF("全线更换包装");
    one.owner = TEXT_OF("zhao");
    one.due_day = TODAY + 60;
    assert_fields(improvement_check(&one, TODAY, faults), NULL, NULL, NULL);
    assert_true(improvement_may_take(&one));
    one.done_day = TODAY;
    assert_fields(improvement_check(&one, TODAY, faults), "effect", NULL, NULL);
    one.effect = TEXT_OF("破损率降至0.2%");
    assert_fields(improvement_check(&one, TODAY, faults), NULL, NULL, NULL);
    one.done_day = TODAY + 1;
    assert_fields(improvement_check(&one, TODAY, faults), "done_on", NULL, NULL);
}

static void a_change_of_an_improvement_keeps_what_it_does_not_say(void **state)
{
    const struct improvement known = {.text = TEXT_OF("甲"),
                                      .owner = TEXT_OF("zhao"),
                                      .due_day = TODAY,
                                      .done_day = CASE_PART_NO_DAY};
    const struct improvement told = {
        .effect = TEXT_OF("乙"), .due_day = CASE_PART_NO_DAY, .done_day = TODAY};
    struct improvement after = improvement_apply(&known, &told);

    (void)state;
    assert_text(after.text, "甲");
    assert_text(after.effect, "乙");
    assert_int_equal(after.due_day, TODAY);
    assert_int_equal(after.done_day, TODAY);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_subtask_names_department_text_and_until_when),
        cmocka_unit_test(a_result_makes_it_done_now_by_who_tells_it),
        cmocka_unit_test(a_result_told_again_keeps_when_and_by_whom_it_was_done),
        cmocka_unit_test(what_is_not_told_stays_and_is_not_done),
        cmocka_unit_test(an_action_takes_kind_text_owner_and_day),
        cmocka_unit_test(a_new_action_is_due_today_or_later_a_known_one_may_be_late),
        cmocka_unit_test(an_action_is_verified_by_another_than_its_owner),
        cmocka_unit_test(taken_up_is_of_suggestions_and_feedback),
        cmocka_unit_test(an_action_is_open_until_it_is_verified_or_moved),
        cmocka_unit_test(a_lesson_is_one_of_three_things),
        cmocka_unit_test(a_link_leads_to_a_text_of_another_case_of_the_same_cause),
        cmocka_unit_test(what_is_to_be_done_lies_at_most_ten_years_ahead),
        cmocka_unit_test(what_is_past_or_no_day_is_never_too_far_ahead),
        cmocka_unit_test(an_improvement_has_owner_and_day_and_done_it_has_an_effect),
        cmocka_unit_test(a_change_of_an_improvement_keeps_what_it_does_not_say),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
