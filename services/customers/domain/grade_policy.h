/*
 * What a grade policy says: method, thresholds, window, demotion, in general and for single regions
 * (R22, R177). Shares and bands are in millionths: 200000 is 20 %.
 */
#ifndef KEHU_CUSTOMERS_GRADE_POLICY_H
#define KEHU_CUSTOMERS_GRADE_POLICY_H

#include "common/base.h"

#define GRADE_POLICY_MAX_REGIONS 1000
#define GRADE_POLICY_MAX_FAULTS 20

enum grade_method {
    GRADE_METHOD_IS_SHARE = 1,
    GRADE_METHOD_IS_CUMULATIVE = 2,
    GRADE_METHOD_IS_RANK = 3,
};

/* The policy of one region: the general one with the region's exceptions. */
struct grade_policy {
    enum grade_method method;
    int64_t a_share_micros, b_share_micros;
    int64_t a_cumulative_micros, b_cumulative_micros;
    uint32_t a_rank, b_rank; /* the first a_rank are A, the b_rank after them B */
    uint32_t window_months;
    uint32_t long_term_months;
    uint32_t long_term_days; /* 0: by months */
    bool small_regions_with_parent;
    uint32_t small_region_customers;
    bool unknown_region_gives_no_a_b;
    int64_t demotion_band_micros;
    uint32_t demotion_runs;
    uint32_t confirmation_days; /* working days */
};

/* What one region has otherwise; 0 is as the general policy says. */
struct grade_policy_region {
    struct text region_code;
    enum grade_method method;
    int64_t a_share_micros, b_share_micros;
};

struct grade_policy_set {
    struct grade_policy general;
    const struct grade_policy_region *regions;
    size_t region_count;
};

/* Months after which a file is due for review, by grade. */
struct grade_review_policy {
    uint32_t a_months, b_months, c_months;
};

/* The built-in policies, version 1 (BEHAVIOUR §1). */
struct grade_policy grade_policy_standard(void);
struct grade_review_policy grade_policy_standard_review(void);

/* The policy of a region by its code, or by its name as the source wrote it where it is unmapped;
 * without an exception the general one. */
struct grade_policy grade_policy_for(const struct grade_policy_set *set, struct text region);

/* One thing that is wrong: the field, and what would be right. Both are constants. */
struct grade_policy_fault {
    const char *field; /* "a_share_micros" */
    const char *why;
    size_t region; /* index of the exception it stands in; SIZE_MAX: in the general part */
};

/* Writes at most GRADE_POLICY_MAX_FAULTS faults; 0: the policy may be applied. */
size_t grade_policy_check(const struct grade_policy_set *set,
                          struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS]);
size_t grade_policy_check_review(const struct grade_review_policy *policy,
                                 struct grade_policy_fault faults[GRADE_POLICY_MAX_FAULTS]);

#endif
