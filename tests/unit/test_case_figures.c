/* Repeat complainants and the figures of complaints: what counts, in which window, over what. */
#include "services/complaints/domain/repeat.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "common/pure/day.h"
#include "services/complaints/domain/figures.h"

static struct repeat_case complaint(int32_t day)
{
    return (struct repeat_case){.kind = CASE_IS_COMPLAINT,
                                .state = CASE_CLOSED,
                                .severity = SEVERITY_ORDINARY,
                                .fault = FAULT_OF_COMPANY,
                                .day = day};
}

static void three_in_90_days_or_five_in_12_months_make_a_repeat_complainant(void **state)
{
    const struct repeat_policy standard = repeat_policy_standard();
    int32_t today = day_make(2026, 9, 30);
    struct repeat_case cases[] = {complaint(today), complaint(today - 50), complaint(today - 89),
                                  complaint(today - 100), complaint(today - 300)};
    struct repeat_standing standing = repeat_count(cases, 3, today, &standard);

    (void)state;
    assert_true(standing.is_repeat);
    assert_int_equal(standing.in_90_days, 3);
    standing = repeat_count(cases, 2, today, &standard);
    assert_false(standing.is_repeat);
    cases[2].day = today - 90;
    standing = repeat_count(cases, 4, today, &standard);
    assert_int_equal(standing.in_90_days, 2);
    assert_false(standing.is_repeat);
    standing = repeat_count(cases, 5, today, &standard);
    assert_int_equal(standing.in_12_months, 5);
    assert_true(standing.is_repeat);
}

static void rejected_withdrawn_duplicates_and_other_kinds_do_not_count(void **state)
{
    const struct repeat_policy standard = repeat_policy_standard();
    struct repeat_case cases[] = {complaint(100), complaint(100), complaint(100), complaint(100)};
    struct repeat_standing standing;

    (void)state;
    cases[0].state = CASE_REJECTED;
    cases[1].state = CASE_WITHDRAWN;
    cases[2].state = CASE_DUPLICATE;
    cases[3].kind = CASE_IS_ENQUIRY;
    standing = repeat_count(cases, 4, 100, &standard);
    assert_int_equal(standing.total, 4);
    assert_int_equal(standing.in_12_months, 0);
    assert_int_equal(standing.next_day, REPEAT_NEVER);
}

static void a_serious_case_holds_greetings_while_it_is_open(void **state)
{
    const struct repeat_policy standard = repeat_policy_standard();
    struct repeat_case one = complaint(100);

    (void)state;
    one.severity = SEVERITY_SERIOUS;
    assert_false(repeat_count(&one, 1, 100, &standard).has_serious_open);
    one.state = CASE_INVESTIGATING;
    assert_true(repeat_count(&one, 1, 100, &standard).has_serious_open);
    assert_int_equal(repeat_count(&one, 1, 100, &standard).open, 1);
}

/* Row 27: on that day, and not before, the figures are others. */
static void the_standing_changes_on_its_next_day_and_on_no_day_before(void **state)
{
    const struct repeat_policy standard = repeat_policy_standard();
    const int32_t days[] = {day_make(2024, 2, 29), day_make(2026, 1, 31), day_make(2025, 12, 31),
                            day_make(2026, 2, 28)};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(days); i++) {
        struct repeat_case one = complaint(days[i]);

        for (int32_t today = days[i]; today < days[i] + 400; today++) {
            struct repeat_standing now = repeat_count(&one, 1, today, &standard);
            struct repeat_standing next = repeat_count(&one, 1, today + 1, &standard);
            bool has_changed =
                now.in_90_days != next.in_90_days || now.in_12_months != next.in_12_months;

            assert_int_equal(now.next_day == today + 1, has_changed);
            assert_true(now.next_day > today);
        }
        assert_int_equal(repeat_count(&one, 1, days[i] + 364, &standard).in_12_months, 1);
        assert_int_equal(repeat_count(&one, 1, days[i] + 367, &standard).in_12_months, 0);
    }
}

