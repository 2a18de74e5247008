#include "services/customers/domain/grade.h"

#include "common/pure/day.h"

#define WHOLE 1000000 /* 100 % in millionths */

char grade_letter(enum grade grade)
{
    return grade == GRADE_NONE ? '\0' : (char)('A' + (int)grade - (int)GRADE_A);
}

enum grade grade_from_letter(char letter)
{
    return letter >= 'A' && letter <= 'C' ? (enum grade)((int)GRADE_A + (letter - 'A'))
                                          : GRADE_NONE;
}

int32_t grade_window_from(int32_t as_of, const struct grade_policy *policy)
{
    return day_add_months(as_of, -(int32_t)policy->window_months);
}

bool grade_is_long_term(int32_t first_purchase, int32_t as_of, const struct grade_policy *policy)
{
    if (first_purchase == INT32_MIN)
        return false;
    if (policy->long_term_days > 0)
        return (int64_t)as_of - first_purchase >= policy->long_term_days;
    return first_purchase <= day_add_months(as_of, -(int32_t)policy->long_term_months);
}

/* amount / total >= threshold, exactly. */
static bool reaches(int64_t amount_micros, int64_t total_micros, int64_t threshold_micros)
{
    return (__int128)amount_micros * WHOLE >= (__int128)threshold_micros * total_micros;
}

static struct grade_verdict by_share(const struct grade_figures *figures,
                                     const struct grade_policy *policy)
{
    int64_t net = figures->numerator_micros, total = figures->denominator_micros;

    if (reaches(net, total, policy->a_share_micros)) {
        if (figures->is_long_term)
            return (struct grade_verdict){GRADE_A, 0};
        return (struct grade_verdict){GRADE_B, GRADE_FLAG_NOT_LONG_TERM};
    }
    return (struct grade_verdict){reaches(net, total, policy->b_share_micros) ? GRADE_B : GRADE_C,
                                  0};
}

static enum grade by_cumulative(const struct grade_figures *figures,
                                const struct grade_policy *policy)
{
    int64_t before = figures->accumulated_before_micros, total = figures->denominator_micros;

    if (!reaches(before, total, policy->a_cumulative_micros))
        return GRADE_A;
    return reaches(before, total, policy->b_cumulative_micros) ? GRADE_C : GRADE_B;
}

static enum grade by_rank(const struct grade_figures *figures, const struct grade_policy *policy)
{
    if (figures->rank <= policy->a_rank)
        return GRADE_A;
    return figures->rank <= (uint64_t)policy->a_rank + policy->b_rank ? GRADE_B : GRADE_C;
}

static struct grade_verdict by_method(const struct grade_figures *figures,
                                      const struct grade_policy *policy)
{
    if (policy->method == GRADE_METHOD_IS_SHARE)
        return by_share(figures, policy);
    if (figures->numerator_micros <= 0)
        return (struct grade_verdict){GRADE_C, 0};
    return (struct grade_verdict){policy->method == GRADE_METHOD_IS_RANK
                                      ? by_rank(figures, policy)
                                      : by_cumulative(figures, policy),
                                  0};
}

struct grade_verdict grade_of(const struct grade_figures *figures,
                              const struct grade_policy *policy)
{
    struct grade_verdict verdict = {GRADE_C, GRADE_FLAG_REGION_NOT_POSITIVE};

    if (figures->denominator_micros > 0) {
        verdict = by_method(figures, policy);
        if (figures->numerator_micros > figures->denominator_micros)
            verdict.flags |= GRADE_FLAG_OVER_100_PERCENT;
    }
    if (figures->is_unknown_region) {
        if (policy->unknown_region_gives_no_a_b)
            verdict = (struct grade_verdict){GRADE_C,
                                             verdict.flags & ~(uint32_t)GRADE_FLAG_NOT_LONG_TERM};
        verdict.flags |= GRADE_FLAG_UNKNOWN_REGION;
    }
    return verdict;
}

bool grade_share_micros(const struct grade_figures *figures, int64_t *share_micros)
{
    __int128 scaled = (__int128)figures->numerator_micros * WHOLE;
    __int128 half = figures->denominator_micros / 2;
    __int128 share;

    if (figures->denominator_micros <= 0)
        return false;
    /* Division cuts off towards zero, so adding half away from zero rounds. For odd totals half is
     * cut off too, which is right: there is no exact middle then. */
    share = (scaled + (scaled < 0 ? -half : half)) / figures->denominator_micros;
    *share_micros = share > INT64_MAX ? INT64_MAX : share < INT64_MIN ? INT64_MIN : (int64_t)share;
    return true;
}

static int64_t add_within(int64_t a, int64_t b)
{
    int64_t sum;

    if (__builtin_add_overflow(a, b, &sum))
        return b < 0 ? INT64_MIN : INT64_MAX;
    return sum;
}

void grade_rank(struct grade_figures *sorted, size_t count)
{
    int64_t accumulated = 0;

    for (size_t i = 0; i < count; i++) {
        bool is_tie = i > 0 && sorted[i].numerator_micros == sorted[i - 1].numerator_micros;

        sorted[i].rank = is_tie ? sorted[i - 1].rank : (uint32_t)(i + 1);
        sorted[i].accumulated_before_micros =
            is_tie ? sorted[i - 1].accumulated_before_micros : accumulated;
        accumulated = add_within(accumulated, sorted[i].numerator_micros);
    }
}
