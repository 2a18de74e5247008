/*
 * How a customer's cases stand, as the complaints service told last (R46, R74).
 */
#ifndef KEHU_CUSTOMERS_CUSTOMER_CASES_H
#define KEHU_CUSTOMERS_CUSTOMER_CASES_H

#include "common/base.h"

#define CUSTOMER_FLAG_REPEAT "repeat_complainant"

struct customer_cases {
    bool found; /* false: he never had one */
    uint32_t open, complaints_90_days, complaints_12_months, our_fault_12_months, total;
    bool is_repeat, has_serious_open;
    int64_t last_us; /* 0: not known */
};

/* --- as it tells, in its log --- */

/* Ids of zeroes: none. Texts lie in the arena or are static. */
struct case_told {
    struct id id, customer, contact;
    const char *number;
    char *kind, *state; /* "complaint", "confirmation_due" */
    bool is_ended;
    int64_t opened_us, ended_us; /* ended: 0 while it is open */
    bool is_historic;
};
struct case_move_told {
    struct id id, customer;
    char *state;
    bool is_ended;
    int64_t at_us;
    bool is_historic;
};
struct cases_told {
    struct id customer;
    struct customer_cases cases;
    struct id *handlers; /* of open ones */
    size_t handler_count;
};
struct erasure_part_told {
    struct id person;
    const char *service;
    int64_t values;
};

#endif
