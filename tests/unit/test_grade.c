/* N1–N5, row 31 of the bug table, windows, the long term, and the methods by order. */
#include "services/customers/domain/grade.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "common/pure/day.h"

#define UNIT INT64_C(1000000)

/* Amounts in hundredths, as the vectors are written: 19999 is 199.99. */
static struct grade_verdict verdict_of(int64_t net_cents, int64_t total_cents, bool is_long_term)
{
    const struct grade_policy policy = grade_policy_standard();
    const struct grade_figures figures = {
        .numerator_micros = net_cents * (UNIT / 100),
        .denominator_micros = total_cents * (UNIT / 100),
        .is_long_term = is_long_term,
    };

    return grade_of(&figures, &policy);
}

static void expect(int64_t net_cents, bool is_long_term, enum grade grade, uint32_t flags)
{
    struct grade_verdict verdict = verdict_of(net_cents, 100000, is_long_term);

    assert_int_equal(verdict.grade, grade);
    assert_int_equal(verdict.flags, flags);
}

static void n1_a_long_term_customer_with_20_percent_of_its_region_is_an_a(void **state)
{
    (void)state;
    expect(20000, true, GRADE_A, 0);
    expect(19999, true, GRADE_B, 0);
    expect(25000, true, GRADE_A, 0);
}

static void n2_a_customer_with_10_to_20_percent_of_its_region_is_a_b(void **state)
{
    (void)state;
    expect(10000, true, GRADE_B, 0);
    expect(15000, true, GRADE_B, 0);
    expect(19999, true, GRADE_B, 0);
    expect(10000, false, GRADE_B, 0);
}

static void n3_the_rest_are_c(void **state)
{
    (void)state;
    expect(9999, true, GRADE_C, 0);
    expect(0, true, GRADE_C, 0);
    expect(-5000, true, GRADE_C, 0);
}

static void n4_the_share_of_an_a_without_the_long_term_is_a_flagged_b(void **state)
{
    (void)state;
    expect(30000, false, GRADE_B, GRADE_FLAG_NOT_LONG_TERM);
    expect(20000, false, GRADE_B, GRADE_FLAG_NOT_LONG_TERM);
}

static void n4_a_region_without_positive_sales_gives_c(void **state)
{
    static const int64_t nets[] = {50000, 0, -50000, INT64_MAX / UNIT};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(nets); i++) {
        struct grade_verdict nothing = verdict_of(nets[i], 0, true);
        struct grade_verdict negative = verdict_of(nets[i], -100, true);

        assert_int_equal(nothing.grade, GRADE_C);
        assert_int_equal(nothing.flags, GRADE_FLAG_REGION_NOT_POSITIVE);
        assert_int_equal(negative.grade, GRADE_C);
        assert_int_equal(negative.flags, GRADE_FLAG_REGION_NOT_POSITIVE);
    }
}

static void n4_a_share_above_100_percent_counts_and_is_flagged(void **state)
{
    (void)state;
    expect(120000, true, GRADE_A, GRADE_FLAG_OVER_100_PERCENT);
    expect(120000, false, GRADE_B, GRADE_FLAG_OVER_100_PERCENT | GRADE_FLAG_NOT_LONG_TERM);
    expect(100000, true, GRADE_A, 0);
}

static uint64_t next_random(uint64_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 7;
    *seed ^= *seed << 17;
    return *seed;
}

/* A region of up to 30 customers and anonymous sales; now and then all equal, so that the bounds
 * themselves are met. */
static void try_region(uint64_t *seed)
{
    const struct grade_policy policy = grade_policy_standard();
    int64_t nets[30], total = (int64_t)(next_random(seed) % 3 ? 0 : next_random(seed) % 1000);
    size_t count = 1 + next_random(seed) % 30, a = 0, b = 0;
    uint64_t largest = next_random(seed) % 4 ? 1000 : 1;

    for (size_t i = 0; i < count; i++) {
        nets[i] = (int64_t)(next_random(seed) % largest) + (largest == 1);
        if (next_random(seed) % 5 == 0)
            nets[i] *= 20;
        total += nets[i];
    }
    for (size_t i = 0; i < count; i++) {
        const struct grade_figures figures = {nets[i], total, next_random(seed) % 2, false, 0, 0};
        enum grade grade = grade_of(&figures, &policy).grade;

        a += grade == GRADE_A;
        b += grade == GRADE_B;
    }
    assert_true(a <= 5);
    assert_true(a + b <= 10);
}

