/*
 * The policy of retention (R172, N25): how long personal values are kept, and who is due for
 * erasure because he has given no sign.
 */
#ifndef KEHU_CUSTOMERS_RETENTION_H
#define KEHU_CUSTOMERS_RETENTION_H

#include "common/base.h"

struct retention_policy {
    uint32_t statutory_months; /* after the last transaction */
    uint32_t quiet_months;     /* after the last sign of any kind */
    bool erases_by_itself;
};

struct retention_policy retention_policy_standard(void);

struct retention_policy_fault {
    const char *field, *why;
};
#define RETENTION_POLICY_FAULTS 2
/* Fills what is wrong, returns how much. */
size_t retention_policy_check(const struct retention_policy *policy,
                              struct retention_policy_fault out[RETENTION_POLICY_FAULTS]);

#endif
