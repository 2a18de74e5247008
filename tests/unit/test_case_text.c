/* Why a case is as grave and urgent as it is and cannot be closed, in words; names of figures. */
#include "services/complaints/domain/case_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "services/complaints/domain/report.h"

static const struct severity_policy standard = {.serious_from_micros = INT64_C(10000000000),
                                                .critical_from_micros = INT64_C(100000000000),
                                                .recurrence_days = 90,
                                                .recurrences_serious = 3};

static struct case_text_weight ordinary(void)
{
    return (struct case_text_weight){.facts = {.kind = CASE_IS_COMPLAINT},
                                     .policy = &standard,
                                     .policy_version = 2,
                                     .customer = {.grade = 'C'},
                                     .currency = "CNY",
                                     .severity = SEVERITY_ORDINARY,
                                     .priority = PRIORITY_NORMAL,
                                     .queued = PRIORITY_NORMAL};
}

static unsigned lines_of(const char *text)
{
    unsigned count = text[0] != '\0';

    for (; *text; text++)
        count += *text == '\n';
    return count;
}

static void severity_names_each_fact_and_the_policy(void **state)
{
    struct case_text_weight weight = ordinary();
    char out[CASE_TEXT_BYTES];

    (void)state;
    case_text_tell_severity(&weight, TELLING_IS_EN, out);
    assert_string_equal(out, "severity ordinary; nothing particular was said (policy v2)");
    weight.facts.safety = SEVERITY_SERIOUS;
    weight.facts.amount_micros = INT64_C(500000000);
    weight.facts.recurrences = 1;
    weight.severity = SEVERITY_SERIOUS;
    case_text_tell_severity(&weight, TELLING_IS_EN, out);
    assert_string_equal(out, "severity serious; safety: serious; amount: ordinary (¥500.00); "
                             "recurrence: ordinary (number 2 within 90 days) (policy v2)");
    case_text_tell_severity(&weight, TELLING_IS_ZH, out);
    assert_string_equal(out, "严重程度严重;安全:严重;涉及金额:一般(¥500.00);"
                             "重复发生:一般(90天内第2次)(政策v2)");
}

static void severity_step_by_step_ends_with_the_highest(void **state)
{
    struct case_text_weight weight = ordinary();
    char out[CASE_TEXT_STEPS_BYTES];

    (void)state;
    weight.facts.legal_or_media = SEVERITY_CRITICAL;
    weight.severity = SEVERITY_CRITICAL;
    case_text_tell_severity_steps(&weight, TELLING_IS_EN, out);
    assert_int_equal(lines_of(out), 4);
    assert_non_null(strstr(out, "\nlegal or media: critical\n"));
    assert_non_null(strstr(out, "from ¥10,000.00 is serious, from ¥100,000.00 critical"));
    assert_string_equal(strrchr(out, '\n') + 1, "the highest counts: severity critical");
    weight.facts.legal_or_media = SEVERITY_ORDINARY; /* and nobody lowered it who may */
    case_text_tell_severity_steps(&weight, TELLING_IS_EN, out);
    assert_string_equal(
        strrchr(out, '\n') + 1,
        "it stays as it was until a manager who is not its handler lowers it: severity critical");
}

static void priority_names_who_raises_it_and_a_chase_of_today(void **state)
{
    struct case_text_weight weight = ordinary();
    char out[CASE_TEXT_STEPS_BYTES];

    (void)state;
    case_text_tell_priority_steps(&weight, TELLING_IS_EN, out);
    assert_non_null(strstr(out, "\nthe customer raises nothing\npriority normal, "));
    assert_null(strstr(out, "chased"));
    weight.customer.grade = 'A';
    weight.priority = PRIORITY_HIGH;
    weight.queued = PRIORITY_URGENT;
    case_text_tell_priority_steps(&weight, TELLING_IS_EN, out);
    assert_non_null(strstr(out, "\none step up for an A customer\npriority high, "));
    assert_non_null(strstr(out, "\nchased today: in today's work lists as urgent"));
}