static void the_share_of_our_fault_is_told_with_it(void **state)
{
    const struct repeat_policy standard = repeat_policy_standard();
    struct repeat_case cases[] = {complaint(100), complaint(100), complaint(100), complaint(5)};
    struct repeat_standing standing;
    char text[REPEAT_TEXT_BYTES];

    (void)state;
    cases[0].fault = FAULT_OF_CUSTOMER;
    standing = repeat_count(cases, 4, 101, &standard);
    repeat_tell(&standing, TELLING_IS_ZH, text);
    assert_string_equal(text,
                        "多次投诉客户(请优先解决):近90天3件,近12个月4件,其中公司责任3件(75.00%)");
}

static void a_policy_of_repeats_and_of_remedies_is_checked(void **state)
{
    struct repeat_policy repeats = {1, 0};
    struct repeat_policy_fault repeat_faults[REPEAT_POLICY_FAULTS];
    struct remedy_policy remedies = {300, 200};
    struct remedy_policy_fault remedy_faults[REMEDY_POLICY_FAULTS];
    struct severity_policy severities = {.serious_from_micros = 5, .critical_from_micros = 4};
    struct severity_fault severity_faults[SEVERITY_FAULTS];

    (void)state;
    assert_int_equal(repeat_policy_check(&repeats, repeat_faults), 2);
    repeats = repeat_policy_standard();
    assert_int_equal(repeat_policy_check(&repeats, repeat_faults), 0);
    assert_int_equal(remedy_policy_check(&remedies, remedy_faults), 1);
    assert_string_equal(remedy_faults[0].field, "manager_limit_micros");
    assert_int_equal(severity_policy_check(&severities, severity_faults), 3);
    severities = severity_policy_standard();
    assert_int_equal(severity_policy_check(&severities, severity_faults), 0);
}

static void the_complaint_rate_is_of_customers_with_an_order_in_12_months(void **state)
{
    struct figures_share rate = figures_complaint_rate(3, 120);

    (void)state;
    assert_true(rate.has_share);
    assert_int_equal(rate.micros, 25000);
    assert_false(figures_complaint_rate(3, 0).has_share);
    assert_int_equal(figures_complaint_rate(5, 2).micros, 2500000);
    assert_int_equal(figures_active_from(day_make(2026, 10, 1)), day_make(2025, 10, 1));
}

static void compliance_judges_what_was_met_or_breached_and_nothing_else(void **state)
{
    struct case_clock clock = {.state = CLOCK_SUPERSEDED};

    (void)state;
    assert_int_equal(figures_judge(&clock), FIGURES_UNJUDGED);
    clock = (struct case_clock){.state = CLOCK_RUNNING, .outcome = CLOCK_BREACHED};
    assert_int_equal(figures_judge(&clock), FIGURES_BREACHED);
    clock = (struct case_clock){.state = CLOCK_STOPPED, .outcome = CLOCK_MET};
    assert_int_equal(figures_judge(&clock), FIGURES_MET);
}

static void means_are_of_what_is_there_and_ratings_have_denominators(void **state)
{
    struct figures_time time = {0};
    struct figures_ratings ratings = {.asked = 8, .answered = 3, .sum = 13};

    (void)state;
    assert_int_equal(figures_mean_hours(&time), 0);
    figures_add_time(&time, 0, 3600 * SECOND_US);
    figures_add_time(&time, 0, 2 * 3600 * SECOND_US);
    assert_int_equal(figures_mean_hours(&time), 150);
    assert_int_equal(figures_mean_rating(&ratings), 433);
    assert_int_equal(figures_answer_rate(&ratings).micros, 375000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_in_90_days_or_five_in_12_months_make_a_repeat_complainant),
        cmocka_unit_test(rejected_withdrawn_duplicates_and_other_kinds_do_not_count),
        cmocka_unit_test(a_serious_case_holds_greetings_while_it_is_open),
        cmocka_unit_test(the_standing_changes_on_its_next_day_and_on_no_day_before),
        cmocka_unit_test(the_share_of_our_fault_is_told_with_it),
        cmocka_unit_test(a_policy_of_repeats_and_of_remedies_is_checked),
        cmocka_unit_test(the_complaint_rate_is_of_customers_with_an_order_in_12_months),
        cmocka_unit_test(compliance_judges_what_was_met_or_breached_and_nothing_else),
        cmocka_unit_test(means_are_of_what_is_there_and_ratings_have_denominators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
