#include "services/customers/domain/pool.h"

struct pool_policy pool_policy_standard(void)
{
    return (struct pool_policy){.enabled = false,
                                .idle_days = 30,
                                .warning_days = 7,
                                .picks_a_day = 10,
                                .lockout_days = 30};
}

static bool is_within(uint32_t value, uint32_t min, uint32_t max)
{
    return value >= min && value <= max;
}

size_t pool_policy_check(const struct pool_policy *policy,
                         struct pool_policy_fault faults[POOL_POLICY_FIELDS])
{
    size_t count = 0;

    if (!is_within(policy->idle_days, 2, POOL_MAX_DAYS))
        faults[count++] = (struct pool_policy_fault){"idle_days", "must be 2 to 365 days"};
    else if (!is_within(policy->warning_days, 1, policy->idle_days - 1))
        faults[count++] = (struct pool_policy_fault){
            "warning_days", "must be fewer days than idle_days: the warning comes before"};
    if (!is_within(policy->picks_a_day, 1, POOL_MAX_PICKS))
        faults[count++] = (struct pool_policy_fault){"picks_a_day", "must be 1 to 1000"};
    if (!is_within(policy->lockout_days, 1, POOL_MAX_DAYS))
        faults[count++] = (struct pool_policy_fault){"lockout_days", "must be 1 to 365 days"};
    return count;
}

struct pool_decision pool_decide(const struct pool_policy *policy, const struct pool_watch *watch,
                                 int64_t now_us)
{
    int64_t idle_us = policy->idle_days * DAY_US, warning_us = policy->warning_days * DAY_US;
    int64_t warns_at_us = watch->heard_us + idle_us - warning_us;
    bool is_warned = watch->warned_us >= watch->heard_us && watch->warned_us > 0;
    int64_t falls_at_us = watch->heard_us + idle_us;

    if (watch->has_bought)
        return (struct pool_decision){.verdict = POOL_NEVER};
    if (now_us < warns_at_us)
        return (struct pool_decision){.verdict = POOL_NOTHING, .next_us = warns_at_us};
    if (!is_warned) {
        if (falls_at_us < now_us + warning_us)
            falls_at_us = now_us + warning_us;
        return (struct pool_decision){POOL_WARNS, falls_at_us, falls_at_us};
    }
    if (falls_at_us < watch->warned_us + warning_us)
        falls_at_us = watch->warned_us + warning_us;
    if (now_us < falls_at_us)
        return (struct pool_decision){.verdict = POOL_NOTHING, .next_us = falls_at_us};
    return (struct pool_decision){.verdict = POOL_FALLS};
}

int64_t pool_locked_until(const struct pool_policy *policy, int64_t pooled_at_us)
{
    return pooled_at_us + policy->lockout_days * DAY_US;
}

enum pool_picking pool_may_pick(const struct pool_policy *policy, bool was_owner,
                                int64_t pooled_at_us, uint32_t picks_today, int64_t now_us)
{
    if (was_owner && now_us < pool_locked_until(policy, pooled_at_us))
        return POOL_IS_LOCKED;
    return picks_today >= policy->picks_a_day ? POOL_IS_USED_UP : POOL_PICKS;
}