static void closing_says_how_much_is_missing_and_what(void **state)
{
    struct condition_list open = {.open = {CONDITION_CAUSE, CONDITION_LESSON}, .count = 2};
    char sentence[CASE_TEXT_BYTES], steps[CASE_TEXT_STEPS_BYTES];

    (void)state;
    case_text_tell_closing(&open, CASE_TEXT_IS_OPEN, TELLING_IS_EN, sentence);
    assert_string_equal(sentence, "it cannot be closed yet, for want of 2 things");
    case_text_tell_closing_steps(&open, CASE_TEXT_IS_OPEN, TELLING_IS_ZH, steps);
    assert_int_equal(lines_of(steps), 2);
    assert_int_equal(strncmp(steps, "尚未填写原因\n", strlen("尚未填写原因\n")), 0);
    case_text_tell_closing_steps(&open, CASE_TEXT_HAS_ENDED, TELLING_IS_ZH, steps);
    assert_string_equal(steps, "");
    open.count = 0;
    case_text_tell_closing(&open, CASE_TEXT_IS_OPEN, TELLING_IS_ZH, sentence);
    assert_string_equal(sentence, "结案条件都已满足,可以结案");
    case_text_tell_closing(&open, CASE_TEXT_IS_HISTORIC, TELLING_IS_EN, sentence);
    assert_string_equal(sentence, "historic: it keeps its recorded state and is not assessed");
}

static void a_repeat_complainant_is_told_by_windows_of_days(void **state)
{
    const struct repeat_policy policy = {3, 5};
    const struct repeat_standing standing = {
        .in_90_days = 2, .in_12_months = 4, .next_day = day_make(2026, 12, 1)};
    char out[CASE_TEXT_STEPS_BYTES];

    (void)state;
    case_text_tell_repeat_steps(&standing, &policy, 0, day_make(2026, 11, 22), TELLING_IS_EN, out);
    assert_non_null(strstr(out, "Tue 2026-08-25 to Sun 2026-11-22: 2; from 3 on"));
    assert_non_null(strstr(out, "Sun 2025-11-23 to Sun 2026-11-22: 4; from 5 on"));
    assert_non_null(strstr(out, "(policy v1)"));
    assert_string_equal(strrchr(out, '\n') + 1, "Tue 2026-12-01: a complaint leaves a window");
}

static void figures_are_named_as_fields_of_a_row_and_means_by_what_they_are_of(void **state)
{
    (void)state;
    for (int i = 1; i < REPORT_FIGURES; i++) {
        const char *name = report_figure_name((enum report_figure)i);

        assert_int_equal(report_figure_read((struct text){name, strlen(name)}), i);
    }
    assert_int_equal(report_figure_read(TEXT_OF("hours_to_answer")), REPORT_ANSWERED);
    assert_int_equal(report_figure_read(TEXT_OF("rating")), REPORT_RATINGS);
    assert_int_equal(report_figure_read(TEXT_OF("weight")), REPORT_FIGURE_IS_NONE);
    assert_int_equal(report_figure_read(TEXT_OF("")), REPORT_FIGURE_IS_NONE);
}

static void a_month_is_its_days(void **state)
{
    int32_t first = 0, last = 0;

    (void)state;
    assert_true(report_month_days(TEXT_OF("2024-02"), &first, &last));
    assert_int_equal(first, day_make(2024, 2, 1));
    assert_int_equal(last, day_make(2024, 2, 29));
    assert_false(report_month_days(TEXT_OF("2024-13"), &first, &last));
    assert_false(report_month_days(TEXT_OF("2024-2"), &first, &last));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(severity_names_each_fact_and_the_policy),
        cmocka_unit_test(severity_step_by_step_ends_with_the_highest),
        cmocka_unit_test(priority_names_who_raises_it_and_a_chase_of_today),
        cmocka_unit_test(closing_says_how_much_is_missing_and_what),
        cmocka_unit_test(a_repeat_complainant_is_told_by_windows_of_days),
        cmocka_unit_test(figures_are_named_as_fields_of_a_row_and_means_by_what_they_are_of),
        cmocka_unit_test(a_month_is_its_days),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
