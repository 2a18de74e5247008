/*
 * Grades (R20–R22, N1–N5): a customer's value among those of its region. Everything here is a pure
 * function of figures, policy and dates; shares are exact (128-bit products), never floating point.
 */
#ifndef KEHU_CUSTOMERS_GRADE_H
#define KEHU_CUSTOMERS_GRADE_H

#include "common/base.h"

enum grade {
    GRADE_NONE = 0,
    GRADE_A = 1,
    GRADE_B = 2,
    GRADE_C = 3,
};

enum grade_method {
    GRADE_METHOD_IS_SHARE = 1,
    GRADE_METHOD_IS_CUMULATIVE = 2,
    GRADE_METHOD_IS_RANK = 3,
};

/* Why a grade is as it is; bits, stored. */
enum grade_flag {
    GRADE_FLAG_NOT_LONG_TERM = 1,            /* the share of an A without the long term: B (N4) */
    GRADE_FLAG_OVER_100_PERCENT = 2,         /* others' returns outweigh their purchases; counts as it is */
    GRADE_FLAG_REGION_NOT_POSITIVE = 4,      /* region total <= 0: C */
    GRADE_FLAG_UNKNOWN_REGION = 8,           /* the empty region */
    GRADE_FLAG_OVERRIDDEN = 16,
    GRADE_FLAG_DEMOTION_HELD = 32,
    GRADE_FLAG_GRADED_WITH_PARENT = 64,      /* a small region */
};

/* Shares and bands in millionths. The policy of one region: the general one with the region's exceptions. */
struct grade_policy {
    enum grade_method method;
    int64_t a_share_micros, b_share_micros;
    int64_t a_cumulative_micros, b_cumulative_micros;
    uint32_t a_rank, b_rank;
    uint32_t window_months;
    uint32_t long_term_months;
    uint32_t long_term_days; /* 0: by months */
    bool small_regions_with_parent;
    uint32_t small_region_customers;
    bool unknown_region_gives_no_a_b;
    int64_t demotion_band_micros;
    uint32_t demotion_runs;
    uint32_t confirmation_days;
};

/* The built-in policy, version 1 (BEHAVIOUR §1). */
struct grade_policy grade_policy_standard(void);

/* First day of the window that ends before as_of: as_of minus the months, clamped to the month's end. */
int32_t grade_window_from(int32_t as_of, const struct grade_policy *policy);

/* Long-term: the first purchase (first document with a positive net amount; NULL day: INT32_MIN) is at
 * least so long before as_of; exactly so long counts. Local dates. */
bool grade_is_long_term(int32_t first_purchase, int32_t as_of, const struct grade_policy *policy);

/* A customer's figures in its region's window. */
struct grade_figures {
    int64_t numerator_micros;   /* its net purchases in its region */
    int64_t denominator_micros; /* the region's net sales, anonymous ones included */
    bool is_long_term;
    bool is_unknown_region;
    /* Of the methods by order within the region: */
    uint32_t rank;                    /* from 1, by net; equal nets share the better rank */
    int64_t accumulated_before_micros; /* net of all customers before it in that order */
};

struct grade_verdict {
    enum grade grade;
    uint32_t flags;
};

/* The grade by the policy's method. */
struct grade_verdict grade_of(const struct grade_figures *figures, const struct grade_policy *policy);

/* The share in millionths, rounded half away from zero, for people; false when the region's total is not positive. */
bool grade_share_micros(const struct grade_figures *figures, int64_t *share_micros);

/* How a customer stands before a run, and what the run does to him. */
struct grade_standing {
    enum grade grade;      /* GRADE_NONE: never graded */
    uint32_t runs_below;
    bool is_overridden;    /* an override is in force at as_of */
    bool is_key_account;
    enum grade held_to;    /* GRADE_NONE: nothing waits */
};

enum grade_step {
    GRADE_STEP_NONE = 0,
    GRADE_STEP_FIRST,      /* graded for the first time */
    GRADE_STEP_PROMOTED,   /* at once */
    GRADE_STEP_DEMOTED,
    GRADE_STEP_COUNTED,    /* below, but not often enough yet */
    GRADE_STEP_HELD,       /* an A or key account: waits for the manager */
};

struct grade_change {
    enum grade_step step;
    enum grade grade;      /* from now on */
    uint32_t runs_below;
    enum grade held_to;
};

/* Promotion at once; demotion only after policy.demotion_runs runs or at the end of a quarter, below the
 * threshold minus the band; demotion of an A or key account waits for the manager. `at_once` (a run asked for
 * by hand): demotions apply now. */
struct grade_change grade_move(const struct grade_standing *standing,
                               const struct grade_verdict *verdict,
                               const struct grade_figures *figures,
                               const struct grade_policy *policy, int32_t as_of, bool at_once);

#endif
