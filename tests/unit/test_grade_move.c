/* A simulated year of runs: promotion, demotion, the band, and the manager's word. */
#include "services/customers/domain/grade.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pure/day.h"

/* A customer through its runs; the region's total is always 100,000, so nets are thousandths of a
 * percent. */
struct life {
    struct grade_standing standing;
    struct grade_policy policy;
};

static struct life life_of(enum grade grade)
{
    return (struct life){
        .standing = {.grade = grade, .last_as_of = day_make(2025, 12, 15)},
        .policy = grade_policy_standard(),
    };
}

static enum grade_step run_on(struct life *life, int32_t as_of, int64_t net, bool at_once)
{
    const struct grade_figures figures = {net, 100000, true, false, 0, 0};
    struct grade_verdict verdict = grade_of(&figures, &life->policy);
    struct grade_change change =
        grade_move(&life->standing, &verdict, &figures, &life->policy, as_of, at_once);

    life->standing.grade = change.grade;
    life->standing.runs_below = change.runs_below;
    life->standing.held_to = change.held_to;
    life->standing.last_as_of = as_of;
    return change.step;
}

/* The run by itself on the first of a month of 2026. */
static enum grade_step run_in(struct life *life, int32_t month, int64_t net)
{
    return run_on(life, day_make(2026, month, 1), net, false);
}

static enum grade_step decide(struct life *life, enum grade_decision decision)
{
    struct grade_change change = grade_decide(&life->standing, decision);

    life->standing.grade = change.grade;
    life->standing.runs_below = change.runs_below;
    life->standing.held_to = change.held_to;
    return change.step;
}

static void the_first_run_gives_the_grade_as_it_is_calculated(void **state)
{
    struct life life = life_of(GRADE_NONE);

    (void)state;
    assert_int_equal(run_in(&life, 2, 15000), GRADE_STEP_FIRST);
    assert_int_equal(life.standing.grade, GRADE_B);
}

static void a_promotion_is_at_once(void **state)
{
    struct life life = life_of(GRADE_C);

    (void)state;
    assert_int_equal(run_in(&life, 2, 25000), GRADE_STEP_PROMOTED);
    assert_int_equal(life.standing.grade, GRADE_A);
}

static void a_demotion_comes_after_two_runs_in_a_row(void **state)
{
    struct life life = life_of(GRADE_B);

    (void)state;
    assert_int_equal(run_in(&life, 2, 5000), GRADE_STEP_COUNTED);
    assert_int_equal(life.standing.grade, GRADE_B);
    assert_int_equal(life.standing.runs_below, 1);
    assert_int_equal(run_in(&life, 3, 5000), GRADE_STEP_DEMOTED);
    assert_int_equal(life.standing.grade, GRADE_C);
    assert_int_equal(life.standing.runs_below, 0);
}

static void a_good_run_between_two_bad_ones_begins_the_count_again(void **state)
{
    struct life life = life_of(GRADE_B);

    (void)state;
    assert_int_equal(run_in(&life, 2, 5000), GRADE_STEP_COUNTED);
    assert_int_equal(run_in(&life, 3, 10000), GRADE_STEP_NONE);
    assert_int_equal(life.standing.runs_below, 0);
    assert_int_equal(run_in(&life, 5, 5000), GRADE_STEP_COUNTED);
    assert_int_equal(life.standing.grade, GRADE_B);
}

static void the_run_that_closes_a_quarter_demotes_at_the_first_time(void **state)
{
    static const int32_t months[] = {1, 4, 7, 10};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(months); i++) {
        struct life life = life_of(GRADE_B);

        assert_int_equal(run_in(&life, months[i], 5000), GRADE_STEP_DEMOTED);
    }
    struct life other = life_of(GRADE_B);

    assert_int_equal(run_on(&other, day_make(2026, 4, 2), 5000, false), GRADE_STEP_COUNTED);
}

static void the_same_run_again_counts_nothing(void **state)
{
    struct life life = life_of(GRADE_B);

    (void)state;
    assert_int_equal(run_in(&life, 2, 5000), GRADE_STEP_COUNTED);
    assert_int_equal(run_in(&life, 2, 5000), GRADE_STEP_NONE);
    assert_int_equal(life.standing.runs_below, 1);
    assert_int_equal(life.standing.grade, GRADE_B);
}

