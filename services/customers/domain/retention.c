#include "services/customers/domain/retention.h"

#define MAX_MONTHS 240
#define MIN_QUIET_MONTHS 6

struct retention_policy retention_policy_standard(void)
{
    return (struct retention_policy){.statutory_months = 36, .quiet_months = 36};
}

size_t retention_policy_check(const struct retention_policy *policy,
                              struct retention_policy_fault out[RETENTION_POLICY_FAULTS])
{
    size_t count = 0;

    if (policy->statutory_months < 1 || policy->statutory_months > MAX_MONTHS)
        out[count++] =
            (struct retention_policy_fault){"statutory_months", "must be from 1 to 240 months"};
    if (policy->quiet_months < MIN_QUIET_MONTHS || policy->quiet_months > MAX_MONTHS)
        out[count++] =
            (struct retention_policy_fault){"quiet_months", "must be from 6 to 240 months"};
    return count;
}
