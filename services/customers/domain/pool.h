/*
 * The public pool (公海): when a customer falls into it, and who may take him. Off by default. Only
 * for customers without a purchase.
 */
#ifndef KEHU_CUSTOMERS_POOL_H
#define KEHU_CUSTOMERS_POOL_H

#include "common/base.h"

#define POOL_MAX_DAYS 365
#define POOL_MAX_PICKS 1000

struct pool_policy {
    bool enabled;
    uint32_t idle_days, warning_days, picks_a_day, lockout_days;
};
struct pool_policy pool_policy_standard(void);

struct pool_policy_fault {
    const char *field, *why;
};
#define POOL_POLICY_FIELDS 4
/* How many faults there are. */
size_t pool_policy_check(const struct pool_policy *policy,
                         struct pool_policy_fault faults[POOL_POLICY_FIELDS]);

/* One customer with his owner. */
struct pool_watch {
    int64_t heard_us;  /* the latest sign of a contact, at least when his owner became it */
    int64_t warned_us; /* 0: he was not warned since */
    bool has_bought;
};
enum pool_verdict {
    POOL_NOTHING,
    POOL_NEVER, /* he has bought */
    POOL_WARNS,
    POOL_FALLS,
};
struct pool_decision {
    enum pool_verdict verdict;
    int64_t next_us;     /* when to look again; of NOTHING and WARNS */
    int64_t falls_at_us; /* of WARNS */
};
/* Whoever was not warned is warned first, however long nobody was heard of, and falls no earlier
 * than warning_days after that. */
struct pool_decision pool_decide(const struct pool_policy *policy, const struct pool_watch *watch,
                                 int64_t now_us);

enum pool_picking {
    POOL_PICKS,
    POOL_IS_LOCKED,  /* the previous owner, too early */
    POOL_IS_USED_UP, /* his picks of today */
};
enum pool_picking pool_may_pick(const struct pool_policy *policy, bool was_owner,
                                int64_t pooled_at_us, uint32_t picks_today, int64_t now_us);
int64_t pool_locked_until(const struct pool_policy *policy, int64_t pooled_at_us);

#endif