static void n5_a_region_without_negative_nets_has_at_most_5_a_and_10_a_or_b(void **state)
{
    uint64_t seed = 20260930;

    (void)state;
    for (int i = 0; i < 100000; i++)
        try_region(&seed);
}

static void n5_the_bounds_are_met_by_equal_customers(void **state)
{
    size_t a = 0, b = 0;

    (void)state;
    for (int i = 0; i < 5; i++)
        a += verdict_of(200, 1000, true).grade == GRADE_A;
    for (int i = 0; i < 10; i++)
        b += verdict_of(100, 1000, true).grade == GRADE_B;
    assert_int_equal(a, 5);
    assert_int_equal(b, 10);
}

static void row_31_a_share_of_19_9999_percent_is_a_b_and_20_percent_an_a(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(199999, 1000000, true).grade, GRADE_B);
    assert_int_equal(verdict_of(200000, 1000000, true).grade, GRADE_A);
}

static void row_31_a_region_without_sales_gives_c_and_no_error(void **state)
{
    int64_t share = 7;
    const struct grade_figures figures = {.numerator_micros = 5 * UNIT, .denominator_micros = 0};

    (void)state;
    assert_int_equal(verdict_of(500, 0, true).grade, GRADE_C);
    assert_false(grade_share_micros(&figures, &share));
    assert_int_equal(share, 7);
}

static void row_31_a_repeated_run_has_the_same_result(void **state)
{
    const struct grade_policy policy = grade_policy_standard();
    int32_t as_of = day_make(2026, 5, 1);

    (void)state;
    for (int64_t net = -100; net <= 1200; net += 50) {
        const struct grade_figures figures = {net, 1000, net % 3 == 0, false, 0, 0};
        struct grade_verdict verdict = grade_of(&figures, &policy);
        struct grade_standing standing = {.grade = GRADE_B, .last_as_of = as_of - 30};
        struct grade_change first =
            grade_move(&standing, &verdict, &figures, &policy, as_of, false);

        standing = (struct grade_standing){.grade = first.grade,
                                           .runs_below = first.runs_below,
                                           .last_as_of = as_of,
                                           .held_to = first.held_to};
        struct grade_verdict again = grade_of(&figures, &policy);
        struct grade_change second = grade_move(&standing, &again, &figures, &policy, as_of, false);

        assert_memory_equal(&verdict, &again, sizeof(verdict));
        assert_int_equal(second.step, GRADE_STEP_NONE);
        assert_int_equal(second.grade, first.grade);
        assert_int_equal(second.runs_below, first.runs_below);
        assert_int_equal(second.held_to, first.held_to);
    }
}

static void the_largest_amounts_are_compared_exactly(void **state)
{
    const struct grade_policy policy = grade_policy_standard();
    int64_t total = INT64_MAX - INT64_MAX % 5;
    struct grade_figures figures = {total / 5, total, true, false, 0, 0};

    (void)state;
    assert_int_equal(grade_of(&figures, &policy).grade, GRADE_A);
    figures.numerator_micros--;
    assert_int_equal(grade_of(&figures, &policy).grade, GRADE_B);
    figures.numerator_micros = INT64_MIN;
    assert_int_equal(grade_of(&figures, &policy).grade, GRADE_C);
}

static int64_t share_of(int64_t net, int64_t total)
{
    const struct grade_figures figures = {.numerator_micros = net, .denominator_micros = total};
    int64_t share = 0;

    assert_true(grade_share_micros(&figures, &share));
    return share;
}

static void a_share_for_people_is_rounded_half_away_from_zero(void **state)
{
    (void)state;
    assert_int_equal(share_of(190000, 960000), 197917);
    assert_int_equal(share_of(1, 3), 333333);
    assert_int_equal(share_of(2, 3), 666667);
    assert_int_equal(share_of(1, 2000000), 1);
    assert_int_equal(share_of(-1, 2000000), -1);
    assert_int_equal(share_of(1, 2000001), 0);
    assert_int_equal(share_of(-1, 2000001), 0);
    assert_int_equal(share_of(3, 2000000), 2);
    assert_int_equal(share_of(INT64_MAX, 1), INT64_MAX);
    assert_int_equal(share_of(INT64_MIN, 1), INT64_MIN);
}