static void a_run_by_hand_demotes_now_whoever_it_is(void **state)
{
    struct life b = life_of(GRADE_B), a = life_of(GRADE_A);

    (void)state;
    assert_int_equal(run_on(&b, day_make(2026, 2, 10), 5000, true), GRADE_STEP_DEMOTED);
    assert_int_equal(run_on(&a, day_make(2026, 2, 10), 5000, true), GRADE_STEP_DEMOTED);
    assert_int_equal(a.standing.grade, GRADE_C);
    assert_int_equal(run_on(&a, day_make(2026, 2, 10), 5000, true), GRADE_STEP_NONE);
}

static void within_the_band_nobody_is_demoted(void **state)
{
    struct life life = life_of(GRADE_B);

    (void)state;
    life.policy.demotion_band_micros = 10000; /* 1 % */
    assert_int_equal(run_in(&life, 4, 9000), GRADE_STEP_NONE);
    assert_int_equal(life.standing.runs_below, 0);
    assert_int_equal(run_on(&life, day_make(2026, 4, 2), 9000, true), GRADE_STEP_NONE);
    assert_int_equal(run_in(&life, 7, 8999), GRADE_STEP_DEMOTED);
}

static void an_a_falls_no_further_than_the_band_lets_it(void **state)
{
    struct life life = life_of(GRADE_A);

    (void)state;
    life.policy.demotion_band_micros = 10000;
    assert_int_equal(run_on(&life, day_make(2026, 2, 10), 9500, true), GRADE_STEP_DEMOTED);
    assert_int_equal(life.standing.grade, GRADE_B);
}

static void the_demotion_of_an_a_waits_for_the_manager_who_confirms_it(void **state)
{
    struct life life = life_of(GRADE_A);

    (void)state;
    assert_int_equal(run_in(&life, 2, 15000), GRADE_STEP_COUNTED);
    assert_int_equal(run_in(&life, 3, 15000), GRADE_STEP_HELD);
    assert_int_equal(life.standing.grade, GRADE_A);
    assert_int_equal(life.standing.held_to, GRADE_B);
    assert_int_equal(decide(&life, GRADE_DECISION_CONFIRMED), GRADE_STEP_DEMOTED);
    assert_int_equal(life.standing.grade, GRADE_B);
    assert_int_equal(life.standing.runs_below, 0);
    assert_int_equal(life.standing.held_to, GRADE_NONE);
    assert_int_equal(decide(&life, GRADE_DECISION_CONFIRMED), GRADE_STEP_NONE);
}

static void the_demotion_of_a_key_account_waits_too(void **state)
{
    struct life life = life_of(GRADE_B);

    (void)state;
    life.standing.is_key_account = true;
    assert_int_equal(run_in(&life, 4, 5000), GRADE_STEP_HELD);
    assert_int_equal(life.standing.grade, GRADE_B);
    assert_int_equal(life.standing.held_to, GRADE_C);
}

static void a_grade_the_manager_keeps_stays_until_the_next_run(void **state)
{
    struct life life = life_of(GRADE_A);

    (void)state;
    assert_int_equal(run_in(&life, 4, 15000), GRADE_STEP_HELD);
    assert_int_equal(decide(&life, GRADE_DECISION_KEPT), GRADE_STEP_KEPT);
    assert_int_equal(life.standing.grade, GRADE_A);
    assert_int_equal(life.standing.held_to, GRADE_NONE);
    assert_int_equal(run_in(&life, 4, 15000), GRADE_STEP_NONE); /* the same run again */
    assert_int_equal(run_in(&life, 5, 15000), GRADE_STEP_HELD);
}

static void a_demotion_nobody_decides_in_time_applies(void **state)
{
    struct life life = life_of(GRADE_A);

    (void)state;
    assert_int_equal(run_in(&life, 4, 5000), GRADE_STEP_HELD);
    assert_int_equal(decide(&life, GRADE_DECISION_EXPIRED), GRADE_STEP_DEMOTED);
    assert_int_equal(life.standing.grade, GRADE_C);
}

