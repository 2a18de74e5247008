/* Questions and answers about grades. */
#include "services/customers/codec/codec_grade.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "kehu/customers/v1/grades.pb-c.h"

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

typedef enum status (*reader)(const uint8_t *payload, size_t bytes, struct arena *arena,
                              struct codec_grade_question *out, struct codec_grade_fault *fault);

static enum status ask(reader read, const ProtobufCMessage *message, struct arena *arena,
                       struct codec_grade_question *out, struct codec_grade_fault *fault)
{
    size_t count = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_take(arena, count);

    assert_non_null(bytes);
    protobuf_c_message_pack(message, bytes);
    return read(bytes, count, arena, out, fault);
}

static void a_run_is_asked_for_with_a_day(void **state)
{
    Kehu__Customers__V1__RunGrades message = KEHU__CUSTOMERS__V1__RUN_GRADES__INIT;
    struct codec_grade_question question;
    struct codec_grade_fault fault;

    message.as_of = "2010-12-10";
    message.long_term_days = 180;
    message.method = KEHU__CUSTOMERS__V1__GRADE_METHOD__GRADE_METHOD_RANK;
    assert_int_equal(ask(codec_get_run_grades, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.as_of, day_make(2010, 12, 10));
    assert_int_equal(question.long_term_days, 180);
    assert_int_equal(question.method, GRADE_METHOD_IS_RANK);
    message.as_of = "2010-12-32";
    assert_int_equal(ask(codec_get_run_grades, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "as_of");
    message.as_of = "2010-12-10";
    message.long_term_days = 3661;
    assert_int_equal(ask(codec_get_run_grades, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "long_term_days");
}

static void only_a_dry_run_tries_a_policy(void **state)
{
    Kehu__Customers__V1__RunGrades message = KEHU__CUSTOMERS__V1__RUN_GRADES__INIT;
    Kehu__Customers__V1__GradePolicy policy = KEHU__CUSTOMERS__V1__GRADE_POLICY__INIT;
    struct codec_grade_question question;
    struct codec_grade_fault fault;

    message.as_of = (char *)"2010-12-10";
    message.policy = &policy;
    assert_int_equal(ask(codec_get_run_grades, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "policy");
    message.dry_run = true;
    assert_int_equal(ask(codec_get_run_grades, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.policy.grade.general.a_share_micros, 200000);
    policy.b_share_micros = 300000;
    assert_int_equal(ask(codec_get_run_grades, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "policy.b_share_micros");
}

static void a_list_has_a_page_and_one_grade_or_all(void **state)
{
    Kehu__Customers__V1__ListGrades message = KEHU__CUSTOMERS__V1__LIST_GRADES__INIT;
    struct codec_grade_question question;
    struct codec_grade_fault fault;

    assert_int_equal(ask(codec_get_list_grades, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.grade, GRADE_NONE);
    assert_int_equal(question.page_size, GRADE_DEFAULT_PAGE);
    message.grade = "B";
    assert_int_equal(ask(codec_get_list_grades, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.grade, GRADE_B);
    message.grade = "BB";
    assert_int_equal(ask(codec_get_list_grades, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "grade");
    message.grade = "";
    message.page_size = 1001;
    assert_int_equal(ask(codec_get_list_grades, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "page_size");
}

static void a_reason_in_a_language(void **state)
{
    Kehu__Customers__V1__ExplainGrade message = KEHU__CUSTOMERS__V1__EXPLAIN_GRADE__INIT;
    struct codec_grade_question question;
    struct codec_grade_fault fault;

    message.ref = "uci:14646";
    assert_int_equal(ask(codec_get_explain_grade, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.language, GRADE_LANGUAGE_IS_ZH);
    message.language = "en";
    assert_int_equal(ask(codec_get_explain_grade, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.language, GRADE_LANGUAGE_IS_EN);
    assert_int_equal(question.customer.kind, CUSTOMER_REF_EXTERNAL);
    message.language = "fr";
    assert_int_equal(ask(codec_get_explain_grade, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    message.ref = "";
    assert_int_equal(ask(codec_get_explain_grade, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "ref");
}

static void a_grade_by_hand_needs_grade_reason_and_end(void **state)
{
    Kehu__Customers__V1__OverrideGrade message = KEHU__CUSTOMERS__V1__OVERRIDE_GRADE__INIT;
    struct codec_grade_question question;
    struct codec_grade_fault fault;

    message.ref = "KH000123";
    message.grade = "A";
    message.until = "2026-12-31";
    assert_int_equal(ask(codec_get_override_grade, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "reason");
    message.reason = "战略合作";
    assert_int_equal(ask(codec_get_override_grade, &message.base, *state, &question, &fault), OK);
    assert_int_equal(question.grade, GRADE_A);
    assert_int_equal(question.until, day_make(2026, 12, 31));
    message.until = "";
    assert_int_equal(ask(codec_get_override_grade, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "until");
}

static void a_demotion_is_kept_with_a_reason_and_confirmed_without(void **state)
{
    Kehu__Customers__V1__ConfirmDemotion message = KEHU__CUSTOMERS__V1__CONFIRM_DEMOTION__INIT;
    struct codec_grade_question question;
    struct codec_grade_fault fault;

    message.ref = "KH000123";
    assert_int_equal(ask(codec_get_confirm_demotion, &message.base, *state, &question, &fault), OK);
    assert_false(question.is_kept);
    message.keep = true;
    assert_int_equal(ask(codec_get_confirm_demotion, &message.base, *state, &question, &fault),
                     INVALID_ARGUMENT);
    assert_string_equal(fault.field, "reason");
}

static void a_grade_set_by_hand_holds_at_most_12_months(void **state)
{
    int32_t today = day_make(2026, 9, 30);

    (void)state;
    assert_true(grade_override_may_last(today, today));
    assert_true(grade_override_may_last(day_make(2027, 9, 30), today));
    assert_false(grade_override_may_last(day_make(2027, 10, 1), today));
    assert_false(grade_override_may_last(today - 1, today));
}

static const struct grade_customer kunming = {
    .ref = TEXT_OF("uci:13085"),
    .number = 123,
    .grade = GRADE_B,
    .region = TEXT_OF("云南"),
    .numerator_micros = 190000000000,
    .denominator_micros = 960000000000,
    .flags = GRADE_FLAG_NOT_LONG_TERM | GRADE_FLAG_DEMOTION_HELD,
};

static void a_listed_customer_has_a_share_of_six_digits_and_named_flags(void **state)
{
    struct grade_customer list[] = {kunming, kunming, kunming};

    list[1].ref = TEXT_OF("");
    list[1].numerator_micros = -480000000000;
    list[2].denominator_micros = 0;
    const struct grade_customers customers = {list, COUNT_OF(list)};
    const Kehu__Customers__V1__GradeList *answer =
        (const void *)codec_grade_list(&customers, "next", *state);

    assert_int_equal(answer->n_customers, 3);
    assert_string_equal(answer->customers[0]->ref, "uci:13085");
    assert_string_equal(answer->customers[0]->share, "0.197917");
    assert_string_equal(answer->customers[0]->grade, "B");
    assert_int_equal(answer->customers[0]->n_flags, 2);
    assert_string_equal(answer->customers[0]->flags[0], "not_long_term");
    assert_string_equal(answer->customers[0]->flags[1], "demotion_held");
    assert_string_equal(answer->customers[1]->ref, "KH000123");
    assert_string_equal(answer->customers[1]->share, "-0.500000");
    assert_string_equal(answer->customers[2]->share, "");
    assert_string_equal(answer->next_page_token, "next");
}

static void a_report_is_kept_as_json_and_shown_with_its_run(void **state)
{
    const struct text regions[] = {TEXT_OF("EIRE"), TEXT_OF("")};
    const struct grade_aside aside = {"USD", 5};
    struct grade_customer largest = kunming;
    const struct grade_report report = {
        .a = 1,
        .c = 7,
        .regions_without_a = regions,
        .regions_without_a_count = 2,
        .largest_c = {&largest, 1},
        .aside = &aside,
        .aside_count = 1,
    };
    struct grade_run run = {.as_of = day_make(2010, 12, 10),
                            .window_from = day_make(2009, 12, 10),
                            .state = GRADE_RUN_STATE_IS_FINISHED,
                            .method = GRADE_METHOD_IS_SHARE};

    run.report = codec_grade_report_json(&report, *state);
    assert_non_null(run.report);
    const Kehu__Customers__V1__GradeRun *answer = (const void *)codec_grade_run(&run, *state);

    assert_string_equal(answer->window_from, "2009-12-10");
    assert_non_null(answer->report);
    assert_int_equal(answer->report->c, 7);
    assert_int_equal(answer->report->n_regions_without_a, 2);
    assert_string_equal(answer->report->regions_without_a[0], "EIRE");
    assert_string_equal(answer->report->largest_c[0]->ref, "uci:13085");
    assert_string_equal(answer->report->aside[0]->currency, "USD");
    run.report = NULL;
    answer = (const void *)codec_grade_run(&run, *state);
    assert_null(answer->report);
}

static void an_explanation_carries_the_policy_and_the_history(void **state)
{
    struct codec_policy policy;
    const struct grade_history history = {.as_of = 20000, .grade = GRADE_A, .reason = "run"};
    struct codec_grade_explained what = {
        .sentence = "B级",
        .now = kunming,
        .policy = &policy,
        .first_purchase = INT32_MIN,
        .history = &history,
        .history_count = 1,
    };

    assert_int_equal(codec_policy_read(CODEC_POLICY_GRADE, "{}", *state, &policy), OK);
    policy.version = 3;
    const Kehu__Customers__V1__GradeExplanation *answer =
        (const void *)codec_grade_explanation(&what, *state);

    assert_string_equal(answer->sentence, "B级");
    assert_int_equal(answer->policy_version, 3);
    assert_int_equal(answer->policy->a_share_micros, 200000);
    assert_string_equal(answer->first_purchase_on, "");
    assert_string_equal(answer->history[0]->grade, "A");
    assert_string_equal(answer->history[0]->run_id, "");
    assert_true(protobuf_c_message_get_packed_size(&answer->base) > 0);
}

static void who_would_move_and_who_waits_are_listed(void **state)
{
    const struct grade_mover mover = {TEXT_OF("uci:1"), 1, GRADE_NONE, GRADE_C, -5};
    const struct grade_held held = {TEXT_OF(""), 7, GRADE_A, GRADE_B, 20000, 20014};
    const Kehu__Customers__V1__GradeMoves *tried =
        (const void *)codec_grade_moves(&mover, 1, "next", *state);
    const Kehu__Customers__V1__HeldDemotions *waiting =
        (const void *)codec_grade_held(&held, 1, *state);

    assert_string_equal(tried->moves[0]->from, "");
    assert_string_equal(tried->moves[0]->to, "C");
    assert_string_equal(tried->next_page_token, "next");
    assert_string_equal(waiting->demotions[0]->ref, "KH000007");
    assert_string_equal(waiting->demotions[0]->to, "B");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_run_is_asked_for_with_a_day),
        cmocka_unit_test(only_a_dry_run_tries_a_policy),
        cmocka_unit_test(a_list_has_a_page_and_one_grade_or_all),
        cmocka_unit_test(a_reason_in_a_language),
        cmocka_unit_test(a_grade_by_hand_needs_grade_reason_and_end),
        cmocka_unit_test(a_demotion_is_kept_with_a_reason_and_confirmed_without),
        cmocka_unit_test(a_grade_set_by_hand_holds_at_most_12_months),
        cmocka_unit_test(a_listed_customer_has_a_share_of_six_digits_and_named_flags),
        cmocka_unit_test(a_report_is_kept_as_json_and_shown_with_its_run),
        cmocka_unit_test(an_explanation_carries_the_policy_and_the_history),
        cmocka_unit_test(who_would_move_and_who_waits_are_listed),
    };

    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
