#include "services/customers/domain/review.h"

#include "common/pure/day.h"

uint32_t review_months(char grade, const struct grade_review_policy *policy)
{
    if (grade == 'A')
        return policy->a_months;
    if (grade == 'B')
        return policy->b_months;
    return policy->c_months;
}

int32_t review_due(int32_t reviewed_on, char grade, const struct grade_review_policy *policy)
{
    return day_add_months(reviewed_on, (int32_t)review_months(grade, policy));
}