static void the_unknown_region_is_flagged_and_gives_no_a_or_b_when_the_policy_says_so(void **state)
{
    struct grade_policy policy = grade_policy_standard();
    const struct grade_figures figures = {300, 1000, false, true, 0, 0};

    (void)state;
    assert_int_equal(grade_of(&figures, &policy).grade, GRADE_B);
    assert_int_equal(grade_of(&figures, &policy).flags,
                     GRADE_FLAG_UNKNOWN_REGION | GRADE_FLAG_NOT_LONG_TERM);
    policy.unknown_region_gives_no_a_b = true;
    assert_int_equal(grade_of(&figures, &policy).grade, GRADE_C);
    assert_int_equal(grade_of(&figures, &policy).flags, GRADE_FLAG_UNKNOWN_REGION);
}

static int32_t window_from(int32_t year, int32_t month, int32_t day, uint32_t months)
{
    struct grade_policy policy = grade_policy_standard();

    policy.window_months = months;
    return grade_window_from(day_make(year, month, day), &policy);
}

static void the_window_begins_so_many_months_before_or_at_the_end_of_a_shorter_month(void **state)
{
    (void)state;
    assert_int_equal(window_from(2010, 12, 10, 12), day_make(2009, 12, 10));
    assert_int_equal(window_from(2026, 3, 31, 1), day_make(2026, 2, 28));
    assert_int_equal(window_from(2024, 3, 31, 1), day_make(2024, 2, 29));
    assert_int_equal(window_from(2024, 2, 29, 12), day_make(2023, 2, 28));
    assert_int_equal(window_from(2028, 2, 29, 48), day_make(2024, 2, 29));
    assert_int_equal(window_from(2026, 1, 1, 12), day_make(2025, 1, 1));
}

static void the_long_term_by_days_counts_exactly_so_many_days(void **state)
{
    struct grade_policy policy = grade_policy_standard();
    int32_t as_of = day_make(2010, 12, 10);

    (void)state;
    policy.long_term_days = 180;
    assert_true(grade_is_long_term(as_of - 180, as_of, &policy));
    assert_false(grade_is_long_term(as_of - 179, as_of, &policy));
    assert_true(grade_is_long_term(day_make(2010, 6, 13), as_of, &policy));
    assert_false(grade_is_long_term(INT32_MIN, as_of, &policy));
    /* 29 February 2024 lies between. */
    policy.long_term_days = 366;
    assert_true(grade_is_long_term(day_make(2023, 3, 1), day_make(2024, 3, 1), &policy));
    assert_false(grade_is_long_term(day_make(2025, 3, 1), day_make(2026, 3, 1), &policy));
}

static void the_long_term_by_months_ends_on_the_same_day_of_the_month(void **state)
{
    struct grade_policy policy = grade_policy_standard();

    (void)state;
    assert_true(grade_is_long_term(day_make(2025, 5, 1), day_make(2026, 5, 1), &policy));
    assert_false(grade_is_long_term(day_make(2025, 5, 2), day_make(2026, 5, 1), &policy));
    assert_false(grade_is_long_term(day_make(2024, 2, 29), day_make(2025, 2, 28), &policy));
    assert_true(grade_is_long_term(day_make(2024, 2, 29), day_make(2025, 3, 1), &policy));
    assert_true(grade_is_long_term(day_make(2023, 2, 28), day_make(2024, 2, 29), &policy));
    assert_false(grade_is_long_term(INT32_MIN, day_make(2026, 5, 1), &policy));
}

static void equal_nets_share_the_better_rank(void **state)
{
    struct grade_figures list[] = {
        {.numerator_micros = 50}, {.numerator_micros = 30}, {.numerator_micros = 30},
        {.numerator_micros = 10}, {.numerator_micros = -5},
    };

    (void)state;
    grade_rank(list, COUNT_OF(list));
    assert_int_equal(list[0].rank, 1);
    assert_int_equal(list[1].rank, 2);
    assert_int_equal(list[2].rank, 2);
    assert_int_equal(list[3].rank, 4);
    assert_int_equal(list[4].rank, 5);
    assert_int_equal(list[0].accumulated_before_micros, 0);
    assert_int_equal(list[1].accumulated_before_micros, 50);
    assert_int_equal(list[2].accumulated_before_micros, 50);
    assert_int_equal(list[3].accumulated_before_micros, 110);
    assert_int_equal(list[4].accumulated_before_micros, 120);
}

static enum grade by_rank(uint32_t rank, int64_t net)
{
    struct grade_policy policy = grade_policy_standard();
    const struct grade_figures figures = {
        .numerator_micros = net, .denominator_micros = 1000, .rank = rank};

    policy.method = GRADE_METHOD_IS_RANK;
    return grade_of(&figures, &policy).grade;
}

