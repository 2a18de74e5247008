/*
 * Policy "people": which sensitive values may be kept at all, how dealers are weighed, who is a
 * large customer.
 */
#ifndef KEHU_CUSTOMERS_PEOPLE_POLICY_H
#define KEHU_CUSTOMERS_PEOPLE_POLICY_H

#include "services/customers/domain/dealer.h"

struct people_policy {
    char *const *sensitive_fields; /* of contact_sensitive; borrowed */
    size_t sensitive_count;
    struct dealer_policy dealer;
    uint32_t large_staff_from;
};
/* No sensitive values; enthusiasm weighs half, action more than attitude. */
struct people_policy people_policy_standard(void);
bool people_policy_allows(const struct people_policy *policy, const char *field);

struct people_policy_fault {
    const char *field, *why;
};
#define PEOPLE_POLICY_FAULTS 20
/* What is wrong with one that has no unset fields; how much. */
size_t people_policy_check(const struct people_policy *policy,
                           struct people_policy_fault faults[PEOPLE_POLICY_FAULTS]);

#endif
