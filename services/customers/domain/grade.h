/*
 * Grades (R20–R22, N1–N5): a customer's value among those of its region. Everything here is a pure
 * function of figures, policy and dates; shares are exact (128-bit products), never floating point.
 */
#ifndef KEHU_CUSTOMERS_GRADE_H
#define KEHU_CUSTOMERS_GRADE_H

#include "common/base.h"
#include "services/customers/domain/grade_policy.h"

/* The smaller the better. */
enum grade {
    GRADE_NONE = 0,
    GRADE_A = 1,
    GRADE_B = 2,
    GRADE_C = 3,
};

/* 'A', 'B', 'C'; '\0' for GRADE_NONE. And back: GRADE_NONE for any other letter. */
char grade_letter(enum grade grade);
enum grade grade_from_letter(char letter);

/* Why a grade is as it is; bits, stored. */
enum grade_flag {
    GRADE_FLAG_NOT_LONG_TERM = 1,       /* the share of an A without the long term: B (N4) */
    GRADE_FLAG_OVER_100_PERCENT = 2,    /* others' returns outweigh their purchases; counts as is */
    GRADE_FLAG_REGION_NOT_POSITIVE = 4, /* region total <= 0: C */
    GRADE_FLAG_UNKNOWN_REGION = 8,      /* the empty region */
    GRADE_FLAG_OVERRIDDEN = 16,
    GRADE_FLAG_DEMOTION_HELD = 32,
    GRADE_FLAG_GRADED_WITH_PARENT = 64, /* a small region */
};

/* First day of the window that ends before as_of: as_of minus the months, clamped to the month's
 * end (31 March less one month is the last day of February). */
int32_t grade_window_from(int32_t as_of, const struct grade_policy *policy);

/* Long-term: the first purchase (first document with a positive net amount; NULL day: INT32_MIN) is
 * at least so long before as_of; exactly so long counts. Local dates. */
bool grade_is_long_term(int32_t first_purchase, int32_t as_of, const struct grade_policy *policy);

/* A customer's figures in its region's window. */
struct grade_figures {
    int64_t numerator_micros;   /* its net purchases in its region */
    int64_t denominator_micros; /* the region's net sales, anonymous ones included */
    bool is_long_term;
    bool is_unknown_region;
    /* Of the methods by order within the region: */
    uint32_t rank;                     /* from 1, by net; equal nets share the better rank */
    int64_t accumulated_before_micros; /* net of all customers with more than it has */
};

/* Sets rank and accumulated_before_micros of a region's customers, which are sorted by numerator,
 * largest first. Sums stop at the ends of int64. */
void grade_rank(struct grade_figures *sorted, size_t count);

struct grade_verdict {
    enum grade grade;
    uint32_t flags;
};

/*
 * The grade by the policy's method. A region total <= 0 gives C by every method.
 * share: numerator / denominator reaches a_share and is long-term: A; reaches b_share: B (N1–N4).
 * cumulative: those before it have not yet made a_cumulative of the region's sales: A, so whoever
 *   crosses the line is still in; not yet b_cumulative: B.
 * rank: among the first a_rank: A; among the next b_rank: B; customers who tie on the last place
 *   are all in.
 * The long term is a condition of `share` alone; by order only a positive net gives A or B.
 */
struct grade_verdict grade_of(const struct grade_figures *figures,
                              const struct grade_policy *policy);

/* The share in millionths, rounded half away from zero, for people; false when the region's total
 * is not positive. Shares beyond int64 stop at its ends. */
bool grade_share_micros(const struct grade_figures *figures, int64_t *share_micros);

/* How a customer stands before a run, and what the run does to him. */
struct grade_standing {
    enum grade grade; /* in force; GRADE_NONE: never graded */
    uint32_t runs_below;
    int32_t last_as_of; /* of the run that graded him last; without meaning when never graded */
    bool is_overridden; /* an override is in force at as_of */
    bool is_key_account;
    enum grade held_to; /* GRADE_NONE: nothing waits */
};

enum grade_step {
    GRADE_STEP_NONE = 0,
    GRADE_STEP_FIRST,    /* graded for the first time */
    GRADE_STEP_PROMOTED, /* at once */
    GRADE_STEP_DEMOTED,
    GRADE_STEP_COUNTED, /* below, but not often enough yet */
    GRADE_STEP_HELD,    /* an A or key account: from now on it waits for the manager */
    GRADE_STEP_WAITING, /* it waits already and its term runs on; held_to may be another grade */
    GRADE_STEP_KEPT,    /* the manager kept the grade */
};

struct grade_change {
    enum grade_step step;
    enum grade grade; /* from now on */
    uint32_t runs_below;
    enum grade held_to;
};

/*
 * What a run does. Promotion is at once and ends a wait. Demotion comes only after
 * policy.demotion_runs runs in a row, or with the run that closes a quarter (as_of is the first day
 * of January, April, July or October), and only as far as the figures are below the thresholds less
 * the band. The demotion of an A or a key account then waits for the manager. While an override is
 * in force nothing moves and nothing is counted. A run whose as_of is not after the last one's was
 * counted already: it may promote, never count, hold or demote.
 * `at_once` (a run asked for by hand): demotions apply now, whatever the date; the band still
 * holds.
 */
struct grade_change grade_move(const struct grade_standing *standing,
                               const struct grade_verdict *verdict,
                               const struct grade_figures *figures,
                               const struct grade_policy *policy, int32_t as_of, bool at_once);

/* How a wait for the manager ends. */
enum grade_decision {
    GRADE_DECISION_CONFIRMED = 1,
    GRADE_DECISION_KEPT = 2,    /* stays until the next run, which may hold it again */
    GRADE_DECISION_EXPIRED = 3, /* nobody decided in time: the demotion applies */
};

/* DEMOTED or KEPT; NONE when nothing waited. */
struct grade_change grade_decide(const struct grade_standing *standing,
                                 enum grade_decision decision);

/* A grade set by hand holds until a day of the 12 months after today, today included. */
bool grade_override_may_last(int32_t until, int32_t today);

#endif