static void a_wait_goes_on_through_another_run_and_ends_when_the_customer_recovers(void **state)
{
    struct life life = life_of(GRADE_A);

    (void)state;
    assert_int_equal(run_in(&life, 4, 15000), GRADE_STEP_HELD);
    assert_int_equal(run_in(&life, 4, 15000), GRADE_STEP_WAITING);
    assert_int_equal(run_in(&life, 5, 5000), GRADE_STEP_WAITING);
    assert_int_equal(life.standing.held_to, GRADE_C);
    assert_int_equal(run_in(&life, 6, 20000), GRADE_STEP_NONE);
    assert_int_equal(life.standing.grade, GRADE_A);
    assert_int_equal(life.standing.held_to, GRADE_NONE);
    assert_int_equal(life.standing.runs_below, 0);
}

static void under_an_override_nothing_moves_and_nothing_is_counted(void **state)
{
    struct life life = life_of(GRADE_B);

    (void)state;
    life.standing.is_overridden = true;
    assert_int_equal(run_in(&life, 4, 5000), GRADE_STEP_NONE);
    assert_int_equal(run_in(&life, 5, 25000), GRADE_STEP_NONE);
    assert_int_equal(life.standing.grade, GRADE_B);
    assert_int_equal(life.standing.runs_below, 0);
}

static void a_year_of_a_customer_that_rises_falls_and_recovers(void **state)
{
    static const struct {
        int64_t net;
        enum grade_step step;
        enum grade grade;
    } year[12] = {
        {5000, GRADE_STEP_FIRST, GRADE_C},     /* January */
        {12000, GRADE_STEP_PROMOTED, GRADE_B}, /* at once */
        {21000, GRADE_STEP_PROMOTED, GRADE_A}, /* again */
        {20000, GRADE_STEP_NONE, GRADE_A},     /* exactly the threshold */
        {19999, GRADE_STEP_COUNTED, GRADE_A},  /* May: below once */
        {19999, GRADE_STEP_HELD, GRADE_A},     /* June: twice, the manager is asked and keeps it */
        {20000, GRADE_STEP_NONE, GRADE_A},     /* July */
        {12000, GRADE_STEP_COUNTED, GRADE_A},  /* August */
        {12000, GRADE_STEP_HELD, GRADE_A},     /* September: confirmed */
        {12000, GRADE_STEP_NONE, GRADE_B},     /* October */
        {9000, GRADE_STEP_COUNTED, GRADE_B},   /* November */
        {9000, GRADE_STEP_DEMOTED, GRADE_C},   /* December */
    };
    struct life life = life_of(GRADE_NONE);

    (void)state;
    for (int32_t month = 1; month <= 12; month++) {
        assert_int_equal(run_in(&life, month, year[month - 1].net), year[month - 1].step);
        assert_int_equal(life.standing.grade, year[month - 1].grade);
        if (month == 6)
            assert_int_equal(decide(&life, GRADE_DECISION_KEPT), GRADE_STEP_KEPT);
        if (month == 9)
            assert_int_equal(decide(&life, GRADE_DECISION_CONFIRMED), GRADE_STEP_DEMOTED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_run_gives_the_grade_as_it_is_calculated),
        cmocka_unit_test(a_promotion_is_at_once),
        cmocka_unit_test(a_demotion_comes_after_two_runs_in_a_row),
        cmocka_unit_test(a_good_run_between_two_bad_ones_begins_the_count_again),
        cmocka_unit_test(the_run_that_closes_a_quarter_demotes_at_the_first_time),
        cmocka_unit_test(the_same_run_again_counts_nothing),
        cmocka_unit_test(a_run_by_hand_demotes_now_whoever_it_is),
        cmocka_unit_test(within_the_band_nobody_is_demoted),
        cmocka_unit_test(an_a_falls_no_further_than_the_band_lets_it),
        cmocka_unit_test(the_demotion_of_an_a_waits_for_the_manager_who_confirms_it),
        cmocka_unit_test(the_demotion_of_a_key_account_waits_too),
        cmocka_unit_test(a_grade_the_manager_keeps_stays_until_the_next_run),
        cmocka_unit_test(a_demotion_nobody_decides_in_time_applies),
        cmocka_unit_test(a_wait_goes_on_through_another_run_and_ends_when_the_customer_recovers),
        cmocka_unit_test(under_an_override_nothing_moves_and_nothing_is_counted),
        cmocka_unit_test(a_year_of_a_customer_that_rises_falls_and_recovers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
