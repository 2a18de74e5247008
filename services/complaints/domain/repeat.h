/*
 * Repeat complainant (R73, BEHAVIOUR §1): so many complaints of a customer in 90 days or in 12
 * months. Shown with the share that was our fault; it never lowers a priority and is never visible
 * to the customer.
 */
#ifndef KEHU_COMPLAINTS_REPEAT_H
#define KEHU_COMPLAINTS_REPEAT_H

#include "services/complaints/domain/remedy.h"
#include "services/complaints/domain/severity.h"

#define REPEAT_DAYS 90
#define REPEAT_MONTHS 12
#define REPEAT_NEVER INT32_MAX

struct repeat_policy {
    uint32_t in_90_days, in_12_months;
};
struct repeat_policy repeat_policy_standard(void); /* 3, 5 */
struct repeat_policy_fault {
    const char *field, *why;
};
#define REPEAT_POLICY_FAULTS 4
size_t repeat_policy_check(const struct repeat_policy *policy,
                           struct repeat_policy_fault faults[REPEAT_POLICY_FAULTS]);

/* A case of the customer. */
struct repeat_case {
    enum case_kind kind;
    enum case_state state;
    enum remedy_fault fault;
    enum severity severity;
    int32_t day; /* of submission, local */
};

struct repeat_standing {
    uint32_t total, open;              /* cases of all kinds */
    uint32_t in_90_days, in_12_months; /* complaints that count */
    uint32_t our_fault_in_12_months;
    bool is_repeat, has_serious_open;
    int32_t next_day; /* the first day on which one of them leaves a window; NEVER: none will (row
                         27) */
};
/* How the customer stands on that local day: the day itself and 89 before, and from the same day of
 * the month a year ago, excluded. */
struct repeat_standing repeat_count(const struct repeat_case *cases, size_t count, int32_t today,
                                    const struct repeat_policy *policy);

#define REPEAT_TEXT_BYTES 512
/* "多次投诉客户(请优先解决):近90天3件,近12个月4件,其中公司责任3件(75.00%)". */
void repeat_tell(const struct repeat_standing *standing, enum telling_language language,
                 char out[REPEAT_TEXT_BYTES]);

#endif