static void by_rank_the_first_5_are_a_and_the_next_20_b(void **state)
{
    (void)state;
    assert_int_equal(by_rank(1, 10), GRADE_A);
    assert_int_equal(by_rank(5, 10), GRADE_A);
    assert_int_equal(by_rank(6, 10), GRADE_B);
    assert_int_equal(by_rank(25, 10), GRADE_B);
    assert_int_equal(by_rank(26, 10), GRADE_C);
}

static void by_order_nobody_without_positive_net_is_an_a_or_b(void **state)
{
    struct grade_policy policy = grade_policy_standard();
    const struct grade_figures figures = {
        .numerator_micros = 0, .denominator_micros = 1000, .rank = 1};

    (void)state;
    assert_int_equal(by_rank(1, 0), GRADE_C);
    assert_int_equal(by_rank(1, -10), GRADE_C);
    policy.method = GRADE_METHOD_IS_CUMULATIVE;
    assert_int_equal(grade_of(&figures, &policy).grade, GRADE_C);
}

static enum grade by_cumulative(int64_t before)
{
    struct grade_policy policy = grade_policy_standard();
    const struct grade_figures figures = {.numerator_micros = 10,
                                          .denominator_micros = 1000,
                                          .rank = 2,
                                          .accumulated_before_micros = before};

    policy.method = GRADE_METHOD_IS_CUMULATIVE;
    return grade_of(&figures, &policy).grade;
}

static void by_accumulated_sales_whoever_crosses_80_percent_is_still_an_a(void **state)
{
    (void)state;
    assert_int_equal(by_cumulative(0), GRADE_A);
    assert_int_equal(by_cumulative(799), GRADE_A);
    assert_int_equal(by_cumulative(800), GRADE_B);
    assert_int_equal(by_cumulative(949), GRADE_B);
    assert_int_equal(by_cumulative(950), GRADE_C);
}

static void letters_and_grades_are_the_same_thing(void **state)
{
    (void)state;
    assert_int_equal(grade_letter(GRADE_A), 'A');
    assert_int_equal(grade_letter(GRADE_C), 'C');
    assert_int_equal(grade_letter(GRADE_NONE), '\0');
    assert_int_equal(grade_from_letter('B'), GRADE_B);
    assert_int_equal(grade_from_letter('D'), GRADE_NONE);
    assert_int_equal(grade_from_letter('a'), GRADE_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n1_a_long_term_customer_with_20_percent_of_its_region_is_an_a),
        cmocka_unit_test(n2_a_customer_with_10_to_20_percent_of_its_region_is_a_b),
        cmocka_unit_test(n3_the_rest_are_c),
        cmocka_unit_test(n4_the_share_of_an_a_without_the_long_term_is_a_flagged_b),
        cmocka_unit_test(n4_a_region_without_positive_sales_gives_c),
        cmocka_unit_test(n4_a_share_above_100_percent_counts_and_is_flagged),
        cmocka_unit_test(n5_a_region_without_negative_nets_has_at_most_5_a_and_10_a_or_b),
        cmocka_unit_test(n5_the_bounds_are_met_by_equal_customers),
        cmocka_unit_test(row_31_a_share_of_19_9999_percent_is_a_b_and_20_percent_an_a),
        cmocka_unit_test(row_31_a_region_without_sales_gives_c_and_no_error),
        cmocka_unit_test(row_31_a_repeated_run_has_the_same_result),
        cmocka_unit_test(the_largest_amounts_are_compared_exactly),
        cmocka_unit_test(a_share_for_people_is_rounded_half_away_from_zero),
        cmocka_unit_test(the_unknown_region_is_flagged_and_gives_no_a_or_b_when_the_policy_says_so),
        cmocka_unit_test(the_window_begins_so_many_months_before_or_at_the_end_of_a_shorter_month),
        cmocka_unit_test(the_long_term_by_days_counts_exactly_so_many_days),
        cmocka_unit_test(the_long_term_by_months_ends_on_the_same_day_of_the_month),
        cmocka_unit_test(equal_nets_share_the_better_rank),
        cmocka_unit_test(by_rank_the_first_5_are_a_and_the_next_20_b),
        cmocka_unit_test(by_order_nobody_without_positive_net_is_an_a_or_b),
        cmocka_unit_test(by_accumulated_sales_whoever_crosses_80_percent_is_still_an_a),
        cmocka_unit_test(letters_and_grades_are_the_same_thing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
