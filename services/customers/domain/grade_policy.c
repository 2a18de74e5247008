#include "services/customers/domain/grade_policy.h"

#include "common/pure/text.h"

#define WHOLE 1000000 /* 100 % in millionths */
#define MAX_MONTHS 60
#define MAX_DAYS 3660
#define MAX_RANK 1000000
#define MAX_RUNS 12
#define MAX_CONFIRMATION_DAYS 60

#define WHY_SHARE "must be 1 to 1000000 millionths of a share: 200000 is 20 %"
#define WHY_MONTHS "must be 1 to 60 months"

struct grade_policy grade_policy_standard(void)
{
    return (struct grade_policy){
        .method = GRADE_METHOD_IS_SHARE,
        .a_share_micros = 200000,
        .b_share_micros = 100000,
        .a_cumulative_micros = 800000,
        .b_cumulative_micros = 950000,
        .a_rank = 5,
        .b_rank = 20,
        .window_months = 12,
        .long_term_months = 12,
        .small_region_customers = 5,
        .demotion_runs = 2,
        .confirmation_days = 10,
    };
}

struct grade_review_policy grade_policy_standard_review(void)
{
    return (struct grade_review_policy){.a_months = 3, .b_months = 6, .c_months = 12};
}

static struct grade_policy merge(const struct grade_policy *general,
                                 const struct grade_policy_region *region)
{
    struct grade_policy merged = *general;

    if (region->method)
        merged.method = region->method;
    if (region->a_share_micros)
        merged.a_share_micros = region->a_share_micros;
    if (region->b_share_micros)
        merged.b_share_micros = region->b_share_micros;
    return merged;
}

struct grade_policy grade_policy_for(const struct grade_policy_set *set, struct text region)
{
    for (size_t i = 0; i < set->region_count; i++)
        if (text_compare(set->regions[i].region_code, region) == 0)
            return merge(&set->general, &set->regions[i]);
    return set->general;
}

/* Where faults are gathered. */
struct check {
    struct grade_policy_fault *faults;
    size_t count;
    size_t region;
};

static void require(struct check *check, bool is_right, const char *field, const char *why)
{
    if (is_right || check->count == GRADE_POLICY_MAX_FAULTS)
        return;
    check->faults[check->count++] = (struct grade_policy_fault){field, why, check->region};
}

static bool is_within(int64_t value, int64_t min, int64_t max)
{
    return value >= min && value <= max;
}

/* The thresholds by share, of the general part or as they are in a region. */
static void check_shares(struct check *check, const struct grade_policy *policy)
{
    bool has_a = is_within(policy->a_share_micros, 1, WHOLE);
    bool has_b = is_within(policy->b_share_micros, 1, WHOLE);

    require(check, has_a, "a_share_micros", WHY_SHARE);
    require(check, has_b, "b_share_micros", WHY_SHARE);
    if (has_a && has_b)
        require(check, policy->b_share_micros <= policy->a_share_micros, "b_share_micros",
                "must not be more than a_share_micros: B would begin above A");
}

static void check_other_methods(struct check *check, const struct grade_policy *policy)
{
    bool has_a = is_within(policy->a_cumulative_micros, 1, WHOLE);
    bool has_b = is_within(policy->b_cumulative_micros, 1, WHOLE);

    require(check, has_a, "a_cumulative_micros", WHY_SHARE);
    require(check, has_b, "b_cumulative_micros", WHY_SHARE);
    if (has_a && has_b)
        require(check, policy->b_cumulative_micros >= policy->a_cumulative_micros,
                "b_cumulative_micros",
                "must not be less than a_cumulative_micros: B goes on where A ends");
    require(check, is_within(policy->a_rank, 1, MAX_RANK), "a_rank",
            "must be 1 to 1000000: so many customers of a region are A");
    require(check, is_within(policy->b_rank, 1, MAX_RANK), "b_rank",
            "must be 1 to 1000000: so many customers after those with an A are B");
}

static void check_times(struct check *check, const struct grade_policy *policy)
{
    require(check, is_within(policy->window_months, 1, MAX_MONTHS), "window_months", WHY_MONTHS);
    require(check, is_within(policy->long_term_months, 1, MAX_MONTHS), "long_term_months",
            WHY_MONTHS);
    require(check, is_within(policy->long_term_days, 0, MAX_DAYS), "long_term_days",
            "must be at most 3660 days, or 0 to count by months");
    require(check, is_within(policy->small_region_customers, 1, MAX_RANK), "small_region_customers",
            "must be 1 to 1000000");
}

/* The band leaves something of the lowest threshold: else nobody would ever lose a B. */
static void check_demotion(struct check *check, const struct grade_policy_set *set)
{
    int64_t band = set->general.demotion_band_micros;
    bool is_below = band < set->general.b_share_micros;

    for (size_t i = 0; i < set->region_count; i++)
        if (set->regions[i].b_share_micros > 0)
            is_below = is_below && band < set->regions[i].b_share_micros;
    require(check, band >= 0, "demotion_band_micros",
            "must not be negative: nobody is demoted above the threshold");
    require(check, is_below, "demotion_band_micros",
            "must be less than b_share_micros, in general and in every region");
    require(check, is_within(set->general.demotion_runs, 1, MAX_RUNS), "demotion_runs",
            "must be 1 to 12 runs");
    require(check, is_within(set->general.confirmation_days, 1, MAX_CONFIRMATION_DAYS),
            "confirmation_days", "must be 1 to 60 working days");
}

static bool is_repeated(const struct grade_policy_set *set, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (text_compare(set->regions[i].region_code, set->regions[at].region_code) == 0)
            return true;
    return false;
}

static void check_regions(struct check *check, const struct grade_policy_set *set)
{
    require(check, set->region_count <= GRADE_POLICY_MAX_REGIONS, "regions",
            "must be at most 1000 exceptions");
    if (set->region_count > GRADE_POLICY_MAX_REGIONS)
        return;
    for (size_t i = 0; i < set->region_count; i++) {
        struct grade_policy merged = merge(&set->general, &set->regions[i]);

        check->region = i;
        require(check, set->regions[i].region_code.bytes > 0, "region_code",
                "is missing: the code of a region, or an unmapped region's name");
        require(check, !is_repeated(set, i), "region_code", "stands here twice");
        /* What is wrong in general was said once. */
        if (set->regions[i].a_share_micros || set->regions[i].b_share_micros)
            check_shares(check, &merged);
    }
    check->region = SIZE_MAX;
}

size_t grade_policy_check(const struct grade_policy_set *set,
                          struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS])
{
    struct check check = {faults, 0, SIZE_MAX};

    check_shares(&check, &set->general);
    check_other_methods(&check, &set->general);
    check_times(&check, &set->general);
    check_demotion(&check, set);
    check_regions(&check, set);
    return check.count;
}

size_t grade_policy_check_review(const struct grade_review_policy *policy,
                                 struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS])
{
    struct check check = {faults, 0, SIZE_MAX};

    require(&check, is_within(policy->a_months, 1, MAX_MONTHS), "a_months", WHY_MONTHS);
    require(&check, is_within(policy->b_months, 1, MAX_MONTHS), "b_months", WHY_MONTHS);
    require(&check, is_within(policy->c_months, 1, MAX_MONTHS), "c_months", WHY_MONTHS);
    if (check.count == 0) {
        require(&check, policy->b_months >= policy->a_months, "b_months",
                "must not be less than a_months: an A is reviewed at least as often as a B");
        require(&check, policy->c_months >= policy->b_months, "c_months",
                "must not be less than b_months: a B is reviewed at least as often as a C");
    }
    return check.count;
}
