/* Grade and review policies: the standard, exceptions of regions, and what is refused. */
#include "services/customers/domain/grade_policy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

/* The standard with one exception, to be bent. */
struct bent {
    struct grade_policy_region regions[2];
    struct grade_policy_set set;
};

static void begin(struct bent *bent)
{
    *bent = (struct bent){
        .regions = {{.region_code = TEXT_OF("yn"), .method = GRADE_METHOD_IS_RANK},
                    {.region_code = TEXT_OF("sc"), .b_share_micros = 50000}},
        .set = {.general = grade_policy_standard(), .region_count = 2},
    };
    bent->set.regions = bent->regions;
}

/* Exactly one fault, in this field. */
static void expect(const struct bent *bent, const char *field, size_t region)
{
    struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS];

    assert_int_equal(grade_policy_check(&bent->set, faults), 1);
    assert_string_equal(faults[0].field, field);
    assert_true(faults[0].region == region);
}

static void the_standard_policy_is_right(void **state)
{
    struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS];
    struct grade_review_policy review = grade_policy_standard_review();
    struct bent bent;

    (void)state;
    begin(&bent);
    assert_int_equal(grade_policy_check(&bent.set, faults), 0);
    assert_int_equal(grade_policy_check_review(&review, faults), 0);
    assert_int_equal(bent.set.general.a_share_micros, 200000);
    assert_int_equal(bent.set.general.b_share_micros, 100000);
    assert_int_equal(review.a_months, 3);
}

static void a_region_has_its_exceptions_and_the_rest_in_general(void **state)
{
    struct bent bent;

    (void)state;
    begin(&bent);
    struct grade_policy yn = grade_policy_for(&bent.set, TEXT_OF("yn"));
    struct grade_policy sc = grade_policy_for(&bent.set, TEXT_OF("sc"));
    struct grade_policy other = grade_policy_for(&bent.set, TEXT_OF("y"));

    assert_int_equal(yn.method, GRADE_METHOD_IS_RANK);
    assert_int_equal(yn.b_share_micros, 100000);
    assert_int_equal(sc.method, GRADE_METHOD_IS_SHARE);
    assert_int_equal(sc.a_share_micros, 200000);
    assert_int_equal(sc.b_share_micros, 50000);
    assert_int_equal(other.method, GRADE_METHOD_IS_SHARE);
    assert_int_equal(other.b_share_micros, 100000);
}

static void a_b_threshold_above_a_is_refused(void **state)
{
    struct bent bent;

    (void)state;
    begin(&bent);
    bent.set.general.b_share_micros = 200001;
    expect(&bent, "b_share_micros", SIZE_MAX);
    begin(&bent);
    bent.set.general.b_cumulative_micros = 799999;
    expect(&bent, "b_cumulative_micros", SIZE_MAX);
    begin(&bent);
    bent.regions[1].b_share_micros = 200001;
    expect(&bent, "b_share_micros", 1);
    begin(&bent);
    bent.set.general.b_share_micros = 200000;
    struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS];

    assert_int_equal(grade_policy_check(&bent.set, faults), 0);
}

static void shares_are_above_nothing_and_at_most_the_whole(void **state)
{
    static const int64_t wrong[] = {0, -1, 1000001, INT64_MIN, INT64_MAX};
    struct bent bent;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        begin(&bent);
        bent.set.general.a_share_micros = wrong[i];
        bent.set.region_count = 0;
        expect(&bent, "a_share_micros", SIZE_MAX);
        begin(&bent);
        bent.set.general.a_cumulative_micros = wrong[i];
        expect(&bent, "a_cumulative_micros", SIZE_MAX);
    }
}

static void ranks_and_times_have_their_limits(void **state)
{
    struct bent bent;

    (void)state;
    begin(&bent);
    bent.set.general.a_rank = 0;
    expect(&bent, "a_rank", SIZE_MAX);
    begin(&bent);
    bent.set.general.b_rank = 1000001;
    expect(&bent, "b_rank", SIZE_MAX);
    begin(&bent);
    bent.set.general.window_months = 61;
    expect(&bent, "window_months", SIZE_MAX);
    begin(&bent);
    bent.set.general.long_term_months = 0;
    expect(&bent, "long_term_months", SIZE_MAX);
    begin(&bent);
    bent.set.general.long_term_days = 3661;
    expect(&bent, "long_term_days", SIZE_MAX);
    begin(&bent);
    bent.set.general.demotion_runs = 13;
    expect(&bent, "demotion_runs", SIZE_MAX);
    begin(&bent);
    bent.set.general.confirmation_days = 61;
    expect(&bent, "confirmation_days", SIZE_MAX);
}

static void a_band_is_not_negative_and_leaves_something_of_every_threshold(void **state)
{
    struct bent bent;

    (void)state;
    begin(&bent);
    bent.set.general.demotion_band_micros = -1;
    expect(&bent, "demotion_band_micros", SIZE_MAX);
    bent.set.general.demotion_band_micros = 50000; /* all of the exception's B */
    expect(&bent, "demotion_band_micros", SIZE_MAX);
    bent.set.general.demotion_band_micros = 49999;
    struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS];

    assert_int_equal(grade_policy_check(&bent.set, faults), 0);
}

static void an_exception_names_its_region_once(void **state)
{
    struct bent bent;

    (void)state;
    begin(&bent);
    bent.regions[0].region_code = TEXT_OF("");
    expect(&bent, "region_code", 0);
    begin(&bent);
    bent.regions[1].region_code = TEXT_OF("yn");
    expect(&bent, "region_code", 1);
}

static void everything_wrong_is_said_at_once_up_to_a_limit(void **state)
{
    struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS];
    struct grade_policy_region regions[40];
    struct grade_policy_set set = {{0}, regions, COUNT_OF(regions)};

    (void)state;
    memset(regions, 0, sizeof(regions));
    assert_int_equal(grade_policy_check(&set, faults), GRADE_POLICY_MAX_FAULTS);
}

static void reviews_of_better_grades_are_no_rarer(void **state)
{
    struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS];
    struct grade_review_policy policy = {6, 3, 12};

    (void)state;
    assert_int_equal(grade_policy_check_review(&policy, faults), 1);
    assert_string_equal(faults[0].field, "b_months");
    policy = (struct grade_review_policy){3, 6, 61};
    assert_int_equal(grade_policy_check_review(&policy, faults), 1);
    assert_string_equal(faults[0].field, "c_months");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standard_policy_is_right),
        cmocka_unit_test(a_region_has_its_exceptions_and_the_rest_in_general),
        cmocka_unit_test(a_b_threshold_above_a_is_refused),
        cmocka_unit_test(shares_are_above_nothing_and_at_most_the_whole),
        cmocka_unit_test(ranks_and_times_have_their_limits),
        cmocka_unit_test(a_band_is_not_negative_and_leaves_something_of_every_threshold),
        cmocka_unit_test(an_exception_names_its_region_once),
        cmocka_unit_test(everything_wrong_is_said_at_once_up_to_a_limit),
        cmocka_unit_test(reviews_of_better_grades_are_no_rarer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
